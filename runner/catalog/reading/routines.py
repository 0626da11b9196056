"""Procedures and functions, each overload by itself, with language and owner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

from runner.catalog.estate import Address, Found, Kind
from runner.catalog.reading.asking import Desk, Question, Row
from runner.catalog.reading.kinds import ROUTINES
from runner.catalog.spelling import argument_types, declares, said
from runner.sql.composing import compose

_OWNERS = """SELECT {kind:r}_SCHEMA AS PLACE, {kind:r}_NAME AS NAME, {kind:r}_OWNER AS OWNER,
    ARGUMENT_SIGNATURE AS SIGNATURE, {kind:r}_LANGUAGE AS LANGUAGE, COMMENT FROM {view:i}"""
_KEPT = ("is_secure", "is_table_function", "is_aggregate", "is_memoizable", "is_external_function", "secrets",
         "external_access_integrations")  # fmt: skip
FEWEST = "min_num_arguments"
"""Kept of routines of which some arguments may be left out."""
_Told = Mapping[tuple[str, str], list[Row]]


def routines(desk: Desk, database: str, show: Callable[[str], list[Row]]) -> dict[Address, Found]:
    """SHOW knows which overloads there are, INFORMATION_SCHEMA who owns them."""
    shown = dict(zip(ROUTINES, desk.each(show, ROUTINES.values()), strict=True))
    owned = desk.all([_owners(database, kind) for kind in ROUTINES])
    told = {kind: _by_name(rows) for kind, rows in zip(ROUTINES, owned, strict=True)}
    found = (_found(kind, database, row, told[kind]) for kind, rows in shown.items() for row in rows)
    return {one.address: one for one in found if one is not None}


def _owners(database: str, kind: Kind) -> Question:
    sql = compose(_OWNERS, kind=kind.value, view=(database, "INFORMATION_SCHEMA", f"{kind.value}S"))
    return Question(f"owners of {kind.value.lower()}s", database, sql)


def _by_name(rows: list[Row]) -> _Told:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row["place"], row["name"]].append(row)
    return found


def _found(kind: Kind, database: str, row: Row, told: _Told) -> Found | None:
    if row["is_builtin"] == "Y" or not row["schema_name"]:
        return None
    types = argument_types(row["name"], row["arguments"])
    signature = f"({', '.join(types)})"
    overloads = told.get((row["schema_name"], row["name"]), [])
    known: Row = next((one for one in overloads if declares(one["signature"], signature)), {})
    kept = {name: said(row[name]) for name in _KEPT if said(row.get(name)) not in ("", "N")}
    if int(row[FEWEST]) < len(types):
        kept[FEWEST] = said(row[FEWEST])
    return Found(
        Address(kind, database, row["schema_name"], row["name"], signature),
        said(known.get("owner")),
        comment=said(known.get("comment")),
        properties=kept | {name: said(known[name]) for name in ("language",) if known.get(name)},
    )
