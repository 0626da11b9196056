"""The SNOWFLAKE database: who may read which of its views, and that nobody changes it.

Sources: sql-reference/snowflake-db-roles, sql-reference/account-usage, sql-reference/sql/show-databases.
"""

import pytest

from runner.sandbox import account_usage, application, bootstrap
from runner.sandbox.errors import SnowflakeError

USAGE = "SNOWFLAKE.ACCOUNT_USAGE"


@pytest.fixture
def reader(org):
    org.run("CREATE ROLE READER", "GRANT ROLE READER TO USER SANDBOX_ADMIN")
    session = org.session("READER")
    org.run("USE SECONDARY ROLES NONE", role="READER")
    return session


def reads(org, name):
    """The number of the refusal, 0 where READER reads it."""
    try:
        org.run(f"SELECT * FROM {name}", role="READER")
    except SnowflakeError as error:
        return error.errno
    return 0


def test_it_is_there_in_every_account(org):
    for account in ("IMCUST", "IMSDLC"):
        (shown,) = org.table("SHOW DATABASES LIKE 'SNOWFLAKE'", account=account)
        assert (shown["origin"], shown["owner"], shown["kind"]) == ("SNOWFLAKE.ACCOUNT_USAGE", "", "APPLICATION")
        assert (shown["retention_time"], shown["owner_role_type"]) == ("0", "")


def test_imported_privileges_open_all_of_it(org, reader):
    assert reads(org, f"{USAGE}.TABLES") == 2003
    org.run("GRANT IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE TO ROLE READER")
    assert {reads(org, f"{USAGE}.{name}") for name in account_usage.VIEWS} == {0}
    assert reads(org, "SNOWFLAKE.ORGANIZATION_USAGE.ACCOUNTS") == 0
    org.run("REVOKE IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE FROM ROLE READER")
    assert reads(org, f"{USAGE}.TABLES") == 2003


@pytest.mark.parametrize(
    ("role", "opened", "closed"),
    [
        ("OBJECT_VIEWER", ["TABLES", "OBJECT_DEPENDENCIES", "TAGS"], ["USERS", "QUERY_HISTORY", "TASK_HISTORY"]),
        ("USAGE_VIEWER", ["TASK_HISTORY", "QUERY_ATTRIBUTION_HISTORY"], ["TABLES", "QUERY_HISTORY"]),
        ("GOVERNANCE_VIEWER", ["QUERY_HISTORY", "TAGS", "POLICY_REFERENCES"], ["LOGIN_HISTORY", "TABLES"]),
        ("SECURITY_VIEWER", ["LOGIN_HISTORY", "POLICY_REFERENCES"], ["TAGS", "COLUMNS"]),
    ],
)
def test_each_of_its_roles_opens_its_views(org, reader, role, opened, closed):
    org.run(f"GRANT DATABASE ROLE SNOWFLAKE.{role} TO ROLE READER")
    assert [reads(org, f"{USAGE}.{name}") for name in opened] == [0] * len(opened)
    assert [reads(org, f"{USAGE}.{name}") for name in closed] == [2003] * len(closed)
    assert reads(org, "SNOWFLAKE.ORGANIZATION_USAGE.ACCOUNTS") == 2003
    org.run(f"REVOKE DATABASE ROLE SNOWFLAKE.{role} FROM ROLE READER")
    assert [reads(org, f"{USAGE}.{name}") for name in opened] == [2003] * len(opened)


def test_every_view_is_opened_by_a_role_of_its_own(org):
    roles = [role["name"] for role in org.table("SHOW DATABASE ROLES IN DATABASE SNOWFLAKE")]
    org.run("CREATE ROLE ALL_OF_THEM", "GRANT ROLE ALL_OF_THEM TO USER SANDBOX_ADMIN")
    for role in roles:
        org.run(f"GRANT DATABASE ROLE SNOWFLAKE.{role} TO ROLE ALL_OF_THEM")
    org.run("USE SECONDARY ROLES NONE", role="ALL_OF_THEM")
    for name in account_usage.VIEWS:
        org.run(f"SELECT 1 FROM {USAGE}.{name} LIMIT 0", role="ALL_OF_THEM")
    for name in account_usage.ORGANIZATION_VIEWS:
        org.run(f"SELECT 1 FROM SNOWFLAKE.ORGANIZATION_USAGE.{name} LIMIT 0", role="ALL_OF_THEM")


def test_views_are_known_by_shorter_names_where_the_session_is(org, reader):
    org.run("GRANT DATABASE ROLE SNOWFLAKE.SECURITY_VIEWER TO ROLE READER")
    org.run("USE DATABASE SNOWFLAKE", role="READER")
    assert reads(org, "ACCOUNT_USAGE.USERS") == 0
    org.run("USE SCHEMA ACCOUNT_USAGE", role="READER")
    assert reads(org, "USERS") == 0
    assert org.run("WITH USERS AS (SELECT 7 AS N) SELECT N FROM USERS", role="READER") == [(7,)]


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("DROP DATABASE SNOWFLAKE", 3001),
        ("CREATE OR REPLACE DATABASE SNOWFLAKE", 3001),
        ("ALTER DATABASE SNOWFLAKE RENAME TO MINE", 3001),
        ("CREATE SCHEMA SNOWFLAKE.MINE", 3540),
        ("CREATE TABLE SNOWFLAKE.ACCOUNT_USAGE.MINE (A INT)", 3540),
        ("CREATE DATABASE MINE CLONE SNOWFLAKE", 2119),
        ("GRANT DATABASE ROLE SNOWFLAKE.NO_VIEWER TO ROLE PUBLIC", 2003),
        ("DROP DATABASE ROLE SNOWFLAKE.OBJECT_VIEWER", 2003),
    ],
)
def test_nobody_changes_it(org, statement, number):
    assert org.refused(statement)[0] == number


def test_an_account_that_has_a_database_of_that_name_keeps_it(org):
    """As a state may that an older version has written."""
    database = org.catalog.database("IMCUST", application.NAME)
    with org.catalog.work() as work:
        work.edit(database, name="BEFORE", dropped_at=database.created_at)
    org.run("CREATE DATABASE SNOWFLAKE")
    bootstrap.create_organization(org.catalog, org.root)
    assert org.table("SHOW DATABASES LIKE 'SNOWFLAKE'")[0]["kind"] == "STANDARD"
    assert org.run(f"SELECT COUNT(*) FROM {USAGE}.USERS") == [(2,)]
    assert org.refused(f"SELECT COUNT(*) FROM {USAGE}.USERS", role="PUBLIC")[0] == 2003
