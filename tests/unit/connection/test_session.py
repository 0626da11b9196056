from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest

from runner.connection import driver
from runner.connection.faults import FaultKind, StatementFault
from runner.connection.profile import Profile
from runner.connection.session import connect
from runner.core.errors import Unreachable, WrongPlace

from .server import Server, answer, refusal

Build = Callable[..., Profile]


def test_a_login_costs_two_requests_and_tells_where_it_led(server: Server, profile: Build) -> None:
    with connect(profile()) as session:
        assert [r.path for r in server.requests] == ["/session/v1/login-request", "/queries/v1/query-request"]
        assert session.session_id == 4711
        assert (session.place.organization, session.place.account) == ("LOCALORG", "IMCUST")
        assert session.place.server_time.endswith("+00:00")


def test_the_login_forces_session_parameters_and_turns_secondary_roles_off(server: Server, profile: Build) -> None:
    connect(profile(lock_timeout=30)).close()
    sent = server.seen("/session/v1/login-request")[0]
    data = sent.body["data"]
    parameters = {name: str(value).lower() for name, value in data["SESSION_PARAMETERS"].items()}
    forced = {"AUTOCOMMIT": "true", "TRANSACTION_ABORT_ON_ERROR": "true", "TIMEZONE": "utc", "LOCK_TIMEOUT": "30"}
    assert forced.items() <= parameters.items()
    assert parameters["ABORT_DETACHED_QUERY"] == "true"
    assert data["SECONDARY_ROLES"] == "NONE"
    assert data["CLIENT_ENVIRONMENT"]["APPLICATION"] == "runner_work"
    assert sent.query["roleName"] == ["ACCOUNTADMIN"]
    assert sent.query["warehouse"] == ["ADMIN_WH"]


def test_names_that_need_quotes_are_quoted_at_login(server: Server, profile: Build) -> None:
    server.place["role"] = "deploy role"
    connect(profile(role="deploy role")).close()
    assert server.seen("/session/v1/login-request")[0].query["roleName"] == ['"deploy role"']


def test_a_statement_is_sent_as_it_stands_with_its_tag_and_timeout(server: Server, profile: Build) -> None:
    text = "SELECT 'a;b', '%s', '100 %' -- %(x)s"
    with connect(profile()) as session:
        before = len(server.requests)
        rows = session.execute(text, tag='{"run":"1"}', timeout=5)
        sent = server.requests[before:]
    assert [r.body["sqlText"] for r in sent] == [text]
    assert sent[0].body["parameters"] == {"QUERY_TAG": '{"run":"1"}', "STATEMENT_TIMEOUT_IN_SECONDS": 5}
    assert (rows.columns, rows.rows, rows.query_id) == (("A",), [("x",)], "q-1")


def test_a_limit_fetches_no_more_rows_than_that(server: Server, profile: Build) -> None:
    server.answers["SELECT 1"] = answer([["1"], ["2"], ["3"]], ["N"])
    with connect(profile()) as session:
        assert session.execute("SELECT 1", limit=2).rows == [("1",), ("2",)]


def test_a_refused_statement_keeps_its_numbers_and_carries_nothing_foreign(server: Server, profile: Build) -> None:
    server.answers["SELECT 1"] = refusal("002003", "SQL compilation error:\nTable 'T' does not exist.", "42S02")
    with connect(profile()) as session, pytest.raises(StatementFault) as caught:
        session.execute("SELECT 1")
    fault = caught.value
    assert (fault.kind, fault.errno, fault.sqlstate, fault.query_id) == (FaultKind.REFUSED, 2003, "42S02", "q-bad")
    assert "Table 'T' does not exist." in fault.message
    assert fault.__cause__ is None
    assert fault.__context__ is None


def test_a_cut_connection_is_an_unknown_outcome_and_every_attempt_has_one_request_id(
    server: Server, profile: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "_PAUSES", (0, 0, 0))
    with connect(profile()) as session:
        server.hang_up = True
        with pytest.raises(StatementFault) as caught:
            session.execute("INSERT INTO t VALUES (1)")
        server.hang_up = False
    sent = [r for r in server.seen("/queries/v1/query-request") if r.body["sqlText"].startswith("INSERT")]
    assert caught.value.kind is FaultKind.TRANSPORT
    assert len({r.query["requestId"][0] for r in sent}) == 1


def test_an_expired_master_token_is_a_lost_session(server: Server, profile: Build) -> None:
    server.answers["SELECT 1"] = refusal("390114", "Authentication token has expired.", "08001", None)
    with connect(profile()) as session, pytest.raises(StatementFault) as caught:
        session.execute("SELECT 1")
    assert caught.value.kind is FaultKind.SESSION_LOST


def test_close_logs_out_and_may_be_called_twice(server: Server, profile: Build) -> None:
    session = connect(profile())
    session.close()
    session.close()
    assert len([r for r in server.seen("/session") if r.query.get("delete") == ["true"]]) == 1


@pytest.mark.parametrize(
    ("found", "what"),
    [({"account": "IMSDLC"}, "account"), ({"organization": "OTHER"}, "account"), ({"role": "PUBLIC"}, "role")],
)
def test_another_place_than_configured_is_a_hard_stop(
    server: Server, profile: Build, found: dict[str, str], what: str
) -> None:
    server.place |= found
    with pytest.raises(WrongPlace) as caught:
        connect(profile())
    assert caught.value.what == what
    assert server.seen("/session")[-1].query["delete"] == ["true"]


def test_a_configured_region_is_compared_without_its_group(server: Server, profile: Build) -> None:
    connect(profile(region="PUBLIC.AWS_EU_CENTRAL_1")).close()
    with pytest.raises(WrongPlace, match="region AWS_US_WEST_2"):
        connect(profile(region="AWS_US_WEST_2"))


def test_a_sandbox_that_is_not_up_is_found_at_once(profile: Build) -> None:
    with pytest.raises(Unreachable) as caught:
        connect(profile(port=0))
    assert "runner sandbox up" in caught.value.hint


def test_a_proxy_of_the_machine_does_not_stand_before_a_sandbox(
    server: Server, profile: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    connect(profile(login_timeout=2)).close()
    assert len(server.seen("/session/v1/login-request")) == 1


def test_ctrl_c_stays_with_the_caller_and_cancels_nothing(server: Server, profile: Build) -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    server.meanwhile = lambda: os.kill(os.getpid(), signal.SIGINT)
    try:
        with connect(profile()) as session:
            assert session.execute("SELECT 1").rows == [("x",)]
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [signal.SIGINT]
    assert server.seen("/queries/v1/abort-request") == []


def test_a_session_tells_what_it_runs(server: Server, profile: Build) -> None:
    seen: list[str | None] = []
    with connect(profile()) as session:
        server.meanwhile = lambda: seen.append(session.running)
        session.execute("SELECT 1", tag="one")
        session.execute("SELECT 1")
        assert seen == ["one", ""]
        assert session.running is None


def test_statements_of_other_sessions_are_cancelled_by_id(server: Server, profile: Build) -> None:
    server.answers["SELECT SYSTEM$CANCEL_ALL_QUERIES(12)"] = answer([["1 queries cancelled."]], ["S"])
    with connect(profile(), role="control") as session:
        assert session.abort_all(12) == "1 queries cancelled."
        with pytest.raises(ValueError, match="not a query id"):
            session.abort("x'; DROP TABLE t; --")
