"""Statements that take their time: asked again, cancelled, run beside others, cut off. No test waits for a clock."""

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from snowflake.connector.constants import QueryStatus
from snowflake.connector.errors import DatabaseError, Error, OperationalError, ProgrammingError


def until(true):
    """Spin on the server's own word; ends with the test's timeout if it never comes."""
    pause = threading.Event()
    for _ in range(3000):
        if true():
            return
        pause.wait(0.01)
    raise AssertionError("it never came")


def test_a_statement_longer_than_the_wait_runs_once(connect, locked_table, order, wire):
    name, free = locked_table
    order("settings", wait_seconds=0.05)
    connection = connect()
    requests = wire.send("GET", "/sandbox/status")[1]["data"]["paths"].get("/queries/{query_id}/result", 0)

    with ThreadPoolExecutor(1) as pool:
        update = pool.submit(connection.cursor().execute, f"UPDATE {name} SET N = N + 10")
        until(
            lambda: (
                wire.send("GET", "/sandbox/status")[1]["data"]["paths"].get("/queries/{query_id}/result", 0)
                > requests + 2
            )
        )
        free()
        assert update.result().rowcount == 1

    assert connection.cursor().execute(f"SELECT N FROM {name}").fetchone() == (12,)


def test_the_same_request_id_is_executed_once_and_answered_the_same(connect, fresh_database, wire):
    connection = connect(database=fresh_database)
    connection.cursor().execute("CREATE TABLE T (N INT)")
    request_id = str(uuid.uuid4())

    answers = [wire.query(connection, "INSERT INTO T VALUES (1)", request_id) for _ in range(3)]

    assert answers[0]["success"]
    assert answers[0] == answers[1] == answers[2]
    assert connection.cursor().execute("SELECT COUNT(*) FROM T").fetchone() == (1,)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_connection_cut_around_a_statement_does_not_run_it_twice(connect, fresh_database, order, when):
    connection = connect(database=fresh_database)
    connection.cursor().execute("CREATE TABLE T (N INT)")
    order("faults", when=when, action="cut", match="INSERT INTO T")

    assert connection.cursor().execute("INSERT INTO T VALUES (1)").rowcount == 1
    assert connection.cursor().execute("SELECT COUNT(*) FROM T").fetchone() == (1,)


def test_a_connection_that_stays_cut_leaves_the_outcome_to_the_history(connect, fresh_database, order):
    connection = connect(database=fresh_database, network_timeout=3)
    connection.cursor().execute("CREATE TABLE T (N INT)")
    order("faults", when="after", action="cut", match="INSERT INTO T", times=1000)

    with pytest.raises(OperationalError):
        connection.cursor().execute("INSERT INTO T VALUES (1)")

    assert connect(database=fresh_database).cursor().execute("SELECT COUNT(*) FROM T").fetchone() == (1,)


def test_an_ordered_error_is_an_incident(connect, order):
    order("faults", action="error", match="SELECT 77")

    with pytest.raises(ProgrammingError) as caught:
        connect().cursor().execute("SELECT 77")

    assert caught.value.errno == 603


def test_asynchronous_statements_are_watched_and_fetched(connect, locked_table):
    name, free = locked_table
    connection = connect()
    cursor = connection.cursor()
    cursor.execute_async(f"UPDATE {name} SET N = N + 10")
    assert connection.is_still_running(connection.get_query_status(cursor.sfqid))

    free()
    until(lambda: not connection.is_still_running(connection.get_query_status(cursor.sfqid)))

    assert connection.get_query_status(cursor.sfqid) is QueryStatus.SUCCESS
    cursor.get_results_from_sfqid(cursor.sfqid)
    assert cursor.fetchall() == [(1, 0)]


def test_an_asynchronous_failure_says_why(connect):
    connection = connect()
    cursor = connection.cursor()
    cursor.execute_async("SELECT * FROM NOWHERE.AT.ALL")
    until(lambda: not connection.is_still_running(connection.get_query_status(cursor.sfqid)))

    with pytest.raises(ProgrammingError, match=r"NOWHERE"):
        connection.get_query_status_throw_if_error(cursor.sfqid)


def test_a_statement_that_waits_is_cancelled_from_another_connection(connect, locked_table):
    name, _ = locked_table
    connection = connect()
    cursor = connection.cursor()
    cursor.execute_async(f"UPDATE {name} SET N = 0")

    assert "terminated" in connect().cursor().execute(f"SELECT SYSTEM$CANCEL_QUERY('{cursor.sfqid}')").fetchone()[0]

    until(lambda: not connection.is_still_running(connection.get_query_status(cursor.sfqid)))
    with pytest.raises(ProgrammingError) as caught:
        connection.get_query_status_throw_if_error(cursor.sfqid)
    assert caught.value.errno == 604


