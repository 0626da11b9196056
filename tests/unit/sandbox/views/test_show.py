"""SHOW: what is listed where, to whom, and how it is filtered."""

from __future__ import annotations

import pytest

from runner.sandbox.engine import Engine
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.result import StatementType
from runner.sandbox.session import Session
from runner.sandbox.show.shape import columns
from runner.sandbox.statements.show import LISTINGS
from tests.unit.sandbox.views.conftest import Ask, admin_of, rows_of

NAMES = [
    ("SHOW TABLES", ["DIM_STOCKS", "FACT"]),
    ("show tables like 'dim%'", ["DIM_STOCKS"]),
    ("SHOW TABLES LIKE 'DIM\\\\_%'", ["DIM_STOCKS"]),
    ("SHOW TABLES STARTS WITH 'dim'", []),
    ("SHOW TABLES STARTS WITH 'FA'", ["FACT"]),
    ("SHOW TABLES LIMIT 1", ["DIM_STOCKS"]),
    ("SHOW TABLES LIMIT 1 FROM 'DIM_STOCKS'", ["FACT"]),
    ("SHOW TABLES IN ACCOUNT", ["DIM_STOCKS", "FACT"]),
    ("SHOW TABLES IN DATABASE PROD_DB", ["DIM_STOCKS", "FACT"]),
    ("SHOW TABLES IN DATABASE", ["DIM_STOCKS", "FACT"]),
    ("SHOW TABLES IN SCHEMA PROD_DB.EMPTY", []),
    ("SHOW TABLES IN MART", ["DIM_STOCKS", "FACT"]),
    ("SHOW TABLES IN prod_db", ["DIM_STOCKS", "FACT"]),
    ("SHOW TERSE TABLES LIKE 'FACT' IN SCHEMA MART", ["FACT"]),
    ("SHOW VIEWS", ["VW_HOLDINGS", "VW_OVER"]),
    ("SHOW OBJECTS", ["DIM_STOCKS", "FACT", "VW_HOLDINGS", "VW_OVER"]),
    ("SHOW SEQUENCES IN SCHEMA MART", ["SEQ"]),
    ("SHOW PROCEDURES", ["SP_LOAD"]),
    ("SHOW USER PROCEDURES LIKE 'sp_%'", ["SP_LOAD"]),
    ("SHOW USER FUNCTIONS", ["TWICE"]),
    ("SHOW DATABASES", ["PROD_DB", "SNOWFLAKE"]),
    ("SHOW SCHEMAS", ["EMPTY", "INFORMATION_SCHEMA", "MART"]),
    ("SHOW SCHEMAS LIKE 'M%' IN DATABASE PROD_DB", ["MART"]),
    ("SHOW WAREHOUSES", ["ADMIN_WH"]),
    ("SHOW USERS LIKE 'anna'", ["ANNA"]),
    ("SHOW ROLES LIKE 'READER'", ["READER"]),
    ("SHOW SHARES LIKE 'MIGR'", ["MIGR"]),
    ("SHOW NETWORK POLICIES", ["LOOPBACK_ONLY"]),
    ("SHOW STREAMS", []),
    ("SHOW TASKS IN ACCOUNT", []),
    ("SHOW DYNAMIC TABLES", []),
]


@pytest.mark.parametrize(("statement", "names"), NAMES, ids=[statement for statement, _ in NAMES])
def test_lists_by_name(ask: Ask, statement: str, names: list[str]) -> None:
    assert sorted(str(row["name"]) for row in ask(statement)) == names


