"""Values with nanoseconds where values of any type may be: rows, joins, PIVOT, views with policies and streams."""

from decimal import Decimal

import pytest

FINE = "2024-01-31 10:11:12.123456789"
N = f"'{FINE}'::TIMESTAMP_NTZ"
D = Decimal


@pytest.fixture
def table(client):
    client.run(
        "ALTER SESSION SET TIMESTAMP_NTZ_OUTPUT_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF9'",
        "CREATE OR REPLACE TABLE t (id INT, a TIMESTAMP_NTZ, z TIMESTAMP_TZ, v VARIANT)",
        f"INSERT INTO t SELECT 2, {N}, '{FINE} +0100'::TIMESTAMP_TZ, OBJECT_CONSTRUCT('a', '{FINE}')",
        "INSERT INTO t (id, a) VALUES (1, '2024-01-31'), (4, NULL)",
        "CREATE OR REPLACE TABLE plain (a TIMESTAMP_NTZ, id INT, y INT)",
        "INSERT INTO plain VALUES ('2024-01-31', 1, 9)",
    )
    return client


MANY = ", ".join(f"('2024-01-31 10:11:12.{n}'::TIMESTAMP_NTZ, 2)" for n in range(123456750, 123456800))


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        (f"(a, id) = ({N}, 2)", [2]),
        ("(a, id) > ('2024-01-31 10:11:12.123456788'::TIMESTAMP_NTZ, 2)", [2]),
        (f"(a, id) >= ({N}, 2) AND (a, id) <= ({N}, 2)", [2]),
        (f"(a, id) < ({N}, 3)", [1, 2]),
        (f"(a, id) IN (('{FINE}', 2), ('2024-01-31', 1))", [1, 2]),
        (f"(a, id) IN ({MANY})", [2]),
        (f"(a, id) NOT IN (('{FINE}', 2), (NULL, 1))", [4]),
        ("(a, id) IN (SELECT a, id FROM plain)", [1]),
        ("(a, id) NOT IN (SELECT a, id FROM plain)", [2, 4]),
        ("(a, id) IN (SELECT a, id FROM t)", [1, 2]),
        ("z NOT IN (SELECT z FROM t WHERE id = 1)", []),
        ("z = ANY (SELECT z FROM t)", [2]),
    ],
)
def test_rows_of_values_are_compared_place_by_place(table, condition, ids):
    assert table.rows(f"SELECT id FROM t WHERE {condition} ORDER BY id") == [(D(each),) for each in ids]


def test_a_row_with_a_null_is_not_equal_to_another(client):
    assert client.rows("SELECT (NULL, 1) = (NULL, 1), (NULL, 1) IN ((NULL, 1)), (NULL, 1) = (NULL, 2)") == [
        (None, None, False)
    ]
    many = ", ".join(f"({n}, {n})" for n in range(100))
    assert client.rows(f"SELECT (7, 7) IN ({many}), (NULL, 7) IN ({many}), (7, 8) IN ({many})") == [(True, None, False)]


@pytest.mark.parametrize(
    ("join", "rows"),
    [
        ("t JOIN plain USING (a)", 1),
        ("plain JOIN t USING (a, id)", 1),
        ("t LEFT JOIN plain USING (a)", 3),
        ("plain NATURAL JOIN t", 1),
        ("t NATURAL LEFT JOIN plain", 3),
        ("t JOIN t u USING (z)", 1),
    ],
)
def test_using_joins_what_is_kept_in_two_ways(table, join, rows):
    found = table.execute(f"SELECT * FROM {join}")
    names = [column.name for column in found.columns]
    assert len(found.rows()) == rows
    assert names.count("Z" if "(z)" in join else "A") == 1


