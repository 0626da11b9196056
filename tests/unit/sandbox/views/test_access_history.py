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
from runner.sandbox.usage_history import DELAY

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


def test_which_procedure_a_call_called_and_which_that_called(own: tuple[Engine, Session]) -> None:
    engine, session = own
    for name, body in (("inner_one", "RETURN n"), ("outer_one", "CALL d.s.inner_one(1); RETURN n")):
        engine.execute(
            session, f"CREATE PROCEDURE {name}(n NUMBER) RETURNS VARCHAR LANGUAGE SQL AS $$ BEGIN {body}; END $$"
        )
    number = engine.execute(session, "CALL outer_one(1)").query_id
    query = "SELECT DIRECT_OBJECTS_ACCESSED FROM SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY WHERE "
    own_row, inner_row = (
        json.loads(str(engine.execute(session, query + condition).rows()[0][0]))
        for condition in (f"QUERY_ID = '{number}'", f"PARENT_QUERY_ID = '{number}'")
    )
    for row, name in ((own_row, "D.S.OUTER_ONE"), (inner_row, "D.S.INNER_ONE")):
        assert [(one["objectDomain"], one["objectName"], one["argumentSignature"], one["dataType"]) for one in row] == [
            ("PROCEDURE", name, "(N NUMBER)", "VARCHAR(16777216)")
        ]


def test_accesses_survive_a_restart(tmp_path: Path) -> None:
    engine = Engine.open(None)
    create_organization(engine.catalog, tmp_path)
    session = engine.login("IMCUST", "SANDBOX_ADMIN", "ACCOUNTADMIN", "ADMIN_WH")
    history = History(tmp_path)
    entry = history.begin(session, "q", "SELECT a FROM t", ("root", "parent"))
    entry.accesses.read(7, "Table", ("D", "S", "T"), direct=True)[0]["A"] = None
    entry.accesses.changed(8, ("D", "S", "U"), ["B"])
    entry.accesses.fed(8, {"B": [(7, "A", True)], "C": []})
    entry.succeeded(1)
    history.close()
    again = History(tmp_path)
    found = again.by_id("q")
    again.close()
    engine.close()
    assert found is not None
    assert (found.parent, found.root, found.accesses) == ("parent", "root", entry.accesses)


def test_the_views_can_be_late(own: tuple[Engine, Session], monkeypatch: pytest.MonkeyPatch) -> None:
    engine, session = own
    engine.execute(session, "SELECT a FROM t")
    for view, count in (("OBJECT_DEPENDENCIES", 2), ("ACCESS_HISTORY", 1)):
        query = f"SELECT COUNT(*) FROM SNOWFLAKE.ACCOUNT_USAGE.{view}"
        assert engine.execute(session, query).rows() == [(count,)]
        monkeypatch.setenv(DELAY, "10800")
        assert engine.execute(session, query).rows() == [(0,)]
        monkeypatch.delenv(DELAY)


def test_constraints_accounts_and_the_columns_of_the_query_history(own: tuple[Engine, Session]) -> None:
    engine, session = own
    engine.execute(session, "ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (a) RELY")
    asked = "SELECT CONSTRAINT_NAME, TABLE_NAME, CONSTRAINT_TYPE, IS_DEFERRABLE, RELY FROM "
    rows = engine.execute(session, f"{asked} SNOWFLAKE.ACCOUNT_USAGE.TABLE_CONSTRAINTS").rows()
    assert rows == [("K", "T", "PRIMARY KEY", "N", "YES")]
    accounts = "SELECT ACCOUNT_NAME, IS_LOCKED FROM SNOWFLAKE.ORGANIZATION_USAGE.ACCOUNTS"
    assert engine.execute(session, accounts).rows() == [("IMCUST", False), ("IMSDLC", False)]
    history = engine.execute(session, "SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY LIMIT 1")
    names = [column.name for column in history.columns]
    assert len(names) == len(set(names)) > 70
    assert names[22:25] == ["BYTES_SCANNED", "PERCENTAGE_SCANNED_FROM_CACHE", "BYTES_WRITTEN"]


LINEAGE = [
    ("'d.s.n', 'TABLE', 'UPSTREAM'", [("W", "N", 1), ("V", "W", 2), ("T", "V", 3), ("O", "T", 4)]),
    ("'n', 'TABLE', 'UPSTREAM', 2", [("W", "N", 1), ("V", "W", 2)]),
    ("'v', 'TABLE', 'DOWNSTREAM'", [("V", "W", 1), ("W", "N", 2)]),
    ("'u', 'TABLE', 'UPSTREAM', 5", []),
]


@pytest.mark.parametrize(("arguments", "edges"), LINEAGE)
def test_lineage(own: tuple[Engine, Session], arguments: str, edges: list[tuple[str, str, int]]) -> None:
    engine, session = own
    for statement in (
        "CREATE TABLE o (a INT)",
        "INSERT INTO t (a) SELECT a FROM o",
        "INSERT INTO t (b) SELECT a FROM o",
        "CREATE TABLE n AS SELECT x FROM w",
        "CREATE TABLE gone AS SELECT x FROM w",
        "DROP TABLE gone",
        "DELETE FROM u USING t WHERE u.a = t.a",
    ):
        engine.execute(session, statement)
    query = "SELECT source_object_name, target_object_name, distance FROM TABLE(SNOWFLAKE.CORE.GET_LINEAGE({}))"
    assert engine.execute(session, query.format(arguments)).rows() == edges


