"""What a column name means: a relation's column, a name of the SELECT list, or something of the query around.

Unquoted names are upper-case and quoted ones as written; a name that fits only when case is ignored fits not
(sql-reference/identifiers-syntax).
"""

from __future__ import annotations

from sqlglot import exp

from runner.sandbox.errors import SnowflakeError, compilation, invalid_identifier, unsupported
from runner.sandbox.query.core import Col, E, Emitter, Relation, Scope
from runner.sandbox.tokens import quote_identifier


def name_of(identifier: exp.Expr | None) -> str:
    """The name as Snowflake stores it."""
    if identifier is None:
        return ""
    if isinstance(identifier, exp.Identifier):
        return identifier.name if identifier.args.get("quoted") else identifier.name.upper()
    return identifier.name.upper()


def called(call: exp.Expr) -> str:
    """The name of a function as Snowflake stores it: `"myFunction"(x)` keeps its case."""
    return name_of(call.this) if isinstance(call.this, exp.Identifier) else call.name.upper()


def is_public(node: exp.Table) -> bool:
    """Is it written `db..t`? Such a table stands in PUBLIC (docs: sql-reference/name-resolution)."""
    return node.args.get("catalog") is not None and node.args.get("db") == ""


def note(column: Col) -> None:
    """The statement looks at the column: what ACCESS_HISTORY will say, and what projection policies ask."""
    for place, name in column.noted:
        place[name] = None
    if column.guards is not None:
        column.guards.looked_at()


def reference(relation: Relation, column: Col) -> E:
    """Engine SQL for a relation's column, which is now known to be looked at."""
    note(column)
    if column.sql is not None:
        return E(column.sql, column.type)
    prefix = f"{quote_identifier(relation.called)}." if relation.alias else ""
    return E(prefix + quote_identifier(column.name), column.type)


def column(emitter: Emitter, node: exp.Column) -> E:
    """Engine SQL for a column reference; 000904 when nothing has the name."""
    parts = tuple(name_of(part) for part in node.parts)
    found = lookup(emitter, parts)
    if found is None:
        raise unknown(node, ".".join(parts))
    return found


def unknown(node: exp.Column, name: str) -> SnowflakeError:
    """000904, at the place where the name stands."""
    place = node.parts[0].meta
    if "line" not in place:
        return invalid_identifier(name)
    position = place["col"] - (place["end"] - place["start"] + 1)
    return compilation(904, "42000", f"error line {place['line']} at position {position}\ninvalid identifier '{name}'")


def positional(emitter: Emitter, node: exp.Expr, qualifier: str = "") -> E:
    """`$1`, `t.$1`: the first column of the FROM clause, or of one relation in it, by its place."""
    place = node.this.name
    if not place[:1].isdigit():  # variables have their values by now: it is `@stage`
        raise unsupported(f"the stage @{place} in an expression")
    relations = [r for r in emitter.scope.relations if not qualifier or r.alias == qualifier]
    listed = [(r, c) for r in relations for c in (r.columns if r.places is None else r.places)]
    if place.isdigit() and 1 <= int(place) <= len(listed):
        return reference(*listed[int(place) - 1])
    beyond = relations[-1].places if place.isdigit() and int(place) > 0 and relations else None
    if beyond is None:
        raise invalid_identifier(f"${place}")
    # A record of a staged file may have fewer fields than are asked for.
    kind = beyond[0].type
    return E(f"CAST(NULL AS {'JSON' if kind and kind.name == 'VARIANT' else 'VARCHAR'})", kind)


def lookup(emitter: Emitter, parts: tuple[str, ...]) -> E | None:
    scope: Scope | None = emitter.scope
    while scope is not None:
        found = _in_scope(scope, parts)
        if found is None and len(parts) == 1:
            found = scope.pseudo.get(parts[0])
        if found is None and len(parts) == 1 and parts[0] in scope.aliases:
            found = _alias(emitter, scope, parts[0])
        if found is not None:
            return found
        scope = scope.parent
    return None


def _in_scope(scope: Scope, parts: tuple[str, ...]) -> E | None:
    *qualifier, name = parts
    matches = [
        (relation, found)
        for relation in scope.relations
        if _meant(relation, tuple(qualifier), name) and (found := relation.find(name)) is not None
    ]
    if any(sum(column.name == name for column in relation.columns) > 1 for relation, _ in matches):
        raise compilation(1052, "42702", f"ambiguous column name '{name}'")
    if len(matches) > 1 and (qualifier or name not in scope.merged):
        raise compilation(1052, "42702", f"ambiguous column name '{name}'")
    if len(matches) > 1:
        for _, match in matches:
            note(match)
        return E(quote_identifier(name), matches[0][1].type)
    return reference(*matches[0]) if matches else None


def _meant(relation: Relation, qualifier: tuple[str, ...], name: str) -> bool:
    if not qualifier:
        return name not in relation.hidden
    if len(qualifier) == 1:
        return relation.alias == qualifier[0]
    return relation.path[-len(qualifier) :] == qualifier


def _alias(emitter: Emitter, scope: Scope, name: str) -> E | None:
    """A name given in the SELECT list: the expression behind it stands in its place."""
    if name in scope.known:
        return E(quote_identifier(name), scope.known[name])
    node = scope.aliases.pop(name)
    try:
        meant = emitter.within(emitter.world, scope).full(node.copy())
    finally:
        scope.aliases[name] = node
    return E(f"({meant.sql})", meant.type)
