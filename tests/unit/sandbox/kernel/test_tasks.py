"""Tasks and the clock that drives them."""

from datetime import UTC, datetime, timedelta

import pytest

from runner.sandbox.catalog.store import utc_now
from runner.sandbox.clock import CLOCK
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.tasks.schedule import parse


@pytest.fixture
def clock(engine):
    """Lets time pass; afterwards it is again what it was."""
    before = CLOCK.ahead

    def passes(**span):
        return engine.move_clock(utc_now() + timedelta(**span))

    yield passes
    CLOCK.ahead = before


def states(client, **only):
    rows = client.execute("SELECT * FROM TABLE(information_schema.task_history())").table.to_pylist()
    rows = [row for row in rows if row["STATE"] != "SCHEDULED" and row["DATABASE_NAME"] == client.session.database]
    return [(row["NAME"], row["STATE"]) for row in reversed(rows) if all(row[k] == v for k, v in only.items())]


def test_a_started_task_runs_whenever_it_is_due(client, clock):
    client.run(
        "CREATE TABLE log (at TIMESTAMP_LTZ)",
        "CREATE TASK t WAREHOUSE = admin_wh SCHEDULE = '10 MINUTES' AS INSERT INTO log SELECT CURRENT_TIMESTAMP()",
    )
    assert clock(hours=1) == 0
    client.run("ALTER TASK t RESUME")
    begin = utc_now()
    assert clock(minutes=35) == 3
    times = [row[0] for row in client.rows("SELECT at FROM log ORDER BY at")]
    assert [round((at - begin).total_seconds() / 60) for at in times] == [10, 20, 30]
    client.run("ALTER TASK t SUSPEND")
    assert clock(hours=1) == 0
    assert states(client) == [("T", "SUCCEEDED")] * 3


def test_a_graph_runs_in_order_and_hands_values_on(client):
    client.run(
        "CREATE TABLE log (what VARCHAR)",
        'CREATE TASK root WAREHOUSE = admin_wh CONFIG = \'{"env": "dev"}\' AS '
        "BEGIN INSERT INTO log VALUES ('root ' || SYSTEM$GET_TASK_GRAPH_CONFIG('env')); "
        "CALL SYSTEM$SET_RETURN_VALUE('from root'); END",
        "CREATE TASK a WAREHOUSE = admin_wh AFTER root AS "
        "INSERT INTO log SELECT 'a ' || SYSTEM$GET_PREDECESSOR_RETURN_VALUE()",
        "CREATE TASK b WAREHOUSE = admin_wh AFTER root AS INSERT INTO log VALUES ('b')",
        "CREATE TASK c WAREHOUSE = admin_wh AFTER a, b AS INSERT INTO log VALUES ('c')",
        "CREATE TASK last WAREHOUSE = admin_wh FINALIZE = root AS INSERT INTO log VALUES ('last')",
        "SELECT SYSTEM$TASK_DEPENDENTS_ENABLE('root')",
        "ALTER TASK root SUSPEND",
        "ALTER TASK last RESUME",
        "EXECUTE TASK root",
    )
    assert [row[0] for row in client.rows("SELECT what FROM log")] == ["root dev", "a from root", "b", "c", "last"]
    found = client.rows("SELECT * FROM TABLE(information_schema.task_dependents('root', FALSE))")
    assert {row[1] for row in found} == {"ROOT", "A", "B"}


def test_a_failure_stops_what_waits_for_it_and_not_the_finalizer(client):
    client.run(
        "CREATE TABLE log (what VARCHAR)",
        "CREATE TASK root WAREHOUSE = admin_wh AS SELECT 1",
        "CREATE TASK bad WAREHOUSE = admin_wh AFTER root AS SELECT 1/0",
        "CREATE TASK after WAREHOUSE = admin_wh AFTER bad AS INSERT INTO log VALUES ('after')",
        "CREATE TASK last WAREHOUSE = admin_wh FINALIZE = root AS INSERT INTO log VALUES ('last')",
        *(f"ALTER TASK {name} RESUME" for name in ("after", "bad", "last")),
        "EXECUTE TASK root",
    )
    assert states(client) == [("ROOT", "SUCCEEDED"), ("BAD", "FAILED"), ("LAST", "SUCCEEDED")]
    assert client.rows("SELECT * FROM log") == [("last",)]
    failed = client.execute(
        "SELECT * FROM TABLE(information_schema.task_history(error_only => TRUE))"
    ).table.to_pylist()
    assert failed[0]["ERROR_CODE"] == "100051"


def test_when_is_asked_first_and_suspended_children_count_as_done(client):
    client.run(
        "CREATE TABLE log (what VARCHAR)",
        "CREATE TASK root WAREHOUSE = admin_wh AS SELECT 1",
        "CREATE TASK never WAREHOUSE = admin_wh AFTER root WHEN 1 = 2 AS INSERT INTO log VALUES ('never')",
        "CREATE TASK asleep WAREHOUSE = admin_wh AFTER root AS INSERT INTO log VALUES ('asleep')",
        "CREATE TASK beyond WAREHOUSE = admin_wh AFTER asleep AS INSERT INTO log VALUES ('beyond')",
        "ALTER TASK never RESUME",
        "ALTER TASK beyond RESUME",
        "EXECUTE TASK root",
    )
    assert ("NEVER", "SKIPPED") in states(client)
    assert client.rows("SELECT * FROM log") == [("beyond",)]


