-- page: docs.snowflake.com/en/sql-reference/constructs/pivot
CREATE TABLE quarterly_sales (empid INT, amount INT, quarter TEXT) AS SELECT * FROM VALUES (1, 10000, '2023_Q1'), (1, 400, '2023_Q1'), (2, 4500, '2023_Q1'), (2, 35000, '2023_Q1'), (1, 5000, '2023_Q2'), (1, 3000, '2023_Q2'), (2, 200, '2023_Q2'), (2, 90500, '2023_Q2'), (1, 6000, '2023_Q3'), (1, 5000, '2023_Q3'), (2, 2500, '2023_Q3'), (2, 9500, '2023_Q3'), (3, 2700, '2023_Q3'), (1, 8000, '2023_Q4'), (1, 10000, '2023_Q4'), (2, 800, '2023_Q4'), (2, 4500, '2023_Q4'), (3, 2700, '2023_Q4'), (3, 16000, '2023_Q4'), (3, 10200, '2023_Q4');
SELECT * FROM quarterly_sales PIVOT(SUM(amount) FOR quarter IN (ANY ORDER BY quarter)) ORDER BY empid;
--# EMPID | '''2023_Q1''' | '''2023_Q2''' | '''2023_Q3''' | '''2023_Q4'''
--> 1 | 10400 | 8000 | 11000 | 18000
--> 2 | 39500 | 90700 | 12000 | 5300
--> 3 | NULL | NULL | 2700 | 28900
CREATE TABLE ad_campaign_types_by_quarter (quarter VARCHAR, television BOOLEAN, radio BOOLEAN, print BOOLEAN) AS SELECT * FROM VALUES ('2023_Q1', TRUE, FALSE, FALSE), ('2023_Q2', FALSE, TRUE, TRUE), ('2023_Q3', FALSE, TRUE, FALSE), ('2023_Q4', TRUE, FALSE, TRUE);
SELECT * FROM quarterly_sales PIVOT(SUM(amount) FOR quarter IN (SELECT DISTINCT quarter FROM ad_campaign_types_by_quarter WHERE television = TRUE ORDER BY quarter)) ORDER BY empid;
--# EMPID | '''2023_Q1''' | '''2023_Q4'''
--> 1 | 10400 | 18000
--> 2 | 39500 | 5300
--> 3 | NULL | 28900
SELECT * FROM quarterly_sales PIVOT(SUM(amount) FOR quarter IN ('2023_Q1', '2023_Q2', '2023_Q3')) ORDER BY empid;
--> 1 | 10400 | 8000 | 11000
--> 2 | 39500 | 90700 | 12000
--> 3 | NULL | NULL | 2700
SELECT * FROM quarterly_sales PIVOT(SUM(amount) FOR quarter IN ('2023_Q1', '2023_Q2', '2023_Q3', '2023_Q4')) AS p (employee, q1, q2, q3, q4) ORDER BY employee;
--# EMPLOYEE | Q1 | Q2 | Q3 | Q4
--> 1 | 10400 | 8000 | 11000 | 18000
--> 2 | 39500 | 90700 | 12000 | 5300
--> 3 | NULL | NULL | 2700 | 28900
SELECT * FROM quarterly_sales PIVOT(SUM(amount) FOR quarter IN ('2023_Q1', '2023_Q2') DEFAULT ON NULL (0)) ORDER BY empid;
--> 1 | 10400 | 8000
--> 2 | 39500 | 90700
--> 3 | 0 | 0
SELECT 'Average sale amount' AS aggregate, * FROM (SELECT * EXCLUDE (empid) FROM quarterly_sales) PIVOT(AVG(amount) FOR quarter IN (ANY ORDER BY quarter)) UNION SELECT 'Highest value sale' AS aggregate, * FROM (SELECT * EXCLUDE (empid) FROM quarterly_sales) PIVOT(MAX(amount) FOR quarter IN (ANY ORDER BY quarter)) ORDER BY aggregate;
--> Average sale amount | 12475 | 24675 | 5140 | 7457.142857
--> Highest value sale | 35000 | 90500 | 9500 | 16000

