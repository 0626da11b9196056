{# Assertions: queries that return no row when all is well. Use each under `runner: assert`. #}

{# A table holds exactly the frozen rows: count and hash are those of the manifest. Returns the two sides otherwise. #}
{% macro matches_manifest(manifest, schema, name, seen, columns) -%}
SELECT m.OBJECT_NAME, m.ROW_COUNT AS FROZEN_ROWS, s.ROW_COUNT AS SEEN_ROWS, m.HASH_AGG AS FROZEN_HASH, s.HASH_AGG AS SEEN_HASH
FROM (SELECT COUNT(*) AS ROW_COUNT, HASH_AGG({{ columns }}) AS HASH_AGG FROM {{ seen }}) AS s
LEFT JOIN {{ manifest }} AS m
    ON m.OBJECT_KIND = 'TABLE' AND m.SCHEMA_NAME = {{ schema | literal }} AND m.OBJECT_NAME = {{ name | literal }}
WHERE m.OBJECT_NAME IS NULL OR m.ROW_COUNT <> s.ROW_COUNT OR m.HASH_AGG IS DISTINCT FROM s.HASH_AGG
{%- endmacro %}

{# Two tables hold the same rows, as this role sees them. Returns both sides otherwise. #}
{% macro same_rows(one, other, columns) -%}
SELECT a.ROW_COUNT AS ROWS_THERE, b.ROW_COUNT AS ROWS_HERE, a.HASH_AGG AS HASH_THERE, b.HASH_AGG AS HASH_HERE
FROM (SELECT COUNT(*) AS ROW_COUNT, HASH_AGG({{ columns }}) AS HASH_AGG FROM {{ one }}) AS a,
     (SELECT COUNT(*) AS ROW_COUNT, HASH_AGG({{ columns }}) AS HASH_AGG FROM {{ other }}) AS b
WHERE a.ROW_COUNT <> b.ROW_COUNT OR a.HASH_AGG IS DISTINCT FROM b.HASH_AGG
{%- endmacro %}

{# A table has the columns that travel, and no others. Returns the columns that are too many or missing. #}
{% macro has_columns(database, table) -%}
SELECT COALESCE(c.COLUMN_NAME, w.NAME) AS COLUMN_NAME, IFF(w.NAME IS NULL, 'not expected', 'missing') AS FINDING
FROM (SELECT COLUMN_NAME FROM {{ [database, "INFORMATION_SCHEMA", "COLUMNS"] | ident }}
      WHERE TABLE_SCHEMA = {{ table.target_schema | default(table.schema) | literal }}
        AND TABLE_NAME = {{ table.target_name | default(table.name) | literal }}) AS c
FULL OUTER JOIN (SELECT COLUMN1 AS NAME FROM VALUES
      {% for column in table.columns %}({{ column | literal }}){{ ", " if not loop.last }}{% endfor %}) AS w
    ON c.COLUMN_NAME = w.NAME
WHERE c.COLUMN_NAME IS NULL OR w.NAME IS NULL
{%- endmacro %}

{# Roles exist in this account. Returns those that do not. #}
{% macro roles_exist(roles) -%}
SHOW ROLES
    ->> SELECT w.NAME AS MISSING_ROLE
        FROM (SELECT COLUMN1 AS NAME FROM VALUES {% for role in roles %}({{ role | literal }}){{ ", " if not loop.last }}{% endfor %}) AS w
        WHERE w.NAME NOT IN (SELECT "name" FROM $1)
{%- endmacro %}
