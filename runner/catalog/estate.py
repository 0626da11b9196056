"""What was found in an account, as values: objects, who needs whom and by which evidence, and what could not be read.

Names are as Snowflake stores them. Everything is sorted, so that the same account gives the same estate, in whatever
order Snowflake answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from runner.core.names import ObjectName


class Kind(StrEnum):
    """Kinds of objects, by Snowflake's words for them."""

    SCHEMA = "SCHEMA"
    TABLE = "TABLE"
    DYNAMIC_TABLE = "DYNAMIC TABLE"
    EXTERNAL_TABLE = "EXTERNAL TABLE"
    EVENT_TABLE = "EVENT TABLE"
    VIEW = "VIEW"
    MATERIALIZED_VIEW = "MATERIALIZED VIEW"
    SEQUENCE = "SEQUENCE"
    FUNCTION = "FUNCTION"
    PROCEDURE = "PROCEDURE"
    STREAM = "STREAM"
    TASK = "TASK"
    ALERT = "ALERT"
    PIPE = "PIPE"
    STAGE = "STAGE"
    FILE_FORMAT = "FILE FORMAT"
    MASKING_POLICY = "MASKING POLICY"
    ROW_ACCESS_POLICY = "ROW ACCESS POLICY"
    PROJECTION_POLICY = "PROJECTION POLICY"
    AGGREGATION_POLICY = "AGGREGATION POLICY"
    JOIN_POLICY = "JOIN POLICY"
    TAG = "TAG"
    NETWORK_RULE = "NETWORK RULE"
    SECRET = "SECRET"
    DATABASE = "DATABASE"
    ROLE = "ROLE"
    DATABASE_ROLE = "DATABASE ROLE"
    WAREHOUSE = "WAREHOUSE"
    INTEGRATION = "INTEGRATION"
    UNKNOWN = "OBJECT"
    """Named somewhere, but nothing of that name was found, so that its kind is not known."""


ROUTINES = frozenset({Kind.FUNCTION, Kind.PROCEDURE})
ATTACHED = frozenset(
    {
        Kind.MASKING_POLICY, Kind.ROW_ACCESS_POLICY, Kind.PROJECTION_POLICY, Kind.AGGREGATION_POLICY, Kind.JOIN_POLICY,
        Kind.TAG,
    }
)  # fmt: skip
"""What hangs on other objects and can be taken off them."""
SYSTEM_ROLES = frozenset({"ACCOUNTADMIN", "SYSADMIN", "SECURITYADMIN", "USERADMIN", "ORGADMIN", "PUBLIC"})
"""Roles that every account has (user-guide/security-access-control-overview)."""
OF_ACCOUNT = frozenset({Kind.DATABASE, Kind.ROLE, Kind.WAREHOUSE, Kind.INTEGRATION})


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """One object of one account. A routine's ``signature`` is its argument types, ``(DATE, NUMBER)``; else empty.

    An object of the account has neither database nor schema; a schema and a database role have no ``schema``.
    """

    kind: Kind
    database: str
    schema: str
    name: str
    signature: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        return self.database, self.schema, self.name

    def lead(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        """Where a name written in its definition leads: what the name leaves out is the object's own."""
        return (*self.place[: 3 - len(parts)], *parts)

    @property
    def sql(self) -> str:
        """As it must stand in a statement, from the database on."""
        return ObjectName.of(*(part for part in self.place if part)).sql + self.signature

    @property
    def short(self) -> str:
        """Schema and name: how people speak of it within its database."""
        return ".".join(part for part in (self.schema, self.name) if part) + self.signature

    def __str__(self) -> str:
        return f"{self.kind.value.lower()} {self.sql}"


@dataclass(frozen=True, slots=True)
class Column:
    """``type`` by its true name, with length, precision and scale. ``identity`` is start and increment."""

    name: str
    type: str
    nullable: bool = True
    default: str = ""
    identity: tuple[int, int] | None = None
    comment: str = ""
    collation: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """A PRIMARY, UNIQUE or FOREIGN key; a foreign one says what it refers to."""

    kind: str
    columns: tuple[str, ...]
    refers: Address | None = None
    referred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """A privilege on an object; ``grantee_kind`` is ROLE, DATABASE ROLE, SHARE …

    ``future`` is the kind of objects a future grant of a schema or database is for, else empty.
    """

    privilege: str
    grantee_kind: str
    grantee: str
    grant_option: bool = False
    future: str = ""


@dataclass(frozen=True, slots=True, order=True)
class TagValue:
    """A tag on an object, or on one of its columns."""

    tag: Address
    value: str
    column: str = ""


@dataclass(frozen=True, slots=True, order=True)
class PolicyUse:
    """A policy on an object: on a column, or over columns (row access)."""

    policy: Address
    column: str = ""
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One object and all that was found about it.

    ``ddl`` is what GET_DDL gives, fully qualified; where it could not be had, ``problem`` says why. ``rows`` and
    ``bytes`` are None where Snowflake does not say. ``properties`` holds what else SHOW tells of this kind, by SHOW's
    column names (``language``, ``schedule``, ``warehouse``, ``is_secure``, ``retention_time`` …).
    """

    address: Address
    owner: str = ""
    ddl: str = field(default="", repr=False)
    problem: str = ""
    comment: str = ""
    columns: tuple[Column, ...] = ()
    keys: tuple[Key, ...] = ()
    tags: tuple[TagValue, ...] = ()
    policies: tuple[PolicyUse, ...] = ()
    grants: tuple[Grant, ...] = ()
    rows: int | None = None
    bytes: int | None = None
    properties: Mapping[str, str] = field(default_factory=dict)


class Evidence(StrEnum):
    """How it is known that one object needs another."""

    CATALOG = "catalog"
    KEYS = "keys"
    DEFAULT = "default"
    PARSED = "parsed"
    OBSERVED = "observed"
    LINEAGE = "lineage"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in the needer's DDL the other is named; lines and columns count from 1."""

    line: int
    column: int
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """``needer`` needs ``needed``. Not ``certain``: only text suggests it (a string, dynamic SQL, another language)."""

    needer: Address
    needed: Address
    evidence: Evidence
    use: str = ""
    certain: bool = True
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """Evidence that could not be had: what, for which part of the account, and Snowflake's own words why."""

    evidence: str
    scope: str
    reason: str


@dataclass(frozen=True)
class Estate:
    """Everything that was found in ``schemas`` of ``database``, and in other places that it leads to."""

    organization: str
    account: str
    database: str
    schemas: tuple[str, ...]
    objects: tuple[Found, ...]
    edges: tuple[Edge, ...] = ()
    gaps: tuple[Gap, ...] = ()
    parameters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What schemas and the database hand down: by their SQL name, parameter → value, where set there."""

    @cached_property
    def by_address(self) -> Mapping[Address, Found]:
        return {found.address: found for found in self.objects}

    @cached_property
    def by_place(self) -> Mapping[tuple[str, str, str], tuple[Found, ...]]:
        """All that share a name: a table and a procedure may, overloads do."""
        places: dict[tuple[str, str, str], list[Found]] = {}
        for found in self.objects:
            places.setdefault(found.address.place, []).append(found)
        return {place: tuple(group) for place, group in places.items()}


@dataclass(frozen=True, slots=True)
class Past:
    """A statement that once changed a table; unqualified names in it meant ``database.schema``. ``where`` it was found,
    for people: a query's id, or a line of a procedure.
    """

    text: str
    kind: str
    database: str
    schema: str
    where: str
