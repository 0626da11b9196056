-- page: docs.snowflake.com/en/sql-reference/functions/add_months
SELECT ADD_MONTHS('2016-05-15'::TIMESTAMP_NTZ, 2) AS result;
--> 2016-07-15 00:00:00.000
SELECT ADD_MONTHS('2016-02-29'::DATE, 1) AS result;
--> 2016-03-31
SELECT ADD_MONTHS('2016-05-31'::DATE, -1) AS result;
--> 2016-04-30

-- page: docs.snowflake.com/en/sql-reference/functions/date_from_parts
SELECT DATE_FROM_PARTS(1977, 8, 7);
--> 1977-08-07
SELECT DATE_FROM_PARTS(2010, 1, 100), DATE_FROM_PARTS(2010, 1 + 24, 1);
--> 2010-04-10 | 2012-01-01
SELECT DATE_FROM_PARTS(2004, 1, 1), DATE_FROM_PARTS(2004, 0, 1), DATE_FROM_PARTS(2004, -1, 1), DATE_FROM_PARTS(2004, 2, 0), DATE_FROM_PARTS(2004, 2, -1);
--> 2004-01-01 | 2003-12-01 | 2003-11-01 | 2004-01-31 | 2004-01-30

-- page: docs.snowflake.com/en/sql-reference/functions/time_from_parts
SELECT TIME_FROM_PARTS(12, 34, 56, 987654321);
--> 12:34:56.987654
--? 2 nanoseconds
SELECT TIME_FROM_PARTS(0, 100, 0), TIME_FROM_PARTS(12, 0, 12345);
--> 01:40:00 | 15:25:45

-- page: docs.snowflake.com/en/sql-reference/functions/timestamp_from_parts
SELECT TIMESTAMP_NTZ_FROM_PARTS(2013, 4, 5, 12, 00, 00);
--> 2013-04-05 12:00:00.000
SELECT TIMESTAMP_NTZ_FROM_PARTS(TO_DATE('2013-04-05'), TO_TIME('12:00:00'));
--> 2013-04-05 12:00:00.000

-- page: docs.snowflake.com/en/sql-reference/functions/date_part
SELECT DATE_PART(quarter, '2024-04-08'::DATE);
--> 2
SELECT DATE_PART(year, TO_TIMESTAMP('2024-04-08T23:39:20.123-07:00')) AS year, DATE_PART(day, TO_TIMESTAMP('2024-04-08T23:39:20.123-07:00')) AS day;
--> 2024 | 8
SELECT DATE_PART(epoch_second, '2024-04-08 23:39:20.123'::TIMESTAMP_NTZ) AS epoch_second, DATE_PART(epoch_millisecond, '2024-04-08 23:39:20.123'::TIMESTAMP_NTZ) AS epoch_millisecond;
--> 1712619560 | 1712619560123
SELECT DATE_PART(dayofweek, '2024-04-08'::DATE), DATE_PART(dayofweekiso, '2024-04-07'::DATE), DATE_PART(doy, '2024-04-08'::DATE), DATE_PART(week, '2024-04-08'::DATE);
--> 1 | 7 | 99 | 15

-- page: docs.snowflake.com/en/sql-reference/functions/extract
SELECT EXTRACT(year FROM TO_TIMESTAMP('2024-04-10T23:39:20.123-07:00')) AS year;
--# YEAR
--> 2024
SELECT EXTRACT(quarter FROM '2024-04-10'::DATE), EXTRACT(MONTH FROM '2024-04-10'::DATE), EXTRACT(HOUR FROM '2024-04-10 23:39:20'::TIMESTAMP);
--> 2 | 4 | 23

