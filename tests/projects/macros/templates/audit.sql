{% macro audited(name) -%}
CREATE TABLE {{ name | ident }} (ID INT, CREATED_BY VARCHAR DEFAULT CURRENT_USER())
{%- endmacro %}
