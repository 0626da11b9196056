"""`*` and `t.*`, with ILIKE, EXCLUDE, REPLACE and RENAME (sql-reference/sql/select)."""

from __future__ import annotations

import re
from dataclasses import replace

from sqlglot import exp

from runner.sandbox.classes import dataclass
from runner.sandbox.errors import compilation, invalid_identifier, syntax_error
from runner.sandbox.query.columns import name_of, reference
from runner.sandbox.query.core import Col, E, Emitter, Expr, Relation
from runner.sandbox.query.watch import Guards, guards
from runner.sandbox.tokens import quote_identifier


@dataclass(frozen=True, slots=True)
class Selected:
    """One column of the result."""

    name: str
    value: E
    nullable: bool = True
    unnamed: bool = False
    """Whether the name was made from the expression."""
    guards: Guards | None = None


def starred(emitter: Emitter, item: Expr) -> list[Selected] | None:
    """The columns that a star means; None where the item is none."""
    star, pattern = item, None
    if isinstance(item, exp.ILike) and is_star(item.this):
        star, pattern = item.this, item.expression.name
    elif is_star(item) and (like := (item.this if isinstance(item, exp.Column) else item).args.get("ilike")):
        pattern = like.name
    return _star(emitter, star, pattern) if is_star(star) else None


def is_star(node: Expr) -> bool:
    return isinstance(node, exp.Star) or (isinstance(node, exp.Column) and isinstance(node.this, exp.Star))


def _star(emitter: Emitter, node: Expr, pattern: str | None) -> list[Selected]:
    star = node.this if isinstance(node, exp.Column) else node
    chosen = _all_columns(emitter, node)
    if pattern is not None:
        chosen = [one for one in chosen if _matches(one.name, pattern)]
    dropped = {name_of(item.this if isinstance(item, exp.Column) else item) for item in star.args.get("except_") or ()}
    missing = dropped - {one.name for one in chosen}
    if missing:
        raise invalid_identifier(min(missing))
    chosen = [one for one in chosen if one.name not in dropped]
    for item in star.args.get("replace") or ():
        if item.args.get("alias") is None:
            raise syntax_error(1, 0, str(item.this)[:40])
        with emitter.world.watch.aside() as seen:
            new, value = name_of(item.args["alias"]), emitter.full(item.this)
        found = guards(emitter.world.watch, seen)
        chosen = [replace(one, value=value, guards=found) if one.name == new else one for one in chosen]
    for item in star.args.get("rename") or ():
        if item.args.get("alias") is None:
            raise syntax_error(1, 0, str(item.this)[:40])
        old, new = (
            name_of(item.this.this if isinstance(item.this, exp.Column) else item.this),
            name_of(item.args["alias"]),
        )
        chosen = [replace(one, name=new) if one.name == old else one for one in chosen]
    return chosen


def _matches(name: str, pattern: str) -> bool:
    parts = [".*" if char == "%" else "." if char == "_" else re.escape(char) for char in pattern]
    return re.fullmatch("".join(parts), name, re.IGNORECASE) is not None


def _all_columns(emitter: Emitter, node: Expr) -> list[Selected]:
    scope = emitter.scope
    relations = scope.relations
    if isinstance(node, exp.Column):
        wanted = tuple(name_of(part) for part in node.parts[:-1])
        relations = [
            r for r in relations if r.alias == wanted[-1] or (len(wanted) > 1 and r.path[-len(wanted) :] == wanted)
        ]
        if not relations:
            raise invalid_identifier(".".join(wanted) + ".*")
    merged: set[str] = set()
    chosen: list[Selected] = []
    for relation in relations:
        if relation.places is not None:
            raise compilation(2076, "42601", "SELECT with no columns")
        for column in relation.columns:
            if column.name in relation.hidden and isinstance(node, exp.Star):
                continue
            shared = column.name in scope.merged and len(relations) > 1
            if shared and column.name in merged:
                continue
            merged |= {column.name} if shared else set()
            value = _value(relation, column, shared)
            chosen.append(Selected(column.name, value, column.nullable, guards=column.guards))
    return chosen


def _value(relation: Relation, column: Col, shared: bool) -> E:
    meant = reference(relation, column)
    return E(quote_identifier(column.name), column.type) if shared else meant
