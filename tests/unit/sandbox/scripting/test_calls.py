"""CALL: arguments by position and name, defaults, overloads, and what is answered when nothing fits."""

from __future__ import annotations

import pytest

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.result import SnowType
from runner.sandbox.scripting import (
    ArgumentText,
    Given,
    Parameter,
    bind_arguments,
    choose,
    evaluate_arguments,
    parse_call,
    parse_parameters,
)

NUMBER = SnowType("NUMBER", precision=38, scale=0)
TIMES = ("NTZ", "LTZ", "TZ")
NAMES = ("FLOAT", "VARCHAR", "BOOLEAN", "DATE", "TIME", "BINARY", "VARIANT", "OBJECT", "ARRAY")
KINDS = {name: SnowType(name) for name in NAMES}
KINDS |= {"NUMBER": NUMBER} | {name: SnowType(f"TIMESTAMP_{name}") for name in TIMES}


@pytest.mark.parametrize(
    ("text", "procedure", "arguments"),
    [
        ("CALL p()", ("P",), []),
        ("call db.s.\"p\"(1, 'a,b', f(x, y));", ("DB", "S", "p"), [("", "1"), ("", "'a,b'"), ("", "f(x, y)")]),
        ('CALL p(a => 1, "b" => -2)', ("P",), [("A", "1"), ("b", "-2")]),
        (
            "CALL p((SELECT MAX(a) FROM t), CASE WHEN a THEN 1 END)",
            ("P",),
            [("", "(SELECT MAX(a) FROM t)"), ("", "CASE WHEN a THEN 1 END")],
        ),
        ("CALL IDENTIFIER('s.p')(1)", ("S", "P"), [("", "1")]),
    ],
)
def test_parsing(text: str, procedure: tuple[str, ...], arguments: list[tuple[str, str]]) -> None:
    call = parse_call(text)
    assert (call.procedure, call.arguments) == (procedure, tuple(ArgumentText(*each) for each in arguments))


@pytest.mark.parametrize(
    "text", ["CALL p", "CALL p(1", "CALL p(1,)", "CALL p(,)", "CALL p(1 2) 3", "CALL p(1) FROM t", "CALL p(1, b => 2)"]
)
def test_a_call_that_is_none(text: str) -> None:
    with pytest.raises(SnowflakeError) as caught:
        parse_call(text)
    assert caught.value.errno == 1003


OVERLOADS: list[tuple[str, str, str]] = [
    # the alternatives, the argument, the one that is chosen
    ("NUMBER VARCHAR", "NUMBER", "NUMBER"),
    ("NUMBER VARCHAR", "VARCHAR", "VARCHAR"),
    ("NUMBER VARCHAR", "BOOLEAN", "VARCHAR"),
    ("NUMBER VARCHAR", "DATE", "VARCHAR"),
    ("NUMBER VARCHAR", "FLOAT", "VARCHAR"),
    ("NUMBER VARCHAR", "NULL", "NUMBER"),
    ("NUMBER DATE", "NUMBER", "NUMBER"),
    ("NUMBER DATE", "VARCHAR", "DATE"),
    ("NUMBER DATE", "FLOAT", "NUMBER"),
    ("NUMBER DATE", "NTZ", "DATE"),
    ("FLOAT NUMBER", "NUMBER", "NUMBER"),
    ("FLOAT NUMBER", "FLOAT", "FLOAT"),
    ("FLOAT NUMBER", "VARCHAR", "FLOAT"),
    ("VARCHAR BOOLEAN", "NUMBER", "BOOLEAN"),
    ("VARCHAR BOOLEAN", "NULL", "BOOLEAN"),
    ("LTZ TZ", "TZ", "TZ"),
    ("LTZ TZ", "NTZ", "LTZ"),
    ("LTZ TZ", "VARCHAR", "LTZ"),
    ("TIME VARCHAR", "NUMBER", "VARCHAR"),
    ("TIME VARCHAR", "TIME", "TIME"),
    ("TIME VARCHAR", "NULL", "VARCHAR"),
    ("BINARY VARCHAR", "NUMBER", "VARCHAR"),
    ("BINARY VARCHAR", "NULL", "BINARY"),
    ("ARRAY VARCHAR", "ARRAY", "ARRAY"),
    ("ARRAY VARCHAR", "VARIANT", "ARRAY"),
    ("OBJECT VARIANT", "OBJECT", "OBJECT"),
    ("OBJECT VARIANT", "VARIANT", "VARIANT"),
    ("OBJECT VARIANT", "NUMBER", "VARIANT"),
    ("OBJECT VARIANT", "NULL", "OBJECT"),
    ("NUMBER VARCHAR DATE", "NULL", "DATE"),
    ("NUMBER VARCHAR DATE", "VARCHAR", "VARCHAR"),
    ("NUMBER BOOLEAN", "VARCHAR", "BOOLEAN"),
    ("FLOAT VARCHAR", "NUMBER", "FLOAT"),
    ("NTZ DATE", "VARCHAR", "DATE"),
    ("VARIANT VARCHAR", "VARCHAR", "VARCHAR"),
    ("VARIANT VARCHAR", "NUMBER", "VARIANT"),
    ("VARIANT VARCHAR", "NULL", "VARCHAR"),
]