-- page: docs.snowflake.com/en/sql-reference/functions/year
SELECT '2013-05-08T23:39:20.123-07:00'::TIMESTAMP AS tstamp, YEAR(tstamp) AS "YEAR", QUARTER(tstamp) AS "QUARTER OF YEAR", MONTH(tstamp) AS "MONTH", DAY(tstamp) AS "DAY", DAYOFMONTH(tstamp) AS "DAY OF MONTH", DAYOFYEAR(tstamp) AS "DAY OF YEAR";
--# TSTAMP | YEAR | QUARTER OF YEAR | MONTH | DAY | DAY OF MONTH | DAY OF YEAR
--> 2013-05-08 23:39:20.123 | 2013 | 2 | 5 | 8 | 8 | 128
SELECT '2016-01-02T23:39:20.123-07:00'::TIMESTAMP AS tstamp, WEEK(tstamp) AS "WEEK", WEEKISO(tstamp) AS "WEEK ISO", WEEKOFYEAR(tstamp) AS "WEEK OF YEAR", YEAROFWEEK(tstamp) AS "YEAR OF WEEK", YEAROFWEEKISO(tstamp) AS "YEAR OF WEEK ISO";
--> 2016-01-02 23:39:20.123 | 53 | 53 | 53 | 2015 | 2015

-- page: docs.snowflake.com/en/sql-reference/functions/hour-minute-second
SELECT '2013-05-08T23:39:20.123-07:00'::TIMESTAMP AS tstamp, HOUR(tstamp) AS "HOUR", MINUTE(tstamp) AS "MINUTE", SECOND(tstamp) AS "SECOND";
--> 2013-05-08 23:39:20.123 | 23 | 39 | 20

-- page: docs.snowflake.com/en/sql-reference/functions/dayname
SELECT DAYNAME(TO_DATE('2015-05-01')) AS day;
--> Fri
SELECT DAYNAME(TO_TIMESTAMP_NTZ('2015-05-02 10:00')) AS day;
--> Sat

-- page: docs.snowflake.com/en/sql-reference/functions/monthname
SELECT MONTHNAME(TO_DATE('2015-05-01')) AS month;
--> May
SELECT MONTHNAME(TO_TIMESTAMP_NTZ('2015-04-03 10:00')) AS month;
--> Apr

-- page: docs.snowflake.com/en/sql-reference/functions/dateadd
SELECT TO_DATE('2022-05-08') AS original_date, DATEADD(year, 2, TO_DATE('2022-05-08')) AS date_plus_two_years;
--# ORIGINAL_DATE | DATE_PLUS_TWO_YEARS
--> 2022-05-08 | 2024-05-08
SELECT DATEADD(hour, 2, TO_DATE('2022-05-08')) AS date_plus_two_hours;
--> 2022-05-08 02:00:00.000
SELECT DATEADD(month, 1, '2023-01-31'::DATE) AS different_day;
--> 2023-02-28
SELECT TO_TIMESTAMP_NTZ('2022-05-08 11:22:33.444') AS original, DATEADD(year, 2, original), DATEADD(hour, 2, original), DATEADD(millisecond, 2, original);
--> 2022-05-08 11:22:33.444 | 2024-05-08 11:22:33.444 | 2022-05-08 13:22:33.444 | 2022-05-08 11:22:33.446

-- page: docs.snowflake.com/en/sql-reference/functions/datediff
SELECT DATEDIFF(year, '2010-04-09 14:39:20'::TIMESTAMP, '2013-05-08 23:39:20'::TIMESTAMP) AS diff_years;
--> 3
SELECT DATEDIFF(hour, '2013-05-08T23:39:20.123-07:00'::TIMESTAMP, DATEADD(year, 2, '2013-05-08T23:39:20.123-07:00'::TIMESTAMP)) AS diff_hours;
--> 17520
SELECT column1 date_1, column2 date_2, DATEDIFF(year, column1, column2) diff_years, DATEDIFF(month, column1, column2) diff_months, DATEDIFF(day, column1, column2) diff_days, column2::DATE - column1::DATE AS diff_days_via_minus
  FROM VALUES ('2015-12-30', '2015-12-31'), ('2015-12-31', '2016-01-01'), ('2016-01-01', '2017-12-31'), ('2016-08-23', '2016-09-07');
