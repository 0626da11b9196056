"""ACCESS_HISTORY: what a statement named, the tables under it, what it changed, and inside of what it ran."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.sandbox.bootstrap import create_organization
from runner.sandbox.engine import Engine
from runner.sandbox.history import History
from runner.sandbox.session import Session

Touched = dict[str, list[str]]


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Engine, Session]]:
    engine = Engine.open(None)
    create_organization(engine.catalog, tmp_path)
    session = engine.login("IMCUST", "SANDBOX_ADMIN", "ACCOUNTADMIN", "ADMIN_WH")
    for statement in (
        "CREATE DATABASE d",
        "CREATE SCHEMA d.s",
        "CREATE TABLE t (a INT, b INT, c INT)",
        "CREATE TABLE u (a INT, b INT)",
        "CREATE VIEW v AS SELECT a, b FROM t",
        "CREATE VIEW w AS SELECT a AS x FROM v",
    ):
        engine.execute(session, statement)
    yield engine, session
    engine.close()


def accessed(own: tuple[Engine, Session], statement: str) -> list[Touched]:
    """Direct, base and modified objects of the statement, each with its columns."""
    engine, session = own
    number = engine.execute(session, statement).query_id
    return recorded(own, f"QUERY_ID = '{number}'")


def recorded(own: tuple[Engine, Session], condition: str) -> list[Touched]:
    engine, session = own
    query = f"SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY WHERE {condition}"
    row = engine.execute(session, query).rows()[0]
    return [
        {one["objectName"]: sorted(column["columnName"] for column in one["columns"]) for one in json.loads(str(cell))}
        for cell in row[3:6]
    ]


T, U, V, W = "D.S.T", "D.S.U", "D.S.V", "D.S.W"
CASES: list[tuple[str, Touched, Touched, Touched]] = [
    ("SELECT a FROM t WHERE c > 1", {T: ["A", "C"]}, {T: ["A", "C"]}, {}),
    ("SELECT * FROM t", {T: ["A", "B", "C"]}, {T: ["A", "B", "C"]}, {}),
    ("SELECT COUNT(*) FROM t", {T: []}, {T: []}, {}),
    ("SELECT a FROM v", {V: ["A"]}, {T: ["A", "B"]}, {}),
    ("SELECT x FROM w", {W: ["X"]}, {T: ["A", "B"]}, {}),
    ("WITH q AS (SELECT b AS z FROM t) SELECT q.z FROM q JOIN u ON u.a = q.z", {T: ["B"], U: ["A"]},
     {T: ["B"], U: ["A"]}, {}),
    ("SELECT 1 WHERE EXISTS (SELECT 1 FROM u JOIN t USING (b))", {T: ["B"], U: ["B"]}, {T: ["B"], U: ["B"]}, {}),
    ("INSERT INTO u (b) SELECT c FROM t", {T: ["C"]}, {T: ["C"]}, {U: ["B"]}),
    ("INSERT INTO u VALUES (1, 2)", {}, {}, {U: ["A", "B"]}),
    ("CREATE TABLE n AS SELECT x FROM w", {W: ["X"]}, {T: ["A", "B"]}, {"D.S.N": ["X"]}),
    ("UPDATE u SET b = 1 WHERE a = 1", {}, {}, {U: ["B"]}),
    ("DELETE FROM u", {}, {}, {U: []}),
    ("MERGE INTO u USING t ON u.a = t.a WHEN MATCHED THEN UPDATE SET b = t.c", {T: ["A", "B", "C"]},
     {T: ["A", "B", "C"]}, {U: ["B"]}),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "direct", "base", "modified"), CASES, ids=[case[0] for case in CASES])
def test_objects_and_columns(
    own: tuple[Engine, Session], statement: str, direct: Touched, base: Touched, modified: Touched
) -> None:
    found = accessed(own, statement)
    if statement.startswith("MERGE"):
        assert found[0].keys() == direct.keys()
        assert found[2] == modified
    else:
        assert found == [direct, base, modified]


def test_statements_that_failed_or_touched_nothing_are_not_there(own: tuple[Engine, Session]) -> None:
    engine, session = own
    engine.execute(session, "SELECT 1")
    engine.execute(session, "EXPLAIN SELECT a FROM t")
    with pytest.raises(Exception, match="invalid identifier"):
        engine.execute(session, "SELECT nope FROM t")
    rows = engine.execute(session, "SELECT COUNT(*) FROM SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY").rows()
    assert rows == [(0,)]


def test_what_a_procedure_touched_is_found_by_its_call(own: tuple[Engine, Session]) -> None:
    engine, session = own
    body = "BEGIN EXECUTE IMMEDIATE 'INSERT INTO u SELECT a, b FROM t'; RETURN 'x'; END"
    engine.execute(session, f"CREATE PROCEDURE p() RETURNS VARCHAR LANGUAGE SQL EXECUTE AS CALLER AS $${body}$$")
    number = engine.execute(session, "CALL p()").query_id
    assert recorded(own, f"ROOT_QUERY_ID = '{number}'") == [{T: ["A", "B"]}, {T: ["A", "B"]}, {U: ["A", "B"]}]


def test_accesses_survive_a_restart(tmp_path: Path) -> None:
    engine = Engine.open(None)
    create_organization(engine.catalog, tmp_path)
    session = engine.login("IMCUST", "SANDBOX_ADMIN", "ACCOUNTADMIN", "ADMIN_WH")
    history = History(tmp_path)
    entry = history.begin(session, "q", "SELECT a FROM t", ("root", "parent"))
    entry.accesses.read(7, "Table", ("D", "S", "T"), direct=True)[0]["A"] = None
    entry.accesses.changed(8, ("D", "S", "U"), ["B"])
    entry.succeeded(1)
    history.close()
    again = History(tmp_path)
    found = again.by_id("q")
    again.close()
    engine.close()
    assert found is not None
    assert (found.parent, found.root, found.accesses) == ("parent", "root", entry.accesses)


def test_credits_are_running_time_at_the_rate_of_the_size(own: tuple[Engine, Session]) -> None:
    engine, session = own
    engine.execute(session, "SELECT SYSTEM$WAIT(110, 'MILLISECONDS')")
    view = "SNOWFLAKE.ACCOUNT_USAGE"
    credits = engine.execute(
        session, f"SELECT WAREHOUSE_NAME, CREDITS_ATTRIBUTED_COMPUTE FROM {view}.QUERY_ATTRIBUTION_HISTORY"
    ).rows()
    assert credits[0][0] == "ADMIN_WH"
    assert 0.1 / 3600 < float(str(credits[0][1])) < 1
    metered = engine.execute(session, f"SELECT SUM(CREDITS_USED) FROM {view}.WAREHOUSE_METERING_HISTORY").scalar()
    assert float(str(metered)) >= float(str(credits[0][1]))
