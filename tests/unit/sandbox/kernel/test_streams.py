"""Streams: net changes of a table, an offset that moves with committed DML, staleness, rights."""

from datetime import timedelta

import pytest

from runner.sandbox.catalog.store import utc_now
from runner.sandbox.clock import CLOCK
from runner.sandbox.engine import Engine

CHANGES = "SELECT a, b, METADATA$ACTION, METADATA$ISUPDATE FROM s ORDER BY a, METADATA$ACTION"
GONE = (1, "x", "DELETE", False)


@pytest.fixture
def source(client):
    """A table with two rows, and a stream on it."""
    client.run(
        "CREATE TABLE t (a INT, b VARCHAR)", "INSERT INTO t VALUES (1, 'x'), (2, 'y')", "CREATE STREAM s ON TABLE t"
    )
    return client


@pytest.fixture
def later():
    """The clock, set back after the test: other organisations of the process read it too."""
    ahead = CLOCK.ahead
    yield lambda **span: CLOCK.move_to(utc_now() + timedelta(**span))
    CLOCK.ahead = ahead


def consume(client, name="sink"):
    client.run(f"CREATE TABLE IF NOT EXISTS {name} (a INT)", f"INSERT INTO {name} SELECT a FROM s")


def test_a_new_stream_is_empty(source):
    assert source.rows(CHANGES) == []


def test_an_update_is_a_pair_and_says_so(source):
    source.run("UPDATE t SET b = 'z' WHERE a = 2")
    assert source.rows(CHANGES) == [(2, "y", "DELETE", True), (2, "z", "INSERT", True)]
    numbers = {row[0] for row in source.rows("SELECT METADATA$ROW_ID FROM s")}
    assert len(numbers) == 1


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["INSERT INTO t VALUES (3, 'n')", "DELETE FROM t WHERE a = 3"], []),
        (["INSERT INTO t VALUES (3, 'n')", "UPDATE t SET b = 'm' WHERE a = 3"], [(3, "m", "INSERT", False)]),
        (["UPDATE t SET b = 'm' WHERE a = 1", "UPDATE t SET b = 'x' WHERE a = 1"], []),
        (["UPDATE t SET b = 'm' WHERE a = 1", "DELETE FROM t WHERE a = 1"], [(1, "x", "DELETE", False)]),
        (["DELETE FROM t WHERE a = 1", "INSERT INTO t VALUES (1, 'x')"], [GONE, (1, "x", "INSERT", False)]),
        (["TRUNCATE TABLE t"], [GONE, (2, "y", "DELETE", False)]),
        (["INSERT OVERWRITE INTO t VALUES (9, 'o')", "DELETE FROM t"], [GONE, (2, "y", "DELETE", False)]),
        (["BEGIN", "INSERT INTO t VALUES (5, 'r')", "ROLLBACK"], []),
        (
            ["BEGIN", "INSERT INTO t VALUES (5, 'r')", "UPDATE t SET b = 'q' WHERE a = 5", "COMMIT"],
            [(5, "q", "INSERT", False)],
        ),
        (
            ["MERGE INTO t USING (SELECT 2 AS k UNION SELECT 7) q ON t.a = q.k WHEN MATCHED THEN UPDATE SET b = 'm' "
             "WHEN NOT MATCHED THEN INSERT VALUES (q.k, 'm')"],
            [(2, "y", "DELETE", True), (2, "m", "INSERT", True), (7, "m", "INSERT", False)],
        ),
    ],
)  # fmt: skip
def test_net_changes(source, statements, expected):
    source.run(*statements)
    assert source.rows(CHANGES) == expected


def test_append_only_keeps_what_was_inserted_whatever_became_of_it(source):
    source.run(
        "CREATE STREAM appended ON TABLE t APPEND_ONLY = TRUE",
        "INSERT INTO t VALUES (3, 'n')",
        "UPDATE t SET b = 'm' WHERE a IN (1, 3)",
        "DELETE FROM t WHERE a = 3",
    )
    assert source.rows("SELECT a, b, METADATA$ACTION, METADATA$ISUPDATE FROM appended") == [(3, "n", "INSERT", False)]


