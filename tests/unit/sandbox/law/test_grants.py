"""GRANT and REVOKE in the forms a deployment uses: what they leave behind, and what they refuse."""

import pytest

DEPENDENT = (
    "SQL execution error: Dependent grant of privilege 'SELECT' on securable 'D.S.T' to role 'R1' exists.  It must be "
    "revoked first.  More than one dependent grant may exist: use 'SHOW GRANTS' command to view them.  To revoke all "
    "dependent grants while transferring object ownership, use convenience command 'GRANT OWNERSHIP ON "
    "<target_objects> TO <target_role> REVOKE CURRENT GRANTS'."
)


def on(org, target, *, owner=False):
    """(privilege, grantee, grant option, grantor) of what is granted on something."""
    rows = org.table(f"SHOW GRANTS ON {target}")
    found = {(r["privilege"], r["grantee_name"], r["grant_option"], r["granted_by"]) for r in rows}
    return {row for row in found if owner or row[0] != "OWNERSHIP"}


def owner(org, target):
    return next(row[1] for row in on(org, target, owner=True) if row[0] == "OWNERSHIP")


FORMS = [
    ("GRANT SELECT ON TABLE D.S.T TO ROLE R1", "TABLE D.S.T", {"SELECT"}),
    ("GRANT SELECT, INSERT ON TABLE D.S.T TO R1", "TABLE D.S.T", {"SELECT", "INSERT"}),
    ("GRANT SELECT, INSERT ON D.S.T TO R1", "TABLE D.S.T", {"SELECT", "INSERT"}),
    ("grant select on d.s.v to role r1", "VIEW D.S.V", {"SELECT"}),
    ("GRANT ALL ON SEQUENCE D.S.Q TO ROLE R1", "SEQUENCE D.S.Q", {"USAGE"}),
    ("GRANT ALL PRIVILEGES ON VIEW D.S.V TO ROLE R1", "VIEW D.S.V", None),
    ("GRANT USAGE ON PROCEDURE D.S.P(NUMBER) TO ROLE R1", "PROCEDURE D.S.P(NUMBER)", {"USAGE"}),
    ("GRANT USAGE ON PROCEDURE D.S.P(INT) TO ROLE R1", "PROCEDURE D.S.P(NUMBER)", {"USAGE"}),
    ("GRANT USAGE ON SCHEMA D.S TO ROLE R1", "SCHEMA D.S", {"USAGE"}),
    ("GRANT CREATE TABLE, CREATE VIEW ON SCHEMA D.S TO ROLE R1", "SCHEMA D.S", {"CREATE TABLE", "CREATE VIEW"}),
    ("GRANT USAGE, MONITOR ON DATABASE D TO ROLE R1", "DATABASE D", {"USAGE", "MONITOR"}),
    ("GRANT USAGE ON WAREHOUSE ADMIN_WH TO ROLE R1", "WAREHOUSE ADMIN_WH", {"USAGE"}),
    ("GRANT MONITOR ON USER SANDBOX_ADMIN TO ROLE R1", "USER SANDBOX_ADMIN", {"MONITOR"}),
    ("GRANT SELECT ON ALL TABLES IN SCHEMA D.S TO ROLE R1", "TABLE D.S.T2", {"SELECT"}),
    ("GRANT SELECT ON ALL TABLES IN DATABASE D TO ROLE R1", "TABLE D.S.T", {"SELECT"}),
    ("GRANT SELECT ON ALL VIEWS IN SCHEMA D.S TO ROLE R1", "VIEW D.S.V", {"SELECT"}),
    ("GRANT USAGE ON ALL SCHEMAS IN DATABASE D TO ROLE R1", "SCHEMA D.S", {"USAGE"}),
    ("GRANT USAGE ON ALL PROCEDURES IN SCHEMA D.S TO ROLE R1", "PROCEDURE D.S.P(NUMBER)", {"USAGE"}),
    ("GRANT USAGE ON ALL SEQUENCES IN SCHEMA D.S TO ROLE R1", "SEQUENCE D.S.Q", {"USAGE"}),
    ("GRANT SELECT ON TABLE D.S.T TO ROLE IDENTIFIER('R1')", "TABLE D.S.T", {"SELECT"}),
    ("grant select on table identifier('D.S.T') to role r1;", "TABLE D.S.T", {"SELECT"}),
]


