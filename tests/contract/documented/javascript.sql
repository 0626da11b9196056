-- page: docs.snowflake.com/en/developer-guide/udf/javascript/udf-javascript-introduction
CREATE OR REPLACE FUNCTION my_array_reverse(a ARRAY)
  RETURNS ARRAY
  LANGUAGE JAVASCRIPT
AS
$$
  return A.reverse();
$$;
SELECT my_array_reverse(ARRAY_CONSTRUCT(1, 'b', 3));
--> [3, "b", 1]
CREATE OR REPLACE FUNCTION js_factorial(d double)
  RETURNS double
  LANGUAGE JAVASCRIPT
  STRICT
  AS $$
  if (D <= 0) {
    return 1;
  } else {
    var result = 1;
    for (var i = 2; i <= D; i++) {
      result = result * i;
    }
    return result;
  }
  $$;
SELECT js_factorial(5), js_factorial(NULL);
--> 120 | NULL

-- page: docs.snowflake.com/en/developer-guide/udf/javascript/udf-javascript-scalar-functions
CREATE TABLE employees (ID INTEGER);
INSERT INTO employees (ID) VALUES (1), (-1);
CREATE FUNCTION validate_ID(ID FLOAT)
RETURNS VARCHAR
LANGUAGE JAVASCRIPT
AS $$
    try {
        if (ID < 0) {
            throw "ID cannot be negative!";
        } else {
            return "ID validated.";
        }
    } catch (err) {
        return "Error: " + err;
    }
$$;
SELECT ID, validate_ID(ID) FROM employees ORDER BY ID;
--> -1 | Error: ID cannot be negative!
--> 1 | ID validated.

-- page: docs.snowflake.com/en/developer-guide/udf/javascript/udf-javascript-tabular-functions
CREATE OR REPLACE FUNCTION HelloWorld0()
    RETURNS TABLE (OUTPUT_COL VARCHAR)
    LANGUAGE JAVASCRIPT
    AS $$ {
        processRow: function f(row, rowWriter, context){
           rowWriter.writeRow({OUTPUT_COL: "Hello"});
           rowWriter.writeRow({OUTPUT_COL: "World"});
        }
       } $$;
SELECT output_col FROM TABLE(HelloWorld0());
--> Hello
--> World
CREATE OR REPLACE FUNCTION HelloHuman(First_Name VARCHAR, Last_Name VARCHAR)
    RETURNS TABLE (V VARCHAR)
    LANGUAGE JAVASCRIPT
    AS $$ {
        processRow: function get_params(row, rowWriter, context){
           rowWriter.writeRow({V: "Hello"});
           rowWriter.writeRow({V: row.FIRST_NAME});
           rowWriter.writeRow({V: row.LAST_NAME});
        }
       } $$;
SELECT V AS Greeting FROM TABLE(HelloHuman('James', 'Kirk'));
--# GREETING
--> Hello
--> James
--> Kirk
CREATE OR REPLACE FUNCTION CHAR_SUM(INS STRING)
    RETURNS TABLE (NUM FLOAT)
    LANGUAGE JAVASCRIPT
    AS $$ {
    processRow: function (row, rowWriter, context) {
      this.ccount = this.ccount + 1;
      this.csum = this.csum + row.INS.length;
      rowWriter.writeRow({NUM: row.INS.length});
    },
    finalize: function (rowWriter, context) {
     rowWriter.writeRow({NUM: this.csum});
    },
    initialize: function(argumentInfo, context) {
     this.ccount = 0;
     this.csum = 0;
    }} $$;
CREATE OR REPLACE TABLE parts (p FLOAT, s STRING);
INSERT INTO parts VALUES (1, 'michael'), (1, 'kelly'), (1, 'brian');
INSERT INTO parts VALUES (2, 'clara'), (2, 'maggie'), (2, 'reagan');
SELECT NUM FROM parts, TABLE(CHAR_SUM(s) OVER (PARTITION BY p)) WHERE p = 1;
--~ 7
--~ 5
--~ 5
--~ 17

-- page: docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-javascript
CREATE OR REPLACE PROCEDURE get_row_count(table_name VARCHAR)
  RETURNS FLOAT NOT NULL
  LANGUAGE JAVASCRIPT
  AS
  $$
  var row_count = 0;
  // Dynamically compose the SQL statement to execute.
  var sql_command = "select count(*) from " + TABLE_NAME;
  // Run the statement.
  var stmt = snowflake.createStatement({sqlText: sql_command});
  var res = stmt.execute();
  // Get back the row count. Specifically, ...
  // ... get the first (and in this case only) row from the result set ...
  res.next();
  // ... and then get the returned value, which in this case is the number of rows in the table.
  row_count = res.getColumnValue(1);
  return row_count;
  $$;
CREATE TABLE stproc_test_table3 (n10 NUMERIC(10,0), n12 NUMERIC(12,4), v1 VARCHAR(19));
INSERT INTO stproc_test_table3 (n10, n12, v1) VALUES (1, 1.0, '1'), (2, 2.0, '2');
CALL get_row_count('stproc_test_table3');
--# GET_ROW_COUNT
--> 2
CREATE OR REPLACE PROCEDURE broken()
  RETURNS VARCHAR NOT NULL
  LANGUAGE JAVASCRIPT
  AS
  $$
  var result = "";
  try {
      snowflake.execute( {sqlText: "Invalid Command!;"} );
      result = "Succeeded";
      }
  catch (err)  {
      result =  "Failed: Code: " + err.code + "  State: " + err.state;
      }
  return result;
  $$;
CALL broken();
--> Failed: Code: 1003  State: 42000
CREATE OR REPLACE PROCEDURE validate_age (age FLOAT)
RETURNS VARCHAR
LANGUAGE JAVASCRIPT
AS $$
    try {
        if (AGE < 0) {
            throw "Age cannot be negative!";
        } else {
            return "Age validated.";
        }
    } catch (err) {
        return "Error: " + err;
    }
$$;
CALL validate_age(50);
--> Age validated.
CALL validate_age(-2);
--> Error: Age cannot be negative!
CREATE OR REPLACE PROCEDURE right_bind(TIMESTAMP_VALUE VARCHAR)
RETURNS BOOLEAN
LANGUAGE JAVASCRIPT
AS
$$
var cmd = "SELECT CURRENT_DATE() > TO_TIMESTAMP(:1, 'YYYY-MM-DD HH24:MI:SS')";
var stmt = snowflake.createStatement(
          {
          sqlText: cmd,
          binds: [TIMESTAMP_VALUE]
          }
          );
var result1 = stmt.execute();
result1.next();
return result1.getColumnValue(1);
$$;
CALL right_bind('2019-09-16 01:02:03');
--> TRUE
