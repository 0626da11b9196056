-- runner: owner=dataops environments=imsdlc
--
-- Who may do what. Applied again whenever this text or the role mapping changes, and after every undo.
-- A role that is missing stops it before anything is granted.
{% set roles = env.roles %}
{% set mart = [env.database, "MART_INVESTMENTS_BOLT"] | ident %}
{% set src = [env.database, "SRC_INVESTMENTS_BOLT"] | ident %}

-- runner: assert
{{ assert.roles_exist([roles.analytics_platform, roles.dataops, roles.product_owner, roles.product_reader]) }};

{% for role in [roles.product_owner, roles.product_reader, roles.analytics_platform] %}
GRANT USAGE ON DATABASE {{ env.database | ident }} TO ROLE {{ role | ident }};
{% endfor %}
{{ grant.read(env.database, "MART_INVESTMENTS_BOLT", roles.product_reader) }}
{{ grant.read(env.database, "MART_INVESTMENTS_BOLT", roles.analytics_platform) }}
{{ grant.read(env.database, "SRC_INVESTMENTS_BOLT", roles.analytics_platform) }}
GRANT USAGE ON SCHEMA {{ mart }} TO ROLE {{ roles.product_owner | ident }};
GRANT USAGE ON SCHEMA {{ src }} TO ROLE {{ roles.product_owner | ident }};
GRANT USAGE ON PROCEDURE {{ mart }}.SP_LOAD_DIM_STOCKS() TO ROLE {{ roles.analytics_platform | ident }};
GRANT USAGE ON PROCEDURE {{ mart }}.SP_CALCULATE_DAILY_POSITIONS(DATE, NUMBER) TO ROLE {{ roles.analytics_platform | ident }};
GRANT USAGE ON WAREHOUSE {{ env.warehouse | ident }} TO ROLE {{ roles.product_reader | ident }};

-- Ownership goes last, with the grants that stand.
{% for table in selection.tables %}
{{ grant.own("TABLE", selection.live(env.database, table), roles.product_owner) }};
{% endfor %}
{{ grant.own("SEQUENCE", mart ~ ".SEQ_STOCK_ID", roles.product_owner) }};
{{ grant.own("VIEW", mart ~ ".VW_CURRENT_HOLDINGS", roles.product_owner) }};
{{ grant.own("PROCEDURE", mart ~ ".SP_LOAD_DIM_STOCKS()", roles.product_owner) }};
{{ grant.own("PROCEDURE", mart ~ ".SP_CALCULATE_DAILY_POSITIONS(DATE, NUMBER)", roles.product_owner) }};
