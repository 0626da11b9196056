"""Shares between the accounts: the twelve traps, each by its name, and the rights around them."""

import pytest

from runner.sandbox import bootstrap, shares
from runner.sandbox.catalog.model import Database, Share, Table
from runner.sandbox.engine import Engine
from runner.sandbox.law import policies
from tests.unit.sandbox.law.conftest import add_view

CONSUMER = {"account": "IMSDLC"}
GONE = "Shared database is no longer available for use."


@pytest.fixture
def shared(estate):
    """D.S.T in share SH, given to IMSDLC."""
    estate.run(
        "CREATE SHARE SH COMMENT = 'c'",
        "GRANT USAGE ON DATABASE D TO SHARE SH",
        "GRANT USAGE ON SCHEMA D.S TO SHARE SH",
        "GRANT SELECT ON TABLE D.S.T TO SHARE SH",
        "ALTER SHARE SH ADD ACCOUNTS = LOCALORG.IMSDLC",
    )
    return estate


@pytest.fixture
def imported(shared):
    shared.run("CREATE DATABASE I FROM SHARE LOCALORG.IMCUST.SH", **CONSUMER)
    return shared


def to(org, name="SH", **who):
    """Column "to" of SHOW SHARES."""
    return next(row["to"] for row in org.table(f"SHOW SHARES LIKE '{name}'", **who))


def contents(org, name="SH"):
    return {(row["privilege"], row["name"]) for row in org.table(f"SHOW GRANTS TO SHARE {name}")}


def sees(org, name="T", schema="S", database="I"):
    """Whether the consumer's database shows the table."""
    record = org.catalog.database("IMSDLC", database)
    return shares.lookup(org.catalog, record, schema, Table, name) is not None


def is_dead(org, database="I"):
    record = org.catalog.database("IMSDLC", database)
    return shares.share_of(org.catalog, record) is None


def test_trap_1_a_misspelt_account_is_added_without_a_word(shared):
    assert shared.run("ALTER SHARE SH ADD ACCOUNTS = LOCALORG.IMSLDC") == [("Statement executed successfully.",)]
    assert to(shared) == "LOCALORG.IMSDLC"


def test_trap_2_an_account_before_a_database_is_an_error(estate):
    estate.run("CREATE SHARE SH")
    errno, message = estate.refused("ALTER SHARE SH ADD ACCOUNTS = LOCALORG.IMSDLC")
    assert errno == 3045
    assert "before USAGE on a database" in message
    assert to(estate) == ""


def test_trap_3_a_recreated_object_is_not_in_the_share(imported):
    assert sees(imported)
    imported.run("CREATE OR REPLACE TABLE D.S.T (A NUMBER)")
    assert not sees(imported)
    assert ("SELECT", "D.S.T") not in contents(imported)
    imported.run("GRANT SELECT ON TABLE D.S.T TO SHARE SH")
    assert sees(imported)


def test_trap_3_unless_it_copies_its_grants(imported):
    imported.run("CREATE OR REPLACE TABLE D.S.T (A NUMBER) COPY GRANTS")
    assert sees(imported)


def test_trap_3_there_are_no_future_grants_to_a_share(shared):
    errno, message = shared.refused("GRANT SELECT ON FUTURE TABLES IN SCHEMA D.S TO SHARE SH")
    assert (errno, "FUTURE grants to a SHARE" in message) == (2, True)


@pytest.mark.parametrize(
    "statements",
    [
        ("DROP SHARE SH", "CREATE SHARE SH"),
        ("CREATE OR REPLACE SHARE SH",),
        ("ALTER SHARE SH REMOVE ACCOUNTS = LOCALORG.IMSDLC",),
        ("ALTER SHARE SH SET ACCOUNTS = LOCALORG.NOWHERE",),
    ],
)
def test_trap_4_losing_the_share_ends_the_consumers_database_for_good(imported, statements):
    imported.run(*statements)
    assert is_dead(imported)
    imported.run(
        "GRANT USAGE ON DATABASE D TO SHARE SH",
        "GRANT USAGE ON SCHEMA D.S TO SHARE SH",
        "GRANT SELECT ON TABLE D.S.T TO SHARE SH",
        "ALTER SHARE SH ADD ACCOUNTS = LOCALORG.IMSDLC",
    )
    assert is_dead(imported)
    assert GONE in imported.refused("DROP TABLE I.S.T", **CONSUMER)[1]
    imported.run("DROP DATABASE I", "CREATE DATABASE I FROM SHARE LOCALORG.IMCUST.SH", **CONSUMER)
    assert sees(imported)


