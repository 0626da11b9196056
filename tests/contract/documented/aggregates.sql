-- page: docs.snowflake.com/en/sql-reference/functions/any_value
CREATE TABLE customers (id INT, name VARCHAR);
INSERT INTO customers VALUES (1, 'a'), (1, 'a'), (2, 'b');
SELECT id, ANY_VALUE(name) FROM customers GROUP BY id ORDER BY id;
--> 1 | a
--> 2 | b

-- page: docs.snowflake.com/en/sql-reference/functions/avg
CREATE TABLE avg_example (int_col INT, d DECIMAL(10, 5), s1 VARCHAR(10), s2 VARCHAR(10));
INSERT INTO avg_example VALUES (1, 1.1, '1.1', 'one'), (1, 10, '10', 'ten'), (2, 2.4, '2.4', 'two'), (2, NULL, NULL, 'NULL'), (3, NULL, NULL, 'NULL'), (NULL, 9.9, '9.9', 'nine');
SELECT AVG(int_col), AVG(d) FROM avg_example;
--> 1.8 | 5.85
SELECT int_col, AVG(d), AVG(s1) FROM avg_example GROUP BY int_col ORDER BY int_col;
--> 1 | 5.55 | 5.55
--> 2 | 2.4 | 2.4
--> 3 | NULL | NULL
--> NULL | 9.9 | 9.9

-- page: docs.snowflake.com/en/sql-reference/functions/count
CREATE TABLE basic_example (i_col INTEGER, j_col INTEGER);
INSERT INTO basic_example VALUES (11, 101), (11, 102), (11, NULL), (12, 101), (NULL, 101), (NULL, 102);
SELECT COUNT(*) AS "All", COUNT(i_col) AS "i_col", COUNT(DISTINCT i_col) AS "DISTINCT i_col", COUNT(j_col) AS "j_col", COUNT(DISTINCT j_col) AS "DISTINCT j_col" FROM basic_example;
--# All | i_col | DISTINCT i_col | j_col | DISTINCT j_col
--> 6 | 4 | 2 | 5 | 2
SELECT i_col, COUNT(*), COUNT(j_col) FROM basic_example GROUP BY i_col ORDER BY i_col;
--> 11 | 3 | 2
--> 12 | 1 | 1
--> NULL | 2 | 2
SELECT COUNT(i_col, j_col) FROM basic_example;
--> 3
--? 939 COUNT
CREATE TABLE count_example_with_variant_column (i_col INTEGER, j_col INTEGER, v VARIANT);
INSERT INTO count_example_with_variant_column (i_col, j_col, v) SELECT 1, 10, NULL;
INSERT INTO count_example_with_variant_column (i_col, j_col, v) SELECT 1, 20, PARSE_JSON('{"Title": "X"}');
SELECT i_col, COUNT(v:Title) FROM count_example_with_variant_column GROUP BY i_col;
--> 1 | 1

-- page: docs.snowflake.com/en/sql-reference/functions/count_if
CREATE TABLE basic_example (i_col INTEGER, j_col INTEGER);
INSERT INTO basic_example VALUES (11, 101), (11, 102), (11, NULL), (12, 101), (NULL, 101), (NULL, 102);
SELECT COUNT_IF(TRUE) FROM basic_example;
--> 6
SELECT COUNT_IF(j_col > i_col) FROM basic_example;
--> 3
SELECT i_col, COUNT_IF(j_col IS NOT NULL) FROM basic_example GROUP BY i_col ORDER BY i_col;
--> 11 | 2
--> 12 | 1
--> NULL | 2

