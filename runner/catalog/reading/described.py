"""Kinds that GET_DDL does not know: their statement is put together from what DESCRIBE and SHOW tell.

Stages, network rules and database roles (docs: sql-reference/sql/desc-stage, desc-network-rule, create-stage).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from runner.catalog.estate import Address, Found, Kind
from runner.catalog.reading.asking import Desk, Question, Row
from runner.catalog.reading.texts import Text
from runner.catalog.spelling import said
from runner.connection.faults import StatementFault
from runner.sql.lexing import string_literal

_GROUPS: Final = {"STAGE_FILE_FORMAT": "FILE_FORMAT", "STAGE_COPY_OPTIONS": "COPY_OPTIONS", "DIRECTORY": "DIRECTORY"}
_OF_THE_MOMENT: Final = frozenset({"LAST_REFRESHED_ON", "DIRECTORY_NOTIFICATION_CHANNEL"})


def described(desk: Desk, objects: Iterable[Found]) -> dict[Address, Text]:
    """A statement for each object of these kinds; where it cannot be had, why."""
    asked = [found for found in objects if found.address.kind in _WRITTEN]
    return dict(zip([found.address for found in asked], desk.each(lambda one: _text(desk, one), asked), strict=True))


def _text(desk: Desk, found: Found) -> Text:
    address = found.address
    write = _WRITTEN[address.kind]
    if write is None:
        return Text(_with_comment(f"create or replace {address.kind.value.lower()} {address.sql}", found))
    try:
        rows = desk.raw(f"DESCRIBE {address.kind.value} {address.sql}")
    except StatementFault as fault:
        desk.gap(Question("text", str(address), ""), fault)
        return Text("", f"its text cannot be read: {fault.message}")
    return Text(_with_comment(write(found, rows), found), _hidden(found))


def _hidden(found: Found) -> str:
    secret = [name for name in ("has_credentials", "has_encryption_key") if found.properties.get(name) == "Y"]
    return f"its text hides what nobody may read: {', '.join(secret)}" if secret else ""


def _with_comment(text: str, found: Found) -> str:
    return f"{text}\n\tCOMMENT = {string_literal(found.comment)};" if found.comment else f"{text};"


def _stage(found: Found, rows: Iterable[Row]) -> str:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if said(row["property_value"]) != said(row["property_default"]) and row["property"] not in _OF_THE_MOMENT:
            groups.setdefault(row["parent_property"], []).append(row)
    lines = [f"create or replace stage {found.address.sql}", *_location(found.properties)]
    for group, word in _GROUPS.items():
        if options := sorted(groups.get(group, ()), key=_type_first):
            lines.append(f"{word} = ({' '.join(_option(row) for row in options)})")
    return "\n\t".join(lines)


def _type_first(row: Row) -> tuple[bool, str]:
    return row["property"] != "TYPE", row["property"]


def _location(told: Mapping[str, str]) -> Iterator[str]:
    if url := told.get("url"):
        yield f"URL = {string_literal(url)}"
    if integration := told.get("storage_integration"):
        yield f"STORAGE_INTEGRATION = {integration}"
    if told.get("type", "").endswith("NO CSE"):
        yield "ENCRYPTION = (TYPE = 'SNOWFLAKE_SSE')"


def _option(row: Row) -> str:
    """``NAME = value`` by the property's type."""
    value, kind = said(row["property_value"]), row["property_type"]
    if kind == "List":
        items = ", ".join(string_literal(item) for item in _items(value))
        return f"{row['property']} = ({items})"
    plain = kind in ("Boolean", "Integer") or (kind == "String" and row["property"] in ("TYPE", "COMPRESSION"))
    return f"{row['property']} = {value.upper() if plain else string_literal(value)}"


def _items(value: str) -> list[str]:
    inside = value.strip()[1:-1] if value.strip().startswith("[") else value
    return [item.strip() for item in inside.split(",") if item.strip()]


def _rule(found: Found, rows: list[Row]) -> str:
    row = rows[0]
    values = ", ".join(string_literal(item) for item in _items(said(row["value_list"])))
    return (
        f"create or replace network rule {found.address.sql}\n\tTYPE = {row['type']}\n\tMODE = {row['mode']}"
        f"\n\tVALUE_LIST = ({values})"
    )


_WRITTEN: Final[Mapping[Kind, Callable[[Found, list[Row]], str] | None]] = {
    Kind.STAGE: _stage,
    Kind.NETWORK_RULE: _rule,
    Kind.DATABASE_ROLE: None,
}
"""How each is written; of a database role there is nothing to ask."""
