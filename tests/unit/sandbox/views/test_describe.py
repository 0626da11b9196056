"""DESCRIBE of every kind."""

from __future__ import annotations

import pytest

from runner.sandbox.engine import Engine
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.session import Session
from runner.sandbox.show.description import fingerprint
from tests.unit.sandbox.views.conftest import Ask

FIRST_ROWS = [
    (
        "DESC TABLE DIM_STOCKS",
        {"name": "ID", "type": "NUMBER(38,0)", "null?": "N", "primary key": "Y", "unique key": "N"},
    ),
    ("DESCRIBE TABLE PROD_DB.MART.DIM_STOCKS TYPE = COLUMNS", {"default": "IDENTITY START 1 INCREMENT 1 NOORDER"}),
    ("DESC VIEW VW_HOLDINGS", {"name": "ID", "kind": "COLUMN", "null?": "Y"}),
    ("DESC TABLE VW_HOLDINGS", {"name": "ID"}),
    ("DESC PROCEDURE SP_LOAD(DATE, NUMBER)", {"property": "signature", "value": "(A DATE, B NUMBER)"}),
    ("DESC FUNCTION TWICE(NUMBER)", {"property": "signature", "value": "(B NUMBER)"}),
    ("DESC SEQUENCE SEQ", {"name": "SEQ", "next_value": 7, "interval": 2}),
    ("DESC SCHEMA MART", {"name": "DIM_STOCKS", "kind": "TABLE"}),
    ("DESC DATABASE PROD_DB", {"name": "INFORMATION_SCHEMA", "kind": "SCHEMA"}),
    ("DESC USER ANNA", {"property": "NAME", "value": "ANNA"}),
    ("DESC WAREHOUSE ADMIN_WH", {"name": "ADMIN_WH", "kind": "WAREHOUSE"}),
    ("DESC NETWORK POLICY LOOPBACK_ONLY", {"name": "ALLOWED_IP_LIST", "value": "127.0.0.0/8,::1/128"}),
    ("DESC SHARE MIGR", {"kind": "DATABASE", "name": "PROD_DB"}),
]


@pytest.mark.parametrize(("statement", "cells"), FIRST_ROWS, ids=[statement for statement, _ in FIRST_ROWS])
def test_first_row(ask: Ask, statement: str, cells: dict[str, object]) -> None:
    row = ask(statement)[0]
    assert {name: row[name] for name in cells} == cells


def test_columns_in_order_with_default_and_comment(ask: Ask) -> None:
    rows = ask("DESC TABLE DIM_STOCKS")
    assert [row["name"] for row in rows] == ["ID", "Mixed Case", "PRICE"]
    assert (rows[1]["default"], rows[1]["comment"], rows[1]["type"]) == ("'x'", "a name", "VARCHAR(20)")


def test_a_share_is_described_to_its_consumer_in_the_consumers_words(ask: Ask, consumer: Session) -> None:
    rows = ask("DESC SHARE LOCALORG.IMCUST.MIGR", consumer)
    assert [(row["kind"], row["name"]) for row in rows] == [
        ("DATABASE", "IMPORTED"),
        ("SCHEMA", "IMPORTED.MART"),
        ("TABLE", "IMPORTED.MART.DIM_STOCKS"),
    ]


def test_the_body_of_an_owners_rights_procedure_is_the_owners(engine: Engine, ask: Ask, admin: Session) -> None:
    body = {row["property"]: row["value"] for row in ask("DESC PROCEDURE SP_LOAD(DATE, NUMBER)")}
    assert (body["body"], body["execute as"], body["language"]) == ("BEGIN END", "OWNER", "SQL")
    admin.role = "SECURITYADMIN"  # sees by MANAGE GRANTS, owns nothing
    other = {row["property"]: row["value"] for row in ask("DESC PROCEDURE SP_LOAD(DATE, NUMBER)", admin)}
    assert other["body"] is None


def test_result_of_an_earlier_statement(engine: Engine, ask: Ask, admin: Session) -> None:
    number = engine.execute(admin, "SHOW SEQUENCES").query_id
    rows = ask(f"DESC RESULT '{number}'")
    assert [row["name"] for row in rows][:4] == ["name", "database_name", "schema_name", "next_value"]
    assert rows[3]["type"] == "NUMBER(38,0)"


REFUSALS = [
    ("DESC TABLE NOPE", "Table 'PROD_DB.MART.NOPE' does not exist or not authorized."),
    ("DESC TABLE DIM_STOCKS TYPE = STAGE", "Unsupported feature 'DESCRIBE TABLE TYPE = STAGE'"),
    ("DESC PROCEDURE SP_LOAD(DATE)", "Procedure 'SP_LOAD(DATE)' does not exist or not authorized."),
    ("DESC SECRET x", "Unsupported feature 'SECRET'"),
    ("DESC USER NOBODY", "User 'NOBODY' does not exist or not authorized."),
    ("DESC RESULT 'nothing'", "not found"),
    ("DESC TABLE DIM_STOCKS x", "unexpected 'x'"),
]


@pytest.mark.parametrize(("statement", "message"), REFUSALS, ids=[statement for statement, _ in REFUSALS])
def test_refused(ask: Ask, statement: str, message: str) -> None:
    with pytest.raises(SnowflakeError) as refused:
        ask(statement)
    assert message in refused.value.message


def test_fingerprint_of_a_key_is_the_hash_of_its_bytes() -> None:
    assert fingerprint("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----") == fingerprint("AAAA")
    assert str(fingerprint("AAAA")).startswith("SHA256:")
    assert fingerprint("not base64!") is None
