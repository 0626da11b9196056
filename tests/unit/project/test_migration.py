"""config/migration.yaml: what it says, and what is wrong with it, with the line."""

import re

import pytest

from runner.core.errors import InvalidFile, MissingFile, UnknownKey
from runner.project.migration import FILE, Layout, Masked, Outside, Strategy, Texts, read_migration

WHOLE = """\
source: imcust
target: imsdlc
select:
  tables: [mart.dim_*, 'src."Odd Name"']
  procedures: ["mart.sp(date, number)"]
  schemas: [src]
  exclude: ["*backup*"]
names:
  databases: {gov_db: gov_dev}
  schemas: {mart: mart2}
  objects: {mart.dim_stocks: stocks}
  roles: {prod_reader: reader}
  warehouses: {load_wh: dev_wh}
data:
  default: none
  tables:
    mart.fact: {strategy: batches, by: day, every: month}
    mart.dim_*: snapshot
policies: {literals: rewrite, bodies: report, masked: strip}
owners: {"*": owner}
outside: {gov_db.*.*: map, mart.old: drop}
depends: {mart.sp: [mart.a, mart.b]}
answers: {needs-x-1: include}
layout: {ddl: kind, code: repeatable}
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        (tmp_path / "config").mkdir(exist_ok=True)
        (tmp_path / FILE).write_text(text)
        return tmp_path

    return write


def test_everything_it_can_say(write):
    asked = read_migration(write(WHOLE))
    assert (asked.source, asked.target) == ("imcust", "imsdlc")
    assert [(choice.kind, str(choice.pattern), choice.line) for choice in asked.select] == [
        ("TABLE", "mart.dim_*", 4), ("TABLE", 'src."Odd Name"', 4), ("PROCEDURE", "mart.sp(date, number)", 5),
        ("", "src.*", 6),
    ]  # fmt: skip
    assert [str(pattern) for pattern in asked.exclude] == ["*backup*"]
    assert asked.names.databases == {"GOV_DB": "GOV_DEV"}
    assert asked.names.schemas == {"MART": "MART2"}
    assert asked.names.roles == {"PROD_READER": "reader"}
    assert [each.strategy for each in asked.data] == [Strategy.BATCHES, Strategy.SNAPSHOT, Strategy.NONE]
    assert (asked.literals, asked.bodies, asked.masked) == (Texts.REWRITE, Texts.REPORT, Masked.STRIP)
    assert [what for _, what in asked.outside] == [Outside.MAP, Outside.DROP]
    assert asked.layout is Layout.KIND
    assert asked.repeatable
    assert asked.answers == {"needs-x-1": "include"}


def test_little_is_enough(write):
    asked = read_migration(write("source: a\ntarget: b\nselect:\n  tables: [t]\n"))
    assert [each.strategy for each in asked.data] == [Strategy.SNAPSHOT]
    assert (asked.literals, asked.masked, asked.repeatable) == (Texts.ASK, Masked.REFUSE, False)


MINIMAL = "source: a\ntarget: b\nselect:\n  tables: [t]\n"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("target: b\nselect: {tables: [t]}\n", None, "'source' is missing"),
        ("source: a\ntarget: b\nselect: {tables: t}\n", 3, "must be a list"),
        ("source: a\ntarget: b\nselect:\n  tables: [t, t]\n", 4, "without twins"),
        ("source: a\ntarget: b\nselect:\n  tables: ['a b']\n", 4, "must be quoted"),
        ("source: a\ntarget: b\nselect:\n  tables: [a.b.c.d]\n", 4, "more than three parts"),
        (MINIMAL + "data: {default: magic}\n", 5, "must be one of snapshot"),
        (MINIMAL + "data:\n  tables:\n    t: batches\n", 7, "needs parts"),
        (MINIMAL + "data:\n  tables:\n    t: {strategy: batches, by: d}\n", 7, "needs parts or size or every"),
        (
            MINIMAL + "data:\n  tables:\n    t: {strategy: batches, by: d, parts: 1}\n",
            7,
            "'data.tables.t.parts' must be at least 2",
        ),
        (MINIMAL + "data:\n  tables:\n    t: incremental\n", 7, "needs watermark"),
        (MINIMAL + "outside: {x: hide}\n", 5, "must be one of include"),
        (MINIMAL + "names:\n  objects: {'a b': c}\n", 6, "must be quoted"),
        (MINIMAL + "names:\n  objects: {a: b.c}\n", 6, "'b.c' is more than a name"),
        (MINIMAL + "names:\n  schemas: {a: b.c}\n", 6, "'b.c' is more than a name"),
        (MINIMAL + "layout: {ddl: many}\n", 5, "must be one of one, kind, object"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(write, text, line, reason):
    with pytest.raises(InvalidFile) as caught:
        read_migration(write(text))
    assert caught.value.line == line
    assert reason in str(caught.value)
    assert "config/migration.yaml" in str(caught.value)


def test_a_word_that_is_not_known_is_said_with_the_one_that_was_meant(write):
    with pytest.raises(UnknownKey) as caught:
        read_migration(write("source: a\ntarget: b\nselect:\n  table: [t]\n"))
    assert (caught.value.line, caught.value.nearest) == (4, "tables")


def test_without_a_file_it_is_said_how_to_get_one(tmp_path):
    with pytest.raises(MissingFile) as caught:
        read_migration(tmp_path)
    assert "runner plan init" in caught.value.hint


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("{strategy: snapshot, by: n}", "'snapshot' takes nothing else, not by"),
        ("{strategy: stream, watermark: n}", "'stream' takes key, not watermark"),
        ("{strategy: batches, by: n, size: 5, every: day}", "every and size are two ways to cut it"),
        ("{strategy: batches, every: day}", "every needs a column of dates"),
        ("{strategy: batches, by: hash(n), every: day}", "every needs a column of dates"),
        ("{strategy: batches, by: n, size: 0}", "'data.tables.t.size' must be at least 1"),
        ("{strategy: snapshoot}", "'data.tables.t.strategy' must be one of"),
        ("{strategy: batches, sise: 5}", "unknown key 'data.tables.t.sise'"),
    ],
)
def test_ways_that_say_too_much_or_two_things(write, words, reason):
    text = f"source: a\ntarget: b\nselect: {{tables: [t]}}\ndata:\n  tables:\n    t: {words}\n"
    with pytest.raises((InvalidFile, UnknownKey), match=re.escape(reason)) as caught:
        read_migration(write(text))
    assert "migration.yaml:6" in str(caught.value)


def test_an_empty_file_is_told_what_it_may_begin_with(write):
    with pytest.raises(InvalidFile, match="empty") as caught:
        read_migration(write("# nothing\n"))
    assert "source: my-environment" in caught.value.hint


def test_an_unknown_key_is_told_where_the_keys_stand(write):
    with pytest.raises(UnknownKey) as caught:
        read_migration(write("source: a\ntarget: b\nselect: {}\nzzzzzz: 1\n"))
    assert "runner plan schema" in caught.value.hint
