{# Grants. Granting what is granted already changes nothing, so all of it may run again. #}

{# Read everything in a schema, now and later. #}
{% macro read(database, schema, role) -%}
GRANT USAGE ON SCHEMA {{ [database, schema] | ident }} TO ROLE {{ role | ident }};
GRANT SELECT ON ALL TABLES IN SCHEMA {{ [database, schema] | ident }} TO ROLE {{ role | ident }};
GRANT SELECT ON ALL VIEWS IN SCHEMA {{ [database, schema] | ident }} TO ROLE {{ role | ident }};
GRANT SELECT ON FUTURE TABLES IN SCHEMA {{ [database, schema] | ident }} TO ROLE {{ role | ident }};
GRANT SELECT ON FUTURE VIEWS IN SCHEMA {{ [database, schema] | ident }} TO ROLE {{ role | ident }};
{%- endmacro %}

{# Ownership goes last, and takes the current grants along. #}
{% macro own(kind, name, role) -%}
GRANT OWNERSHIP ON {{ kind }} {{ name }} TO ROLE {{ role | ident }} COPY CURRENT GRANTS
{%- endmacro %}
