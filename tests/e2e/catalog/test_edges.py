"""Who needs whom: a test for every source of evidence, and for what is gone on with where one is not to be had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from runner.catalog.estate import Address, Edge, Estate, Evidence, Kind

Reading = Callable[..., Estate]
Run = Callable[..., Any]
FAST = {"observed": False, "lineage": False}


def needs(estate: Estate, name: str, *evidence: Evidence) -> set[tuple[str, str, str]]:
    """What an object of that name needs, by kind and name, and the use; by such evidence only."""
    return {
        (edge.needed.kind.value, edge.needed.short, edge.use)
        for edge in estate.edges
        if edge.needer.name == name and (not evidence or edge.evidence in evidence)
    }


def edges(estate: Estate, needer: str, needed: str) -> list[Edge]:
    return [edge for edge in estate.edges if (edge.needer.name, edge.needed.name) == (needer, needed)]


def test_keys_and_defaults(run: Run, reading: Reading, fresh_database: str) -> None:
    run(
        "CREATE SCHEMA OTHER",
        "CREATE SEQUENCE OTHER.KEYS",
        'CREATE TABLE OTHER."parent" (A NUMBER PRIMARY KEY)',
        f'CREATE TABLE T (A NUMBER DEFAULT {fresh_database}.OTHER.KEYS.NEXTVAL REFERENCES OTHER."parent" (A))',
    )
    estate = reading(**FAST)
    assert needs(estate, "T", Evidence.KEYS) == {("TABLE", "OTHER.parent", "REFERENCES")}
    assert needs(estate, "T", Evidence.DEFAULT) == {("SEQUENCE", "OTHER.KEYS", "SEQUENCE")}


def test_the_catalogue_knows_views_and_functions(run: Run, reading: Reading) -> None:
    run(
        "CREATE TABLE T (A NUMBER)",
        "CREATE FUNCTION F(N NUMBER) RETURNS NUMBER AS 'N + 1'",
        "CREATE VIEW V AS SELECT F(A) AS A FROM T",
        "CREATE VIEW W AS SELECT A FROM V",
        "CREATE DYNAMIC TABLE D TARGET_LAG = '1 hour' WAREHOUSE = ADMIN_WH AS SELECT A FROM T",
    )
    estate = reading(**FAST)
    assert needs(estate, "V", Evidence.CATALOG) == {("TABLE", "S.T", "READS"), ("FUNCTION", "S.F(NUMBER)", "CALLS")}
    assert needs(estate, "W", Evidence.CATALOG) == {("VIEW", "S.V", "READS")}
    assert needs(estate, "D", Evidence.CATALOG) == {("TABLE", "S.T", "READS"), ("WAREHOUSE", "ADMIN_WH", "WAREHOUSE")}


def test_what_only_show_tells(run: Run, reading: Reading) -> None:
    run(
        "CREATE TABLE T (A NUMBER)",
        "CREATE STREAM ST ON TABLE T",
        "CREATE TASK FIRST WAREHOUSE = ADMIN_WH SCHEDULE = '5 MINUTE' AS SELECT 1",
        "CREATE TASK SECOND WAREHOUSE = ADMIN_WH AFTER FIRST AS SELECT 1",
    )
    estate = reading(**FAST)
    assert ("TABLE", "S.T", "READS") in needs(estate, "ST", Evidence.CATALOG)
    assert needs(estate, "SECOND", Evidence.CATALOG) == {
        ("TASK", "S.FIRST", "TASK"),
        ("WAREHOUSE", "ADMIN_WH", "WAREHOUSE"),
    }


def test_what_a_body_names_is_parsed(run: Run, reading: Reading) -> None:
    run(
        "CREATE TABLE SOURCE (A NUMBER)",
        "CREATE TABLE TARGET (A NUMBER)",
        "CREATE PROCEDURE INNER_ONE() RETURNS NUMBER LANGUAGE SQL AS $$ BEGIN RETURN 1; END $$",
        """CREATE PROCEDURE P() RETURNS NUMBER LANGUAGE SQL AS $$
           BEGIN INSERT INTO TARGET SELECT A FROM S.SOURCE; CALL {db}.S.INNER_ONE(); RETURN 1; END $$""",
    )
    found = needs(reading(**FAST), "P", Evidence.PARSED)
    assert {(kind, name) for kind, name, _ in found} == {
        ("TABLE", "S.SOURCE"),
        ("TABLE", "S.TARGET"),
        ("PROCEDURE", "S.INNER_ONE()"),
    }


def test_what_a_call_touched_was_observed(run: Run, reading: Reading) -> None:
    """Names that are put together at run time are in no text."""
    run(
        "CREATE TABLE SOURCE (A NUMBER)",
        "CREATE TABLE TARGET (A NUMBER)",
        """CREATE PROCEDURE P(N VARCHAR) RETURNS NUMBER LANGUAGE SQL AS $$
           BEGIN EXECUTE IMMEDIATE 'INSERT INTO ' || N || 'GET SELECT A FROM SOU' || 'RCE'; RETURN 1; END $$""",
        "CREATE PROCEDURE OUTER_ONE() RETURNS NUMBER LANGUAGE SQL AS $$ BEGIN CALL P('TAR'); RETURN 1; END $$",
        "CALL OUTER_ONE()",
    )
    estate = reading(lineage=False)
    assert needs(estate, "P", Evidence.OBSERVED) == {("TABLE", "S.SOURCE", "READS"), ("TABLE", "S.TARGET", "WRITES")}
    assert needs(estate, "OUTER_ONE", Evidence.OBSERVED) == {("PROCEDURE", "S.P(VARCHAR)", "CALLS")}


def test_what_a_call_touched_and_is_gone_is_a_gap_and_no_need(run: Run, reading: Reading) -> None:
    run(
        "CREATE TABLE OLD (A NUMBER)",
        """CREATE PROCEDURE P() RETURNS NUMBER LANGUAGE SQL AS $$
           BEGIN EXECUTE IMMEDIATE 'INSERT INTO O' || 'LD VALUES (1)'; RETURN 1; END $$""",
        "CALL P()",
        "DROP TABLE OLD",
    )
    estate = reading(lineage=False)
    assert needs(estate, "P", Evidence.OBSERVED) == set()
    (gap,) = (gap for gap in estate.gaps if gap.evidence == "what a past call touched")
    assert gap.scope.endswith(".S.OLD")


def test_where_rows_came_from_is_lineage(run: Run, reading: Reading) -> None:
    run("CREATE TABLE A (X NUMBER)", "CREATE VIEW V AS SELECT X FROM A", "CREATE TABLE B AS SELECT X FROM V")
    estate = reading(observed=False)
    assert needs(estate, "B", Evidence.LINEAGE) == {("VIEW", "S.V", "READS")}


def test_policies_and_tags_in_another_database(run: Run, reading: Reading, fresh_name: Callable[[str], str]) -> None:
    other = fresh_name("gov")
    run(
        f"CREATE DATABASE {other}",
        f"CREATE MASKING POLICY {other}.PUBLIC.MASK AS (V VARCHAR) RETURNS VARCHAR -> '*'",
        f"CREATE ROW ACCESS POLICY {other}.PUBLIC.ROWS AS (V VARCHAR) RETURNS BOOLEAN -> TRUE",
        f"CREATE TAG {other}.PUBLIC.PII",
        f"CREATE TAG {other}.PUBLIC.IDLE",
        f"CREATE TABLE T (B VARCHAR, A VARCHAR WITH MASKING POLICY {other}.PUBLIC.MASK"
        f" WITH TAG ({other}.PUBLIC.PII = 'it''s'))"
        f" WITH ROW ACCESS POLICY {other}.PUBLIC.ROWS ON (B)",
        f"ALTER TABLE T SET TAG {other}.PUBLIC.PII = 'whole'",
    )
    try:
        estate = reading(**FAST)
    finally:
        run("DROP TABLE T", f"DROP DATABASE {other}")
    (table,) = (one for one in estate.objects if one.address.name == "T")
    tag = Address(Kind.TAG, other, "PUBLIC", "PII")
    assert [(value.tag, value.value, value.column) for value in table.tags] == [
        (tag, "it's", "A"),
        (tag, "whole", ""),
    ]
    assert [(use.policy.name, use.column, use.arguments) for use in table.policies] == [
        ("MASK", "A", ()),
        ("ROWS", "", ("B",)),
    ]
    assert needs(estate, "T", Evidence.CATALOG) == {
        ("MASKING POLICY", "PUBLIC.MASK", "POLICY"),
        ("ROW ACCESS POLICY", "PUBLIC.ROWS", "POLICY"),
        ("TAG", "PUBLIC.PII", "TAG"),
    }
    there = {one.address.name for one in estate.objects if one.address.database == other}
    assert there == {"MASK", "ROWS", "PII"}


def test_policies_of_every_kind_are_needed(run: Run, reading: Reading) -> None:
    run(
        "CREATE PROJECTION POLICY PP AS () RETURNS PROJECTION_CONSTRAINT -> PROJECTION_CONSTRAINT(ALLOW => TRUE)",
        "CREATE AGGREGATION POLICY AP AS () RETURNS AGGREGATION_CONSTRAINT -> NO_AGGREGATION_CONSTRAINT()",
        "CREATE JOIN POLICY JP AS () RETURNS JOIN_CONSTRAINT -> JOIN_CONSTRAINT(JOIN_REQUIRED => FALSE)",
        "CREATE TABLE T (A NUMBER, B NUMBER)",
        "ALTER TABLE T MODIFY COLUMN A SET PROJECTION POLICY PP",
        "ALTER TABLE T SET AGGREGATION POLICY AP",
        "CREATE TABLE U (A NUMBER)",
        "ALTER TABLE U SET JOIN POLICY JP",
    )
    estate = reading(**FAST)
    assert needs(estate, "T", Evidence.CATALOG) == {
        ("PROJECTION POLICY", "S.PP", "POLICY"),
        ("AGGREGATION POLICY", "S.AP", "POLICY"),
    }
    assert needs(estate, "U", Evidence.CATALOG) == {("JOIN POLICY", "S.JP", "POLICY")}
    assert needs(estate, "T", Evidence.PARSED) <= needs(estate, "T", Evidence.CATALOG)


def test_a_policy_that_a_tag_brings(run: Run, reading: Reading) -> None:
    run(
        "CREATE TAG PII",
        "CREATE MASKING POLICY MASK AS (V VARCHAR) RETURNS VARCHAR -> '*'",
        "ALTER TAG PII SET MASKING POLICY MASK",
        "CREATE TABLE T (A VARCHAR WITH TAG (PII = 'x'))",
    )
    estate = reading(**FAST)
    assert needs(estate, "PII", Evidence.CATALOG) == {("MASKING POLICY", "S.MASK", "POLICY")}


def test_something_in_another_database_is_read_with_what_it_needs(
    run: Run, reading: Reading, fresh_name: Callable[[str], str]
) -> None:
    other = fresh_name("other")
    run(
        f"CREATE DATABASE {other}",
        f"CREATE TABLE {other}.PUBLIC.BASE (A NUMBER)",
        f"CREATE TABLE {other}.PUBLIC.IDLE (A NUMBER)",
        f"CREATE VIEW {other}.PUBLIC.SHOWN AS SELECT A FROM BASE",
        f"CREATE VIEW V AS SELECT A FROM {other}..SHOWN",
    )
    try:
        estate = reading(**FAST)
    finally:
        run("DROP VIEW V", f"DROP DATABASE {other}")
    assert {one.address.name for one in estate.objects if one.address.database == other} == {"BASE", "SHOWN"}
    assert {edge.needed.database for edge in estate.edges if edge.needer.name == "V"} == {other}


def test_what_is_not_there_is_named_with_its_place(run: Run, reading: Reading) -> None:
    run(
        "CREATE TABLE T (A NUMBER)",
        "CREATE VIEW V AS SELECT A FROM T",
        "DROP TABLE T",
        "CREATE PROCEDURE P() RETURNS NUMBER LANGUAGE SQL AS $$ BEGIN DELETE FROM NO_DB.NO.WHERE_AT_ALL; END $$",
    )
    estate = reading(**FAST)
    assert [edge.needed.kind for edge in edges(estate, "V", "T")] == [Kind.UNKNOWN]
    (missing,) = edges(estate, "P", "WHERE_AT_ALL")
    assert missing.needed == Address(Kind.UNKNOWN, "NO_DB", "NO", "WHERE_AT_ALL")


def test_names_are_resolved_as_snowflake_does(run: Run, reading: Reading) -> None:
    """In the own schema first, then in PUBLIC; with the caller's rights nobody knows."""
    run(
        "CREATE TABLE PUBLIC.T (A NUMBER)",
        "CREATE TABLE PUBLIC.U (A NUMBER)",
        "CREATE TABLE T (A NUMBER)",
        "CREATE PROCEDURE OWN() RETURNS NUMBER LANGUAGE SQL AS $$ BEGIN DELETE FROM T; DELETE FROM U; END $$",
        "CREATE PROCEDURE FREE() RETURNS NUMBER LANGUAGE SQL EXECUTE AS CALLER AS $$ BEGIN DELETE FROM T; END $$",
    )
    estate = reading(**FAST)
    assert {name for _, name, _ in needs(estate, "OWN")} == {"S.T", "PUBLIC.U"}
    assert [edge.certain for edge in edges(estate, "OWN", "T")] == [True]
    assert [edge.certain for edge in edges(estate, "FREE", "T")] == [False]


def test_who_needs_it_from_outside_is_known_too(run: Run, reading: Reading) -> None:
    run("CREATE SCHEMA OTHER", "CREATE TABLE T (A NUMBER)", "CREATE VIEW OTHER.READER AS SELECT A FROM S.T")
    estate = reading(schemas=("S",), **FAST)
    assert [edge.evidence for edge in edges(estate, "READER", "T")] == [Evidence.CATALOG]
    assert "READER" not in {one.address.name for one in estate.objects}