def test_pivot_by_values_and_of_values(table):
    assert table.rows("SELECT * FROM (SELECT id, a FROM t) PIVOT (MAX(id) FOR a IN (ANY))") == [(1, 2, 4)]
    listed = f"SELECT * FROM (SELECT id, a FROM t) PIVOT (MAX(id) FOR a IN ('{FINE}', '2024-01-31'))"
    assert table.rows(listed) == [(2, 1)]
    of = "SELECT x::VARCHAR FROM (SELECT id, a FROM t) PIVOT (MAX(a) FOR id IN (2)) AS p (x)"
    assert table.one(of) == FINE


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (f"INTERVAL '1 nanosecond' + {N}", "2024-01-31 10:11:12.123456790"),
        ("INTERVAL '1 day, 1 ns' + '2024-01-01'::DATE", "2024-01-02 00:00:00.000000001"),
        (f"{N}::VARIANT", FINE),
        (f"TO_JSON({N}::VARIANT)", f'"{FINE}"'),
        (f"{N}::VARIANT::TIMESTAMP_NTZ", FINE),
        (f"MONTHS_BETWEEN({N}, '2024-02-29')", "-1"),
        ("MONTHS_BETWEEN('2024-01-15 00:00:00.001', '2024-01-15 00:00:00.000000001'::TIMESTAMP_NTZ)", "0"),
        ("DATEDIFF(ns, '1970-01-01'::TIMESTAMP_NTZ, '2024-01-01 00:00:00.000000001')", "1704067200000000001"),
        ("DATEDIFF(ns, '0001-01-01'::TIMESTAMP_NTZ, '9999-12-31'::TIMESTAMP_NTZ)", "315537811200000000000"),
        (f"SHA2({N}) = SHA2('{FINE}') AND MD5_NUMBER_LOWER64({N}) = MD5_NUMBER_LOWER64('{FINE}')", "true"),
    ],
)
def test_what_is_computed_has_them(table, expression, value):
    assert table.one(f"SELECT ({expression})::VARCHAR") == value


def test_months_are_counted_with_them(table):
    months = "MONTHS_BETWEEN('2024-01-15 00:00:00.000000999'::TIMESTAMP_NTZ, '2024-01-14')"
    assert table.one(f"SELECT {months} > MONTHS_BETWEEN('2024-01-15', '2024-01-14')") is True


def test_rows_before_and_after_by_their_number(table):
    sums = "SELECT SUM(id) OVER (ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t"
    assert table.rows(sums) == [(1,), (3,), (6,)]


@pytest.mark.parametrize(
    "expression",
    [
        "MAX(v:a)::TIMESTAMP_NTZ", "TRY_TO_TIMESTAMP(MAX(v:a)::VARCHAR)", "(SELECT MAX(v:a) FROM t)::TIMESTAMP_NTZ",
        "TRY_CAST((SELECT MAX(v:a)::VARCHAR FROM t) AS TIMESTAMP_NTZ)", "ARRAY_AGG(v:a)[0]::TIMESTAMP_NTZ",
    ],
)  # fmt: skip
def test_aggregates_and_subqueries_are_cast(table, expression):
    assert table.one(f"SELECT ({expression})::VARCHAR FROM t") == FINE


@pytest.mark.parametrize("kind", ["TIME", "DATE", "TIMESTAMP_NTZ", "TIMESTAMP_TZ", "NUMBER", "BOOLEAN", "BINARY"])
@pytest.mark.parametrize("made", ["OBJECT_CONSTRUCT('a', 1)", "OBJECT_CONSTRUCT('a', 1)::VARIANT", "ARRAY_AGG(1)"])
def test_an_object_is_no_scalar(client, made, kind):
    assert client.refused(f"SELECT {made}::{kind}") == 100071


def test_a_binary_comes_out_of_a_variant_as_it_went_in(client):
    assert client.one("SELECT TO_VARIANT(TO_BINARY('41', 'HEX'))::BINARY") == b"A"


