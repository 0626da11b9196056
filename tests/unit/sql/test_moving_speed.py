"""The time that reading and moving take grows with the text, whatever the text is."""

from __future__ import annotations

import time

import pytest

from runner.sql.mentions import mentions
from runner.sql.moving import Names, move
from runner.sql.rerunnable import rerunnable

NAMES = Names({"D": "{{ d }}"}, {("D", "S"): "{{ s }}"}, {}, {("D", "S", "T"): "T2"}, {}, ("D", "S"))
VIEW, ROUTINE = "create or replace view D.S.X as select ", "CREATE OR REPLACE PROCEDURE D.S.P() RETURNS INT LANGUAGE "

TEXTS = {
    "columns": lambda n: VIEW + "T.x, " * n + "1 from D.S.T",
    "unions": lambda n: VIEW + "T.x from T union all select " * n + "1",
    "nested": lambda n: VIEW + "* from (select T.a, y.z from " * n + "T" + ")" * n,
    "common tables": lambda n: (
        VIEW + "1" + "".join(f", (with c{i} as (select * from c{i}) select 1)" for i in range(n))
    ),
    "itself": lambda n: "create view X as with t as (select * from " + "t join " * n + "t) select 1",
    "parentheses": lambda n: VIEW + "(" * n + "1" + ")" * n,
    "texts": lambda n: VIEW + "'D.S.T' || " * n + "1",
    "marks": lambda n: VIEW + "'" + "{{ {% {# " * n + "'",
    "expressions": lambda n: VIEW + "'" + "{{ x }} " * n + "'",
    "a long text": lambda n: VIEW + "'update " + "a set " * n + "'",
    "a text that never ends": lambda n: VIEW + "'" + "''" * n,
    "body": lambda n: ROUTINE + "SQL AS 'BEGIN " + "INSERT INTO D.S.T SELECT ''d''; " * n + " END'",
    "javascript": lambda n: ROUTINE + 'JAVASCRIPT AS \'x = "DELETE FROM D.S.T" + `${ /* ; ' + 'y = "D.S.T"; ' * n + "'",
    "comments that never end": lambda n: ROUTINE + "JAVASCRIPT AS '" + "/* " * n + "'",
    "python": lambda n: ROUTINE + "PYTHON AS '" + 'x = f"DELETE FROM {D}.S.T" # d\n' * n + "'",
}


def _seconds(text: str) -> float:
    start = time.process_time()
    mentions(text)
    move(rerunnable(text, "PROCEDURE" if "PROCEDURE" in text[:40] else "VIEW"), NAMES)
    return time.process_time() - start


@pytest.mark.drill
@pytest.mark.parametrize("name", TEXTS)
def test_eight_times_the_text_takes_about_eight_times_as_long(name: str) -> None:
    small = min(_seconds(TEXTS[name](500)) for _ in range(3))
    assert _seconds(TEXTS[name](4_000)) < 25 * small + 0.2
