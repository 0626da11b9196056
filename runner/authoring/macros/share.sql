{# Shares: what the provider grants, and what the consumer makes of it. The share is never replaced: that would end
   every consumer's database at once. #}

{# The provider's side, in the order that Snowflake demands: the database's USAGE before any account. #}
{% macro create(share, database, schema) -%}
CREATE SHARE IF NOT EXISTS {{ share | ident }} COMMENT = 'runner: frozen tables for a migration';
GRANT USAGE ON DATABASE {{ database | ident }} TO SHARE {{ share | ident }};
GRANT USAGE ON SCHEMA {{ [database, schema] | ident }} TO SHARE {{ share | ident }};
{%- endmacro %}

{# One table into the share. A table that was dropped and made again has to be granted again. #}
{% macro table(share, name) -%}
GRANT SELECT ON TABLE {{ name }} TO SHARE {{ share | ident }}
{%- endmacro %}

{# Adding an account that does not exist says OK and adds nothing, so it is read back: the assertion holds only when
   SHOW SHARES lists the account. #}
{% macro add_account(share, organization, account) -%}
ALTER SHARE {{ share | ident }} ADD ACCOUNTS = {{ organization | ident }}.{{ account | ident }};
-- runner: assert
SHOW SHARES LIKE {{ share | upper | literal }}
    ->> SELECT COUNT_IF(CONTAINS("to", {{ (organization ~ "." ~ account) | upper | literal }})) = 1 FROM $1
        WHERE "kind" = 'OUTBOUND'
{%- endmacro %}

{# The consumer's side. A share can be consumed once per account: what stands already is kept. #}
{% macro import_once(database, organization, account, share) -%}
BEGIN
    SHOW DATABASES LIKE {{ database | upper | literal }};
    LET standing INTEGER := (SELECT COUNT(*) FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())));
    IF (standing = 0) THEN
        CREATE DATABASE {{ database | ident }} FROM SHARE {{ organization | ident }}.{{ account | ident }}.{{ share | ident }};
    END IF;
    RETURN 'imported';
END
{%- endmacro %}