OF_COLUMNS = [
    ("'d.s.n.p', 'COLUMN', 'UPSTREAM'", [("W.X", "N.P", 1), ("V.A", "W.X", 2), ("T.A", "V.A", 3), ("O.A", "T.A", 4)]),
    ("'n.k', 'COLUMN', 'UPSTREAM'", [("T.B", "N.K", 1), ("O.B", "T.B", 2)]),
    ("'o.b', 'COLUMN', 'DOWNSTREAM', 1", [("O.B", "T.B", 1)]),
    ("'t.c', 'COLUMN', 'UPSTREAM'", []),
    ("'i.a', 'COLUMN', 'UPSTREAM', 1", [("T.A", "I.A", 1), ("T.B", "I.A", 1)]),
    ("'dt.s', 'COLUMN', 'UPSTREAM', 1", [("T.A", "DT.S", 1), ("T.C", "DT.S", 1)]),
    ("'u.b', 'COLUMN', 'UPSTREAM', 1", [("T.A", "U.B", 1), ("T.B", "U.B", 1), ("T.C", "U.B", 1)]),
]


@pytest.mark.parametrize(("arguments", "edges"), OF_COLUMNS)
def test_lineage_of_columns(own: tuple[Engine, Session], arguments: str, edges: list[tuple[str, str, int]]) -> None:
    engine, session = own
    for statement in (
        "CREATE TABLE o (a INT, b INT)",
        "INSERT INTO t (a, b) SELECT a, b FROM o",
        "CREATE TABLE n AS SELECT w.x + 1 AS p, COUNT(*) AS m, MAX(t.b) AS k FROM w JOIN t ON t.c = w.x GROUP BY w.x",
        "CREATE TABLE i (a INT)",
        "INSERT ALL INTO i VALUES (x + b) SELECT a AS x, b FROM t",
        "CREATE DYNAMIC TABLE dt TARGET_LAG = '1 day' WAREHOUSE = admin_wh AS SELECT a + c AS s FROM t",
        "UPDATE u SET b = t.c FROM t WHERE t.a = u.a",
        "MERGE INTO u USING (SELECT a, b FROM t) q ON u.a = q.a WHEN MATCHED THEN UPDATE SET b = q.b "
        "WHEN NOT MATCHED THEN INSERT (b) VALUES (q.a)",
    ):
        engine.execute(session, statement)
    query = (
        "SELECT source_object_name || '.' || source_column_name, target_object_name || '.' || target_column_name, "
        "distance FROM TABLE(SNOWFLAKE.CORE.GET_LINEAGE({})) WHERE source_object_domain = 'COLUMN'"
    )
    assert engine.execute(session, query.format(arguments)).rows() == edges


def test_where_the_values_of_changed_columns_came_from(own: tuple[Engine, Session]) -> None:
    engine, session = own
    text = "CREATE TABLE n AS SELECT t.a + t.b AS p, w.x, 7 AS k FROM t JOIN (SELECT x FROM w) AS w ON w.x = t.c"
    number = engine.execute(session, text).query_id
    query = f"SELECT OBJECTS_MODIFIED FROM SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY WHERE QUERY_ID = '{number}'"
    [changed] = json.loads(str(engine.execute(session, query).rows()[0][0]))

    def named(column: dict[str, list[dict[str, str]]], part: str) -> list[str]:
        return sorted(f"{one['objectName']}.{one['columnName']}" for one in column[part])

    found = [(named(column, "directSources"), named(column, "baseSources")) for column in changed["columns"]]
    assert found == [
        (["D.S.T.A", "D.S.T.B"], ["D.S.T.A", "D.S.T.B"]),
        (["D.S.W.X"], ["D.S.T.A"]),
        ([], []),
    ]


def test_a_projection_policy_still_holds_where_ways_are_followed(own: tuple[Engine, Session]) -> None:
    engine, session = own
    for statement in (
        "CREATE PROJECTION POLICY pp AS () RETURNS PROJECTION_CONSTRAINT -> PROJECTION_CONSTRAINT(ALLOW => FALSE)",
        "ALTER TABLE t MODIFY COLUMN b SET PROJECTION POLICY pp",
    ):
        engine.execute(session, statement)
    for statement in (
        "CREATE TABLE n AS SELECT b FROM t",
        "INSERT INTO u (a) SELECT b FROM t",
        "UPDATE u SET a = t.b FROM t WHERE t.a = u.a",
        "MERGE INTO u USING t ON u.a = t.a WHEN MATCHED THEN UPDATE SET b = t.b",
        "MERGE INTO u USING t ON u.a = t.a WHEN NOT MATCHED THEN INSERT (b) VALUES (t.b)",
    ):
        with pytest.raises(Exception, match="restricted by a Projection Policy"):
            engine.execute(session, statement)
    engine.execute(session, "MERGE INTO u USING t ON u.a = t.b WHEN MATCHED THEN UPDATE SET b = t.c")


def test_lineage_refuses_what_it_does_not_have(own: tuple[Engine, Session]) -> None:
    engine, session = own
    for arguments, words in (
        ("'st', 'STAGE', 'UPSTREAM'", "domain STAGE"),
        ("'t.nope', 'COLUMN', 'UPSTREAM'", "Column 'T.NOPE' does not exist"),
        ("'t', 'COLUMN', 'UPSTREAM'", "OBJECT_NAME"),
        ("'d.s.t.a', 'TABLE', 'UPSTREAM'", "syntax error"),
        ("'t', 'TABLE', 'SIDEWAYS'", "DIRECTION"),
        ("'t', 'TABLE', 'UPSTREAM', 6", "DISTANCE"),
        ("'nope', 'TABLE', 'UPSTREAM'", "NOPE"),
        ("'t'", "not enough"),
    ):
        with pytest.raises(Exception, match=words):
            engine.execute(session, f"SELECT * FROM TABLE(SNOWFLAKE.CORE.GET_LINEAGE({arguments}))")


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
