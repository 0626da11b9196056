"""What expressions and queries give, as Snowflake gives it."""

from datetime import date, datetime
from decimal import Decimal

import pytest

D = Decimal


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1/3", D("0.333333")),
        ("10/4", D("2.500000")),
        ("-7/2", D("-3.500000")),
        ("2.5::NUMBER(38,9) / 0.5::NUMBER(38,9)", D("5")),
        ("7 % 3", 1),
        ("1 + 1.50", D("2.50")),
        ("99999999999999999999999999999999999999", D("99999999999999999999999999999999999999")),
        ("2.5::NUMBER", 3),
        ("-2.5::NUMBER", -3),
        ("'12.345'::NUMBER(10,2)", D("12.35")),
        ("TRUE::NUMBER", 1),
        ("'5' = 5", True),
        ("'05' = 5", True),
        ("'a' || NULL", None),
        ("'a' || 1 || TRUE", "a1true"),
        ("1.0::FLOAT::VARCHAR", "1"),
        ("1.50::NUMBER(10,2)::VARCHAR", "1.50"),
        ("NULLIF(1, 1)", None),
        ("IFF(1 > 2, 'x', 'y')", "y"),
        ("NVL(NULL, 3)", 3),
        ("NVL2(NULL, 1, 2)", 2),
        ("ZEROIFNULL(NULL::NUMBER)", 0),
        ("NULLIFZERO(0)", None),
        ("DECODE(NULL, NULL, 'n', 'm')", "n"),
        ("DECODE(5, 1, 'a', 2, 'b', 'c')", "c"),
        ("EQUAL_NULL(NULL, NULL)", True),
        ("GREATEST(1, NULL, 3)", None),
        ("LEAST(3, 2.5)", D("2.5")),
        ("COALESCE(NULL, 'a', 'b')", "a"),
        ("DIV0(1, 0)", 0),
        ("DIV0NULL(1, NULL)", 0),
        ("ROUND(2.5)", 3),
        ("ROUND(-2.555, 2)", D("-2.56")),
        ("TRUNC(2.59, 1)", D("2.5")),
        ("CEIL(1.2)", 2),
        ("FLOOR(-1.5)", -2),
        ("MOD(-7, 3)", -1),
        ("SQUARE(3)", 9.0),
        ("CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END", "b"),
        ("1 BETWEEN 0 AND 2", True),
        ("'a' IN ('b', 'a')", True),
        ("NULL IS NULL", True),
        ("1 IS DISTINCT FROM NULL", True),
        ("'abc' LIKE 'a%'", True),
        ("'a_c' LIKE 'a^_c' ESCAPE '^'", True),
        ("'ABC' ILIKE ANY ('x%', 'a%')", True),
        ("'abc' RLIKE 'b'", False),
        ("REGEXP_LIKE('abc', 'a.*')", True),
        ("REGEXP_REPLACE('a1b2', '[0-9]')", "ab"),
        ("REGEXP_REPLACE('a1b2', '([a-z])([0-9])', '\\\\2\\\\1')", "1a2b"),
        ("REGEXP_SUBSTR('foo bar', 'b.r')", "bar"),
        ("REGEXP_COUNT('aXbXc', 'X')", 2),
        ("SPLIT_PART('a,b,c', ',', -1)", "c"),
        ("SPLIT_PART('a,b', ',', 5)", ""),
        ("SUBSTR('hello', 2, 3)", "ell"),
        ("SUBSTR('hello', -3)", "llo"),
        ("LEFT('hello', 2) || RIGHT('hello', 2)", "helo"),
        ("LPAD('7', 3, '0')", "007"),
        ("INITCAP('hello wORLD')", "Hello World"),
        ("TRIM('  a ')", "a"),
        ("LTRIM('xxa', 'x')", "a"),
        ("REPLACE('abc', 'b')", "ac"),
        ("POSITION('b', 'abc')", 2),
        ("POSITION('b' IN 'abc')", 2),
        ("CHARINDEX('b', 'abcb', 3)", 4),
        ("CONTAINS('abc', 'b')", True),
        ("CONCAT('a', 'b', NULL)", None),
        ("CONCAT_WS('-', 'a', 'b')", "a-b"),
        ("LENGTH('żółw')", 4),
        ("ASCII('A')", 65),
        ("CHR(65)", "A"),
        ("MD5('a')", "0cc175b9c0f1b6a831c399e269772661"),
        ("SHA2('a')", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
        ("STARTSWITH('abc', 'ab')", True),
        ("TO_CHAR(1234.5, '999,999.00')", "   1,234.50"),
        ("TO_CHAR(1234567, 'FM9,999,999')", "1,234,567"),
        ("TO_CHAR(5, 'FM000')", "005"),
        ("TO_CHAR('2024-05-01'::DATE, 'DD.MM.YYYY')", "01.05.2024"),
        ("TO_CHAR('2024-05-01 13:04:05'::TIMESTAMP_NTZ, 'HH24:MI:SS.FF3')", "13:04:05.000"),
        ("TO_VARCHAR('2024-05-01'::DATE)", "2024-05-01"),
        ("'2024-05-01 13:04:05.678'::TIMESTAMP_NTZ::VARCHAR", "2024-05-01 13:04:05.678"),
        ("TO_NUMBER('1,234.50', '9,999.99', 10, 2)", D("1234.50")),
        ("TRY_TO_NUMBER('x')", None),
        ("TRY_CAST('x' AS DATE)", None),
        ("TRY_TO_TIMESTAMP('nonsense')", None),
        ("TO_DATE('01/02/2024', 'DD/MM/YYYY')", date(2024, 2, 1)),
        ("'2024-01-31'::DATE + 1", date(2024, 2, 1)),
        ("'2024-03-01'::DATE - '2024-02-01'::DATE", 29),
        ("DATEADD(month, 1, '2024-01-31'::DATE)", date(2024, 2, 29)),
        ("DATEADD('day', -1, '2024-03-01'::DATE)", date(2024, 2, 29)),
        ("DATEADD(hour, 1, '2024-03-01'::DATE)", datetime(2024, 3, 1, 1)),
        ("DATEDIFF(month, '2024-01-31'::DATE, '2024-02-01'::DATE)", 1),
        ("DATEDIFF('second', '2024-01-01 00:00:00'::TIMESTAMP_NTZ, '2024-01-01 00:01:00'::TIMESTAMP_NTZ)", 60),
        ("DATE_TRUNC('month', '2024-05-17'::DATE)", date(2024, 5, 1)),
        ("DATE_TRUNC('hour', '2024-05-17 10:11:12'::TIMESTAMP_NTZ)", datetime(2024, 5, 17, 10)),
        ("LAST_DAY('2024-02-10'::DATE)", date(2024, 2, 29)),
        ("ADD_MONTHS('2024-02-29'::DATE, 1)", date(2024, 3, 31)),
        ("YEAR('2024-05-17'::DATE) + MONTH('2024-05-17'::DATE)", 2029),
        ("DAYOFWEEK('2024-05-19'::DATE)", 0),
        ("DAYOFWEEKISO('2024-05-19'::DATE)", 7),
        ("DATE_PART(epoch_second, '2024-01-01'::TIMESTAMP_NTZ)", 1704067200),
        ("EXTRACT(QUARTER FROM '2024-05-17'::DATE)", 2),
        ("MONTHNAME('2024-05-17'::DATE)", "May"),
        ("NEXT_DAY('2024-05-17'::DATE, 'friday')", date(2024, 5, 24)),
        ("TO_TIMESTAMP_NTZ(1700000000)", datetime(2023, 11, 14, 22, 13, 20)),
        ("DATE_FROM_PARTS(2024, 2, 30)", date(2024, 3, 1)),
        ("MONTHS_BETWEEN('2024-03-31'::DATE, '2024-02-29'::DATE)", 1.0),
        ('PARSE_JSON(\'{"a": {"b": [1, 2]}}\'):a.b[1]::INT', 2),
        ('PARSE_JSON(\'{"a": "x"}\'):a::VARCHAR', "x"),
        ("PARSE_JSON('{\"a\": \"x\"}')['a']", '"x"'),
        ("PARSE_JSON('[1,2,3]')[0]", "1"),
        ("OBJECT_CONSTRUCT('a', 1, 'b', NULL)", '{"a":1}'),
        ("OBJECT_CONSTRUCT_KEEP_NULL('a', NULL)", '{"a":null}'),
        ("ARRAY_CONSTRUCT(1, 'a', NULL)", '[1,"a",null]'),
        ("ARRAY_SIZE(ARRAY_CONSTRUCT(1, 2))", 2),
        ("ARRAY_CONTAINS(2::VARIANT, ARRAY_CONSTRUCT(1, 2))", True),
        ("ARRAY_TO_STRING(SPLIT('a-b', '-'), '+')", "a+b"),
        ("TYPEOF(PARSE_JSON('1'))", "INTEGER"),
        ("TRY_PARSE_JSON('{')", None),
        ("x'4142'::VARCHAR", "4142"),
        ("'a\\'b'", "a'b"),
        ("$$it's$$", "it's"),
    ],
)
def test_an_expression(client, expression, value):
    assert client.one(f"SELECT {expression}") == value


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT COUNT(*), SUM(x), AVG(x), MIN(x) FROM VALUES (1), (2), (NULL) v(x)", [(3, 3, D("1.500000"), 1)]),
        ("SELECT COUNT(DISTINCT x), COUNT_IF(x > 1) FROM VALUES (1), (1), (2) v(x)", [(2, 1)]),
        ("SELECT LISTAGG(x, ',') WITHIN GROUP (ORDER BY x DESC) FROM VALUES ('a'), ('b') v(x)", [("b,a",)]),
        ("SELECT ARRAY_AGG(x) WITHIN GROUP (ORDER BY x) FROM VALUES (2), (1), (NULL) v(x)", [("[1,2]",)]),
        ("SELECT ARRAY_AGG(x) FROM VALUES (1) v(x) WHERE x = 2", [("[]",)]),
        ("SELECT a, SUM(b) FROM VALUES (1, 2), (1, 3), (2, 9) v(a, b) GROUP BY 1 HAVING SUM(b) < 9", [(1, 5)]),
        ("SELECT a + 1 AS x, COUNT(*) FROM VALUES (1), (1) v(a) GROUP BY x", [(2, 2)]),
        ("SELECT a, b FROM VALUES (1, 2), (1, 3) v(a, b) "
         "QUALIFY ROW_NUMBER() OVER (PARTITION BY a ORDER BY b DESC) = 1",
         [(1, 3)]),
        ("SELECT a AS n, n + 1 AS m FROM VALUES (1) v(a) WHERE m = 2", [(1, 2)]),
        ("SELECT x FROM VALUES (2), (NULL), (1) v(x) ORDER BY x", [(1,), (2,), (None,)]),
        ("SELECT x FROM VALUES (2), (NULL), (1) v(x) ORDER BY x DESC", [(None,), (2,), (1,)]),
        ("SELECT x FROM VALUES (2), (NULL), (1) v(x) ORDER BY 1 NULLS FIRST LIMIT 1 OFFSET 1", [(1,)]),
        ("SELECT TOP 1 x FROM VALUES (3), (2) v(x) ORDER BY x", [(2,)]),
        ("SELECT $2, column1 FROM VALUES (1, 'a')", [("a", 1)]),
        ("WITH a AS (SELECT 1 x), b(y) AS (SELECT x + 1 FROM a) SELECT y FROM b", [(2,)]),
        ("WITH RECURSIVE r AS (SELECT 1 n UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT SUM(n) FROM r", [(6,)]),
        ("SELECT 1 UNION SELECT 1", [(1,)]),
        ("SELECT x FROM VALUES (1), (2) v(x) EXCEPT SELECT 1", [(2,)]),
        ("SELECT x FROM VALUES (1), (2) v(x) MINUS SELECT 1", [(2,)]),
        ("SELECT x FROM VALUES (1), (2) v(x) INTERSECT SELECT 1", [(1,)]),
        ("SELECT 1 AS x UNION ALL SELECT 2.5 ORDER BY x DESC", [(D("2.5"),), (D("1.0"),)]),
        ("SELECT a.x, b.y FROM (SELECT 1 x) a LEFT JOIN (SELECT 2 x, 3 y) b ON a.x = b.x", [(1, None)]),
        ("SELECT x FROM (SELECT 1 x) a JOIN (SELECT 1 x) b USING (x)", [(1,)]),
        ("SELECT * FROM (SELECT 1 x, 2 y) a JOIN (SELECT 1 x, 3 z) b USING (x)", [(1, 2, 3)]),
        ("SELECT x FROM (SELECT 1 x) a NATURAL JOIN (SELECT 1 x) b", [(1,)]),
        ("SELECT * EXCLUDE (b) FROM (SELECT 1 a, 2 b)", [(1,)]),
        ("SELECT * REPLACE (5 AS b) FROM (SELECT 1 a, 2 b)", [(1, 5)]),
        ("SELECT * ILIKE '%a%' FROM (SELECT 1 xa, 2 b)", [(1,)]),
        ("SELECT v.* FROM (SELECT 1 a) v", [(1,)]),
        ("SELECT (SELECT MAX(x) FROM VALUES (1), (5) v(x))", [(5,)]),
        ("SELECT x FROM VALUES (1), (2) v(x) WHERE EXISTS (SELECT 1 FROM VALUES (2) w(y) WHERE y = x)", [(2,)]),
        ("SELECT x FROM VALUES (1), (2) v(x) WHERE (x, 1) IN (SELECT 2, 1)", [(2,)]),
        ("SELECT f.index, f.value::INT FROM (SELECT PARSE_JSON('[7,8]') j) t, LATERAL FLATTEN(INPUT => t.j) f "
         "ORDER BY 1",
         [(0, 7), (1, 8)]),
        ("SELECT f.key, f.path FROM TABLE(FLATTEN(PARSE_JSON('{\"a\":1}'))) f", [("a", "a")]),
        ("SELECT t.k, f.value FROM VALUES (1, '[]'), (2, '[5]') t(k, j), "
         "LATERAL FLATTEN(PARSE_JSON(j), OUTER => TRUE) f ORDER BY 1", [(1, None), (2, "5")]),
        ("SELECT COUNT(*), MAX(n) FROM (SELECT SEQ4() n FROM TABLE(GENERATOR(ROWCOUNT => 10)))", [(10, 9)]),
        ("SELECT value FROM TABLE(SPLIT_TO_TABLE('a,b', ',')) ORDER BY index", [("a",), ("b",)]),
        ("SELECT LAG(x) OVER (ORDER BY x), SUM(x) OVER (ORDER BY x) FROM VALUES (1), (2) v(x)", [(None, 1), (1, 3)]),
        ("SELECT FIRST_VALUE(x) IGNORE NULLS OVER (ORDER BY y) FROM VALUES (NULL, 1), (5, 2) v(x, y)"
         " QUALIFY ROW_NUMBER() OVER (ORDER BY y) = 2", [(5,)]),
        ("SELECT SUM(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM VALUES (1), (2), (3) v(x)",
         [(1,), (3,), (5,)]),
        ("SELECT a, SUM(b) FROM VALUES (1, 2), (2, 3) v(a, b) GROUP BY ROLLUP (a) ORDER BY a",
         [(1, 2), (2, 3), (None, 5)]),
        ("SELECT MEDIAN(x), PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x) FROM VALUES (1), (3) v(x)", [(2.0, 2.0)]),
        ("SELECT APPROX_COUNT_DISTINCT(x), ANY_VALUE(x), MAX_BY(x, x) FROM VALUES (1) v(x)", [(1, 1, 1)]),
        ("SELECT 'x' FROM dual", [("x",)]),
        ("(SELECT 1) UNION ALL (SELECT 2)", [(1,), (2,)]),
        ("VALUES (1, 'a')", [(1, "a")]),
    ],
)  # fmt: skip
def test_a_query(client, query, rows):
    assert client.rows(query) == rows


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("select count(*), sum(a), a from values (1) v(a) group by a", ["COUNT(*)", "SUM(A)", "A"]),
        ("select 1+1, 'abc', max( a ) over () from values (1) v(a)", ["1+1", "'ABC'", "MAX( A ) OVER ()"]),
        ('select 1 as "a b", 2 c, "C" from values (1) v("C")', ["a b", "C", "C"]),
        ("select * from (select count(*) from dual)", ["COUNT(*)"]),
        ("select /* x */ 1 -- y\n, 2", ["1", "2"]),
    ],
)
def test_the_names_of_columns(client, query, names):
    assert [column.name for column in client.execute(query).columns] == names


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("1", ("NUMBER", 1, 0)),
        ("1.50", ("NUMBER", 3, 2)),
        ("COUNT(*)", ("NUMBER", 18, 0)),
        ("SUM(1)", ("NUMBER", 38, 0)),
        ("SUM(1.25)", ("NUMBER", 38, 2)),
        ("1::INT", ("NUMBER", 38, 0)),
        ("1::NUMBER(10,2)", ("NUMBER", 10, 2)),
        ("1::FLOAT", ("FLOAT", None, None)),
        ("CURRENT_TIMESTAMP()", ("TIMESTAMP_LTZ", None, 9)),
        ("'2024-01-01'::TIMESTAMP", ("TIMESTAMP_NTZ", None, 9)),
        ("PARSE_JSON('1')", ("VARIANT", None, None)),
        ("ARRAY_CONSTRUCT()", ("ARRAY", None, None)),
        ("'2024-01-01'::DATE", ("DATE", None, None)),
        ("DATE_TRUNC('month', '2024-01-01'::DATE)", ("DATE", None, None)),
        ("TRUE", ("BOOLEAN", None, None)),
    ],
)
def test_the_type_of_a_column(client, expression, kind):
    found = client.execute(f"SELECT {expression}").columns[0].type
    assert (found.name, found.precision, found.scale) == kind


