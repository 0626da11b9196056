{# What travels by plan 'bolt', what is pointed to before what points to it. One place
   says it; the plan's scripts freeze these tables and copy them. Names stand as Snowflake stores them. #}
{% set tables = [
    {
        "schema": "MART_INVESTMENTS_BOLT", "name": "DIM_PORTFOLIOS",
        "frozen": "MART_INVESTMENTS_BOLT__DIM_PORTFOLIOS", "order_by": "PORTFOLIO_ID",
        "columns": ["PORTFOLIO_ID", "Portfolio", "order", "OWNER_NAME", "BASE_CURRENCY", "RISK_WEIGHT", "BIAS",
                    "OPENED_ON", "SETTINGS"],
    },
    {
        "schema": "SRC_INVESTMENTS_BOLT", "name": "STOCK_METADATA_RAW",
        "frozen": "SRC_INVESTMENTS_BOLT__STOCK_METADATA_RAW", "order_by": "SYMBOL",
        "columns": ["SYMBOL", "Company Name", "isin", "EXCHANGE", "CURRENCY", "PAYLOAD", "LISTED_ON", "LOADED_AT",
                    "SOURCE_FILE", "NOTE"],
    },
    {
        "schema": "MART_INVESTMENTS_BOLT", "name": "DIM_STOCKS",
        "frozen": "MART_INVESTMENTS_BOLT__DIM_STOCKS", "order_by": "STOCK_ID",
        "columns": ["STOCK_ID", "SYMBOL", "Company Name", "isin", "EXCHANGE", "CURRENCY", "ATTRIBUTES", "IS_ACTIVE",
                    "LISTED_ON", "UPDATED_AT"],
    },
    {
        "schema": "MART_INVESTMENTS_BOLT", "name": "FACT_DAILY_POSITIONS",
        "frozen": "MART_INVESTMENTS_BOLT__FACT_DAILY_POSITIONS", "order_by": "POSITION_DATE",
        "columns": ["POSITION_DATE", "PORTFOLIO_ID", "STOCK_ID", "QUANTITY", "MARKET_VALUE", "RUNNING_VALUE",
                    "CALCULATED_AT"],
    },
    {
        "schema": "MART_INVESTMENTS_BOLT", "name": "FACT_TRANSACTIONS",
        "frozen": "MART_INVESTMENTS_BOLT__FACT_TRANSACTIONS", "order_by": "TRADE_DATE, PORTFOLIO_ID",
        "columns": ["TRANSACTION_ID", "PORTFOLIO_ID", "STOCK_ID", "TRADE_DATE", "TRADED_AT", "SIDE", "QUANTITY",
                    "PRICE", "FEE", "MEMO"],
    },
] %}

{# Views and routines: their text goes into the manifest. #}
{% set code = [
    {"kind": "VIEW", "schema": "MART_INVESTMENTS_BOLT", "name": "VW_CURRENT_HOLDINGS", "signature": ""},
    {"kind": "PROCEDURE", "schema": "MART_INVESTMENTS_BOLT", "name": "SP_CALCULATE_DAILY_POSITIONS", "signature": "(DATE, NUMBER)"},
    {"kind": "PROCEDURE", "schema": "MART_INVESTMENTS_BOLT", "name": "SP_LOAD_DIM_STOCKS", "signature": "()"},
] %}
