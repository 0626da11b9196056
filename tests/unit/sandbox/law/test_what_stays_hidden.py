"""What a role with little learns: nothing of what it may not see, by whatever way it asks."""

import pytest

from tests.unit.sandbox.law.conftest import add_view


@pytest.fixture
def guest(estate):
    """R1 comes into D.S and sees one secure view and one procedure there, and nothing else."""
    add_view(estate, "SV", secure=True)
    estate.run(
        "CREATE SCHEMA D.HID",
        "CREATE TABLE D.HID.H (Z NUMBER)",
        "INSERT INTO D.S.T (A) VALUES (42)",
        "CREATE PROCEDURE D.S.OWN() RETURNS VARCHAR LANGUAGE SQL AS 'BEGIN SELECT A FROM D.S.T; RETURN 1; END'",
        "GRANT USAGE ON DATABASE D TO ROLE R1",
        "GRANT USAGE ON SCHEMA D.S TO ROLE R1",
        "GRANT SELECT ON VIEW D.S.SV TO ROLE R1",
        "GRANT USAGE ON PROCEDURE D.S.OWN() TO ROLE R1",
        role="SYSADMIN",
    )
    estate.run("CREATE USER GUEST", "GRANT ROLE R1 TO USER GUEST")
    return estate


def as_guest(role="R1"):
    return {"role": role, "user": "GUEST"}


def test_the_result_of_anothers_statement_does_not_exist(guest):
    guest.run("SELECT * FROM D.S.T")
    number = guest.session().last_query_id
    for statement in (f"SELECT * FROM TABLE(RESULT_SCAN('{number}'))", f"DESCRIBE RESULT '{number}'"):
        assert guest.refused(statement, **as_guest())[0] == 709
        assert guest.refused(statement, account="IMSDLC")[0] == 709
    assert guest.run(f"SELECT A FROM TABLE(RESULT_SCAN('{number}'))") == [(42,)]


def test_what_a_procedure_read_with_its_owners_rights_is_not_for_its_caller(guest):
    guest.run("CALL D.S.OWN()", **as_guest())
    entries = guest.engine.history.entries("IMCUST")
    number = next(e.query_id for e in entries if e.text.startswith("SELECT A FROM D.S.T"))
    assert guest.refused(f"SELECT * FROM TABLE(RESULT_SCAN('{number}'))", **as_guest())[0] == 709


def test_get_ddl_of_what_holds_objects_leaves_out_the_hidden_ones(guest):
    for kind, name in (("SCHEMA", "D.S"), ("DATABASE", "D")):
        [(text,)] = guest.run(f"SELECT GET_DDL('{kind}', '{name}')", **as_guest())
        assert not [word for word in ("TABLE", "HID", "FROM D.S.T", "sequence") if word in text]
        [(whole,)] = guest.run(f"SELECT GET_DDL('{kind}', '{name}')")
        assert "FROM D.S.T" in whole


def test_explain_names_what_the_session_sees(guest):
    assert "D.S.SV" in str(guest.run("EXPLAIN SELECT * FROM D.S.SV", **as_guest()))
    assert "D.S.T" not in str(guest.run("EXPLAIN SELECT * FROM D.S.SV", **as_guest()))
    assert "D.S.T" in str(guest.run("EXPLAIN SELECT * FROM D.S.SV", role="SYSADMIN"))


