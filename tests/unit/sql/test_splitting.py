"""Statement splitting: the tricky cases exact, the properties that hold for any text, and no input that is slow."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings, strategies as st

from runner.sql.errors import SqlTextError, UnclosedError
from runner.sql.splitting import split

from .splitting_cases import CASES


def texts(sql: str) -> list[str]:
    return [statement.text for statement in split(sql)]


def bare(piece: str) -> str:
    """A case's piece as `split` gives it: no blank ends, no `;` around it, no comment behind the last `;`."""
    if ";" in piece and piece.rsplit(";", 1)[1].strip().startswith("--"):
        piece = piece.rsplit(";", 1)[0]
    return piece.strip("; \r\n")


CUT = {"cmt_after_last": ["SELECT 1", "SELECT 2"], "crlf": ["SELECT 1", "SELECT 2"]}


@pytest.mark.parametrize(("name", "marked"), CASES, ids=[name for name, _ in CASES])
def test_every_tricky_case_is_exact(name: str, marked: str) -> None:
    expected = CUT.get(name) or [bare(piece) for piece in marked.split("¦")]
    assert texts(marked.replace("¦", "")) == expected


MORE = [
    ("begin as a column in a case", "BEGIN SELECT CASE WHEN t.end > 1 THEN t.begin END FROM t; END;¦SELECT 1"),
    ("names in a block", "BEGIN SELECT begin, end FROM t; RETURN a.end; END;¦SELECT 1"),
    ("alias end in a block", "BEGIN SELECT a AS end, CASE WHEN b THEN 1 END AS begin FROM t; END;¦SELECT 1"),
    (
        "procedure inside a block",
        "BEGIN CREATE PROCEDURE p() RETURNS INT AS BEGIN RETURN 1; END; CALL p(); END;¦SELECT 1",
    ),
    (
        "function with a bare block",
        "CREATE OR REPLACE SECURE FUNCTION f() RETURNS INT AS BEGIN RETURN 1; END;¦SELECT 1",
    ),
    ("a table called task", "CREATE TABLE task AS SELECT a AS begin, b AS end FROM t;¦SELECT 1"),
    (
        "parameters called begin and end",
        "CREATE PROCEDURE p(begin DATE, end DATE) RETURNS INT AS BEGIN RETURN 1; END;¦SELECT 1",
    ),
    ("a variable called name", "BEGIN name := 1; RETURN name; END;¦SELECT 1"),
    ("a glob in a path", "PUT file:///tmp/*.csv @s;¦PUT file://C:\\tmp\\* @s;¦SELECT 1 /* ; */"),
    ("comment between END and IF", "BEGIN IF (a) THEN b := 1; END /* ; */ IF; END;¦SELECT 1"),
    ("END of a case before LOOP", "BEGIN FOR i IN 1 TO CASE WHEN a THEN 1 END LOOP x := 1; END LOOP; END;¦SELECT 1"),
    (
        "label after loops of every kind",
        "BEGIN REPEAT x := 1; UNTIL (x > 1) END REPEAT r; WHILE (a) LOOP b := 1; END LOOP w; END;¦SELECT 1",
    ),
    (
        "repeat in a case statement",
        "BEGIN CASE a WHEN 1 THEN REPEAT x := 1; UNTIL (b) END REPEAT; END CASE; END;¦SELECT 1",
    ),
    (
        "anonymous procedure with a bare body",
        "WITH p AS PROCEDURE () RETURNS INT AS BEGIN RETURN 1; END CALL p();¦SELECT 1",
    ),
    ("unbalanced CASE in a task", "CREATE TASK t AS SELECT CASE WHEN a THEN 1 FROM t;¦SELECT 1"),
    ("lower case", "begin\n let x := case when a then 1 end;\n return x;\nend;¦select 1"),
    ("byte order mark", "\ufeffBEGIN SELECT 1; END;¦SELECT 1"),
    ("jinja around", "{{ begin }};¦SELECT '{{ x }}'"),
]


@pytest.mark.parametrize(("name", "marked"), MORE, ids=[name for name, _ in MORE])
def test_more_tricky_cases(name: str, marked: str) -> None:
    expected = [bare(piece).removeprefix("\ufeff") for piece in marked.split("¦")]
    assert texts(marked.replace("¦", "")) == expected


def test_a_comment_belongs_to_the_statement_behind_it_and_the_last_one_is_dropped() -> None:
    assert texts("-- one\nSELECT 1; -- two\nSELECT 2; -- end") == ["-- one\nSELECT 1", "-- two\nSELECT 2"]


@pytest.mark.parametrize("nothing", ["", " \n\t", ";;", "-- only\n", "/* a; */;\n-- b", "\ufeff", "// x"])
def test_a_script_of_nothing_has_no_statements(nothing: str) -> None:
    assert split(nothing) == []


def test_lines_and_offsets_point_into_the_script() -> None:
    script = "\n-- first\n/* a\n b */ SELECT\n 1;\r\n\r\nSELECT 2; SELECT 3;\n\nBEGIN\n x := 1;\nEND;"
    found = split(script)
    assert [(s.text_line, s.line) for s in found] == [(2, 4), (7, 7), (7, 7), (9, 9)]
    assert all(script[s.offset :].startswith(s.text) for s in found)
    assert script[found[0].word_offset :].startswith("SELECT\n 1")


