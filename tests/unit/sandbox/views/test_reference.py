"""docs/sandbox.md says what the code does, no more and no less."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner.sandbox import reference, reference_index
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.function_notes import DIFFERENCES, FORMS
from runner.sandbox.notes import NOTES
from runner.sandbox.snowflake_index import COMMANDS, FUNCTIONS
from runner.sandbox.statements import STATEMENTS
from tests.unit.sandbox.views.conftest import Ask

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


def test_the_index_page_is_up_to_date() -> None:
    page = DOCUMENT.with_name(reference.INDEX)
    assert page.read_text(encoding="utf-8") == reference_index.document(), "run: make docs"


def test_every_note_on_a_function_is_of_one_that_is_known() -> None:
    assert [name for name in (*DIFFERENCES, *FORMS) if not reference_index.is_known(name)] == []


def test_what_the_index_says_of_undrop_is_what_happens(ask: Ask) -> None:
    kinds = [name.removeprefix("UNDROP ") for name in _commands() if name.startswith("UNDROP ")]
    refused = {kind for kind in kinds if "Unsupported feature" in _said(ask, f"UNDROP {kind} NOWHERE")}

    assert {kind for kind in kinds if reference_index.command(f"UNDROP {kind}")[0] == "refused"} == refused


def test_a_command_or_function_that_is_refused_is_an_error(ask: Ask) -> None:
    refused = [name for name in _functions() if not reference_index.is_known(name)]
    assert len(refused) > 300
    assert [name for name in refused if not _said(ask, f"SELECT {name}(1)")] == []


def _commands() -> list[str]:
    return [name for names in COMMANDS.values() for name in names]


def _functions() -> list[str]:
    return [name for names in FUNCTIONS.values() for name in names]


def _said(ask: Ask, text: str) -> str:
    try:
        ask(text)
    except SnowflakeError as error:
        return error.message
    return ""
