{# Keeping a table equal to its source: rows that changed are merged by key, rows that are gone are taken out. Columns
   and keys are given as Snowflake stores them. #}

{# A column's name, quoted. #}
{% macro name(column) -%}
"{{ column | replace('"', '""') }}"
{%- endmacro %}

{# Columns with commas between, each behind an alias when there is one. #}
{% macro list(columns, alias="") -%}
{% for column in columns %}{{ alias }}{{ name(column) }}{{ ", " if not loop.last }}{% endfor %}
{%- endmacro %}

{# The condition that two rows have one key; an empty key column is equal to an empty one. #}
{% macro same(key) -%}
{% for column in key %}t.{{ name(column) }} IS NOT DISTINCT FROM s.{{ name(column) }}{{ " AND " if not loop.last }}{% endfor %}
{%- endmacro %}

{# What a match changes: every column that is no key. #}
{% macro changed(columns, key) -%}
{% for column in columns if column not in key %}t.{{ name(column) }} = s.{{ name(column) }}{{ ", " if not loop.last }}{% endfor %}
{%- endmacro %}

{# Rows changed since the highest watermark that the target holds, less an overlap (such as "1 hour"). An empty target
   takes all; rows without a watermark always come. A key that stands twice in the source is an error of MERGE. #}
{% macro merge(target, frozen, columns, key, watermark, overlap="") -%}
MERGE INTO {{ target }} AS t
USING (
    SELECT {{ list(columns) }}
    FROM {{ frozen }}
    WHERE {{ name(watermark) }} IS NULL
       OR {{ name(watermark) }} >= (
           SELECT MAX({{ name(watermark) }}){{ " - INTERVAL '" ~ overlap ~ "'" if overlap }} FROM {{ target }})
       OR (SELECT COUNT({{ name(watermark) }}) FROM {{ target }}) = 0
) AS s
ON {{ same(key) }}
{% if columns | length > key | length %}
WHEN MATCHED THEN UPDATE SET {{ changed(columns, key) }}
{% endif %}
WHEN NOT MATCHED THEN INSERT ({{ list(columns) }}) VALUES ({{ list(columns, "s.") }})
{%- endmacro %}

{# Rows whose key the source has no more. #}
{% macro delete_gone(target, frozen, key) -%}
MERGE INTO {{ target }} AS t
USING (SELECT {{ list(key) }} FROM {{ target }} EXCEPT SELECT {{ list(key) }} FROM {{ frozen }}) AS s
ON {{ same(key) }}
WHEN MATCHED THEN DELETE
{%- endmacro %}

{# The frozen clone made anew, of a later instant. A clone that was made again is another table: it has to be shared
   again (user-guide/data-sharing-provider). #}
{% macro freeze_again(live, frozen, instant) -%}
CREATE OR REPLACE TABLE {{ frozen }} CLONE {{ live }} AT (TIMESTAMP => {{ instant | literal }}::TIMESTAMP_TZ)
{%- endmacro %}

{# What a stream saw, merged by key. A key may come as it was and as it is: what it is counts. #}
{% macro merge_stream(target, stream, columns, key) -%}
MERGE INTO {{ target }} AS t
USING (
    SELECT {{ list(columns) }}, METADATA$ACTION AS "RUNNER$ACTION"
    FROM {{ stream }}
    QUALIFY ROW_NUMBER() OVER (PARTITION BY {{ list(key) }} ORDER BY IFF(METADATA$ACTION = 'INSERT', 0, 1)) = 1
) AS s
ON {{ same(key) }}
WHEN MATCHED AND s."RUNNER$ACTION" = 'DELETE' THEN DELETE
{% if columns | length > key | length %}
WHEN MATCHED THEN UPDATE SET {{ changed(columns, key) }}
{% endif %}
WHEN NOT MATCHED AND s."RUNNER$ACTION" = 'INSERT' THEN INSERT ({{ list(columns) }}) VALUES ({{ list(columns, "s.") }})
{%- endmacro %}
