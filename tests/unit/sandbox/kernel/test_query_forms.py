"""PIVOT, CONNECT BY, ASOF JOIN, INSERT ALL and the other forms of queries that Snowflake has of its own."""

from decimal import Decimal

import pytest

D = Decimal


@pytest.fixture
def sales(client):
    client.run(
        "CREATE TABLE QS (EMPID INT, AMOUNT INT, QUARTER VARCHAR)",
        "INSERT INTO QS VALUES (1, 100, 'Q1'), (1, 4, 'Q1'), (1, 50, 'Q2'), (2, 7, 'Q2'), (2, 1, NULL)",
        "CREATE TABLE MS (EMPID INT, JAN INT, FEB INT)",
        "INSERT INTO MS VALUES (1, 10, NULL), (2, 20, 30)",
    )
    return client


@pytest.fixture
def people(client):
    client.run(
        "CREATE TABLE P (ID INT, BOSS INT, NAME VARCHAR)",
        "INSERT INTO P VALUES (1, NULL, 'a'), (2, 1, 'b'), (3, 1, 'c'), (4, 2, 'd')",
    )
    return client


@pytest.fixture
def two(client):
    client.run("CREATE TABLE A (N INT, T VARCHAR(3))", "CREATE TABLE B (N INT NOT NULL, T VARCHAR DEFAULT 'none')")
    return client


def names(client, sql):
    return [column.name for column in client.execute(sql).columns]


@pytest.mark.parametrize(
    ("values", "columns", "rows"),
    [
        ("'Q1', 'Q2' AS second", ["EMPID", "'Q1'", "SECOND"], [(1, 104, 50), (2, None, 7)]),
        ("ANY ORDER BY QUARTER", ["EMPID", "'Q1'", "'Q2'", "NULL"], [(1, 104, 50, None), (2, None, 7, 1)]),
        ("ANY ORDER BY QUARTER DESC", ["EMPID", "NULL", "'Q2'", "'Q1'"], [(1, None, 50, 104), (2, 1, 7, None)]),
        ("SELECT DISTINCT QUARTER FROM QS WHERE AMOUNT > 60", ["EMPID", "'Q1'"], [(1, 104), (2, None)]),
    ],
)
def test_pivot_makes_columns_of_values(sales, values, columns, rows):
    sql = f"SELECT * FROM QS PIVOT (SUM(AMOUNT) FOR QUARTER IN ({values})) ORDER BY EMPID"
    assert names(sales, sql) == columns
    assert sales.rows(sql) == rows


def test_pivot_has_defaults_aliases_and_a_name(sales):
    sql = "SELECT * FROM QS PIVOT (SUM(AMOUNT) AS TOTAL FOR QUARTER IN ('Q1') DEFAULT ON NULL (0)) ORDER BY 1"
    assert names(sales, sql) == ["EMPID", "'Q1'_TOTAL"]
    assert sales.rows(sql) == [(1, 104), (2, 0)]
    named = "SELECT P.X FROM (SELECT * FROM QS) PIVOT (COUNT(AMOUNT) FOR QUARTER IN ('Q1')) AS P (E, X) ORDER BY E"
    assert sales.rows(named) == [(2,), (0,)]


def test_pivot_sees_what_the_transaction_has_written(sales):
    sales.run("BEGIN", "INSERT INTO QS VALUES (3, 1, 'Q9')")
    assert "'Q9'" in names(sales, "SELECT * FROM QS PIVOT (SUM(AMOUNT) FOR QUARTER IN (ANY))")
    sales.run("ROLLBACK")
    assert "'Q9'" not in names(sales, "SELECT * FROM QS PIVOT (SUM(AMOUNT) FOR QUARTER IN (ANY))")


def test_unpivot_makes_rows_of_columns(sales):
    sql = "SELECT * FROM MS UNPIVOT{} (SALES FOR MONTH IN (JAN, FEB AS 'f')) ORDER BY 1, 2 DESC"
    assert names(sales, sql.format("")) == ["EMPID", "MONTH", "SALES"]
    assert sales.rows(sql.format("")) == [(1, "JAN", 10), (2, "f", 30), (2, "JAN", 20)]
    assert (1, "f", None) in sales.rows(sql.format(" INCLUDE NULLS"))
    assert sales.refused("SELECT * FROM MS UNPIVOT (S FOR M IN (JAN, NIX))") == 904
    sales.run("ALTER TABLE MS ADD COLUMN T VARCHAR")
    assert sales.refused("SELECT * FROM MS UNPIVOT (S FOR M IN (JAN, T))") == 1054


