"""Which sandbox can read which state: the file says what format it has, and who wrote it last."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from runner import __version__

FORMAT = 3
"""Grows whenever an older sandbox could not read what this one writes. Every format before is read."""


class StateError(Exception):
    """A state that this sandbox cannot open: which file, and what to do."""


@contextmanager
def readable(path: Path | None) -> Iterator[None]:
    """What the engine cannot read inside the block becomes a StateError that names the file."""
    try:
        yield
    except duckdb.Error as error:
        first = str(error).strip().splitlines()[0]
        raise StateError(
            f"{path} cannot be read: {first}\nRestore a snapshot (`runner sandbox snapshot list`), or begin anew with "
            "`runner sandbox reset`."
        ) from error


def connected(path: Path | None) -> duckdb.DuckDBPyConnection:
    """The organisation's file, open; a damaged one, or one of a newer sandbox, is named."""
    with readable(path):
        connection = duckdb.connect(str(path) if path else ":memory:")
        _check(connection, path)
    return connection


def _check(connection: duckdb.DuckDBPyConnection, path: Path | None) -> None:
    connection.execute("CREATE TABLE IF NOT EXISTS _state (format INTEGER, version VARCHAR)").fetchall()
    for number, version in connection.execute("SELECT format, version FROM _state").fetchall():
        if number > FORMAT:
            connection.close()
            raise StateError(
                f"{path} was written by runner {version} (state format {number}); this is runner {__version__}, which "
                f"reads formats up to {FORMAT}. Use runner {version} or newer."
            )
        if (number, version) == (FORMAT, __version__):
            return
    connection.execute("DELETE FROM _state").fetchall()
    connection.execute("INSERT INTO _state VALUES (?, ?)", [FORMAT, __version__]).fetchall()
