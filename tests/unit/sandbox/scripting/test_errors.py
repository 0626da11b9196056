"""Exceptions: which handler takes them, what the client is told, what does not even parse."""

# ruff: noqa: E501
from __future__ import annotations

import pytest

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.result import Result, SnowType
from runner.sandbox.scripting import check, execute

HANDLED: list[tuple[str, str, object]] = [
    (
        "user",
        "DECLARE e EXCEPTION (-20002, 'boo'); BEGIN RAISE e; EXCEPTION WHEN e THEN RETURN SQLCODE || '/' || SQLSTATE || '/' || SQLERRM; END",
        "-20002/P0001/boo",
    ),
    (
        "user_without_text",
        "DECLARE e EXCEPTION; BEGIN RAISE e; EXCEPTION WHEN e THEN RETURN SQLCODE || SQLERRM; END",
        "-20000",
    ),
    (
        "second_of_or",
        "DECLARE e EXCEPTION; f EXCEPTION; BEGIN RAISE f; EXCEPTION WHEN e OR f THEN RETURN 'one of two'; END",
        "one of two",
    ),
    (
        "first_that_matches",
        "DECLARE e EXCEPTION; BEGIN RAISE e; EXCEPTION WHEN STATEMENT_ERROR THEN RETURN 1; WHEN e THEN RETURN 2; WHEN OTHER THEN RETURN 3; END",
        2,
    ),
    (
        "other",
        "DECLARE e EXCEPTION; BEGIN RAISE e; EXCEPTION WHEN STATEMENT_ERROR OR EXPRESSION_ERROR THEN RETURN 1; WHEN OTHER THEN RETURN 3; END",
        3,
    ),
    (
        "statement_error",
        "BEGIN SELECT * FROM nowhere; EXCEPTION WHEN EXPRESSION_ERROR THEN RETURN 1; WHEN STATEMENT_ERROR THEN RETURN SQLCODE || SQLSTATE; END",
        "200342S02",
    ),
    (
        "expression_error",
        "BEGIN RETURN 1 / 0; EXCEPTION WHEN STATEMENT_ERROR THEN RETURN 1; WHEN EXPRESSION_ERROR THEN RETURN SQLERRM; END",
        "Division by zero",
    ),
    (
        "assignment",
        "BEGIN LET x INT := 1; x := 'abc'; EXCEPTION WHEN EXPRESSION_ERROR THEN RETURN SQLCODE || ' ' || SQLERRM; END",
        "100038 Numeric value 'abc' is not recognized",
    ),
    (
        "too_long",
        "BEGIN LET x VARCHAR(3) := 'abcd'; EXCEPTION WHEN EXPRESSION_ERROR THEN RETURN SQLERRM; END",
        "String 'abcd' is too long and would be truncated",
    ),
    (
        "out_of_range",
        "BEGIN LET x NUMBER(4,1) := 999.96; EXCEPTION WHEN OTHER THEN RETURN SQLERRM; END",
        "Numeric value '999.96' is out of range",
    ),
    (
        "not_boolean",
        "BEGIN LET x BOOLEAN := 'perhaps'; EXCEPTION WHEN OTHER THEN RETURN SQLERRM; END",
        "Boolean value 'perhaps' is not recognized",
    ),
    (
        "no_such_day",
        "BEGIN LET x DATE := '2023-02-29'; EXCEPTION WHEN OTHER THEN RETURN SQLERRM; END",
        "Date '2023-02-29' is not recognized",
    ),
    (
        "too_many_rows",
        "DECLARE x INT; BEGIN SELECT 1 INTO :x UNION ALL SELECT 2; EXCEPTION WHEN STATEMENT_ERROR THEN RETURN SQLERRM; END",
        "A SELECT INTO statement expects exactly 1 returned row, but got 2.",
    ),
    (
        "wrong_number_of_targets",
        "DECLARE x INT; BEGIN SELECT 1, 2 INTO :x; EXCEPTION WHEN STATEMENT_ERROR THEN RETURN SQLERRM; END",
        "SQL compilation error:\nThe statement returns 2 columns, but INTO names 1 variables.",
    ),
    (
        "cursor_closed",
        "DECLARE x INT; c CURSOR FOR SELECT 1; BEGIN FETCH c INTO x; EXCEPTION WHEN STATEMENT_ERROR THEN RETURN SQLERRM; END",
        "Cursor 'C' is not open.",
    ),
    (
        "resultset_empty",
        "DECLARE rs RESULTSET; BEGIN RETURN TABLE(rs); EXCEPTION WHEN STATEMENT_ERROR THEN RETURN SQLERRM; END",
        "SQL compilation error:\nRESULTSET 'rs' has no query assigned.",
    ),
    (
        "outer_block",
        "DECLARE e EXCEPTION; BEGIN BEGIN RAISE e; EXCEPTION WHEN STATEMENT_ERROR THEN RETURN 1; END; EXCEPTION WHEN e THEN RETURN 2; END",
        2,
    ),
    (
        "goes_on_behind_inner_block",
        "DECLARE e EXCEPTION; x INT DEFAULT 0; BEGIN BEGIN RAISE e; EXCEPTION WHEN e THEN x := 1; END; x := x + 1; RETURN x; END",
        2,
    ),
    (
        "same_name_is_another",
        "DECLARE e EXCEPTION (-20001, 'outer'); BEGIN DECLARE e EXCEPTION (-20002, 'inner'); BEGIN RAISE e; END; EXCEPTION WHEN e THEN RETURN 'same'; WHEN OTHER THEN RETURN SQLERRM; END",
        "inner",
    ),
    (
        "raise_again",
        "DECLARE e EXCEPTION (-20002, 'boo'); BEGIN BEGIN RAISE e; EXCEPTION WHEN OTHER THEN RAISE; END; EXCEPTION WHEN e THEN RETURN 'again ' || SQLERRM; END",
        "again boo",
    ),
    (
        "raise_other_in_handler",
        "DECLARE e EXCEPTION (-20002, 'one'); f EXCEPTION (-20003, 'two'); BEGIN BEGIN RAISE e; EXCEPTION WHEN e THEN RAISE f; END; EXCEPTION WHEN f THEN RETURN SQLERRM; END",
        "two",
    ),
    (
        "handler_in_handler",
        "DECLARE e EXCEPTION (-20002, 'boo'); BEGIN RAISE e; EXCEPTION WHEN e THEN BEGIN SELECT 1 / 'x'; EXCEPTION WHEN OTHER THEN NULL; END; RETURN SQLERRM; END",
        "boo",
    ),
    (
        "declared_default",
        "BEGIN DECLARE x INT DEFAULT 'a'; BEGIN RETURN x; END; EXCEPTION WHEN EXPRESSION_ERROR THEN RETURN 'caught'; END",
        "caught",
    ),
    (
        "continue_handler",
        "DECLARE x INT DEFAULT 0; BEGIN x := 1; SELECT * FROM nowhere; x := x + 10; RETURN x; EXCEPTION WHEN STATEMENT_ERROR CONTINUE THEN x := x + 100; END",
        111,
    ),
    (
        "continue_in_loop",
        "DECLARE e EXCEPTION; x INT DEFAULT 0; BEGIN FOR i IN 1 TO 3 DO RAISE e; x := x + 1; END FOR; RETURN x; EXCEPTION WHEN e CONTINUE THEN x := x + 10; END",
        33,
    ),
    (
        "exit_handler",
        "DECLARE x INT DEFAULT 0; BEGIN SELECT * FROM nowhere; RETURN 1; EXCEPTION WHEN STATEMENT_ERROR EXIT THEN RETURN 2; END",
        2,
    ),
    (
        "inner_exit_before_outer_continue",
        "DECLARE e EXCEPTION; x INT DEFAULT 0; BEGIN BEGIN RAISE e; x := 5; EXCEPTION WHEN e THEN x := x + 1; END; RETURN x; EXCEPTION WHEN e CONTINUE THEN x := 100; END",
        1,
    ),
    (
        "return_continue_handler",
        "DECLARE e EXCEPTION; BEGIN RAISE e; RETURN 1; EXCEPTION WHEN e CONTINUE THEN RETURN 2; END",
        2,
    ),
    (
        "null_bound",
        "BEGIN FOR i IN 1 TO NULL DO NULL; END FOR; EXCEPTION WHEN EXPRESSION_ERROR THEN RETURN 'no'; END",
        "no",
    ),
    (
        "dynamic_without_text",
        "BEGIN LET q VARCHAR := NULL; EXECUTE IMMEDIATE :q; EXCEPTION WHEN STATEMENT_ERROR THEN RETURN 'no'; END",
        "no",
    ),
]


