"""Database roles in shares: what they let a consumer see, and what may be in them."""

import pytest

from runner.sandbox.errors import SnowflakeError

CONSUMER = {"account": "IMSDLC"}
IMPORT = "CREATE DATABASE I FROM SHARE LOCALORG.IMCUST.SH"


@pytest.fixture
def provider(estate):
    """Two tables: D.S.T is in the role DR, D.S.T2 in the share itself."""
    estate.run("CREATE DATABASE ROLE D.DR", "GRANT SELECT ON TABLE D.S.T TO DATABASE ROLE D.DR")
    estate.run("INSERT INTO D.S.T VALUES (1, 'x')", "GRANT USAGE ON SCHEMA D.S TO DATABASE ROLE D.DR")
    estate.run(
        "CREATE SHARE SH",
        "GRANT USAGE ON DATABASE D TO SHARE SH",
        "GRANT USAGE ON SCHEMA D.S TO SHARE SH",
        "GRANT SELECT ON TABLE D.S.T2 TO SHARE SH",
        "GRANT DATABASE ROLE D.DR TO SHARE SH",
        "ALTER SHARE SH ADD ACCOUNTS = LOCALORG.IMSDLC",
    )
    return estate


@pytest.fixture
def consumer(provider):
    provider.run(IMPORT, "CREATE ROLE READER", "CREATE ROLE ALL_OF_IT", **CONSUMER)
    provider.run("GRANT DATABASE ROLE I.DR TO ROLE READER", **CONSUMER)
    provider.run("GRANT IMPORTED PRIVILEGES ON DATABASE I TO ROLE ALL_OF_IT", **CONSUMER)
    return provider


def reads(org, table, role):
    """The number of the refusal, 0 where the role reads it."""
    session = org.engine.login("IMSDLC", "SANDBOX_ADMIN", role)
    try:
        org.engine.execute(session, f"SELECT * FROM I.S.{table}")
    except SnowflakeError as error:
        return error.errno
    return 0


def test_a_shared_role_opens_what_it_holds_and_nothing_else(consumer):
    assert {name: reads(consumer, name, "READER") for name in ("T", "T2", "V")} == {"T": 0, "T2": 2003, "V": 2003}
    assert {name: reads(consumer, name, "ALL_OF_IT") for name in ("T", "T2")} == {"T": 2003, "T2": 0}
    assert consumer.run("SELECT A FROM I.S.T", role="READER", **CONSUMER) == [(1,)]


def test_only_what_is_open_is_shown(consumer):
    shown = [row["name"] for row in consumer.table("SHOW TABLES IN DATABASE I", role="READER", **CONSUMER)]
    listed = consumer.run("SELECT TABLE_NAME FROM I.INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'S'",
                          role="READER", **CONSUMER)  # fmt: skip
    assert (shown, listed) == (["T"], [("T",)])
    assert [row["name"] for row in consumer.table("SHOW DATABASES LIKE 'I'", role="READER", **CONSUMER)] == ["I"]


def test_without_the_schema_the_role_reaches_nothing(consumer):
    consumer.run("REVOKE USAGE ON SCHEMA D.S FROM DATABASE ROLE D.DR")
    assert reads(consumer, "T", "READER") == 2003


def test_who_imports_has_the_roles(provider):
    provider.run("CREATE ROLE C", "GRANT ROLE C TO USER SANDBOX_ADMIN", **CONSUMER)
    provider.run("GRANT IMPORT SHARE ON ACCOUNT TO ROLE C", "GRANT CREATE DATABASE ON ACCOUNT TO ROLE C", **CONSUMER)
    provider.run(IMPORT, role="C", **CONSUMER)
    assert {name: reads(provider, name, "C") for name in ("T", "T2")} == {"T": 0, "T2": 0}
    rows = provider.table("SHOW GRANTS OF DATABASE ROLE I.DR", role="C", **CONSUMER)
    assert [(row["role"], row["granted_to"], row["grantee_name"]) for row in rows] == [("I.DR", "ROLE", "C")]


