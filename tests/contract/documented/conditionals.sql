-- page: docs.snowflake.com/en/sql-reference/functions/case
SELECT column1, CASE WHEN column1 = 1 THEN 'one' WHEN column1 = 2 THEN 'two' ELSE 'other' END AS result FROM (VALUES (1), (2), (NULL)) v;
--# COLUMN1 | RESULT
--> 1 | one
--> 2 | two
--> NULL | other
SELECT column1, CASE WHEN column1 = 1 THEN 'one' WHEN column1 = 2 THEN 'two' END AS result FROM (VALUES (1), (2), (NULL)) v;
--> 1 | one
--> 2 | two
--> NULL | NULL
SELECT column1, CASE WHEN column1 = 1 THEN 'one' WHEN column1 = 2 THEN 'two' WHEN column1 IS NULL THEN 'NULL' ELSE 'other' END AS result FROM VALUES (1), (2), (NULL);
--> 1 | one
--> 2 | two
--> NULL | 'NULL'
SELECT CASE COLLATE('m', 'upper') WHEN 'M' THEN TRUE ELSE FALSE END;
--> TRUE
--? 2 COLLATE

-- page: docs.snowflake.com/en/sql-reference/functions/coalesce
SELECT column1, column2, column3, COALESCE(column1, column2, column3) FROM (VALUES (1, 2, 3), (NULL, 2, 3), (NULL, NULL, 3), (NULL, NULL, NULL), (1, NULL, 3), (1, NULL, NULL), (1, 2, NULL)) v;
--> 1 | 2 | 3 | 1
--> NULL | 2 | 3 | 2
--> NULL | NULL | 3 | 3
--> NULL | NULL | NULL | NULL
--> 1 | NULL | 3 | 1
--> 1 | NULL | NULL | 1
--> 1 | 2 | NULL | 1

-- page: docs.snowflake.com/en/sql-reference/functions/decode
CREATE TABLE d (column1 INTEGER);
INSERT INTO d (column1) VALUES (1), (2), (NULL), (4);
SELECT column1, DECODE(column1, 1, 'one', 2, 'two', NULL, '-NULL-', 'other') AS decode_result FROM d;
--~ 1 | one
--~ 2 | two
--~ NULL | -NULL-
--~ 4 | other
SELECT column1, DECODE(column1, 1, 'one', 2, 'two', NULL, '-NULL-') AS decode_result FROM d;
--~ 1 | one
--~ 2 | two
--~ NULL | -NULL-
--~ 4 | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/equal_null
CREATE TABLE x (i NUMBER);
INSERT INTO x VALUES (1), (2), (NULL);
SELECT x1.i x1_i, x2.i x2_i FROM x x1, x x2 WHERE x1.i = x2.i;
--~ 1 | 1
--~ 2 | 2
SELECT x1.i x1_i, x2.i x2_i FROM x x1, x x2 WHERE EQUAL_NULL(x1.i, x2.i);
--~ 1 | 1
--~ 2 | 2
--~ NULL | NULL
SELECT x1.i x1_i, x2.i x2_i, EQUAL_NULL(x1.i, x2.i), IFF(EQUAL_NULL(x1.i, x2.i), 'Selected', 'Not') FROM x x1, x x2 WHERE x1.i = 1;
--~ 1 | 1 | TRUE | Selected
--~ 1 | 2 | FALSE | Not
--~ 1 | NULL | FALSE | Not

-- page: docs.snowflake.com/en/sql-reference/functions/is-distinct-from
CREATE TABLE x (i NUMBER);
INSERT INTO x VALUES (1), (2), (NULL);
SELECT x1.i x1_i, x2.i x2_i FROM x x1, x x2 WHERE x1.i IS NOT DISTINCT FROM x2.i;
--~ 1 | 1
--~ 2 | 2
--~ NULL | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/greatest
SELECT GREATEST(1, 3, 0, 4);
--> 4
SELECT column1, column2, column3, GREATEST(column1, column2, column3) FROM (VALUES (1, 2, 3), (2, 4, -1), (3, 6, NULL));
--> 1 | 2 | 3 | 3
--> 2 | 4 | -1 | 4
--> 3 | 6 | NULL | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/greatest_ignore_nulls
SELECT GREATEST_IGNORE_NULLS(1, NULL, 3), GREATEST_IGNORE_NULLS(NULL, NULL);
--> 3 | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/least
SELECT LEAST(1, 3, 0, 4);
--> 0

-- page: docs.snowflake.com/en/sql-reference/functions/iff
SELECT IFF(TRUE, 'true', 'false');
--> 'true'
SELECT IFF(FALSE, 'true', 'false');
--> 'false'
SELECT IFF(NULL, 'true', 'false');
--> 'false'
SELECT IFF(TRUE, NULL, 'false');
--> NULL
SELECT value, IFF(value::INT = value, 'integer', 'non-integer') FROM (SELECT column1 AS value FROM VALUES (1.0), (1.1), (-3.1415), (-5.000), (NULL)) ORDER BY value DESC;
--> NULL | non-integer
--> 1.1 | non-integer
--> 1 | integer
--> -3.1415 | non-integer
--> -5 | integer

