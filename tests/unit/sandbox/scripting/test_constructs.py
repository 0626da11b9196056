"""Every construct of the language: a body and what it returns. Each runs against real tables."""

# ruff: noqa: E501
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from runner.sandbox.scripting import execute, execute_immediate, is_block

VALUES: list[tuple[str, str, object]] = [
    ("no_return", "BEGIN NULL; END", None),
    ("return_nothing", "BEGIN RETURN; END", None),
    ("return_null", "BEGIN RETURN NULL; END", None),
    ("final_semicolon", "BEGIN RETURN 1; END;", 1),
    ("comments", "-- it's\nBEGIN /* ; */ RETURN 1; -- END\nEND // done", 1),
    ("declare_without_default", "DECLARE x INT; BEGIN RETURN x; END", None),
    ("declare_default", "DECLARE x INT DEFAULT 3; y VARCHAR DEFAULT 'a'; BEGIN RETURN y || x; END", "a3"),
    ("declare_assigned", "DECLARE x INT := 3; BEGIN RETURN x; END", 3),
    ("declare_inferred", "DECLARE x DEFAULT 3; BEGIN x := '4'; RETURN x + 1; END", 5),
    ("declare_sees_earlier", "DECLARE x INT DEFAULT 3; y INT DEFAULT x * 2; BEGIN RETURN y; END", 6),
    ("let", "BEGIN LET x := 1; LET y INT := 2; LET z NUMBER(5,2) DEFAULT 3; RETURN x + y + z; END", Decimal("6.00")),
    ("assign", "BEGIN LET x := 1; x := x + 1; x := x * 10; RETURN x; END", 20),
    ("case_insensitive", 'BEGIN LET MyVar := 1; MYVAR := myvar + 1; RETURN "MYVAR"; END', 2),
    ("quoted_name", 'BEGIN LET "my var" := 1; "my var" := "my var" + 1; RETURN "my var"; END', 2),
    ("rounding", "BEGIN LET x NUMBER(10,2) := 1.005; RETURN x; END", Decimal("1.01")),
    ("rounding_away_from_zero", "BEGIN LET x INT := -2.5; RETURN x; END", -3),
    ("text_to_number", "DECLARE x NUMBER(10,1); BEGIN x := ' 12.34 '; RETURN x; END", Decimal("12.3")),
    ("number_to_text", "DECLARE x VARCHAR; BEGIN x := 12.50; RETURN x; END", "12.50"),
    ("boolean_to_text", "DECLARE x VARCHAR; BEGIN x := TRUE; RETURN x; END", "true"),
    ("text_to_boolean", "DECLARE x BOOLEAN; BEGIN x := 'Yes'; RETURN x; END", True),
    ("number_to_boolean", "DECLARE x BOOLEAN; BEGIN x := 0; RETURN x; END", False),
    ("text_to_date", "DECLARE x DATE; BEGIN x := '2024-02-29'; RETURN x; END", date(2024, 2, 29)),
    ("date_plus_days", "DECLARE x DATE DEFAULT '2024-02-28'; BEGIN RETURN x + 2; END", date(2024, 3, 1)),
    ("date_difference", "DECLARE x DATE DEFAULT '2024-03-01'; BEGIN RETURN x - '2024-02-01'::DATE; END", 29),
    (
        "timestamp",
        "DECLARE x TIMESTAMP_NTZ; BEGIN x := '2024-01-02 03:04:05'; RETURN x; END",
        datetime(2024, 1, 2, 3, 4, 5),
    ),
    ("float", "DECLARE x FLOAT DEFAULT 1.5; BEGIN x := x * 2; RETURN x; END", 3.0),
    (
        "wide_number",
        "DECLARE x NUMBER(38,0) DEFAULT 99999999999999999999999999999999999999; BEGIN RETURN x - 1; END",
        10**38 - 2,
    ),
    ("division", "BEGIN RETURN 1 / 3; END", Decimal("0.333333")),
    ("division_scale", "BEGIN RETURN 10.5 / 3; END", Decimal("3.5000000")),
    ("product_scale", "BEGIN RETURN 1.25 * 2.5; END", Decimal("3.125")),
    ("modulo", "BEGIN RETURN -7 % 3; END", -1),
    ("precedence", "BEGIN RETURN 2 + 3 * 4 - -1; END", 15),
    ("concat_null", "BEGIN RETURN 'a' || NULL; END", None),
    ("if", "BEGIN LET x := 5; IF (x > 3) THEN RETURN 'big'; END IF; RETURN 'small'; END", "big"),
    ("if_without_parentheses", "BEGIN LET x := 5; IF x > 3 THEN RETURN 'big'; END IF; RETURN 'small'; END", "big"),
    ("if_else", "BEGIN IF (1 > 3) THEN RETURN 1; ELSE RETURN 2; END IF; END", 2),
    (
        "if_elseif",
        "BEGIN LET x := 2; IF (x = 1) THEN RETURN 1; ELSEIF (x = 2) THEN RETURN 2; ELSE RETURN 3; END IF; END",
        2,
    ),
    ("if_null", "BEGIN IF (NULL = 1) THEN RETURN 1; ELSE RETURN 2; END IF; END", 2),
    ("if_exists", "BEGIN IF (EXISTS (SELECT 1)) THEN RETURN 'yes'; END IF; END", "yes"),
    ("if_not_exists", "BEGIN IF (NOT EXISTS (SELECT 1 WHERE 1 = 0)) THEN RETURN 'none'; END IF; END", "none"),
    (
        "case_simple",
        "BEGIN LET x := 2; CASE (x) WHEN 1 THEN RETURN 'a'; WHEN 2 THEN RETURN 'b'; ELSE RETURN 'c'; END; END",
        "b",
    ),
    ("case_end_case", "BEGIN CASE ('z') WHEN 'a' THEN RETURN 1; ELSE RETURN 2; END CASE; END", 2),
    ("case_searched", "BEGIN LET x := 2; CASE WHEN x = 1 THEN RETURN 'a'; WHEN x > 1 THEN RETURN 'b'; END; END", "b"),
    ("case_no_match", "BEGIN CASE (3) WHEN 1 THEN RETURN 'a'; END; RETURN 'none'; END", "none"),
    ("case_mixed_types", "BEGIN CASE ('2') WHEN 2 THEN RETURN 'same'; END; RETURN 'none'; END", "same"),
    ("case_expression", "BEGIN LET x := 2; RETURN CASE WHEN x = 2 THEN 'two' ELSE 'other' END; END", "two"),
    ("case_expression_simple", "BEGIN LET x := 9; RETURN CASE x WHEN 2 THEN 'two' END; END", None),
    ("case_inside_if", "BEGIN IF ((CASE WHEN TRUE THEN 1 END) = 1) THEN RETURN 'ok'; END IF; END", "ok"),
    ("while", "BEGIN LET i := 0; WHILE (i < 5) DO i := i + 1; END WHILE; RETURN i; END", 5),
    ("while_loop", "BEGIN LET i := 0; WHILE (i < 5) LOOP i := i + 1; END LOOP; RETURN i; END", 5),
    ("while_never", "BEGIN LET i := 0; WHILE (NULL) DO i := 1; END WHILE; RETURN i; END", 0),
    ("repeat", "BEGIN LET i := 0; REPEAT i := i + 1; UNTIL (i >= 3) END REPEAT; RETURN i; END", 3),
    ("repeat_once", "BEGIN LET i := 0; REPEAT i := i + 1; UNTIL (TRUE) END REPEAT; RETURN i; END", 1),
    ("loop_break", "BEGIN LET i := 0; LOOP i := i + 1; IF (i = 4) THEN BREAK; END IF; END LOOP; RETURN i; END", 4),
    ("loop_exit", "BEGIN LET i := 0; LOOP i := i + 1; IF (i = 4) THEN EXIT; END IF; END LOOP; RETURN i; END", 4),
    ("for_counter", "BEGIN LET t := 0; FOR i IN 1 TO 4 DO t := t + i; END FOR; RETURN t; END", 10),
    ("for_counter_loop", "BEGIN LET t := 0; FOR i IN 1 TO 4 LOOP t := t + i; END LOOP; RETURN t; END", 10),
    ("for_reverse", "BEGIN LET t := ''; FOR i IN REVERSE 1 TO 3 DO t := t || i; END FOR; RETURN t; END", "321"),
    (
        "for_expressions",
        "BEGIN LET n := 2; LET t := 0; FOR i IN n - 1 TO n * 2 DO t := t + i; END FOR; RETURN t; END",
        10,
    ),
    ("for_empty", "BEGIN LET t := 0; FOR i IN 3 TO 1 DO t := t + i; END FOR; RETURN t; END", 0),
    ("for_counter_is_inner", "BEGIN LET i := 9; FOR i IN 1 TO 3 DO NULL; END FOR; RETURN i; END", 9),
    (
        "continue",
        "BEGIN LET t := 0; FOR i IN 1 TO 5 DO IF (i % 2 = 0) THEN CONTINUE; END IF; t := t + i; END FOR; RETURN t; END",
        9,
    ),
    (
        "iterate",
        "BEGIN LET t := 0; FOR i IN 1 TO 3 DO IF (i = 2) THEN ITERATE; END IF; t := t + i; END FOR; RETURN t; END",
        4,
    ),
    (
        "break_label",
        "BEGIN LET t := 0; LOOP LOOP t := t + 1; BREAK outer_loop; END LOOP inner_loop; END LOOP outer_loop; RETURN t; END",
        1,
    ),
    (
        "continue_label",
        "BEGIN LET t := 0; FOR i IN 1 TO 3 DO FOR j IN 1 TO 3 DO t := t + 1; CONTINUE a; END FOR; END FOR a; RETURN t; END",
        3,
    ),
    ("nested_block", "BEGIN LET x := 1; BEGIN LET y := 2; x := x + y; END; RETURN x; END", 3),
    ("nested_shadow", "DECLARE x INT DEFAULT 1; BEGIN DECLARE x INT DEFAULT 5; BEGIN x := 6; END; RETURN x; END", 1),
    ("return_from_nested", "BEGIN BEGIN FOR i IN 1 TO 9 DO RETURN i; END FOR; END; RETURN 0; END", 1),
    ("select_into", "BEGIN LET a INT := 0; LET b VARCHAR := ''; SELECT 1, 'x' INTO :a, :b; RETURN b || a; END", "x1"),
    ("select_into_plain_names", "DECLARE a INT; BEGIN SELECT 7 INTO a; RETURN a; END", 7),
    (
        "select_into_from",
        "DECLARE a INT; BEGIN SELECT COUNT(*) INTO :a FROM (SELECT 1 UNION ALL SELECT 2) AS q; RETURN a; END",
        2,
    ),
    ("select_into_no_row", "DECLARE a INT DEFAULT 5; BEGIN SELECT 1 INTO :a WHERE 1 = 0; RETURN a; END", None),
    ("select_into_converts", "DECLARE a NUMBER(5,1); BEGIN SELECT '1.26' INTO :a; RETURN a; END", Decimal("1.3")),
    ("with_into", "DECLARE a INT; BEGIN WITH q AS (SELECT 4 AS x) SELECT x INTO :a FROM q; RETURN a; END", 4),
    ("scalar_subquery", "BEGIN LET x := (SELECT MAX(v) FROM (SELECT 3 AS v) AS q); RETURN x; END", 3),
    ("subquery_with_bind", "BEGIN LET x := 3; RETURN (SELECT :x + 1); END", 4),
    ("sql_function", "BEGIN LET x := 'abc'; RETURN REVERSE(x); END", "cba"),
    (
        "execute_immediate_literal",
        "BEGIN EXECUTE IMMEDIATE 'CREATE TABLE t (a INT)'; RETURN (SELECT COUNT(*) FROM t); END",
        0,
    ),
    (
        "execute_immediate_using",
        "BEGIN CREATE TABLE t (a INT, b VARCHAR); LET q := 'INSERT INTO t VALUES (?, ?)'; LET n := 5; EXECUTE IMMEDIATE :q USING (n, 'it''s'); RETURN (SELECT b || a FROM t); END",
        "it's5",
    ),
    (
        "execute_immediate_built",
        "BEGIN LET t := 'tt'; EXECUTE IMMEDIATE 'CREATE TABLE ' || t || ' (a INT)'; RETURN (SELECT COUNT(*) FROM tt); END",
        0,
    ),
    (
        "execute_immediate_block",
        "BEGIN EXECUTE IMMEDIATE $$ BEGIN CREATE TABLE t (a INT); END $$; RETURN (SELECT COUNT(*) FROM t); END",
        0,
    ),
    (
        "execute_immediate_loop",
        "BEGIN CREATE TABLE t (a INT); EXECUTE IMMEDIATE 'FOR i IN 1 TO 3 DO INSERT INTO t VALUES (:i); END FOR;'; RETURN (SELECT SUM(a) FROM t); END",
        6,
    ),
    (
        "execute_immediate_result",
        "DECLARE rs RESULTSET; BEGIN LET q := 'SELECT ? + 1 AS a'; rs := (EXECUTE IMMEDIATE :q USING (4)); LET c CURSOR FOR rs; FOR r IN c DO RETURN r.a; END FOR; END",
        5,
    ),
    (
        "dml_status",
        "BEGIN CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2), (3); RETURN SQLROWCOUNT || '/' || SQLFOUND || '/' || SQLNOTFOUND; END",
        "3/true/false",
    ),
    (
        "dml_status_none",
        "BEGIN CREATE TABLE t (a INT); UPDATE t SET a = 1; RETURN SQLROWCOUNT || '/' || SQLFOUND || '/' || SQLNOTFOUND; END",
        "0/false/true",
    ),
    ("dml_status_before_dml", "BEGIN RETURN SQLROWCOUNT; END", None),
    (
        "dml_status_survives_select",
        "BEGIN CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2); SELECT 1; RETURN SQLROWCOUNT; END",
        2,
    ),
    (
        "dml_status_in_sql",
        "BEGIN CREATE TABLE t (a INT); INSERT INTO t VALUES (7); INSERT INTO t VALUES (:SQLROWCOUNT); RETURN (SELECT SUM(a) FROM t); END",
        8,
    ),
    ("sqlid", "BEGIN SELECT 1; RETURN SQLID; END", "q1"),
    ("call_into", "DECLARE x VARCHAR; BEGIN LET n := 5; CALL p(:n, 'a') INTO :x; RETURN x; END", "called p(5, 'a')"),
    (
        "transaction",
        "BEGIN CREATE TABLE t (a INT); BEGIN TRANSACTION; INSERT INTO t VALUES (1); ROLLBACK; BEGIN; INSERT INTO t VALUES (2); COMMIT; RETURN (SELECT SUM(a) FROM t); END",
        2,
    ),
    (
        "nested_create_procedure",
        "BEGIN IF (FALSE) THEN CREATE PROCEDURE p() RETURNS INT LANGUAGE SQL AS BEGIN LET x := 1; RETURN x; END; END IF; RETURN 1; END",
        1,
    ),
    (
        "column_wins_in_sql",
        "BEGIN LET a := 9; CREATE TABLE t (a INT); INSERT INTO t VALUES (1); LET n INT := (SELECT COUNT(*) FROM t WHERE a = 1); RETURN n; END",
        1,
    ),
]


