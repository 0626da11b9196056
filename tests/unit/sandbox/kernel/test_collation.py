"""Collations: what is compared, sorted and grouped by keys; all that does not mind them is refused by name."""

import pytest

ROWS = "('x','x','ä',1), ('X','X','z',2), ('Y','y','a',3), (NULL,NULL,NULL,4), ('á','á','Z',5), ('a','a','b',6)"


@pytest.fixture
def rows(client):
    client.run("CREATE TABLE c (a VARCHAR COLLATE 'en-ci', b VARCHAR, d VARCHAR COLLATE 'de', n INT)")
    client.run(f"INSERT INTO c VALUES {ROWS}")
    return client


def listed(client, sql):
    return [row[0] for row in client.rows(sql)]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("a = 'X'", [1, 2]),
        ("'X' = a", [1, 2]),
        ("a <> 'X'", [3, 5, 6]),
        ("a IN ('x', 'y')", [1, 2, 3]),
        ("a NOT IN ('x', 'y')", [5, 6]),
        ("a IN (SELECT b FROM c WHERE n = 1)", [1, 2]),
        ("a = ANY (SELECT b FROM c WHERE n = 1)", [1, 2]),
        ("b NOT IN (SELECT a FROM c WHERE n = 1)", [3, 5, 6]),
        ("n IN (SELECT s.n FROM c JOIN c AS s USING (a) WHERE c.n = 1)", [1, 2]),
        ("n IN (SELECT n FROM c NATURAL JOIN (SELECT a FROM c WHERE n = 2))", [1, 2]),
        ("b IN (SELECT a FROM c WHERE n = 1)", [1, 2]),
        ("a BETWEEN 'W' AND 'x'", [1, 2]),
        ("a = b", [1, 2, 3, 5, 6]),
        ("a = (SELECT 'Y')", [3]),
        ("UPPER(a) = 'x'", [1, 2]),
        ("a || 'q' = 'YQ'", [3]),
        ("COALESCE(a, 'none') = 'NONE'", [4]),
        ("IFF(n > 0, a, b) = 'X'", [1, 2]),
        ("CASE a WHEN 'X' THEN 1 ELSE 0 END = 1", [1, 2]),
        ("a COLLATE 'en' = 'X'", [2]),
        ("a COLLATE '' = 'X'", [2]),
        ("b COLLATE 'en-ci' = 'X'", [1, 2]),
        ("b COLLATE 'en-ci-ai' = 'A'", [5, 6]),
        ("b COLLATE 'upper' = 'X'", [1, 2]),
        ("' ' || b COLLATE 'en-ci-trim' = 'X'", [1, 2]),
        ("a = d COLLATE 'en-ci'", []),
        ("LEFT(a, 1) = 'X' AND LENGTH(a) = 1 AND a IS NOT NULL", [1, 2]),
        ("a IS NOT DISTINCT FROM 'X'", [1, 2]),
    ],
)
def test_what_is_equal(rows, condition, found):
    assert listed(rows, f"SELECT n FROM c WHERE {condition} ORDER BY n") == found


GROUPS = [("a", 1), ("á", 1), ("x", 2), ("y", 1), (None, 1)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT LOWER(a), count(*) FROM c GROUP BY a ORDER BY a", GROUPS),
        ("SELECT LOWER(a) AS k, count(*) FROM c GROUP BY k ORDER BY k", GROUPS),
        ("SELECT LOWER(a), count(*) FROM c GROUP BY ALL ORDER BY ALL", GROUPS),
        ("SELECT count(DISTINCT a), count(DISTINCT b), LOWER(MIN(a)), MAX(a) FROM c", [(4, 5, "a", "Y")]),
        ("SELECT DISTINCT LOWER(a) FROM c ORDER BY 1", [("a",), ("á",), ("x",), ("y",), (None,)]),
        ("SELECT d FROM c ORDER BY d", [("a",), ("ä",), ("b",), ("z",), ("Z",), (None,)]),
        ("SELECT b FROM c ORDER BY b COLLATE 'de' DESC", [(None,), ("y",), ("X",), ("x",), ("á",), ("a",)]),
        ("SELECT max(r) FROM (SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY n) AS r FROM c)", [(2,)]),
        ("SELECT count(*) FROM (SELECT a FROM c UNION SELECT 'X')", [(5,)]),
        ("SELECT count(*) FROM c JOIN c AS s ON c.a = s.b", [(7,)]),
        ("WITH w AS (SELECT a FROM c) SELECT count(*) FROM w WHERE a = 'x'", [(2,)]),
        ("SELECT COLLATION(a), COLLATION(b), COLLATION(a || 'x'), COLLATION(a COLLATE 'de') FROM c LIMIT 1",
         [("en-ci", None, "en-ci", "de")]),
    ],
)  # fmt: skip
def test_what_is_sorted_grouped_and_joined(rows, query, found):
    assert rows.rows(query) == found


