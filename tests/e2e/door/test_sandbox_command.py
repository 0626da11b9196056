import json

import pytest
from click.testing import CliRunner

from runner.cli.sandbox import group
from runner.sandbox import process


@pytest.fixture
def run(sandbox):
    def command(*words, text=None):
        return CliRunner().invoke(group, [words[0], "--root", str(sandbox.root), *words[1:]], input=text)

    return command


def test_status_tells_who_runs_and_what_passed(run, sandbox):
    told = json.loads(run("status", "--format", "json").output)

    assert (told["pid"], told["port"], told["accounts"]) == (sandbox.pid, sandbox.port, ["IMCUST", "IMSDLC"])
    assert {"requests", "statements", "started"} <= set(told)


def test_up_on_a_running_sandbox_finds_it(run, sandbox):
    assert json.loads(run("up", "--format", "json").output)["pid"] == sandbox.pid


def test_statements_run_in_order_and_print_what_they_give(run, fresh_database):
    text = f"USE DATABASE {fresh_database};\nCREATE TABLE T (N INT, S VARCHAR);\n"
    text += "INSERT INTO T VALUES (1, 'a,b'), (2, NULL);"

    assert run("sql", "--account", "imcust", text=text).exit_code == 0

    query = f"SELECT * FROM {fresh_database}.PUBLIC.T ORDER BY N"
    assert run("sql", "--account", "IMCUST", "-q", query, "--format", "csv").output == 'N,S\n1,"a,b"\n2,\n'
    assert json.loads(run("sql", "--account", "imcust", "-q", query, "--format", "json").output) == [
        {"N": 1, "S": "a,b"},
        {"N": 2, "S": None},
    ]
    assert "| 2 | NULL |" in run("sql", "--account", "imcust", "-q", query).output


def test_the_first_failure_ends_with_file_line_and_statement(run, tmp_path):
    file = tmp_path / "check.sql"
    file.write_text("SELECT 1;\n\n-- a comment\nSELECT * FROM NOWHERE.AT.ALL;\nSELECT 'never';\n")

    ended = run("sql", "--account", "imcust", "-f", str(file))

    assert ended.exit_code == 20
    assert f"{file}:4: 002003 (02000)" in ended.output
    assert "SELECT * FROM NOWHERE.AT.ALL" in ended.output
    assert "never" not in ended.output


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("sql", "--account", "elsewhere", "-q", "SELECT 1"), 6, "IMCUST, IMSDLC"),
        (("sql", "--account", "imcust", "-q", "SELECT 1", "-f", __file__), 2, "not both"),
        (("sql", "-q", "SELECT 1"), 2, "--account"),
        (("seed", "--rows", "1"), 2, "10,000"),
        (("seed", "--estate", "castle"), 2, "investments"),
    ],
)
def test_wrong_words_are_explained(run, words, code, said):
    ended = run(*words)

    assert ended.exit_code == code
    assert said in ended.output


def test_without_a_sandbox_the_command_says_how_to_start_one(tmp_path):
    for words in (["status"], ["sql", "--account", "imcust", "-q", "SELECT 1"]):
        ended = CliRunner().invoke(group, [words[0], "--root", str(tmp_path), *words[1:]])

        assert ended.exit_code == 6
        assert "runner sandbox up" in ended.output


def test_a_file_that_is_not_utf8_is_named(run, tmp_path):
    file = tmp_path / "latin.sql"
    file.write_bytes(b"SELECT '\xe9'")

    ended = run("sql", "--account", "imcust", "-f", str(file))

    assert ended.exit_code == 4
    assert "latin.sql is not UTF-8: byte 8" in ended.output


def test_down_reset_and_up_again(tmp_path):
    root = tmp_path / "box"
    try:
        assert CliRunner().invoke(group, ["up", "--root", str(root)]).exit_code == 0
        assert CliRunner().invoke(group, ["reset", "--root", str(root)], input="n\n").exit_code == 1
        assert "port" in CliRunner().invoke(group, ["reset", "--root", str(root), "--yes"]).output
        assert "stopped" in CliRunner().invoke(group, ["down", "--root", str(root)]).output
        assert "nothing runs" in CliRunner().invoke(group, ["down", "--root", str(root)]).output
    finally:
        process.down(root)


def test_no_secret_is_printed(run, sandbox):
    secrets = [path.read_text() for path in sandbox.pats.values()]
    secrets += json.loads((sandbox.root / "admin.json").read_text())["tokens"].values()
    outputs = [
        run("up").output,
        run("status").output,
        run("sql", "--account", "imcust", "-q", "SELECT * FROM NO").output,
    ]

    assert not [secret for secret in secrets for output in outputs if secret in output]
