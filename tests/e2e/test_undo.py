"""`undo`: back by the U scripts, newest first; up, down and up again ends in the same state."""

UP = {
    "V1": "CREATE TABLE A (N INT);\nINSERT INTO A VALUES (1), (2);",
    "V2": "CREATE TABLE B AS SELECT * FROM A;",
    "V3": "-- runner: transactional\nUPDATE B SET N = N * 10;",
    "R__view": "CREATE OR REPLACE VIEW W AS SELECT * FROM B;",
}
DOWN = {"U1": "DROP TABLE A;", "U2": "DROP TABLE B;", "U3": "-- runner: transactional\nUPDATE B SET N = N / 10;"}


def undo(project, *words, code=0, env="imcust"):
    return project.runner("undo", "--env", env, *words, code=code)


def test_the_newest_version_is_taken_back(project):
    project.scripts(**UP, **DOWN).migrate()
    undo(project)
    assert project.ask("imcust", "SELECT SUM(N) FROM B") == [(3,)]
    assert project.states() == {"V1": "Success", "V2": "Success", "V3": "Undone", "R__view": "Outdated"}
    assert project.history()[-2:] == ["U3 STARTED", "U3 UNDONE"]


def test_everything_above_a_target_newest_first(project):
    project.scripts(**UP, **DOWN).migrate()
    undo(project, "--target", "1")
    assert project.tables() == ["A"]
    assert project.history()[-4:] == ["U3 STARTED", "U3 UNDONE", "U2 STARTED", "U2 UNDONE"]


def test_up_down_and_up_again_ends_in_the_same_state(project):
    project.scripts(**UP, **DOWN).migrate()
    rows, states = project.ask("imcust", "SELECT N FROM W ORDER BY N"), project.states()
    undo(project, "--target", "0")
    assert project.tables() == []
    project.migrate()
    assert (project.ask("imcust", "SELECT N FROM W ORDER BY N"), project.states()) == (rows, states)


def test_all_accounts_the_dependants_first(project):
    project.scripts(V1="CREATE TABLE A (N INT);", U1="DROP TABLE A;").runner("migrate", "--all")
    ran = project.runner("undo", "--all")
    assert ran.out.index("imsdlc (IMSDLC)") < ran.out.index("imcust (IMCUST)")
    assert project.tables("imcust") == project.tables("imsdlc") == []


def test_without_an_undo_script_nothing_is_touched(project):
    project.scripts(**UP, U3=DOWN["U3"]).migrate()
    assert "has no undo script U2__" in undo(project, "--target", "0", code=8).err
    assert project.tables() == ["A", "B"]
    assert "U3 UNDONE" not in project.history()


def test_nothing_applied_is_nothing_to_undo(project):
    project.scripts(**UP, **DOWN)
    assert "nothing to do" in undo(project).out


def test_an_undo_that_fails_blocks_both_ways_until_it_is_repaired(project):
    project.scripts(
        V1="CREATE TABLE A (N INT);\nCREATE TABLE B (N INT);", U1="DROP TABLE A;\nDROP TABLE NOWHERE;"
    ).migrate()
    assert "statement 2 of U1__it.sql failed" in undo(project, code=20).err
    assert project.states() == {"V1": "Failed"}
    for verb in ("migrate", "undo"):
        assert "U1__it.sql: failed in run" in project.runner(verb, "--env", "imcust", code=8).err
    project.scripts(U1="DROP TABLE A;\nDROP TABLE B;")
    project.runner("repair", "--env", "imcust", "--retry", "U1", "--reason", "misspelt")
    assert "half undone" not in project.migrate(code=8).out
    assert "going on after 1 done" in undo(project).err
    assert project.tables() == []
    project.migrate()
    assert project.tables() == ["A", "B"]


def test_a_transactional_undo_that_fails_leaves_the_version_applied(project):
    project.scripts(**UP, **(DOWN | {"U3": "-- runner: transactional\nDELETE FROM B;\nDELETE FROM NOWHERE;"})).migrate()
    undo(project, code=20)
    assert project.ask("imcust", "SELECT COUNT(*) FROM B") == [(2,)]
    assert project.states()["V3"] == "Success"
    assert "nothing to do" in project.migrate().out
    project.scripts(U3=DOWN["U3"])
    undo(project)
    assert project.states()["V3"] == "Undone"