@pytest.mark.parametrize(("statement", "target", "privileges"), FORMS)
def test_forms_of_grant_and_their_revoke(estate, statement, target, privileges):
    estate.run(statement)
    granted = {row[0] for row in on(estate, target) if row[1] == "R1"}
    assert granted
    assert privileges is None or granted == privileges
    once = estate.table("SHOW GRANTS TO ROLE R1")
    estate.run(statement)
    assert estate.table("SHOW GRANTS TO ROLE R1") == once
    undo = (
        statement.replace("GRANT", "REVOKE")
        .replace("grant", "revoke")
        .replace(" TO ", " FROM ")
        .replace(" to ", " from ")
    )
    estate.run(undo)
    assert estate.table("SHOW GRANTS TO ROLE R1") == []
    estate.run(undo)


@pytest.mark.parametrize("how", ["CLONE D.S.T", "LIKE D.S.T"])
def test_copy_grants_takes_the_grants_of_the_source_and_no_future_ones(estate, how):
    estate.run(
        "GRANT SELECT ON TABLE D.S.T TO ROLE R1",
        "GRANT SELECT, INSERT ON FUTURE TABLES IN SCHEMA D.S TO ROLE R1",
        f"CREATE TABLE D.S.COPIED {how} COPY GRANTS",
    )
    rows = [row for row in estate.table("SHOW GRANTS ON TABLE D.S.COPIED") if row["privilege"] != "OWNERSHIP"]
    assert [(row["privilege"], row["grantee_name"]) for row in rows] == [("SELECT", "R1")]


@pytest.mark.parametrize("named", ["D.S.T", "d.s.t", '"D"."S"."T"', "D.S.V"])
def test_the_grants_on_a_relation_are_shown_without_its_kind(estate, named):
    estate.run(f"GRANT SELECT ON {named} TO ROLE R1")
    assert ("SELECT", "R1", "false", "SYSADMIN") in on(estate, named)


WRONG = [
    ("GRANT SELECT ON D.S.NOWHERE TO ROLE R1", 2003),
    ("GRANT SELECT ON COMPUTE POOL T TO ROLE R1", 2),
    ("GRANT USAGE ON TABLE D.S.T TO ROLE R1", 3008),
    ("GRANT SELECT ON DATABASE D TO ROLE R1", 3008),
    ("GRANT USAGE ON VIEW D.S.V TO ROLE R1", 3008),
    ("GRANT CREATE TABLE ON DATABASE D TO ROLE R1", 3008),
    ("GRANT FLY ON TABLE D.S.T TO ROLE R1", 3008),
    ("GRANT SELECT ON ACCOUNT TO ROLE R1", 3008),
    ("GRANT OWNERSHIP, SELECT ON TABLE D.S.T TO ROLE R1", 3008),
    ("GRANT ALL, SELECT ON TABLE D.S.T TO ROLE R1", 1003),
    ("GRANT SELECT ON TABLE D.S.T TO ROLE NOBODY", 2003),
    ("GRANT SELECT ON TABLE D.S.NOWHERE TO ROLE R1", 2003),
    ("GRANT USAGE ON PROCEDURE D.S.P(VARCHAR) TO ROLE R1", 2003),
    ("GRANT USAGE ON PROCEDURE D.S.P TO ROLE R1", 1003),
    ("GRANT SELECT ON TABLE D.S.T TO ROLE R1 PLEASE", 1003),
    ("GRANT SELECT ON TABLE D.S.T FROM ROLE R1", 1003),
    ("GRANT READ ON SECRET D.S.X TO ROLE R1", 2),
    ("GRANT SELECT ON FUTURE STAGES IN SCHEMA D.S TO ROLE R1", 3008),
    ("GRANT USAGE ON ALL SCHEMAS IN SCHEMA D.S TO ROLE R1", 1003),
    ("GRANT IMPORTED PRIVILEGES ON DATABASE D TO ROLE R1", 3008),
    ("GRANT APPLICATION ROLE X TO ROLE R1", 2),
    ("GRANT SELECT ON HYBRID TABLE X TO ROLE R1", 2),
    ("GRANT USAGE ON INTEGRATION X TO ROLE R1", 2003),
    ("GRANT USAGE ON DATABASE SNOWFLAKE TO ROLE R1", 3011),
    ("GRANT SELECT (A) ON TABLE D.S.T TO ROLE R1", 1003),
    ("GRANT SELECT ON TABLE D.S.T TO ROLE D.R1", 1003),
    ("GRANT", 1003),
    ("REVOKE SELECT ON", 1003),
    ("GRANT ROLE R1 TO ROLE NOBODY", 2003),
    ("GRANT ROLE NOBODY TO ROLE R1", 2003),
    ("REVOKE OWNERSHIP ON TABLE D.S.T FROM ROLE SYSADMIN", 3004),
    ("GRANT OWNERSHIP ON TABLE D.S.T TO USER SANDBOX_ADMIN", 2),
]