UNCLOSED = [
    ("SELECT 1;\nSELECT 'abc\n;\n", 2, "a string"),
    ("SELECT 'a\n''b\n''c;\n", 1, "a string"),
    ("SELECT 'a' || 'x\\';\n", 1, "a string"),
    ('\n\nSELECT "a;\n', 3, "a quoted identifier"),
    ("SELECT 1;\n/* a\nSELECT 2;", 2, "a comment"),
    ("CREATE FUNCTION f() RETURNS INT AS\n$$ SELECT 1;\n", 2, "a $$ text"),
    ("SELECT 1;\nBEGIN\n IF (x) THEN y := 1; END IF;\n", 2, "a block (BEGIN)"),
    ("DECLARE\n x INT;\n", 1, "a block (DECLARE)"),
    ("BEGIN\n SELECT 'it;\nEND;", 2, "a string"),
    ("BEGIN\n SELECT 1; /* it;\nEND;", 2, "a comment"),
    ("BEGIN\n\n SELECT $$ it;\nEND;", 3, "a $$ text"),
    ("CREATE PROCEDURE p() RETURNS INT AS\nBEGIN\n BEGIN RETURN 1;\nEND;\n", 2, "a block (BEGIN)"),
]


@pytest.mark.parametrize(("script", "line", "what"), UNCLOSED)
def test_what_is_never_closed_is_named_with_the_line_where_it_opens(script: str, line: int, what: str) -> None:
    with pytest.raises(UnclosedError) as caught:
        split(script)
    assert (caught.value.line, caught.value.what) == (line, what)
    assert f"line {line}: {what}" in str(caught.value)


WORDS = """BEGIN END CASE DECLARE CREATE ALTER WITH PROCEDURE TASK AS IF LOOP REPEAT THEN ELSE TRANSACTION NAME
SELECT x t.end 'a' 'a;b' '' ' " $$ $$ /* */ -- // \\ ; ; ; ( ) , := $1 file:// \u00e9 \ufeff"""
words = st.sampled_from([*WORDS.split(), "\n", "\r\n"])
scripts = st.lists(words, max_size=40).map(" ".join) | st.lists(words, max_size=30).map("".join) | st.text(max_size=60)


@settings(max_examples=600, deadline=None)
@given(scripts)
def test_any_text_is_cut_or_refused_and_nothing_of_a_statement_is_lost(script: str) -> None:
    try:
        pieces = split(script)
    except SqlTextError:
        return
    position = 0
    for piece in pieces:
        assert piece.text == piece.text.strip() != ""
        assert script[piece.offset : piece.offset + len(piece.text)] == piece.text
        assert no_statement(script[position : piece.offset])
        position = piece.offset + len(piece.text)
    assert no_statement(script[position:])
    for piece in pieces:
        assert texts(piece.text) == [piece.text]
        assert texts(piece.text + "\n;") == [piece.text]


def no_statement(between: str) -> bool:
    return split(between) == []


HARD = {
    "one line": "SELECT " + "a," * 500_000,
    "parentheses": "SELECT " + "(" * 100_000 + ")" * 100_000,
    "BEGINs": "BEGIN " * 170_000,
    "tx BEGINs": "BEGIN;" * 170_000,
    "quotes": "SELECT '" + "''" * 500_000,
    "backslashes": "SELECT '" + "\\\\" * 500_000 + "'",
    "separators": ";" * 1_000_000,
    "line ends": "\n" * 1_000_000,
    "comments": "/**/" * 250_000,
    "comment openings": "/*" * 500_000,
    "CASEs": "BEGIN " + "CASE " * 200_000,
    "dollars": "$$" * 500_001,
    "ENDs": "BEGIN x; " + "END " * 200_000,
    "blanks before END": "BEGIN x;" + " " * 1_000_000 + "END",
    "comments before BEGIN": "BEGIN " + "/**/ BEGIN " * 90_000,
    "comments in a row in a block": "BEGIN " + "/**/ " * 200_000 + "BEGIN",
    "DECLAREs": "DECLARE " * 125_000,
    "modifiers": "CREATE " + "OR REPLACE " * 90_000,
    "CREATEs in a block": "BEGIN " + "CREATE OR REPLACE ; " * 50_000,
    "statements": "SELECT 1;\n" * 100_000,
}


@pytest.mark.parametrize("kind", HARD)
def test_no_input_of_a_megabyte_is_slow(kind: str) -> None:
    """Linear takes a tenth of a second here; quadratic would take hours, so the wide bound never flickers."""
    started = time.process_time()
    with contextlib.suppress(UnclosedError):
        split(HARD[kind])
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "room", ["splitting", "directives", "kinds", "composing", "rewriting", "canonical", "references"]
)
def test_no_room_but_parsing_loads_a_parser(room: str) -> None:
    program = f"import sys, runner.sql.{room}; print([m for m in ('sqlglot', 'sqlparse') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout.strip() == "[]"
