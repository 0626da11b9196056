"""Conditional masking, policies on views, and who may put policies on (security-column-intro, security-row-intro)."""

import pytest

MASK = (
    "CREATE MASKING POLICY D.S.C AS (V VARCHAR, SECRET BOOLEAN) RETURNS VARCHAR -> "
    "CASE WHEN SECRET AND CURRENT_ROLE() IS DISTINCT FROM 'ACCOUNTADMIN' THEN '***' ELSE V END"
)
PLAIN = "CREATE MASKING POLICY D.S.M AS (V VARCHAR) RETURNS VARCHAR -> '***'"
FILTER = "CREATE ROW ACCESS POLICY D.S.R AS (S BOOLEAN) RETURNS BOOLEAN -> NOT S"
PUT = "ALTER TABLE D.S.P MODIFY COLUMN NAME SET MASKING POLICY D.S.C USING (NAME, HIDDEN)"


@pytest.fixture
def people(org):
    """D.S.P with three rows, one of them hidden; ANALYST may read it and a view of it."""
    org.run("CREATE ROLE ANALYST", "CREATE DATABASE D", "CREATE SCHEMA D.S")
    org.run(
        "CREATE TABLE D.S.P AS SELECT * FROM (VALUES (1, 'ann', FALSE), (2, 'bob', TRUE), (3, 'cat', NULL)) "
        "AS v(ID, NAME, HIDDEN)",
        "CREATE VIEW D.S.V AS SELECT * FROM D.S.P",
        "GRANT USAGE ON DATABASE D TO ROLE ANALYST",
        "GRANT USAGE ON SCHEMA D.S TO ROLE ANALYST",
        "GRANT SELECT ON TABLE D.S.P TO ROLE ANALYST",
        "GRANT SELECT ON VIEW D.S.V TO ROLE ANALYST",
        MASK,
        PLAIN,
        FILTER,
    )
    return org


def names(org, source="D.S.P", **who):
    return [row[0] for row in org.run(f"SELECT NAME FROM {source} ORDER BY ID", **who)]


HALF = ["ann", "***", "cat"]


def test_a_row_decides_whether_its_value_is_masked(people):
    people.run(PUT)
    assert names(people) == ["ann", "bob", "cat"]
    assert names(people, role="ANALYST") == HALF
    assert names(people, "D.S.V", role="ANALYST") == HALF


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TABLE D.S.X CLONE D.S.P",),
        ("CREATE TABLE D.S.X (ID NUMBER, NAME VARCHAR WITH MASKING POLICY D.S.C USING (NAME, HIDDEN), HIDDEN BOOLEAN)",
         "INSERT INTO D.S.X SELECT * FROM D.S.P"),
        ("ALTER TABLE D.S.P RENAME TO D.S.X", "ALTER TABLE D.S.X RENAME COLUMN HIDDEN TO H",
         "ALTER MASKING POLICY D.S.C RENAME TO D.S.C2"),
    ],
)  # fmt: skip
def test_conditional_masks_go_where_the_table_goes(people, statements):
    if "CLONE" in statements[0] or "RENAME" in statements[0]:
        people.run(PUT)
    people.run(*statements, "GRANT SELECT ON TABLE D.S.X TO ROLE ANALYST")
    assert names(people, "D.S.X", role="ANALYST") == HALF


def test_a_conditional_mask_is_told_and_its_definition_makes_it_again(people):
    people.run(PUT)
    uses = people.run(
        "SELECT REF_COLUMN_NAME, REF_ARG_COLUMN_NAMES FROM TABLE(D.INFORMATION_SCHEMA.POLICY_REFERENCES("
        "POLICY_NAME => 'D.S.C'))"
    )
    assert [tuple(row) for row in uses] == [("NAME", '["HIDDEN"]')]
    text = people.run("SELECT GET_DDL('TABLE', 'D.S.P', TRUE)")[0][0]
    assert "WITH MASKING POLICY D.S.C USING (NAME, HIDDEN)" in text
    people.run("DROP TABLE D.S.P", text)
    assert people.run("SELECT GET_DDL('TABLE', 'D.S.P', TRUE)")[0][0] == text


