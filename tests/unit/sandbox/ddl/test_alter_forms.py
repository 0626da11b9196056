"""The rarer forms of ALTER TABLE and ALTER VIEW, USING TEMPLATE, UNDROP by id, and views that would read themselves."""

from __future__ import annotations

import pytest

from runner.sandbox.catalog.model import Schema, Table, View
from tests.unit.sandbox.ddl.conftest import Desk


@pytest.fixture
def base(desk: Desk) -> Desk:
    desk.run("CREATE TABLE t (a INT, b VARCHAR(10), c BINARY(10), v VARIANT)")
    return desk


def test_binary_may_grow_and_not_shrink(base: Desk) -> None:
    base.run("ALTER TABLE t ALTER COLUMN c SET DATA TYPE BINARY(20)")
    assert "C BINARY(20)" in base.ddl("TABLE", "T")
    assert base.refused("ALTER TABLE t MODIFY c TYPE BINARY(5)").errno == 40052


@pytest.mark.parametrize("which", ["CONSTRAINT k", "PRIMARY KEY"])
def test_reliance_of_a_key_can_change(base: Desk, which: str) -> None:
    base.run("ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (a)", f"ALTER TABLE t MODIFY {which} NOT ENFORCED RELY")
    assert base.ddl("TABLE", "T").count("primary key (A) rely") == 1
    base.run(f"ALTER TABLE t ALTER {which} NOVALIDATE", f"ALTER TABLE t ALTER {which} NORELY")
    assert "rely" not in base.ddl("TABLE", "T")
    assert base.refused("ALTER TABLE t ALTER UNIQUE (b) RELY").errno == 2151


def test_search_optimization_is_kept_and_shown(base: Desk) -> None:
    base.run("ALTER TABLE t ADD SEARCH OPTIMIZATION ON EQUALITY(a, v:x), SUBSTRING(b)")
    shown = base.run("DESCRIBE SEARCH OPTIMIZATION ON t")
    assert [(row[1], row[2]) for row in shown] == [("EQUALITY", "A"), ("EQUALITY", "v:x"), ("SUBSTRING", "B")]
    base.run("ALTER TABLE t RENAME COLUMN b TO bb", "ALTER TABLE t DROP COLUMN v")
    assert base.live(Table, "T").search_optimization == ["EQUALITY(A)", "SUBSTRING(BB)"]  # type: ignore[attr-defined]
    base.run("ALTER TABLE t DROP SEARCH OPTIMIZATION ON bb")
    assert base.refused("ALTER TABLE t DROP SEARCH OPTIMIZATION ON SUBSTRING(bb)").errno == 2
    base.run("ALTER TABLE t DROP SEARCH OPTIMIZATION", "ALTER TABLE t ADD SEARCH OPTIMIZATION")
    assert len(base.run("DESC SEARCH OPTIMIZATION ON t")) == 3
    assert base.refused("ALTER TABLE t ADD SEARCH OPTIMIZATION ON EQUALITY(nope)").errno == 904


def test_suspended_reclustering_is_shown(base: Desk) -> None:
    shown = "SELECT AUTO_CLUSTERING_ON FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'T'"
    base.run("ALTER TABLE t CLUSTER BY (a)", "ALTER TABLE t SUSPEND RECLUSTER")
    assert base.value(shown) == "NO"
    base.run("ALTER TABLE t RESUME RECLUSTER")
    assert base.value(shown) == "YES"


def test_days_of_extension_are_kept(base: Desk) -> None:
    base.run("ALTER TABLE t SET MAX_DATA_EXTENSION_TIME_IN_DAYS = 3")
    assert "MAX_DATA_EXTENSION_TIME_IN_DAYS=3" in base.ddl("TABLE", "T")
    base.run("ALTER TABLE t UNSET MAX_DATA_EXTENSION_TIME_IN_DAYS")
    assert "EXTENSION" not in base.ddl("TABLE", "T")
    assert base.refused("CREATE TABLE u (a INT) MAX_DATA_EXTENSION_TIME_IN_DAYS = 91").errno == 1008