@pytest.mark.parametrize(
    ("query", "errno"),
    [
        ("SELECT 1/0", 100051),
        ("SELECT MOD(1, 0)", 100051),
        ("SELECT 1::FLOAT/0", 100051),
        ("SELECT 'a'::NUMBER", 100038),
        ("SELECT 'a' + 1", 100038),
        ("SELECT 12345::NUMBER(4,0)", 100039),
        ("SELECT 'nonsense'::DATE", 100040),
        ("SELECT 'x'::BOOLEAN", 100037),
        ("SELECT PARSE_JSON('{')", 100069),
        ("SELECT 'abc'::VARCHAR(2)", 100078),
        ("SELECT nosuch(1)", 2140),
        ("SELECT nosuch", 904),
        ('SELECT "a" FROM VALUES (1) v(a)', 904),
        ("SELECT v.nosuch FROM VALUES (1) v(a)", 904),
        ("SELECT w.a FROM VALUES (1) v(a)", 904),
        ("SELECT a FROM VALUES (1) v(a), VALUES (2) w(a)", 1052),
        ("SELECT * FROM nosuch", 2003),
        ("SELECT * FROM nosuch.public.t", 2003),
        ("SELECT 1 FROM", 1003),
        ("SELECT (1", 1003),
        ("SELECT 'a", 1003),
        ("SELEC 1", 1003),
        ("", 900),
        ("SELECT 1; SELECT 2", 8),
        ("SELECT 1 UNION SELECT 1, 2", 1789),
        ("SELECT UPPER()", 938),
        ("SELECT UPPER('a', 'b')", 939),
        ("SELECT DATEADD(fortnight, 1, '2024-01-01'::DATE)", 2022),
        ("SELECT (SELECT x FROM VALUES (1), (2) v(x))", 90150),
        ("SELECT a, COUNT(*) FROM VALUES (1) v(a)", 979),
        ("SELECT * FROM t MATCH_RECOGNIZE (PATTERN (a) DEFINE a AS 1 = 1)", None),
        ("SELECT ?", 2049),
        ("SELECT $nosuch", 1102),
    ],
)
def test_a_refusal(client, query, errno):
    assert client.refused(query) == (errno or client.refused(query))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM duckdb_tables()",
        "SELECT * FROM TABLE(read_text('/etc/passwd'))",
        "SELECT read_text('/etc/passwd')",
        "SELECT * FROM _catalog",
        "SELECT * FROM main.s1",
        "SELECT * FROM information_schema.duckdb_tables",
        "SELECT getenv('HOME')",
        "SELECT current_setting('threads')",
        "ATTACH '/tmp/x.db'",
        "COPY t TO '/tmp/x'",
        "INSTALL httpfs",
        "PRAGMA version",
        "CALL pragma_version()",
        "SELECT rowid FROM dual",
        "SELECT nextval('_ids')",
        'SELECT "s1".x FROM main."s1"',
    ],
)
def test_the_engine_itself_is_out_of_reach(client, query):
    assert client.refused(query) != 603


