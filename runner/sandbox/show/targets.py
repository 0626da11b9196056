"""The thing that `ON x`, `DESCRIBE x` name: its kind words and its name, resolved for the session."""

from __future__ import annotations

from runner.sandbox import access, errors, resolve, shared_roles, shares
from runner.sandbox.catalog.alerts import Alert
from runner.sandbox.catalog.derived import Tag
from runner.sandbox.catalog.files import FileFormat, Integration, Pipe, Stage
from runner.sandbox.catalog.login_policies import LOGIN_POLICIES
from runner.sandbox.catalog.model import (
    NetworkPolicy,
    Policy,
    Record,
    Role,
    Routine,
    SchemaObject,
    Sequence,
    Table,
    User,
    View,
    Warehouse,
)
from runner.sandbox.catalog.networks import NetworkRule
from runner.sandbox.catalog.replication import ReplicationGroup
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.catalog.tasks import Task
from runner.sandbox.context import Context
from runner.sandbox.ddl.types import read_type
from runner.sandbox.tokens import Reader

INTEGRATIONS = tuple(
    (*words.split(), "INTEGRATION")
    for words in ("STORAGE", "API", "NOTIFICATION", "SECURITY", "CATALOG", "EXTERNAL ACCESS")
)
ACCOUNT_LEVEL: dict[tuple[str, ...], type[Record]] = {
    ("WAREHOUSE",): Warehouse,
    ("USER",): User,
    ("NETWORK", "POLICY"): NetworkPolicy,
    ("NETWORK", "RULE"): NetworkRule,
    ("ROLE",): Role,
    ("INTEGRATION",): Integration,
    ("REPLICATION", "GROUP"): ReplicationGroup,
    ("FAILOVER", "GROUP"): ReplicationGroup,
    **dict.fromkeys(INTEGRATIONS, Integration),
}
IN_SCHEMA: dict[tuple[str, ...], type[SchemaObject]] = {
    ("TABLE",): Table,
    ("VIEW",): View,
    ("SEQUENCE",): Sequence,
    ("MASKING", "POLICY"): Policy,
    ("ROW", "ACCESS", "POLICY"): Policy,
    ("PROJECTION", "POLICY"): Policy,
    ("AGGREGATION", "POLICY"): Policy,
    ("JOIN", "POLICY"): Policy,
    **{tuple(words.split()): kind for words, kind in LOGIN_POLICIES.items()},
    ("STAGE",): Stage,
    ("FILE", "FORMAT"): FileFormat,
    ("PIPE",): Pipe,
    ("TASK",): Task,
    ("TAG",): Tag,
    ("EVENT", "TABLE"): Table,
    ("EXTERNAL", "TABLE"): Table,
    ("ALERT",): Alert,
    ("MATERIALIZED", "VIEW"): View,
    ("STREAM",): Stream,
    ("DYNAMIC", "TABLE"): Table,
}
ROUTINES = (("PROCEDURE",), ("FUNCTION",))
"""Named with their argument types."""


def read_kind(reader: Reader, kinds: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """The kind words here; a kind that is not among them is refused by name."""
    for words in kinds:
        if reader.accept(*words):
            return words
    raise errors.unsupported(reader.peek().word) if reader.peek().word else reader.unexpected()


def read_target(context: Context, reader: Reader, words: tuple[str, ...]) -> Record:
    """The record of that kind which the name here means; 002003 when the session does not see one."""
    if words in ROUTINES:
        return routine(context, words[0], reader)
    parts = reader.name()
    match words:
        case ("DATABASE",):
            return context.database(parts)
        case ("SCHEMA",):
            return context.schema(parts)
        case ("SHARE",):
            return _seen(shares.find(context.catalog, context.session, parts), "Share", parts)
        case ("DATABASE", "ROLE"):
            return database_role(context, parts)
    if words in IN_SCHEMA:
        return context.get(IN_SCHEMA[words], parts)
    record = context.catalog.find(ACCOUNT_LEVEL[words], context.session.account, parts[-1])
    known = record is not None and access.visible(context.catalog, context.session, record)
    return _seen(record if known else None, " ".join(words).capitalize(), parts)


def _seen(record: Record | None, kind: str, parts: tuple[str, ...]) -> Record:
    if record is None:
        raise errors.does_not_exist(kind, ".".join(parts))
    return record


def database_role(context: Context, parts: tuple[str, ...]) -> Role:
    """`DB.ROLE`, or `ROLE` in the session's database."""
    database = context.database(parts[:-1])
    for role in [*context.catalog.all(Role, database.account), *shared_roles.roles_of(context.catalog, database)]:
        if role.database_id == database.id and role.name == parts[-1]:
            return role
    raise errors.does_not_exist("Database role", ".".join(parts))


def routine(context: Context, kind: str, reader: Reader) -> Routine:
    """The overload whose argument types follow the name: `P(DATE, NUMBER)`."""
    parts = reader.name()
    reader.expect("(")
    types = []
    while not reader.at(")"):
        types.append(read_type(reader).name)
        if not reader.accept(","):
            break
    reader.expect(")")
    for candidate in resolve.routines(context.catalog, context.session, parts, kind):
        if [argument.type.name for argument in candidate.arguments] == types:
            return candidate
    raise errors.does_not_exist(kind.capitalize(), f"{'.'.join(parts)}({', '.join(types)})")