def test_trap_4_taking_an_object_out_and_in_needs_no_consumer(imported):
    imported.run("REVOKE SELECT ON TABLE D.S.T FROM SHARE SH")
    assert not sees(imported)
    imported.run("GRANT SELECT ON TABLE D.S.T TO SHARE SH")
    assert sees(imported)


def test_trap_5_ownership_of_a_share_cannot_be_moved(shared):
    errno, message = shared.refused("GRANT OWNERSHIP ON SHARE SH TO ROLE SYSADMIN")
    assert errno == 3012
    assert "cannot be transferred" in message


def test_trap_5_ownership_of_a_shared_database_cannot_drop_its_grants(shared):
    assert shared.refused("GRANT OWNERSHIP ON DATABASE D TO ROLE R1 REVOKE CURRENT GRANTS")[0] == 3013
    shared.run("GRANT OWNERSHIP ON DATABASE D TO ROLE R1 COPY CURRENT GRANTS")
    assert ("USAGE", "D") in contents(shared)


def test_trap_6_accounts_need_manage_share_target(estate):
    estate.run(
        "GRANT CREATE SHARE ON ACCOUNT TO ROLE R1",
        "GRANT USAGE ON DATABASE D TO ROLE R1 WITH GRANT OPTION",
    )
    estate.run("CREATE SHARE MINE", "GRANT USAGE ON DATABASE D TO SHARE MINE", role="R1")
    assert estate.refused("ALTER SHARE MINE ADD ACCOUNTS = LOCALORG.IMSDLC", role="R1")[0] == 3001
    estate.run("GRANT MANAGE SHARE TARGET ON ACCOUNT TO ROLE R1")
    estate.run("ALTER SHARE MINE ADD ACCOUNTS = LOCALORG.IMSDLC", role="R1")
    assert to(estate, "MINE") == "LOCALORG.IMSDLC"


def test_trap_7_the_least_provider_needs_the_grant_option(estate):
    estate.run("GRANT CREATE SHARE ON ACCOUNT TO ROLE R1", "GRANT USAGE ON DATABASE D TO ROLE R1")
    estate.run("CREATE SHARE MINE", role="R1")
    assert estate.refused("GRANT USAGE ON DATABASE D TO SHARE MINE", role="R1")[0] == 3001


@pytest.mark.parametrize("missing", ["IMPORT SHARE", "CREATE DATABASE"])
def test_trap_7_the_least_consumer_imports_and_creates(shared, missing):
    shared.run("CREATE ROLE C", **CONSUMER)
    for privilege in {"IMPORT SHARE", "CREATE DATABASE"} - {missing}:
        shared.run(f"GRANT {privilege} ON ACCOUNT TO ROLE C", **CONSUMER)
    statement = "CREATE DATABASE I FROM SHARE LOCALORG.IMCUST.SH"
    assert shared.refused(statement, role="C", **CONSUMER)[0] == 3001
    shared.run(f"GRANT {missing} ON ACCOUNT TO ROLE C", **CONSUMER)
    shared.run(statement, role="C", **CONSUMER)


def test_trap_8_policies_travel_and_the_consumers_role_is_null(imported):
    imported.run(
        "CREATE MASKING POLICY D.S.M AS (V VARCHAR) RETURNS VARCHAR -> "
        "CASE WHEN CURRENT_ROLE() = 'SYSADMIN' THEN V ELSE '***' END",
        "ALTER TABLE D.S.T MODIFY COLUMN B SET MASKING POLICY D.S.M",
    )
    record = shares.lookup(imported.catalog, imported.catalog.database("IMSDLC", "I"), "S", Table, "T")
    applied = policies.masked_expression(imported.catalog, record, "B", "x", shared=True)
    assert applied.sql == "CASE WHEN CAST(NULL AS VARCHAR) = 'SYSADMIN' THEN \"x\".\"B\" ELSE '***' END"


