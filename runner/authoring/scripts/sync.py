"""Tables that are kept equal to their source: the stream's own setup, and the script that each migrate runs again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from runner.authoring.draft import Draft
from runner.authoring.scripts import listing
from runner.authoring.scripts.file import File, filled, head, twins
from runner.authoring.scripts.listing import new, only, template
from runner.project.migration import Strategy

_LIVE = """{% set live_share = vars.share ~ "_<plan>_live" %}
{% set live = vars.imported_database ~ "_<plan>_live" %}
"""
_STREAM = """
{% if env.name == source.name %}
-- The live tables are shared, with the changes that Snowflake keeps of them (user-guide/data-sharing-provider).
{% for table in <list>.tables<streams> %}
ALTER TABLE {{ selection.live(env.database, table) }} SET CHANGE_TRACKING = TRUE;
{% if loop.first %}
{{ share.create(live_share, env.database, table.schema | stored) }}
{% else %}
GRANT USAGE ON SCHEMA {{ [env.database, table.schema | stored] | ident }} TO SHARE {{ live_share | ident }};
{% endif %}
{{ share.table(live_share, selection.live(env.database, table)) }};
{% endfor %}
{% for target in targets if target.account != env.account %}
{{ share.add_account(live_share, target.organization, target.account_name) }};
{% endfor %}
{% else %}
{{ share.import_once(live, source.organization, source.account_name, live_share) }};

-- The stream first, then the rows: what changes in between comes twice, and counts once.
{% for table in <list>.tables<streams> %}
CREATE STREAM IF NOT EXISTS
    {{ [env.control_database, env.control_schema, (table.frozen ~ "__CHANGES") | stored] | ident }}
    ON TABLE {{ selection.live(live, table) }};
{{ copy.overwrite(selection.placed(env.database, table), selection.live(live, table),
                  selection.columns(table), table.order_by) }};
{% endfor %}
{% endif %}
"""
_STREAM_UNDO = """
{% if env.name == source.name %}
<unshared>{% else %}
{% for table in <list>.tables<streams> %}
DROP STREAM IF EXISTS {{ [env.control_database, env.control_schema, (table.frozen ~ "__CHANGES") | stored] | ident }};
DELETE FROM {{ selection.placed(env.database, table) }};
{% endfor %}
<unimported>{% endif %}
"""
_SYNC = """{% set again = "SYNC_<plan>" %}

{% if env.name == source.name %}
{% set manifest = [vars.share_database, again, "MANIFEST"] | ident %}
CREATE SCHEMA IF NOT EXISTS {{ [vars.share_database, again] | ident }};
{{ snapshot.manifest_table(manifest) }};
GRANT USAGE ON SCHEMA {{ [vars.share_database, again] | ident }} TO SHARE {{ vars.share | ident }};
{{ share.table(vars.share, manifest) }};
{% for table in <list>.tables<increments> %}
{{ sync.freeze_again(selection.live(env.database, table), selection.frozen(vars.share_database, again, table),
                     run.snapshot) }};
{{ share.table(vars.share, selection.frozen(vars.share_database, again, table)) }};
{% endfor %}
INSERT OVERWRITE INTO {{ manifest }}
{% for table in <list>.tables<increments> %}
{{ snapshot.manifest_of_table(selection.live(env.database, table), selection.frozen(vars.share_database, again, table),
                              table, selection.columns(table), run.snapshot) }}
{{ "UNION ALL" if not loop.last else ";" }}
{% endfor %}
{% else %}
{% set manifest = [vars.imported_database, again, "MANIFEST"] | ident %}
{% for table in <list>.tables<increments> %}
{{ sync.merge(selection.placed(env.database, table), selection.frozen(vars.imported_database, again, table),
              table.columns, table.key, table.watermark, table.overlap) }};
{% if table.deletes %}
{{ sync.delete_gone(selection.placed(env.database, table),
                    selection.frozen(vars.imported_database, again, table), table.key) }};
-- runner: assert
{{ assert.matches_manifest(manifest, table.schema, table.name, selection.placed(env.database, table),
                           selection.columns(table)) }};
{% endif %}
{% endfor %}
{% endif %}
"""
_STREAMED = """{% if env.name != source.name %}
{% for table in <list>.tables<streams> %}
{{ sync.merge_stream(selection.placed(env.database, table),
                     [env.control_database, env.control_schema, (table.frozen ~ "__CHANGES") | stored] | ident,
                     table.columns, table.key) }};
{% endfor %}
{% endif %}
"""


_UNSHARED = "DROP SHARE IF EXISTS {{ live_share | ident }};\n"
_UNIMPORTED = "DROP DATABASE IF EXISTS {{ live | ident }};\n"
_REVOKED = """{% for table in <list>.tables<streams> %}
REVOKE SELECT ON TABLE {{ selection.live(env.database, table) }} FROM SHARE {{ live_share | ident }};
{% endfor %}
"""


def files(draft: Draft, whole: Draft, numbers: Iterator[int]) -> tuple[File, ...]:
    """The streams' setup, and what each migrate runs again for all tables that are kept equal."""
    return (*_stream(draft, numbers), *_sync(whole))


def _stream(draft: Draft, numbers: Iterator[int]) -> tuple[File, ...]:
    if not draft.of(Strategy.STREAM):
        return ()
    number = draft.numbers[next(numbers)]
    both = f"{draft.asked.source},{draft.asked.target}"
    first = head(
        "analytics_platform",
        "Tables whose changes are followed: shared as they live, with a stream on each in the target, and loaded",
        "once. Change tracking is switched on in the source; nothing else of it is altered.",
        environments=both, requires=f"{draft.asked.source}:V{number}", timeout="2h",
    )  # fmt: skip
    last = head("analytics_platform", f"Takes back V{number}; change tracking stays on.", environments=both)
    words = {"list": template(draft), "streams": only(draft, Strategy.STREAM)}
    taken_back = words | {"streams": new(draft, Strategy.STREAM)}
    live = filled(_LIVE, plan=draft.plan)
    first_time = draft.step == 1
    undo = filled(
        _STREAM_UNDO, unshared=_UNSHARED if first_time else filled(_REVOKED, **taken_back),
        unimported=_UNIMPORTED if first_time else "", **taken_back,
    )  # fmt: skip
    return twins(number, f"{draft.prefix}data_stream", first + live + filled(_STREAM, **words), last + live + undo)


def _sync(draft: Draft) -> tuple[File, ...]:
    increments, streams = draft.of(Strategy.INCREMENTAL), draft.of(Strategy.STREAM)
    if not increments and not streams:
        return ()
    name = f"R__{draft.plan}_sync"
    first = head(
        "product", "Each migrate brings what has changed in the source since the last one.", always="",
        environments=f"{draft.asked.source},{draft.asked.target}", requires=f"{draft.asked.source}:{name}",
    )  # fmt: skip
    listed = f"{draft.plan}_sync"
    kept = replace(draft, travels=(*increments, *streams))
    text = first
    if increments:
        plan = draft.plan.upper()
        text += filled(_SYNC, list=listed, increments=only(kept, Strategy.INCREMENTAL), plan=plan)
    if streams:
        text += filled(_STREAMED, list=listed, streams=only(kept, Strategy.STREAM))
    return listing.listed(kept, listed), File(f"versions/{name}.sql", text)
