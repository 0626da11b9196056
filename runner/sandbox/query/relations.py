"""Relations of a FROM clause: their aliases, their columns, and results that stand for tables."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import reduce

from sqlglot import exp

from runner.sandbox.errors import compilation
from runner.sandbox.query import types, watch
from runner.sandbox.query.columns import name_of
from runner.sandbox.query.core import Col, Emitter, Expr, Relation, World
from runner.sandbox.result import Result
from runner.sandbox.tokens import quote_identifier

Parts = tuple[str, ...]


def alias_of(node: Expr) -> tuple[str, list[str]]:
    """The alias given, and the names it gives to the columns."""
    alias = node.args.get("alias")
    if not isinstance(alias, exp.TableAlias):
        return "", []
    return name_of(alias.this) if alias.this is not None else "", [name_of(column) for column in alias.columns]


def as_relation(
    emitter: Emitter, node: Expr, sql: str, columns: list[Col], default: str, path: Parts = ()
) -> tuple[str, Relation]:
    """`(sql) AS alias(columns)`, and what the names around it see."""
    alias, names = alias_of(node)
    if len(names) > len(columns):
        raise compilation(2027, "42601", f"alias '{alias}' has more columns than the relation")
    shown = [replace(column, name=name, sql=None) for column, name in zip(columns, names, strict=False)]
    shown += [replace(column, sql=None) for column in columns[len(names) :]]
    alias = alias or default or emitter.world.fresh("q")
    if len({column.name.casefold() for column in shown}) < len(shown):
        return _numbered(emitter, sql, shown, alias, path)
    renamed = "(" + ", ".join(quote_identifier(column.name) for column in shown) + ")" if names else ""
    called = emitter.world.shown(alias)
    return f"{sql} AS {quote_identifier(called)}{renamed}", Relation(alias, shown, path, shown=called)


def _numbered(emitter: Emitter, sql: str, shown: list[Col], alias: str, path: Parts) -> tuple[str, Relation]:
    """Columns of one name are told apart by their place: `*` takes each, their name alone is ambiguous."""
    names = [quote_identifier(emitter.world.fresh("c")) for _ in shown]
    known = emitter.world.shown(alias)
    called = quote_identifier(known)
    columns = [replace(column, sql=f"{called}.{name}") for column, name in zip(shown, names, strict=True)]
    return f"{sql} AS {called}({', '.join(names)})", Relation(alias, columns, path, shown=known)


def registered(world: World, result: Result) -> str:
    """A result as a relation of the running statement; its columns under their names."""
    name = world.fresh("r")
    world.tables[name] = result.table.rename_columns([f"c{at}" for at in range(result.table.num_columns)])
    shown = ", ".join(
        f"{_semi(f'c{at}', column.type.name)} AS {quote_identifier(column.name)}"
        for at, column in enumerate(result.columns)
    )
    return f"(SELECT {shown} FROM {quote_identifier(name)})"


def _semi(sql: str, kind: str) -> str:
    return f"CAST({sql} AS JSON)" if kind in types.SEMI else sql


def plain_number(value: object, clause: str) -> float:
    """A number that a clause takes, whatever its kind; of 18 digits before the point at most."""
    if not isinstance(value, int | float | Decimal) or not -(10**18) < value < 10**18:
        raise compilation(1008, "22023", f"invalid value [{value}] for {clause}")
    return float(value)


def names_itself(cte: Expr) -> bool:
    """The word RECURSIVE may be left out (sql-reference/constructs/with)."""
    name, _ = alias_of(cte)
    return isinstance(cte.this, exp.Union) and any(
        name_of(table.this) == name for table in cte.this.expression.find_all(exp.Table) if not table.args.get("db")
    )


def spread(columns: list[Col]) -> list[Col]:
    """Columns of a recursive query: what comes into one may go through all of them."""
    found = reduce(watch.both, (column.guards for column in columns), None)
    return [replace(column, guards=found) for column in columns] if found else columns


def named(columns: list[Col], names: list[str]) -> list[Col]:
    renamed = [replace(column, name=name) for column, name in zip(columns, names, strict=False)]
    return renamed + columns[len(names) :]