def test_a_role_that_comes_later_is_granted_by_who_owns_the_database(consumer):
    consumer.run("CREATE DATABASE ROLE D.LATE", "GRANT USAGE ON SCHEMA D.S TO DATABASE ROLE D.LATE")
    consumer.run("GRANT SELECT ON TABLE D.S.T TO DATABASE ROLE D.LATE", "GRANT DATABASE ROLE D.LATE TO SHARE SH")
    assert reads(consumer, "T", "ALL_OF_IT") == 2003
    assert consumer.refused("GRANT DATABASE ROLE I.LATE TO ROLE ALL_OF_IT", role="ALL_OF_IT", **CONSUMER)[0] == 3001
    consumer.run("GRANT DATABASE ROLE I.LATE TO ROLE ALL_OF_IT", **CONSUMER)
    assert reads(consumer, "T", "ALL_OF_IT") == 0


def test_what_the_provider_takes_from_the_role_the_consumer_loses(consumer):
    consumer.run("REVOKE SELECT ON TABLE D.S.T FROM DATABASE ROLE D.DR")
    assert reads(consumer, "T", "READER") == 2003


@pytest.mark.parametrize("statement", ["DROP DATABASE ROLE D.DR", "REVOKE USAGE ON DATABASE D FROM SHARE SH"])
def test_a_role_that_leaves_the_share_opens_nothing(consumer, statement):
    consumer.run(statement)
    assert reads(consumer, "T", "READER") in (2003, 3030)
    assert not [link for link in consumer.catalog.role_grants("IMSDLC") if link.role.startswith("I.")]


def test_a_role_that_comes_back_is_granted_anew(consumer):
    consumer.run("REVOKE DATABASE ROLE D.DR FROM SHARE SH", "GRANT DATABASE ROLE D.DR TO SHARE SH")
    assert reads(consumer, "T", "READER") == 2003
    consumer.run("GRANT DATABASE ROLE I.DR TO ROLE READER", **CONSUMER)
    assert reads(consumer, "T", "READER") == 0


def test_another_database_of_the_name_inherits_nothing(consumer):
    consumer.run("DROP DATABASE I", IMPORT, **CONSUMER)
    assert reads(consumer, "T", "READER") == 2003
    assert reads(consumer, "T", "ACCOUNTADMIN") == 0


def test_names_change_on_both_sides(consumer):
    consumer.run("ALTER DATABASE ROLE D.DR RENAME TO D.DR2", "ALTER DATABASE D RENAME TO D9")
    assert reads(consumer, "T", "READER") == 0
    consumer.run("ALTER DATABASE I RENAME TO I9", **CONSUMER)
    assert consumer.run("SELECT A FROM I9.S.T", role="READER", **CONSUMER) == [(1,)]
    rows = consumer.table("SHOW GRANTS TO ROLE READER", **CONSUMER)
    assert [(row["granted_on"], row["name"]) for row in rows] == [("DATABASE_ROLE", "I9.DR2")]


def test_the_consumer_may_revoke_it(consumer):
    consumer.run("REVOKE DATABASE ROLE I.DR FROM ROLE READER", **CONSUMER)
    assert reads(consumer, "T", "READER") == 2003


ONLY_GRANTED = [
    "GRANT USAGE ON DATABASE X TO DATABASE ROLE I.DR",
    "GRANT DATABASE ROLE X.R TO DATABASE ROLE I.DR",
    "GRANT DATABASE ROLE I.DR TO DATABASE ROLE X.R",
    "GRANT OWNERSHIP ON DATABASE ROLE I.DR TO ROLE READER",
    "GRANT OWNERSHIP ON DATABASE X TO DATABASE ROLE I.DR",
    "GRANT DATABASE ROLE I.DR TO SHARE MINE",
    "GRANT DATABASE ROLE I.DR TO USER SANDBOX_ADMIN",
    "GRANT DATABASE ROLE I.NOWHERE TO ROLE READER",
    "GRANT SELECT ON FUTURE TABLES IN DATABASE X TO DATABASE ROLE I.DR",
    "DROP DATABASE ROLE I.DR",
    "ALTER DATABASE ROLE I.DR SET COMMENT = 'x'",
    "CREATE DATABASE ROLE I.MORE",
    "CREATE OR REPLACE DATABASE ROLE I.DR",
    "COMMENT ON DATABASE ROLE I.DR IS 'x'",
]


