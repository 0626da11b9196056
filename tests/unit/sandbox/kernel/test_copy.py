"""COPY INTO, both ways: what is read, what is refused, what is remembered."""

import gzip
import json
from pathlib import Path

import pytest


@pytest.fixture
def stage(client):
    """A stage, and a way to put files into it."""
    client.run("CREATE OR REPLACE STAGE st", "CREATE OR REPLACE TABLE t (id INT, name VARCHAR(3), d DATE)")

    def put(name, content):
        told = client.execute("PUT file:///tmp/x @st").transfer
        data = content.encode() if isinstance(content, str) else content
        (Path(told["stageInfo"]["location"]) / name).write_bytes(data)

    return put


def shown(client, sql):
    """The rows of COPY as dictionaries."""
    return client.execute(sql).table.to_pylist()


def test_the_first_bad_value_ends_the_statement_and_says_where(client, stage):
    stage("a.csv", "1,x,2024-01-01\n2,y,2024-02-30\n")
    said = client.said("COPY INTO t FROM @st")
    assert said.splitlines()[:3] == [
        "Date '2024-02-30' is not recognized",
        "  File 'a.csv', line 2, character 1",
        '  Row 2, column "T"["D":3]',
    ]
    assert client.one("SELECT COUNT(*) FROM t") == 0


def test_the_formats_options_of_stage_and_statement_are_not_cumulative(client, stage):
    stage("a.csv", "1|a|2024-01-01\n2|b|2024-01-02\n")
    client.run("ALTER STAGE st SET FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1 FIELD_DELIMITER = ';')")
    client.run("COPY INTO t FROM @st FILE_FORMAT = (TYPE = CSV FIELD_DELIMITER = '|')")
    assert client.one("SELECT COUNT(*) FROM t") == 2


@pytest.mark.parametrize("place", ["@%t", "@PUBLIC.%t", '@"PUBLIC".%"T"', "'@public.%t/a'"])
def test_a_tables_own_stage_has_a_full_name_and_is_loaded_without_from(client, stage, place):
    client.run("COPY INTO @%t/a.csv FROM (SELECT 7) SINGLE = TRUE OVERWRITE = TRUE FILE_FORMAT = (COMPRESSION = NONE)")
    assert [row[0] for row in client.rows(f"LIST {place}")] == ["a.csv"]
    client.run("COPY INTO PUBLIC.t (id) FILE_FORMAT = (TYPE = CSV)")
    assert client.rows("COPY INTO t") == [("Copy executed with 0 files processed.",)]
    assert client.rows("SELECT id FROM t") == [(7,)]


@pytest.mark.parametrize("named", ["@st", "@public.st"])
def test_a_stage_in_an_expression_is_refused_by_name(client, named):
    said = client.said(f"SELECT GET_PRESIGNED_URL({named}, 'a')")
    assert f"Unsupported feature 'the stage {named} in an expression'" in said


def test_on_error_continue_loads_what_is_good(client, stage):
    stage("a.csv", "1,x,2024-01-01\nz,y,2024-01-01\n3,toolong,\n4,,\n")
    [row] = shown(client, "COPY INTO t FROM @st ON_ERROR = CONTINUE")
    assert (row["status"], row["rows_parsed"], row["rows_loaded"], row["errors_seen"]) == ("PARTIALLY_LOADED", 4, 2, 2)
    assert (row["first_error_line"], row["first_error_column_name"]) == (2, '"T"["ID":1]')
    assert client.rows("SELECT id, name FROM t ORDER BY id") == [(1, "x"), (4, None)]


@pytest.mark.parametrize(
    ("rule", "status", "loaded"),
    [
        ("SKIP_FILE", "LOAD_FAILED", 0),
        ("SKIP_FILE_2", "PARTIALLY_LOADED", 3),
        ("'SKIP_FILE_20%'", "LOAD_FAILED", 0),
        ("'SKIP_FILE_25%'", "PARTIALLY_LOADED", 3),
    ],
)
def test_skip_file_leaves_files_out_from_that_many_errors(client, stage, rule, status, loaded):
    stage("a.csv", "1,x,\nz,y,\n3,z,\n4,,\n")
    [row] = shown(client, f"COPY INTO t FROM @st ON_ERROR = {rule}")
    assert (row["status"], row["rows_loaded"]) == (status, loaded)


