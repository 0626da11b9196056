"""Asynchronous child jobs and nested procedures: each body runs against real tables."""

# ruff: noqa: E501
from __future__ import annotations

import pytest

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.scripting import execute

VALUES: list[tuple[str, str, object]] = [
    (
        "await_all",
        "BEGIN ASYNC (INSERT INTO t VALUES (1)); ASYNC (INSERT INTO t VALUES (2)); AWAIT ALL; LET n INT := (SELECT COUNT(*) FROM t); RETURN n; END",
        2,
    ),
    (
        "await_result_set",
        "DECLARE rs RESULTSET; BEGIN rs := ASYNC (SELECT 7 AS x); AWAIT rs; FOR r IN rs DO RETURN r.x; END FOR; END",
        7,
    ),
    (
        "let_async",
        "BEGIN LET rs RESULTSET := ASYNC (SELECT 7 AS x); AWAIT rs; LET c CURSOR FOR rs; OPEN c; LET v INT := 0; FETCH c INTO v; RETURN v; END",
        7,
    ),
    (
        "declared_async",
        "DECLARE rs RESULTSET DEFAULT ASYNC (SELECT 8 AS x); BEGIN AWAIT ALL; FOR r IN rs DO RETURN r.x; END FOR; END",
        8,
    ),
    (
        "binds",
        "BEGIN FOR i IN 1 TO 4 DO ASYNC (INSERT INTO t VALUES (:i)); END FOR; AWAIT ALL; LET n INT := (SELECT SUM(n) FROM t); RETURN n; END",
        10,
    ),
    (
        "rowcount_after_await",
        "BEGIN LET rs RESULTSET := ASYNC (INSERT INTO t SELECT 1 UNION ALL SELECT 2); AWAIT rs; RETURN SQLROWCOUNT; END",
        2,
    ),
    ("no_rowcount_after_all", "BEGIN ASYNC (INSERT INTO t VALUES (1)); AWAIT ALL; RETURN SQLROWCOUNT; END", None),
    (
        "failure_is_awaited",
        "BEGIN ASYNC (SELECT * FROM nowhere); LET x := 1; BEGIN AWAIT ALL; EXCEPTION WHEN STATEMENT_ERROR THEN RETURN SQLCODE; END; END",
        2003,
    ),
    ("failure_not_awaited", "BEGIN ASYNC (SELECT * FROM nowhere); RETURN 'done'; END", "done"),
    ("cancel_too_late", "BEGIN LET rs RESULTSET := ASYNC (SELECT 1 AS x); CANCEL rs; RETURN 'ok'; END", "ok"),
    (
        "nested",
        "DECLARE twice PROCEDURE(n INT) RETURNS INT AS BEGIN RETURN n * 2; END; r INT; BEGIN CALL twice(21) INTO :r; RETURN r; END",
        42,
    ),
    (
        "nested_by_name",
        "DECLARE less PROCEDURE(a INT, b INT) RETURNS INT AS BEGIN RETURN a - b; END; r INT; BEGIN CALL less(b => 1, a => 10) INTO :r; RETURN r; END",
        9,
    ),
    (
        "nested_sees_what_is_before_it",
        "DECLARE x INT DEFAULT 1; p PROCEDURE() RETURNS INT AS BEGIN x := x + 1; RETURN 0; END; BEGIN CALL p(); CALL p(); RETURN x; END",
        3,
    ),
    (
        "nested_argument_shadows",
        "DECLARE x INT DEFAULT 1; p PROCEDURE(x INT) RETURNS INT AS BEGIN x := x + 1; RETURN x; END; BEGIN CALL p(5); RETURN x; END",
        1,
    ),
    (
        "nested_return_does_not_end_the_block",
        "DECLARE p PROCEDURE() RETURNS INT AS BEGIN RETURN 1; END; BEGIN CALL p(); RETURN 'after'; END",
        "after",
    ),
    (
        "nested_calls_nested",
        "DECLARE a PROCEDURE(n INT) RETURNS INT AS BEGIN RETURN n + 1; END; b PROCEDURE(n INT) RETURNS INT AS BEGIN LET r INT := 0; CALL a(:n) INTO :r; RETURN r * 2; END; r INT; BEGIN CALL b(4) INTO :r; RETURN r; END",
        10,
    ),
    (
        "nested_recursion",
        "DECLARE f PROCEDURE(n INT) RETURNS INT AS BEGIN IF (n <= 1) THEN RETURN 1; END IF; LET r INT := 0; CALL f(:n - 1) INTO :r; RETURN n * r; END; r INT; BEGIN CALL f(5) INTO :r; RETURN r; END",
        120,
    ),
    (
        "nested_table",
        "DECLARE p PROCEDURE() RETURNS TABLE(x INT) AS DECLARE rs RESULTSET DEFAULT (SELECT 4 AS x); BEGIN RETURN TABLE(rs); END; BEGIN LET rs RESULTSET := (CALL p()); FOR r IN rs DO RETURN r.x; END FOR; END",
        4,
    ),
    (
        "nested_failure_is_handled_outside",
        "DECLARE e EXCEPTION (-20001, 'no'); p PROCEDURE() RETURNS INT AS BEGIN RAISE e; END; BEGIN CALL p(); EXCEPTION WHEN STATEMENT_ERROR THEN RETURN SQLCODE; END",
        -20001,
    ),
]


