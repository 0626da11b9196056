"""Transactions and locks between sessions (sql-reference/transactions)."""

import pytest


@pytest.fixture
def t(client):
    client.run("CREATE TABLE t (id INT, v INT)", "INSERT INTO t VALUES (1, 10), (2, 20)")
    return client


def content(client, table="t"):
    return client.rows(f"SELECT id, v FROM {table} ORDER BY id, v")


def test_what_is_not_committed_is_seen_by_its_session_only(t, other):
    t.run("BEGIN", "INSERT INTO t VALUES (3, 30)", "UPDATE t SET v = v + 1 WHERE id = 1", "DELETE FROM t WHERE id = 2")
    assert content(t) == [(1, 11), (3, 30)]
    assert content(other) == [(1, 10), (2, 20)]
    t.run("COMMIT")
    assert content(other) == [(1, 11), (3, 30)]


def test_rollback_takes_all_back(t, other):
    t.run("BEGIN WORK", "INSERT INTO t VALUES (3, 30)", "TRUNCATE t", "INSERT INTO t VALUES (4, 4)", "ROLLBACK WORK")
    assert content(t) == content(other) == [(1, 10), (2, 20)]


def test_each_statement_sees_what_others_have_committed_by_then(t, other):
    t.run("START TRANSACTION", "INSERT INTO t VALUES (3, 30)")
    other.run("INSERT INTO t VALUES (4, 40)", "UPDATE t SET v = 0 WHERE id = 1")
    assert content(t) == [(1, 0), (2, 20), (3, 30), (4, 40)]
    t.run("COMMIT")
    assert content(other) == [(1, 0), (2, 20), (3, 30), (4, 40)]


def test_rows_that_others_insert_are_not_lost_when_a_changed_state_is_committed(t, other):
    t.run("BEGIN", "UPDATE t SET v = 0")
    other.run("INSERT INTO t VALUES (3, 30)", "BEGIN", "INSERT INTO t VALUES (4, 40)", "COMMIT")
    assert content(t) == [(1, 0), (2, 0), (3, 30), (4, 40)]
    t.run("COMMIT")
    assert content(other) == [(1, 0), (2, 0), (3, 30), (4, 40)]


def test_rows_that_others_inserted_stay_after_a_rollback(t, other):
    t.run("BEGIN", "DELETE FROM t")
    other.run("INSERT INTO t VALUES (3, 30)")
    t.run("ROLLBACK")
    assert content(t) == [(1, 10), (2, 20), (3, 30)]


def test_inserts_neither_wait_nor_make_wait(t, other):
    t.run("BEGIN", "INSERT INTO t VALUES (3, 3)")
    other.run("ALTER SESSION SET LOCK_TIMEOUT = 0", "INSERT INTO t VALUES (4, 4)", "UPDATE t SET v = 1 WHERE id = 1")
    t.run("COMMIT")
    assert content(other) == [(1, 1), (2, 20), (3, 3), (4, 4)]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE t SET v = 1",
        "DELETE FROM t",
        "TRUNCATE t",
        "INSERT OVERWRITE INTO t SELECT 1, 1",
        "MERGE INTO t USING (SELECT 1 k) s ON t.id = s.k WHEN MATCHED THEN DELETE",
    ],
)
def test_a_changed_table_is_locked_to_the_end_of_the_transaction(t, other, sql):
    t.run("BEGIN", "UPDATE t SET v = v WHERE id = 99")
    other.run("ALTER SESSION SET LOCK_TIMEOUT = 0")
    assert other.refused(sql) == 625
    t.run("COMMIT")
    other.run(sql)


def test_a_waiting_change_goes_on_when_the_lock_is_given_back_and_sees_what_was_committed(
    t, other, waiting, background
):
    t.run("BEGIN", "UPDATE t SET v = 100 WHERE id = 1")
    blocked = background(other, "UPDATE t SET v = v + 1")
    waiting()
    t.run("COMMIT")
    assert blocked.ended().result.rowcount == 2
    assert content(t) == [(1, 101), (2, 21)]


def test_compare_and_set_lets_exactly_one_win(t, connect, background):
    clients = [connect() for _ in range(8)]
    racers = [background(c, f"UPDATE t SET v = {at} WHERE id = 1 AND v = 10") for at, c in enumerate(clients)]
    assert sorted(racer.ended().result.rowcount for racer in racers) == [0] * 7 + [1]


def test_concurrent_inserts_and_updates_lose_nothing(t, connect, background):
    clients = [connect() for _ in range(6)]
    for turn in range(5):
        running = [
            background(
                c, f"INSERT INTO t VALUES ({10 + at}, {turn})" if at % 2 else "UPDATE t SET v = v + 1 WHERE id = 1"
            )
            for at, c in enumerate(clients)
        ]
        for one in running:
            assert one.ended().error is None
    assert t.one("SELECT COUNT(*) FROM t WHERE id >= 10") == 15
    assert t.one("SELECT v FROM t WHERE id = 1") == 10 + 15