def test_engine_words_in_strings_and_identifiers_are_only_words(client):
    client.run('CREATE TABLE "s1; DROP TABLE x --" ("it\'s" INT, "a""b" INT)')
    client.run('INSERT INTO "s1; DROP TABLE x --" VALUES (1, 2)')
    assert client.rows('SELECT "it\'s", "a""b", \'; DROP\' FROM "s1; DROP TABLE x --"') == [(1, 2, "; DROP")]


def test_binds_by_place_by_number_and_by_name(client):
    assert client.rows("SELECT ?, ?", [1, "a'b"]) == [(1, "a'b")]
    assert client.rows("SELECT :2, :1", [1, None]) == [(None, 1)]
    assert client.rows("SELECT :x || ':y'", {"x": "v"}) == [("v:y",)]
    assert client.rows("SELECT :x", {"X": D("1.5")}) == [(D("1.5"),)]


def test_identifier_takes_a_string_a_variable_or_a_bind(client):
    client.run("CREATE TABLE t (a INT)", "INSERT INTO t VALUES (1)", "SET name = 't'")
    for query, binds in (
        ("SELECT a FROM IDENTIFIER('t')", None),
        ("SELECT a FROM IDENTIFIER($name)", None),
        ("SELECT a FROM IDENTIFIER(?)", ["t"]),
        ("SELECT a FROM TABLE($name)", None),
    ):
        assert client.rows(query, binds) == [(1,)]