-- page: docs.snowflake.com/en/sql-reference/constructs/unpivot
CREATE TABLE monthly_sales (empid INT, dept TEXT, jan INT, feb INT, mar INT, apr INT) AS SELECT * FROM VALUES (1, 'electronics', 100, 200, 300, 100), (2, 'clothes', 100, 300, 150, 200), (3, 'cars', 200, 400, 100, 50), (4, 'appliances', 100, NULL, 100, 50);
SELECT * FROM monthly_sales UNPIVOT (sales FOR month IN (jan, feb, mar, apr)) ORDER BY empid;
--# EMPID | DEPT | MONTH | SALES
--~ 1 | electronics | JAN | 100
--~ 1 | electronics | FEB | 200
--~ 1 | electronics | MAR | 300
--~ 1 | electronics | APR | 100
--~ 2 | clothes | JAN | 100
--~ 2 | clothes | FEB | 300
--~ 2 | clothes | MAR | 150
--~ 2 | clothes | APR | 200
--~ 3 | cars | JAN | 200
--~ 3 | cars | FEB | 400
--~ 3 | cars | MAR | 100
--~ 3 | cars | APR | 50
--~ 4 | appliances | JAN | 100
--~ 4 | appliances | MAR | 100
--~ 4 | appliances | APR | 50
SELECT dept, month, sales FROM monthly_sales UNPIVOT INCLUDE NULLS (sales FOR month IN (jan, feb, mar, apr)) WHERE empid = 4;
--~ appliances | JAN | 100
--~ appliances | FEB | NULL
--~ appliances | MAR | 100
--~ appliances | APR | 50
SELECT dept, month, sales FROM monthly_sales UNPIVOT INCLUDE NULLS (sales FOR month IN (jan AS january, feb AS february, mar AS march, apr AS april)) WHERE empid = 1;
--~ electronics | JANUARY | 100
--~ electronics | FEBRUARY | 200
--~ electronics | MARCH | 300
--~ electronics | APRIL | 100

-- page: docs.snowflake.com/en/sql-reference/constructs/connect-by
CREATE TABLE employees (title VARCHAR, employee_id INTEGER, manager_id INTEGER);
INSERT INTO employees (title, employee_id, manager_id) VALUES ('President', 1, NULL), ('Vice President Engineering', 10, 1), ('Programmer', 100, 10), ('QA Engineer', 101, 10), ('Vice President HR', 20, 1), ('Health Insurance Analyst', 200, 20);
SELECT employee_id, manager_id, title FROM employees START WITH title = 'President' CONNECT BY manager_id = PRIOR employee_id ORDER BY employee_id;
--# EMPLOYEE_ID | MANAGER_ID | TITLE
--> 1 | NULL | President
--> 10 | 1 | Vice President Engineering
--> 20 | 1 | Vice President HR
--> 100 | 10 | Programmer
--> 101 | 10 | QA Engineer
--> 200 | 20 | Health Insurance Analyst
SELECT SYS_CONNECT_BY_PATH(title, ' -> '), employee_id, manager_id, title FROM employees START WITH title = 'President' CONNECT BY manager_id = PRIOR employee_id ORDER BY employee_id;
--> ' -> President' | 1 | NULL | President
--> ' -> President -> Vice President Engineering' | 10 | 1 | Vice President Engineering
--> ' -> President -> Vice President HR' | 20 | 1 | Vice President HR
--> ' -> President -> Vice President Engineering -> Programmer' | 100 | 10 | Programmer
--> ' -> President -> Vice President Engineering -> QA Engineer' | 101 | 10 | QA Engineer
--> ' -> President -> Vice President HR -> Health Insurance Analyst' | 200 | 20 | Health Insurance Analyst
SELECT employee_id, manager_id, title, CONNECT_BY_ROOT title AS root_title FROM employees START WITH title = 'President' CONNECT BY manager_id = PRIOR employee_id ORDER BY employee_id;
--> 1 | NULL | President | President
--> 10 | 1 | Vice President Engineering | President
--> 20 | 1 | Vice President HR | President
--> 100 | 10 | Programmer | President
--> 101 | 10 | QA Engineer | President
--> 200 | 20 | Health Insurance Analyst | President
CREATE TABLE components (description VARCHAR, quantity INTEGER, component_id INTEGER, parent_component_id INTEGER);
INSERT INTO components (description, quantity, component_id, parent_component_id) VALUES ('car', 1, 1, 0), ('wheel', 4, 11, 1), ('tire', 1, 111, 11), ('#112 bolt', 5, 112, 11), ('brake', 1, 113, 11), ('brake pad', 1, 1131, 113), ('engine', 1, 12, 1), ('piston', 4, 121, 12), ('cylinder block', 1, 122, 12), ('#112 bolt', 16, 112, 12);
SELECT description, quantity, component_id, parent_component_id, SYS_CONNECT_BY_PATH(component_id, ' -> ') AS path FROM components START WITH component_id = 1 CONNECT BY parent_component_id = PRIOR component_id ORDER BY path;
--> car | 1 | 1 | 0 | ' -> 1'
--> wheel | 4 | 11 | 1 | ' -> 1 -> 11'
--> tire | 1 | 111 | 11 | ' -> 1 -> 11 -> 111'
--> #112 bolt | 5 | 112 | 11 | ' -> 1 -> 11 -> 112'
--> brake | 1 | 113 | 11 | ' -> 1 -> 11 -> 113'
--> brake pad | 1 | 1131 | 113 | ' -> 1 -> 11 -> 113 -> 1131'
--> engine | 1 | 12 | 1 | ' -> 1 -> 12'
--> #112 bolt | 16 | 112 | 12 | ' -> 1 -> 12 -> 112'
--> piston | 4 | 121 | 12 | ' -> 1 -> 12 -> 121'
--> cylinder block | 1 | 122 | 12 | ' -> 1 -> 12 -> 122'

