"""USE, ALTER SESSION, variables, and what runs inside procedures."""

import pytest


def test_use_moves_the_session(client, database):
    client.run(f"CREATE SCHEMA {database}.other", f"USE SCHEMA {database}.other")
    assert client.rows("SELECT CURRENT_DATABASE(), CURRENT_SCHEMA()") == [(database, "OTHER")]
    client.run(f"USE DATABASE {database}")
    assert client.one("SELECT CURRENT_SCHEMA()") == "PUBLIC"
    client.run(
        "USE SCHEMA other", f"USE {database}.public", "USE WAREHOUSE admin_wh", "USE ROLE IDENTIFIER('SYSADMIN')"
    )
    assert client.rows("SELECT CURRENT_WAREHOUSE(), CURRENT_ROLE()") == [("ADMIN_WH", "SYSADMIN")]
    assert client.session.schema == "PUBLIC"


@pytest.mark.parametrize(
    "sql", ["USE DATABASE nosuch", "USE SCHEMA nosuch", "USE ROLE nosuch", "USE WAREHOUSE nosuch", "USE nosuch.public"]
)
def test_use_of_what_is_not_there(client, sql):
    before = client.rows("SELECT CURRENT_DATABASE(), CURRENT_SCHEMA(), CURRENT_ROLE()")
    assert client.refused(sql) == 2043
    assert client.rows("SELECT CURRENT_DATABASE(), CURRENT_SCHEMA(), CURRENT_ROLE()") == before


def test_a_restricted_token_keeps_its_role(engine, database):
    session = engine.login("IMSDLC", "SANDBOX_ADMIN", "SYSADMIN", restricted_role="SYSADMIN")
    engine.execute(session, "USE ROLE SYSADMIN")
    with pytest.raises(Exception, match="restricted to role 'SYSADMIN'") as caught:
        engine.execute(session, "USE ROLE ACCOUNTADMIN")
    assert caught.value.errno == 3013
    engine.logout(session)


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER SESSION SET NOSUCH = 1",
        "ALTER SESSION SET TIMEZONE = 'Mars/Olympus'",
        "ALTER SESSION SET LOCK_TIMEOUT = 'soon'",
        "ALTER SESSION SET AUTOCOMMIT = 5",
        "ALTER SESSION SET QUOTED_IDENTIFIERS_IGNORE_CASE = TRUE",
        "ALTER SESSION SET BINARY_INPUT_FORMAT = 'UTF-8'",
        "ALTER SESSION SET",
    ],
)
def test_a_parameter_that_cannot_be_so_is_refused_by_name(client, sql):
    before = dict(client.session.parameters)
    assert client.refused(sql) != 603
    assert client.session.parameters == before


def test_parameters_act(client):
    client.run("ALTER SESSION SET TIMEZONE = 'UTC' TIMESTAMP_TYPE_MAPPING = TIMESTAMP_LTZ, QUERY_TAG = 'x y'")
    assert client.one("SELECT '2024-01-01 00:00:00'::TIMESTAMP::VARCHAR") == "2024-01-01 00:00:00.000 +0000"
    assert client.engine.history.by_id(client.execute("SELECT 1").query_id).tag == "x y"
    client.run("ALTER SESSION SET TIMEZONE = 'Asia/Kolkata'")
    assert client.one("SELECT '2024-01-01 00:00:00'::TIMESTAMP_LTZ::VARCHAR") == "2024-01-01 00:00:00.000 +0530"
    client.run("ALTER SESSION UNSET TIMEZONE, QUERY_TAG")
    assert client.session.parameters["TIMEZONE"] == "America/Los_Angeles"


def test_owner_and_caller_rights_look_from_different_places(client):
    client.run(
        "CREATE SCHEMA p", "CREATE TABLE p.t (a VARCHAR)", "INSERT INTO p.t VALUES ('proc')",
        "CREATE TABLE public.t (a VARCHAR)", "INSERT INTO public.t VALUES ('caller')",
    )  # fmt: skip
    body = "LANGUAGE SQL EXECUTE AS {} AS $$ BEGIN RETURN (SELECT MAX(a) FROM t); END $$"
    client.run("CREATE PROCEDURE p.own() RETURNS VARCHAR " + body.format("OWNER"))
    client.run("CREATE PROCEDURE p.call() RETURNS VARCHAR " + body.format("CALLER"))
    client.run("USE SCHEMA public")
    assert client.one("CALL p.own()") == "proc"
    assert client.one("CALL p.call()") == "caller"
    client.run("SET secret = 1")
    client.run("CREATE PROCEDURE p.peek() RETURNS VARCHAR LANGUAGE SQL AS $$ BEGIN RETURN (SELECT $secret); END $$")
    assert client.refused("CALL p.peek()") == 1102


