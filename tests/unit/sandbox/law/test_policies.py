"""Masking and row access policies: what is read is masked and filtered, in the own account and through a share."""

import pytest

from runner.sandbox.catalog.model import Table
from runner.sandbox.law import policies

CONSUMER = {"account": "IMSDLC"}


@pytest.fixture
def people(org):
    """D.S.P with three rows; ANALYST may read it."""
    org.run("CREATE ROLE ANALYST", "CREATE DATABASE D", "CREATE SCHEMA D.S")
    org.run(
        "CREATE TABLE D.S.P AS SELECT * FROM (VALUES (1, 'ann', 'EU'), (2, 'bob', 'US'), (3, 'cat', 'EU')) "
        "AS v(ID, NAME, REGION)"
    )
    org.run(
        "GRANT USAGE ON DATABASE D TO ROLE ANALYST",
        "GRANT USAGE ON SCHEMA D.S TO ROLE ANALYST",
        "GRANT SELECT ON TABLE D.S.P TO ROLE ANALYST",
    )
    return org


@pytest.fixture
def masked(people):
    people.run(
        "CREATE MASKING POLICY D.S.M AS (V VARCHAR) RETURNS VARCHAR -> "
        "CASE WHEN CURRENT_ROLE() = 'ACCOUNTADMIN' THEN V ELSE '***' END COMMENT = 'c'",
        "ALTER TABLE D.S.P MODIFY COLUMN NAME SET MASKING POLICY D.S.M",
    )
    return people


@pytest.fixture
def filtered(people):
    people.run(
        "CREATE ROW ACCESS POLICY D.S.R AS (WHERE_FROM VARCHAR) RETURNS BOOLEAN -> "
        "CURRENT_ROLE() = 'ACCOUNTADMIN' OR WHERE_FROM = 'EU'",
        "ALTER TABLE D.S.P ADD ROW ACCESS POLICY D.S.R ON (REGION)",
    )
    return people


def names(org, sql="SELECT NAME FROM D.S.P ORDER BY ID", **who):
    return [row[0] for row in org.run(sql, **who)]


def test_a_masked_column_is_masked_for_who_may_not_see_it(masked):
    assert names(masked) == ["ann", "bob", "cat"]
    assert names(masked, role="ANALYST") == ["***"] * 3


def test_a_mask_holds_wherever_the_column_is_used(masked):
    assert names(masked, "SELECT COUNT(*) FROM D.S.P WHERE NAME = 'ann'", role="ANALYST") == [0]
    assert names(masked, "SELECT COUNT(DISTINCT NAME) FROM D.S.P", role="ANALYST") == [1]
    assert names(masked, "SELECT MAX(x.NAME) FROM D.S.P AS x JOIN D.S.P AS y ON x.ID = y.ID", role="ANALYST") == ["***"]


def test_a_view_over_a_masked_table_is_masked_for_its_reader(masked):
    masked.run("CREATE VIEW D.S.V AS SELECT ID, NAME FROM D.S.P", "GRANT SELECT ON VIEW D.S.V TO ROLE ANALYST")
    assert names(masked, "SELECT NAME FROM D.S.V", role="ANALYST") == ["***"] * 3
    assert sorted(names(masked, "SELECT NAME FROM D.S.V")) == ["ann", "bob", "cat"]


def test_what_is_copied_from_a_masked_table_is_masked(masked):
    masked.run("GRANT CREATE TABLE ON SCHEMA D.S TO ROLE ANALYST")
    masked.run("CREATE TABLE D.S.COPY AS SELECT * FROM D.S.P", role="ANALYST")
    assert set(names(masked, "SELECT NAME FROM D.S.COPY", role="ANALYST")) == {"***"}


def test_a_clone_is_as_masked_as_its_source(masked):
    masked.run("CREATE TABLE D.S.C CLONE D.S.P", "GRANT SELECT ON TABLE D.S.C TO ROLE ANALYST")
    assert names(masked, "SELECT NAME FROM D.S.C", role="ANALYST") == ["***"] * 3


def test_without_its_policy_a_column_is_open(masked):
    masked.run("ALTER TABLE D.S.P MODIFY COLUMN NAME UNSET MASKING POLICY")
    assert names(masked, role="ANALYST") == ["ann", "bob", "cat"]


def test_a_new_body_counts_at_once(masked):
    masked.run("ALTER MASKING POLICY D.S.M SET BODY -> LEFT(V, 1)")
    assert names(masked, role="ANALYST") == ["a", "b", "c"]