def test_connect_by_walks_down(people):
    sql = (
        "SELECT NAME, LEVEL, SYS_CONNECT_BY_PATH(NAME, '/'), CONNECT_BY_ROOT NAME FROM P "
        "START WITH BOSS IS NULL CONNECT BY BOSS = PRIOR ID ORDER BY ID"
    )
    assert people.rows(sql) == [
        ("a", 1, "/a", "a"),
        ("b", 2, "/a/b", "a"),
        ("c", 2, "/a/c", "a"),
        ("d", 3, "/a/b/d", "a"),
    ]


@pytest.mark.parametrize(
    ("tail", "found"),
    [
        ("WHERE LEVEL = 2 START WITH ID = 1 CONNECT BY BOSS = PRIOR ID", ["b", "c"]),
        ("START WITH ID = 1 CONNECT BY BOSS = PRIOR ID AND LEVEL <= 2", ["a", "b", "c"]),
        ("START WITH ID = 4 CONNECT BY PRIOR BOSS = ID", ["a", "b", "d"]),
        ("CONNECT BY BOSS = PRIOR ID", ["a", "b", "b", "c", "c", "d", "d", "d"]),
    ],
)
def test_connect_by_begins_and_ends_where_it_is_told(people, tail, found):
    assert [row[0] for row in people.rows(f"SELECT NAME FROM P {tail} ORDER BY NAME")] == found


def test_what_belongs_to_a_hierarchy_is_nothing_elsewhere(people):
    assert people.refused("SELECT LEVEL FROM P") == 904
    assert people.refused("SELECT SYS_CONNECT_BY_PATH(NAME, '/') FROM P") == 2301
    assert people.refused("SELECT CONNECT_BY_ROOT NAME FROM P") == 904


def test_asof_join_takes_the_closest_row_or_none(client):
    client.run(
        "CREATE TABLE L (S VARCHAR, T INT)",
        "CREATE TABLE R (S VARCHAR, T INT, Q INT)",
        "INSERT INTO L VALUES ('a', 1), ('a', 5), ('b', 3)",
        "INSERT INTO R VALUES ('a', 2, 20), ('a', 4, 40), ('b', 3, 30)",
    )
    sql = "SELECT L.S, L.T, Q FROM L ASOF JOIN R MATCH_CONDITION (L.T {} R.T) ON L.S = R.S ORDER BY 1, 2"
    assert client.rows(sql.format(">=")) == [("a", 1, None), ("a", 5, 40), ("b", 3, 30)]
    assert client.rows(sql.format("<")) == [("a", 1, 20), ("a", 5, None), ("b", 3, None)]
    assert client.refused(sql.format("=")) == 1003
    using = "SELECT * FROM L ASOF JOIN R MATCH_CONDITION (L.T > R.T) USING (S) ORDER BY 1, 2"
    assert names(client, using) == ["S", "T", "T", "Q"]
    assert client.rows(using)[1] == ("a", 5, 4, 40)


def test_joins_in_parentheses_are_joins(client):
    client.run(
        "CREATE TABLE A (N INT)", "CREATE TABLE B (N INT)", "INSERT INTO A VALUES (1), (2)", "INSERT INTO B VALUES (1)"
    )
    assert client.rows("SELECT * FROM (A JOIN B ON A.N = B.N)") == [(1, 1)]
    assert client.rows("SELECT * FROM (A JOIN B ON A.N = B.N) LEFT JOIN B C ON C.N = A.N") == [(1, 1, 1)]
    joined = "((SELECT N FROM A) AS L JOIN (SELECT N AS M FROM B) AS R ON L.N = R.M)"
    assert client.rows(f"SELECT M FROM {joined}") == [(1,)]
    assert client.rows(f"SELECT N, O FROM ({joined} LEFT JOIN (SELECT 7 AS O) AS Q ON TRUE)") == [(1, 7)]


