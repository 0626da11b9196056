-- Written by feeds.py. The landing tables, the staging views over them, and the loaders.

USE DATABASE PROD_ENERGY;

CREATE OR REPLACE TABLE RAW.METER_READS (
    METER_NO        VARCHAR(20),
    READ_AT         TIMESTAMP_NTZ(9),
    KWH             NUMBER(18,3),
    QUALITY         VARCHAR(4),
    _FILE           VARCHAR DEFAULT 's3://prod_energy/meter_reads/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed meter_reads; kept as it came';

INSERT INTO RAW.METER_READS (METER_NO, READ_AT, KWH, QUALITY, _LOADED_AT, _PAYLOAD)
SELECT
    'M' || LPAD(N::VARCHAR, 5, '0'),
    IFF(MOD(N, 13) = 0, NULL, DATEADD('minute', N * 15, '2024-03-01 00:00:00'::TIMESTAMP_NTZ)),
    IFF(MOD(N, 13) = 0, NULL, N * 1.25),
    IFF(MOD(N, 13) = 0, NULL, SUBSTR('quality', 1, 3) || MOD(N, 4)),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'meter_reads')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

CREATE OR REPLACE VIEW STAGING.STG_METER_READS (METER_NO, READ_AT, KWH, QUALITY, _LOADED_AT) COMMENT = 'typed rows of METER_READS'
AS SELECT meter_no, read_at, kwh, quality, _LOADED_AT FROM PROD_ENERGY.RAW.METER_READS WHERE _LOADED_AT IS NOT NULL;

CREATE OR REPLACE TABLE RAW.METER_EVENTS (
    METER_NO        VARCHAR(20),
    EVENT_CODE      NUMBER(6,0),
    RAISED_AT       TIMESTAMP_TZ(9),
    _FILE           VARCHAR DEFAULT 's3://prod_energy/meter_events/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed meter_events; kept as it came';

INSERT INTO RAW.METER_EVENTS (METER_NO, EVENT_CODE, RAISED_AT, _LOADED_AT, _PAYLOAD)
SELECT
    'M' || LPAD(N::VARCHAR, 5, '0'),
    N * 1.25,
    IFF(MOD(N, 13) = 0, NULL, DATEADD('minute', N * 7, TO_TIMESTAMP_TZ('2024-03-31 01:30:00 +0100'))),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'meter_events')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

create or replace view staging.stg_meter_events as
-- from raw.meter_events
with source as (select * from raw.meter_events)
select
    r.meter_no
    , r.event_code
    , r.raised_at
    , r._loaded_at
from source as r
qualify row_number() over (partition by meter_no order by r._loaded_at desc, event_code) = 1;

CREATE OR REPLACE TABLE RAW.METER_MASTER (
    METER_NO        VARCHAR(20),
    MODEL           VARCHAR(40),
    INSTALLED_ON    DATE,
    SITE_CODE       VARCHAR(12),
    _FILE           VARCHAR DEFAULT 's3://prod_energy/meter_master/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed meter_master; kept as it came';

INSERT INTO RAW.METER_MASTER (METER_NO, MODEL, INSTALLED_ON, SITE_CODE, _LOADED_AT, _PAYLOAD)
SELECT
    'M' || LPAD(N::VARCHAR, 5, '0'),
    IFF(MOD(N, 13) = 0, NULL, SUBSTR('model', 1, 3) || MOD(N, 4)),
    IFF(MOD(N, 13) = 0, NULL, DATEADD('day', N * 3, '2023-01-01'::DATE)),
    'S' || LPAD(N::VARCHAR, 5, '0'),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'meter_master')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

CREATE OR REPLACE VIEW STAGING.STG_METER_MASTER (METER_NO, MODEL, INSTALLED_ON, SITE_CODE, _LOADED_AT) COMMENT = 'typed rows of METER_MASTER'
AS SELECT meter_no, model, installed_on, site_code, _LOADED_AT FROM PROD_ENERGY.RAW.METER_MASTER WHERE _LOADED_AT IS NOT NULL;

CREATE OR REPLACE TABLE RAW.SITES (
    SITE_CODE       VARCHAR(12),
    STREET          VARCHAR(200),
    POST_CODE       VARCHAR(10),
    CITY            VARCHAR(80),
    _FILE           VARCHAR DEFAULT 's3://prod_energy/sites/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed sites; kept as it came';

INSERT INTO RAW.SITES (SITE_CODE, STREET, POST_CODE, CITY, _LOADED_AT, _PAYLOAD)
SELECT
    'S' || LPAD(N::VARCHAR, 5, '0'),
    IFF(MOD(N, 13) = 0, NULL, 'sites street ' || N),
    'P' || LPAD(N::VARCHAR, 5, '0'),
    IFF(MOD(N, 13) = 0, NULL, 'sites city ' || N),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'sites')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