@pytest.mark.parametrize(("statement", "errno"), WRONG)
def test_what_cannot_be_granted(estate, statement, errno):
    before = len(estate.catalog.links)
    assert estate.refused(statement)[0] == errno
    assert len(estate.catalog.links) == before


def test_an_invalid_privilege_is_named_with_its_kind(estate):
    message = estate.refused("GRANT USAGE ON TABLE D.S.T TO ROLE R1")[1]
    assert message == "SQL compilation error:\nInvalid object type 'TABLE' for privilege 'USAGE'."


def test_the_grantor_is_the_owner_even_when_manage_grants_grants(estate):
    estate.run("GRANT SELECT ON TABLE D.S.T TO ROLE R1", role="SECURITYADMIN")
    assert on(estate, "TABLE D.S.T") == {("SELECT", "R1", "false", "SYSADMIN")}


def test_the_grantor_is_the_role_with_grant_option(estate):
    estate.run(
        "GRANT USAGE ON DATABASE D TO ROLE R1",
        "GRANT USAGE ON SCHEMA D.S TO ROLE R1",
        "GRANT SELECT ON TABLE D.S.T TO ROLE R1",
    )
    assert estate.refused("GRANT SELECT ON TABLE D.S.T TO ROLE R2", role="R1")[0] == 3001
    estate.run("GRANT SELECT ON TABLE D.S.T TO ROLE R1 WITH GRANT OPTION")
    estate.run("GRANT SELECT ON TABLE D.S.T TO ROLE R2", role="R1")
    assert on(estate, "TABLE D.S.T") == {("SELECT", "R1", "true", "SYSADMIN"), ("SELECT", "R2", "false", "R1")}


def test_revoking_what_was_granted_on_takes_cascade(estate):
    test_the_grantor_is_the_role_with_grant_option(estate)
    errno, message = estate.refused("REVOKE SELECT ON TABLE D.S.T FROM ROLE R1")
    assert errno == 3935
    assert "skipped due to dependent grants and no CASCADE is specified" in message
    estate.run("REVOKE SELECT ON TABLE D.S.T FROM ROLE R1 CASCADE")
    assert on(estate, "TABLE D.S.T") == set()


def test_the_grant_option_alone_can_be_revoked(estate):
    estate.run("GRANT SELECT ON TABLE D.S.T TO ROLE R1 WITH GRANT OPTION")
    estate.run("REVOKE GRANT OPTION FOR SELECT ON TABLE D.S.T FROM ROLE R1")
    assert on(estate, "TABLE D.S.T") == {("SELECT", "R1", "false", "SYSADMIN")}


