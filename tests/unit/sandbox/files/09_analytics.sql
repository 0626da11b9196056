-- The queries of an analyst.
CREATE OR REPLACE DATABASE numbers;
USE SCHEMA numbers.public;
CREATE TABLE sales (day DATE, region VARCHAR, product VARCHAR, amount NUMBER(10, 2));
INSERT INTO sales
SELECT DATEADD(day, MOD(SEQ4(), 90), '2024-01-01'), DECODE(MOD(SEQ4(), 3), 0, 'north', 1, 'south', 'west'), 'p' || MOD(SEQ4(), 5), 10 + MOD(SEQ4() * 7, 90)
FROM TABLE(GENERATOR(ROWCOUNT => 1000));
SELECT region, product, SUM(amount) AS total, RATIO_TO_REPORT(SUM(amount)) OVER (PARTITION BY region) AS share,
       DENSE_RANK() OVER (PARTITION BY region ORDER BY SUM(amount) DESC) AS place
FROM sales GROUP BY ALL QUALIFY place <= 2 ORDER BY region, place, product;
SELECT day, SUM(amount) AS total, AVG(SUM(amount)) OVER (ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS week_average,
       LAG(SUM(amount), 7) OVER (ORDER BY day) AS week_before FROM sales GROUP BY day ORDER BY day LIMIT 20;
SELECT COALESCE(region, 'all') AS region, COALESCE(product, 'all') AS product, SUM(amount), GROUPING(region, product) FROM sales GROUP BY ROLLUP (region, product) ORDER BY 1, 2;
SELECT * FROM (SELECT region, product, amount FROM sales) PIVOT (SUM(amount) FOR product IN ('p0', 'p1', 'p2')) AS p ORDER BY region;
SELECT * FROM (SELECT 'x' AS k, 1 AS jan, 2 AS feb) UNPIVOT (value FOR month IN (jan, feb)) ORDER BY month;
WITH RECURSIVE counted AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM counted WHERE n < 10) SELECT SUM(n) FROM counted;
CREATE TABLE staff (id NUMBER, boss NUMBER, name VARCHAR);
INSERT INTO staff VALUES (1, NULL, 'Ada'), (2, 1, 'Bea'), (3, 1, 'Cy'), (4, 2, 'Di');
SELECT SYS_CONNECT_BY_PATH(name, '/') AS path, LEVEL FROM staff START WITH boss IS NULL CONNECT BY PRIOR id = boss ORDER BY path;
SELECT * EXCLUDE (amount) RENAME (day AS on_day) FROM sales ORDER BY 1, 2, 3 LIMIT 3;
SELECT region, LISTAGG(DISTINCT product, ',') WITHIN GROUP (ORDER BY product), MEDIAN(amount), APPROX_COUNT_DISTINCT(product), ARRAY_AGG(DISTINCT product) FROM sales GROUP BY region ORDER BY region;
CREATE TABLE trades (at TIMESTAMP_NTZ, sym VARCHAR, qty NUMBER);
CREATE TABLE quotes (at TIMESTAMP_NTZ, sym VARCHAR, price NUMBER(8, 2));
INSERT INTO trades VALUES ('2024-01-01 10:00:05', 'A', 5), ('2024-01-01 10:00:15', 'A', 7);
INSERT INTO quotes VALUES ('2024-01-01 10:00:00', 'A', 1.10), ('2024-01-01 10:00:10', 'A', 1.20);
SELECT t.at, t.qty, q.price FROM trades t ASOF JOIN quotes q MATCH_CONDITION (t.at >= q.at) ON t.sym = q.sym ORDER BY t.at;
SELECT value FROM TABLE(SPLIT_TO_TABLE('a,b,c', ',')) ORDER BY index;
SELECT TO_CHAR(1234567.891, '9,999,999.00'), TO_VARCHAR('2024-02-29'::DATE, 'DY, DD MON YYYY'), DATEDIFF('month', '2023-11-30', '2024-02-29'), LAST_DAY('2024-02-01'::DATE);
SELECT REGEXP_SUBSTR('order 66 of 99', '[0-9]+', 1, 2), REGEXP_COUNT('aXbXc', 'x', 1, 'i'), SPLIT_PART('a.b.c', '.', -1), TRY_TO_NUMBER('x');
CREATE TABLE big_sales LIKE sales;
CREATE TABLE small_sales LIKE sales;
INSERT ALL WHEN amount > 80 THEN INTO big_sales ELSE INTO small_sales SELECT day, region, product, amount FROM sales;
SELECT COUNT(*) FROM sales SAMPLE (10 ROWS);
-- refused: MATCH_RECOGNIZE
SELECT * FROM sales MATCH_RECOGNIZE (ORDER BY day MEASURES FIRST(day) AS began PATTERN (up+) DEFINE up AS amount > LAG(amount));