@pytest.mark.parametrize(("alternatives", "argument", "chosen"), OVERLOADS)
def test_overloads(alternatives: str, argument: str, chosen: str) -> None:
    names = alternatives.split()
    given = [Given("", None, KINDS.get(argument))]
    index = choose(parse_call("CALL p(x)"), given, [[Parameter("A", KINDS[name])] for name in names])
    assert names[index] == chosen


def test_the_number_of_arguments_comes_first() -> None:
    one, two = [Parameter("A", NUMBER)], [Parameter("A", NUMBER), Parameter("B", NUMBER, "2")]
    assert choose(parse_call("CALL p(1)"), [Given("", 1, NUMBER)], [one]) == 0
    assert choose(parse_call("CALL p(1, 2)"), [Given("", 1, NUMBER)] * 2, [one, two]) == 1
    assert choose(parse_call("CALL p(b => 2, a => 1)"), [Given("B", 1, NUMBER), Given("A", 1, NUMBER)], [one, two]) == 1


NOWHERE = "SQL compilation error: error line 0 at position -1\n"
REFUSED: list[tuple[str, list[Given], list[list[Parameter]], int, str]] = [
    ("CALL p()", [], [], 2140, "SQL compilation error:\nUnknown function P."),
    ("CALL db.s.p()", [], [], 2141, "SQL compilation error:\nUnknown user-defined function DB.S.P."),
    (
        "CALL p(TRUE)",
        [Given("", True, KINDS["BOOLEAN"])],
        [[Parameter("A", NUMBER)], [Parameter("A", KINDS["DATE"])]],
        1044,
        f"{NOWHERE}Invalid argument types for function 'P': (BOOLEAN)",
    ),
    (
        "CALL p('a', 1)",
        [Given("", "a", KINDS["VARCHAR"]), Given("", 1, NUMBER)],
        [[Parameter("A", KINDS["VARCHAR"]), Parameter("B", KINDS["DATE"])]],
        1044,
        f"{NOWHERE}Invalid argument types for function 'P': (VARCHAR, NUMBER)",
    ),
    (
        "CALL p(1, 2, 3)",
        [Given("", 1, NUMBER)] * 3,
        [[Parameter("A", NUMBER)], [Parameter("A", NUMBER), Parameter("B", NUMBER)]],
        939,
        f"{NOWHERE}too many arguments for function [P(1, 2, 3)] expected 2, got 3",
    ),
    (
        "CALL p()",
        [],
        [[Parameter("A", NUMBER), Parameter("B", NUMBER, "1")]],
        938,
        f"{NOWHERE}not enough arguments for function [P()], expected 1, got 0",
    ),
    (
        "CALL p(z => 1)",
        [Given("Z", 1, NUMBER)],
        [[Parameter("A", NUMBER)]],
        1044,
        f"{NOWHERE}Invalid argument types for function 'P': (NUMBER)",
    ),
]


@pytest.mark.parametrize(("text", "given", "overloads", "errno", "message"), REFUSED)
def test_what_fits_nothing(
    text: str, given: list[Given], overloads: list[list[Parameter]], errno: int, message: str
) -> None:
    with pytest.raises(SnowflakeError) as caught:
        choose(parse_call(text), given, overloads)
    assert (caught.value.errno, caught.value.message) == (errno, message)


def test_binding_converts_and_fills_defaults(session) -> None:
    parameters = parse_parameters(
        "a NUMBER(10,2), b VARCHAR(5) DEFAULT 'x', c DATE DEFAULT DATE '2024-01-31' + 1, d INT DEFAULT NULL"
    )
    call = parse_call("CALL p('1.005', c => '2024-02-02')".replace("'1.005'", "a => '1.005'"))
    bound = bind_arguments(parameters, evaluate_arguments(call, session.evaluate), session.evaluate)
    assert {name: str(variable.value) for name, variable in bound.items()} == {
        "A": "1.01",
        "B": "x",
        "C": "2024-02-02",
        "D": "None",
    }
    assert [parameter.default_sql for parameter in parameters] == [None, "'x'", "DATE '2024-01-31' + 1", "NULL"]


def test_a_default_is_evaluated_when_it_is_needed(session) -> None:
    (parameter,) = parse_parameters("since DATE DEFAULT DATE '2024-01-31' + 1")
    bound = bind_arguments([parameter], [], session.evaluate)
    assert (str(bound["SINCE"].value), session.evaluated) == ("2024-02-01", ["DATE '2024-01-31' + 1"])


def test_an_argument_too_long_for_its_parameter(session) -> None:
    with pytest.raises(SnowflakeError, match="String 'abc' is too long"):
        bind_arguments(parse_parameters("a VARCHAR(2)"), [Given("", "abc", KINDS["VARCHAR"])], session.evaluate)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a INOUT INT", "Unsupported feature 'INOUT argument'"),
        ("a", "unexpected '<EOF>'"),
        ("a INT,", "unexpected '<EOF>'"),
        ("a INT b INT", "unexpected 'b'"),
        ("a INT DEFAULT 1, b INT", "Required arguments must precede optional arguments"),
        ("a WIDGET", "Unsupported data type 'WIDGET'"),
    ],
)
def test_signatures_that_are_refused(text: str, words: str) -> None:
    with pytest.raises(SnowflakeError, match=words):
        parse_parameters(text)


def test_an_empty_signature() -> None:
    assert parse_parameters("  ") == ()
