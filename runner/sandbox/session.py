"""One login: who, where, as what, with which parameters, and the transaction that may be open."""

from __future__ import annotations

import itertools
import threading
from dataclasses import field
from datetime import datetime

from runner.sandbox.classes import dataclass
from runner.sandbox.transactions import Transaction

SESSION_DEFAULTS: dict[str, str] = {
    "ABORT_DETACHED_QUERY": "false",
    "AUTOCOMMIT": "true",
    "CLIENT_SESSION_KEEP_ALIVE": "false",
    "CLIENT_TIMESTAMP_TYPE_MAPPING": "TIMESTAMP_LTZ",
    "ERROR_ON_NONDETERMINISTIC_MERGE": "true",
    "ERROR_ON_NONDETERMINISTIC_UPDATE": "false",
    "LOCK_TIMEOUT": "43200",
    "MULTI_STATEMENT_COUNT": "1",
    "PYTHON_CONNECTOR_QUERY_RESULT_FORMAT": "arrow",
    "QUERY_TAG": "",
    "QUOTED_IDENTIFIERS_IGNORE_CASE": "false",
    "ROWS_PER_RESULTSET": "0",
    "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS": "0",
    "STATEMENT_TIMEOUT_IN_SECONDS": "172800",
    "TIMEZONE": "America/Los_Angeles",
    "TIMESTAMP_TYPE_MAPPING": "TIMESTAMP_NTZ",
    "TRANSACTION_ABORT_ON_ERROR": "false",
    "WEEK_START": "0",
}


@dataclass(kw_only=True)
class TaskRun:
    """The run of a task that a session is for: what it may ask about the graph around it, and what it gives back."""

    name: str
    root: str
    config: str | None
    returned: dict[str, str]
    predecessors: tuple[str, ...]
    states: dict[str, str]
    scheduled_at: datetime
    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRun:
    """The evaluation of an alert that a session is for: what its condition and action may ask."""

    scheduled_at: datetime
    last_success: datetime | None
    condition_query_id: str


@dataclass(kw_only=True)
class Session:
    """A session belongs to one account and one user; one statement runs in it at a time (`busy`)."""

    id: int
    account: str
    user: str
    role: str | None
    restricted_role: str | None = None
    """Set when a PAT with ROLE_RESTRICTION opened the session: USE ROLE to another is refused."""
    secondary_roles: str | tuple[str, ...] = "NONE"
    """ALL, NONE, or the names of those that were asked for."""
    warehouse: str | None = None
    database: str | None = None
    schema: str | None = None
    parameters: dict[str, str] = field(default_factory=lambda: dict(SESSION_DEFAULTS))
    chosen: set[str] = field(default_factory=set)
    """The parameters that were set in this session."""
    variables: dict[str, object] = field(default_factory=dict)
    transaction: Transaction | None = None
    last_query_id: str | None = None
    created_at: datetime
    client: str = ""
    address: str = "127.0.0.1"
    """Where the client calls from."""
    token: str | None = None
    """Name of the programmatic access token that opened the session."""
    busy: threading.RLock = field(default_factory=threading.RLock)
    owner_rights: list[tuple[str, int]] = field(default_factory=list)
    """Stack of (owner role, schema id) of the owner's-rights procedures that run now."""

    task: TaskRun | None = None
    """Set while the session is a task's."""

    alert: AlertRun | None = None
    """Set while the session is an alert's."""

    lookups: dict[str, object] = field(default_factory=dict)
    """What queries of late were compiled to, by their texts without constants; see `query.lookups`."""

    executing: list[str] = field(default_factory=list)
    """Stack of the staged files that EXECUTE IMMEDIATE FROM runs now."""

    call_variables: frozenset[int] = frozenset()
    """At which places the CALL that a script sends now has variables, which can take an output argument's value."""

    selecting: int = 0
    """How many SELECTs from a stored procedure run around the present statement: it may only read."""

    procedure_depth: int = 0
    """How many procedure calls run around the present statement: a transaction ends in the scope that began it."""

    @property
    def effective_role(self) -> str | None:
        """The role whose privileges count: the procedure owner's inside an owner's-rights procedure."""
        return self.owner_rights[-1][0] if self.owner_rights else self.role


session_ids = itertools.count
