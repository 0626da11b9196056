"""What the parts of the compiler share: typed fragments of engine SQL, scopes of names, the world a query looks at."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import field
from datetime import datetime

import pyarrow as pa
from sqlglot import exp

from runner.sandbox.accesses import Accesses
from runner.sandbox.catalog.model import Record, Routine, SchemaObject, Sequence
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.python.calls import ForeignCall
from runner.sandbox.query.demands import Demand
from runner.sandbox.query.watch import Guards, Watch
from runner.sandbox.result import SnowType

Expr = exp.Expr


@dataclass(frozen=True, slots=True)
class E:
    """Engine SQL for one expression, and the Snowflake type of its value where it is known.

    `wrap` is what must stand around an aggregate after its OVER clause: `CAST({} AS …)`.
    `literal` is the value of a string or number literal.
    """

    sql: str
    type: SnowType | None = None
    wrap: str = ""
    literal: str | None = None

    @property
    def kind(self) -> str:
        """The name of the type, empty where it is not known."""
        return self.type.name if self.type else ""

    def closed(self) -> E:
        """The expression with its wrapping done."""
        return E(self.wrap.replace("{}", self.sql, 1), self.type, literal=self.literal) if self.wrap else self


@dataclass(frozen=True, slots=True)
class Col:
    """A column as a query sees it; `sql` where it is not simply the relation's column of that name."""

    name: str
    type: SnowType | None
    sql: str | None = None
    nullable: bool = True
    noted: tuple[tuple[dict[str, None], str], ...] = field(default=(), compare=False, repr=False)
    """Where it is noted, and under which name, that a statement looked at this column of a table or view."""
    guards: Guards | None = field(default=None, compare=False, repr=False)
    """The columns under a projection policy that its values come from."""
    demands: tuple[Demand, ...] = field(default=(), compare=False, repr=False)
    """What aggregation and join policies demand of who reads the rows that it stands in."""


@dataclass(slots=True)
class Relation:
    """One item of a FROM clause: its alias, its columns, and the full name by which it may also be referred to."""

    alias: str
    columns: list[Col]
    path: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    """Columns that only a qualified name reaches: another relation shows them."""
    places: list[Col] | None = None
    """What `$1`, `$2` … mean where columns have no names, as in staged files."""

    shown: str = ""
    """What the engine calls it, where that is not the alias."""
    row: str | None = None
    """Engine SQL for the number of a row, where the scope counts rows; empty: its rows come to no function."""

    @property
    def called(self) -> str:
        return self.shown or self.alias

    def find(self, name: str) -> Col | None:
        return next((column for column in self.columns if column.name == name), None)


@dataclass
class Scope:
    """The names that expressions at one place may use; what is not here may be in the query around it."""

    parent: Scope | None = None
    relations: list[Relation] = field(default_factory=list)
    aliases: dict[str, Expr] = field(default_factory=dict)
    """Names given in the SELECT list, for WHERE, GROUP BY and the expressions beside them."""
    known: dict[str, SnowType | None] = field(default_factory=dict)
    merged: set[str] = field(default_factory=set)
    """Columns of USING: not ambiguous though both sides have them."""
    ctes: dict[str, list[Col]] = field(default_factory=dict)
    pseudo: dict[str, E] = field(default_factory=dict)
    """Names that are no column: LEVEL in a hierarchy."""
    prior: Scope | None = None
    root: Scope | None = None
    paths: dict[str, str] = field(default_factory=dict)
    """What PRIOR, CONNECT_BY_ROOT and SYS_CONNECT_BY_PATH mean in a hierarchy."""
    counting: bool = False
    """Whether the rows of what stands in FROM are numbered."""

    def cte(self, name: str) -> list[Col] | None:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.ctes:
                return scope.ctes[name]
            scope = scope.parent
        return None


@dataclass(frozen=True, slots=True)
class StagedRows:
    """Rows of staged files, registered under a name: fields `c0`, `c1` … of these types, then `m0` … `m4`."""

    name: str
    types: tuple[SnowType, ...]
    metadata: bool = True


@dataclass(frozen=True, slots=True)
class Invoker:
    """What reads a table or view that a policy governs: the session, or the view or function around, and the name."""

    context: Context
    parts: tuple[str, ...] = ()