def test_the_number_of_columns_must_fit_unless_told(client, stage):
    stage("a.csv", "1,x\n")
    assert "Number of columns in file (2) does not match" in client.said("COPY INTO t FROM @st")
    client.run("COPY INTO t FROM @st FILE_FORMAT = (TYPE = CSV ERROR_ON_COLUMN_COUNT_MISMATCH = FALSE)")
    assert client.rows("SELECT * FROM t") == [(1, "x", None)]


def test_a_file_is_loaded_once_unless_forced_or_changed(client, stage):
    stage("a.csv", "1,x,\n")
    client.run("COPY INTO t FROM @st")
    assert client.rows("COPY INTO t FROM @st") == [("Copy executed with 0 files processed.",)]
    client.run("COPY INTO t FROM @st FORCE = TRUE")
    assert client.one("SELECT COUNT(*) FROM t") == 2
    stage("a.csv", "2,x,\n")
    client.run("COPY INTO t FROM @st")
    assert client.one("SELECT COUNT(*) FROM t") == 3
    client.run("TRUNCATE TABLE t", "COPY INTO t FROM @st")
    assert client.one("SELECT COUNT(*) FROM t") == 1
    loads = client.rows("SELECT file_name, status, row_count FROM information_schema.load_history")
    assert loads == [("st/a.csv", "LOADED", 1)]
    history = "TABLE(information_schema.copy_history(table_name => 't', start_time => '2000-01-01'::timestamp_ltz))"
    assert client.rows(f"SELECT status, row_count FROM {history}") == [("Loaded", 1)]


def test_a_rollback_takes_the_rows_and_the_memory_of_them_back(client, stage):
    stage("a.csv", "1,x,\n")
    client.run("BEGIN", "COPY INTO t FROM @st PURGE = TRUE")
    assert client.one("SELECT COUNT(*) FROM t") == 1
    client.run("ROLLBACK")
    assert client.one("SELECT COUNT(*) FROM t") == 0
    client.run("BEGIN", "COPY INTO t FROM @st PURGE = TRUE", "COMMIT")
    assert client.one("SELECT COUNT(*) FROM t") == 1
    assert client.rows("LIST @st") == []


def test_a_failed_load_purges_nothing(client, stage):
    stage("a.csv", "z,x,\n")
    client.run("COPY INTO t FROM @st PURGE = TRUE ON_ERROR = SKIP_FILE")
    assert len(client.rows("LIST @st")) == 1


def test_files_and_pattern_choose(client, stage):
    for name in ("a.csv", "b.csv", "c.txt"):
        stage(name, "1,x,\n")
    assert [row[0] for row in client.rows("COPY INTO t FROM @st FILES = ('b.csv')")] == ["st/b.csv"]
    assert [row[0] for row in client.rows("COPY INTO t FROM @st PATTERN = '.*[.]txt'")] == ["st/c.txt"]
    assert client.refused("COPY INTO t FROM @st FILES = ('none.csv')") == 91016
    assert client.refused("COPY INTO t FROM @st PATTERN = '('") == 100048


def test_a_load_can_transform(client, stage):
    client.run("CREATE TABLE n (id INT AUTOINCREMENT, doubled INT, name VARCHAR, file VARCHAR, row_no INT)")
    stage("a.csv", "1,x\n2,y\n")
    client.run(
        "COPY INTO n (doubled, name, file, row_no) FROM "
        "(SELECT t.$1 * 2, UPPER(t.$2), METADATA$FILENAME, METADATA$FILE_ROW_NUMBER FROM @st t)"
    )
    assert client.rows("SELECT * FROM n ORDER BY id") == [(1, 2, "X", "st/a.csv", 1), (2, 4, "Y", "st/a.csv", 2)]
    for tail in ("WHERE $1 > 1", "ORDER BY 1", "LIMIT 1"):
        assert client.refused(f"COPY INTO n (doubled) FROM (SELECT $1 FROM @st {tail})") == 2085
    assert client.refused("COPY INTO n (doubled) FROM (SELECT id FROM n)") == 2085


