"""INVOKER_ROLE and its like in policies: the one that reads is the session, or the view or function around.

Sources: sql-reference/functions/invoker_role, invoker_share, is_granted_to_invoker_role;
user-guide/security-column-advanced.
"""

import pytest

CONSUMER = {"account": "IMSDLC"}


@pytest.fixture
def masked(estate):
    """The picture of the documentation: R3 reads V2 of R2, which reads V1 of R1, which reads T; each has a policy."""
    estate.run("CREATE ROLE R3", "CREATE SCHEMA D.P", "CREATE TABLE D.P.T (A TEXT)")
    for role in ("R1", "R2", "R3"):
        estate.run(
            f"GRANT USAGE ON DATABASE D TO ROLE {role}",
            f"GRANT USAGE, CREATE VIEW, CREATE FUNCTION, CREATE PROCEDURE ON SCHEMA D.P TO ROLE {role}",
            f"GRANT ROLE {role} TO USER SANDBOX_ADMIN",
        )
    estate.run("INSERT INTO D.P.T VALUES ('t')", "GRANT SELECT ON TABLE D.P.T TO ROLE R1")
    estate.run("CREATE VIEW D.P.V1 AS SELECT * FROM D.P.T", "GRANT SELECT ON VIEW D.P.V1 TO ROLE R2", role="R1")
    estate.run("CREATE VIEW D.P.V2 AS SELECT * FROM D.P.V1", "GRANT SELECT ON VIEW D.P.V2 TO ROLE R3", role="R2")
    for name, kind in (("T", "TABLE"), ("V1", "VIEW"), ("V2", "VIEW")):
        body = f"V || ' {name}:' || CURRENT_ROLE() || '/' || NVL(INVOKER_ROLE(), '-')"
        estate.run(
            f"CREATE MASKING POLICY D.P.P_{name} AS (V TEXT) RETURNS TEXT -> {body}",
            f"ALTER {kind} D.P.{name} MODIFY COLUMN A SET MASKING POLICY D.P.P_{name}",
        )
    return estate


def test_each_policy_of_a_chain_of_views_sees_the_role_of_what_reads_it(masked):
    assert masked.run("SELECT A FROM D.P.V2", role="R3") == [("t T:R3/R1 V1:R3/R2 V2:R3/R3",)]
    assert masked.run("SELECT A FROM D.P.T", role="R1") == [("t T:R1/R1",)]


def test_outside_of_policies_it_is_the_role_of_the_session_the_function_or_the_owners_procedure(masked):
    masked.run("CREATE FUNCTION D.P.F() RETURNS TEXT AS 'INVOKER_ROLE()'", role="R1")
    masked.run("GRANT USAGE ON FUNCTION D.P.F() TO ROLE R3", role="R1")
    for rights, said in (("OWNER", "R1"), ("CALLER", "R3")):
        body = "BEGIN RETURN (SELECT INVOKER_ROLE()); END"
        masked.run(
            f"CREATE OR REPLACE PROCEDURE D.P.Q() RETURNS TEXT LANGUAGE SQL EXECUTE AS {rights} AS '{body}'",
            "GRANT USAGE ON PROCEDURE D.P.Q() TO ROLE R3",
            role="R1",
        )
        assert masked.run("CALL D.P.Q()", role="R3") == [(said,)]
    assert masked.run("SELECT INVOKER_ROLE(), D.P.F(), INVOKER_SHARE()", role="R3") == [("R3", "R1", None)]


def test_a_role_may_be_inherited_by_the_one_that_reads(masked):
    masked.run("CREATE ROLE ANALYST", "GRANT ROLE ANALYST TO ROLE R1")
    body = "IFF(IS_GRANTED_TO_INVOKER_ROLE('ANALYST'), V, '***')"
    masked.run(f"ALTER MASKING POLICY D.P.P_T SET BODY -> {body}", f"ALTER MASKING POLICY D.P.P_V1 SET BODY -> {body}")
    asked = "SELECT IS_GRANTED_TO_INVOKER_ROLE('ANALYST'), IS_ROLE_IN_SESSION('ANALYST')"
    assert [masked.run(asked, role=role) for role in ("R1", "R3")] == [[(True, True)], [(False, False)]]
    assert masked.run("SELECT A FROM D.P.T", role="R1") == [("t",)]
    assert masked.run("SELECT LEFT(A, 4) FROM D.P.V2", role="R3") == [("*** ",)]


def test_the_number_of_arguments_is_looked_at(masked):
    asked = ("INVOKER_ROLE('R1')", "IS_GRANTED_TO_INVOKER_ROLE()", "INVOKER_SHARE(1)")
    assert [masked.refused(f"SELECT {call}")[0] for call in asked] == [939, 938, 939]


def test_the_place_is_that_of_the_table_which_the_policy_protects(masked):
    masked.run("ALTER MASKING POLICY D.P.P_T SET BODY -> CURRENT_DATABASE() || '.' || CURRENT_SCHEMA()")
    masked.run("CREATE DATABASE ELSEWHERE")
    session = masked.engine.login("IMCUST", "SANDBOX_ADMIN", "ACCOUNTADMIN", None, "ELSEWHERE", "PUBLIC")
    asked = "SELECT A, CURRENT_DATABASE() FROM D.P.T"
    assert masked.engine.execute(session, asked).rows() == [("D.P", "ELSEWHERE")]


@pytest.fixture
def shared(masked):
    """The table itself and a secure view on it in two shares, both of which the consumer has taken."""
    masked.run("ALTER MASKING POLICY D.P.P_T SET BODY -> NVL(INVOKER_SHARE(), 'none') || NVL(INVOKER_ROLE(), '-')")
    masked.run("CREATE SECURE VIEW D.P.SV AS SELECT * FROM D.P.T")
    for share in ("S1", "S2"):
        masked.run(
            f"CREATE SHARE {share}",
            f"GRANT USAGE ON DATABASE D TO SHARE {share}",
            f"GRANT USAGE ON SCHEMA D.P TO SHARE {share}",
            f"GRANT SELECT ON TABLE D.P.T TO SHARE {share}",
            f"GRANT SELECT ON VIEW D.P.SV TO SHARE {share}",
            f"ALTER SHARE {share} ADD ACCOUNTS = LOCALORG.IMSDLC",
        )
        masked.run(f"CREATE DATABASE FROM_{share} FROM SHARE LOCALORG.IMCUST.{share}", **CONSUMER)
    return masked


def test_a_policy_sees_the_share_that_its_table_is_read_through(shared):
    for share in ("S1", "S2"):
        assert shared.run(f"SELECT A FROM FROM_{share}.P.T", **CONSUMER) == [(f"{share}-",)]
        assert shared.run(f"SELECT A FROM FROM_{share}.P.SV", **CONSUMER) == [("noneACCOUNTADMIN",)]
    shared.run("CREATE DATABASE OWN", "CREATE VIEW OWN.PUBLIC.W AS SELECT A FROM FROM_S2.P.T", **CONSUMER)
    assert shared.run("SELECT A FROM OWN.PUBLIC.W", **CONSUMER) == [("S2-",)]
    shared.run("USE SCHEMA FROM_S1.P", **CONSUMER)
    assert shared.run("SELECT A FROM T", **CONSUMER) == [("S1-",)]
    assert shared.run("SELECT A FROM D.P.T") == [("noneACCOUNTADMIN",)]