def test_results_of_late_can_be_asked_again(client):
    first = client.execute('SELECT 1 AS a, 2 AS "b"')
    assert client.rows('SELECT a, "b" FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))') == [(1, 2)]
    assert client.one(f"SELECT a FROM TABLE(RESULT_SCAN('{first.query_id}'))") == 1
    assert client.refused("SELECT * FROM TABLE(RESULT_SCAN('no-such-id'))") == 709


def test_a_session_knows_itself(client, database):
    values = client.rows(
        "SELECT CURRENT_ACCOUNT_NAME(), CURRENT_ORGANIZATION_NAME(), CURRENT_REGION(), CURRENT_USER(), CURRENT_ROLE(), "
        "CURRENT_WAREHOUSE(), CURRENT_DATABASE(), CURRENT_SCHEMA(), CURRENT_SESSION(), CURRENT_TRANSACTION()"
    )[0]
    assert values == (
        "IMSDLC", "LOCALORG", "AWS_EU_CENTRAL_1", "SANDBOX_ADMIN", "ACCOUNTADMIN", "ADMIN_WH", database, "PUBLIC",
        str(client.session.id), None,
    )  # fmt: skip


def test_explain_compiles_and_does_not_run(client):
    client.run("CREATE TABLE t (a INT)", "CREATE SEQUENCE s")
    assert client.rows("EXPLAIN SELECT a, s.NEXTVAL FROM t")[2][4].endswith("PUBLIC.T")
    assert client.rows("EXPLAIN USING TEXT INSERT INTO t VALUES (1)")
    assert client.one("SELECT COUNT(*) FROM t") == 0
    assert client.refused("EXPLAIN SELECT b FROM t") == 904


