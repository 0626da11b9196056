"""Calls of functions in other languages in a query: each is a function of the engine's that asks a child process.

A call has one argument, a structure of its values, so that a function without arguments is called for each row too.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from runner.sandbox import zones
from runner.sandbox.catalog.model import Routine
from runner.sandbox.classes import dataclass
from runner.sandbox.control import Control
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.failures import raising
from runner.sandbox.javascript import wire as javascript
from runner.sandbox.python import wire as python
from runner.sandbox.python.process import Child, understood
from runner.sandbox.python.wire import array_of, rows_of
from runner.sandbox.result import SnowType
from runner.sandbox.storage import physical
from runner.sandbox.tokens import quote_identifier

_NUMBERS = itertools.count(1)
Row = list[object]
WIRES = {
    "PYTHON": (python.sent, python.returned),
    "JAVASCRIPT": (javascript.sent, javascript.returned),
}
"""How each language is given values, and gives them back."""


def new_name() -> str:
    """A name for the engine that no other call has: functions of the engine are seen by all cursors."""
    return f"foreign_{next(_NUMBERS)}"


def engine_type(kind: SnowType) -> str:
    """The engine's type of a value on its way: semi-structured ones go as their text."""
    found = physical(kind)
    return "VARCHAR" if found == "JSON" else found


@dataclass(frozen=True, slots=True)
class ForeignCall:
    """One call in one statement."""

    routine: Routine
    zone: str
    arguments: tuple[SnowType, ...]
    columns: tuple[tuple[str, SnowType], ...]
    """What it gives: one value without a name, or the columns of a table. Moments are of types with nanoseconds
    where the values may have any."""
    imports: tuple[Path, ...] = ()

    @property
    def is_table(self) -> bool:
        return self.routine.returns.startswith("TABLE")

    @property
    def parameter(self) -> str:
        """The engine's type of the structure, or of a partition's structures."""
        fields = [f"a{at} {engine_type(each)}" for at, each in enumerate(self.arguments)]
        return f"STRUCT({', '.join(fields or ['a0 BOOLEAN'])})" + "[]" * (self.is_table or self.routine.aggregate)

    @property
    def result(self) -> str:
        if not self.is_table:
            return engine_type(self.columns[0][1])
        fields = ", ".join(f"{quote_identifier(name)} {engine_type(kind)}" for name, kind in self.columns)
        return f"STRUCT(n INTEGER, o STRUCT({fields}))[]"

    def structure(self, values: Iterable[str]) -> str:
        """Engine SQL of the one argument."""
        typed = zip(values, self.arguments, strict=True)
        fields = [f"a{at} := CAST({value} AS {engine_type(each)})" for at, (value, each) in enumerate(typed)]
        return f"struct_pack({', '.join(fields or ['a0 := TRUE'])})"

    def _row(self, value: Mapping[str, object]) -> Row:
        """The arguments of one call, as the child is sent them."""
        sent, _ = WIRES[self.routine.language]
        return [sent(kind, value[f"a{at}"], self.zone) for at, kind in enumerate(self.arguments)]

    def _received(self, kind: SnowType, value: object) -> object:
        _, received = WIRES[self.routine.language]
        return received(kind, value, self.zone)

    def scalars(self, child: Child, column: pa.ChunkedArray) -> pa.Array:
        [(_, kind)] = self.columns
        rows = [self._row(value) for value in zones.listed(column)]
        asked = [row for row in rows if not self._skipped(row)]
        given = iter(_all(child.ask({"do": "rows", "rows": asked})["rows"], len(asked)) if asked else [])
        values = [None if self._skipped(row) else self._received(kind, next(given)) for row in rows]
        return array_of(kind, values)

    def groups(self, child: Child, column: pa.ChunkedArray) -> pa.Array:
        """One value for each group of rows."""
        [(_, kind)] = self.columns
        asked = [[self._row(value) for value in group or ()] for group in zones.listed(column)]
        given = _all(child.ask({"do": "groups", "groups": asked})["rows"], len(asked)) if asked else []
        return array_of(kind, [self._received(kind, value) for value in given])

    def values(self, child: Child, column: pa.ChunkedArray) -> pa.Array:
        """What the engine is given for a column of its own."""
        if self.routine.aggregate:
            return self.groups(child, column)
        return self.tables(child, column) if self.is_table else self.scalars(child, column)

    def _skipped(self, row: Row) -> bool:
        return self.routine.strict and None in row

    def tables(self, child: Child, column: pa.ChunkedArray) -> pa.Array:
        """The rows that each partition gives, each with the number of the input row that it came of, 0 at the end."""
        asked = [[self._row(value) for value in partition] for partition in zones.listed(column)]
        answers = _all(child.ask({"do": "partitions", "partitions": asked})["partitions"], len(asked))
        every = [
            [(at, row) for at, rows in enumerate(answer["rows"], 1) for row in rows]
            + [(0, row) for row in answer["end"]]
            for answer in answers
        ]
        ends = pa.array(itertools.accumulate(map(len, every), initial=0), pa.int32())
        return pa.ListArray.from_arrays(ends, self._numbered([each for rows in every for each in rows]))

    def _numbered(self, rows: list[tuple[int, Row]]) -> pa.StructArray:
        kinds = [kind for _, kind in self.columns]
        values = [[self._received(k, v) for k, v in zip(kinds, row, strict=True)] for _, row in rows]
        numbers = pa.array([number for number, _ in rows], pa.int32())
        return pa.StructArray.from_arrays([numbers, rows_of(self.columns, values)], ["n", "o"])


def _all(found: list[Any], count: int) -> list[Any]:
    if not isinstance(found, list) or len(found) != count:
        raise ValueError(f"not {count} values")
    return found


Calls = Mapping[str, ForeignCall]


@contextmanager
def serving(cursor: duckdb.DuckDBPyConnection, calls: Calls, control: Control) -> Iterator[None]:
    """While inside, the engine knows the calls; afterwards neither a function nor a process is left."""
    children = {name: Child(call.routine, control, call.zone, call.imports) for name, call in calls.items()}
    for name, call in calls.items():
        function = _function(call, children[name])
        parameters, result = [duckdb.sqltype(call.parameter)], duckdb.sqltype(call.result)
        cursor.create_function(
            name, function, parameters, result, type="arrow", null_handling="special", side_effects=True
        )
    try:
        yield
    finally:
        for name, child in children.items():
            child.close()
            with suppress(duckdb.Error):  # A transaction that has failed takes the function with it.
                cursor.remove_function(name)


def _function(call: ForeignCall, child: Child) -> Callable[[pa.ChunkedArray], pa.Array]:
    def function(column: pa.ChunkedArray) -> pa.Array:
        try:
            with understood(call.routine):
                return call.values(child, column)
        except SnowflakeError as error:
            # The engine puts words of its own behind a message: this line ends ours (see `failures.translated`).
            raise RuntimeError(raising(error.errno, error.sqlstate, error.message) + "\n\nLINE") from error

    return function
