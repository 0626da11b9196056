"""The one place that asks the parser. Import it where it is needed, not above: it takes long to load."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError


def tables(text: str) -> frozenset[tuple[str, ...]] | None:
    """The tables that one statement names, by their parts; None when the parser does not know the statement."""
    tree = _parsed(text)
    if tree is None:
        return None
    common = {_stored(cte.args["alias"].this) for cte in tree.find_all(exp.CTE)}
    found = {_parts(table) for table in tree.find_all(exp.Table) if isinstance(table.this, exp.Identifier)}
    return frozenset(parts for parts in found if len(parts) > 1 or parts[0] not in common)


def _parsed(text: str) -> exp.Expr | None:
    with _without_warnings():
        try:
            tree = sqlglot.parse_one(text, dialect="snowflake")
        except (SqlglotError, RecursionError):
            return None
    return None if isinstance(tree, exp.Command) else tree


@contextmanager
def _without_warnings() -> Iterator[None]:
    """That a statement is not known is an answer here, and nothing to print."""
    logger = logging.getLogger("sqlglot")
    logger.addFilter(_unsupported)
    try:
        yield
    finally:
        logger.removeFilter(_unsupported)


def _unsupported(record: logging.LogRecord) -> bool:
    return "unsupported syntax" not in record.getMessage()


def _parts(table: exp.Table) -> tuple[str, ...]:
    names = [_stored(part) for part in table.parts]
    return (names[0], "", names[1]) if len(names) == 2 and table.args.get("catalog") else tuple(names)


def _stored(identifier: exp.Expr) -> str:
    return identifier.name if identifier.args.get("quoted") else identifier.name.upper()