def test_functions_of_ones_own_stand_for_their_body(client):
    client.run(
        "CREATE FUNCTION twice(n INT) RETURNS INT AS 'n * 2'",
        "CREATE TABLE rates (k INT, rate NUMBER(10,2))",
        "INSERT INTO rates VALUES (1, 1.5)",
        "CREATE FUNCTION rate_of(key INT) RETURNS NUMBER(10,2) AS 'SELECT MAX(rate) FROM rates WHERE k = key'",
        "CREATE FUNCTION above(n INT) RETURNS TABLE (k INT) AS 'SELECT k FROM rates WHERE k > n'",
    )
    assert client.rows("SELECT twice(x), rate_of(x) FROM VALUES (1), (2) v(x)") == [(2, D("1.50")), (4, None)]
    assert client.rows("SELECT k FROM TABLE(above(0))") == [(1,)]
    assert client.refused("SELECT twice('a', 1)") == 1044


def test_a_view_is_compiled_where_it_lives(client):
    client.run(
        "CREATE SCHEMA a",
        "CREATE TABLE a.t (x INT)",
        "INSERT INTO a.t VALUES (1)",
        "USE SCHEMA a",
        "CREATE VIEW v(y) AS SELECT x FROM t",
        "CREATE VIEW w AS SELECT y + 1 AS z FROM v",
        "USE SCHEMA public",
    )
    assert client.rows("SELECT z FROM a.w") == [(2,)]
    client.run("ALTER TABLE a.t RENAME TO a.u")
    assert client.refused("SELECT * FROM a.w") == 2003


def test_group_by_all_goes_with_qualify(client):
    client.run(
        "CREATE TABLE s (r VARCHAR, p VARCHAR, a INT)",
        "INSERT INTO s VALUES ('n', 'x', 1), ('n', 'y', 5), ('m', 'x', 2)",
    )
    query = (
        "SELECT r, p, SUM(a) AS total, 7 AS c, RANK() OVER (PARTITION BY r ORDER BY SUM(a) DESC) AS place "
        "FROM s GROUP BY ALL QUALIFY place = 1 ORDER BY r"
    )
    assert client.rows(query) == [("m", "x", 2, 7, 1), ("n", "y", 5, 7, 1)]
    assert client.rows("SELECT SUM(a) FROM s GROUP BY ALL QUALIFY ROW_NUMBER() OVER (ORDER BY SUM(a)) = 1") == [(8,)]
