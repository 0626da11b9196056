"""Replication that goes by the clock, groups that hand members on, and replicas that take over."""

from datetime import timedelta

import pytest

from runner.sandbox.catalog.store import utc_now
from runner.sandbox.clock import CLOCK
from tests.unit.sandbox.law.test_replication import FAR, NEAR, REPLICA, peopled, widened

GROUP = "CREATE REPLICATION GROUP RG OBJECT_TYPES = DATABASES, SHARES ALLOWED_DATABASES = RD ALLOWED_SHARES = SH {}"
TO_FAR = "ALLOWED_ACCOUNTS = LOCALORG.FAR"
COUNT = "SELECT COUNT(*) FROM RD.S.T"
ENABLE = "SELECT SYSTEM$GLOBAL_ACCOUNT_SET_PARAMETER('LOCALORG.{}', 'ENABLE_ACCOUNT_DATABASE_REPLICATION', 'true')"


@pytest.fixture
def planet(org, tmp_path):
    return peopled(widened(org, tmp_path))


@pytest.fixture
def passes(planet):
    """Lets time pass; afterwards it is again what it was."""
    before = CLOCK.ahead
    yield lambda **span: planet.engine.move_clock(utc_now() + timedelta(**span))
    CLOCK.ahead = before


@pytest.fixture
def over(planet):
    """A failover group with a replica in FAR and one in NEAR, both refreshed."""
    planet.run(ENABLE.format("NEAR"), role="ORGADMIN")
    for name in ("IMCUST", "FAR", "NEAR"):
        planet.catalog.account(name).edition = "BUSINESS_CRITICAL"
    planet.run(
        "CREATE FAILOVER GROUP FG OBJECT_TYPES = DATABASES, SHARES ALLOWED_DATABASES = RD ALLOWED_SHARES = SH "
        "ALLOWED_ACCOUNTS = LOCALORG.FAR, LOCALORG.NEAR REPLICATION_SCHEDULE = '10 MINUTE'"
    )
    for who in (FAR, NEAR):
        planet.run(
            "CREATE FAILOVER GROUP FG AS REPLICA OF LOCALORG.IMCUST.FG", "ALTER FAILOVER GROUP FG REFRESH", **who
        )
    return planet


def due(planet, **who):
    name = who.get("account", "IMCUST")
    rows = [row for row in planet.table("SHOW REPLICATION GROUPS", **who) if row["account_name"] == name]
    return rows[0]["next_scheduled_refresh"]


def test_a_new_replica_is_refreshed_of_its_own_accord_and_then_by_the_schedule(planet, passes):
    planet.run(GROUP.format(f"{TO_FAR} REPLICATION_SCHEDULE = '10 MINUTE'"))
    planet.run(REPLICA, **FAR)
    assert passes(seconds=1) == 1
    assert planet.run(COUNT, **FAR) == [(1,)]
    planet.run("INSERT INTO RD.S.T VALUES (2, 'y')")
    assert (passes(minutes=9), planet.run(COUNT, **FAR)) == (0, [(1,)])
    assert (passes(minutes=2), planet.run(COUNT, **FAR)) == (1, [(2,)])
    assert passes(hours=1) == 6


def test_without_a_schedule_only_the_first_comes_of_its_own_accord(planet, passes):
    planet.run(GROUP.format(TO_FAR))
    planet.run(REPLICA, **FAR)
    assert (passes(seconds=1), passes(days=1), due(planet, **FAR)) == (1, 0, None)


def test_a_schedule_that_is_set_changed_taken_away_or_suspended(planet, passes):
    planet.run(GROUP.format(TO_FAR))
    planet.run(REPLICA, "ALTER REPLICATION GROUP RG REFRESH", **FAR)
    planet.run("ALTER REPLICATION GROUP RG SET REPLICATION_SCHEDULE = 'USING CRON 0 3 * * * UTC'")
    assert due(planet, **FAR).hour == 3
    planet.run("ALTER REPLICATION GROUP RG SUSPEND IMMEDIATE", **FAR)
    assert (passes(days=1), due(planet, **FAR)) == (0, None)
    planet.run("ALTER REPLICATION GROUP RG RESUME", **FAR)
    assert passes(days=2) == 2
    planet.run("ALTER REPLICATION GROUP RG UNSET REPLICATION_SCHEDULE, COMMENT")
    assert (passes(days=1), due(planet, **FAR)) == (0, None)
    assert planet.refused("ALTER REPLICATION GROUP RG SET REPLICATION_SCHEDULE = '10 SECONDS'")[0] == 1432