def test_initial_rows_come_first_and_alone(source):
    source.run("CREATE STREAM first ON TABLE t SHOW_INITIAL_ROWS = TRUE", "DELETE FROM t WHERE a = 1")
    assert source.rows("SELECT a, METADATA$ACTION FROM first ORDER BY a") == [(1, "INSERT"), (2, "INSERT")]
    source.run("CREATE TABLE sink AS SELECT a FROM first")
    assert source.rows("SELECT a, METADATA$ACTION FROM first") == [(1, "DELETE")]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO sink SELECT a FROM s",
        "INSERT OVERWRITE INTO sink SELECT a FROM s",
        "MERGE INTO sink USING s ON sink.a = s.a WHEN NOT MATCHED THEN INSERT VALUES (s.a)",
        "UPDATE sink SET a = s.a FROM s WHERE sink.a = s.a",
        "DELETE FROM sink USING s WHERE sink.a = s.a",
        "CREATE TABLE made AS SELECT a FROM s",
        "INSERT INTO sink SELECT a FROM s WHERE FALSE",
        "INSERT INTO sink SELECT a FROM over_it",
        "EXECUTE IMMEDIATE 'INSERT INTO sink SELECT a FROM s'",
    ],
)
def test_dml_consumes(source, statement):
    source.run("CREATE TABLE sink (a INT)", "CREATE VIEW over_it AS SELECT a FROM s", "INSERT INTO t VALUES (3, 'n')")
    source.run(statement)
    assert source.rows(CHANGES) == []


@pytest.mark.parametrize(
    "statement", ["SELECT * FROM s", "EXPLAIN SELECT * FROM s", "CREATE VIEW v AS SELECT a FROM s"]
)
def test_reading_consumes_nothing(source, statement):
    source.run("INSERT INTO t VALUES (3, 'n')", statement)
    assert len(source.rows(CHANGES)) == 1


def test_a_failed_statement_and_a_rollback_consume_nothing(source):
    source.run("CREATE TABLE sink (a INT NOT NULL)", "INSERT INTO t VALUES (NULL, 'n')")
    assert source.refused("INSERT INTO sink SELECT a FROM s") == 100072
    source.run("BEGIN", "INSERT INTO sink SELECT 1 FROM s", "ROLLBACK")
    assert len(source.rows("SELECT * FROM s")) == 1
    assert source.rows("SELECT * FROM sink") == []


def test_a_transaction_sees_one_state_of_the_stream(source, other):
    source.run("CREATE TABLE sink (a INT)", "INSERT INTO t VALUES (3, 'n')", "BEGIN")
    assert source.rows("SELECT a FROM s") == [(3,)]
    other.run("INSERT INTO t VALUES (4, 'late')")
    source.run("INSERT INTO t VALUES (5, 'own')", "INSERT INTO sink SELECT a FROM s")
    assert source.rows("SELECT a FROM s") == [(3,)]
    source.run("COMMIT")
    assert source.rows("SELECT a FROM sink") == [(3,)]
    assert source.rows("SELECT a FROM s ORDER BY a") == [(4,), (5,)]


def test_two_consumers_take_each_change_once(source, other, waiting, background):
    source.run(
        "CREATE TABLE sink (a INT)", "INSERT INTO t VALUES (3, 'n')", "BEGIN", "INSERT INTO sink SELECT a FROM s"
    )
    second = background(other, "INSERT INTO sink SELECT a FROM s")
    waiting()
    source.run("COMMIT")
    assert second.ended().error is None
    assert source.rows("SELECT a FROM sink") == [(3,)]


def test_autocommit_off_consumes_with_the_commit(source, other):
    source.run("CREATE TABLE sink (a INT)", "INSERT INTO t VALUES (3, 'n')", "ALTER SESSION SET AUTOCOMMIT = FALSE")
    source.run("INSERT INTO sink SELECT a FROM s")
    assert len(other.rows("SELECT * FROM s")) == 1
    source.run("COMMIT")
    assert other.rows("SELECT * FROM s") == []