def test_tables_and_views_hand_it_on(rows):
    rows.run("CREATE TABLE k AS SELECT a, a || 'z' AS z, n FROM c", "CREATE VIEW v AS SELECT a FROM k")
    assert listed(rows, "SELECT count(*) FROM v WHERE a = 'x'") == [2]
    assert "COLLATE 'en-ci'" in rows.one("SELECT GET_DDL('TABLE', 'k')")
    rows.run("UPDATE k SET n = 10 WHERE z = 'XZ'", "DELETE FROM k WHERE a = 'A'")
    rows.run("MERGE INTO k USING (SELECT 'Y' AS y) s ON k.a = s.y WHEN MATCHED THEN UPDATE SET n = 20")
    assert rows.rows("SELECT n FROM k ORDER BY n") == [(4,), (5,), (10,), (10,), (20,)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT a LIKE 'x%' FROM c", "SELECT a ILIKE 'x' FROM c", "SELECT a RLIKE 'x' FROM c",
        "SELECT CONTAINS(a, 'x') FROM c",
        "SELECT REPLACE(a, 'x', 'y') FROM c", "SELECT POSITION('x', a) FROM c", "SELECT STARTSWITH(a, 'x') FROM c",
        "SELECT LISTAGG(a) FROM c", "SELECT GREATEST(a, 'x') FROM c",
        "SELECT DECODE(a, 'x', 1) FROM c",
        "SELECT NULLIF(a, 'x') FROM c", "SELECT EQUAL_NULL(a, 'x') FROM c", "SELECT (a, n) IN (('x', 10)) FROM c",

        "SELECT a FROM c INTERSECT SELECT 'X'",
        "SELECT a FROM c UNION SELECT 'X' ORDER BY 1", "SELECT a FROM c GROUP BY ROLLUP(a)", "SELECT a::VARCHAR FROM c",
        "SELECT a FROM c GROUP BY GROUPING SETS ((a), ())",
        "SELECT * FROM c PIVOT (MAX(n) FOR a IN ('x', 'y'))",
        "SELECT ARRAY_AGG(DISTINCT a) FROM c", "SELECT MODE(a) FROM c",
        "SELECT 'a' COLLATE 'xx-ci' = 'A'", "SELECT 'a' COLLATE 'en-pi' = 'A'", "SELECT 'a' COLLATE 'en-ai' = 'A'",
        "SELECT 'a' COLLATE 'ci' = 'A'", "SELECT 'a' COLLATE 'en-fu' = 'A'", "SELECT 'a' COLLATE 'en_x'' = 'A'",
        "SELECT n FROM c START WITH n = 1 CONNECT BY PRIOR a = b", "SELECT SPLIT(a, 'x') FROM c",
    ],
)  # fmt: skip
def test_what_does_not_mind_collations_is_refused(rows, query):
    assert rows.refused(query) in (2, 1003)


def test_two_collations_do_not_meet(rows):
    assert "Incompatible collations: 'de' and 'en-ci'" in rows.said("SELECT a = d FROM c")
    assert rows.refused("SELECT COALESCE(a, d) FROM c") == 2334
    assert rows.refused("SELECT 'a' COLLATE n FROM c") in (2, 1015)
    assert rows.refused("SELECT n COLLATE 'en' FROM c") == 1015


def test_a_users_function_takes_plain_text(rows):
    rows.run("CREATE FUNCTION big(t VARCHAR) RETURNS BOOLEAN AS 't = UPPER(t)'")
    assert listed(rows, "SELECT n FROM c WHERE big(a) ORDER BY n") == [2, 3]


def test_a_hash_sees_the_characters_and_not_the_collation(rows):
    rows.run("UPDATE c SET b = a")
    assert rows.one("SELECT COUNT_IF(HASH(a) <> HASH(b)) FROM c") == 0
    assert rows.one("SELECT HASH_AGG(a) = HASH_AGG(b) AND HASH_AGG(a, n) = HASH_AGG(b, n) FROM c") is True
    assert rows.one("SELECT COUNT(DISTINCT HASH(a)) FROM c") == 6
    assert rows.one("SELECT HASH_AGG(*) = HASH_AGG(a, b, d, n) FROM c") is True


def test_distinct_values_are_counted_about_as_they_are_counted(rows):
    assert rows.rows("SELECT APPROX_COUNT_DISTINCT(a), HLL(b), APPROX_COUNT_DISTINCT(DISTINCT a) FROM c") == [(4, 5, 4)]
    assert rows.refused("SELECT APPROX_COUNT_DISTINCT() FROM c") in (938, 939)