--> 2015-12-30 | 2015-12-31 | 0 | 0 | 1 | 1
--> 2015-12-31 | 2016-01-01 | 1 | 1 | 1 | 1
--> 2016-01-01 | 2017-12-31 | 1 | 23 | 730 | 730
--> 2016-08-23 | 2016-09-07 | 0 | 1 | 15 | 15
SELECT column1 start_time, column2 end_time, DATEDIFF(second, column1::TIME, column2::TIME) diff_seconds, DATEDIFF(minute, column1::TIME, column2::TIME) diff_minutes, DATEDIFF(hour, column1::TIME, column2::TIME) diff_hours FROM VALUES ('00:00:00', '23:59:59'), ('01:59:59', '02:00:00');
--> 00:00:00 | 23:59:59 | 86399 | 1439 | 23
--> 01:59:59 | 02:00:00 | 1 | 1 | 1

-- page: docs.snowflake.com/en/sql-reference/functions/date_trunc
SELECT TO_DATE('2015-05-08T23:39:20.123-07:00') AS "DATE1", DATE_TRUNC('YEAR', "DATE1") AS "TRUNCATED TO YEAR", DATE_TRUNC('MONTH', "DATE1") AS "TRUNCATED TO MONTH", DATE_TRUNC('DAY', "DATE1") AS "TRUNCATED TO DAY";
--> 2015-05-08 | 2015-01-01 | 2015-05-01 | 2015-05-08
SELECT TO_TIME('23:39:20.123') AS "TIME1", DATE_TRUNC('MINUTE', "TIME1") AS "TRUNCATED TO MINUTE";
--> 23:39:20.123000 | 23:39:00
SELECT TO_TIMESTAMP('2015-05-08T23:39:20.123-07:00') AS "TIMESTAMP1", DATE_TRUNC('HOUR', "TIMESTAMP1"), DATE_TRUNC('MINUTE', "TIMESTAMP1"), DATE_TRUNC('SECOND', "TIMESTAMP1");
--> 2015-05-08 23:39:20.123 | 2015-05-08 23:00:00.000 | 2015-05-08 23:39:00.000 | 2015-05-08 23:39:20.000

-- page: docs.snowflake.com/en/sql-reference/functions/last_day
SELECT TO_DATE('2015-05-08T23:39:20.123-07:00') AS "DATE", LAST_DAY("DATE") AS "LAST DAY OF MONTH";
--> 2015-05-08 | 2015-05-31
SELECT TO_DATE('2015-05-08T23:39:20.123-07:00') AS "DATE", LAST_DAY("DATE", 'YEAR') AS "LAST DAY OF YEAR";
--> 2015-05-08 | 2015-12-31

-- page: docs.snowflake.com/en/sql-reference/functions/next_day
SELECT NEXT_DAY('2013-05-08'::DATE, 'Friday') AS "NEXT FRIDAY";
--> 2013-05-10

-- page: docs.snowflake.com/en/sql-reference/functions/previous_day
SELECT PREVIOUS_DAY('2013-05-08'::DATE, 'Friday') AS "PREVIOUS FRIDAY";
--> 2013-05-03

-- page: docs.snowflake.com/en/sql-reference/functions/months_between
SELECT MONTHS_BETWEEN('2019-03-15'::DATE, '2019-02-15'::DATE) AS monthsbetween1, MONTHS_BETWEEN('2019-03-31'::DATE, '2019-02-28'::DATE) AS monthsbetween2;
--> 1.000000 | 1.000000
SELECT MONTHS_BETWEEN('2019-03-01'::DATE, '2019-02-15'::DATE) AS monthsbetween1;
--> 0.548387
--d 0.5483870967741935
SELECT MONTHS_BETWEEN('2019-03-28'::DATE, '2019-02-28'::DATE), MONTHS_BETWEEN('2019-03-30'::DATE, '2019-02-28'::DATE), MONTHS_BETWEEN('2019-03-31'::DATE, '2019-02-28'::DATE);
--> 1.000000 | 1.064516 | 1.000000
--d 1 | 1.064516129032258 | 1

-- page: docs.snowflake.com/en/sql-reference/functions/time_slice
SELECT '2019-02-28'::DATE AS "DATE", TIME_SLICE("DATE", 4, 'MONTH', 'START') AS "START OF SLICE", TIME_SLICE("DATE", 4, 'MONTH', 'END') AS "END OF SLICE";
--> 2019-02-28 | 2019-01-01 | 2019-05-01
SELECT '2019-02-28T01:23:45.678'::TIMESTAMP_NTZ AS "TIMESTAMP 1", '2019-02-28T12:34:56.789'::TIMESTAMP_NTZ AS "TIMESTAMP 2", TIME_SLICE("TIMESTAMP 1", 8, 'HOUR') AS "SLICE FOR TIMESTAMP 1", TIME_SLICE("TIMESTAMP 2", 8, 'HOUR') AS "SLICE FOR TIMESTAMP 2";
--> 2019-02-28 01:23:45.678 | 2019-02-28 12:34:56.789 | 2019-02-28 00:00:00.000 | 2019-02-28 08:00:00.000

