"""Procedures in Python: their session is the caller's, with the rights that EXECUTE AS gives."""

import pytest

HEAD = "LANGUAGE PYTHON RUNTIME_VERSION = '3.11' PACKAGES = ('snowflake-snowpark-python') HANDLER = 'run'"


def make(client, signature, returns, body, *, execute_as="OWNER"):
    client.run(
        f"CREATE OR REPLACE PROCEDURE {signature} RETURNS {returns} {HEAD} EXECUTE AS {execute_as} AS $$\n{body}\n$$"
    )


@pytest.fixture
def rows(client):
    client.run("CREATE TABLE t (id INT, name VARCHAR)", "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'b')")
    return client


def test_it_runs_statements_in_the_session_of_its_caller(rows):
    body = (
        "def run(session, low):\n"
        "    session.sql('INSERT INTO t SELECT id + 10, name FROM t WHERE id > ?', params=[low]).collect()\n"
        "    found = session.sql('SELECT id, name FROM t ORDER BY id').collect()\n"
        "    last = found[-1]\n"
        "    return f\"{len(found)} {last['ID']} {last.NAME} {last[0]} {last.as_dict()}\""
    )
    make(rows, "p(low INT)", "VARCHAR", body)
    assert rows.one("CALL p(1)") == "5 13 b 13 {'ID': 13, 'NAME': 'b'}"
    rows.run("BEGIN")
    rows.one("CALL p(1)")
    rows.run("ROLLBACK")
    assert rows.one("SELECT count(*) FROM t") == 5


def test_a_data_frame_is_a_query_that_runs_late(rows):
    body = (
        "from snowflake.snowpark.functions import col, lit, upper, count\n"
        "def run(session):\n"
        "    frame = session.table('t').filter(col('id') > 1).select(upper(col('name')).alias('n'), 'id')\n"
        "    frame = frame.with_column('twice', col('id') * lit(2)).sort(col('id').desc())\n"
        "    grouped = session.table('t').group_by('name').agg(count('*').alias('c')).sort('name')\n"
        "    session.create_dataframe([(7, 'x')], schema=['id', 'name']).write.mode('append').save_as_table('t')\n"
        "    frame.write.save_as_table('made', mode='overwrite')\n"
        "    return f'{frame.columns} {frame.collect()} {[tuple(r) for r in grouped.collect()]} "
        '{session.table("t").count()} {session.table("made").first()}\''
    )
    make(rows, "p()", "VARCHAR", body)
    assert rows.one("CALL p()") == (
        "['N', 'ID', 'TWICE'] [Row(N='X', ID=7, TWICE=14), Row(N='B', ID=3, TWICE=6), Row(N='B', ID=2, TWICE=4)]"
        " [('a', 1), ('b', 2), ('x', 1)] 4 Row(N='X', ID=7, TWICE=14)"
    )


def test_a_table_comes_back_from_a_data_frame(rows):
    make(rows, "p()", "TABLE (k INT, v VARCHAR)", "def run(session):\n    return session.sql('SELECT * FROM t')")
    result = rows.execute("CALL p()")
    assert [column.name for column in result.columns] == ["K", "V"]
    assert len(result.rows()) == 3
    make(rows, "p()", "TABLE ()", "def run(session):\n    return session.table('t').limit(1)")
    assert rows.rows("CALL p()") == [(1, "a")]
    make(rows, "p()", "TABLE (k INT)", "def run(session):\n    return session.table('t')")
    assert rows.refused("CALL p()") == 2026
    make(rows, "p()", "TABLE (k INT)", "def run(session):\n    return 5")
    assert "Expected a DataFrame" in rows.said("CALL p()")


def test_owner_s_rights_are_the_owner_s_and_caller_s_the_caller_s(rows, connect):
    rows.run("CREATE ROLE IF NOT EXISTS stranger", "GRANT ROLE stranger TO USER SANDBOX_ADMIN")
    for right in ("USAGE ON DATABASE", "USAGE ON SCHEMA"):
        place = rows.session.database + (".PUBLIC" if right.endswith("SCHEMA") else "")
        rows.run(f"GRANT {right} {place} TO ROLE stranger")
    body = "def run(session):\n    return session.table('t').count()"
    for execute_as in ("OWNER", "CALLER"):
        make(rows, f"as_{execute_as}()", "INT", body, execute_as=execute_as)
        rows.run(f"GRANT USAGE ON PROCEDURE as_{execute_as}() TO ROLE stranger")
    caller = connect(role="STRANGER")
    assert caller.one("CALL as_owner()") == 3
    assert "does not exist or not authorized" in caller.said("CALL as_caller()")