@pytest.mark.parametrize(("body", "value"), [pytest.param(body, value, id=name) for name, body, value in HANDLED])
def test_handled(session, body: str, value: object) -> None:
    assert execute(body, session).value == value


UNCAUGHT: list[tuple[str, str, int, str, str]] = [
    (
        "user",
        "\n    DECLARE\n        MY_EXCEPTION EXCEPTION (-20002, 'Raised MY_EXCEPTION.');\n    BEGIN\n        RAISE MY_EXCEPTION;\n    END;\n",
        -20002,
        "P0001",
        "Uncaught exception of type 'MY_EXCEPTION' on line 5 at position 8 : Raised MY_EXCEPTION.",
    ),
    (
        "user_without_text",
        "DECLARE E EXCEPTION;\nBEGIN\n  RAISE e;\nEND",
        -20000,
        "P0001",
        "Uncaught exception of type 'E' on line 3 at position 2",
    ),
    (
        "expression",
        "BEGIN\n  LET x := 1;\n  x := 1 / 0;\nEND",
        100051,
        "22012",
        "Uncaught exception of type 'EXPRESSION_ERROR' on line 3 at position 7 : Division by zero",
    ),
    (
        "return_type",
        " BEGIN LET y := 'x'; RETURN y; END; ",
        100038,
        "22018",
        "Uncaught exception of type 'EXPRESSION_ERROR' on line 1 at position 28 : Numeric value 'x' is not recognized",
    ),
    (
        "condition",
        "BEGIN\n  IF ('maybe') THEN RETURN 1; END IF;\nEND",
        100037,
        "22018",
        "Uncaught exception of type 'EXPRESSION_ERROR' on line 2 at position 5 : Boolean value 'maybe' is not recognized",
    ),
    (
        "unknown_target",
        "BEGIN\n  x := 1;\nEND",
        904,
        "42000",
        "Uncaught exception of type 'EXPRESSION_ERROR' on line 2 at position 2 : SQL compilation error:\ninvalid identifier 'X'",
    ),
    (
        "unknown_exception",
        "BEGIN RAISE e; END",
        904,
        "42000",
        "Uncaught exception of type 'EXPRESSION_ERROR' on line 1 at position 6 : SQL compilation error:\ninvalid identifier 'E'",
    ),
    (
        "unknown_in_handler",
        "BEGIN NULL; EXCEPTION WHEN nope THEN NULL; END",
        904,
        "42000",
        "Uncaught exception of type 'EXPRESSION_ERROR' on line 1 at position 0 : SQL compilation error:\ninvalid identifier 'NOPE'",
    ),
    (
        "unknown_cursor",
        "BEGIN OPEN c; END",
        904,
        "42000",
        "Uncaught exception of type 'STATEMENT_ERROR' on line 1 at position 6 : SQL compilation error:\ninvalid identifier 'C'",
    ),
    (
        "bind_not_set",
        "BEGIN\n  SELECT 1,\n    :nope;\nEND",
        2049,
        "42601",
        "Uncaught exception of type 'STATEMENT_ERROR' on line 2 at position 2 : SQL compilation error: error line 2 at position 4\nBind variable :nope not set.",
    ),
    (
        "cursor_without_using",
        " DECLARE c CURSOR FOR SELECT ?; BEGIN OPEN c; RETURN 1; END; ",
        2049,
        "42601",
        "Uncaught exception of type 'STATEMENT_ERROR' on line 1 at position 38 : SQL compilation error: error line 1 at position 7\nBind variable ? not set.",
    ),
    (
        "let_is_hidden_from_handlers",
        "BEGIN LET x := 1; SELECT * FROM nowhere; EXCEPTION WHEN OTHER THEN x := 2; END",
        904,
        "42000",
        "Uncaught exception of type 'EXPRESSION_ERROR' on line 1 at position 67 : SQL compilation error:\ninvalid identifier 'X'",
    ),
    (
        "nested_block_text",
        "BEGIN EXECUTE IMMEDIATE 'BEGIN RETURN 1/0; END'; END",
        100051,
        "22012",
        "Uncaught exception of type 'STATEMENT_ERROR' on line 1 at position 6 : Uncaught exception of type 'EXPRESSION_ERROR' on line 1 at position 13 : Division by zero",
    ),
    (
        "row_field",
        "DECLARE c CURSOR FOR SELECT 1 AS a; BEGIN FOR r IN c DO SELECT :r.b; END FOR; END",
        904,
        "42000",
        "Uncaught exception of type 'STATEMENT_ERROR' on line 1 at position 56 : SQL compilation error:\ninvalid identifier 'R.B'",
    ),
    (
        "identifier",
        "BEGIN LET t := 'a; DROP TABLE b'; SELECT * FROM IDENTIFIER(:t); END",
        904,
        "42000",
        "Uncaught exception of type 'STATEMENT_ERROR' on line 1 at position 34 : SQL compilation error:\ninvalid identifier 'a; DROP TABLE b'",
    ),
    (
        "raise_outside_handler",
        "BEGIN RAISE; END",
        1003,
        "42000",
        "Uncaught exception of type 'EXPRESSION_ERROR' on line 1 at position 6 : SQL compilation error:\nRAISE without an exception is valid only in an exception handler.",
    ),
    (
        "break_unknown_label",
        "BEGIN LOOP BREAK nope; END LOOP here; END",
        1003,
        "42000",
        "SQL compilation error:\nerror line 1 at position 11\nThere is no loop 'NOPE' here to leave or to continue.",
    ),
]