def test_views_with_policies_show_what_the_policy_gives(table):
    table.run(
        "CREATE VIEW w AS SELECT id, a, DATEADD(ns, 1, a) b FROM t",
        "CREATE MASKING POLICY m AS (v TIMESTAMP_NTZ) RETURNS TIMESTAMP_NTZ -> DATEADD(ns, 1, v)",
        f"CREATE ROW ACCESS POLICY r AS (v TIMESTAMP_NTZ) RETURNS BOOLEAN -> v > {N}",
        "ALTER VIEW w MODIFY COLUMN a SET MASKING POLICY m", "ALTER VIEW w ADD ROW ACCESS POLICY r ON (b)",
    )  # fmt: skip
    shown = [(2, FINE.replace("789", "790"), FINE.replace("789", "790"))]
    assert table.rows("SELECT id, a::VARCHAR, b::VARCHAR FROM w") == shown


def test_a_stream_on_a_view_shows_them(table):
    table.run(
        "CREATE VIEW w AS SELECT id, a, DATEADD(day, 1, a) b FROM t", "CREATE STREAM s ON VIEW w",
        "UPDATE t SET a = DATEADD(ns, 1, a) WHERE id = 2",
    )  # fmt: skip
    assert table.rows("SELECT a::VARCHAR, TO_CHAR(b, 'DD FF9'), METADATA$ACTION FROM s ORDER BY 1") == [
        (FINE, "01 123456789", "DELETE"), (FINE.replace("789", "790"), "01 123456790", "INSERT"),
    ]  # fmt: skip
    table.execute("CREATE TABLE u AS SELECT a FROM s WHERE METADATA$ACTION = 'INSERT'")
    assert table.one("SELECT a::VARCHAR FROM u") == FINE.replace("789", "790")


@pytest.mark.parametrize(
    "expression",
    [
        "IFF(FALSE, y, s)", "COALESCE(NULL::TIMESTAMP_NTZ, s)", "GREATEST(y, s)", "NVL2(NULL, y, s)",
        "DECODE(1, 2, y, s)",
        f"CASE WHEN FALSE THEN y ELSE '{FINE}' END", "(SELECT MAX(x) FROM (SELECT y x UNION ALL SELECT s))",
        f"(SELECT MAX(column1) FROM VALUES ('2024-01-01'::TIMESTAMP_NTZ), ('{FINE}'))",
    ],
)  # fmt: skip
def test_a_text_beside_a_moment_gives_its_nanoseconds(table, expression):
    assert table.one(f"SELECT ({expression})::VARCHAR FROM (SELECT '2024-01-01'::TIMESTAMP_NTZ y, '{FINE}' s)") == FINE


def test_regular_expressions_look_at_the_text_of_any_value(table):
    found = "SELECT REGEXP_SUBSTR(a, '[0-9]+$'), REGEXP_COUNT(a, '7'), a RLIKE '.*789', REGEXP_SUBSTR(123, '2')"
    assert table.rows(f"{found} FROM t WHERE id = 2") == [("123456789", 1, True, "2")]


def test_the_hours_and_minutes_of_an_offset_stand_alone(client):
    told = "TO_CHAR('2024-01-31 10:11:12 -0330'::TIMESTAMP_TZ, 'HH24 TZH|TZM')"
    assert client.one(f"SELECT {told}") == "10 -03|30"


def test_time_travel_to_a_nanosecond(client):
    client.run(
        "CREATE TABLE tt (n INT)", "ALTER TABLE tt SET CHANGE_TRACKING = TRUE", "SET then = (SELECT CURRENT_TIMESTAMP)",
        "INSERT INTO tt VALUES (1)", "CREATE STREAM st ON TABLE tt AT (TIMESTAMP => DATEADD(ns, 5, $then))",
    )  # fmt: skip
    for when in ("AT", "BEFORE"):
        assert client.one(f"SELECT COUNT(*) FROM tt {when} (TIMESTAMP => DATEADD(ns, 5, $then))") == 0
    assert client.one("SELECT COUNT(*) FROM tt AT (TIMESTAMP => DATEADD(ns, 5, CURRENT_TIMESTAMP))") == 1
    assert client.one("SELECT COUNT(*) FROM st") == 1