def test_explain_shows_a_consumer_its_own_names(guest):
    guest.run(
        "CREATE SHARE SH",
        "GRANT USAGE ON DATABASE D TO SHARE SH",
        "GRANT USAGE ON SCHEMA D.S TO SHARE SH",
        "GRANT SELECT ON VIEW D.S.SV TO SHARE SH",
        "ALTER SHARE SH ADD ACCOUNTS = IMSDLC",
    )
    guest.run("CREATE DATABASE IMP FROM SHARE IMCUST.SH", account="IMSDLC")
    plan = str(guest.run("EXPLAIN SELECT * FROM IMP.S.SV", account="IMSDLC"))
    assert "IMP.S.SV" in plan
    assert "D.S." not in plan


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE D.S.{0} (A INT)",
        "CREATE TABLE IF NOT EXISTS D.S.{0} (A INT)",
        "CREATE OR ALTER TABLE D.S.{0} (A INT)",
        "CREATE VIEW D.S.{0} AS SELECT 1 A",
        "CREATE SEQUENCE D.S.{0}",
        "CREATE SEQUENCE IF NOT EXISTS D.S.{0}",
        "CREATE PROCEDURE D.S.{0}(X NUMBER) RETURNS VARCHAR LANGUAGE SQL AS 'BEGIN RETURN 1; END'",
        "CREATE SCHEMA D.{0}",
        "CREATE SCHEMA IF NOT EXISTS D.{0}",
        "CREATE OR ALTER SCHEMA D.{0}",
        "CREATE DATABASE {0}",
        "CREATE WAREHOUSE IF NOT EXISTS {0}",
        "CREATE ROLE IF NOT EXISTS {0}",
        "CREATE USER IF NOT EXISTS {0}",
        "CREATE SHARE IF NOT EXISTS {0}",
        "UNDROP TABLE D.S.{0}",
        "UNDROP SCHEMA D.{0}",
        "UNDROP DATABASE {0}",
        "DROP TABLE IF EXISTS D.S.{0}",
        "DROP SCHEMA IF EXISTS D.{0}",
        "DROP DATABASE IF EXISTS {0}",
        "ALTER DATABASE IF EXISTS {0} SET COMMENT = 'x'",
        "ALTER SCHEMA IF EXISTS D.{0} SET COMMENT = 'x'",
        "ALTER TABLE IF EXISTS D.S.{0} SET COMMENT = 'x'",
        "TRUNCATE TABLE IF EXISTS D.S.{0}",
        "DROP TABLE D.S.{0}",
        "SELECT * FROM D.S.{0}",
        "SELECT GET_DDL('TABLE', 'D.S.{0}')",
        "CALL D.S.{0}(1)",
        "SHOW COLUMNS IN TABLE D.S.{0}",
        "DESCRIBE USER {0}",
    ],
)
def test_what_is_hidden_and_what_is_not_there_look_the_same(guest, statement):
    guest.run("CREATE DATABASE HIDDEN", "CREATE WAREHOUSE HIDDEN", "CREATE ROLE HIDDEN", "CREATE USER HIDDEN")
    guest.run("CREATE SHARE HIDDEN", "CREATE SCHEMA D.HIDDEN", "CREATE TABLE D.S.HIDDEN (A INT)")
    guest.run("CREATE SEQUENCE D.S.HIDDEN")
    guest.run("CREATE PROCEDURE D.S.HIDDEN(X NUMBER) RETURNS VARCHAR LANGUAGE SQL AS 'BEGIN RETURN 1; END'")
    seen, absent = (_answer(guest, statement.format(name)).replace(name, "_") for name in ("HIDDEN", "ABSENT"))
    assert seen == absent


def _answer(org, statement):
    try:
        return str(org.run(statement, **as_guest()))
    except Exception as error:  # noqa: BLE001
        return str(error)


def test_a_database_role_has_no_place_in_a_database_from_a_share(guest):
    guest.run("CREATE SHARE SH", "GRANT USAGE ON DATABASE D TO SHARE SH", "ALTER SHARE SH ADD ACCOUNTS = IMSDLC")
    guest.run("CREATE DATABASE IMP FROM SHARE IMCUST.SH", account="IMSDLC")
    assert guest.refused("CREATE DATABASE ROLE IMP.R", account="IMSDLC")[0] == 3540


@pytest.mark.parametrize("statements", [("DROP ROLE R1", "CREATE ROLE R1"), ("CREATE OR REPLACE ROLE R1",)])
def test_a_session_has_nothing_of_another_role_under_the_name_of_its_own(guest, statements):
    assert guest.run("SELECT A FROM D.S.SV", **as_guest()) == [(42,)]
    guest.run(*statements)
    for what in ("USAGE ON DATABASE D", "ALL ON SCHEMA D.S", "SELECT ON VIEW D.S.SV"):
        guest.run(f"GRANT {what} TO ROLE R1")
    assert guest.refused("SELECT A FROM D.S.SV", **as_guest())[0] == 2003


def test_a_session_goes_on_in_a_role_that_is_renamed(guest):
    assert guest.run("SELECT A FROM D.S.SV", **as_guest()) == [(42,)]
    guest.run("ALTER ROLE R1 RENAME TO R9")
    assert guest.run("SELECT A, CURRENT_ROLE() FROM D.S.SV", **as_guest()) == [(42, "R9")]
