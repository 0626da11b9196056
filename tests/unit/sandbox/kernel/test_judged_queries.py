"""Queries that a naive translation answers wrongly in silence, with the rows that Snowflake documents."""

import pytest

LETTERS = "(VALUES ('b'), ('a'), ('b')) AS t(g)"
NUMBERS = "(VALUES (1), (2), (3)) AS t(x)"

QUERIES = [
    # sql-reference/operators-query: INTERSECT before UNION and EXCEPT
    ("SELECT 1 UNION SELECT 2 INTERSECT SELECT 2 ORDER BY 1", [(1,), (2,)]),
    ("SELECT 1 INTERSECT SELECT 1 UNION SELECT 2 ORDER BY 1", [(1,), (2,)]),
    ("SELECT 1 EXCEPT SELECT 1 INTERSECT SELECT 2", [(1,)]),
    ("SELECT 1 UNION SELECT 2 INTERSECT SELECT 2 INTERSECT SELECT 3", [(1,)]),
    ("(SELECT 1 UNION SELECT 2) INTERSECT SELECT 2", [(2,)]),
    ("SELECT * FROM (SELECT 1 AS a UNION ALL SELECT 2 INTERSECT SELECT 2) ORDER BY a", [(1,), (2,)]),
    # sql-reference/functions/first_value, last_value, nth_value: the frame is the whole partition
    (f"SELECT LAST_VALUE(x) OVER (ORDER BY x) FROM {NUMBERS}", [(3,), (3,), (3,)]),
    (f"SELECT NTH_VALUE(x, 2) OVER (ORDER BY x) FROM {NUMBERS}", [(2,), (2,), (2,)]),
    (
        f"SELECT LAST_VALUE(x) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM {NUMBERS}",
        [(1,), (2,), (3,)],
    ),
    (
        "SELECT FIRST_VALUE(x) IGNORE NULLS OVER (ORDER BY n) FROM (VALUES (1, NULL), (2, 5)) AS t(n, x)",
        [(5,), (5,)],
    ),
    # sql-reference/constructs/order-by, group-by, with
    (f"SELECT g, COUNT(*) FROM {LETTERS} GROUP BY ALL ORDER BY ALL", [("a", 1), ("b", 2)]),
    ("WITH r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT COUNT(*) FROM r", [(3,)]),
    # sql-reference/functions/array_agg, object_agg
    (f"SELECT ARRAY_AGG(DISTINCT g) WITHIN GROUP (ORDER BY g) FROM {LETTERS}", [('["a","b"]',)]),
    ("SELECT OBJECT_AGG(k, v::VARIANT) FROM (VALUES ('b', 1), ('a', 2), ('c', NULL)) AS t(k, v)", [('{"a":2,"b":1}',)]),
    ("SELECT OBJECT_AGG('a', 1::VARIANT) FROM (SELECT 1) WHERE FALSE", [("{}",)]),
    # sql-reference/functions/count, percentile_disc, listagg
    ("SELECT COUNT(DISTINCT *) FROM (VALUES (1, 2), (1, 2), (1, 3)) AS t(a, b)", [(2,)]),
    ("SELECT PERCENTILE_DISC(0.3) WITHIN GROUP (ORDER BY x DESC) FROM (VALUES (1), (2), (3), (4)) AS t(x)", [(3,)]),
    ("SELECT PERCENTILE_DISC(0.25) WITHIN GROUP (ORDER BY x DESC) FROM (VALUES (1), (2), (3), (4)) AS t(x)", [(4,)]),
    ("SELECT LISTAGG(DISTINCT x, ',') WITHIN GROUP (ORDER BY x) FROM (VALUES (10), (9), (10)) AS t(x)", [("9,10",)]),
    # sql-reference/sql/select: columns of one name are told apart by their place
    ("SELECT * FROM (SELECT 1 AS a, 2 AS a)", [(1, 2)]),
    (
        "SELECT * FROM (SELECT x.*, y.* FROM (SELECT 1 AS i, 2 AS v) AS x JOIN (SELECT 1 AS i) AS y USING (i))",
        [(1, 2, 1)],
    ),
    ("SELECT * FROM (SELECT x.*, y.* FROM (SELECT 1 AS i) AS x JOIN (SELECT 2 AS i) AS y ON TRUE)", [(1, 2)]),
    ("WITH c AS (SELECT 1 AS a, 2 AS a) SELECT * FROM c", [(1, 2)]),
    ("SELECT b FROM (SELECT 1 AS a, 2 AS a, 3 AS b)", [(3,)]),
    # sql-reference/constructs/join-lateral
    ("SELECT * FROM (SELECT 1 AS x) AS t, LATERAL (SELECT t.x + 1) AS u", [(1, 2)]),
    # sql-reference/functions/seq1, generator, random, uniform
    ("SELECT ROW_NUMBER() OVER (ORDER BY SEQ8()) FROM TABLE(GENERATOR(ROWCOUNT => 3))", [(1,), (2,), (3,)]),
    ("SELECT SUM(SEQ4()) FROM TABLE(GENERATOR(ROWCOUNT => 4))", [(6,)]),
    (
        "SELECT MOD(SEQ4(), 2) AS m, COUNT(*) FROM TABLE(GENERATOR(ROWCOUNT => 5)) GROUP BY m ORDER BY m",
        [(0, 3), (1, 2)],
    ),
    ("SELECT RANDOM(5) = RANDOM(5)", [(True,)]),
    (
        "SELECT MIN(u), MAX(u) FROM (SELECT UNIFORM(1, 3, RANDOM()) AS u FROM TABLE(GENERATOR(ROWCOUNT => 500)))",
        [(1, 3)],
    ),
    ("SELECT COUNT(DISTINCT UNIFORM(1, 100, 7)) FROM TABLE(GENERATOR(ROWCOUNT => 50))", [(1,)]),
    # sql-reference/functions/flatten
    (
        "SELECT key, path, index FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{\"b\":[7,8]}'), PATH => 'b'))",
        [(None, "b[0]", 0), (None, "b[1]", 1)],
    ),
    ('SELECT key FROM TABLE(FLATTEN(PARSE_JSON(\'{"b":1,"a":2}\')))', [("a",), ("b",)]),
]