-- page: docs.snowflake.com/en/sql-reference/constructs/asof-join
CREATE TABLE trades_unixtime (stock_symbol VARCHAR, trade_time INT, quantity INT);
CREATE TABLE quotes_unixtime (stock_symbol VARCHAR, quote_time INT, bid DECIMAL(12, 2));
INSERT INTO trades_unixtime VALUES ('SNOW', 1696223885, 175), ('AAPL', 1696223889, 280);
INSERT INTO quotes_unixtime VALUES ('SNOW', 1696223880, 166.00), ('SNOW', 1696223890, 167.00), ('AAPL', 1696223900, 100.00);
SELECT t.stock_symbol, t.trade_time, t.quantity, q.quote_time, q.bid FROM trades_unixtime t ASOF JOIN quotes_unixtime q MATCH_CONDITION(t.trade_time >= q.quote_time) ON t.stock_symbol = q.stock_symbol ORDER BY t.stock_symbol;
--> AAPL | 1696223889 | 280 | NULL | NULL
--> SNOW | 1696223885 | 175 | 1696223880 | 166.00
SELECT t.stock_symbol, t.trade_time, q.quote_time FROM trades_unixtime t ASOF JOIN quotes_unixtime q MATCH_CONDITION(t.trade_time <= q.quote_time) USING (stock_symbol) ORDER BY t.stock_symbol;
--> AAPL | 1696223889 | 1696223900
--> SNOW | 1696223885 | 1696223890

-- page: docs.snowflake.com/en/sql-reference/constructs/match_recognize
CREATE TABLE stock_price_history (company TEXT, price_date DATE, price INT);
SELECT * FROM stock_price_history MATCH_RECOGNIZE(PARTITION BY company ORDER BY price_date MEASURES MATCH_NUMBER() AS match_number PATTERN(row_before_decrease row_with_price_decrease+) DEFINE row_with_price_decrease AS price < LAG(price));
--> -
--? 2 MATCH_RECOGNIZE

-- page: docs.snowflake.com/en/sql-reference/constructs/with
WITH RECURSIVE current_f (current_val, previous_val) AS (SELECT 0, 1 UNION ALL SELECT current_val + previous_val, current_val FROM current_f WHERE current_val + previous_val < 100) SELECT current_val FROM current_f ORDER BY current_val;
--> 0
--> 1
--> 1
--> 2
--> 3
--> 5
--> 8
--> 13
--> 21
--> 34
--> 55
--> 89
CREATE TABLE components (description VARCHAR, component_id INTEGER, quantity INTEGER, parent_component_id INTEGER);
INSERT INTO components (description, quantity, component_id, parent_component_id) VALUES ('car', 1, 1, 0), ('wheel', 4, 11, 1), ('tire', 1, 111, 11), ('engine', 1, 12, 1), ('piston', 4, 121, 12);
WITH RECURSIVE current_layer (indent, layer_id, parent_component_id, component_id, description, sort_key) AS (SELECT '...', 1, parent_component_id, component_id, description, '0001' FROM components WHERE component_id = 1 UNION ALL SELECT indent || '...', layer_id + 1, components.parent_component_id, components.component_id, components.description, sort_key || SUBSTRING('000' || components.component_id, -4) FROM current_layer JOIN components ON (components.parent_component_id = current_layer.component_id)) SELECT indent || description AS description, component_id, parent_component_id FROM current_layer ORDER BY sort_key;
--> ...car | 1 | 0
--> ......wheel | 11 | 1
--> .........tire | 111 | 11
--> ......engine | 12 | 1
--> .........piston | 121 | 12

