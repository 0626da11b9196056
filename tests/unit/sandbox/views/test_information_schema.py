"""INFORMATION_SCHEMA and ACCOUNT_USAGE, their table functions and their refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from runner.sandbox import account_usage, information_schema
from runner.sandbox.catalog.model import Database
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.context import Context
from runner.sandbox.control import Control
from runner.sandbox.engine import Engine
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.session import Session
from tests.unit.sandbox.views.conftest import admin_of, rows_of

Rows = list[dict[str, object]]
Look = Callable[..., Rows]


def context_of(engine: Engine, session: Session) -> Context:
    return Context(engine=engine, session=session, query_id="q", control=Control())


def database_of(engine: Engine, session: Session, name: str = "PROD_DB") -> Database:
    found = engine.catalog.database(session.account, name)
    assert found
    return found


@pytest.fixture
def look(engine: Engine, admin: Session) -> Look:
    def run(name: str, session: Session | None = None, database: str = "PROD_DB") -> Rows:
        used = session or admin
        home = database_of(engine, used, database)
        return rows_of(information_schema.relation(context_of(engine, used), home, name))

    return run


@pytest.fixture
def usage(engine: Engine, admin: Session) -> Look:
    def run(name: str, session: Session | None = None, schema: str = "ACCOUNT_USAGE") -> Rows:
        return rows_of(account_usage.relation(context_of(engine, session or admin), schema, name))

    return run


@pytest.fixture
def function(engine: Engine, admin: Session) -> Look:
    def run(name: str, session: Session | None = None, /, **arguments: object) -> Rows:
        used = session or admin
        context = context_of(engine, used)
        return rows_of(information_schema.table_function(context, database_of(engine, used), name, arguments))

    return run


@pytest.mark.parametrize("name", information_schema.VIEWS)
def test_every_view_answers_and_lists_itself(look: Look, name: str) -> None:
    look(name)
    own = {row["TABLE_NAME"] for row in look("TABLES") if row["TABLE_SCHEMA"] == "INFORMATION_SCHEMA"}
    assert name in own


@pytest.mark.parametrize("name", account_usage.VIEWS)
def test_every_usage_view_answers(usage: Look, name: str) -> None:
    usage(name)


CELLS = [
    ("TABLES", "DIM_STOCKS", {"ROW_COUNT": 3, "TABLE_TYPE": "BASE TABLE", "CLUSTERING_KEY": "LINEAR(ID)"}),
    ("TABLES", "VW_OVER", {"TABLE_TYPE": "VIEW", "ROW_COUNT": None}),
    ("VIEWS", "VW_OVER", {"IS_SECURE": "NO", "VIEW_DEFINITION": "CREATE VIEW VW_OVER AS SELECT id FROM vw_holdings"}),
    ("SCHEMATA", "EMPTY", {"IS_MANAGED_ACCESS": "YES", "RETENTION_TIME": 1}),
    ("DATABASES", "PROD_DB", {"TYPE": "STANDARD", "COMMENT": "it's"}),
    ("SEQUENCES", "SEQ", {"NEXT_VALUE": "7", "START_VALUE": "5", "INCREMENT": "2"}),
    ("PROCEDURES", "SP_LOAD", {"ARGUMENT_SIGNATURE": "(A DATE, B NUMBER)", "PROCEDURE_DEFINITION": "BEGIN END"}),
    ("FUNCTIONS", "TWICE", {"FUNCTION_LANGUAGE": "SQL", "DATA_TYPE": "NUMBER(38,0)"}),
    ("COLUMNS", "PRICE", {"DATA_TYPE": "NUMBER", "NUMERIC_PRECISION": 38, "NUMERIC_SCALE": 9, "IS_NULLABLE": "YES"}),
    ("COLUMNS", "Mixed Case", {"DATA_TYPE": "TEXT", "CHARACTER_MAXIMUM_LENGTH": 20, "COLUMN_DEFAULT": "'x'"}),
    ("TABLE_CONSTRAINTS", "FK_STOCK", {"CONSTRAINT_TYPE": "FOREIGN KEY", "ENFORCED": "NO", "TABLE_NAME": "FACT"}),
    ("REFERENTIAL_CONSTRAINTS", "FK_STOCK", {"UNIQUE_CONSTRAINT_SCHEMA": "MART", "DELETE_RULE": "NO ACTION"}),
    ("SHARES", "MIGR", {"KIND": "OUTBOUND", "TO": "LOCALORG.IMSDLC"}),
    ("USAGE_PRIVILEGES", "SEQ", {"OBJECT_TYPE": "SEQUENCE", "PRIVILEGE_TYPE": "OWNERSHIP", "GRANTED_TO": "ROLE"}),
    ("ENABLED_ROLES", "SYSADMIN", {}),
]


@pytest.mark.parametrize(("view", "name", "cells"), CELLS, ids=[f"{v}-{n}" for v, n, _ in CELLS])
def test_cells(look: Look, view: str, name: str, cells: dict[str, object]) -> None:
    (row,) = [row for row in look(view) if name in row.values() and row.get("TABLE_SCHEMA") != "INFORMATION_SCHEMA"]
    assert {key: row[key] for key in cells} == cells


def test_a_foreign_key_of_the_account_tells_what_it_points_to(look: Look, usage: Look) -> None:
    (row,) = [row for row in usage("REFERENTIAL_CONSTRAINTS") if row["CONSTRAINT_NAME"] == "FK_STOCK"]
    (near,) = [row for row in look("REFERENTIAL_CONSTRAINTS") if row["CONSTRAINT_NAME"] == "FK_STOCK"]
    assert {name: row[name] for name in near} == near
    assert row["UNIQUE_CONSTRAINT_NAME"]
    places = {each["SCHEMA_NAME"]: each["SCHEMA_ID"] for each in usage("SCHEMATA") if each["DELETED"] is None}
    assert (row["UNIQUE_CONSTRAINT_SCHEMA_ID"], row["DELETED"]) == (places["MART"], None)


def test_identity_is_told(look: Look) -> None:
    (row,) = [r for r in look("COLUMNS") if (r["TABLE_NAME"], r["COLUMN_NAME"]) == ("DIM_STOCKS", "ID")]
    told = ("IS_IDENTITY", "IDENTITY_GENERATION", "IDENTITY_START", "IDENTITY_INCREMENT")
    assert [row[name] for name in told] == ["YES", "BY DEFAULT", "1", "1"]


def test_the_reader_sees_its_table_only(look: Look, reader: Session) -> None:
    seen = {row["TABLE_NAME"] for row in look("TABLES", reader) if row["TABLE_SCHEMA"] != "INFORMATION_SCHEMA"}
    assert seen == {"DIM_STOCKS"}
    assert {row["PRIVILEGE_TYPE"] for row in look("TABLE_PRIVILEGES", reader)} == {"SELECT", "OWNERSHIP"}


def test_an_imported_database_shows_what_the_share_has(look: Look, consumer: Session) -> None:
    rows = [row for row in look("TABLES", consumer, "IMPORTED") if row["TABLE_SCHEMA"] != "INFORMATION_SCHEMA"]
    assert [(row["TABLE_CATALOG"], row["TABLE_NAME"]) for row in rows] == [("IMPORTED", "DIM_STOCKS")]


def test_dependencies_have_views_but_no_procedures(usage: Look) -> None:
    pairs = {(row["REFERENCING_OBJECT_NAME"], row["REFERENCED_OBJECT_NAME"]) for row in usage("OBJECT_DEPENDENCIES")}
    assert pairs == {("VW_HOLDINGS", "DIM_STOCKS"), ("VW_HOLDINGS", "FACT"), ("VW_OVER", "VW_HOLDINGS")}


def test_object_references_go_all_the_way_down(function: Look) -> None:
    rows = function("GET_OBJECT_REFERENCES", DATABASE_NAME="PROD_DB", SCHEMA_NAME="MART", OBJECT_NAME="VW_OVER")
    found = [(row["REFERENCED_OBJECT_NAME"], row["REFERENCED_OBJECT_TYPE"]) for row in rows]
    assert found == [("VW_HOLDINGS", "VIEW"), ("DIM_STOCKS", "TABLE"), ("FACT", "TABLE")]


def test_query_history_newest_first_and_limited(engine: Engine, admin: Session, function: Look) -> None:
    admin.parameters["QUERY_TAG"] = "tagged"
    numbers = [engine.execute(admin, f"SHOW TABLES LIMIT {n}").query_id for n in (1, 2, 3)]
    rows = function("QUERY_HISTORY_BY_SESSION", admin, SESSION_ID=admin.id, RESULT_LIMIT=2)
    assert [row["QUERY_ID"] for row in rows] == [numbers[2], numbers[1]]
    first = rows[0]
    assert (first["QUERY_TYPE"], first["EXECUTION_STATUS"], first["QUERY_TAG"]) == ("SHOW", "SUCCESS", "tagged")
    assert (first["USER_NAME"], first["ROLE_NAME"], first["DATABASE_NAME"]) == (
        "SANDBOX_ADMIN",
        "ACCOUNTADMIN",
        "PROD_DB",
    )
    assert function("QUERY_HISTORY", END_TIME_RANGE_START=utc_now() + timedelta(hours=1)) == []


def test_a_failure_has_its_number_and_message(engine: Engine, admin: Session, function: Look, usage: Look) -> None:
    with pytest.raises(SnowflakeError):
        engine.execute(admin, "DROP TABLE NOPE")
    row = function("QUERY_HISTORY_BY_SESSION", admin)[0]
    assert (row["EXECUTION_STATUS"], row["ERROR_CODE"]) == ("FAILED_WITH_ERROR", "002003")
    same = next(r for r in usage("QUERY_HISTORY") if r["QUERY_ID"] == row["QUERY_ID"])
    assert (same["EXECUTION_STATUS"], same["ERROR_MESSAGE"]) == ("FAIL", row["ERROR_MESSAGE"])


def test_others_do_not_see_ones_statements(engine: Engine, admin: Session, reader: Session, function: Look) -> None:
    engine.execute(admin, "SHOW TABLES")
    engine.execute(reader, "SHOW TABLES")
    assert {row["USER_NAME"] for row in function("QUERY_HISTORY", reader)} == {"ANNA"}


def test_no_tags_and_no_policies(function: Look) -> None:
    assert function("TAG_REFERENCES", OBJECT_NAME="prod_db.mart.dim_stocks", OBJECT_DOMAIN="table") == []
    assert function("POLICY_REFERENCES", REF_ENTITY_NAME="dim_stocks", REF_ENTITY_DOMAIN="TABLE") == []


REFUSED_FUNCTIONS = [
    ("PIPE_USAGE_HISTORY", {}, "Unsupported feature 'INFORMATION_SCHEMA.PIPE_USAGE_HISTORY'"),
    ("NONSENSE", {}, "Unknown function INFORMATION_SCHEMA.NONSENSE"),
    ("QUERY_HISTORY", {"RESULT_LIMIT": 10_001}, "invalid value [10001]"),
    ("QUERY_HISTORY", {"WAT": 1}, "invalid argument name 'WAT'"),
    ("QUERY_HISTORY", {"END_TIME_RANGE_START": "yesterday"}, "a TIMESTAMP_LTZ is expected"),
    ("POLICY_REFERENCES", {}, "not enough arguments"),
    ("POLICY_REFERENCES", {"REF_ENTITY_NAME": "nope", "REF_ENTITY_DOMAIN": "TABLE"}, "does not exist"),
    ("TAG_REFERENCES", {"OBJECT_NAME": "nope", "OBJECT_DOMAIN": "TABLE"}, "does not exist"),
]


@pytest.mark.parametrize(("name", "arguments", "message"), REFUSED_FUNCTIONS, ids=[m for _, _, m in REFUSED_FUNCTIONS])
def test_functions_refused(function: Look, name: str, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(SnowflakeError, match=message.replace("[", r"\[").replace(".", r"\.")):
        function(name, **arguments)


def test_views_refused_by_name(look: Look, usage: Look, reader: Session) -> None:
    with pytest.raises(SnowflakeError, match=r"Unsupported feature 'INFORMATION_SCHEMA\.SERVICES'"):
        look("SERVICES")
    with pytest.raises(SnowflakeError, match=r"PROD_DB\.INFORMATION_SCHEMA\.NOPE' does not exist"):
        look("NOPE")
    with pytest.raises(SnowflakeError, match=r"Unsupported feature 'ACCOUNT_USAGE\.SERVICES'"):
        usage("SERVICES")
    with pytest.raises(SnowflakeError, match=r"Database 'SNOWFLAKE' does not exist or not authorized"):
        usage("TABLES", reader)
    with pytest.raises(SnowflakeError, match=r"Unsupported feature 'SNOWFLAKE\.ORGANIZATION_USAGE'"):
        usage("TABLES", schema="ORGANIZATION_USAGE")


def test_attached_policies_are_told(own_engine: Engine) -> None:
    admin = admin_of(own_engine)
    for statement in (
        "CREATE MASKING POLICY HIDE AS (v NUMBER) RETURNS NUMBER -> NULL",
        "CREATE ROW ACCESS POLICY FEW AS (v NUMBER) RETURNS BOOLEAN -> v > 1",
        "ALTER TABLE DIM_STOCKS MODIFY COLUMN PRICE SET MASKING POLICY HIDE",
        "ALTER TABLE DIM_STOCKS ADD ROW ACCESS POLICY FEW ON (ID)",
    ):
        own_engine.execute(admin, statement)
    arguments: dict[str, object] = {"REF_ENTITY_NAME": "prod_db.mart.dim_stocks", "REF_ENTITY_DOMAIN": "TABLE"}
    context, home = context_of(own_engine, admin), database_of(own_engine, admin)
    rows = rows_of(information_schema.table_function(context, home, "POLICY_REFERENCES", arguments))
    told = {
        (row["POLICY_NAME"], row["POLICY_KIND"], row["REF_COLUMN_NAME"], row["REF_ARG_COLUMN_NAMES"]) for row in rows
    }
    assert told == {("HIDE", "MASKING_POLICY", "PRICE", None), ("FEW", "ROW_ACCESS_POLICY", None, '["ID"]')}
    used = information_schema.table_function(context, home, "POLICY_REFERENCES", {"POLICY_NAME": "mart.hide"})
    assert [row["REF_ENTITY_NAME"] for row in rows_of(used)] == ["DIM_STOCKS"]
    described = rows_of(own_engine.execute(admin, "DESC TABLE DIM_STOCKS"))
    assert [row["policy name"] for row in described] == [None, None, "PROD_DB.MART.HIDE"]
    assert len(rows_of(account_usage.relation(context, "ACCOUNT_USAGE", "POLICY_REFERENCES"))) == 2
