"""SYSTEM$ functions that act, called as the compiler calls them."""

from __future__ import annotations

import json
import threading

import pytest

from runner.sandbox import system_functions
from runner.sandbox.context import Context
from runner.sandbox.control import Control, canceled
from runner.sandbox.engine import Engine
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.kernel import Running
from runner.sandbox.session import Session


def context_of(engine: Engine, session: Session) -> Context:
    return Context(engine=engine, session=session, query_id="q", control=Control())


def running(engine: Engine, session: Session, number: str) -> Running:
    entry = Running(query_id=number, session=session, text="SELECT 1")
    engine.running[number] = entry
    return entry


def test_cancel_one_and_all(own_engine: Engine) -> None:
    anna = own_engine.login("IMCUST", "ANNA", "READER")
    context = context_of(own_engine, anna)
    one, two = running(own_engine, anna, "one"), running(own_engine, anna, "two")
    assert system_functions.call(context, "SYSTEM$CANCEL_QUERY", ["one"]) == "query [one] terminated."
    assert (one.control.reason is None, two.control.reason is None) == (False, True)
    assert system_functions.call(context, "SYSTEM$CANCEL_ALL_QUERIES", [anna.id]) == "2 cancelled."
    assert two.control.reason
    assert two.control.reason.errno == 604
    gone = system_functions.call(context, "SYSTEM$CANCEL_QUERY", ["nothing"])
    assert gone == "Identified SQL statement is not currently executing."


def test_only_ones_own_or_an_owners(own_engine: Engine) -> None:
    anna = own_engine.login("IMCUST", "ANNA", "READER")
    admin = own_engine.login("IMCUST", "SANDBOX_ADMIN", "ACCOUNTADMIN")
    stranger = own_engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN")
    running(own_engine, admin, "theirs")
    with pytest.raises(SnowflakeError, match="Insufficient privileges to cancel"):
        system_functions.call(context_of(own_engine, anna), "SYSTEM$CANCEL_QUERY", ["theirs"])
    for session in (anna, stranger):
        with pytest.raises(SnowflakeError, match="does not exist or not authorized"):
            system_functions.call(context_of(own_engine, session), "SYSTEM$ABORT_SESSION", [admin.id])
    ended = system_functions.call(context_of(own_engine, admin), "SYSTEM$ABORT_SESSION", [anna.id])
    assert ended == f"session [{anna.id}] terminated."
    assert anna.id not in own_engine.sessions


def test_abort_transaction(own_engine: Engine) -> None:
    anna = own_engine.login("IMCUST", "ANNA", "READER")
    anna.transaction = own_engine.begin(anna)
    number = anna.transaction.id
    context = context_of(own_engine, anna)
    assert system_functions.call(context, "SYSTEM$ABORT_TRANSACTION", [number]) == f"Transaction [{number}] aborted."
    assert own_engine.transactions() == []
    with pytest.raises(SnowflakeError, match="does not exist or not authorized"):
        system_functions.call(context, "SYSTEM$ABORT_TRANSACTION", [number])


def test_wait_ends_when_the_statement_is_stopped(engine: Engine, admin: Session) -> None:
    context = context_of(engine, admin)
    assert system_functions.call(context, "SYSTEM$WAIT", [1, "MILLISECONDS"]) == "waited 1 milliseconds"
    threading.Timer(0.05, context.control.stop, [canceled()]).start()
    with pytest.raises(SnowflakeError, match="canceled"):
        system_functions.call(context, "SYSTEM$WAIT", [1, "DAYS"])


def test_what_is_known(engine: Engine, admin: Session) -> None:
    context = context_of(engine, admin)
    changed = system_functions.call(context, "SYSTEM$LAST_CHANGE_COMMIT_TIME", ["dim_stocks"])
    assert changed == 1767358800 * 10**9
    assert json.loads(str(system_functions.call(context, "SYSTEM$ALLOWLIST", [])))[0]["host"] == "127.0.0.1"
    assert system_functions.call(context, "SYSTEM$CURRENT_USER_TASK_NAME", []) is None


REFUSALS = [
    ("SYSTEM$CLUSTERING_INFORMATION", ["t"], "Unsupported feature"),
    ("SYSTEM$STREAM_HAS_DATA", ["s"], "does not exist"),
    ("SYSTEM$NONSENSE", [], "Unknown function"),
    ("SYSTEM$WAIT", [], "not enough arguments"),
    ("SYSTEM$WAIT", [1, 2, 3], "too many arguments"),
    ("SYSTEM$WAIT", ["soon"], "a whole number is expected"),
    ("SYSTEM$WAIT", [1, "FORTNIGHTS"], "invalid value"),
    ("SYSTEM$LAST_CHANGE_COMMIT_TIME", ["nope"], "does not exist"),
]


@pytest.mark.parametrize(("name", "arguments", "message"), REFUSALS, ids=[f"{n}-{m}" for n, _, m in REFUSALS])
def test_refused(engine: Engine, admin: Session, name: str, arguments: list[object], message: str) -> None:
    with pytest.raises(SnowflakeError, match=message):
        system_functions.call(context_of(engine, admin), name, arguments)


def test_what_deployment_tools_ask_of_the_account(ask) -> None:
    [row] = ask(
        "SELECT PARSE_JSON(SYSTEM$BOOTSTRAP_DATA_REQUEST('ACCOUNT')):accountInfo:serviceLevelName::VARCHAR AS E"
    )
    assert row == {"E": "ENTERPRISE"}
    assert ask("SELECT SYSTEM$SHOW_ACTIVE_BEHAVIOR_CHANGE_BUNDLES() AS B") == [{"B": "[]"}]
