-- runner: owner=analytics_platform
--
-- Takes back V001: in the source only what V001 added, in the target the database made from the share.
DROP SHARE IF EXISTS MIGR_SHARE;
DROP DATABASE IF EXISTS MIGR_SHARE_DB;
