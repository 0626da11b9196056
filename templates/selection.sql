{# What travels: the five tables in an order that puts a dimension before the facts that point to it, each with its
   columns by name. One place says it; V001 freezes these, V003 copies these. Names stand as Snowflake stores them. #}
{% set tables = [
    {
        "schema": "SRC_INVESTMENTS_BOLT", "name": "STOCK_METADATA_RAW", "order_by": '"SYMBOL"',
        "columns": ["SYMBOL", "Company Name", "isin", "EXCHANGE", "CURRENCY", "PAYLOAD", "LISTED_ON", "LOADED_AT",
                    "SOURCE_FILE", "NOTE"],
    },
    {
        "schema": "MART_INVESTMENTS_BOLT", "name": "DIM_STOCKS", "order_by": '"STOCK_ID"',
        "columns": ["STOCK_ID", "SYMBOL", "Company Name", "isin", "EXCHANGE", "CURRENCY", "ATTRIBUTES", "IS_ACTIVE",
                    "LISTED_ON", "UPDATED_AT"],
    },
    {
        "schema": "MART_INVESTMENTS_BOLT", "name": "DIM_PORTFOLIOS", "order_by": '"PORTFOLIO_ID"',
        "columns": ["PORTFOLIO_ID", "Portfolio", "order", "OWNER_NAME", "BASE_CURRENCY", "RISK_WEIGHT", "BIAS",
                    "OPENED_ON", "SETTINGS"],
    },
    {
        "schema": "MART_INVESTMENTS_BOLT", "name": "FACT_TRANSACTIONS", "order_by": '"TRADE_DATE", "PORTFOLIO_ID"',
        "columns": ["TRANSACTION_ID", "PORTFOLIO_ID", "STOCK_ID", "TRADE_DATE", "TRADED_AT", "SIDE", "QUANTITY",
                    "PRICE", "FEE", "MEMO"],
    },
    {
        "schema": "MART_INVESTMENTS_BOLT", "name": "FACT_DAILY_POSITIONS", "order_by": '"POSITION_DATE"',
        "columns": ["POSITION_DATE", "PORTFOLIO_ID", "STOCK_ID", "QUANTITY", "MARKET_VALUE", "RUNNING_VALUE",
                    "CALCULATED_AT"],
    },
] %}

{# A table's columns, quoted, with commas between. #}
{% macro columns(table) -%}
{% for column in table.columns %}"{{ column | replace('"', '""') }}"{{ ", " if not loop.last }}{% endfor %}
{%- endmacro %}

{# Where a table stands in a database, and what its frozen clone is called in the shared schema. #}
{% macro live(database, table) -%}
{{ [database, table.schema | stored, table.name | stored] | ident }}
{%- endmacro %}

{% macro frozen(database, snapshot, table) -%}
{{ [database, snapshot, table.frozen | default(table.schema ~ "__" ~ table.name) | stored] | ident }}
{%- endmacro %}

{# Where a table stands in the target, when the plan gives it another name. #}
{% macro placed(database, table) -%}
{{ [database, table.target_schema | default(table.schema) | stored,
    table.target_name | default(table.name) | stored] | ident }}
{%- endmacro %}
