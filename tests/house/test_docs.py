"""The documentation is held to the code: references, verbs, exit codes and errors."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from runner.cli import VERBS
from runner.core import errors

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def test_generated_references_are_what_the_code_says():
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "write_docs.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_stands_in_the_reference_with_an_example(verb):
    text = (DOCS / "commands.md").read_text().partition(f"## runner {verb}\n")[2].partition("\n## ")[0]
    assert re.search(rf"\n\s+runner {verb}\b", text.partition("Usage:")[2].partition("\n")[2]), text


def members(root):
    return {root, *(found for child in root.__subclasses__() for found in members(child))}


HERE = sorted(
    (e for e in members(errors.RunnerError) if e.__module__.startswith(errors.__name__)), key=lambda e: e.__name__
)


@pytest.mark.parametrize("error", [e for e in HERE if e is not errors.RunnerError], ids=lambda e: e.__name__)
def test_every_error_is_explained_with_its_exit_code(error):
    assert f"| `{error.__name__}` | {error.exit_code} |" in (DOCS / "operations.md").read_text()


def test_every_exit_code_is_explained():
    text = (DOCS / "operations.md").read_text()
    assert [code for code in sorted({e.exit_code for e in HERE}) if f"\n| {code} |" not in text] == []


@pytest.mark.parametrize("path", [ROOT / "README.md", *sorted(DOCS.glob("*.md"))], ids=lambda p: p.name)
def test_links_lead_somewhere(path):
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text())
    inside = [link for link in links if "://" not in link]
    assert [link for link in inside if not (path.parent / link).exists()] == []
