CREATE OR REPLACE PROCEDURE {{ mart }}."SP_TEXTS"() COPY GRANTS
RETURNS VARCHAR
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    raw_table VARCHAR DEFAULT '{{ env.database }}' || '.SRC.RAW';
    statement VARCHAR;
BEGIN
    EXECUTE IMMEDIATE 'insert into {{ mart }}.DIM_STOCKS select * from {{ src }}.RAW';
    EXECUTE IMMEDIATE 'SELECT COUNT(*) FROM ' || raw_table;
    statement := 'delete from {{ mart }}.dim_stocks where symbol = ''' || raw_table || '''';
    EXECUTE IMMEDIATE :statement;
    RETURN 'done';
END$$;