@pytest.mark.parametrize(("body", "value"), [pytest.param(body, value, id=name) for name, body, value in VALUES])
def test_value(session, body: str, value: object) -> None:
    found = execute(body, session).value
    assert (found, type(found)) == (value, type(value))


ROWS = "CREATE TABLE t (a INT, b VARCHAR); INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, NULL);"
CURSORS: list[tuple[str, str, object]] = [
    (
        "for_cursor",
        f"DECLARE c CURSOR FOR SELECT a FROM t; s INT DEFAULT 0; BEGIN {ROWS} FOR r IN c DO s := s + r.a; END FOR; RETURN s; END",
        6,
    ),
    (
        "for_resultset",
        f"DECLARE rs RESULTSET; s INT DEFAULT 0; BEGIN {ROWS} rs := (SELECT a FROM t); FOR r IN rs DO s := s + r.a; END FOR; RETURN s; END",
        6,
    ),
    (
        "fetch",
        f"DECLARE c CURSOR FOR SELECT a, b FROM t ORDER BY a; x INT; y VARCHAR; BEGIN {ROWS} OPEN c; FETCH c INTO x, y; FETCH c INTO :x, :y; CLOSE c; RETURN y || x; END",
        "y2",
    ),
    (
        "fetch_past_end",
        f"DECLARE c CURSOR FOR SELECT a FROM t WHERE a = 3; x INT; BEGIN {ROWS} OPEN c; FETCH c INTO x; FETCH c INTO x; RETURN x; END",
        None,
    ),
    (
        "open_using",
        f"DECLARE c CURSOR FOR SELECT b FROM t WHERE a = ? OR b = ?; x VARCHAR; BEGIN {ROWS} LET n := 2; OPEN c USING (n, 'nope'); FETCH c INTO x; RETURN x; END",
        "y",
    ),
    (
        "open_again",
        f"DECLARE c CURSOR FOR SELECT a FROM t ORDER BY a; x INT; BEGIN {ROWS} OPEN c; FETCH c INTO x; CLOSE c; OPEN c; FETCH c INTO x; RETURN x; END",
        1,
    ),
    (
        "cursor_sees_variable",
        f"DECLARE n INT DEFAULT 1; c CURSOR FOR SELECT COUNT(*) AS k FROM t WHERE a > :n; BEGIN {ROWS} n := 2; FOR r IN c DO RETURN r.k; END FOR; END",
        1,
    ),
    (
        "let_cursor",
        f"BEGIN {ROWS} LET c CURSOR FOR SELECT a FROM t WHERE a > 1 ORDER BY a; FOR r IN c DO RETURN r.a; END FOR; END",
        2,
    ),
    (
        "cursor_for_resultset",
        f"BEGIN {ROWS} LET rs RESULTSET := (SELECT a FROM t ORDER BY a DESC); LET c CURSOR FOR rs; FOR r IN c DO RETURN r.a; END FOR; END",
        3,
    ),
    (
        "row_in_sql",
        f"DECLARE c CURSOR FOR SELECT a, b FROM t ORDER BY a; BEGIN {ROWS} CREATE TABLE u (a INT, b VARCHAR); FOR r IN c DO INSERT INTO u VALUES (:r.a * 10, :r.b); END FOR; RETURN (SELECT SUM(a) || MAX(b) FROM u); END",
        "60y",
    ),
    (
        "row_null",
        f"DECLARE c CURSOR FOR SELECT b FROM t WHERE a = 3; BEGIN {ROWS} FOR r IN c DO IF (r.b IS NULL) THEN RETURN 'null'; END IF; END FOR; END",
        "null",
    ),
    (
        "for_open_cursor_goes_on",
        f"DECLARE c CURSOR FOR SELECT a FROM t ORDER BY a; x INT; s INT DEFAULT 0; BEGIN {ROWS} OPEN c; FETCH c INTO x; FOR r IN c DO s := s + r.a; END FOR; RETURN s; END",
        5,
    ),
    (
        "resultset_default",
        "DECLARE rs RESULTSET DEFAULT (SELECT 4 AS a); BEGIN FOR r IN rs DO RETURN r.a; END FOR; END",
        4,
    ),
    (
        "resultset_copied",
        "DECLARE rs RESULTSET DEFAULT (SELECT 4 AS a); r2 RESULTSET; BEGIN r2 := rs; FOR r IN r2 DO RETURN r.a; END FOR; END",
        4,
    ),
    (
        "row_shadows",
        "DECLARE r INT DEFAULT 1; c CURSOR FOR SELECT 2 AS a; BEGIN FOR r IN c DO NULL; END FOR; RETURN r; END",
        1,
    ),
    ("quoted_column", 'DECLARE c CURSOR FOR SELECT 2 AS x; BEGIN FOR r IN c DO RETURN r."X"; END FOR; END', 2),
]