@pytest.mark.parametrize(
    ("body", "errno", "sqlstate", "message"), [pytest.param(*rest, id=name) for name, *rest in UNCAUGHT]
)
def test_uncaught(session, body: str, errno: int, sqlstate: str, message: str) -> None:
    with pytest.raises(SnowflakeError) as caught:
        execute(body, session, returns=SnowType("NUMBER", precision=38, scale=0))
    assert (caught.value.errno, caught.value.sqlstate, caught.value.message) == (errno, sqlstate, message)


class Interrupted:
    """A session whose statements are cancelled, or whose time is over."""

    def __init__(self, errno: int) -> None:
        self.errno = errno

    def run(self, sql: str) -> Result:
        raise SnowflakeError(self.errno, "57014", "SQL execution canceled")

    evaluate = run


@pytest.mark.parametrize("errno", [604, 630])
def test_no_handler_keeps_a_cancelled_script_alive(errno: int) -> None:
    body = "BEGIN LOOP BEGIN SELECT 1; EXCEPTION WHEN OTHER CONTINUE THEN NULL; END; END LOOP; EXCEPTION WHEN OTHER THEN RETURN 1; END"
    with pytest.raises(SnowflakeError, match=r"^SQL execution canceled$") as caught:
        execute(body, Interrupted(errno))
    assert caught.value.errno == errno