def test_json_goes_into_one_variant_or_by_name(client, stage):
    client.run("CREATE TABLE v (v VARIANT)")
    stage("a.json", '[{"ID": 1, "name": "x"}, {"ID": 2, "NAME": null}]')
    form = "FILE_FORMAT = (TYPE = JSON STRIP_OUTER_ARRAY = TRUE)"
    client.run(f"COPY INTO v FROM @st {form}")
    assert client.rows("SELECT v:ID::INT FROM v ORDER BY 1") == [(1,), (2,)]
    assert "one and only one column" in client.said(f"COPY INTO t FROM @st {form}")
    client.run(f"COPY INTO t FROM @st {form} MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE")
    assert client.rows("SELECT id, name, d FROM t ORDER BY id") == [(1, "x", None), (2, None, None)]


def test_bad_json_is_told_by_line(client, stage):
    client.run("CREATE TABLE v (v VARIANT)")
    stage("a.json", '{"a": 1}\n{"a": \n{"a": 3}\n')
    [row] = shown(client, "COPY INTO v FROM @st FILE_FORMAT = (TYPE = JSON) ON_ERROR = CONTINUE")
    assert row["rows_loaded"] < row["rows_parsed"]
    assert (row["first_error_line"], row["first_error"][:18]) == (2, "Error parsing JSON")


def test_parquet_comes_and_goes(client, stage):
    client.run(
        "INSERT INTO t VALUES (1, 'x', '2024-01-01'), (2, NULL, NULL)",
        "COPY INTO @st/p/ FROM t FILE_FORMAT = (TYPE = PARQUET) HEADER = TRUE",
        "CREATE TABLE t2 LIKE t",
        "COPY INTO t2 FROM @st/p FILE_FORMAT = (TYPE = PARQUET) MATCH_BY_COLUMN_NAME = CASE_SENSITIVE",
    )
    assert client.rows("SELECT * FROM t2 ORDER BY id") == client.rows("SELECT * FROM t ORDER BY id")
    stage("no.parquet", "this is none")
    assert client.refused("COPY INTO t2 FROM @st/no.parquet FILE_FORMAT = (TYPE = PARQUET)") == 100094


def test_csv_goes_out_as_it_can_come_in(client, stage):
    client.run(
        "CREATE TABLE s (a VARCHAR, b NUMBER(5,2), c BOOLEAN, d TIMESTAMP_NTZ, e VARIANT)",
        """INSERT INTO s SELECT 'q"u,o\nte', 1.50, TRUE, '2024-01-02 03:04:05', PARSE_JSON('{"x": [1]}')""",
        "INSERT INTO s (a) VALUES (''), (NULL)",
        """COPY INTO @st/o FROM s FILE_FORMAT = (TYPE = CSV FIELD_OPTIONALLY_ENCLOSED_BY = '"' NULL_IF = ('\\\\N'))""",
        "CREATE TABLE s2 LIKE s",
        """COPY INTO s2 FROM @st/o FILE_FORMAT = (TYPE = CSV FIELD_OPTIONALLY_ENCLOSED_BY = '"')""",
    )
    assert client.rows("SELECT * FROM s2 ORDER BY a") == client.rows("SELECT * FROM s ORDER BY a")


def test_unloading_splits_partitions_and_does_not_overwrite(client, stage):
    client.run("INSERT INTO t SELECT SEQ4(), 'abc', NULL FROM TABLE(GENERATOR(ROWCOUNT => 1000))")
    plain = "FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE)"
    client.run(f"COPY INTO @st/many FROM t {plain} MAX_FILE_SIZE = 2000")
    assert len(client.rows("LIST @st/many")) > 3
    assert client.refused(f"COPY INTO @st/many FROM t {plain} MAX_FILE_SIZE = 2000") == 100030
    client.run(f"COPY INTO @st/many FROM t {plain} MAX_FILE_SIZE = 2000 OVERWRITE = TRUE")
    client.run(f"COPY INTO @st/by FROM t PARTITION BY ('half=' || (id % 2)) {plain}")
    placed = [row[0].split("/")[2:] for row in client.rows("LIST @st/by")]
    assert ({folder for folder, _ in placed}, len({name for _, name in placed})) == ({"half=0", "half=1"}, len(placed))
    assert client.refused(f"COPY INTO @st/one.csv FROM t {plain} SINGLE = TRUE MAX_FILE_SIZE = 2000") == 100025
    assert client.rows("LIST @st/one") == []
    client.run(f"COPY INTO @st/one.csv FROM (SELECT id FROM t LIMIT 2) {plain} SINGLE = TRUE HEADER = TRUE")
    assert client.rows("SELECT $1 FROM @st/one.csv") == [("ID",), ("0",), ("1",)]
    told = client.execute(f"COPY INTO @st/d FROM t {plain} DETAILED_OUTPUT = TRUE").table.to_pylist()
    assert told[0]["ROW_COUNT"] == 1000


