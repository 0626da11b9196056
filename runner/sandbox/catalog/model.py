"""What stands in an organisation: plain mutable records, each known to the catalogue by its id.

Names are normalised as Snowflake stores them: unquoted upper-case, quoted verbatim. Owners and grantees are names of
account roles, or `DB.ROLE` for database roles.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from runner.sandbox.catalog.dynamic import Dynamic
from runner.sandbox.catalog.external import External
from runner.sandbox.classes import dataclass, field
from runner.sandbox.result import SnowType


@dataclass(kw_only=True)
class Record:
    """Anything with a life: id never reused, created, maybe dropped (kept for UNDROP)."""

    kind: ClassVar[str]
    id: int = 0
    account: str
    name: str
    owner: str = "ACCOUNTADMIN"
    comment: str | None = None
    created_at: datetime
    altered_at: datetime | None = None
    dropped_at: datetime | None = None
    tags: dict[str, str] = field(default_factory=dict)
    """Values of the tags that are set on it, by the tag's id."""


@dataclass(kw_only=True)
class Database(Record):
    kind: ClassVar[str] = "DATABASE"
    transient: bool = False
    retention_days: int | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    """Object parameters that are set on it; retention is a field of its own, as that of a schema."""
    origin_account: str | None = None
    """For a database made FROM SHARE: the producer's account and the share's name."""
    origin_share: str | None = None
    replica_of: int | None = None
    """For a secondary database: the primary's id. Only a refresh changes it."""


@dataclass(kw_only=True)
class Schema(Record):
    kind: ClassVar[str] = "SCHEMA"
    database_id: int
    transient: bool = False
    managed_access: bool = False
    retention_days: int | None = None
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class SchemaObject(Record):
    """What lives in a schema."""

    schema_id: int
    session_id: int | None = None
    """The session a temporary object belongs to."""


@dataclass(kw_only=True)
class ColumnModel:
    """A table's column with all that GET_DDL needs; `default` and `collation` are source text."""

    name: str
    type: SnowType
    nullable: bool = True
    default: str | None = None
    identity: tuple[int, int] | None = None
    """AUTOINCREMENT (start, step)."""
    identity_order: bool = False
    collation: str | None = None
    comment: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    kept_as: str = ""
    """Its name in the storage where that is not its own: the engine does not know names apart by case."""

    @property
    def stored(self) -> str:
        return self.kept_as or self.name


@dataclass(kw_only=True)
class Constraint:
    """PRIMARY KEY, UNIQUE or FOREIGN KEY: kept and shown, never enforced (Snowflake docs: constraints-overview)."""

    type: str
    columns: list[str]
    name: str | None = None
    references: tuple[str, str, str] | None = None
    """Database, schema and table that a foreign key points to."""
    referenced_columns: list[str] = field(default_factory=list)
    rely: bool = False


@dataclass(kw_only=True)
class Version:
    """A table's earlier state: `storage` up to `rows` (None: all of it), current until `until`."""

    since: datetime
    until: datetime
    storage: int
    rows: int | None = None


@dataclass(kw_only=True)
class LoadedFile:
    """What COPY INTO remembers of a file, for 64 days (user-guide/data-load-considerations-load)."""

    location: str
    """The stage, as LIST names it, and the file's path in it."""
    md5: str
    size: int
    modified_at: datetime
    loaded_at: datetime
    status: str
    """LOADED, PARTIALLY_LOADED or LOAD_FAILED."""
    parsed: int = 0
    loaded: int = 0
    errors: int = 0
    error_limit: int = 1
    first_error: str | None = None
    first_error_line: int | None = None
    first_error_character: int | None = None
    first_error_column: str | None = None
    pipe: str | None = None