-- page: docs.snowflake.com/en/sql-reference/sql/select
CREATE TABLE employee_table (employee_id INTEGER, last_name VARCHAR, first_name VARCHAR, department_id INTEGER);
CREATE TABLE department_table (department_id INTEGER, department_name VARCHAR);
INSERT INTO employee_table (employee_id, last_name, first_name, department_id) VALUES (101, 'Montgomery', 'Pat', 1), (102, 'Levine', 'Terry', 2), (103, 'Comstock', 'Dana', 1);
INSERT INTO department_table (department_id, department_name) VALUES (1, 'Engineering'), (2, 'Customer Support'), (3, 'Finance');
SELECT * FROM employee_table ORDER BY employee_id;
--# EMPLOYEE_ID | LAST_NAME | FIRST_NAME | DEPARTMENT_ID
--> 101 | Montgomery | Pat | 1
--> 102 | Levine | Terry | 2
--> 103 | Comstock | Dana | 1
SELECT * ILIKE '%id%' FROM employee_table ORDER BY 1;
--# EMPLOYEE_ID | DEPARTMENT_ID
--> 101 | 1
--> 102 | 2
--> 103 | 1
SELECT * EXCLUDE department_id FROM employee_table ORDER BY 1;
--# EMPLOYEE_ID | LAST_NAME | FIRST_NAME
--> 101 | Montgomery | Pat
--> 102 | Levine | Terry
--> 103 | Comstock | Dana
SELECT * EXCLUDE (department_id, employee_id) FROM employee_table ORDER BY 1;
--> Comstock | Dana
--> Levine | Terry
--> Montgomery | Pat
SELECT * RENAME department_id AS department FROM employee_table ORDER BY 1 LIMIT 1;
--# EMPLOYEE_ID | LAST_NAME | FIRST_NAME | DEPARTMENT
--> 101 | Montgomery | Pat | 1
SELECT * RENAME (department_id AS department, employee_id AS id) FROM employee_table ORDER BY 1 LIMIT 1;
--# ID | LAST_NAME | FIRST_NAME | DEPARTMENT
SELECT * EXCLUDE first_name RENAME (department_id AS department, employee_id AS id) FROM employee_table ORDER BY 1 LIMIT 1;
--# ID | LAST_NAME | DEPARTMENT
--> 101 | Montgomery | 1
SELECT * REPLACE ('DEPT-' || department_id AS department_id) FROM employee_table ORDER BY 1 LIMIT 1;
--> 101 | Montgomery | Pat | DEPT-1
SELECT * ILIKE '%id%' RENAME department_id AS department FROM employee_table ORDER BY 1 LIMIT 1;
--# EMPLOYEE_ID | DEPARTMENT
SELECT employee_table.* EXCLUDE department_id, department_table.* RENAME department_name AS department FROM employee_table INNER JOIN department_table ON employee_table.department_id = department_table.department_id ORDER BY department, last_name, first_name;
--# EMPLOYEE_ID | LAST_NAME | FIRST_NAME | DEPARTMENT_ID | DEPARTMENT
--> 102 | Levine | Terry | 2 | Customer Support
--> 103 | Comstock | Dana | 1 | Engineering
--> 101 | Montgomery | Pat | 1 | Engineering
SELECT last_name FROM employee_table WHERE employee_id = 101;
--> Montgomery
SELECT department_name, last_name, first_name FROM employee_table INNER JOIN department_table ON employee_table.department_id = department_table.department_id ORDER BY department_name, last_name, first_name;
--> Customer Support | Levine | Terry
--> Engineering | Comstock | Dana
--> Engineering | Montgomery | Pat
SELECT $2 FROM employee_table ORDER BY $2;
--# $2
--> Comstock
--> Levine
--> Montgomery
SELECT pi() * 2.0 * 2.0 AS area_of_circle;
--> 12.566370614
SELECT * EXCLUDE nonexistent FROM employee_table;
--! 904