def test_several_streams_stand_at_places_of_their_own(source):
    source.run("INSERT INTO t VALUES (3, 'n')", "CREATE STREAM s2 ON TABLE t AT (STREAM => 's')")
    consume(source)
    assert source.rows("SELECT a FROM s") == []
    assert source.rows("SELECT a FROM s2") == [(3,)]


def test_columns_of_today(source):
    source.run(
        "UPDATE t SET b = 'z' WHERE a = 1", "ALTER TABLE t ADD COLUMN c INT", "ALTER TABLE t RENAME COLUMN b TO d"
    )
    source.run("INSERT INTO t VALUES (3, 'n', 7)", "ALTER TABLE t RENAME TO t9")
    rows = source.rows("SELECT a, d, c, METADATA$ACTION FROM s ORDER BY a, METADATA$ACTION")
    assert rows == [(1, "x", None, "DELETE"), (1, "z", None, "INSERT"), (3, "n", 7, "INSERT")]
    source.run("ALTER TABLE t9 DROP COLUMN d")
    assert source.rows("SELECT a, METADATA$ACTION FROM s ORDER BY 1, 2") == [(3, "INSERT")]


def test_columns_that_move_around_the_hidden_one_keep_their_values(source):
    source.run("ALTER TABLE t ADD COLUMN c VARCHAR", "UPDATE t SET c = 'c1' WHERE a = 1", "BEGIN")
    source.run("INSERT INTO t VALUES (3, 'b3', 'c3')", "UPDATE t SET c = 'c2' WHERE a = 2", "COMMIT")
    assert source.rows("SELECT * FROM t ORDER BY a") == [(1, "x", "c1"), (2, "y", "c2"), (3, "b3", "c3")]


def test_open_transactions_when_tracking_begins(client, other):
    client.run("CREATE TABLE late (a INT)", "INSERT INTO late VALUES (1)", "BEGIN", "INSERT INTO late VALUES (2)")
    other.run("CREATE STREAM ls ON TABLE late")
    client.run("COMMIT")
    assert other.rows("SELECT a, METADATA$ACTION FROM ls") == [(2, "INSERT")]
    client.run("CREATE TABLE later (a INT)", "INSERT INTO later VALUES (1)", "BEGIN", "UPDATE later SET a = 2")
    other.run("CREATE STREAM ls2 ON TABLE later")
    assert client.refused("COMMIT") != 0
    assert other.rows("SELECT a FROM later") == [(1,)]


def test_changes_clause(source):
    source.run(
        "SET before = (SELECT CURRENT_TIMESTAMP())", "INSERT INTO t VALUES (3, 'n')", "DELETE FROM t WHERE a IN (1, 3)"
    )
    clause = "t CHANGES (INFORMATION => {}) AT (TIMESTAMP => $before)"
    assert source.rows(f"SELECT a, METADATA$ACTION FROM {clause.format('DEFAULT')}") == [(1, "DELETE")]
    assert source.rows(f"SELECT a, METADATA$ACTION FROM {clause.format('APPEND_ONLY')}") == [(3, "INSERT")]
    ended = f"{clause.format('DEFAULT')} END (TIMESTAMP => $before)"
    assert source.rows(f"SELECT * FROM {ended}") == []
    source.run("CREATE TABLE untracked (a INT)")
    assert source.refused("SELECT * FROM untracked CHANGES (INFORMATION => DEFAULT) AT (OFFSET => -1)") == 707