-- page: docs.snowflake.com/en/sql-reference/functions/listagg
CREATE TABLE orders (o_orderkey INT, o_clerk VARCHAR, o_orderstatus VARCHAR);
INSERT INTO orders VALUES (1, 'c2', 'O'), (2, 'c1', 'O'), (3, 'c3', 'F'), (4, 'c1', 'F');
SELECT LISTAGG(DISTINCT o_orderstatus, '|') WITHIN GROUP (ORDER BY o_orderstatus) FROM orders;
--> 'F|O'
SELECT o_orderstatus, LISTAGG(o_clerk, ', ') WITHIN GROUP (ORDER BY o_clerk DESC) FROM orders GROUP BY o_orderstatus ORDER BY o_orderstatus DESC;
--> O | c2, c1
--> F | c3, c1
SELECT LISTAGG(o_clerk) FROM orders WHERE FALSE;
--> ''

-- page: docs.snowflake.com/en/sql-reference/functions/max
CREATE TABLE sample_table (k CHAR(2), d CHAR(1));
INSERT INTO sample_table VALUES ('1', '1'), ('1', '5'), ('1', '3'), ('2', '2'), ('2', NULL), ('3', NULL), ('4', NULL), ('7', '9');
SELECT k, MIN(d), MAX(d) FROM sample_table GROUP BY k ORDER BY k;
--> 1 | 1 | 5
--> 2 | 2 | 2
--> 3 | NULL | NULL
--> 4 | NULL | NULL
--> 7 | 9 | 9
SELECT MAX(d) FROM sample_table;
--> 9

-- page: docs.snowflake.com/en/sql-reference/functions/max_by
CREATE TABLE employees (employee_id NUMBER, department_id NUMBER, salary NUMBER);
INSERT INTO employees VALUES (1001, 10, 10000), (1020, 10, 9000), (1030, 10, 8000), (900, 20, 15000), (2000, 20, NULL), (2010, 20, 15000), (2020, 20, 8000);
SELECT MAX_BY(employee_id, salary) FROM employees WHERE department_id = 10;
--> 1001
SELECT MAX_BY(employee_id, salary, 3) FROM employees WHERE department_id = 10;
--> [1001,1020,1030]
--? 939 MAX_BY
SELECT MIN_BY(employee_id, salary, 3) FROM employees WHERE department_id = 10;
--> [1030,1020,1001]
--? 939 MIN_BY

-- page: docs.snowflake.com/en/sql-reference/functions/median
CREATE TABLE aggr (k INT, v DECIMAL(10, 2));
INSERT INTO aggr VALUES (1, 10), (1, 20), (1, 21), (2, 10), (2, 20), (2, 25), (2, 30), (3, 60), (4, NULL);
SELECT k, MEDIAN(v) FROM aggr GROUP BY k ORDER BY k;
--> 1 | 20
--> 2 | 22.5
--> 3 | 60
--> 4 | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/percentile_cont
CREATE TABLE aggr (k INT, v DECIMAL(10, 2));
INSERT INTO aggr (k, v) VALUES (0, 0), (0, 10), (0, 20), (0, 30), (0, 40), (1, 10), (1, 20), (2, 10), (2, 20), (2, 25), (2, 30), (3, 60), (4, NULL);
SELECT k, PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY v) FROM aggr GROUP BY k ORDER BY k;
--> 0 | 10
--> 1 | 12.5
--> 2 | 17.5
--> 3 | 60
--> 4 | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/percentile_disc
CREATE TABLE aggr (k INT, v DECIMAL(10, 2));
INSERT INTO aggr (k, v) VALUES (0, 0), (0, 10), (0, 20), (0, 30), (0, 40), (1, 10), (1, 20), (2, 10), (2, 20), (2, 25), (2, 30), (3, 60), (4, NULL);
SELECT k, PERCENTILE_DISC(0.25) WITHIN GROUP (ORDER BY v) FROM aggr GROUP BY k ORDER BY k;
--> 0 | 10
--> 1 | 10
--> 2 | 10
--> 3 | 60
--> 4 | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/mode
CREATE TABLE aggr (k INT, v DECIMAL(10, 2));
INSERT INTO aggr (k, v) VALUES (1, 10), (1, 10), (1, 10), (1, 10), (1, 20), (1, 21), (2, 20), (2, 20), (2, 25), (2, 30), (3, NULL);
SELECT MODE(v) FROM aggr;
--> 10
SELECT k, MODE(v) FROM aggr GROUP BY k ORDER BY k;
--> 1 | 10
--> 2 | 20
--> 3 | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/sum
CREATE TABLE sum_example (k INT, d DECIMAL(10, 5), s1 VARCHAR(10), s2 VARCHAR(10));
INSERT INTO sum_example VALUES (1, 1.1, '1.1', 'one'), (1, 10, '10', 'ten'), (2, 2.2, '2.2', 'two'), (2, NULL, NULL, 'null'), (3, NULL, NULL, 'null'), (NULL, 9, '9.9', 'nine');
SELECT SUM(d), SUM(s1) FROM sum_example;
--> 22.30000 | 23.2
SELECT k, SUM(d), SUM(s1) FROM sum_example GROUP BY k ORDER BY k;
--> 1 | 11.1 | 11.1
--> 2 | 2.2 | 2.2
--> 3 | NULL | NULL
--> NULL | 9 | 9.9
SELECT SUM(s2) FROM sum_example;
--! 100038

