"""The catalogue's relations inside of queries: selected from, piped, scanned again, called."""

from __future__ import annotations

import pytest

from runner.sandbox.engine import Engine
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.session import Session
from runner.sandbox.statements.flow import is_flow, segments
from tests.unit.sandbox.views.conftest import Ask

ANSWERS = [
    (
        "SELECT TABLE_NAME, ROW_COUNT FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'MART' AND ROW_COUNT > 0",
        [("DIM_STOCKS", 3)],
    ),
    (
        "SELECT COLUMN_NAME FROM PROD_DB.INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'DIM_STOCKS' "
        "ORDER BY ORDINAL_POSITION",
        [("ID",), ("Mixed Case",), ("PRICE",)],
    ),
    ("SHOW TABLES LIKE 'DIM%' ->> SELECT \"name\", \"rows\" FROM $1", [("DIM_STOCKS", 3)]),
    ("SHOW TABLES ->> SELECT COUNT(*) AS N FROM $1 ->> SELECT N + 1 FROM $1", [(3,)]),
    ("SHOW TABLES ->> SHOW VIEWS ->> SELECT a.n, b.n FROM (SELECT COUNT(*) n FROM $1) a, (SELECT COUNT(*) n FROM $2) b",
     [(2, 2)]),
    (
        "SELECT REFERENCED_OBJECT_NAME FROM TABLE(INFORMATION_SCHEMA.GET_OBJECT_REFERENCES("
        "DATABASE_NAME => 'PROD_DB', SCHEMA_NAME => 'MART', OBJECT_NAME => 'VW_OVER'))",
        [("VW_HOLDINGS",), ("DIM_STOCKS",), ("FACT",)],
    ),
    (
        "SELECT COUNT(*) FROM TABLE(GET_OBJECT_REFERENCES("
        "DATABASE_NAME => 'PROD_DB', SCHEMA_NAME => 'MART', OBJECT_NAME => 'VW_OVER'))",
        [(3,)],
    ),
    ("SELECT COUNT(*) FROM TABLE(INFORMATION_SCHEMA.TAG_REFERENCES('PROD_DB.MART.FACT', 'TABLE'))", [(0,)]),
    ("SELECT COUNT(*) FROM SNOWFLAKE.ACCOUNT_USAGE.VIEWS WHERE TABLE_SCHEMA = 'MART'", [(2,)]),
    ("SELECT SYSTEM$WAIT(1, 'MILLISECONDS')", [("waited 1 milliseconds",)]),
    ("CALL SYSTEM$WAIT(1, 'MILLISECONDS')", [("waited 1 milliseconds",)]),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "rows"), ANSWERS, ids=[statement[:60] for statement, _ in ANSWERS])
def test_answers(engine: Engine, admin: Session, statement: str, rows: list[tuple[object, ...]]) -> None:
    assert engine.execute(admin, statement).rows() == rows


def test_the_history_of_a_session_by_its_table_function(engine: Engine, admin: Session) -> None:
    first = engine.execute(admin, "SHOW VIEWS").query_id
    call = f"INFORMATION_SCHEMA.QUERY_HISTORY_BY_SESSION(SESSION_ID => {admin.id}, RESULT_LIMIT => 2)"
    rows = engine.execute(
        admin, f"SELECT QUERY_ID, EXECUTION_STATUS, DATE_PART('EPOCH_SECOND', END_TIME) FROM TABLE({call})"
    ).rows()
    assert [row[1] for row in rows] == ["RUNNING", "SUCCESS"]
    assert rows[0][2] == 0
    assert rows[1][0] == first


def test_a_result_can_be_scanned_again(engine: Engine, admin: Session) -> None:
    shown = engine.execute(admin, "SHOW SEQUENCES")
    rows = engine.execute(admin, f"SELECT \"next_value\" FROM TABLE(RESULT_SCAN('{shown.query_id}'))").rows()
    assert rows == [(7,)]


FLOWS = [
    ("SHOW TABLES ->> SELECT * FROM $1", 2),
    ("SELECT '->>'", 1),
    ("SELECT 1 -- ->> 2", 1),
    ("BEGIN SHOW TABLES; SHOW VIEWS ->> SELECT 1; END", 1),
    ("SELECT (a ->> b)", 1),
    ("SELECT 1 ->> SELECT 2 ->> SELECT 3;", 3),
]


@pytest.mark.parametrize(("text", "count"), FLOWS, ids=[text for text, _ in FLOWS])
def test_where_the_flow_operator_parts(text: str, count: int) -> None:
    assert len(segments(text)) == count
    assert is_flow(text) is (count > 1)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("SHOW TABLES ->> SELECT * FROM $2", "Invalid pipe reference"),
        ("SHOW TABLES ->>", "a statement is missing"),
        ("SHOW TABLES ->> SELECT nope FROM $1", "invalid identifier"),
        ("SELECT * FROM INFORMATION_SCHEMA.SERVICES", "Unsupported feature 'INFORMATION_SCHEMA.SERVICES'"),
        (
            "SELECT * FROM TABLE(INFORMATION_SCHEMA.METERING_HISTORY())",
            "Unsupported feature 'INFORMATION_SCHEMA.METERING_HISTORY'",
        ),
        ("SELECT SYSTEM$CLUSTERING_INFORMATION('t')", "Unsupported feature"),
    ],
)
def test_refused(ask: Ask, statement: str, message: str) -> None:
    with pytest.raises(SnowflakeError) as refused:
        ask(statement)
    assert message in refused.value.message
