"""Policies and tags, and what they are on: asked by policy, and of what carries a tag, so that few questions do."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from runner.catalog.estate import Address, Found, Kind, PolicyUse, TagValue
from runner.catalog.reading.asking import Desk, Question, Row
from runner.catalog.reading.kinds import POLICIES, RELATIONS, SHOWN
from runner.catalog.spelling import said
from runner.connection.faults import StatementFault
from runner.sql.composing import compose

_AT_ONCE = 25
_TAG = re.compile(r"\bTAG\s*\(", re.IGNORECASE)
_TAGS_LATE = """SELECT TAG_DATABASE, TAG_SCHEMA, TAG_NAME, TAG_VALUE, OBJECT_DATABASE, OBJECT_SCHEMA, OBJECT_NAME,
    DOMAIN, COLUMN_NAME
FROM SNOWFLAKE.ACCOUNT_USAGE.TAG_REFERENCES WHERE OBJECT_DELETED IS NULL AND COLUMN_NAME IS NULL"""
_POLICY = "SELECT * FROM TABLE({function:i}(POLICY_NAME => {name:s}))"
_TAGGED = "SELECT * FROM TABLE({function:i}({name:s}, {domain:s}))"
Spot = tuple[str, str, str]


@dataclass(frozen=True)
class Policies:
    """`uses` by the place of the table or view; `of_tags`: the masking policies that tags bring."""

    uses: Mapping[Spot, tuple[PolicyUse, ...]] = field(default_factory=dict)
    of_tags: frozenset[tuple[Address, Address]] = frozenset()


def policies(desk: Desk) -> Policies:
    """Every policy that the role sees, and what it is on (docs: sql-reference/functions/policy_references)."""
    uses: dict[Spot, set[PolicyUse]] = defaultdict(set)
    of_tags: set[tuple[Address, Address]] = set()
    known = {address.place: address for address in _all_policies(desk)}
    for row in _united(desk, "policies", list(known.values()), _policy_question):
        policy = known.get((row["policy_db"], row["policy_schema"], row["policy_name"]))
        if policy is None:
            continue
        if tag := _tag_of(row):
            of_tags.add((tag, policy))
        else:
            uses[_entity(row)].add(PolicyUse(policy, said(row["ref_column_name"]), _list(row["ref_arg_column_names"])))
    return Policies({spot: tuple(sorted(group)) for spot, group in uses.items()}, frozenset(of_tags))


def _all_policies(desk: Desk) -> list[Address]:
    kinds = sorted(POLICIES)
    shown = desk.each(desk.kinds, [_shown(kind) for kind in kinds])
    return [
        Address(kind, row["database_name"], row["schema_name"], row["name"])
        for kind, rows in zip(kinds, shown, strict=True)
        for row in rows
        if row["schema_name"]
    ]


def _shown(kind: Kind) -> Question:
    return Question(SHOWN[kind].lower(), "account", f"SHOW {SHOWN[kind]} IN ACCOUNT")


def _policy_question(policy: Address) -> str:
    function = (policy.database, "INFORMATION_SCHEMA", "POLICY_REFERENCES")
    return compose(_POLICY, function=function, name=policy.sql)


def _entity(row: Row) -> Spot:
    return said(row["ref_database_name"]), said(row["ref_schema_name"]), said(row["ref_entity_name"])


def _tag_of(row: Row) -> Address | None:
    """The tag that brings the policy: the policy is on the tag, or on a column by way of it."""
    if row["ref_entity_domain"] == "TAG":
        return Address(Kind.TAG, *_entity(row))
    name = row["tag_name"]
    return Address(Kind.TAG, said(row["tag_database"]), said(row["tag_schema"]), name) if name else None


def _list(text: str | None) -> tuple[str, ...]:
    """`["A", "B"]`, or as some answers have it `[A, B]`."""
    if not text:
        return ()
    try:
        return tuple(str(one) for one in json.loads(text))
    except ValueError:
        return tuple(part.strip() for part in text.strip("[] ").split(",") if part.strip())


def tags(desk: Desk, objects: Iterable[Found]) -> dict[Address, tuple[TagValue, ...]]:
    """What is set on each object and its columns themselves, not what they inherit."""
    several = list(objects)
    if not desk.rows(Question("tags", "account", "SHOW TAGS IN ACCOUNT")):
        return {}
    found: dict[Address, set[TagValue]] = defaultdict(set)
    tagged = [one.address for one in several if one.address.kind in RELATIONS and _TAG.search(one.ddl)]
    asked = tagged + [one.address for one in several if one.address.kind is Kind.SCHEMA]
    by_place = {(one.database, one.schema, one.name): one for one in asked}
    rows = _united(desk, "tags", asked, _tag_question) + _united(desk, "tags of columns", tagged, _columns_question)
    for row in rows:
        address = by_place.get((said(row["object_database"]), said(row["object_schema"]), row["object_name"]))
        if address and row["level"] == row["domain"]:
            found[address].add(_tag_value(row))
    _add_late(desk, several, found)
    return {address: tuple(sorted(group)) for address, group in found.items()}


def _add_late(desk: Desk, objects: Iterable[Found], found: dict[Address, set[TagValue]]) -> None:
    """Tags on kinds whose text does not tell; ACCOUNT_USAGE is up to two hours late."""
    others: dict[Spot, list[Address]] = defaultdict(list)
    for one in objects:
        if one.address.kind not in RELATIONS:
            others[one.address.place].append(one.address)
    for row in desk.rows(Question("tags", "account", _TAGS_LATE)):
        spot = (said(row["object_database"]), said(row["object_schema"]), row["object_name"])
        for address in others.get(spot, ()):
            if address.kind.value == row["domain"].replace("_", " "):
                found[address].add(_tag_value(row))


def _tag_value(row: Row) -> TagValue:
    tag = Address(Kind.TAG, row["tag_database"], row["tag_schema"], row["tag_name"])
    return TagValue(tag, said(row["tag_value"]), said(row["column_name"]))


def _tag_question(address: Address) -> str:
    domain = "SCHEMA" if address.kind is Kind.SCHEMA else "TABLE"
    function = (address.database, "INFORMATION_SCHEMA", "TAG_REFERENCES")
    return compose(_TAGGED, function=function, name=address.sql, domain=domain)


def _columns_question(address: Address) -> str:
    function = (address.database, "INFORMATION_SCHEMA", "TAG_REFERENCES_ALL_COLUMNS")
    return compose(_TAGGED, function=function, name=address.sql, domain="TABLE")


def _united(desk: Desk, evidence: str, of: list[Address], question: Callable[[Address], str]) -> list[Row]:
    """The answers for all, many to a statement."""
    batches = [of[first : first + _AT_ONCE] for first in range(0, len(of), _AT_ONCE)]
    answers = desk.each(lambda batch: _batch(desk, evidence, batch, question), batches)
    return [row for rows in answers for row in rows]


def _batch(desk: Desk, evidence: str, of: list[Address], question: Callable[[Address], str]) -> list[Row]:
    """All at once; where one is refused, by halves, so that the others are had."""
    try:
        return desk.raw("\nUNION ALL\n".join(question(one) for one in of))
    except StatementFault as fault:
        if len(of) == 1:
            desk.gap(Question(evidence, str(of[0]), ""), fault)
            return []
    middle = len(of) // 2
    return [*_batch(desk, evidence, of[:middle], question), *_batch(desk, evidence, of[middle:], question)]
