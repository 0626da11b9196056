"""Every call of a cursor that programs make."""

import os
import sys
import time
from decimal import Decimal

import snowflake.connector
from snowflake.connector import DictCursor
from snowflake.connector.errors import ProgrammingError
from tour import end, step

MAJOR = int(snowflake.connector.__version__.split(".")[0])
KNOWN = {
    "account": "imsdlc",
    "user": "svc4snowflakedeploy",
    "authenticator": "PROGRAMMATIC_ACCESS_TOKEN",
    "token": os.environ["SANDBOX_PAT"],
    "host": "127.0.0.1",
    "port": int(os.environ["SANDBOX_PORT"]),
    "protocol": "http",
    "role": "ACCOUNTADMIN",
    "warehouse": "ADMIN_WH",
    "database": os.environ["SANDBOX_DATABASE"],
    "schema": "PUBLIC",
}


def connect(**options):
    return snowflake.connector.connect(**{**KNOWN, **options})


connection = connect()
cursor = connection.cursor()
one = lambda text, *values: cursor.execute(text, *values).fetchone()  # noqa: E731


def number(error, call):
    try:
        call()
    except ProgrammingError as caught:
        return caught.errno
    return f"no {error}"


def qmark():
    with connect(paramstyle="qmark") as other:
        return other.cursor().execute("SELECT ?, ?", (1, "a'b")).fetchone()


def numeric():
    with connect(paramstyle="numeric") as other:
        return other.cursor().execute("SELECT :2, :1", (1, "x")).fetchone()


def array_binding():
    with connect(paramstyle="qmark") as other:
        held = other.cursor()
        held.execute("CREATE OR REPLACE TABLE MANY (N INT, V VARCHAR)")
        held.executemany("INSERT INTO MANY VALUES (?, ?)", [(n, f"v{n}") for n in range(500)])
        return held.rowcount, held.execute("SELECT SUM(N) FROM MANY").fetchone()


def several():
    cursor.execute("SELECT 1; SELECT 2", num_statements=2)
    first = cursor.fetchone()
    cursor.nextset()
    return first, cursor.fetchone()


def asynchronous():
    cursor.execute_async("SELECT 5")
    number_ = cursor.sfqid
    while connection.is_still_running(connection.get_query_status(number_)):
        time.sleep(0.01)
    cursor.get_results_from_sfqid(number_)
    return cursor.fetchone()


def result_scan():
    cursor.execute("SELECT 7 AS N")
    return one(f"SELECT N FROM TABLE(RESULT_SCAN('{cursor.sfqid}'))")


def cancelled():
    started = time.monotonic()
    try:
        cursor.execute("CALL SYSTEM$WAIT(30)", timeout=1)
    except ProgrammingError as caught:
        return caught.errno, time.monotonic() - started < 20
    return "no time-out"


def statement_timeout():
    with connect(session_parameters={"STATEMENT_TIMEOUT_IN_SECONDS": 1}) as other:
        return number("time-out", lambda: other.cursor().execute("CALL SYSTEM$WAIT(30)"))


def batches():
    cursor.execute("SELECT SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => 100000))")
    return sum(batch.rowcount for batch in cursor.get_result_batches())


def dictionary():
    return connection.cursor(DictCursor).execute("SELECT 1 AS A, 'x' AS B").fetchone()


def described():
    return [(column.name, column.type_code) for column in cursor.describe("SELECT 1 AS A, 'x' AS B")]


def rolled_back():
    cursor.execute("CREATE OR REPLACE TABLE T (N INT)")
    connection.autocommit(False)
    cursor.execute("INSERT INTO T VALUES (1)")
    connection.rollback()
    connection.autocommit(True)
    return one("SELECT COUNT(*) FROM T")


def written():
    import pandas
    from snowflake.connector.pandas_tools import write_pandas

    frame = pandas.DataFrame({"A": [1, 2], "B": ["x", None]})
    return write_pandas(connection, frame, "FRAME", auto_create_table=True)[0:3]


step("pyformat binds", lambda: one("SELECT %s, %s", (1, "a'b")), (1, "a'b"))
step("named pyformat binds", lambda: one("SELECT %(a)s, %(b)s", {"a": None, "b": 1.5}), (None, Decimal("1.5")))
step("qmark binds", qmark, (1, "a'b"))
step("numeric binds", numeric, ("x", 1))
step("executemany with array binding", array_binding, (500, (124750,)))
step("num_statements", several, ((1,), (2,)))
step(
    "execute_string",
    lambda: [c.fetchone() for c in connection.execute_string("SELECT 1; SELECT 'a;b';")],
    [(1,), ("a;b",)],
)
step("describe", described, [("A", 0), ("B", 2)])
step("execute_async and its status", asynchronous, (5,))
step("RESULT_SCAN of an sfqid", result_scan, (7,))
step("fetch_arrow_all", lambda: cursor.execute("SELECT 1 AS N").fetch_arrow_all().num_rows, 1)
step("fetch_pandas_all", lambda: list(cursor.execute("SELECT 1 AS N, 'x' AS V").fetch_pandas_all()["V"]), ["x"])
step("get_result_batches", batches, 100_000)
step("DictCursor", dictionary, {"A": 1, "B": "x"})
step("rollback", rolled_back, (0,))
step("errors with number and state", lambda: number("error", lambda: cursor.execute("SELECT * FROM NOWHERE")), 2003)
if MAJOR < 5:
    step("execute(timeout=…) cancels", cancelled, (604, True))
step("STATEMENT_TIMEOUT_IN_SECONDS", statement_timeout, 630)
step("session_id", lambda: str(connection.session_id) == str(one("SELECT CURRENT_SESSION()")[0]), True)
step(
    "password login with a token",
    lambda: (
        connect(authenticator="SNOWFLAKE", password=KNOWN["token"]).cursor().execute("SELECT CURRENT_USER()").fetchone()
    ),
    ("SVC4SNOWFLAKEDEPLOY",),
)
step("write_pandas", written)
end()
sys.stdout.flush()
connection.close()
os._exit(0)
