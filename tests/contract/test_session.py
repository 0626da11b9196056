"""What every Session keeps, whoever stands behind it: here the sandbox, over the connector's own protocol."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from runner.commands.deployment import profile_of
from runner.connection.faults import FaultKind, StatementFault
from runner.connection.profile import Profile
from runner.connection.session import Session, connect
from runner.core.auth import PatAuth
from runner.core.errors import LoginFailed, RunnerError
from runner.core.secret import Secret
from runner.project.settings import SandboxDoor, load

ROOT = Path(__file__).parents[2]
Open = Callable[..., Session]


@pytest.fixture
def profile(sandbox: Any) -> Profile:
    return profile_of(load(ROOT, {}, {}, SandboxDoor.find(sandbox.root)).environments["imcust"])


@pytest.fixture
def session(profile: Profile) -> Iterator[Open]:
    """Sessions that are closed after the test."""
    with ExitStack() as closing:
        yield lambda **changes: closing.enter_context(connect(replace(profile, **changes)))


def test_the_service_account_logs_in_with_its_token(session: Open) -> None:
    place = session().place
    assert (place.organization, place.account, place.role) == ("LOCALORG", "IMCUST", "ACCOUNTADMIN")
    assert (place.user, place.warehouse) == ("SVC4SNOWFLAKEDEPLOY", "ADMIN_WH")
    assert dt.datetime.fromisoformat(place.server_time).utcoffset() == dt.timedelta(0)


def test_another_token_is_refused_and_not_shown(profile: Profile) -> None:
    with pytest.raises(LoginFailed) as caught:
        connect(replace(profile, auth=PatAuth(Secret("eyJ-not-a-token-of-anybody"))))
    assert "no such token" in caught.value.cause
    assert "not-a-token" not in str(caught.value)


def test_another_role_than_the_tokens_is_refused(profile: Profile) -> None:
    with pytest.raises(RunnerError) as caught:
        connect(replace(profile, role="SYSADMIN"))
    assert caught.value.exit_code == 6
    assert "role" in str(caught.value).lower()


def test_values_come_back_as_pythons_own(session: Open) -> None:
    rows = session().execute(
        "SELECT 1::NUMBER(38,0), 1.50::NUMBER(10,2), 'ü', NULL, TRUE, '2026-11-20'::DATE,"
        " '2026-11-20 10:00:00'::TIMESTAMP_NTZ"
    )
    assert rows.rows == [
        (1, Decimal("1.50"), "ü", None, True, dt.date(2026, 11, 20), dt.datetime(2026, 11, 20, 10)),
    ]
    assert rows.query_id


def test_rows_changed_are_counted(session: Open, fresh_database: str) -> None:
    one = session()
    one.execute(f"CREATE TABLE {fresh_database}.PUBLIC.T (A NUMBER)")
    assert one.execute(f"INSERT INTO {fresh_database}.PUBLIC.T VALUES (1), (2), (3)").rowcount == 3
    assert one.execute(f"UPDATE {fresh_database}.PUBLIC.T SET A = A + 1 WHERE A > 1").rowcount == 2


FAULTS = [
    ("SELECT * FROM NO_SUCH_DB.S.T", FaultKind.REFUSED, "02000"),
    ("SELEC 1", FaultKind.REFUSED, "42000"),
    ("SELECT 1/0", FaultKind.REFUSED, "22012"),
    ("CREATE TABLE {db}.PUBLIC.TWICE (A NUMBER)", FaultKind.EXISTS, "42710"),
]


@pytest.mark.parametrize(("sql", "kind", "sqlstate"), FAULTS, ids=[sql[:12] for sql, _, _ in FAULTS])
def test_a_refusal_is_of_its_kind(session: Open, fresh_database: str, sql: str, kind: FaultKind, sqlstate: str) -> None:
    one = session()
    one.execute(f"CREATE TABLE {fresh_database}.PUBLIC.TWICE (A NUMBER)")
    with pytest.raises(StatementFault) as caught:
        one.execute(sql.format(db=fresh_database))
    assert (caught.value.kind, caught.value.sqlstate) == (kind, sqlstate)
    assert caught.value.query_id


def test_a_statement_ends_at_its_own_timeout(session: Open) -> None:
    one = session()
    with pytest.raises(StatementFault) as caught:
        one.execute("SELECT SYSTEM$WAIT(60)", timeout=1)
    assert caught.value.kind is FaultKind.TIMEOUT
    assert one.execute("SELECT 1").rows == [(1,)]


def test_another_session_cancels_what_one_runs(session: Open) -> None:
    one, control = session(), session()
    caught: list[StatementFault] = []

    def work() -> None:
        try:
            one.execute("SELECT SYSTEM$WAIT(60)", tag="long")
        except StatementFault as fault:
            caught.append(fault)

    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive():
        control.abort_all(one.session_id)
        thread.join(timeout=0.2)
    assert [fault.kind for fault in caught] == [FaultKind.CANCELLED]


def test_a_session_that_was_ended_is_a_lost_one(session: Open) -> None:
    one, control = session(), session()
    control.execute(f"SELECT SYSTEM$ABORT_SESSION({one.session_id})")
    with pytest.raises(StatementFault) as caught:
        one.execute("SELECT 1")
    assert caught.value.kind is FaultKind.SESSION_LOST


def test_the_tag_is_the_statements_own_and_the_session_keeps_its(session: Open) -> None:
    one = session()
    question = "SHOW PARAMETERS LIKE 'QUERY_TAG' IN SESSION"
    assert one.execute(question, tag="mine").rows[0][1] == "mine"
    assert one.execute(question).rows[0][1] == '{"app":"runner"}'


def test_a_failed_statement_poisons_its_transaction(session: Open, fresh_database: str) -> None:
    one = session()
    one.execute(f"CREATE TABLE {fresh_database}.PUBLIC.T (A NUMBER NOT NULL)")
    one.execute("BEGIN TRANSACTION")
    one.execute(f"INSERT INTO {fresh_database}.PUBLIC.T VALUES (1)")
    for sql in (f"INSERT INTO {fresh_database}.PUBLIC.T VALUES (NULL)", "COMMIT"):
        with pytest.raises(StatementFault):
            one.execute(sql)
    one.execute("ROLLBACK")
    assert one.execute(f"SELECT COUNT(*) FROM {fresh_database}.PUBLIC.T").rows == [(0,)]
