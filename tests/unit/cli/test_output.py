"""Results as text and as JSON."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from runner.cli.output import as_json, plain, table
from runner.core.info import State
from runner.core.secret import Secret


@dataclass(frozen=True)
class Value:
    name: str
    hidden: str = field(repr=False, default="not shown")


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (None, None),
        (1, 1),
        (True, True),
        ("größe", "größe"),
        (State.OUT_OF_ORDER, "Out of Order"),
        (datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00+00:00"),
        ((1, 2), [1, 2]),
        ({1: (Value("x"),)}, {"1": [{"name": "x"}]}),
        (Secret("canary-4711"), "***"),
        ({"token": Secret("canary-4711")}, {"token": "***"}),
    ],
)
def test_values_as_json(value, wanted):
    assert plain(value) == wanted


def test_json_keeps_letters_as_they_are(capsys):
    as_json({"name": "größe 日本"})
    assert "größe 日本" in capsys.readouterr().out


def test_json_is_one_document(capsys):
    as_json([Value("a"), Value("b")])
    assert json.loads(capsys.readouterr().out) == [{"name": "a"}, {"name": "b"}]


def test_a_table_shows_every_cell_whole_where_there_is_no_terminal(capsys):
    table(
        ("name", "state", "when", "on"),
        [("x" * 90, State.PENDING, datetime(2026, 1, 1), True), (None, 1, 2.5, False)],
        "a title",
    )
    out = capsys.readouterr().out
    assert "x" * 90 in out
    assert "2026-01-01 00:00:00" in out
    assert "yes" in out
    assert "no" in out


def test_markup_in_a_cell_is_no_markup(capsys):
    table(("a",), [("[red]not red[/red] [x]",)])
    assert "[red]not red[/red] [x]" in capsys.readouterr().out
