-- page: docs.snowflake.com/en/sql-reference/functions/abs
SELECT column1, ABS(column1) FROM (VALUES (0), (1), (-2), (3.5), (-4.5), (NULL));
--> 0 | 0
--> 1 | 1
--> -2 | 2
--> 3.5 | 3.5
--> -4.5 | 4.5
--> NULL | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/ceil
SELECT CEIL(135.135), CEIL(-975.975);
--> 136 | -975
SELECT CEIL(135.135, -2), CEIL(135.135, 0), CEIL(135.135, 1), CEIL(135.135, 2), CEIL(135.135, 3), CEIL(135.135, 4);
--> 200 | 136 | 135.2 | 135.14 | 135.135 | 135.135
SELECT CEIL(-975.975, -2), CEIL(-975.975, 0), CEIL(-975.975, 1), CEIL(-975.975, 2), CEIL(-975.975, 3);
--> -900 | -975 | -975.9 | -975.97 | -975.975

-- page: docs.snowflake.com/en/sql-reference/functions/floor
SELECT FLOOR(135.135), FLOOR(-975.975);
--> 135 | -976
SELECT FLOOR(135.135, -2), FLOOR(135.135, 1), FLOOR(-975.975, 1), FLOOR(-975.975, -2);
--> 100 | 135.1 | -976.0 | -1000

-- page: docs.snowflake.com/en/sql-reference/functions/round
SELECT ROUND(135.135), ROUND(-975.975);
--> 135 | -976
SELECT ROUND(135.135, -2), ROUND(135.135, 0), ROUND(135.135, 1), ROUND(135.135, 2), ROUND(135.135, 3);
--> 100 | 135 | 135.1 | 135.14 | 135.135
SELECT ROUND(2.5, 0), ROUND(-2.5, 0);
--> 3 | -3
SELECT ROUND(2.5, 0, 'HALF_TO_EVEN'), ROUND(-2.5, 0, 'HALF_TO_EVEN');
--> 2 | -2
--? 939 ROUND

-- page: docs.snowflake.com/en/sql-reference/functions/trunc
SELECT TRUNC(135.135), TRUNC(-975.975);
--> 135 | -975
SELECT TRUNC(-975.975, -3), TRUNC(-975.975, -2), TRUNC(-975.975, -1), TRUNC(-975.975, 0), TRUNC(-975.975, 1), TRUNC(135.135, 2), TRUNC(135.135, 3);
--> 0 | -900 | -970 | -975 | -975.9 | 135.13 | 135.135

-- page: docs.snowflake.com/en/sql-reference/functions/sign
SELECT SIGN(5), SIGN(0), SIGN(-5.5), SIGN(NULL);
--> 1 | 0 | -1 | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/mod
SELECT MOD(3, 2) AS mod1, MOD(4.5, 1.2) AS mod2;
--# MOD1 | MOD2
--> 1 | 0.9

-- page: docs.snowflake.com/en/sql-reference/functions/div0
SELECT 1/2;
--> 0.5
SELECT DIV0(1, 2);
--> 0.5
SELECT DIV0(1, 0);
--> 0
SELECT 1/0;
--! 100051

-- page: docs.snowflake.com/en/sql-reference/functions/div0null
SELECT DIV0NULL(1, 2);
--> 0.5
SELECT DIV0NULL(1, 0);
--> 0
SELECT DIV0NULL(1, NULL);
--> 0

-- page: docs.snowflake.com/en/sql-reference/functions/sqrt
SELECT SQRT(0), SQRT(2), SQRT(10);
--> 0 | 1.414213562 | 3.16227766

-- page: docs.snowflake.com/en/sql-reference/functions/cbrt
SELECT CBRT(0), CBRT(2), CBRT(-10), CBRT(NULL);
--> 0 | 1.25992105 | -2.15443469 | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/pow
SELECT POW(0.1, 2), POW(2, 3), POW(2, 0.5), POW(2, -1);
--> 0.01 | 8 | 1.414213562 | 0.5

-- page: docs.snowflake.com/en/sql-reference/functions/exp
SELECT EXP(0), EXP(1), EXP(10);
--> 1 | 2.718281828 | 22026.46579

-- page: docs.snowflake.com/en/sql-reference/functions/ln
SELECT LN(1), LN(10), LN(100);
--> 0 | 2.302585093 | 4.605170186

-- page: docs.snowflake.com/en/sql-reference/functions/log
SELECT LOG(2, 0.5), LOG(10, 1), LOG(10, 10), LOG(10, 0.1);
--> -1 | 0 | 1 | -1

-- page: docs.snowflake.com/en/sql-reference/functions/factorial
SELECT FACTORIAL(0), FACTORIAL(1), FACTORIAL(5), FACTORIAL(10);
--> 1 | 1 | 120 | 3628800

-- page: docs.snowflake.com/en/sql-reference/functions/square
SELECT SQUARE(-2), SQUARE(3.15), SQUARE(NULL);
--> 4 | 9.9225 | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/sin
SELECT SIN(0), SIN(PI()/3), SIN(RADIANS(90));
--> 0 | 0.8660254038 | 1

-- page: docs.snowflake.com/en/sql-reference/functions/cos
SELECT COS(0), COS(PI()/3), COS(RADIANS(90));
--> 1 | 0.5 | 0.0000000000000000612323399574

-- page: docs.snowflake.com/en/sql-reference/functions/atan2
SELECT ATAN2(5, 5);
--> 0.7853981634