-- page: docs.snowflake.com/en/sql-reference/functions/ifnull
CREATE TABLE suppliers (supplier_id INT PRIMARY KEY, supplier_name VARCHAR(30), phone_region_1 VARCHAR(15), phone_region_2 VARCHAR(15));
INSERT INTO suppliers VALUES (1, 'Company_ABC', NULL, '555-01111'), (2, 'Company_DEF', '555-01222', NULL), (3, 'Company_HIJ', '555-01333', '555-01444'), (4, 'Company_KLM', NULL, NULL);
SELECT supplier_id, IFNULL(phone_region_1, phone_region_2) FROM suppliers ORDER BY supplier_id;
--> 1 | 555-01111
--> 2 | 555-01222
--> 3 | 555-01333
--> 4 | NULL
SELECT supplier_id, NVL2(phone_region_1, 'known', 'unknown') FROM suppliers ORDER BY supplier_id;
--> 1 | unknown
--> 2 | known
--> 3 | known
--> 4 | unknown

-- page: docs.snowflake.com/en/sql-reference/functions/nullif
SELECT a, b, NULLIF(a, b) FROM (SELECT column1 AS a, column2 AS b FROM VALUES (0, 0), (0, 1), (1, 0), (1, 1), (NULL, 0));
--> 0 | 0 | NULL
--> 0 | 1 | 0
--> 1 | 0 | 1
--> 1 | 1 | NULL
--> NULL | 0 | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/nullifzero
SELECT column1, NULLIFZERO(column1) FROM VALUES (0), (1), (NULL);
--> 0 | NULL
--> 1 | 1
--> NULL | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/zeroifnull
SELECT column1, ZEROIFNULL(column1) FROM VALUES (1), (NULL), (5), (0), (3.14159);
--> 1 | 1
--> NULL | 0
--> 5 | 5
--> 0 | 0
--> 3.14159 | 3.14159

-- page: docs.snowflake.com/en/sql-reference/functions/in
SELECT 1 IN (1, 2, 3) AS result;
--> TRUE
SELECT 4 NOT IN (1, 2, 3) AS result;
--> TRUE
SELECT 'a' IN (SELECT column1 FROM VALUES ('b'), ('c'), ('d')) AS result;
--> FALSE
CREATE TABLE my_table (col_1 INTEGER, col_2 INTEGER, col_3 INTEGER);
INSERT INTO my_table VALUES (1, 1, 1), (1, 2, 3), (4, 5, NULL);
SELECT col_1, col_2, col_3 FROM my_table WHERE (col_1) IN (1, 10, 100, 1000) ORDER BY col_1, col_2, col_3;
--> 1 | 1 | 1
--> 1 | 2 | 3
SELECT col_1, col_2, col_3 FROM my_table WHERE (col_1, col_2, col_3) IN ((1, 2, 3), (4, 5, 6));
--> 1 | 2 | 3
SELECT (1, 2, 3) IN ((1, 2, 3), (4, 5, 6)) AS result;
--> TRUE
SELECT NULL IN (1, 2, NULL) AS result;
--> NULL

-- page: docs.snowflake.com/en/sql-reference/functions/between
SELECT 'true' WHERE 1 BETWEEN 0 AND 10;
--> 'true'
SELECT 'true' WHERE 1.35 BETWEEN 1 AND 2;
--> 'true'
SELECT 'true' WHERE 'the' BETWEEN 'that' AND 'then';
--> 'true'
SELECT 'm' BETWEEN COLLATE('A', 'lower') AND COLLATE('Z', 'lower');
--> TRUE
--? 2 COLLATE

-- page: docs.snowflake.com/en/sql-reference/functions/is-null
CREATE TABLE i (id NUMBER, col1 NUMBER, col2 NUMBER);
INSERT INTO i VALUES (1, 0, 5), (2, 0, NULL), (3, NULL, 5), (4, NULL, NULL);
SELECT * FROM i WHERE col1 IS NOT NULL ORDER BY id;
--> 1 | 0 | 5
--> 2 | 0 | NULL
SELECT * FROM i WHERE col1 IS NULL OR col2 IS NULL ORDER BY id;
--> 2 | 0 | NULL
--> 3 | NULL | 5
--> 4 | NULL | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/regr_valx
SELECT REGR_VALX(NULL, 10), REGR_VALX(1, NULL), REGR_VALX(1, 10);
--> NULL | NULL | 10
--? 2 REGR_VALX

-- page: docs.snowflake.com/en/sql-reference/operators-logical
CREATE TABLE logical (t BOOLEAN, f BOOLEAN, n BOOLEAN);
INSERT INTO logical (t, f, n) VALUES (TRUE, FALSE, NULL);
SELECT (t AND t), (t AND f), (t AND n), (f AND n), (n AND n) FROM logical;
--> TRUE | FALSE | NULL | FALSE | NULL
SELECT (t OR t), (t OR f), (t OR n), (f OR n), (n OR n) FROM logical;
--> TRUE | TRUE | TRUE | NULL | NULL
SELECT NOT t, NOT f, NOT n FROM logical;
--> FALSE | TRUE | NULL

-- page: docs.snowflake.com/en/sql-reference/operators-comparison
SELECT 1 = 1, 1 <> 1, 1 != 2, 1 < 2, 2 <= 2, NULL = NULL;
--> TRUE | FALSE | TRUE | TRUE | TRUE | NULL
