"""PRIMARY KEY, UNIQUE, FOREIGN KEY: inline and out of line (sql-reference/sql/create-table-constraint)."""

from __future__ import annotations

from dataclasses import field

from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.expressions import read_names
from runner.sandbox.errors import unsupported
from runner.sandbox.tokens import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintClause:
    """A constraint as written; `references` is the name of the other table as given, not yet resolved."""

    type: str
    columns: list[str]
    name: str | None = None
    references: tuple[str, ...] | None = None
    referenced_columns: list[str] = field(default_factory=list)
    rely: bool = False


# Said for other databases' sake; all of them state what holds anyway for constraints that are never enforced.
_IDLE = (
    ("NOT", "ENFORCED"),
    ("NOT", "DEFERRABLE"),
    ("DEFERRABLE",),
    ("INITIALLY", "DEFERRED"),
    ("INITIALLY", "IMMEDIATE"),
    ("ENABLE",),
    ("DISABLE",),
    ("VALIDATE",),
    ("NOVALIDATE",),
    ("MATCH", "FULL"),
    ("ON", "UPDATE", "NO", "ACTION"),
    ("ON", "DELETE", "NO", "ACTION"),
)
_REFUSED = ("ENFORCED", "MATCH", "ON")


def at_constraint(reader: Reader) -> bool:
    """Whether an out-of-line constraint begins here."""
    return (
        reader.at("CONSTRAINT")
        or reader.at("PRIMARY", "KEY")
        or reader.at("FOREIGN", "KEY")
        or reader.at("UNIQUE", "(")
        or reader.at("CHECK", "(")
    )


def read_out_of_line(reader: Reader) -> ConstraintClause:
    name = reader.identifier() if reader.accept("CONSTRAINT") else None
    if reader.accept("FOREIGN", "KEY"):
        return _foreign(reader, name, read_names(reader))
    kind = _key(reader)
    columns = read_names(reader)
    return ConstraintClause(type=kind, columns=columns, name=name, rely=read_properties(reader) or False)


def read_inline(reader: Reader, column: str) -> ConstraintClause | None:
    """The constraint a column's definition may carry here; None when none begins."""
    if not (reader.at("CONSTRAINT") or reader.peek().word in ("PRIMARY", "UNIQUE", "FOREIGN", "REFERENCES", "CHECK")):
        return None
    name = reader.identifier() if reader.accept("CONSTRAINT") else None
    if reader.accept("FOREIGN", "KEY") or reader.at("REFERENCES"):
        return _foreign(reader, name, [column])
    return ConstraintClause(type=_key(reader), columns=[column], name=name, rely=read_properties(reader) or False)


def _key(reader: Reader) -> str:
    if reader.accept("PRIMARY", "KEY"):
        return "PRIMARY KEY"
    if reader.at("CHECK"):
        raise unsupported("CHECK constraint")
    reader.expect("UNIQUE")
    return "UNIQUE"


def _foreign(reader: Reader, name: str | None, columns: list[str]) -> ConstraintClause:
    reader.expect("REFERENCES")
    references = reader.name()
    others = read_names(reader) if reader.at("(") else []
    return ConstraintClause(
        type="FOREIGN KEY",
        columns=columns,
        name=name,
        references=references,
        referenced_columns=others,
        rely=read_properties(reader) or False,
    )


def read_properties(reader: Reader) -> bool | None:
    """Whether RELY or NORELY is said among a constraint's properties; None when neither is."""
    rely = None
    while True:
        if word := reader.accept_any("RELY", "NORELY"):
            rely = word == "RELY"
        elif not any(reader.accept(*words) for words in _IDLE):
            break
    if reader.peek().word in _REFUSED:
        raise unsupported(f"constraint property {reader.peek().word}")
    return rely