-- page: docs.snowflake.com/en/sql-reference/functions/stddev
CREATE TABLE aggr (k INT, v DECIMAL(10, 2), v2 DECIMAL(10, 2));
INSERT INTO aggr VALUES (1, 10, NULL), (2, 10, NULL), (2, 20, 22), (2, 25, NULL), (2, 30, 35);
SELECT k, STDDEV(v), STDDEV(v2) FROM aggr GROUP BY k ORDER BY k;
--> 1 | NULL | NULL
--> 2 | 8.539125638 | 9.192388155
SELECT k, STDDEV_POP(v), VAR_POP(v), VAR_SAMP(v) FROM aggr GROUP BY k ORDER BY k;
--> 1 | 0 | 0 | NULL
--> 2 | 7.395099729 | 54.6875 | 72.91666667

-- page: docs.snowflake.com/en/sql-reference/functions/corr
CREATE TABLE aggr (k INT, v DECIMAL(10, 2), v2 DECIMAL(10, 2));
INSERT INTO aggr VALUES (1, 10, NULL), (2, 10, 11), (2, 20, 22), (2, 25, NULL), (2, 30, 35);
SELECT k, CORR(v, v2) FROM aggr GROUP BY k ORDER BY k;
--> 1 | NULL
--> 2 | 0.9988445981
SELECT k, COVAR_POP(v, v2), COVAR_SAMP(v, v2) FROM aggr GROUP BY k ORDER BY k;
--> 1 | NULL | NULL
--> 2 | 80 | 120
SELECT k, REGR_SLOPE(v, v2), REGR_INTERCEPT(v, v2), REGR_R2(v, v2) FROM aggr GROUP BY k ORDER BY k;
--> 1 | NULL | NULL | NULL
--> 2 | 0.831408776 | 1.154734411 | 0.9976905312

-- page: docs.snowflake.com/en/sql-reference/functions/bitand_agg
CREATE TABLE bitwise_example (k INT, d DECIMAL(10, 5), s1 VARCHAR(10));
INSERT INTO bitwise_example VALUES (15, 15, '15'), (26, 26, '26'), (12, 12, '12'), (14, 14, '14'), (8, 8, '8');
SELECT BITAND_AGG(k), BITOR_AGG(k), BITXOR_AGG(k) FROM bitwise_example;
--> 8 | 31 | 31