def test_the_connectors_own_timeout_cancels_the_statement(connect, locked_table):
    name, _ = locked_table
    connection = connect()

    with pytest.raises(ProgrammingError) as caught:
        connection.cursor().execute(f"UPDATE {name} SET N = 0", timeout=1)

    assert (caught.value.errno, caught.value.sqlstate) == (604, "57014")
    assert connection.cursor().execute("SELECT 1").fetchone() == (1,)


def test_the_statement_timeout_ends_what_waits(connect, locked_table):
    name, _ = locked_table
    cursor = connect(session_parameters={"STATEMENT_TIMEOUT_IN_SECONDS": 1}).cursor()

    with pytest.raises(ProgrammingError) as caught:
        cursor.execute(f"UPDATE {name} SET N = 0")

    assert (caught.value.errno, caught.value.sqlstate) == (630, "57014")


def test_logging_out_cancels_what_the_session_runs(connect, locked_table, wire):
    name, free = locked_table
    connection = connect()
    cursor = connection.cursor()
    cursor.execute_async(f"UPDATE {name} SET N = 100")

    wire.send("POST", "/session?delete=true", b"{}", {"Authorization": f'Snowflake Token="{connection.rest.token}"'})

    free()
    assert connect().cursor().execute(f"SELECT N FROM {name}").fetchone() == (2,)


def test_a_client_that_is_gone_loses_its_open_transaction(connect, fresh_database, order):
    order("settings", detached_seconds=0)
    gone = connect(database=fresh_database)
    gone.cursor().execute("CREATE TABLE T (N INT)")
    gone.cursor().execute("INSERT INTO T VALUES (1)")
    gone.cursor().execute("BEGIN")
    gone.cursor().execute("UPDATE T SET N = 2")

    gone.rest.session_manager.close()

    waiting = connect(database=fresh_database, session_parameters={"LOCK_TIMEOUT": 30}).cursor()
    assert waiting.execute("UPDATE T SET N = N + 10").rowcount == 1
    assert waiting.execute("SELECT N FROM T").fetchone() == (11,)


@pytest.mark.parametrize(("abort", "left"), [("TRUE", 2), ("FALSE", 12)])
def test_what_a_client_that_is_gone_left_running_is_aborted_or_not(connect, locked_table, order, abort, left):
    name, free = locked_table
    order("settings", detached_seconds=0)
    gone, watcher = connect(session_parameters={"ABORT_DETACHED_QUERY": abort}), connect()
    cursor = gone.cursor()
    cursor.execute_async(f"UPDATE {name} SET N = N + 10")

    gone.rest.session_manager.close()

    if abort == "TRUE":
        until(lambda: not watcher.is_still_running(watcher.get_query_status(cursor.sfqid)))
    free()
    until(lambda: not watcher.is_still_running(watcher.get_query_status(cursor.sfqid)))
    assert watcher.cursor().execute(f"SELECT N FROM {name}").fetchone() == (left,)


def test_eight_threads_of_one_session_get_each_its_own_answer(connect):
    connection = connect()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: connection.cursor().execute(f"SELECT {n}").fetchone()[0], range(80)))

    assert answers == list(range(80))


def test_eight_sessions_insert_side_by_side(connect, fresh_database):
    connections = [connect(database=fresh_database) for _ in range(8)]
    connections[0].cursor().execute("CREATE TABLE T (N INT)")

    def insert(connection):
        for n in range(20):
            connection.cursor().execute(f"INSERT INTO T VALUES ({n})")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(insert, connections))

    assert connections[0].cursor().execute("SELECT COUNT(*), SUM(N) FROM T").fetchone() == (160, 1520)


def test_requests_and_statements_are_counted(connect, wire):
    def counts():
        told = wire.send("GET", "/sandbox/status")[1]["data"]
        return told["requests"], told["statements"], told["paths"].get("/queries/v1/query-request", 0)

    connection = connect()
    before = counts()
    connection.cursor().execute("SELECT 1")
    connection.cursor().execute("SELECT 2; SELECT 3", num_statements=2)
    after = counts()

    # Two requests, and one a statement of the second to fetch its result (the first of them at once).
    assert (after[0] - before[0], after[1] - before[1], after[2] - before[2]) == (3, 3, 2)


def test_latency_is_added_to_every_request(connect, order):
    connection = connect()
    order("settings", latency_ms=30)

    begun = time.monotonic()
    connection.cursor().execute("SELECT 1")

    assert time.monotonic() - begun >= 0.03


@pytest.mark.parametrize("content", [{"latency_ms": -1}, {"nonsense": 1}, {"latency_ms": True}])
def test_settings_that_make_no_sense_are_refused(sandbox, wire, content):
    from runner.sandbox.orders import token as admin_token

    answer = wire.post("/sandbox/settings", content, Authorization=f"Bearer {admin_token(sandbox.root)}")

    assert answer["success"] is False


def test_errors_of_the_connector_are_its_own_kinds(connect):
    with pytest.raises(Error) as caught:
        connect().cursor().execute("SELEC 1")

    assert isinstance(caught.value, DatabaseError)