def test_outer_joins_by_plus(client):
    client.run("CREATE TABLE A (N INT)", "CREATE TABLE B (N INT, T VARCHAR)", "CREATE TABLE C (T VARCHAR)")
    client.run("INSERT INTO A VALUES (1), (2)", "INSERT INTO B VALUES (1, 'x'), (9, 'y')", "INSERT INTO C VALUES ('x')")
    assert client.rows("SELECT * FROM A, B WHERE A.N = B.N (+) ORDER BY A.N") == [(1, 1, "x"), (2, None, None)]
    assert client.rows("SELECT * FROM B, A WHERE A.N = B.N (+) ORDER BY A.N") == [(1, "x", 1), (None, None, 2)]
    assert client.rows("SELECT * FROM A, B, C WHERE A.N = B.N (+) AND B.T = C.T (+) AND A.N > 0 ORDER BY 1") == [
        (1, 1, "x", "x"),
        (2, None, None, None),
    ]
    assert client.rows("SELECT A.N, T FROM A, B WHERE A.N = B.N (+) AND B.T (+) = 'z' ORDER BY 1") == [
        (1, None),
        (2, None),
    ]
    nested = "SELECT N FROM A WHERE EXISTS (SELECT 1 FROM A X, B WHERE X.N = B.N (+) AND X.N = A.N) ORDER BY N"
    assert client.rows(nested) == [(1,), (2,)]
    assert client.refused("SELECT * FROM A, B WHERE A.N (+) = B.N (+)") == 1507
    assert client.refused("SELECT * FROM A JOIN B ON A.N = B.N, C WHERE B.T = C.T (+)") == 1507


def test_insert_all_puts_rows_into_several_tables(two):
    result = two.execute(
        "INSERT ALL WHEN N > 1 THEN INTO A INTO B (N) VALUES (N) WHEN N > 2 "
        "THEN INTO B (N, T) VALUES (N * 10, DEFAULT) ELSE INTO A (T) VALUES (T || '!') "
        "SELECT COLUMN1 AS N, COLUMN2 AS T FROM VALUES (1, 'a'), (2, 'b'), (3, 'c')"
    )
    assert [column.name for column in result.columns] == [
        "number of rows inserted into A",
        "number of rows inserted into B",
    ]
    assert (result.rows(), result.rowcount) == ([(3, 3)], 6)
    assert two.rows("SELECT * FROM A ORDER BY N") == [(2, "b"), (3, "c"), (None, "a!")]
    assert two.rows("SELECT * FROM B ORDER BY N") == [(2, "none"), (3, "none"), (30, "none")]


def test_insert_first_gives_a_row_to_the_first_that_wants_it(two):
    two.run("INSERT FIRST WHEN N > 2 THEN INTO A (N) VALUES (N) WHEN N > 1 THEN INTO B (N) VALUES (N) "
            "SELECT COLUMN1 AS N FROM VALUES (1), (2), (3), (NULL)")  # fmt: skip
    assert (two.rows("SELECT N FROM A"), two.rows("SELECT N FROM B")) == ([(3,)], [(2,)])


@pytest.mark.parametrize("around", [("SELECT 1", "SELECT 1"), ("BEGIN", "COMMIT")])
@pytest.mark.parametrize("into", ["B (T) VALUES (T)", "A VALUES (1, 'too long')", "B (N) VALUES (T)"])
def test_insert_all_changes_every_table_or_none(two, around, into):
    two.run(around[0])
    two.refused(f"INSERT ALL INTO A INTO {into} SELECT 1 AS N, 'x' AS T")
    two.run(around[1])
    assert (two.rows("SELECT * FROM A"), two.rows("SELECT * FROM B")) == ([], [])


def test_insert_all_in_a_transaction_ends_with_it(two, other):
    two.run("BEGIN", "INSERT ALL INTO A INTO B SELECT 1, 'x'")
    assert other.rows("SELECT * FROM A") == []
    two.run("ROLLBACK")
    assert two.rows("SELECT * FROM B") == []


@pytest.mark.parametrize(
    ("statement", "errno"),
    [
        ("INSERT ALL INTO A VALUES (1) SELECT 1", 2020),
        ("INSERT ALL INTO A (N, NIX) SELECT 1, 2", 904),
        ("INSERT ALL INTO NIX SELECT 1", 2003),
        ("INSERT FIRST INTO A SELECT 1", 1003),
        ("INSERT ALL SELECT 1", 1003),
        ("INSERT OVERWRITE ALL INTO A SELECT 1", 2),
        ("EXPLAIN INSERT ALL INTO A SELECT 1, 'x'", 2),
    ],
)
def test_a_wrong_insert_all_is_refused(two, statement, errno):
    assert two.refused(statement) == errno