-- page: docs.snowflake.com/en/sql-reference/constructs/values
SELECT * FROM (VALUES (1, 'one'), (2, 'two'), (3, 'three'));
--# COLUMN1 | COLUMN2
--> 1 | one
--> 2 | two
--> 3 | three
SELECT column1, $2 FROM (VALUES (1, 'one'), (2, 'two'), (3, 'three'));
--# COLUMN1 | $2
--> 1 | one
--> 2 | two
--> 3 | three
SELECT v1.$2, v2.$2 FROM (VALUES (1, 'one'), (2, 'two')) AS v1 INNER JOIN (VALUES (1, 'One'), (3, 'three')) AS v2 WHERE v2.$1 = v1.$1;
--> one | One
SELECT c1, c2 FROM (VALUES (1, 'one'), (2, 'two')) AS v1 (c1, c2);
--# C1 | C2
--> 1 | one
--> 2 | two

-- page: docs.snowflake.com/en/sql-reference/constructs/group-by
CREATE TABLE sales (product_id INTEGER, retail_price REAL, quantity INTEGER, city VARCHAR, state VARCHAR);
INSERT INTO sales (product_id, retail_price, quantity, city, state) VALUES (1, 2.00, 1, 'SF', 'CA'), (1, 2.00, 2, 'SJ', 'CA'), (2, 5.00, 4, 'SF', 'CA'), (2, 5.00, 8, 'SJ', 'CA'), (2, 5.00, 16, 'Miami', 'FL'), (2, 5.00, 32, 'Orlando', 'FL'), (2, 5.00, 64, 'SJ', 'PR');
SELECT state, city, SUM(retail_price * quantity) AS gross_revenue FROM sales GROUP BY state, city ORDER BY 1, 2;
--> CA | SF | 22
--> CA | SJ | 44
--> FL | Miami | 80
--> FL | Orlando | 160
--> PR | SJ | 320
SELECT state, city, SUM(retail_price * quantity) AS gross_revenue FROM sales GROUP BY ALL ORDER BY 1, 2;
--> CA | SF | 22
--> CA | SJ | 44
--> FL | Miami | 80
--> FL | Orlando | 160
--> PR | SJ | 320
CREATE TABLE vals (x INT, some_expression INT);
INSERT INTO vals VALUES (1, 1), (2, 1), (3, 2);
SELECT x AS some_expression, COUNT(*) FROM vals GROUP BY some_expression;
--! 979

-- page: docs.snowflake.com/en/sql-reference/constructs/group-by-rollup
CREATE TABLE products (product_id INTEGER, wholesale_price REAL);
INSERT INTO products (product_id, wholesale_price) VALUES (1, 1.00), (2, 2.00);
CREATE TABLE sales (product_id INTEGER, retail_price REAL, quantity INTEGER, city VARCHAR, state VARCHAR);
INSERT INTO sales (product_id, retail_price, quantity, city, state) VALUES (1, 2.00, 1, 'SF', 'CA'), (1, 2.00, 2, 'SJ', 'CA'), (2, 5.00, 4, 'SF', 'CA'), (2, 5.00, 8, 'SJ', 'CA'), (2, 5.00, 16, 'Miami', 'FL'), (2, 5.00, 32, 'Orlando', 'FL'), (2, 5.00, 64, 'SJ', 'PR');
SELECT state, city, SUM((s.retail_price - p.wholesale_price) * s.quantity) AS profit FROM products AS p, sales AS s WHERE s.product_id = p.product_id GROUP BY ROLLUP (state, city) ORDER BY state, city NULLS LAST;
--# STATE | CITY | PROFIT
--> CA | SF | 13
--> CA | SJ | 26
--> CA | NULL | 39
--> FL | Miami | 48
--> FL | Orlando | 96
--> FL | NULL | 144
--> PR | SJ | 192
--> PR | NULL | 192
--> NULL | NULL | 375

-- page: docs.snowflake.com/en/sql-reference/constructs/group-by-cube
CREATE TABLE sales (city VARCHAR, state VARCHAR, profit INT);
INSERT INTO sales VALUES ('SF', 'CA', 13), ('SJ', 'CA', 26), ('Miami', 'FL', 48), ('SJ', 'PR', 192);
SELECT state, city, SUM(profit) FROM sales GROUP BY CUBE (state, city) ORDER BY state, city NULLS LAST;
--> CA | SF | 13
--> CA | SJ | 26
--> CA | NULL | 39
--> FL | Miami | 48
--> FL | NULL | 48
--> PR | SJ | 192
--> PR | NULL | 192
--> NULL | Miami | 48
--> NULL | SF | 13
--> NULL | SJ | 218
--> NULL | NULL | 279

