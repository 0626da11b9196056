"""Materialized views: always up to date, of one table, and nothing that Snowflake could not keep so."""

import pytest

_REFUSED = [
    "SELECT t.a FROM t JOIN u ON t.a = u.a",
    "SELECT t.a FROM t, u",
    "SELECT a FROM t UNION ALL SELECT a FROM u",
    "SELECT a, ROW_NUMBER() OVER (ORDER BY a) AS n FROM t",
    "SELECT a FROM t QUALIFY ROW_NUMBER() OVER (ORDER BY a) = 1",
    "SELECT a, COUNT(*) AS n FROM t GROUP BY a HAVING COUNT(*) > 1",
    "SELECT a FROM t ORDER BY a",
    "SELECT a FROM t LIMIT 1",
    "SELECT COUNT(*) AS n FROM t GROUP BY a",
    "SELECT COUNT(DISTINCT a) AS n FROM t",
    "SELECT LISTAGG(b) AS n FROM t",
    "SELECT a FROM t WHERE a IN (SELECT a FROM u)",
    "SELECT a FROM (SELECT a FROM t)",
    "WITH c AS (SELECT a FROM t) SELECT a FROM c",
    "SELECT a, CURRENT_TIMESTAMP() AS at FROM t",
    "SELECT a FROM v",
    "SELECT f(a) AS x FROM t",
]


@pytest.fixture
def rows(desk):
    desk.run(
        "CREATE OR REPLACE TABLE t (a INT, b VARCHAR)",
        "CREATE OR REPLACE TABLE u (a INT)",
        "CREATE OR REPLACE VIEW v AS SELECT a FROM t",
        "CREATE OR REPLACE FUNCTION f(a INT) RETURNS INT AS 'a'",
        "INSERT INTO t VALUES (1, 'x'), (2, 'y'), (2, 'z')",
    )
    return desk


@pytest.mark.parametrize("query", _REFUSED)
def test_what_cannot_be_kept_up_to_date_is_refused(rows, query):
    error = rows.refused(f"CREATE MATERIALIZED VIEW m AS {query}")
    assert (error.errno, "Invalid materialized view definition." in error.message) == (2211, True)


def test_it_is_up_to_date_when_it_is_read(rows):
    rows.run(
        "CREATE MATERIALIZED VIEW m (k, n COMMENT 'how many') CLUSTER BY (k) COMMENT = 'c' "
        "AS SELECT a, COUNT(*) FROM t GROUP BY a"
    )
    assert rows.run("SELECT * FROM m ORDER BY k") == [(1, 1), (2, 2)]
    rows.run("INSERT INTO t VALUES (1, 'q')")
    assert rows.run("SELECT n FROM m WHERE k = 1") == [(2,)]
    ddl = rows.value("SELECT GET_DDL('VIEW', 'm')")
    assert ddl.startswith("create or replace materialized view M(")
    rows.run(ddl)
    assert rows.value("SELECT GET_DDL('VIEW', 'm')") == ddl


def test_alter_show_and_drop(rows):
    rows.run("CREATE SECURE MATERIALIZED VIEW m AS SELECT a FROM t", "ALTER MATERIALIZED VIEW m SUSPEND")
    assert "suspended" in rows.refused("SELECT * FROM m").message
    rows.run("ALTER MATERIALIZED VIEW m RESUME", "ALTER MATERIALIZED VIEW m RENAME TO n")
    rows.run("ALTER MATERIALIZED VIEW n SET COMMENT = 'x'")
    assert len(rows.run("SELECT * FROM n")) == 3
    assert len(rows.run("SHOW MATERIALIZED VIEWS LIKE 'n'")) == 1
    assert rows.value("SELECT table_type FROM information_schema.tables WHERE table_name = 'N'") == "MATERIALIZED VIEW"
    assert rows.refused("DROP VIEW n").errno == 1003
    assert rows.refused("CREATE OR REPLACE VIEW n AS SELECT 1 AS a").errno == 1003
    assert rows.refused("CREATE OR REPLACE MATERIALIZED VIEW v AS SELECT a FROM t").errno == 1998
    assert rows.refused("DROP MATERIALIZED VIEW v").errno == 2003
    assert rows.refused("INSERT INTO n VALUES (1)").errno == 2141
    rows.run("DROP MATERIALIZED VIEW n", "DROP MATERIALIZED VIEW IF EXISTS n")


def test_who_may_make_and_read_it(rows):
    rows.run(
        "CREATE MATERIALIZED VIEW m AS SELECT a FROM t", "CREATE ROLE IF NOT EXISTS mv_reader",
        "GRANT ROLE mv_reader TO USER sandbox_admin",
        f"GRANT USAGE ON DATABASE {rows.session.database} TO ROLE mv_reader",
        f"GRANT USAGE ON SCHEMA {rows.session.schema} TO ROLE mv_reader",
        "GRANT SELECT ON MATERIALIZED VIEW m TO ROLE mv_reader",
    )  # fmt: skip
    reader = rows.as_role("MV_READER")
    assert len(reader.run("SELECT * FROM m")) == 3
    assert reader.refused("CREATE MATERIALIZED VIEW x AS SELECT a FROM m").errno in (3001, 2211)
