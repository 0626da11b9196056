"""Parameters come down from the account to its users, sessions and objects (sql-reference/parameters)."""

import pytest

from runner.sandbox.parameters import PARAMETERS
from runner.sandbox.session import SESSION_DEFAULTS
from runner.sandbox.statements.session import default_of

COLUMNS = ["key", "value", "default", "level", "description", "type"]


def shown(org, name, place, **who):
    """Value and level of one parameter."""
    rows = org.table(f"SHOW PARAMETERS LIKE '{name}' IN {place}", **who)
    return [(row["value"], row["level"]) for row in rows]


@pytest.fixture
def place(org):
    org.run(
        "CREATE DATABASE PD", "CREATE SCHEMA PD.S", "CREATE TABLE PD.S.T (A NUMBER)", "CREATE VIEW PD.S.V AS SELECT 1 A"
    )
    return org


def test_its_columns_are_those_of_the_documentation(place):
    row = place.table("SHOW PARAMETERS LIKE 'DATA_RETENTION%' IN DATABASE PD")[0]
    assert list(row) == COLUMNS
    assert (row["key"], row["value"], row["default"], row["level"], row["type"]) == (
        "DATA_RETENTION_TIME_IN_DAYS", "1", "1", "", "NUMBER",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("thing", "among", "missing"),
    [
        ("TABLE PD.S.T", "DATA_RETENTION_TIME_IN_DAYS", "LOG_LEVEL"),
        ("TABLE PD.S.V", "DATA_RETENTION_TIME_IN_DAYS", "TIMEZONE"),
        ("SCHEMA PD.S", "PIPE_EXECUTION_PAUSED", "TIMEZONE"),
        ("DATABASE PD", "LOG_LEVEL", "PIPE_EXECUTION_PAUSED"),
        ("WAREHOUSE ADMIN_WH", "MAX_CONCURRENCY_LEVEL", "TIMEZONE"),
        ("USER SANDBOX_ADMIN", "TIMEZONE", "DATA_RETENTION_TIME_IN_DAYS"),
        ("SESSION", "TIMEZONE", "NETWORK_POLICY"),
        ("ACCOUNT", "MIN_DATA_RETENTION_TIME_IN_DAYS", "NO_SUCH"),
    ],
)
def test_each_kind_has_the_parameters_that_can_be_set_on_it(place, thing, among, missing):
    names = [row["key"] for row in place.table(f"SHOW PARAMETERS IN {thing}")]
    assert among in names
    assert missing not in names
    assert names == sorted(names)


def test_retention_comes_down_to_the_table(place):
    steps = [("ACCOUNT", "5", "ACCOUNT"), ("DATABASE PD", "4", "DATABASE"), ("SCHEMA PD.S", "3", "SCHEMA")]
    for holder, days, level in [*steps, ("TABLE PD.S.T", "2", "TABLE")]:
        place.run(f"ALTER {holder} SET DATA_RETENTION_TIME_IN_DAYS = {days}")
        assert shown(place, "DATA_RETENTION_TIME_IN_DAYS", "TABLE PD.S.T") == [(days, level)]
        assert place.table("SHOW TABLES IN SCHEMA PD.S")[0]["retention_time"] == days
    assert place.table("SHOW DATABASES LIKE 'PD'")[0]["retention_time"] == "4"
    for holder in ("TABLE PD.S.T", "SCHEMA PD.S", "DATABASE PD"):
        place.run(f"ALTER {holder} UNSET DATA_RETENTION_TIME_IN_DAYS")
    assert shown(place, "DATA_RETENTION_TIME_IN_DAYS", "TABLE PD.S.T") == [("5", "ACCOUNT")]
    place.run("ALTER ACCOUNT UNSET DATA_RETENTION_TIME_IN_DAYS")
    assert shown(place, "DATA_RETENTION_TIME_IN_DAYS", "TABLE PD.S.T") == [("1", "")]


def test_the_minimum_of_the_account_holds_for_every_table(place):
    place.run("ALTER ACCOUNT SET MIN_DATA_RETENTION_TIME_IN_DAYS = 7")
    place.run("CREATE TRANSIENT TABLE PD.S.SHORT (A NUMBER)", "ALTER DATABASE PD SET DATA_RETENTION_TIME_IN_DAYS = 0")
    rows = {row["name"]: row["retention_time"] for row in place.table("SHOW TABLES IN SCHEMA PD.S")}
    assert rows == {"T": "7", "SHORT": "0"}


