{# Copying: all rows of a frozen table into the target's, columns by name on both sides. #}

{# INSERT OVERWRITE runs inside the open transaction and keeps grants, policies and the table itself
   (docs: sql-reference/sql/insert). #}
{% macro overwrite(target, frozen, columns, order_by) -%}
INSERT OVERWRITE INTO {{ target }} ({{ columns }})
SELECT {{ columns }}
FROM {{ frozen }}
ORDER BY {{ order_by }}
{%- endmacro %}

{# A statement that creates something whose numbering goes on after the highest value that was frozen: `places` are pairs
   of a frozen table and its column. Numbers that fall (`step` below 0) go on after the lowest. It is never begun before
   `start`, where the source stood. `statement` has `word` where the number belongs. #}
{% macro numbered_after(places, statement, start=1, step=1, word="NEXT_VALUE") -%}
BEGIN
    LET next_value INTEGER := (SELECT COALESCE({{ "GREATEST(MAX" if step > 0 else "LEAST(MIN" }}(N) + {{ step }}, {{ start }}), {{ start }}) FROM (
        {% for frozen, column in places %}
        SELECT {{ column }} AS N FROM {{ frozen }}{{ " UNION ALL" if not loop.last }}

        {% endfor %}
    ));
    EXECUTE IMMEDIATE REPLACE({{ statement | literal }}, {{ word | literal }}, next_value::VARCHAR);
    RETURN 'goes on at ' || next_value;
END
{%- endmacro %}
