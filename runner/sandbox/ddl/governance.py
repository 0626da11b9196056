"""Policies as CREATE writes them, on a column or on the whole (sql-reference/sql/create-table, create-view)."""

from __future__ import annotations

from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.expressions import read_names, read_using
from runner.sandbox.tokens import Reader

KEYS = {"AGGREGATION": ("ENTITY", "KEY"), "JOIN": ("ALLOWED", "JOIN", "KEYS")}


@dataclass(frozen=True, slots=True)
class ColumnPolicy:
    """`kind` is MASKING POLICY or PROJECTION POLICY; `using` has the columns of a conditional mask."""

    kind: str
    policy: tuple[str, ...]
    using: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WholePolicy:
    """A row access policy with its columns, or an aggregation or join policy with its keys."""

    kind: str
    policy: tuple[str, ...]
    columns: tuple[str, ...] = ()


def read_column_policy(reader: Reader) -> ColumnPolicy | None:
    """`[WITH] MASKING POLICY p [USING (…)]` or `[WITH] PROJECTION POLICY p`; None where something else stands."""
    begin = reader.index
    reader.accept("WITH")
    if reader.accept("MASKING", "POLICY"):
        name = reader.name()
        return ColumnPolicy("MASKING POLICY", name, read_using(reader))
    if reader.accept("PROJECTION", "POLICY"):
        return ColumnPolicy("PROJECTION POLICY", reader.name())
    reader.index = begin
    return None


def read_whole_policy(reader: Reader) -> WholePolicy | None:
    """`[WITH] ROW ACCESS POLICY p ON (…)`, AGGREGATION POLICY or JOIN POLICY; None where something else stands."""
    begin = reader.index
    reader.accept("WITH")
    if reader.accept("ROW", "ACCESS", "POLICY"):
        name = reader.name()
        reader.expect("ON")
        return WholePolicy("ROW ACCESS POLICY", name, tuple(read_names(reader)))
    if reader.peek().word in KEYS and reader.peek(1).word == "POLICY":
        return read_keyed_policy(reader)
    reader.index = begin
    return None


def read_keyed_policy(reader: Reader) -> WholePolicy:
    """`AGGREGATION POLICY p [ENTITY KEY (…)]` or `JOIN POLICY p [ALLOWED JOIN KEYS (…)]`."""
    kind = reader.next().word
    reader.expect("POLICY")
    name = reader.name()
    return WholePolicy(f"{kind} POLICY", name, tuple(read_names(reader)) if reader.accept(*KEYS[kind]) else ())
