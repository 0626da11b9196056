"""Regular expressions over several lines; MAX_BY and MIN_BY of several rows; names of comparisons with FROM in them."""

import json

import pytest

LINES = [
    ("'a\\nb' RLIKE 'a.b'", False),
    ("'a\\nb' REGEXP 'a.b'", False),
    ("REGEXP_LIKE('a\\nb', 'a.b', 's')", True),
    ("REGEXP_COUNT('a\\nb', '^b')", 0),
    ("REGEXP_COUNT('a\\nb', '^b', 1, 'm')", 1),
    ("REGEXP_REPLACE('a\\nb', '^', '>', 1, 0, 'm')", ">a\n>b"),
    ("REGEXP_REPLACE('b\\nb', '^b', '>', 1, 2, 'm')", "b\n>"),
    ("REGEXP_SUBSTR('a\\nb', '^b$', 1, 1, 'm')", "b"),
    ("REGEXP_INSTR('a\\nb', '^b$', 1, 1, 0, 'm')", 3),
    ("REGEXP_LIKE('A\\nb', 'a$\\n^b', 'im')", True),
]


@pytest.mark.parametrize(("sql", "expected"), LINES, ids=[sql for sql, _ in LINES])
def test_a_line_ends_where_the_parameters_say(client, sql, expected):
    assert client.one(f"SELECT {sql}") == expected


def test_max_by_and_min_by_take_the_number_of_rows(client):
    rows = "FROM VALUES ('a', 1), ('b', 3), ('c', 2), ('d', NULL)"
    assert json.loads(client.one(f"SELECT MAX_BY(column1, column2, 2) {rows}")) == ["b", "c"]
    assert json.loads(client.one(f"SELECT MIN_BY(column1, column2, 9) {rows}")) == ["a", "c", "b"]
    assert client.rows(f"SELECT MAX_BY(column1, column2), MIN_BY(column1, column2) {rows}") == [("b", "a")]
    assert client.refused("SELECT MAX_BY(1)") == 938


def test_a_comparison_is_named_whole(client):
    done = client.execute("SELECT 1 IS DISTINCT FROM 2, 1 IS NOT DISTINCT FROM 1, 3")
    assert [column.name for column in done.columns] == ["1 IS DISTINCT FROM 2", "1 IS NOT DISTINCT FROM 1", "3"]
