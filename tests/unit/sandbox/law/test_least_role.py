"""For each kind of statement: the least privilege that allows it, and the refusal without it."""

import pytest

from runner.sandbox.errors import SnowflakeError

REACH = ("GRANT USAGE ON DATABASE D TO ROLE R1", "GRANT USAGE ON SCHEMA D.S TO ROLE R1")

# statement, what R1 needs for it, who grants that; R1 sees nothing of D to begin with
ACCOUNT_CASES = [
    ("CREATE ROLE X", "GRANT CREATE ROLE ON ACCOUNT TO ROLE R1"),
    ("CREATE USER X", "GRANT CREATE USER ON ACCOUNT TO ROLE R1"),
    ("CREATE WAREHOUSE X", "GRANT CREATE WAREHOUSE ON ACCOUNT TO ROLE R1"),
    ("CREATE DATABASE X", "GRANT CREATE DATABASE ON ACCOUNT TO ROLE R1"),
    ("CREATE SHARE X", "GRANT CREATE SHARE ON ACCOUNT TO ROLE R1"),
    ("CREATE NETWORK POLICY X ALLOWED_IP_LIST = ('127.0.0.1')", "GRANT CREATE NETWORK POLICY ON ACCOUNT TO ROLE R1"),
    ("GRANT CREATE ROLE ON ACCOUNT TO ROLE R2", "GRANT MANAGE GRANTS ON ACCOUNT TO ROLE R1"),
    ("ALTER ACCOUNT SET NETWORK_POLICY = LOOPBACK_ONLY", "GRANT ATTACH POLICY, MANAGE GRANTS ON ACCOUNT TO ROLE R1"),
]
SEEN_CASES = [
    ("CREATE SCHEMA D.X", "GRANT CREATE SCHEMA ON DATABASE D TO ROLE R1"),
    ("CREATE DATABASE ROLE D.X", "GRANT CREATE DATABASE ROLE ON DATABASE D TO ROLE R1"),
    ("CREATE TABLE D.S.X (A NUMBER)", "GRANT CREATE TABLE ON SCHEMA D.S TO ROLE R1"),
    ("CREATE VIEW D.S.X AS SELECT 1 AS A", "GRANT CREATE VIEW ON SCHEMA D.S TO ROLE R1"),
    ("CREATE SEQUENCE D.S.X", "GRANT CREATE SEQUENCE ON SCHEMA D.S TO ROLE R1"),
    (
        "CREATE PROCEDURE D.S.X() RETURNS VARCHAR LANGUAGE SQL AS 'BEGIN RETURN 1; END'",
        "GRANT CREATE PROCEDURE ON SCHEMA D.S TO ROLE R1",
    ),
    (
        "CREATE MASKING POLICY D.S.X AS (V VARCHAR) RETURNS VARCHAR -> V",
        "GRANT CREATE MASKING POLICY ON SCHEMA D.S TO ROLE R1",
    ),
    (
        "CREATE ROW ACCESS POLICY D.S.X AS (V VARCHAR) RETURNS BOOLEAN -> TRUE",
        "GRANT CREATE ROW ACCESS POLICY ON SCHEMA D.S TO ROLE R1",
    ),
]
OWNER_CASES = [
    ("ALTER TABLE D.S.T ADD COLUMN C NUMBER", "TABLE D.S.T", "SELECT"),
    ("DROP TABLE D.S.T", "TABLE D.S.T", "SELECT, INSERT, UPDATE, DELETE, TRUNCATE"),
    ("DROP VIEW D.S.V", "VIEW D.S.V", "SELECT"),
    ("DROP SEQUENCE D.S.Q", "SEQUENCE D.S.Q", "USAGE"),
    ("DROP PROCEDURE D.S.P(NUMBER)", "PROCEDURE D.S.P(NUMBER)", "USAGE"),
    ("DROP SCHEMA D.S", "SCHEMA D.S", "USAGE, MODIFY, MONITOR"),
    ("DROP DATABASE D", "DATABASE D", "USAGE, MODIFY, MONITOR, CREATE SCHEMA"),
]


