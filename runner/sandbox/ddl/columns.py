"""A column's definition as CREATE TABLE and ALTER TABLE ADD COLUMN write it (sql-reference/sql/create-table)."""

from __future__ import annotations

from dataclasses import field, replace

from runner.sandbox.catalog.model import ColumnModel
from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.constraints import ConstraintClause, read_inline
from runner.sandbox.ddl.expressions import read_expression
from runner.sandbox.ddl.governance import ColumnPolicy, read_column_policy
from runner.sandbox.ddl.names import new_identifier
from runner.sandbox.ddl.types import read_type
from runner.sandbox.errors import SnowflakeError, compilation, unsupported
from runner.sandbox.result import SnowType
from runner.sandbox.tokens import Kind, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnClause:
    """A column as written; `type` is None only in the column list of CREATE TABLE … AS SELECT.

    `identity` is (start, step).
    """

    name: str
    type: SnowType | None
    nullable: bool = True
    default: str | None = None
    identity: tuple[int, int] | None = None
    identity_order: bool = False
    collation: str | None = None
    comment: str | None = None
    policies: tuple[ColumnPolicy, ...] = ()
    constraints: tuple[ConstraintClause, ...] = field(default=())

    def model(self, kind: SnowType | None = None) -> ColumnModel:
        """The column as the catalogue keeps it; `kind` stands in where the clause names no type."""
        chosen = self.type or kind
        if chosen is None:
            raise compilation(1424, "42601", f"missing data type for column '{self.name}'.")
        return ColumnModel(
            name=self.name,
            type=chosen,
            nullable=self.nullable,
            default=self.default,
            identity=self.identity,
            identity_order=self.identity_order,
            collation=self.collation,
            comment=self.comment,
        )


_ATTRIBUTES_WORDS = """
NOT NULL DEFAULT AUTOINCREMENT IDENTITY COLLATE COMMENT CONSTRAINT PRIMARY UNIQUE FOREIGN REFERENCES WITH
MASKING PROJECTION TAG AS
"""
_ATTRIBUTES = frozenset(_ATTRIBUTES_WORDS.split())
_NUMERIC = ("NUMBER", "FLOAT")


def read_column(reader: Reader, timestamp: str, *, typed: bool = True) -> ColumnClause:
    """One column; without `typed` its type may be missing."""
    name = new_identifier(reader)
    bare = not typed and (reader.peek().word in (",", ")") or reader.peek().word in _ATTRIBUTES)
    clause = ColumnClause(name=name, type=None if bare else read_type(reader, timestamp))
    while (more := _attribute(reader, clause)) is not None:
        clause = more
    return _checked(clause)


def _attribute(reader: Reader, clause: ColumnClause) -> ColumnClause | None:
    """The clause with the attribute that is here, or None when there is none."""
    if reader.accept("NOT", "NULL"):
        return replace(clause, nullable=False)
    if reader.accept("NULL"):
        return replace(clause, nullable=True)
    if reader.accept("DEFAULT"):
        return replace(clause, default=read_expression(reader, _ATTRIBUTES))
    if reader.accept_any("AUTOINCREMENT", "IDENTITY"):
        start, step, order = read_identity(reader)
        return replace(clause, identity=(start, step), identity_order=order)
    if reader.accept("COLLATE"):
        return replace(clause, collation=reader.string())
    if reader.accept("COMMENT"):
        reader.accept("=")
        return replace(clause, comment=reader.string())
    if constraint := read_inline(reader, clause.name):
        return _constrained(clause, constraint)
    return _governed(reader, clause)


def _constrained(clause: ColumnClause, constraint: ConstraintClause) -> ColumnClause:
    nullable = clause.nullable and constraint.type != "PRIMARY KEY"
    return replace(clause, constraints=(*clause.constraints, constraint), nullable=nullable)


def _governed(reader: Reader, clause: ColumnClause) -> ColumnClause | None:
    if (policy := read_column_policy(reader)) is not None:
        return replace(clause, policies=(*clause.policies, policy))
    if reader.at("AS", "(") and clause.type is not None:
        raise unsupported("virtual column")
    if reader.accept("WITH"):
        raise reader.unexpected()
    return None


def read_identity(reader: Reader) -> tuple[int, int, bool]:
    """What follows AUTOINCREMENT: start, step, and whether ORDER was asked for (NOORDER is the default)."""
    start, step, order = 1, 1, False
    if reader.accept("("):
        start = reader.number()
        step = reader.number() if reader.accept(",") else 1
        reader.expect(")")
    while word := reader.accept_any("START", "INCREMENT", "ORDER", "NOORDER"):
        match word:
            case "START":
                reader.accept_any("WITH", "=")
                start = reader.number()
            case "INCREMENT":
                reader.accept_any("BY", "=")
                step = reader.number()
            case _:
                order = word == "ORDER"
    if step == 0:
        raise compilation(1422, "22023", "Sequence increment must be non-zero.")
    return start, step, order


def _checked(clause: ColumnClause) -> ColumnClause:
    kind = clause.type.name if clause.type else None
    if clause.identity and clause.default:
        raise _invalid(clause, "a column cannot have both a default and an identity")
    if clause.identity and kind and kind not in _NUMERIC:
        raise _invalid(clause, f"identity on a column of type {kind}")
    if clause.collation is not None and kind and kind != "VARCHAR":
        raise _invalid(clause, f"collation on a column of type {kind}")
    return clause


def _invalid(clause: ColumnClause, text: str) -> SnowflakeError:
    return compilation(2262, "22000", f"Invalid column definition '{clause.name}': {text}.")


def is_literal(default: str) -> bool:
    """Whether a default is a constant: a literal, maybe signed or cast."""
    reader = Reader(default)
    reader.accept_any("-", "+")
    return reader.next().kind in (Kind.STRING, Kind.NUMBER) and (reader.at_end() or reader.at("::"))