create or replace view staging.stg_sites as
-- from raw.sites
with source as (select * from raw.sites)
select
    r.site_code
    , r.street
    , r.post_code
    , r.city
    , r._loaded_at
from source as r
qualify row_number() over (partition by site_code order by r._loaded_at desc, street) = 1;

CREATE OR REPLACE TABLE RAW.GRID_OPERATORS (
    OPERATOR_CODE   VARCHAR(8),
    OPERATOR_NAME   VARCHAR(200),
    _FILE           VARCHAR DEFAULT 's3://prod_energy/grid_operators/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed grid_operators; kept as it came';

INSERT INTO RAW.GRID_OPERATORS (OPERATOR_CODE, OPERATOR_NAME, _LOADED_AT, _PAYLOAD)
SELECT
    'O' || LPAD(N::VARCHAR, 5, '0'),
    IFF(MOD(N, 13) = 0, NULL, 'grid_operators operator_name ' || N),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'grid_operators')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

CREATE OR REPLACE VIEW STAGING.STG_GRID_OPERATORS (OPERATOR_CODE, OPERATOR_NAME, _LOADED_AT) COMMENT = 'typed rows of GRID_OPERATORS'
AS SELECT operator_code, operator_name, _LOADED_AT FROM PROD_ENERGY.RAW.GRID_OPERATORS WHERE _LOADED_AT IS NOT NULL;

CREATE OR REPLACE TABLE RAW.GRID_FEES (
    OPERATOR_CODE   VARCHAR(8),
    VALID_FROM      DATE,
    FEE_PER_KWH     NUMBER(12,6),
    _FILE           VARCHAR DEFAULT 's3://prod_energy/grid_fees/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed grid_fees; kept as it came';

INSERT INTO RAW.GRID_FEES (OPERATOR_CODE, VALID_FROM, FEE_PER_KWH, _LOADED_AT, _PAYLOAD)
SELECT
    'O' || LPAD(N::VARCHAR, 5, '0'),
    IFF(MOD(N, 13) = 0, NULL, DATEADD('day', N * 3, '2023-01-01'::DATE)),
    IFF(MOD(N, 13) = 0, NULL, N * 1.25),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'grid_fees')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

create or replace view staging.stg_grid_fees as
-- from raw.grid_fees
with source as (select * from raw.grid_fees)
select
    r.operator_code
    , r.valid_from
    , r.fee_per_kwh
    , r._loaded_at
from source as r
qualify row_number() over (partition by operator_code order by r._loaded_at desc, valid_from) = 1;

CREATE OR REPLACE TABLE RAW.CUSTOMERS (
    CUSTOMER_NO     NUMBER(12,0),
    FULL_NAME       VARCHAR(200),
    E_MAIL          VARCHAR(320),
    BORN_ON         DATE,
    _FILE           VARCHAR DEFAULT 's3://prod_energy/customers/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed customers; kept as it came';

INSERT INTO RAW.CUSTOMERS (CUSTOMER_NO, FULL_NAME, E_MAIL, BORN_ON, _LOADED_AT, _PAYLOAD)
SELECT
    N,
    IFF(MOD(N, 13) = 0, NULL, 'customers full_name ' || N),
    IFF(MOD(N, 13) = 0, NULL, 'customers e_mail ' || N),
    IFF(MOD(N, 13) = 0, NULL, DATEADD('day', N * 3, '2023-01-01'::DATE)),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'customers')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

CREATE OR REPLACE VIEW STAGING.STG_CUSTOMERS (CUSTOMER_NO, FULL_NAME, E_MAIL, BORN_ON, _LOADED_AT) COMMENT = 'typed rows of CUSTOMERS'
AS SELECT customer_no, full_name, e_mail, born_on, _LOADED_AT FROM PROD_ENERGY.RAW.CUSTOMERS WHERE _LOADED_AT IS NOT NULL;

CREATE OR REPLACE TABLE RAW.CONTACTS (
    CUSTOMER_NO     NUMBER(12,0),
    CHANNEL         VARCHAR(20),
    CONTACT_VALUE   VARCHAR(320),
    _FILE           VARCHAR DEFAULT 's3://prod_energy/contacts/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed contacts; kept as it came';

INSERT INTO RAW.CONTACTS (CUSTOMER_NO, CHANNEL, CONTACT_VALUE, _LOADED_AT, _PAYLOAD)
SELECT
    N,
    IFF(MOD(N, 13) = 0, NULL, SUBSTR('channel', 1, 3) || MOD(N, 4)),
    IFF(MOD(N, 13) = 0, NULL, 'contacts contact_value ' || N),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'contacts')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

create or replace view staging.stg_contacts as
-- from raw.contacts
with source as (select * from raw.contacts)
select
    r.customer_no
    , r.channel
    , r.contact_value
    , r._loaded_at
from source as r
qualify row_number() over (partition by customer_no order by r._loaded_at desc, channel) = 1;

