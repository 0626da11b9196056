"""One file on its way into a table: read, converted, its bad records found; what COPY remembers and tells of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta

import pyarrow as pa

from runner.sandbox.catalog.model import LoadedFile
from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.result import NUMBER, TEXT, Column, Result, StatementType, rows_result
from runner.sandbox.staging.folders import StagedFile
from runner.sandbox.staging.records import Flaw, Records

REMEMBERED = timedelta(days=64)
Convert = Callable[[pa.Table], pa.Table]
"""Rows as they were read, as rows that the table takes; raises SnowflakeError when one of them cannot be."""
Marks = Callable[[pa.Table], list[int]]
"""Places of rows that can surely not be converted; there may be others."""
_TOLD_EACH = 200
_ADVICE = (
    "If you would like to continue loading when an error is encountered, use other values such as 'SKIP_FILE' or "
    "'CONTINUE' for the ON_ERROR option. For more information on loading options, please run 'info loading_data' in a "
    "SQL client."
)


@dataclass
class Outcome:
    """What became of one file."""

    shown: str
    file: StagedFile
    parsed: int = 0
    tables: list[pa.Table] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    limit: int = 1
    skipped: bool = False

    @property
    def loaded(self) -> int:
        return 0 if self.skipped else sum(table.num_rows for table in self.tables)

    @property
    def status(self) -> str:
        if not self.flaws:
            return "LOADED"
        return "LOAD_FAILED" if self.loaded == 0 else "PARTIALLY_LOADED"

    def remembered(self, now: datetime, pipe: str | None) -> LoadedFile:
        """The file as the table's load history has it."""
        first = self.flaws[0] if self.flaws else None
        return LoadedFile(
            location=self.shown,
            md5=self.file.md5,
            size=self.file.size,
            modified_at=self.file.modified_at,
            loaded_at=now,
            status=self.status,
            parsed=self.parsed,
            loaded=self.loaded,
            errors=len(self.flaws),
            error_limit=self.limit,
            first_error=first.message if first else None,
            first_error_line=first.line if first else None,
            first_error_character=first.character if first else None,
            first_error_column=first.column if first else None,
            pipe=pipe,
        )


def converted(
    records: Records, rows: pa.Table, convert: Convert, *, most: int | None = None, marks: Marks | None = None
) -> tuple[list[pa.Table], list[Flaw]]:
    """The rows that can be converted, and a flaw for each that cannot; with `most`, only the first so many flaws.

    Bad rows are found by halving until they stand alone. Where every flaw is wanted and there may be very many, `marks`
    tells most of them at once.
    """
    done: list[pa.Table] = []
    flaws: list[Flaw] = []
    kept = list(range(rows.num_rows))
    pending = [(0, rows.num_rows)] if rows.num_rows else []
    while pending and (most is None or len(flaws) < most):
        start, count = pending.pop()
        try:
            done.append(convert(rows.slice(start, count)))
        except SnowflakeError as error:
            if not is_of_data(error):
                raise
            if count == len(kept) and marks is not None and most is None:
                flaws += _marked(records, rows, convert, marks(rows))
                marks, bad = None, {flaw.row for flaw in flaws}
                kept = [at for at in kept if records.rows[at] not in bad]
                rows = rows.take(pa.array(kept, pa.int64()))
                pending = [(0, len(kept))] if kept else []
            elif count == 1:
                flaws.append(_flaw(records, kept[start], error))
            else:
                half = count // 2
                pending += [(start + half, count - half), (start, half)]
    return done, flaws


def _marked(records: Records, rows: pa.Table, convert: Convert, marks: list[int]) -> list[Flaw]:
    """The rows that are marked as bad, told by their own errors; of very many the later ones by the last of these."""
    found: list[Flaw] = []
    last: SnowflakeError | None = None
    for number, at in enumerate(marks):
        if last is None or number < _TOLD_EACH:
            try:
                convert(rows.slice(at, 1))
                continue
            except SnowflakeError as error:
                last = error
        found.append(_flaw(records, at, last))
    return found


