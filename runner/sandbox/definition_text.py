"""The function GET_DDL: finds the object that the session means and may see, and gives its text.

Secure views and functions, and procedures with owner's rights, show their text to their owner only
(sql-reference/functions/get_ddl, developer-guide/stored-procedure/stored-procedures-rights).
"""

from __future__ import annotations

from runner.sandbox import access, resolve
from runner.sandbox.catalog.alerts import Alert
from runner.sandbox.catalog.derived import Tag
from runner.sandbox.catalog.files import FileFormat, Pipe
from runner.sandbox.catalog.login_policies import LOGIN_POLICIES
from runner.sandbox.catalog.model import Database, Policy, Record, Routine, Schema, SchemaObject, Sequence, Table, View
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.catalog.tasks import Task
from runner.sandbox.context import Context
from runner.sandbox.ddl.create_routine import read_signature, signature
from runner.sandbox.ddl.names import dotted
from runner.sandbox.errors import does_not_exist, unsupported
from runner.sandbox.getddl import Shows, get_ddl, table_ddl
from runner.sandbox.tokens import Reader


def definition(context: Context, kind: str, name: str, *, qualified: bool = False) -> str:
    """What `GET_DDL(kind, name, qualified)` answers."""
    record = _find(context, kind.strip().upper(), Reader(name))
    if record.account != context.session.account:
        return _shared(record, _hidden(context, record))
    if _is_secret(record):
        context.require("OWNERSHIP", record)
    return get_ddl(context.catalog, record, qualified=qualified, hidden=_hidden(context, record), shows=_shows(context))


def _shows(context: Context) -> Shows:
    """What of a schema or a database is in its text: what the session sees and may have the text of."""
    catalog, session = context.catalog, context.session

    def shows(record: Record) -> bool:
        if _is_secret(record):
            return access.has(catalog, session, "OWNERSHIP", record)
        return access.visible(catalog, session, record)

    return shows


def _hidden(context: Context, record: Record) -> frozenset[str]:
    """Policies and tags whose names the session does not learn from GET_DDL: those that it may not apply, and those of
    a provider.
    """
    catalog, session = context.catalog, context.session
    policies = [*catalog.all(Policy, record.account), *catalog.all(Tag, record.account)]
    own = record.account == session.account
    return frozenset(
        dotted(catalog.full_name(p)) for p in policies if not (own and access.has(catalog, session, "APPLY", p))
    )


def _find(context: Context, kind: str, reader: Reader) -> Record:
    if kind in ("PROCEDURE", "FUNCTION"):
        return _routine(context, kind, reader)
    parts = reader.name()
    reader.end()
    match kind:
        case "TABLE" | "VIEW" | "DYNAMIC_TABLE" | "EVENT_TABLE" | "EXTERNAL_TABLE":
            return _relation(context, kind, parts)
        case "POLICY":
            return _policy(context, parts)
        case "FILE_FORMAT":
            return context.get(FileFormat, parts, "GET_DDL")
        case "STREAM":
            return context.get(Stream, parts, "GET_DDL")
        case "TASK":
            return context.get(Task, parts, "GET_DDL")
        case "PIPE":
            return context.get(Pipe, parts, "GET_DDL")
        case "ALERT":
            return context.get(Alert, parts, "GET_DDL")
        case "TAG":
            return context.get(Tag, parts, "GET_DDL")
        case "SEQUENCE":
            return context.get(Sequence, parts, "GET_DDL")
        case "SCHEMA":
            return context.schema(parts, "GET_DDL")
        case "DATABASE":
            return context.database(parts, "GET_DDL")
        case _:
            raise unsupported(f"GET_DDL of {kind}")


def _policy(context: Context, parts: tuple[str, ...]) -> Record:
    """A policy of any kind that lives in a schema."""
    kinds = LOGIN_POLICIES.values()
    found = next((one for kind in kinds if (one := context.find(kind, parts)) is not None), None)
    return found if found is not None else context.get(Policy, parts, "GET_DDL")


def _relation(context: Context, kind: str, parts: tuple[str, ...]) -> Table | View:
    """TABLE and VIEW may stand for each other."""
    found = context.find(Table, parts) or context.find(View, parts)
    if found is None:
        raise resolve.missing(context.catalog, context.session, kind.capitalize(), parts)
    return found


def _routine(context: Context, kind: str, reader: Reader) -> Routine:
    parts, types = read_signature(reader, context.session.parameters["TIMESTAMP_TYPE_MAPPING"])
    reader.end()
    named = resolve.routines(context.catalog, context.session, parts, kind)
    found = next((r for r in named if signature(r.arguments) == types), None)
    if found is None:
        raise does_not_exist(kind.capitalize(), f"{'.'.join(parts)}({', '.join(types)})")
    return found


def _is_secret(record: Record) -> bool:
    match record:
        case View(secure=True) | Routine(secure=True):
            return True
        case Routine(routine="PROCEDURE", execute_as="OWNER"):
            return True
        case _:
            return False


def _shared(record: Record, hidden: frozenset[str]) -> str:
    """Of what comes from a share, tables show how they are made; the producer's places are not shown."""
    match record:
        case Table():
            return table_ddl(record, dotted((record.name,)), hidden)
        case Database() | Schema() | SchemaObject():
            raise unsupported(f"GET_DDL of a shared {record.kind}")
        case _:
            raise does_not_exist("Object", record.name)