def test_errors_of_sql_can_be_caught_or_end_it(rows):
    caught = (
        "from snowflake.snowpark.exceptions import SnowparkSQLException\n"
        "def run(session):\n    try:\n        session.sql('SELECT * FROM nowhere').collect()\n"
        "    except SnowparkSQLException as error:\n        return error.sql_error_code\n"
    )
    make(rows, "p()", "INT", caught)
    assert rows.one("CALL p()") == 2003
    make(rows, "p()", "INT", "def run(session):\n    session.sql('SELECT 1/0').collect()")
    assert rows.refused("CALL p()") == 100357
    assert "100051 (22012): Division by zero\n in procedure P with handler run" in rows.said("CALL p()")


def test_what_is_not_in_the_subset_says_so(rows):
    make(rows, "p()", "INT", "def run(session):\n    return session.file.put('a', '@b')")
    assert "Session.file is not in the sandbox's part of Snowpark" in rows.said("CALL p()")
    make(rows, "p()", "INT", "from snowflake.snowpark.functions import pandas_udf\ndef run(session):\n    return 1")
    assert "cannot import name 'pandas_udf'" in rows.said("CALL p()")


def test_procedures_call_each_other_and_python_functions(rows):
    rows.run(
        "CREATE FUNCTION twice(i INT) RETURNS INT LANGUAGE PYTHON RUNTIME_VERSION = '3.12' HANDLER = 'f' AS "
        "'def f(i): return 2 * i'"
    )
    make(rows, "inner_one(i INT)", "INT", "def run(session, i):\n    return i + 1")
    body = (
        'def run(session):\n    session.sql("SET seen = 5").collect()\n'
        "    return session.call('inner_one', 4) + session.sql('SELECT twice(10)').first()[0]"
    )
    make(rows, "p()", "INT", body, execute_as="CALLER")
    assert rows.one("CALL p()") == 25
    assert rows.one("SELECT $seen") == 5
    block = "DECLARE v INT; BEGIN CALL inner_one(1) INTO :v; RETURN v * 10; END"
    assert rows.one(f"EXECUTE IMMEDIATE $${block}$$") == 20


def test_one_without_a_name_runs_too(rows):
    text = f"WITH q AS PROCEDURE (i INT) RETURNS VARCHAR {HEAD} AS $$\ndef run(session, i):\n    return i\n$$ CALL q(3)"
    assert rows.one(text) == "3"


def test_its_ddl_makes_it_again(rows):
    make(rows, "p(i INT)", "VARCHAR", "def run(session, i):\n    return 'it''s'")
    ddl = rows.one("SELECT GET_DDL('PROCEDURE', 'P(NUMBER)')")
    assert (
        "LANGUAGE PYTHON\nRUNTIME_VERSION = '3.11'\nPACKAGES = ('snowflake-snowpark-python')\nHANDLER = 'run'\n" in ddl
    )
    rows.run(ddl)
    assert rows.one("SELECT GET_DDL('PROCEDURE', 'P(NUMBER)')") == ddl


def test_a_python_model_of_dbt(rows):
    body = (
        "import sys\nsys._xoptions['snowflake_partner_attribution'].append('p')\n"
        "def main(session):\n"
        "    session.table('t').write.mode('overwrite').save_as_table('made', table_type='transient')\n"
        "    return 'OK'"
    )
    head = "RETURNS STRING LANGUAGE PYTHON RUNTIME_VERSION = '3.9' PACKAGES = ('snowflake-snowpark-python')"
    made = f"WITH p AS PROCEDURE () {head} HANDLER = 'main' EXECUTE AS CALLER AS $$\n{body}\n$$ CALL p()"
    assert rows.one(made) == "OK"
    assert rows.one("SELECT count(*) FROM made") == 3
    assert "TRANSIENT" in rows.one("SELECT GET_DDL('TABLE', 'made')")
    assert rows.refused(made.replace("'transient'", "'lasting'")) == 100357
    assert rows.refused(made.replace("AS CALLER", "AS OWNER")) == 1003