def is_of_data(error: SnowflakeError) -> bool:
    """Whether a value is to blame: those numbers are above 100000."""
    return error.errno > 100000 and error.errno not in (100109, 100094)


def _flaw(records: Records, at: int, error: SnowflakeError) -> Flaw:
    line = records.lines[at] if records.lines else records.rows[at]
    return Flaw(records.rows[at], line, 1, error.message, None, error)


def mismatched(records: Records, wanted: int) -> list[Flaw]:
    """Records with more or fewer fields than the table has columns."""
    found = []
    for at, width in enumerate(records.widths):
        if width != wanted:
            message = (
                f"Number of columns in file ({width}) does not match that of the corresponding table ({wanted}), "
                "use file format option error_on_column_count_mismatch=false to ignore this error"
            )
            error = SnowflakeError(100080, "22000", message)
            found.append(Flaw(records.rows[at], records.lines[at], 1, message, None, error))
    return found


def without(records: Records, flaws: Iterable[Flaw]) -> Records:
    """The records but those that are flawed."""
    bad = {flaw.row for flaw in flaws}
    if not bad:
        return records
    kept = [at for at, row in enumerate(records.rows) if row not in bad]
    return replace(
        records,
        table=records.table.take(pa.array(kept, pa.int64())),
        lines=[records.lines[at] for at in kept] if records.lines else [],
        rows=[records.rows[at] for at in kept],
        widths=[records.widths[at] for at in kept] if records.widths else [],
    )


def error_of(outcome: Outcome, flaw: Flaw) -> SnowflakeError:
    """What ABORT_STATEMENT raises for the first bad record."""
    errno, state = (flaw.error.errno, flaw.error.sqlstate) if flaw.error else (100016, "22000")
    place = f"File '{outcome.file.name}', line {flaw.line}, character {flaw.character}"
    column = f", column {flaw.column}" if flaw.column else ""
    return SnowflakeError(errno, state, f"{flaw.message}\n  {place}\n  Row {flaw.row}{column}\n  {_ADVICE}")


def known(history: Sequence[LoadedFile], shown: str, file: StagedFile, now: datetime) -> bool:
    """Whether COPY has loaded this file already: the same name and content, within 64 days."""
    return any(
        entry.location == shown and now - entry.loaded_at <= REMEMBERED and entry.status != "LOAD_FAILED"
        for entry in history
        if entry.md5 == file.md5
    )


def together(history: Sequence[LoadedFile], fresh: Sequence[LoadedFile], now: datetime) -> list[LoadedFile]:
    """The history with what was loaded now; what is older than 64 days is forgotten."""
    newer = {entry.location for entry in fresh}
    kept = [e for e in history if now - e.loaded_at <= REMEMBERED and e.location not in newer]
    return [*kept, *fresh]


_COLUMNS = (
    Column("file", TEXT), Column("status", TEXT), Column("rows_parsed", NUMBER), Column("rows_loaded", NUMBER),
    Column("error_limit", NUMBER), Column("errors_seen", NUMBER), Column("first_error", TEXT),
    Column("first_error_line", NUMBER), Column("first_error_character", NUMBER),
    Column("first_error_column_name", TEXT),
)  # fmt: skip


def told(outcomes: Sequence[Outcome]) -> Result:
    """One row a file, as COPY answers."""
    if not outcomes:
        message = "Copy executed with 0 files processed."
        return rows_result([Column("status", TEXT)], [(message,)], StatementType.COPY)
    rows = []
    for outcome in outcomes:
        first = outcome.flaws[0] if outcome.flaws else None
        error = (first.message, first.line, first.character, first.column) if first else (None, None, None, None)
        counts = (outcome.parsed, outcome.loaded, outcome.limit, len(outcome.flaws))
        rows.append((outcome.shown, outcome.status, *counts, *error))
    result = rows_result(_COLUMNS, rows, StatementType.COPY)
    return replace(result, rowcount=sum(outcome.loaded for outcome in outcomes))
