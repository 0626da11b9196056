"""What a reconciliation found, as values. Hashes are text: 64 bits are more than a JSON number keeps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from runner.core.names import ObjectName


class Kind(StrEnum):
    """What is compared, in the order in which it is shown."""

    TABLE = "table"
    VIEW = "view"
    SEQUENCE = "sequence"
    FUNCTION = "function"
    PROCEDURE = "procedure"
    OTHER = "other"


class Verdict(StrEnum):
    EQUAL = "equal"
    DIFFERS = "differs"
    NOT_COMPARED = "not compared"


@dataclass(frozen=True, slots=True)
class ObjectId:
    """An object in both accounts: kind, schema and name as stored; routines carry their argument types."""

    kind: Kind
    schema: str
    name: str

    @property
    def place(self) -> tuple[int, str, str]:
        """Where it stands in a list: by kind, then by name."""
        return list(Kind).index(self.kind), self.schema, self.name

    @property
    def sql(self) -> str:
        """Schema and name as SQL: what must be quoted is, so that `"t"` is told from `T`."""
        name, parenthesis, types = self.name, "", ""
        if self.kind in (Kind.PROCEDURE, Kind.FUNCTION):
            name, parenthesis, types = self.name.partition("(")
        return ObjectName.of(self.schema, name).sql + parenthesis + types

    def __str__(self) -> str:
        return f"{self.kind} {self.sql}"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same: what, and how it is on both sides; `diff` instead where a text changed."""

    what: str
    source: str
    target: str
    diff: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    column: str
    source: str | None
    target: str | None
    differs: bool


class RowKind(StrEnum):
    """How a row differs: other values, or only on one side, or there in another number."""

    CHANGED = "changed"
    MISSING = "missing in the target"
    EXTRA = "only in the target"
    REPEATED = "another number of copies"


@dataclass(frozen=True, slots=True)
class RowDifference:
    """One row, known by its primary key (by all columns where there is none)."""

    kind: RowKind
    key: tuple[Cell, ...]
    cells: tuple[Cell, ...]
    source_copies: int
    target_copies: int


@dataclass(frozen=True, slots=True)
class Profile:
    """One column of one side. `distinct` is an estimate."""

    nulls: int
    distinct: int
    least: str | None
    greatest: str | None


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    column: str
    differs: bool
    source: Profile
    target: Profile


@dataclass(frozen=True, slots=True)
class DataResult:
    """The rows of both sides. `binding`: a difference counts; otherwise it only informs."""

    against: str
    equal: bool
    binding: bool
    source_rows: int
    target_rows: int
    source_hash: str
    target_hash: str
    columns: tuple[str, ...]
    profile: tuple[ColumnProfile, ...] = ()
    rows: tuple[RowDifference, ...] = ()
    differing_rows: int = 0
    all_counted: bool = True
    """False: there are more differing rows than the ones counted."""


@dataclass(frozen=True, slots=True)
class ObjectResult:
    """One object of the target. `label`: its name as SQL."""

    kind: Kind
    schema: str
    name: str
    label: str
    verdict: Verdict
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()
    data: DataResult | None = None
    source: str = ""
    """Its name in the source as SQL, where a plan gave it another."""

    @property
    def names(self) -> str:
        """Its name, and the one it has in the source where that is another."""
        return f"{self.label} ({self.source} in the source)" if self.source else self.label


@dataclass(frozen=True, slots=True)
class Party:
    """One of the two accounts."""

    environment: str
    account: str
    database: str


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One environment held against its source. `frozen_at`: the instant of the frozen rows, where there are any."""

    source: Party
    target: Party
    verdict: Verdict
    frozen_at: str
    started: str
    milliseconds: int
    objects: tuple[ObjectResult, ...]
    not_selected: tuple[str, ...]
    """Objects of the source that the environment does not have: nobody asked for them to travel."""

    @property
    def differing(self) -> tuple[str, ...]:
        return tuple(item.names for item in self.objects if item.verdict is Verdict.DIFFERS)