def test_change_tracking_is_asked_for_or_turned_off(client):
    client.run("CREATE TABLE tracked (a INT) CHANGE_TRACKING = TRUE", "INSERT INTO tracked VALUES (1)")
    rows = "SELECT a FROM tracked CHANGES (INFORMATION => DEFAULT) AT (TIMESTAMP => $start)"
    client.run("SET start = (SELECT CURRENT_TIMESTAMP())", "INSERT INTO tracked VALUES (2)")
    assert client.rows(rows) == [(2,)]
    client.run("CREATE STREAM ts ON TABLE tracked", "ALTER TABLE tracked SET CHANGE_TRACKING = FALSE")
    assert client.refused(rows) == 707
    assert client.refused("SELECT * FROM ts") == 707
    client.run("INSERT INTO tracked VALUES (3)")
    assert client.rows("SELECT a FROM tracked ORDER BY a") == [(1,), (2,), (3,)]


def test_a_stream_grows_stale(source, later):
    source.run("INSERT INTO t VALUES (3, 'n')")
    later(days=13)
    assert len(source.rows(CHANGES)) == 1
    later(days=2)
    assert "stale" in source.said(CHANGES)
    assert source.rows("SHOW STREAMS")[0][10] == "true"


def test_a_stream_without_data_that_is_asked_stays_fresh(source, later):
    for _ in range(3):
        later(days=13)
        assert source.one("SELECT SYSTEM$STREAM_HAS_DATA('s')") is False
    source.run("INSERT INTO t VALUES (3, 'n')")
    assert source.one("SELECT SYSTEM$STREAM_HAS_DATA('s')") is True


def test_a_source_that_is_dropped_or_replaced(source):
    source.run("DROP TABLE t")
    assert "dropped" in source.said(CHANGES)
    source.run("UNDROP TABLE t")
    assert source.rows(CHANGES) == []
    source.run("CREATE OR REPLACE TABLE t (a INT, b VARCHAR)")
    assert "dropped" in source.said(CHANGES)


def test_shown_described_and_written_again(source):
    source.run("CREATE OR REPLACE STREAM s ON TABLE t APPEND_ONLY = TRUE COMMENT = 'it''s'")
    shown = source.execute("SHOW STREAMS")
    row = dict(zip([column.name for column in shown.columns], shown.rows()[0], strict=True))
    assert (row["name"], row["mode"], row["type"], row["stale"], row["source_type"]) == (
        "S",
        "APPEND_ONLY",
        "DELTA",
        "false",
        "Table",
    )
    assert source.execute("DESCRIBE STREAM s").rows()[0][1:] == shown.rows()[0][1:]
    text = source.one("SELECT GET_DDL('STREAM', 's')")
    source.run("DROP STREAM s", text)
    assert source.one("SELECT GET_DDL('STREAM', 's')") == text
    source.run("ALTER STREAM s SET COMMENT = 'other'", "COMMENT ON STREAM s IS 'third'")
    assert source.rows("SHOW STREAMS")[0][5] == "third"
    source.run("ALTER STREAM s UNSET COMMENT", "DROP STREAM s", "DROP STREAM IF EXISTS s")
    assert source.rows("SHOW STREAMS") == []


@pytest.mark.parametrize(
    ("statement", "errno"),
    [
        ("CREATE STREAM s ON TABLE t", 2002),
        ("CREATE STREAM t ON TABLE t", 2002),
        ("CREATE STREAM x ON TABLE nowhere", 2003),
        ("CREATE STREAM x ON VIEW nowhere", 2003),
        ("CREATE STREAM x ON VIEW t", 1003),
        ("CREATE STREAM x ON TABLE t INSERT_ONLY = TRUE", 2),
        ("CREATE STREAM x ON TABLE t AT (OFFSET => -86400)", 707),
        ("CREATE STREAM x ON TABLE t SHOW_INITIAL_ROWS = TRUE NONSENSE = 1", 1003),
        ("ALTER STREAM s RENAME TO r", 1003),
        ("DROP STREAM nowhere", 2003),
        ("INSERT INTO s VALUES (1)", 2003),
        ("SELECT * FROM s AT (OFFSET => -1)", 2),
    ],
)
def test_what_is_refused(source, statement, errno):
    assert source.refused(statement) == errno


