-- page: docs.snowflake.com/en/sql-reference/sql/insert
CREATE TABLE mytable (col1 DATE, col2 TIMESTAMP_NTZ, col3 TIMESTAMP_NTZ);
INSERT INTO mytable SELECT TO_DATE('2013-05-08T23:39:20.123'), TO_TIMESTAMP('2013-05-08T23:39:20.123'), TO_TIMESTAMP('2013-05-08T23:39:20.123');
--# number of rows inserted
--> 1
INSERT INTO mytable (col1, col3) SELECT TO_DATE('2013-05-08T23:39:20.123'), TO_TIMESTAMP('2013-05-08T23:39:20.123');
SELECT * FROM mytable ORDER BY col2;
--> 2013-05-08 | 2013-05-08 23:39:20.123 | 2013-05-08 23:39:20.123
--> 2013-05-08 | NULL | 2013-05-08 23:39:20.123
CREATE TABLE employees (first_name VARCHAR, last_name VARCHAR, workphone VARCHAR, city VARCHAR, postal_code VARCHAR);
INSERT INTO employees VALUES ('May', 'Franklin', '1-650-249-5198', 'San Francisco', 94115), ('Gillian', 'Patterson', '1-650-859-3954', 'San Francisco', 94115);
--> 2
SELECT first_name, postal_code FROM employees ORDER BY 1;
--> Gillian | 94115
--> May | 94115
INSERT OVERWRITE INTO employees (first_name) SELECT 'Lysandra';
SELECT first_name, last_name FROM employees;
--> Lysandra | NULL
CREATE TABLE prospects (column1 VARIANT);
INSERT INTO prospects SELECT PARSE_JSON('{"_id": "57a37f7d9e2b478c2d8a608b", "name": {"first": "Lydia", "last": "Williamson"}}');
SELECT column1:name.first::STRING FROM prospects;
--> Lydia
INSERT INTO prospects VALUES (PARSE_JSON('1'));
--! 2014
INSERT INTO employees VALUES ('a');
--! 2020

-- page: docs.snowflake.com/en/sql-reference/sql/insert-multi-table
CREATE TABLE t1 (c1 INT, c2 INT, c3 INT);
CREATE TABLE t2 (c1 INT, c2 INT, c3 INT);
CREATE TABLE src (n1 INT, n2 INT, n3 INT);
INSERT INTO src VALUES (1, 11, 101), (2, 22, 201), (3, 33, 301);
INSERT ALL INTO t1 INTO t1 (c1, c2, c3) VALUES (n2, n1, DEFAULT) INTO t2 (c1, c2, c3) INTO t2 VALUES (n3, n2, n1) SELECT n1, n2, n3 FROM src;
SELECT COUNT(*), COUNT(c3) FROM t1;
--> 6 | 3
SELECT MAX(c1) FROM t2;
--> 301
CREATE TABLE big (n INT);
INSERT INTO big VALUES (5), (50), (5000);
CREATE TABLE u1 (n INT);
CREATE TABLE u2 (n INT);
INSERT ALL WHEN n > 100 THEN INTO u1 WHEN n > 10 THEN INTO u1 INTO u2 ELSE INTO u2 SELECT n FROM big;
SELECT n FROM u1 ORDER BY n;
--> 50
--> 5000
--> 5000
SELECT n FROM u2 ORDER BY n;
--> 5
--> 50
--> 5000
TRUNCATE TABLE u1;
TRUNCATE TABLE u2;
INSERT FIRST WHEN n > 100 THEN INTO u1 WHEN n > 10 THEN INTO u1 INTO u2 ELSE INTO u2 SELECT n FROM big;
SELECT n FROM u1 ORDER BY n;
--> 50
--> 5000
SELECT n FROM u2 ORDER BY n;
--> 5
--> 50

-- page: docs.snowflake.com/en/sql-reference/sql/update
CREATE TABLE target (k INT, v INT);
CREATE TABLE src (k INT, v INT);
INSERT INTO target VALUES (0, 10);
INSERT INTO src VALUES (0, 11), (0, 12), (0, 13);
UPDATE target SET v = src.v FROM src WHERE target.k = src.k;
--# number of rows updated | number of multi-joined rows updated
--> 1 | 1
UPDATE target SET v = b.v FROM (SELECT k, MIN(v) v FROM src GROUP BY k) b WHERE target.k = b.k;
--> 1 | 0
SELECT * FROM target;
--> 0 | 11

