"""Estates to draw and to judge, made of nothing but numbers."""

from __future__ import annotations

import random

from runner.catalog.estate import Address, Edge, Estate, Evidence, Found, Gap, Kind, Place

SHAPE = ((Kind.TABLE, 30), (Kind.VIEW, 30), (Kind.PROCEDURE, 12), (Kind.FUNCTION, 6), (Kind.TASK, 5), (Kind.STREAM, 5))


def address(kind: Kind, name: str, schema: str = "S", database: str = "DB") -> Address:
    signature = "(DATE)" if kind in (Kind.PROCEDURE, Kind.FUNCTION) else ""
    return Address(kind, database, schema, name, signature)


def table(name: str, schema: str = "S") -> Address:
    return address(Kind.TABLE, name, schema)


def view(name: str, schema: str = "S") -> Address:
    return address(Kind.VIEW, name, schema)


def edge(needer: Address, needed: Address, evidence: Evidence = Evidence.PARSED, **more: object) -> Edge:
    return Edge(needer, needed, evidence, **more)  # type: ignore[arg-type]


def estate(objects: list[Address], edges: list[Edge], gaps: tuple[Gap, ...] = ()) -> Estate:
    found = tuple(Found(each, "SYSADMIN", f"create {each.kind.value} {each.sql}") for each in objects)
    return Estate("ORG", "ACC", "DB", ("S",), found, tuple(edges), gaps)


def large(count: int, seed: int = 1) -> Estate:
    """Layers of objects of all kinds, two needs each, as an account has them; the same for the same seed."""
    chance = random.Random(seed)
    kinds = [kind for kind, share in SHAPE for _ in range(share)]
    objects: list[Found] = []
    edges: list[Edge] = []
    for number in range(count):
        kind = Kind.TABLE if number < count * 0.35 else chance.choice(kinds)
        where = f"MART_{number * 5 // count}"
        mine = address(kind, f"{kind.value.replace(' ', '_')}_OF_ORDERS_{number:04}", where)
        objects.append(Found(mine, "SYSADMIN", _ddl(mine), rows=chance.randrange(10**7), bytes=chance.randrange(10**9)))
        if kind is not Kind.TABLE:
            near = objects[max(0, number - count // 3) : number]
            for needed in sorted({chance.choice(near).address for _ in range(chance.choice((1, 2, 2, 3)))}):
                sure = chance.random() > 0.1
                place = Place(3, 8, needed.sql)
                edges.append(Edge(mine, needed, chance.choice(list(Evidence)), "READS", sure, (place,)))
    gap = Gap("lineage", "the account", "002141 (42601): Unknown table function GET_LINEAGE")
    return Estate("MYORG", "IMCUST", "DB", ("MART_0",), tuple(objects), tuple(edges), (gap,))


def _ddl(mine: Address) -> str:
    return f"create or replace {mine.kind.value} {mine.sql}\n(\n  ID NUMBER, -- <b>& </script>\n  NAME VARCHAR\n);"
