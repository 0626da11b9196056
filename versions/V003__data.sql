-- runner: owner=product environments=imsdlc requires=imcust:V001 transactional timeout=2h
--
-- The rows, from the frozen clones. All tables and this script's history row stand in one transaction: one
-- table whose count or hash is not the manifest's, and everything is as it was.
{% set manifest = [vars.imported_database, "SNAP_V001", "MANIFEST"] | ident %}
{% for table in bolt.tables %}
-- runner: assert
{{ assert.has_columns(env.database, table) }};
{{ copy.overwrite(selection.placed(env.database, table),
                  selection.frozen(vars.imported_database, "SNAP_V001", table),
                  selection.columns(table), table.order_by) }};
-- runner: assert
{{ assert.matches_manifest(manifest, table.schema, table.name, selection.placed(env.database, table),
                           selection.columns(table)) }};

{% endfor %}
