"""Warehouses: their state by the clock, what wakes them, what is stored of them; resource monitors."""

from datetime import timedelta

import pytest

from runner.sandbox.catalog.store import utc_now
from runner.sandbox.clock import CLOCK


@pytest.fixture
def clock():
    """Time that is moved on is moved back at the end."""
    before = CLOCK.ahead
    yield CLOCK
    CLOCK.ahead = before


@pytest.fixture
def at_work(org):
    org.run(
        "CREATE DATABASE d", "CREATE TABLE d.public.t (a INT)", "INSERT INTO d.public.t VALUES (1)",
        "CREATE WAREHOUSE w WAREHOUSE_SIZE = SMALL AUTO_SUSPEND = 60 INITIALLY_SUSPENDED = TRUE",
    )  # fmt: skip
    return org


def _shown(org, name="W"):
    return next(row for row in org.table("SHOW WAREHOUSES") if row["name"] == name)


def test_a_statement_that_computes_wakes_it_and_idleness_suspends_it(at_work, clock):
    assert _shown(at_work)["state"] == "SUSPENDED"
    at_work.run("SELECT 1", "SHOW TABLES IN SCHEMA d.public", "SELECT * FROM d.information_schema.tables")
    assert _shown(at_work)["state"] == "SUSPENDED"
    at_work.run("SELECT * FROM d.public.t")
    assert (_shown(at_work)["state"], _shown(at_work)["started_clusters"]) == ("STARTED", 1)
    at_work.engine.move_clock(utc_now() + timedelta(seconds=61))
    assert _shown(at_work)["state"] == "SUSPENDED"
    at_work.run("INSERT INTO d.public.t VALUES (2)")
    assert _shown(at_work)["state"] == "STARTED"
    at_work.run("ALTER WAREHOUSE w SET AUTO_SUSPEND = 0")
    at_work.engine.move_clock(utc_now() + timedelta(days=1))
    assert _shown(at_work)["state"] == "STARTED"


@pytest.mark.parametrize(
    "statement",
    ["SELECT a FROM d.public.t", "INSERT INTO d.public.t VALUES (1)", "CREATE TABLE d.public.u AS SELECT 1 AS a"],
)
def test_without_auto_resume_a_suspended_one_runs_nothing(at_work, statement):
    at_work.run("ALTER WAREHOUSE w SET AUTO_RESUME = FALSE")
    assert at_work.refused(statement)[0] == 606
    at_work.run("SELECT 1", "CREATE TABLE d.public.plain (a INT)", "ALTER WAREHOUSE w RESUME", statement)
    assert at_work.refused("ALTER WAREHOUSE w RESUME")[0] == 90064
    at_work.run("ALTER WAREHOUSE w RESUME IF SUSPENDED", "ALTER WAREHOUSE w SUSPEND")
    assert at_work.refused("ALTER WAREHOUSE w SUSPEND")[0] == 90064
    assert at_work.refused(statement)[0] == 606


def test_properties_are_kept_and_shown(at_work):
    at_work.run(
        "ALTER WAREHOUSE w SET MAX_CLUSTER_COUNT = 4 MIN_CLUSTER_COUNT = 2 SCALING_POLICY = 'ECONOMY' "
        "WAREHOUSE_TYPE = 'SNOWPARK-OPTIMIZED' ENABLE_QUERY_ACCELERATION = TRUE "
        "QUERY_ACCELERATION_MAX_SCALE_FACTOR = 3",
        "ALTER WAREHOUSE w ABORT ALL QUERIES",
    )
    shown = _shown(at_work)
    wanted = {"max_cluster_count": 4, "min_cluster_count": 2, "scaling_policy": "ECONOMY", "type": "SNOWPARK-OPTIMIZED"}
    assert wanted.items() <= shown.items()
    assert (shown["enable_query_acceleration"], shown["query_acceleration_max_scale_factor"]) == ("true", 3)
    assert at_work.refused("ALTER WAREHOUSE w SET MAX_CLUSTER_COUNT = 1")[0] == 1008
    assert at_work.refused("ALTER WAREHOUSE w SET SCALING_POLICY = 'FAST'")[0] == 1008
    at_work.run("ALTER WAREHOUSE w UNSET MAX_CLUSTER_COUNT, MIN_CLUSTER_COUNT, ENABLE_QUERY_ACCELERATION")
    assert _shown(at_work)["enable_query_acceleration"] == "false"


def test_resource_monitors_are_stored(at_work):
    at_work.run(
        "CREATE RESOURCE MONITOR m WITH CREDIT_QUOTA = 100 FREQUENCY = DAILY START_TIMESTAMP = IMMEDIATELY "
        "NOTIFY_USERS = (sandbox_admin) TRIGGERS ON 50 PERCENT DO NOTIFY ON 75 PERCENT DO NOTIFY "
        "ON 100 PERCENT DO SUSPEND ON 110 PERCENT DO SUSPEND_IMMEDIATE",
        "ALTER WAREHOUSE w SET RESOURCE_MONITOR = m",
    )
    [shown] = at_work.table("SHOW RESOURCE MONITORS")
    wanted = {"credit_quota": "100.00", "notify_at": "50%,75%", "suspend_at": "100%", "suspend_immediately_at": "110%"}
    assert wanted.items() <= shown.items()
    assert (shown["level"], _shown(at_work)["resource_monitor"]) == ("WAREHOUSE", "M")
    at_work.run("ALTER RESOURCE MONITOR m SET CREDIT_QUOTA = 200 TRIGGERS ON 90 PERCENT DO SUSPEND")
    assert at_work.run("SELECT credit_quota, notify, suspend FROM snowflake.account_usage.resource_monitors") == [
        (200, None, 90)
    ]
    assert at_work.refused("CREATE RESOURCE MONITOR m2 WITH CREDIT_QUOTA = 1", role="SYSADMIN")[0] == 3001
    assert at_work.refused("CREATE RESOURCE MONITOR m")[0] == 2002
    assert at_work.refused("ALTER WAREHOUSE w SET RESOURCE_MONITOR = nothing")[0] == 2003
    at_work.run("DROP RESOURCE MONITOR m")
    assert _shown(at_work)["resource_monitor"] == "null"
