"""Values in SQL: what the session is sent for each kind of variable, and what is left alone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given, strategies as st

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.result import Result, SnowType, rows_result
from runner.sandbox.scripting import Variable, execute
from runner.sandbox.scripting.binding import fill_placeholders, object_name
from runner.sandbox.scripting.values import Json, literal, to_number
from runner.sandbox.tokens import Kind, tokenize


class Recorder:
    """A session that keeps what it is sent and answers with no rows."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def run(self, sql: str) -> Result:
        self.sent.append(sql)
        result = rows_result([], [])
        return Result(result.columns, result.table, result.statement, 0, "0198-q")

    def call(self, sql: str, variables: frozenset[int]) -> Result:
        return self.run(sql)

    evaluate = run


NTZ, LTZ, TZ = SnowType("TIMESTAMP_NTZ"), SnowType("TIMESTAMP_LTZ"), SnowType("TIMESTAMP_TZ")
MOMENT = datetime(2024, 1, 2, 3, 4, 5, 678)
ZONED = MOMENT.replace(tzinfo=timezone(timedelta(hours=2)))
VARIABLES = {
    "N": Variable(5, SnowType("NUMBER")),
    "MINUS": Variable(-5, SnowType("NUMBER")),
    "D": Variable(Decimal("-1.50"), SnowType("NUMBER")),
    "F": Variable(1e300, SnowType("FLOAT")),
    "S": Variable("it's \\ a;b", SnowType("VARCHAR")),
    "B": Variable(True, SnowType("BOOLEAN")),
    "DAY": Variable(date(1, 2, 3), SnowType("DATE")),
    "T": Variable(time(1, 2, 3), SnowType("TIME")),
    "NTZ": Variable(MOMENT, NTZ),
    "LTZ": Variable(ZONED, LTZ),
    "TZ": Variable(ZONED, TZ),
    "BIN": Variable(b"\x00\xff", SnowType("BINARY")),
    "V": Variable(Json('{"a": "it\'s"}'), SnowType("VARIANT")),
    "O": Variable(Json("{}", "OBJECT"), SnowType("OBJECT")),
    "NOTHING": Variable(None, SnowType("VARCHAR")),
    "NAME": Variable('db."My table"', SnowType("VARCHAR")),
}
SENT: list[tuple[str, str]] = [
    ("SELECT :n", "SELECT 5"),
    ("SELECT 1 -:minus", "SELECT 1 -(-5)"),
    ("SELECT :d", "SELECT (-1.50)"),
    ("SELECT :f", "SELECT '1e+300'::FLOAT"),
    ("SELECT :s", r"SELECT 'it''s \\ a;b'"),
    ("SELECT :b, :nothing", "SELECT TRUE, NULL"),
    ("SELECT :day", "SELECT '0001-02-03'::DATE"),
    ("SELECT :t", "SELECT '01:02:03'::TIME"),
    ("SELECT :ntz", "SELECT '2024-01-02 03:04:05.000678'::TIMESTAMP_NTZ"),
    ("SELECT :ltz", "SELECT '2024-01-02 03:04:05.000678+02:00'::TIMESTAMP_LTZ"),
    ("SELECT :tz", "SELECT '2024-01-02 03:04:05.000678+02:00'::TIMESTAMP_TZ"),
    ("SELECT :bin", "SELECT X'00FF'"),
    ("SELECT :v:a", "SELECT PARSE_JSON('{\"a\": \"it''s\"}'):a"),
    ("SELECT :o", "SELECT PARSE_JSON('{}')::OBJECT"),
    ("SELECT IDENTIFIER(:name)", 'SELECT db."My table"'),
    ("SELECT * FROM TABLE(:name)", 'SELECT * FROM db."My table"'),
    ("SELECT * FROM TABLE(RESULT_SCAN(:s))", r"SELECT * FROM TABLE(RESULT_SCAN('it''s \\ a;b'))"),
    ("DROP TABLE IDENTIFIER( :name )", 'DROP TABLE db."My table"'),
    ("SELECT ':n', \":n\", $$:n$$ -- :n\n, /* :n */ :n", "SELECT ':n', \":n\", $$:n$$ -- :n\n, /* :n */ 5"),
    ("SELECT c:n, c::n, c[0]:n, f(x):n FROM t", "SELECT c:n, c::n, c[0]:n, f(x):n FROM t"),
    ("SELECT {'a': :n, 'b':n}", "SELECT {'a': 5, 'b':n}"),
    ("SELECT n, t.n FROM t", "SELECT n, t.n FROM t"),
    ("CALL p(:n, x => :s)", r"CALL p(5, x => 'it''s \\ a;b')"),
    ("ALTER SESSION SET QUERY_TAG = :s", r"ALTER SESSION SET QUERY_TAG = 'it''s \\ a;b'"),
    ('SELECT :"N"', "SELECT 5"),
    ("SELECT\n  :N\n", "SELECT\n  5"),
    ("INSERT INTO t SELECT :n, x INTO_COLUMN FROM s", "INSERT INTO t SELECT 5, x INTO_COLUMN FROM s"),
    ("SELECT $n, $1 FROM t", "SELECT $n, $1 FROM t"),
]