-- page: docs.snowflake.com/en/sql-reference/sql/delete
CREATE TABLE tab1 (k INT, v INT);
CREATE TABLE tab2 (k INT, v INT);
INSERT INTO tab1 VALUES (0, 10);
INSERT INTO tab2 VALUES (0, 20), (1, 25);
DELETE FROM tab1 USING tab2 WHERE tab1.k = tab2.k;
--# number of rows deleted
--> 1
SELECT * FROM tab1;
--> -
CREATE TABLE leased_bicycles (bicycle_id INTEGER, customer_id INTEGER);
CREATE TABLE returned_bicycles (bicycle_id INTEGER);
INSERT INTO leased_bicycles (bicycle_id, customer_id) VALUES (101, 1111), (102, 2222), (103, 3333), (104, 4444), (105, 5555);
INSERT INTO returned_bicycles (bicycle_id) VALUES (102), (104);
DELETE FROM leased_bicycles WHERE bicycle_id = 105;
--> 1
DELETE FROM leased_bicycles USING returned_bicycles WHERE leased_bicycles.bicycle_id = returned_bicycles.bicycle_id;
--> 2
SELECT * FROM leased_bicycles ORDER BY bicycle_id;
--> 101 | 1111
--> 103 | 3333

-- page: docs.snowflake.com/en/sql-reference/sql/merge
CREATE TABLE target_table (id INTEGER, description VARCHAR);
CREATE TABLE source_table (id INTEGER, description VARCHAR);
INSERT INTO target_table (id, description) VALUES (10, 'To be updated (this is the old value)');
INSERT INTO source_table (id, description) VALUES (10, 'To be updated (this is the new value)');
MERGE INTO target_table USING source_table ON target_table.id = source_table.id WHEN MATCHED THEN UPDATE SET target_table.description = source_table.description;
--# number of rows updated
--> 1
SELECT * FROM target_table;
--> 10 | To be updated (this is the new value)
CREATE TABLE target_orig (k NUMBER, v NUMBER);
CREATE TABLE src (k NUMBER, v NUMBER);
INSERT INTO target_orig VALUES (0, 10);
INSERT INTO src VALUES (0, 11), (0, 12), (0, 13);
MERGE INTO target_orig USING src ON target_orig.k = src.k WHEN MATCHED AND src.v = 11 THEN DELETE WHEN MATCHED THEN UPDATE SET target_orig.v = src.v;
--! 100090
MERGE INTO target_orig USING src ON target_orig.k = src.k WHEN MATCHED AND src.v < 12 THEN DELETE;
--# number of rows deleted
--> 1
MERGE INTO target_orig t USING (SELECT 1 AS k, 5 AS v) s ON t.k = s.k WHEN MATCHED THEN UPDATE SET t.v = s.v WHEN NOT MATCHED THEN INSERT (k, v) VALUES (s.k, s.v);
--# number of rows inserted | number of rows updated
--> 1 | 0

-- page: docs.snowflake.com/en/sql-reference/sql/truncate-table
CREATE TEMPORARY TABLE temp (i NUMBER);
INSERT INTO temp SELECT SEQ8() FROM TABLE(GENERATOR(ROWCOUNT => 20)) v;
SELECT COUNT(*) FROM temp;
--> 20
TRUNCATE TABLE temp;
SELECT COUNT(*) FROM temp;
--> 0

-- page: docs.snowflake.com/en/sql-reference/transactions
CREATE TABLE tracker_1 (id INTEGER, name VARCHAR);
BEGIN;
INSERT INTO tracker_1 VALUES (0, 'a');
ROLLBACK;
SELECT COUNT(*) FROM tracker_1;
--> 0
BEGIN;
INSERT INTO tracker_1 VALUES (1, 'b');
COMMIT;
SELECT * FROM tracker_1;
--> 1 | b

-- page: docs.snowflake.com/en/sql-reference/sql/create-table
CREATE TABLE mytable (amount NUMBER COMMENT 'bank amount');
--# status
--> Table MYTABLE successfully created.
INSERT INTO mytable VALUES (1);
CREATE TABLE mytable (amount NUMBER);
--! 2002
CREATE TABLE IF NOT EXISTS mytable (amount NUMBER);
--> MYTABLE already exists, statement succeeded.
CREATE TABLE mytable_copy (b) AS SELECT * FROM mytable;
SELECT b FROM mytable_copy;
--> 1
CREATE TABLE mytable_2 LIKE mytable;
SELECT COUNT(*) FROM mytable_2;
--> 0
CREATE TABLE mytable_3 CLONE mytable;
SELECT amount FROM mytable_3;
--> 1
CREATE TABLE d (i INT, j INT DEFAULT 7, k INT NOT NULL);
INSERT INTO d (i, k) VALUES (1, 2);
SELECT * FROM d;
--> 1 | 7 | 2
INSERT INTO d (i) VALUES (1);
--! 100072
CREATE TABLE ai (id INT AUTOINCREMENT START 10 INCREMENT 5 ORDER, v INT);
INSERT INTO ai (v) VALUES (1), (2);
SELECT id FROM ai ORDER BY id;
--> 10
--> 15

-- page: docs.snowflake.com/en/sql-reference/sql/drop-table
CREATE TABLE t2 (i NUMBER);
DROP TABLE t2;
--> T2 successfully dropped.
DROP TABLE t2;
--! 2003
DROP TABLE IF EXISTS t2;
--> Drop statement executed successfully (T2 already dropped).
UNDROP TABLE t2;
--> Table T2 successfully restored.