@dataclass
class World:
    """Where names are looked for, and what the compiled statement needs besides its text."""

    context: Context
    """As whom names are resolved: the session, or the owner of the view being compiled."""
    caller: Context
    """Who really asks: CURRENT_ROLE() and its like answer for the session also inside a view."""
    now: datetime
    tables: dict[str, pa.Table] = field(default_factory=dict)
    """Relations that are no storage: registered under these names while the statement runs."""
    calls: dict[str, ForeignCall] = field(default_factory=dict)
    """Functions of the engine that are there while the statement runs, by name."""
    reads: list[Record] = field(default_factory=list)
    sequences: dict[int, Sequence] = field(default_factory=dict)
    stable: bool = True
    """Whether the same text compiled again means the same until the catalogue changes."""
    accesses: Accesses = field(default_factory=Accesses)
    as_of: datetime | None = None
    """Tables are seen as they were at the moment, with numbers for their rows: what streams on views compare."""
    text: str | None = None
    """The text that the tree was made from, values in the place of variables and binds."""
    source: str | None = None
    """The same text as it was written, where that is known."""
    written: list[str] = field(default_factory=list)
    """How the items of its outermost SELECT list were written, where some have no name."""
    names: dict[str, str] | None = None
    """How the expressions of its SELECT lists were written; made when first asked for."""
    dry: bool = False
    """Only compiled, not run: functions that act must not."""
    path: tuple[int, ...] = ()
    """Views and functions around the present place, to find circles."""
    counter: list[int] = field(default_factory=lambda: [0])
    watch: Watch = field(default_factory=Watch)
    traced: bool = False
    """Whether the way of every column's values is followed: ACCESS_HISTORY says where what was written came from."""
    demands: list[Demand] = field(default_factory=list)
    """All that aggregation and join policies demand of the statement."""
    constraint: str = ""
    """PROJECTION_CONSTRAINT and its like while the body of such a policy is compiled."""
    governs: SchemaObject | None = None
    """The table or view that is read through the policy being compiled."""
    invoker: Invoker | None = None
    """What reads it."""
    collations: dict[int, SnowType] = field(default_factory=dict)
    """What the operands of a node, by its identity, hand on to its value."""
    staged: StagedRows | None = None
    """The rows that COPY has read: what stands for the staged files of the statement."""

    def shown(self, alias: str) -> str:
        """What the engine calls a relation: inside a view or function a name that nothing around it has, since an
        argument's expression may speak of a relation outside that has the same alias.
        """
        return self.fresh(alias) if self.path else alias

    def fresh(self, prefix: str) -> str:
        """A name that nothing else in the statement has."""
        self.counter[0] += 1
        return f"{prefix}${self.counter[0]}"


class Emitter(ABC):
    """Compiles nodes in the present scope; the rules for single kinds of node are given one."""

    world: World
    scope: Scope

    @abstractmethod
    def expr(self, node: Expr) -> E:
        """Engine SQL of an expression; a moment comes without nanoseconds, and one that has any is refused."""

    @abstractmethod
    def full(self, node: Expr) -> E:
        """The same for who knows of nanoseconds (see `fine`): the type says how a moment is kept."""

    @abstractmethod
    def raw(self, node: Expr) -> E:
        """The same, an aggregate's wrapping not yet done."""

    @abstractmethod
    def query(self, node: Expr, scope: Scope | None = None) -> tuple[str, list[Col]]:
        """Engine SQL and columns of a query nested here."""

    @abstractmethod
    def rows(self, node: Expr, scope: Scope | None = None) -> tuple[str, list[Col]]:
        """The same for a query whose columns are not looked at yet, as in FROM."""

    @abstractmethod
    def within(self, world: World, scope: Scope) -> Emitter:
        """An emitter for another world or scope, as for the body of a view or a function."""

    @abstractmethod
    def chosen(self, names: tuple[str, ...], arguments: list[Expr]) -> tuple[Routine, list[E]]:
        """The user's own function that a call means, and the value of each of its arguments."""

    @abstractmethod
    def table_routine(self, names: tuple[str, ...], arguments: list[Expr]) -> tuple[str, list[Col]]:
        """Engine SQL and columns of a call of the user's own table function."""
