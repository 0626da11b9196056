"""Somebody changes the source while it is read: it is read again, and an estate is that of one moment, or none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from runner.catalog.estate import Address, Estate, Kind
from runner.catalog.reading import ReadRequest, read
from runner.catalog.reading.contents import extent
from runner.connection.session import Rows, Session
from runner.core.errors import SourceChanging

Run = Callable[..., Any]
OBJECTS = (
    "CREATE TABLE T (A NUMBER)",
    "CREATE TABLE GOES (A NUMBER)",
    "CREATE VIEW V AS SELECT A FROM T",
    "CREATE PROCEDURE P() RETURNS NUMBER LANGUAGE SQL AS 'BEGIN RETURN 1; END'",
    "CREATE STREAM ST ON TABLE T",
    "CREATE TASK J SCHEDULE = '60 MINUTE' AS SELECT 1",
)
BEFORE_TEXTS = "SELECT GET_DDL"
AT_THE_END = "LAST_ALTERED >="
CHANGES = [
    ("a table is dropped between its name and its text", BEFORE_TEXTS, "DROP TABLE GOES", "table {db}.S.GOES is gone"),
    ("a procedure too", BEFORE_TEXTS, "DROP PROCEDURE P()", "procedure {db}.S.P() is gone"),
    ("a stream too", BEFORE_TEXTS, "DROP STREAM ST", "stream {db}.S.ST is gone"),
    ("a table is dropped at the end", AT_THE_END, "DROP TABLE GOES", "table {db}.S.GOES is gone"),
    ("a column comes", AT_THE_END, "ALTER TABLE T ADD COLUMN B DATE", "table {db}.S.T was changed"),
    (
        "a procedure is replaced", AT_THE_END,
        "CREATE OR REPLACE PROCEDURE P() RETURNS NUMBER LANGUAGE SQL AS 'BEGIN RETURN 2; END'",
        "procedure {db}.S.P() was changed",
    ),
    ("a task is altered", AT_THE_END, "ALTER TASK J SET SCHEDULE = '30 MINUTE'", "task {db}.S.J was changed"),
]  # fmt: skip


class Meddled:
    """A session beside which another statement runs, just before each of the first that hold a text."""

    def __init__(self, session: Session, run: Run, match: str, statements: list[str]) -> None:
        self.session, self.place, self.profile = session, session.place, session.profile
        self.run, self.match, self.statements = run, match, statements

    def execute(self, sql: str, **options: Any) -> Rows:
        if self.match in sql and self.statements:
            self.run(self.statements.pop(0))
        return self.session.execute(sql, **options)


@pytest.fixture
def meddled(run: Run, log_in: Callable[..., Session], fresh_database: str) -> Callable[..., tuple[Estate, list[str]]]:
    """`meddled(match, statement, …)` reads while the statements run, and gives why it was read again, too."""
    run(*OBJECTS)

    def read_it(match: str, *statements: str) -> tuple[Estate, list[str]]:
        session = Meddled(log_in(), run, match, list(statements))
        told: list[str] = []
        request = ReadRequest(fresh_database, lineage=False, observed=False, progress=told.append)
        return read(cast(Session, session), request), [one for one in told if "again" in one]

    return read_it


@pytest.mark.parametrize(("match", "statement", "said"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES])
def test_what_changes_once_is_read_again(
    meddled: Any, log_in: Any, fresh_database: str, match: str, statement: str, said: str
) -> None:
    estate, again = meddled(match, statement)
    assert again == [f"all of it again: {said.format(db=fresh_database)} meanwhile"]
    assert estate == read(log_in(), ReadRequest(fresh_database, lineage=False, observed=False))


def test_what_goes_on_changing_is_named_with_what_to_do(meddled: Any, fresh_database: str) -> None:
    with pytest.raises(SourceChanging) as caught:
        meddled(AT_THE_END, "ALTER TABLE T ADD COLUMN B DATE", "ALTER TABLE T ADD COLUMN C DATE")
    assert caught.value.changes == (f"table {fresh_database}.S.T was changed",)
    assert f"  table {fresh_database}.S.T was changed" in str(caught.value.sentence)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO T VALUES (1)",
        "CREATE OR REPLACE TABLE GOES (A NUMBER)",
        "CREATE TABLE NEW_ONE (A NUMBER)",
        "ALTER TASK J RESUME",
    ],
)
def test_what_changes_nothing_that_was_read_is_no_reason_to_read_again(
    meddled: Any, fresh_database: str, statement: str
) -> None:
    estate, again = meddled(AT_THE_END, statement)
    assert again == []
    assert Address(Kind.TABLE, fresh_database, "S", "T") in estate.by_address


def test_a_column_that_comes_between_the_columns_and_the_end_is_not_missed(meddled: Any, fresh_database: str) -> None:
    estate, again = meddled("SHOW GRANTS", "ALTER TABLE T ADD COLUMN B DATE")
    assert len(again) == 1
    table = estate.by_address[Address(Kind.TABLE, fresh_database, "S", "T")]
    assert [column.name for column in table.columns] == ["A", "B"]
    assert "B DATE" in table.ddl


@pytest.mark.parametrize("statement", ["DROP TABLE T", "ALTER TABLE T RENAME COLUMN A TO B"])
def test_what_goes_before_its_rows_are_looked_at_is_named_too(
    run: Run, log_in: Callable[..., Session], fresh_database: str, statement: str
) -> None:
    run("CREATE TABLE T (A NUMBER)", statement)
    with pytest.raises(SourceChanging, match=r"was changed while it was read:\n  table .*\.S\.T: "):
        extent(log_in(), Address(Kind.TABLE, fresh_database, "S", "T"), "A")
