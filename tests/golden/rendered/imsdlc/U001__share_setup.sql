-- runner: owner=analytics_platform
--
-- Takes back V001: in the source only what V001 added, in the target the database made from the share.
DROP DATABASE IF EXISTS IMCUST_MIGR;
