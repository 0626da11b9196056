"""The script that freezes the tables in the source and shares them, and that takes them in, in the target."""

from __future__ import annotations

from collections.abc import Iterator

from runner.authoring.draft import Draft, Travel
from runner.authoring.names import in_script
from runner.authoring.scripts.file import File, filled, head, literal, twins
from runner.authoring.scripts.listing import is_transient, template
from runner.catalog.estate import Kind
from runner.project.migration import Masked

_SCRIPT = """<head>{% set snapshot_schema = "<schema>" %}
{% if env.name == source.name %}
{% set manifest = [vars.share_database, snapshot_schema, "MANIFEST"] | ident %}

<policies>CREATE DATABASE IF NOT EXISTS {{ vars.share_database | ident }}
    COMMENT = 'runner: frozen tables on their way to another account';
CREATE SCHEMA IF NOT EXISTS {{ [vars.share_database, snapshot_schema] | ident }};

{% for table in <list>.tables<frozen> %}
{{ snapshot.clone(selection.live(env.database, table),
                  selection.frozen(vars.share_database, snapshot_schema, table), run.snapshot<transient>) }};
{% endfor %}
<stripped>
{{ snapshot.manifest_table(manifest) }};
INSERT OVERWRITE INTO {{ manifest }}
{% for table in <list>.tables<frozen> %}
{{ snapshot.manifest_of_table(selection.live(env.database, table),
                              selection.frozen(vars.share_database, snapshot_schema, table),
                              table, selection.columns(table), run.snapshot) }}
{{ "UNION ALL" if not loop.last }}
{% endfor %}
<code>
{{ share.create(vars.share, vars.share_database, snapshot_schema) }}
{{ share.table(vars.share, manifest) }};
{% for table in <list>.tables<frozen> %}
{{ share.table(vars.share, selection.frozen(vars.share_database, snapshot_schema, table)) }};
{% endfor %}
{% for target in targets if target.account != env.account %}
{{ share.add_account(vars.share, target.organization, target.account_name) }};
{% endfor %}

{% else %}
{% set manifest = [vars.imported_database, snapshot_schema, "MANIFEST"] | ident %}

{{ share.import_once(vars.imported_database, source.organization, source.account_name, vars.share) }};

{% for table in <list>.tables<checked> %}
-- runner: assert
{{ assert.matches_manifest(manifest, table.schema, table.name,
                           selection.frozen(vars.imported_database, snapshot_schema, table),
                           selection.columns(table)) }};
{% endfor %}
{% endif %}
"""
_POLICIES = """{% for table in <list>.tables<frozen> %}
-- runner: assert
{{ snapshot.policies(env.database, table.schema, table.name) }};
{% endfor %}

"""
_CODE = """{% for item in <list>.code %}
UNION ALL
{{ snapshot.manifest_of_code(item.kind, item.schema, item.name,
                             ([env.database, item.schema | stored, item.name | stored] | ident) ~ item.signature,
                             run.snapshot) }}
{% endfor %};
"""
_UNDO_FIRST = """{% if env.name == source.name %}
DROP SHARE IF EXISTS {{ vars.share | ident }};
DROP DATABASE IF EXISTS {{ vars.share_database | ident }};
{% else %}
DROP DATABASE IF EXISTS {{ vars.imported_database | ident }};
{% endif %}
"""
_UNDO_LATER = """{% if env.name == source.name %}
DROP SCHEMA IF EXISTS {{ [vars.share_database, "<schema>"] | ident }};
{% endif %}
"""


_WARNING = "-- By choice (policies.masked: strip): the target gets these rows as no policy shows them."
_OF_COLUMNS = (Kind.MASKING_POLICY, Kind.PROJECTION_POLICY)


def files(draft: Draft, numbers: Iterator[int]) -> tuple[File, ...]:
    if not draft.frozen:
        return ()
    number = draft.numbers[next(numbers)]
    environments = f"{draft.asked.source},{draft.asked.target}"
    about = head("analytics_platform", *_about(draft), environments=environments, requires=_requires(draft, number))
    words = {
        "schema": draft.snapshot_schema,
        "list": template(draft),
        "frozen": which_frozen(draft),
        "checked": _which_checked(draft),
        "transient": ", table.transient | default(false)" if any(map(is_transient, draft.frozen)) else "",
    }
    text = filled(_SCRIPT, head=about, policies=_policies(draft), stripped=_stripped(draft), code=_code(draft), **words)
    undo = filled(_UNDO_FIRST) if draft.owns_share else filled(_UNDO_LATER, schema=draft.snapshot_schema)
    taken = head("analytics_platform", f"Takes back V{number}: only what it added.", environments=environments)
    return twins(number, f"{draft.prefix}share_setup", text, taken + undo)


def _about(draft: Draft) -> tuple[str, ...]:
    count = len(draft.frozen)
    tables = f"{count} tables are" if count > 1 else "one table is"
    return (
        f"In the source: {tables} frozen at one instant, as zero-copy clones in a database of their own, with",
        "a manifest of what was frozen, and shared. Nothing of production is altered.",
        "In the target: the read-only database is made from the share, and what is seen through it is held against",
        "the manifest.",
    )


def which_frozen(draft: Draft) -> str:
    """The condition that leaves the tables that are frozen; a stream's is not."""
    return "" if len(draft.frozen) == len(draft.travels) else ' if table.data != "stream"'


def _which_checked(draft: Draft) -> str:
    """A table whose rows a policy hides from the target is not seen there as it was frozen."""
    if draft.asked.masked is not Masked.COPY or not any(travel.found.policies for travel in draft.frozen):
        return which_frozen(draft)
    also = " and " + which_frozen(draft).removeprefix(" if ") if which_frozen(draft) else ""
    return f" if table.guarded is not defined{also}"


def _policies(draft: Draft) -> str:
    """A table with a policy would be copied as it is seen: masked, filtered. It stops here, unless that is wanted."""
    if draft.asked.masked is Masked.REFUSE:
        return filled(_POLICIES, list=template(draft), frozen=which_frozen(draft))
    return ""


def _stripped(draft: Draft) -> str:
    """The clones' policies taken off, where the file says so: the target gets the rows as they are."""
    guarded = [travel for travel in draft.frozen if travel.found.policies]
    if not guarded or draft.asked.masked is not Masked.STRIP:
        return ""
    lines = [_WARNING, *(statement for travel in guarded for statement in _taken_off(travel))]
    return "\n".join(lines) + "\n\n"


def _taken_off(travel: Travel) -> Iterator[str]:
    clone = f"{{{{ [vars.share_database, snapshot_schema, {literal(travel.frozen)} | stored] | ident }}}}"
    kinds = {use.policy.kind for use in travel.found.policies}
    if Kind.ROW_ACCESS_POLICY in kinds:
        yield f"ALTER TABLE {clone} DROP ALL ROW ACCESS POLICIES;"
    for use in travel.found.policies:
        if use.policy.kind in _OF_COLUMNS and use.column:
            words = use.policy.kind.value
            yield f"ALTER TABLE {clone} MODIFY COLUMN {in_script(use.column)} UNSET {words};"


def _code(draft: Draft) -> str:
    if not draft.code:
        return ";\n"
    return filled(_CODE, list=template(draft))


def _requires(draft: Draft, number: str) -> str:
    return f"{draft.asked.source}:V{number}"
