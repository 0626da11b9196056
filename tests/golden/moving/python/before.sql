CREATE OR REPLACE PROCEDURE PROD_DB.MART."SP_PY"()
RETURNS VARCHAR
LANGUAGE PYTHON
RUNTIME_VERSION = '3.11'
PACKAGES = ('snowflake-snowpark-python')
HANDLER = 'run'
IMPORTS = ('@PROD_DB.SRC.LANDING/lib/prod_db.py')
EXTERNAL_ACCESS_INTEGRATIONS = (LOAD_INT)
EXECUTE AS OWNER
AS '
# PROD_DB is where it runs
def run(session):
    limits = {"a": {"b": 1}}
    name = f"{{{limits}}} of PROD_DB"
    session.table("PROD_DB.SRC.RAW").write.save_as_table("MART.DIM_STOCKS", mode="append")
    session.sql(f"""
        DELETE FROM PROD_DB.MART.OLD_FACTS
        WHERE day = {limits}
    """).collect()
    return "done"
';
