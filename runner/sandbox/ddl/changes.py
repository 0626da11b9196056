"""What may be changed on a table: each change a value, whether ALTER TABLE says it or CREATE OR ALTER finds it."""

from __future__ import annotations

from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.columns import ColumnClause
from runner.sandbox.ddl.constraints import ConstraintClause
from runner.sandbox.result import SnowType


@dataclass(frozen=True, slots=True)
class AddColumn:
    clause: ColumnClause
    unless_exists: bool = False


@dataclass(frozen=True, slots=True)
class DropColumn:
    name: str
    if_exists: bool = False


@dataclass(frozen=True, slots=True)
class RenameColumn:
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class SetType:
    column: str
    type: SnowType


@dataclass(frozen=True, slots=True)
class SetNullable:
    column: str
    nullable: bool


@dataclass(frozen=True, slots=True)
class SetDefault:
    """None drops the default."""

    column: str
    default: str | None


@dataclass(frozen=True, slots=True)
class SetColumnComment:
    column: str
    comment: str | None


@dataclass(frozen=True, slots=True)
class SetColumnPolicy:
    """Masking or projection policy of a column; None takes it off."""

    column: str
    policy: tuple[str, ...] | None
    force: bool = False
    using: tuple[str, ...] = ()
    kind: str = "MASKING POLICY"


@dataclass(frozen=True, slots=True)
class SetPolicy:
    """Aggregation or join policy of the whole, with its entity or join keys; None takes it off."""

    kind: str
    policy: tuple[str, ...] | None
    force: bool = False
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddConstraint:
    constraint: ConstraintClause


@dataclass(frozen=True, slots=True)
class DropConstraint:
    """By name, or by type with the columns it is over (none for PRIMARY KEY)."""

    name: str | None = None
    type: str | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RenameConstraint:
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class SetReliance:
    """RELY or NORELY of the constraint that `key` names; None where neither was said."""

    key: DropConstraint
    rely: bool | None


@dataclass(frozen=True, slots=True)
class SearchOptimization:
    """ADD or DROP of search optimisation: `METHOD(target)` each; no expressions stand for the whole table."""

    add: bool
    expressions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetProperty:
    """A field of the table itself: comment, cluster_by, retention_days, max_extension_days, change_tracking."""

    field: str
    value: str | int | bool | None


@dataclass(frozen=True, slots=True)
class RowAccess:
    """ADD or DROP of a row access policy; a DROP without a name takes off all."""

    policy: tuple[str, ...] | None
    add: bool
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rename:
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Swap:
    other: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recluster:
    """SUSPEND or RESUME RECLUSTER: asks for a clustering key; kept and shown, for nothing is reclustered here."""

    resume: bool


Change = (
    AddColumn
    | DropColumn
    | RenameColumn
    | SetType
    | SetNullable
    | SetDefault
    | SetColumnComment
    | SetColumnPolicy
    | SetPolicy
    | AddConstraint
    | DropConstraint
    | RenameConstraint
    | SetReliance
    | SearchOptimization
    | SetProperty
    | RowAccess
    | Rename
    | Swap
    | Recluster
)
