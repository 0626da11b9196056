"""What a definition owes to a query or an expression: columns, rows, constants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from runner.sandbox.catalog.model import ColumnModel, Schema
from runner.sandbox.context import Context
from runner.sandbox.result import SnowType


@dataclass(frozen=True, slots=True)
class Derived:
    """A query that will fill a table."""

    context: Context
    columns: list[ColumnModel]

    @contextmanager
    def stored(self, columns: Sequence[ColumnModel]) -> Iterator[tuple[duckdb.DuckDBPyConnection, int]]:
        raise NotImplementedError
        yield


def derive(context: Context, query: str) -> Derived:
    raise NotImplementedError


def view_columns(context: Context, query: str, schema: Schema, name: str) -> list[ColumnModel]:
    raise NotImplementedError


def check_default(context: Context, text: str, column: ColumnModel) -> None:
    context.run(f"SELECT {text}")


def constant(context: Context, text: str, kind: SnowType) -> str:
    return text


def evaluate(context: Context, expression: str) -> object:
    return context.run(f"SELECT {expression}").scalar()
