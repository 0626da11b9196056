"""What somebody met who had never seen the project, and how it is now."""

import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from runner.cli.output import table
from runner.commands.processes import born
from runner.sandbox import process
from tests.e2e.project import met, until

ROOT = Path(__file__).resolve().parents[2]


def test_new_may_be_called_again_before_the_first_script_is_written(project):
    project.runner("new", "V", "first")
    assert project.runner("new", "V", "second").out.split() == [
        "versions/V002__second.sql",
        "versions/U002__second.sql",
    ]


@pytest.mark.parametrize("words", ["one\nDROP TABLE A;", "{{ secret('HOME') }} one", "a; -- b /* c"])
def test_a_description_stays_a_comment(project, words):
    project.runner("new", "V", words)
    (script,) = (project.root / "versions").glob("V*.sql")
    assert all(line.startswith("--") or not line for line in script.read_text().splitlines())
    script.write_text(script.read_text() + "SELECT 1;\n")
    project.runner("validate", "--all", "--offline")


def test_a_description_in_any_language_is_a_file_name(project):
    assert "V001__größe_ändern.sql" in project.runner("new", "V", "Größe ändern").out


def test_a_team_of_two_words_is_refused(project):
    assert "one word" in project.runner("new", "V", "x", "--owner", "my team", code=2).err


def test_an_undone_script_is_pending(project):
    project.scripts(V1="CREATE TABLE A (N INT);", U1="DROP TABLE A;")
    project.migrate()
    project.runner("info", "--env", "imcust", "--check")
    project.runner("undo", "--env", "imcust")
    project.runner("info", "--env", "imcust", "--check", code=10)


@pytest.mark.parametrize(
    ("directive", "words"),
    [
        ("environments=imcost", "environment 'imcost', which is not here\n  what to do: Did you mean 'imcust'?"),
        ("requires=imcost:V1", "environment 'imcost', which is not here"),
        ("requires=imsdlc:V9", "script 'V9', which is not here"),
        ("depends_on=R__nothing", "script 'R__nothing', which is not here"),
    ],
)
def test_a_directive_that_names_what_is_not_here(project, directive, words):
    project.scripts(R__it=f"-- runner: {directive}\nSELECT 1;")
    said = project.runner("validate", "--all", "--offline", code=4).said
    assert f"versions/R__it.sql: a directive names {words}" in said


def test_what_is_wrong_everywhere_is_told_once(project):
    project.scripts(V1="SELECT 'open;")
    assert project.runner("validate", "--all", "--offline", code=4).out.count("never closed") == 1


def test_a_secret_that_is_not_given_is_told_with_its_place(project):
    project.scripts(V1="SELECT 1;\nSELECT {{ secret('NOWHERE') | literal }};")
    said = project.migrate(code=4).err
    assert "versions/V1__it.sql:2: " in said
    assert "secret 'NOWHERE' is neither" in said


def test_the_option_that_is_wrong_is_named(project):
    said = project.runner("baseline", "--env", "imcust", "--version", "abc", "--reason", "x", code=2).err
    assert "--version: 'abc' is not a version" in said


def test_an_account_that_the_sandbox_does_not_know(project):
    said = project.runner("info", "--env", "imcust", "--account", "localorg-nobody", code=3).err
    assert "no token of the sandbox for account NOBODY" in said
    assert "knows imcust and imsdlc" in said


def test_what_another_environment_stands_on_is_not_taken_back(project):
    project.scripts(V1="-- runner: requires=imcust:V1\nSELECT 1;", U1="SELECT 1;")
    project.runner("migrate", "--all")
    said = project.runner("undo", "--env", "imcust", code=8).err
    assert "V1__it.sql: is applied in 'imsdlc', and requires what would be taken back here" in said
    assert project.history() == ["V1 STARTED", "V1 SUCCESS"]
    project.runner("undo", "--all", "--target", "0")
    assert project.states() == {"V1": "Undone"}


def shell(project, line):
    """What a shell makes of a line in which `runner` is the command: exit code and all that is said."""
    words = f"{shlex.quote(sys.executable)} -m runner -C {shlex.quote(str(project.root))}"
    environ = os.environ | project.variables
    done = subprocess.run(
        ["bash", "-c", line.replace("runner", words)], capture_output=True, env=environ, cwd=ROOT, check=False
    )
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


DEAF = ("2>&1 | head -c 1", "2>&1 | true", "2>&- >&-", "2>/dev/full")


def test_nobody_listens_and_the_migration_goes_on(project):
    """Whoever reads has gone, or there was never anyone, or the disk is full."""
    for n, where in enumerate(DEAF):
        project.scripts(**{f"V{n}{step}": f"CREATE TABLE T{n}{step} (N INT);" for step in (1, 2)})
        code, said = shell(project, f"set -o pipefail; runner migrate --env imcust {where}")
        assert (code, project.tables()[-2:]) == (0, [f"T{n}1", f"T{n}2"]), (where, said)


def test_a_full_disk_behind_standard_output_is_told(project):
    code, said = shell(project, "runner config schema > /dev/full")
    assert code == 2
    assert "Standard output cannot be written: No space left on device" in said


