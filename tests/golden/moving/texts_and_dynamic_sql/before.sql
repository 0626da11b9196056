CREATE OR REPLACE PROCEDURE PROD_DB.MART."SP_TEXTS"()
RETURNS VARCHAR
LANGUAGE SQL
EXECUTE AS OWNER
AS '
DECLARE
    raw_table VARCHAR DEFAULT ''PROD_DB'' || ''.SRC.RAW'';
    statement VARCHAR;
BEGIN
    EXECUTE IMMEDIATE ''insert into PROD_DB.MART.DIM_STOCKS select * from PROD_DB.SRC.RAW'';
    EXECUTE IMMEDIATE ''SELECT COUNT(*) FROM '' || raw_table;
    statement := ''delete from prod_db.mart.dim_stocks where symbol = '''''' || raw_table || '''''''';
    EXECUTE IMMEDIATE :statement;
    RETURN ''done'';
END';