-- page: docs.snowflake.com/en/sql-reference/functions/degrees
SELECT DEGREES(PI()/3), DEGREES(PI()), DEGREES(3 * PI()), DEGREES(1);
--> 60 | 180 | 540 | 57.295779513

-- page: docs.snowflake.com/en/sql-reference/functions/radians
SELECT RADIANS(0), RADIANS(60), RADIANS(180);
--> 0 | 1.047197551 | 3.141592654

-- page: docs.snowflake.com/en/sql-reference/functions/pi
SELECT PI();
--> 3.141592654

-- page: docs.snowflake.com/en/sql-reference/functions/haversine
SELECT HAVERSINE(40.7127, -74.0059, 34.0500, -118.2500) AS distance;
--> 3936.385096389

-- page: docs.snowflake.com/en/sql-reference/functions/width_bucket
CREATE TABLE home_sales (sale_date DATE, price NUMBER(11, 2));
INSERT INTO home_sales (sale_date, price) VALUES ('2013-08-01'::DATE, 290000.00), ('2014-02-01'::DATE, 320000.00), ('2015-04-01'::DATE, 399999.99), ('2016-04-01'::DATE, 400000.00), ('2017-04-01'::DATE, 470000.00), ('2018-04-01'::DATE, 510000.00);
SELECT sale_date, price, WIDTH_BUCKET(price, 200000, 600000, 4) AS "SALES GROUP" FROM home_sales ORDER BY sale_date;
--# SALE_DATE | PRICE | SALES GROUP
--> 2013-08-01 | 290000.00 | 1
--> 2014-02-01 | 320000.00 | 2
--> 2015-04-01 | 399999.99 | 2
--> 2016-04-01 | 400000.00 | 3
--> 2017-04-01 | 470000.00 | 3
--> 2018-04-01 | 510000.00 | 4

-- page: docs.snowflake.com/en/sql-reference/functions/bitand
SELECT BITAND(1, 1), BITAND(2, 4), BITAND(4, 4), BITAND(1, 7), BITAND(16, 24);
--> 1 | 0 | 4 | 1 | 16

-- page: docs.snowflake.com/en/sql-reference/functions/bitor
SELECT BITOR(1, 1), BITOR(2, 4), BITOR(4, 4), BITOR(16, 24);
--> 1 | 6 | 4 | 24

-- page: docs.snowflake.com/en/sql-reference/functions/bitxor
SELECT BITXOR(1, 1), BITXOR(2, 4), BITXOR(4, 4), BITXOR(16, 24);
--> 0 | 6 | 0 | 8

-- page: docs.snowflake.com/en/sql-reference/functions/bitnot
SELECT BITNOT(1), BITNOT(2), BITNOT(4), BITNOT(NULL);
--> -2 | -3 | -5 | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/bitshiftleft
SELECT BITSHIFTLEFT(1, 0), BITSHIFTLEFT(1, 1), BITSHIFTLEFT(2, 4), BITSHIFTLEFT(16, 24);
--> 1 | 2 | 32 | 268435456

-- page: docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT 3 / 2;
--> 1.5
SELECT 10.1 % 3;
--> 1.1
SELECT 2 * 3.5, 7 - 10, - 5;
--> 7.0 | -3 | -5
SELECT '1' + '2';
--> 3
CREATE TABLE number_division (n1 NUMBER(10, 2), n2 NUMBER(10, 4));
INSERT INTO number_division VALUES (10, 3);
SELECT n1 / n2 FROM number_division;
--> 3.33333333

-- page: docs.snowflake.com/en/sql-reference/functions/booland
SELECT BOOLAND(1, -2), BOOLAND(0, 2.35), BOOLAND(0, 0), BOOLAND(0, NULL), BOOLAND(NULL, 3), BOOLAND(NULL, NULL);
--> TRUE | FALSE | FALSE | FALSE | NULL | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/boolor
SELECT BOOLOR(1, 2), BOOLOR(-1.35, 0), BOOLOR(3, NULL), BOOLOR(0, 0), BOOLOR(NULL, 0), BOOLOR(NULL, NULL);
--> TRUE | TRUE | TRUE | FALSE | NULL | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/boolnot
SELECT BOOLNOT(0), BOOLNOT(10), BOOLNOT(-3.79), BOOLNOT(NULL);
--> TRUE | FALSE | FALSE | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/boolxor
SELECT BOOLXOR(2, 0), BOOLXOR(1, -1), BOOLXOR(0, 0), BOOLXOR(NULL, 3);
--> TRUE | FALSE | FALSE | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/seq1
SELECT SEQ8() FROM TABLE(GENERATOR(ROWCOUNT => 5)) v;
--~ 0
--~ 1
--~ 2
--~ 3
--~ 4

-- page: docs.snowflake.com/en/sql-reference/functions/generator
SELECT SEQ4(), COUNT(*) OVER () FROM TABLE(GENERATOR(ROWCOUNT => 3)) v ORDER BY 1;
--> 0 | 3
--> 1 | 3
--> 2 | 3
SELECT SEQ4() FROM TABLE(GENERATOR(ROWCOUNT => 0)) v;
--> -

-- page: docs.snowflake.com/en/sql-reference/functions/uniform
SELECT UNIFORM(1, 10, RANDOM()) BETWEEN 1 AND 10 FROM TABLE(GENERATOR(ROWCOUNT => 3));
--> TRUE
--> TRUE
--> TRUE
