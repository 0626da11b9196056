"""The page: self-contained, escaped, and true to the JSON it is made of."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from runner.core.history import EventType
from runner.reports.page import duration, first_line, moment, number, page
from runner.reports.run import run_report
from tests.unit.reports.sample import NASTY, environment, event, report, row

_VOID = {"meta", "br", "link", "img", "input", "hr"}


class _Reader(HTMLParser):
    """Collects tags, attributes and text; fails on a tag that is not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "action")]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(text)
    assert reader.open == []
    return reader


def test_the_page_is_well_formed_and_needs_nothing_from_elsewhere() -> None:
    text = page(report())
    found = read(text)
    assert "script" not in found.tags
    assert found.links == []
    assert not re.search(r"https?://|@import|url\(", text)


def test_names_that_are_markup_are_shown_as_they_are_and_do_nothing() -> None:
    text = page(report())
    assert "<script" not in text
    assert NASTY in read(text).text


def test_who_what_and_when_are_on_it() -> None:
    text = read(page(report())).text
    for fact in (
        "run-2", "SVC", "ACCOUNTADMIN", "ADMIN_WH", "0f3c9a1d2b7e + changes not committed", "V003__data.sql",
        "01b2c3d4-0000-0002", "one transaction", "INSERT OVERWRITE INTO", "TRANSACTION_ID 77",
        "another number of copies", "+RETURN '<b>' ;", "runner undo --env imsdlc --target 001", "NULL",
        "table MART.DIM_STOCKS_BACKUP",
    ):  # fmt: skip
        assert fact in text, fact


GOOD: dict[str, Any] = {
    "run": run_report([event(1, EventType.SUCCESS, 1, execution_time=5)], [row(1)], {}),
    "reconciliation": None,
    "pending": 0,
}
HEADLINES = [
    ({}, "The last run did not finish"),
    (GOOD, "Everything is applied"),
    (GOOD | {"pending": 2}, "2 scripts wait to be applied"),
    (GOOD | {"reconciliation_error": "unreachable"}, "The comparison with the source could not be made"),
    ({"run": None, "reconciliation": None}, "Nothing has been run yet"),
]


@pytest.mark.parametrize(("facts", "headline"), HEADLINES)
def test_the_headline_is_the_worst_that_is_true(facts: dict[str, Any], headline: str) -> None:
    assert f">{headline}</h1>" in page(report(environment(**facts)))


def test_a_difference_is_the_headline_even_when_all_is_applied() -> None:
    facts = GOOD | {"reconciliation": environment().reconciliation}
    assert ">The target differs from its source</h1>" in page(report(environment(**facts)))


def test_both_accounts_stand_in_one_page() -> None:
    text = page(report(environment(name="imcust"), environment()))
    assert 'id="imcust"' in text
    assert 'id="imsdlc"' in text


def test_the_same_report_gives_the_same_page() -> None:
    assert page(report()) == page(report())


@pytest.mark.parametrize(
    ("milliseconds", "shown"),
    [(None, ""), (0, "0 ms"), (999, "999 ms"), (1500, "1.5 s"), (61_000, "1 min 1 s"), (7_260_000, "2 h 1 min")],
)
def test_durations_are_read_at_a_glance(milliseconds: int | None, shown: str) -> None:
    assert duration(milliseconds) == shown


def test_numbers_and_moments_are_for_people() -> None:
    assert number(1234567) == "1\u202f234\u202f567"
    assert moment("2026-01-05T06:00:00+00:00") == "2026-01-05 06:00:00 UTC"
    assert moment("2026-01-05T06:00:00+01:00") == "2026-01-05 06:00:00 +0100"
    assert moment("never") == "never"


def test_a_statement_begins_after_its_comments() -> None:
    assert first_line("-- why\nSELECT  1,\n   2") == "SELECT 1, 2"
    assert len(first_line("SELECT " + "x, " * 100)) == 160
