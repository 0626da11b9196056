"""What a result's columns are called on the wire: `rowtype` of an answer (connector `constants.py`, FIELD_TYPES)."""

from __future__ import annotations

from collections.abc import Sequence

from runner.sandbox.result import Column, SnowType

_TYPES = {"NUMBER": "fixed", "FLOAT": "real", "VARCHAR": "text"}
_LARGEST_TEXT = 16777216
_LARGEST_BINARY = 8388608


def wire_type(kind: SnowType) -> str:
    """The name of the type in `rowtype` and, in upper case, in Arrow's `logicalType`."""
    return _TYPES.get(kind.name, kind.name.lower())


def fraction_digits(kind: SnowType) -> int:
    """How many digits of a second a time or timestamp keeps; nine unless declared."""
    declared = kind.scale if kind.scale is not None else kind.precision
    return 9 if declared is None else declared


def facets(kind: SnowType) -> dict[str, int | None]:
    """Precision, scale and lengths as Snowflake gives them for the type."""
    precision, scale, length, byte_length = None, None, None, None
    match kind.name:
        case "NUMBER":
            precision, scale = kind.precision or 38, kind.scale or 0
        case "VARCHAR":
            length = kind.length or _LARGEST_TEXT
            byte_length = max(length, min(length * 4, _LARGEST_TEXT))
        case "BINARY":
            length = byte_length = kind.length or _LARGEST_BINARY
        case "TIME" | "TIMESTAMP_NTZ" | "TIMESTAMP_LTZ" | "TIMESTAMP_TZ":
            precision, scale = 0, fraction_digits(kind)
        case _:
            pass
    return {"precision": precision, "scale": scale, "length": length, "byteLength": byte_length}


def rowtype(columns: Sequence[Column]) -> list[dict[str, object]]:
    """One entry a column."""
    return [
        {
            "name": column.name,
            "database": "",
            "schema": "",
            "table": "",
            "type": wire_type(column.type),
            "nullable": column.nullable,
            "collation": None,
            **facets(column.type),
        }
        for column in columns
    ]
