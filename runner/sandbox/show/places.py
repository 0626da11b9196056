"""SHOW DATABASES, SCHEMAS, ACCOUNTS (sql-reference/sql/show-databases, show-schemas, show-accounts)."""

from __future__ import annotations

from collections.abc import Iterator

from runner.sandbox import access, application, resolve, shares
from runner.sandbox.catalog.model import Database, Schema
from runner.sandbox.context import Context
from runner.sandbox.retention import days
from runner.sandbox.show.inventory import Inventory
from runner.sandbox.show.listing import Listing, scope_database
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row, yes
from runner.sandbox.show.tables import TERSE, role_type


def database_kind(database: Database) -> str:
    if application.is_application(database):
        return "APPLICATION"
    return "IMPORTED DATABASE" if database.origin_share else "STANDARD"


def _databases(context: Context, request: Request) -> Iterator[Row]:
    session = context.session
    for database in Inventory(context.catalog, session, dropped=request.history).databases():
        yield {
            "created_on": database.created_at,
            "name": database.name,
            "is_default": "N",
            "is_current": yes(database.name == session.database),
            "origin": _origin(context, database),
            "owner": database.owner,
            "comment": database.comment or "",
            "options": "TRANSIENT" if database.transient else "",
            "retention_time": str(days(context.catalog, database)),
            "kind": database_kind(database),
            "owner_role_type": role_type(database.owner) if database.owner else "",
            "dropped_on": database.dropped_at,
        }


def _origin(context: Context, database: Database) -> str:
    share, account = database.origin_share, database.origin_account
    if share is None or application.is_application(database):
        return "" if share is None else f"{database.name}.{share}"
    return f"{shares.qualified(context.catalog, account or '')}.{share}"


def options(schema: Schema) -> str:
    """The words of the `options` column."""
    words = [("TRANSIENT", schema.transient), ("MANAGED ACCESS", schema.managed_access)]
    return ", ".join(word for word, present in words if present)


def _schemas(context: Context, request: Request) -> Iterator[Row]:
    session = context.session
    inventory = Inventory(context.catalog, session, dropped=request.history)
    for database in _wanted(context, request, inventory):
        if inventory.schemas(database) or database.origin_share is None:
            yield _information_schema(database)
        for schema in inventory.schemas(database):
            yield {
                "created_on": schema.created_at,
                "name": schema.name,
                "is_default": "N",
                "is_current": yes((database.name, schema.name) == (session.database, session.schema)),
                "database_name": database.name,
                "owner": schema.owner if schema.account == session.account else "",
                "comment": schema.comment or "",
                "options": options(schema),
                "retention_time": str(days(context.catalog, schema)),
                "owner_role_type": role_type(schema.owner),
                "dropped_on": schema.dropped_at,
            }


def _information_schema(database: Database) -> Row:
    return {
        "created_on": database.created_at,
        "name": "INFORMATION_SCHEMA",
        "is_default": "N",
        "is_current": "N",
        "database_name": database.name,
        "owner": "",
        "comment": "Views describing the contents of schemas in this database",
        "options": "",
        "retention_time": "1",
        "owner_role_type": "",
    }


def _wanted(context: Context, request: Request, inventory: Inventory) -> list[Database]:
    here = resolve.current_database(context.catalog, context.session)
    if request.scope == "ACCOUNT" or not (request.name or here):
        return inventory.databases()
    return [scope_database(context, request.name)]


def _accounts(context: Context, _: Request) -> Iterator[Row]:
    access.require_account(context.catalog, context.session, "MANAGE ORGANIZATION ACCOUNTS")
    for account in sorted(context.catalog.accounts(), key=lambda each: each.name):
        yield {
            "organization_name": account.organization,
            "account_name": account.name,
            "snowflake_region": account.region,
            "edition": account.edition,
            "created_on": account.created_at,
            "account_locator": account.locator,
            "is_org_admin": "false",
        }


_ACCOUNTS = Listing(
    "organization_name, account_name, snowflake_region, edition, account_url, created_on time, comment, "
    "account_locator, account_locator_url, managed_accounts number, consumption_billing_entity_name, "
    "marketplace_consumer_billing_entity_name, marketplace_provider_billing_entity_name, old_account_url, is_org_admin",
    _accounts,
    scoped=False,
    naming="account_name",
    differs="addresses and billing are NULL; ACCOUNTADMIN sees it too",
)
LISTINGS: dict[tuple[str, ...], Listing] = {
    ("DATABASES",): Listing(
        "created_on time, name, is_default, is_current, origin, owner, comment, options, retention_time, kind, "
        "dropped_on time, budget, owner_role_type, object_visibility variant",
        _databases,
        history=True,
        terse=TERSE,
    ),
    ("SCHEMAS",): Listing(
        "created_on time, name, is_default, is_current, database_name, owner, comment, options, retention_time, "
        "dropped_on time, owner_role_type, classification_profile_database, classification_profile_schema, "
        "classification_profile, object_visibility variant",
        _schemas,
        history=True,
        terse=TERSE,
    ),
    ("ACCOUNTS",): _ACCOUNTS,
    ("ORGANIZATION", "ACCOUNTS"): _ACCOUNTS,
}
