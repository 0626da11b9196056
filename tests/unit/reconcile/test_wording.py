"""The sentences that count and show rows: whatever the columns are called and hold."""

from __future__ import annotations

import pytest

from runner.core.names import ObjectName
from runner.reconcile import wording
from runner.reconcile.shape import Column
from runner.sql.lexing import meaningful, tokens

T = ObjectName.of("DEV_DB", "S", "my table")
ID = Column("ID", 1, "NUMBER(38,0)")
HOSTILE = Column('a"); DROP TABLE x; --', 2, "VARCHAR(10)")
FAMILIES = [
    "NUMBER(38,9)", "FLOAT", "VARCHAR(10)", "BINARY(8)", "BOOLEAN", "DATE", "TIME(9)", "TIMESTAMP_NTZ(9)",
    "TIMESTAMP_LTZ(9)", "TIMESTAMP_TZ(9)", "VARIANT", "OBJECT", "ARRAY", "GEOGRAPHY", "GEOMETRY", "VECTOR(FLOAT,3)",
]  # fmt: skip


def test_a_total_names_its_columns() -> None:
    assert wording.totals(T, [ID, HOSTILE]) == (
        'SELECT COUNT(*), TO_VARCHAR(HASH_AGG("ID", "a""); DROP TABLE x; --")) FROM DEV_DB.S."my table"'
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_every_type_can_be_counted_hashed_and_shown(family: str) -> None:
    column = Column("c", 1, family)
    for sql in (
        wording.totals(T, [column]),
        wording.profile(T, [column]),
        wording.rows(T, [column], [column], ["-5"]),
        wording.buckets(T, [column], [column], 64),
        wording.fingerprints(T, [column], [column], 64, [1, 2]),
    ):
        assert ";" not in [token.text for token in meaningful(tokens(sql))]
        assert '"c"' in sql


def test_shapes_on_a_map_are_hashed_as_bytes() -> None:
    assert "HASH_AGG(ST_ASWKB(" in wording.totals(T, [Column("G", 1, "GEOGRAPHY")])


def test_what_has_no_order_has_no_least_value() -> None:
    assert "MIN(" not in wording.profile(T, [Column("V", 1, "VARIANT")])


def test_the_least_text_is_the_least_by_its_characters() -> None:
    told = wording.profile(T, [Column("C", 1, "VARCHAR(10)", collation="en-ci"), Column("P", 2, "VARCHAR(10)")])
    assert """MIN("C" COLLATE 'utf8')""" in told
    assert 'MIN("P")' in told


def test_moments_are_shown_in_one_format_whatever_the_session_says() -> None:
    assert "'YYYY-MM-DD HH24:MI:SS.FF9 TZHTZM'" in wording.rows(T, [Column("X", 1, "TIMESTAMP_TZ(9)")], [ID], ["1"])


def test_only_numbers_reach_the_list_of_keys() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        wording.rows(T, [ID], [ID], ["1); DROP TABLE x; --"])
