-- runner: owner=product environments=imsdlc requires=imcust:V001
--
-- The objects, written for the environment's own database.
-- Every statement may run again; nothing that holds rows is replaced.
{% set mart = [env.database, "MART_INVESTMENTS_BOLT"] | ident %}
{% set src = [env.database, "SRC_INVESTMENTS_BOLT"] | ident %}
{% set frozen = [vars.imported_database, "SNAP_V001"] | ident %}

CREATE SCHEMA IF NOT EXISTS {{ mart }};
CREATE SCHEMA IF NOT EXISTS {{ src }};

{% set statement %}
CREATE SEQUENCE IF NOT EXISTS {{ mart }}.SEQ_STOCK_ID START WITH NEXT_VALUE INCREMENT BY 1 NOORDER COMMENT = 'keys of DIM_STOCKS'
{%- endset %}
{{ copy.numbered_after([[frozen ~ ".MART_INVESTMENTS_BOLT__DIM_STOCKS", "STOCK_ID"]], statement, start=1400) }};

{% set statement %}
CREATE TABLE IF NOT EXISTS {{ mart }}.DIM_PORTFOLIOS (
    PORTFOLIO_ID NUMBER(38,0) NOT NULL AUTOINCREMENT START NEXT_VALUE INCREMENT 1 NOORDER,
    "Portfolio" VARCHAR(100) NOT NULL,
    "order" NUMBER(5,0) COMMENT 'a reserved word, in lower case',
    OWNER_NAME VARCHAR(200) COMMENT 'may be empty; empty is not unknown',
    BASE_CURRENCY VARCHAR(3) NOT NULL DEFAULT 'EUR',
    RISK_WEIGHT NUMBER(38,9),
    BIAS FLOAT,
    OPENED_ON DATE,
    SETTINGS VARIANT,
    PRIMARY KEY (PORTFOLIO_ID)
)
{%- endset %}
{{ copy.numbered_after([[frozen ~ ".MART_INVESTMENTS_BOLT__DIM_PORTFOLIOS", "PORTFOLIO_ID"]], statement) }};

CREATE TABLE IF NOT EXISTS {{ src }}.STOCK_METADATA_RAW (
    SYMBOL VARCHAR(20) NOT NULL,
    "Company Name" VARCHAR(200),
    "isin" VARCHAR(12) COMMENT 'lower case since the first loader was written in JavaScript',
    EXCHANGE VARCHAR(20) DEFAULT 'XNAS',
    CURRENCY VARCHAR(3),
    PAYLOAD VARIANT,
    LISTED_ON DATE,
    LOADED_AT TIMESTAMP_TZ(9) NOT NULL,
    SOURCE_FILE VARCHAR DEFAULT 'prod_db/bolt/unknown.json',
    NOTE VARCHAR COMMENT 'free text; "PROD_DB" in it means nothing'
) COMMENT = 'Raw feed. Do not rename PROD_DB: the loader''s config says so';

CREATE TABLE IF NOT EXISTS {{ mart }}.DIM_STOCKS (
    STOCK_ID NUMBER(38,0) NOT NULL DEFAULT {{ mart }}.SEQ_STOCK_ID.NEXTVAL,
    SYMBOL VARCHAR(20) NOT NULL,
    "Company Name" VARCHAR(200),
    "isin" VARCHAR(12),
    EXCHANGE VARCHAR(20),
    CURRENCY VARCHAR(3),
    ATTRIBUTES VARIANT,
    IS_ACTIVE BOOLEAN NOT NULL DEFAULT TRUE,
    LISTED_ON DATE,
    UPDATED_AT TIMESTAMP_NTZ(9),
    CONSTRAINT PK_DIM_STOCKS PRIMARY KEY (STOCK_ID),
    CONSTRAINT UK_DIM_STOCKS UNIQUE (SYMBOL)
) COMMENT = 'Stocks by symbol';

CREATE TABLE IF NOT EXISTS {{ mart }}.FACT_DAILY_POSITIONS (
    POSITION_DATE DATE NOT NULL,
    PORTFOLIO_ID NUMBER(38,0) NOT NULL,
    STOCK_ID NUMBER(38,0) NOT NULL,
    QUANTITY NUMBER(38,9) NOT NULL,
    MARKET_VALUE NUMBER(38,9),
    RUNNING_VALUE NUMBER(38,9),
    CALCULATED_AT TIMESTAMP_NTZ(9),
    PRIMARY KEY (POSITION_DATE, PORTFOLIO_ID, STOCK_ID)
) CLUSTER BY (POSITION_DATE);

CREATE TABLE IF NOT EXISTS {{ mart }}.FACT_TRANSACTIONS (
    TRANSACTION_ID NUMBER(38,0) NOT NULL,
    PORTFOLIO_ID NUMBER(38,0) NOT NULL,
    STOCK_ID NUMBER(38,0) NOT NULL,
    TRADE_DATE DATE NOT NULL,
    TRADED_AT TIMESTAMP_TZ(9),
    SIDE VARCHAR(4) NOT NULL,
    QUANTITY NUMBER(38,9) NOT NULL,
    PRICE NUMBER(38,9),
    FEE FLOAT,
    MEMO VARCHAR,
    PRIMARY KEY (TRANSACTION_ID),
    CONSTRAINT FK_TRANSACTIONS_PORTFOLIO FOREIGN KEY (PORTFOLIO_ID) REFERENCES {{ mart }}.DIM_PORTFOLIOS(PORTFOLIO_ID),
    CONSTRAINT FK_TRANSACTIONS_STOCK FOREIGN KEY (STOCK_ID) REFERENCES {{ mart }}.DIM_STOCKS(STOCK_ID)
) CLUSTER BY (TRADE_DATE, PORTFOLIO_ID) COMMENT = 'one row a trade';