-- page: docs.snowflake.com/en/sql-reference/sql/create-sequence
CREATE SEQUENCE seq_01 START = 1 INCREMENT = 1 ORDER;
SELECT seq_01.NEXTVAL;
--> 1
SELECT seq_01.NEXTVAL AS a;
--# A
--> 2
CREATE SEQUENCE seq_5 START = 1 INCREMENT = 5 ORDER;
SELECT seq_5.NEXTVAL a, seq_5.NEXTVAL b, seq_5.NEXTVAL c, seq_5.NEXTVAL d;
--> 1 | 6 | 11 | 16
--? 1003 seq

-- page: docs.snowflake.com/en/sql-reference/sql/create-view
CREATE TABLE employees (title VARCHAR, employee_id INTEGER, manager_id INTEGER);
INSERT INTO employees (title, employee_id, manager_id) VALUES ('President', 1, NULL), ('Vice President Engineering', 10, 1), ('Programmer', 100, 10);
CREATE VIEW doctor_view (i, t) AS SELECT employee_id, title FROM employees;
SELECT * FROM doctor_view WHERE i = 10;
--# I | T
--> 10 | Vice President Engineering
CREATE RECURSIVE VIEW employee_hierarchy_02 (title, employee_id, manager_id, "MGR_EMP_ID (SHOULD BE SAME)", "MGR TITLE") AS (SELECT title, employee_id, manager_id, NULL AS "MGR_EMP_ID (SHOULD BE SAME)", 'President' AS "MGR TITLE" FROM employees WHERE title = 'President' UNION ALL SELECT employees.title, employees.employee_id, employees.manager_id, employee_hierarchy_02.employee_id AS "MGR_EMP_ID (SHOULD BE SAME)", employee_hierarchy_02.title AS "MGR TITLE" FROM employees INNER JOIN employee_hierarchy_02 WHERE employee_hierarchy_02.employee_id = employees.manager_id);
SELECT * FROM employee_hierarchy_02 ORDER BY employee_id;
--> President | 1 | NULL | NULL | President
--> Vice President Engineering | 10 | 1 | 1 | President
--> Programmer | 100 | 10 | 10 | Vice President Engineering

-- page: docs.snowflake.com/en/developer-guide/udf/sql/udf-sql-scalar-functions
CREATE FUNCTION pi_udf() RETURNS FLOAT AS '3.141592654::FLOAT';
SELECT pi_udf();
--> 3.141592654
CREATE FUNCTION simple_table_function() RETURNS TABLE (x INTEGER, y INTEGER) AS $$ SELECT 1, 2 UNION ALL SELECT 3, 4 $$;
SELECT * FROM TABLE(simple_table_function());
--# X | Y
--~ 1 | 2
--~ 3 | 4
CREATE FUNCTION multiply1 (a NUMBER, b NUMBER) RETURNS NUMBER COMMENT = 'multiply two numbers' AS 'a * b';
SELECT multiply1(3, 4);
--> 12

-- page: docs.snowflake.com/en/developer-guide/snowflake-scripting/blocks
EXECUTE IMMEDIATE $$
DECLARE
  radius_of_circle FLOAT;
  area_of_circle FLOAT;
BEGIN
  radius_of_circle := 3;
  area_of_circle := PI() * radius_of_circle * radius_of_circle;
  RETURN area_of_circle;
END;
$$;
--# anonymous block
--> 28.274333882308

-- page: docs.snowflake.com/en/developer-guide/snowflake-scripting/loops
EXECUTE IMMEDIATE $$
DECLARE
  counter INTEGER DEFAULT 0;
  maximum_count INTEGER DEFAULT 5;
BEGIN
  FOR i IN 1 TO maximum_count DO
    counter := counter + 1;
  END FOR;
  RETURN counter;
END;
$$;
--> 5
EXECUTE IMMEDIATE $$
BEGIN
  LET counter := 5;
  WHILE (counter > 0) DO
    counter := counter - 1;
  END WHILE;
  RETURN counter;
END;
$$;
--> 0
EXECUTE IMMEDIATE $$
BEGIN
  LET i := 1;
  LET j := 1;
  REPEAT
    i := i * 2;
    j := j + 1;
  UNTIL (j > 8)
  END REPEAT;
  RETURN i;
END;
$$;
--> 256

-- page: docs.snowflake.com/en/developer-guide/snowflake-scripting/branch
EXECUTE IMMEDIATE $$
BEGIN
  LET count := 1;
  IF (count < 0) THEN
    RETURN 'negative value';
  ELSEIF (count = 0) THEN
    RETURN 'zero';
  ELSE
    RETURN 'positive value';
  END IF;
END;
$$;
--> positive value

-- page: docs.snowflake.com/en/developer-guide/snowflake-scripting/exceptions
EXECUTE IMMEDIATE $$
DECLARE
  my_exception EXCEPTION (-20002, 'Raised MY_EXCEPTION.');
BEGIN
  LET counter := 0;
  LET should_raise_exception := TRUE;
  IF (should_raise_exception) THEN
    RAISE my_exception;
  END IF;
  RETURN counter;
END;
$$;
--! -20002
