"""Policies put on tables and views, and taken off.

Sources: sql-reference/sql/alter-table and alter-view (data governance actions); user-guide/security-column-intro and
security-row-intro (who may; which columns two policies may share).
"""

from __future__ import annotations

from collections.abc import Sequence

from runner.sandbox import access
from runner.sandbox.catalog.model import Policy, Table, View
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl import changes as to
from runner.sandbox.ddl.governance import ColumnPolicy, WholePolicy
from runner.sandbox.ddl.names import dotted
from runner.sandbox.errors import SnowflakeError, already_exists, compilation, invalid_identifier, unsupported
from runner.sandbox.law import policies
from runner.sandbox.law.policies import Attachment

Governed = Table | View
Change = to.SetColumnPolicy | to.SetPolicy | to.RowAccess
Wanted = tuple[str, ColumnPolicy | WholePolicy]
"""A policy that CREATE puts on a column, or with no name on the whole."""


def change(context: Context, work: Work, entity: Governed, wanted: Change) -> None:
    """Puts a policy on, or takes it off."""
    _require_owner(context, entity, policies.ROW_ACCESS if isinstance(wanted, to.RowAccess) else wanted.kind)
    match wanted:
        case to.SetColumnPolicy(policy=None) | to.SetPolicy(policy=None):
            left = _without(context, entity, wanted)
        case to.SetColumnPolicy(column, name, kind=policies.PROJECTION):
            left = _projecting(context, entity, column, name or (), force=wanted.force)
        case to.SetColumnPolicy(column, name):
            left = masked(context, entity, column, name or (), wanted.using, force=wanted.force)
        case to.SetPolicy(kind, name):
            left = _constrained(context, entity, kind, name or (), wanted.keys, force=wanted.force)
        case to.RowAccess(name, add=True):
            left = filtered(context, entity, name or (), wanted.columns)
        case to.RowAccess(name):
            left = unfiltered(context, entity, name)
    work.edit(entity, policies=left, altered_at=utc_now())


def attach(context: Context, entity: Governed, wanted: Sequence[Wanted]) -> None:
    """Puts the policies of a CREATE on what it is about to make."""
    for column, one in wanted:
        match one:
            case ColumnPolicy(policies.MASKING, name, using):
                entity.policies = masked(context, entity, column, name, using)
            case ColumnPolicy(_, name):
                entity.policies = _projecting(context, entity, column, name)
            case WholePolicy(policies.ROW_ACCESS, name, columns):
                entity.policies = filtered(context, entity, name, columns)
            case WholePolicy(kind, name, columns):
                entity.policies = _constrained(context, entity, kind, name, columns)


def _require_owner(context: Context, entity: Governed, kind: str) -> None:
    """Who owns the entity, or may apply every policy of the kind in the account."""
    if not access.has_account(context.catalog, context.session, f"APPLY {kind}"):
        context.require("OWNERSHIP", entity)


def _projecting(
    context: Context, entity: Governed, column: str, name: tuple[str, ...], *, force: bool = False
) -> list[str]:
    """The entity's policies, with this projection policy on the column."""
    _known(entity, (column,))
    policy = _applicable(context, name, policies.PROJECTION)
    found = [policies.attachment(text) for text in entity.policies]
    others = [each for each in found if (each.kind, each.column) != (policies.PROJECTION, column)]
    if len(others) < len(found) and not force:
        raise already_exists(f"Projection policy on column {column}")
    attached = Attachment(policies.PROJECTION, context.catalog.full_name(policy), (column,), column)
    return [policies.written(each) for each in (*others, attached)]


def _constrained(
    context: Context,
    entity: Governed,
    kind: str,
    name: tuple[str, ...],
    keys: Sequence[str],
    *,
    force: bool = False,
) -> list[str]:
    """The entity's policies, with this aggregation or join policy; there can be one of each."""
    if isinstance(entity, Table) and entity.external is not None:
        raise unsupported(f"{kind} on an external table")
    _known(entity, keys)
    policy = _applicable(context, name, kind)
    found = [policies.attachment(text) for text in entity.policies]
    others = [each for each in found if each.kind != kind]
    if len(others) < len(found) and not force:
        raise already_exists(f"{kind.capitalize()} on {access.label(entity)} {entity.name}")
    attached = Attachment(kind, context.catalog.full_name(policy), tuple(keys))
    return [policies.written(each) for each in (*others, attached)]


def _without(context: Context, entity: Governed, wanted: to.SetColumnPolicy | to.SetPolicy) -> list[str]:
    """The entity's policies without the one of this kind, on the column where it is on one."""
    column = wanted.column if isinstance(wanted, to.SetColumnPolicy) else ""
    _known(entity, (column,) if column else ())
    found = [policies.attachment(text) for text in entity.policies]
    gone = [each for each in found if (each.kind, each.column) == (wanted.kind, column)]
    for each in gone:
        _require_apply(context, each)
    return [policies.written(each) for each in found if each not in gone]