def test_rows_that_the_policy_keeps_do_not_come_out(filtered):
    assert names(filtered) == ["ann", "bob", "cat"]
    assert names(filtered, role="ANALYST") == ["ann", "cat"]
    assert names(filtered, "SELECT COUNT(*) FROM D.S.P", role="ANALYST") == [2]


def test_a_policy_may_look_into_a_table_that_its_reader_may_not(people):
    people.run("CREATE TABLE D.S.MAPPING AS SELECT 'ANALYST' AS ROLE_NAME, 'US' AS REGION")
    people.run(
        "CREATE ROW ACCESS POLICY D.S.R AS (REGION VARCHAR) RETURNS BOOLEAN -> EXISTS "
        "(SELECT 1 FROM MAPPING m WHERE m.ROLE_NAME = CURRENT_ROLE() AND m.REGION = REGION)",
        "ALTER TABLE D.S.P ADD ROW ACCESS POLICY D.S.R ON (REGION)",
    )
    assert names(people, role="ANALYST") == ["bob"]
    assert names(people) == []


def test_the_filter_sees_what_the_mask_hides(masked):
    masked.run("CREATE ROW ACCESS POLICY D.S.R AS (N VARCHAR) RETURNS BOOLEAN -> N <> 'bob'")
    assert masked.refused("ALTER TABLE D.S.P ADD ROW ACCESS POLICY D.S.R ON (NAME)")[0] == 3532
    masked.run(
        "CREATE MASKING POLICY D.S.EXEMPT AS (V VARCHAR) RETURNS VARCHAR -> "
        "CASE WHEN CURRENT_ROLE() = 'ACCOUNTADMIN' THEN V ELSE '***' END EXEMPT_OTHER_POLICIES = TRUE",
        "ALTER TABLE D.S.P MODIFY COLUMN NAME SET MASKING POLICY D.S.EXEMPT FORCE",
        "ALTER TABLE D.S.P ADD ROW ACCESS POLICY D.S.R ON (NAME)",
    )
    assert names(masked, role="ANALYST") == ["***", "***"]


def test_a_policy_that_is_attached_stays(masked):
    errno, message = masked.refused("DROP MASKING POLICY D.S.M")
    assert (errno, "associated with one or more entities" in message) == (3524, True)
    assert masked.refused("CREATE OR REPLACE MASKING POLICY D.S.M AS (V VARCHAR) RETURNS VARCHAR -> V")[0] == 3524
    masked.run("ALTER TABLE D.S.P MODIFY COLUMN NAME UNSET MASKING POLICY", "DROP MASKING POLICY D.S.M")


def test_a_renamed_policy_and_a_renamed_column_go_on_working(masked):
    masked.run("ALTER MASKING POLICY D.S.M RENAME TO D.S.M2", "ALTER TABLE D.S.P RENAME COLUMN NAME TO WHO")
    assert set(names(masked, "SELECT WHO FROM D.S.P", role="ANALYST")) == {"***"}


def test_a_renamed_column_is_still_filtered_by(filtered):
    filtered.run("ALTER TABLE D.S.P RENAME COLUMN REGION TO R")
    assert names(filtered, role="ANALYST") == ["ann", "cat"]
    assert filtered.refused("ALTER TABLE D.S.P DROP COLUMN R")[0] == 3527


def test_a_table_whose_policy_cannot_be_found_cannot_be_read(masked):
    table = next(t for t in masked.catalog.all(Table, "IMCUST") if t.name == "P")
    with masked.catalog.work() as work:
        work.edit(table, policies=["NAME: D.S.NOWHERE"])
    errno, message = masked.refused("SELECT NAME FROM D.S.P")
    assert errno == 3525
    assert "the table cannot be read" in message


ATTACH = "ALTER TABLE D.S.P MODIFY COLUMN NAME SET MASKING POLICY D.S.M"
GIVE_AWAY = (
    "ALTER TABLE D.S.P MODIFY COLUMN NAME UNSET MASKING POLICY",
    "GRANT OWNERSHIP ON TABLE D.S.P TO ROLE ANALYST COPY CURRENT GRANTS",
)


@pytest.mark.parametrize("right", ["APPLY ON MASKING POLICY D.S.M", "APPLY MASKING POLICY ON ACCOUNT"])
def test_attaching_takes_apply_on_the_policy_or_on_all(masked, right):
    masked.run(*GIVE_AWAY)
    assert masked.refused(ATTACH, role="ANALYST")[0] == 2003
    masked.run(f"GRANT {right} TO ROLE ANALYST")
    masked.run(ATTACH, role="ANALYST")
    assert names(masked, role="ANALYST") == ["***"] * 3