def test_json_goes_out_one_document_a_line(client, stage):
    client.run("COPY INTO @st/j FROM (SELECT OBJECT_CONSTRUCT('a', 1)) FILE_FORMAT = (TYPE = JSON)")
    location = Path(client.execute("GET @st file:///tmp").transfer["stageInfo"]["location"])
    assert json.loads(gzip.decompress((location / "j_0_0_0.json.gz").read_bytes())) == {"a": 1}
    assert client.refused("COPY INTO @st/k FROM (SELECT 1) FILE_FORMAT = (TYPE = JSON)") == 2019


def test_validation_mode_loads_nothing(client, stage):
    stage("a.csv", "1,x,\nz,y,\n")
    rows = shown(client, "COPY INTO t FROM @st VALIDATION_MODE = RETURN_ERRORS")
    assert [(row["LINE"], row["COLUMN_NAME"]) for row in rows] == [(2, '"T"["ID":1]')]
    stage("a.csv", "1,x,\n2,y,\n")
    assert client.rows("COPY INTO t FROM @st VALIDATION_MODE = RETURN_1_ROWS") == [(1, "x", None)]
    assert client.one("SELECT COUNT(*) FROM t") == 0


def test_formats_of_values_are_heard(client, stage):
    client.run("CREATE TABLE f (d DATE, b BINARY, s VARCHAR(2))")
    stage("a.csv", "31.12.2024|aGk=|abc\n")
    form = "TYPE = CSV FIELD_DELIMITER = '|' DATE_FORMAT = 'DD.MM.YYYY' BINARY_FORMAT = BASE64"
    client.run(f"COPY INTO f FROM @st FILE_FORMAT = ({form}) TRUNCATECOLUMNS = TRUE")
    assert client.rows("SELECT d::VARCHAR, b::VARCHAR, s FROM f") == [("2024-12-31", "6869", "ab")]


def test_not_null_and_defaults_hold(client, stage):
    client.run("CREATE TABLE k (id INT NOT NULL, at INT DEFAULT 7)")
    stage("a.csv", "\\N\n5\n")
    [row] = shown(client, "COPY INTO k (id) FROM @st ON_ERROR = CONTINUE")
    assert (row["rows_loaded"], row["errors_seen"]) == (1, 1)
    assert client.rows("SELECT * FROM k") == [(5, 7)]


def test_a_pipe_loads_what_is_new_when_it_is_refreshed(client, stage):
    stage("a.csv", "1,x,\n")
    client.run("CREATE PIPE p COMMENT = 'c' AS COPY INTO t FROM @st")
    assert client.rows("ALTER PIPE p REFRESH") == [("a.csv", "SENT")]
    assert client.rows("ALTER PIPE p REFRESH") == []
    stage("b.csv", "2,x,\n")
    client.run("ALTER PIPE p SET PIPE_EXECUTION_PAUSED = TRUE")
    assert client.refused("ALTER PIPE p REFRESH") == 90057
    assert client.one("SELECT PARSE_JSON(SYSTEM$PIPE_STATUS('p')):executionState::TEXT") == "PAUSED"
    client.run("ALTER PIPE p SET PIPE_EXECUTION_PAUSED = FALSE", "ALTER PIPE p REFRESH PREFIX = 'b'")
    assert client.rows("SELECT id FROM t ORDER BY id") == [(1,), (2,)]
    assert client.one("SELECT SYSTEM$PIPE_STATUS('p')") == '{"executionState":"RUNNING","pendingFileCount":0}'
    assert client.refused("SELECT SYSTEM$PIPE_STATUS('nowhere')") == 2003
    assert client.one("SELECT GET_DDL('PIPE', 'p')") == "create or replace pipe P COMMENT='c' as COPY INTO t FROM @st;"
    assert client.rows("SELECT pipe_name, definition FROM information_schema.pipes") == [("P", "COPY INTO t FROM @st")]
    assert client.refused("CREATE PIPE q AUTO_INGEST = TRUE AS COPY INTO t FROM @st") == 2
    assert client.refused("CREATE PIPE q AS COPY INTO t FROM @st PURGE = TRUE") == 2043
    client.run("DROP PIPE p")