def test_who_may_not_grant_leaves_nothing(estate):
    estate.run("GRANT USAGE ON DATABASE D TO ROLE R1", "GRANT USAGE ON SCHEMA D.S TO ROLE R1")
    assert estate.refused("GRANT SELECT ON TABLE D.S.T TO ROLE R2", role="R1")[0] == 2003
    estate.run("GRANT INSERT ON TABLE D.S.T TO ROLE R1")
    assert estate.refused("GRANT SELECT ON TABLE D.S.T TO ROLE R2", role="R1")[0] == 3001
    assert estate.refused("REVOKE INSERT ON TABLE D.S.T FROM ROLE R1", role="R1")[0] == 3001


def test_ownership_does_not_move_over_dependent_grants(estate):
    estate.run("GRANT SELECT ON TABLE D.S.T TO ROLE R1")
    assert estate.refused("GRANT OWNERSHIP ON TABLE D.S.T TO ROLE R2") == (3036, DEPENDENT)
    assert owner(estate, "TABLE D.S.T") == "SYSADMIN"


def test_ownership_moves_with_the_grants_as_the_new_owners(estate):
    estate.run("GRANT SELECT ON TABLE D.S.T TO ROLE R1")
    estate.run("GRANT OWNERSHIP ON TABLE D.S.T TO ROLE R2 COPY CURRENT GRANTS")
    assert owner(estate, "TABLE D.S.T") == "R2"
    assert on(estate, "TABLE D.S.T") == {("SELECT", "R1", "false", "R2")}


def test_ownership_moves_without_the_grants(estate):
    estate.run("GRANT SELECT ON TABLE D.S.T TO ROLE R1")
    estate.run("GRANT OWNERSHIP ON TABLE D.S.T TO ROLE R2 REVOKE CURRENT GRANTS")
    assert on(estate, "TABLE D.S.T") == set()


def test_ownership_to_its_owner_is_never_blocked(estate):
    estate.run("GRANT SELECT ON TABLE D.S.T TO ROLE R1", "GRANT OWNERSHIP ON TABLE D.S.T TO ROLE SYSADMIN")


def test_ownership_of_all_and_of_the_future(estate):
    estate.run("GRANT OWNERSHIP ON ALL TABLES IN SCHEMA D.S TO ROLE R1 COPY CURRENT GRANTS")
    assert {owner(estate, "TABLE D.S.T"), owner(estate, "TABLE D.S.T2")} == {"R1"}
    estate.run("GRANT OWNERSHIP ON FUTURE TABLES IN SCHEMA D.S TO ROLE R2")
    estate.run("CREATE TABLE D.S.NEW (A NUMBER)", role="SYSADMIN")
    assert owner(estate, "TABLE D.S.NEW") == "R2"
    estate.run("REVOKE OWNERSHIP ON FUTURE TABLES IN SCHEMA D.S FROM ROLE R2")
    estate.run("CREATE TABLE D.S.NEWER (A NUMBER)", role="SYSADMIN")
    assert owner(estate, "TABLE D.S.NEWER") == "SYSADMIN"


@pytest.mark.parametrize(
    "target",
    ["SCHEMA D.S", "DATABASE D", "VIEW D.S.V", "SEQUENCE D.S.Q", "PROCEDURE D.S.P(NUMBER)", "WAREHOUSE ADMIN_WH"],
)
def test_ownership_of_every_kind_moves(estate, target):
    estate.run(f"GRANT OWNERSHIP ON {target} TO ROLE R1 COPY CURRENT GRANTS")
    assert owner(estate, target) == "R1"


def test_ownership_of_a_role_lets_one_grant_it(estate):
    assert estate.refused("GRANT ROLE R2 TO ROLE SYSADMIN", role="R1")[0] == 3001
    estate.run("GRANT OWNERSHIP ON ROLE R2 TO ROLE R1")
    estate.run("GRANT ROLE R2 TO ROLE SYSADMIN", role="R1")


def test_future_grants_come_with_what_is_made(estate):
    estate.run("GRANT SELECT ON FUTURE TABLES IN SCHEMA D.S TO ROLE R1", "CREATE TABLE D.S.NEW (A NUMBER)")
    assert on(estate, "TABLE D.S.NEW") == {("SELECT", "R1", "false", "ACCOUNTADMIN")}
    assert on(estate, "TABLE D.S.T") == set()


