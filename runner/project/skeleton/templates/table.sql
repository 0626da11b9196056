{# Macros for scripts: `{{ table.audited() }}` in any script calls the one below. #}

{# Two columns that every table has. #}
{% macro audited() -%}
CREATED_AT TIMESTAMP_TZ DEFAULT CURRENT_TIMESTAMP(),
    CREATED_BY VARCHAR DEFAULT CURRENT_USER()
{%- endmacro %}
