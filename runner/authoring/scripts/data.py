"""The scripts that bring the rows, one for each way in which they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from runner.authoring.draft import Draft
from runner.authoring.scripts.file import File, filled, head, schemas, statements, twins
from runner.authoring.scripts.listing import both, new, only, template
from runner.project.migration import Masked, Strategy

_HEAD = """{% set manifest = [vars.imported_database, "<schema>", "MANIFEST"] | ident %}
"""
_COLUMNS = """-- runner: assert
{{ assert.has_columns(env.database, table) }};
"""
_CHECKED = """-- runner: assert
{{ assert.matches_manifest(manifest, table.schema, table.name, selection.placed(env.database, table),
                           selection.columns(table)) }};

"""
_CHECKED_AS_SEEN = """-- runner: assert
{% if table.guarded is defined %}
{{ assert.same_rows(selection.frozen(vars.imported_database, "<schema>", table), selection.placed(env.database, table),
                    selection.columns(table)) }};
{% else %}
{{ assert.matches_manifest(manifest, table.schema, table.name, selection.placed(env.database, table),
                           selection.columns(table)) }};
{% endif %}

"""
_SNAPSHOT = """{% for table in <list>.tables<which> %}
<columns>{{ copy.overwrite(selection.placed(env.database, table),
                  selection.frozen(vars.imported_database, "<schema>", table),
                  selection.columns(table), table.order_by) }};
<checked>{% endfor %}
"""
_BATCHES = """{% for table in <list>.tables<which> %}
<columns>{% for part in table.parts %}
{{ batches.replace(selection.placed(env.database, table),
                   selection.frozen(vars.imported_database, "<schema>", table),
                   selection.columns(table), table.order_by, part) }};
{% endfor %}
<checked>{% endfor %}
"""
_BATCHES_AT_ONCE = """{% for table in <list>.tables<which> %}
<columns>{% endfor %}

-- A part of each table in turn, so that connections (`migrate --parallel`) seldom meet at one table.
-- runner: parallel
{% for part in range(<most>) %}
{% for table in <list>.tables<having> %}
{{ batches.replace(selection.placed(env.database, table),
                   selection.frozen(vars.imported_database, "<schema>", table),
                   selection.columns(table), table.order_by, table.parts[part]) }};
{% endfor %}
{% endfor %}
-- runner: end

{% for table in <list>.tables<which> %}
<checked>{% endfor %}
"""
_INCREMENTAL = """{% for table in <list>.tables<which> %}
<columns>{{ sync.merge(selection.placed(env.database, table),
              selection.frozen(vars.imported_database, "<schema>", table),
              table.columns, table.key, table.watermark, table.overlap) }};
{% if table.deletes %}
{{ sync.delete_gone(selection.placed(env.database, table),
                    selection.frozen(vars.imported_database, "<schema>", table), table.key) }};
{% endif %}
{% endfor %}
"""
_INCREMENTAL_AT_ONCE = """{% for table in <list>.tables<which> %}
<columns>{% endfor %}

-- runner: parallel
{% for table in <list>.tables<which> %}
{{ sync.merge(selection.placed(env.database, table),
              selection.frozen(vars.imported_database, "<schema>", table),
              table.columns, table.key, table.watermark, table.overlap) }};
{% endfor %}
-- runner: end

