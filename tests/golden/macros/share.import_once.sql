-- {{ share.import_once("imcust_migr", "localorg", "imcust", vars.share) }}
BEGIN
    SHOW DATABASES LIKE 'IMCUST_MIGR';
    LET standing INTEGER := (SELECT COUNT(*) FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())));
    IF (standing = 0) THEN
        CREATE DATABASE IMCUST_MIGR FROM SHARE LOCALORG.IMCUST.MIGR_SHARE;
    END IF;
    RETURN 'imported';
END