def test_trap_8_what_is_shared_tells_nothing_of_the_consumers_session(imported):
    said = "CURRENT_ROLE() R, CURRENT_USER() U, CURRENT_SECONDARY_ROLES() S, IS_ROLE_IN_SESSION('ACCOUNTADMIN') I"
    imported.run(
        f"CREATE SECURE VIEW D.S.WHO AS SELECT {said}, CURRENT_ACCOUNT_NAME() A FROM D.S.T",
        "CREATE SECURE FUNCTION D.S.ROLE_OF() RETURNS VARCHAR AS 'CURRENT_ROLE()'",
        "GRANT SELECT ON VIEW D.S.WHO TO SHARE SH",
        "GRANT USAGE ON FUNCTION D.S.ROLE_OF() TO SHARE SH",
        "INSERT INTO D.S.T (A) VALUES (1)",
    )
    assert imported.run("SELECT DISTINCT * FROM I.S.WHO", **CONSUMER) == [(None, None, None, False, "IMSDLC")]
    assert imported.run("SELECT I.S.ROLE_OF(), CURRENT_ROLE()", **CONSUMER) == [(None, "ACCOUNTADMIN")]
    assert imported.run("SELECT DISTINCT R, U, I FROM D.S.WHO") == [("ACCOUNTADMIN", "SANDBOX_ADMIN", True)]


def test_trap_8_the_names_of_the_producers_policies_are_not_told(imported):
    imported.run(
        "CREATE ROW ACCESS POLICY D.S.RAP AS (A NUMBER) RETURNS BOOLEAN -> TRUE",
        "ALTER TABLE D.S.T ADD ROW ACCESS POLICY D.S.RAP ON (A)",
    )
    [(told,)] = imported.run("SELECT GET_DDL('TABLE', 'I.S.T')", **CONSUMER)
    assert "#UNKNOWN_POLICY" in told
    assert "RAP" not in told
    assert "RAP" in imported.run("SELECT GET_DDL('TABLE', 'D.S.T')")[0][0]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("GRANT USAGE ON PROCEDURE D.S.P(NUMBER) TO SHARE SH", "PROCEDURE in a SHARE"),
        ("GRANT USAGE ON SEQUENCE D.S.Q TO SHARE SH", "SEQUENCE in a SHARE"),
        ("GRANT USAGE ON WAREHOUSE ADMIN_WH TO SHARE SH", "WAREHOUSE in a SHARE"),
        ("GRANT SELECT ON ALL VIEWS IN SCHEMA D.S TO SHARE SH", "ALL VIEW in a SHARE"),
        ("GRANT READ ON SECRET D.S.X TO SHARE SH", "privileges on SECRET"),
        ("GRANT SELECT ON TABLE D.S.T TO SHARE SH WITH GRANT OPTION", "WITH GRANT OPTION for a SHARE"),
    ],
)
def test_trap_9_only_what_can_be_shared_is_shared(shared, statement, named):
    errno, message = shared.refused(statement)
    assert errno == 2
    assert f"Unsupported feature '{named}'" in message


def test_trap_10_a_database_from_a_share_is_not_shared_again(imported):
    imported.run("CREATE SHARE AGAIN", **CONSUMER)
    assert imported.refused("GRANT USAGE ON DATABASE I TO SHARE AGAIN", **CONSUMER)[0] == 3015


def test_trap_11_a_view_must_be_secure_unless_the_share_says_otherwise(shared):
    errno, message = shared.refused("GRANT SELECT ON VIEW D.S.V TO SHARE SH")
    assert errno == 3041
    assert "Non-secure object" in message
    shared.run("ALTER SHARE SH SET SECURE_OBJECTS_ONLY = FALSE", "GRANT SELECT ON VIEW D.S.V TO SHARE SH")
    assert shared.refused("ALTER SHARE SH SET SECURE_OBJECTS_ONLY = TRUE")[0] == 3042


def test_trap_11_a_secure_view_over_another_database_needs_reference_usage(shared):
    shared.run("CREATE DATABASE D2", "CREATE TABLE D2.PUBLIC.X (A NUMBER)", role="SYSADMIN")
    add_view(shared, "V2", query="SELECT A FROM D2.PUBLIC.X", secure=True)
    assert shared.refused("GRANT SELECT ON VIEW D.S.V2 TO SHARE SH")[0] == 3044
    shared.run("GRANT REFERENCE_USAGE ON DATABASE D2 TO SHARE SH", "GRANT SELECT ON VIEW D.S.V2 TO SHARE SH")


