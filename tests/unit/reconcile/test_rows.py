"""Which rows differ, from counts and hashes alone."""

from __future__ import annotations

from hypothesis import given, strategies as st

from runner.reconcile import rows
from runner.reconcile.result import RowKind
from runner.reconcile.shape import Column

ID, NAME = Column("ID", 1, "NUMBER(38,0)"), Column("NAME", 2, "VARCHAR(20)")


def test_buckets_grow_with_the_table_within_bounds() -> None:
    assert [rows.bucket_count(n) for n in (0, 10_000, 4_096_000, 10**12)] == [64, 64, 1000, 65536]


def test_only_buckets_that_differ_are_looked_at() -> None:
    source = [(0, 10, "1"), (1, 10, "2"), (2, 10, "3"), (3, 1, "9")]
    target = [(0, 10, "1"), (1, 10, "x"), (2, 11, "3"), (4, 5, "9")]
    assert rows.differing_buckets(source, target) == {1: 10, 2: 11, 3: 1, 4: 5}


def test_as_many_buckets_as_can_be_looked_at_and_at_least_one() -> None:
    assert rows.examined({1: 90_000, 2: 5_000, 3: 9_000}) == (1, 2)
    assert rows.examined({7: 10**9, 8: 1}) == (7,)
    assert rows.examined({}) == ()


def test_each_kind_of_difference_is_told_apart() -> None:
    source = [("1", "a", 1), ("2", "b", 1), ("3", "c", 1), ("4", "d", 1), ("5", "e", 2)]
    target = [("1", "a", 1), ("2", "x", 1), ("4", "d", 2), ("5", "e", 1), ("5", "f", 1), ("6", "g", 1)]
    found = {one.key: one.kind for one in rows.suspects(source, target)}
    assert found == {
        "2": RowKind.CHANGED, "3": RowKind.MISSING, "4": RowKind.REPEATED, "5": RowKind.CHANGED, "6": RowKind.EXTRA,
    }  # fmt: skip


def test_the_first_few_show_one_of_each_kind() -> None:
    source = [(str(n), "a", 1) for n in range(10)]
    target = [(str(n), "b", 1) for n in range(5)] + [("x", "a", 1)]
    assert {one.kind for one in rows.suspects(source, target)[:3]} == {RowKind.CHANGED, RowKind.MISSING, RowKind.EXTRA}


_sides = st.dictionaries(st.integers(0, 30).map(str), st.tuples(st.sampled_from("abc"), st.integers(1, 3)))


@given(_sides, _sides)
def test_nothing_that_differs_is_missed_and_nothing_else_is_told(
    source: dict[str, tuple[str, int]], target: dict[str, tuple[str, int]]
) -> None:
    found = rows.suspects([(k, *v) for k, v in source.items()], [(k, *v) for k, v in target.items()])
    assert {one.key for one in found} == {k for k in source.keys() | target if source.get(k) != target.get(k)}


def test_a_changed_row_is_shown_with_its_key_and_the_columns_that_differ() -> None:
    suspects = rows.suspects([("77", "1", 1)], [("77", "2", 1)])
    (row,) = rows.shown(suspects, (ID, NAME), (ID,), [("77", "5", "ann", "h5", "ha")], [("77", "5", "bob", "h5", "hb")])
    assert [(cell.column, cell.source) for cell in row.key] == [("ID", "5")]
    assert [(cell.column, cell.source, cell.target, cell.differs) for cell in row.cells] == [
        ("NAME", "ann", "bob", True)
    ]


def test_values_that_look_alike_and_are_not_are_marked() -> None:
    suspects = rows.suspects([("77", "1", 1)], [("77", "2", 1)])
    (row,) = rows.shown(suspects, (ID, NAME), (ID,), [("77", "5", "0", "h", "h1")], [("77", "5", "0", "h", "h2")])
    assert row.cells[0].differs


def test_a_row_of_one_side_marks_no_column() -> None:
    suspects = rows.suspects([], [("77", "2", 1)])
    (row,) = rows.shown(suspects, (ID, NAME), (ID,), [], [("77", "5", None, "h", "h2")])
    assert row.kind is RowKind.EXTRA
    assert not any(cell.differs for cell in row.cells)


def test_without_a_key_a_row_is_known_by_all_its_columns() -> None:
    suspects = rows.suspects([("77", "1", 1)], [])
    (row,) = rows.shown(suspects, (ID, NAME), (), [("77", "5", "ann", "h", "h2")], [])
    assert row.key == ()
    assert [cell.source for cell in row.cells] == ["5", "ann"]


def test_a_profile_counts_nulls_and_marks_columns_by_hash() -> None:
    source = (10, 10, 10, "1", "9", "h", 8, 3, "a", "z", "k")
    target = (10, 10, 10, "1", "9", "h", 7, 3, "a", "z", "l")
    first, second = rows.profiles((ID, NAME), source, target)
    assert (first.differs, second.differs) == (False, True)
    assert (second.source.nulls, second.target.nulls) == (2, 3)
