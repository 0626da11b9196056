"""Reads of tables that policies govern: what is masked comes out masked, what is filtered does not come out.

The row access policy looks at the raw values, the masking policies at the rows it lets through. Their texts are
compiled with the rights of the policy's owner, in its schema (user-guide/security-row-intro, security-column-intro).
"""

from __future__ import annotations

from collections.abc import Callable

from runner.sandbox.catalog.model import ColumnModel, SchemaObject, Table
from runner.sandbox.law import policies
from runner.sandbox.law.policies import Applied
from runner.sandbox.query import parsing, types
from runner.sandbox.query.core import Col, E, Emitter, Relation, Scope, World
from runner.sandbox.tokens import quote_identifier

Owned = Callable[[World, SchemaObject], World]
"""The world as the owner of an object sees it."""


def governed(emitter: Emitter, table: Table, rows: str, owned: Owned) -> str:
    """The relation `rows` as the asker may see it."""
    if not table.policies:
        return rows
    world = emitter.world
    world.stable = False
    catalog = world.context.catalog
    alias = world.fresh("p")
    shared = table.account != world.caller.session.account

    def compiled(applied: Applied) -> E:
        seen = [Col(column.name, column.type, nullable=column.nullable) for column in table.columns]
        inner = emitter.within(owned(world, applied.policy), Scope(relations=[Relation(alias, seen)]))
        return inner.expr(parsing.expression(applied.sql))

    def item(column: ColumnModel) -> str:
        name = quote_identifier(column.name)
        applied = policies.masked_expression(catalog, table, column.name, alias, shared=shared)
        if applied is None:
            return f"{quote_identifier(alias)}.{name}"
        return f"{types.cast(compiled(applied), column.type).sql} AS {name}"

    items = ", ".join(item(column) for column in table.columns)
    condition = policies.row_filter(catalog, table, alias, shared=shared)
    where = f" WHERE {compiled(condition).sql}" if condition else ""
    return f"(SELECT {items} FROM {rows} AS {quote_identifier(alias)}{where})"