-- runner: parallel
{% for table in <list>.tables<deleting> %}
{{ sync.delete_gone(selection.placed(env.database, table),
                    selection.frozen(vars.imported_database, "<schema>", table), table.key) }};
{% endfor %}
-- runner: end
"""
_WAREHOUSE = "USE WAREHOUSE {{ vars.<word> | ident }};\n\n"
_EMPTIED = """{% for table in <list>.tables<which> %}
DELETE FROM {{ selection.placed(env.database, table) }};
{% endfor %}
"""
_CHECKS = """{% for table in <list>.tables<which> %}
<checked>{% endfor %}
"""

_About = tuple[str, ...]


def files(draft: Draft, numbers: Iterator[int]) -> tuple[File, ...]:
    """In the order in which the ways may be walked: a replay reads what the others brought."""
    found = list[File]()
    for strategy, make in _WAYS.items():
        if draft.of(strategy):
            found += make(draft, numbers)
    return tuple(found)


def _snapshot(draft: Draft, numbers: Iterator[int]) -> tuple[File, ...]:
    about = (
        "The rows, from the frozen clones. All tables and this script's history row stand in one transaction: one",
        "table whose count or hash is not the manifest's, and everything is as it was.",
    )
    return _script(draft, numbers, Strategy.SNAPSHOT, "data", about, _SNAPSHOT, transactional=True)


def _batches(draft: Draft, numbers: Iterator[int]) -> tuple[File, ...]:
    about = (
        "The rows, from the frozen clones, in batches: each is a statement that may run again, with a row of its own",
        "in the journal, so that a run that was cut short goes on at the batch where it stopped.",
    )
    travels = draft.of(Strategy.BATCHES)
    if not _at_once(draft, Strategy.BATCHES):
        return _script(draft, numbers, Strategy.BATCHES, "data_batches", about, _BATCHES)
    having = both(only(draft, Strategy.BATCHES), "part < table.parts | length")
    words = {"most": str(max(len(travel.parts) for travel in travels)), "having": having}
    return _script(draft, numbers, Strategy.BATCHES, "data_batches", about, _BATCHES_AT_ONCE, words=words)


def _incremental(draft: Draft, numbers: Iterator[int]) -> tuple[File, ...]:
    about = ("The first load of the tables that are kept equal afterwards: merged by key from the frozen clones.",)
    if not _at_once(draft, Strategy.INCREMENTAL):
        return _script(draft, numbers, Strategy.INCREMENTAL, "data_incremental", about, _INCREMENTAL)
    words = {"deleting": both(only(draft, Strategy.INCREMENTAL), "table.deletes")}
    return _script(
        draft, numbers, Strategy.INCREMENTAL, "data_incremental", about, _INCREMENTAL_AT_ONCE, words=words
    )  # fmt: skip


def _at_once(draft: Draft, strategy: Strategy) -> bool:
    """Do several tables come at the same time? Statements about one table would wait for each other."""
    return draft.asked.loading.parallel and len(draft.of(strategy)) > 1


def _warehouse(draft: Draft) -> str:
    """The first statement of a script that copies rows. The next script's session is in the environment's again."""
    word = draft.asked.loading.warehouse
    return filled(_WAREHOUSE, word=word) if word else ""


def _script(
    draft: Draft, numbers: Iterator[int], strategy: Strategy, name: str, about: _About, text: str,
    *, transactional: bool = False, words: Mapping[str, str] | None = None,
) -> tuple[File, ...]:  # fmt: skip
    number = draft.numbers[next(numbers)]
    words = {"list": template(draft), "which": only(draft, strategy), **(words or {})}
    flags = {"transactional": ""} if transactional else {}
    body = text.replace("<columns>", _COLUMNS).replace("<checked>", checked(draft))
    uses_manifest = filled(_HEAD, schema=draft.snapshot_schema) if "manifest," in body else ""
    first = head(
        "product", *about, environments=draft.asked.target, requires=draft.share_setup,
        **flags, timeout="2h",
    )  # fmt: skip
    return twins(
        number, f"{draft.prefix}{name}",
        first + uses_manifest + _warehouse(draft) + filled(body, schema=draft.snapshot_schema, **words),
        _emptied(draft, number, strategy),
    )  # fmt: skip


def checked(draft: Draft) -> str:
    """Held against the manifest; where policies hide something on the way, against what was seen through the share."""
    guarded = draft.asked.masked is Masked.COPY and any(travel.found.policies for travel in draft.frozen)
    return _CHECKED_AS_SEEN if guarded else _CHECKED


def _emptied(draft: Draft, number: str, strategy: Strategy) -> str:
    fresh = [travel for travel in draft.of(strategy) if not travel.again]
    what = "the table is empty again" if len(fresh) == 1 else "the tables are empty again, all of them or none"
    about = [f"Takes back V{number}: {what if fresh else 'there is nothing to empty'}."]
    if len(fresh) < len(draft.of(strategy)):
        about.append("Tables that were filled before get their rows back with their structure, by the undo of the DDL.")
    undone = head("product", *about, environments=draft.asked.target, transactional="")
    if not fresh:
        return undone + "SELECT 'The rows come back with the structure of the tables.';\n"
    return undone + filled(_EMPTIED, list=template(draft), which=new(draft, strategy))


def _replay(draft: Draft, numbers: Iterator[int]) -> tuple[File, ...]:
    """The statements that built the tables in the source, between the target's tables."""
    number = draft.numbers[next(numbers)]
    travels = draft.of(Strategy.REPLAY)
    first = head(
        "product",
        "The statements that built these tables in the source, here between the target's own tables, so that",
        "their lineage is the source's; then each is held against the manifest.",
        environments=draft.asked.target, requires=draft.share_setup, timeout="2h",
    )  # fmt: skip
    made = statements(statement for travel in travels for statement in travel.replayed)
    checks = filled(_CHECKS.replace("<checked>", _CHECKED), list=template(draft), which=only(draft, Strategy.REPLAY))
    text = first + filled(_HEAD, schema=draft.snapshot_schema) + schemas(draft, made)
    text += "\n" + _warehouse(draft) + made + "\n" + checks
    return twins(number, f"{draft.prefix}data_replay", text, _emptied(draft, number, Strategy.REPLAY))


_WAYS: dict[Strategy, Callable[[Draft, Iterator[int]], tuple[File, ...]]] = {
    Strategy.SNAPSHOT: _snapshot,
    Strategy.BATCHES: _batches,
    Strategy.INCREMENTAL: _incremental,
    Strategy.REPLAY: _replay,
}
