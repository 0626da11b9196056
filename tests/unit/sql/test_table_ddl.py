"""Columns of a CREATE TABLE and where numbering begins, in text that is a template already."""

from __future__ import annotations

import pytest

from runner.sql import table_ddl


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ID NUMBER AUTOINCREMENT START 1 INCREMENT 1 NOORDER", "ID NUMBER AUTOINCREMENT START N INCREMENT 1 NOORDER"),
        ("ID NUMBER AUTOINCREMENT START -5 INCREMENT -1", "ID NUMBER AUTOINCREMENT START N INCREMENT -1"),
        ("ID NUMBER IDENTITY(-10, 2)", "ID NUMBER IDENTITY(N, 2)"),
        ("ID NUMBER IDENTITY START WITH 7 INCREMENT BY 1", "ID NUMBER IDENTITY START WITH N INCREMENT BY 1"),
        ("ID NUMBER IDENTITY START = +7", "ID NUMBER IDENTITY START = N"),
        ("ID NUMBER AUTOINCREMENT", "ID NUMBER AUTOINCREMENT"),
        ("ID NUMBER", "ID NUMBER"),
    ],
)
def test_the_numbering_of_a_column_begins_elsewhere(before, after):
    create = "CREATE TABLE IF NOT EXISTS {{{{ mart }}}}.T (\n    A VARCHAR COMMENT 'START 3',\n    {}\n)"
    assert table_ddl.identity_from(create.format(before), "ID", "N") == create.format(after)


def test_a_column_named_like_a_template_is_found_by_its_name():
    create = 'CREATE TABLE {{ mart }}.T (\n    "a{% raw %}{{{% endraw %}b" NUMBER AUTOINCREMENT START 1 INCREMENT 1\n)'
    assert table_ddl.identity_from(create, "a{{b", "9") == create.replace("START 1", "START 9")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("CREATE SEQUENCE {{ m }}.S START WITH 1 ORDER", "CREATE SEQUENCE {{ m }}.S START WITH N ORDER"),
        ("CREATE SEQUENCE {{ m }}.START START -4 INCREMENT -1", "CREATE SEQUENCE {{ m }}.START START N INCREMENT -1"),
        ('CREATE SEQUENCE {{ m }}."start 1" START = 5', 'CREATE SEQUENCE {{ m }}."start 1" START = N'),
        ("CREATE SEQUENCE {{ m }}.S COMMENT = 'start 3'", "CREATE SEQUENCE {{ m }}.S COMMENT = 'start 3'"),
    ],
)  # fmt: skip
def test_a_sequence_begins_elsewhere(before, after):
    assert table_ddl.sequence_from(before, "N") == after


@pytest.mark.parametrize(("text", "start"), [("START WITH - 4", -4), ("START = 9", 9), ("ORDER", 1)])
def test_where_a_sequence_begins(text, start):
    assert table_ddl.sequence_start(f"CREATE SEQUENCE {{{{ m }}}}.S {text} COMMENT = 'start 3'") == start


def test_columns_are_given_by_their_stored_names_as_they_are_written():
    create = (
        "CREATE TABLE {{ mart }}.T (\n    A NUMBER(38,0) DEFAULT {{ mart }}.S.NEXTVAL,\n"
        "    \"we{% raw %}{{{% endraw %}ird\" VARCHAR COMMENT '{% raw %}{%{% endraw %}',\n    PRIMARY KEY (A)\n)"
    )
    assert list(table_ddl.columns(create)) == [
        ("A", "A NUMBER(38,0) DEFAULT {{ mart }}.S.NEXTVAL"),
        ("we{{ird", "\"we{% raw %}{{{% endraw %}ird\" VARCHAR COMMENT '{% raw %}{%{% endraw %}'"),
    ]