def test_rights(source, connect):
    source.run("CREATE ROLE IF NOT EXISTS reader", "GRANT ROLE reader TO USER SANDBOX_ADMIN")
    name = source.session.database
    source.run(f"GRANT USAGE ON DATABASE {name} TO ROLE reader", f"GRANT USAGE ON SCHEMA {name}.PUBLIC TO ROLE reader")
    reader = connect(role="READER")
    assert reader.refused("SELECT * FROM s") == 2003
    source.run("GRANT SELECT ON STREAM s TO ROLE reader")
    assert reader.refused("SELECT * FROM s") == 2003
    source.run("GRANT SELECT ON TABLE t TO ROLE reader")
    assert reader.rows("SELECT * FROM s") == []
    assert reader.refused("DROP STREAM s") == 3001
    source.run("CREATE TABLE own (a INT)", "GRANT SELECT ON TABLE own TO ROLE reader")
    source.run("GRANT CREATE STREAM ON SCHEMA PUBLIC TO ROLE reader")
    assert reader.refused("CREATE STREAM mine ON TABLE own") == 3001
    reader.run("CREATE STREAM mine ON TABLE t")


def test_policies_hold_for_the_changes(source):
    source.run("CREATE MASKING POLICY hide AS (v VARCHAR) RETURNS VARCHAR -> '***'")
    source.run("ALTER TABLE t MODIFY COLUMN b SET MASKING POLICY hide", "INSERT INTO t VALUES (3, 'secret')")
    assert source.rows(CHANGES) == [(3, "***", "INSERT", False)]


def test_clones(source):
    source.run("INSERT INTO t VALUES (3, 'n')", "CREATE STREAM twin CLONE s", "CREATE TABLE copy CLONE t")
    assert source.rows("SELECT a FROM twin") == [(3,)]
    source.run("CREATE SCHEMA other_schema CLONE PUBLIC", "INSERT INTO other_schema.t VALUES (4, 'c')")
    assert source.rows("SELECT a FROM other_schema.s") == [(4,)]
    source.run("USE SCHEMA PUBLIC")
    assert source.rows("SELECT a FROM s") == [(3,)]
    source.run("DELETE FROM copy", "UPDATE other_schema.t SET b = 'u'")
    assert source.rows("SELECT COUNT(*) FROM t") == [(3,)]


def test_shared_tables(client, connect):
    name = client.session.database
    share = f"SH_{name}"
    client.run("CREATE TABLE p (a INT) CHANGE_TRACKING = TRUE", "CREATE TABLE q (a INT)", f"CREATE SHARE {share}")
    client.run(f"GRANT USAGE ON DATABASE {name} TO SHARE {share}", f"GRANT USAGE ON SCHEMA PUBLIC TO SHARE {share}")
    client.run(
        f"GRANT SELECT ON ALL TABLES IN SCHEMA PUBLIC TO SHARE {share}", f"ALTER SHARE {share} ADD ACCOUNTS = IMCUST"
    )
    consumer = connect(account="IMCUST")
    consumer.run(
        f"CREATE DATABASE C_{name}",
        f"CREATE DATABASE I_{name} FROM SHARE IMSDLC.{share}",
        f"USE SCHEMA C_{name}.PUBLIC",
    )
    assert consumer.refused(f"CREATE STREAM cs ON TABLE I_{name}.PUBLIC.q") == 2
    consumer.run(f"CREATE STREAM cs ON TABLE I_{name}.PUBLIC.p")
    client.run("INSERT INTO p VALUES (1)")
    consumer.run("CREATE TABLE got AS SELECT a FROM cs")
    assert consumer.rows("SELECT a FROM got") == [(1,)]
    assert consumer.rows("SELECT a FROM cs") == []
    assert consumer.rows("SHOW STREAMS IN SCHEMA")[0][6] == f"I_{name}.PUBLIC.P"


