"""Expressions computed without the session: the value, and those that must be left to the session."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.result import TEXT, SnowType
from runner.sandbox.scripting import check
from runner.sandbox.scripting.arithmetic import NotDirect
from runner.sandbox.scripting.direct import compile_direct
from runner.sandbox.scripting.scope import Row, Scope, Variable
from runner.sandbox.scripting.values import Json
from runner.sandbox.tokens import tokenize

SCOPE = Scope()
for name, held in {
    "N": 7,
    "D": Decimal("2.50"),
    "S": "abc",
    "B": True,
    "NOTHING": None,
    "F": 1.5,
    "DAY": date(2024, 1, 31),
    "MOMENT": datetime(2024, 1, 31, 10, 30),
    "V": Json("{}"),
}.items():
    SCOPE.declare(name, Variable(held, TEXT))
SCOPE.declare("R", Row({"C": Variable(3, SnowType("NUMBER")), "j": Variable(Json("1"), SnowType("VARIANT"))}))


def compute(text: str) -> object:
    direct = compile_direct(text, tokenize(text)[:-1])
    if direct is None:
        raise NotDirect
    return direct(SCOPE)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("n + d", Decimal("9.50")),
        ("-d", Decimal("-2.50")),
        ("n * -2 + +1", -13),
        ("d * d", Decimal("6.2500")),
        ("n / 2", Decimal("3.500000")),
        ("-n % 4", -3),
        ("5.5 % 2", Decimal("1.5")),
        ("(n + 1) * 2", 16),
        ("n = 7.00", True),
        ("n <> 7", False),
        ("n != 8 AND d >= 2.5", True),
        ("NOT n > 8 AND NOT NOT TRUE", True),
        ("NULL OR TRUE", True),
        ("NULL AND FALSE", False),
        ("NULL AND TRUE", None),
        ("NULL OR FALSE", None),
        ("NOT NULL", None),
        ("FALSE AND 1 / 0 = 1", False),
        ("TRUE OR 1 / 0 = 1", True),
        ("nothing IS NULL", True),
        ("n IS NOT NULL", True),
        ("nothing = nothing", None),
        ("n IN (1, 7)", True),
        ("n NOT IN (1, 7)", False),
        ("n IN (1, NULL)", None),
        ("n NOT IN (1, NULL)", None),
        ("n BETWEEN 7 AND 8", True),
        ("n NOT BETWEEN 7 AND 8", False),
        ("s < 'abd'", True),
        ("b = TRUE", True),
        ("s || '-' || n || '-' || d || b", "abc-7-2.50true"),
        ("day < day + 1", True),
        ("day + 1", date(2024, 2, 1)),
        ("day - 31", date(2023, 12, 31)),
        ("(day + 29) - day", 29),
        (":n + :r.c + r.c", 13),
        ("CASE WHEN n = 7 THEN 'x' WHEN 1 / 0 = 1 THEN 'y' END", "x"),
        ("CASE n WHEN 1 THEN 'one' WHEN 7 THEN 'seven' ELSE 'z' END", "seven"),
        ("n::VARCHAR || '5'::INT", "75"),
        ("'2.345'::NUMBER(5,2)", Decimal("2.35")),
        ("UPPER(s) || LOWER('X') || TRIM('  y ')", "ABCxy"),
        ("LTRIM('  a ') || RTRIM(' b  ') || '|'", "a  b|"),
        ("LENGTH(s) + LEN('')", 3),
        ("COALESCE(nothing, NULL, s)", "abc"),
        ("NVL(nothing, 5) + IFNULL(1, 2)", 6),
        ("IFF(n > 5, 'big', 'small')", "big"),
        ("IFF(NULL, 1, 2)", 2),
        ("NULLIF(n, 7)", None),
        ("NULLIF(n, 8)", 7),
        ("CONCAT(s, '-', n)", "abc-7"),
        ("MOD(n, 4) + ABS(-3)", 6),
        ("GREATEST(1, n, 3) - LEAST(4, 2)", 5),
        ("GREATEST(1, NULL)", None),
        ("LEFT(s, 2) || RIGHT(s, 1) || RIGHT(s, 0) || LEFT(s, 9)", "abcabc"),
        ("REPLACE(s, 'b', 'xx') || REPLACE(s, 'b')", "axxcac"),
        ("TO_VARCHAR(n) || TO_CHAR(d)", "72.50"),
        ("ROUND(d)", 3),
        ("ROUND(-2.345, 2)", Decimal("-2.35")),
        ("ROUND(n, 2)", 7),
        ("FLOOR(-2.5) + CEIL(2.1)", 0),
        ("DATEADD(day, 1, day)", date(2024, 2, 1)),
        ("DATEADD('month', 1, day)", date(2024, 2, 29)),
        ("DATEADD(YEAR, -1, DATEADD(month, 1, day))", date(2023, 2, 28)),
        ("DATEADD(week, 1, day)", date(2024, 2, 7)),
        ("DATEADD(hour, 14, moment)", datetime(2024, 2, 1, 0, 30)),
        ("DATEADD(day, NULL, day)", None),
        ("DATEDIFF(day, day, day + 3)", 3),
        ("DATEDIFF('month', day, day + 1)", 1),
        ("DATEDIFF(year, day, day + 1)", 0),
        ("99999999999999999999999999999999999999 - 1", 10**38 - 2),
        ("-99999999999999999999999999999999999999", 1 - 10**38),
    ],
)
def test_value(text: str, value: object) -> None:
    found = compute(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "text",
    [
        "n = '7'",
        "s || day",
        "n + '7'",
        "f + 1",
        "v",
        "v:a",
        "r.j",
        "r.nope",
        "nope",
        "s LIKE 'a%'",
        "(SELECT 1)",
        "n IN (SELECT 1)",
        "EXISTS (SELECT 1)",
        "CURRENT_DATE",
        "CURRENT_DATE()",
        "SOME_UDF(1)",
        "UPPER('é')",
        "UPPER(n)",
        "UPPER()",
        "COALESCE(n, s)",
        "GREATEST(n, d)",
        "moment || ''",
        "f || ''",
        "day = moment",
        "n AND TRUE",
        "NOT s",
        "s::VARCHAR(2)",
        "s::DATE",
        "b::INT",
        "s::WIDGET",
        "1e3",
        "$session_variable",
        "n IS TRUE",
        "99999999999999999999999999999999999999 + 1",
        "DATEADD(day, 1.5, day)",
        "DATEADD(hour, 1, day)",
        "DATEADD(nanosecond, 1, day)",
        "DATEADD(day, 9999999, day)",
        "DATEADD(year, 99999, day)",
        "DATEDIFF(week, day, day)",
        "DATEDIFF(day, moment, moment)",
        "ROUND(d, -1)",
        "ROUND(d, s)",
        "n n",
        "db.schema.f(1)",
        "r.c.d",
        "n ->> 1",
        "{'a': 1}",
    ],
)
def test_what_only_the_session_knows(text: str) -> None:
    with pytest.raises(NotDirect):
        compute(text)


@pytest.mark.parametrize("text", ["1 / 0", "1 % 0", "MOD(n, 0)", "d / (n - 7)"])
def test_division_by_zero(text: str) -> None:
    with pytest.raises(SnowflakeError) as caught:
        compute(text)
    assert (caught.value.errno, caught.value.sqlstate) == (100051, "22012")


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)


@given(NUMBERS, NUMBERS)
def test_arithmetic_agrees_with_exact_arithmetic(left: Decimal, right: Decimal) -> None:
    assert compute(f"({left:f}) + ({right:f})") == left + right
    assert compute(f"({left:f}) - ({right:f})") == left - right
    assert compute(f"({left:f}) * ({right:f})") == left * right
    assert compute(f"({left:f}) < ({right:f})") is (left < right)
    if right:
        quotient = compute(f"({left:f}) / ({right:f})")
        assert isinstance(quotient, Decimal)
        assert abs(quotient * right - left) <= abs(right) * Decimal("5e-11") + Decimal("1e-15")


VOCABULARY = """
BEGIN END DECLARE EXCEPTION WHEN OTHER THEN IF ELSEIF ELSE CASE LOOP FOR IN TO DO WHILE REPEAT UNTIL BREAK CONTINUE
RETURN RAISE LET CURSOR RESULTSET OPEN FETCH CLOSE INTO USING EXECUTE IMMEDIATE SELECT INSERT TABLE NULL INT VARCHAR
DEFAULT AS PROCEDURE CREATE ( ) , ; ; ; := . :: : :x x y 1 2.5 'a' "Q" $$b$$ + - || = AND NOT [ ] { } ->> => @ ?
"""
WORDS = VOCABULARY.split()


@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_any_sequence_of_words_parses_or_is_refused(words: list[str]) -> None:
    try:
        check("BEGIN " + " ".join(words) + " END")
    except SnowflakeError as error:
        assert error.errno in (1003, 2, 2040, 2263)  # noqa: PT017 - either outcome is right


@given(st.text(max_size=60))
def test_any_text_parses_or_is_refused(text: str) -> None:
    for body in (text, f"BEGIN {text}; END", f"BEGIN RETURN {text}; END"):
        try:
            check(body)
        except SnowflakeError as error:
            assert error.sqlstate in ("42000", "0A000", "42601")  # noqa: PT017 - either outcome is right