CELLS = [
    (
        "SHOW TABLES LIKE 'DIM_STOCKS'",
        {"rows": 3, "cluster_by": "LINEAR(ID)", "owner": "ACCOUNTADMIN", "kind": "TABLE"},
    ),
    (
        "SHOW TABLES LIKE 'DIM_STOCKS'",
        {"retention_time": "1", "automatic_clustering": "ON", "database_name": "PROD_DB"},
    ),
    ("SHOW VIEWS LIKE 'VW_OVER'", {"text": "CREATE VIEW VW_OVER AS SELECT id FROM vw_holdings", "is_secure": "false"}),
    ("SHOW DATABASES LIKE 'PROD%'", {"comment": "it's", "is_current": "Y", "kind": "STANDARD", "origin": ""}),
    ("SHOW SCHEMAS LIKE 'EMPTY'", {"options": "MANAGED ACCESS", "is_current": "N"}),
    ("SHOW SEQUENCES", {"next_value": 7, "interval": 2, "ordered": "N"}),
    ("SHOW PROCEDURES", {"arguments": "SP_LOAD(DATE, DEFAULT NUMBER) RETURN VARCHAR", "min_num_arguments": 1}),
    ("SHOW USER FUNCTIONS", {"arguments": "TWICE(DEFAULT NUMBER) RETURN NUMBER", "language": "SQL", "is_builtin": "N"}),
    ("SHOW SHARES", {"kind": "OUTBOUND", "to": "LOCALORG.IMSDLC", "owner_account": "LOCALORG.IMCUST"}),
    ("SHOW SHARES", {"database_name": "PROD_DB", "secure_objects_only": "true"}),
    ("SHOW ROLES LIKE 'READER'", {"assigned_to_users": 1, "granted_to_roles": 0, "owner": "USERADMIN"}),
    ("SHOW USERS LIKE 'ANNA'", {"email": "anna@example.com", "has_password": "false", "disabled": "false"}),
    ("SHOW WAREHOUSES", {"size": "X-Small", "is_current": "Y", "auto_resume": "true"}),
    ("SHOW PRIMARY KEYS IN TABLE DIM_STOCKS", {"column_name": "ID", "key_sequence": 1, "rely": "false"}),
    (
        "SHOW IMPORTED KEYS IN TABLE FACT",
        {"pk_table_name": "DIM_STOCKS", "pk_column_name": "ID", "fk_name": "FK_STOCK"},
    ),
    ("SHOW EXPORTED KEYS IN TABLE DIM_STOCKS", {"fk_table_name": "FACT", "fk_column_name": "STOCK_ID"}),
    ("SHOW PARAMETERS LIKE 'LOCK_TIMEOUT'", {"key": "LOCK_TIMEOUT", "value": "43200", "level": "", "type": "NUMBER"}),
    ("SHOW PARAMETERS LIKE 'TIMEZONE' IN SESSION", {"default": "America/Los_Angeles"}),
    ("SHOW PARAMETERS LIKE 'TIMEZONE' IN ACCOUNT", {"value": "America/Los_Angeles"}),
    ("SHOW GRANTS OF ROLE READER", {"granted_to": "USER", "grantee_name": "ANNA"}),
    ("SHOW GRANTS TO USER ANNA", {"role": "READER"}),
    ("SHOW GRANTS OF SHARE MIGR", {"share": "MIGR", "grantee_name": "LOCALORG.IMSDLC", "granted_to": "ACCOUNT"}),
]


@pytest.mark.parametrize(("statement", "cells"), CELLS, ids=[f"{s} {min(c)}" for s, c in CELLS])
def test_shows_cells(ask: Ask, statement: str, cells: dict[str, object]) -> None:
    (row,) = ask(statement)
    assert {name: row[name] for name in cells} == cells


@pytest.mark.parametrize("words", LISTINGS, ids=" ".join)
def test_every_listing_answers_in_its_columns(engine: Engine, admin: Session, words: tuple[str, ...]) -> None:
    result = engine.execute(admin, f"SHOW {' '.join(words)}")
    shape = LISTINGS[words].shape.replace("dropped_on time, ", "")
    assert [column.name for column in result.columns] == [column.name for column in columns(shape)]
    assert result.statement is StatementType.SHOW


def test_columns_carry_their_type_as_json(ask: Ask) -> None:
    rows = ask("SHOW COLUMNS IN TABLE DIM_STOCKS")
    assert [row["column_name"] for row in rows] == ["ID", "Mixed Case", "PRICE"]
    assert rows[0]["data_type"] == '{"type":"FIXED","precision":38,"scale":0,"nullable":false}'
    assert rows[0]["autoincrement"] == "IDENTITY START 1 INCREMENT 1 NOORDER"
    assert rows[1]["default"] == "'x'"
    assert rows[1]["data_type"] == '{"type":"TEXT","length":20,"byteLength":80,"nullable":true,"fixed":false}'


def test_terse_has_five_columns(ask: Ask) -> None:
    assert list(ask("SHOW TERSE TABLES")[0]) == ["created_on", "name", "kind", "database_name", "schema_name"]


def test_dropped_tables_with_history_only(own_engine: Engine) -> None:
    admin = admin_of(own_engine)
    table = next(r for r in own_engine.catalog.records.values() if r.name == "FACT")
    with own_engine.catalog.work() as work:
        work.edit(table, dropped_at=table.created_at)
    live = rows_of(own_engine.execute(admin, "SHOW TABLES"))
    assert [row["name"] for row in live] == ["DIM_STOCKS"]
    assert "dropped_on" not in live[0]
    history = rows_of(own_engine.execute(admin, "SHOW TABLES HISTORY"))
    assert [(row["name"], row["dropped_on"] is not None) for row in history] == [("DIM_STOCKS", False), ("FACT", True)]


def test_a_role_sees_what_it_has_a_privilege_on(ask: Ask, reader: Session) -> None:
    assert [row["name"] for row in ask("SHOW TABLES", reader)] == ["DIM_STOCKS"]
    assert ask("SHOW VIEWS", reader) == []
    assert [row["name"] for row in ask("SHOW SCHEMAS", reader)] == ["INFORMATION_SCHEMA", "MART"]
    assert ask("SHOW WAREHOUSES", reader) == []