def test_a_task_that_waits_for_data(source):
    source.run("CREATE TABLE sink (a INT)")
    source.run(
        "CREATE TASK move WAREHOUSE = ADMIN_WH SCHEDULE = '1 HOUR' WHEN SYSTEM$STREAM_HAS_DATA('s') "
        "AS INSERT INTO sink SELECT a FROM s"
    )
    source.run("EXECUTE TASK move")
    assert source.rows("SELECT * FROM sink") == []
    source.run("INSERT INTO t VALUES (3, 'n')", "EXECUTE TASK move")
    assert source.rows("SELECT * FROM sink") == [(3,)]
    assert source.rows("SELECT a FROM s") == []


def test_the_version_of_the_table_at_the_offset(source):
    before = int(source.one("SELECT SYSTEM$STREAM_GET_TABLE_TIMESTAMP('s')"))
    source.run("INSERT INTO t VALUES (3, 'n')")
    assert int(source.one("SELECT SYSTEM$STREAM_GET_TABLE_TIMESTAMP('s')")) == before
    consume(source)
    assert int(source.one("SELECT SYSTEM$STREAM_GET_TABLE_TIMESTAMP('s')")) > before


def test_changes_outlive_the_process(tmp_path):
    from runner.sandbox import bootstrap

    engine = Engine.open(tmp_path)
    bootstrap.create_organization(engine.catalog, tmp_path)
    session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN")
    for text in (
        "CREATE DATABASE d",
        "CREATE TABLE d.PUBLIC.t (a INT)",
        "CREATE STREAM d.PUBLIC.s ON TABLE d.PUBLIC.t",
        "INSERT INTO d.PUBLIC.t VALUES (1), (2)",
        "CREATE TABLE d.PUBLIC.sink AS SELECT a FROM d.PUBLIC.s",
        "UPDATE d.PUBLIC.t SET a = 3 WHERE a = 1",
    ):
        engine.execute(session, text)
    engine.close()
    engine = Engine.open(tmp_path)
    session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN")
    rows = engine.execute(session, "SELECT a, METADATA$ISUPDATE FROM d.PUBLIC.s ORDER BY a").rows()
    engine.execute(session, "INSERT INTO d.PUBLIC.t VALUES (9)")
    numbers = engine.execute(session, "SELECT COUNT(DISTINCT METADATA$ROW_ID) FROM d.PUBLIC.s").scalar()
    engine.close()
    assert rows == [(1, True), (3, True)]
    assert numbers == 2


@pytest.fixture
def views(source):
    """A view that joins the table with another."""
    source.run("CREATE TABLE u (k INT, n VARCHAR)", "INSERT INTO u VALUES (1, 'one'), (2, 'two'), (2, 'zwei')")
    source.run(
        "CREATE VIEW v AS SELECT t.*, n FROM t JOIN u ON t.a = u.k WHERE n <> 'none'", "CREATE STREAM vs ON VIEW v"
    )
    return source


