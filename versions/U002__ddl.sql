-- runner: owner=product environments=imsdlc
--
-- Takes back V002: the objects it made, and nothing else of the schemas.
{% set mart = [env.database, "MART_INVESTMENTS_BOLT"] | ident %}
{% set src = [env.database, "SRC_INVESTMENTS_BOLT"] | ident %}

DROP PROCEDURE IF EXISTS {{ mart }}.SP_LOAD_DIM_STOCKS();
DROP PROCEDURE IF EXISTS {{ mart }}.SP_CALCULATE_DAILY_POSITIONS(DATE, NUMBER);
DROP VIEW IF EXISTS {{ mart }}.VW_CURRENT_HOLDINGS;
DROP TABLE IF EXISTS {{ mart }}.FACT_TRANSACTIONS;
DROP TABLE IF EXISTS {{ mart }}.FACT_DAILY_POSITIONS;
DROP TABLE IF EXISTS {{ mart }}.DIM_STOCKS;
DROP TABLE IF EXISTS {{ src }}.STOCK_METADATA_RAW;
DROP TABLE IF EXISTS {{ mart }}.DIM_PORTFOLIOS;
DROP SEQUENCE IF EXISTS {{ mart }}.SEQ_STOCK_ID;
