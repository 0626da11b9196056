"""docs/sandbox.md says what the code does, no more and no less."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner.sandbox import reference
from runner.sandbox.notes import NOTES
from runner.sandbox.statements import STATEMENTS

DOCUMENT = Path(__file__).parents[4] / "docs" / "sandbox.md"


def test_every_statement_has_a_note_and_every_note_a_statement() -> None:
    missing = {" ".join(words) for words in STATEMENTS.keys() - NOTES.keys()}
    stale = {" ".join(words) for words in NOTES.keys() - STATEMENTS.keys()}
    assert (missing, stale) == (set(), set())


def test_the_document_is_up_to_date() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text == reference.replaced(text), "run: python -m runner.sandbox.reference docs/sandbox.md"


def test_without_marks_nothing_is_written() -> None:
    with pytest.raises(ValueError, match="the marks are missing"):
        reference.replaced("# no marks")


@pytest.mark.parametrize(
    ("command", "known"),
    [("CREATE TABLE", True), ("CREATE SERVICE", False), ("COPY INTO", True), ("SELECT", True), ("DROP SERVICE", False)],
)
def test_what_leads_to_a_handler(command: str, known: bool) -> None:
    assert reference.leads(command) is known