def test_copy_needs_insert_and_read(connect, stage, client):
    stage("a.csv", "1,x,\n")
    role = f"RC_{client.session.database}"
    client.run(
        f"CREATE ROLE {role}",
        f"GRANT ROLE {role} TO USER sandbox_admin",
        f"GRANT USAGE ON DATABASE {client.session.database} TO ROLE {role}",
        f"GRANT USAGE ON SCHEMA public TO ROLE {role}",
        f"GRANT SELECT ON TABLE t TO ROLE {role}",
        f"GRANT READ ON STAGE st TO ROLE {role}",
    )
    user = connect(role=role)
    assert user.refused("COPY INTO t FROM @st") == 3001
    client.run(f"GRANT INSERT ON TABLE t TO ROLE {role}", f"REVOKE READ ON STAGE st FROM ROLE {role}")
    assert user.refused("COPY INTO t FROM @st") == 2003
    client.run(f"GRANT READ ON STAGE st TO ROLE {role}")
    assert user.rows("COPY INTO t FROM @st")[0][1] == "LOADED"
    assert user.refused("LIST @%t") == 3001


def test_very_many_bad_records_are_found_at_once(client, stage):
    stage("many.csv", "".join(f"{'x' if n % 3 else ''}{n},abc,\n" for n in range(30_000)))
    [row] = shown(client, "COPY INTO t FROM @st ON_ERROR = CONTINUE")
    assert (row["rows_loaded"], row["errors_seen"], row["first_error_line"]) == (10_000, 20_000, 2)
    assert client.rows("SELECT COUNT(*), SUM(id) FROM t") == [(10_000, sum(range(0, 30_000, 3)))]


def test_names_of_fields_may_hold_anything(client, stage):
    names = ['a"b', "c'd", "e\\f", "g.h", "i j", "k$l"]
    listed = ", ".join('"' + name.replace('"', '""') + '" VARCHAR' for name in names)
    client.run(f"CREATE TABLE odd ({listed})")
    stage("a.json", json.dumps({name: str(at) for at, name in enumerate(names)}))
    client.run("COPY INTO odd FROM @st FILE_FORMAT = (TYPE = JSON) MATCH_BY_COLUMN_NAME = CASE_SENSITIVE")
    assert client.rows("SELECT * FROM odd") == [("0", "1", "2", "3", "4", "5")]


@pytest.mark.parametrize(
    ("content", "form", "errno"),
    [
        (b"\xff\xfe,1\n", "TYPE = CSV", 100144),
        (b"[" * 100_000, "TYPE = JSON", 100069),
        (b'{"a": NaN}', "TYPE = JSON", 100069),
        (b'{"a": 1, "a": 2}', "TYPE = JSON", 100069),
        (b'"open', "TYPE = CSV FIELD_OPTIONALLY_ENCLOSED_BY = '\"'", 100016),
        (b'"a"b\n', "TYPE = CSV FIELD_OPTIONALLY_ENCLOSED_BY = '\"'", 100016),
        (b"\x1f\x8bnot gzip", "TYPE = CSV", 100109),
        (b"x", "TYPE = CSV ENCODING = 'nowhere'", 1008),
    ],
)
def test_files_that_are_malformed(client, stage, content, form, errno):
    client.run("CREATE TABLE one (v VARIANT)")
    stage("bad", content)
    assert client.refused(f"COPY INTO one FROM @st FILE_FORMAT = ({form})") == errno


def test_bytes_that_are_no_text_can_be_replaced(client, stage):
    client.run("CREATE TABLE one (v VARCHAR)")
    stage("a.csv", b"a\xffb\n")
    client.run("COPY INTO one FROM @st FILE_FORMAT = (TYPE = CSV REPLACE_INVALID_CHARACTERS = TRUE)")
    assert client.one("SELECT v FROM one") == "a\ufffdb"


def test_documents_that_are_loaded_are_as_those_that_are_parsed(client, stage):
    client.run("CREATE TABLE v (v VARIANT)")
    stage("a.json", '{"b": 1.50, "a": {"d": 12345678901234567890.12, "c": [1, 2]}, "e": 1e3}')
    client.run("COPY INTO v FROM @st FILE_FORMAT = (TYPE = JSON)")
    text = '{"a": {"c": [1, 2], "d": 12345678901234567890.12}, "e": 1e3, "b": 1.5}'
    assert client.rows(f"SELECT v = PARSE_JSON('{text}') FROM v") == [(True,)]
