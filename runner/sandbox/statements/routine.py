"""CREATE, ALTER and DROP of PROCEDURE and FUNCTION in SQL (sql-reference/sql/create-procedure, create-function).

Overloads are told apart by the types of their arguments; OR REPLACE replaces the one of the same signature.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from runner.sandbox import resolve
from runner.sandbox.catalog.files import Integration
from runner.sandbox.catalog.model import Argument, Routine, Schema
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.create_routine import CreateRoutine, read_create_routine, read_signature, signature
from runner.sandbox.ddl.header import read_header
from runner.sandbox.errors import already_exists, compilation, does_not_exist
from runner.sandbox.python import imports
from runner.sandbox.query import functions
from runner.sandbox.result import Result, status_result
from runner.sandbox.scripting import check
from runner.sandbox.statements import objects
from runner.sandbox.statements.derive import check_function
from runner.sandbox.tokens import Reader

Handler = Callable[[Context, str], Result]


_WORDS = {"PROCEDURE": ("SECURE", "TEMP", "TEMPORARY"), "FUNCTION": ("SECURE", "TEMP", "TEMPORARY", "AGGREGATE")}


def create(kind: str) -> Handler:
    """The handler of CREATE PROCEDURE or CREATE FUNCTION."""

    def handler(context: Context, text: str) -> Result:
        reader = Reader(text)
        header = read_header(reader, kind, allowed=_WORDS[kind], or_alter=True)
        statement = read_create_routine(reader, header, kind, timestamps(context))
        if kind == "PROCEDURE" and statement.language == "SQL":
            check(statement.body)
        context.commit_for_ddl()
        statement = replace(statement, imports=tuple(imports.checked(context, statement.imports)))
        for name in statement.external_access:
            _require_integration(context, name)
        with context.catalog.work() as work:
            return _create(context, work, statement)

    return handler


def _require_integration(context: Context, name: str) -> None:
    """The right to use an external access integration (developer-guide/external-network-access)."""
    found = context.catalog.find(Integration, context.session.account, name)
    if found is None or found.category != "EXTERNAL ACCESS":
        raise does_not_exist("Integration", name)
    context.require("USAGE", found)


def timestamps(context: Context) -> str:
    """What TIMESTAMP means in this session."""
    return context.session.parameters["TIMESTAMP_TYPE_MAPPING"]


def _create(context: Context, work: Work, statement: CreateRoutine) -> Result:
    schema, name = context.target(statement.name)
    found = _overload(context, schema, statement)
    may = partial(context.require, f"CREATE {statement.routine}", schema)
    old = objects.standing(context, statement.header, found, Routine, statement.name, may)
    if old is not None and statement.header.if_not_exists:
        return objects.left_alone(name)
    if old is not None:
        context.require("OWNERSHIP", old)
    _refuse_ambiguous(context, schema, statement)
    if statement.routine == "FUNCTION" and (name in functions.TABLE or name in functions.SPECIAL):
        # developer-guide/udf-stored-procedure-naming-conventions
        raise compilation(2002, "42710", f"Function '{name}' already exists: it is one of the system's own.")
    record = _model(context, statement, schema)
    if statement.routine == "FUNCTION" and statement.language == "SQL":
        check_function(context, record)
    if old is not None and statement.header.or_alter:
        work.edit(old, altered_at=utc_now(), **_fields(statement))
    else:
        objects.install(context, work, record, old, copy_grants=statement.copy_grants)
    return objects.created("Function", name)


def _model(context: Context, statement: CreateRoutine, schema: Schema) -> Routine:
    return Routine(
        account=schema.account,
        name=statement.name[-1],
        owner=objects.owner(context),
        created_at=utc_now(),
        schema_id=schema.id,
        routine=statement.routine,
        session_id=_session(context, statement),
        **_fields(statement),
    )


def _fields(statement: CreateRoutine) -> dict[str, Any]:
    return {
        "arguments": list(statement.arguments),
        "returns": statement.returns,
        "language": statement.language,
        "execute_as": statement.execute_as,
        "body": statement.body,
        "strict": statement.strict,
        "secure": statement.header.secure,
        "aggregate": "AGGREGATE" in statement.header.words,
        "volatility": statement.volatility,
        "memoizable": statement.memoizable,
        "runtime_version": statement.runtime_version,
        "packages": list(statement.packages),
        "handler": statement.handler,
        "imports": list(statement.imports),
        "external_access": list(statement.external_access),
        "comment": statement.comment,
    }


def _overload(context: Context, schema: Schema, statement: CreateRoutine) -> Routine | None:
    named = context.catalog.routines(schema, statement.name[-1], statement.routine)
    wanted, mine = signature(statement.arguments), _session(context, statement)
    return next((r for r in named if signature(r.arguments) == wanted and r.session_id == mine), None)


def _refuse_ambiguous(context: Context, schema: Schema, statement: CreateRoutine) -> None:
    """Of two overloads no call may mean both where arguments are optional
    (developer-guide/udf-stored-procedure-arguments).
    """
    kind, wanted = statement.routine, signature(statement.arguments)
    named = context.catalog.routines(schema, statement.name[-1], kind)
    for other in (r for r in named if r.session_id in (None, context.session.id)):
        types = signature(other.arguments)
        least = max(_needed(statement.arguments), _needed(other.arguments))
        counts = range(least, min(len(wanted), len(types)) + 1)
        if types != wanted and any(wanted[:count] == types[:count] for count in counts):
            name = context.target(statement.name)[1]
            text = f"Cannot overload {kind} '{name}' as it would cause ambiguous {kind} overloading."
            raise compilation(949, "42723", text)


def _needed(arguments: Sequence[Argument]) -> int:
    return sum(argument.default is None for argument in arguments)


def _session(context: Context, statement: CreateRoutine) -> int | None:
    """Whose a temporary routine is."""
    return context.session.id if statement.header.temporary else None


def get(context: Context, kind: str, parts: tuple[str, ...], types: tuple[str, ...]) -> Routine:
    """The overload of this signature, or 002003. What comes from a share cannot be had: it is only for changing."""
    found = find(context, kind, parts, types)
    if found is None:
        raise does_not_exist(kind.capitalize(), f"{'.'.join(parts)}({', '.join(types)})")
    return found


def find(context: Context, kind: str, parts: tuple[str, ...], types: tuple[str, ...]) -> Routine | None:
    named = resolve.routines(context.catalog, context.session, parts, kind)
    return next((r for r in named if r.account == context.session.account and signature(r.arguments) == types), None)


def alter(kind: str) -> Handler:
    """The handler of ALTER PROCEDURE or ALTER FUNCTION."""

    def handler(context: Context, text: str) -> Result:
        reader = Reader(text)
        reader.expect("ALTER", kind)
        forgiving = reader.accept("IF", "EXISTS")
        parts, types = read_signature(reader, timestamps(context))
        renamed = reader.name() if reader.accept("RENAME", "TO") else None
        changes = {} if renamed else _changes(reader, kind)
        reader.end()
        context.commit_for_ddl()
        with context.catalog.work() as work:
            if forgiving and find(context, kind, parts, types) is None:
                return status_result(objects.DONE)
            record = get(context, kind, parts, types)
            context.require("OWNERSHIP", record)
            if renamed:
                changes = _new_place(context, record, renamed)
            work.edit(record, altered_at=utc_now(), **changes)
        return status_result(objects.DONE)

    return handler


def _changes(reader: Reader, kind: str) -> dict[str, object]:
    if kind == "PROCEDURE" and reader.accept("EXECUTE", "AS"):
        word = reader.accept_any("OWNER", "CALLER")
        if not word:
            raise reader.unexpected()
        return {"execute_as": word}
    if kind == "FUNCTION" and (word := reader.accept_any("SET", "UNSET")) and reader.accept("SECURE"):
        return {"secure": word == "SET"}
    if kind == "PROCEDURE":
        word = reader.accept_any("SET", "UNSET")
    if not word:
        raise reader.unexpected()
    reader.expect("COMMENT")
    if word == "UNSET":
        return {"comment": None}
    reader.expect("=")
    return {"comment": reader.string()}


def _new_place(context: Context, record: Routine, parts: tuple[str, ...]) -> dict[str, object]:
    schema, name = context.target(parts)
    if schema.id != record.schema_id:
        context.require(f"CREATE {record.routine}", schema)
    named = context.catalog.routines(schema, name, record.routine)
    if any(signature(r.arguments) == signature(record.arguments) for r in named):
        raise already_exists(objects.dotted_as_given(parts))
    return {"schema_id": schema.id, "name": name}


def drop(kind: str) -> Handler:
    """The handler of DROP PROCEDURE or DROP FUNCTION."""

    def handler(context: Context, text: str) -> Result:
        reader = Reader(text)
        reader.expect("DROP", kind)
        forgiving = reader.accept("IF", "EXISTS")
        parts, types = read_signature(reader, timestamps(context))
        reader.end()
        context.commit_for_ddl()
        with context.catalog.work() as work:
            if forgiving and find(context, kind, parts, types) is None:
                return objects.already_dropped(parts[-1])
            record = get(context, kind, parts, types)
            context.require("OWNERSHIP", record)
            objects.drop(work, record, utc_now())
        return status_result(f"{record.name} successfully dropped.")

    return handler