def masked(
    context: Context,
    entity: Governed,
    column: str,
    name: tuple[str, ...],
    using: Sequence[str] = (),
    *,
    force: bool = False,
) -> list[str]:
    """The entity's policies, with this one on the column; `using` has the column itself first."""
    _known(entity, (column, *using))
    policy = _applicable(context, name, policies.MASKING)
    others = [text for text in entity.policies if policies.attachment(text).masks != column]
    if len(others) < len(entity.policies) and not force:
        raise already_exists(f"Masking policy on column {column}")
    if using and using[0] != column:
        raise compilation(3529, "42601", f"The first column of USING must be '{column}', the column that is masked.")
    attached = Attachment(policies.MASKING, context.catalog.full_name(policy), tuple(using) or (column,), column)
    _check_types(entity, policy, attached)
    _check_shared(context, others, policy, attached)
    return [*others, policies.written(attached)]


def filtered(context: Context, entity: Governed, name: tuple[str, ...], columns: Sequence[str]) -> list[str]:
    """The entity's policies, with this row access policy; there can be one."""
    policy = _applicable(context, name, policies.ROW_ACCESS)
    if policies.of_kind(entity, policies.ROW_ACCESS):
        raise already_exists(f"Row access policy on {access.label(entity)} {entity.name}")
    _known(entity, columns)
    attached = Attachment(policies.ROW_ACCESS, context.catalog.full_name(policy), tuple(columns))
    _check_types(entity, policy, attached)
    _check_shared(context, entity.policies, policy, attached)
    return [*entity.policies, policies.written(attached)]


def unfiltered(context: Context, entity: Governed, name: tuple[str, ...] | None) -> list[str]:
    """Without the row access policy of the name, or without any."""
    wanted = context.catalog.full_name(context.get(Policy, name)) if name else None
    found = [policies.attachment(text) for text in entity.policies]
    gone = [each for each in found if each.kind == policies.ROW_ACCESS and wanted in (None, each.policy)]
    if wanted is not None and not gone:
        raise compilation(
            3528, "0A000", f"Policy {dotted(wanted)} is not attached to {access.label(entity)} {entity.name}."
        )
    for each in gone:
        _require_apply(context, each)
    return [policies.written(each) for each in found if each not in gone]


def _applicable(context: Context, parts: tuple[str, ...], kind: str) -> Policy:
    """The policy of this kind that the session may apply."""
    policy = context.get(Policy, parts)
    if policy.policy != kind:
        text = f"{kind.capitalize()} '{dotted(parts)}' does not exist or not authorized."
        raise compilation(2003, "42S02", text)
    context.require("APPLY", policy)
    return policy


def _require_apply(context: Context, attached: Attachment) -> None:
    """A policy that is gone can be taken off by who may change the table."""
    policy = policies.find(context.catalog, context.session.account, attached.policy)
    if policy is not None:
        context.require("APPLY", policy)


def _known(entity: Governed, columns: Sequence[str]) -> None:
    names = {column.name for column in entity.columns}
    missing = next((name for name in columns if name not in names), None)
    if missing is not None:
        raise invalid_identifier(missing)


def _check_types(entity: Governed, policy: Policy, attached: Attachment) -> None:
    wanted = policies.argument_types(policy)
    if len(wanted) != len(attached.columns):
        raise compilation(
            3530, "42601", f"Policy {policy.name} takes {len(wanted)} column(s), {len(attached.columns)} given."
        )
    types = {column.name: column.type.name for column in entity.columns}
    for column, kind in zip(attached.columns, wanted, strict=True):
        if types[column] != kind:
            raise compilation(
                3531, "42601", f"Column '{column}' data type {types[column]} does not match policy data type {kind}."
            )


_LOOKING = frozenset({policies.MASKING, policies.ROW_ACCESS})


def _check_shared(context: Context, standing: Sequence[str], policy: Policy, attached: Attachment) -> None:
    """A masked column is in no other policy's signature, unless its mask is exempt (EXEMPT_OTHER_POLICIES)."""
    found = [each for each in map(policies.attachment, standing) if each.kind in _LOOKING]
    looked_at = {column for each in found for column in each.columns if column != each.masks}
    if attached.masks in looked_at and not policy.exempt:
        raise _in_two(attached.masks)
    for each in found:
        if each.masks and each.masks in attached.columns and not _exempt(context, each):
            raise _in_two(each.masks)


def _exempt(context: Context, attached: Attachment) -> bool:
    policy = policies.find(context.catalog, context.session.account, attached.policy)
    return policy is not None and policy.exempt


def _in_two(column: str) -> SnowflakeError:
    return compilation(
        3532,
        "0A000",
        f"Column '{column}' is masked by a policy that is not exempt (EXEMPT_OTHER_POLICIES) and cannot be in the "
        "signature of another policy.",
    )
