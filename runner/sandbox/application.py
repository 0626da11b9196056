"""The SNOWFLAKE database: in every account, from a share of Snowflake's own, with database roles that open its views.

Nobody owns it, so nobody alters or drops it; ACCOUNTADMIN has IMPORTED PRIVILEGES on it and its roles, and grants them.
Its rows are made by `account_usage`; here is who may see which (sql-reference/snowflake-db-roles).
"""

from __future__ import annotations

from runner.sandbox import access
from runner.sandbox.catalog.model import Database, Grant, Record, Role, RoleGrant, Schema, Share
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context

NAME = "SNOWFLAKE"
PROVIDER = "<snowflake>"
"""Whose share it is: no account can have that name."""
SHARE = "ACCOUNT_USAGE"
_OPENED = {
    "OBJECT_VIEWER": "ACCOUNT_USAGE",
    "USAGE_VIEWER": "ACCOUNT_USAGE",
    "GOVERNANCE_VIEWER": "ACCOUNT_USAGE",
    "SECURITY_VIEWER": "ACCOUNT_USAGE",
    "ORGANIZATION_ACCOUNTS_VIEWER": "ORGANIZATION_USAGE",
    "ORGANIZATION_USAGE_VIEWER": "ORGANIZATION_USAGE",
    "ALERT_VIEWER": "ALERT",
}
"""Its roles, and the schema that each opens."""
_VIEWS = {
    "OBJECT_VIEWER": """
        COLUMNS DATABASES FILE_FORMATS FUNCTIONS OBJECT_DEPENDENCIES PIPES PROCEDURES REFERENTIAL_CONSTRAINTS
        REPLICATION_GROUPS RESOURCE_MONITORS SCHEMATA SEQUENCES STAGES STREAMS TABLE_CONSTRAINTS TABLES TAGS VIEWS
    """,
    "USAGE_VIEWER": """
        ALERT_HISTORY COPY_HISTORY DYNAMIC_TABLE_REFRESH_HISTORY LOAD_HISTORY LOCK_WAIT_HISTORY
        QUERY_ATTRIBUTION_HISTORY TABLE_STORAGE_METRICS TASK_HISTORY WAREHOUSE_METERING_HISTORY
    """,
    "GOVERNANCE_VIEWER": """
        ACCESS_HISTORY AGGREGATION_POLICIES JOIN_POLICIES MASKING_POLICIES POLICY_REFERENCES PROJECTION_POLICIES
        QUERY_ATTRIBUTION_HISTORY QUERY_HISTORY ROW_ACCESS_POLICIES TAG_REFERENCES TAGS
    """,
    "SECURITY_VIEWER": """
        CREDENTIALS GRANTS_TO_ROLES GRANTS_TO_USERS LOGIN_HISTORY NETWORK_POLICIES NETWORK_RULES PASSWORD_POLICIES
        POLICY_REFERENCES ROLES SESSION_POLICIES SESSIONS SHARES USERS
    """,
    "ORGANIZATION_ACCOUNTS_VIEWER": "ACCOUNTS",
    "ORGANIZATION_USAGE_VIEWER": "WAREHOUSE_METERING_HISTORY",
}
"""The views that each role opens."""


def is_application(database: Database) -> bool:
    return database.origin_account == PROVIDER


def add(work: Work, account: str) -> None:
    """The database of an account that has none yet; an account with a database of that name keeps what it has."""
    share = work.catalog.find(Share, PROVIDER, SHARE) or _provided(work)
    if account not in share.accounts:
        work.edit(share, accounts=[*share.accounts, account])
    if work.catalog.database(account, NAME) is not None:
        return
    database = Database(account=account, name=NAME, owner="", created_at=utc_now())
    database.origin_account, database.origin_share, database.retention_days = PROVIDER, SHARE, 0
    work.add(database)
    work.link(_grant(database, "IMPORTED PRIVILEGES", "ROLE", "ACCOUNTADMIN", option=True))
    for role in _OPENED:
        work.link(_link(account, role, "ROLE", "ACCOUNTADMIN"))


def _provided(work: Work) -> Share:
    """Snowflake's own database, schemas, roles and share, of which every account has what `add` makes."""
    origin = Database(account=PROVIDER, name=NAME, owner="", created_at=utc_now())
    work.add(origin)
    share = Share(account=PROVIDER, name=SHARE, owner="", database_id=origin.id, created_at=utc_now())
    work.add(share)
    schemas = {name: _schema(work, origin, name) for name in sorted(set(_OPENED.values()))}
    for opened in (origin, *schemas.values()):
        work.link(_grant(opened, "USAGE", "SHARE", SHARE))
    for name, schema in _OPENED.items():
        work.add(Role(account=PROVIDER, name=name, owner="", database_id=origin.id, created_at=utc_now()))
        work.link(_link(PROVIDER, name, "SHARE", SHARE))
        for opened in (origin, schemas[schema]):
            work.link(_grant(opened, "USAGE", "DATABASE_ROLE", f"{NAME}.{name}"))
    return share


def _schema(work: Work, database: Database, name: str) -> Schema:
    schema = Schema(account=PROVIDER, name=name, owner="", database_id=database.id, created_at=utc_now())
    work.add(schema)
    return schema


def _link(account: str, role: str, kind: str, name: str) -> RoleGrant:
    return RoleGrant(account=account, role=f"{NAME}.{role}", to_kind=kind, to_name=name, created_at=utc_now())


def _grant(on: Record, privilege: str, kind: str, name: str, *, option: bool = False) -> Grant:
    return Grant(
        account=on.account,
        privilege=privilege,
        on_kind=on.kind,
        on_id=on.id,
        to_kind=kind,
        to_name=name,
        grant_option=option,
        created_at=utc_now(),
    )


def opens(context: Context, schema: str, view: str) -> bool:
    """Whether the session may read a view of the database, or call a function of its schema: by IMPORTED PRIVILEGES on
    the whole, or by one of the roles that open it.
    """
    catalog, session = context.catalog, context.session
    if _is_administrator(context):
        return True
    active = access.active_roles(catalog, session)
    return any(f"{NAME}.{role}" in active for role, place in _OPENED.items() if place == schema and _has(role, view))


def is_visible(context: Context) -> bool:
    """Whether the session may know that the database is there."""
    database = context.catalog.database(context.session.account, NAME)
    return database is not None and access.visible(context.catalog, context.session, database)


def _is_administrator(context: Context) -> bool:
    catalog, session = context.catalog, context.session
    database = catalog.database(session.account, NAME)
    if database is None or not is_application(database):  # the account's own has that name
        return "ACCOUNTADMIN" in access.active_roles(catalog, session)
    return "IMPORTED PRIVILEGES" in access.held(catalog, session, database)


def _has(role: str, view: str) -> bool:
    return view in _VIEWS.get(role, view).split()