-- page: docs.snowflake.com/en/sql-reference/constructs/group-by-grouping-sets
CREATE TABLE nurses (id INTEGER, full_name VARCHAR, medical_license VARCHAR, radio_license VARCHAR);
INSERT INTO nurses (id, full_name, medical_license, radio_license) VALUES (201, 'Thomas Leonard Vicente', 'LVN', 'Technician'), (202, 'Tamara Lolita VanZant', 'LVN', 'Technician'), (341, 'Georgeann Linda Vente', 'LVN', 'General'), (471, 'Andrea Renee Nouveau', 'RN', 'Amateur Extra');
SELECT COUNT(*), medical_license, radio_license FROM nurses GROUP BY GROUPING SETS (medical_license, radio_license);
--~ 3 | LVN | NULL
--~ 1 | RN | NULL
--~ 2 | NULL | Technician
--~ 1 | NULL | General
--~ 1 | NULL | Amateur Extra

-- page: docs.snowflake.com/en/sql-reference/constructs/having
CREATE TABLE employees (dept VARCHAR, salary INT);
INSERT INTO employees VALUES ('a', 1), ('a', 2), ('b', 10), ('c', 10), ('c', 20);
SELECT dept, COUNT(*) FROM employees GROUP BY dept HAVING COUNT(*) < 2 ORDER BY dept;
--> b | 1

-- page: docs.snowflake.com/en/sql-reference/constructs/qualify
CREATE TABLE qt (i INTEGER, p CHAR(1), o INTEGER);
INSERT INTO qt (i, p, o) VALUES (1, 'A', 1), (2, 'A', 2), (3, 'B', 1), (4, 'B', 2);
SELECT i, p, o FROM qt QUALIFY ROW_NUMBER() OVER (PARTITION BY p ORDER BY o) = 1 ORDER BY i;
--> 1 | A | 1
--> 3 | B | 1
SELECT i, p, o, ROW_NUMBER() OVER (PARTITION BY p ORDER BY o) AS row_num FROM qt QUALIFY row_num = 1 ORDER BY i;
--> 1 | A | 1 | 1
--> 3 | B | 1 | 1

-- page: docs.snowflake.com/en/sql-reference/constructs/order-by
SELECT column1 FROM VALUES ('a'), ('1'), ('B'), (NULL), ('2'), ('01'), ('5'), (' this'), (' that') ORDER BY column1;
--> ' that'
--> ' this'
--> '01'
--> '1'
--> '2'
--> '5'
--> B
--> a
--> NULL
SELECT column1 FROM VALUES (3), (4), (NULL), (1), (NULL), (2) ORDER BY column1 NULLS FIRST;
--> NULL
--> NULL
--> 1
--> 2
--> 3
--> 4
SELECT column1 FROM VALUES (3), (4), (NULL), (1), (NULL), (2) ORDER BY column1 DESC;
--> NULL
--> NULL
--> 4
--> 3
--> 2
--> 1
CREATE TABLE my_sort_example (a NUMBER, s VARCHAR, b BOOLEAN);
INSERT INTO my_sort_example VALUES (0, 'abc', TRUE), (0, 'abc', FALSE), (0, 'abc', NULL), (0, 'xyz', FALSE), (0, NULL, FALSE), (1, 'xyz', TRUE), (NULL, 'xyz', FALSE);
SELECT * FROM my_sort_example ORDER BY ALL;
--> 0 | abc | FALSE
--> 0 | abc | TRUE
--> 0 | abc | NULL
--> 0 | xyz | FALSE
--> 0 | NULL | FALSE
--> 1 | xyz | TRUE
--> NULL | xyz | FALSE

-- page: docs.snowflake.com/en/sql-reference/constructs/limit
CREATE TABLE demo1 (i INTEGER);
INSERT INTO demo1 (i) VALUES (1), (2), (3);
SELECT i FROM demo1 ORDER BY i LIMIT 2;
--> 1
--> 2
SELECT i FROM demo1 ORDER BY i LIMIT 1 OFFSET 1;
--> 2
SELECT i FROM demo1 ORDER BY i OFFSET 1 ROWS FETCH NEXT 1 ROWS ONLY;
--> 2
SELECT i FROM demo1 ORDER BY i LIMIT NULL OFFSET NULL;
--> 1
--> 2
--> 3
SELECT TOP 2 i FROM demo1 ORDER BY i;
--> 1
--> 2

