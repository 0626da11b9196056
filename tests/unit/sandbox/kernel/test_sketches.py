"""Bitmaps, HyperLogLog states, unions of arrays and the most frequent values: counts are exact."""

import pytest


@pytest.fixture
def rows(client):
    client.run("CREATE TABLE t (g VARCHAR, n INT, s VARCHAR)")
    client.run(
        "INSERT INTO t VALUES ('a', 1, 'x'), ('a', 32769, 'y'), ('b', 1, 'x'), ('b', 70000, NULL), ('b', NULL, 'x')"
    )
    return client


@pytest.mark.parametrize(
    ("n", "bucket", "position"),
    [(1, 1, 0), (32768, 1, 32767), (32769, 2, 0), (0, 0, 0), (-1, 0, 1), (-32767, 0, 32767), (-32768, -1, 0)],
)
def test_buckets_and_positions(client, n, bucket, position):
    assert client.rows(f"SELECT BITMAP_BUCKET_NUMBER({n}), BITMAP_BIT_POSITION({n})") == [(bucket, position)]


def test_bitmaps_count_what_is_distinct_at_every_level(rows):
    rows.run(
        "CREATE TABLE m AS SELECT g, BITMAP_BUCKET_NUMBER(n) AS b, BITMAP_CONSTRUCT_AGG(BITMAP_BIT_POSITION(n)) AS m "
        "FROM t WHERE n IS NOT NULL GROUP BY ALL"
    )
    assert rows.rows("SELECT g, sum(BITMAP_COUNT(m)) FROM m GROUP BY g ORDER BY g") == [("a", 2), ("b", 2)]
    merged = "SELECT BITMAP_COUNT(BITMAP_OR_AGG(m)) AS c FROM m GROUP BY b"
    assert rows.one(f"SELECT sum(c) FROM ({merged})") == rows.one("SELECT count(DISTINCT n) FROM t") == 3
    assert rows.refused("SELECT BITMAP_CONSTRUCT_AGG(n) FROM t") == 100046


def test_states_are_combined(rows):
    rows.run("CREATE TABLE h AS SELECT g, HLL_ACCUMULATE(s) AS state FROM t GROUP BY g")
    assert rows.rows("SELECT g, HLL_ESTIMATE(state) FROM h ORDER BY g") == [("a", 2), ("b", 1)]
    assert rows.rows("SELECT HLL_ESTIMATE(HLL_COMBINE(state)) FROM h") == [(2,)]
    assert rows.one("SELECT HLL_ESTIMATE(HLL_ACCUMULATE(s)) FROM t WHERE FALSE") == 0
    assert rows.refused("SELECT HLL_EXPORT(state) FROM h") == 2


def test_unions_and_the_most_frequent(rows):
    unions = "SELECT ARRAY_SORT(ARRAY_UNION_AGG(a)) FROM (SELECT g, ARRAY_UNIQUE_AGG(s) AS a FROM t GROUP BY g)"
    assert rows.one(unions) == '["x","y"]'
    assert rows.one("SELECT ARRAY_UNION_AGG(NULL::ARRAY)") == "[]"
    assert rows.rows("SELECT APPROX_TOP_K(s), APPROX_TOP_K(s, 5), APPROX_TOP_K(n, 1, 10) FROM t") == [
        ('[["x",3]]', '[["x",3],["y",1]]', "[[1,2]]")
    ]
    assert rows.refused("SELECT APPROX_TOP_K(s, n) FROM t GROUP BY n") == 1015
    assert rows.refused("SELECT APPROX_TOP_K(s, 0) FROM t") == 1015


@pytest.mark.parametrize("call", ["BITMAP_COUNT('a')", "HLL_ESTIMATE(1)", "BITMAP_OR_AGG('a')", "HLL_COMBINE('a')"])
def test_a_state_is_binary(client, call):
    assert client.refused(f"SELECT {call}") == 1044
    assert client.one(f"SELECT {call.partition('(')[0]}(NULL)") in (None, b"", 0)
