"""Who may do what with the objects of a database, in one question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from runner.catalog.estate import ROUTINES, Address, Grant, Kind
from runner.catalog.reading.asking import Desk, Question, Row
from runner.catalog.spelling import said
from runner.sql.composing import compose

_PRIVILEGES = """SELECT GRANTEE, GRANTED_TO, OBJECT_SCHEMA, OBJECT_NAME, OBJECT_TYPE, PRIVILEGE_TYPE, IS_GRANTABLE
FROM {view:i} WHERE OBJECT_CATALOG = {database:s}"""
_Spot = tuple[str, str, str]


def grants(desk: Desk, database: str, objects: Iterable[Address]) -> dict[Address, tuple[Grant, ...]]:
    """By object. Overloads share a name there, so that each of them is asked for by itself."""
    view = (database, "INFORMATION_SCHEMA", "OBJECT_PRIVILEGES")
    rows = desk.rows(Question("grants", database, compose(_PRIVILEGES, view=view, database=database)))
    sharing = _by_spot(objects)
    told: dict[_Spot, set[Grant]] = defaultdict(set)
    for row in rows:
        told[_spot(row, sharing)].add(_grant(row))
    alone = {group[0]: tuple(sorted(told.get(spot, ()))) for spot, group in sharing.items() if len(group) == 1}
    overloads = sorted(one for spot, group in sharing.items() if len(group) > 1 and spot in told for one in group)
    return alone | dict(zip(overloads, desk.each(lambda one: _shown(desk, one), overloads), strict=True))


def _by_spot(objects: Iterable[Address]) -> Mapping[_Spot, list[Address]]:
    """What can carry grants by what OBJECT_PRIVILEGES says of it: a schema's own name is in OBJECT_NAME."""
    found: dict[_Spot, list[Address]] = defaultdict(list)
    for address in objects:
        found[_word(address.kind.value), address.schema, address.name].append(address)
    return found


def _spot(row: Row, known: Mapping[_Spot, object]) -> _Spot:
    """A routine may be named with its arguments or without."""
    kind, name = _word(row["object_type"]), row["object_name"]
    spot = (kind, "" if kind == "SCHEMA" else said(row["object_schema"]), name)
    return spot if spot in known or kind not in ROUTINES else (*spot[:2], name.partition("(")[0])


def _word(kind: str) -> str:
    """TABLE for every kind of table and VIEW for every view: privileges do not tell them apart."""
    word = kind.replace("_", " ").upper()
    return word.rpartition(" ")[2] if word.endswith(("TABLE", "VIEW")) else word


def _grant(row: Row) -> Grant:
    kind = (said(row["granted_to"]) or "ROLE").replace("_", " ")
    return Grant(row["privilege_type"], kind, row["grantee"], row["is_grantable"] in ("YES", "true"))


def of_database(desk: Desk, database: str) -> tuple[Grant, ...]:
    """What is granted on the database itself, now and for what will be made in it."""
    address = Address(Kind.DATABASE, "", "", database)
    return tuple(sorted({*_shown(desk, address), *future(desk, address)}))


def future(desk: Desk, place: Address) -> tuple[Grant, ...]:
    """What is granted on objects that will be made in a schema or database (sql-reference/sql/show-grants)."""
    sql = compose("SHOW FUTURE GRANTS IN {kind:r} {name:r}", kind=place.kind.value, name=place.sql)
    rows = desk.rows(Question("future grants", str(place), sql))
    return tuple(
        Grant(
            row["privilege"],
            row["grant_to"].replace("_", " "),
            row["grantee_name"],
            str(row["grant_option"]).lower() == "true",
            row["grant_on"].replace("_", " "),
        )
        for row in rows
    )


def _shown(desk: Desk, address: Address) -> tuple[Grant, ...]:
    sql = compose("SHOW GRANTS ON {kind:r} {name:r}", kind=address.kind.value, name=address.sql)
    rows = desk.rows(Question("grants", str(address), sql))
    return tuple(
        sorted(
            Grant(
                row["privilege"],
                row["granted_to"].replace("_", " "),
                row["grantee_name"],
                row["grant_option"] == "true",
            )
            for row in rows
        )
    )