def test_a_refresh_that_fails_is_tried_again_when_it_is_due_next(planet, passes):
    planet.run(GROUP.format(f"{TO_FAR} REPLICATION_SCHEDULE = '10 M'"))
    planet.run("CREATE DATABASE RD", REPLICA, **FAR)
    assert passes(minutes=15) == 2
    failed = (
        "SELECT EXECUTION_STATUS, USER_NAME, ERROR_CODE FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY "
        "WHERE QUERY_TEXT LIKE '%REFRESH'"
    )
    assert planet.run(failed, **FAR) == [("FAIL", "SYSTEM", "002002")] * 2
    planet.run("DROP DATABASE RD", **FAR)
    passes(minutes=10)
    assert planet.run(COUNT, **FAR) == [(1,)]


def test_the_replica_takes_over_and_the_other_is_read_only(over):
    over.run("ALTER FAILOVER GROUP FG PRIMARY", **FAR)
    over.run("INSERT INTO RD.S.T VALUES (2, 'far')", **FAR)
    assert over.refused("INSERT INTO RD.S.T VALUES (3, 'x')")[0] == 3540
    assert over.run(COUNT) == [(1,)]
    rows = {row["account_name"]: row for row in over.table("SHOW FAILOVER GROUPS", **FAR)}
    assert {name: row["is_primary"] for name, row in rows.items()} == {
        "FAR": "true", "IMCUST": "false", "NEAR": "false"
    }  # fmt: skip
    assert {row["primary"] for row in rows.values()} == {"LOCALORG.FAR.FG"}
    assert (rows["IMCUST"]["secondary_state"], rows["NEAR"]["secondary_state"]) == ("SUSPENDED", "SUSPENDED")
    for who in ({}, NEAR):
        over.run("ALTER FAILOVER GROUP FG REFRESH", **who)
        assert over.run(COUNT, **who) == [(2,)]
        assert over.run("SELECT COUNT(*) FROM INFORMATION_SCHEMA.DATABASES WHERE DATABASE_NAME = 'RD'") == [(1,)]


def test_there_and_back(over):
    over.run("CREATE SEQUENCE RD.S.Q2", "CREATE STREAM RD.S.ST ON TABLE RD.S.T", "CREATE ROLE KEPT")
    over.run("GRANT USAGE ON DATABASE RD TO ROLE KEPT")
    over.run("ALTER FAILOVER GROUP FG REFRESH", "ALTER FAILOVER GROUP FG PRIMARY", **FAR)
    over.run("CREATE TABLE RD.S.NEW AS SELECT 7 AS A", "DROP SEQUENCE RD.S.Q2", **FAR)
    over.run("ALTER FAILOVER GROUP FG REFRESH")
    assert over.run("SELECT A FROM RD.S.NEW") == [(7,)]
    assert over.refused("DESCRIBE SEQUENCE RD.S.Q2")[0] == 2003
    over.run("ALTER FAILOVER GROUP FG PRIMARY")
    over.run("INSERT INTO RD.S.NEW VALUES (8)")
    assert over.refused("INSERT INTO RD.S.NEW VALUES (8)", **FAR)[0] == 3540
    over.run("ALTER FAILOVER GROUP FG REFRESH", **FAR)
    assert over.run("SELECT COUNT(*) FROM RD.S.NEW", **FAR) == [(2,)]
    assert [row["name"] for row in over.table("SHOW STREAMS IN SCHEMA RD.S")] == ["ST"]
    assert [row["privilege"] for row in over.table("SHOW GRANTS TO ROLE KEPT")] == ["USAGE"]


def test_tasks_of_a_secondary_wait_for_the_failback(over, passes):
    over.run(
        "CREATE TASK RD.S.K WAREHOUSE = ADMIN_WH SCHEDULE = '5 MINUTES' AS INSERT INTO RD.S.T VALUES (9, 'k')",
        "ALTER TASK RD.S.K RESUME",
    )
    over.run("ALTER FAILOVER GROUP FG PRIMARY", **FAR)
    passes(minutes=20)
    assert over.run(COUNT) == [(1,)]
    over.run("ALTER FAILOVER GROUP FG PRIMARY")
    passes(minutes=6)
    assert over.run(COUNT)[0][0] > 1


