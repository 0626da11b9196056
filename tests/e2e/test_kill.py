"""The process dies, is told to stop, or loses its session; run again, nothing is lost and nothing is done twice."""

import signal

import pytest

from tests.e2e.project import PATIENCE, met, until

SCRIPTS = {
    "V1": "CREATE TABLE A (N INT);\nINSERT INTO A VALUES (1);\nINSERT INTO A VALUES (2);",
    "V2": "-- runner: transactional\nINSERT INTO A VALUES (3);\nINSERT INTO A VALUES (4);",
    "V3": "INSERT INTO A VALUES (5);",
}
POINTS = [
    "CREATE TABLE A",
    "INSERT INTO A VALUES .1",
    "INSERT INTO A VALUES .2",
    "INSERT INTO A VALUES .3",
    "INSERT INTO A VALUES .4",
    "INSERT INTO A VALUES .5",
    "CREATE SCHEMA IF NOT EXISTS",
    "UPDATE .*MIGRATION_LOCK SET PROBE.*RETURN 'ACQUIRED",
    "MIGRATION_HISTORY.*'STARTED'.*'V1__it",
    "MIGRATION_HISTORY.*'STARTED'.*'V2__it",
    "INSERT INTO [^;]*MIGRATION_HISTORY.*'SUCCESS'.*'V2__it",
    "^COMMIT$",
    "MIGRATION_HISTORY.*'SUCCESS'.*'V3__it",
    "OWNER_TOKEN = NULL",
]
FEW = {
    ("INSERT INTO A VALUES .2", "before"),
    ("^COMMIT$", "after"),
    ("^COMMIT$", "before"),
    ("MIGRATION_HISTORY.*'SUCCESS'.*'V3__it", "after"),
}
MATRIX = [
    pytest.param(point, when, marks=[] if (point, when) in FEW else [pytest.mark.drill])
    for point in POINTS
    for when in ("before", "after")
]


def whole(project):
    """All rows once, the history true and ended, nothing left to do, and the next script finds the lease to be had."""
    assert project.ask("imcust", "SELECT N FROM A ORDER BY N") == [(1,), (2,), (3,), (4,), (5,)]
    assert project.states() == {"V1": "Success", "V2": "Success", "V3": "Success"}
    assert [project.history().count(f"V{n} SUCCESS") for n in (1, 2, 3)] == [1, 1, 1]
    assert "nothing to do" in project.migrate().out
    project.scripts(V4="SELECT 1;")
    project.migrate()


def killed_at(project, orders, point, when):
    """Kill the runner while this statement is at the account: not yet executed, or executed and not yet answered."""
    orders.fault("delay", match=point, when=when, seconds=600)
    with project.started("migrate", "--env", "imcust") as process:
        met(orders, process)
        process.kill()
        process.wait()


@pytest.mark.parametrize(("point", "when"), MATRIX)
def test_killed_in_a_statement_and_run_again(project, orders, point, when):
    project.scripts(**SCRIPTS)
    killed_at(project, orders, point, when)
    project.migrate()
    whole(project)


def test_killed_again_and_again_it_comes_to_its_end(project, orders):
    project.scripts(**SCRIPTS)
    for point in (
        "INSERT INTO A VALUES .1",
        "INSERT INTO A VALUES .2",
        "INSERT INTO A VALUES .4",
        "INSERT INTO A VALUES .5",
    ):
        killed_at(project, orders, point, "after")
    project.migrate()
    whole(project)


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_in_a_parallel_group(project, orders, when):
    inserts = "\n".join(f"INSERT INTO A VALUES ({n});" for n in range(1, 6))
    project.scripts(V1="CREATE TABLE A (N INT);", V2=f"-- runner: parallel\n{inserts}\n-- runner: end", V3="SELECT 1;")
    orders.fault("delay", match="INSERT INTO A VALUES .4", when=when, seconds=600)
    with project.started("migrate", "--env", "imcust", "--parallel", "3") as process:
        met(orders, process)
        process.kill()
        process.wait()
    project.migrate("--parallel", "3")
    whole(project)


def test_an_assertion_that_a_later_statement_followed_has_held_and_the_last_one_is_asked_again(project, orders):
    text = "-- runner: assert\nSELECT TRUE;\nCREATE TABLE A (N INT);\n-- runner: assert\nSELECT COUNT(*) = 0 FROM A;"
    project.scripts(V1=text)
    killed_at(project, orders, "SELECT COUNT... = 0 FROM A", "after")
    project.ask("imcust", "INSERT INTO A VALUES (1)")
    assert "the assertion does not hold" in project.migrate(code=20).err
    assert project.checkpoints()[:1] == [("V1__it.sql", 1, "SUCCESS")]


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_in_an_undo(project, orders, when):
    project.scripts(V1="CREATE TABLE A (N INT);", U1="DROP TABLE A;").migrate()
    orders.fault("delay", match="DROP TABLE A", when=when, seconds=600)
    with project.started("undo", "--env", "imcust") as process:
        met(orders, process)
        process.kill()
        process.wait()
    assert "Finish it with `runner undo`" in project.migrate(code=8).err
    project.runner("undo", "--env", "imcust")
    assert project.tables() == []
    assert project.states() == {"V1": "Undone"}


