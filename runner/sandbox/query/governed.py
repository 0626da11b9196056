"""Reads of tables and views that policies govern: what is masked comes out masked, what is filtered does not come out.

The row access policy looks at the raw values, the masking policies at the rows it lets through. Their texts are
compiled with the rights of the policy's owner, in its schema (user-guide/security-row-intro, security-column-intro).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from runner.sandbox.catalog.model import ColumnModel, Policy, SchemaObject, Table, View
from runner.sandbox.classes import dataclass
from runner.sandbox.law import policies, tags
from runner.sandbox.law.policies import Applied
from runner.sandbox.query import fine, parsing, types
from runner.sandbox.query.collation import collated
from runner.sandbox.query.core import Col, E, Emitter, Invoker, Relation, Scope, World
from runner.sandbox.result import SnowType
from runner.sandbox.tokens import quote_identifier, quote_string

Owned = Callable[[World, SchemaObject], World]
"""The world as the owner of an object sees it."""


def governed(
    emitter: Emitter,
    table: Table | View,
    rows: str,
    owned: Owned,
    beside: tuple[str, ...] = (),
    named: tuple[str, ...] = (),
    inner: Sequence[Col] = (),
) -> str:
    """The relation `rows` as the asker, who has `named` the table so, may see it; columns `beside` the table's are let
    through.

    Whether a view's column has nanoseconds is for the columns of its query to say, the `inner` ones.
    """
    masks = tags.masked_columns(emitter.world.context.catalog, table)
    if not table.policies and not masks:
        return rows
    world = emitter.world
    catalog = world.context.catalog
    alias = world.fresh("p")
    shared = table.account != world.caller.session.account

    def mask(column: ColumnModel) -> Applied | None:
        """The column's own policy comes before one that a tag brings (tag-based-masking-policies, precedence)."""
        own = policies.masked_expression(catalog, table, column.name, alias, shared=shared)
        return own or _by_tag(column, masks, alias, shared=shared)

    condition = policies.row_filter(catalog, table, alias, shared=shared)
    finer = frozenset(c.name for c, one in zip(table.columns, inner, strict=False) if fine.is_fine(one.type))
    return _Reading(emitter, table, alias, owned, beside, named, finer).through(rows, mask, condition)


def _by_tag(column: ColumnModel, masks: dict[str, Policy], alias: str, *, shared: bool) -> Applied | None:
    policy = masks.get(column.name)
    return None if policy is None else policies.applied(policy, (column.name,), alias, shared=shared)


@dataclass(frozen=True)
class _Reading:
    """One table or view whose rows, under an alias, are read through policies."""

    emitter: Emitter
    found: Table | View
    alias: str
    owned: Owned
    beside: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    finer: frozenset[str] = frozenset()

    def _kind(self, column: ColumnModel) -> SnowType:
        return fine.fine(column.type) if column.name in self.finer else column.type

    def through(self, rows: str, mask: Callable[[ColumnModel], Applied | None], condition: Applied | None) -> str:
        self.emitter.world.stable = False
        others = [f"{quote_identifier(self.alias)}.{quote_identifier(name)}" for name in self.beside]
        items = ", ".join([*(self._item(column, mask(column)) for column in self.found.columns), *others])
        where = f" WHERE {self._compiled(condition, None).sql}" if condition else ""
        return f"(SELECT {items} FROM {rows} AS {quote_identifier(self.alias)}{where})"

    def _item(self, column: ColumnModel, applied: Applied | None) -> str:
        name = quote_identifier(column.stored)
        if applied is None:
            return f"{quote_identifier(self.alias)}.{name}"
        return f"{types.cast(self._compiled(applied, column), self._kind(column)).sql} AS {name}"

    def _compiled(self, applied: Applied, column: ColumnModel | None) -> E:
        seen = [self._seen(one) for one in self.found.columns]
        by = Invoker(self.emitter.world.context, self.named)
        world = replace(self.owned(self.emitter.world, applied.policy), governs=self.found, invoker=by)
        inner = self.emitter.within(world, Scope(relations=[Relation(self.alias, seen)]))
        done = inner.full(parsing.expression(self._tagged(applied, column)))
        self.emitter.world.stable = self.emitter.world.stable and world.stable
        return done

    def _seen(self, column: ColumnModel) -> Col:
        sql = f"{quote_identifier(self.alias)}.{quote_identifier(column.stored)}" if column.kept_as else None
        return Col(column.name, collated(self._kind(column), column.collation), sql, column.nullable)

    def _tagged(self, applied: Applied, column: ColumnModel | None) -> str:
        """The text, the tags on the current column and table in the place of the functions that ask for them."""
        if "GET_TAG_ON_CURRENT" not in applied.sql.upper():
            return applied.sql
        catalog = self.emitter.world.context.catalog

        def value(name: str, *, of_column: bool) -> str:
            known = tags.references(catalog, self.found, column if of_column else None)
            parts = policies.full_name(catalog, applied.policy, name)
            found = next((r.value for r in known if catalog.full_name(r.tag) == parts), None)
            return "CAST(NULL AS VARCHAR)" if found is None else quote_string(found)

        return policies.with_current_tags(applied.sql, value)