def test_a_role_from_a_share_can_only_be_granted(consumer):
    consumer.run("CREATE DATABASE X", "CREATE DATABASE ROLE X.R", "CREATE SHARE MINE", **CONSUMER)
    before = {key: repr(value) for key, value in (consumer.catalog.records | consumer.catalog.links).items()}
    for statement in ONLY_GRANTED:
        assert consumer.refused(statement, **CONSUMER)[0] != 603, statement
    assert {key: repr(value) for key, value in (consumer.catalog.records | consumer.catalog.links).items()} == before


def test_what_show_says_of_it(consumer):
    rows = consumer.table("SHOW GRANTS TO SHARE SH")
    assert ("USAGE", "DATABASE_ROLE", "D.DR", "SHARE", "LOCALORG.IMCUST.SH") in [
        (r["privilege"], r["granted_on"], r["name"], r["granted_to"], r["grantee_name"]) for r in rows
    ]
    assert ("DATABASE_ROLE", "D.DR") in [(r["kind"], r["name"]) for r in consumer.table("DESC SHARE SH")]
    described = consumer.table("DESC SHARE LOCALORG.IMCUST.SH", **CONSUMER)
    assert ("DATABASE_ROLE", "I.DR") in [(r["kind"], r["name"]) for r in described]
    roles = consumer.table("SHOW DATABASE ROLES IN DATABASE I", **CONSUMER)
    assert [(r["name"], r["owner"], r["granted_to_roles"]) for r in roles] == [("DR", "", 2)]
    held = consumer.table("SHOW GRANTS TO DATABASE ROLE I.DR", **CONSUMER)
    assert {(r["privilege"], r["name"]) for r in held} == {("USAGE", "I.S"), ("SELECT", "I.S.T")}
    assert [r["grantee_name"] for r in consumer.table("SHOW GRANTS OF DATABASE ROLE D.DR")] == ["LOCALORG.IMCUST.SH"]


REFUSED = [
    ("GRANT INSERT ON TABLE D.S.T TO DATABASE ROLE D.X", 3051, "INSERT"),
    ("GRANT USAGE ON SEQUENCE D.S.Q TO DATABASE ROLE D.X", 3051, "USAGE"),
    ("GRANT CREATE TABLE ON SCHEMA D.S TO DATABASE ROLE D.X", 3051, "CREATE TABLE"),
    ("GRANT OWNERSHIP ON TABLE D.S.T2 TO DATABASE ROLE D.X COPY CURRENT GRANTS", 3051, "OWNERSHIP"),
    ("GRANT SELECT ON VIEW D.S.V TO DATABASE ROLE D.X", 3041, "Non-secure"),
    ("GRANT SELECT ON FUTURE TABLES IN SCHEMA D.S TO DATABASE ROLE D.X", 3050, "with future grants to it"),
    ("GRANT DATABASE ROLE D.DR TO DATABASE ROLE D.X", 3052, "is granted to it"),
]


def test_only_a_role_that_reads_is_shared(provider):
    for number, (statement, errno, words) in enumerate(REFUSED):
        provider.run(f"CREATE DATABASE ROLE D.X{number}", statement.replace("D.X", f"D.X{number}"))
        found, message = provider.refused(f"GRANT DATABASE ROLE D.X{number} TO SHARE SH")
        assert (found, words in message) == (errno, True), message


