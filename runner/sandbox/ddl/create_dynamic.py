"""CREATE DYNAMIC TABLE as a value (sql-reference/sql/create-dynamic-table)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from sqlglot import exp

from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.create_table import duplicate_column, read_cluster, read_days
from runner.sandbox.ddl.governance import ColumnPolicy, WholePolicy, read_column_policy, read_whole_policy
from runner.sandbox.ddl.header import Header
from runner.sandbox.ddl.types import read_type
from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.query import parsing
from runner.sandbox.result import SnowType
from runner.sandbox.tokens import Reader

_LAG = re.compile(r"\s*(\d+)\s*(SECOND|MINUTE|HOUR|DAY)S?\s*\Z", re.IGNORECASE)
_UNITS = {"SECOND": 1, "MINUTE": 60, "HOUR": 3600, "DAY": 86400}
_SHORTEST = 60
_LONGEST = 10 * 7 * 86400


@dataclass(frozen=True, slots=True)
class DynamicColumn:
    name: str
    type: SnowType | None = None
    comment: str | None = None
    policies: tuple[ColumnPolicy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateDynamic:
    """`columns` as listed; empty when the query names them."""

    header: Header
    name: tuple[str, ...]
    columns: tuple[DynamicColumn, ...] = ()
    policies: tuple[WholePolicy, ...] = ()
    target_lag: str = ""
    warehouse: str = ""
    refresh_mode: str = "AUTO"
    initialize: str = "ON_CREATE"
    cluster_by: str | None = None
    retention_days: int | None = None
    max_extension_days: int | None = None
    comment: str | None = None
    copy_grants: bool = False
    query: str = ""


_REFUSED = frozenset(
    {
        "WITH",
        "REQUIRE",
        "IMMUTABLE",
        "FROZEN",
        "BACKFILL",
        "SCHEDULER",
        "INITIALIZATION_WAREHOUSE",
    }
    | {"EXTERNAL_VOLUME", "CATALOG", "BASE_LOCATION", "STORAGE_SERIALIZATION_POLICY", "EXECUTE", "ROW_TIMESTAMP"}
)


def read_create(reader: Reader, header: Header) -> CreateDynamic:
    """What follows the words DYNAMIC TABLE and IF NOT EXISTS."""
    statement = CreateDynamic(header=header, name=reader.name())
    if reader.at("("):
        statement = replace(statement, columns=_columns(reader))
    while not reader.at("AS"):
        if (policy := read_whole_policy(reader)) is not None:
            statement = replace(statement, policies=(*statement.policies, policy))
        else:
            statement = replace(statement, **_option(reader))  # type: ignore[arg-type]
        reader.accept(",")
    reader.expect("AS")
    for name, value in (("TARGET_LAG", statement.target_lag), ("WAREHOUSE", statement.warehouse)):
        if not value:
            raise compilation(2029, "42601", f"Missing option(s): [{name}]")
    query = reader.rest()
    if not query:
        raise reader.unexpected()
    return replace(statement, query=query)


def _columns(reader: Reader) -> tuple[DynamicColumn, ...]:
    reader.expect("(")
    found: dict[str, DynamicColumn] = {}
    while not found or reader.accept(","):
        name = reader.identifier()
        if name in found:
            raise duplicate_column(name)
        bare = reader.peek().word in (",", ")", "COMMENT", "WITH", "MASKING", "PROJECTION")
        found[name] = _column(reader, DynamicColumn(name, None if bare else read_type(reader)))
    reader.expect(")")
    return tuple(found.values())


def _column(reader: Reader, column: DynamicColumn) -> DynamicColumn:
    while True:
        if reader.accept("COMMENT"):
            column = replace(column, comment=_text(reader))
        elif (policy := read_column_policy(reader)) is not None:
            column = replace(column, policies=(*column.policies, policy))
        else:
            return column


def _text(reader: Reader) -> str:
    reader.accept("=")
    return reader.string()


def _option(reader: Reader) -> dict[str, object]:
    if reader.accept("CLUSTER", "BY"):
        return {"cluster_by": read_cluster(reader)}
    if reader.accept("COPY", "GRANTS"):
        return {"copy_grants": True}
    if reader.accept("COMMENT"):
        return {"comment": _text(reader)}
    return read_setting(reader, creating=True)


def read_setting(reader: Reader, *, creating: bool = False) -> dict[str, object]:
    """One of the properties that CREATE and ALTER … SET have in common, or with `creating` those of CREATE alone."""
    word = reader.peek().word
    if reader.accept("TARGET_LAG", "="):
        return {"target_lag": "DOWNSTREAM" if reader.accept("DOWNSTREAM") else checked_lag(reader.string())}
    if reader.accept("WAREHOUSE", "="):
        return {"warehouse": reader.identifier()}
    if word in ("DATA_RETENTION_TIME_IN_DAYS", "MAX_DATA_EXTENSION_TIME_IN_DAYS"):
        reader.next()
        field = "retention_days" if word.startswith("DATA_RETENTION") else "max_extension_days"
        return {field: read_days(reader, word)}
    if creating and reader.accept("REFRESH_MODE", "="):
        return {"refresh_mode": _one_of(reader, "AUTO", "FULL", "INCREMENTAL")}
    if creating and reader.accept("INITIALIZE", "="):
        return {"initialize": _one_of(reader, "ON_CREATE", "ON_SCHEDULE")}
    if not creating and reader.accept("COMMENT"):
        return {"comment": _text(reader)}
    if word in _REFUSED:
        raise unsupported(f"{word} of a dynamic table")
    raise reader.unexpected()


def _one_of(reader: Reader, *words: str) -> str:
    word = reader.accept_any(*words)
    if not word:
        raise reader.unexpected()
    return word


def checked_lag(text: str) -> str:
    """`<n> seconds | minutes | hours | days`, from one minute on."""
    found = _LAG.match(text)
    if found is None:
        raise compilation(1008, "22023", f"invalid value [{text[:40]}] for parameter 'TARGET_LAG'")
    seconds = int(found[1]) * _UNITS[found[2].upper()]
    if not _SHORTEST <= seconds <= _LONGEST:
        raise compilation(1008, "22023", f"invalid value [{text}] for parameter 'TARGET_LAG': from 1 minute on")
    unit = found[2].lower()
    return f"{int(found[1])} {unit}{'' if int(found[1]) == 1 else 's'}"


def lag(target_lag: str) -> timedelta | None:
    """How old the rows may be; None where what lies downstream says it."""
    found = _LAG.match(target_lag)
    return timedelta(seconds=int(found[1]) * _UNITS[found[2].upper()]) if found else None


_WHOLE_ONLY: tuple[tuple[type[exp.Expr], str], ...] = (
    (exp.Except, "MINUS and EXCEPT"),
    (exp.Intersect, "INTERSECT"),
    (exp.Pivot, "PIVOT and UNPIVOT"),
    (exp.TableSample, "SAMPLE"),
    (exp.MatchRecognize, "MATCH_RECOGNIZE"),
    (exp.Rand, "RANDOM"),
)
_VOLATILE = frozenset({"UUID_STRING", "RANDOM", "RANDSTR", "UNIFORM", "SEQ1", "SEQ2", "SEQ4", "SEQ8"})


def whole_only(query: str) -> str | None:
    """Why the query cannot be refreshed by its changes (user-guide/dynamic-tables-supported-queries)."""
    tree = parsing.query(query)
    for kind, words in _WHOLE_ONLY:
        if tree.find(kind):
            return f"Query contains {words}, which is not supported for incremental refresh."
    for call in tree.find_all(exp.Anonymous):
        if call.name.upper() in _VOLATILE:
            return f"Query contains the function {call.name.upper()}, which is not supported for incremental refresh."
    return None
