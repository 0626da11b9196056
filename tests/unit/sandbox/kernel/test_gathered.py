"""What a script inserts row by row is there for every statement after it, and on disk before the client is answered."""

import threading

import pytest

from runner.sandbox.catalog.model import Table
from runner.sandbox.control import Control
from runner.sandbox.errors import SnowflakeError


@pytest.fixture
def table(client):
    client.execute("CREATE TABLE many (n INT, t VARCHAR(5), ok BOOLEAN, d NUMBER(10, 2))")
    return client


def loop(count, values="(:i)", columns="(n)"):
    return (
        f"BEGIN FOR i IN 1 TO {count} DO INSERT INTO many {columns} VALUES {values}; END FOR; RETURN SQLROWCOUNT; END"
    )


def test_every_row_of_a_loop_is_there(table):
    assert table.one(loop(50, "(:i, 'x', TRUE, -1.5), (NULL, '', NULL, 2)", "(n, t, ok, d)")) == 2
    assert table.rows("SELECT COUNT(*), SUM(n), COUNT(ok), SUM(d), MIN(t), MAX(t) FROM many")[0][:3] == (100, 1275, 50)
    assert str(table.one("SELECT SUM(d) FROM many")) == "25.00"


def test_the_script_itself_sees_its_rows(table):
    script = (
        "DECLARE c INT; BEGIN INSERT INTO many (n) VALUES (1); SELECT COUNT(*) INTO :c FROM many; "
        "INSERT INTO many (n) VALUES (:c + 1); INSERT INTO many (n) VALUES (10); "
        "UPDATE many SET n = n * 2; INSERT INTO many (n) VALUES (7); DELETE FROM many WHERE n = 4; "
        "SELECT COUNT(*) INTO :c FROM many; RETURN c; END"
    )
    assert table.one(script) == 3
    assert table.rows("SELECT n FROM many ORDER BY n") == [(2,), (7,), (20,)]


@pytest.mark.parametrize(
    ("values", "errno"),
    [
        ("('nothing', 'x')", 100038),
        ("(1, 'too long')", 100078),
        ("(99999999999999999999999999999999999999999, 'x')", None),
        ("(1)", 2020),
        ("(1, 'x', 3)", 2020),
        ("(1/0, 'x')", 100051),
    ],
)
def test_what_does_not_fit_is_refused_and_the_rest_stays(table, values, errno):
    script = f"BEGIN INSERT INTO many (n, t) VALUES (1, 'a'); INSERT INTO many (n, t) VALUES {values}; END"
    with pytest.raises(SnowflakeError) as caught:
        table.execute(script)
    assert errno is None or f"{errno:06}" in caught.value.message or caught.value.errno == errno
    assert table.rows("SELECT n, t FROM many") == [(1, "a")]


def test_null_where_none_may_be(client):
    client.execute("CREATE TABLE strict (a INT NOT NULL, b INT DEFAULT 5, c INT IDENTITY)")
    script = (
        "BEGIN INSERT INTO strict (a) VALUES (1); BEGIN INSERT INTO strict (a) VALUES (NULL); "
        "EXCEPTION WHEN OTHER THEN INSERT INTO strict (a, b) VALUES (2, NULL); END; END"
    )
    client.execute(script)
    assert client.rows("SELECT a, b FROM strict ORDER BY a") == [(1, 5), (2, None)]


def test_a_transaction_takes_them_back(table):
    table.execute(
        "BEGIN INSERT INTO many (n) VALUES (1); BEGIN TRANSACTION; INSERT INTO many (n) VALUES (2); ROLLBACK; END"
    )
    assert table.rows("SELECT n FROM many") == [(1,)]


def test_a_statement_that_fails_keeps_what_it_had_inserted(table, other):
    table.execute("CREATE PROCEDURE half() RETURNS INT AS 'BEGIN INSERT INTO many (n) VALUES (1); SELECT 1/0; END'")
    assert table.refused("CALL half()")
    assert other.rows("SELECT n FROM many") == [(1,)]


def test_other_sessions_see_rows_while_the_script_runs(table, other):
    endless = "BEGIN LOOP INSERT INTO many (n) VALUES (1); END LOOP; END"
    control, ended = Control(), threading.Event()

    def run():
        with pytest.raises(SnowflakeError):
            table.engine.execute(table.session, endless, control=control)
        ended.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    seen = 0
    while seen < 30:
        now = other.one("SELECT COUNT(*) FROM many")
        assert now >= seen
        seen = now
        listed = other.rows("SHOW TABLES LIKE 'MANY'")
        assert len(listed) == 1
    control.stop(SnowflakeError(604, "57014", "SQL execution canceled"))
    thread.join(60)
    assert ended.is_set()
    done = other.one("SELECT COUNT(*) FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY(RESULT_LIMIT => 10000)) "
                     "WHERE query_text LIKE 'INSERT INTO many%' AND execution_status = 'SUCCESS' "
                     f"AND session_id = {table.session.id}")  # fmt: skip
    assert other.one("SELECT COUNT(*) FROM many") == done