CREATE OR REPLACE TABLE RAW.CONTRACTS (
    CONTRACT_NO     NUMBER(12,0),
    CUSTOMER_NO     NUMBER(12,0),
    SITE_CODE       VARCHAR(12),
    STARTS_ON       DATE,
    ENDS_ON         DATE,
    _FILE           VARCHAR DEFAULT 's3://prod_energy/contracts/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed contracts; kept as it came';

INSERT INTO RAW.CONTRACTS (CONTRACT_NO, CUSTOMER_NO, SITE_CODE, STARTS_ON, ENDS_ON, _LOADED_AT, _PAYLOAD)
SELECT
    N,
    N,
    'S' || LPAD(N::VARCHAR, 5, '0'),
    IFF(MOD(N, 13) = 0, NULL, DATEADD('day', N * 3, '2023-01-01'::DATE)),
    IFF(MOD(N, 13) = 0, NULL, DATEADD('day', N * 3, '2023-01-01'::DATE)),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'contracts')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

CREATE OR REPLACE VIEW STAGING.STG_CONTRACTS (CONTRACT_NO, CUSTOMER_NO, SITE_CODE, STARTS_ON, ENDS_ON, _LOADED_AT) COMMENT = 'typed rows of CONTRACTS'
AS SELECT contract_no, customer_no, site_code, starts_on, ends_on, _LOADED_AT FROM PROD_ENERGY.RAW.CONTRACTS WHERE _LOADED_AT IS NOT NULL;

CREATE OR REPLACE TABLE RAW.TARIFFS (
    TARIFF_CODE     VARCHAR(12),
    TARIFF_NAME     VARCHAR(100),
    IS_GREEN        BOOLEAN,
    _FILE           VARCHAR DEFAULT 's3://prod_energy/tariffs/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed tariffs; kept as it came';

INSERT INTO RAW.TARIFFS (TARIFF_CODE, TARIFF_NAME, IS_GREEN, _LOADED_AT, _PAYLOAD)
SELECT
    'T' || LPAD(N::VARCHAR, 5, '0'),
    IFF(MOD(N, 13) = 0, NULL, 'tariffs tariff_name ' || N),
    IFF(MOD(N, 13) = 0, NULL, MOD(N, 2) = 0),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'tariffs')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

create or replace view staging.stg_tariffs as
-- from raw.tariffs
with source as (select * from raw.tariffs)
select
    r.tariff_code
    , r.tariff_name
    , r.is_green
    , r._loaded_at
from source as r
qualify row_number() over (partition by tariff_code order by r._loaded_at desc, tariff_name) = 1;

CREATE OR REPLACE TABLE RAW.TARIFF_PRICES (
    TARIFF_CODE     VARCHAR(12),
    VALID_FROM      DATE,
    BASE_PRICE      NUMBER(12,4),
    UNIT_PRICE      NUMBER(12,6),
    _FILE           VARCHAR DEFAULT 's3://prod_energy/tariff_prices/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed tariff_prices; kept as it came';

INSERT INTO RAW.TARIFF_PRICES (TARIFF_CODE, VALID_FROM, BASE_PRICE, UNIT_PRICE, _LOADED_AT, _PAYLOAD)
SELECT
    'T' || LPAD(N::VARCHAR, 5, '0'),
    IFF(MOD(N, 13) = 0, NULL, DATEADD('day', N * 3, '2023-01-01'::DATE)),
    IFF(MOD(N, 13) = 0, NULL, N * 1.25),
    IFF(MOD(N, 13) = 0, NULL, N * 1.25),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'tariff_prices')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

CREATE OR REPLACE VIEW STAGING.STG_TARIFF_PRICES (TARIFF_CODE, VALID_FROM, BASE_PRICE, UNIT_PRICE, _LOADED_AT) COMMENT = 'typed rows of TARIFF_PRICES'
AS SELECT tariff_code, valid_from, base_price, unit_price, _LOADED_AT FROM PROD_ENERGY.RAW.TARIFF_PRICES WHERE _LOADED_AT IS NOT NULL;

CREATE OR REPLACE TABLE RAW.PAYMENTS (
    PAYMENT_NO      NUMBER(14,0),
    ACCOUNT_NO      NUMBER(12,0),
    PAID_ON         DATE,
    AMOUNT          NUMBER(14,2),
    REFERENCE       VARCHAR,
    _FILE           VARCHAR DEFAULT 's3://prod_energy/payments/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed payments; kept as it came';

INSERT INTO RAW.PAYMENTS (PAYMENT_NO, ACCOUNT_NO, PAID_ON, AMOUNT, REFERENCE, _LOADED_AT, _PAYLOAD)
SELECT
    N,
    N,
    IFF(MOD(N, 13) = 0, NULL, DATEADD('day', N * 3, '2023-01-01'::DATE)),
    IFF(MOD(N, 13) = 0, NULL, N * 1.25),
    IFF(MOD(N, 13) = 0, NULL, 'payments reference ' || N),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'payments')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