@dataclass(kw_only=True)
class Table(SchemaObject):
    kind: ClassVar[str] = "TABLE"
    columns: list[ColumnModel]
    constraints: list[Constraint] = field(default_factory=list)
    cluster_by: str | None = None
    recluster_suspended: bool = False
    table_type: str = "PERMANENT"
    """PERMANENT, TRANSIENT or TEMPORARY."""
    retention_days: int | None = None
    max_extension_days: int | None = None
    """MAX_DATA_EXTENSION_TIME_IN_DAYS."""
    search_optimization: list[str] = field(default_factory=list)
    """`METHOD(target)` each; `*` for the whole table."""
    change_tracking: bool = False
    change_log: int = 0
    """Number of the storage with the changes since `tracked_since`; 0 where they are not tracked."""
    tracked_since: datetime | None = None
    storage: int = 0
    """Number of the DuckDB table `s<storage>`."""
    identity_next: dict[str, int] = field(default_factory=dict)
    changed_at: datetime | None = None
    """Last committed change of rows or columns."""
    versions: list[Version] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    """Names of row-access policies on the table, and `COLUMN: policy` for masking."""
    loads: list[LoadedFile] = field(default_factory=list)
    """The files that COPY INTO has looked at."""
    dynamic: Dynamic | None = None
    """Set for a dynamic table."""
    event: bool = False
    """An event table: its columns are given, and nobody inserts."""
    external: External | None = None
    """Set for an external table, which has no rows here."""


@dataclass(kw_only=True)
class View(SchemaObject):
    kind: ClassVar[str] = "VIEW"
    text: str
    """The whole CREATE statement as given."""
    query: str
    columns: list[ColumnModel]
    column_list: bool = False
    """Whether the statement named its columns itself."""
    secure: bool = False
    materialized: bool = False
    cluster_by: str | None = None
    """Of a materialized view."""
    suspended: bool = False
    """A materialized view that is not kept up to date, and so cannot be read."""
    change_tracking: bool = False
    policies: list[str] = field(default_factory=list)
    """As those of a table."""


@dataclass(kw_only=True)
class Sequence(SchemaObject):
    kind: ClassVar[str] = "SEQUENCE"
    start: int = 1
    increment: int = 1
    order: bool = False
    next_value: int = 1


@dataclass(kw_only=True)
class Argument:
    name: str
    type: SnowType
    default: str | None = None
    out: bool = False
    """An output argument: the caller's variable takes the value that it has at the end."""


@dataclass(kw_only=True)
class Routine(SchemaObject):
    """A procedure or a function; overloads are told apart by their argument types."""

    kind: ClassVar[str] = "ROUTINE"
    routine: str
    """PROCEDURE or FUNCTION."""
    arguments: list[Argument]
    returns: str
    """Source text of the return type, normalised: `VARCHAR`, `TABLE (ID NUMBER)` …"""
    language: str = "SQL"
    execute_as: str = "OWNER"
    body: str
    strict: bool = False
    secure: bool = False
    aggregate: bool = False
    volatility: str | None = None
    memoizable: bool = False
    runtime_version: str | None = None
    """For a routine in Python; then its handler and packages are said too."""
    packages: list[str] = field(default_factory=list)
    handler: str | None = None
    imports: list[str] = field(default_factory=list)
    """Staged files, by the full names of their stages."""
    external_access: list[str] = field(default_factory=list)
    """Integrations that its code may use; nothing of the sandbox's reaches outside."""


@dataclass(kw_only=True)
class Role(Record):
    kind: ClassVar[str] = "ROLE"
    database_id: int | None = None
    """Set for a database role."""


@dataclass(kw_only=True)
class Token:
    """A programmatic access token; the secret itself is never kept, only its SHA-256."""

    name: str
    sha256: str
    role_restriction: str | None
    expires_at: datetime
    created_at: datetime
    comment: str | None = None
    disabled: bool = False
    bypass_until: datetime | None = None
    """Until then the token is good without a network policy."""
    rotated_to: str | None = None
    """The token that took its place."""
    id: int = 0
    """0 for a token that an older sandbox made."""
    created_by: str = ""
    altered_by: str = ""
    altered_at: datetime | None = None