def test_insert_all_numbers_rows_of_one_table_on(client):
    client.run("CREATE TABLE I (ID INT IDENTITY, N INT)")
    client.run("INSERT ALL INTO I (N) VALUES (N) INTO I (N) VALUES (N * 10) SELECT COLUMN1 AS N FROM VALUES (1), (2)")
    assert [row[0] for row in client.rows("SELECT ID FROM I ORDER BY ID")] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("FILTER([1, 2, 3], x -> x > 1)", "[2,3]"),
        ("FILTER([{'a': 1}, {'a': 5}], el -> el:a > 1)", '[{"a":5}]'),
        ("TRANSFORM([1, 2], x INT -> x * 2)", "[2,4]"),
        ("TRANSFORM([{'b': 'z'}], x -> x:b::STRING || 'y')", '["zy"]'),
        ("TRANSFORM([[1, 2], [3]], a -> TRANSFORM(a, b INT -> b + 1))", "[[2,3],[4]]"),
        ("REDUCE([1, 2, 3], 0, (acc, x) -> acc + x)", 6),
        ("REDUCE([], 5, (acc, x) -> acc + x)", 5),
        ("REDUCE(['a', 'b'], '', (acc, x) -> acc || x)", "ab"),
        ("FILTER(NULL, x -> x > 1)", None),
    ],
)
def test_functions_that_take_a_function(client, expression, value):
    assert client.one(f"SELECT {expression}") == value


def test_flatten_goes_all_the_way_down(client):
    rows = client.rows(
        "SELECT KEY, PATH, INDEX, VALUE, THIS FROM TABLE(FLATTEN("
        """INPUT => PARSE_JSON('{"a": 1, "b": [7, {"x y": 8}]}'), RECURSIVE => TRUE))"""
    )
    whole = '{"a":1,"b":[7,{"x y":8}]}'
    assert rows == [
        ("a", "a", None, "1", whole),
        ("b", "b", None, '[7,{"x y":8}]', whole),
        (None, "b[0]", 0, "7", '[7,{"x y":8}]'),
        (None, "b[1]", 1, '{"x y":8}', '[7,{"x y":8}]'),
        ("x y", "b[1]['x y']", None, "8", '{"x y":8}'),
    ]


@pytest.mark.parametrize("joined", [", LATERAL", "CROSS JOIN LATERAL"])
def test_flatten_of_a_table_goes_in_the_order_of_each_document(client, joined):
    client.run(
        "CREATE OR REPLACE TABLE docs AS SELECT 1 AS id, PARSE_JSON('[1, [2, 3]]') AS v "
        'UNION ALL SELECT 2, PARSE_JSON(\'{"a": {"b": 4}, "c": 5}\')'
    )
    rows = client.rows(f"SELECT id, f.path FROM docs {joined} FLATTEN(INPUT => v, RECURSIVE => TRUE) f")
    assert [path for n, path in rows if n == 1] == ["[0]", "[1]", "[1][0]", "[1][1]"]
    assert [path for n, path in rows if n == 2] == ["a", "a.b", "c"]


def test_union_by_name_puts_columns_together(client):
    sql = "SELECT 1 AS A, 'x' AS B UNION ALL BY NAME SELECT 'y' AS B, 3 AS C"
    assert names(client, sql) == ["A", "B", "C"]
    assert client.rows(sql) == [(1, "x", None), (None, "y", 3)]
    assert names(client, "SELECT 1::NUMBER(3, 0) UNION ALL SELECT 1.55") == ["1::NUMBER(3, 0)"]
    assert client.rows("SELECT 1 AS A, 2 AS B UNION BY NAME SELECT 2 AS B, 1 AS A") == [(1, 2)]


def test_samples_are_parts_and_a_seed_gives_the_same_again(client):
    client.run("CREATE TABLE N (N INT)", "INSERT INTO N SELECT SEQ4() FROM TABLE(GENERATOR(ROWCOUNT => 1000))")
    first = client.rows("SELECT * FROM N SAMPLE (20) SEED (7) ORDER BY N")
    assert 100 < len(first) < 320
    assert client.rows("SELECT * FROM N TABLESAMPLE BERNOULLI (20) REPEATABLE (7) ORDER BY N") == first
    assert client.rows("SELECT * FROM N SAMPLE (20) SEED (8) ORDER BY N") != first
    assert client.rows("SELECT * FROM (SELECT * FROM N) SAMPLE (0)") == []
    assert client.one("SELECT COUNT(*) FROM N SAMPLE (10 ROWS)") == 10
    assert client.one("SELECT COUNT(*) FROM (SELECT 1) SAMPLE (100), N SAMPLE (100)") == 1000
    assert client.refused("SELECT * FROM N SAMPLE (10 ROWS) SEED (1)") == 2305
    assert client.refused("SELECT * FROM N SAMPLE (101)") == 2306
    assert client.refused("SELECT * FROM (SELECT * FROM N) SAMPLE (10) SEED (1)") == 2307


