"""What a naive emulation gets silently wrong, each with its test."""

import tomllib
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

import pytest

D = Decimal


def test_an_error_inside_a_transaction_loses_nothing_and_commit_does_not_lie(client):
    client.run("CREATE TABLE t (a INT)", "BEGIN", "INSERT INTO t VALUES (1)")
    assert client.refused("INSERT INTO t VALUES ('x')") == 100038
    assert client.refused("SELECT 1/0") == 100051
    client.run("INSERT INTO t VALUES (2)", "COMMIT")
    assert client.rows("SELECT a FROM t ORDER BY a") == [(1,), (2,)]


def test_names_differ_by_case(client):
    client.run(
        'CREATE TABLE "mixed" (a INT)', 'INSERT INTO "mixed" VALUES (1)', "CREATE OR REPLACE TABLE MIXED (b INT)"
    )
    assert client.rows('SELECT a FROM "mixed"') == [(1,)]
    assert client.rows("SELECT b FROM mixed") == []


def test_columns_that_fit_only_when_case_is_ignored_do_not_fit(client):
    client.run('CREATE TABLE t ("Mixed" INT, plain INT)', "INSERT INTO t VALUES (1, 2)")
    assert client.rows('SELECT "Mixed", PLAIN, plain, "PLAIN" FROM t') == [(1, 2, 2, 2)]
    for name in ("mixed", '"mixed"', '"plain"', '"MIXED"'):
        assert client.refused(f"SELECT {name} FROM t") == 904


def test_two_columns_that_differ_only_by_case_are_two(client):
    client.run('CREATE TABLE t ("a" INT, A INT)', 'INSERT INTO t (A, "a") VALUES (1, 2)')
    assert client.rows('SELECT a, "a", * FROM t') == [(1, 2, 2, 1)]
    assert client.refused('CREATE TABLE u ("a" INT, "a" INT)') == 2025


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("SELECT $v", 1),
        ("SELECT $vv", 22),
        ("SELECT '$v costs $five'", "$v costs $five"),
        ("SELECT $vv + $v", 23),
        ('SELECT "$v" FROM (SELECT 5 AS "$v")', 5),
        ("SELECT $V", 1),
        ("SELECT $word || 'x'", "it's $vx"),
    ],
)
def test_variables_are_replaced_on_tokens(client, query, value):
    client.run("SET v = 1", "SET (vv, word) = (22, 'it''s $v')")
    assert client.one(query) == value


def test_a_variable_that_is_not_set_is_refused(client):
    client.run("SET v = 1", "UNSET v")
    assert client.refused("SELECT $v") == 1102


def test_division_by_zero_is_an_error_everywhere(client):
    client.run("CREATE TABLE t (a INT, b FLOAT)", "INSERT INTO t VALUES (1, 0)")
    for expression in ("a / 0", "a / b", "1 / (a - 1)", "a % 0", "SUM(a) / SUM(b)"):
        assert client.refused(f"SELECT {expression} FROM t") == 100051


def test_integers_have_38_digits(client):
    client.run(
        "CREATE TABLE t (a INT, b BIGINT)", "INSERT INTO t VALUES (12345678901234567890123, 99999999999999999999)"
    )
    assert client.rows("SELECT a + 1, b * 10 FROM t") == [(D("12345678901234567890124"), D("999999999999999999990"))]


def test_identity_works_from_another_schema(client):
    client.run(
        "CREATE SCHEMA s", "CREATE TABLE s.t (id INT IDENTITY(1, 1), a INT)", "INSERT INTO s.t (a) VALUES (7), (8)"
    )
    assert client.rows("SELECT id, a FROM s.t ORDER BY id") == [(1, 7), (2, 8)]


def test_like_and_clone_keep_defaults_and_identity(client):
    client.run(
        "CREATE TABLE t (id INT IDENTITY(5, 1), a INT DEFAULT 3, b VARCHAR(2) NOT NULL)",
        "INSERT INTO t (b) VALUES ('x')",
        "CREATE TABLE likeness LIKE t",
        "CREATE TABLE copy CLONE t",
        "INSERT INTO likeness (b) VALUES ('y')",
        "INSERT INTO copy (b) VALUES ('z')",
    )
    assert client.rows("SELECT * FROM likeness") == [(5, 3, "y")]
    assert client.rows("SELECT * FROM copy ORDER BY id") == [(5, 3, "x"), (6, 3, "z")]
    assert client.refused("INSERT INTO likeness (b) VALUES (NULL)") == 100072


def test_a_transaction_writes_several_databases_at_once(client, database):
    client.run(
        f"CREATE DATABASE {database}_B",
        "CREATE TABLE t (a INT)",
        f"USE SCHEMA {database}.public",
        "CREATE TABLE t (a INT)",
    )
    client.run("BEGIN", "INSERT INTO t VALUES (1)", f"INSERT INTO {database}_B.public.t VALUES (2)", "ROLLBACK")
    assert client.one(f"SELECT COUNT(*) FROM t, {database}_B.public.t b") == 0
    client.run("BEGIN", "INSERT INTO t VALUES (1)", f"INSERT INTO {database}_B.public.t VALUES (2)", "COMMIT")
    assert client.rows(f"SELECT t.a, b.a FROM t, {database}_B.public.t b") == [(1, 2)]


