"""FLATTEN and its like: which input row a row comes of (sql-reference/functions/flatten, split_to_table)."""

import pytest

TEXTS = "(SELECT 'a.b' AS x UNION ALL SELECT 'c' UNION ALL SELECT 'a.b') AS t"
NESTED = "(SELECT [[1, 2], [3]] AS a UNION ALL SELECT [[1, 2]]) AS t"


@pytest.fixture
def client(connect):
    return connect()


def groups(rows):
    """The values of each SEQ, in the order of the numbers."""
    found = {}
    for number, value in rows:
        found.setdefault(number, []).append(value)
    return [found[number] for number in sorted(found)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            f"SELECT s.SEQ, s.VALUE FROM {TEXTS}, LATERAL SPLIT_TO_TABLE(t.x, '.') s ORDER BY SEQ, INDEX",
            [["a", "b"], ["c"], ["a", "b"]],
        ),
        (
            f"SELECT s.SEQ, s.VALUE FROM {TEXTS}, LATERAL STRTOK_SPLIT_TO_TABLE(t.x, '-.') s ORDER BY SEQ, INDEX",
            [["a", "b"], ["c"], ["a", "b"]],
        ),
        (
            f"SELECT N, V::VARCHAR FROM {TEXTS}, LATERAL FLATTEN(SPLIT(t.x, '.')) f(n, k, p, i, v, w) ORDER BY n, i",
            [["a", "b"], ["c"], ["a", "b"]],
        ),
        (
            "SELECT f.SEQ, f.VALUE::INT FROM TABLE(FLATTEN([[1, 2], [3], [3]])) o, LATERAL FLATTEN(o.VALUE) f "
            "ORDER BY f.SEQ, f.INDEX",
            [[1, 2], [3], [3]],
        ),
        (
            f"SELECT f.SEQ, f.VALUE::INT FROM {NESTED}, LATERAL FLATTEN(t.a) o, LATERAL FLATTEN(o.VALUE) f "
            "ORDER BY f.SEQ, f.INDEX",
            [[1, 2], [3], [1, 2]],
        ),
        (
            "SELECT f.SEQ, f.VALUE FROM (SELECT 1 AS i UNION ALL SELECT 1) t NATURAL JOIN "
            "(SELECT 1 AS i, 'a,b' AS x) u, LATERAL SPLIT_TO_TABLE(u.x, ',') f ORDER BY f.SEQ, f.INDEX",
            [["a", "b"], ["a", "b"]],
        ),
        (
            "SELECT q.SEQ, q.VALUE FROM (SELECT t.*, s.* FROM "
            f"{TEXTS}, LATERAL SPLIT_TO_TABLE(t.x, '.') s) q ORDER BY q.SEQ, q.INDEX",
            [["a", "b"], ["c"], ["a", "b"]],
        ),
    ],
)
def test_the_rows_of_one_input_have_one_number_that_no_other_has(client, query, expected):
    assert groups(client.rows(query)) == expected


def test_a_number_is_there_for_every_combination_of_many_relations(client):
    pair = "(SELECT 1 AS x UNION ALL SELECT 1)"
    beside = ", ".join(f"{pair} AS t{at}" for at in range(5))
    assert client.one(f"SELECT COUNT(DISTINCT f.SEQ) FROM {beside}, LATERAL FLATTEN([1, 2]) f") == 32


def test_an_outer_row_has_its_number_and_one_that_a_join_adds_has_none(client):
    texts = "(SELECT 'a' AS x UNION ALL SELECT NULL) AS t"
    flattened = (
        f"SELECT f.SEQ, f.VALUE::VARCHAR FROM {texts}, LATERAL FLATTEN(SPLIT(x, '.'), OUTER => TRUE) f ORDER BY 1"
    )
    assert client.rows(flattened) == [(1, "a"), (2, None)]
    joined = f"SELECT f.SEQ FROM {texts} LEFT JOIN LATERAL SPLIT_TO_TABLE(t.x, '.') f ORDER BY 1"
    assert client.rows(joined) == [(1,), (None,)]


def test_an_update_sees_the_number_of_what_stands_in_its_from(client):
    client.run("CREATE TABLE u (a INT, s INT)", "INSERT INTO u VALUES (1, 0), (2, 0)")
    client.run(
        "UPDATE u SET s = f.SEQ FROM (SELECT '1' AS x UNION ALL SELECT '2') t, LATERAL SPLIT_TO_TABLE(t.x, ',') f "
        "WHERE f.VALUE = u.a"
    )
    assert client.rows("SELECT a, s FROM u ORDER BY a") == [(1, 1), (2, 2)]


def test_outer_does_not_change_the_order_of_the_keys(client):
    keys = "SELECT f.KEY FROM (SELECT 7 AS n) t, LATERAL FLATTEN(OBJECT_CONSTRUCT('b', 1, 'a', 2, 'c', 3){}) f"
    plain, outer = client.rows(keys.format("")), client.rows(keys.format(", OUTER => TRUE"))
    assert plain == outer == [("a",), ("b",), ("c",)]


def test_strtok_split_to_table_takes_blanks_where_no_delimiter_is_given(client):
    query = "SELECT INDEX, VALUE FROM TABLE(STRTOK_SPLIT_TO_TABLE('a.b  c')) ORDER BY 1"
    assert client.rows(query) == [(1, "a.b"), (2, "c")]
    assert client.refused("SELECT 1 FROM TABLE(STRTOK_SPLIT_TO_TABLE())") == 938


def test_a_row_of_a_partition_has_no_number(client):
    client.run(
        "CREATE FUNCTION p(a INT) RETURNS TABLE (b INT) LANGUAGE PYTHON RUNTIME_VERSION = '3.11' HANDLER = 'P' AS "
        "$$class P:\n  def process(self, a):\n    yield (a,)\n$$"
    )
    query = "SELECT {} FROM (SELECT 1 AS a) t, TABLE(p(t.a) OVER (PARTITION BY t.a)) o, LATERAL FLATTEN([o.b]) f"
    assert client.rows(query.format("f.INDEX")) == [(0,)]
    assert "behind one with OVER" in client.said(query.format("f.SEQ"))