def test_a_column_that_a_mask_looks_at_stays(people):
    people.run(PUT)
    assert people.refused("ALTER TABLE D.S.P DROP COLUMN HIDDEN")[0] == 3527
    people.run("ALTER TABLE D.S.P DROP COLUMN NAME", "ALTER TABLE D.S.P DROP COLUMN HIDDEN")


@pytest.mark.parametrize(
    ("statement", "errno"),
    [
        ("ALTER TABLE D.S.P MODIFY COLUMN NAME SET MASKING POLICY D.S.C", 3530),
        ("ALTER TABLE D.S.P MODIFY COLUMN NAME SET MASKING POLICY D.S.C USING (NAME)", 3530),
        ("ALTER TABLE D.S.P MODIFY COLUMN NAME SET MASKING POLICY D.S.C USING (HIDDEN, NAME)", 3529),
        ("ALTER TABLE D.S.P MODIFY COLUMN NAME SET MASKING POLICY D.S.C USING (NAME, ID)", 3531),
        ("ALTER TABLE D.S.P MODIFY COLUMN NAME SET MASKING POLICY D.S.C USING (NAME, NOWHERE)", 904),
        ("ALTER TABLE D.S.P MODIFY COLUMN ID SET MASKING POLICY D.S.M", 3531),
        ("ALTER TABLE D.S.P ADD ROW ACCESS POLICY D.S.R ON (NAME)", 3531),
        ("ALTER TABLE D.S.P DROP ROW ACCESS POLICY D.S.R", 3528),
    ],
)
def test_what_does_not_fit_is_refused(people, statement, errno):
    assert people.refused(statement)[0] == errno


def test_a_view_is_masked_and_filtered_over_what_its_table_gives(people):
    people.run(
        "ALTER VIEW D.S.V MODIFY COLUMN NAME SET MASKING POLICY D.S.M",
        "ALTER VIEW D.S.V ADD ROW ACCESS POLICY D.S.R ON (HIDDEN)",
    )
    assert names(people, "D.S.V", role="ANALYST") == ["***"]
    assert names(people, role="ANALYST") == ["ann", "bob", "cat"]
    assert people.refused("DROP MASKING POLICY D.S.M")[0] == 3524
    uses = people.table(
        "SELECT * FROM TABLE(D.INFORMATION_SCHEMA.POLICY_REFERENCES(REF_ENTITY_NAME => 'D.S.V', "
        "REF_ENTITY_DOMAIN => 'VIEW'))"
    )
    assert sorted((use["POLICY_NAME"], use["REF_ENTITY_DOMAIN"]) for use in uses) == [("M", "VIEW"), ("R", "VIEW")]
    people.run("ALTER MASKING POLICY D.S.M RENAME TO D.S.M2", "CREATE SCHEMA D.S2 CLONE D.S")
    assert names(people, "D.S.V", role="ANALYST") == ["***"]
    assert names(people, "D.S2.V") == ["***"]
    people.run(
        "ALTER VIEW D.S.V DROP ALL ROW ACCESS POLICIES", "ALTER VIEW D.S.V MODIFY COLUMN NAME UNSET MASKING POLICY"
    )
    assert names(people, "D.S.V", role="ANALYST") == ["ann", "bob", "cat"]


def test_one_row_access_policy_takes_the_place_of_another_at_once(people):
    people.run(
        "CREATE ROW ACCESS POLICY D.S.R2 AS (S BOOLEAN) RETURNS BOOLEAN -> S",
        "ALTER TABLE D.S.P ADD ROW ACCESS POLICY D.S.R ON (HIDDEN)",
        "ALTER TABLE D.S.P DROP ROW ACCESS POLICY D.S.R, ADD ROW ACCESS POLICY D.S.R2 ON (HIDDEN)",
    )
    assert names(people) == ["bob"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ALTER TABLE D.S.P MODIFY COLUMN NAME SET MASKING POLICY D.S.M", "MASKING"),
        ("ALTER TABLE D.S.P ADD ROW ACCESS POLICY D.S.R ON (HIDDEN)", "ROW ACCESS"),
        ("ALTER VIEW D.S.V MODIFY COLUMN NAME SET MASKING POLICY D.S.M", "MASKING"),
        ("ALTER VIEW D.S.V ADD ROW ACCESS POLICY D.S.R ON (HIDDEN)", "ROW ACCESS"),
    ],
)
def test_the_right_to_apply_every_policy_needs_no_ownership(people, text, kind):
    people.run(
        "CREATE ROLE OFFICER", "GRANT USAGE ON DATABASE D TO ROLE OFFICER", "GRANT USAGE ON SCHEMA D.S TO OFFICER"
    )
    assert people.refused(text, role="OFFICER")[0] == 2003
    people.run(f"GRANT APPLY ON {kind} POLICY D.S.{kind[0]} TO ROLE ANALYST")
    assert people.refused(text, role="ANALYST")[0] == 3001
    people.run(f"GRANT APPLY {kind} POLICY ON ACCOUNT TO ROLE OFFICER")
    people.run(text, role="OFFICER")
    assert people.refused("SELECT * FROM D.S.P", role="OFFICER")[0] == 3001