def test_failures_in_a_row_suspend_the_root(client, clock):
    client.run(
        "CREATE TASK t WAREHOUSE = admin_wh SCHEDULE = '1 MINUTE' SUSPEND_TASK_AFTER_NUM_FAILURES = 2 AS SELECT 1/0",
        "ALTER TASK t RESUME",
    )
    assert clock(minutes=10) == 2
    [shown] = client.execute("SHOW TASKS").table.to_pylist()
    assert (shown["state"], shown["last_suspended_reason"]) == ("suspended", "SUSPENDED_DUE_TO_ERRORS")


def test_what_failed_is_tried_again(client):
    client.run(
        "CREATE TABLE tries (n INT)",
        "CREATE TASK root WAREHOUSE = admin_wh TASK_AUTO_RETRY_ATTEMPTS = 2 AS "
        "BEGIN INSERT INTO tries VALUES (1); LET n INT := (SELECT COUNT(*) FROM tries); "
        "IF (n < 3) THEN SELECT 1/0; END IF; END",
        "EXECUTE TASK root",
    )
    assert states(client) == [("ROOT", "FAILED"), ("ROOT", "FAILED"), ("ROOT", "SUCCEEDED")]


def test_a_graph_is_changed_while_its_root_is_suspended(client):
    client.run(
        "CREATE TASK root WAREHOUSE = admin_wh SCHEDULE = '1 HOUR' AS SELECT 1",
        "CREATE TASK child WAREHOUSE = admin_wh AFTER root AS SELECT 1",
        "ALTER TASK child RESUME",
        "ALTER TASK root RESUME",
    )
    for text in (
        "ALTER TASK root SET SCHEDULE = '2 HOURS'",
        "ALTER TASK child SET COMMENT = 'x'",
        "ALTER TASK child SUSPEND",
        "DROP TASK child",
        "CREATE TASK other WAREHOUSE = admin_wh AFTER root AS SELECT 1",
    ):
        assert client.refused(text) == 91421
    client.run("ALTER TASK root SUSPEND", "ALTER TASK root SET SCHEDULE = '2 HOURS'", "DROP TASK root")
    [shown] = client.execute("SHOW TASKS").table.to_pylist()
    assert shown["predecessors"] == "[]"


@pytest.mark.parametrize(
    ("text", "errno"),
    [
        ("CREATE TASK x WAREHOUSE = admin_wh SCHEDULE = 'sometimes' AS SELECT 1", 1432),
        ("CREATE TASK x WAREHOUSE = admin_wh SCHEDULE = '1 SECOND' AS SELECT 1", 1432),
        ("CREATE TASK x WAREHOUSE = nowhere AS SELECT 1", 2003),
        ("CREATE TASK x WAREHOUSE = admin_wh AFTER nobody AS SELECT 1", 2003),
        ("CREATE TASK x WAREHOUSE = admin_wh SCHEDULE = '1 HOUR' AFTER root AS SELECT 1", 93105),
        ("CREATE TASK x WAREHOUSE = admin_wh WAREHOUSE = admin_wh AS SELECT 1", 1007),
        ("CREATE TASK x WAREHOUSE = admin_wh OVERLAP_POLICY = NO_OVERLAP AS SELECT 1", 2),
        ("CREATE TASK x WAREHOUSE = admin_wh NOPE = 1 AS SELECT 1", 1003),
        ("CREATE TASK x WAREHOUSE = admin_wh", 1003),
        ("ALTER TASK root ADD AFTER child", 93104),
        ("EXECUTE TASK child", 91420),
        ("EXECUTE TASK nobody", 2003),
        ("ALTER TASK root RESUME", 93101),
        ("SELECT SYSTEM$SET_RETURN_VALUE('x')", 91083),
    ],
)
def test_what_is_refused(client, text, errno):
    client.run(
        "CREATE TASK root WAREHOUSE = admin_wh AS SELECT 1",
        "CREATE TASK child WAREHOUSE = admin_wh AFTER root AS SELECT 1",
    )
    assert client.refused(text) == errno


