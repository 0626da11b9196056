"""A schema or database whose policies are at work elsewhere is neither dropped nor replaced."""

import pytest

from tests.unit.sandbox.law.conftest import Organisation


@pytest.fixture
def org(tmp_path):
    made = Organisation(tmp_path / "org")
    made.run(
        "CREATE DATABASE D",
        "CREATE SCHEMA D.P",
        "CREATE SCHEMA D.T",
        "CREATE DATABASE E",
        "CREATE TABLE D.T.T (A VARCHAR)",
        "CREATE VIEW E.PUBLIC.V AS SELECT 1 AS A",
        "CREATE USER JSMITH",
        "CREATE MASKING POLICY D.P.M AS (V VARCHAR) RETURNS VARCHAR -> 'x'",
        "CREATE ROW ACCESS POLICY D.P.R AS (V NUMBER) RETURNS BOOLEAN -> TRUE",
        "CREATE SESSION POLICY D.P.S",
        "CREATE PASSWORD POLICY D.P.W",
        "CREATE TAG D.P.G",
    )
    yield made
    made.engine.close()


BY_SCHEMA = "Cannot drop schema because: Policy 'D.P.{}' used by another schema '{}'"
BY_DATABASE = "Cannot drop database because: Policy 'D.P.{}' used by schema '{}' in another database"
SET = "Cannot drop {} because policy 'D.P.{}' is set on {}. "
SET += "Unset the policy 'D.P.{}' and then try the drop operation again."


@pytest.mark.parametrize(
    ("given", "undone", "of_schema", "of_database"),
    [
        (
            ("ALTER TABLE D.T.T ALTER COLUMN A SET MASKING POLICY D.P.M",),
            ("ALTER TABLE D.T.T ALTER COLUMN A UNSET MASKING POLICY",),
            BY_SCHEMA.format("M", "D.T"),
            None,
        ),
        (
            ("ALTER VIEW E.PUBLIC.V ADD ROW ACCESS POLICY D.P.R ON (A)",),
            ("ALTER VIEW E.PUBLIC.V DROP ROW ACCESS POLICY D.P.R",),
            BY_SCHEMA.format("R", "E.PUBLIC"),
            BY_DATABASE.format("R", "E.PUBLIC"),
        ),
        (
            ("ALTER TAG D.P.G SET MASKING POLICY D.P.M", "ALTER TABLE D.T.T ALTER COLUMN A SET TAG D.P.G = 'v'"),
            ("ALTER TABLE D.T.T ALTER COLUMN A UNSET TAG D.P.G",),
            BY_SCHEMA.format("M", "D.T"),
            None,
        ),
        (
            ("ALTER USER JSMITH SET SESSION POLICY D.P.S",),
            ("ALTER USER JSMITH UNSET SESSION POLICY",),
            SET.format("schema", "S", "user 'JSMITH'", "S"),
            SET.format("database", "S", "user 'JSMITH'", "S"),
        ),
        (
            ("ALTER ACCOUNT SET PASSWORD POLICY D.P.W",),
            ("ALTER ACCOUNT UNSET PASSWORD POLICY",),
            SET.format("schema", "W", "account 'IMCUST'", "W"),
            SET.format("database", "W", "account 'IMCUST'", "W"),
        ),
    ],
    ids=["table", "view", "tag", "user", "account"],
)
def test_a_policy_at_work_elsewhere_stays(org, given, undone, of_schema, of_database):
    org.run(*given)
    for statement in ("DROP SCHEMA D.P", "CREATE OR REPLACE SCHEMA D.P", "CREATE OR REPLACE SCHEMA D.P CLONE D.T"):
        errno, message = org.refused(statement)
        assert errno == 3524, statement
        assert of_schema in message, statement
    if of_database is not None:
        for statement in ("DROP DATABASE D", "CREATE OR REPLACE DATABASE D"):
            errno, message = org.refused(statement)
            assert errno == 3524, statement
            assert of_database in message, statement
        org.run(*undone)
    org.run("DROP DATABASE D")


def test_a_schema_may_go_with_what_its_policies_are_on(org):
    org.run(
        "CREATE TABLE D.P.T (A VARCHAR)",
        "ALTER TABLE D.P.T ALTER COLUMN A SET MASKING POLICY D.P.M",
        "DROP SCHEMA D.P",
        "UNDROP SCHEMA D.P",
    )
    assert org.refused("DROP MASKING POLICY D.P.M")[0] == 3524
    org.run(
        "ALTER TABLE D.P.T ALTER COLUMN A UNSET MASKING POLICY", "ALTER TABLE D.T.T ALTER A SET MASKING POLICY D.P.M"
    )
    assert org.refused("DROP SCHEMA D.P")[0] == 3524
    org.run("ALTER TABLE D.T.T ALTER A UNSET MASKING POLICY", "CREATE OR REPLACE SCHEMA D.P")
