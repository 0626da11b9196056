"""GRANT … TO SHARE and REVOKE … FROM SHARE (sql-reference/sql/grant-privilege-share, revoke-privilege-share)."""

from __future__ import annotations

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from runner.sandbox import access, shares
from runner.sandbox.catalog.model import Database, Record, Schema, SchemaObject, Share, Table, View
from runner.sandbox.catalog.store import Work
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, compilation, unsupported
from runner.sandbox.law import authority, granting, privileges
from runner.sandbox.law.grammar import Many, One, PrivilegesText
from runner.sandbox.law.granting import Thing
from runner.sandbox.result import Result, status_result
from runner.sandbox.shares import secondary_share
from runner.sandbox.statements import grantees

DONE = "Statement executed successfully."
_PRIVILEGES: dict[str, frozenset[str]] = {
    "DATABASE": frozenset({"USAGE", "REFERENCE_USAGE"}),
    "SCHEMA": frozenset({"USAGE"}),
    "DYNAMIC_TABLE": frozenset({"SELECT"}),
    "MATERIALIZED_VIEW": frozenset({"SELECT"}),
    "TABLE": frozenset({"SELECT"}),
    "VIEW": frozenset({"SELECT"}),
    "FUNCTION": frozenset({"USAGE"}),
}


def shareable(record: Record) -> frozenset[str]:
    """The privileges on it that a share may have."""
    return _PRIVILEGES.get(access.object_kind(record), frozenset())


def grant(context: Context, statement: PrivilegesText) -> Result:
    if statement.grant_option:
        raise unsupported("WITH GRANT OPTION for a SHARE")
    _refuse_kind(statement)
    with context.catalog.work() as work:
        share = _share(context, statement)
        for record in _records(context, statement):
            for privilege in _privileges(statement, record):
                _grant(context, work, share, privilege, record)
    return status_result(DONE)


def revoke(context: Context, statement: PrivilegesText) -> Result:
    _refuse_kind(statement)
    with context.catalog.work() as work:
        share = _share(context, statement)
        for record in _records(context, statement):
            for privilege in _privileges(statement, record):
                _revoke(work, share, privilege, record)
    return status_result(DONE)


def _refuse_kind(statement: PrivilegesText) -> None:
    """Of what the sandbox has, only databases, schemas, tables, dynamic tables, views and functions can be shared;
    there are no future grants to a share.
    """
    target = statement.target
    if isinstance(target, Many) and target.future:
        raise unsupported("FUTURE grants to a SHARE")
    if target.kind not in privileges.SHAREABLE or (isinstance(target, Many) and target.kind != "TABLE"):
        many = "ALL " if isinstance(target, Many) else ""
        raise unsupported(f"{many}{target.kind.replace('_', ' ')} in a SHARE")


def _share(context: Context, statement: PrivilegesText) -> Share:
    share = grantees.account_record(context, "SHARE", statement.to.name[-1])
    assert isinstance(share, Share), "looked up as a share"
    context.require("OWNERSHIP", share)
    if share.replica_of is not None:
        raise secondary_share(share)
    return share


def _records(context: Context, statement: PrivilegesText) -> list[Record]:
    if isinstance(statement.target, One):
        return [grantees.record(context, statement.target)]
    return grantees.records(context, statement.target, grantees.place(context, statement.target))


def _privileges(statement: PrivilegesText, record: Record) -> tuple[str, ...]:
    kind, known = access.object_kind(record), shareable(record)
    wanted = tuple(sorted(known - {"REFERENCE_USAGE"})) if statement.privileges == ("ALL",) else statement.privileges
    for privilege in wanted:
        if privilege not in known:
            raise privileges.invalid_privilege(kind, privilege)
    return wanted


def _grant(context: Context, work: Work, share: Share, privilege: str, record: Record) -> None:
    by = authority.grantor(context.catalog, context.session, privilege, record)
    if by is None:
        raise authority.refusal(context.catalog, context.session, record)
    if isinstance(record, Database):
        _check_database(context, share, privilege, record)
        if privilege == "USAGE" and share.database_id != record.id:
            work.edit(share, database_id=record.id)
    else:
        check_inside(context, share, record)
    thing = Thing(account=record.account, kind=access.object_kind(record), id=record.id)
    granting.give(work, thing, privilege, ("SHARE", share.name), by, option=False)


def _check_database(context: Context, share: Share, privilege: str, database: Database) -> None:
    if shares.is_imported(database):
        raise compilation(3015, "0A000", f"Cannot share database '{database.name}': it was imported from a share.")
    shared = shares.shared_database(context.catalog, share)
    if privilege == "USAGE" and shared is not None and shared is not database:
        raise outside("Database", database.name)
    if privilege == "REFERENCE_USAGE" and shared is None:
        raise SnowflakeError(
            500130,
            "22000",
            f"Cannot grant REFERENCE_USAGE on database {database.name} to share {share.name}. Grant USAGE on a "
            "database to share prior to granting REFERENCE_USAGE.",
        )


def outside(kind: str, name: str) -> SnowflakeError:
    return compilation(3033, "0A000", f"{kind} '{name}' does not belong to the database that is being shared.")


def check_inside(context: Context, share: Share, record: Record) -> None:
    """Schemas and objects of the one shared database, and of those only what may be shared."""
    shared = shares.shared_database(context.catalog, share)
    schema = context.catalog.record(record.schema_id) if isinstance(record, SchemaObject) else record
    if shared is None or not isinstance(schema, Schema) or schema.database_id != shared.id:
        raise outside(access.label(record).capitalize(), access.display_name(context.catalog, record))
    if isinstance(record, Table) and record.table_type == "TEMPORARY":
        raise unsupported("TEMPORARY TABLE in a SHARE")
    if isinstance(record, SchemaObject) and not isinstance(record, Table):
        _check_secure(share, record)
    if isinstance(record, View):
        _check_references(context, share, shared, record)


def _check_secure(share: Share, record: SchemaObject) -> None:
    if share.secure_objects_only and not getattr(record, "secure", False):
        raise compilation(
            3041,
            "0A000",
            'Non-secure object can only be granted to shares with "secure_objects_only" property set to false.',
        )


def _check_references(context: Context, share: Share, shared: Database, view: View) -> None:
    """A view may read other databases only when the share has REFERENCE_USAGE on them (data-sharing-multiple-db)."""
    for name in _databases_read(view):
        other = context.catalog.database(view.account, name)
        referenced = other and "REFERENCE_USAGE" in shares.shared_privileges(context.catalog, share, other)
        if name != shared.name and not referenced:
            raise compilation(
                3044, "0A000", "A view or function cannot be shared if it references objects from another database."
            )


def _databases_read(view: View) -> set[str]:
    try:
        tables = parse_one(view.query, dialect="snowflake").find_all(exp.Table)
    except SqlglotError:
        return set()
    found = [table.args.get("catalog") for table in tables]
    return {part.name if part.quoted else part.name.upper() for part in found if isinstance(part, exp.Identifier)}


def _revoke(work: Work, share: Share, privilege: str, record: Record) -> None:
    """Taking USAGE of the database empties the share; REFERENCE_USAGE and objects go one by one."""
    thing = Thing(account=record.account, kind=access.object_kind(record), id=record.id)
    granting.take(work, thing, privilege, ("SHARE", share.name), None, option_only=False, cascade=True)
    if isinstance(record, Database) and privilege == "USAGE" and share.database_id == record.id:
        shares.empty(work, share)
        work.edit(share, database_id=None)