@pytest.mark.parametrize(("query", "rows"), QUERIES)
def test_a_query_gives_what_snowflake_documents(client, query, rows):
    assert client.rows(query) == rows


REFUSED = [
    (f"SELECT RANK() OVER () FROM {NUMBERS}", 2303),
    (f"SELECT ROW_NUMBER() OVER (PARTITION BY x) FROM {NUMBERS}", 2303),
    ("SELECT a FROM (SELECT 1 AS a, 2 AS a)", 1052),
    ("SELECT * FROM (SELECT 1 AS x) AS t, (SELECT t.x + 1) AS u", 904),
    ("SELECT a.x FROM (SELECT 1 AS x) AS a ANTI JOIN (SELECT 1 AS x) AS b ON a.x = b.x", 2),
    (f"SELECT SUM(ROW_NUMBER() OVER (ORDER BY x)) FROM {NUMBERS}", 2034),
    (f"SELECT 1 FROM {NUMBERS} WHERE ROW_NUMBER() OVER (ORDER BY x) = 1", 2303),
    (f"SELECT 1 FROM {NUMBERS} WHERE COUNT(*) > 1", 2035),
    ("SELECT SUM(b) FROM (SELECT TRUE AS b)", 1044),
    ("SELECT TRUE + 1", 1044),
    (f"SELECT * FROM {NUMBERS}, {LETTERS} WHERE t.x = t.g(+)", 1000),
]


@pytest.mark.parametrize(("query", "errno"), REFUSED)
def test_what_would_be_wrong_is_refused(client, query, errno):
    assert client.refused(query) == errno


def test_numbers_in_a_variant_are_sorted_and_compared_as_numbers(client):
    client.run(
        "CREATE TABLE v (j VARIANT)",
        "INSERT INTO v SELECT PARSE_JSON(column1) FROM VALUES "
        """('{"a":10}'), ('{"a":9}'), ('{"a":100.5}'), ('{"b":1}')""",
    )
    wanted = [("9",), ("10",), ("100.5",), (None,)]
    assert client.rows("SELECT j:a FROM v ORDER BY j:a") == wanted
    assert client.rows("SELECT j:a AS a FROM v ORDER BY a") == wanted
    assert client.rows("SELECT j:a FROM v ORDER BY 1") == wanted
    assert client.rows("SELECT j:a FROM v GROUP BY 1 ORDER BY 1") == wanted
    assert client.rows("SELECT MAX(j:a), MIN(j:a) FROM v") == [("100.5", "9")]
    assert client.one("SELECT COUNT(*) FROM v WHERE j:a > j:b") == 0


@pytest.mark.parametrize(
    "value", ["PARSE_JSON('{}')", "OBJECT_CONSTRUCT('a', 1)", "[1, 2]", "{'a': 1}", "(SELECT 1)", "UPPER((SELECT 'x'))"]
)
def test_values_take_no_semi_structured_constants_and_no_subqueries(client, value):
    """sql-reference/data-types-semistructured: such rows come from INSERT … SELECT."""
    client.execute("CREATE TABLE v (j VARIANT)")
    assert client.refused(f"INSERT INTO v VALUES ({value})") == 2014
    assert client.refused(f"SELECT * FROM VALUES ({value})") == 2014


def test_a_variant_becomes_an_array_or_an_object_only_if_it_is_one(client):
    """sql-reference/functions/to_array, to_object."""
    assert client.one("SELECT PARSE_JSON('5')::ARRAY") == "[5]"
    assert client.one("SELECT PARSE_JSON('null')::ARRAY") is None
    assert client.one("SELECT PARSE_JSON('{\"a\":1}')::OBJECT") == '{"a":1}'
    assert client.refused("SELECT PARSE_JSON('[1]')::OBJECT") == 100071


def test_a_column_is_set_once_and_from_what_was_there(client):
    """sql-reference/sql/update."""
    client.run("CREATE TABLE t (v NUMBER(10,2), s VARCHAR)", "INSERT INTO t VALUES (1.5, 'x')")
    assert client.refused("UPDATE t SET v = 1, v = 2") == 2025
    client.execute("UPDATE t SET v = v + 1, s = v")
    assert client.rows("SELECT v::VARCHAR, s FROM t") == [("2.50", "1.50")]


def test_the_same_seed_gives_the_same_numbers(client):
    query = "SELECT UNIFORM(1, 1000000, RANDOM(7)) FROM TABLE(GENERATOR(ROWCOUNT => 100))"
    first, second = client.rows(query), client.rows(query)
    assert first == second
    assert len(set(first)) > 90
