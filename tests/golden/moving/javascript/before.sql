CREATE OR REPLACE PROCEDURE PROD_DB.MART."SP_JS"("DB" VARCHAR)
RETURNS VARCHAR
LANGUAGE JAVASCRIPT
EXECUTE AS OWNER
AS '
// reads PROD_DB.SRC.RAW
var rows = snowflake.execute({sqlText: "SELECT COUNT(*) FROM PROD_DB.SRC.RAW WHERE note = ''prod_db''"});
snowflake.execute({sqlText: `INSERT INTO PROD_DB.MART.DIM_STOCKS
    SELECT * FROM ${DB}.SRC.RAW JOIN LEGACY.THINGS USING (id)`});
var table = ''PROD_DB.MART.OLD_FACTS'';
return "copied from prod_db to " + table;
';
