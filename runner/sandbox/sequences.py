"""Sequences: values never given twice, taken from the engine's own sequence `q<id>_<increment>`.

The record in the catalogue says where the next value is; a statement that took values writes it back.
Source: user-guide/querying-sequences (gaps are allowed, a rollback does not take values back).
"""

from __future__ import annotations

from collections.abc import Iterable

from runner.sandbox.catalog.model import Sequence
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.storage import Storage


def engine_name(sequence: Sequence) -> str:
    return f"q{sequence.id}_{sequence.increment}".replace("-", "m")


def next_value_sql(sequence: Sequence) -> str:
    return f"CAST(nextval('main.{engine_name(sequence)}') AS DECIMAL(38,0))"


def prepare(storage: Storage, sequences: Iterable[Sequence]) -> None:
    """Make what the statement will draw from."""
    for sequence in sequences:
        if not storage.first(engine_name(sequence)):
            continue
        edge = "MINVALUE -9223372036854775808 MAXVALUE 9223372036854775807"
        with storage.cursor() as cursor:
            cursor.execute(
                f"CREATE SEQUENCE IF NOT EXISTS main.{engine_name(sequence)} START WITH {sequence.next_value} "
                f"INCREMENT BY {sequence.increment} {edge}"
            )


def write_back(catalog: Catalog, storage: Storage, sequences: Iterable[Sequence]) -> None:
    """Say in the catalogue where the sequences now stand."""
    for sequence in sequences:
        with storage.cursor() as cursor:
            found = cursor.execute(
                "SELECT last_value FROM duckdb_sequences() WHERE sequence_name = ?", [engine_name(sequence)]
            ).fetchall()
        for (last,) in found:
            if last is not None:
                with catalog.work() as work:
                    work.note(sequence, next_value=int(last) + sequence.increment)
