"""Replication groups: a database of another region is there once it was refreshed, read-only, with its share."""

import pytest

from runner.sandbox import bootstrap
from runner.sandbox.engine import Engine
from tests.unit.sandbox.law.conftest import Organisation

ENABLE = "SELECT SYSTEM$GLOBAL_ACCOUNT_SET_PARAMETER('LOCALORG.{}', 'ENABLE_ACCOUNT_DATABASE_REPLICATION', 'true')"
GROUP = (
    "CREATE REPLICATION GROUP RG OBJECT_TYPES = DATABASES, SHARES ALLOWED_DATABASES = RD ALLOWED_SHARES = SH "
    "ALLOWED_ACCOUNTS = LOCALORG.FAR"
)
REPLICA = "CREATE REPLICATION GROUP RG AS REPLICA OF LOCALORG.IMCUST.RG"
FAR, NEAR = {"account": "FAR"}, {"account": "NEAR"}


def widened(organisation, root):
    """Two accounts more, in another region."""
    accounts = tuple(bootstrap.NewAccount(name, region="AWS_US_EAST_1") for name in ("FAR", "NEAR"))
    bootstrap.create_organization(organisation.catalog, root / "far", accounts=accounts)
    return organisation


def peopled(org):
    """A database with one object of each kind and a share, in accounts that may replicate."""
    org.run("GRANT ROLE ORGADMIN TO USER SANDBOX_ADMIN")
    org.run(*(ENABLE.format(name) for name in ("IMCUST", "FAR")), role="ORGADMIN")
    org.run(
        "CREATE DATABASE RD", "CREATE SCHEMA RD.S", "CREATE TAG RD.S.TG",
        "CREATE TABLE RD.S.T (A NUMBER, B VARCHAR) COMMENT = 'c'", "INSERT INTO RD.S.T VALUES (1, 'x')",
        "CREATE VIEW RD.S.V AS SELECT A FROM RD.S.T", "CREATE SEQUENCE RD.S.Q",
        "CREATE MASKING POLICY RD.S.M AS (V VARCHAR) RETURNS VARCHAR -> '*'",
        "ALTER TABLE RD.S.T MODIFY COLUMN B SET MASKING POLICY RD.S.M", "ALTER TABLE RD.S.T SET TAG RD.S.TG = 'v'",
        "CREATE PROCEDURE RD.S.P() RETURNS NUMBER LANGUAGE SQL AS 'BEGIN RETURN (SELECT COUNT(*) FROM RD.S.T); END'",
        "CREATE SHARE SH", "GRANT USAGE ON DATABASE RD TO SHARE SH", "GRANT USAGE ON SCHEMA RD.S TO SHARE SH",
        "GRANT SELECT ON TABLE RD.S.T TO SHARE SH",
    )  # fmt: skip
    return org


def copied(org):
    org.run(GROUP)
    org.run(REPLICA, "ALTER REPLICATION GROUP RG REFRESH", **FAR)
    return org


@pytest.fixture
def planet(org, tmp_path):
    return peopled(widened(org, tmp_path))


@pytest.fixture
def replicated(planet):
    return copied(planet)


@pytest.fixture(scope="module")
def steady(tmp_path_factory):
    """For statements that change nothing."""
    root = tmp_path_factory.mktemp("steady")
    organisation = copied(peopled(widened(Organisation(root), root)))
    organisation.run("CREATE DATABASE MORE")
    yield organisation
    organisation.engine.close()


def test_a_share_goes_to_another_region_once_it_is_replicated(replicated):
    assert replicated.refused("ALTER SHARE SH ADD ACCOUNTS = LOCALORG.NEAR")[0] == 3046
    replicated.run("ALTER SHARE SH ADD ACCOUNTS = LOCALORG.NEAR", **FAR)
    replicated.run("CREATE DATABASE I FROM SHARE LOCALORG.FAR.SH", **NEAR)
    assert replicated.run("SELECT * FROM I.S.T", **NEAR) == [(1, "*")]
    replicated.run("INSERT INTO RD.S.T VALUES (2, 'y')")
    assert replicated.run("SELECT COUNT(*) FROM I.S.T", **NEAR) == [(1,)]
    replicated.run("ALTER REPLICATION GROUP RG REFRESH", **FAR)
    assert replicated.run("SELECT COUNT(*) FROM I.S.T", **NEAR) == [(2,)]