-- page: docs.snowflake.com/en/sql-reference/functions/convert_timezone
SELECT CONVERT_TIMEZONE('America/Los_Angeles', 'America/New_York', '2024-01-01 14:00:00'::TIMESTAMP_NTZ) AS conv;
--> 2024-01-01 17:00:00.000
SELECT CONVERT_TIMEZONE('Europe/Warsaw', 'UTC', '2024-01-01 00:00:00'::TIMESTAMP_NTZ) AS conv;
--> 2023-12-31 23:00:00.000
SELECT CONVERT_TIMEZONE('America/Los_Angeles', '2024-04-05 12:00:00 +02:00') AS time_in_la;
--> 2024-04-05 03:00:00.000 -0700

-- page: docs.snowflake.com/en/sql-reference/functions/to_date
SELECT TO_DATE('2024-05-10'), DATE('2024-05-10');
--> 2024-05-10 | 2024-05-10
SELECT TO_DATE('2024.05.10', 'YYYY.MM.DD'), DATE('2024.05.10', 'YYYY.MM.DD');
--> 2024-05-10 | 2024-05-10
SELECT TO_DATE('31536000'), TO_DATE('1612137600');
--> 1971-01-01 | 2021-02-01
SELECT TRY_TO_DATE('2024-05-10') AS valid_date, TRY_TO_DATE('Invalid') AS invalid_date;
--> 2024-05-10 | NULL

-- page: docs.snowflake.com/en/sql-reference/functions/to_time
SELECT TO_TIME('13:30:00'), TIME('13:30:00');
--> 13:30:00 | 13:30:00
SELECT TO_TIME('11.15.00', 'HH24.MI.SS');
--> 11:15:00
SELECT TO_TIME('31536001');
--> 00:00:01
--? 100108 31536001

-- page: docs.snowflake.com/en/sql-reference/functions/to_timestamp
SELECT TO_TIMESTAMP_NTZ('2013-05-08T23:39:20.123');
--> 2013-05-08 23:39:20.123
SELECT TO_TIMESTAMP_TZ('2024-04-05 01:02:03');
--> 2024-04-05 01:02:03.000 -0700
SELECT TO_TIMESTAMP_NTZ('2024-04-05 01:02:03');
--> 2024-04-05 01:02:03.000
SELECT TO_TIMESTAMP_TZ('04/05/2024 01:02:03', 'mm/dd/yyyy hh24:mi:ss');
--> 2024-04-05 01:02:03.000 -0700
SELECT TO_TIMESTAMP_NTZ(40 * 365.25 * 86400);
--> 2010-01-01 00:00:00.000
SELECT TO_TIMESTAMP(31000000), TO_TIMESTAMP(31000000::VARIANT);
--> 1970-12-25 19:06:40.000 | 1970-12-25 19:06:40.000
SELECT TO_TIMESTAMP(1487654321), TO_TIMESTAMP('1487654321'), TO_TIMESTAMP(1487654321123, 3);
--> 2017-02-21 05:18:41.000 | 2017-02-21 05:18:41.000 | 2017-02-21 05:18:41.123

-- page: docs.snowflake.com/en/sql-reference/data-types-datetime
SELECT TO_DATE('2017-01-01') + 1, TO_DATE('2017-01-01') - TO_DATE('2016-12-25');
--> 2017-01-02 | 7
SELECT TO_DATE('2018-04-15') + INTERVAL '1 year';
--> 2019-04-15
--d 2019-04-15 00:00:00.000
SELECT TO_DATE('2019-02-28') + INTERVAL '1 day, 1 year';
--> 2020-03-01
--? 1003 invalid interval
SELECT TO_DATE('2019-02-28') + INTERVAL '1 year, 1 day';
--> 2020-02-29
--? 1003 invalid interval