@pytest.mark.parametrize("encoding", ["ascii", pytest.param("latin-1", marks=pytest.mark.drill)])
@pytest.mark.parametrize("words", ["render V1 --env imcust", "info --env imcust"])
def test_characters_that_the_terminal_does_not_have(project, encoding, words):
    project.write({"versions/V1__größe_€.sql": "SELECT '€ größe';"})
    project.environ |= {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C.UTF-8"}
    assert shell(project, f"runner {words}")[0] == 0


@pytest.fixture
def heard():
    """SIGHUP as a terminal has it: under nohup it would be ignored, by what the tests start too."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


def test_a_terminal_that_is_closed_ends_after_the_statement(project, orders, heard):
    project.scripts(V1="CREATE TABLE A (N INT);\nINSERT INTO A VALUES (1);\nINSERT INTO A VALUES (2);")
    orders.fault("delay", match="INSERT INTO A VALUES .1", when="before", seconds=600)
    with project.started("migrate", "--env", "imcust") as running:
        met(orders, running)
        running.send_signal(signal.SIGHUP)
        running.send_signal(signal.SIGHUP)
        orders.clear_faults()
        running.communicate()
        assert running.returncode == 21
    assert project.ask("imcust", "SELECT N FROM A") == [(1,)]
    project.migrate()
    assert project.ask("imcust", "SELECT N FROM A ORDER BY N") == [(1,), (2,)]


@pytest.mark.drill
def test_ctrl_c_while_waiting_for_the_lease(project, orders):
    project.scripts(V1="CREATE TABLE A (N INT);")
    project.migrate()
    project.scripts(V2="INSERT INTO A VALUES (2);")
    orders.fault("delay", match="INSERT INTO A VALUES .2", when="before", seconds=600)
    with project.started("migrate", "--env", "imcust") as first:
        met(orders, first)
        with project.started("migrate", "--env", "imcust", "--wait", "10m") as second:
            until(lambda: "waiting" in second.stderr.readline(), "the other one")
            second.send_signal(signal.SIGINT)
            second.communicate()
            assert second.returncode == 130


def test_a_project_that_is_not_there(project):
    assert shell(project, "runner -C /nowhere info --all")[0] == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["-q", "SELECT 1;\nSELECT 'open"], 4, "<query>, line 2: a string opens here and is never closed."),
        (["--role", "NOBODY", "-q", "SELECT 1"], 6, "Role 'NOBODY' specified in the connect string does not exist"),
        (["--account", "nobody", "-q", "SELECT 1"], 6, "no account 'nobody'"),
    ],
)
def test_the_shell_of_the_sandbox_explains_what_it_cannot(project, words, code, said):
    found = project.runner("sandbox", "sql", "--account", "imcust", *words, code=code)
    assert said in found.err
    assert "Traceback" not in found.err


def test_a_sandbox_where_none_can_be(tmp_path):
    taken = socket.create_server(("127.0.0.1", 0))
    with taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            process.SandboxError, match=f"\nPort {port} of 127.0.0.1 cannot be used: Address already in use.$"
        ):
            process.up(tmp_path / "root", port)
    with pytest.raises(process.SandboxError, match="cannot keep a sandbox: "):
        process.up(Path("/proc/nowhere"))


def test_a_sandbox_that_runs_already_on_another_port_says_so(sandbox):
    with pytest.raises(process.SandboxError, match=f"listens on port {sandbox.port} already"):
        process.up(sandbox.root, 1)


def test_the_sandbox_of_a_project_is_the_one_that_its_verbs_use(project, monkeypatch):
    monkeypatch.setattr(type(project), "variables", {"NO_COLOR": "1"})
    monkeypatch.delenv("RUNNER_SANDBOX_ROOT", raising=False)
    assert f"No sandbox runs under {project.root}/.sandbox" in project.runner("sandbox", "status", code=6).err


def test_a_run_that_cannot_write_its_history_any_more_does_not_say_that_nothing_was_run(project):
    project.scripts(V1="CREATE TABLE A (N INT);\nDROP SCHEMA MIGRATION_CONTROL;")
    said = project.migrate(code=21).err
    assert "the run could not go on" in said
    assert project.tables() == ["A"]


def test_who_holds_the_lease_is_told_without_numbers_of_the_machine(project, orders):
    project.scripts(V1="CREATE TABLE A (N INT);")
    orders.fault("delay", match="CREATE TABLE A", when="before", seconds=600)
    with project.started("migrate", "--env", "imcust") as running:
        met(orders, running)
        said = project.runner("info", "--env", "imcust").out
    assert f"process {running.pid}, run 2" in said


def test_a_sandbox_whose_folder_was_removed_ends_and_leaves_the_next_one_alone(tmp_path):
    root = tmp_path / "root"
    first = process.up(root)
    shutil.rmtree(root)
    second = process.up(root)
    try:
        until(lambda: born(first.pid) is None, "the end of the first")
        assert process.find(root) == second
    finally:
        process.down(root)


@pytest.mark.parametrize(("columns", "gone"), [(200, []), (30, ["Owner"]), (20, ["Owner", "Time"])])
def test_a_narrow_terminal_gets_fewer_columns_and_no_broken_words(monkeypatch, capsys, columns, gone):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(columns))
    names = ("Script", "State", "Time", "Owner")
    table(names, [("V1__it.sql", "Success", "12.5 s", "product")], spare=("Owner", "Time"))
    shown = capsys.readouterr().out
    assert [name for name in names if name not in shown] == [name for name in names if name in gone]
    assert "V1__it.sql" in shown


def test_an_assertion_that_does_not_hold_has_no_number_of_snowflake(project):
    project.scripts(V1="SELECT 1;\n-- runner: assert\nSELECT 1 AS ORPHAN;")
    assert "failed (query " in project.migrate(code=20).err
    said = project.migrate(code=8).err
    assert "the assertion does not hold" in said
    assert "None" not in said


def test_a_sandbox_that_cannot_write_says_where(tmp_path):
    (tmp_path / "pats").write_text("in the way")
    with pytest.raises(process.SandboxError, match=r"did not start:\n\S+ cannot be used: \S.*\.$"):
        process.up(tmp_path)
