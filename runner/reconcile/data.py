"""The rows of one table on both sides: counted, hashed, and looked at closer where they differ. Only queries."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from runner.connection.faults import StatementFault
from runner.core.errors import OwnStatementFailed
from runner.core.names import ObjectName
from runner.reconcile import rows, wording
from runner.reconcile.fetch import Side
from runner.reconcile.result import DataResult
from runner.reconcile.shape import Column

Answer: TypeAlias = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Where:
    """One side of a comparison."""

    side: Side
    table: ObjectName

    def ask(self, sql: str, limit: int | None = None) -> Answer:
        return self.side.session.execute(sql, limit=limit).rows


@dataclass(frozen=True, slots=True)
class Pair:
    """The same table twice. Both accounts work at the same time. `key`: empty where there is no primary key."""

    source: Where
    target: Where
    columns: tuple[Column, ...]
    key: tuple[Column, ...]

    def ask(self, question: Callable[[ObjectName], str], limit: int | None = None) -> tuple[Answer, Answer]:
        """One question to both accounts. Raises OwnStatementFailed of the account that refused it."""
        sides = (self.source, self.target)
        with ThreadPoolExecutor(2, "reconcile") as both:
            found = [both.submit(_asked, where, question(where.table), limit) for where in sides]
            try:
                source, target = (one.result() for one in found)
            except KeyboardInterrupt:
                self._end()
                raise
        return source, target

    def _end(self) -> None:
        """Whoever interrupts does not wait for a scan of a large table: with its session the statement ends."""
        for where in (self.source, self.target):
            where.side.session.close()

    @property
    def known_by(self) -> tuple[Column, ...]:
        return self.key or self.columns


def _asked(where: Where, sql: str, limit: int | None) -> Answer:
    try:
        return where.ask(sql, limit)
    except StatementFault as fault:
        doing = f"comparing the rows of {where.table}"
        raise OwnStatementFailed(where.side.environment, doing, fault.errno, fault.message) from None


def compare(pair: Pair, against: str, *, binding: bool, most: int) -> DataResult:
    """Counts and hashes; where they differ, each column's profile and at most `most` of the rows (0: none)."""
    source, target = pair.ask(lambda table: wording.totals(table, pair.columns))
    (theirs, their_hash), (ours, our_hash) = source[0], target[0]
    result = DataResult(
        against, (theirs, their_hash) == (ours, our_hash), binding, int(theirs), int(ours), str(their_hash),
        str(our_hash), tuple(column.name for column in pair.columns),
    )  # fmt: skip
    return result if result.equal or not binding else _closer(pair, result, most)


def _closer(pair: Pair, result: DataResult, most: int) -> DataResult:
    source, target = pair.ask(lambda table: wording.profile(table, pair.columns))
    profiled = replace(result, profile=rows.profiles(pair.columns, source[0], target[0]))
    return _drilled(pair, profiled, most)


def _drilled(pair: Pair, result: DataResult, most: int) -> DataResult:
    """From buckets to rows, so that only what differs is fetched, however large the table is."""
    count = rows.bucket_count(max(result.source_rows, result.target_rows))
    differing = rows.differing_buckets(
        *pair.ask(lambda table: wording.buckets(table, pair.columns, pair.known_by, count))
    )
    chosen = rows.examined(differing)
    if not chosen:
        return replace(result, all_counted=False)
    suspects = rows.suspects(
        *pair.ask(lambda table: wording.fingerprints(table, pair.columns, pair.known_by, count, chosen))
    )
    counted = replace(result, differing_rows=len(suspects), all_counted=len(chosen) == len(differing))
    return _shown(pair, counted, suspects[:most]) if most and suspects else counted


def _shown(pair: Pair, result: DataResult, wanted: tuple[rows.Suspect, ...]) -> DataResult:
    keys = [one.key for one in wanted]
    limit = 10 * len(keys) + sum(one.source + one.target for one in wanted)
    source, target = pair.ask(lambda table: wording.rows(table, pair.columns, pair.known_by, keys), limit)
    return replace(result, rows=rows.shown(wanted, pair.columns, pair.key, source, target))
