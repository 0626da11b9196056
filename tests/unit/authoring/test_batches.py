"""Batches take every row exactly once: before the first bound, after the last, and without a value."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from runner.authoring.batches import Extent, bounds_of, conditions, cut_column, decided
from runner.catalog.estate import Column, Found
from runner.core.errors import InvalidFile, NotMovable
from tests.unit.authoring.asking import asked
from tests.unit.authoring.sample import table

FOUND = Found(table("T"), columns=(Column("DAY", "DATE"), Column("AT", "TIMESTAMP_TZ(9)"), Column("N", "NUMBER(38,0)"),
                                   Column("odd name", "NUMBER(5,0)"), Column("WORD", "VARCHAR(9)")))  # fmt: skip

COMMA = Column("a,b", "VARCHAR(9)")


def data(**words):
    return asked("t", data={"tables": {"t": {"strategy": "batches", **words}}}).data[0]


def test_months_of_dates():
    months = data(by="day", every="month")
    assert cut_column(months, FOUND, "") == "DAY"
    bounds = bounds_of(months, FOUND, Extent("2024-01-15", "2024-03-01"))
    assert bounds == ("'2024-01-01'::DATE", "'2024-02-01'::DATE", "'2024-03-01'::DATE")
    assert conditions(months, bounds) == (
        "DAY < '2024-01-01'::DATE",
        "DAY >= '2024-01-01'::DATE AND DAY < '2024-02-01'::DATE",
        "DAY >= '2024-02-01'::DATE AND DAY < '2024-03-01'::DATE",
        "DAY >= '2024-03-01'::DATE",
        "DAY IS NULL",
    )


def test_timestamps_keep_their_type():
    bounds = bounds_of(
        data(by="at", every="year"), FOUND, Extent("2023-05-01 12:00:00.000 +0100", "2024-01-01 00:00:00 Z")
    )
    assert bounds == ("'2023-01-01'::TIMESTAMP_TZ", "'2024-01-01'::TIMESTAMP_TZ")


def test_numbers_below_zero_too():
    keys = data(by='"odd name"', size=10)
    assert bounds_of(keys, FOUND, Extent("-5", "12")) == ("-5", "5")
    assert conditions(keys, ("-5", "5")) == (
        '"odd name" < -5', '"odd name" >= -5 AND "odd name" < 5', '"odd name" >= 5', '"odd name" IS NULL',
    )  # fmt: skip


def test_hashes_need_no_bounds():
    assert conditions(data(by='hash(n, "odd name")', parts=2), ()) == (
        'MOD(ABS(HASH(N, "odd name")), 2) = 0', 'MOD(ABS(HASH(N, "odd name")), 2) = 1',
    )  # fmt: skip


def test_an_empty_table_is_one_batch_of_everything():
    keys = data(by="n", size=10)
    assert conditions(keys, bounds_of(keys, FOUND, Extent(None, None))) == ("N IS NOT NULL", "N IS NULL")


@pytest.mark.parametrize(
    ("words", "reason"),
    [({"by": "gone", "size": 5}, "no column GONE"), ({"by": "word", "size": 5}, "holds no numbers"),
     ({"by": "n", "every": "day"}, "holds no dates")],
)  # fmt: skip
def test_a_column_that_cannot_cut(words, reason):
    with pytest.raises(InvalidFile, match=reason):
        cut_column(data(**words), FOUND, "config/migration.yaml")


def test_too_many_batches_are_refused():
    with pytest.raises(NotMovable, match="10,001 batches"):
        bounds_of(data(by="n", size=1), FOUND, Extent("0", "10000"))


@given(
    st.sampled_from(["day", "week", "month", "quarter", "year"]),
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    st.integers(0, 900),
    st.integers(-50, 1000),
)
def test_every_day_is_in_exactly_one_batch(every, least, days, place):
    words = data(by="day", every=every)
    bounds = bounds_of(words, FOUND, Extent(least.isoformat(), (least + timedelta(days=days)).isoformat()))
    cuts = [date.fromisoformat(bound[1:11]) for bound in bounds]
    assert cuts == sorted(set(cuts))
    assert cuts[0] <= least
    day = least + timedelta(days=place)
    inside = [day < cuts[0], *(low <= day < high for low, high in pairwise(cuts)), day >= cuts[-1]]
    assert inside.count(True) == 1


@pytest.mark.parametrize("by", ["hash(gone)", "hash(n, gone)", "hash(", "hash()", "n, day", "hash(n) + 1"])
def test_a_hash_of_what_is_not_there(by):
    with pytest.raises(InvalidFile, match="no column"):
        cut_column(data(by=by, parts=2), FOUND, "")


def test_a_hash_that_is_said_with_a_size_gets_its_parts():
    cut = decided(data(by="hash(n)", size=10), replace(FOUND, rows=95))
    assert (cut.parts, cut.size, len(conditions(cut, ()))) == (10, 0, 10)
    assert decided(cut, FOUND) == cut
    with pytest.raises(NotMovable, match="10,000 are the most"):
        decided(data(by="hash(n)", size=1), replace(FOUND, rows=10**9))


def test_a_comma_in_a_quoted_name_is_no_end():
    assert cut_column(data(by='hash("a,b", n)', parts=2), replace(FOUND, columns=(*FOUND.columns, COMMA)), "") == ""
    assert conditions(data(by='hash("a,b")', parts=2), ())[0] == 'MOD(ABS(HASH("a,b")), 2) = 0'
