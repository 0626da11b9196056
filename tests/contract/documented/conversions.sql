-- page: docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST('1.2345' AS DECIMAL(15, 5));
--> 1.23450
SELECT '1.2345'::DECIMAL(15, 5);
--> 1.23450
SELECT CAST(10.654321 AS NUMBER(10, 3)), 1234.5::NUMBER(5, 0);
--> 10.654 | 1235
SELECT CAST('2024-05-09 14:32:29.135 -0700' AS TIMESTAMP_NTZ)::DATE;
--> 2024-05-09

-- page: docs.snowflake.com/en/sql-reference/functions/try_cast
SELECT TRY_CAST('05-Mar-2016' AS TIMESTAMP);
--> 2016-03-05 00:00:00.000
--d NULL
SELECT TRY_CAST('05/16' AS TIMESTAMP);
--> NULL
SELECT TRY_CAST('ABCD' AS CHAR(2));
--> NULL
SELECT TRY_CAST('ABCD' AS VARCHAR(10));
--> ABCD

-- page: docs.snowflake.com/en/sql-reference/functions/to_boolean
CREATE TABLE test_boolean (b BOOLEAN, n NUMBER, s VARCHAR);
INSERT INTO test_boolean VALUES (TRUE, 1, 'yes'), (FALSE, 0, 'no'), (NULL, NULL, NULL);
SELECT s, TO_BOOLEAN(s) FROM test_boolean ORDER BY s;
--> no | FALSE
--> yes | TRUE
--> NULL | NULL
SELECT n, TO_BOOLEAN(n) FROM test_boolean ORDER BY n;
--> 0 | FALSE
--> 1 | TRUE
--> NULL | NULL
SELECT TO_BOOLEAN('true'), TO_BOOLEAN('t'), TO_BOOLEAN('on'), TO_BOOLEAN('n'), TO_BOOLEAN('off');
--> TRUE | TRUE | TRUE | FALSE | FALSE
SELECT TRY_TO_BOOLEAN('True') AS "T", TRY_TO_BOOLEAN('False') AS "F", TRY_TO_BOOLEAN('Oh') AS "N";
--# T | F | N
--> TRUE | FALSE | NULL
SELECT TO_BOOLEAN('perhaps');
--! 100037

-- page: docs.snowflake.com/en/sql-reference/functions/to_char
CREATE TABLE convert_numbers_to_strings (column1 NUMBER);
INSERT INTO convert_numbers_to_strings VALUES (-12.391), (0), (-1), (0.10), (0.01), (3987), (1.111);
SELECT column1 AS orig_value, TO_CHAR(column1, '">"$99.0"<"') AS d2_1 FROM convert_numbers_to_strings WHERE column1 = 0 LIMIT 1;
--> 0 | '> $0.0<'
--? 2 number format
SELECT TO_CHAR(12.5, '99.90'), TO_VARCHAR(1500, '9,999');
--> ' 12.50' | ' 1,500'
SELECT TO_VARCHAR(LOG(3, 4));
--> 1.261859507
--d 1.2618595071429148
SELECT TO_VARCHAR('2024-04-03 01:02:03'::TIMESTAMP, 'mm/dd/yyyy, hh24:mi hours');
--> 04/03/2024, 01:02 hours
--? 2 format element
SELECT TO_VARCHAR('2024-04-05'::DATE, 'mon dd, yyyy'), TO_VARCHAR('2024-04-05'::DATE);
--> Apr 05, 2024 | 2024-04-05

-- page: docs.snowflake.com/en/sql-reference/functions/to_decimal
SELECT TO_DECIMAL('12.3456'), TO_DECIMAL('12.3456', 10, 1), TO_DECIMAL('12.3456', 10, 8);
--> 12 | 12.3 | 12.34560000
SELECT TO_DECIMAL('-12.3', '99.9', 10, 1);
--> -12.3
SELECT TO_NUMBER('1,000.5', '9,999.9', 10, 1);
--> 1000.5
SELECT TRY_TO_NUMBER('12.3456'), TRY_TO_NUMBER('98.76546', 10, 1), TRY_TO_NUMBER('98.76546', 10, 8), TRY_TO_NUMBER('abc');
--> 12 | 98.8 | 98.76546000 | NULL
SELECT TO_DECIMAL('abc');
--! 100038

