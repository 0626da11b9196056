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
    "SELECT MAP {'a': 1}",
    "SELECT 0b01",
    "SELECT 1_000",
    "SELECT a IS UNKNOWN FROM t",
    "SELECT a IS NOT UNKNOWN FROM t",
    "SELECT PARSE_JSON('{}') -> 'a'",
    "SELECT a == 1 FROM t",
    "SELECT 'a' ~~ 'a'",
    "SELECT 'a' ~~* 'a'",
    "SELECT 'a' LIKE ANY ['a']",
    "SELECT a IN [1, 2] FROM t",
    "SELECT INT '1'",
    "SELECT BOOLEAN 'true'",
    "SELECT VARIANT '1'",
    "SELECT * EXCEPT (a) FROM t",
    "SELECT a FROM t SAMPLE 10",
    "SELECT a FROM t SAMPLE (10 PERCENT)",
    "SELECT a FROM t@x",
    "SELECT @1 FROM VALUES (1)",
    "SELECT a FROM t GROUP BY DISTINCT a",
    "SELECT a FROM t OFFSET 1",
    "SELECT a FROM t UNION ALL SELECT 1 OFFSET 1",
    "SELECT a FROM t UNION ALL CORRESPONDING SELECT 1 a",
    "SELECT a FROM t INTERSECT BY NAME SELECT 1 a",
    "SELECT SUM(a) OVER (ORDER BY a GROUPS 1 PRECEDING) FROM t",
    "SELECT SUM(a) OVER (ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) FROM t",
    "SELECT ARRAY_AGG(a IGNORE NULLS) FROM t",
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
    "INSERT INTO t (a) VALUE (9)",
    "INSERT INTO t AS x (a) VALUES (9)",
    "INSERT INTO t PARTITION (p) VALUES (9)",
]


@pytest.fixture
def table(client):
    client.run("CREATE OR REPLACE TABLE t (a INT)", "INSERT INTO t VALUES (1), (2)")
    return client


@pytest.mark.parametrize("sql", QUERIES)
def test_a_query_of_another_dialect_is_refused(table, sql):
    assert table.refused(sql) in (1003, 2)


def test_an_array_in_brackets_has_no_name(table):
    assert table.refused("SELECT ARRAY[1]") == 904
    table.run("CREATE OR REPLACE TABLE named (array ARRAY) AS SELECT [7, 8]")
    assert table.one("SELECT array[1] FROM named") == "8"


def test_a_number_may_be_hexadecimal(table):
    assert table.rows("SELECT 0x1F + 1, x'1F', CHR(0x41)") == [(32, b"\x1f", "A")]


def test_values_in_windows_may_leave_nulls_out_inside_the_parentheses(table):
    table.run("INSERT INTO t VALUES (NULL)")
    inside = "SELECT DISTINCT LAST_VALUE(a IGNORE NULLS) OVER (ORDER BY a) FROM t"
    assert table.rows(inside) == [(2,)]


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


def test_a_limit_of_null_or_an_empty_text_is_none(table):
    assert table.rows("SELECT a FROM t ORDER BY a LIMIT NULL OFFSET NULL") == [(1,), (2,)]
    assert table.rows("SELECT a FROM t ORDER BY a LIMIT ''") == [(1,), (2,)]
    table.run("SET n = 1")
    assert table.rows("SELECT a FROM t ORDER BY a LIMIT $n") == [(1,)]
    assert table.rows("SELECT a FROM t ORDER BY a LIMIT ? OFFSET ?", [1, 1]) == [(2,)]


def test_a_key_whose_value_is_null_may_come_again(table):
    assert table.one("SELECT OBJECT_CONSTRUCT('a', NULL, 'a', 1)") == '{"a":1}'
    assert table.one("SELECT OBJECT_CONSTRUCT(LOWER('A'), a, 'b', 2):a FROM t ORDER BY a LIMIT 1") == "1"


SHAPES = [
    ("SELECT '1'::VARCHAR(0)", 2263),
    ("SELECT TRY_CAST('1' AS VARCHAR(134217729))", 2263),
    ("SELECT CAST('1' AS BINARY(0))", 2263),
    ("SELECT '1'::TIMESTAMP_NTZ(10)", 2263),
    ("SELECT '1'::INT(3)", 1003),
    ("SELECT 'abc'::VARCHAR(5, 2)", 1003),
    ("SELECT '1'::TIMESTAMP_NTZ(3, 2)", 1003),
    ("SELECT EXTRACT(year, '2024-01-01'::DATE)", 1003),
    ("SELECT a FROM t LIMIT 1.5", 1015),
    ("SELECT a FROM t LIMIT '1'", 1015),
    ("SELECT a FROM t LIMIT 1 OFFSET 0.5", 1015),
    ("SELECT a FROM t LIMIT 1 + 1", 1015),
    ("SELECT a FROM t LIMIT a", 1015),
    ("SELECT TOP 1.5 a FROM t", 1015),
    ("SELECT {'a': 1, 'a': 2}", 100103),
    ("SELECT OBJECT_CONSTRUCT('a', 1, 'a', 2)", 100103),
    ("SELECT OBJECT_CONSTRUCT_KEEP_NULL('a', 1, 'a', NULL)", 100103),
    ("SELECT OBJECT_CONSTRUCT(LOWER('A'), a, 'a', 2) FROM t", 100103),
    ("SELECT OBJECT_AGG('a', a) FROM t", 100103),
    ("SELECT '1'::DATE(3)", 1003),
    ("SHOW TABLES LIMIT -1", 1003),
    ("SELECT SYSTEM$WAIT(-1)", 1008),
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


def test_columns_are_called_by_their_variables_and_never_by_the_values(table):
    table.run("SET v1 = 1", "SET v3 = 'secret'")
    found = table.execute("SELECT $v1 + 2, $v3, UPPER($v3) u")
    assert [column.name for column in found.columns] == ["$V1 + 2", "$V3", "U"]
    found = table.execute("SELECT * FROM (SELECT $v3 || 'x')")
    assert ([column.name for column in found.columns], found.rows()) == (["$V3 || 'X'"], [("secretx",)])
    assert [column.name for column in table.execute("SELECT ?", ["secret"]).columns] == ["?"]


def test_a_database_role_is_not_shown_when_its_database_is_gone(table):
    table.run("CREATE OR REPLACE ROLE r", "CREATE OR REPLACE DATABASE gone", "CREATE DATABASE ROLE gone.dr")
    table.run("GRANT DATABASE ROLE gone.dr TO ROLE r")
    assert len(table.rows("SHOW GRANTS TO ROLE r")) == 1
    table.run("DROP DATABASE gone")
    assert table.rows("SHOW GRANTS TO ROLE r") == []
    table.run("UNDROP DATABASE gone")
    assert len(table.rows("SHOW GRANTS TO ROLE r")) == 1
    table.run("DROP DATABASE gone")
