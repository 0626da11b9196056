-- {{ share.create(vars.share, '"migr db"', 'SNAP') }}
CREATE SHARE IF NOT EXISTS MIGR_SHARE COMMENT = 'runner: frozen tables for a migration';
GRANT USAGE ON DATABASE "migr db" TO SHARE MIGR_SHARE;
GRANT USAGE ON SCHEMA "migr db".SNAP TO SHARE MIGR_SHARE;
