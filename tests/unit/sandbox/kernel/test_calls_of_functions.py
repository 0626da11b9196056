"""Calls of one's own functions, and of procedures in FROM."""

import pytest


@pytest.fixture
def rows(client):
    client.run("CREATE TABLE t (id INT, g INT)", "INSERT INTO t VALUES (1, 1), (2, 1), (3, 2)")
    return client


def test_arguments_by_name_and_by_default(client):
    client.run("CREATE FUNCTION f(a INT, b INT DEFAULT 10) RETURNS INT AS 'a * 100 + b'")
    client.run("CREATE FUNCTION f(c VARCHAR) RETURNS VARCHAR AS '''s'' || c'")
    assert client.rows("SELECT f(b => 1, a => 2), f(a => 3), f(4, 5), f(c => 'x'), f('y')") == [
        (201, 310, 405, "sx", "sy")
    ]
    assert client.refused("SELECT f(d => 1)") == 1044
    assert client.refused("SELECT f(1, b => 2)") == 1003
    assert client.refused("SELECT f(a => 1, a => 2)") == 1003
    assert client.refused("SELECT f(b => 2)") == 1044
    client.run("CREATE FUNCTION tf(x INT) RETURNS TABLE (k INT) AS 'SELECT x + 1'")
    assert client.rows("SELECT k FROM TABLE(tf(x => 4))") == [(5,)]


def test_an_argument_is_not_confused_with_the_tables_of_the_body(rows):
    rows.run("CREATE FUNCTION tf(x INT) RETURNS TABLE (k INT) AS 'SELECT id FROM t WHERE g = x'")
    rows.run("CREATE FUNCTION most(x INT) RETURNS INT AS 'SELECT max(t.id) FROM t WHERE t.g = x'")
    found = rows.rows("SELECT t.id, q.k FROM t, TABLE(tf(t.g)) q ORDER BY 1, 2")
    assert found == [(1, 1), (1, 2), (2, 1), (2, 2), (3, 3)]
    assert rows.rows("SELECT t.id, most(t.g) FROM t ORDER BY 1") == [(1, 2), (2, 2), (3, 3)]
    rows.run("CREATE VIEW v AS SELECT t.id, most(t.g) AS m FROM t")
    assert rows.rows("SELECT t.id, v.m FROM t JOIN v ON v.id = t.id ORDER BY 1") == [(1, 2), (2, 2), (3, 3)]


def test_a_procedure_that_returns_a_table_is_selected_from(rows):
    body = "DECLARE r RESULTSET; BEGIN r := (SELECT id, 'x' FROM t WHERE g = :x); RETURN TABLE(r); END"
    rows.run(f"CREATE PROCEDURE p(x INT) RETURNS TABLE (k INT, v VARCHAR) AS $${body}$$")
    assert rows.rows("SELECT k + 1, v FROM TABLE(p(1)) WHERE k > 1") == [(3, "x")]
    result = rows.execute("SELECT * FROM TABLE(p(x => 2))")
    assert ([column.name for column in result.columns], result.rows()) == (["K", "V"], [(3, "x")])
    assert rows.rows("WITH c AS (SELECT * FROM TABLE(p(1))) SELECT count(*) FROM c JOIN t ON t.id = c.k") == [(2,)]
    rows.run("EXPLAIN SELECT * FROM TABLE(p(1))", "CREATE TABLE made AS SELECT * FROM TABLE(p(1))")
    assert rows.one("SELECT count(*) FROM made") == 2


@pytest.mark.parametrize(
    ("returns", "body", "statement", "said"),
    [
        ("TABLE (k INT)", "BEGIN DELETE FROM t; RETURN TABLE(SELECT 1); END", "SELECT * FROM TABLE(p())", "DELETE in"),
        ("TABLE (k INT)", "BEGIN CALL w(); RETURN TABLE(SELECT 1); END", "SELECT * FROM TABLE(p())", "INSERT in"),
        ("TABLE ()", "BEGIN RETURN TABLE(SELECT 1); END", "SELECT * FROM TABLE(p())", "declares no columns"),
        ("INT", "BEGIN RETURN 1; END", "SELECT * FROM TABLE(p())", "declares no columns"),
        ("TABLE (k INT)", "BEGIN RETURN TABLE(SELECT 1); END", "CREATE VIEW v AS SELECT * FROM TABLE(p())", "a view"),
    ],
)
def test_what_a_selected_procedure_may_not(rows, returns, body, statement, said):
    rows.run("CREATE PROCEDURE w() RETURNS INT AS $$BEGIN INSERT INTO t VALUES (9, 9); RETURN 1; END$$")
    rows.run(f"CREATE PROCEDURE p() RETURNS {returns} AS $${body}$$")
    assert said in rows.said(statement)
    assert rows.one("SELECT count(*) FROM t") == 3
    rows.run("CALL w()")
    assert rows.one("SELECT count(*) FROM t") == 4


def test_scripts_may_log(client):
    """LOG_LEVEL is OFF: nothing is kept, but a wrong level is an error."""
    log = "SYSTEM$LOG('info', 'n is ' || n); SYSTEM$LOG_ERROR(n)"
    assert client.one(f"EXECUTE IMMEDIATE $$DECLARE n INT := 3; BEGIN {log}; RETURN n; END$$") == 3
    assert "level of SYSTEM$LOG" in client.said("EXECUTE IMMEDIATE $$BEGIN SYSTEM$LOG('loud', 'x'); END$$")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("", "a INT DEFAULT 0"),
        ("a INT", "a INT, b INT DEFAULT 0"),
        ("a INT, b INT DEFAULT 0", "a INT"),
        ("a INT, b INT DEFAULT 0", "a INT, b VARCHAR DEFAULT ''"),
    ],
)
@pytest.mark.parametrize("kind", ["FUNCTION", "PROCEDURE"])
def test_overloads_that_one_call_could_mean_are_refused(client, kind, first, second):
    """developer-guide/udf-stored-procedure-arguments"""
    body = "RETURNS INT AS '1'" if kind == "FUNCTION" else "RETURNS INT AS 'BEGIN RETURN 1; END'"
    client.run(f"CREATE OR REPLACE {kind} twofold({first}) {body}")
    assert client.refused(f"CREATE {kind} twofold({second}) {body}") == 949
    assert client.refused(f"CREATE OR REPLACE {kind} twofold({second}) {body}") == 949
    client.run(f"CREATE OR REPLACE {kind} twofold({first}) {body}")
    client.run(f"CREATE {kind} twofold(a VARCHAR, b VARCHAR, c INT DEFAULT 0) {body}")