def test_the_owner_of_a_table_cannot_take_off_a_policy_that_is_not_its_to_apply(people):
    people.run(PUT, "GRANT OWNERSHIP ON TABLE D.S.P TO ROLE ANALYST COPY CURRENT GRANTS")
    take = "ALTER TABLE D.S.P MODIFY COLUMN NAME UNSET MASKING POLICY"
    assert people.refused(take, role="ANALYST")[0] == 2003
    people.run("GRANT APPLY ON MASKING POLICY D.S.C TO ROLE ANALYST")
    people.run(take, role="ANALYST")
    assert names(people, role="ANALYST") == ["ann", "bob", "cat"]


def test_policies_hold_through_a_share_where_current_role_is_null(people):
    people.run(
        PUT,
        "CREATE SECURE VIEW D.S.SV AS SELECT * FROM D.S.P",
        "ALTER VIEW D.S.SV ADD ROW ACCESS POLICY D.S.R ON (HIDDEN)",
        "CREATE SHARE SH",
        "GRANT USAGE ON DATABASE D TO SHARE SH",
        "GRANT USAGE ON SCHEMA D.S TO SHARE SH",
        "GRANT SELECT ON TABLE D.S.P TO SHARE SH",
        "GRANT SELECT ON VIEW D.S.SV TO SHARE SH",
        "ALTER SHARE SH ADD ACCOUNTS = IMSDLC",
    )
    consumer = {"account": "IMSDLC"}
    people.run("CREATE DATABASE I FROM SHARE IMCUST.SH", "CREATE DATABASE OWN", **consumer)
    assert names(people, "I.S.P", **consumer) == HALF
    assert names(people, "I.S.SV", **consumer) == ["ann"]
    people.run("CREATE TABLE OWN.PUBLIC.C AS SELECT * FROM I.S.P", **consumer)
    assert names(people, "OWN.PUBLIC.C", **consumer) == HALF


def test_what_is_written_from_a_masked_table_is_masked(people):
    people.run(PUT, "GRANT CREATE TABLE ON SCHEMA D.S TO ROLE ANALYST")
    people.run(
        "CREATE TABLE D.S.OWN (ID NUMBER, NAME VARCHAR)",
        "INSERT INTO D.S.OWN SELECT ID, NAME FROM D.S.P",
        "MERGE INTO D.S.OWN AS O USING (SELECT ID + 10 AS ID, NAME FROM D.S.P) AS N ON O.ID = N.ID "
        "WHEN NOT MATCHED THEN INSERT (ID, NAME) VALUES (N.ID, N.NAME)",
        role="ANALYST",
    )
    assert names(people, "D.S.OWN", role="ANALYST") == HALF * 2


def test_exempt_policies_are_shown_and_made_again(people):
    people.run("CREATE MASKING POLICY D.S.E AS (V VARCHAR) RETURNS VARCHAR -> '*' EXEMPT_OTHER_POLICIES = TRUE")
    shown = {row["name"]: row["options"] for row in people.table("SHOW MASKING POLICIES IN SCHEMA D.S")}
    assert shown == {"C": "", "M": "", "E": '{"EXEMPT_OTHER_POLICIES": true}'}
    text = people.run("SELECT GET_DDL('POLICY', 'D.S.E', TRUE)")[0][0]
    people.run("DROP MASKING POLICY D.S.E", text)
    assert people.run("SELECT GET_DDL('POLICY', 'D.S.E', TRUE)")[0][0] == text