@pytest.mark.parametrize(("statement", "needed"), ACCOUNT_CASES)
def test_what_a_global_privilege_allows(estate, statement, needed):
    errno, message = estate.refused(statement, role="R1")
    assert errno in (3001, 2003), message
    estate.run(needed)
    estate.run(statement, role="R1")


@pytest.mark.parametrize(("statement", "needed"), SEEN_CASES)
def test_what_a_create_privilege_allows(estate, statement, needed):
    assert estate.refused(statement, role="R1")[0] == 2003
    estate.run(*REACH)
    assert estate.refused(statement, role="R1")[0] == 3001
    estate.run(needed)
    estate.run(statement, role="R1")


@pytest.mark.parametrize(("statement", "target", "less"), OWNER_CASES)
def test_what_only_the_owner_may(estate, statement, target, less):
    assert estate.refused(statement, role="R1")[0] == 2003
    estate.run(*REACH, f"GRANT {less} ON {target} TO ROLE R1")
    assert estate.refused(statement, role="R1")[0] == 3001
    estate.run(f"GRANT OWNERSHIP ON {target} TO ROLE R1 COPY CURRENT GRANTS")
    estate.run(statement, role="R1")


BUILT_IN = [
    ("CREATE DATABASE X", "SYSADMIN", "SECURITYADMIN"),
    ("CREATE WAREHOUSE X", "SYSADMIN", "USERADMIN"),
    ("CREATE ROLE X", "USERADMIN", "SYSADMIN"),
    ("CREATE USER X", "USERADMIN", "SYSADMIN"),
    ("CREATE NETWORK POLICY X ALLOWED_IP_LIST = ('127.0.0.1')", "SECURITYADMIN", "SYSADMIN"),
    ("CREATE SHARE X", "ACCOUNTADMIN", "SYSADMIN"),
    ("GRANT ROLE R1 TO ROLE R2", "SECURITYADMIN", "SYSADMIN"),
    ("GRANT CREATE DATABASE ON ACCOUNT TO ROLE R1", "SECURITYADMIN", "USERADMIN"),
    ("GRANT USAGE ON DATABASE D TO ROLE R1", "SECURITYADMIN", "USERADMIN"),
    ("GRANT USAGE ON WAREHOUSE ADMIN_WH TO ROLE R1", "SECURITYADMIN", "USERADMIN"),
    ("ALTER WAREHOUSE ADMIN_WH SUSPEND", "SYSADMIN", "PUBLIC"),
    ("ALTER WAREHOUSE ADMIN_WH SET AUTO_SUSPEND = 60", "SYSADMIN", "PUBLIC"),
    ("ALTER ACCOUNT SET TIMEZONE = 'UTC'", "ACCOUNTADMIN", "SECURITYADMIN"),
    ("ALTER USER SVC4SNOWFLAKEDEPLOY SET COMMENT = 'x'", "USERADMIN", "SYSADMIN"),
    ("GRANT SELECT ON FUTURE TABLES IN DATABASE D TO ROLE R1", "SECURITYADMIN", "SYSADMIN"),
    ("GRANT SELECT ON FUTURE TABLES IN SCHEMA D.S TO ROLE R1", "SYSADMIN", "USERADMIN"),
]


@pytest.mark.parametrize(("statement", "may", "may_not"), BUILT_IN)
def test_what_the_built_in_roles_may(estate, statement, may, may_not):
    assert estate.refused(statement, role=may_not)[0] in (2003, 3001)
    estate.run(statement, role=may)


@pytest.mark.parametrize(
    ("statement", "privilege"),
    [
        ("ALTER WAREHOUSE W SUSPEND", "OPERATE"),
        ("ALTER WAREHOUSE W SET WAREHOUSE_SIZE = 'SMALL'", "MODIFY"),
        ("USE WAREHOUSE W", "USAGE"),
    ],
)
def test_privileges_on_a_warehouse(estate, statement, privilege):
    estate.run("CREATE WAREHOUSE W", role="SYSADMIN")
    assert estate.refused(statement, role="R1")[0] in (2003, 2043)
    estate.run(f"GRANT {privilege} ON WAREHOUSE W TO ROLE R1", role="SYSADMIN")
    estate.run(statement, role="R1")