create or replace view staging.stg_payments as
-- from raw.payments
with source as (select * from raw.payments)
select
    r.payment_no
    , r.account_no
    , r.paid_on
    , r.amount
    , r.reference
    , r._loaded_at
from source as r
qualify row_number() over (partition by payment_no order by r._loaded_at desc, account_no) = 1;

CREATE OR REPLACE TABLE RAW.BANK_STATEMENTS (
    STATEMENT_NO    NUMBER(14,0),
    IBAN            VARCHAR(34),
    BOOKED_ON       DATE,
    AMOUNT          NUMBER(14,2),
    _FILE           VARCHAR DEFAULT 's3://prod_energy/bank_statements/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed bank_statements; kept as it came';

INSERT INTO RAW.BANK_STATEMENTS (STATEMENT_NO, IBAN, BOOKED_ON, AMOUNT, _LOADED_AT, _PAYLOAD)
SELECT
    N,
    IFF(MOD(N, 13) = 0, NULL, 'bank_statements iban ' || N),
    IFF(MOD(N, 13) = 0, NULL, DATEADD('day', N * 3, '2023-01-01'::DATE)),
    IFF(MOD(N, 13) = 0, NULL, N * 1.25),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'bank_statements')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

CREATE OR REPLACE VIEW STAGING.STG_BANK_STATEMENTS (STATEMENT_NO, IBAN, BOOKED_ON, AMOUNT, _LOADED_AT) COMMENT = 'typed rows of BANK_STATEMENTS'
AS SELECT statement_no, iban, booked_on, amount, _LOADED_AT FROM PROD_ENERGY.RAW.BANK_STATEMENTS WHERE _LOADED_AT IS NOT NULL;

CREATE OR REPLACE TABLE RAW.DIRECT_DEBITS (
    MANDATE         VARCHAR(35),
    ACCOUNT_NO      NUMBER(12,0),
    SIGNED_ON       DATE,
    _FILE           VARCHAR DEFAULT 's3://prod_energy/direct_debits/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed direct_debits; kept as it came';

INSERT INTO RAW.DIRECT_DEBITS (MANDATE, ACCOUNT_NO, SIGNED_ON, _LOADED_AT, _PAYLOAD)
SELECT
    'direct_debits mandate ' || N,
    N,
    IFF(MOD(N, 13) = 0, NULL, DATEADD('day', N * 3, '2023-01-01'::DATE)),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'direct_debits')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

create or replace view staging.stg_direct_debits as
-- from raw.direct_debits
with source as (select * from raw.direct_debits)
select
    r.mandate
    , r.account_no
    , r.signed_on
    , r._loaded_at
from source as r
qualify row_number() over (partition by mandate order by r._loaded_at desc, account_no) = 1;

CREATE OR REPLACE TABLE RAW.CASES (
    CASE_NO         NUMBER(12,0),
    CUSTOMER_NO     NUMBER(12,0),
    OPENED_AT       TIMESTAMP_NTZ(9),
    SUBJECT         VARCHAR,
    _FILE           VARCHAR DEFAULT 's3://prod_energy/cases/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed cases; kept as it came';

INSERT INTO RAW.CASES (CASE_NO, CUSTOMER_NO, OPENED_AT, SUBJECT, _LOADED_AT, _PAYLOAD)
SELECT
    N,
    N,
    IFF(MOD(N, 13) = 0, NULL, DATEADD('minute', N * 15, '2024-03-01 00:00:00'::TIMESTAMP_NTZ)),
    IFF(MOD(N, 13) = 0, NULL, 'cases subject ' || N),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'cases')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

CREATE OR REPLACE VIEW STAGING.STG_CASES (CASE_NO, CUSTOMER_NO, OPENED_AT, SUBJECT, _LOADED_AT) COMMENT = 'typed rows of CASES'
AS SELECT case_no, customer_no, opened_at, subject, _LOADED_AT FROM PROD_ENERGY.RAW.CASES WHERE _LOADED_AT IS NOT NULL;

CREATE OR REPLACE TABLE RAW.CASE_NOTES (
    CASE_NO         NUMBER(12,0),
    NOTE_NO         NUMBER(5,0),
    NOTE            VARCHAR,
    _FILE           VARCHAR DEFAULT 's3://prod_energy/case_notes/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed case_notes; kept as it came';

INSERT INTO RAW.CASE_NOTES (CASE_NO, NOTE_NO, NOTE, _LOADED_AT, _PAYLOAD)
SELECT
    N,
    N,
    IFF(MOD(N, 13) = 0, NULL, 'case_notes note ' || N),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'case_notes')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

create or replace view staging.stg_case_notes as
-- from raw.case_notes
with source as (select * from raw.case_notes)
select
    r.case_no
    , r.note_no
    , r.note
    , r._loaded_at
from source as r
qualify row_number() over (partition by case_no order by r._loaded_at desc, note_no) = 1;