def test_trap_12_without_the_right_a_share_cannot_be_made(estate):
    assert estate.refused("CREATE SHARE SH", role="SYSADMIN")[0] == 3001


def test_a_share_has_one_database(shared):
    shared.run("CREATE DATABASE D2")
    errno, message = shared.refused("GRANT USAGE ON DATABASE D2 TO SHARE SH")
    assert (errno, message) == (
        3033,
        "SQL compilation error:\nDatabase 'D2' does not belong to the database that is being shared.",
    )
    assert shared.refused("GRANT USAGE ON SCHEMA D2.PUBLIC TO SHARE SH")[0] == 3033


def test_reference_usage_comes_after_usage(estate):
    estate.run("CREATE SHARE SH")
    assert estate.refused("GRANT REFERENCE_USAGE ON DATABASE D TO SHARE SH") == (
        500130,
        "Cannot grant REFERENCE_USAGE on database D to share SH. Grant USAGE on a database to share prior to granting "
        "REFERENCE_USAGE.",
    )


def test_all_tables_are_shared_as_they_are_now(shared):
    shared.run("GRANT SELECT ON ALL TABLES IN SCHEMA D.S TO SHARE SH", "CREATE TABLE D.S.LATER (A NUMBER)")
    assert {name for _, name in contents(shared)} == {"D", "D.S", "D.S.T", "D.S.T2"}


def test_only_select_is_shared(shared):
    assert shared.refused("GRANT INSERT ON TABLE D.S.T TO SHARE SH")[0] == 3008


def test_taking_the_database_empties_the_share(imported):
    imported.run("REVOKE USAGE ON DATABASE D FROM SHARE SH")
    assert contents(imported) == set()
    with pytest.raises(Exception, match="no longer available"):
        sees(imported)


def test_a_share_is_consumed_once_per_account(imported):
    errno, message = imported.refused("CREATE DATABASE I2 FROM SHARE LOCALORG.IMCUST.SH", **CONSUMER)
    assert errno == 3048
    assert "once per account" in message
    imported.run("CREATE DATABASE IF NOT EXISTS I FROM SHARE LOCALORG.IMCUST.SH", **CONSUMER)


@pytest.mark.parametrize("origin", ["LOCALORG.IMCUST.SH", "IMCUST.SH", "LO00001.SH"])
def test_a_share_goes_by_its_account(shared, origin):
    shared.run(f"CREATE DATABASE I FROM SHARE {origin}", **CONSUMER)
    assert sees(shared)


@pytest.mark.parametrize("origin", ["LOCALORG.IMCUST.NOWHERE", "LOCALORG.NOWHERE.SH", "SH", "OTHERORG.IMCUST.SH"])
def test_a_share_that_was_not_given_does_not_exist(shared, origin):
    assert shared.refused(f"CREATE DATABASE I FROM SHARE {origin}", **CONSUMER)[0] == 2003


def test_a_share_that_was_given_to_nobody_does_not_exist(shared):
    shared.run("ALTER SHARE SH REMOVE ACCOUNTS = LOCALORG.IMSDLC")
    assert shared.refused("CREATE DATABASE I FROM SHARE LOCALORG.IMCUST.SH", **CONSUMER)[0] == 2003
    assert shared.table("SHOW SHARES", **CONSUMER) == []


def test_both_sides_see_the_share_in_their_way(imported):
    outbound = imported.table("SHOW SHARES")[0]
    inbound = imported.table("SHOW SHARES", **CONSUMER)[0]
    assert (outbound["kind"], outbound["to"], outbound["database_name"]) == ("OUTBOUND", "LOCALORG.IMSDLC", "D")
    assert (inbound["kind"], inbound["owner_account"], inbound["database_name"]) == ("INBOUND", "LOCALORG.IMCUST", "I")


def test_the_accounts_that_imported_are_shown(shared):
    assert shared.table("SHOW GRANTS OF SHARE SH") == []
    shared.run("CREATE DATABASE I FROM SHARE LOCALORG.IMCUST.SH", **CONSUMER)
    assert [row["grantee_name"] for row in shared.table("SHOW GRANTS OF SHARE SH")] == ["LOCALORG.IMSDLC"]