@pytest.mark.parametrize(("body", "value"), [pytest.param(body, value, id=name) for name, body, value in CURSORS])
def test_cursors_and_result_sets(session, body: str, value: object) -> None:
    assert execute(body, session).value == value


TABLES: list[tuple[str, str, list[tuple[object, ...]]]] = [
    ("resultset", "DECLARE rs RESULTSET; BEGIN rs := (SELECT 1 AS a, 'b' AS b); RETURN TABLE(rs); END", [(1, "b")]),
    ("query", "BEGIN LET n := 3; RETURN TABLE(SELECT :n AS a UNION ALL SELECT 4 ORDER BY 1); END", [(3,), (4,)]),
    ("dynamic", "BEGIN LET q := 'SELECT 5'; RETURN TABLE(EXECUTE IMMEDIATE :q); END", [(5,)]),
    ("empty", "BEGIN LET rs RESULTSET := (SELECT 1 AS a WHERE 1 = 0); RETURN TABLE(rs); END", []),
]


@pytest.mark.parametrize(("body", "rows"), [pytest.param(body, rows, id=name) for name, body, rows in TABLES])
def test_return_table(session, body: str, rows: list[tuple[object, ...]]) -> None:
    table = execute(body, session).table
    assert table is not None
    assert table.rows() == rows


