"""`repair`, `baseline` and `unlock`: a person says what is true; who, when and why stand in the history."""

import pytest

BROKEN = {"V1": "CREATE TABLE A (N INT);\nINSERT INTO NOWHERE VALUES (1);", "V2": "CREATE TABLE B (N INT);"}


def repair(project, *words, code=0):
    return project.runner("repair", "--env", "imcust", *words, code=code)


def reasons(project):
    table = f"{project.databases['imcust']}.MIGRATION_CONTROL.MIGRATION_HISTORY"
    return project.ask(
        "imcust", f"SELECT EVENT, INSTALLED_BY, REASON FROM {table} WHERE REASON <> '' ORDER BY EVENT_NUMBER"
    )


def test_mark_applied_when_somebody_finished_it_by_hand(project):
    project.scripts(**BROKEN).migrate(code=20)
    repair(project, "--mark-applied", "V1", "--reason", "inserted by hand, it's OPS-12")
    project.migrate()
    assert project.states() == {"V1": "Success", "V2": "Success"}
    assert reasons(project) == [("MARK_APPLIED", "SVC4SNOWFLAKEDEPLOY", "inserted by hand, it's OPS-12")]


def test_mark_undone_when_somebody_took_it_back_by_hand(project):
    project.scripts(**BROKEN).migrate(code=20)
    project.ask("imcust", "DROP TABLE A")
    repair(project, "--mark-undone", "V1__it.sql", "--reason", "dropped by hand")
    project.scripts(V1="CREATE TABLE A (N INT);")
    project.migrate()
    assert project.tables() == ["A", "B"]


def test_a_script_whose_file_is_gone_can_be_marked_undone(project):
    project.scripts(V1="SELECT 1;", V2="SELECT 2;", V3="SELECT 3;").migrate()
    (project.root / "versions/V2__it.sql").unlink()
    repair(project, "--mark-undone", "V2", "--reason", "was never needed")
    assert "nothing to do" in project.migrate().out


def test_a_failed_undo_can_be_taken_back_by_word(project):
    project.scripts(V1="CREATE TABLE A (N INT);", U1="DROP TABLE NOWHERE;").migrate()
    project.runner("undo", "--env", "imcust", code=20)
    repair(project, "--mark-applied", "V1", "--reason", "nothing was dropped")
    assert project.states() == {"V1": "Success"}
    assert "nothing to do" in project.migrate().out


@pytest.mark.parametrize("action", ["--retry", "--mark-applied"])
def test_a_correction_that_does_not_fit_is_refused(project, action):
    project.scripts(V1="SELECT 1;").migrate()
    assert "is applied: " + action in repair(project, action, "V1", "--reason", "why", code=8).err
    assert reasons(project) == []


def test_a_reason_has_to_be_given(project):
    project.scripts(**BROKEN).migrate(code=20)
    repair(project, "--retry", "V1", code=2)
    assert "--reason is empty" in repair(project, "--retry", "V1", "--reason", "  ", code=2).err


def test_one_action_has_to_be_given(project):
    assert "Say one of" in repair(project, "--reason", "why", code=2).err


def test_an_unknown_script_is_told_with_the_nearest(project):
    project.scripts(V1="SELECT 1;")
    assert "Did you mean 'V1__it.sql'?" in repair(project, "--retry", "V1__if.sql", "--reason", "why", code=2).err


def baseline(project, version, code=0):
    return project.runner("baseline", "--env", "imcust", "--version", version, "--reason", "made by hand", code=code)


def test_baseline_takes_what_stands_as_being_at_a_version(project):
    project.scripts(V1="CREATE TABLE A (N INT);", V2="CREATE TABLE B (N INT);", V3="CREATE TABLE C (N INT);")
    assert "BASELINE 2 recorded as event 1" in baseline(project, "2").out
    project.migrate()
    assert project.tables() == ["C"]
    assert project.states()["V1"] == "Below Baseline"
    assert reasons(project) == [("BASELINE", "SVC4SNOWFLAKEDEPLOY", "made by hand")]


def test_baseline_is_refused_where_scripts_were_applied(project):
    project.scripts(V1="SELECT 1;").migrate()
    assert "is already recorded here" in baseline(project, "1", code=8).err


def test_a_baseline_script_builds_an_empty_account_in_one_step(project):
    project.scripts(
        V1="CREATE TABLE A (N INT);",
        V2="CREATE TABLE B (N INT);",
        B2="CREATE TABLE A (N INT);\nCREATE TABLE B (N INT);",
        V3="CREATE TABLE C (N INT);",
    )
    project.migrate()
    assert project.history() == ["B2 STARTED", "B2 SUCCESS", "V3 STARTED", "V3 SUCCESS"]
    assert project.tables() == ["A", "B", "C"]
    assert "nothing to do" in project.migrate().out


def test_unlock_needs_the_token_that_holds(project):
    project.scripts(V1="SELECT 1;").migrate()
    said = project.runner("unlock", "--env", "imcust", "--token", "0" * 32, "--reason", "lost", code=2).err
    assert "No lease in 'imcust' has this token" in said
