-- A loading procedure with a log, exceptions and dynamic SQL, as they are kept in many repositories.
CREATE OR REPLACE DATABASE etl;
CREATE SCHEMA etl.core;
USE SCHEMA etl.core;
CREATE TABLE load_log (run_id VARCHAR, step VARCHAR, rows_done NUMBER, message VARCHAR, at TIMESTAMP_LTZ DEFAULT CURRENT_TIMESTAMP());
CREATE TABLE staged_products (sku VARCHAR, name VARCHAR, price NUMBER(10, 2), deleted BOOLEAN);
CREATE TABLE products (sku VARCHAR PRIMARY KEY, name VARCHAR, price NUMBER(10, 2), updated_at TIMESTAMP_NTZ);
INSERT INTO staged_products VALUES ('a', 'Apple', 1.20, FALSE), ('b', 'Bread', 3.40, FALSE), ('c', 'Cheese', 8.00, TRUE);
INSERT INTO products VALUES ('a', 'Apple', 1.00, '2024-01-01'), ('c', 'Cheese', 7.50, '2024-01-01');
CREATE OR REPLACE PROCEDURE log_step(run_id VARCHAR, step VARCHAR, rows_done NUMBER, message VARCHAR)
RETURNS VARCHAR
LANGUAGE SQL
EXECUTE AS CALLER
AS
$$
BEGIN
    INSERT INTO load_log (run_id, step, rows_done, message) VALUES (:run_id, :step, :rows_done, :message);
    RETURN 'logged';
END;
$$;
CREATE OR REPLACE PROCEDURE load_products(run_id VARCHAR, dry_run BOOLEAN DEFAULT FALSE)
RETURNS OBJECT
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    merged NUMBER DEFAULT 0;
    pending NUMBER;
    too_many EXCEPTION (-20001, 'More rows than may be changed at once');
    result OBJECT;
BEGIN
    SELECT COUNT(*) INTO :pending FROM staged_products;
    IF (pending > 1000) THEN
        RAISE too_many;
    ELSEIF (dry_run) THEN
        RETURN OBJECT_CONSTRUCT('pending', pending, 'dry_run', TRUE);
    END IF;
    BEGIN TRANSACTION;
    MERGE INTO products p USING staged_products s ON p.sku = s.sku
        WHEN MATCHED AND s.deleted THEN DELETE
        WHEN MATCHED AND p.price <> s.price THEN UPDATE SET p.price = s.price, p.name = s.name, p.updated_at = CURRENT_TIMESTAMP()
        WHEN NOT MATCHED AND NOT s.deleted THEN INSERT (sku, name, price, updated_at) VALUES (s.sku, s.name, s.price, CURRENT_TIMESTAMP());
    merged := SQLROWCOUNT;
    CALL log_step(:run_id, 'merge', :merged, NULL);
    COMMIT;
    result := OBJECT_CONSTRUCT('pending', :pending, 'merged', :merged);
    RETURN result;
EXCEPTION
    WHEN too_many THEN
        RETURN OBJECT_CONSTRUCT('error', SQLERRM, 'code', SQLCODE);
    WHEN OTHER THEN
        ROLLBACK;
        CALL log_step(:run_id, 'failed', 0, :SQLERRM);
        RAISE;
END;
$$;
CALL load_products('r1', TRUE);
CALL load_products('r2');
CALL load_products(run_id => 'r3', dry_run => FALSE);
SELECT sku, price FROM products ORDER BY sku;
SELECT step, rows_done FROM load_log ORDER BY at;
CREATE OR REPLACE PROCEDURE count_rows(schema_name VARCHAR)
RETURNS TABLE (table_name VARCHAR, row_count NUMBER)
LANGUAGE SQL
AS
$$
DECLARE
    statement VARCHAR DEFAULT '';
    found RESULTSET;
    tables CURSOR FOR SELECT table_name FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE' ORDER BY 1;
BEGIN
    OPEN tables USING (schema_name);
    FOR each_table IN tables DO
        statement := statement || IFF(statement = '', '', ' UNION ALL ') ||
            'SELECT ''' || each_table.table_name || ''' AS table_name, COUNT(*) AS row_count FROM ' || each_table.table_name;
    END FOR;
    CLOSE tables;
    found := (EXECUTE IMMEDIATE :statement);
    RETURN TABLE(found);
END;
$$;
CALL count_rows('CORE');
SELECT * FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()));
EXECUTE IMMEDIATE $$
DECLARE
    total NUMBER DEFAULT 0;
    i NUMBER DEFAULT 0;
BEGIN
    WHILE (i < 10) DO
        i := i + 1;
        IF (MOD(i, 2) = 0) THEN
            CONTINUE;
        END IF;
        total := total + i;
    END WHILE;
    CASE
        WHEN total > 20 THEN RETURN 'odd sum ' || total;
        ELSE RETURN 'small';
    END CASE;
END;
$$;