@dataclass(kw_only=True)
class User(Record):
    kind: ClassVar[str] = "USER"
    type: str = "PERSON"
    """PERSON, SERVICE or LEGACY_SERVICE."""
    login_name: str = ""
    email: str | None = None
    names: dict[str, str] = field(default_factory=dict)
    """DISPLAY_NAME, FIRST_NAME, MIDDLE_NAME and LAST_NAME, those that are set."""
    disabled: bool = False
    default_secondary_roles: list[str] | None = None
    default_role: str | None = None
    default_warehouse: str | None = None
    default_namespace: str | None = None
    password_sha256: str | None = None
    rsa_public_key: str | None = None
    rsa_public_key_2: str | None = None
    network_policy: str | None = None
    policies: dict[str, int] = field(default_factory=dict)
    """Ids of the authentication, password and session policies that are set on it, by their kind."""
    parameters: dict[str, str] = field(default_factory=dict)
    """Session parameters with which the user's sessions begin."""
    tokens: list[Token] = field(default_factory=list)


@dataclass(kw_only=True)
class Warehouse(Record):
    kind: ClassVar[str] = "WAREHOUSE"
    size: str = "X-Small"
    auto_suspend: int | None = 600
    auto_resume: bool = True
    state: str = "STARTED"
    """As it was told; a started one may be asleep by now: see `warehouses.state`."""
    resumed_at: datetime | None = None
    min_clusters: int = 1
    max_clusters: int = 1
    scaling_policy: str = "STANDARD"
    type: str = "STANDARD"
    resource_monitor: str | None = None
    properties: dict[str, str] = field(default_factory=dict)
    """What else is set on it: timeouts, query acceleration, concurrency."""


@dataclass(kw_only=True)
class NetworkPolicy(Record):
    kind: ClassVar[str] = "NETWORK_POLICY"
    allowed: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    allowed_rules: list[int] = field(default_factory=list)
    """Ids of network rules, as `blocked_rules`."""
    blocked_rules: list[int] = field(default_factory=list)


@dataclass(kw_only=True)
class Policy(SchemaObject):
    """A masking or row-access policy: attached to tables, applied to what is read, shown by POLICY_REFERENCES."""

    kind: ClassVar[str] = "POLICY"
    policy: str
    signature: str
    returns: str
    body: str
    exempt: bool = False
    """EXEMPT_OTHER_POLICIES: the column that it masks may be in the signature of another policy."""


@dataclass(kw_only=True)
class Share(Record):
    kind: ClassVar[str] = "SHARE"
    accounts: list[str] = field(default_factory=list)
    database_id: int | None = None
    """The one database whose USAGE is granted."""
    secure_objects_only: bool = True
    replica_of: int | None = None
    """As that of a database."""


@dataclass(kw_only=True)
class Grant:
    """A privilege on a thing to somebody. `on_kind`/`on_id` name the thing; id 0 with kind ACCOUNT is the account."""

    account: str
    privilege: str
    on_kind: str
    on_id: int
    to_kind: str
    """ROLE, DATABASE_ROLE, USER or SHARE."""
    to_name: str
    grant_option: bool = False
    granted_by: str = ""
    created_at: datetime


@dataclass(kw_only=True)
class FutureGrant:
    account: str
    privilege: str
    on_kind: str
    in_kind: str
    """DATABASE or SCHEMA."""
    in_id: int
    to_kind: str
    to_name: str
    grant_option: bool = False
    created_at: datetime


@dataclass(kw_only=True)
class RoleGrant:
    """Role `role` is granted to a user or a role."""

    account: str
    role: str
    to_kind: str
    to_name: str
    granted_by: str = ""
    created_at: datetime


@dataclass(kw_only=True)
class Account:
    """One account of the organisation; its identifier is `<organization>-<name>`."""

    name: str
    locator: str
    organization: str
    region: str
    edition: str
    created_at: datetime
    parameters: dict[str, str] = field(default_factory=dict)
    policies: dict[str, int] = field(default_factory=dict)
    """As those of a user."""
    tags: dict[str, str] = field(default_factory=dict)
