"""Alerts: looked at by the clock or on order, with their owner's rights."""

from datetime import timedelta

import pytest

from runner.sandbox.catalog.store import utc_now
from runner.sandbox.clock import CLOCK


@pytest.fixture
def watched(client):
    """An alert on values above ten; time that is moved on is moved back at the end."""
    before = CLOCK.ahead
    client.run(
        "CREATE TABLE seen (a INT)",
        "CREATE TABLE told (n INT)",
        "CREATE ALERT high WAREHOUSE = admin_wh SCHEDULE = '5 MINUTE' COMMENT = 'c' "
        "IF (EXISTS (SELECT a FROM seen WHERE a > 10)) THEN INSERT INTO told SELECT COUNT(*) FROM seen",
    )
    yield client
    client.run("DROP ALERT IF EXISTS high")
    CLOCK.ahead = before


def _states(client):
    return [
        row[0]
        for row in client.rows(
            "SELECT state FROM TABLE(information_schema.alert_history(ALERT_NAME => 'HIGH')) ORDER BY scheduled_time"
        )
    ]


def test_on_order_it_runs_once(watched):
    watched.run("EXECUTE ALERT high")
    assert watched.rows("SELECT * FROM told") == []
    watched.run("INSERT INTO seen VALUES (11)", "EXECUTE ALERT high")
    assert watched.rows("SELECT * FROM told") == [(1,)]
    assert _states(watched) == ["CONDITION_FALSE", "TRIGGERED"]


def test_by_the_clock_once_it_is_resumed(watched, engine):
    watched.run("INSERT INTO seen VALUES (11)")
    engine.move_clock(utc_now() + timedelta(minutes=6))
    assert watched.rows("SELECT * FROM told") == []
    watched.run("ALTER ALERT high RESUME")
    engine.move_clock(utc_now() + timedelta(minutes=11))
    assert watched.rows("SELECT * FROM told") == [(1,), (1,)]
    watched.run("ALTER ALERT high SUSPEND")
    engine.move_clock(utc_now() + timedelta(minutes=11))
    assert len(watched.rows("SELECT * FROM told")) == 2


def test_what_fails_is_said_and_remembered(watched):
    watched.run("ALTER ALERT high MODIFY CONDITION EXISTS (SELECT 1 FROM nothing)")
    assert watched.refused("EXECUTE ALERT high") == 2003
    watched.run("ALTER ALERT high MODIFY CONDITION EXISTS (SELECT 1)", "ALTER ALERT high MODIFY ACTION SELECT 1/0")
    assert watched.refused("EXECUTE ALERT high") == 100051
    assert _states(watched) == ["CONDITION_FAILED", "ACTION_FAILED"]


def test_it_is_shown_altered_and_made_again(watched):
    watched.run("ALTER ALERT high SET SCHEDULE = 'USING CRON 0 9 * * * UTC', COMMENT = 'x'")
    [row] = watched.rows("SHOW ALERTS LIKE 'high'")
    assert (row[7], row[8], row[9]) == ("USING CRON 0 9 * * * UTC", "suspended", "SELECT a FROM seen WHERE a > 10")
    assert len(watched.rows("DESCRIBE ALERT high")) == 1
    ddl = watched.one("SELECT GET_DDL('ALERT', 'high')")
    watched.run(ddl)
    assert watched.one("SELECT GET_DDL('ALERT', 'high')") == ddl


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE ALERT x WAREHOUSE = admin_wh SCHEDULE = 'often' IF (EXISTS (SELECT 1)) THEN SELECT 1",
        "CREATE ALERT x WAREHOUSE = nothing SCHEDULE = '1 MINUTE' IF (EXISTS (SELECT 1)) THEN SELECT 1",
        "CREATE ALERT x SCHEDULE = '1 MINUTE' IF (EXISTS (SELECT 1))",
        "CREATE ALERT x SCHEDULE = '1 MINUTE' IF (SELECT 1) THEN SELECT 1",
        "CREATE ALERT x SCHEDULE = '1 MINUTE' IF (EXISTS (DELETE FROM seen)) THEN SELECT 1",
        "CREATE ALERT high SCHEDULE = '1 MINUTE' IF (EXISTS (SELECT 1)) THEN SELECT 1",
        "ALTER ALERT nothing RESUME",
        "EXECUTE ALERT nothing",
    ],
)
def test_what_is_refused(watched, statement):
    watched.refused(statement)


ALERT = "SNOWFLAKE.ALERT"


def test_condition_and_action_ask_about_their_run(watched, engine):
    """The form that the documentation gives: what came since the last success, and the rows of the condition."""
    watched.run(
        "CREATE TABLE times (last TIMESTAMP_LTZ, now TIMESTAMP_LTZ, a INT)",
        f"CREATE ALERT timed SCHEDULE = '5 MINUTE' IF (EXISTS (SELECT a, {ALERT}.LAST_SUCCESSFUL_SCHEDULED_TIME() AS l "
        f"FROM seen WHERE {ALERT}.SCHEDULED_TIME() > l)) THEN INSERT INTO times "
        f"SELECT l, {ALERT}.SCHEDULED_TIME(), a FROM TABLE(RESULT_SCAN({ALERT}.GET_CONDITION_QUERY_UUID()))",
        "INSERT INTO seen VALUES (3)",
        "EXECUTE ALERT timed",
        "EXECUTE ALERT timed",
    )
    rows = watched.rows("SELECT last, now, a FROM times ORDER BY now")
    assert [row[2] for row in rows] == [3, 3]
    assert rows[0][0].timestamp() == 0
    assert rows[1][0] == rows[0][1] < rows[1][1]


@pytest.mark.parametrize("name", ["SCHEDULED_TIME", "LAST_SUCCESSFUL_SCHEDULED_TIME", "GET_CONDITION_QUERY_UUID"])
def test_outside_of_an_alert_they_are_refused(watched, name):
    assert watched.refused(f"SELECT {ALERT}.{name}()") == 91083
    assert watched.refused(f"SELECT {name}()") == 2140
    assert watched.refused(f"SELECT {ALERT}.{name}(1)") == 939
