-- {{ share.add_account(vars.share, "localorg", "imsdlc") }}
ALTER SHARE MIGR_SHARE ADD ACCOUNTS = LOCALORG.IMSDLC;
-- runner: assert
SHOW SHARES LIKE 'MIGR_SHARE'
    ->> SELECT COUNT_IF(CONTAINS("to", 'LOCALORG.IMSDLC')) = 1 FROM $1
        WHERE "kind" = 'OUTBOUND'