CREATE OR REPLACE TABLE RAW.CAMPAIGNS (
    CAMPAIGN_CODE   VARCHAR(20),
    STARTS_ON       DATE,
    BUDGET          NUMBER(14,2),
    _FILE           VARCHAR DEFAULT 's3://prod_energy/campaigns/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed campaigns; kept as it came';

INSERT INTO RAW.CAMPAIGNS (CAMPAIGN_CODE, STARTS_ON, BUDGET, _LOADED_AT, _PAYLOAD)
SELECT
    'C' || LPAD(N::VARCHAR, 5, '0'),
    IFF(MOD(N, 13) = 0, NULL, DATEADD('day', N * 3, '2023-01-01'::DATE)),
    IFF(MOD(N, 13) = 0, NULL, N * 1.25),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'campaigns')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

CREATE OR REPLACE VIEW STAGING.STG_CAMPAIGNS (CAMPAIGN_CODE, STARTS_ON, BUDGET, _LOADED_AT) COMMENT = 'typed rows of CAMPAIGNS'
AS SELECT campaign_code, starts_on, budget, _LOADED_AT FROM PROD_ENERGY.RAW.CAMPAIGNS WHERE _LOADED_AT IS NOT NULL;

CREATE OR REPLACE TABLE RAW.LEADS (
    LEAD_NO         NUMBER(12,0),
    E_MAIL          VARCHAR(320),
    SCORE           FLOAT,
    _FILE           VARCHAR DEFAULT 's3://prod_energy/leads/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed leads; kept as it came';

INSERT INTO RAW.LEADS (LEAD_NO, E_MAIL, SCORE, _LOADED_AT, _PAYLOAD)
SELECT
    N,
    IFF(MOD(N, 13) = 0, NULL, 'leads e_mail ' || N),
    IFF(MOD(N, 13) = 0, NULL, N / 8::FLOAT),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'leads')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

create or replace view staging.stg_leads as
-- from raw.leads
with source as (select * from raw.leads)
select
    r.lead_no
    , r.e_mail
    , r.score
    , r._loaded_at
from source as r
qualify row_number() over (partition by lead_no order by r._loaded_at desc, e_mail) = 1;

CREATE OR REPLACE TABLE RAW.WEATHER (
    STATION_CODE    VARCHAR(8),
    DAY             DATE,
    TEMP_AVG        FLOAT,
    TEMP_MAX        FLOAT,
    _FILE           VARCHAR DEFAULT 's3://prod_energy/weather/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed weather; kept as it came';

INSERT INTO RAW.WEATHER (STATION_CODE, DAY, TEMP_AVG, TEMP_MAX, _LOADED_AT, _PAYLOAD)
SELECT
    'S' || LPAD(N::VARCHAR, 5, '0'),
    DATEADD('day', N * 3, '2023-01-01'::DATE),
    IFF(MOD(N, 13) = 0, NULL, N / 8::FLOAT),
    IFF(MOD(N, 13) = 0, NULL, N / 8::FLOAT),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'weather')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

CREATE OR REPLACE VIEW STAGING.STG_WEATHER (STATION_CODE, DAY, TEMP_AVG, TEMP_MAX, _LOADED_AT) COMMENT = 'typed rows of WEATHER'
AS SELECT station_code, day, temp_avg, temp_max, _LOADED_AT FROM PROD_ENERGY.RAW.WEATHER WHERE _LOADED_AT IS NOT NULL;

CREATE OR REPLACE TABLE RAW.WEATHER_STATIONS (
    STATION_CODE    VARCHAR(8),
    STATION_NAME    VARCHAR(100),
    LAT             FLOAT,
    LON             FLOAT,
    _FILE           VARCHAR DEFAULT 's3://prod_energy/weather_stations/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed weather_stations; kept as it came';

INSERT INTO RAW.WEATHER_STATIONS (STATION_CODE, STATION_NAME, LAT, LON, _LOADED_AT, _PAYLOAD)
SELECT
    'S' || LPAD(N::VARCHAR, 5, '0'),
    IFF(MOD(N, 13) = 0, NULL, 'weather_stations station_name ' || N),
    IFF(MOD(N, 13) = 0, NULL, N / 8::FLOAT),
    IFF(MOD(N, 13) = 0, NULL, N / 8::FLOAT),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'weather_stations')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

create or replace view staging.stg_weather_stations as
-- from raw.weather_stations
with source as (select * from raw.weather_stations)
select
    r.station_code
    , r.station_name
    , r.lat
    , r.lon
    , r._loaded_at
from source as r
qualify row_number() over (partition by station_code order by r._loaded_at desc, station_name) = 1;