@pytest.mark.parametrize(
    ("statement", "errno"),
    [
        ("CREATE MASKING POLICY D.S.X AS (V VARCHAR) RETURNS VARCHAR -> CASE WHEN", 1003),
        ("CREATE MASKING POLICY D.S.X AS (V VARCHAR) RETURNS VARCHAR ->", 1003),
        ("CREATE MASKING POLICY D.S.X AS (V VARCHAR) RETURNS VARCHAR", 1003),
        ("CREATE ROW ACCESS POLICY D.S.X AS (V VARCHAR) RETURNS VARCHAR -> V", 3526),
        ("CREATE MASKING POLICY D.S.X AS (V VARCHAR) RETURNS NUMBER -> 1", 3533),
        ("CREATE ROW ACCESS POLICY D.S.X AS (V VARCHAR) RETURNS BOOLEAN -> TRUE EXEMPT_OTHER_POLICIES = TRUE", 1003),
        ("ALTER TABLE D.S.P MODIFY COLUMN NAME SET MASKING POLICY D.S.NOWHERE", 2003),
    ],
)
def test_what_is_refused(people, statement, errno):
    assert people.refused(statement)[0] == errno


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("V", '"t"."C"'),
        ("UPPER(v)", 'UPPER("t"."C")'),
        ("m.V || V", 'm.V || "t"."C"'),
        ("'V' || \"V\"", '\'V\' || "t"."C"'),
        ("V(1)", "V(1)"),
        ("CURRENT_ROLE() = V", 'CAST(NULL AS VARCHAR) = "t"."C"'),
        ("IS_ROLE_IN_SESSION('X') OR V", 'FALSE OR "t"."C"'),
    ],
)
def test_arguments_become_columns_and_the_consumer_has_no_role(body, expected):
    assert policies.substituted(body, {"V": '"t"."C"'}, shared=True) == expected


def shared(org):
    org.run(
        "CREATE SHARE SH",
        "GRANT USAGE ON DATABASE D TO SHARE SH",
        "GRANT USAGE ON SCHEMA D.S TO SHARE SH",
        "GRANT SELECT ON TABLE D.S.P TO SHARE SH",
        "ALTER SHARE SH ADD ACCOUNTS = LOCALORG.IMSDLC",
    )
    org.run("CREATE DATABASE I FROM SHARE LOCALORG.IMCUST.SH", **CONSUMER)
    return org


def test_trap_8_a_consumer_reads_masked_values(masked):
    shared(masked)
    assert names(masked, "SELECT NAME FROM I.S.P", **CONSUMER) == ["***"] * 3


def test_trap_8_a_consumer_reads_filtered_rows(filtered):
    shared(filtered)
    assert names(filtered, "SELECT NAME FROM I.S.P ORDER BY ID", **CONSUMER) == ["ann", "cat"]
    assert names(filtered, "SELECT COUNT(*) FROM I.S.P", **CONSUMER) == [2]


def test_a_consumer_without_imported_privileges_reads_nothing(people):
    shared(people)
    people.run("CREATE ROLE C", **CONSUMER)
    assert people.refused("SELECT * FROM I.S.P", role="C", **CONSUMER)[0] == 2003
    people.run("GRANT IMPORTED PRIVILEGES ON DATABASE I TO ROLE C", **CONSUMER)
    assert len(people.run("SELECT * FROM I.S.P", role="C", **CONSUMER)) == 3


def test_a_consumer_sees_new_rows_at_once_and_loses_all_at_once(people):
    shared(people)
    assert names(people, "SELECT COUNT(*) FROM I.S.P", **CONSUMER) == [3]
    people.run("ALTER SHARE SH REMOVE ACCOUNTS = LOCALORG.IMSDLC")
    errno, message = people.refused("SELECT COUNT(*) FROM I.S.P", **CONSUMER)
    assert errno in (3030, 2003)
    assert "no longer available" in message


@pytest.fixture
def veiled(masked):
    """Masked and filtered; ANALYST may change what it sees of it."""
    masked.run(
        "ALTER TABLE D.S.P MODIFY COLUMN ID SET DATA TYPE NUMBER(9, 0)",
        "ALTER TABLE D.S.P MODIFY COLUMN NAME SET DATA TYPE VARCHAR(50)",
        "CREATE ROW ACCESS POLICY D.S.R AS (V VARCHAR) RETURNS BOOLEAN -> CURRENT_ROLE() = 'ACCOUNTADMIN' OR V = 'EU'",
        "ALTER TABLE D.S.P ADD ROW ACCESS POLICY D.S.R ON (REGION)",
        "GRANT INSERT, UPDATE, DELETE ON TABLE D.S.P TO ROLE ANALYST",
    )
    return masked


