"""Constants of a query's text."""

from __future__ import annotations

from runner.sandbox.query import types
from runner.sandbox.query.core import E, Emitter, Expr
from runner.sandbox.query.types import BOOL, quoted
from runner.sandbox.result import SnowType

NULL = SnowType("NULL")


def literal(_: Emitter, node: Expr) -> E:
    if node.args.get("is_string"):
        return E(quoted(node.name), types.text(max(1, len(node.name))), literal=node.name)
    return number_literal(node.name)


def number_literal(source: str) -> E:
    if "e" in source.lower():
        return E(f"CAST({source} AS DOUBLE)", types.FLOAT)
    whole, _, fraction = source.partition(".")
    digits = len(whole.lstrip("0")) + len(fraction)
    if digits > 38:
        return E(f"CAST({source} AS DOUBLE)", types.FLOAT)
    kind = types.number(max(digits, len(fraction), 1), len(fraction))
    sql = f"CAST({quoted(source)} AS DECIMAL({kind.precision},{kind.scale}))" if digits > 18 else source
    return E(sql, kind, literal=source)


def raw_string(_: Emitter, node: Expr) -> E:
    return E(quoted(node.name), types.text(max(1, len(node.name))), literal=node.name)


def hex_string(_: Emitter, node: Expr) -> E:
    return E(f"unhex({quoted(node.name)})", types.BINARY)


def null(_: Emitter, __: Expr) -> E:
    return E("NULL", NULL)


def boolean(_: Emitter, node: Expr) -> E:
    return E("TRUE" if node.this else "FALSE", BOOL)
