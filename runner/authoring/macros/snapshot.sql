{# Freezing: zero-copy clones of several tables at one literal instant, and a manifest of what was frozen.
   Nothing of the source's own database is altered. #}

{# One clone. Re-runnable: a clone that stands already was made at the same instant. A transient table has only
   transient clones. #}
{% macro clone(live, frozen, instant, transient=false) -%}
CREATE {{ "TRANSIENT " if transient }}TABLE IF NOT EXISTS {{ frozen }}
    CLONE {{ live }} AT (TIMESTAMP => {{ instant | literal }}::TIMESTAMP_TZ)
{%- endmacro %}

{# Masked or filtered rows would be copied as they are seen: a table with a policy stops here. Use under
   `runner: assert`; returns one row a policy. #}
{% macro policies(database, schema, name) -%}
SELECT REF_ENTITY_NAME, POLICY_KIND, POLICY_NAME
FROM TABLE({{ [database, "INFORMATION_SCHEMA"] | ident }}.POLICY_REFERENCES(
    REF_ENTITY_NAME => {{ ([database, schema | stored, name | stored] | ident) | literal }}, REF_ENTITY_DOMAIN => 'TABLE'))
{%- endmacro %}

{# The manifest: one row an object. #}
{% macro manifest_table(manifest) -%}
CREATE TABLE IF NOT EXISTS {{ manifest }} (
    OBJECT_KIND VARCHAR NOT NULL,
    SCHEMA_NAME VARCHAR NOT NULL,
    OBJECT_NAME VARCHAR NOT NULL,
    FROZEN_AT TIMESTAMP_TZ NOT NULL,
    ROW_COUNT NUMBER(38,0),
    HASH_AGG NUMBER(38,0),
    COLUMN_LIST VARCHAR,
    DDL VARCHAR NOT NULL,
    DDL_SHA256 VARCHAR(64) NOT NULL
) COMMENT = 'runner: what was frozen for the migration; written by the source, read by the target'
{%- endmacro %}

{# What a table's row of the manifest says. Counted and hashed in the source's account, on the clone. #}
{% macro manifest_of_table(live, frozen, table, columns, instant) -%}
SELECT 'TABLE', {{ table.schema | literal }}, {{ table.name | literal }}, {{ instant | literal }}::TIMESTAMP_TZ,
       COUNT(*), HASH_AGG({{ columns }}), {{ columns | literal }},
       GET_DDL('TABLE', {{ live | literal }}), SHA2(GET_DDL('TABLE', {{ live | literal }}), 256)
FROM {{ frozen }}
{%- endmacro %}

{# What a view's or procedure's row of the manifest says: its text. #}
{% macro manifest_of_code(kind, schema, name, signature, instant) -%}
{% set type = "VIEW" if kind == "MATERIALIZED VIEW" else kind %}
SELECT {{ kind | literal }}, {{ schema | literal }}, {{ name | literal }}, {{ instant | literal }}::TIMESTAMP_TZ,
       NULL, NULL, NULL, GET_DDL({{ type | literal }}, {{ signature | literal }}),
       SHA2(GET_DDL({{ type | literal }}, {{ signature | literal }}), 256)
{%- endmacro %}
