"""Tokens keep their place in the source; readers refuse in Snowflake's words."""

from __future__ import annotations

import time

import pytest

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.tokens import Kind, Reader, quote_identifier, quote_string, tokenize, unescape

SOURCES = [
    "SELECT 'it''s', \"A\"\"b\", $$ x;y $$, :v, $w, $1, a.b.c, 1.5e3, .5, t.$1 -- end\n FROM t // c'c\n /* ' */ ;",
    "EXECUTE IMMEDIATE 'SELECT 1'; FETCH c INTO x; SHOW TABLES ->> SELECT 1",
    "x := y => 1 || a::INT <> b != c <= d >= e -> f",
    "",
    "PUT file:///tmp/a//b.csv @~/x; SELECT 2",
]


@pytest.mark.parametrize("source", SOURCES)
def test_offsets_lines_and_positions_point_at_the_source(source: str) -> None:
    for token in tokenize(source):
        before = source[: token.start]
        assert token.line == before.count("\n") + 1
        assert token.position == len(before) - (before.rfind("\n") + 1)
        if token.kind in (Kind.WORD, Kind.SYMBOL, Kind.NUMBER, Kind.URI):
            assert source[token.start : token.end] == token.text


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("SHOW TABLES LIKE 'x'", "word word word string"),
        (":a", "bind"),
        ("v:a.b", "word symbol word symbol word"),
        ("f(x):a", "word symbol word symbol symbol word"),
        ("v[0]:a", "word symbol number symbol symbol word"),
        ("IN (:a,:b)", "word symbol bind symbol bind symbol"),
        ("x::INT", "word symbol word"),
        ("x := :y", "word symbol bind"),
        (':"My var"', "bind"),
        (":1", "bind"),
        ("$a $1", "variable variable"),
        ("a$b SYSTEM$X", "word word"),
        ("1..2", "number symbol number"),
        ("1.5.x", "number symbol word"),
        ("db..t", "word symbol symbol word"),
        ("SELECT 1 // no 'string'\n+1", "word number symbol number"),
        ("a /* b */ c -- d", "word word"),
        ("/**/a/***/", "word"),
        ("a->>b->c", "word symbol word symbol word"),
        ("file:///tmp/x.csv", "uri"),
        ("café", "word"),
        ("@~/x @%t", "symbol symbol symbol word symbol symbol word"),
    ],
)
def test_kinds(source: str, kinds: str) -> None:
    names = {Kind.WORD: "word", Kind.QUOTED: "quoted", Kind.STRING: "string", Kind.NUMBER: "number", Kind.BIND: "bind"}
    names |= {Kind.VARIABLE: "variable", Kind.SYMBOL: "symbol", Kind.URI: "uri"}
    assert " ".join(names[token.kind] for token in tokenize(source)[:-1]) == kinds


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("'it''s'", "it's"),
        (r"'it\'s'", "it's"),
        (r"'a\nb\tc\\'", "a\nb\tc\\"),
        (r"'\x41\u00e9\101\0'", "Aé" + "A\0"),
        (r"'\q'", "q"),
        (r"'\8\1'", "81"),
        (r"$$a\n'b'$$", r"a\n'b'"),
        ("''", ""),
        ("$$$ $$", "$ "),
    ],
)
def test_string_values(source: str, value: str) -> None:
    token, end = tokenize(source)
    assert (token.kind, token.text, end.kind) == (Kind.STRING, value, Kind.END)


@pytest.mark.parametrize("value", ["", "a'b", "\\", "a\\'b''", "\n\t\0é'", "$$"])
def test_a_quoted_string_reads_back(value: str) -> None:
    assert tokenize(quote_string(value))[0].text == value
    assert tokenize(quote_identifier(value or "x"))[0].text == (value or "x")


def test_unescape_takes_what_stands_between_the_quotes() -> None:
    assert unescape(r"a''b\'c") == "a'b'c"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("SELECT 'abc", "parse error line 1 at position 7 near '<EOF>'."),
        ("SELECT\n  $$abc", "parse error line 2 at position 2 near '<EOF>'."),
        ('SELECT "abc', "parse error line 1 at position 7 near '<EOF>'."),
        ("SELECT /* abc", "parse error line 1 at position 7 near '<EOF>'."),
        ("SELECT \u2013", "syntax error line 1 at position 7 unexpected '\u2013'."),
    ],
)
def test_what_is_no_token_is_an_error(source: str, words: str) -> None:
    with pytest.raises(SnowflakeError) as caught:
        tokenize(source)
    assert (caught.value.errno, caught.value.sqlstate) == (1003, "42000")
    assert caught.value.message == f"SQL compilation error:\n{words}"