SYNTAX: list[tuple[str, str, str]] = [
    ("no_block", "SELECT 1", "syntax error line 1 at position 0 unexpected 'SELECT'."),
    ("empty", "", "syntax error line 1 at position 0 unexpected '<EOF>'."),
    ("no_end", "BEGIN RETURN 1;", "syntax error line 1 at position 15 unexpected '<EOF>'."),
    ("no_statement", "BEGIN END", "syntax error line 1 at position 6 unexpected 'END'."),
    ("no_semicolon", "BEGIN\n  LET x := 1\n  RETURN x;\nEND", "syntax error line 3 at position 2 unexpected 'RETURN'."),
    (
        "no_semicolon_before_assignment",
        "BEGIN\n  x := 1\n  y := 2;\nEND",
        "syntax error line 3 at position 4 unexpected ':='.",
    ),
    (
        "no_semicolon_before_assignment",
        "BEGIN\n  x := 1\n  y := 2;\nEND",
        "syntax error line 3 at position 4 unexpected ':='.",
    ),
    ("no_then", "BEGIN IF (TRUE) RETURN 1; END IF; END", "syntax error line 1 at position 16 unexpected 'RETURN'."),
    ("end_if_missing", "BEGIN IF (TRUE) THEN RETURN 1; END; END", "syntax error line 1 at position 34 unexpected ';'."),
    ("wrong_end", "BEGIN LOOP NULL; END FOR; END", "syntax error line 1 at position 21 unexpected 'FOR'."),
    ("let_without_value", "BEGIN LET x INT; END", "syntax error line 1 at position 15 unexpected ';'."),
    ("declare_without_type", "DECLARE x; BEGIN NULL; END", "syntax error line 1 at position 9 unexpected ';'."),
    ("unknown_statement", "BEGIN\n FROBNICATE t;\nEND", "syntax error line 2 at position 1 unexpected 'FROBNICATE'."),
    ("behind_the_block", "BEGIN NULL; END; SELECT 1", "syntax error line 1 at position 17 unexpected 'SELECT'."),
    ("empty_expression", "BEGIN RETURN (1 + ; END", "syntax error line 1 at position 18 unexpected ';'."),
    ("empty_assignment", "BEGIN x := ; END", "syntax error line 1 at position 11 unexpected ';'."),
    (
        "handler_without_when",
        "BEGIN NULL; EXCEPTION RETURN 1; END",
        "syntax error line 1 at position 22 unexpected 'RETURN'.",
    ),
    (
        "statement_behind_handler",
        "BEGIN NULL; EXCEPTION WHEN OTHER THEN END",
        "syntax error line 1 at position 38 unexpected 'END'.",
    ),
    ("fetch_without_into", "BEGIN FETCH c; END", "syntax error line 1 at position 13 unexpected ';'."),
    ("break_without_loop", "BEGIN BREAK; END", "syntax error line 1 at position 6 unexpected 'BREAK'."),
    ("continue_behind_loop", "BEGIN LOOP BREAK; END LOOP; CONTINUE; END", "unexpected 'CONTINUE'."),
    (
        "reverse_cursor",
        "BEGIN FOR r IN REVERSE c DO NULL; END FOR; END",
        "syntax error line 1 at position 25 unexpected 'DO'.",
    ),
    ("unclosed_string", "BEGIN RETURN 'abc; END", "parse error line 1 at position 13 near '<EOF>'."),
    ("transaction", "BEGIN TRANSACTION", "syntax error line 1 at position 0 unexpected 'BEGIN'."),
]


