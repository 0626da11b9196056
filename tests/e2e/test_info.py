"""`info` and `validate`: where everything stands, and what is wrong; both read only."""

import pytest


def test_info_shows_both_accounts_side_by_side(project):
    project.scripts(V1="CREATE TABLE A (N INT);", V2="-- runner: environments=imsdlc\nCREATE TABLE B (N INT);")
    project.migrate()
    lines = [line.split() for line in project.runner("info", "--all").out.splitlines()]
    assert ["Script", "imcust", "imsdlc"] in lines
    assert ["V1__it.sql", "Success", "Pending"] in lines
    assert ["V2__it.sql", "Not", "For", "It", "Pending"] in lines


def test_check_tells_by_its_exit_code_whether_something_is_pending(project):
    project.scripts(V1="CREATE TABLE A (N INT);")
    assert "1 script(s) pending" in project.runner("info", "--env", "imcust", "--check", code=10).err
    project.migrate()
    project.runner("info", "--env", "imcust", "--check")
    project.runner("info", "--all", "--check", code=10)


def test_info_as_json_has_scripts_and_events(project):
    project.scripts(V1="CREATE TABLE A (N INT);", U1="DROP TABLE A;").migrate()
    (found,) = project.runner("info", "--env", "imcust", "--format", "json").json
    assert (found["schema_version"], found["pending"], found["lease"]) == ("1", 0, None)
    assert [event["event"] for event in found["events"]] == ["STARTED", "SUCCESS"]
    (script,) = found["scripts"]
    assert (script["state"], script["undoable"], script["installed_by"]) == ("Success", True, "SVC4SNOWFLAKEDEPLOY")


def test_info_of_an_account_that_never_saw_a_runner_creates_nothing(project):
    project.scripts(V1="CREATE TABLE A (N INT);")
    assert project.states() == {"V1": "Pending"}
    database = project.databases["imcust"]
    assert [row[1] for row in project.ask("imcust", f"SHOW SCHEMAS IN DATABASE {database}")] == [
        "INFORMATION_SCHEMA",
        "PUBLIC",
    ]


def test_validate_finds_everything_that_is_wrong_with_the_files_at_once(project):
    project.write(
        {
            "versions/V1__a.sql": "SELECT {{ nobody }};",
            "versions/V01__b.sql": "SELECT 1;",
            "versions/V2_c.sql": "SELECT 1;",
            "versions/V3__d.sql": "",
            "versions/V4__e.sql": "SELECT 'open;",
            "versions/V5__f.sql": "-- runner: transactional\nDROP TABLE T;",
            "versions/U9__g.sql": "SELECT 1;",
        }
    )
    said = project.runner("validate", "--all", "--offline", code=4).out
    for words in (
        "'nobody' is undefined",
        "Two scripts are both V1",
        "two underscores must stand",
        "the script holds no statement",
        "opens here and is never closed",
        "cannot stand in a transactional script",
        "undoes V9, which is not here",
    ):
        assert words in said


def test_validate_offline_connects_to_nothing(project, spent):
    project.scripts(V1="CREATE TABLE A (N INT);")
    assert spent(lambda: project.runner("validate", "--all", "--offline")) == 0


def test_validate_refuses_a_script_that_was_edited_after_it_was_applied(project):
    project.scripts(V1="CREATE TABLE A (N INT);").migrate()
    project.runner("validate", "--env", "imcust")
    project.scripts(V1="CREATE TABLE A (N INT, M INT);")
    ran = project.runner("validate", "--env", "imcust", code=8)
    assert "versions/V1__it.sql: was edited after it was applied" in ran.err
    found = project.runner("validate", "--env", "imcust", "--format", "json", code=8).json
    assert [f["code"] for f in found["findings"]] == ["changed"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: (p.root / "versions/V2__it.sql").unlink(), "was applied, but the file is gone"),
        (lambda p: p.scripts(**{"V1.5": "SELECT 1;"}), "is pending, but V3 is already applied"),
    ],
)
def test_validate_tells_what_is_missing_or_out_of_order(project, change, words):
    project.scripts(V1="SELECT 1;", V2="SELECT 1;", V3="SELECT 1;").migrate()
    change(project)
    assert words in project.runner("validate", "--env", "imcust", code=8).err


@pytest.mark.parametrize("verb", ["info", "validate", "migrate", "undo"])
def test_one_environment_or_all_has_to_be_said(project, verb):
    assert "Say --env NAME, or --all" in project.runner(verb, code=2).err
    assert "exclude each other" in project.runner(verb, "--env", "imcust", "--all", code=2).err
    assert "There is no environment 'imcost'" in project.runner(verb, "--env", "imcost", code=2).err