-- page: docs.snowflake.com/en/sql-reference/functions/to_double
CREATE TABLE double_demo (d DECIMAL(7, 2), v VARCHAR, o VARIANT);
INSERT INTO double_demo (d, v, o) SELECT 1.1, '2.2', TO_VARIANT(3.14);
SELECT TO_DOUBLE(d), TO_DOUBLE(v), TO_DOUBLE(o) FROM double_demo;
--> 1.1 | 2.2 | 3.14
SELECT TRY_TO_DOUBLE('3.1415926'), TRY_TO_DOUBLE('x');
--> 3.1415926 | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/to_binary
SELECT TO_BINARY('SNOW', 'utf-8');
--> 534E4F57
SELECT TO_VARCHAR(TO_BINARY('534E4F57', 'HEX'), 'UTF-8');
--> SNOW

-- page: docs.snowflake.com/en/sql-reference/functions/to_json
SELECT TO_JSON(NULL), TO_JSON('null'::VARIANT), PARSE_JSON(NULL), PARSE_JSON('null');
--> NULL | '"null"' | NULL | 'null'

-- page: docs.snowflake.com/en/sql-reference/functions/to_array
SELECT TO_ARRAY(NULL), TO_ARRAY(1), TO_ARRAY(PARSE_JSON('[1,2]'));
--> NULL | [1] | [1,2]

-- page: docs.snowflake.com/en/sql-reference/functions/to_variant
CREATE TABLE to_variant_example (v_varchar VARIANT, v_number VARIANT, v_timestamp VARIANT, v_array VARIANT, v_object VARIANT);
INSERT INTO to_variant_example (v_varchar, v_number, v_array, v_object) SELECT TO_VARIANT('Skiing is fun!'), TO_VARIANT(3.14), TO_VARIANT(ARRAY_CONSTRUCT('San Mateo', 'Seattle', 'Berlin')), PARSE_JSON('{"key1": "value1", "key2": "value2"}');
SELECT v_varchar, v_number, v_array, v_object FROM to_variant_example;
--> '"Skiing is fun!"' | 3.14 | ["San Mateo","Seattle","Berlin"] | {"key1":"value1","key2":"value2"}

-- page: docs.snowflake.com/en/sql-reference/data-types-numeric
CREATE TABLE test_fixed (num0 NUMBER, num10 NUMBER(10, 1), dec20 DECIMAL(20, 2), numeric30 NUMERIC(30, 3), int1 INT, int2 INTEGER);
INSERT INTO test_fixed VALUES (1.4, 1.44, 1.444, 1.4444, 1.5, -1.5);
SELECT * FROM test_fixed;
--> 1 | 1.4 | 1.44 | 1.444 | 2 | -2
SELECT 1.234E+2, 15E-03, +15, 0.0e0;
--> 123.4 | 0.015 | 15 | 0

-- page: docs.snowflake.com/en/sql-reference/data-types-text
CREATE TABLE test_text (vd VARCHAR, v50 VARCHAR(50), cm CHAR, c10 CHAR(10), sm STRING, s20 STRING(20), tm TEXT, t30 TEXT(30));
INSERT INTO test_text (cm) VALUES ('ab');
--! 100078
SELECT $1, $2 FROM VALUES ('Tab', 'Hello\tWorld'), ('Single quote', 'It''s'), ('Backslash', 'C:\\user'), ('Hex', '\x26');
--> Tab | 'Hello	World'
--> Single quote | It's
--> Backslash | C:\user
--> Hex | &
SELECT $$a'b\c$$;
--> a'b\c

-- page: docs.snowflake.com/en/sql-reference/data-types-logical
CREATE TABLE test_boolean (b BOOLEAN, n NUMBER, s VARCHAR);
INSERT INTO test_boolean VALUES (TRUE, 1, 'yes'), (FALSE, 0, 'no'), (NULL, NULL, NULL);
SELECT b, n, NOT b AND (n < 1) FROM test_boolean ORDER BY n;
--> FALSE | 0 | TRUE
--> TRUE | 1 | FALSE
--> NULL | NULL | NULL
SELECT s FROM test_boolean WHERE b;
--> yes