@pytest.mark.parametrize("parameter", ["DEFAULT_DDL_COLLATION", "ROW_TIMESTAMP", "ENABLE_SCHEMA_EVOLUTION"])
def test_what_is_not_there_is_refused_by_name(base: Desk, parameter: str) -> None:
    for word in ("UNSET", "SET"):
        value = " = TRUE" if word == "SET" else ""
        assert parameter in base.refused(f"ALTER TABLE t {word} {parameter}{value}").message


@pytest.mark.parametrize("kind", ["EXTERNAL", "HYBRID", "ICEBERG"])
def test_other_tables_are_refused_or_known_by_their_whole_name(base: Desk, kind: str) -> None:
    assert kind in base.refused(f"CREATE {kind} TABLE x").message.upper() or kind == "EXTERNAL"


def test_columns_of_a_view_have_comments(base: Desk) -> None:
    base.run("CREATE VIEW w AS SELECT a, b FROM t", "ALTER VIEW w ALTER COLUMN a COMMENT 'one', COLUMN b COMMENT 'two'")
    base.run("ALTER VIEW w MODIFY COLUMN b UNSET COMMENT", "ALTER VIEW w SET CHANGE_TRACKING = TRUE")
    assert base.ddl("VIEW", "W") == (
        "create or replace view W(\n\tA COMMENT 'one',\n\tB\n) CHANGE_TRACKING=TRUE as SELECT a, b FROM t;"
    )
    assert base.refused("ALTER VIEW w ALTER COLUMN z COMMENT 'c'").errno == 904
    base.run(base.ddl("VIEW", "W"))
    assert base.live(View, "W").change_tracking is True  # type: ignore[attr-defined]


def test_or_alter_does_not_change_a_definition(base: Desk) -> None:
    base.run("CREATE VIEW w AS SELECT a FROM t")
    assert "definition" in base.refused("CREATE OR ALTER VIEW w AS SELECT b FROM t").message
    base.run("CREATE OR ALTER SECURE VIEW w (a COMMENT 'x') AS SELECT  a\nFROM T")
    assert base.ddl("VIEW", "W") == "create or replace secure view W(\n\tA COMMENT 'x'\n) as SELECT a FROM t;"


def test_no_view_reads_itself(base: Desk) -> None:
    base.run("CREATE VIEW w AS SELECT a FROM t", "CREATE VIEW x AS SELECT a FROM w")
    for query in ("SELECT * FROM w", "SELECT * FROM x", "SELECT * FROM d.s.w UNION SELECT 1"):
        assert "itself" in base.refused(f"CREATE OR REPLACE VIEW w AS {query}").message
    assert base.run("SELECT * FROM x") == []


def test_a_template_gives_the_columns(base: Desk) -> None:
    objects = "OBJECT_CONSTRUCT('COLUMN_NAME', 'X', 'TYPE', 'NUMBER(3, 1)', 'NULLABLE', FALSE)"
    base.run(f"CREATE TABLE made USING TEMPLATE (SELECT ARRAY_AGG({objects}))")
    assert base.ddl("TABLE", "MADE") == "create or replace TABLE MADE (\n\tX NUMBER(3,1) NOT NULL\n);"
    assert base.refused("CREATE TABLE bad USING TEMPLATE (SELECT 1)").errno == 2026


def test_a_schema_comes_back_by_its_id(base: Desk) -> None:
    base.run("CREATE SCHEMA twice", "DROP SCHEMA twice", "CREATE SCHEMA twice")
    records = base.engine.catalog.records.values()
    dropped = next(r for r in records if isinstance(r, Schema) and r.name == "TWICE" and r.dropped_at)
    assert base.refused(f"UNDROP SCHEMA IDENTIFIER({dropped.id})").errno == 2002
    base.run("DROP SCHEMA twice", f"UNDROP SCHEMA IDENTIFIER({dropped.id})")
    assert base.live(Schema, "TWICE").id == dropped.id
    assert base.refused("UNDROP DATABASE IDENTIFIER(1)").errno == 2003


def test_comments_on_policies_and_database_roles(base: Desk) -> None:
    base.run("CREATE MASKING POLICY m AS (x INT) RETURNS INT -> 0", "CREATE DATABASE ROLE d.r")
    base.run("COMMENT ON MASKING POLICY m IS 'hides'", "COMMENT ON DATABASE ROLE d.r IS 'reads'")
    assert base.refused("COMMENT ON ROW ACCESS POLICY m IS 'x'").errno == 2003
