"""What is remembered, what of it survives the process, and what is never written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runner.sandbox import history as module
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.history import LOST, History, query_type, redacted
from runner.sandbox.session import Session

Open = Callable[[], History]


@pytest.fixture
def session() -> Session:
    return Session(id=7, account="IMCUST", user="ANNA", role="READER", created_at=utc_now())


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens the history of one folder, as often as asked; nothing is closed before the test's end, as by kill -9."""
    histories: list[History] = []

    def open_one() -> History:
        histories.append(History(tmp_path))
        return histories[-1]

    yield open_one
    for history in histories:
        history.close()


TYPES = [
    ("SELECT 1", "SELECT"),
    ("-- c\n/* x */ with a as (select 1) select * from a", "SELECT"),
    ("(select 1)", "SELECT"),
    ("create or replace transient table t (a int)", "CREATE_TABLE"),
    ("create secure view v as select 1", "CREATE_VIEW"),
    ("create share s", "CREATE"),
    ("BEGIN", "BEGIN_TRANSACTION"),
    ("begin transaction", "BEGIN_TRANSACTION"),
    ("begin let x := 1; end", "EXECUTE_SNOWFLAKE_SCRIPTING"),
    ("truncate table t", "TRUNCATE_TABLE"),
    ("desc table t", "DESCRIBE"),
    ("", "UNKNOWN"),
]


@pytest.mark.parametrize(("text", "kind"), TYPES, ids=[text[:20] or "empty" for text, _ in TYPES])
def test_query_type(text: str, kind: str) -> None:
    assert query_type(text) == kind


@pytest.mark.parametrize(
    "text",
    ["create user a password = 'canary'", "alter user a set PASSWORD='can''ary' comment='x'", "x TOKEN = 'canary'"],
)
def test_secrets_are_not_kept(text: str) -> None:
    assert "ary" not in redacted(text)
    assert "☺" in redacted(text)


def test_survives_the_process(opened: Open, session: Session) -> None:
    history = opened()
    session.parameters["QUERY_TAG"] = '{"run": "1"}'
    history.begin(session, "a", "SELECT 1").succeeded(1)
    history.begin(session, "b", "SELECT nope").failed(SnowflakeError(904, "42000", "invalid identifier"))
    history.begin(session, "c", "UPDATE t SET a = 1")
    history.login("IMCUST", "ANNA", address="127.0.0.1", client="PythonConnector 4.8.1", factor="PASSWORD")
    again = opened()  # nothing was closed: the process was killed
    states = [(e.query_id, e.state, e.error_code, e.rows) for e in again.entries("IMCUST")]
    assert states == [
        ("c", "FAILED_WITH_INCIDENT", "000603", None),
        ("b", "FAILED_WITH_ERROR", "000904", None),
        ("a", "SUCCESS", None, 1),
    ]
    lost = again.by_id("c")
    assert lost
    assert lost.error_message == LOST
    assert lost.tag == '{"run": "1"}'
    assert [login.user for login in again.logins("IMCUST")] == ["ANNA"]
    assert again.last_session() == 7
    assert again.entries("IMSDLC") == []


def test_a_line_cut_by_the_death_of_the_process_costs_only_itself(
    opened: Open, tmp_path: Path, session: Session
) -> None:
    history = opened()
    history.begin(session, "a", "SELECT 1").succeeded(1)
    history.close()
    with (tmp_path / "history.jsonl").open("a") as file:
        file.write('{"begin":{"query_id":"b"')
    opened().begin(session, "c", "SELECT 2").succeeded(1)
    assert [entry.query_id for entry in opened().entries("IMCUST")] == ["c", "a"]


def test_bounded_in_memory_and_on_disk(
    opened: Open, tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT_IN_MEMORY", 50)
    monkeypatch.setattr(module, "KEPT_ON_DISK", 20)
    history = opened()
    for number in range(70):
        history.begin(session, str(number), "SELECT 1").succeeded(1)
    assert [entry.query_id for entry in history.entries("IMCUST")] == [str(n) for n in range(69, 19, -1)]
    kept = [entry.query_id for entry in opened().entries("IMCUST")]
    assert kept == [str(n) for n in range(69, 39, -1)]
    assert len(list(tmp_path.iterdir())) == 2


def test_odd_characters_are_no_matter(opened: Open, session: Session) -> None:
    text = "SELECT '\udc80\x00\n☃'"
    opened().begin(session, "a", text).succeeded(1)
    found = opened().by_id("a")
    assert found
    assert found.text == text.replace("\udc80", "?"), "half a pair of surrogates is none: no answer could carry it"


def test_long_statements_are_bounded_too(
    opened: Open, tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_CHARACTERS", 10_000)
    history = opened()
    for number in range(30):
        history.begin(session, str(number), "SELECT 1 --" + "x" * 2000).succeeded(1)
    assert len(history.entries("IMCUST")) == 4
    assert max(path.stat().st_size for path in tmp_path.iterdir()) < 15_000
