"""Temporary functions and procedures are there for their session, and hide permanent ones of their signature."""


def function(kind, value, arguments="n INT"):
    return f"CREATE {kind} FUNCTION f({arguments}) RETURNS INT AS '{value}'"


def test_a_temporary_function_is_its_session_s(client, connect):
    other = connect()
    client.run(function("", "n"), function("TEMPORARY", "n * 10"), function("", "-1", "s VARCHAR"))
    assert client.rows("SELECT f(1), f('x')") == [(10, -1)]
    assert other.rows("SELECT f(1), f('x')") == [(1, -1)]
    assert client.refused(function("TEMP", "n")) == 2002
    client.run(function("OR REPLACE TEMPORARY", "n * 20"))
    assert client.one("SELECT f(1)") == 20
    assert client.one("SELECT GET_DDL('FUNCTION', 'f(NUMBER)')").startswith("CREATE OR REPLACE TEMPORARY FUNCTION")
    client.run("DROP FUNCTION f(INT)")
    assert client.one("SELECT f(1)") == 1
    client.run(function("OR REPLACE", "n + 1"))
    assert other.one("SELECT f(1)") == 2


def test_it_goes_with_its_session(connect, engine):
    mine, other = connect(), connect()
    mine.run(
        "CREATE TEMPORARY PROCEDURE p() RETURNS INT AS $$ BEGIN RETURN 1; END $$",
        "CREATE TEMPORARY FUNCTION g() RETURNS TABLE (a INT) AS 'SELECT 1'",
    )
    assert mine.one("CALL p()") == 1
    assert mine.rows("SELECT * FROM TABLE(g())") == [(1,)]
    assert other.refused("CALL p()") == 2140
    assert len(mine.rows("SHOW PROCEDURES LIKE 'P' IN SCHEMA")) == 1
    assert other.rows("SHOW PROCEDURES LIKE 'P' IN SCHEMA") == []
    engine.logout(mine.session)
    assert not [r for r in engine.catalog.records.values() if getattr(r, "session_id", None) == mine.session.id]


def test_it_is_not_cloned_with_its_schema(client):
    client.run("CREATE SCHEMA a", "CREATE TEMPORARY FUNCTION a.f() RETURNS INT AS '1'", "CREATE SCHEMA b CLONE a")
    assert client.refused("SELECT b.f()") == 2140