-- page: docs.snowflake.com/en/sql-reference/constructs/join
CREATE TABLE t1 (col1 INTEGER);
CREATE TABLE t2 (col1 INTEGER);
INSERT INTO t1 (col1) VALUES (2), (3), (4);
INSERT INTO t2 (col1) VALUES (1), (2), (2), (3);
SELECT t1.col1, t2.col1 FROM t1 INNER JOIN t2 ON t2.col1 = t1.col1 ORDER BY 1, 2;
--> 2 | 2
--> 2 | 2
--> 3 | 3
SELECT t1.col1, t2.col1 FROM t1 LEFT OUTER JOIN t2 ON t2.col1 = t1.col1 ORDER BY 1, 2;
--> 2 | 2
--> 2 | 2
--> 3 | 3
--> 4 | NULL
SELECT t1.col1, t2.col1 FROM t1 RIGHT OUTER JOIN t2 ON t2.col1 = t1.col1 ORDER BY 1, 2;
--> 2 | 2
--> 2 | 2
--> 3 | 3
--> NULL | 1
SELECT t1.col1, t2.col1 FROM t1 FULL OUTER JOIN t2 ON t2.col1 = t1.col1 ORDER BY 1, 2;
--> 2 | 2
--> 2 | 2
--> 3 | 3
--> 4 | NULL
--> NULL | 1
SELECT t1.col1, t2.col1 FROM t1 CROSS JOIN t2 ORDER BY 1, 2 LIMIT 4;
--> 2 | 1
--> 2 | 2
--> 2 | 2
--> 2 | 3
CREATE TABLE d1 (id NUMBER, name VARCHAR);
CREATE TABLE d2 (id NUMBER, value VARCHAR);
INSERT INTO d1 (id, name) VALUES (1, 'a'), (2, 'b'), (4, 'c');
INSERT INTO d2 (id, value) VALUES (1, 'xx'), (2, 'yy'), (5, 'zz');
SELECT * FROM d1 NATURAL INNER JOIN d2 ORDER BY id;
--# ID | NAME | VALUE
--> 1 | a | xx
--> 2 | b | yy
SELECT * FROM d1 NATURAL FULL OUTER JOIN d2 ORDER BY id;
--> 1 | a | xx
--> 2 | b | yy
--> 4 | c | NULL
--> 5 | NULL | zz
WITH l AS (SELECT 'a' AS userid), r AS (SELECT 'b' AS userid) SELECT * FROM l LEFT JOIN r USING (userid);
--# USERID
--> a
WITH l AS (SELECT 'a' AS userid), r AS (SELECT 'b' AS userid) SELECT l.userid AS ui_l, r.userid AS ui_r FROM l LEFT JOIN r USING (userid);
--# UI_L | UI_R
--> a | NULL

-- page: docs.snowflake.com/en/sql-reference/constructs/where
CREATE TABLE t1 (c1 NUMBER);
CREATE TABLE t2 (c1 NUMBER);
INSERT INTO t1 VALUES (1), (2), (3);
INSERT INTO t2 VALUES (1), (2);
SELECT t1.c1, t2.c1 FROM t1, t2 WHERE t1.c1 = t2.c1 (+) ORDER BY 1;
--> 1 | 1
--> 2 | 2
--> 3 | NULL

-- page: docs.snowflake.com/en/sql-reference/constructs/join-lateral
CREATE TABLE departments (department_id INTEGER, name VARCHAR);
CREATE TABLE employees (employee_id INTEGER, last_name VARCHAR, department_id INTEGER, project_names ARRAY);
INSERT INTO departments (department_id, name) VALUES (1, 'Engineering'), (2, 'Support');
INSERT INTO employees (employee_id, last_name, department_id) VALUES (101, 'Richards', 1), (102, 'Paulson', 1), (103, 'Johnson', 2);
SELECT * FROM departments AS d, LATERAL (SELECT * FROM employees AS e WHERE e.department_id = d.department_id) AS iv2 ORDER BY employee_id;
--# DEPARTMENT_ID | NAME | EMPLOYEE_ID | LAST_NAME | DEPARTMENT_ID | PROJECT_NAMES
--> 1 | Engineering | 101 | Richards | 1 | NULL
--> 1 | Engineering | 102 | Paulson | 1 | NULL
--> 2 | Support | 103 | Johnson | 2 | NULL
UPDATE employees SET project_names = ARRAY_CONSTRUCT('Materialized Views', 'UDFs') WHERE employee_id = 101;
UPDATE employees SET project_names = ARRAY_CONSTRUCT('Materialized Views', 'Lateral Joins') WHERE employee_id = 102;
SELECT emp.employee_id, emp.last_name, value AS project_name FROM employees AS emp, LATERAL FLATTEN(INPUT => emp.project_names) AS proj_names ORDER BY employee_id, index;
--> 101 | Richards | '"Materialized Views"'
--> 101 | Richards | '"UDFs"'
--> 102 | Paulson | '"Materialized Views"'
--> 102 | Paulson | '"Lateral Joins"'