def test_a_shared_role_goes_on_reading_only(provider):
    provider.run("CREATE DATABASE ROLE D.DR2")
    for statement, errno, _ in REFUSED:
        later = statement.replace("D.DR ", "D.DR2 ").replace("D.X", "D.DR")
        assert provider.refused(later)[0] == {3050: 3053}.get(errno, errno), later


def test_a_role_of_another_database_is_not_shared(provider):
    provider.run("CREATE DATABASE D2", "CREATE DATABASE ROLE D2.X", "CREATE SHARE EMPTY")
    assert provider.refused("GRANT DATABASE ROLE D2.X TO SHARE SH")[0] == 3033
    assert provider.refused("GRANT DATABASE ROLE D.DR TO SHARE EMPTY")[0] == 3033
    assert provider.refused("GRANT ROLE R1 TO SHARE SH")[0] == 3003
    assert provider.refused("GRANT DATABASE ROLE D.NOWHERE TO SHARE SH")[0] == 2003
    assert provider.refused("GRANT DATABASE ROLE D.DR TO SHARE NOWHERE")[0] == 2003


def test_granting_it_takes_the_role_and_the_share(provider):
    provider.run("GRANT USAGE ON DATABASE D TO ROLE R1")
    assert provider.refused("GRANT DATABASE ROLE D.DR TO SHARE SH", role="R1")[0] in (2003, 3001)
    assert provider.refused("REVOKE DATABASE ROLE D.DR FROM SHARE SH", role="SYSADMIN")[0] in (2003, 3001)


def test_a_policy_asks_for_the_shared_role(consumer):
    """user-guide/data-sharing-policy-protected-data"""
    consumer.run("GRANT SELECT ON TABLE D.S.T TO SHARE SH")
    consumer.run(
        "CREATE MASKING POLICY D.S.M AS (V VARCHAR) RETURNS VARCHAR -> "
        "CASE WHEN IS_DATABASE_ROLE_IN_SESSION('DR') THEN V ELSE '***' END",
        "ALTER TABLE D.S.T MODIFY COLUMN B SET MASKING POLICY D.S.M",
    )
    read = "SELECT B FROM I.S.T"
    assert consumer.run(read, role="READER", **CONSUMER) == [("x",)]
    assert consumer.run(read, role="ALL_OF_IT", **CONSUMER) == [("***",)]
    assert consumer.run("SELECT B FROM D.S.T") == [("***",)]
    consumer.run("GRANT DATABASE ROLE D.DR TO ROLE ACCOUNTADMIN")
    assert consumer.run("SELECT B FROM D.S.T") == [("x",)]


def test_the_role_may_stand_in_a_column(consumer):
    consumer.run("GRANT SELECT ON TABLE D.S.T TO SHARE SH", "INSERT INTO D.S.T VALUES (2, 'DR'), (3, 'OTHER')")
    consumer.run(
        "CREATE ROW ACCESS POLICY D.S.RA AS (V VARCHAR) RETURNS BOOLEAN -> IS_DATABASE_ROLE_IN_SESSION(V)",
        "ALTER TABLE D.S.T ADD ROW ACCESS POLICY D.S.RA ON (B)",
    )
    assert consumer.run("SELECT A FROM I.S.T", role="READER", **CONSUMER) == [(2,)]
    assert consumer.run("SELECT A FROM I.S.T", role="ALL_OF_IT", **CONSUMER) == []


def test_outside_a_policy_the_current_database_counts(consumer):
    consumer.run("USE DATABASE I", role="READER", **CONSUMER)
    asked = "SELECT IS_DATABASE_ROLE_IN_SESSION('DR'), IS_DATABASE_ROLE_IN_SESSION('dr')"
    assert consumer.run(asked, role="READER", **CONSUMER) == [(True, False)]
    fresh = consumer.engine.login("IMSDLC", "SANDBOX_ADMIN", "READER")
    with pytest.raises(Exception, match="current database"):
        consumer.engine.execute(fresh, asked)
