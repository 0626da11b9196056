"""`db..t` is a table of PUBLIC, wherever a table is named; OBJECT_DEPENDENCIES says which overload is called."""

import pytest


@pytest.fixture
def names(client):
    for statement in (
        "CREATE OR REPLACE DATABASE DOTS",
        "CREATE SCHEMA DOTS.DOTS",
        "CREATE TABLE DOTS..T (N INT)",
        "INSERT INTO DOTS..T VALUES (1), (2)",
        "USE SCHEMA DOTS.DOTS",
    ):
        client.execute(statement)
    return client


@pytest.mark.parametrize(
    ("statement", "left"),
    [
        ("UPDATE dots..t SET N = 5 WHERE N = 1", [2, 5]),
        ("DELETE FROM dots..t WHERE N = 1", [2]),
        ("MERGE INTO dots..t USING dots..t AS s ON t.N = s.N WHEN MATCHED AND t.N = 2 THEN DELETE", [1]),
        ("CREATE VIEW V AS SELECT N FROM dots..t", [1, 2]),
    ],
)
def test_an_empty_middle_is_public(names, statement, left):
    names.execute(statement)
    assert [row[0] for row in names.rows("SELECT N FROM DOTS..T ORDER BY N")] == left


def test_the_overload_that_is_called(names):
    names.execute("CREATE FUNCTION F(A INT) RETURNS INT AS 'A'")
    names.execute("CREATE FUNCTION F(A INT, B INT) RETURNS INT AS 'DOTS.DOTS.F(A) + B'")
    found = names.rows(
        "SELECT REFERENCING_OBJECT_ID <> REFERENCED_OBJECT_ID FROM SNOWFLAKE.ACCOUNT_USAGE.OBJECT_DEPENDENCIES"
        " WHERE REFERENCING_OBJECT_NAME = 'F' AND REFERENCED_OBJECT_NAME = 'F'"
    )
    assert found == [(True,)]


def test_a_quoted_function_keeps_its_case(names):
    names.execute("""CREATE FUNCTION "twice of"(X INT) RETURNS INT AS 'X * 2'""")
    names.execute("""CREATE VIEW V2 AS SELECT dots.dots."twice of"(3) AS A, "twice of"(4) AS B""")
    assert names.rows("SELECT A, B FROM V2") == [(6, 8)]
    assert names.refused('SELECT "TWICE OF"(3)') == 2140
    assert names.rows(
        "SELECT REFERENCED_OBJECT_NAME FROM SNOWFLAKE.ACCOUNT_USAGE.OBJECT_DEPENDENCIES"
        " WHERE REFERENCING_OBJECT_NAME = 'V2'"
    ) == [("twice of",)]
