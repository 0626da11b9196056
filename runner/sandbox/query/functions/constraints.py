"""The functions in which projection, aggregation and join policies give their answer; known to their bodies alone.

Sources: sql-reference/sql/create-projection-policy, create-aggregation-policy, create-join-policy.
"""

from __future__ import annotations

from collections.abc import Callable

from runner.sandbox.errors import SnowflakeError, compilation, unknown_function
from runner.sandbox.query.core import E, Expr
from runner.sandbox.query.functions.spec import Call, Special, wrong_count
from runner.sandbox.query.table_arguments import arguments_of
from runner.sandbox.result import SnowType

ALLOWED, FAILED, NULLIFIED = "ALLOW", "FAIL", "NULLIFY"
FREE, JOINED = "FREE", "JOIN"


def _projection(call: Call) -> E:
    """ALLOW => boolean [, ENFORCEMENT => 'FAIL' | 'NULLIFY']; what is not TRUE is not allowed."""
    given = arguments_of(call.arguments, ("ALLOW", "ENFORCEMENT"))
    if "ALLOW" not in given:
        raise wrong_count(call.name, 0, "1-2")
    enforcement = call.emitter.expr(given["ENFORCEMENT"]).literal if "ENFORCEMENT" in given else FAILED
    if enforcement is None or enforcement.upper() not in (FAILED, NULLIFIED):
        raise _invalid("ENFORCEMENT", enforcement)
    allow = _boolean(call, given["ALLOW"])
    return E(f"CASE WHEN {allow} THEN '{ALLOWED}' ELSE '{enforcement.upper()}' END")


def _boolean(call: Call, node: Expr) -> str:
    found = call.emitter.expr(node)
    if found.kind not in ("BOOLEAN", "NULL"):
        raise _invalid(call.name, found.kind)
    return found.sql


def _aggregation(call: Call) -> E:
    """MIN_GROUP_SIZE => n, or MIN_ROW_COUNT => n, MIN_ENTITY_COUNT => m: as `rows,entities`."""
    given = arguments_of(call.arguments, ("MIN_GROUP_SIZE", "MIN_ROW_COUNT", "MIN_ENTITY_COUNT"))
    if set(given) == {"MIN_GROUP_SIZE"}:
        both = [given["MIN_GROUP_SIZE"]] * 2
    elif set(given) == {"MIN_ROW_COUNT", "MIN_ENTITY_COUNT"}:
        both = [given["MIN_ROW_COUNT"], given["MIN_ENTITY_COUNT"]]
    else:
        raise wrong_count(call.name, len(given), "1-2")
    numbers = [call.emitter.expr(node) for node in both]
    wrong = next((e for e in numbers if e.kind != "NUMBER"), None)
    if wrong is not None:
        raise _invalid(call.name, wrong.kind)
    return E(" || ',' || ".join(f"CAST(CAST({e.sql} AS BIGINT) AS VARCHAR)" for e in numbers))


def _no_aggregation(call: Call) -> E:
    if call.arguments:
        raise wrong_count(call.name, len(call.arguments), "0")
    return E(f"'{FREE}'")


def _join(call: Call) -> E:
    given = arguments_of(call.arguments, ("JOIN_REQUIRED",))
    if "JOIN_REQUIRED" not in given:
        raise wrong_count(call.name, 0, "1")
    free = f"NOT {_boolean(call, given['JOIN_REQUIRED'])}"
    return E(f"CASE WHEN {free} THEN '{FREE}' ELSE '{JOINED}' END")


def _invalid(name: str, value: object) -> SnowflakeError:
    return compilation(1008, "22023", f"invalid value [{value}] for parameter '{name}'")


def _inside(kind: str, special: Special) -> Special:
    """Known only where a policy's body that must give this type is compiled; the answer travels as text."""

    def within(call: Call) -> E:
        if call.emitter.world.constraint != kind:
            raise unknown_function(call.name)
        return E(f"({special(call).sql})", SnowType(kind))

    return within


_OF: dict[str, tuple[str, Callable[[Call], E]]] = {
    "PROJECTION_CONSTRAINT": ("PROJECTION_CONSTRAINT", _projection),
    "AGGREGATION_CONSTRAINT": ("AGGREGATION_CONSTRAINT", _aggregation),
    "NO_AGGREGATION_CONSTRAINT": ("AGGREGATION_CONSTRAINT", _no_aggregation),
    "JOIN_CONSTRAINT": ("JOIN_CONSTRAINT", _join),
}
SPECIAL: dict[str, Special] = {name: _inside(kind, special) for name, (kind, special) in _OF.items()}
