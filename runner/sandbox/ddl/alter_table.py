"""ALTER TABLE as a list of changes (sql-reference/sql/alter-table, alter-table-column)."""

from __future__ import annotations

from collections.abc import Iterator

from runner.sandbox.ddl import changes as to
from runner.sandbox.ddl.columns import read_column
from runner.sandbox.ddl.constraints import at_constraint, read_out_of_line, read_properties
from runner.sandbox.ddl.create_table import read_cluster, read_days
from runner.sandbox.ddl.expressions import read_expression, read_names, read_using
from runner.sandbox.ddl.governance import KEYS, read_keyed_policy
from runner.sandbox.ddl.search import read_search
from runner.sandbox.ddl.types import read_type
from runner.sandbox.errors import unsupported
from runner.sandbox.tokens import Reader

_ABSENT = (
    ("ADD", "DATA", "METRIC"),
    ("SET", "CONTACT"),
    ("RECLUSTER",),
)


def read_alter_table(reader: Reader, timestamp: str) -> list[to.Change]:
    """What follows the table's name, to the end of the statement."""
    for words in _ABSENT:
        if reader.at(*words):
            raise unsupported(f"ALTER TABLE ... {' '.join(words)}")
    found = list(_changes(reader, timestamp))
    reader.end()
    return found


def at_governance(reader: Reader) -> bool:
    """Whether an ALTER VIEW puts policies on or takes them off."""
    pairs = zip(reader.tokens, reader.tokens[1:], strict=False)
    of_column = reader.peek().word in ("ALTER", "MODIFY") and any(
        one.word in ("MASKING", "PROJECTION") and other.word == "POLICY" for one, other in pairs
    )
    return of_column or any(reader.at(*words) for words in _OF_THE_WHOLE)


def read_governance(reader: Reader) -> list[to.SetColumnPolicy | to.SetPolicy | to.RowAccess]:
    """Policies put on a view or taken off, to the end of the statement."""
    found: list[to.SetColumnPolicy | to.SetPolicy | to.RowAccess] = []
    for change in read_alter_table(reader, "TIMESTAMP_NTZ"):
        if not isinstance(change, to.SetColumnPolicy | to.SetPolicy | to.RowAccess):
            raise unsupported("ALTER VIEW with policies and other changes at once")
        found.append(change)
    return found


_OF_THE_WHOLE = (
    *(("ADD", "ROW", "ACCESS"), ("DROP", "ROW", "ACCESS"), ("DROP", "ALL", "ROW", "ACCESS")),
    *((verb, kind, "POLICY") for verb in ("SET", "UNSET") for kind in ("AGGREGATION", "JOIN")),
)


def _changes(reader: Reader, timestamp: str) -> Iterator[to.Change]:
    if reader.accept("RENAME", "TO"):
        yield to.Rename(reader.name())
    elif reader.accept("SWAP", "WITH"):
        yield to.Swap(reader.name())
    elif reader.accept("RENAME"):
        yield _rename(reader)
    elif reader.accept("ADD"):
        yield from _add(reader, timestamp)
    elif reader.accept("DROP"):
        yield from _drop(reader)
    elif reader.accept_any("ALTER", "MODIFY"):
        yield from _alter(reader, timestamp)
    elif reader.accept("CLUSTER", "BY"):
        yield to.SetProperty("cluster_by", read_cluster(reader))
    elif word := reader.accept_any("SUSPEND", "RESUME"):
        reader.expect("RECLUSTER")
        yield to.Recluster(word == "RESUME")
    elif reader.at("SET", reader.peek(1).word, "POLICY") and reader.peek(1).word in KEYS:
        yield _policy(reader)
    elif reader.at("UNSET", reader.peek(1).word, "POLICY") and reader.peek(1).word in KEYS:
        _, kind, _ = reader.next(), reader.next(), reader.next()
        yield to.SetPolicy(f"{kind.word} POLICY", None)
    elif reader.accept("SET"):
        yield from _set(reader)
    elif reader.accept("UNSET"):
        yield from _unset(reader)
    else:
        raise reader.unexpected()


