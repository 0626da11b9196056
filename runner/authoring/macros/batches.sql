{# Batches: a table in parts, each a statement of its own that may run again. What the target holds of the part is taken
   out and what was frozen is put in, in one transaction; when that fails, the part is as it was. #}
{% macro replace(target, frozen, columns, order_by, condition) -%}
BEGIN
    BEGIN TRANSACTION;
    DELETE FROM {{ target }} WHERE {{ condition }};
    INSERT INTO {{ target }} ({{ columns }})
    SELECT {{ columns }}
    FROM {{ frozen }}
    WHERE {{ condition }}
    ORDER BY {{ order_by }};
    LET written INTEGER := SQLROWCOUNT;
    COMMIT;
    RETURN written || ' rows';
EXCEPTION
    WHEN OTHER THEN
        ROLLBACK;
        RAISE;
END
{%- endmacro %}
