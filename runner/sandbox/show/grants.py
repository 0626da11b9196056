"""SHOW GRANTS in its forms (sql-reference/sql/show-grants); the rows are the law's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from runner.sandbox import access, errors, shared_roles
from runner.sandbox.catalog.model import Record, Role, Share, Table, User, View
from runner.sandbox.context import Context
from runner.sandbox.law import listing
from runner.sandbox.law.listing import FutureRow, GrantRow, MemberRow
from runner.sandbox.result import Result, StatementType
from runner.sandbox.show import targets
from runner.sandbox.show.shape import MOST_ROWS, Row, relation, true
from runner.sandbox.tokens import Kind, Reader

GRANTS = "created_on time, privilege, granted_on, name, granted_to, grantee_name, grant_option, granted_by"
_MEMBERS = "created_on time, role, granted_to, grantee_name, granted_by"
_CONSUMERS = "created_on time, share, granted_to, grantee_name, granted_by"
_FUTURE = "created_on time, privilege, grant_on, name, grant_to, grantee_name, grant_option"
_ON = (
    *targets.ROUTINES,
    ("DATABASE", "ROLE"),
    ("DATABASE",),
    ("SCHEMA",),
    ("SHARE",),
    *targets.IN_SCHEMA,
    *targets.ACCOUNT_LEVEL,
)
_GRANTEES = (("DATABASE", "ROLE"), ("ROLE",), ("USER",), ("SHARE",))


def show_grants(context: Context, reader: Reader) -> Result:
    """What follows SHOW GRANTS, to the end; without more, the roles of the session's user."""
    if reader.accept("ON"):
        return _on(context, reader)
    if reader.accept("TO"):
        return _to(context, reader)
    if reader.accept("OF"):
        return _of(context, reader)
    reader.end()
    session = context.session
    return _members(listing.roles_of_user(context.catalog, session.account, session.user))


def show_future_grants(context: Context, reader: Reader) -> Result:
    """What follows SHOW FUTURE GRANTS: IN SCHEMA or DATABASE, or TO ROLE or DATABASE ROLE."""
    if reader.accept("TO"):
        words = targets.read_kind(reader, _GRANTEES[:2])
        role = targets.read_target(context, reader, words)
        name = _role_name(context, role)
        rows = listing.future_grants_to(context.catalog, role.account, "_".join(words), name)
    else:
        reader.expect("IN")
        words = targets.read_kind(reader, (("SCHEMA",), ("DATABASE",)))
        rows = listing.future_grants_in(context.catalog, targets.read_target(context, reader, words))
    reader.end()
    return _answer(_FUTURE, map(_row, rows))


def _on(context: Context, reader: Reader) -> Result:
    if reader.accept("ACCOUNT"):
        reader.end()
        return _grants(listing.grants_on_account(context.catalog, context.session.account))
    record = _named(context, reader)
    reader.end()
    own = record.account == context.session.account and not _from_share(record)
    return _grants(listing.grants_on(context.catalog, record) if own else [])


def _named(context: Context, reader: Reader) -> Record:
    """`TABLE d.s.t`, or `d.s.t` alone: without a kind it is a table or a view, as clients write it."""
    after = reader.peek(1)
    if after.word != "." and (after.kind is not Kind.END or (reader.peek().word,) in _ON):
        return targets.read_target(context, reader, targets.read_kind(reader, _ON))
    parts = reader.name()
    return context.find(View, parts) or context.get(Table, parts)


def _to(context: Context, reader: Reader) -> Result:
    words = targets.read_kind(reader, _GRANTEES)
    grantee = targets.read_target(context, reader, words)
    reader.end()
    if grantee.account != context.session.account:
        raise errors.does_not_exist("Share", grantee.name)
    if isinstance(grantee, User):
        return _members(listing.roles_of_user(context.catalog, grantee.account, grantee.name))
    name = _role_name(context, grantee)
    if isinstance(grantee, Role) and _from_share(grantee):
        return _grants(listing.grants_to_imported(context.catalog, grantee))
    return _grants(listing.grants_to(context.catalog, grantee.account, "_".join(words), name))


def _of(context: Context, reader: Reader) -> Result:
    record = targets.read_target(context, reader, targets.read_kind(reader, (*_GRANTEES[:2], ("SHARE",))))
    reader.end()
    if not isinstance(record, Share):
        return _members(listing.grants_of_role(context.catalog, record.account, _role_name(context, record)))
    own = record.account == context.session.account
    consumers = listing.consumers_of_share(context.catalog, record) if own else []
    rows = [asdict(row) for row in consumers]
    return _answer(_CONSUMERS, [{"share" if key == "role" else key: row[key] for key in row} for row in rows])


def _from_share(record: Record) -> bool:
    return isinstance(record, Role) and shared_roles.is_imported(record)


def _role_name(context: Context, record: Record) -> str:
    return access.role_name(context.catalog, record) if isinstance(record, Role) else record.name


def _row(row: GrantRow | FutureRow) -> Row:
    return asdict(row) | {"grant_option": true(row.grant_option)}


def _grants(rows: Iterable[GrantRow]) -> Result:
    return _answer(GRANTS, map(_row, rows))


def _members(rows: Iterable[MemberRow]) -> Result:
    return _answer(_MEMBERS, map(asdict, rows))


def _answer(shape: str, rows: Iterable[Row]) -> Result:
    return relation(shape, list(rows)[:MOST_ROWS], StatementType.SHOW)
