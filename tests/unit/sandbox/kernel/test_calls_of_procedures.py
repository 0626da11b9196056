"""Procedures as a session meets them: output arguments, anonymous procedures, child jobs, scopes of transactions."""

# ruff: noqa: E501

import pytest


@pytest.fixture
def out(client):
    client.run(
        "CREATE PROCEDURE halves(n INT, half OUT NUMBER(10,2), rest OUTPUT INT) RETURNS VARCHAR AS "
        "BEGIN half := n / 2; rest := n % 2; RETURN 'done'; END"
    )
    return client


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("CALL halves(7, :h, :r)", "3.50 1 -"),
        ("CALL halves(n => 9, half => :h, rest => :r)", "4.50 1 -"),
        ("CALL halves(7, :h, :r) INTO :said", "3.50 1 done"),
        ("CALL IDENTIFIER(:named)(8, :h, :r)", "4.00 0 -"),
    ],
)
def test_variables_take_what_output_arguments_have_at_the_end(out, call, expected):
    body = (
        "DECLARE h NUMBER(10,2); r INT DEFAULT 77; said VARCHAR DEFAULT '-'; named VARCHAR DEFAULT 'HALVES'; "
        f"BEGIN {call}; RETURN h || ' ' || r || ' ' || said; END"
    )
    assert out.one(body) == expected


def test_an_output_argument_is_null_at_first_and_when_nothing_was_assigned(client):
    client.run("CREATE PROCEDURE nothing(x OUT INT) RETURNS BOOLEAN AS BEGIN RETURN x IS NULL; END")
    body = "DECLARE x INT DEFAULT 5; b BOOLEAN; BEGIN CALL nothing(:x) INTO :b; RETURN b AND x IS NULL; END"
    assert client.one(body) is True


def test_a_procedure_hands_its_output_arguments_on(out):
    out.run(
        "CREATE PROCEDURE outer_one(x OUT INT) RETURNS INT AS "
        "DECLARE h NUMBER(10,2); r INT; BEGIN CALL halves(5, :h, :r); x := h * 100 + r; RETURN 0; END"
    )
    assert out.one("DECLARE x INT; BEGIN CALL outer_one(:x); RETURN x; END") == 251


@pytest.mark.parametrize(
    "statement",
    [
        "CALL halves(1, 2, 3)",
        "BEGIN LET h := 1; CALL halves(1, :h, 3); END",
        "BEGIN LET h := 1; CALL halves(1, :h, :h + 1); END",
        "BEGIN LET h := 1; EXECUTE IMMEDIATE 'CALL halves(1, 2, 3)'; END",
        "BEGIN LET h := 1; ASYNC (CALL halves(1, :h, :h)); AWAIT ALL; END",
    ],
)
def test_an_output_argument_needs_a_variable(out, statement):
    assert "needs a Snowflake Scripting variable" in out.said(statement)


def test_output_arguments_are_shown_and_written(out):
    listed = out.execute("SHOW PROCEDURES LIKE 'HALVES'")
    at = [column.name for column in listed.columns].index("arguments")
    assert listed.rows()[0][at] == "HALVES(NUMBER, OUT NUMBER, OUT NUMBER) RETURN VARCHAR"
    text = out.one("SELECT GET_DDL('PROCEDURE', 'HALVES(NUMBER, NUMBER, NUMBER)')")
    assert '"HALF" OUT NUMBER(10,2)' in text
    out.execute(text)
    assert out.one("SELECT GET_DDL('PROCEDURE', 'HALVES(NUMBER, NUMBER, NUMBER)')") == text


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("CREATE PROCEDURE p(x INOUT INT) RETURNS INT AS BEGIN RETURN 1; END", "INOUT arguments"),
        ("CREATE FUNCTION f(x OUT INT) RETURNS INT AS '1'", "OUT arguments of a FUNCTION"),
        ("CREATE PROCEDURE p(x OUT INT DEFAULT 1) RETURNS INT AS BEGIN RETURN 1; END", "OUT arguments with or after"),
    ],
)
def test_arguments_that_are_refused(client, statement, words):
    assert words in client.said(statement)


def test_an_anonymous_procedure_is_called_and_kept_nowhere(client):
    text = (
        "WITH add_up AS PROCEDURE (a INT, b INT DEFAULT 10) RETURNS INT LANGUAGE SQL AS $$ BEGIN RETURN a + b; END $$"
    )
    assert client.one(f"{text} CALL add_up(1, 2)") == 3
    assert client.one(f"{text}\nCALL add_up(a => 1)") == 11
    assert client.execute(f"{text} CALL add_up(1)").columns[0].name == "ADD_UP"
    assert client.refused("CALL add_up(1, 2)") == 2140