def test_what_is_copied(steady):
    assert steady.run("SELECT * FROM RD.S.T", **FAR) == [(1, "*")]
    assert steady.run("SELECT * FROM RD.S.V", **FAR) == [(1,)]
    assert steady.run("CALL RD.S.P()", **FAR) == [(1,)]
    assert steady.run("SELECT SYSTEM$GET_TAG('RD.S.TG', 'RD.S.T', 'TABLE')", **FAR) == [("v",)]
    same = "SELECT GET_DDL('SCHEMA', 'RD.S')"
    assert steady.run(same) == steady.run(same, **FAR)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO RD.S.T VALUES (2, 'y')",
        "UPDATE RD.S.T SET A = 2",
        "MERGE INTO RD.S.T USING (SELECT 1 AS A) X ON TRUE WHEN MATCHED THEN DELETE",
        "TRUNCATE TABLE RD.S.T",
        "CREATE TABLE RD.S.N (A NUMBER)",
        "CREATE OR REPLACE TABLE RD.S.T (A NUMBER)",
        "CREATE OR REPLACE DATABASE RD",
        "CREATE STAGE RD.S.ST",
        "CREATE SCHEMA RD.N",
        "ALTER TABLE RD.S.T ADD COLUMN C NUMBER",
        "ALTER TABLE RD.S.T SET TAG RD.S.TG = 'w'",
        "ALTER DATABASE RD SET COMMENT = 'x'",
        "ALTER DATABASE RD RENAME TO RX",
        "ALTER SCHEMA RD.S RENAME TO RD.X",
        "COMMENT ON TABLE RD.S.T IS 'x'",
        "DROP TABLE RD.S.T",
        "DROP SCHEMA RD.S",
        "DROP DATABASE RD",
        "DROP SEQUENCE RD.S.Q",
        "SELECT RD.S.Q.NEXTVAL",
        "GRANT OWNERSHIP ON TABLE RD.S.T TO ROLE SYSADMIN COPY CURRENT GRANTS",
    ],
)
def test_a_secondary_database_is_only_read(steady, statement):
    assert steady.refused(statement, **FAR)[0] == 3540
    assert steady.run("SELECT COUNT(*), MAX(A) FROM RD.S.T", **FAR) == [(1, 1)]


def test_a_refresh_brings_what_is_new_takes_what_is_gone_and_keeps_grants(replicated):
    replicated.run("CREATE ROLE FR", "GRANT USAGE ON DATABASE RD TO ROLE FR", **FAR)
    replicated.run("GRANT USAGE ON SCHEMA RD.S TO ROLE FR", "GRANT SELECT ON TABLE RD.S.T TO ROLE FR", **FAR)
    replicated.run("GRANT ROLE FR TO USER SANDBOX_ADMIN", **FAR)
    replicated.run("DROP VIEW RD.S.V", "CREATE TABLE RD.S.T2 (A NUMBER)", "ALTER TABLE RD.S.T ADD COLUMN C NUMBER")
    replicated.run(
        "CREATE SCHEMA RD.MORE", "CREATE TABLE RD.MORE.X (A NUMBER)", "GRANT SELECT ON TABLE RD.S.T2 TO SHARE SH"
    )
    replicated.run("ALTER REPLICATION GROUP RG REFRESH", **FAR)
    assert replicated.run("SELECT * FROM RD.S.T", role="FR", **FAR) == [(1, "*", None)]
    assert replicated.refused("SELECT * FROM RD.S.V", **FAR)[0] == 2003
    assert replicated.run("SELECT COUNT(*) FROM RD.MORE.X", **FAR) == [(0,)]
    shared = [row["name"] for row in replicated.table("SHOW GRANTS TO SHARE SH", **FAR)]
    assert "RD.S.T2" in shared
    replicated.run("DROP DATABASE RD")
    replicated.run("ALTER REPLICATION GROUP RG SET ALLOWED_SHARES = SH")
    replicated.run("ALTER REPLICATION GROUP RG REMOVE SH FROM ALLOWED_SHARES")
    replicated.run("ALTER REPLICATION GROUP RG REFRESH", **FAR)
    assert replicated.refused("SELECT * FROM RD.S.T", **FAR)[0] == 2003


def test_a_failed_refresh_leaves_everything_as_it_was(replicated):
    replicated.run("CREATE DATABASE ELSEWHERE", "CREATE SCHEMA ELSEWHERE.S")
    replicated.run("CREATE MASKING POLICY ELSEWHERE.S.M AS (V VARCHAR) RETURNS VARCHAR -> '#'")
    replicated.run(
        "CREATE TABLE RD.S.NEW (B VARCHAR)", "ALTER TABLE RD.S.NEW MODIFY COLUMN B SET MASKING POLICY ELSEWHERE.S.M"
    )
    errno, message = replicated.refused("ALTER REPLICATION GROUP RG REFRESH", **FAR)
    assert (errno, "ELSEWHERE.S.M <- [RD.S.NEW]" in message) == (3131, True)
    assert replicated.run("SELECT * FROM RD.S.T", **FAR) == [(1, "*")]