@pytest.mark.parametrize(("body", "words"), [pytest.param(body, words, id=name) for name, body, words in SYNTAX])
def test_syntax_is_checked_before_anything_runs(body: str, words: str) -> None:
    with pytest.raises(SnowflakeError) as caught:
        check(body)
    assert (caught.value.errno, caught.value.sqlstate) == (1003, "42000")
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("body", "feature"),
    [
        ("DECLARE x GEOGRAPHY; BEGIN NULL; END", "data type GEOGRAPHY"),
        ("BEGIN EXECUTE IMMEDIATE FROM @s/f.sql; END", "EXECUTE IMMEDIATE FROM"),
        ("BEGIN EXECUTE IMMEDIATE 'SELECT 1' INTO :x; END", "EXECUTE IMMEDIATE … INTO"),
        ("BEGIN " * 200 + "NULL; " + "END; " * 200, "more than 100 nested statements"),
        ("BEGIN " + "IF (TRUE) THEN " * 200 + "NULL; " + "END IF; " * 200 + "END", "more than 100 nested statements"),
    ],
)
def test_what_is_not_there_yet_is_refused_by_name(body: str, feature: str) -> None:
    with pytest.raises(SnowflakeError) as caught:
        check(body)
    assert caught.value.message == f"SQL compilation error:\nUnsupported feature '{feature}'."


@pytest.mark.parametrize("number", [-19999, -21000, 20001])
def test_exception_numbers_have_a_range(number: int) -> None:
    with pytest.raises(SnowflakeError, match="must be between -20999 and -20000"):
        check(f"DECLARE e EXCEPTION ({number}, 'x'); BEGIN NULL; END")


@pytest.mark.parametrize(
    "body",
    ["BEGIN RETURN " + "(" * 5000 + "1" + ")" * 5000 + "; END", "BEGIN RETURN " + "-" + "NOT " * 5000 + "TRUE; END"],
)
def test_deep_expressions_do_not_break_the_parser(body: str) -> None:
    check(body)
