"""Run by another interpreter with connector 5: does what the runner does, and prints what came back."""

import datetime
import json
import os
import sys

os.environ["SNOWFLAKE_DISABLE_PLATFORM_DETECTION"] = "true"

import snowflake.connector

port, database = sys.argv[1:]
token = os.environ["SANDBOX_TOKEN"]
given = {
    "account": "IMCUST",
    "user": "SVC4SNOWFLAKEDEPLOY",
    "authenticator": "PROGRAMMATIC_ACCESS_TOKEN",
    "host": "127.0.0.1",
    "port": int(port),
    "protocol": "http",
}


def refused(call):
    try:
        call()
    except snowflake.connector.errors.Error as error:
        return [error.errno, error.sqlstate]
    return None


told = {"version": snowflake.connector.__version__}
told["wrong_token"] = refused(lambda: snowflake.connector.connect(**given, token="wrong"))
connection = snowflake.connector.connect(**given, token=token, database=database, paramstyle="qmark")
cursor = connection.cursor()
cursor.execute("ALTER SESSION SET QUERY_TAG = 'five', TIMEZONE = 'UTC'")
cursor.execute("CREATE TABLE T5 (N NUMBER(38,2), S VARCHAR, D DATE, M TIMESTAMP_NTZ, V VARIANT)")
cursor.execute("INSERT INTO T5 SELECT 1.50, 'x', '2020-01-02', '2020-01-02 03:04:05.678', PARSE_JSON('{\"a\":1}')")
told["inserted"] = cursor.rowcount
cursor.execute("INSERT INTO T5 (N, S) VALUES (?, ?)", (2, "it's"))
cursor.executemany("INSERT INTO T5 (N, S) VALUES (?, ?)", [(n, str(n)) for n in range(10, 20)])
row = cursor.execute("SELECT * FROM T5 WHERE N = 1.5").fetchone()
told["row"] = [str(value) for value in row]
told["types"] = [isinstance(row[2], datetime.date), isinstance(row[3], datetime.datetime)]
told["sum"] = int(cursor.execute("SELECT SUM(N) FROM T5 WHERE N <> 1.5").fetchone()[0])
told["many"] = len(
    cursor.execute("SELECT SEQ4() AS N, REPEAT('x', 100) FROM TABLE(GENERATOR(ROWCOUNT => 50000))").fetchall()
)
told["missing"] = refused(lambda: cursor.execute("SELECT * FROM NOWHERE"))
told["query_id"] = len(cursor.sfqid or "")
told["counts"] = refused(lambda: cursor.execute("SELECT 1; SELECT 2"))
cursor.execute("SELECT 1; SELECT 2", num_statements=2)
first = cursor.fetchone()
cursor.nextset()
told["several"] = [first[0], cursor.fetchone()[0]]
cursor.execute_async("SELECT 5")
query_id = cursor.sfqid
cursor.get_results_from_sfqid(query_id)
told["later"] = [list(row) for row in cursor.fetchall()]
connection.close()
print(json.dumps(told))