def test_ends_of_groups(replicated):
    assert replicated.refused("DROP REPLICATION GROUP RG")[0] == 3139
    assert replicated.refused("DROP SHARE SH", **FAR)[0] == 3140
    assert replicated.refused("GRANT SELECT ON VIEW RD.S.V TO SHARE SH", **FAR)[0] == 3140
    replicated.run("DROP REPLICATION GROUP RG", **FAR)
    replicated.run("INSERT INTO RD.S.T VALUES (9, 'z')", "DROP SHARE SH", **FAR)
    replicated.run("DROP REPLICATION GROUP RG", "DROP REPLICATION GROUP IF EXISTS RG")
    assert replicated.run("SHOW REPLICATION GROUPS") == []


def test_groups_are_shown_to_both_accounts(steady):
    for who, primary in (({}, "true"), (FAR, "false")):
        rows = {row["account_name"]: row for row in steady.table("SHOW REPLICATION GROUPS", **who)}
        assert set(rows) == {"IMCUST", "FAR"}
        mine = rows["FAR" if who else "IMCUST"]
        assert (mine["is_primary"], mine["primary"]) == (primary, "LOCALORG.IMCUST.RG")
    assert [row["name"] for row in steady.table("SHOW DATABASES IN REPLICATION GROUP RG", **FAR)] == ["RD"]
    assert [row["name"] for row in steady.table("SHOW SHARES IN REPLICATION GROUP RG")] == ["SH"]
    assert [row["account_name"] for row in steady.table("SHOW REPLICATION ACCOUNTS")] == ["FAR", "IMCUST"]
    pairs = [(row["account_name"], row["is_primary"]) for row in steady.table("SHOW REPLICATION DATABASES")]
    assert pairs == [("FAR", "false"), ("IMCUST", "true")]
    used = "SELECT name, type, object_types, owner, deleted FROM SNOWFLAKE.ACCOUNT_USAGE.REPLICATION_GROUPS"
    assert steady.run(used) == [("RG", "REPLICATION", "DATABASES, SHARES", "ACCOUNTADMIN", None)]


@pytest.mark.parametrize(
    ("statement", "errno"),
    [
        ("CREATE REPLICATION GROUP G OBJECT_TYPES = DATABASES", 1003),
        ("CREATE REPLICATION GROUP G ALLOWED_ACCOUNTS = LOCALORG.FAR", 1003),
        ("CREATE REPLICATION GROUP G OBJECT_TYPES = ROLES ALLOWED_ACCOUNTS = LOCALORG.FAR", 2),
        ("CREATE REPLICATION GROUP G OBJECT_TYPES = FRUIT ALLOWED_ACCOUNTS = LOCALORG.FAR", 1003),
        ("CREATE REPLICATION GROUP G OBJECT_TYPES = DATABASES ALLOWED_ACCOUNTS = LOCALORG.NOWHERE", 2003),
        ("CREATE REPLICATION GROUP G OBJECT_TYPES = DATABASES ALLOWED_ACCOUNTS = LOCALORG.IMCUST", 2003),
        ("CREATE REPLICATION GROUP G OBJECT_TYPES = DATABASES ALLOWED_ACCOUNTS = LOCALORG.NEAR", 3130),
        ("CREATE REPLICATION GROUP G OBJECT_TYPES = DATABASES ALLOWED_DATABASES = NONE ALLOWED_ACCOUNTS = FAR", 2003),
        ("CREATE REPLICATION GROUP G OBJECT_TYPES = DATABASES ALLOWED_DATABASES = RD ALLOWED_ACCOUNTS = FAR", 3133),
        ("CREATE REPLICATION GROUP G OBJECT_TYPES = SHARES ALLOWED_DATABASES = MORE ALLOWED_ACCOUNTS = FAR", 1003),
        ("CREATE REPLICATION GROUP RG OBJECT_TYPES = DATABASES ALLOWED_ACCOUNTS = FAR", 2002),
        ("CREATE REPLICATION GROUP G OBJECT_TYPES = DATABASES ALLOWED_ACCOUNTS = FAR REPLICATION_SCHEDULE = 'x'", 1432),
        ("CREATE REPLICATION GROUP G AS REPLICA OF LOCALORG.FAR.RG", 2003),
        ("CREATE FAILOVER GROUP G OBJECT_TYPES = DATABASES ALLOWED_ACCOUNTS = FAR", 3141),
        ("ALTER REPLICATION GROUP RG REFRESH", 3136),
        ("ALTER REPLICATION GROUP RG PRIMARY", 1003),
        ("ALTER REPLICATION GROUP RG FROB", 1003),
        ("ALTER REPLICATION GROUP RG SET", 1003),
        ("ALTER REPLICATION GROUP RG ADD RD TO ALLOWED_FRUIT", 1003),
        ("ALTER REPLICATION GROUP NONE REFRESH", 2003),
        ("ALTER FAILOVER GROUP RG SUSPEND", 2003),
        ("DROP FAILOVER GROUP RG", 2003),
        ("SELECT SYSTEM$GLOBAL_ACCOUNT_SET_PARAMETER('LOCALORG.FAR', 'X', 'true')", 3001),
    ],
)
def test_what_is_wrong_is_refused(steady, statement, errno):
    assert steady.refused(statement)[0] == errno