def _policy(reader: Reader) -> to.SetPolicy:
    reader.expect("SET")
    found = read_keyed_policy(reader)
    return to.SetPolicy(found.kind, found.policy, reader.accept("FORCE"), found.columns)


def _rename(reader: Reader) -> to.Change:
    constraint = reader.accept("CONSTRAINT")
    if not constraint:
        reader.expect("COLUMN")
    old = reader.identifier()
    reader.expect("TO")
    new = reader.identifier()
    return to.RenameConstraint(old, new) if constraint else to.RenameColumn(old, new)


def _add(reader: Reader, timestamp: str) -> Iterator[to.Change]:
    if reader.accept("ROW", "ACCESS", "POLICY"):
        name = reader.name()
        reader.expect("ON")
        yield to.RowAccess(name, add=True, columns=tuple(read_names(reader)))
    elif reader.accept("SEARCH", "OPTIMIZATION"):
        yield to.SearchOptimization(True, read_search(reader))
    elif at_constraint(reader):
        yield to.AddConstraint(read_out_of_line(reader))
    else:
        yield from _add_columns(reader, timestamp)


def _add_columns(reader: Reader, timestamp: str) -> Iterator[to.Change]:
    reader.accept("COLUMN")
    unless = reader.accept("IF", "NOT", "EXISTS")
    while True:
        clause = read_column(reader, timestamp)
        yield to.AddColumn(clause, unless)
        yield from (to.AddConstraint(constraint) for constraint in clause.constraints)
        if not reader.accept(","):
            return
        if reader.accept("COLUMN") or reader.at("IF", "NOT", "EXISTS"):
            unless = reader.accept("IF", "NOT", "EXISTS")


def _drop(reader: Reader) -> Iterator[to.Change]:
    if reader.accept("CLUSTERING", "KEY"):
        yield to.SetProperty("cluster_by", None)
    elif reader.accept("ALL", "ROW", "ACCESS", "POLICIES"):
        yield to.RowAccess(None, add=False)
    elif reader.accept("ROW", "ACCESS", "POLICY"):
        yield to.RowAccess(reader.name(), add=False)
        if reader.accept(","):
            reader.expect("ADD")
            yield from _add(reader, "")
    elif reader.accept("SEARCH", "OPTIMIZATION"):
        yield to.SearchOptimization(False, read_search(reader))
    elif at_constraint(reader):
        yield _key(reader)
        reader.accept_any("CASCADE", "RESTRICT")
    else:
        yield from _drop_columns(reader)


def _key(reader: Reader) -> to.DropConstraint:
    """The constraint that is meant: by name, or by type and columns."""
    if reader.accept("CONSTRAINT"):
        dropped = to.DropConstraint(name=reader.identifier())
    elif reader.accept("PRIMARY", "KEY"):
        dropped = to.DropConstraint(type="PRIMARY KEY")
    else:
        kind = "FOREIGN KEY" if reader.accept("FOREIGN", "KEY") else "UNIQUE"
        reader.accept("UNIQUE")
        dropped = to.DropConstraint(type=kind, columns=tuple(read_names(reader)))
    return dropped


def _drop_columns(reader: Reader) -> Iterator[to.Change]:
    reader.accept("COLUMN")
    if_exists = reader.accept("IF", "EXISTS")
    while True:
        yield to.DropColumn(reader.identifier(), if_exists)
        if not reader.accept(","):
            break
        if reader.accept("COLUMN") or reader.at("IF", "EXISTS"):
            if_exists = reader.accept("IF", "EXISTS")
    reader.accept_any("CASCADE", "RESTRICT")


def _alter(reader: Reader, timestamp: str) -> Iterator[to.Change]:
    if at_constraint(reader):
        yield to.SetReliance(_key(reader), read_properties(reader))
        return
    enclosed = reader.accept("(")
    while True:
        reader.accept("COLUMN")
        yield from _alter_column(reader, reader.identifier(), timestamp)
        if not reader.accept(","):
            break
    if enclosed:
        reader.expect(")")