@pytest.mark.parametrize(("statement", "sent"), SENT)
def test_statements_get_literals(statement: str, sent: str) -> None:
    recorder = Recorder()
    execute(f"BEGIN {statement}; END", recorder, arguments=VARIABLES)
    assert recorder.sent == [sent]


EXPRESSIONS: list[tuple[str, str]] = [
    ("SOME_UDF(n, :n, t.n)", "SOME_UDF(5, 5, t.n)"),
    ("SOME_UDF((SELECT n FROM t WHERE n = :n))", "SOME_UDF((SELECT n FROM t WHERE n = 5))"),
    ("ZEROIFNULL((n))", "ZEROIFNULL((5))"),
    ("f(n => n)", "f(n => 5)"),
    ("v:n::VARCHAR", "PARSE_JSON('{\"a\": \"it''s\"}'):n::VARCHAR"),
    ("n(1)", "n(1)"),
    ("CURRENT_DATE - n", "CURRENT_DATE - 5"),
    ("s LIKE 'n%'", r"'it''s \\ a;b' LIKE 'n%'"),
    ("$n + n", "$n + 5"),
]


@pytest.mark.parametrize(("expression", "sent"), EXPRESSIONS)
def test_expressions_that_the_session_evaluates(expression: str, sent: str) -> None:
    recorder = Recorder()
    with pytest.raises(IndexError):
        execute(f"BEGIN RETURN {expression}; END", recorder, arguments=VARIABLES)
    assert recorder.sent == [sent]


def test_a_result_set_in_sql_is_read_again_by_its_query_id() -> None:
    recorder = Recorder()
    execute("BEGIN LET rs RESULTSET := (SELECT 1); SELECT * FROM TABLE(rs); SELECT * FROM TABLE(:rs); END", recorder)
    assert recorder.sent[1:] == ["SELECT * FROM TABLE(RESULT_SCAN('0198-q'))"] * 2


@pytest.mark.parametrize(
    ("text", "values", "filled"),
    [
        ("SELECT ?, ?", [1, "a'b"], "SELECT 1, 'a''b'"),
        ("SELECT :2, :1, :2", [1, 2], "SELECT 2, 1, 2"),
        ("SELECT '?', ? -- ?", [None], "SELECT '?', NULL -- ?"),
        ("SELECT 1", [5], "SELECT 1"),
    ],
)
def test_placeholders(text: str, values: list[object], filled: str) -> None:
    assert fill_placeholders(text, values) == filled


@pytest.mark.parametrize(("text", "name"), [("SELECT ?, ?", "?"), ("SELECT :1, :2", ":2"), ("SELECT :0", ":0")])
def test_a_placeholder_without_value(text: str, name: str) -> None:
    with pytest.raises(SnowflakeError, match=f"Bind variable \\{name} not set"):
        fill_placeholders(text, [1])


@pytest.mark.parametrize("value", ["a b", "a;b", "", "a.b.c.d", "'x'", None, 5, "f(x)", "a--b\nc"])
def test_an_object_name_is_nothing_else(value: object) -> None:
    with pytest.raises(SnowflakeError):
        object_name(value)


@given(st.text())
def test_any_text_reads_back_as_one_string(value: str) -> None:
    (token, _) = tokenize(literal(value))
    assert (token.kind, token.text) == (Kind.STRING, value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**20), max_value=10**20))
def test_any_decimal_keeps_its_digits(value: Decimal) -> None:
    assert Decimal(literal(value).strip("()")) == value


@given(
    st.integers(0, 38),
    st.integers(0, 38),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40),
)
def test_a_number_fits_its_type_or_is_refused(precision: int, scale: int, value: Decimal) -> None:
    precision, scale = max(precision, 1), min(scale, max(precision, 1))
    limit = Decimal(10) ** (precision - scale)
    with localcontext(prec=100):
        fits = abs(value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)) < limit
        if not fits:
            with pytest.raises(SnowflakeError, match="out of range"):
                to_number(value, SnowType("NUMBER", precision=precision, scale=scale))
            return
        number = Decimal(to_number(value, SnowType("NUMBER", precision=precision, scale=scale)))
        assert abs(number - value) <= Decimal(5).scaleb(-scale - 1)
        assert abs(number) < limit