def test_what_is_stored_is_shown_where_it_was_set(place):
    place.run("ALTER DATABASE PD SET LOG_LEVEL = info TRACE_LEVEL = 'ALWAYS'")
    assert shown(place, "LOG_LEVEL", "SCHEMA PD.S") == [("INFO", "DATABASE")]
    place.run("ALTER DATABASE PD UNSET LOG_LEVEL, TRACE_LEVEL")
    assert shown(place, "LOG_LEVEL", "SCHEMA PD.S") == [("OFF", "")]
    place.run("CREATE SCHEMA PD.L LOG_LEVEL = WARN SUSPEND_TASK_AFTER_NUM_FAILURES = 3 COMMENT = 'c'")
    place.run("CREATE SCHEMA PD.M CLONE PD.L", "CREATE OR ALTER SCHEMA PD.L")
    assert shown(place, "LOG_LEVEL", "SCHEMA PD.M") == [("WARN", "SCHEMA")]
    assert shown(place, "LOG_LEVEL", "SCHEMA PD.L") == [("OFF", "")]


def test_tasks_take_theirs_from_the_schema(place):
    place.run("CREATE TASK PD.S.K SCHEDULE = '60 MINUTES' WAREHOUSE = ADMIN_WH AS SELECT 1")
    place.run("ALTER SCHEMA PD.S SET USER_TASK_TIMEOUT_MS = 5000")
    assert shown(place, "USER_TASK_TIMEOUT_MS", "TASK PD.S.K") == [("5000", "SCHEMA")]
    place.run("ALTER TASK PD.S.K SET USER_TASK_TIMEOUT_MS = 6000 TIMEZONE = 'UTC'")
    assert shown(place, "USER_TASK_TIMEOUT_MS", "TASK PD.S.K") == [("6000", "TASK")]
    assert shown(place, "TIMEZONE", "TASK PD.S.K") == [("UTC", "TASK")]


def test_failures_of_a_task_are_counted_as_its_database_says(place):
    place.run("ALTER DATABASE PD SET SUSPEND_TASK_AFTER_NUM_FAILURES = 1")
    place.run(
        "CREATE TASK PD.S.K SCHEDULE = '60 MINUTES' WAREHOUSE = ADMIN_WH AS SELECT 1/0", "ALTER TASK PD.S.K RESUME"
    )
    place.run("EXECUTE TASK PD.S.K")
    assert place.table("SHOW TASKS IN SCHEMA PD.S")[0]["state"] == "suspended"


def test_a_session_begins_with_what_the_user_and_the_account_say(org):
    org.run("ALTER ACCOUNT SET TIMEZONE = 'UTC' LOCK_TIMEOUT = 7", "CREATE USER PU TIMEZONE = 'Europe/Zurich'")
    org.run("GRANT ROLE ACCOUNTADMIN TO USER PU", "ALTER USER PU SET QUERY_TAG = 'mine'")
    who = {"user": "PU"}
    assert shown(org, "TIMEZONE", "SESSION", **who) == [("Europe/Zurich", "USER")]
    assert shown(org, "LOCK_TIMEOUT", "SESSION", **who) == [("7", "ACCOUNT")]
    assert shown(org, "QUERY_TAG", "USER PU") == [("mine", "USER")]
    org.run("ALTER SESSION SET TIMEZONE = 'Asia/Tokyo'", **who)
    assert shown(org, "TIMEZONE", "SESSION", **who) == [("Asia/Tokyo", "SESSION")]
    org.run("ALTER SESSION UNSET TIMEZONE", **who)
    assert shown(org, "TIMEZONE", "SESSION", **who) == [("Europe/Zurich", "USER")]
    org.run("ALTER SESSION SET LOCK_TIMEOUT = 7", **who)
    assert shown(org, "LOCK_TIMEOUT", "SESSION", **who) == [("7", "SESSION")]
    org.run("ALTER USER PU UNSET QUERY_TAG, TIMEZONE")
    assert shown(org, "QUERY_TAG", "USER PU") == [("", "")]


def test_users_set_their_own_session_parameters_and_no_others(org):
    org.run("CREATE ROLE PLAIN", "CREATE USER PLAIN", "GRANT ROLE PLAIN TO USER PLAIN", "CREATE USER ELSE_U")
    who = {"role": "PLAIN", "user": "PLAIN"}
    org.run("ALTER USER PLAIN SET TIMEZONE = 'UTC'", **who)
    assert org.refused("ALTER USER PLAIN SET NETWORK_POLICY = X", **who)[0] in (2003, 3001)
    assert org.refused("ALTER USER ELSE_U SET TIMEZONE = 'UTC'", **who)[0] == 2003
    assert org.refused("ALTER ACCOUNT SET TIMEZONE = 'UTC'", **who)[0] == 3001