def test_an_anonymous_procedure_in_a_block(client):
    body = "WITH p AS PROCEDURE (n INT) RETURNS INT LANGUAGE SQL AS 'BEGIN RETURN n * 2; END' CALL p(:x) INTO :x"
    assert client.one(f"DECLARE x INT DEFAULT 4; BEGIN {body}; RETURN x; END") == 8


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("WITH p AS PROCEDURE () RETURNS INT AS 'BEGIN RETURN 1; END' CALL q()", "Unknown function Q"),
        ("WITH p AS PROCEDURE () RETURNS INT AS BEGIN RETURN 1; END CALL p()", "unexpected 'BEGIN'"),
        ("WITH p AS PROCEDURE () RETURNS INT AS 'BEGIN RETURN 1; END', c AS (SELECT 1) CALL p()", "common table"),
        ("WITH p AS PROCEDURE () RETURNS INT LANGUAGE JAVA AS 'x' CALL p()", "LANGUAGE JAVA"),
        ("WITH p AS PROCEDURE (n INT) RETURNS INT AS 'BEGIN RETURN 1; END' CALL p()", "not enough arguments"),
        ("WITH p AS PROCEDURE () RETURNS INT AS 'BEGIN RETURN 1 END' CALL p()", "syntax error"),
    ],
)
def test_anonymous_procedures_that_are_refused(client, statement, words):
    assert words in client.said(statement)


def test_an_anonymous_procedure_leaves_no_transaction_open(client):
    client.run("CREATE TABLE t (n INT)")
    text = "WITH p AS PROCEDURE () RETURNS INT AS 'BEGIN BEGIN TRANSACTION; INSERT INTO t VALUES (1); RETURN 1; END' CALL p()"
    assert client.refused(text) == 90232
    assert client.one("SELECT COUNT(*) FROM t") == 0


def test_child_jobs_write_to_tables(client):
    client.run("CREATE TABLE j (n INT)")
    client.run("BEGIN FOR i IN 1 TO 5 DO ASYNC (INSERT INTO j VALUES (:i)); END FOR; AWAIT ALL; END")
    assert client.one("SELECT SUM(n) FROM j") == 15


def test_a_loop_of_a_thousand_turns_asks_the_engine_nothing(client):
    body = "DECLARE i INT DEFAULT 0; s INT DEFAULT 0; BEGIN WHILE (i < 1000) DO i := i + 1; s := s + i; END WHILE; RETURN s; END"
    assert client.one(body) == 500500


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("SET v = 1", "SET"),
        ("UNSET v", "UNSET"),
        ("ALTER SESSION SET QUERY_TAG = 'x'", "ALTER_SESSION"),
        ("USE ROLE PUBLIC", "USE"),
    ],
)
def test_the_session_is_not_changed_with_the_owners_rights(client, statement, kind):
    body = statement.replace("'", "''")
    client.run(f"CREATE OR REPLACE PROCEDURE owned() RETURNS INT AS 'BEGIN {body}; RETURN 1; END'")
    client.run(f"CREATE OR REPLACE PROCEDURE called() RETURNS INT EXECUTE AS CALLER AS 'BEGIN {body}; RETURN 1; END'")
    assert f"Unsupported statement type '{kind}'" in client.said("CALL owned()")
    assert client.one("CALL called()") == 1


def test_a_procedure_that_calls_itself_for_ever_is_stopped_by_name(client):
    client.run("CREATE PROCEDURE r(n INT) RETURNS INT AS 'BEGIN LET x INT := 0; CALL r(:n + 1) INTO :x; RETURN x; END'")
    assert "calls of stored procedures within one another" in client.said("CALL r(1)")
    assert client.session.procedure_depth == 0


def test_a_procedure_may_call_itself(client):
    client.run(
        "CREATE PROCEDURE f(n INT) RETURNS INT AS "
        "'BEGIN IF (n <= 1) THEN RETURN 1; END IF; LET x INT := 0; CALL f(:n - 1) INTO :x; RETURN n * x; END'"
    )
    assert client.one("CALL f(10)") == 3628800


def test_a_memoizable_function_is_told_as_such(client):
    client.run("CREATE FUNCTION m(x INT) RETURNS INT MEMOIZABLE AS 'x + 1'")
    assert client.one("SELECT m(2)") == 3
    text = client.one("SELECT GET_DDL('FUNCTION', 'M(NUMBER)')")
    assert "\nMEMOIZABLE\n" in text
    client.execute(text)
    listed = client.execute("SHOW USER FUNCTIONS LIKE 'M'")
    assert listed.rows()[0][[column.name for column in listed.columns].index("is_memoizable")] == "Y"
    assert "MEMOIZABLE for a table function" in client.said(
        "CREATE FUNCTION n() RETURNS TABLE(x INT) MEMOIZABLE AS 'SELECT 1'"
    )