-- page: docs.snowflake.com/en/sql-reference/functions-date-time
CREATE OR REPLACE TABLE week_examples (d DATE);
INSERT INTO week_examples VALUES ('2016-12-30'), ('2016-12-31'), ('2017-01-01'), ('2017-01-02'), ('2017-01-03'), ('2017-01-04'), ('2017-01-05'), ('2017-12-30'), ('2017-12-31');
ALTER SESSION SET WEEK_START = 0;
SELECT d, DAYNAME(d), DAYOFWEEK(d), DATE_TRUNC('week', d), LAST_DAY(d, 'week'), DATEDIFF('week', '2017-01-01', d) FROM week_examples WHERE d < '2017-01-03' ORDER BY d;
--> 2016-12-30 | Fri | 5 | 2016-12-26 | 2017-01-01 | 0
--> 2016-12-31 | Sat | 6 | 2016-12-26 | 2017-01-01 | 0
--> 2017-01-01 | Sun | 0 | 2016-12-26 | 2017-01-01 | 0
--> 2017-01-02 | Mon | 1 | 2017-01-02 | 2017-01-08 | 1
ALTER SESSION SET WEEK_START = 1;
SELECT d, DAYNAME(d), DAYOFWEEK(d), DATE_TRUNC('week', d), LAST_DAY(d, 'week'), DATEDIFF('week', '2017-01-01', d) FROM week_examples WHERE d < '2017-01-03' ORDER BY d;
--> 2016-12-30 | Fri | 5 | 2016-12-26 | 2017-01-01 | 0
--> 2016-12-31 | Sat | 6 | 2016-12-26 | 2017-01-01 | 0
--> 2017-01-01 | Sun | 7 | 2016-12-26 | 2017-01-01 | 0
--> 2017-01-02 | Mon | 1 | 2017-01-02 | 2017-01-08 | 1
ALTER SESSION SET WEEK_START = 3;
SELECT d, DAYNAME(d), DAYOFWEEK(d), DATE_TRUNC('week', d), LAST_DAY(d, 'week'), DATEDIFF('week', '2017-01-01', d) FROM week_examples WHERE d BETWEEN '2016-12-31' AND '2017-01-04' ORDER BY d;
--> 2016-12-31 | Sat | 4 | 2016-12-28 | 2017-01-03 | 0
--> 2017-01-01 | Sun | 5 | 2016-12-28 | 2017-01-03 | 0
--> 2017-01-02 | Mon | 6 | 2016-12-28 | 2017-01-03 | 0
--> 2017-01-03 | Tue | 7 | 2016-12-28 | 2017-01-03 | 0
--> 2017-01-04 | Wed | 1 | 2017-01-04 | 2017-01-10 | 1
ALTER SESSION SET WEEK_OF_YEAR_POLICY = 0, WEEK_START = 0;
SELECT d, WEEK(d), WEEKISO(d), YEAROFWEEK(d), YEAROFWEEKISO(d) FROM week_examples WHERE d BETWEEN '2016-12-31' AND '2017-01-02' ORDER BY d;
--> 2016-12-31 | 52 | 52 | 2016 | 2016
--> 2017-01-01 | 52 | 52 | 2016 | 2016
--> 2017-01-02 | 1 | 1 | 2017 | 2017
ALTER SESSION SET WEEK_OF_YEAR_POLICY = 1, WEEK_START = 1;
SELECT d, WEEK(d), WEEKISO(d), YEAROFWEEK(d), YEAROFWEEKISO(d) FROM week_examples WHERE d BETWEEN '2016-12-31' AND '2017-01-02' OR d > '2017-02-01' ORDER BY d;
--> 2016-12-31 | 53 | 52 | 2016 | 2016
--> 2017-01-01 | 1 | 52 | 2017 | 2016
--> 2017-01-02 | 2 | 1 | 2017 | 2017
--> 2017-12-30 | 53 | 52 | 2017 | 2017
--> 2017-12-31 | 53 | 52 | 2017 | 2017
ALTER SESSION UNSET WEEK_OF_YEAR_POLICY, WEEK_START;