CREATE OR REPLACE VIEW {{ mart }}.VW_CURRENT_HOLDINGS(
    PORTFOLIO_ID,
    "Portfolio",
    SYMBOL,
    "Company Name",
    POSITION_DATE,
    QUANTITY,
    MARKET_VALUE,
    ORIGIN
) COPY GRANTS COMMENT = 'the last day of positions' AS
SELECT p.PORTFOLIO_ID, d."Portfolio", s.SYMBOL, s."Company Name", p.POSITION_DATE, p.QUANTITY, p.MARKET_VALUE,
       'source: PROD_DB' AS ORIGIN
FROM {{ mart }}.fact_daily_positions AS p
JOIN {{ mart }}.dim_portfolios AS d ON d.PORTFOLIO_ID = p.PORTFOLIO_ID
JOIN {{ mart }}.DIM_STOCKS AS s ON s.STOCK_ID = p.STOCK_ID
WHERE p.POSITION_DATE = (SELECT MAX(POSITION_DATE) FROM {{ mart }}.FACT_DAILY_POSITIONS);

CREATE OR REPLACE PROCEDURE {{ mart }}.SP_CALCULATE_DAILY_POSITIONS("FROM_DATE" DATE, "DAYS" NUMBER(38,0) DEFAULT 1) COPY GRANTS
RETURNS VARCHAR(16777216)
LANGUAGE SQL
EXECUTE AS OWNER
AS
$$
DECLARE
    no_days EXCEPTION (-20001, 'DAYS must be positive');
    written NUMBER DEFAULT 0;
    day_no NUMBER DEFAULT 0;
    this_day DATE;
BEGIN
    IF (DAYS <= 0) THEN
        RAISE no_days;
    END IF;
    WHILE (day_no < DAYS) DO
        this_day := DATEADD('day', day_no, FROM_DATE);
        BEGIN TRANSACTION;
        DELETE FROM FACT_DAILY_POSITIONS WHERE POSITION_DATE = :this_day;
        INSERT INTO FACT_DAILY_POSITIONS
            (POSITION_DATE, PORTFOLIO_ID, STOCK_ID, QUANTITY, MARKET_VALUE, RUNNING_VALUE, CALCULATED_AT)
        SELECT :this_day, PORTFOLIO_ID, STOCK_ID, QUANTITY, MARKET_VALUE,
               SUM(MARKET_VALUE) OVER (PARTITION BY PORTFOLIO_ID ORDER BY STOCK_ID ROWS UNBOUNDED PRECEDING),
               '2026-02-01 00:00:00'::TIMESTAMP_NTZ
        FROM (
            SELECT t.PORTFOLIO_ID, t.STOCK_ID,
                   SUM(IFF(t.SIDE = 'BUY', t.QUANTITY, -t.QUANTITY)) AS QUANTITY,
                   SUM(IFF(t.SIDE = 'BUY', t.QUANTITY, -t.QUANTITY) * COALESCE(t.PRICE, 0))::NUMBER(38,9) AS MARKET_VALUE
            FROM {{ mart }}.FACT_TRANSACTIONS AS t
            WHERE t.TRADE_DATE <= :this_day
            GROUP BY t.PORTFOLIO_ID, t.STOCK_ID
        );
        written := written + SQLROWCOUNT;
        COMMIT;
        day_no := day_no + 1;
    END WHILE;
    RETURN written || ' positions for ' || DAYS || ' day(s)';
END;
$$;

CREATE OR REPLACE PROCEDURE {{ mart }}.SP_LOAD_DIM_STOCKS() COPY GRANTS
RETURNS VARCHAR(16777216)
LANGUAGE SQL
COMMENT='brings the raw feed into DIM_STOCKS'
EXECUTE AS OWNER
AS
$$
DECLARE
    merged NUMBER DEFAULT 0;
    raw_rows NUMBER DEFAULT 0;
    -- the table name is put together at run time: prod_db || schema || table
    raw_table VARCHAR DEFAULT '{{ env.database }}' || '.SRC_INVESTMENTS_BOLT.STOCK_METADATA_RAW';
BEGIN
    EXECUTE IMMEDIATE 'SELECT COUNT(*) AS N FROM ' || raw_table;
    SELECT COUNT(*) INTO :raw_rows FROM {{ src }}.STOCK_METADATA_RAW;
    IF (raw_rows = 0) THEN
        RETURN 'nothing to load; the feed was empty';
    END IF;
    MERGE INTO {{ mart }}.DIM_STOCKS AS t
    USING {{ src }}.STOCK_METADATA_RAW AS s ON t.SYMBOL = s.SYMBOL
    WHEN MATCHED AND (t.EXCHANGE IS DISTINCT FROM s.EXCHANGE) THEN
        UPDATE SET t.EXCHANGE = s.EXCHANGE, t.UPDATED_AT = '2026-02-01 00:00:00'::TIMESTAMP_NTZ
    WHEN NOT MATCHED THEN
        INSERT (SYMBOL, "Company Name", "isin", EXCHANGE, CURRENCY, ATTRIBUTES, LISTED_ON, UPDATED_AT)
        VALUES (s.SYMBOL, s."Company Name", s."isin", s.EXCHANGE, s.CURRENCY, s.PAYLOAD, s.LISTED_ON,
                '2026-02-01 00:00:00'::TIMESTAMP_NTZ);
    merged := SQLROWCOUNT;
    RETURN 'merged ' || merged || ' of ' || raw_rows || ' rows from prod_db';
EXCEPTION
    WHEN OTHER THEN
        RETURN 'failed: ' || SQLERRM;
END;
$$;
