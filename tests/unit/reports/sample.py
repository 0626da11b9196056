"""A report with everything in it: a failed run, a difference, names that are markup."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from runner.core.history import Event, EventType, StatementRow, StatementState
from runner.core.script import Kind, Rendered, Script, Statement
from runner.core.version import Version
from runner.reconcile import result as r
from runner.reports.report import (
    FORMAT,
    EnvironmentReport,
    HistoryEvent,
    Lease,
    Report,
    Standing,
    document,
)
from runner.reports.run import RunReport, run_report
from runner.reports.values import plain

NASTY = '<script>alert("x")</script>'
START = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
SQL = "-- copies\nINSERT OVERWRITE INTO DEV_DB.MART.FACT_TRANSACTIONS (A, B)\nSELECT A, B FROM IMCUST_MIGR.SNAP.T"


def event(number: int, what: EventType, rank: int, run: str = "run-2", **more: Any) -> Event:
    facts: dict[str, Any] = {
        "kind": Kind.VERSIONED, "version": "003", "description": "data", "script": "V003__data.sql",
        "environment": "imsdlc", "account": "IMSDLC", "installed_by": "SVC", "role": "ACCOUNTADMIN",
        "warehouse": "ADMIN_WH", "git_commit": "0f3c9a1d2b7e4c55aa00bb11cc22dd33ee44ff55-dirty",
        "runner_version": "0.1.0", "installed_on": START + timedelta(seconds=number), "statements": 2,
    }  # fmt: skip
    return Event(number=number, event=what, run_id=run, installed_rank=rank, **(facts | more))


def row(ordinal: int, rank: int = 1, run: str = "run-2", text: str = SQL, **more: Any) -> StatementRow:
    facts: dict[str, Any] = {
        "script": "V003__data.sql", "sha256": statement(ordinal, text).sha256, "line": ordinal * 7,
        "query_id": f"01b2c3d4-0000-000{ordinal}", "state": StatementState.SUCCESS, "row_count": 10_000,
        "execution_time": 1234,
    }  # fmt: skip
    return StatementRow(run_id=run, installed_rank=rank, ordinal=ordinal, **(facts | more))


def statement(ordinal: int, text: str = SQL) -> Statement:
    return Statement(ordinal, text, ordinal * 7)


def rendered(*texts: str) -> Rendered:
    script = Script(Kind.VERSIONED, Version("003"), "data", "versions/V003__data.sql", "")
    return Rendered(script, "imsdlc", "", tuple(statement(i, text) for i, text in enumerate(texts, 1)))


def run() -> RunReport:
    events = [
        event(4, EventType.STARTED, 1, script="V002__ddl.sql", version="002", description="ddl"),
        event(5, EventType.SUCCESS, 1, script="V002__ddl.sql", version="002", description="ddl", execution_time=830),
        event(6, EventType.STARTED, 2, transactional=True),
        event(7, EventType.FAILED, 2, execution_time=2600, transactional=True, error_code=2003,
              error_message=f"Object '{NASTY}' does not exist or not authorized."),
    ]  # fmt: skip
    rows = [
        row(1, script="V002__ddl.sql", row_count=None, execution_time=412, text="CREATE TABLE T (A INT)"),
        row(1, 2),
        row(2, 2, state=StatementState.FAILED, row_count=None, error_code=2003, error_message=f"no {NASTY}"),
    ]
    return run_report(events, rows, {1: rendered("CREATE TABLE T (A INT)"), 2: rendered(SQL, SQL)})


def key(source: str | None, target: str | None) -> tuple[r.Cell, ...]:
    return (r.Cell("TRANSACTION_ID", source, target, False),)


def data(equal: bool = False) -> r.DataResult:
    changed = (
        r.Cell("FEE", "0.25", "0.5", True),
        r.Cell("MEMO", None, NASTY, True),
        r.Cell("SIDE", "BUY", "BUY", False),
    )
    rows = (
        r.RowDifference(r.RowKind.CHANGED, key("77", "77"), changed, 1, 1),
        r.RowDifference(r.RowKind.MISSING, key("78", None), (r.Cell("FEE", "", None, False),), 1, 0),
        r.RowDifference(r.RowKind.REPEATED, key("79", "79"), (r.Cell("FEE", "1", "1", False),), 1, 2),
    )  # fmt: skip
    profile = (
        r.ColumnProfile("FEE", True, r.Profile(2000, 100, "-0", "0.99"), r.Profile(2000, 101, "-0", "0.99")),
        r.ColumnProfile("SIDE", False, r.Profile(0, 2, "BUY", "SELL"), r.Profile(0, 2, "BUY", "SELL")),
    )
    where = "MIGR_SHARE_DB.SNAP_V001.T, frozen at 2026-01-05 05:59:58.120 +0000"
    if equal:
        return r.DataResult(where, True, True, 500, 500, "-7", "-7", ("A", "B"))
    return r.DataResult(where, False, True, 10_000, 10_000, "8", "9", ("FEE", "SIDE"), profile, rows, 3, True)


def reconciliation() -> r.Reconciliation:
    diff = "--- source\n+++ target\n@@ -1 +1 @@\n-RETURN 'a' ;\n+RETURN '<b>' ;"
    objects = (
        r.ObjectResult(r.Kind.TABLE, "MART", "DIM", "MART.DIM", r.Verdict.EQUAL, (), ("goes on",), data(True)),
        r.ObjectResult(r.Kind.TABLE, "MART", NASTY, f"MART.{NASTY}", r.Verdict.DIFFERS,
                       (r.Difference("column FEE: comment", "–", NASTY),), (), data()),
        r.ObjectResult(r.Kind.PROCEDURE, "MART", "SP(DATE, NUMBER)", "MART.SP(DATE, NUMBER)", r.Verdict.DIFFERS,
                       (r.Difference("body", "12 lines", "12 lines", diff),)),
    )  # fmt: skip
    source, target = r.Party("imcust", "IMCUST", "PROD_DB"), r.Party("imsdlc", "IMSDLC", "DEV_DB")
    return r.Reconciliation(
        source, target, r.Verdict.DIFFERS, "2026-01-05 05:59:58.120 +0000", "2026-01-05T06:01:00+00:00", 1840, objects,
        ("table MART.DIM_STOCKS_BACKUP",),
    )  # fmt: skip


def environment(**more: Any) -> EnvironmentReport:
    facts: dict[str, Any] = {
        "name": "imsdlc", "account": "IMSDLC", "organization": "LOCALORG", "region": "AWS_EU_CENTRAL_1",
        "database": "DEV_DB", "user": "SVC", "role": "ACCOUNTADMIN", "warehouse": "ADMIN_WH",
        "snowflake_version": "9.9.9", "sandbox": True, "schema_version": "002", "pending": 1, "run": run(),
        "scripts": (
            Standing("V002__ddl.sql", "Success", True, "runner undo --env imsdlc --target 001"),
            Standing("V003__data.sql", "Failed", False, "nothing of it stands"),
        ),
        "events": (HistoryEvent(7, "FAILED", "V003__data.sql", "run-2", START.isoformat(), "SVC", "", f"no {NASTY}"),),
        "lease": Lease(f"user {NASTY}", "2026-01-05 06:10:00"), "reconciliation": plain(reconciliation()),
        "reconciliation_error": "",
    }  # fmt: skip
    return EnvironmentReport(**(facts | more))


def report(*environments: EnvironmentReport) -> dict[str, Any]:
    made = Report(FORMAT, START.isoformat(), "0.1.0", "0f3c9a1d2b7e", True, environments or (environment(),))
    return document(made, lambda text: text)