def test_a_session_that_the_script_moved_is_moved_again_when_it_goes_on(project, orders):
    project.scripts(
        V1="CREATE SCHEMA OTHER;\nUSE SCHEMA PUBLIC;\nCREATE TABLE A (N INT);\n"
        "USE SCHEMA OTHER;\nCREATE TABLE B (N INT);\nCREATE TABLE C (N INT);"
    )
    killed_at(project, orders, "CREATE TABLE C", "before")
    project.migrate()
    assert project.tables() == ["A"]
    assert project.ask("imcust", "SELECT COUNT(*) FROM OTHER.C") == [(0,)]


LOST = [
    pytest.param(point, when, marks=marks)
    for point, marks in (
        ("INSERT INTO A VALUES .1", []),
        ("^COMMIT$", []),
        ("INSERT INTO A VALUES .3", [pytest.mark.drill]),
        ("MIGRATION_HISTORY.*'STARTED'.*'V2__it", [pytest.mark.drill]),
    )
    for when in ("before", "after")
]


@pytest.mark.parametrize(("point", "when"), LOST)
def test_the_connection_is_cut_and_the_connector_asks_again(project, orders, point, when):
    project.scripts(**SCRIPTS)
    orders.fault("cut", match=point, when=when, times=2)
    project.migrate()
    whole(project)


@pytest.mark.parametrize(("point", "when"), LOST)
def test_the_session_is_lost_in_a_statement_whose_outcome_is_unknown(project, orders, point, when):
    """Somebody ends the runner's session: what became of the statement is found out, and it goes on."""
    project.scripts(**SCRIPTS)
    orders.fault("delay", match=point, when=when, seconds=600)
    with project.started("migrate", "--env", "imcust") as process:
        met(orders, process)
        lock = f"{project.databases['imcust']}.MIGRATION_CONTROL.MIGRATION_LOCK"
        ((session,),) = project.ask("imcust", f"SELECT WORK_SESSION FROM {lock}")
        project.ask("imcust", f"SELECT SYSTEM$ABORT_SESSION({session})")
        orders.clear_faults()
        _, err = process.communicate(timeout=PATIENCE)
        assert process.returncode in (0, 20, 21), err
    if process.returncode:
        project.migrate()
    whole(project)


def interrupted(process, *, times):
    for _ in range(times):
        process.send_signal(signal.SIGINT)


def test_ctrl_c_once_finishes_the_statement_and_releases(project, orders):
    project.scripts(**SCRIPTS)
    orders.fault("delay", match="INSERT INTO A VALUES .1", when="before", seconds=600)
    with project.started("migrate", "--env", "imcust") as process:
        met(orders, process)
        interrupted(process, times=1)
        until(lambda: "stopping after this statement" in process.stderr.readline())
        orders.clear_faults()
        _, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 21, err
    assert "stopped in V1__it.sql after statement 2; the lease was released" in err
    assert project.ask("imcust", "SELECT N FROM A") == [(1,)]
    assert project.checkpoints() == [("V1__it.sql", 1, "SUCCESS"), ("V1__it.sql", 2, "SUCCESS")]
    assert project.states()["V1"] == "Unfinished"
    project.migrate()
    whole(project)


def test_ctrl_c_twice_cancels_the_statement(project, orders):
    project.scripts(V1="CREATE TABLE A (N INT);\nCALL SYSTEM$WAIT(600);\nINSERT INTO A VALUES (1);")
    with project.started("migrate", "--env", "imcust") as process:
        until(lambda: running(project, "CALL SYSTEM$WAIT"))
        interrupted(process, times=1)
        until(lambda: "stopping after" in process.stderr.readline())
        interrupted(process, times=1)
        _, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 21, err
    assert "cancelling the statement" in err
    assert project.checkpoints() == [("V1__it.sql", 1, "SUCCESS")]
    project.scripts(V1="CREATE TABLE A (N INT);\nINSERT INTO A VALUES (1);")
    project.migrate()
    assert project.ask("imcust", "SELECT N FROM A") == [(1,)]


def running(project, text):
    found = project.ask(
        "imcust", "SELECT QUERY_TEXT FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY()) WHERE EXECUTION_STATUS = 'RUNNING'"
    )
    return any(row[0].startswith(text) for row in found)


def test_ctrl_c_while_waiting_for_another_runners_lease(project, orders):
    project.scripts(V1="CREATE TABLE A (N INT);")
    orders.fault("delay", match="CREATE TABLE A", when="before", seconds=600)
    with project.started("migrate", "--env", "imcust") as holder:
        met(orders, holder)
        with project.started("migrate", "--env", "imcust", "--wait", "10m") as process:
            until(lambda: "waiting: Another runner" in process.stderr.readline())
            interrupted(process, times=1)
            _, err = process.communicate(timeout=PATIENCE)
            assert process.returncode == 130, err


def test_ctrl_c_in_a_transaction_leaves_all_as_it_was(project, orders):
    project.scripts(**SCRIPTS).migrate("--target", "1")
    orders.fault("delay", match="INSERT INTO A VALUES .3", when="after", seconds=600)
    with project.started("migrate", "--env", "imcust") as process:
        met(orders, process)
        interrupted(process, times=1)
        until(lambda: "stopping after this statement" in process.stderr.readline())
        orders.clear_faults()
        _, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 21, err
    assert project.ask("imcust", "SELECT N FROM A ORDER BY N") == [(1,), (2,)]
    project.migrate()
    whole(project)
