"""Going on: what was done is kept when, and only when, it is unchanged."""

import pytest

from runner.core.errors import HistoryDisagrees, StatementInDoubt
from runner.core.history import StatementRow, StatementState
from runner.core.resume import kept
from runner.core.script import Rendered, Statement
from tests.unit.core.history_of import script


def rendered(*texts, group=()):
    statements = tuple(Statement(n, text, n * 10, group=1 if n in group else None) for n, text in enumerate(texts, 1))
    return Rendered(script("V1"), "dev", ";\n".join(texts), statements)


def row(ordinal, text, state=StatementState.SUCCESS, cut=64):
    return StatementRow(
        run_id="run",
        script="V1__it.sql",
        installed_rank=1,
        ordinal=ordinal,
        sha256=Statement(ordinal, text, 1).sha256[:cut],
        line=1,
        query_id="q",
        state=state,
    )


ABC = ("A", "B", "C")


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([], []),
        ([row(1, "A")], [1]),
        ([row(1, "A"), row(2, "B")], [1, 2]),
        ([row(1, "A"), row(2, "B", StatementState.FAILED)], [1]),
        ([row(1, "A", cut=12)], [1]),
        ([row(1, "A", StatementState.FAILED), row(1, "A")], [1]),
    ],
)
def test_what_stands_as_done(rows, wanted):
    assert list(kept(rendered(*ABC), rows)) == wanted


def test_what_failed_may_be_mended_and_what_comes_after_it():
    assert list(kept(rendered("A", "mended", "new", "C"), [row(1, "A"), row(2, "B", StatementState.FAILED)])) == [1]


@pytest.mark.parametrize("texts", [("edited", "B", "C"), ("X", "A", "B", "C"), ("B", "C"), ()])
def test_an_edit_before_the_failed_statement_is_refused(texts):
    with pytest.raises(HistoryDisagrees, match="statement 1 was applied before the script stopped, and is no longer"):
        kept(rendered(*texts), [row(1, "A"), row(2, "B", StatementState.FAILED)])


def test_the_rendered_line_is_named():
    with pytest.raises(HistoryDisagrees, match=r"versions/V1__it\.sql \(rendered line 20\)"):
        kept(rendered("A", "edited"), [row(1, "A"), row(2, "B")])


def test_a_checksum_too_short_to_mean_anything_is_no_proof():
    with pytest.raises(HistoryDisagrees):
        kept(rendered("A"), [row(1, "A", cut=4)])


def test_a_hole_before_what_was_done_is_in_doubt():
    with pytest.raises(StatementInDoubt, match="whether statement 1 of V1 ran is unknown"):
        kept(rendered(*ABC), [row(2, "B")])


def test_a_parallel_group_may_have_holes():
    assert list(kept(rendered(*ABC, group=(1, 2, 3)), [row(3, "C")])) == [3]


def test_but_none_before_the_group():
    with pytest.raises(StatementInDoubt):
        kept(rendered("A", "B", "C", group=(2, 3)), [row(3, "C")])
