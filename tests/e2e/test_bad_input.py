"""Bad input, in the user's words: each is told with file, reason and what to do, before anything was touched."""

import os

import pytest


def refused(project, spent, *words, code):
    """What is said; nothing may have passed the sandbox's door."""
    said = []
    assert spent(lambda: said.append(project.runner(*words, code=code).err)) == 0
    return said[0]


def migrate(project, spent, code, env="imcust"):
    return refused(project, spent, "migrate", "--env", env, code=code)


def test_no_environment_is_configured(project, spent):
    for file in (project.root / "config").glob("*.yaml"):
        file.unlink()
    assert "holds no <name>.yaml" in refused(project, spent, "migrate", "--all", code=3)


def test_the_environment_is_misspelt(project, spent):
    said = migrate(project, spent, 2, "imcost")
    assert "There is no environment 'imcost'" in said
    assert "imcust, imsdlc" in said


def test_an_environment_is_configured_twice(project, spent):
    project.write({"config/imcust.yml": (project.root / "config/imcust.yaml").read_text()})
    assert "imcust" in migrate(project, spent, 3)


def test_a_tab_in_the_yaml(project, spent):
    project.write({"config/imcust.yaml": "account: a\n\tuser: b\n"})
    said = migrate(project, spent, 3)
    assert "config/imcust.yaml:2" in said
    assert "tab" in said


def test_a_key_is_misspelt(project, spent):
    project.configure("imcust", "warehause: x\n")
    said = migrate(project, spent, 3)
    assert "unknown key 'warehause'" in said
    assert "Did you mean 'warehouse'?" in said


def test_environments_depend_on_each_other_in_a_circle(project, spent):
    project.configure("imcust", "depends_on: [imsdlc]\n")
    assert "in a circle" in refused(project, spent, "migrate", "--all", code=3)


def test_connections_toml_with_a_secret_is_readable_by_all(project, spent):
    project.write({"config/connections.toml": '[imcust]\ntoken = "secret"\n'})
    os.chmod(project.root / "config/connections.toml", 0o644)
    said = migrate(project, spent, 3)
    assert "can be read or written by others (mode 0644)" in said or "mode 644" in said
    assert "chmod 600" in said


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("SELECT {{ nobody }};", 4, "versions/V1__it.sql:1: 'nobody' is undefined"),
        ("SELECT 1;\nSELECT '{{ vars.shore }}';", 4, "versions/V1__it.sql:2: "),
        ("{% if true %}", 4, "versions/V1__it.sql:1: "),
        ("SELECT 'open;", 4, "versions/V1__it.sql:1: "),
        ("", 4, "the script holds no statement"),
        ("-- only a comment\n/* and another */", 4, "the script holds no statement"),
        ("-- runner: transactionel\nSELECT 1;", 4, "'transactionel' is no directive"),
        ("-- runner: transactional\nCREATE TABLE A (N INT);", 5, "CREATE TABLE cannot stand in a transactional script"),
        ("BEGIN;\nINSERT INTO A VALUES (1);\nCOMMIT;", 5, "BEGIN is not for scripts"),
    ],
)
def test_a_script_that_cannot_be_taken(project, text, code, words):
    project.scripts(V1=text)
    assert words in project.migrate(code=code).err
    assert project.ask("imcust", f"SHOW SCHEMAS LIKE 'MIGRATION%' IN DATABASE {project.databases['imcust']}") == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("SELECT 'größe';".encode("latin-1"), "is not UTF-8"),
        ("SELECT 1;".encode("utf-16"), "is not UTF-8"),
        (b"SELECT '" + b"x" * (50 * 1024 * 1024) + b"';", "50 MB large; 20 MB is the limit"),
    ],
    ids=["latin-1", "utf-16", "50 MB"],
)
def test_a_file_that_is_no_text_or_too_much_of_it(project, spent, content, words):
    project.write({"versions/V1__it.sql": content})
    assert words in migrate(project, spent, 4)


