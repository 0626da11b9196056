"""What `runner sandbox explain` prints: a row a statement, and each difference once."""

import json

import pytest
from click.testing import CliRunner

from runner.cli.sandbox import group

TEXT = "SELECT 1;\nSELECT 2;\nCREATE TABLE T (A INT);\n"


@pytest.fixture
def explain(tmp_path):
    def told(text, *words):
        file = tmp_path / "x.sql"
        file.write_text(text, encoding="utf-8")
        return CliRunner().invoke(group, ["explain", str(file), *words])

    return told


def test_differences_stand_once_below_the_table(explain):
    done = explain(TEXT)
    assert done.exit_code == 0
    assert done.output.count("differences [1]") == 2
    assert done.output.count("\n[1] ") == 1
    assert max(map(len, done.output.splitlines())) <= 80


def test_why_one_is_refused_stands_in_its_row(explain):
    done = explain(TEXT + "CREATE SERVICE S;\n")
    assert done.exit_code == 20
    [row] = [line for line in done.output.splitlines() if "CREATE SERVICE" in line and line.startswith("|")]
    assert "refused" in row
    assert "differences" not in row


def test_json_has_the_words_themselves(explain):
    rows = json.loads(explain(TEXT, "--format", "json").output)
    assert [row["line"] for row in rows] == [1, 2, 3]
    assert rows[0]["why"] == rows[1]["why"] != ""