def _alter_column(reader: Reader, column: str, timestamp: str) -> Iterator[to.Change]:
    if reader.accept("DROP", "DEFAULT"):
        yield to.SetDefault(column, None)
    elif reader.accept("SET", "DEFAULT"):
        yield to.SetDefault(column, read_expression(reader, ()))
    elif reader.accept("DROP", "NOT", "NULL"):
        yield to.SetNullable(column, nullable=True)
    elif reader.accept("SET", "NOT", "NULL") or reader.accept("NOT", "NULL"):
        yield to.SetNullable(column, nullable=False)
    elif reader.accept("UNSET", "COMMENT"):
        yield to.SetColumnComment(column, None)
    elif reader.accept("COMMENT"):
        reader.accept("=")
        yield to.SetColumnComment(column, reader.string())
    elif reader.accept("SET", "MASKING", "POLICY"):
        yield _masking(reader, column)
    elif reader.accept("UNSET", "MASKING", "POLICY"):
        yield to.SetColumnPolicy(column, None)
    elif reader.accept("SET", "PROJECTION", "POLICY"):
        yield to.SetColumnPolicy(column, reader.name(), reader.accept("FORCE"), kind="PROJECTION POLICY")
    elif reader.accept("UNSET", "PROJECTION", "POLICY"):
        yield to.SetColumnPolicy(column, None, kind="PROJECTION POLICY")
    else:
        yield from _retype(reader, column, timestamp)


def _masking(reader: Reader, column: str) -> to.Change:
    policy = reader.name()
    using = read_using(reader)
    return to.SetColumnPolicy(column, policy, reader.accept("FORCE"), using)


def _retype(reader: Reader, column: str, timestamp: str) -> Iterator[to.Change]:
    if not reader.accept("SET", "DATA", "TYPE"):
        reader.accept("TYPE")
    yield to.SetType(column, read_type(reader, timestamp))
    if reader.at("COLLATE"):
        raise unsupported("change of a collation")


def _set(reader: Reader) -> Iterator[to.Change]:
    while True:
        yield _property(reader)
        reader.accept(",")
        if reader.at_end() or reader.at(";"):
            return


def _property(reader: Reader) -> to.Change:
    if reader.accept("COMMENT"):
        reader.expect("=")
        return to.SetProperty("comment", reader.string())
    if word := reader.accept_any("DATA_RETENTION_TIME_IN_DAYS", "MAX_DATA_EXTENSION_TIME_IN_DAYS"):
        return to.SetProperty(_FIELDS[word][0], read_days(reader, word))
    if reader.accept("CHANGE_TRACKING"):
        reader.expect("=")
        return to.SetProperty("change_tracking", reader.boolean())
    if reader.peek(1).word == "=":
        raise unsupported(f"ALTER TABLE ... SET {reader.peek().word}")
    raise reader.unexpected()


_FIELDS: dict[str, tuple[str, bool | None]] = {
    "COMMENT": ("comment", None),
    "DATA_RETENTION_TIME_IN_DAYS": ("retention_days", None),
    "MAX_DATA_EXTENSION_TIME_IN_DAYS": ("max_extension_days", None),
    "CHANGE_TRACKING": ("change_tracking", False),
}
_UNSETTABLE = frozenset({"DEFAULT_DDL_COLLATION", "ENABLE_SCHEMA_EVOLUTION", "ROW_TIMESTAMP", "ERROR_LOGGING"})


def _unset(reader: Reader) -> Iterator[to.Change]:
    while True:
        word = reader.accept_any(*_FIELDS)
        if not word and reader.peek().word in _UNSETTABLE:
            raise unsupported(f"ALTER TABLE ... UNSET {reader.peek().word}")
        if not word:
            raise reader.unexpected()
        field, value = _FIELDS[word]
        yield to.SetProperty(field, value)
        if not reader.accept(","):
            return