OF_VIEW = "SELECT a, b, n, METADATA$ACTION, METADATA$ISUPDATE FROM vs ORDER BY a, n, METADATA$ACTION"


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], []),
        (["INSERT INTO t VALUES (9, 'nobody')"], []),
        (["DELETE FROM t WHERE a = 1"], [(1, "x", "one", "DELETE", False)]),
        (
            ["UPDATE t SET b = 'z' WHERE a = 2"],
            [
                (2, "y", "two", "DELETE", True),
                (2, "z", "two", "INSERT", True),
                (2, "y", "zwei", "DELETE", True),
                (2, "z", "zwei", "INSERT", True),
            ],
        ),
        (["UPDATE u SET n = 'none' WHERE k = 1"], [(1, "x", "one", "DELETE", False)]),
        (["INSERT INTO u VALUES (1, 'eins')"], [(1, "x", "eins", "INSERT", False)]),
        (["INSERT INTO u VALUES (1, 'eins')", "DELETE FROM u WHERE n = 'eins'"], []),
    ],
)
def test_streams_on_views(views, statements, expected):
    views.run(*statements)
    assert views.rows(OF_VIEW) == expected
    views.run("CREATE TABLE sink AS SELECT a FROM vs")
    assert views.rows(OF_VIEW) == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT a FROM t UNION ALL SELECT k FROM u",
        "SELECT q.a + 1 AS a FROM (SELECT a FROM t WHERE a > 0) AS q, u WHERE q.a = u.k",
        "SELECT a FROM v",
        "SELECT * EXCLUDE (b) FROM t CROSS JOIN u",
    ],
)
def test_views_whose_rows_can_be_told_apart(views, query):
    views.run(f"CREATE VIEW w AS {query}", "CREATE STREAM ws ON VIEW w SHOW_INITIAL_ROWS = TRUE")
    rows = views.rows("SELECT COUNT(*) FROM w")
    assert views.rows("SELECT COUNT(*) FROM ws") == rows
    assert views.rows("SELECT COUNT(DISTINCT METADATA$ROW_ID) FROM ws") == rows
    views.run("CREATE TABLE sink AS SELECT * FROM ws", "INSERT INTO t VALUES (2, 'new')")
    assert views.rows("SELECT DISTINCT METADATA$ACTION FROM ws") == [("INSERT",)]
    text = views.one("SELECT GET_DDL('STREAM', 'ws')")
    views.run("DROP STREAM ws", text)
    assert views.rows("SELECT * FROM ws") == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT DISTINCT a FROM t",
        "SELECT COUNT(*) AS n FROM t",
        "SELECT a FROM t GROUP BY a",
        "SELECT a FROM t LEFT JOIN u ON a = k",
        "SELECT a FROM t WHERE a IN (SELECT k FROM u)",
        "SELECT a, ROW_NUMBER() OVER (ORDER BY a) AS r FROM t",
        "SELECT a FROM t LIMIT 1",
        "SELECT a FROM t UNION SELECT k FROM u",
        "WITH c AS (SELECT a FROM t) SELECT a FROM c",
        "SELECT a FROM s",
        "SELECT 1 AS one",
    ],
)
def test_views_whose_rows_cannot_be_told_apart(views, query):
    views.run(f"CREATE VIEW w AS {query}")
    assert views.refused("CREATE STREAM ws ON VIEW w") == 2


def test_a_view_and_its_stream_are_shown_with_their_tables(views):
    row = next(row for row in views.rows("SHOW STREAMS") if row[1] == "VS")
    name = views.session.database
    assert row[6:9] == (f"{name}.PUBLIC.V", "View", f"{name}.PUBLIC.T,{name}.PUBLIC.U")
    assert views.one("SELECT SYSTEM$STREAM_HAS_DATA('vs')") is False
    views.run("CREATE OR REPLACE TABLE u (k INT, n VARCHAR)")
    assert "dropped" in views.said(OF_VIEW)


def test_a_dynamic_table_tells_only_what_a_refresh_changed(source):
    source.run("CREATE DYNAMIC TABLE dt TARGET_LAG = '1 day' WAREHOUSE = ADMIN_WH AS SELECT a, b FROM t")
    source.run(
        "CREATE STREAM ds ON DYNAMIC TABLE dt", "UPDATE t SET b = 'z' WHERE a = 2", "INSERT INTO t VALUES (1, 'x')"
    )
    assert source.rows("SELECT * FROM ds") == []
    source.run("ALTER DYNAMIC TABLE dt REFRESH")
    rows = source.rows("SELECT a, b, METADATA$ACTION FROM ds ORDER BY a, b")
    assert rows == [(1, "x", "INSERT"), (2, "y", "DELETE"), (2, "z", "INSERT")]
    assert "on dynamic table" in source.one("SELECT GET_DDL('STREAM', 'ds')")
    assert source.refused("CREATE STREAM x ON TABLE dt") == 1003


def test_tags_of_a_stream(source):
    source.run("CREATE TAG team", "CREATE STREAM tagged WITH TAG (team = 'a') ON TABLE t")
    asked = "SELECT SYSTEM$GET_TAG('team', 'tagged', 'STREAM')"
    assert source.one(asked) == "a"
    source.run("ALTER STREAM tagged SET TAG team = 'b'")
    assert source.one(asked) == "b"