def test_schema_level_future_grants_hide_those_of_the_database(estate):
    estate.run(
        "GRANT SELECT ON FUTURE TABLES IN DATABASE D TO ROLE R1",
        "GRANT USAGE ON FUTURE SEQUENCES IN DATABASE D TO ROLE R1",
        "GRANT INSERT ON FUTURE TABLES IN SCHEMA D.S TO ROLE R2",
        "CREATE TABLE D.S.NEW (A NUMBER)",
        "CREATE SEQUENCE D.S.NEWQ",
    )
    assert {row[:2] for row in on(estate, "TABLE D.S.NEW")} == {("INSERT", "R2")}
    assert {row[:2] for row in on(estate, "SEQUENCE D.S.NEWQ")} == {("USAGE", "R1")}


def test_future_schemas_in_a_database(estate):
    estate.run("GRANT USAGE ON FUTURE SCHEMAS IN DATABASE D TO ROLE R1", "CREATE SCHEMA D.NEW")
    assert {row[:2] for row in on(estate, "SCHEMA D.NEW")} == {("USAGE", "R1")}


def test_replacing_loses_the_grants_and_takes_the_future_ones(estate):
    estate.run(
        "GRANT SELECT ON TABLE D.S.T TO ROLE R1",
        "GRANT INSERT ON FUTURE TABLES IN SCHEMA D.S TO ROLE R2",
        "CREATE OR REPLACE TABLE D.S.T (A NUMBER)",
    )
    assert {row[:2] for row in on(estate, "TABLE D.S.T")} == {("INSERT", "R2")}


def test_copy_grants_keeps_the_grants_and_takes_no_future_ones(estate):
    estate.run(
        "GRANT SELECT ON TABLE D.S.T TO ROLE R1",
        "GRANT INSERT ON FUTURE TABLES IN SCHEMA D.S TO ROLE R2",
        "CREATE OR REPLACE TABLE D.S.T (A NUMBER) COPY GRANTS",
    )
    assert {row[:2] for row in on(estate, "TABLE D.S.T")} == {("SELECT", "R1")}


def test_grants_vanish_with_their_object_and_return_with_it(estate):
    estate.run("GRANT SELECT ON TABLE D.S.T TO ROLE R1", "DROP TABLE D.S.T")
    assert estate.table("SHOW GRANTS TO ROLE R1") == []
    estate.run("UNDROP TABLE D.S.T")
    assert [row["privilege"] for row in estate.table("SHOW GRANTS TO ROLE R1")] == ["SELECT"]


def test_in_a_managed_schema_only_its_owner_grants(estate):
    estate.run(
        "GRANT OWNERSHIP ON TABLE D.S.T TO ROLE R1",
        "GRANT USAGE ON DATABASE D TO ROLE R1",
        "GRANT USAGE ON SCHEMA D.S TO ROLE R1",
    )
    estate.run("GRANT SELECT ON TABLE D.S.T TO ROLE R2", role="R1")
    estate.run("ALTER SCHEMA D.S ENABLE MANAGED ACCESS", role="SYSADMIN")
    assert estate.refused("GRANT INSERT ON TABLE D.S.T TO ROLE R2", role="R1")[0] == 3001
    estate.run("GRANT INSERT ON TABLE D.S.T TO ROLE R2", role="SYSADMIN")


def test_role_grants_make_no_circle(estate):
    estate.run("GRANT ROLE R1 TO ROLE R2")
    assert estate.refused("GRANT ROLE R2 TO ROLE R1")[0] == 3005
    assert estate.refused("GRANT ROLE R1 TO ROLE R1")[0] == 3005


def test_the_built_in_hierarchy_stands(estate):
    assert estate.refused("REVOKE ROLE SYSADMIN FROM ROLE ACCOUNTADMIN")[0] == 3001
    assert estate.refused("DROP ROLE PUBLIC")[0] == 3001