-- page: docs.snowflake.com/en/sql-reference/operators-query
CREATE TABLE t1 (v VARCHAR);
CREATE TABLE t2 (i INTEGER);
INSERT INTO t1 (v) VALUES ('Adams, Douglas');
INSERT INTO t2 (i) VALUES (42);
SELECT v FROM t1 UNION SELECT i FROM t2;
--! 100038
SELECT v::VARCHAR FROM t1 UNION SELECT i::VARCHAR FROM t2 ORDER BY 1;
--> 42
--> Adams, Douglas
SELECT 'A' AS a, 'B' AS b UNION ALL BY NAME SELECT 'D' AS b, 'C' AS c;
--# A | B | C
--> A | B | NULL
--> NULL | D | C
SELECT column1 FROM VALUES (1), (2), (3) INTERSECT SELECT column1 FROM VALUES (2), (3), (4) ORDER BY 1;
--> 2
--> 3
SELECT column1 FROM VALUES (1), (2), (3) MINUS SELECT column1 FROM VALUES (2), (3), (4);
--> 1
SELECT column1 FROM VALUES (1), (1), (2) UNION SELECT column1 FROM VALUES (2), (2) ORDER BY 1;
--> 1
--> 2

-- page: docs.snowflake.com/en/sql-reference/operators-flow
SELECT 10 AS a, 20 AS b ->> SELECT a + b FROM $1;
--> 30
SELECT 1 AS a ->> SELECT 2 AS a ->> SELECT x.a, y.a FROM $2 AS x, $1 AS y;
--> 1 | 2

-- page: docs.snowflake.com/en/user-guide/querying-subqueries
CREATE TABLE pay (name VARCHAR, payrate INT, country VARCHAR);
INSERT INTO pay VALUES ('a', 10, 'x'), ('b', 20, 'x'), ('c', 30, 'y');
SELECT name FROM pay p WHERE payrate > (SELECT AVG(payrate) FROM pay q WHERE q.country = p.country);
--> b
SELECT name FROM pay WHERE payrate >= ALL (SELECT payrate FROM pay);
--> c
SELECT name FROM pay p WHERE EXISTS (SELECT 1 FROM pay q WHERE q.country = p.country AND q.name <> p.name) ORDER BY name;
--> a
--> b

-- page: docs.snowflake.com/en/sql-reference/identifier-literal
CREATE TABLE IDENTIFIER('speed_of_light') (n NUMBER, "quoted" NUMBER);
INSERT INTO IDENTIFIER('SPEED_OF_LIGHT') VALUES (1, 2);
SELECT * FROM IDENTIFIER('speed_of_light');
--# N | quoted
--> 1 | 2
SET table_name = 'speed_of_light';
SELECT n FROM IDENTIFIER($table_name);
--> 1
SELECT COUNT(*) FROM TABLE($table_name);
--> 1

-- page: docs.snowflake.com/en/sql-reference/session-variables
SET (min, max) = (40, 70);
CREATE TABLE s (amount INT);
INSERT INTO s VALUES (30), (50), (80);
SELECT $min;
--> 40
SELECT amount FROM s WHERE amount BETWEEN $min AND $max;
--> 50
SET (min, max) = (50, 2 * $min);
SELECT $min, $max;
--> 50 | 80
UNSET min;
SELECT $min;
--! 1102

-- page: docs.snowflake.com/en/sql-reference/identifiers-syntax
CREATE TABLE "my table" ("a" INT, b INT);
INSERT INTO "my table" VALUES (1, 2);
SELECT "a", B FROM "my table";
--# a | B
--> 1 | 2
SELECT a FROM "my table";
--! 904
SELECT * FROM my_table_that_is_not_there;
--! 2003

-- page: docs.snowflake.com/en/sql-reference/functions/result_scan
SELECT $1 AS value FROM VALUES (1), (2), (3);
SELECT value FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) WHERE value > 1 ORDER BY value;
--# VALUE
--> 2
--> 3
