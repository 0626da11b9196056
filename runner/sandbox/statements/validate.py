"""VALIDATE(table, JOB_ID => …): what was wrong with the files of a COPY (sql-reference/functions/validate).

The files of the job are read again, under the statement as it was: what was removed since tells nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from runner.sandbox.catalog.model import Table
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.history import Entry
from runner.sandbox.result import Result
from runner.sandbox.staging.copy_text import CopyIntoTable, into_location, read_into_table
from runner.sandbox.statements.copy_table import chosen, load_of, validated_rows
from runner.sandbox.tokens import Reader

LAST = "_last"


def validated(context: Context, table: tuple[str, ...], job: str) -> Result:
    """All errors of the job's files; `_last` is the session's latest COPY into a table."""
    wanted = context.get(Table, table)
    entry, statement = _job(context, job)
    if statement.query is not None:
        raise compilation(2085, "0A000", "VALIDATE does not support COPY statements that transform data.")
    options = {name: value for name, value in statement.options.items() if name not in ("ON_ERROR", "FORCE")}
    statement = replace(statement, validation="RETURN_ALL_ERRORS", options={**options, "ON_ERROR": "CONTINUE"})
    with _where(context, entry):
        load = load_of(context, statement)
        if load.table.id != wanted.id:
            raise _invalid(job)
        files = [file for file in chosen(load) if entry.ended_at is None or file.modified_at <= entry.ended_at]
        return validated_rows(load, files)


def _job(context: Context, job: str) -> tuple[Entry, CopyIntoTable]:
    session = context.session
    if job.lower() == LAST:
        mine = (e for e in context.engine.history.entries(session.account) if e.session_id == session.id)
        found = ((entry, _copy(entry.text)) for entry in mine if entry.query_type == "COPY")
        last = next(((entry, copy) for entry, copy in found if copy is not None), None)
        if last is None:
            raise _invalid(job)
        return last
    entry = context.engine.history.by_id(job)
    copy = _copy(entry.text) if entry is not None and entry.account == session.account else None
    if entry is None or copy is None:
        raise _invalid(job)
    return entry, copy


def _copy(text: str) -> CopyIntoTable | None:
    """The COPY INTO a table that the text is; None for anything else."""
    reader = Reader(text)
    try:
        reader.expect("COPY", "INTO")
        copy = None if into_location(reader) else read_into_table(reader)
    except SnowflakeError:
        return None
    return copy if copy is not None and not copy.validation else None


def _invalid(job: str) -> SnowflakeError:
    return compilation(100132, "02000", f"Invalid job id '{job[:80]}': no COPY INTO this table was run under it.")


@contextmanager
def _where(context: Context, entry: Entry) -> Iterator[None]:
    """Names mean what they meant to the job."""
    session = context.session
    here = session.database, session.schema
    session.database, session.schema = entry.database, entry.schema
    try:
        yield
    finally:
        session.database, session.schema = here
