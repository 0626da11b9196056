-- A retail warehouse as a platform team lays it out: roles, places, tables with keys, views, grants for what is to come.
USE ROLE ACCOUNTADMIN;
CREATE ROLE IF NOT EXISTS retail_engineer COMMENT = 'Builds the retail warehouse';
CREATE ROLE IF NOT EXISTS retail_analyst;
GRANT ROLE retail_analyst TO ROLE retail_engineer;
GRANT ROLE retail_engineer TO ROLE SYSADMIN;
CREATE WAREHOUSE IF NOT EXISTS retail_wh WAREHOUSE_SIZE = 'SMALL' AUTO_SUSPEND = 60 AUTO_RESUME = TRUE INITIALLY_SUSPENDED = TRUE;
CREATE OR REPLACE DATABASE retail DATA_RETENTION_TIME_IN_DAYS = 7 COMMENT = 'Everything that is sold';
CREATE SCHEMA retail.raw WITH MANAGED ACCESS;
CREATE TRANSIENT SCHEMA retail.work;
CREATE SCHEMA retail.mart;
GRANT USAGE ON DATABASE retail TO ROLE retail_analyst;
GRANT USAGE ON SCHEMA retail.mart TO ROLE retail_analyst;
GRANT SELECT ON FUTURE TABLES IN SCHEMA retail.mart TO ROLE retail_analyst;
GRANT SELECT ON FUTURE VIEWS IN SCHEMA retail.mart TO ROLE retail_analyst;
GRANT USAGE, OPERATE ON WAREHOUSE retail_wh TO ROLE retail_engineer;
USE SCHEMA retail.mart;
CREATE OR REPLACE SEQUENCE customer_ids START = 1000 INCREMENT = 1 ORDER;
CREATE OR REPLACE TABLE customers (
    customer_id NUMBER(38, 0) DEFAULT retail.mart.customer_ids.NEXTVAL,
    email VARCHAR(320) NOT NULL COMMENT 'As entered',
    country CHAR(2) DEFAULT 'CH',
    born DATE,
    created_at TIMESTAMP_LTZ(9) NOT NULL DEFAULT CURRENT_TIMESTAMP(),
    CONSTRAINT pk_customers PRIMARY KEY (customer_id),
    CONSTRAINT uq_customers UNIQUE (email)
) CLUSTER BY (country) COMMENT = 'One row a customer';
CREATE TABLE orders (
    order_id NUMBER AUTOINCREMENT START 1 INCREMENT 1,
    customer_id NUMBER NOT NULL REFERENCES customers (customer_id),
    placed_at TIMESTAMP_NTZ NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'open',
    lines VARIANT,
    PRIMARY KEY (order_id)
);
INSERT INTO customers (email, country, born) VALUES
    ('ann@example.com', 'CH', '1980-02-29'), ('bob@example.com', 'DE', NULL), ('eve@example.com', 'CH', '1999-12-31');
INSERT INTO orders (customer_id, placed_at, lines)
SELECT customer_id, '2024-05-01 10:00:00'::TIMESTAMP_NTZ, PARSE_JSON('[{"sku": "a", "qty": 2, "price": 9.90}, {"sku": "b", "qty": 1, "price": 5}]')
FROM customers;
CREATE OR REPLACE VIEW order_lines COMMENT = 'Orders taken apart' AS
SELECT o.order_id, o.customer_id, l.index + 1 AS line_no, l.value:sku::VARCHAR AS sku,
       l.value:qty::NUMBER AS qty, l.value:price::NUMBER(12, 2) AS price
FROM orders o, LATERAL FLATTEN(INPUT => o.lines) l;
CREATE OR REPLACE SECURE VIEW revenue AS
SELECT c.country, DATE_TRUNC('month', o.placed_at) AS month, SUM(l.qty * l.price) AS revenue
FROM order_lines l JOIN orders o USING (order_id) JOIN customers c ON c.customer_id = o.customer_id
GROUP BY ALL;
SELECT country, revenue FROM revenue ORDER BY country;
ALTER TABLE customers ADD COLUMN IF NOT EXISTS loyalty NUMBER(3, 0) DEFAULT 0;
ALTER TABLE customers ALTER COLUMN email SET DATA TYPE VARCHAR(400), COLUMN country SET NOT NULL;
ALTER TABLE orders RENAME COLUMN status TO state;
COMMENT ON COLUMN orders.state IS 'open, paid, shipped';
CREATE TABLE orders_backup CLONE orders;
ALTER TABLE orders SWAP WITH orders_backup;
DROP TABLE orders_backup;
UNDROP TABLE orders_backup;
SHOW GRANTS ON TABLE customers;
SELECT table_name, row_count FROM retail.information_schema.tables WHERE table_schema = 'MART' ORDER BY table_name;
SELECT GET_DDL('SCHEMA', 'retail.mart', TRUE);
USE ROLE retail_analyst;
SELECT COUNT(*) FROM retail.mart.revenue;
USE ROLE ACCOUNTADMIN;