def test_files_take_their_own_formats(table):
    formats = "TIMESTAMP_FORMAT = 'DD.MM.YYYY SS.FF7' TIME_FORMAT = 'SS.FF3' DATE_FORMAT = 'DD/MM/YYYY'"
    table.run(
        "CREATE STAGE s",
        "COPY INTO @s/f FROM (SELECT a, a::TIME, a::DATE, TO_BINARY('41', 'HEX') FROM t WHERE id = 2) SINGLE = TRUE "
        f"FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE {formats} BINARY_FORMAT = BASE64)",
    )
    assert table.rows("SELECT $1, $2, $3, $4 FROM @s/f") == [("31.01.2024 12.1234567", "12.123", "31/01/2024", "QQ==")]


def test_parquet_takes_them(table):
    table.run(
        "CREATE STAGE s",
        "COPY INTO @s/p/ FROM (SELECT id, a, a::TIME c FROM t) FILE_FORMAT = (TYPE = PARQUET) HEADER = TRUE",
        "CREATE TABLE u (id INT, a TIMESTAMP_NTZ, c TIME)",
        "COPY INTO u FROM @s/p/ FILE_FORMAT = (TYPE = PARQUET) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE",
    )  # fmt: skip
    assert table.one("SELECT COUNT(*) FROM t JOIN u ON t.a = u.a AND t.a::TIME = u.c") == 2
    far = "SELECT '9999-12-31 00:00:00.000000001'::TIMESTAMP_NTZ"
    for query in (far, "SELECT CURRENT_TIMESTAMP", "SELECT z FROM t"):
        assert table.refused(f"COPY INTO @s/q/ FROM ({query}) FILE_FORMAT = (TYPE = PARQUET)") == 2


def test_what_a_file_fails_with_is_told_and_its_nanoseconds_are_read(client):
    client.run(
        "CREATE STAGE s", "CREATE TABLE u (n INT, a TIMESTAMP_NTZ)",
        "COPY INTO @s/f FROM (SELECT SEQ4(), '2024-01-31 10:11:12.' || (123456000 + SEQ4() % 1000) "
        "FROM TABLE(GENERATOR(ROWCOUNT => 5000))) SINGLE = TRUE FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE)",
        "INSERT INTO u SELECT $1, $2 FROM @s/f",
    )  # fmt: skip
    assert client.rows("SELECT COUNT(*), COUNT(DISTINCT a) FROM u") == [(5000, 1000)]
    assert client.refused("INSERT INTO u (n) SELECT $2 FROM @s/f") == 100038


@pytest.mark.parametrize(
    "condition",
    [
        f"y < '{FINE}'", f"'{FINE}' > y", f"y <> '{FINE}'", f"y BETWEEN '2023-01-01' AND '{FINE}'",
        f"y NOT IN ('{FINE}')",
        f"y < '{FINE}'::VARIANT", f"y < PARSE_JSON('\"{FINE}\"')", f"y < ALL (SELECT '{FINE}')",
        f"y NOT IN (SELECT '{FINE}')", "y IN (SELECT '2024-01-31')", f"(y, 1) < ('{FINE}', 1)",
        "y::TIME < '00:00:00.000000001'",
    ],
)  # fmt: skip
def test_what_has_none_is_compared_with_what_has_some(client, condition):
    assert client.one(f"SELECT {condition} FROM (SELECT '2024-01-31'::TIMESTAMP_NTZ y)") is True


def test_a_table_function_in_sql_gives_them(table):
    table.execute("CREATE FUNCTION f() RETURNS TABLE (x TIMESTAMP_NTZ) AS 'SELECT a FROM t WHERE id = 2'")
    assert table.one("SELECT x::VARCHAR FROM TABLE(f())") == FINE