def test_names_in_a_described_share_stand_for_the_database_to_come(shared):
    described = "DESC SHARE LOCALORG.IMCUST.SH"
    assert {row["name"] for row in shared.table(described, **CONSUMER)} == {"<DB>", "<DB>.S", "<DB>.S.T"}
    shared.run("CREATE DATABASE I FROM SHARE LOCALORG.IMCUST.SH", **CONSUMER)
    assert {row["name"] for row in shared.table(described, **CONSUMER)} == {"I", "I.S", "I.S.T"}
    assert {row["name"] for row in shared.table("DESC SHARE SH")} == {"D", "D.S", "D.S.T"}


WRITES = [
    "CREATE TABLE I.S.X (A NUMBER)",
    "CREATE SCHEMA I.X",
    "DROP TABLE I.S.T",
    "ALTER TABLE I.S.T ADD COLUMN C NUMBER",
    "CREATE SEQUENCE I.S.X",
    "DROP SCHEMA I.S",
    "INSERT INTO I.S.T VALUES (1, 'x')",
    "TRUNCATE TABLE I.S.T",
    "CREATE DATABASE Y CLONE I",
    "CREATE TABLE X.PUBLIC.C CLONE I.S.T",
    "GRANT SELECT ON TABLE I.S.T TO ROLE SYSADMIN",
    "GRANT USAGE ON SCHEMA I.S TO ROLE SYSADMIN",
    "GRANT SELECT ON ALL TABLES IN SCHEMA I.S TO ROLE SYSADMIN",
    "GRANT SELECT ON FUTURE TABLES IN DATABASE I TO ROLE SYSADMIN",
    "GRANT OWNERSHIP ON TABLE I.S.T TO ROLE SYSADMIN",
    "ALTER TABLE I.S.T SWAP WITH I.S.T",
    "COMMENT ON TABLE I.S.T IS 'x'",
]


@pytest.mark.parametrize("statement", WRITES)
def test_a_database_from_a_share_is_read_only(imported, statement):
    imported.run("CREATE DATABASE X", **CONSUMER)
    before = {key: repr(record) for key, record in imported.catalog.records.items()}
    assert imported.refused(statement, **CONSUMER)[0] != 603
    assert {key: repr(record) for key, record in imported.catalog.records.items()} == before


def test_imported_privileges_are_all_or_nothing(imported):
    imported.run("CREATE ROLE C", **CONSUMER)
    errno, message = imported.refused("GRANT USAGE ON DATABASE I TO ROLE C", **CONSUMER)
    assert errno == 3011
    assert "Use 'GRANT IMPORTED PRIVILEGES' instead" in message
    assert imported.refused("USE DATABASE I", role="C", **CONSUMER)[0] in (2003, 2043)
    imported.run("GRANT IMPORTED PRIVILEGES ON DATABASE I TO ROLE C", **CONSUMER)
    imported.run("USE DATABASE I", "USE SCHEMA I.S", role="C", **CONSUMER)
    imported.run("REVOKE IMPORTED PRIVILEGES ON DATABASE I FROM ROLE C", **CONSUMER)
    assert imported.refused("USE SCHEMA I.S", role="C", **CONSUMER)[0] in (2003, 2043)


def test_the_producer_never_sees_the_consumers_database(imported):
    assert "I" not in {row["name"] for row in imported.table("SHOW DATABASES")}


def test_another_region_is_refused(estate, tmp_path):
    bootstrap.create_organization(
        estate.catalog, tmp_path / "far", accounts=(bootstrap.NewAccount("FAR", region="AWS_US_EAST_1"),)
    )
    estate.run("CREATE SHARE SH", "GRANT USAGE ON DATABASE D TO SHARE SH")
    errno, message = estate.refused("ALTER SHARE SH ADD ACCOUNTS = LOCALORG.FAR")
    assert errno == 3046
    assert "AWS_US_EAST_1" in message


def test_business_critical_to_less_takes_share_restrictions_false(estate):
    estate.run("CREATE SHARE SH", "GRANT USAGE ON DATABASE D TO SHARE SH")
    estate.catalog.account("IMCUST").edition = "BUSINESS_CRITICAL"
    assert estate.refused("ALTER SHARE SH ADD ACCOUNTS = LOCALORG.IMSDLC")[0] == 3047
    estate.run("ALTER SHARE SH ADD ACCOUNTS = LOCALORG.IMSDLC SHARE_RESTRICTIONS = FALSE")
    assert to(estate) == "LOCALORG.IMSDLC"


