"""Accidents on order: what each does to a client that knows nothing of them, and orders that cannot be followed."""

import pytest
from snowflake.connector.errors import DatabaseError, ProgrammingError

from runner.sandbox.orders import Orders
from runner.sandbox.process import SandboxError


@pytest.fixture
def orders(sandbox):
    made = Orders(sandbox)
    before = made.set()
    yield made
    made.clear_faults()
    made.set(**before)


def test_an_error_has_the_number_and_words_that_were_ordered(connect, orders):
    orders.fault("error", match="SELECT 5", code=90100, sqlstate="57014", message="No luck today")

    with pytest.raises(ProgrammingError, match="No luck today") as caught:
        connect().cursor().execute("SELECT 5")

    assert (caught.value.errno, caught.value.sqlstate) == (90100, "57014")


def test_an_error_after_executing_hides_what_was_done(connect, fresh_database, orders):
    cursor = connect(database=fresh_database).cursor()
    cursor.execute("CREATE TABLE T (N INT)")
    orders.fault("error", when="after", match="INSERT INTO T")

    with pytest.raises(ProgrammingError):
        cursor.execute("INSERT INTO T VALUES (1)")

    assert cursor.execute("SELECT * FROM T").fetchall() == [(1,)]


def test_the_nth_statement_and_every_so_many_th_from_there(connect, orders):
    orders.fault("error", match="SELECT 7", nth=2, every=2, times=2)
    cursor = connect().cursor()

    def works():
        try:
            cursor.execute("SELECT 7")
        except ProgrammingError:
            return False
        return True

    assert [works() for _ in range(7)] == [True, False, True, False, True, True, True]
    assert orders.faults() == []


def test_always_means_until_it_is_cleared(connect, orders):
    orders.fault("error", match="SELECT 8", times=0)
    cursor = connect().cursor()
    for _ in range(3):
        with pytest.raises(ProgrammingError):
            cursor.execute("SELECT 8")

    [fault] = orders.faults()
    orders.clear_faults()

    assert (fault["seen"], fault["happened"]) == (3, 3)
    assert cursor.execute("SELECT 8").fetchone() == (8,)


def test_a_token_that_ends_is_renewed_and_the_statement_runs_once(connect, fresh_database, orders):
    connection = connect(database=fresh_database)
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE T (N INT)")
    old = connection.rest.token
    orders.fault("expire-token", match="INSERT INTO T")

    cursor.execute("INSERT INTO T VALUES (1)")

    assert connection.rest.token != old
    assert cursor.execute("SELECT COUNT(*) FROM T").fetchone() == (1,)


def test_a_session_that_is_killed_says_that_it_is_gone(connect, orders):
    cursor = connect().cursor()
    orders.fault("kill-session", match="SELECT 9")

    with pytest.raises(DatabaseError, match=r"log ?in"):
        cursor.execute("SELECT 9")

    assert connect().cursor().execute("SELECT 9").fetchone() == (9,)


def test_a_slow_answer_comes_whole(connect, orders):
    orders.fault("slow", when="after", match="SELECT 10", seconds=0.2)

    assert connect().cursor().execute("SELECT 10 AS N, 'x' AS V").fetchall() == [(10, "x")]
    assert orders.faults() == []


@pytest.mark.parametrize("at", ["login", "heartbeat"])
def test_other_requests_have_accidents_too(connect, sandbox, wire, orders, at):
    connection = connect()
    orders.fault("error", at=at, code=390144, message="not today")

    if at == "login":
        with pytest.raises(DatabaseError, match="not today"):
            connect()
    else:
        header = f'Snowflake Token="{connection.rest.token}"'
        assert wire.post("/session/heartbeat", {}, Authorization=header)["message"] == "not today"


def test_latency_of_requests_and_statements_is_counted_and_put_back(connect, orders):
    assert orders.set(latency_ms=3, statement_ms=2) == {**orders.set(), "latency_ms": 3.0, "statement_ms": 2.0}
    assert connect().cursor().execute("SELECT 1").fetchone() == (1,)


def test_what_happened_is_counted(connect, orders):
    before = orders.status()["faults"].get("delay", 0)
    orders.fault("delay", match="SELECT 11", seconds=0.001)

    connect().cursor().execute("SELECT 11")

    assert orders.status()["faults"]["delay"] == before + 1


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"action": "explode"}, "'action' of a fault is one of cut, error"),
        ({"action": "cut", "at": "night"}, "'at' of a fault is one of statement"),
        ({"action": "cut", "nth": 0}, "count from 1"),
        ({"action": "cut", "times": -1}, "count from 1"),
        ({"action": "cut", "times": True}, "'times' is not a int"),
        ({"action": "delay", "seconds": 1e9}, "0 to 3600"),
        ({"action": "cut", "match": "("}, "not a regular expression"),
        ({"action": "cut", "at": "login", "match": "x"}, "'match' looks at a statement's text"),
        ({"action": "cut", "colour": "red"}, "a fault has no 'colour'"),
    ],
)
def test_an_order_that_cannot_be_followed_is_refused(orders, order, words):
    with pytest.raises(SandboxError, match=words.replace("(", r"\(")):
        orders.fault(**order)
