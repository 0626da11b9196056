{# How a table that travels is written: its columns, where it stands, what its frozen clone is called. A table is one
   entry of a plan's list. Names stand as Snowflake stores them. #}

{# A table's columns, quoted, with commas between. #}
{% macro columns(table) -%}
{% for column in table.columns %}"{{ column | replace('"', '""') }}"{{ ", " if not loop.last }}{% endfor %}
{%- endmacro %}

{# Where a table stands in a database, and what its frozen clone is called in the shared schema. #}
{% macro live(database, table) -%}
{{ [database, table.schema | stored, table.name | stored] | ident }}
{%- endmacro %}

{% macro frozen(database, snapshot, table) -%}
{{ [database, snapshot, table.frozen | default(table.schema ~ "__" ~ table.name) | stored] | ident }}
{%- endmacro %}

{# Where a table stands in the target, when the plan gives it another name. #}
{% macro placed(database, table) -%}
{{ [database, table.target_schema | default(table.schema) | stored,
    table.target_name | default(table.name) | stored] | ident }}
{%- endmacro %}