def test_ddl_commits_what_was_before_it_and_rollback_takes_back_only_what_came_after(client):
    client.run("CREATE TABLE t (a INT)", "BEGIN", "INSERT INTO t VALUES (1)", "CREATE TABLE u (a INT)", "ROLLBACK")
    assert client.rows("SELECT a FROM t") == [(1,)]
    client.run("BEGIN", "INSERT INTO t VALUES (2)", "CREATE TABLE w AS SELECT * FROM t", "ROLLBACK")
    assert client.one("SELECT COUNT(*) FROM w") == 2


def test_quotes_in_comments_and_sequences_in_defaults(client):
    client.run(
        "CREATE SEQUENCE s", "CREATE TABLE t (id INT DEFAULT s.nextval, a INT) COMMENT = 'it''s'",
        "INSERT INTO t (a) VALUES (1)", "INSERT INTO t VALUES (s.nextval, 2)",
    )  # fmt: skip
    assert client.rows("SELECT id FROM t ORDER BY a") == [(1,), (2,)]
    assert "it''s" in client.one("SELECT GET_DDL('TABLE', 't')")


def test_a_date_truncated_stays_a_date(client):
    column = client.execute("SELECT DATE_TRUNC('year', '2024-05-06'::DATE)").columns[0]
    assert column.type.name == "DATE"


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT TO_CHAR(1234.5, '9,999.00')", [(" 1,234.50",)]),
        ("SELECT RATIO_TO_REPORT(a) OVER () FROM h ORDER BY a", [(0.25,), (0.75,)]),
        ("SELECT value FROM TABLE(SPLIT_TO_TABLE('a,b', ',')) ORDER BY index", [("a",), ("b",)]),
        ("SELECT TYPEOF(TO_VARIANT(1))", [("INTEGER",)]),
        ("SELECT WIDTH_BUCKET(5, 0, 10, 5)", [(3,)]),
        ("SELECT COUNT(*) FROM TABLE('h')", [(2,)]),
        ("SELECT more(1)", [(2,)]),
        ("SELECT COUNT(*) FROM h AT (OFFSET => 0)", [(2,)]),
    ],
)
def test_what_other_emulators_do_not_have_is_here(client, query, rows):
    client.run("CREATE TABLE h (a INT)", "INSERT INTO h VALUES (1), (3)")
    client.run("CREATE FUNCTION more(x INT) RETURNS INT AS 'x + 1'")
    assert client.rows(query) == rows


def test_definitions_change_one_after_the_other(client):
    client.run("CREATE TABLE h (a INT)", "INSERT INTO h VALUES (1)", "CREATE TABLE i (a INT)")
    client.run("ALTER TABLE h ADD COLUMN b INT DEFAULT 7", "ALTER TABLE h RENAME COLUMN b TO c")
    client.run("ALTER TABLE h SWAP WITH i", "TRUNCATE TABLE IF EXISTS nothing", "DROP TABLE i", "UNDROP TABLE i")
    client.run("COMMENT ON COLUMN i.c IS 'it''s'")
    assert (client.rows("SELECT a, c FROM i"), client.rows("SELECT * FROM h")) == ([(1, 7)], [])


@pytest.mark.parametrize(
    ("query", "errno"),
    [
        ("SELECT CONDITIONAL_CHANGE_EVENT(a) OVER (ORDER BY a) FROM h", 2),
        ("CREATE STREAM s ON STAGE h", 2),
        ("CREATE SECRET s TYPE = PASSWORD", 2),
    ],
)
def test_what_is_not_here_is_refused_by_name(client, query, errno):
    client.run("CREATE TABLE h (a INT)")
    assert client.refused(query) == errno


def test_columns_without_an_alias_are_called_after_their_expression(client):
    result = client.execute("SELECT COUNT(*), MAX(a) + 1, SUM(a) FROM (VALUES (1)) AS v(a)")
    assert [column.name for column in result.columns] == ["COUNT(*)", "MAX(A) + 1", "SUM(A)"]


def test_what_is_made_was_made_now(client, database):
    client.run("CREATE TABLE h (a INT)")
    made = (
        f"SELECT created <= CURRENT_TIMESTAMP() AND created > CURRENT_TIMESTAMP() - INTERVAL '1 HOUR' FROM {database}"
    )
    assert client.rows(f"{made}.INFORMATION_SCHEMA.TABLES WHERE table_name = 'H'") == [(True,)]


def test_the_engine_is_pinned_to_one_release_and_that_one_is_here():
    project = tomllib.loads((Path(__file__).parents[4] / "pyproject.toml").read_text())
    pins = dict(one.split("==") for one in project["project"]["optional-dependencies"]["sandbox"] if "==" in one)
    assert pins.keys() >= {"duckdb", "sqlglot"}
    assert {name: version(name) for name in pins} == pins


def test_a_text_longer_than_its_column_is_refused(client):
    client.run("CREATE TABLE h (b VARCHAR(3))", "INSERT INTO h VALUES ('abc')")
    assert client.refused("INSERT INTO h VALUES ('abcd')") == 100078
    assert client.refused("UPDATE h SET b = 'abcd'") == 100078
    assert client.rows("SELECT b FROM h") == [("abc",)]
