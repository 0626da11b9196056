-- runner: owner=analytics_platform environments=imcust,imsdlc
--
-- Takes back V001: only what it added.
DROP DATABASE IF EXISTS IMCUST_MIGR;