def test_roles_are_granted_to_users_and_shown(estate):
    estate.run("CREATE USER U", "GRANT ROLE R1 TO USER U")
    members = estate.table("SHOW GRANTS OF ROLE R1")
    assert [(m["granted_to"], m["grantee_name"]) for m in members] == [("USER", "U")]
    estate.run("REVOKE ROLE R1 FROM USER U")
    assert estate.table("SHOW GRANTS OF ROLE R1") == []


def test_a_dropped_role_takes_its_grants_and_leaves_what_it_owned(estate):
    estate.run("GRANT OWNERSHIP ON TABLE D.S.T TO ROLE R1", "GRANT SELECT ON TABLE D.S.T2 TO ROLE R1", "DROP ROLE R1")
    assert owner(estate, "TABLE D.S.T") == "ACCOUNTADMIN"
    assert on(estate, "TABLE D.S.T2") == set()
    estate.run("CREATE ROLE R1")
    assert estate.table("SHOW GRANTS TO ROLE R1") == []


def test_a_renamed_role_keeps_everything(estate):
    estate.run(
        "GRANT OWNERSHIP ON TABLE D.S.T TO ROLE R1",
        "GRANT SELECT ON TABLE D.S.T2 TO ROLE R1",
        "GRANT ROLE R1 TO ROLE R2",
        "ALTER ROLE R1 RENAME TO NEW_NAME",
    )
    assert owner(estate, "TABLE D.S.T") == "NEW_NAME"
    assert {row[1] for row in on(estate, "TABLE D.S.T2")} == {"NEW_NAME"}
    assert "NEW_NAME" in {row["name"] for row in estate.table("SHOW GRANTS TO ROLE R2")}


def test_all_affects_nothing_where_nothing_is(estate):
    rows = estate.run("GRANT SELECT ON ALL TABLES IN SCHEMA D.PUBLIC TO ROLE R1")
    assert rows == [("Statement executed successfully. 0 objects affected.",)]


def test_privileges_on_the_account_come_and_go(estate):
    estate.run("GRANT EXECUTE TASK, CREATE DATABASE ON ACCOUNT TO ROLE R1")
    estate.run("CREATE DATABASE MINE", role="R1")
    estate.run("REVOKE CREATE DATABASE ON ACCOUNT FROM ROLE R1")
    assert estate.refused("CREATE DATABASE MINE2", role="R1")[0] == 3001


def test_database_roles_are_called_after_their_database(estate):
    estate.run(
        "CREATE DATABASE ROLE D.DR",
        "GRANT USAGE ON SCHEMA D.S TO DATABASE ROLE D.DR",
        "GRANT DATABASE ROLE D.DR TO ROLE R1",
        "ALTER DATABASE D RENAME TO D2",
        role="SYSADMIN",
    )
    assert {row[1] for row in on(estate, "SCHEMA D2.S")} == {"D2.DR"}
    assert [row["name"] for row in estate.table("SHOW GRANTS TO ROLE R1")] == ["D2.DR"]


def test_a_database_role_made_again_has_nothing_of_the_old_one(estate):
    made = ("CREATE DATABASE X", "CREATE DATABASE ROLE X.DR")
    estate.run(*made, "GRANT USAGE ON DATABASE X TO DATABASE ROLE X.DR", "GRANT DATABASE ROLE X.DR TO ROLE R1")
    estate.run("DROP DATABASE X", *made, "GRANT USAGE ON DATABASE X TO DATABASE ROLE X.DR")
    assert estate.refused("USE DATABASE X", role="R1")[0] != 603
    assert estate.table("SHOW GRANTS OF DATABASE ROLE X.DR") == []


def test_future_grants_go_with_their_place(estate):
    estate.run("GRANT SELECT ON FUTURE TABLES IN SCHEMA D.S TO ROLE R1")
    assert len(estate.table("SHOW FUTURE GRANTS TO ROLE R1")) == 1
    estate.run("DROP SCHEMA D.S")
    assert estate.table("SHOW FUTURE GRANTS TO ROLE R1") == []
    estate.run("UNDROP SCHEMA D.S")
    assert len(estate.table("SHOW FUTURE GRANTS TO ROLE R1")) == 1
