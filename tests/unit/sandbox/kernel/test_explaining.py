"""What is said of statements without running them, held against what running them gives."""

import pytest

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.explaining import CONSTRUCTS, REFUSED, UNSURE, verdicts

SAMPLES = {
    "MATCH_RECOGNIZE": "SELECT * FROM T MATCH_RECOGNIZE (PARTITION BY A PATTERN (X) DEFINE X AS A > 0)",
    "AUTO_INGEST": "CREATE PIPE P AUTO_INGEST = TRUE AS COPY INTO T FROM @~",
    "ENABLE_SCHEMA_EVOLUTION": "ALTER TABLE T SET ENABLE_SCHEMA_EVOLUTION = TRUE",
    "LANGUAGE JAVA": "CREATE FUNCTION F() RETURNS INT LANGUAGE JAVA HANDLER = 'A.f' AS 'x'",
    "LANGUAGE SCALA": "CREATE PROCEDURE F() RETURNS INT LANGUAGE SCALA HANDLER = 'A.f' AS 'x'",
    "structured ARRAY": "SELECT [1]::ARRAY(INT)",
    "structured OBJECT": "CREATE TABLE TYPED (O OBJECT(A INT))",
    "constraint CHECK": "CREATE TABLE TYPED (A INT CHECK (A > 0))",
    "type MAP": "CREATE TABLE TYPED (M MAP(VARCHAR, INT))",
    "type VECTOR": "CREATE TABLE TYPED (V VECTOR(FLOAT, 3))",
    "functions of CORTEX": "SELECT SNOWFLAKE.CORTEX.SENTIMENT('x')",
    "a stage": "SELECT $1 FROM @S",
}


def said(text):
    [found] = verdicts([(text, 7)])
    return found


@pytest.mark.parametrize("construct", sorted(CONSTRUCTS))
def test_a_construct_that_is_said_to_be_refused_is_refused(client, construct):
    client.execute("CREATE TABLE IF NOT EXISTS T (A INT, B VARCHAR)")
    text = SAMPLES[construct]

    assert said(text).state == REFUSED
    assert construct.split()[-1].upper() in said(text).why.upper()
    with pytest.raises(SnowflakeError):
        client.execute(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT COALESCE(A, 1), LISTAGG(B, ',') WITHIN GROUP (ORDER BY A) FROM T WHERE A IN (1, 2)",
        "WITH X (N) AS (SELECT 1), Y (M) AS (SELECT 2) SELECT N, M FROM X, Y",
        "INSERT INTO T (A, B) SELECT 1, 'x'",
        "SELECT A FROM T GROUP BY CUBE (A), ROLLUP (B)",
        "CREATE OR REPLACE VIEW V (A) AS SELECT MAX(A) FROM T",
        "MERGE INTO T USING (SELECT 1 AS A) S ON T.A = S.A WHEN NOT MATCHED THEN INSERT (A) VALUES (S.A)",
        "SELECT * FROM TABLE(FLATTEN(INPUT => PARSE_JSON('[1]'))), TABLE(GENERATOR(ROWCOUNT => 2))",
        "SELECT CAST(A AS NUMBER(10, 2)), B::VARCHAR(5), MINE.F(A) FROM T",
        "GRANT SELECT ON TABLE T TO ROLE R",
        "SELECT * FROM T PIVOT (SUM(A) FOR B IN ('x')) UNPIVOT (V FOR N IN (A))",
        "SELECT A, LEVEL FROM T START WITH A = 1 CONNECT BY (PRIOR A) = A",
        "SELECT * FROM T ASOF JOIN U MATCH_CONDITION (T.A >= U.A) ON (T.B = U.B)",
        "CREATE TABLE OBJECT (A INT)",
        "INSERT INTO MAP (A) SELECT COUNT(*) FROM T TABLESAMPLE SYSTEM (10) SEED (3)",
        "INSERT ALL WHEN (A > 1) THEN INTO T (A) VALUES (A) SELECT A FROM T SAMPLE (10) SEED (1)",
    ],
)
def test_what_is_known_is_said_to_be(text):
    assert said(text).state == "emulated", said(text)


def test_a_function_that_is_not_known_is_named():
    found = said("SELECT MY_OWN(1), MAX(2)")
    assert (found.line, found.statement, found.state) == (7, "SELECT", UNSURE)
    assert found.why.endswith(": MY_OWN")


def test_a_function_that_the_file_makes_is_known():
    made = ("CREATE OR REPLACE FUNCTION db.s.MY_OWN(a INT) RETURNS INT AS 'a'", "SELECT my_own(1)", "SELECT other(1)")
    assert [v.state for v in verdicts([(text, 1) for text in made])] == ["emulated", "emulated", UNSURE]


@pytest.mark.parametrize("text", ["FROBNICATE", "CREATE COMPUTE POOL R", "SELECT 'open", "DROP COMPUTE POOL P", ""])
def test_what_is_refused_is_said_to_be_and_why(text):
    assert said(text).state == REFUSED
    assert said(text).why
