"""Names and clauses that Snowflake's grammar does not let be."""

import pytest


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE select (a INT)",
        "CREATE TABLE t (order INT)",
        "CREATE TABLE public.group (a INT)",
        "CREATE VIEW from AS SELECT 1 AS a",
        "ALTER TABLE standing ADD COLUMN values INT",
    ],
)
def test_a_reserved_word_is_no_bare_name(client, statement):
    """sql-reference/reserved-keywords"""
    client.run("CREATE OR REPLACE TABLE standing (a INT)")
    assert client.refused(statement) == 1003


def test_a_reserved_word_in_quotes_is_a_name(client):
    client.run(
        'CREATE TABLE "SELECT" ("ORDER" INT, left INT, account INT)', 'ALTER TABLE "SELECT" ADD COLUMN "GROUP" INT'
    )
    text = client.one("""SELECT GET_DDL('TABLE', '"SELECT"')""")
    client.run(text)
    assert client.one("""SELECT GET_DDL('TABLE', '"SELECT"')""") == text


def test_no_function_is_called_as_one_of_the_system(client):
    """developer-guide/udf-stored-procedure-naming-conventions"""
    assert client.refused("CREATE FUNCTION upper(x VARCHAR) RETURNS VARCHAR AS 'x'") == 2002
    client.run("CREATE PROCEDURE upper(x VARCHAR) RETURNS VARCHAR AS 'BEGIN RETURN x; END'")


@pytest.mark.parametrize(
    "clauses",
    [
        "WHEN MATCHED THEN UPDATE SET a = 1 WHEN MATCHED THEN DELETE",
        "WHEN NOT MATCHED THEN INSERT VALUES (1) WHEN NOT MATCHED AND s.x = 1 THEN INSERT VALUES (2)",
    ],
)
def test_a_clause_of_merge_that_is_never_reached_is_refused(client, clauses):
    """sql-reference/sql/merge: an unreachable case is an error"""
    client.run("CREATE TABLE merged (a INT)")
    assert client.refused(f"MERGE INTO merged t USING (SELECT 1 x) s ON t.a = s.x {clauses}") == 1003


def test_a_frame_that_ends_before_it_begins_is_refused(client):
    frame = "ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING"
    assert client.refused(f"SELECT SUM(1) OVER (ORDER BY 1 {frame})") == 2304