-- page: docs.snowflake.com/en/sql-reference/functions/booland_agg
CREATE TABLE test_boolean_agg (id INTEGER, c1 BOOLEAN, c2 BOOLEAN, c3 BOOLEAN, c4 BOOLEAN);
INSERT INTO test_boolean_agg VALUES (1, TRUE, TRUE, TRUE, FALSE), (2, TRUE, FALSE, FALSE, FALSE), (3, TRUE, TRUE, FALSE, FALSE), (4, TRUE, FALSE, FALSE, FALSE);
SELECT BOOLAND_AGG(c1), BOOLAND_AGG(c2), BOOLAND_AGG(c3), BOOLAND_AGG(c4) FROM test_boolean_agg;
--> TRUE | FALSE | FALSE | FALSE
SELECT BOOLOR_AGG(c1), BOOLOR_AGG(c2), BOOLOR_AGG(c3), BOOLOR_AGG(c4) FROM test_boolean_agg;
--> TRUE | TRUE | TRUE | FALSE

-- page: docs.snowflake.com/en/sql-reference/functions/array_agg
CREATE TABLE orders (o_orderkey INTEGER, o_clerk VARCHAR, o_totalprice NUMBER(12, 2), o_orderstatus CHAR(1));
INSERT INTO orders VALUES (32123, 'O1', 321, 'O'), (41445, 'O3', 500, 'F'), (55937, 'O2', 100, 'O');
SELECT ARRAY_AGG(o_orderkey) WITHIN GROUP (ORDER BY o_orderkey ASC) FROM orders;
--> [32123,41445,55937]
SELECT ARRAY_AGG(DISTINCT o_orderstatus) WITHIN GROUP (ORDER BY o_orderstatus ASC) FROM orders;
--> ["F","O"]
SELECT o_orderstatus, ARRAY_AGG(o_clerk) WITHIN GROUP (ORDER BY o_totalprice DESC) FROM orders GROUP BY o_orderstatus ORDER BY o_orderstatus DESC;
--> O | ["O1","O2"]
--> F | ["O3"]

-- page: docs.snowflake.com/en/sql-reference/functions/object_agg
CREATE TABLE objectagg_example (g NUMBER, k VARCHAR(30), v VARIANT);
INSERT INTO objectagg_example SELECT 0, 'name', 'Joe'::VARIANT UNION ALL SELECT 0, 'age', 21::VARIANT UNION ALL SELECT 1, 'name', 'Sue'::VARIANT UNION ALL SELECT 1, 'zip', 94401::VARIANT;
SELECT OBJECT_AGG(k, v) FROM objectagg_example GROUP BY g ORDER BY g;
--> {"age":21,"name":"Joe"}
--> {"name":"Sue","zip":94401}

-- page: docs.snowflake.com/en/sql-reference/functions/grouping
CREATE TABLE aggr2 (col_x INT, col_y INT, col_z INT);
INSERT INTO aggr2 VALUES (1, 2, 1), (1, 2, 3), (2, 1, 10), (2, 2, 11), (2, 2, 3);
SELECT col_x, SUM(col_z), GROUPING(col_x) FROM aggr2 GROUP BY GROUPING SETS ((col_x), ()) ORDER BY 1;
--> 1 | 4 | 0
--> 2 | 24 | 0
--> NULL | 28 | 1
SELECT col_x, col_y, SUM(col_z), GROUPING(col_x), GROUPING(col_y), GROUPING(col_x, col_y) FROM aggr2 GROUP BY GROUPING SETS ((col_x), (col_y), ()) ORDER BY 1, 2;
--> 1 | NULL | 4 | 0 | 1 | 1
--> 2 | NULL | 24 | 0 | 1 | 1
--> NULL | 1 | 10 | 1 | 0 | 2
--> NULL | 2 | 18 | 1 | 0 | 2
--> NULL | NULL | 28 | 1 | 1 | 3