@pytest.mark.parametrize("name", ["V1_it.sql", "v1__it.sql", "V1__it.SQL", "Vx__it.sql", "V1__it.sql.txt", "notes.sql"])
def test_a_name_that_looks_like_a_script_and_is_none(project, spent, name):
    project.write({f"versions/{name}": "SELECT 1;"})
    assert f"versions/{name}: " in migrate(project, spent, 4)


def test_two_scripts_with_one_version(project, spent):
    project.write({"versions/V1__a.sql": "SELECT 1;", "versions/V001__b.sql": "SELECT 1;"})
    assert "Two scripts are both V1" in migrate(project, spent, 4)


def test_crlf_and_a_byte_order_mark_are_no_harm(project):
    project.write({"versions/V1__it.sql": b"\xef\xbb\xbfCREATE TABLE A (N INT);\r\nINSERT INTO A VALUES (1);\r\n"})
    project.migrate()
    assert project.ask("imcust", "SELECT N FROM A") == [(1,)]


def test_the_sandbox_is_not_up(project, tmp_path):
    project.environ["RUNNER_SANDBOX_ROOT"] = str(tmp_path / "nothing")
    said = project.migrate(code=None)
    assert said.code in (3, 6)
    assert "runner sandbox up" in said.err


def test_a_token_that_is_not_right_is_told_with_the_likely_cause(project):
    project.environ["IMCUST_PAT"] = "canary-4711-wrong"
    project.scripts(V1="SELECT 1;")
    said = project.migrate(code=None)
    assert said.code in (0, 6), said.said
    assert "canary-4711" not in said.said


def test_the_account_that_was_logged_in_to_is_not_the_one_configured(project):
    """A hard stop for every verb. The way is that to a live account, with host, port and region of its own."""
    port = project.sandbox.port
    project.configure("imcust", f"host: 127.0.0.1\nport: {port}\nprotocol: http\nregion: AWS_US_WEST_2\n")
    project.environ |= {"RUNNER_SANDBOX": "0", "IMCUST_PAT": project.sandbox.pats["IMCUST"].read_text()}
    project.scripts(V1="CREATE TABLE A (N INT);")
    for words in (["migrate"], ["info"], ["validate"], ["undo"], ["migrate", "--dry-run"]):
        said = project.runner(*words, "--env", "imcust", code=6).err
        assert "is configured for region AWS_US_WEST_2, but the login found AWS_EU_CENTRAL_1" in said
    assert project.tables() == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["migrate", "--env", "imcust", "--target", "one"], "'one' is not a version"),
        (["migrate", "--env", "imcust", "--wait", "soon"], "'soon' is not a duration"),
        (["migrate", "--env", "imcust", "--parallel", "0"], "from 1 to 64"),
        (["migrate", "--env", "imcust", "--var", "x"], "write --var name=value"),
        (["migrat", "--env", "imcust"], "Did you mean 'migrate'?"),
        (["migrate", "--environment", "imcust"], "--env"),
        (["repair", "--env", "imcust", "--retry", "V1"], "--reason"),
        (["new", "X", "words"], "is not one of"),
    ],
)
def test_words_that_do_not_fit_together(project, spent, words, told):
    assert told in refused(project, spent, *words, code=2)


def test_a_want_of_privilege_is_told_with_what_to_grant(project):
    """The role may log in and nothing else."""
    role = project.databases["imcust"] + "_ROLE"
    for sentence in (
        f"CREATE ROLE {role}",
        f"GRANT ROLE {role} TO USER SVC4SNOWFLAKEDEPLOY",
        f"GRANT USAGE ON WAREHOUSE ADMIN_WH TO ROLE {role}",
        f"GRANT USAGE ON DATABASE {project.databases['imcust']} TO ROLE {role}",
    ):
        project.ask("imcust", sentence)
    project.scripts(V1="CREATE TABLE A (N INT);")
    said = project.migrate("--role", role, code=None)
    assert said.code in (6, 9), said.said
    assert "what to do" in said.err
    project.ask("imcust", f"DROP ROLE {role}")
