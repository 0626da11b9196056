"""templates/<plan>.sql: which tables travel, with their columns by name, and which code the manifest remembers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runner.authoring.draft import Draft, Travel
from runner.authoring.scripts.file import File, filled, literal
from runner.core.names import Identifier
from runner.project.migration import Strategy

_HEAD = """{# What travels by plan '<plan>', what is pointed to before what points to it. One place
   says it; the plan's scripts freeze these tables and copy them. Names stand as Snowflake stores them. #}
"""
_WIDTH = 116


def files(draft: Draft) -> tuple[File, ...]:
    if not draft.travels:
        return ()
    return (File(f"templates/{template(draft)}.sql", "".join([*_tables(draft), *_code(draft)])),)


def listed(draft: Draft, name: str) -> File:
    """The tables alone, under another name."""
    return File(f"templates/{name}.sql", "".join(_tables(draft)))


def template(draft: Draft) -> str:
    """The name by which scripts call it; every step of a plan has its own."""
    return draft.plan if draft.step == 1 else f"{draft.plan}_{draft.step}"


def only(draft: Draft, strategy: Strategy) -> str:
    """The condition that leaves the tables of this strategy; nothing where all are."""
    if all(travel.data.strategy is strategy for travel in draft.travels):
        return ""
    return f" if table.data == {literal(strategy.value)}"


def new(draft: Draft, strategy: Strategy) -> str:
    """The condition that leaves those of the strategy's tables that no earlier step has filled."""
    if not any(travel.again for travel in draft.travels):
        return only(draft, strategy)
    return both(only(draft, strategy), "table.again is not defined")


def both(which: str, condition: str) -> str:
    """A loop's condition, and one more."""
    return f"{which} and {condition}" if which else f" if {condition}"


def _tables(draft: Draft) -> Iterator[str]:
    yield filled(_HEAD, plan=draft.plan)
    yield "{% set tables = [\n"
    mixed = len({travel.data.strategy for travel in draft.travels}) > 1
    for travel in draft.travels:
        yield from _table(travel, mixed=mixed)
    yield "] %}\n"


def _code(draft: Draft) -> Iterator[str]:
    code = [piece.found.address for piece in draft.code]
    if code:
        yield "\n{# Views and routines: their text goes into the manifest. #}\n{% set code = [\n"
        for address in code:
            yield (
                f'    {{"kind": {literal(address.kind)}, "schema": {literal(address.schema)}, '
                f'"name": {literal(address.name)}, "signature": {literal(address.signature)}}},\n'
            )
        yield "] %}\n"


def _table(travel: Travel, *, mixed: bool) -> Iterator[str]:
    address = travel.found.address
    yield "    {\n"
    yield f'        "schema": {literal(address.schema)}, "name": {literal(address.name)},\n'
    if travel.target.place[1:] != address.place[1:]:
        schema, name = literal(travel.target.schema), literal(travel.target.name)
        yield f'        "target_schema": {schema}, "target_name": {name},\n'
    yield f'        "frozen": {literal(travel.frozen)}, "order_by": {literal(travel.order_by)},\n'
    if travel.found.policies:
        yield '        "guarded": true,\n'
    if is_transient(travel):
        yield '        "transient": true,\n'
    if travel.again:
        yield '        "again": true,\n'
    if mixed:
        yield f'        "data": {literal(travel.data.strategy)},\n'
    yield from _words(travel)
    yield from _columns([literal(name) for name in travel.columns])
    yield "    },\n"


def _columns(names: Sequence[str]) -> Iterator[str]:
    """The columns, in lines that fit."""
    line = '        "columns": ['
    margin = " " * len(line)
    for number, name in enumerate(names):
        word = name + ("],\n" if number == len(names) - 1 else ", ")
        if len(line) + len(word.rstrip()) > _WIDTH and line.strip():
            yield line.rstrip() + "\n"
            line = margin
        line += word
    yield line if names else line + "],\n"


def is_transient(travel: Travel) -> bool:
    return travel.found.properties.get("is_transient", "").upper() in ("YES", "Y", "TRUE")


def _words(travel: Travel) -> Iterator[str]:
    """What the macros of its strategy want to know."""
    data = travel.data
    if data.strategy in (Strategy.INCREMENTAL, Strategy.STREAM):
        yield f'        "key": [{", ".join(map(literal, travel.key))}],\n'
    if data.strategy is Strategy.INCREMENTAL:
        watermark = Identifier.parse(data.watermark).stored
        yield f'        "watermark": {literal(watermark)}, "overlap": {literal(data.overlap)},\n'
        yield f'        "deletes": {"true" if data.deletes else "false"},\n'
    if data.strategy is Strategy.BATCHES:
        yield '        "parts": [\n'
        yield from (f"            {literal(condition)},\n" for condition in travel.parts)
        yield "        ],\n"
