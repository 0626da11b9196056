-- Functions in SQL and other languages.
CREATE OR REPLACE DATABASE tools;
USE SCHEMA tools.public;
CREATE OR REPLACE FUNCTION vat(amount NUMBER(12, 2), rate FLOAT DEFAULT 0.081) RETURNS NUMBER(12, 2)
    COMMENT = 'Value added tax'
    AS 'ROUND(amount * rate, 2)';
SELECT vat(100), vat(amount => 200, rate => 0.026);
CREATE OR REPLACE SECURE FUNCTION initials(name VARCHAR) RETURNS VARCHAR IMMUTABLE
    AS $$ ARRAY_TO_STRING(TRANSFORM(SPLIT(name, ' '), x -> LEFT(x, 1)), '') $$;
CREATE OR REPLACE FUNCTION days_between(a DATE, b DATE) RETURNS NUMBER AS 'DATEDIFF(day, a, b)';
SELECT days_between('2024-01-01', '2024-03-01');
CREATE OR REPLACE FUNCTION calendar(from_day DATE, days NUMBER) RETURNS TABLE (day DATE, is_weekend BOOLEAN)
    AS 'SELECT DATEADD(day, SEQ4(), from_day), DAYOFWEEKISO(DATEADD(day, SEQ4(), from_day)) > 5 FROM TABLE(GENERATOR(ROWCOUNT => 7))';
SELECT * FROM TABLE(calendar('2024-01-01'::DATE, 7)) ORDER BY day;
CREATE OR REPLACE FUNCTION slug(text VARCHAR) RETURNS VARCHAR
    LANGUAGE PYTHON RUNTIME_VERSION = '3.11' HANDLER = 'slug'
    AS $$
import re
def slug(text):
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
$$;
SELECT slug('Hello, World!');
DESCRIBE FUNCTION vat(NUMBER, FLOAT);
SHOW USER FUNCTIONS LIKE 'vat';
SELECT GET_DDL('FUNCTION', 'days_between(DATE, DATE)');
DROP FUNCTION days_between(DATE, DATE);
-- refused: JAVA
CREATE FUNCTION upper_java(s VARCHAR) RETURNS VARCHAR LANGUAGE JAVA HANDLER = 'A.up' AS 'class A { public static String up(String s) { return s.toUpperCase(); } }';