-- page: docs.snowflake.com/en/sql-reference/functions/row_number
CREATE TABLE corn_production (farmer_id INTEGER, state VARCHAR, bushels FLOAT);
INSERT INTO corn_production (farmer_id, state, bushels) VALUES (1, 'Iowa', 100), (2, 'Iowa', 110), (3, 'Kansas', 120), (4, 'Kansas', 130);
SELECT state, bushels, ROW_NUMBER() OVER (PARTITION BY state ORDER BY bushels DESC) FROM corn_production ORDER BY 1, 3;
--> Iowa | 110 | 1
--> Iowa | 100 | 2
--> Kansas | 130 | 1
--> Kansas | 120 | 2
SELECT state, bushels, RANK() OVER (PARTITION BY state ORDER BY bushels DESC), DENSE_RANK() OVER (PARTITION BY state ORDER BY bushels DESC) FROM corn_production ORDER BY 1, 3;
--> Iowa | 110 | 1 | 1
--> Iowa | 100 | 2 | 2
--> Kansas | 130 | 1 | 1
--> Kansas | 120 | 2 | 2
SELECT farmer_id FROM corn_production QUALIFY ROW_NUMBER() OVER (PARTITION BY state ORDER BY bushels DESC) = 1 ORDER BY 1;
--> 2
--> 4

-- page: docs.snowflake.com/en/sql-reference/functions/lag
CREATE TABLE sales (emp_id INTEGER, year INTEGER, revenue DECIMAL(10, 2));
INSERT INTO sales VALUES (0, 2010, 1000), (0, 2011, 1500), (0, 2012, 500), (0, 2013, 750), (1, 2010, 10000), (1, 2011, 12500), (1, 2012, 15000), (1, 2013, 20000), (2, 2012, 500), (2, 2013, 800);
SELECT emp_id, year, revenue, revenue - LAG(revenue, 1, 0) OVER (PARTITION BY emp_id ORDER BY year) AS diff_to_prev FROM sales ORDER BY emp_id, year;
--> 0 | 2010 | 1000.00 | 1000.00
--> 0 | 2011 | 1500.00 | 500.00
--> 0 | 2012 | 500.00 | -1000.00
--> 0 | 2013 | 750.00 | 250.00
--> 1 | 2010 | 10000.00 | 10000.00
--> 1 | 2011 | 12500.00 | 2500.00
--> 1 | 2012 | 15000.00 | 2500.00
--> 1 | 2013 | 20000.00 | 5000.00
--> 2 | 2012 | 500.00 | 500.00
--> 2 | 2013 | 800.00 | 300.00
CREATE TABLE t1 (c1 NUMBER, c2 NUMBER);
INSERT INTO t1 VALUES (1, 5), (2, 4), (3, NULL), (4, 2), (5, NULL), (6, NULL), (7, 6);
SELECT c1, c2, LAG(c2) IGNORE NULLS OVER (ORDER BY c1), LEAD(c2) IGNORE NULLS OVER (ORDER BY c1) FROM t1 ORDER BY c1;
--> 1 | 5 | NULL | 4
--> 2 | 4 | 5 | 2
--> 3 | NULL | 4 | 2
--> 4 | 2 | 4 | 6
--> 5 | NULL | 2 | 6
--> 6 | NULL | 2 | 6
--> 7 | 6 | 2 | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/first_value
SELECT column1, column2, FIRST_VALUE(column2) OVER (PARTITION BY column1 ORDER BY column2 NULLS LAST) AS column2_first FROM VALUES (1, 10), (1, 11), (1, NULL), (1, 12), (2, 20), (2, 21), (2, 22) ORDER BY 1, 2;
--> 1 | 10 | 10
--> 1 | 11 | 10
--> 1 | 12 | 10
--> 1 | NULL | 10
--> 2 | 20 | 20
--> 2 | 21 | 20
--> 2 | 22 | 20
SELECT column1, column2, LAST_VALUE(column2) OVER (PARTITION BY column1 ORDER BY column2) AS column2_last FROM VALUES (1, 10), (1, 11), (1, 12), (2, 20), (2, 21), (2, 22) ORDER BY 1, 2;
--> 1 | 10 | 12
--> 1 | 11 | 12
--> 1 | 12 | 12
--> 2 | 20 | 22
--> 2 | 21 | 22
--> 2 | 22 | 22
SELECT column1, column2, NTH_VALUE(column2, 2) OVER (PARTITION BY column1 ORDER BY column2) AS column2_2nd FROM VALUES (1, 10), (1, 11), (1, 12), (2, 20), (2, 21), (2, 22) ORDER BY 1, 2;
--> 1 | 10 | 11
--> 1 | 11 | 11
--> 1 | 12 | 11
--> 2 | 20 | 21
--> 2 | 21 | 21
--> 2 | 22 | 21

