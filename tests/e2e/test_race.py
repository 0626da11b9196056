"""Several runners at once: exactly one applies; the others wait, or leave with code 7."""

import signal

import pytest

from tests.e2e.project import PATIENCE, met

ONCE = {"V1": "CREATE TABLE A (N INT);\nINSERT INTO A VALUES (1);", "V2": "INSERT INTO A VALUES (2);"}


def together(start, count, *words):
    """So many processes at the same time; their exit codes, sorted."""
    processes = [start("migrate", "--env", "imcust", *words) for _ in range(count)]
    said = [process.communicate(timeout=PATIENCE) for process in processes]
    return sorted(process.returncode for process in processes), said


def once(project):
    assert project.ask("imcust", "SELECT N FROM A ORDER BY N") == [(1,), (2,)]
    assert project.history() == ["V1 STARTED", "V1 SUCCESS", "V2 STARTED", "V2 SUCCESS"]


def test_two_runners_at_once_one_applies_and_the_other_leaves_or_finds_nothing_to_do(project):
    project.scripts(**ONCE)
    codes, said = together(project.process, 2)
    assert codes in ([0, 0], [0, 7]), said
    once(project)


def test_two_runners_that_wait_are_both_well(project):
    project.scripts(**ONCE)
    codes, said = together(project.forked, 2, "--wait", "2m")
    assert codes == [0, 0], said
    once(project)


def test_five_runners_at_once_in_an_account_that_never_saw_one(project):
    project.scripts(**ONCE)
    codes, said = together(project.forked, 5, "--wait", "2m")
    assert codes == [0] * 5, said
    assert sum("applied" in out for out, _ in said) == 1
    once(project)


@pytest.mark.parametrize("made", ["MIGRATION_HISTORY", "MIGRATION_HISTORY, MIGRATION_STATEMENT"])
def test_a_history_that_another_runner_is_just_creating_is_created_to_the_end(project, made):
    """Tables come one after the other; whoever looks in between sees a history without a lock."""
    project.scripts(V1="CREATE TABLE A (N INT);").migrate()
    control = f"{project.databases['imcust']}.MIGRATION_CONTROL"
    kept = [name.strip() for name in made.split(",")]
    for name in {"MIGRATION_STATE", "MIGRATION_LOCK", "MIGRATION_STATEMENT"} - set(kept):
        project.ask("imcust", f"DROP {'VIEW' if name == 'MIGRATION_STATE' else 'TABLE'} {control}.{name}")
    project.ask("imcust", f"TRUNCATE TABLE {control}.MIGRATION_HISTORY")
    project.ask("imcust", "DROP TABLE A")
    project.migrate()
    assert project.history() == ["V1 STARTED", "V1 SUCCESS"]


def test_who_holds_the_lease_is_told_to_who_does_not_wait(project, orders):
    project.scripts(V1="CREATE TABLE A (N INT);")
    orders.fault("delay", match="CREATE TABLE A", when="before", seconds=300)
    with project.started("migrate", "--env", "imcust") as first:
        met(orders, first)
        ran = project.migrate(code=7)
        assert "Another runner is deploying to 'imcust': " in ran.err
        assert f"process {first.pid}" in ran.err
        assert project.history() == ["V1 STARTED"]


def test_a_dead_owners_lease_is_taken_over_at_once(project, orders):
    project.scripts(**ONCE)
    orders.fault("delay", match="INSERT INTO A VALUES .1", when="before", seconds=300)
    with project.started("migrate", "--env", "imcust") as first:
        met(orders, first)
        first.kill()
        first.wait()
        project.migrate()
    assert project.ask("imcust", "SELECT N FROM A ORDER BY N") == [(1,), (2,)]


def token(project):
    (found,) = project.runner("info", "--env", "imcust", "--format", "json").json
    return found["lease"]["token"]


def test_a_paused_owner_that_wakes_after_its_lease_went_to_another_cannot_write(project, orders):
    """Paused between two statements, unlocked by a person, passed by another runner; then it wakes."""
    project.scripts(**ONCE)
    orders.fault("delay", match="INSERT INTO A VALUES .1", when="after", seconds=300)
    with project.started("migrate", "--env", "imcust") as first:
        met(orders, first)
        first.send_signal(signal.SIGSTOP)
        said = project.runner("unlock", "--env", "imcust", "--token", token(project), "--reason", "it hangs")
        assert "UNLOCKED recorded" in said.out
        project.migrate()
        first.send_signal(signal.SIGCONT)
        first.send_signal(signal.SIGINT)
        orders.clear_faults()
        _, err = first.communicate(timeout=PATIENCE)
        assert first.returncode not in (0, 1), err
    assert project.ask("imcust", "SELECT N FROM A ORDER BY N") == [(1,), (2,)]
    assert project.history() == ["V1 STARTED", "UNLOCKED", "V1 STARTED", "V1 SUCCESS", "V2 STARTED", "V2 SUCCESS"]


def test_a_lease_that_was_taken_away_in_the_middle_is_found_at_the_end_of_the_transaction(project, orders):
    """The guard stands last in the transaction: what it did is undone, the other's work stands."""
    project.scripts(V1="CREATE TABLE A (N INT);").migrate()
    project.scripts(V2="-- runner: transactional\nINSERT INTO A VALUES (1);")
    database = project.databases["imcust"]
    orders.fault("delay", match="INSERT INTO A VALUES .1", when="after", seconds=300)
    with project.started("migrate", "--env", "imcust") as first:
        met(orders, first)
        project.ask("imcust", f"UPDATE {database}.MIGRATION_CONTROL.MIGRATION_LOCK SET FENCE = FENCE + 1")
        orders.clear_faults()
        _, err = first.communicate(timeout=PATIENCE)
        assert first.returncode == 21, err
        assert "the lease went to" in err
    assert project.ask("imcust", "SELECT COUNT(*) FROM A") == [(0,)]
    assert project.history()[-1] == "V2 STARTED"
