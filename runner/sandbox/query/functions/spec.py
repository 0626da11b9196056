"""How a function is described: the arguments it takes, the engine SQL it becomes, the type it gives.

Argument codes: t text, y text or binary, n number, i whole number, f float, b boolean, d date or timestamp, D the same
for what looks at no part of a second, v semi-structured, x anything, m anything, moments as they are kept; `?` after a
code: may be left out; `*` after the last: any number more.
"""

from __future__ import annotations

from collections.abc import Callable

from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError, compilation, unsupported
from runner.sandbox.query import fine, types
from runner.sandbox.query.arithmetic import moment, numeric
from runner.sandbox.query.columns import reference
from runner.sandbox.query.core import E, Emitter, Expr
from runner.sandbox.query.types import cast
from runner.sandbox.result import SnowType

TypeOf = SnowType | None | Callable[[list[E]], SnowType | None]


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it was written; `order` is the ORDER BY of WITHIN GROUP."""

    emitter: Emitter
    name: str
    arguments: list[Expr]
    order: str = ""


Special = Callable[[Call], E]


@dataclass(frozen=True, slots=True)
class F:
    """A function that is a template; the n-th template serves calls with n optional arguments."""

    arguments: str
    templates: tuple[str, ...]
    type: TypeOf
    wrap: str = ""


def f(arguments: str, template: str | tuple[str, ...], kind: TypeOf, wrap: str = "") -> F:
    return F(arguments, (template,) if isinstance(template, str) else template, kind, wrap)


def generated(emitter: Emitter) -> str | None:
    """Engine SQL for the row number of GENERATOR, where nothing else stands in FROM."""
    if len(emitter.scope.relations) != 1:
        return None
    relation = emitter.scope.relations[0]
    column = relation.find("$SEQ")
    return reference(relation, column).sql if column else None


def first(arguments: list[E]) -> SnowType | None:
    return arguments[0].type


def shared(arguments: list[E]) -> SnowType | None:
    return types.common([argument.type for argument in arguments])


def wrong_count(name: str, given: int, expected: str) -> SnowflakeError:
    few = "not enough" if given < int(expected.split("-")[0]) else "too many"
    return compilation(
        938 if few.startswith("not") else 939,
        "22023",
        f"error line 0 at position -1\n{few} arguments for function [{name}], expected {expected}, got {given}",
    )


def codes(arguments: str, given: int, name: str) -> list[str]:
    """The code of every argument given; a wrong number is refused."""
    listed: list[tuple[str, str]] = []
    for mark in arguments:
        if mark in "?*":
            listed[-1] = (listed[-1][0], mark)
        else:
            listed.append((mark, ""))
    least = sum(mark == "" for _, mark in listed)
    endless = bool(listed) and listed[-1][1] == "*"
    if given < least or (given > len(listed) and not endless):
        raise wrong_count(name, given, str(least) if least == len(listed) else f"{least}-{len(listed)}")
    return [listed[min(at, len(listed) - 1)][0] for at in range(given)]


def taken(code: str, e: E) -> E:
    """An argument as the function takes it."""
    if e.kind == "NULL" or code == "m":
        return e
    if code in "ty" and fine.is_fine(e.type):
        return cast(e, types.TEXT)
    if code == "v":
        return _taken(code, e)
    return moment(fine.micros(e)) if code == "D" else _taken(code, fine.coarse(e))


def _taken(code: str, e: E) -> E:
    match code:
        case "t" | "y" if e.kind == "BINARY":
            if code == "t":
                raise unsupported("this function of a BINARY")
            return e
        case "t" | "y":
            return cast(e, types.TEXT) if e.kind != "VARCHAR" else e
        case "n":
            return numeric(e)
        case "i":
            return whole(e)
        case "f":
            return e if e.kind == "FLOAT" else E(f"CAST({numeric(e).sql} AS DOUBLE)", types.FLOAT)
        case "b":
            return e if e.kind == "BOOLEAN" else cast(e, types.BOOL)
        case "d":
            return moment(e)
        case "v":
            return E(types.as_variant(e), types.VARIANT if e.kind not in types.SEMI else e.type)
    return e


def whole(e: E) -> E:
    if e.literal is not None and e.literal.lstrip("-").isdigit():
        return e
    return E(f"CAST({numeric(e).sql} AS BIGINT)", types.INT)


def applied(function: F, name: str, arguments: list[E]) -> E:
    """The call of a templated function."""
    given = [taken(code, e) for code, e in zip(codes(function.arguments, len(arguments), name), arguments, strict=True)]
    least = sum(
        1
        for at, mark in enumerate(function.arguments)
        if mark.isalpha() and function.arguments[at + 1 : at + 2] not in ("?", "*")
    )
    template = function.templates[min(max(len(given) - least, 0), len(function.templates) - 1)]
    parts = [argument.sql for argument in given]
    sql = template.replace("{*}", ", ".join(parts)) if "{*}" in template else _filled(template, parts)
    kind = function.type(given) if callable(function.type) else function.type
    return E(sql, kind, wrap=function.wrap)


def _filled(template: str, parts: list[str]) -> str:
    for at, part in enumerate(parts):
        template = template.replace(f"{{{at}}}", part if len(parts) == 1 else part.replace("{", "\0"))
    return template.replace("\0", "{")
