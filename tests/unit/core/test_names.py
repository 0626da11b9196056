"""Unquoted is upper-case, quoted is verbatim."""

import pytest
from hypothesis import given, settings, strategies as st

from runner.core.names import Identifier, ObjectName


@pytest.mark.parametrize(
    ("written", "stored", "sql"),
    [
        ("dev_db", "DEV_DB", "DEV_DB"),
        ('"dev_db"', "dev_db", '"dev_db"'),
        ("T$1", "T$1", "T$1"),
        ('"a""b"', 'a"b', '"a""b"'),
        ("my table", "my table", '"my table"'),
        ("a;b", "a;b", '"a;b"'),
        ("50%", "50%", '"50%"'),
        ("größe", "größe", '"größe"'),
        ("1st", "1st", '"1st"'),
        ('"', '"', '""""'),
        ("order", "ORDER", '"ORDER"'),
        ("CASE", "CASE", '"CASE"'),
        ("ordered", "ORDERED", "ORDERED"),
    ],
)
def test_one_name(written, stored, sql):
    name = Identifier.parse(written)
    assert (name.stored, name.sql) == (stored, sql)


@pytest.mark.parametrize("text", ["", "a" * 256, "a\0b", '""'])
def test_what_is_no_name(text):
    with pytest.raises(ValueError, match="is not a name"):
        Identifier.parse(text)


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("t", ("T",)),
        ("db.s.t", ("DB", "S", "T")),
        ('db."s.1".t', ("DB", "s.1", "T")),
        (" db . s ", ("DB", "S")),
        ('"a""b".c', ('a"b', "C")),
    ],
)
def test_names_with_dots(written, parts):
    assert tuple(part.stored for part in ObjectName.parse(written).parts) == parts


@pytest.mark.parametrize("text", ["", "a.", ".a", "a..b", "a b", "a;b", 'a."b', "a-b", "1a"])
def test_what_is_no_dotted_name(text):
    with pytest.raises(ValueError, match="is not a name"):
        ObjectName.parse(text)


STORED = st.text(min_size=1, max_size=20).filter(lambda text: "\0" not in text)


@settings(deadline=None)
@given(st.lists(STORED, min_size=1, max_size=3))
def test_what_is_written_as_sql_reads_back_the_same(stored):
    name = ObjectName.of(*stored)
    assert ObjectName.parse(name.sql) == name
    assert name.child("T").parts[:-1] == name.parts
