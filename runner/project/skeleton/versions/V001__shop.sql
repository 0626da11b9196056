-- runner: owner=product
-- The database, the schema and the first table. Every statement may run again.
CREATE DATABASE IF NOT EXISTS {{ env.database | ident }};
CREATE SCHEMA IF NOT EXISTS {{ [env.database, "SHOP"] | ident }};
CREATE TABLE IF NOT EXISTS {{ [env.database, "SHOP", "PRODUCTS"] | ident }} (
    PRODUCT_ID NUMBER(38,0) NOT NULL,
    NAME VARCHAR(200) NOT NULL,
    PRICE NUMBER(12,2),
    CURRENCY VARCHAR(3) DEFAULT {{ vars.currency | literal }},
    {{ table.audited() }},
    PRIMARY KEY (PRODUCT_ID)
);