def test_a_loop_of_a_thousand_turns_asks_the_session_for_nothing(session) -> None:
    body = """DECLARE i INT DEFAULT 0; t NUMBER(20,2) DEFAULT 0; s VARCHAR DEFAULT '';
    BEGIN
      WHILE (i < 1000) DO
        i := i + 1;
        t := t + i / 4;
        IF (MOD(i, 3) = 0 AND NOT (i IN (3, 6)) OR i BETWEEN 1 AND 2) THEN CONTINUE; END IF;
        s := UPPER(LEFT(COALESCE(s, ''), 5)) || i::VARCHAR || CASE WHEN i > 500 THEN 'a' ELSE 'b' END;
      END WHILE;
      RETURN i || ' ' || t;
    END"""
    assert execute(body, session).value == "1000 125125.00"
    assert session.evaluated == []
    assert session.sent == []


def test_the_checkpoint_stops_an_endless_loop(session) -> None:
    turns = []

    def checkpoint() -> None:
        turns.append(1)
        if len(turns) == 50:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute(
            "BEGIN LOOP NULL; END LOOP; EXCEPTION WHEN OTHER THEN RETURN 'caught'; END", session, checkpoint=checkpoint
        )


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("EXECUTE IMMEDIATE 'SELECT 1 AS a'", 1),
        ("EXECUTE IMMEDIATE 'SELECT ' || '2'", 2),
        ("EXECUTE IMMEDIATE 'SELECT ? + ?' USING (1, 2);", 3),
        ("EXECUTE IMMEDIATE $$ DECLARE x INT DEFAULT 4; BEGIN RETURN x; END; $$", 4),
        ("EXECUTE IMMEDIATE 'IF (TRUE) THEN RETURN 5; END IF'", 5),
    ],
)
def test_execute_immediate_as_a_statement_of_its_own(session, statement: str, value: object) -> None:
    assert execute_immediate(statement, session).scalar() == value


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("BEGIN SELECT 1; END", True),
        ("-- note\n declare x int; BEGIN NULL; END", True),
        ("BEGIN name := 1; END", True),
        ("BEGIN", False),
        ("BEGIN;", False),
        ("begin transaction", False),
        ("BEGIN WORK", False),
        ("BEGIN NAME t1", False),
        ("SELECT 1", False),
        ("", False),
    ],
)
def test_a_block_is_not_a_transaction(text: str, is_one: bool) -> None:
    assert is_block(text) is is_one
