"""The scripts that bring the rows, one for each way in which they come."""

from __future__ import annotations

from collections.abc import Iterator

from runner.authoring.draft import Draft, Travel
from runner.authoring.scripts.file import File, filled, head, literal, twins
from runner.authoring.scripts.listing import template
from runner.project.migration import Strategy

_SNAPSHOT = """{% set manifest = [vars.imported_database, "<schema>", "MANIFEST"] | ident %}
{% for table in <list>.tables<which> %}
-- runner: assert
{{ assert.has_columns(env.database, table) }};
{{ copy.overwrite(selection.placed(env.database, table), selection.frozen(vars.imported_database, "<schema>", table),
                  selection.columns(table), table.order_by) }};
-- runner: assert
{{ assert.matches_manifest(manifest, table.schema, table.name, selection.placed(env.database, table),
                           selection.columns(table)) }};

{% endfor %}
"""
_EMPTIED = """{% for table in <list>.tables<which> %}
DELETE FROM {{ selection.placed(env.database, table) }};
{% endfor %}
"""


def files(draft: Draft, numbers: Iterator[int]) -> tuple[File, ...]:
    found = list[File]()
    if draft.of(Strategy.SNAPSHOT):
        found += _snapshot(draft, numbers)
    return tuple(found)


def _snapshot(draft: Draft, numbers: Iterator[int]) -> tuple[File, ...]:
    number = draft.numbers[next(numbers)]
    travels = draft.of(Strategy.SNAPSHOT)
    which = _which(draft, Strategy.SNAPSHOT)
    about = head(
        "product",
        "The rows, from the frozen clones. All tables and this script's history row stand in one transaction: one",
        "table whose count or hash is not the manifest's, and everything is as it was.",
        environments=draft.asked.target, requires=f"{draft.asked.source}:V{draft.numbers[0]}", transactional="",
        timeout="2h",
    )  # fmt: skip
    many = "the tables are empty again, all of them or none" if len(travels) > 1 else "the table is empty again"
    undone = head(
        "product", f"Takes back V{number}: {many}.", environments=draft.asked.target, transactional="",
    )  # fmt: skip
    words = {"list": template(draft), "which": which}
    text = about + filled(_SNAPSHOT, schema=draft.snapshot_schema, **words)
    return twins(number, f"{draft.prefix}data", text, undone + filled(_EMPTIED, **words))


def _which(draft: Draft, strategy: Strategy) -> str:
    """The condition that leaves the tables of this strategy; nothing where all are."""
    if all(travel.data.strategy is strategy for travel in draft.travels):
        return ""
    return f" if table.data == {literal(strategy.value)}"


def key(travel: Travel) -> tuple[str, ...]:
    """The columns that name a row: as the file says, or the primary key."""
    primary = next((each.columns for each in travel.found.keys if each.kind == "PRIMARY"), ())
    return travel.data.key or primary
