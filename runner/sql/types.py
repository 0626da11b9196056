"""Data types by their one true name: every alias and every default length is spelled out (sql-reference/data-types)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from runner.sql.lexing import Kind, Token

_DEFAULTS: Final[dict[str, tuple[str, ...]]] = {
    "NUMBER": ("38", "0"),
    "FLOAT": (),
    "VARCHAR": ("16777216",),
    "BINARY": ("8388608",),
    "BOOLEAN": (),
    "TIME": ("9",),
    "TIMESTAMP_NTZ": ("9",),
    "TIMESTAMP_LTZ": ("9",),
    "TIMESTAMP_TZ": ("9",),
}

# Longest first where one starts another. TIMESTAMP is TIMESTAMP_NTZ: every session of the runner maps it so.
_ALIASES: Final[dict[tuple[str, ...], str]] = {
    ("TIMESTAMP", "WITH", "LOCAL", "TIME", "ZONE"): "TIMESTAMP_LTZ",
    ("TIMESTAMP", "WITHOUT", "TIME", "ZONE"): "TIMESTAMP_NTZ",
    ("TIMESTAMP", "WITH", "TIME", "ZONE"): "TIMESTAMP_TZ",
    ("DOUBLE", "PRECISION"): "FLOAT",
    ("CHARACTER", "VARYING"): "VARCHAR",
    ("CHAR", "VARYING"): "VARCHAR",
    ("NCHAR", "VARYING"): "VARCHAR",
    **dict.fromkeys([("NUMBER",), ("DECIMAL",), ("DEC",), ("NUMERIC",)], "NUMBER"),
    **dict.fromkeys([("FLOAT",), ("FLOAT4",), ("FLOAT8",), ("DOUBLE",), ("REAL",)], "FLOAT"),
    **dict.fromkeys([("VARCHAR",), ("STRING",), ("TEXT",), ("NVARCHAR",), ("NVARCHAR2",)], "VARCHAR"),
    **dict.fromkeys([("BINARY",), ("VARBINARY",)], "BINARY"),
    **dict.fromkeys([("BOOLEAN",), ("BOOL",)], "BOOLEAN"),
    **dict.fromkeys([("TIMESTAMP_NTZ",), ("TIMESTAMPNTZ",), ("DATETIME",), ("TIMESTAMP",)], "TIMESTAMP_NTZ"),
    **dict.fromkeys([("TIMESTAMP_LTZ",), ("TIMESTAMPLTZ",)], "TIMESTAMP_LTZ"),
    **dict.fromkeys([("TIMESTAMP_TZ",), ("TIMESTAMPTZ",)], "TIMESTAMP_TZ"),
    ("TIME",): "TIME",
}
_ONE_CHARACTER: Final = frozenset({"CHAR", "CHARACTER", "NCHAR"})
_WHOLE: Final = frozenset({"INT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "BYTEINT"})


def read_type(stream: Sequence[Token], position: int) -> tuple[str, int]:
    """The type written at ``position`` by its true name and the place behind it; of an unknown one ("", place)."""
    words = tuple(token.word for token in stream[position : position + 5])
    if words and words[0] in _WHOLE:
        return "NUMBER(38,0)", position + 1
    for alias, name in _ALIASES.items():
        if words[: len(alias)] == alias:
            return _with_lengths(stream, position + len(alias), name, _DEFAULTS[name])
    if words and words[0] in _ONE_CHARACTER:
        return _with_lengths(stream, position + 1, "VARCHAR", ("1",))
    return "", position


def _with_lengths(stream: Sequence[Token], position: int, name: str, defaults: tuple[str, ...]) -> tuple[str, int]:
    lengths, after = _lengths(stream, position)
    spelled = (*lengths, *defaults[len(lengths) :]) if defaults else ()
    return (f"{name}({','.join(spelled)})" if spelled else name), after


def _lengths(stream: Sequence[Token], position: int) -> tuple[tuple[str, ...], int]:
    texts = [token.text for token in stream[position : position + 5]]
    kinds = [token.kind for token in stream[position : position + 5]]
    if kinds[1:2] == [Kind.NUMBER] and texts[0] == "(":
        if texts[2:3] == [")"]:
            return (texts[1],), position + 3
        if texts[2:3] == [","] and texts[4:5] == [")"]:
            return (texts[1], texts[3]), position + 5
    return (), position


def canonical_type(written: Sequence[Token]) -> str:
    """A whole written type by its true name; an unknown one in capitals."""
    name, after = read_type(written, 0)
    return name if name and after == len(written) else "".join(token.text.upper() for token in written)
