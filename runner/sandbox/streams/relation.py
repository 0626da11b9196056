"""Change rows as engine SQL: the net difference between two instants, what was appended, and a table as it was.

Sources: user-guide/streams-intro (stream columns, types of streams), sql-reference/constructs/changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from runner.sandbox.catalog.model import ColumnModel, Table
from runner.sandbox.query import types
from runner.sandbox.query.core import Col
from runner.sandbox.storage import TRACK
from runner.sandbox.streams.log import names_of
from runner.sandbox.tokens import quote_identifier

ACTION, IS_UPDATE, ROW_ID = "METADATA$ACTION", "METADATA$ISUPDATE", "METADATA$ROW_ID"
_INSERT = "'INSERT'"
METADATA = (Col(ACTION, types.text(6)), Col(IS_UPDATE, types.BOOL), Col(ROW_ID, types.text(40)))


def _shown(table: Table, source: str, action: str, is_update: str) -> str:
    row_id = f"sha1('{table.id}:' || {TRACK})"
    return (
        f'SELECT {names_of(table.columns)}, {action} AS "{ACTION}", {is_update} AS "{IS_UPDATE}", '
        f'{row_id} AS "{ROW_ID}" FROM {source}'
    )


def _between(table: Table, since: datetime, until: datetime) -> str:
    return (
        f"(SELECT * FROM s{table.change_log} WHERE \"$at\" > '{since.isoformat()}'::TIMESTAMPTZ "
        f"AND \"$at\" <= '{until.isoformat()}'::TIMESTAMPTZ)"
    )


def net(table: Table, since: datetime, until: datetime) -> str:
    """What is different: a row that came and went is not there, a row that changed is a DELETE and an INSERT."""
    whole = f"ROW({names_of(table.columns)})"
    window = f'PARTITION BY {TRACK} ORDER BY "$at", "$op"'
    frame = f"({window} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"
    lines = (
        f'(SELECT *, first_value("$op") OVER {frame} AS "$first", last_value("$op") OVER {frame} AS "$last", '
        f'row_number() OVER ({window}) AS "$n", count(*) OVER (PARTITION BY {TRACK}) AS "$of", '
        f'first_value({whole}) OVER {frame} IS NOT DISTINCT FROM last_value({whole}) OVER {frame} AS "$same" '
        f"FROM {_between(table, since, until)})"
    )
    chosen = (
        f'(SELECT * FROM {lines} WHERE (("$n" = 1 AND "$op" = 0) OR ("$n" = "$of" AND "$op" = 1)) '
        f'AND NOT ("$first" = 0 AND "$last" = 1 AND "$same"))'
    )
    action = "CASE \"$op\" WHEN 0 THEN 'DELETE' ELSE 'INSERT' END"
    is_update = '("$first" = 0 AND "$last" = 1)'
    return f"({_shown(table, chosen, action, is_update)})"


def appended(table: Table, since: datetime, until: datetime) -> str:
    """What was inserted, whatever became of it later."""
    lines = (
        f'(SELECT *, min("$op") OVER (PARTITION BY {TRACK}, "$at") AS "$least" FROM {_between(table, since, until)})'
    )
    chosen = f'(SELECT * FROM {lines} WHERE "$least" = 1)'
    return f"({_shown(table, chosen, _INSERT, 'FALSE')})"


def as_of(table: Table, moment: datetime) -> str:
    """The rows with their numbers as they were: those of today that did not change since, and what the changed were."""
    later = f"(SELECT * FROM s{table.change_log} WHERE \"$at\" > '{moment.isoformat()}'::TIMESTAMPTZ)"
    names = f"{TRACK}, {names_of(table.columns)}"
    first = f'(SELECT *, row_number() OVER (PARTITION BY {TRACK} ORDER BY "$at", "$op") AS "$n" FROM {later})'
    return (
        f"(SELECT {names} FROM s{table.storage} AS now WHERE NOT EXISTS "
        f"(SELECT 1 FROM {later} AS later WHERE later.{TRACK} = now.{TRACK}) "
        f'UNION ALL SELECT {names} FROM {first} WHERE "$n" = 1 AND "$op" = 0)'
    )


def numbered(table: Table, moment: datetime) -> str:
    """The rows as they were, each with its METADATA$ROW_ID."""
    row_id = f"sha1('{table.id}:' || {TRACK})"
    return f'(SELECT {names_of(table.columns)}, {row_id} AS "{ROW_ID}" FROM {as_of(table, moment)})'


def difference(columns: Sequence[ColumnModel], before: str, after: str) -> str:
    """The net change between two states of a view, whose rows are known by METADATA$ROW_ID."""
    names = [quote_identifier(column.stored) for column in columns]
    own = ", ".join(f"a.{name}" for name in names)
    other = ", ".join(f"b.{name}" for name in names)

    def half(action: str, mine: str, theirs: str) -> str:
        return (
            f'SELECT {own}, \'{action}\' AS "{ACTION}", b."{ROW_ID}" IS NOT NULL AS "{IS_UPDATE}", a."{ROW_ID}" '
            f'FROM {mine} AS a LEFT JOIN {theirs} AS b ON a."{ROW_ID}" = b."{ROW_ID}" '
            f'WHERE b."{ROW_ID}" IS NULL OR ROW({own}) IS DISTINCT FROM ROW({other})'
        )

    return f"({half('DELETE', before, after)} UNION ALL {half('INSERT', after, before)})"


def all_inserted(columns: Sequence[ColumnModel], rows: str) -> str:
    """A view's rows as if they had been inserted."""
    return f'(SELECT {names_of(columns)}, {_INSERT} AS "{ACTION}", FALSE AS "{IS_UPDATE}", "{ROW_ID}" FROM {rows} AS v)'


def existing(table: Table, moment: datetime) -> str:
    """SHOW_INITIAL_ROWS: what was there, as if it had been inserted."""
    return f"({_shown(table, as_of(table, moment), _INSERT, 'FALSE')})"
