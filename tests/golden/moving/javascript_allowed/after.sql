CREATE OR REPLACE PROCEDURE {{ mart }}."SP_JS"("DB" VARCHAR) COPY GRANTS
RETURNS VARCHAR
LANGUAGE JAVASCRIPT
EXECUTE AS OWNER
AS
$$
// reads PROD_DB.SRC.RAW
var rows = snowflake.execute({sqlText: "SELECT COUNT(*) FROM {{ src }}.RAW WHERE note = 'prod_db'"});
snowflake.execute({sqlText: `INSERT INTO {{ mart }}.DIM_STOCKS
    SELECT * FROM ${DB}.SRC.RAW JOIN LEGACY.THINGS USING (id)`});
var table = '{{ mart }}.FACTS';
return "copied from prod_db to " + table;
$$;