def test_the_owner_needs_execute_task_and_others_operate(connect, client):
    role = f"RT_{client.session.database}"
    client.run(
        f"CREATE ROLE {role}",
        f"GRANT ROLE {role} TO USER sandbox_admin",
        f"GRANT USAGE ON DATABASE {client.session.database} TO ROLE {role}",
        f"GRANT USAGE, CREATE TASK ON SCHEMA public TO ROLE {role}",
        f"GRANT USAGE ON WAREHOUSE admin_wh TO ROLE {role}",
        "CREATE TASK mine WAREHOUSE = admin_wh SCHEDULE = '1 HOUR' AS SELECT 1",
    )
    other = connect(role=role)
    other.run("CREATE TASK own WAREHOUSE = admin_wh SCHEDULE = '1 HOUR' AS SELECT CURRENT_ROLE()")
    assert other.refused("ALTER TASK own RESUME") == 91089
    assert other.refused("EXECUTE TASK own") == 91089
    client.run(f"GRANT EXECUTE TASK ON ACCOUNT TO ROLE {role}")
    other.run("EXECUTE TASK own", "ALTER TASK own RESUME", "ALTER TASK own SUSPEND")
    assert other.refused("EXECUTE TASK mine") == 2003
    client.run(f"GRANT MONITOR ON TASK mine TO ROLE {role}")
    assert other.refused("EXECUTE TASK mine") == 3001
    client.run(f"GRANT OPERATE ON TASK mine TO ROLE {role}")
    other.run("EXECUTE TASK mine")
    assert other.refused("DROP TASK mine") == 3001


def test_the_text_of_a_task_makes_it_again(client):
    client.run(
        "CREATE TASK root WAREHOUSE = admin_wh SCHEDULE = 'USING CRON 0 9 * * MON-FRI Europe/Berlin' CONFIG = '{}' "
        "TIMEZONE = 'UTC' USER_TASK_TIMEOUT_MS = 60000 COMMENT = 'it''s' WHEN TRUE AS SELECT 1",
        "CREATE TASK child WAREHOUSE = admin_wh AFTER root AS BEGIN SELECT 1; SELECT 2; END",
    )
    texts = [client.one(f"SELECT GET_DDL('TASK', '{name}')") for name in ("root", "child")]
    client.run("DROP TASK child", "DROP TASK root", *texts)
    assert [client.one(f"SELECT GET_DDL('TASK', '{name}')") for name in ("root", "child")] == texts
    assert client.rows("SHOW TASKS LIKE 'ROOT'")[0][8].startswith("USING CRON 0 9")


@pytest.mark.parametrize(
    ("text", "begin", "expected"),
    [
        ("5 MINUTES", "2026-01-01T00:00", "2026-01-01T00:05"),
        ("USING CRON 0 9 * * MON-FRI Europe/Berlin", "2026-03-27T12:00", "2026-03-30T07:00"),
        ("USING CRON 30 2 * * * Europe/Berlin", "2026-03-28T12:00", "2026-03-30T00:30"),
        ("USING CRON 0 0 L * * UTC", "2026-02-01T00:00", "2026-02-28T00:00"),
        ("USING CRON 0 0 * * 5L UTC", "2026-04-01T00:00", "2026-04-24T00:00"),
        ("USING CRON 0 0 13 * FRI UTC", "2026-02-07T00:00", "2026-02-13T00:00"),
        ("USING CRON */20 8-9 1,15 JAN,JUL * UTC", "2026-01-15T09:41", "2026-07-01T08:00"),
        ("USING CRON 0 0 29 2 * UTC", "2026-01-01T00:00", "2028-02-29T00:00"),
    ],
)
def test_when_the_next_run_is(text, begin, expected):
    begins, expects = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (begin, expected))
    assert parse(text).after(begins) == expects


def test_a_day_that_never_comes_has_no_run():
    assert parse("USING CRON 0 0 30 2 * UTC").after(utc_now()) is None


@pytest.mark.parametrize(
    "text", ["USING CRON 60 * * * * UTC", "USING CRON * * * * * Mars/Base", "0 MINUTE", "USING CRON * * * * UTC", "x"]
)
def test_schedules_that_are_none(text):
    with pytest.raises(SnowflakeError):
        parse(text)


def test_time_that_passes_ends_what_it_ends(client, clock):
    client.run("CREATE TABLE t (a INT) DATA_RETENTION_TIME_IN_DAYS = 1", "INSERT INTO t VALUES (1)", "DROP TABLE t")
    clock(hours=23)
    client.run("UNDROP TABLE t", "DROP TABLE t")
    clock(days=2)
    assert client.refused("UNDROP TABLE t") == 2003


def test_the_clock_is_kept(tmp_path):
    from runner.sandbox import bootstrap
    from runner.sandbox.engine import Engine

    before = CLOCK.ahead
    try:
        engine = Engine.open(tmp_path)
        bootstrap.create_organization(engine.catalog, tmp_path)
        target = utc_now() + timedelta(days=40)
        engine.move_clock(target)
        session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN")
        for text in (
            "CREATE DATABASE d",
            "CREATE TASK t WAREHOUSE = admin_wh AS SELECT CURRENT_TIMESTAMP()",
            "EXECUTE TASK t",
        ):
            engine.execute(session, text)
        engine.close()
        CLOCK.ahead = timedelta()
        engine = Engine.open(tmp_path)
        assert utc_now() >= target
        assert [run.name for run in engine.runs.of("IMSDLC")] == ["T"]
        engine.close()
    finally:
        CLOCK.ahead = before
