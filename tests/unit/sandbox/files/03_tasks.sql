-- A nightly graph: a root on a schedule, children, a finalizer that writes what happened.
CREATE OR REPLACE DATABASE nightly;
USE SCHEMA nightly.public;
CREATE TABLE source_rows (id NUMBER, at TIMESTAMP_NTZ);
CREATE TABLE daily (day DATE, rows_in NUMBER);
CREATE TABLE audit (what VARCHAR, at TIMESTAMP_LTZ);
INSERT INTO source_rows SELECT SEQ4(), DATEADD('hour', -SEQ4(), '2024-06-30 12:00:00'::TIMESTAMP_NTZ) FROM TABLE(GENERATOR(ROWCOUNT => 48));
CREATE OR REPLACE TASK load_root
    WAREHOUSE = ADMIN_WH
    SCHEDULE = 'USING CRON 0 2 * * * Europe/Zurich'
    CONFIG = '{"mode": "full"}'
    SUSPEND_TASK_AFTER_NUM_FAILURES = 3
    ERROR_ON_NONDETERMINISTIC_MERGE = TRUE
AS
    CALL SYSTEM$SET_RETURN_VALUE(SYSTEM$GET_TASK_GRAPH_CONFIG('mode'));
CREATE OR REPLACE TASK load_daily
    WAREHOUSE = ADMIN_WH
    AFTER load_root
    WHEN SYSTEM$GET_PREDECESSOR_RETURN_VALUE('LOAD_ROOT') = 'full'
AS
    INSERT OVERWRITE INTO daily SELECT at::DATE, COUNT(*) FROM source_rows GROUP BY 1;
CREATE OR REPLACE TASK write_audit
    WAREHOUSE = ADMIN_WH
    FINALIZE = load_root
AS
BEGIN
    LET n NUMBER := (SELECT COUNT(*) FROM daily);
    INSERT INTO audit SELECT 'daily has ' || :n || ' rows', CURRENT_TIMESTAMP();
END;
SELECT SYSTEM$TASK_DEPENDENTS_ENABLE('nightly.public.load_root');
ALTER TASK load_root SUSPEND;
ALTER TASK write_audit RESUME;
EXECUTE TASK load_root;
SELECT what FROM audit;
SELECT name, state FROM TABLE(information_schema.task_history(RESULT_LIMIT => 10)) WHERE database_name = 'NIGHTLY';
ALTER TASK load_root SET SCHEDULE = '60 MINUTES';
ALTER TASK load_daily MODIFY AS INSERT INTO daily SELECT CURRENT_DATE(), 0;
ALTER TASK load_daily REMOVE AFTER load_root;
SHOW TASKS IN SCHEMA nightly.public;
GRANT MONITOR, OPERATE ON TASK load_root TO ROLE SYSADMIN;
DROP TASK write_audit;