def test_mentioning_what_one_may_not_see_is_as_if_it_were_not(estate):
    hidden = estate.refused("DROP TABLE D.S.T", role="R1")
    estate.run(*REACH)
    absent = estate.refused("DROP TABLE D.S.NOWHERE", role="R1")
    unseen = estate.refused("DROP TABLE D.S.T", role="R1")
    assert hidden[0] == absent[0] == unseen[0] == 2003
    assert unseen[1] == absent[1].replace("NOWHERE", "T")


def test_a_privilege_without_reach_is_nothing(estate):
    estate.run("GRANT OWNERSHIP ON TABLE D.S.T TO ROLE R1")
    assert estate.refused("DROP TABLE D.S.T", role="R1")[0] == 2003
    estate.run(*REACH)
    estate.run("DROP TABLE D.S.T", role="R1")


def test_roles_inherit_and_lose_what_they_inherit(estate):
    estate.run(*REACH, "GRANT CREATE TABLE ON SCHEMA D.S TO ROLE R1", "GRANT ROLE R1 TO ROLE R2")
    estate.run("CREATE TABLE D.S.X (A NUMBER)", role="R2")
    estate.run("REVOKE ROLE R1 FROM ROLE R2")
    assert estate.refused("CREATE TABLE D.S.Y (A NUMBER)", role="R2")[0] == 2003


def test_everybody_has_what_public_has(estate):
    estate.run("GRANT USAGE ON DATABASE D TO ROLE PUBLIC", "GRANT USAGE ON SCHEMA D.S TO PUBLIC")
    assert estate.refused("CREATE TABLE D.S.X (A NUMBER)", role="R1")[0] == 3001


def test_manage_grants_sees_everything_and_may_do_nothing_with_it(estate):
    assert estate.refused("DROP TABLE D.S.T", role="SECURITYADMIN") == (
        3001,
        "SQL access control error:\nInsufficient privileges to operate on table 'T'.",
    )


def test_secondary_roles_add_to_what_the_primary_may(estate):
    estate.run(*REACH, "GRANT SELECT ON TABLE D.S.T TO ROLE R1", "CREATE USER U", "GRANT ROLE R1 TO USER U")
    session = estate.session("R2", user="U")
    assert estate.refused("SELECT A FROM D.S.T", role="R2", user="U")[0] == 2003
    session.secondary_roles = "ALL"
    assert estate.run("SELECT A FROM D.S.T", role="R2", user="U") == []


def test_secondary_roles_by_name_are_those_alone(estate):
    estate.run(*REACH, "CREATE USER U", "GRANT ROLE R2 TO USER U", "CREATE ROLE R3", "CREATE ROLE R4", "CREATE ROLE R5")
    for role, table in (("R3", "T"), ("R4", "T2")):
        estate.run(
            f"GRANT USAGE ON DATABASE D TO ROLE {role}",
            f"GRANT USAGE ON SCHEMA D.S TO ROLE {role}",
            f"GRANT SELECT ON TABLE D.S.{table} TO ROLE {role}",
            f"GRANT ROLE {role} TO USER U",
        )
    who = {"role": "R2", "user": "U"}
    estate.run("USE SECONDARY ROLES R3", **who)
    assert estate.run("SELECT A FROM D.S.T", **who) == []
    assert estate.refused("SELECT A FROM D.S.T2", **who)[0] == 2003
    assert estate.run("SELECT CURRENT_SECONDARY_ROLES()", **who) == [('{"roles":"R3","value":"R3"}',)]
    estate.run("USE SECONDARY ROLES R3, R4", **who)
    assert estate.run("SELECT A FROM D.S.T2", **who) == []
    assert estate.run("SELECT IS_ROLE_IN_SESSION('R4')", **who) == [(True,)]
    estate.run("REVOKE ROLE R4 FROM USER U")
    assert estate.refused("SELECT A FROM D.S.T2", **who)[0] == 2003
    assert estate.refused("USE SECONDARY ROLES R3, R5", **who)[0] == 3013
    assert estate.refused("USE SECONDARY ROLES NOWHERE", **who)[0] == 2043
    assert estate.refused("USE SECONDARY ROLES R3,", **who)[0] == 1003
    estate.run("USE SECONDARY ROLES NONE", **who)
    assert estate.refused("SELECT A FROM D.S.T", **who)[0] == 2003


