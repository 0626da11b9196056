"""Who may grant, and as whom it is recorded (sql-reference/sql/show-grants, usage notes on `granted_by`)."""

from __future__ import annotations

from runner.sandbox import access
from runner.sandbox.catalog.model import Database, Record, Schema, SchemaObject
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.errors import SnowflakeError, does_not_exist, insufficient_privileges
from runner.sandbox.rights import ACCOUNT_ID


def manages_grants(catalog: Catalog, session: access.Asker) -> bool:
    return access.has_account(catalog, session, "MANAGE GRANTS")


def grantor(catalog: Catalog, session: access.Asker, privilege: str, record: Record) -> str | None:
    """The role that stands as grantor: the owner when it is active, else a role that holds the privilege with grant
    option, else the owner for whom MANAGE GRANTS speaks. None: the session may not grant it.
    """
    schema = _managed_schema(catalog, record)
    roles = access.active_roles(catalog, session)
    if schema is not None:
        may = schema.owner in roles or manages_grants(catalog, session)
        return record.owner if may else None
    if record.owner in roles:
        return record.owner
    for grant in catalog.grants(session.account):
        held = (grant.on_id, grant.privilege) == (record.id, privilege) and grant.grant_option
        if held and grant.to_kind in ("ROLE", "DATABASE_ROLE") and grant.to_name in roles:
            return grant.to_name
    return record.owner if manages_grants(catalog, session) else None


def owns(catalog: Catalog, session: access.Asker, record: Record) -> bool:
    """Whether the session stands for the owner: may move ownership, and revoke what anybody granted."""
    schema = _managed_schema(catalog, record)
    keeper = schema.owner if schema is not None else record.owner
    return keeper in access.active_roles(catalog, session) or manages_grants(catalog, session)


def _managed_schema(catalog: Catalog, record: Record) -> Schema | None:
    if not isinstance(record, SchemaObject):
        return None
    schema = catalog.record(record.schema_id)
    return schema if isinstance(schema, Schema) and schema.managed_access else None


def account_grantor(catalog: Catalog, session: access.Asker, privilege: str) -> str | None:
    """As `grantor`, for a global privilege."""
    roles = access.active_roles(catalog, session)
    if "ACCOUNTADMIN" in roles or manages_grants(catalog, session):
        return "ACCOUNTADMIN"
    for grant in catalog.grants(session.account):
        held = (grant.on_id, grant.privilege) == (ACCOUNT_ID, privilege) and grant.grant_option
        if held and grant.to_name in roles:
            return grant.to_name
    return None


def may_grant_future(catalog: Catalog, session: access.Asker, place: Database | Schema) -> bool:
    """MANAGE GRANTS, or the owner of the schema (sql-reference/sql/grant-privilege, future grants)."""
    if manages_grants(catalog, session):
        return True
    return isinstance(place, Schema) and place.owner in access.active_roles(catalog, session)


def refusal(catalog: Catalog, session: access.Asker, record: Record) -> SnowflakeError:
    """003001 for what the session sees, 002003 for what it does not."""
    if access.visible(catalog, session, record):
        return insufficient_privileges(access.label(record), record.name)
    return does_not_exist(access.label(record).capitalize(), access.display_name(catalog, record))