CREATE OR REPLACE TABLE RAW.SPOT_PRICES (
    DELIVERY_AT     TIMESTAMP_NTZ(9),
    PRICE           NUMBER(12,4),
    CURRENCY        VARCHAR(3),
    _FILE           VARCHAR DEFAULT 's3://prod_energy/spot_prices/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed spot_prices; kept as it came';

INSERT INTO RAW.SPOT_PRICES (DELIVERY_AT, PRICE, CURRENCY, _LOADED_AT, _PAYLOAD)
SELECT
    IFF(MOD(N, 13) = 0, NULL, DATEADD('minute', N * 15, '2024-03-01 00:00:00'::TIMESTAMP_NTZ)),
    IFF(MOD(N, 13) = 0, NULL, N * 1.25),
    CASE MOD(N, 3) WHEN 0 THEN 'USD' WHEN 1 THEN 'DKK' ELSE 'EUR' END,
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'spot_prices')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

CREATE OR REPLACE VIEW STAGING.STG_SPOT_PRICES (DELIVERY_AT, PRICE, CURRENCY, _LOADED_AT) COMMENT = 'typed rows of SPOT_PRICES'
AS SELECT delivery_at, price, currency, _LOADED_AT FROM PROD_ENERGY.RAW.SPOT_PRICES WHERE _LOADED_AT IS NOT NULL;

CREATE OR REPLACE TABLE RAW.FX_RATES (
    CURRENCY        VARCHAR(3),
    DAY             DATE,
    RATE            NUMBER(18,9),
    _FILE           VARCHAR DEFAULT 's3://prod_energy/fx_rates/',
    _LOADED_AT      TIMESTAMP_LTZ(9) NOT NULL,
    _PAYLOAD        VARIANT
) COMMENT = 'feed fx_rates; kept as it came';

INSERT INTO RAW.FX_RATES (CURRENCY, DAY, RATE, _LOADED_AT, _PAYLOAD)
SELECT
    CASE MOD(N, 3) WHEN 0 THEN 'USD' WHEN 1 THEN 'DKK' ELSE 'EUR' END,
    DATEADD('day', N * 3, '2023-01-01'::DATE),
    IFF(MOD(N, 13) = 0, NULL, N * 1.25),
    '2024-05-01 04:00:00 +0000'::TIMESTAMP_LTZ, OBJECT_CONSTRUCT('n', N, 'feed', 'fx_rates')
FROM (SELECT SEQ8() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => 40)));

create or replace view staging.stg_fx_rates as
-- from raw.fx_rates
with source as (select * from raw.fx_rates)
select
    r.currency
    , r.day
    , r.rate
    , r._loaded_at
from source as r
qualify row_number() over (partition by currency order by r._loaded_at desc, day) = 1;

CREATE OR REPLACE PROCEDURE STAGING.SP_LOAD_METER_READS()
RETURNS VARCHAR LANGUAGE SQL EXECUTE AS OWNER
AS
$$
DECLARE
    arrived NUMBER DEFAULT 0;
BEGIN
    SELECT COUNT(*) INTO :arrived FROM STG_METER_READS;
    MERGE INTO PROD_ENERGY.OPS.WATERMARK AS w
    USING (SELECT 'METER_READS' AS FEED, :arrived AS ROWS_SEEN) AS s ON w.FEED = s.FEED
    WHEN MATCHED THEN UPDATE SET w.ROWS_SEEN = s.ROWS_SEEN
    WHEN NOT MATCHED THEN INSERT (FEED, ROWS_SEEN) VALUES (s.FEED, s.ROWS_SEEN);
    CALL OPS.SP_LOG('load', 'METER_READS: ' || :arrived || ' rows');
    RETURN 'METER_READS: ' || arrived;
END;
$$;

CREATE OR REPLACE PROCEDURE STAGING.SP_LOAD_METER_MASTER()
RETURNS VARCHAR LANGUAGE SQL EXECUTE AS OWNER
AS
$$
DECLARE
    arrived NUMBER DEFAULT 0;
BEGIN
    SELECT COUNT(*) INTO :arrived FROM STG_METER_MASTER;
    MERGE INTO PROD_ENERGY.OPS.WATERMARK AS w
    USING (SELECT 'METER_MASTER' AS FEED, :arrived AS ROWS_SEEN) AS s ON w.FEED = s.FEED
    WHEN MATCHED THEN UPDATE SET w.ROWS_SEEN = s.ROWS_SEEN
    WHEN NOT MATCHED THEN INSERT (FEED, ROWS_SEEN) VALUES (s.FEED, s.ROWS_SEEN);
    CALL OPS.SP_LOG('load', 'METER_MASTER: ' || :arrived || ' rows');
    RETURN 'METER_MASTER: ' || arrived;
END;
$$;

CREATE OR REPLACE PROCEDURE STAGING.SP_LOAD_SITES()
RETURNS VARCHAR LANGUAGE SQL EXECUTE AS OWNER
AS
$$
DECLARE
    arrived NUMBER DEFAULT 0;
