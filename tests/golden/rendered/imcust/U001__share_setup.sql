-- runner: owner=analytics_platform environments=imcust,imsdlc
--
-- Takes back V001: only what it added.
DROP SHARE IF EXISTS MIGR_SHARE;
DROP DATABASE IF EXISTS MIGR_SHARE_DB;
