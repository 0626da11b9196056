"""What other dialects have and Snowflake has not is refused: nothing of a statement is left out in silence."""

import pytest

QUERIES = [
    "SELECT a FROM t WITH (NOLOCK)",
    "SELECT a FROM t WITH ORDINALITY",
    "SELECT a FROM t USING SAMPLE 10",
    "SELECT a FROM t LIMIT 1 BY a",
    "SELECT a FROM t LIMIT 1, 1",
    "SELECT a FROM t ORDER BY a WITH FILL",
    "SELECT a FROM t SORT BY a",
    "SELECT a, COUNT(*) FROM t GROUP BY a WITH ROLLUP",
    "SELECT a FROM t STRAIGHT_JOIN t b",
    "SELECT t.a FROM t CROSS JOIN t b ON TRUE",
    "SELECT t.a FROM t CROSS APPLY (SELECT 1) b",
    "SELECT AS STRUCT a FROM t",
    "SELECT a FROM t INTERSECT ALL SELECT 1",
    "SELECT a FROM t EXCEPT ALL SELECT 1",
    "SELECT a BETWEEN SYMMETRIC 2 AND 1 FROM t",
    "SELECT CAST('1' AS INT FORMAT 'x')",
    "SELECT (1, 2)",
    "SELECT INTERVAL '1 day'",
    "SELECT 1 <=> 1",
    "SELECT 1::HUGEINT",
    "SELECT a::INT4 FROM t",
    "SELECT CAST('1' AS JSON)",
    "SELECT 'ab'::BLOB",
    "WITH q AS MATERIALIZED (SELECT 1) SELECT * FROM q",
    "WITH RECURSIVE c AS (SELECT 1 n UNION SELECT n + 1 FROM c WHERE n < 3) SELECT * FROM c",
    "SELECT * FROM TABLE('t; DROP TABLE t')",
    "SELECT * FROM IDENTIFIER('t WHERE 1 = 1')",
    "SELECT * FROM IDENTIFIER('read_csv(''/etc/passwd'')')",
]
CHANGES = [
    "UPDATE t SET a = 9 RETURNING a",
    "UPDATE t SET a = 9 ORDER BY a",
    "UPDATE t SET a = 9 LIMIT 1",
    "UPDATE t SET a = 9 WHERE a > 0 ORDER BY a LIMIT 1",
    "UPDATE t, t b SET t.a = 9",
    "DELETE FROM t LIMIT 1",
    "DELETE FROM t ORDER BY a LIMIT 1",
    "DELETE FROM t RETURNING a",
    "DELETE t FROM t JOIN t b",
    "MERGE INTO t USING (SELECT 1 a) s ON t.a = s.a WHEN MATCHED THEN DELETE RETURNING a",
    "MERGE INTO t USING (SELECT 1 a) s ON t.a = s.a WHEN MATCHED THEN UPDATE *",
    "MERGE INTO t USING (SELECT 7 a) s ON t.a = s.a WHEN NOT MATCHED THEN INSERT *",
    "INSERT INTO t SET a = 9",
    "INSERT t VALUES (9)",
    "INSERT INTO t PARTITION (p) VALUES (9)",
]


@pytest.fixture
def table(client):
    client.run("CREATE OR REPLACE TABLE t (a INT)", "INSERT INTO t VALUES (1), (2)")
    return client


@pytest.mark.parametrize("sql", QUERIES)
def test_a_query_of_another_dialect_is_refused(table, sql):
    assert table.refused(sql) in (1003, 2)


@pytest.mark.parametrize("sql", CHANGES)
def test_a_change_of_another_dialect_changes_nothing(table, sql):
    assert table.refused(sql) in (1003, 2)
    assert table.rows("SELECT a FROM t ORDER BY a") == [(1,), (2,)]


def test_what_snowflake_has_of_the_kind_is_known(table):
    table.run("INSERT OVERWRITE INTO t SELECT 1 UNION ALL SELECT 2", 'INSERT INTO "T" (a) VALUES (3)')
    table.run("UPDATE t SET a = b.a FROM (SELECT 3 a) b WHERE t.a = b.a", "DELETE FROM t USING t b WHERE t.a = 3")
    assert table.rows("SELECT a FROM t SAMPLE (100) ORDER BY a LIMIT 1 OFFSET 1") == [(2,)]
    assert table.rows("SELECT 1 isnull, CURRENT_DATE + INTERVAL '1 day' > CURRENT_DATE") == [(1, True)]
    assert table.rows("SELECT (a, 1) IN (SELECT 1, 1) FROM t ORDER BY a") == [(True,), (False,)]
    assert table.rows("SELECT a FROM t INTERSECT SELECT 2") == [(2,)]


SHAPES = [
    ("SELECT a FROM t WHERE a IN (SELECT a, a FROM t)", 1789),
    ("WITH x AS (SELECT 1 a), X AS (SELECT 2 a) SELECT * FROM x", 2027),
    ('WITH x AS (SELECT 1 a), "x" AS (SELECT 2 a) SELECT * FROM x', 2),
    ("WITH x (a, b) AS (SELECT 1) SELECT * FROM x", 2057),
    ("WITH x (a) AS (SELECT 1, 2) SELECT * FROM x", 2057),
    ("SET v = REPEAT('ü', 129)", 1121),
]


@pytest.mark.parametrize(("sql", "number"), SHAPES, ids=[sql for sql, _ in SHAPES])
def test_what_does_not_fit_is_told(table, sql, number):
    assert table.refused(sql) == number


def test_what_just_fits_is_done(table):
    table.run("SET v = REPEAT('ü', 128)")
    assert table.one("SELECT LENGTH($v)") == 128
    assert table.rows("WITH x (b) AS (SELECT 1), y AS (SELECT 2 a) SELECT * FROM x, y") == [(1, 2)]