def test_stars_make_objects_and_identifiers_name_columns(client):
    client.run("CREATE TABLE T (A INT, B VARCHAR)", "INSERT INTO T VALUES (1, NULL)")
    assert client.rows("SELECT {*}, {T.* EXCLUDE A}, {* ILIKE 'a%'} FROM T") == [('{"A":1}', "{}", '{"A":1}')]
    assert names(client, "SELECT IDENTIFIER('a'), IDENTIFIER('t.b') FROM T") == ["A", "B"]
    assert client.one("SELECT IDENTIFIER('t.a') + 1 FROM T") == 2
    assert client.refused("SELECT IDENTIFIER('nix') FROM T") == 904


def test_a_recursive_view_reads_itself(client):
    client.run("CREATE RECURSIVE VIEW R (N) AS SELECT 1 UNION ALL SELECT N + 1 FROM R WHERE N < 4")
    assert client.rows("SELECT * FROM R") == [(1,), (2,), (3,), (4,)]
    assert client.refused("CREATE RECURSIVE VIEW S AS SELECT 1") == 2026


def test_an_update_that_is_not_determined_can_be_an_error(client):
    client.run("CREATE TABLE T (A INT, B VARCHAR)", "INSERT INTO T VALUES (1, 'x')")
    update = "UPDATE T SET B = S.V FROM (SELECT 1 AS A, 'p' AS V UNION ALL SELECT 1, 'q') S WHERE T.A = S.A"
    client.run("ALTER SESSION SET ERROR_ON_NONDETERMINISTIC_UPDATE = TRUE")
    assert client.refused(update) == 100090
    assert client.one("SELECT B FROM T") == "x"
    client.run("ALTER SESSION UNSET ERROR_ON_NONDETERMINISTIC_UPDATE")
    assert client.rows(update) == [(1, 1)]


def test_explain_gives_json(client):
    client.run("CREATE TABLE T (A INT)")
    assert '"operation":"TableScan"' in client.one("EXPLAIN USING JSON SELECT A FROM T")


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("SELECT * FROM T MATCH_RECOGNIZE (PARTITION BY A PATTERN (X) DEFINE X AS A > 0)", "MATCH_RECOGNIZE"),
        ("SELECT * FROM T FOR UPDATE", "FOR UPDATE"),
        ("SELECT A FROM T ORDER BY A LIMIT 1 WITH TIES", "LIMIT WITH TIES"),
        ("SELECT * FROM T LEFT JOIN (T U JOIN T V ON U.A = V.A) ON T.A = U.A", "joins in parentheses"),
        ("SELECT A FROM T CONNECT BY NOCYCLE A = PRIOR A", "CONNECT BY NOCYCLE"),
        ("SELECT 'a' COLLATE 'en-pi'", "collation en-pi"),
    ],
)
def test_what_is_not_there_is_refused_by_name(client, query, named):
    client.run("CREATE TABLE T (A INT)")
    assert f"Unsupported feature '{named}" in client.said(query)


def test_the_information_schema_can_be_the_current_one(client):
    client.run("CREATE OR REPLACE TABLE here (a INT)", "USE SCHEMA INFORMATION_SCHEMA")
    assert client.one("SELECT CURRENT_SCHEMA()") == "INFORMATION_SCHEMA"
    assert client.one("SELECT COUNT(*) FROM TABLES WHERE TABLE_NAME = 'HERE'") == 1
    assert client.one("SELECT COUNT(*) > 0 FROM TABLE(QUERY_HISTORY())") is True
    assert client.one("WITH TABLES AS (SELECT 7 AS N) SELECT N FROM TABLES") == 7
    assert client.refused("SELECT * FROM here") == client.refused("CREATE TABLE t (a INT)") == 2003
    client.run("USE SCHEMA PUBLIC")
    assert client.refused("SELECT COUNT(*) FROM TABLES") == 2003


def test_a_path_goes_into_an_object_that_is_written(client):
    assert client.one("SELECT {'a': {'b': 7}}:a.b::INT") == 7


def test_what_stands_between_the_elements_may_be_a_column(client):
    given = "SELECT ARRAY_TO_STRING([1, 2], column1) FROM VALUES ('-'), ('+'), (NULL) ORDER BY column1"
    assert client.rows(given) == [("1+2",), ("1-2",), (None,)]
