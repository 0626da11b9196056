"""A history table that someone edited by hand: found, named, and nothing runs on top of it."""

import pytest

SCRIPTS = {"V1": "CREATE TABLE A (N INT);", "V2": "CREATE TABLE B (N INT);"}


@pytest.fixture
def edited(project):
    """`edited("UPDATE {history} SET …")` on a history of four events; what `migrate` then says."""
    project.scripts(**SCRIPTS).migrate()
    history = f"{project.databases['imcust']}.MIGRATION_CONTROL.MIGRATION_HISTORY"

    def edit(sentence, code=8):
        project.ask("imcust", sentence.format(history=history))
        project.scripts(V3="CREATE TABLE C (N INT);")
        ran = project.migrate(code=code)
        assert project.tables() == ["A", "B"]
        return ran.err

    return edit


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("UPDATE {history} SET CHECKSUM = 'sha256:0' WHERE EVENT_NUMBER = 2", "event 2 (V1__it.sql) was changed"),
        ("UPDATE {history} SET EVENT = 'FAILED' WHERE EVENT_NUMBER = 4", "event 4 (V2__it.sql) was changed"),
        ("UPDATE {history} SET INSTALLED_BY = 'NOBODY' WHERE EVENT_NUMBER = 1", "event 1 (V1__it.sql) was changed"),
        ("UPDATE {history} SET EVENT = 'DONE' WHERE EVENT_NUMBER = 1", "event 1 cannot be read"),
        ("DELETE FROM {history} WHERE EVENT_NUMBER = 2", "event 2 is missing"),
        ("DELETE FROM {history} WHERE EVENT_NUMBER = 1", "event 1 is missing"),
        ("INSERT INTO {history} SELECT * FROM {history} WHERE EVENT_NUMBER = 4", "event 5 is missing or doubled"),
        ("ALTER TABLE {history} DROP COLUMN REASON", "REASON"),
    ],
)
def test_what_was_done_to_it_is_told(edited, sentence, words):
    said = edited(sentence, code=None)
    assert words in said


def test_how_to_mend_it_is_told(edited):
    assert "put the rows back by Time Travel" in edited("DELETE FROM {history} WHERE EVENT_NUMBER = 2")


@pytest.mark.parametrize("sentence", ["DELETE FROM {}", "INSERT INTO {} SELECT * FROM {}"])
def test_a_lock_table_without_its_one_row_is_told(project, sentence):
    project.scripts(**SCRIPTS).migrate()
    lock = f"{project.databases['imcust']}.MIGRATION_CONTROL.MIGRATION_LOCK"
    project.ask("imcust", sentence.format(lock, lock))
    project.scripts(V3="CREATE TABLE C (N INT);")
    assert "its one row is missing or doubled" in project.migrate(code=8).err


def test_the_view_shows_the_present_state_to_who_audits_with_sql(project):
    project.scripts(**SCRIPTS, U2="DROP TABLE B;").migrate()
    project.runner("undo", "--env", "imcust")
    view = f"{project.databases['imcust']}.MIGRATION_CONTROL.MIGRATION_STATE"
    assert project.ask("imcust", f"SELECT VERSION, EVENT FROM {view} ORDER BY VERSION") == [
        ("1", "SUCCESS"),
        ("2", "UNDONE"),
    ]