def test_numbers_are_given_once_whoever_inserts_at_the_same_time(client, connect, background):
    client.run("CREATE TABLE n (id INT IDENTITY, v INT)")
    merge = "MERGE INTO n USING (SELECT 1 k) s ON FALSE WHEN NOT MATCHED THEN INSERT (v) VALUES (-1)"
    clients = [connect() for _ in range(6)]
    for _ in range(4):
        running = [
            background(c, merge if at % 3 == 0 else "INSERT INTO n (v) VALUES (1), (2)") for at, c in enumerate(clients)
        ]
        assert all(one.ended().error is None for one in running)
    assert client.rows("SELECT COUNT(*), COUNT(DISTINCT id), MAX(id) FROM n") == [(40, 40, 40)]


def test_definitions_and_rows_change_at_the_same_time(t, connect, background):
    clients = [connect() for _ in range(6)]
    statements = [
        "INSERT INTO t (id, v) VALUES ({0}, 1)",
        "UPDATE t SET v = v + 1",
        "ALTER TABLE t ADD COLUMN c{0} INT",
    ]
    added = 0
    for turn in range(4):
        running = [background(c, statements[at % 3].format(100 + turn * 10 + at)) for at, c in enumerate(clients)]
        errors = [one.ended().error for one in running]
        assert errors == [None] * 6
        added += 2
    assert t.one("SELECT COUNT(*) FROM t WHERE id >= 100") == added


def test_a_statement_waits_for_definitions_that_keep_changing(t, connect, background):
    clients = [connect() for _ in range(4)]
    for turn in range(10):
        changes = (f"ADD COLUMN c{turn} INT DEFAULT 7", f"RENAME COLUMN c{turn} TO d{turn}", f"DROP COLUMN d{turn}")
        writers = [background(c, f"INSERT INTO t (id, v) VALUES ({turn}, 5)") for c in clients]
        readers = [background(c, "SELECT * FROM t") for c in clients]
        for change in changes:
            t.run(f"ALTER TABLE t {change}")
        assert [one.ended().error for one in (*writers, *readers)] == [None] * 8
    assert t.one("SELECT COUNT(*) FROM t WHERE v = 5") == 40


def test_a_statement_goes_to_the_table_that_has_the_name_when_it_is_replaced(client, connect, background):
    clients = [connect() for _ in range(4)]
    client.run("CREATE TABLE r (a INT)")
    for turn in range(10):
        running = [background(c, f"INSERT INTO r (a) VALUES ({turn})") for c in clients]
        client.run(f"CREATE OR REPLACE TABLE r (a INT, b{turn} INT DEFAULT 1)")
        assert [one.ended().error for one in running] == [None] * 4


def test_a_column_that_takes_no_null_any_more_gets_none_from_an_open_transaction(t, other):
    t.run("BEGIN", "INSERT INTO t (id, v) VALUES (77, NULL)")
    other.run("ALTER TABLE t ALTER COLUMN v SET NOT NULL")
    assert t.refused("COMMIT") == 90231
    assert t.one("SELECT COUNT(*) FROM t WHERE v IS NULL") == 0


def test_more_than_twenty_waiters_are_refused(t, connect, waiting, background):
    t.run("BEGIN", "UPDATE t SET v = 1")
    clients = [connect() for _ in range(20)]
    blocked = [background(c, "DELETE FROM t WHERE id = 99") for c in clients]
    waiting(20)
    assert connect().refused("DELETE FROM t") == 625
    t.run("ROLLBACK")
    assert all(one.ended().error is None for one in blocked)


def test_a_deadlock_is_found_and_its_victim_can_go_on(t, other, waiting, background):
    t.run("CREATE TABLE u (id INT, v INT)", "INSERT INTO u VALUES (1, 1)")
    t.run("BEGIN", "UPDATE t SET v = 1 WHERE id = 1")
    other.run("BEGIN", "UPDATE u SET v = 2")
    blocked = background(t, "UPDATE u SET v = 3")
    waiting()
    assert other.refused("UPDATE t SET v = 4") == 625
    other.run("COMMIT")
    assert blocked.ended().error is None
    t.run("COMMIT")
    assert content(other, "u") == [(1, 3)]


def test_a_failed_statement_leaves_the_transaction_and_its_other_rows(t, other):
    t.run("BEGIN", "INSERT INTO t VALUES (3, 3)", "UPDATE t SET v = 1 WHERE id = 1")
    assert t.refused("UPDATE t SET v = v / 0") == 100051
    assert t.refused("INSERT INTO t SELECT 4, 1 / 0") == 100051
    assert t.refused("SELEC") == 1003
    t.run("COMMIT")
    assert content(other) == [(1, 1), (2, 20), (3, 3)]