def test_who_may_fail_over(over):
    over.run(
        "CREATE ROLE OPS",
        "GRANT ROLE OPS TO USER SANDBOX_ADMIN",
        "GRANT REPLICATE ON FAILOVER GROUP FG TO ROLE OPS",
        **FAR,
    )
    assert over.refused("ALTER FAILOVER GROUP FG PRIMARY", role="OPS", **FAR)[0] == 3001
    over.run("GRANT FAILOVER ON FAILOVER GROUP FG TO ROLE OPS", **FAR)
    over.run("ALTER FAILOVER GROUP FG PRIMARY", role="OPS", **FAR)
    over.run("ALTER FAILOVER GROUP FG REMOVE LOCALORG.NEAR FROM ALLOWED_ACCOUNTS", **FAR)
    assert over.refused("ALTER FAILOVER GROUP FG PRIMARY", **NEAR)[0] == 3137


def moved(planet):
    planet.run("CREATE DATABASE MORE", "CREATE TABLE MORE.PUBLIC.T AS SELECT 1 AS A", GROUP.format(TO_FAR))
    planet.run(f"CREATE REPLICATION GROUP R2 OBJECT_TYPES = DATABASES ALLOWED_DATABASES = MORE {TO_FAR}")
    for name in ("RG", "R2"):
        planet.run(
            f"CREATE REPLICATION GROUP {name} AS REPLICA OF LOCALORG.IMCUST.{name}",
            f"ALTER REPLICATION GROUP {name} REFRESH", **FAR,
        )  # fmt: skip


def test_groups_of_one_account_leave_each_others_databases_alone(planet):
    moved(planet)
    planet.run("ALTER REPLICATION GROUP RG REFRESH", **FAR)
    assert planet.refused("DROP TABLE MORE.PUBLIC.T", **FAR)[0] == 3540


def test_a_database_moves_to_another_group_and_stays_where_it_was_brought(planet):
    moved(planet)
    planet.run("ALTER REPLICATION GROUP R2 MOVE DATABASES MORE TO REPLICATION GROUP RG")
    planet.run("INSERT INTO MORE.PUBLIC.T VALUES (2)")
    planet.run("ALTER REPLICATION GROUP R2 REFRESH", "ALTER REPLICATION GROUP RG REFRESH", **FAR)
    assert planet.run("SELECT COUNT(*) FROM MORE.PUBLIC.T", **FAR) == [(2,)]
    assert [row["name"] for row in planet.table("SHOW DATABASES IN REPLICATION GROUP RG")] == ["MORE", "RD"]
    assert planet.refused("ALTER REPLICATION GROUP RG MOVE SHARES SH TO REPLICATION GROUP R2")[0] == 1003
    assert planet.refused("ALTER REPLICATION GROUP R2 MOVE DATABASES RD TO REPLICATION GROUP RG")[0] == 3133
    assert planet.refused("ALTER REPLICATION GROUP RG MOVE DATABASES RD TO FAILOVER GROUP R2")[0] == 1003
    assert planet.refused("ALTER REPLICATION GROUP RG MOVE DATABASES RD TO REPLICATION GROUP NONE")[0] == 2003


def test_what_leaves_its_group_is_dropped_by_the_next_refresh(planet):
    moved(planet)
    planet.run("ALTER REPLICATION GROUP RG SET ALLOWED_SHARES = NULL")
    planet.run("ALTER REPLICATION GROUP R2 REMOVE MORE FROM ALLOWED_DATABASES")
    assert planet.run("SELECT COUNT(*) FROM MORE.PUBLIC.T", **FAR) == [(1,)]
    planet.run("ALTER REPLICATION GROUP RG REFRESH", "ALTER REPLICATION GROUP R2 REFRESH", **FAR)
    assert planet.refused("SELECT COUNT(*) FROM MORE.PUBLIC.T", **FAR)[0] == 2003
    assert planet.refused("DESCRIBE SHARE SH", **FAR)[0] == 2003
    assert planet.run(COUNT, **FAR) == [(1,)]