def test_owner_rights_give_what_the_caller_has_not(client, connect, database):
    client.run(
        "CREATE ROLE lowly", "GRANT ROLE lowly TO USER sandbox_admin",
        f"GRANT USAGE ON DATABASE {database} TO ROLE lowly",
        "GRANT USAGE ON SCHEMA public TO ROLE lowly", "CREATE TABLE t (a INT)",
        "CREATE PROCEDURE own() RETURNS INT LANGUAGE SQL AS 'BEGIN INSERT INTO t VALUES (1); RETURN SQLROWCOUNT; END'",
        "CREATE PROCEDURE call() RETURNS INT LANGUAGE SQL EXECUTE AS CALLER AS "
        "'BEGIN INSERT INTO t VALUES (1); RETURN 0; END'",
        "GRANT USAGE ON PROCEDURE own() TO ROLE lowly", "GRANT USAGE ON PROCEDURE call() TO ROLE lowly",
    )  # fmt: skip
    low = connect(role="LOWLY")
    assert low.refused("INSERT INTO t VALUES (1)") in (2003, 3001)
    assert low.one("CALL own()") == 1
    assert low.refused("CALL call()") in (2003, 3001)
    assert client.one("SELECT COUNT(*) FROM t") == 1
    client.run("DROP ROLE lowly")


def test_statements_of_a_procedure_are_in_the_history_each(client):
    client.run("CREATE TABLE t (a INT)")
    client.run("CREATE PROCEDURE p() RETURNS INT LANGUAGE SQL AS 'BEGIN INSERT INTO t VALUES (42); RETURN 1; END'")
    client.run("CALL p()")
    texts = [entry.text for entry in client.engine.history.entries("IMSDLC") if entry.session_id == client.session.id]
    assert texts[:2] == ["INSERT INTO t VALUES (42)", "CALL p()"]


def test_blocks_and_execute_immediate(client):
    client.run("CREATE TABLE t (a INT)")
    assert client.one("DECLARE x INT; BEGIN x := 5; RETURN x * 2; END") == 10
    assert client.one("EXECUTE IMMEDIATE 'SELECT 1 + 1'") == 2
    assert client.one("EXECUTE IMMEDIATE $$ BEGIN INSERT INTO t VALUES (1); RETURN 7; END $$") == 7
    assert client.one("BEGIN LET s VARCHAR := 'SELECT COUNT(*) FROM t'; EXECUTE IMMEDIATE s; RETURN 1; END") == 1
    assert client.refused("EXECUTE IMMEDIATE FROM @stage/file.sql") == 2003


def _procedure(name, body):
    return f"CREATE PROCEDURE {name}() RETURNS INT LANGUAGE SQL AS 'BEGIN {body} RETURN 1; END'"


def test_a_procedure_ends_the_transaction_it_began(client):
    client.run("CREATE TABLE t (a INT)")
    client.run(
        _procedure("good", "BEGIN TRANSACTION; INSERT INTO t VALUES (1); COMMIT;"),
        _procedure("open", "BEGIN TRANSACTION; INSERT INTO t VALUES (2);"),
        _procedure("ends", "ROLLBACK;"),
        _procedure("ddl", "CREATE OR REPLACE TABLE made (a INT);"),
    )
    client.run("CALL good()", "CALL ddl()")
    assert client.refused("CALL open()") == 90232
    client.run("BEGIN", "INSERT INTO t VALUES (3)")
    assert client.refused("CALL ends()") == 90232
    assert client.refused("CALL ddl()") == 90232
    client.run("CALL good()", "ROLLBACK")
    assert client.rows("SELECT a FROM t ORDER BY a") == [(1,), (1,)]


def test_a_temporary_table_is_the_sessions_own(client, other):
    client.run("CREATE TEMPORARY TABLE t (a INT)", "INSERT INTO t VALUES (1)")
    assert client.rows("SELECT a FROM t") == [(1,)]
    assert other.refused("SELECT a FROM t") == 2003


def test_a_session_keeps_its_tables_apart_after_logout(engine, client, other):
    client.run("CREATE TEMPORARY TABLE t (a INT)")
    engine.logout(client.session)
    assert not [r for r in engine.catalog.records.values() if getattr(r, "session_id", None) == client.session.id]