def test_abort_on_error_leaves_rollback_only(t):
    t.run("ALTER SESSION SET TRANSACTION_ABORT_ON_ERROR = TRUE", "BEGIN", "INSERT INTO t VALUES (3, 3)")
    assert t.refused("SELECT 1/0") == 100051
    for sql in ("SELECT 1", "INSERT INTO t VALUES (4, 4)", "COMMIT", "BEGIN", "CREATE TABLE w (a INT)"):
        assert t.refused(sql) == 90228
    t.run("ROLLBACK")
    assert content(t) == [(1, 10), (2, 20)]
    assert t.refused("SELECT 1/0") == 100051
    t.run("INSERT INTO t VALUES (5, 5)")


def test_autocommit_off_begins_by_itself(t, other):
    t.run("ALTER SESSION SET AUTOCOMMIT = FALSE", "INSERT INTO t VALUES (3, 3)")
    assert len(content(other)) == 2
    t.run("COMMIT", "DELETE FROM t", "ROLLBACK")
    assert len(content(other)) == 3
    t.run("INSERT INTO t VALUES (4, 4)", "ALTER SESSION SET AUTOCOMMIT = TRUE")
    assert len(content(other)) == 4


def test_begin_inside_a_transaction_and_an_end_without_one_have_no_effect(t):
    t.run("COMMIT", "ROLLBACK", "BEGIN NAME mine", "INSERT INTO t VALUES (3, 3)", "BEGIN TRANSACTION", "ROLLBACK")
    assert content(t) == [(1, 10), (2, 20)]
    assert t.one("SELECT CURRENT_TRANSACTION()") is None


def test_logout_rolls_back_and_frees_the_locks(engine, t, other):
    t.run("BEGIN", "UPDATE t SET v = 0")
    engine.logout(t.session)
    other.run("ALTER SESSION SET LOCK_TIMEOUT = 0", "UPDATE t SET v = v + 1")
    assert content(other) == [(1, 11), (2, 21)]


def test_an_aborted_transaction_is_told_at_the_next_statement_and_commit_does_not_lie(engine, t, other):
    t.run("BEGIN", "UPDATE t SET v = 0")
    number = t.one("SELECT CURRENT_TRANSACTION()")
    other.run(f"SELECT SYSTEM$ABORT_TRANSACTION({number})")
    other.run("ALTER SESSION SET LOCK_TIMEOUT = 0", "UPDATE t SET v = v + 1")
    assert t.refused("COMMIT") == 90229
    assert content(t) == [(1, 11), (2, 21)]


def test_a_waiting_statement_can_be_cancelled(engine, t, other, waiting, background):
    t.run("BEGIN", "UPDATE t SET v = 0")
    blocked = background(other, "UPDATE t SET v = 5")
    waiting()
    assert engine.cancel_session(other.session.id) == 1
    assert blocked.ended().error.errno == 604
    t.run("ROLLBACK")
    assert engine.cancel("no such query") is False


def test_a_waiting_statement_times_out(t, other):
    t.run("BEGIN", "UPDATE t SET v = 0")
    other.run("ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 1")
    assert other.refused("UPDATE t SET v = 5") == 630


def test_a_long_query_and_a_loop_are_stopped(engine, client):
    client.run("ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 1")
    long = "SELECT COUNT(*) FROM TABLE(GENERATOR(ROWCOUNT => 100000000)) a, TABLE(GENERATOR(ROWCOUNT => 10000)) b"
    assert client.refused(long) == 630
    assert client.refused("BEGIN LET i INT := 0; WHILE (TRUE) DO i := i + 1; END WHILE; END") == 630
    assert client.one("SELECT 1") == 1


def test_commit_fails_aloud_when_the_table_is_gone_or_another(t, other):
    t.run("BEGIN", "INSERT INTO t VALUES (3, 3)")
    other.run("DROP TABLE t")
    assert t.refused("COMMIT") == 90230
    other.run("UNDROP TABLE t")
    t.run("BEGIN", "INSERT INTO t VALUES (3, 3)")
    other.run("ALTER TABLE t ADD COLUMN w INT")
    assert t.refused("COMMIT") == 90231
    assert content(other) == [(1, 10), (2, 20)]


def test_a_renamed_table_is_still_the_table(t, other):
    t.run("BEGIN", "INSERT INTO t VALUES (3, 3)")
    other.run("ALTER TABLE t RENAME TO moved")
    t.run("COMMIT")
    assert content(other, "moved") == [(1, 10), (2, 20), (3, 3)]