def test_a_consumer_sees_the_shared_objects_under_its_own_database(ask: Ask, consumer: Session) -> None:
    (table,) = ask("SHOW TABLES IN DATABASE IMPORTED", consumer)
    assert (table["database_name"], table["schema_name"], table["name"]) == ("IMPORTED", "MART", "DIM_STOCKS")
    (share,) = ask("SHOW SHARES", consumer)
    assert (share["kind"], share["database_name"], share["to"]) == ("INBOUND", "IMPORTED", "")
    (database,) = ask("SHOW DATABASES LIKE 'IMPORTED'", consumer)
    assert (database["origin"], database["kind"]) == ("LOCALORG.IMCUST.MIGR", "IMPORTED DATABASE")


def test_what_the_producer_granted_is_not_the_consumers_affair(ask: Ask, consumer: Session) -> None:
    (table,) = ask("SHOW TABLES IN DATABASE IMPORTED", consumer)
    assert (table["owner"], table["owner_role_type"]) == ("", "")
    assert ask("SHOW GRANTS ON TABLE IMPORTED.MART.DIM_STOCKS", consumer) == []
    assert ask("SHOW GRANTS OF SHARE LOCALORG.IMCUST.MIGR", consumer) == []
    with pytest.raises(SnowflakeError, match="does not exist or not authorized"):
        ask("SHOW GRANTS TO SHARE LOCALORG.IMCUST.MIGR", consumer)


def test_grants_on_and_to(ask: Ask) -> None:
    on = {(r["privilege"], r["granted_to"], r["grantee_name"]) for r in ask("SHOW GRANTS ON TABLE DIM_STOCKS")}
    assert on == {
        ("OWNERSHIP", "ROLE", "ACCOUNTADMIN"),
        ("SELECT", "ROLE", "READER"),
        ("SELECT", "SHARE", "LOCALORG.IMCUST.MIGR"),
    }
    to = {(r["privilege"], r["granted_on"], r["name"]) for r in ask("SHOW GRANTS TO ROLE READER")}
    assert ("SELECT", "TABLE", "PROD_DB.MART.DIM_STOCKS") in to
    shared = {(r["privilege"], r["granted_on"]) for r in ask("SHOW GRANTS TO SHARE MIGR")}
    assert shared == {("USAGE", "DATABASE"), ("USAGE", "SCHEMA"), ("SELECT", "TABLE")}
    (owner,) = ask("SHOW GRANTS ON PROCEDURE SP_LOAD(DATE, NUMBER)")
    assert owner["name"] == 'PROD_DB.MART."SP_LOAD(A DATE, B NUMBER):VARCHAR"'


REFUSALS = [
    ("SHOW NOTEBOOKS", "Unsupported feature 'SHOW NOTEBOOKS'"),
    ("SHOW CORTEX SEARCH SERVICES LIKE 'x'", "Unsupported feature 'SHOW CORTEX SEARCH SERVICES'"),
    ("SHOW TABLES IN SCHEMA NOPE", "Object does not exist, or operation cannot be performed."),
    ("SHOW TABLES IN DATABASE NOPE", "Object does not exist, or operation cannot be performed."),
    ("SHOW STREAMS IN SCHEMA NOPE", "Object does not exist, or operation cannot be performed."),
    ("SHOW TABLES LIKE 3", "syntax error line 1 at position 17 unexpected '3'"),
    ("SHOW TABLES LIMIT x", "unexpected 'x'"),
    ("SHOW TABLES nonsense", "unexpected 'nonsense'"),
    ("SHOW TERSE PRIMARY KEYS", "Unsupported feature"),
    ("SHOW GRANTS ON TABLE NOPE", "does not exist or not authorized"),
    ("SHOW GRANTS ON SECRET x", "Unsupported feature 'SECRET'"),
    ("SHOW GRANTS TO ROLE NOPE", "does not exist or not authorized"),
    ("SHOW PARAMETERS IN PIPE DIM_STOCKS", "Unsupported feature 'SHOW PARAMETERS IN PIPE'"),
    ("SHOW", "unexpected '<EOF>'"),
]


@pytest.mark.parametrize(("statement", "message"), REFUSALS, ids=[statement for statement, _ in REFUSALS])
def test_refused(ask: Ask, statement: str, message: str) -> None:
    with pytest.raises(SnowflakeError) as refused:
        ask(statement)
    assert message in refused.value.message


def test_at_most_ten_thousand_rows(engine: Engine, admin: Session, ask: Ask) -> None:
    admin.variables.update({f"V{number:05}": number for number in range(10_050)})
    assert len(ask("SHOW VARIABLES")) == 10_000


def test_secrets_are_not_shown(ask: Ask) -> None:
    rows = ask("SHOW USER PROGRAMMATIC ACCESS TOKENS FOR USER SVC4SNOWFLAKEDEPLOY")
    assert [(row["name"], row["status"], row["role_restriction"]) for row in rows] == [
        ("SANDBOX", "ACTIVE", "ACCOUNTADMIN")
    ]
    assert "sha256" not in str(rows)
