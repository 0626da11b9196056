-- runner: owner=analytics_platform environments=imcust,imsdlc requires=imcust:V001
--
-- In the source: 5 tables are frozen at one instant, as zero-copy clones in a database of their own, with
-- a manifest of what was frozen, and shared. Nothing of production is altered.
-- In the target: the read-only database is made from the share, and what is seen through it is held against
-- the manifest.
{% set snapshot_schema = "SNAP_V001" %}
{% if env.name == source.name %}
{% set manifest = [vars.share_database, snapshot_schema, "MANIFEST"] | ident %}

{% for table in bolt.tables %}
-- runner: assert
{{ snapshot.policies(env.database, table.schema, table.name) }};
{% endfor %}

CREATE DATABASE IF NOT EXISTS {{ vars.share_database | ident }}
    COMMENT = 'runner: frozen tables on their way to another account';
CREATE SCHEMA IF NOT EXISTS {{ [vars.share_database, snapshot_schema] | ident }};

{% for table in bolt.tables %}
{{ snapshot.clone(selection.live(env.database, table),
                  selection.frozen(vars.share_database, snapshot_schema, table), run.snapshot) }};
{% endfor %}

{{ snapshot.manifest_table(manifest) }};
INSERT OVERWRITE INTO {{ manifest }}
{% for table in bolt.tables %}
{{ snapshot.manifest_of_table(selection.live(env.database, table),
                              selection.frozen(vars.share_database, snapshot_schema, table),
                              table, selection.columns(table), run.snapshot) }}
{{ "UNION ALL" if not loop.last }}
{% endfor %}
{% for item in bolt.code %}
UNION ALL
{{ snapshot.manifest_of_code(item.kind, item.schema, item.name,
                             ([env.database, item.schema | stored, item.name | stored] | ident) ~ item.signature,
                             run.snapshot) }}
{% endfor %};

{{ share.create(vars.share, vars.share_database, snapshot_schema) }}
{{ share.table(vars.share, manifest) }};
{% for table in bolt.tables %}
{{ share.table(vars.share, selection.frozen(vars.share_database, snapshot_schema, table)) }};
{% endfor %}
{% for target in targets if target.account != env.account %}
{{ share.add_account(vars.share, target.organization, target.account_name) }};
{% endfor %}

{% else %}
{% set manifest = [vars.imported_database, snapshot_schema, "MANIFEST"] | ident %}

{{ share.import_once(vars.imported_database, source.organization, source.account_name, vars.share) }};

{% for table in bolt.tables %}
-- runner: assert
{{ assert.matches_manifest(manifest, table.schema, table.name,
                           selection.frozen(vars.imported_database, snapshot_schema, table),
                           selection.columns(table)) }};
{% endfor %}
{% endif %}