@pytest.mark.parametrize(("body", "expected"), [pytest.param(body, value, id=name) for name, body, value in VALUES])
def test_what_a_body_returns(session, body: str, expected: object) -> None:
    session.connection.execute("CREATE TABLE t (n INT)")
    assert execute(body, session).value == expected


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("BEGIN LET rs RESULTSET := ASYNC (SELECT 1 AS x); RETURN TABLE(rs); END", "was not awaited"),
        ("BEGIN LET rs RESULTSET := ASYNC (SELECT 1 AS x); FOR r IN rs DO NULL; END FOR; END", "was not awaited"),
        ("BEGIN LET rs RESULTSET := (SELECT 1 AS x); AWAIT rs; END", "no asynchronous query"),
        ("BEGIN AWAIT rs; END", "invalid identifier 'RS'"),
        ("BEGIN CANCEL rs; END", "invalid identifier 'RS'"),
        ("BEGIN ASYNC (COMMIT); END", "COMMIT in an asynchronous child job"),
        ("BEGIN ASYNC (EXECUTE IMMEDIATE 'SELECT 1'); END", "EXECUTE IMMEDIATE in an asynchronous child job"),
        ("BEGIN ASYNC (SELECT * FROM nowhere);\n  AWAIT ALL; END", "STATEMENT_ERROR' on line 2 at position 2"),
        (
            "DECLARE p PROCEDURE() RETURNS INT AS BEGIN RETURN y; END; y INT DEFAULT 3; r INT; BEGIN CALL p() INTO :r; RETURN r; END",
            "EXPRESSION_ERROR' on line 1",
        ),
        (
            "DECLARE p PROCEDURE(n INT) RETURNS INT AS BEGIN RETURN n; END; BEGIN CALL p(); END",
            "not enough arguments for function",
        ),
        (
            "DECLARE p PROCEDURE() RETURNS INT AS BEGIN RETURN 1; END; p PROCEDURE(n INT) RETURNS INT AS BEGIN RETURN n; END; BEGIN NULL; END",
            "declared twice",
        ),
        (
            "DECLARE f PROCEDURE() RETURNS INT AS BEGIN CALL f(); END; BEGIN CALL f(); END",
            "calls of nested stored procedures",
        ),
        (
            "DECLARE p PROCEDURE() RETURNS INT AS DECLARE q PROCEDURE() RETURNS INT AS BEGIN RETURN 1; END; BEGIN RETURN 1; END; BEGIN NULL; END",
            "nested stored procedure in a nested stored procedure",
        ),
        (
            "DECLARE p PROCEDURE(x OUT INT) RETURNS INT AS BEGIN RETURN 1; END; BEGIN NULL; END",
            "OUT arguments of a nested stored procedure",
        ),
        (
            "DECLARE p PROCEDURE(x INT DEFAULT 1) RETURNS INT AS BEGIN RETURN 1; END; BEGIN NULL; END",
            "optional arguments of a nested stored procedure",
        ),
        ("DECLARE p PROCEDURE() RETURNS INT AS BEGIN RETURN 1; END; BEGIN ASYNC (CALL p()); END", "asynchronous"),
    ],
)
def test_what_fails(session, body: str, words: str) -> None:
    with pytest.raises(SnowflakeError) as caught:
        execute(body, session)
    assert words in caught.value.message