def test_change_tracking_of_a_view_is_that_of_its_tables(views):
    views.run("CREATE TABLE z (a INT)", "CREATE VIEW vz AS SELECT a FROM z", "ALTER VIEW vz SET CHANGE_TRACKING = TRUE")
    views.run("SET start = (SELECT CURRENT_TIMESTAMP())", "INSERT INTO z VALUES (1)")
    assert views.rows("SELECT a FROM z CHANGES (INFORMATION => DEFAULT) AT (TIMESTAMP => $start)") == [(1,)]
    assert views.refused("CREATE VIEW n CHANGE_TRACKING = TRUE AS SELECT COUNT(*) AS n FROM z") == 2
    assert views.refused("SELECT * FROM n") == 2003


def test_shared_views_tell_nothing_of_their_tables(client, connect):
    name = client.session.database
    share = f"SV_{name}"
    client.run("CREATE TABLE hidden (a INT)", "CREATE SECURE VIEW sv AS SELECT a FROM hidden", f"CREATE SHARE {share}")
    client.run(f"GRANT USAGE ON DATABASE {name} TO SHARE {share}", f"GRANT USAGE ON SCHEMA PUBLIC TO SHARE {share}")
    client.run(f"GRANT SELECT ON VIEW sv TO SHARE {share}", f"ALTER SHARE {share} ADD ACCOUNTS = IMCUST")
    consumer = connect(account="IMCUST")
    consumer.run(f"CREATE DATABASE VC_{name}", f"CREATE DATABASE VI_{name} FROM SHARE IMSDLC.{share}")
    consumer.run(f"USE SCHEMA VC_{name}.PUBLIC")
    assert consumer.refused(f"CREATE STREAM cs ON VIEW VI_{name}.PUBLIC.sv") == 2
    client.run("ALTER VIEW sv SET CHANGE_TRACKING = TRUE")
    consumer.run(f"CREATE STREAM cs ON VIEW VI_{name}.PUBLIC.sv")
    client.run("INSERT INTO hidden VALUES (1)")
    assert consumer.rows("SELECT a, METADATA$ACTION FROM cs") == [(1, "INSERT")]
    assert consumer.rows("SHOW STREAMS IN SCHEMA")[0][8] == f"VI_{name}.PUBLIC.SV"


def test_create_or_alter_leaves_the_stream_what_it_is(source):
    source.run("INSERT INTO t VALUES (3, 'n')", "CREATE OR ALTER TABLE t (a INT, b VARCHAR, c INT)")
    assert source.rows("SELECT a, c FROM s") == [(3, None)]
    source.run("CREATE OR ALTER TABLE t (a INT, b VARCHAR, c INT) CHANGE_TRACKING = FALSE")
    assert source.refused("SELECT a FROM s") == 707


def test_data_triggers_a_task(source, engine, later):
    source.run("CREATE TABLE sink (a INT)", "CREATE TASK moved WAREHOUSE = ADMIN_WH WHEN SYSTEM$STREAM_HAS_DATA('s') "
               "AS INSERT INTO sink SELECT a FROM s", "ALTER TASK moved RESUME")  # fmt: skip
    assert engine.scheduler.run_due(engine, utc_now()) == 0
    source.run("INSERT INTO t VALUES (3, 'n')")
    assert engine.scheduler.run_due(engine, utc_now()) == 1
    assert source.rows("SELECT a FROM sink") == [(3,)]
    source.run("INSERT INTO t VALUES (4, 'n')")
    assert engine.scheduler.run_due(engine, utc_now()) == 0
    later(seconds=31)
    assert engine.scheduler.run_due(engine, utc_now()) == 1
    assert source.rows("SELECT a FROM sink ORDER BY a") == [(3,), (4,)]
    source.run("ALTER TASK moved SUSPEND", "INSERT INTO t VALUES (5, 'n')")
    later(seconds=31)
    assert engine.scheduler.run_due(engine, utc_now()) == 0