def test_what_a_user_holds_counts_with_all_secondary_roles(estate):
    reach = [each.replace("ROLE R1", "ROLE R2") for each in REACH]
    estate.run(*reach, "CREATE USER U", "GRANT ROLE R2 TO USER U", "GRANT SELECT ON TABLE D.S.T TO USER U")
    who = {"role": "R2", "user": "U"}
    estate.run("USE SECONDARY ROLES R2", **who)
    assert estate.refused("SELECT A FROM D.S.T", **who)[0] == 2003
    estate.run("USE SECONDARY ROLES ALL", **who)
    assert estate.run("SELECT A FROM D.S.T", **who) == []


@pytest.mark.parametrize("right", ["GRANT CREATE TABLE ON SCHEMA D.S TO ROLE R1", "GRANT ROLE ACCOUNTADMIN TO USER U"])
def test_what_is_created_takes_the_primary_role(estate, right):
    estate.run(*REACH, "GRANT CREATE TABLE ON SCHEMA D.S TO ROLE R2", "CREATE USER U", "GRANT ROLE R1 TO USER U", right)
    estate.run("CREATE DATABASE OTHER", role="SYSADMIN")
    estate.session("R2", user="U").secondary_roles = "ALL"
    estate.run("CREATE TABLE D.S.X (A NUMBER)", role="R2", user="U")
    assert estate.refused("CREATE SEQUENCE D.S.X", role="R2", user="U")[0] == 3001
    assert estate.refused("CREATE DATABASE MORE", role="R2", user="U")[0] == 3001


def test_database_roles_carry_privileges_inside_their_database(estate):
    estate.run("CREATE DATABASE ROLE D.DR", role="SYSADMIN")
    estate.run(
        "GRANT USAGE ON DATABASE D TO DATABASE ROLE D.DR",
        "GRANT USAGE, CREATE TABLE ON SCHEMA D.S TO DATABASE ROLE D.DR",
        "GRANT DATABASE ROLE D.DR TO ROLE R1",
    )
    estate.run("CREATE TABLE D.S.X (A NUMBER)", role="R1")
    assert estate.refused("GRANT USAGE ON WAREHOUSE ADMIN_WH TO DATABASE ROLE D.DR")[0] == 3003


DML_CASES = [
    ("SELECT A FROM D.S.T", "SELECT ON TABLE D.S.T", "INSERT ON TABLE D.S.T"),
    ("SELECT A FROM D.S.V", "SELECT ON VIEW D.S.V", "REFERENCES ON VIEW D.S.V"),
    ("INSERT INTO D.S.T VALUES (1, 'x')", "INSERT ON TABLE D.S.T", "SELECT, UPDATE ON TABLE D.S.T"),
    ("UPDATE D.S.T SET A = 1", "UPDATE ON TABLE D.S.T", "SELECT, INSERT, DELETE ON TABLE D.S.T"),
    ("DELETE FROM D.S.T", "DELETE ON TABLE D.S.T", "SELECT, INSERT, UPDATE ON TABLE D.S.T"),
    ("TRUNCATE TABLE D.S.T", "TRUNCATE ON TABLE D.S.T", "SELECT, INSERT, UPDATE ON TABLE D.S.T"),
    ("SELECT D.S.Q.NEXTVAL", "USAGE ON SEQUENCE D.S.Q", None),
    ("CALL D.S.P(1)", "USAGE ON PROCEDURE D.S.P(NUMBER)", None),
]


