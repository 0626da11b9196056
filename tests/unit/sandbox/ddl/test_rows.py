"""What DDL does to rows: CREATE TABLE AS, LIKE, CLONE now and in the past, ALTER of tables that have rows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from runner.sandbox.catalog.model import Table
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.getddl import get_ddl
from tests.unit.sandbox.ddl.conftest import Desk


def text(desk: Desk, name: str) -> str:
    return get_ddl(desk.engine.catalog, desk.live(Table, name))


@pytest.mark.parametrize(
    ("statement", "definition", "rows"),
    [
        ("CREATE TABLE x AS SELECT a, b FROM t", "A NUMBER(38,0),\n\tB VARCHAR(20)", [(1, "one"), (2, None)]),
        ("CREATE TABLE x (p, q) AS SELECT a, b FROM t", "P NUMBER(38,0),\n\tQ VARCHAR(20)", [(1, "one"), (2, None)]),
        (
            "CREATE TABLE x (p NUMBER(10,2) NOT NULL DEFAULT 7 COMMENT 'c', q TEXT) CLUSTER BY (p) "
            "AS SELECT a, b FROM t",
            "P NUMBER(10,2) NOT NULL DEFAULT 7 COMMENT 'c',\n\tQ VARCHAR(16777216)\n)cluster by (P)",
            [(1, "one"), (2, None)],
        ),
        ("CREATE TRANSIENT TABLE x AS SELECT COUNT(*) AS n FROM t", "TRANSIENT TABLE X (\n\tN NUMBER(", [(2,)]),
        ("CREATE OR REPLACE TABLE x COPY GRANTS AS SELECT a FROM t WHERE FALSE", "A NUMBER(38,0)", []),
        ("CREATE TABLE x LIKE t", "A NUMBER(38,0) NOT NULL,\n\tB VARCHAR(20) DEFAULT 'd' COMMENT 'it''s'", []),
        ("CREATE TABLE x CLONE t", "A NUMBER(38,0) NOT NULL,\n\tB VARCHAR(20) DEFAULT 'd' COMMENT 'it''s'",
         [(1, "one"), (2, None)]),
        ("CREATE TEMPORARY TABLE x CLONE t", "TEMPORARY TABLE X", [(1, "one"), (2, None)]),
    ],
)  # fmt: skip
def test_tables_made_from_tables(desk: Desk, statement: str, definition: str, rows: list[tuple[object, ...]]) -> None:
    desk.run(
        "CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(20) DEFAULT 'd' COMMENT 'it''s') COMMENT = 'source'",
        "INSERT INTO t VALUES (1, 'one'), (2, NULL)",
    )
    assert desk.say(statement) == "Table X successfully created."
    assert definition in text(desk, "X")
    assert desk.run("SELECT * FROM x ORDER BY 1") == rows


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("CREATE TABLE x (p) AS SELECT a, b FROM t", "Invalid column definition list"),
        ("CREATE TABLE x AS SELECT a, a FROM t", "duplicate column name 'A'"),
        ("CREATE TABLE x (p INT NOT NULL) AS SELECT NULL", "NULL result in a non-nullable column"),
        ("CREATE TABLE x (p VARCHAR(2)) AS SELECT 'long'", "too long"),
        ("CREATE TABLE x AS SELECT nope FROM t", "invalid identifier 'NOPE'"),
        ("CREATE TABLE x AS SELECT * FROM nope", "NOPE"),
        ("CREATE TABLE t AS SELECT 1 AS a", "already exists"),
        ("CREATE TABLE x CLONE t AT (OFFSET => -86400)", "Time travel data is not available"),
        ("CREATE TABLE x CLONE t AT (TIMESTAMP => 'soon')", "soon"),
        ("CREATE TABLE x CLONE t BEFORE (STATEMENT => 'nope')", "Statement nope not found"),
    ],
)
def test_tables_that_cannot_be_made(desk: Desk, statement: str, words: str) -> None:
    desk.run("CREATE TABLE t (a INT, b TEXT)", "INSERT INTO t VALUES (1, 'one')")
    assert words in desk.refused(statement).message
    assert [table.name for table in desk.engine.catalog.all(Table, "IMCUST")] == ["T"]


def test_a_clone_lives_its_own_life(desk: Desk) -> None:
    desk.run(
        "CREATE TABLE t (a INT IDENTITY, b TEXT)", "INSERT INTO t (b) VALUES ('x'), ('y')", "CREATE TABLE c CLONE t"
    )
    desk.run("INSERT INTO t (b) VALUES ('z')", "DELETE FROM c WHERE b = 'x'", "INSERT INTO c (b) VALUES ('w')")
    assert desk.run("SELECT b FROM t ORDER BY b") == [("x",), ("y",), ("z",)]
    assert desk.run("SELECT a, b FROM c ORDER BY a") == [(2, "y"), (3, "w")]


def test_clones_of_the_past(desk: Desk) -> None:
    desk.run("CREATE TABLE t (a INT)", "INSERT INTO t VALUES (1)")
    first = utc_now()
    desk.run("INSERT INTO t VALUES (2)")
    second = utc_now()
    desk.run("DELETE FROM t WHERE a = 1")
    deleted = desk.session.last_query_id
    desk.run("ALTER TABLE t RENAME COLUMN a TO b", "ALTER TABLE t ADD COLUMN c INT DEFAULT 5")

    def clone(moment: str) -> list[object]:
        desk.run(f"CREATE OR REPLACE TABLE x CLONE t {moment}")
        return [row[0] for row in desk.run("SELECT b FROM x ORDER BY b")]

    assert clone(f"AT (TIMESTAMP => '{first.isoformat()}'::TIMESTAMP_TZ)") == [1]
    assert clone(f"AT (TIMESTAMP => '{second.isoformat()}')") == [1, 2]
    assert clone(f"AT (TIMESTAMP => TO_TIMESTAMP_TZ('{second.isoformat()}'))") == [1, 2]
    assert clone(f"BEFORE (STATEMENT => '{deleted}')") == [1, 2]
    assert clone(f"AT (STATEMENT => '{deleted}')") == [2]
    assert clone("AT (OFFSET => 0)") == [2]
    assert desk.run("SELECT c FROM x") == [(5,)]


def test_a_schema_is_cloned_with_all_that_is_in_it(desk: Desk) -> None:
    desk.run(
        "CREATE SEQUENCE q",
        "CREATE TABLE p (id INT PRIMARY KEY DEFAULT q.NEXTVAL)",
        "CREATE TABLE c (id INT REFERENCES p)",
        "INSERT INTO p VALUES (7)",
        "CREATE VIEW v AS SELECT id FROM p",
        "CREATE PROCEDURE f() RETURNS INT AS 'BEGIN RETURN 1; END'",
        "GRANT SELECT ON TABLE p TO ROLE sysadmin",
    )
    moment = (utc_now() + timedelta(microseconds=1)).isoformat()
    desk.run("INSERT INTO p VALUES (8)", "CREATE TABLE later (a INT)", "CREATE SCHEMA now CLONE s")
    assert desk.run("SELECT id FROM now.v ORDER BY id") == [(7,), (8,)]
    desk.run(f"CREATE SCHEMA was CLONE s AT (TIMESTAMP => '{moment}')")
    assert desk.run("SELECT id FROM d.was.v") == [(7,)]
    assert desk.refused("SELECT * FROM d.was.later").errno == 2003
    clone = next(
        t for t in desk.engine.catalog.all(Table, "IMCUST") if desk.engine.catalog.full_name(t) == ("D", "WAS", "C")
    )
    assert "references D.WAS.P(ID)" in get_ddl(desk.engine.catalog, clone)
    assert "DEFAULT D.WAS.Q.NEXTVAL" in desk.ddl("TABLE", "d.was.p")
    cloned = next(
        t for t in desk.engine.catalog.all(Table, "IMCUST") if desk.engine.catalog.full_name(t) == ("D", "WAS", "P")
    )
    assert any(g.on_id == cloned.id and g.to_name == "SYSADMIN" for g in desk.engine.catalog.grants("IMCUST"))


def test_a_database_is_cloned(desk: Desk) -> None:
    desk.run("CREATE TABLE t AS SELECT 1 AS a", "CREATE DATABASE e CLONE d", "INSERT INTO d.s.t VALUES (2)")
    assert desk.run("SELECT a FROM e.s.t") == [(1,)]
    assert (desk.session.database, desk.session.schema) == ("E", "PUBLIC")


def test_columns_come_and_go_under_rows(desk: Desk) -> None:
    desk.run("CREATE TABLE t (a INT, b VARCHAR(3))", "INSERT INTO t VALUES (1, 'x'), (NULL, 'y')")
    desk.run(
        "ALTER TABLE t ADD COLUMN c INT DEFAULT 5, d TEXT NOT NULL DEFAULT 'it''s'", "ALTER TABLE t ADD COLUMN e INT"
    )
    assert desk.run("SELECT c, d, e FROM t") == [(5, "it's", None)] * 2
    desk.run("INSERT INTO t (a, b) VALUES (3, 'z')")
    assert desk.run("SELECT c, d, e FROM t WHERE a = 3") == [(5, "it's", None)]
    desk.run("ALTER TABLE t DROP COLUMN c, d, e", "ALTER TABLE t ALTER COLUMN b TYPE VARCHAR(9)")
    desk.run("INSERT INTO t VALUES (4, 'longer')")
    assert desk.run("SELECT * FROM t WHERE a = 4") == [(4, "longer")]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("ALTER TABLE t ALTER COLUMN a SET NOT NULL", "contains null values"),
        ("ALTER TABLE t ADD PRIMARY KEY (a)", "contains null values"),
        ("ALTER TABLE t ADD COLUMN c INT NOT NULL", "cannot be added to non-empty table 'T'"),
        ("ALTER TABLE t ADD COLUMN c INT AUTOINCREMENT", "non-constant default to non-empty table 'T'"),
        ("ALTER TABLE t ADD COLUMN c TIMESTAMP_LTZ DEFAULT CURRENT_TIMESTAMP()", "non-constant default"),
        ("ALTER TABLE t ALTER COLUMN b TYPE NUMBER(2,0)", "do not fit"),
        ("CREATE OR ALTER TABLE t (a INT NOT NULL, b NUMBER(5,0))", "contains null values"),
    ],
)
def test_rows_stand_against_changes(desk: Desk, statement: str, words: str) -> None:
    desk.run("CREATE TABLE t (a INT, b NUMBER(5,0))", "INSERT INTO t VALUES (NULL, 12345)")
    before = text(desk, "T")
    assert words in desk.refused(statement).message
    assert text(desk, "T") == before


def test_swap_and_undrop_bring_their_rows(desk: Desk) -> None:
    desk.run("CREATE TABLE a AS SELECT 1 AS x", "CREATE TABLE b AS SELECT 2 AS x", "ALTER TABLE a SWAP WITH b")
    assert desk.run("SELECT * FROM a") == [(2,)]
    desk.run("CREATE OR REPLACE TABLE a AS SELECT 3 AS x", "ALTER TABLE a RENAME TO c", "UNDROP TABLE a")
    assert (desk.run("SELECT * FROM a"), desk.run("SELECT * FROM c")) == ([(2,)], [(3,)])


def test_ddl_commits_the_open_transaction(desk: Desk) -> None:
    desk.run("CREATE TABLE t (a INT)", "BEGIN", "INSERT INTO t VALUES (1)", "CREATE TABLE u (a INT)", "ROLLBACK")
    assert desk.run("SELECT * FROM t") == [(1,)]


@pytest.mark.parametrize(
    ("default", "words"),
    [("'abc'", "data type"), ("nope(1)", "NOPE"), ("b", "invalid identifier"), ("(SELECT 1)", "subquery")],
)
def test_defaults_are_checked_when_they_are_made(desk: Desk, default: str, words: str) -> None:
    assert words in desk.refused(f"CREATE TABLE t (a INT DEFAULT {default}, b INT)").message


def test_what_comes_from_a_share_is_not_cloned(desk: Desk) -> None:
    desk.run(
        "CREATE TABLE t AS SELECT 1 AS a",
        "CREATE SHARE sh",
        "GRANT USAGE ON DATABASE d TO SHARE sh",
        "GRANT USAGE ON SCHEMA d.s TO SHARE sh",
        "GRANT SELECT ON TABLE d.s.t TO SHARE sh",
        "ALTER SHARE sh ADD ACCOUNTS = localorg.imsdlc",
    )
    other = desk.in_account("IMSDLC")
    other.run("CREATE DATABASE imported FROM SHARE localorg.imcust.sh", "CREATE DATABASE mine")
    assert other.say("CREATE TABLE mine.public.x LIKE imported.s.t") == "Table X successfully created."
    for statement in (
        "CREATE TABLE mine.public.y CLONE imported.s.t",
        "CREATE SCHEMA mine.z CLONE imported.s",
        "CREATE TABLE imported.s.y (a INT)",
        "ALTER TABLE imported.s.t ADD COLUMN b INT",
        "DROP TABLE imported.s.t",
        "COMMENT ON TABLE imported.s.t IS 'x'",
        "CREATE SCHEMA imported.y",
        "ALTER DATABASE imported SET COMMENT = 'x'",
    ):
        other.refused(statement)
    assert desk.run("SELECT a FROM d.s.t") == [(1,)]


def test_what_is_made_anew_is_no_longer_shared(desk: Desk) -> None:
    desk.run(
        "CREATE TABLE t AS SELECT 1 AS a",
        "CREATE SHARE sh",
        "GRANT USAGE ON DATABASE d TO SHARE sh",
        "GRANT USAGE ON SCHEMA d.s TO SHARE sh",
        "GRANT SELECT ON TABLE d.s.t TO SHARE sh",
        "ALTER SHARE sh ADD ACCOUNTS = localorg.imsdlc",
    )
    other = desk.in_account("IMSDLC")
    other.run("CREATE DATABASE imported FROM SHARE localorg.imcust.sh")
    assert other.run("SELECT a FROM imported.s.t") == [(1,)]
    desk.run("CREATE OR REPLACE TABLE t COPY GRANTS AS SELECT 2 AS a")
    assert other.run("SELECT a FROM imported.s.t") == [(2,)]
    desk.run("CREATE OR REPLACE TABLE t AS SELECT 3 AS a")
    assert other.refused("SELECT a FROM imported.s.t").errno == 2003