-- page: docs.snowflake.com/en/sql-reference/functions/ntile
CREATE TABLE ntile_sample (value INT);
INSERT INTO ntile_sample VALUES (1), (2), (3), (4), (5);
SELECT value, NTILE(2) OVER (ORDER BY value) FROM ntile_sample ORDER BY value;
--> 1 | 1
--> 2 | 1
--> 3 | 1
--> 4 | 2
--> 5 | 2

-- page: docs.snowflake.com/en/sql-reference/functions/conditional_change_event
CREATE TABLE table1 (province VARCHAR, o_col INTEGER, o2_col INTEGER);
INSERT INTO table1 (province, o_col, o2_col) VALUES ('Alberta', 0, 10), ('Alberta', 0, 10), ('Alberta', 13, 10), ('Alberta', 13, 11), ('Alberta', 14, 11);
SELECT province, o_col, CONDITIONAL_CHANGE_EVENT(o_col) OVER (PARTITION BY province ORDER BY o_col) AS change_event FROM table1 ORDER BY province, o_col;
--> Alberta | 0 | 0
--> Alberta | 0 | 0
--> Alberta | 13 | 1
--> Alberta | 13 | 1
--> Alberta | 14 | 2
--? 2 CONDITIONAL_CHANGE_EVENT

-- page: docs.snowflake.com/en/sql-reference/functions/ratio_to_report
CREATE TABLE store_profit (store_id INTEGER, province VARCHAR, profit NUMERIC(11, 2));
INSERT INTO store_profit VALUES (1, 'Ontario', 300), (2, 'Saskatchewan', 250), (3, 'Ontario', 450), (4, 'Ontario', NULL);
SELECT store_id, profit, 100 * RATIO_TO_REPORT(profit) OVER () AS percent_profit FROM store_profit ORDER BY profit;
--> 2 | 250.00 | 25
--> 1 | 300.00 | 30
--> 3 | 450.00 | 45
--> 4 | NULL | NULL