def test_others_that_change_the_table_lose_none(table, other):
    def change():
        for _ in range(12):
            other.execute("UPDATE many SET t = 'u' WHERE n % 2 = 0")
            other.execute("ALTER TABLE many SET COMMENT = 'x'")

    thread = threading.Thread(target=change, daemon=True)
    thread.start()
    table.execute(loop(150))
    thread.join(60)
    assert not thread.is_alive()
    assert table.rows("SELECT COUNT(*), COUNT(DISTINCT n) FROM many") == [(150, 150)]


def test_time_travel_finds_the_state_after_each_of_them(table):
    table.execute(loop(5))
    ids = [row[0] for row in table.rows(
        "SELECT query_id FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY()) WHERE query_text LIKE 'INSERT INTO many%' "
        f"AND session_id = {table.session.id} ORDER BY start_time"
    )]  # fmt: skip
    assert [table.one(f"SELECT COUNT(*) FROM many AT (STATEMENT => '{one}')") for one in ids] == [1, 2, 3, 4, 5]


def test_streams_hear_of_each(table):
    table.execute("CREATE STREAM heard ON TABLE many")
    table.execute(loop(3))
    assert table.one("SELECT COUNT(*) FROM heard") == 3


def test_rows_that_cannot_be_written_fail_the_statement_they_were_of(table, other):
    catalog = table.engine.catalog
    schema = catalog.schema(catalog.database("IMSDLC", table.session.database), "PUBLIC")
    record = catalog.object(schema, Table, "MANY")
    owner, gathered = Control(), table.engine.gathered
    with catalog.mutex:
        gathered.add(owner, record, [(1, None, None, None)])
        table.engine.storage.connection.cursor().execute(f"DROP TABLE s{record.storage}").fetchall()
    assert other.one("SELECT 1") == 1
    assert owner.reason is not None
    with pytest.raises(SnowflakeError):
        gathered.settle(owner)
    gathered.settle(owner)


def within(count, end):
    return f"BEGIN BEGIN TRANSACTION; FOR i IN 1 TO {count} DO INSERT INTO many (n) VALUES (:i); END FOR; {end}; END"


def test_a_transaction_in_a_script_keeps_its_rows_to_itself_until_it_commits(table, other):
    table.execute("BEGIN TRANSACTION")
    table.execute(loop(20))
    assert table.rows("SELECT COUNT(*), SUM(n) FROM many") == [(20, 210)]
    assert other.one("SELECT COUNT(*) FROM many") == 0
    table.execute("UPDATE many SET n = n + 1 WHERE n > 10")
    table.execute(loop(5))
    assert table.rows("SELECT COUNT(*), SUM(n) FROM many") == [(25, 235)]
    other.execute("INSERT INTO many (n) VALUES (1000)")
    table.execute("COMMIT")
    assert other.rows("SELECT COUNT(*), SUM(n) FROM many") == [(26, 1235)]


@pytest.mark.parametrize(("end", "left"), [("ROLLBACK", 0), ("COMMIT", 30), ("SELECT 1/0", 0)])
def test_a_transaction_in_a_script_ends_with_all_or_nothing(table, other, end, left):
    procedure = within(30, end).replace("'", "''")
    table.execute(f"CREATE PROCEDURE filling() RETURNS INT AS '{procedure}'")
    if "/" in end:
        assert table.refused("CALL filling()")
    else:
        table.execute("CALL filling()")
    assert other.one("SELECT COUNT(*) FROM many") == left


def test_a_transaction_that_others_ended_takes_no_more_rows(table, other):
    table.run("BEGIN TRANSACTION", loop(10))
    [transaction] = [t for t in table.engine.transactions() if t.session_id == table.session.id]
    other.execute(f"SELECT SYSTEM$ABORT_TRANSACTION({transaction.id})")
    assert table.refused(loop(10)) == 90229
    assert other.one("SELECT COUNT(*) FROM many") == 0


def test_a_column_that_came_while_the_transaction_was_open_is_not_passed_over(table, other):
    table.run("BEGIN TRANSACTION", loop(3))
    other.execute("ALTER TABLE many ADD COLUMN more INT")
    assert table.refused(loop(3, "(:i, 1)", "(n, more)"))
    assert table.refused("COMMIT")
    assert other.one("SELECT COUNT(*) FROM many") == 0


def test_a_turn_of_a_loop_that_only_inserts_asks_nothing_of_the_engine(table):
    storage, asked = table.engine.storage, []
    before = storage.before_reading

    def counting():
        asked.append(1)
        before()

    storage.before_reading = counting
    try:
        for script in (loop(100), within(100, "COMMIT")):
            asked.clear()
            table.execute(script)
            assert len(asked) < 20
    finally:
        storage.before_reading = before
    assert table.one("SELECT COUNT(*) FROM many") == 200