@pytest.mark.parametrize(
    ("statement", "count", "left"),
    [
        ("UPDATE D.S.P SET ID = ID + 10 WHERE NAME = 'ann'", (0, 0), ["ann", "bob", "cat"]),
        ("UPDATE D.S.P SET NAME = NAME || ID", (2, 0), ["***1", "bob", "***3"]),
        (
            "UPDATE D.S.P SET NAME = s.N FROM (SELECT 1 AS I, 'x' AS N UNION ALL SELECT 2, 'y') AS s WHERE ID = s.I",
            (1, 0),
            ["x", "bob", "cat"],
        ),
        ("DELETE FROM D.S.P", (2,), ["bob"]),
        ("DELETE FROM D.S.P AS a USING D.S.P AS b WHERE a.ID = b.ID AND b.NAME = 'ann'", (0,), ["ann", "bob", "cat"]),
        (
            "MERGE INTO D.S.P USING (SELECT 1 AS I UNION ALL SELECT 2) AS s ON ID = s.I "
            "WHEN MATCHED AND NAME = '***' THEN UPDATE SET NAME = NAME || '!' "
            "WHEN NOT MATCHED THEN INSERT VALUES (s.I + 7, 'new', 'US')",
            (1, 1),
            ["***!", "bob", "cat", "new"],
        ),
        (
            "MERGE INTO D.S.P AS p USING (SELECT 2 AS I UNION ALL SELECT 3) AS s ON p.ID = s.I "
            "WHEN MATCHED THEN DELETE",
            (1,),
            ["ann", "bob"],
        ),
    ],
)
def test_a_change_sees_what_its_role_sees(veiled, statement, count, left):
    assert veiled.run(statement, role="ANALYST") == [count]
    assert names(veiled) == left


def test_a_change_in_a_transaction_sees_its_own_rows(veiled):
    veiled.run("BEGIN", "UPDATE D.S.P SET REGION = 'US' WHERE ID = 1", role="ANALYST")
    assert veiled.run("UPDATE D.S.P SET ID = 9", role="ANALYST") == [(1, 0)]
    veiled.run("COMMIT", role="ANALYST")
    assert veiled.run("SELECT ID, NAME FROM D.S.P ORDER BY 1") == [(1, "ann"), (2, "bob"), (9, "cat")]


def test_a_transaction_reads_its_own_rows_through_the_policy(filtered):
    filtered.run("GRANT INSERT ON TABLE D.S.P TO ROLE ANALYST")
    filtered.run("BEGIN", "INSERT INTO D.S.P VALUES (4, 'dan', 'US'), (5, 'eve', 'EU')", role="ANALYST")
    assert names(filtered, role="ANALYST") == ["ann", "cat", "eve"]
    filtered.run("ROLLBACK", role="ANALYST")


def test_the_past_is_masked_too(masked):
    masked.run("INSERT INTO D.S.P VALUES (4, 'dan', 'US')")
    before = "SELECT NAME FROM D.S.P AT (OFFSET => 0) ORDER BY ID"
    assert names(masked, before, role="ANALYST") == ["***"] * 4


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("ALTER DATABASE D RENAME TO D2", "D2.S.P"),
        ("ALTER SCHEMA D.S RENAME TO D.S2", "D.S2.P"),
        ("ALTER TABLE D.S.P RENAME TO D.S.P2", "D.S.P2"),
    ],
)
def test_a_policy_follows_the_names_around_it(masked, statement, table):
    masked.run(statement)
    assert names(masked, f"SELECT NAME FROM {table}", role="ANALYST") == ["***"] * 3


def test_it_is_described_with_the_types_that_it_takes_and_gives(org):
    org.run(
        "CREATE DATABASE PD",
        "CREATE MASKING POLICY PD.PUBLIC.M AS (val string, n int) RETURNS string -> 'x'",
        "CREATE ROW ACCESS POLICY PD.PUBLIC.R AS (a number(10, 2)) RETURNS boolean -> TRUE",
    )
    [masking], [rows] = (org.table(f"DESCRIBE {kind} PD.PUBLIC.{name}") for kind, name in
                         (("MASKING POLICY", "M"), ("ROW ACCESS POLICY", "R")))  # fmt: skip
    assert (masking["signature"], masking["return_type"]) == ("(VAL VARCHAR, N NUMBER)", "VARCHAR(16777216)")
    assert (rows["signature"], rows["return_type"]) == ("(A NUMBER)", "BOOLEAN")
    [listed] = org.table("SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.MASKING_POLICIES WHERE POLICY_CATALOG = 'PD'")
    assert (listed["POLICY_SIGNATURE"], listed["POLICY_RETURN_TYPE"]) == (masking["signature"], masking["return_type"])