BEGIN
    SELECT COUNT(*) INTO :arrived FROM STG_SITES;
    MERGE INTO PROD_ENERGY.OPS.WATERMARK AS w
    USING (SELECT 'SITES' AS FEED, :arrived AS ROWS_SEEN) AS s ON w.FEED = s.FEED
    WHEN MATCHED THEN UPDATE SET w.ROWS_SEEN = s.ROWS_SEEN
    WHEN NOT MATCHED THEN INSERT (FEED, ROWS_SEEN) VALUES (s.FEED, s.ROWS_SEEN);
    CALL OPS.SP_LOG('load', 'SITES: ' || :arrived || ' rows');
    RETURN 'SITES: ' || arrived;
END;
$$;

CREATE OR REPLACE PROCEDURE STAGING.SP_LOAD_CUSTOMERS()
RETURNS VARCHAR LANGUAGE SQL EXECUTE AS OWNER
AS
$$
DECLARE
    arrived NUMBER DEFAULT 0;
BEGIN
    SELECT COUNT(*) INTO :arrived FROM STG_CUSTOMERS;
    MERGE INTO PROD_ENERGY.OPS.WATERMARK AS w
    USING (SELECT 'CUSTOMERS' AS FEED, :arrived AS ROWS_SEEN) AS s ON w.FEED = s.FEED
    WHEN MATCHED THEN UPDATE SET w.ROWS_SEEN = s.ROWS_SEEN
    WHEN NOT MATCHED THEN INSERT (FEED, ROWS_SEEN) VALUES (s.FEED, s.ROWS_SEEN);
    CALL OPS.SP_LOG('load', 'CUSTOMERS: ' || :arrived || ' rows');
    RETURN 'CUSTOMERS: ' || arrived;
END;
$$;

CREATE OR REPLACE PROCEDURE STAGING.SP_LOAD_CONTRACTS()
RETURNS VARCHAR LANGUAGE SQL EXECUTE AS OWNER
AS
$$
DECLARE
    arrived NUMBER DEFAULT 0;
BEGIN
    SELECT COUNT(*) INTO :arrived FROM STG_CONTRACTS;
    MERGE INTO PROD_ENERGY.OPS.WATERMARK AS w
    USING (SELECT 'CONTRACTS' AS FEED, :arrived AS ROWS_SEEN) AS s ON w.FEED = s.FEED
    WHEN MATCHED THEN UPDATE SET w.ROWS_SEEN = s.ROWS_SEEN
    WHEN NOT MATCHED THEN INSERT (FEED, ROWS_SEEN) VALUES (s.FEED, s.ROWS_SEEN);
    CALL OPS.SP_LOG('load', 'CONTRACTS: ' || :arrived || ' rows');
    RETURN 'CONTRACTS: ' || arrived;
END;
$$;

CREATE OR REPLACE PROCEDURE STAGING.SP_LOAD_TARIFFS()
RETURNS VARCHAR LANGUAGE SQL EXECUTE AS OWNER
AS
$$
DECLARE
    arrived NUMBER DEFAULT 0;
BEGIN
    SELECT COUNT(*) INTO :arrived FROM STG_TARIFFS;
    MERGE INTO PROD_ENERGY.OPS.WATERMARK AS w
    USING (SELECT 'TARIFFS' AS FEED, :arrived AS ROWS_SEEN) AS s ON w.FEED = s.FEED
    WHEN MATCHED THEN UPDATE SET w.ROWS_SEEN = s.ROWS_SEEN
    WHEN NOT MATCHED THEN INSERT (FEED, ROWS_SEEN) VALUES (s.FEED, s.ROWS_SEEN);
    CALL OPS.SP_LOG('load', 'TARIFFS: ' || :arrived || ' rows');
    RETURN 'TARIFFS: ' || arrived;
END;
$$;

CREATE OR REPLACE PROCEDURE STAGING.SP_LOAD_PAYMENTS()
RETURNS VARCHAR LANGUAGE SQL EXECUTE AS OWNER
AS
$$
DECLARE
    arrived NUMBER DEFAULT 0;
BEGIN
    SELECT COUNT(*) INTO :arrived FROM STG_PAYMENTS;
    MERGE INTO PROD_ENERGY.OPS.WATERMARK AS w
    USING (SELECT 'PAYMENTS' AS FEED, :arrived AS ROWS_SEEN) AS s ON w.FEED = s.FEED
    WHEN MATCHED THEN UPDATE SET w.ROWS_SEEN = s.ROWS_SEEN
    WHEN NOT MATCHED THEN INSERT (FEED, ROWS_SEEN) VALUES (s.FEED, s.ROWS_SEEN);
    CALL OPS.SP_LOG('load', 'PAYMENTS: ' || :arrived || ' rows');
    RETURN 'PAYMENTS: ' || arrived;
END;
$$;

CREATE OR REPLACE PROCEDURE STAGING.SP_LOAD_CASES()
RETURNS VARCHAR LANGUAGE SQL EXECUTE AS OWNER
AS
$$
DECLARE
    arrived NUMBER DEFAULT 0;
