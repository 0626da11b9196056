"""MERGE … ALL BY NAME (sql-reference/sql/merge): every column takes the one of its name."""

import pytest

BOTH = "WHEN MATCHED THEN UPDATE ALL BY NAME WHEN NOT MATCHED THEN INSERT ALL BY NAME"


@pytest.fixture
def t(connect):
    client = connect()
    client.run(
        'CREATE TABLE t (id INT, x INT, y VARCHAR, "z z" INT)',
        "INSERT INTO t VALUES (1, 10, 'Skiing', 0), (2, 20, 'Snowboarding', 0)",
        'CREATE TABLE s (id INT, y VARCHAR, "z z" INT, x INT)',
        "INSERT INTO s VALUES (1, 'Skiing', 5, 10), (2, 'Snowboarding', 6, 25), (3, 'Skating', 7, 30)",
    )
    return client


def test_columns_come_by_their_names_whatever_their_order(t):
    assert t.rows(f"MERGE INTO t USING s ON t.id = s.id {BOTH}") == [(1, 2)]
    assert t.rows("SELECT * FROM t ORDER BY id") == [
        (1, 10, "Skiing", 5),
        (2, 25, "Snowboarding", 6),
        (3, 30, "Skating", 7),
    ]


def test_it_stands_beside_other_clauses_and_takes_a_query_without_a_name(t):
    query = "(SELECT 9 AS x, id AS id, \"z z\", 'N' AS y FROM s)"
    t.run(
        f"MERGE INTO t USING {query} ON FALSE WHEN NOT MATCHED THEN INSERT ALL BY NAME",
        "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED AND t.y <> 'N' THEN DELETE "
        "WHEN MATCHED AND t.id = 3 THEN UPDATE ALL BY NAME",
    )
    assert t.rows("SELECT id, x, y FROM t ORDER BY id") == [(1, 9, "N"), (2, 9, "N"), (3, 30, "Skating")]


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        ("1 AS id, 1 AS x, 'a' AS y, 1 AS \"z z\", 1 AS more", "MORE"),
        ("1 AS id, 1 AS x, 'a' AS y", "z z"),
        ("1 AS id, 1 AS x, 'a' AS y, 1 AS z", "z z, Z"),
    ],
)
def test_columns_that_are_not_in_both_are_named_and_nothing_is_done(t, columns, missing):
    said = t.said(f"MERGE INTO t USING (SELECT {columns}) q ON t.id = q.id {BOTH}")
    assert said.endswith(f"not in both: {missing}.")
    assert t.one("SELECT COUNT(*) FROM t") == 2


def test_what_only_looks_like_it_is_a_syntax_error(t):
    for action in ("WHEN MATCHED THEN UPDATE ALL", "WHEN NOT MATCHED THEN INSERT ALL BY", "WHEN MATCHED THEN UPDATE *"):
        assert t.refused(f"MERGE INTO t USING s ON t.id = s.id {action}") == 1003
    assert t.refused("MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN INSERT ALL BY NAME") == 1003