def test_nobody_else_can_make_a_replica(planet):
    planet.run(GROUP)
    assert planet.refused(REPLICA, account="IMSDLC")[0] == 3130
    planet.run(ENABLE.format("IMSDLC"), role="ORGADMIN")
    assert planet.refused(REPLICA, account="IMSDLC")[0] == 2003


def test_a_database_of_that_name_stands_in_the_way(planet):
    planet.run(GROUP)
    planet.run("CREATE DATABASE RD", REPLICA, **FAR)
    assert planet.refused("ALTER REPLICATION GROUP RG REFRESH", **FAR)[0] == 2002


def test_failover_groups_in_business_critical_accounts(planet):
    for name in ("IMCUST", "FAR"):
        planet.catalog.account(name).edition = "BUSINESS_CRITICAL"
    planet.run("CREATE FAILOVER GROUP FG OBJECT_TYPES = DATABASES ALLOWED_DATABASES = RD ALLOWED_ACCOUNTS = FAR")
    planet.run("CREATE FAILOVER GROUP FG AS REPLICA OF LOCALORG.IMCUST.FG", "ALTER FAILOVER GROUP FG REFRESH", **FAR)
    assert planet.run("SELECT COUNT(*) FROM RD.S.T", **FAR) == [(1,)]
    assert planet.refused("ALTER FAILOVER GROUP FG PRIMARY")[0] == 3136
    for command in ("SHOW FAILOVER GROUPS", "SHOW REPLICATION GROUPS"):
        assert [row["type"] for row in planet.table(command)] == ["FAILOVER", "FAILOVER"]


def test_groups_and_copies_are_durable(tmp_path):
    organisation = Organisation.__new__(Organisation)
    organisation.engine, organisation.root, organisation.sessions = Engine.open(tmp_path / "box"), tmp_path, {}
    bootstrap.create_organization(organisation.catalog, tmp_path)
    widened(organisation, tmp_path)
    for name in ("IMCUST", "FAR"):
        with organisation.catalog.work() as work:
            account = organisation.catalog.account(name)
            work.edit_link(account, parameters={"ENABLE_ACCOUNT_DATABASE_REPLICATION": "true"})
    organisation.run("CREATE DATABASE RD", "CREATE TABLE RD.PUBLIC.T AS SELECT 1 AS A")
    organisation.run(
        "CREATE REPLICATION GROUP RG OBJECT_TYPES = DATABASES ALLOWED_DATABASES = RD ALLOWED_ACCOUNTS = FAR"
    )
    organisation.run("CREATE REPLICATION GROUP RG AS REPLICA OF IMCUST.RG", "ALTER REPLICATION GROUP RG REFRESH", **FAR)
    organisation.engine.close()
    organisation.engine, organisation.sessions = Engine.open(tmp_path / "box"), {}
    assert organisation.run("SELECT A FROM RD.PUBLIC.T", **FAR) == [(1,)]
    assert organisation.refused("DROP TABLE RD.PUBLIC.T", **FAR)[0] == 3540
    organisation.run("ALTER REPLICATION GROUP RG REFRESH", **FAR)
    organisation.engine.close()


def test_nanoseconds_arrive_also_in_a_column_that_had_none(planet):
    planet.run("CREATE TABLE RD.S.N (A TIMESTAMP_NTZ)", "INSERT INTO RD.S.N VALUES ('2024-01-01')")
    copied(planet)
    planet.run("INSERT INTO RD.S.N VALUES ('2024-01-01 00:00:00.000000007')")
    planet.run("ALTER REPLICATION GROUP RG REFRESH", **FAR)
    assert planet.run("SELECT SUM(DATE_PART(ns, A)), COUNT(*) FROM RD.S.N", **FAR) == [(7, 2)]