@pytest.mark.parametrize(("statement", "needed", "less"), DML_CASES)
def test_what_a_privilege_on_data_allows(estate, statement, needed, less):
    hidden = estate.refused(statement, role="R1")
    assert hidden[0] in (2003, 2141), hidden
    estate.run(*REACH)
    if less:
        estate.run(f"GRANT {less} TO ROLE R1")
        assert estate.refused(statement, role="R1")[0] == 3001
    estate.run(f"GRANT {needed} TO ROLE R1")
    estate.run(statement, role="R1")


def test_insert_overwrite_takes_delete_too(estate):
    estate.run(*REACH, "GRANT INSERT ON TABLE D.S.T TO ROLE R1")
    assert estate.refused("INSERT OVERWRITE INTO D.S.T VALUES (1, 'x')", role="R1")[0] == 3001
    estate.run("GRANT DELETE ON TABLE D.S.T TO ROLE R1")
    estate.run("INSERT OVERWRITE INTO D.S.T VALUES (1, 'x')", role="R1")


def test_merge_takes_what_it_does(estate):
    merge = (
        "MERGE INTO D.S.T USING (SELECT 1 AS I) AS s ON A = s.I WHEN MATCHED THEN UPDATE SET B = 'x' "
        "WHEN NOT MATCHED THEN INSERT (A) VALUES (s.I)"
    )
    estate.run(*REACH, "GRANT SELECT, INSERT ON TABLE D.S.T TO ROLE R1")
    assert estate.refused(merge, role="R1")[0] == 3001
    estate.run("GRANT UPDATE ON TABLE D.S.T TO ROLE R1")
    estate.run(merge, role="R1")


def test_a_view_reads_with_its_owners_rights(estate):
    estate.run(*REACH, "GRANT SELECT ON VIEW D.S.V TO ROLE R1")
    estate.run("SELECT * FROM D.S.V", role="R1")
    assert estate.refused("SELECT * FROM D.S.T", role="R1")[0] == 2003


def test_owners_rights_procedures_act_as_their_owner_and_callers_rights_as_the_caller(estate):
    body = "'BEGIN INSERT INTO D.S.T VALUES (1, ''x''); RETURN ''done''; END'"
    for name, rights in (("MINE", "OWNER"), ("YOURS", "CALLER")):
        estate.run(
            f"CREATE PROCEDURE D.S.{name}() RETURNS VARCHAR LANGUAGE SQL EXECUTE AS {rights} AS {body}",
            f"GRANT USAGE ON PROCEDURE D.S.{name}() TO ROLE R1",
            role="SYSADMIN",
        )
    estate.run(*REACH)
    estate.run("CALL D.S.MINE()", role="R1")
    assert "does not exist or not authorized" in estate.refused("CALL D.S.YOURS()", role="R1")[1]


def test_a_restricted_session_stays_in_its_role(estate):
    session = estate.engine.login("IMCUST", "SVC4SNOWFLAKEDEPLOY", "ACCOUNTADMIN", restricted_role="ACCOUNTADMIN")
    with pytest.raises(SnowflakeError) as caught:
        estate.engine.execute(session, "USE ROLE SECURITYADMIN")
    assert caught.value.errno != 603
    assert session.role == "ACCOUNTADMIN"


def test_use_role_takes_a_role_that_is_granted(estate):
    estate.run("CREATE USER U", "GRANT ROLE R1 TO USER U")
    estate.run("USE ROLE R1", role="PUBLIC", user="U")
    assert estate.refused("USE ROLE R2", role="PUBLIC", user="U")[0] != 603
    estate.run("GRANT ROLE R2 TO ROLE R1")
    estate.run("USE ROLE R2", role="PUBLIC", user="U")


def test_a_table_made_from_another_takes_select(estate):
    estate.run(*REACH, "GRANT CREATE TABLE ON SCHEMA D.S TO ROLE R1")
    for statement in ("CREATE TABLE D.S.X AS SELECT * FROM D.S.T", "CREATE TABLE D.S.X CLONE D.S.T"):
        assert estate.refused(statement, role="R1")[0] == 2003
    estate.run("GRANT SELECT ON TABLE D.S.T TO ROLE R1")
    estate.run("CREATE TABLE D.S.X AS SELECT * FROM D.S.T", "CREATE TABLE D.S.Y CLONE D.S.T", role="R1")
