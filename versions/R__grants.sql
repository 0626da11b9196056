-- runner: owner=dataops environments=imsdlc
--
-- Who may do what. Applied again whenever this text or the role mapping changes, and after every undo.
-- A role that is missing stops it before anything is granted.
{% set roles = env.roles %}
{% set mart = [env.database, "MART_INVESTMENTS_BOLT"] | ident %}
{% set src = [env.database, "SRC_INVESTMENTS_BOLT"] | ident %}

-- runner: assert
{{ assert.roles_exist([roles.analytics_platform, roles.product_owner, roles.product_reader]) }};

GRANT USAGE ON DATABASE {{ env.database | ident }} TO ROLE {{ roles.product_owner | ident }};
GRANT USAGE ON SCHEMA {{ mart }} TO ROLE {{ roles.product_owner | ident }};
GRANT USAGE ON SCHEMA {{ src }} TO ROLE {{ roles.product_owner | ident }};
GRANT USAGE ON DATABASE {{ env.database | ident }} TO ROLE {{ roles.analytics_platform | ident }};
GRANT USAGE ON DATABASE {{ env.database | ident }} TO ROLE {{ roles.product_reader | ident }};
GRANT SELECT ON FUTURE TABLES IN SCHEMA {{ mart }} TO ROLE {{ roles.product_reader | ident }};
GRANT SELECT ON FUTURE VIEWS IN SCHEMA {{ mart }} TO ROLE {{ roles.product_reader | ident }};
GRANT USAGE ON SCHEMA {{ mart }} TO ROLE {{ roles.analytics_platform | ident }};
GRANT USAGE ON SCHEMA {{ mart }} TO ROLE {{ roles.product_reader | ident }};
GRANT USAGE ON SCHEMA {{ src }} TO ROLE {{ roles.analytics_platform | ident }};
GRANT SELECT ON TABLE {{ mart }}.DIM_PORTFOLIOS TO ROLE {{ roles.analytics_platform | ident }};
GRANT SELECT ON TABLE {{ mart }}.DIM_PORTFOLIOS TO ROLE {{ roles.product_reader | ident }};
GRANT SELECT ON TABLE {{ src }}.STOCK_METADATA_RAW TO ROLE {{ roles.analytics_platform | ident }};
GRANT SELECT ON TABLE {{ mart }}.DIM_STOCKS TO ROLE {{ roles.analytics_platform | ident }};
GRANT SELECT ON TABLE {{ mart }}.DIM_STOCKS TO ROLE {{ roles.product_reader | ident }};
GRANT SELECT ON TABLE {{ mart }}.FACT_DAILY_POSITIONS TO ROLE {{ roles.analytics_platform | ident }};
GRANT SELECT ON TABLE {{ mart }}.FACT_DAILY_POSITIONS TO ROLE {{ roles.product_reader | ident }};
GRANT SELECT ON TABLE {{ mart }}.FACT_TRANSACTIONS TO ROLE {{ roles.analytics_platform | ident }};
GRANT SELECT ON TABLE {{ mart }}.FACT_TRANSACTIONS TO ROLE {{ roles.product_reader | ident }};
GRANT SELECT ON VIEW {{ mart }}.VW_CURRENT_HOLDINGS TO ROLE {{ roles.analytics_platform | ident }};
GRANT SELECT ON VIEW {{ mart }}.VW_CURRENT_HOLDINGS TO ROLE {{ roles.product_reader | ident }};
GRANT USAGE ON PROCEDURE {{ mart }}.SP_CALCULATE_DAILY_POSITIONS(DATE, NUMBER) TO ROLE {{ roles.analytics_platform | ident }};
GRANT USAGE ON PROCEDURE {{ mart }}.SP_LOAD_DIM_STOCKS() TO ROLE {{ roles.analytics_platform | ident }};

-- Ownership goes last, with the grants that stand.
{{ grant.own("SEQUENCE", mart ~ ".SEQ_STOCK_ID", roles.product_owner) }};
{{ grant.own("TABLE", mart ~ ".DIM_PORTFOLIOS", roles.product_owner) }};
{{ grant.own("TABLE", src ~ ".STOCK_METADATA_RAW", roles.product_owner) }};
{{ grant.own("TABLE", mart ~ ".DIM_STOCKS", roles.product_owner) }};
{{ grant.own("TABLE", mart ~ ".FACT_DAILY_POSITIONS", roles.product_owner) }};
{{ grant.own("TABLE", mart ~ ".FACT_TRANSACTIONS", roles.product_owner) }};
{{ grant.own("VIEW", mart ~ ".VW_CURRENT_HOLDINGS", roles.product_owner) }};
{{ grant.own("PROCEDURE", mart ~ ".SP_CALCULATE_DAILY_POSITIONS(DATE, NUMBER)", roles.product_owner) }};
{{ grant.own("PROCEDURE", mart ~ ".SP_LOAD_DIM_STOCKS()", roles.product_owner) }};