-- page: docs.snowflake.com/en/user-guide/functions-window-using
CREATE TABLE store_sales (branch_id INTEGER, city VARCHAR, gross_sales NUMERIC(9, 2), gross_costs NUMERIC(9, 2), net_profit NUMERIC(9, 2));
INSERT INTO store_sales (branch_id, city, gross_sales, gross_costs) VALUES (1, 'Vancouver', 110, 100), (2, 'Vancouver', 140, 125), (3, 'Montreal', 150, 140), (4, 'Montreal', 155, 146);
UPDATE store_sales SET net_profit = gross_sales - gross_costs;
--# number of rows updated | number of multi-joined rows updated
--> 4 | 0
SELECT branch_id, net_profit, 100 * RATIO_TO_REPORT(net_profit) OVER () AS percent_of_chain_profit FROM store_sales ORDER BY branch_id;
--> 1 | 10.00 | 22.72727300
--> 2 | 15.00 | 34.09090900
--> 3 | 10.00 | 22.72727300
--> 4 | 9.00 | 20.45454500
--d 1 | 10.00 | 22.727272727
--d 2 | 15.00 | 34.090909091
--d 3 | 10.00 | 22.727272727
--d 4 | 9.00 | 20.454545455
CREATE TABLE s (day INT, sales_today INT);
INSERT INTO s VALUES (1, 10), (2, 14), (3, 6), (4, 6), (5, 14), (6, 16), (7, 18);
SELECT day, sales_today, RANK() OVER (ORDER BY sales_today DESC) AS rank, SUM(sales_today) OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "SALES SO FAR THIS WEEK", SUM(sales_today) OVER () AS total_sales, AVG(sales_today) OVER (ORDER BY day ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS "3-DAY MOVING AVERAGE" FROM s ORDER BY day;
--> 1 | 10 | 5 | 10 | 84 | 10
--> 2 | 14 | 3 | 24 | 84 | 12
--> 3 | 6 | 6 | 30 | 84 | 10
--> 4 | 6 | 6 | 36 | 84 | 8.666
--> 5 | 14 | 3 | 50 | 84 | 8.666
--> 6 | 16 | 2 | 66 | 84 | 12
--> 7 | 18 | 1 | 84 | 84 | 16
--d 1 | 10 | 5 | 10 | 84 | 10
--d 2 | 14 | 3 | 24 | 84 | 12
--d 3 | 6 | 6 | 30 | 84 | 10
--d 4 | 6 | 6 | 36 | 84 | 8.666667
--d 5 | 14 | 3 | 50 | 84 | 8.666667
--d 6 | 16 | 2 | 66 | 84 | 12
--d 7 | 18 | 1 | 84 | 84 | 16

-- page: docs.snowflake.com/en/developer-guide/udf/python/udf-python-aggregate-functions
CREATE OR REPLACE AGGREGATE FUNCTION PYTHON_SUM(a INT)
  RETURNS INT
  LANGUAGE PYTHON
  RUNTIME_VERSION = 3.12
  HANDLER = 'PythonSum'
AS $$
class PythonSum:
  def __init__(self):
    # This aggregate state is a primitive Python data type.
    self._partial_sum = 0

  @property
  def aggregate_state(self):
    return self._partial_sum

  def accumulate(self, input_value):
    self._partial_sum += input_value

  def merge(self, other_partial_sum):
    self._partial_sum += other_partial_sum

  def finish(self):
    return self._partial_sum
$$;
CREATE OR REPLACE TABLE sales (item STRING, price INT);
INSERT INTO sales VALUES ('car', 10000), ('motorcycle', 5000), ('car', 7500), ('motorcycle', 3500), ('motorcycle', 1500), ('car', 20000);
SELECT PYTHON_SUM(price) FROM sales;
--> 47500
SELECT SUM(col) FROM (SELECT PYTHON_SUM(price) col FROM sales GROUP BY item);
--> 47500

-- page: docs.snowflake.com/en/user-guide/querying-bitmaps-for-distinct-counts
CREATE OR REPLACE TABLE bitmap_test_values (val INT);
INSERT INTO bitmap_test_values VALUES (1), (32768), (32769), (32770), (32769), (1);
SELECT BITMAP_BUCKET_NUMBER(val), BITMAP_BIT_POSITION(val) FROM bitmap_test_values GROUP BY ALL;
--~ 1 | 0
--~ 1 | 32767
--~ 2 | 0
--~ 2 | 1
SELECT bitmap_id, BITMAP_COUNT(bitmap) AS distinct_values FROM (SELECT BITMAP_BUCKET_NUMBER(val) AS bitmap_id, BITMAP_CONSTRUCT_AGG(BITMAP_BIT_POSITION(val)) AS bitmap FROM bitmap_test_values GROUP BY bitmap_id);
--~ 1 | 2
--~ 2 | 2

-- page: docs.snowflake.com/en/user-guide/querying-arrays-for-distinct-counts
CREATE OR REPLACE TABLE array_unique_agg_test (a INTEGER);
INSERT INTO array_unique_agg_test VALUES (5), (2), (1), (2), (1);
SELECT ARRAY_SIZE(ARRAY_UNIQUE_AGG(a)) FROM array_unique_agg_test;
--> 3
CREATE OR REPLACE TABLE union_test (a ARRAY);
INSERT INTO union_test SELECT PARSE_JSON('[ 1, 1, 2]') UNION ALL SELECT PARSE_JSON('[ 1, 2, 3]');
SELECT ARRAY_SORT(ARRAY_UNION_AGG(a)) FROM union_test;
--> [1, 2, 3]