@pytest.mark.parametrize(
    ("statement", "errno", "words"),
    [
        ("ALTER DATABASE PD SET LOG_LEVEL = LOUD", 1008, "invalid value [LOUD] for parameter 'LOG_LEVEL'"),
        ("ALTER DATABASE PD SET MAX_DATA_EXTENSION_TIME_IN_DAYS = 91", 1008, "MAX_DATA_EXTENSION"),
        ("ALTER DATABASE PD SET MAX_DATA_EXTENSION_TIME_IN_DAYS = -1", 1008, "MAX_DATA_EXTENSION"),
        ("ALTER DATABASE PD SET LOG_LEVEL", 1003, "syntax error"),
        ("ALTER DATABASE PD SET LOG_LEVEL =", 1003, "syntax error"),
        ("ALTER DATABASE PD SET PIPE_EXECUTION_PAUSED = TRUE", 1003, "syntax error"),
        ("ALTER SCHEMA PD.S SET PIPE_EXECUTION_PAUSED = TRUE", 2, "parameter PIPE_EXECUTION_PAUSED = TRUE"),
        ("ALTER DATABASE PD SET QUOTED_IDENTIFIERS_IGNORE_CASE = TRUE", 2, "parameter QUOTED_IDENTIFIERS_IGNORE_CASE"),
        ("ALTER DATABASE PD SET EXTERNAL_VOLUME = V", 2, "parameter EXTERNAL_VOLUME = V"),
        ("ALTER DATABASE PD SET TIMEZONE = 'UTC'", 1003, "syntax error"),
        ("ALTER ACCOUNT SET TIMEZONE = 'Mars/Base'", 1008, "invalid value [Mars/Base]"),
        ("ALTER ACCOUNT SET QUOTED_IDENTIFIERS_IGNORE_CASE = TRUE", 2, "parameter QUOTED_IDENTIFIERS_IGNORE_CASE"),
        ("ALTER ACCOUNT SET PERIODIC_DATA_REKEYING = TRUE", 2, "parameter PERIODIC_DATA_REKEYING = TRUE"),
        ("ALTER ACCOUNT SET NO_SUCH = 1", 1420, "invalid property 'NO_SUCH'"),
        ("ALTER USER SANDBOX_ADMIN SET LOCK_TIMEOUT = soon", 1008, "invalid value [soon]"),
        ("ALTER SESSION SET TWO_DIGIT_CENTURY_START = 2000", 2, "parameter TWO_DIGIT_CENTURY_START = 2000"),
        ("ALTER SESSION SET LOG_LEVEL = INFO", 2, "parameter LOG_LEVEL = INFO"),
        ("SHOW PARAMETERS IN DATABASE NOWHERE", 2003, "'NOWHERE' does not exist"),
        ("SHOW PARAMETERS IN TABLE PD.S.NONE", 2003, "does not exist"),
        ("SHOW PARAMETERS IN PIPE X", 2, "SHOW PARAMETERS IN PIPE"),
        ("SHOW PARAMETERS IN", 1003, "syntax error"),
        ("SHOW PARAMETERS IN TASK", 1003, "syntax error"),
        ("SHOW PARAMETERS IN ACCOUNT LIKE 'x'", 1003, "syntax error"),
    ],
)
def test_what_is_wrong_is_refused(place, statement, errno, words):
    number, message = place.refused(statement)
    assert (number, words in message) == (errno, True), message


def test_what_one_may_not_see_has_no_parameters(place):
    place.run("CREATE ROLE NOBODY", "GRANT ROLE NOBODY TO USER SANDBOX_ADMIN")
    for thing in ("DATABASE PD", "SCHEMA PD.S", "TABLE PD.S.T", "WAREHOUSE ADMIN_WH", "USER SVC4SNOWFLAKEDEPLOY"):
        assert place.refused(f"SHOW PARAMETERS IN {thing}", role="NOBODY")[0] == 2003, thing


@pytest.mark.parametrize("name", sorted(set(SESSION_DEFAULTS) & set(PARAMETERS)))
def test_defaults_are_the_same_everywhere(name):
    assert PARAMETERS[name].default == SESSION_DEFAULTS[name] == default_of(name)
