"""The door: what was raised becomes a sentence and an exit code."""

import subprocess
import sys

import pytest

from runner.cli import main


def ended(*words):
    with pytest.raises(SystemExit) as caught:
        main(list(words))
    return caught.value.code or 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["migrat"], 2, "Did you mean 'migrate'?"),
        (["zzz"], 2, "There is no verb 'zzz'."),
        (["migrate", "--nope"], 2, "No such option"),
        (["migrate"], 2, "Say --env NAME, or --all."),
        (["new", "X", "words"], 2, "is not one of"),
        (["sandbox", "nope"], 2, "No such command"),
    ],
)
def test_words_that_do_not_fit(words, code, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert ended(*words) == code
    assert said in capsys.readouterr().err


def test_an_error_is_told_with_what_to_do(capsys, tmp_path):
    assert ended("-C", str(tmp_path), "info", "--all") == 3
    err = capsys.readouterr().err
    assert err.startswith("error: No environment is configured")
    assert "what to do: Run `runner init`" in err


@pytest.mark.parametrize("words", [[], ["--help"], ["migrate", "--help"], ["--version"]])
def test_help_is_no_error(words, capsys):
    main_or_exit = 0
    try:
        main(words)
    except SystemExit as end:
        main_or_exit = end.code or 0
    assert main_or_exit in (0, 2 if not words else 0)
    assert capsys.readouterr().out or not words


def test_a_folder_where_a_file_is_to_stand_is_told_by_its_name(capsys, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise FileExistsError(17, "File exists", str(tmp_path / "plans"))

    monkeypatch.setattr("runner.cli.program.main", refuse)
    assert ended("plan", "list") == 2
    assert f"{tmp_path / 'plans'} cannot be used: File exists." in capsys.readouterr().err


def test_a_process_of_its_own_does_not_load_pandas():
    """And whoever calls the command from Python keeps it."""
    asked = (
        "import sys; sys.argv = ['runner', '--version']; {}\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "from snowflake.connector.options import installed_pandas; print(installed_pandas)"
    )
    doors = ("from runner.__main__ import command as main", "from runner.cli import main")
    said = [
        subprocess.run([sys.executable, "-c", asked.format(door)], capture_output=True, text=True) for door in doors
    ]
    assert [ran.stdout.split()[-1] for ran in said] == ["False", "True"]
