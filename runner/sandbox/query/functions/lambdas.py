"""Functions that take a function: FILTER, TRANSFORM and REDUCE (sql-reference/functions/filter, transform, reduce)."""

from __future__ import annotations

from sqlglot import exp

from runner.sandbox.errors import compilation
from runner.sandbox.query import types
from runner.sandbox.query.columns import name_of
from runner.sandbox.query.core import Col, E, Emitter, Expr, Relation, Scope
from runner.sandbox.query.functions.spec import Call, Special, wrong_count
from runner.sandbox.query.types import ARRAY, SEMI, VARIANT, as_variant, cast
from runner.sandbox.tokens import quote_identifier


def _function(emitter: Emitter, node: Expr, count: int) -> tuple[str, E]:
    """The parameters of a lambda for the engine, and its body."""
    if not isinstance(node, exp.Lambda) or len(node.expressions) != count:
        raise compilation(1044, "42P13", f"error line 0 at position -1\na lambda of {count} argument(s) is needed")
    names = {name_of(parameter): emitter.world.fresh("x") for parameter in node.expressions}
    columns = [Col(name, VARIANT, sql=quote_identifier(inner)) for name, inner in names.items()]
    body = _with_columns(node.this.copy(), set(names))
    scope = Scope(parent=emitter.scope, relations=[Relation("", columns)])
    given = ", ".join(quote_identifier(inner) for inner in names.values())
    return given, emitter.within(emitter.world, scope).expr(body)


def _with_columns(body: Expr, names: set[str]) -> Expr:
    """The parser leaves a lambda's parameters as bare names: they are columns of a scope of their own."""
    if isinstance(body, exp.Identifier) and name_of(body) in names:
        return exp.Column(this=body)
    for found in list(body.find_all(exp.Identifier)):
        if name_of(found) in names and not isinstance(found.parent, (exp.Column, exp.Kwarg, exp.Lambda)):
            found.replace(exp.Column(this=found.copy()))
    return body


def _elements(emitter: Emitter, node: Expr) -> str:
    return f"CAST({as_variant(emitter.expr(node))} AS JSON[])"


def filter_(call: Call) -> E:
    """The elements for which the lambda is true."""
    if len(call.arguments) != 2:
        raise wrong_count(call.name, len(call.arguments), "2")
    given, body = _function(call.emitter, call.arguments[1], 1)
    test = cast(body, types.BOOL).sql if body.kind not in ("BOOLEAN", "") else body.sql
    return E(f"to_json(list_filter({_elements(call.emitter, call.arguments[0])}, lambda {given}: {test}))", ARRAY)


def transform(call: Call) -> E:
    """What the lambda makes of every element."""
    if len(call.arguments) != 2:
        raise wrong_count(call.name, len(call.arguments), "2")
    given, body = _function(call.emitter, call.arguments[1], 1)
    elements = _elements(call.emitter, call.arguments[0])
    return E(f"to_json(list_transform({elements}, lambda {given}: {as_variant(body)}))", ARRAY)


def reduce_(call: Call) -> E:
    """One value made from all elements, beginning with the one given."""
    if len(call.arguments) != 3:
        raise wrong_count(call.name, len(call.arguments), "3")
    array, initial, function = call.arguments
    given, body = _function(call.emitter, function, 2)
    first = call.emitter.expr(initial)
    elements = _elements(call.emitter, array)
    found = E(f"list_reduce({elements}, lambda {given}: {as_variant(body)}, {as_variant(first)})", VARIANT)
    kind = types.common([first.type, body.type])
    return found if kind is None or kind.name in SEMI else cast(found, kind)


SPECIAL: dict[str, Special] = {"FILTER": filter_, "TRANSFORM": transform, "REDUCE": reduce_}
