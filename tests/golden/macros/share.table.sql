-- {{ share.table(vars.share, "DB.S.T") }}
GRANT SELECT ON TABLE DB.S.T TO SHARE MIGR_SHARE