@pytest.mark.parametrize("unit", ["'a' ", "( ", "/* * */", "a1 ", "\n", "'' "])
def test_a_megabyte_takes_linear_time(unit: str) -> None:
    start = time.process_time()
    tokenize(unit * (1_000_000 // len(unit)))
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    "unclosed", ["'" + "a" * 500_000, "/*" + "*" * 500_000, "$$" + "$ " * 200_000, '"' + '""' * 200_000]
)
def test_an_unclosed_megabyte_is_refused_at_once(unclosed: str) -> None:
    start = time.process_time()
    with pytest.raises(SnowflakeError):
        tokenize(unclosed)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("t", ("T",)),
        ('"t"', ("t",)),
        ('db."s".t', ("DB", "s", "T")),
        ("db..t", ("DB", "PUBLIC", "T")),
        ("IDENTIFIER('a.\"b\"')", ("A", "b")),
        ("identifier", ("IDENTIFIER",)),
    ],
)
def test_names(source: str, name: tuple[str, ...]) -> None:
    reader = Reader(source)
    assert reader.name() == name
    reader.end()


def test_reading_a_statement() -> None:
    reader = Reader(
        "CREATE TABLE IF NOT EXISTS t (a INT, b VARCHAR(3)) RETENTION = -3 ON = true COMMENT = 'c' AS SELECT 1 -- x\n;"
    )
    assert reader.words(2) == ("CREATE", "TABLE")
    reader.expect("CREATE", "TABLE")
    assert not reader.accept("IF", "EXISTS")
    assert reader.accept("IF", "NOT", "EXISTS")
    assert reader.identifier() == "T"
    start = reader.peek()
    assert reader.balanced() == "a INT, b VARCHAR(3)"
    assert reader.slice(start, reader.peek()) == "(a INT, b VARCHAR(3))"
    assert reader.accept_any("RETENTION", "ON") == "RETENTION"
    reader.expect("=")
    assert reader.number() == -3
    reader.expect("ON", "=")
    assert reader.boolean() is True
    reader.expect("COMMENT", "=")
    assert reader.string() == "c"
    reader.expect("AS")
    assert reader.rest() == "SELECT 1"
    reader.end()


def read_create(reader: Reader) -> None:
    reader.expect("CREATE", "TABLE")
    reader.name()
    reader.end()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("CREATE TABEL t", "syntax error line 1 at position 7 unexpected 'TABEL'."),
        ("CREATE\n TABLE 'x'", "syntax error line 2 at position 7 unexpected ''x''."),
        ("CREATE TABLE t FOO", "syntax error line 1 at position 15 unexpected 'FOO'."),
        ("CREATE TABLE", "syntax error line 1 at position 12 unexpected '<EOF>'."),
        ('CREATE TABLE ""', "syntax error line 1 at position 13 unexpected '\"\"'."),
        ("CREATE TABLE a.b.c.d", "syntax error line 1 at position 18 unexpected '.'."),
    ],
)
def test_what_does_not_belong_is_a_syntax_error(source: str, words: str) -> None:
    with pytest.raises(SnowflakeError) as caught:
        read_create(Reader(source))
    assert caught.value.message == f"SQL compilation error:\n{words}"


@pytest.mark.parametrize("source", ["'x'", "x", "", "1.5"])
def test_a_number_is_whole(source: str) -> None:
    with pytest.raises(SnowflakeError, match="syntax error"):
        Reader(source).number()


@pytest.mark.parametrize("source", ["(a (b)", "a", "((((", ""])
def test_unbalanced_parentheses(source: str) -> None:
    with pytest.raises(SnowflakeError, match="syntax error"):
        Reader(source).balanced()


def test_a_quoted_word_is_no_keyword() -> None:
    assert not Reader('"IF" EXISTS').accept("IF", "EXISTS")
    assert Reader("a.b c").words(9) == ("A", ".", "B", "C", "", "", "", "", "")


@pytest.mark.parametrize("source", [";", "", "  -- nothing", ";;"])
def test_the_rest_of_nothing_is_empty(source: str) -> None:
    assert Reader(source).rest() == ""