def test_insert_overwrite_of_several_tables_and_a_check_in_one_transaction(client, other):
    for name in ("a", "b"):
        client.run(f"CREATE TABLE {name} (id INT, v INT)", f"INSERT INTO {name} VALUES (1, 1)")
    client.run("CREATE TABLE history (id INT, v INT)", "BEGIN", "INSERT OVERWRITE INTO a SELECT 7, 7")
    client.run("INSERT OVERWRITE INTO b SELECT id + 1, v FROM a", "INSERT INTO history VALUES (1, 1)")
    assert client.one("SELECT HASH_AGG(*) FROM b") == client.one("SELECT HASH_AGG(*) FROM VALUES (8, 7)")
    assert content(other, "a") == content(other, "b") == [(1, 1)]
    client.run("COMMIT")
    assert content(other, "a") == [(7, 7)]
    assert content(other, "b") == [(8, 7)]
    assert content(other, "history") == [(1, 1)]


def test_time_travel_sees_what_was(t):
    before = t.one("SELECT CURRENT_TIMESTAMP()::VARCHAR")
    changed = t.execute("DELETE FROM t WHERE id = 1").query_id
    t.run("INSERT INTO t VALUES (3, 30)")
    assert t.rows(f"SELECT id FROM t AT (TIMESTAMP => '{before}'::TIMESTAMP_TZ) ORDER BY id") == [(1,), (2,)]
    assert t.rows(f"SELECT id FROM t BEFORE (STATEMENT => '{changed}') ORDER BY id") == [(1,), (2,)]
    assert t.rows(f"SELECT id FROM t AT (STATEMENT => '{changed}') ORDER BY id") == [(2,)]
    assert t.refused("SELECT id FROM t AT (OFFSET => -3600)") == 707


def test_locks_and_transactions_can_be_listed(engine, t, other, waiting, background):
    t.run("BEGIN NAME work", "UPDATE t SET v = 0")
    blocked = background(other, "UPDATE t SET v = 5")
    waiting()
    rows = [row for row in engine.locks.held() if row.transaction.session_id in (t.session.id, other.session.id)]
    assert [(row.status, row.transaction.session_id) for row in rows] == [
        ("HOLDING", t.session.id),
        ("WAITING", other.session.id),
    ]
    assert "WORK" in [transaction.name for transaction in engine.transactions()]
    t.run("COMMIT")
    blocked.ended()


def waits(client, database):
    return client.rows(
        "SELECT OBJECT_NAME, LOCK_TYPE, QUERY_ID, ACQUIRED_AT > REQUESTED_AT, BLOCKER_QUERIES[0]:query_id::VARCHAR, "
        f"ARRAY_SIZE(BLOCKER_QUERIES) FROM SNOWFLAKE.ACCOUNT_USAGE.LOCK_WAIT_HISTORY WHERE DATABASE_NAME = '{database}'"
    )


def test_who_waited_for_whom_is_in_lock_wait_history(t, other, database, waiting, background):
    t.run("BEGIN", "UPDATE t SET v = 100 WHERE id = 1")
    blocker = t.one("SELECT LAST_QUERY_ID()")
    blocked = background(other, "UPDATE t SET v = v + 1")
    waiting()
    assert waits(t, database) == []
    t.run("COMMIT")
    blocked.ended()
    [found] = waits(t, database)
    assert found[:2] + found[3:] == ("T", "PARTITION", True, blocker, 1)
    assert found[2] == other.one("SELECT LAST_QUERY_ID()")


def test_a_wait_in_vain_has_no_end(t, other, database):
    t.run("BEGIN", "UPDATE t SET v = 100 WHERE id = 1")
    other.run("ALTER SESSION SET LOCK_TIMEOUT = 0")
    assert other.refused("DELETE FROM t") == 625
    t.run("ROLLBACK", "UPDATE t SET v = 1")
    assert [row[3] for row in waits(t, database)] == [None]


@pytest.mark.parametrize(
    ("wrong", "errno"),
    [
        ("UPDATE t SET nothing = 1", 904),
        ("UPDATE t SET id = FOO(id)", 2140),
        ("UPDATE t SET id = 1 / 0", 100051),
        ("DELETE FROM t WHERE nothing = 1", 904),
        ("MERGE INTO t USING (SELECT 1 AS x) s ON t.id = s.x WHEN MATCHED THEN UPDATE SET id = s.nothing", 904),
        ("MERGE INTO t USING (SELECT 1 AS x) s ON t.id = s.x WHEN NOT MATCHED THEN INSERT VALUES (1, 2, 3, 4)", 2020),
    ],
)
def test_a_change_that_does_not_compile_leaves_what_the_transaction_did_before(client, wrong, errno):
    client.run("CREATE TABLE t (id INT)", "INSERT INTO t VALUES (1), (2)", "BEGIN", "UPDATE t SET id = id + 10")
    assert client.refused(wrong) == errno
    client.run("UPDATE t SET id = id + 100 WHERE id = 11", "COMMIT")
    assert sorted(client.rows("SELECT id FROM t")) == [(12,), (111,)]