BEGIN
    SELECT COUNT(*) INTO :arrived FROM STG_CASES;
    MERGE INTO PROD_ENERGY.OPS.WATERMARK AS w
    USING (SELECT 'CASES' AS FEED, :arrived AS ROWS_SEEN) AS s ON w.FEED = s.FEED
    WHEN MATCHED THEN UPDATE SET w.ROWS_SEEN = s.ROWS_SEEN
    WHEN NOT MATCHED THEN INSERT (FEED, ROWS_SEEN) VALUES (s.FEED, s.ROWS_SEEN);
    CALL OPS.SP_LOG('load', 'CASES: ' || :arrived || ' rows');
    RETURN 'CASES: ' || arrived;
END;
$$;

CREATE OR REPLACE PROCEDURE STAGING.SP_LOAD_CAMPAIGNS()
RETURNS VARCHAR LANGUAGE SQL EXECUTE AS OWNER
AS
$$
DECLARE
    arrived NUMBER DEFAULT 0;
BEGIN
    SELECT COUNT(*) INTO :arrived FROM STG_CAMPAIGNS;
    MERGE INTO PROD_ENERGY.OPS.WATERMARK AS w
    USING (SELECT 'CAMPAIGNS' AS FEED, :arrived AS ROWS_SEEN) AS s ON w.FEED = s.FEED
    WHEN MATCHED THEN UPDATE SET w.ROWS_SEEN = s.ROWS_SEEN
    WHEN NOT MATCHED THEN INSERT (FEED, ROWS_SEEN) VALUES (s.FEED, s.ROWS_SEEN);
    CALL OPS.SP_LOG('load', 'CAMPAIGNS: ' || :arrived || ' rows');
    RETURN 'CAMPAIGNS: ' || arrived;
END;
$$;

CREATE OR REPLACE PROCEDURE STAGING.SP_LOAD_WEATHER()
RETURNS VARCHAR LANGUAGE SQL EXECUTE AS OWNER
AS
$$
DECLARE
    arrived NUMBER DEFAULT 0;
BEGIN
    SELECT COUNT(*) INTO :arrived FROM STG_WEATHER;
    MERGE INTO PROD_ENERGY.OPS.WATERMARK AS w
    USING (SELECT 'WEATHER' AS FEED, :arrived AS ROWS_SEEN) AS s ON w.FEED = s.FEED
    WHEN MATCHED THEN UPDATE SET w.ROWS_SEEN = s.ROWS_SEEN
    WHEN NOT MATCHED THEN INSERT (FEED, ROWS_SEEN) VALUES (s.FEED, s.ROWS_SEEN);
    CALL OPS.SP_LOG('load', 'WEATHER: ' || :arrived || ' rows');
    RETURN 'WEATHER: ' || arrived;
END;
$$;

CREATE OR REPLACE PROCEDURE STAGING.SP_LOAD_SPOT_PRICES()
RETURNS VARCHAR LANGUAGE SQL EXECUTE AS OWNER
AS
$$
DECLARE
    arrived NUMBER DEFAULT 0;
BEGIN
    SELECT COUNT(*) INTO :arrived FROM STG_SPOT_PRICES;
    MERGE INTO PROD_ENERGY.OPS.WATERMARK AS w
    USING (SELECT 'SPOT_PRICES' AS FEED, :arrived AS ROWS_SEEN) AS s ON w.FEED = s.FEED
    WHEN MATCHED THEN UPDATE SET w.ROWS_SEEN = s.ROWS_SEEN
    WHEN NOT MATCHED THEN INSERT (FEED, ROWS_SEEN) VALUES (s.FEED, s.ROWS_SEEN);
    CALL OPS.SP_LOG('load', 'SPOT_PRICES: ' || :arrived || ' rows');
    RETURN 'SPOT_PRICES: ' || arrived;
END;
$$;

CREATE OR REPLACE PROCEDURE STAGING.SP_LOAD_FX_RATES()
RETURNS VARCHAR LANGUAGE SQL EXECUTE AS OWNER
AS
$$
DECLARE
    arrived NUMBER DEFAULT 0;
BEGIN
    SELECT COUNT(*) INTO :arrived FROM STG_FX_RATES;
    MERGE INTO PROD_ENERGY.OPS.WATERMARK AS w
    USING (SELECT 'FX_RATES' AS FEED, :arrived AS ROWS_SEEN) AS s ON w.FEED = s.FEED
    WHEN MATCHED THEN UPDATE SET w.ROWS_SEEN = s.ROWS_SEEN
    WHEN NOT MATCHED THEN INSERT (FEED, ROWS_SEEN) VALUES (s.FEED, s.ROWS_SEEN);
    CALL OPS.SP_LOG('load', 'FX_RATES: ' || :arrived || ' rows');
    RETURN 'FX_RATES: ' || arrived;
END;
$$;