def test_share_restrictions_is_no_word_of_set(shared):
    assert shared.refused("ALTER SHARE SH SET ACCOUNTS = LOCALORG.IMSDLC SHARE_RESTRICTIONS = FALSE") == (
        1420,
        "SQL compilation error:\ninvalid property 'SHARE_RESTRICTIONS' for 'SHARE'",
    )


def test_or_replace_and_if_not_exists_exclude_each_other(shared):
    assert shared.refused("CREATE OR REPLACE SHARE IF NOT EXISTS SH")[0] == 1003
    assert shared.run("CREATE SHARE IF NOT EXISTS SH") == [("SH already exists, statement succeeded.",)]
    assert shared.refused("CREATE SHARE SH")[0] == 2002


def test_a_shares_comment_comes_and_goes(shared):
    shared.run("ALTER SHARE SH SET COMMENT = 'new'")
    assert shared.catalog.find(Share, "IMCUST", "SH").comment == "new"
    shared.run("ALTER SHARE SH UNSET COMMENT")
    assert shared.catalog.find(Share, "IMCUST", "SH").comment is None


def test_a_dropped_database_leaves_the_consumer_with_nothing(imported):
    imported.run("DROP DATABASE D")
    with pytest.raises(Exception, match="no longer available"):
        sees(imported, database="I")


def test_the_state_survives_in_the_catalogue(imported):
    record = imported.catalog.find(Database, "IMSDLC", "I")
    assert (record.origin_account, record.origin_share) == ("IMCUST", "SH")


def test_a_shared_table_has_no_past_for_its_consumer(imported):
    assert imported.refused("SELECT * FROM I.S.T AT (OFFSET => -1)", **CONSUMER)[0] == 2
    imported.run("CREATE DATABASE X", **CONSUMER)
    assert imported.refused("CREATE TABLE X.PUBLIC.C CLONE I.S.T", **CONSUMER)[0] == 2119


def test_dynamic_tables_and_materialized_views_are_shared(imported):
    imported.run(
        "CREATE WAREHOUSE W",
        "CREATE DYNAMIC TABLE D.S.DT TARGET_LAG = '1 day' WAREHOUSE = W AS SELECT 7 AS A",
        "CREATE SECURE MATERIALIZED VIEW D.S.MV AS SELECT A FROM D.S.T",
        "GRANT SELECT ON DYNAMIC TABLE D.S.DT TO SHARE SH",
        "GRANT SELECT ON VIEW D.S.MV TO SHARE SH",
    )
    assert imported.run("SELECT A FROM I.S.DT", **CONSUMER) == [(7,)]
    assert imported.run("SELECT A FROM I.S.MV", **CONSUMER) == []


def test_hybrid_tables_are_not_there_to_be_shared(estate):
    assert estate.refused("CREATE HYBRID TABLE D.S.H (A NUMBER PRIMARY KEY)")[0] == 2


def test_law_survives_the_end_of_the_process(tmp_path):
    engine = Engine.open(tmp_path)
    bootstrap.create_organization(engine.catalog, tmp_path)
    admin = engine.login("IMCUST", "SANDBOX_ADMIN", "ACCOUNTADMIN")
    for statement in (
        "CREATE ROLE R",
        "CREATE DATABASE D",
        "GRANT USAGE ON DATABASE D TO ROLE R",
        "GRANT CREATE TABLE ON FUTURE SCHEMAS IN DATABASE D TO ROLE R",
        "CREATE SHARE SH",
        "GRANT USAGE ON DATABASE D TO SHARE SH",
        "ALTER SHARE SH ADD ACCOUNTS = LOCALORG.IMSDLC",
    ):
        engine.execute(admin, statement)
    consumer = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN")
    engine.execute(consumer, "CREATE DATABASE I FROM SHARE LOCALORG.IMCUST.SH")
    before = {key: repr(value) for key, value in (engine.catalog.records | engine.catalog.links).items()}
    engine.close()
    again = Engine.open(tmp_path)
    bootstrap.create_organization(again.catalog, tmp_path)
    assert {key: repr(value) for key, value in (again.catalog.records | again.catalog.links).items()} == before
    again.close()
