"""Formatting for people: laid out where it is safe, untouched where it is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from runner.sql.formatting import pretty
from runner.sql.lexing import Kind, tokens
from runner.sql.splitting import split

from .splitting_cases import CASES


def test_a_query_is_laid_out_and_keywords_stand_out() -> None:
    assert pretty("select a, b from db.s.t join u on t.a=u.a where x = 'select;' group by 1; -- end\n") == (
        "SELECT a,\n       b\nFROM db.s.t\nJOIN u ON t.a=u.a\nWHERE x = 'select;'\nGROUP BY 1; -- end\n"
    )


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 // it's\n, 2",
        "SELECT 'never closed",
        "CREATE FUNCTION f() RETURNS INT LANGUAGE PYTHON AS $$\ndef f():\n  return 1\n$$",
        "SELECT " + "1, " * 10_000 + "1",
        "",
    ],
)
def test_what_is_in_doubt_is_left_as_it_is(sql: str) -> None:
    assert essence(pretty(sql)) == essence(sql)


def essence(sql: str) -> list[str]:
    if sql == "SELECT 'never closed":
        return [sql]
    return [token.text.upper().rstrip() for token in tokens(sql) if token.kind is not Kind.SPACE]


@pytest.mark.parametrize("marked", [text for _, text in CASES], ids=[name for name, _ in CASES])
def test_no_tricky_statement_is_changed_in_what_it_says(marked: str) -> None:
    sql = marked.replace("¦", "")
    assert essence(pretty(sql)) == essence(sql)
    assert len(split(pretty(sql))) == len(split(sql))


TEXT = "select a from t 'x;' /*d*/ ( ) , case when end ; begin"
WORDS = [*TEXT.split(), "--c\n", "$$ b $$"]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(WORDS), max_size=15).map(" ".join))
def test_formatting_keeps_every_token(sql: str) -> None:
    assert essence(pretty(sql)) == essence(sql)
