"""Definitions survive the end of the process, also one that dies without a word."""

from __future__ import annotations

from pathlib import Path

from runner.sandbox.bootstrap import create_organization
from runner.sandbox.engine import Engine
from tests.unit.sandbox.ddl.conftest import Desk


def opened(root: Path) -> Desk:
    engine = Engine.open(root)
    create_organization(engine.catalog, root)
    return Desk(engine, engine.login("IMCUST", "SANDBOX_ADMIN", "ACCOUNTADMIN", "ADMIN_WH"))


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    desk = opened(tmp_path)
    desk.run(
        "CREATE DATABASE d",
        "CREATE SEQUENCE q START 5",
        "CREATE TABLE t (a INT DEFAULT q.NEXTVAL COMMENT 'it''s', b INT IDENTITY, PRIMARY KEY (a)) CLUSTER BY (a)",
        "INSERT INTO t (a) VALUES (1), (2)",
        "ALTER TABLE t ADD COLUMN c TEXT DEFAULT 'x'",
        "CREATE TABLE gone AS SELECT 7 AS a",
        "DROP TABLE gone",
        "CREATE VIEW v AS SELECT c, COUNT(*) AS n FROM t GROUP BY c",
        "CREATE FUNCTION f(x INT) RETURNS INT AS 'x + 1'",
        "CREATE PROCEDURE p() RETURNS INT AS 'BEGIN RETURN f(1); END'",
        "CREATE TEMPORARY TABLE passing (a INT)",
    )
    before = desk.ddl("DATABASE", "d")
    assert "PASSING" not in before
    desk.engine.close()
    desk = opened(tmp_path)
    desk.run("USE DATABASE d", "USE SCHEMA public")
    assert desk.ddl("DATABASE", "d") == before
    assert desk.run("SELECT * FROM v") == [("x", 2)]
    desk.run("UNDROP TABLE gone", "INSERT INTO t (c) VALUES ('y')")
    assert desk.run("SELECT * FROM gone") == [(7,)]
    assert desk.run("SELECT b, c FROM t WHERE c = 'y'") == [(3, "y")]
    assert desk.value("CALL p()") == 2
    desk.engine.close()
