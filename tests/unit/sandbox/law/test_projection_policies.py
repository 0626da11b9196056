"""Projection policies: what must not come out of the outermost query does not, whatever the way."""

import pytest

from runner.sandbox.errors import SnowflakeError
from tests.unit.sandbox.law.conftest import Organisation

CONSUMER = {"account": "IMSDLC"}
RESTRICTED = 3538
BODY = "AS () RETURNS PROJECTION_CONSTRAINT -> PROJECTION_CONSTRAINT(ALLOW => FALSE"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """D.S.T with the column P, which nobody may see, and N, which comes out as NULL for all but SYSADMIN."""
    org = Organisation(tmp_path_factory.mktemp("shop"))
    org.run(
        "CREATE DATABASE D",
        "CREATE SCHEMA D.S",
        f"CREATE PROJECTION POLICY NEVER {BODY})",
        "CREATE PROJECTION POLICY NULLS AS () RETURNS PROJECTION_CONSTRAINT -> CASE WHEN CURRENT_ROLE() = 'SYSADMIN' "
        "THEN PROJECTION_CONSTRAINT(ALLOW => TRUE) "
        "ELSE PROJECTION_CONSTRAINT(ALLOW => FALSE, ENFORCEMENT => 'NULLIFY') END COMMENT = 'c'",
        "CREATE TABLE T (ID NUMBER, P VARCHAR WITH PROJECTION POLICY NEVER, N VARCHAR PROJECTION POLICY NULLS)",
        "INSERT INTO T VALUES (1, 'a', 'x'), (2, 'b', 'y')",
        "CREATE VIEW V AS SELECT ID, P, UPPER(N) AS U FROM T",
        "CREATE FUNCTION F(X VARCHAR) RETURNS VARCHAR AS 'X'",
        "CREATE TABLE OTHER (ID NUMBER, X VARCHAR)",
    )
    yield org
    org.engine.close()


OUT = [
    "SELECT P FROM T",
    "SELECT * FROM T",
    "SELECT $2 FROM T",
    "SELECT UPPER(P) || 'x' FROM T",
    "SELECT MAX(P) FROM T",
    "SELECT F(P) FROM T",
    "SELECT P AS Q, Q || 'x' FROM T",
    "SELECT x.P FROM (SELECT ID, P FROM T) AS x",
    "WITH c AS (SELECT P AS Q FROM T) SELECT Q FROM c",
    "WITH RECURSIVE r AS (SELECT 'a' AS A, 'b' AS B UNION ALL SELECT T.P, r.A FROM T, r WHERE r.A = 'a') "
    "SELECT B FROM r",
    "SELECT 'z' UNION ALL SELECT P FROM T",
    "SELECT X FROM OTHER UNION BY NAME SELECT P AS X FROM T",
    "SELECT (SELECT MAX(P) FROM T)",
    "SELECT CASE WHEN P = 'a' THEN 1 END FROM T",
    "SELECT P FROM T AS a JOIN T AS b USING (P)",
    "SELECT ROW_NUMBER() OVER (ORDER BY P) FROM T",
    "SELECT P FROM V",
    "SELECT * REPLACE (P AS ID) FROM (SELECT ID, P FROM T)",
    "SELECT f.VALUE FROM T, LATERAL FLATTEN(INPUT => SPLIT(P, ',')) AS f",
    "SELECT s.VALUE FROM T, TABLE(SPLIT_TO_TABLE(P, ',')) AS s",
    "SELECT X FROM (SELECT ID, P FROM T) UNPIVOT (X FOR C IN (P))",
    "SELECT * FROM (SELECT ID, P FROM T) PIVOT (MAX(P) FOR ID IN (1, 2))",
    "SELECT SYS_CONNECT_BY_PATH(P, '/') FROM T START WITH ID = 1 CONNECT BY PRIOR ID = ID - 1",
    "SELECT l.Q FROM OTHER, LATERAL (SELECT P AS Q FROM T) AS l",
    "CREATE TABLE COPY AS SELECT P FROM T",
    "CREATE TABLE COPY AS SELECT N FROM T",
    "INSERT INTO OTHER SELECT ID, P FROM T",
    "INSERT INTO OTHER SELECT ID, N FROM T",
    "INSERT OVERWRITE INTO OTHER SELECT ID, P FROM T",
    "INSERT ALL INTO OTHER VALUES (ID, P) SELECT ID, P FROM T",
    "INSERT INTO OTHER SELECT 1, (SELECT MAX(P) FROM T)",
    "UPDATE OTHER SET X = T.P FROM T WHERE T.ID = OTHER.ID",
    "UPDATE T SET ID = LENGTH(P)",
    "MERGE INTO OTHER USING T ON OTHER.ID = T.ID WHEN NOT MATCHED THEN INSERT VALUES (T.ID, T.P)",
    "COPY INTO @~/out FROM T",
    "COPY INTO @~/out FROM (SELECT N FROM T)",
    "SET X = (SELECT MAX(P) FROM T)",
    "EXECUTE IMMEDIATE 'SELECT P FROM T'",
    "BEGIN LET x := (SELECT MAX(P) FROM T); RETURN x; END",
]


def test_nothing_brings_it_out(shop):
    for statement in OUT:
        errno, message = shop.refused(statement)
        assert "restricted by a Projection Policy" in message, (statement, errno, message)
    assert shop.run("SELECT COUNT(*) FROM OTHER") == [(0,)]


IN_USE = [
    ("SELECT ID FROM T WHERE P = 'b'", [(2,)]),
    ("SELECT COUNT(*) FROM T GROUP BY P HAVING MAX(P) = 'a'", [(1,)]),
    ("SELECT ID FROM T ORDER BY P DESC LIMIT 1", [(2,)]),
    ("SELECT ID FROM T QUALIFY ROW_NUMBER() OVER (ORDER BY P) = 1", [(1,)]),
    ("SELECT a.ID FROM T AS a JOIN T AS b ON a.P = b.P ORDER BY 1", [(1,), (2,)]),
    ("SELECT x.ID FROM (SELECT ID, P FROM T) AS x WHERE x.P = 'a'", [(1,)]),
    ("WITH c AS (SELECT * FROM T) SELECT ID FROM c ORDER BY ID", [(1,), (2,)]),
    ("SELECT * EXCLUDE (P, N) FROM T ORDER BY 1", [(1,), (2,)]),
    ("SELECT COUNT(*) FROM V", [(2,)]),
    ("SELECT ID FROM T WHERE EXISTS (SELECT P FROM T) ORDER BY 1", [(1,), (2,)]),
    ("SELECT N, ID FROM T ORDER BY ID", [(None, 1), (None, 2)]),
    ("SELECT U FROM V", [(None,), (None,)]),
    ("SELECT 1 AS A, 'k' AS B UNION ALL SELECT ID, N FROM T WHERE ID = 1", [(1, None), (1, None)]),
    ("UPDATE T SET ID = ID WHERE P = 'zzz'", [(0, 0)]),
    ("DELETE FROM T WHERE P = 'zzz'", [(0,)]),
    ("BEGIN LET x := (SELECT MAX(N) FROM T); RETURN x; END", [(None,)]),
]


def test_conditions_may_use_it(shop):
    for statement, expected in IN_USE:
        assert shop.run(statement) == expected, statement


def test_the_role_that_may_sees_it(shop):
    shop.run("GRANT OWNERSHIP ON TABLE D.S.OTHER TO ROLE SYSADMIN", "GRANT USAGE ON DATABASE D TO ROLE SYSADMIN")
    shop.run("GRANT USAGE ON SCHEMA D.S TO ROLE SYSADMIN", "GRANT SELECT ON TABLE D.S.T TO ROLE SYSADMIN")
    assert shop.run("SELECT N FROM D.S.T ORDER BY ID", role="SYSADMIN") == [("x",), ("y",)]
    shop.run("INSERT INTO D.S.OTHER SELECT ID, N FROM D.S.T WHERE ID = 1", role="SYSADMIN")
    assert shop.run("SELECT X FROM D.S.OTHER", role="SYSADMIN") == [("x",)]
    assert shop.run("SELECT N FROM T WHERE ID = 1") == [(None,)]


def test_the_consumer_of_a_share_is_nobody(shop):
    shop.run(
        "CREATE SHARE SH",
        "GRANT USAGE ON DATABASE D TO SHARE SH",
        "GRANT USAGE ON SCHEMA D.S TO SHARE SH",
        "GRANT SELECT ON TABLE D.S.T TO SHARE SH",
        "ALTER SHARE SH ADD ACCOUNTS = LOCALORG.IMSDLC",
    )
    shop.run("CREATE DATABASE I FROM SHARE LOCALORG.IMCUST.SH", **CONSUMER)
    assert shop.refused("SELECT P FROM I.S.T", **CONSUMER)[0] == RESTRICTED
    session = shop.engine.login("IMSDLC", "SANDBOX_ADMIN", "SYSADMIN")
    shop.run("GRANT IMPORTED PRIVILEGES ON DATABASE I TO ROLE SYSADMIN", **CONSUMER)
    rows = shop.engine.execute(session, "SELECT ID, N FROM I.S.T WHERE P = 'a'").rows()
    assert rows == [(1, None)]
    assert shop.refused("CREATE TABLE I2 AS SELECT N FROM I.S.T", **CONSUMER)[0] != 0


def test_what_is_shown_of_it(shop):
    rows = shop.table("SHOW PROJECTION POLICIES IN SCHEMA D.S")
    assert [(r["name"], r["kind"], r["comment"]) for r in rows] == [
        ("NEVER", "PROJECTION_POLICY", ""),
        ("NULLS", "PROJECTION_POLICY", "c"),
    ]
    assert shop.table("DESC PROJECTION POLICY NEVER")[0]["return_type"] == "PROJECTION_CONSTRAINT"
    found = shop.table(
        "SELECT POLICY_NAME, POLICY_KIND, REF_COLUMN_NAME, REF_ARG_COLUMN_NAMES FROM TABLE(D.INFORMATION_SCHEMA."
        "POLICY_REFERENCES(REF_ENTITY_NAME => 'D.S.T', REF_ENTITY_DOMAIN => 'TABLE')) ORDER BY 1"
    )
    assert [tuple(row.values()) for row in found] == [
        ("NEVER", "PROJECTION_POLICY", "P", None),
        ("NULLS", "PROJECTION_POLICY", "N", None),
    ]


def test_get_ddl_makes_it_again(shop):
    for kind, name in (("POLICY", "NULLS"), ("TABLE", "T")):
        text = shop.run(f"SELECT GET_DDL('{kind}', 'D.S.{name}')")[0][0]
        assert text.count("PROJECTION POLICY D.S.") == (2 if kind == "TABLE" else 0)
        shop.run("CREATE OR REPLACE SCHEMA D.AGAIN", "USE SCHEMA D.AGAIN", text)
        assert shop.run(f"SELECT GET_DDL('{kind}', 'D.AGAIN.{name}')")[0][0] == text
        shop.run("USE SCHEMA D.S")


def test_it_is_put_on_and_taken_off(org):
    org.run("CREATE DATABASE D", "CREATE TABLE T (A NUMBER, B NUMBER)", "INSERT INTO T VALUES (1, 2)")
    org.run(f"CREATE PROJECTION POLICY PP {BODY})", f"CREATE PROJECTION POLICY PQ {BODY})")
    org.run("CREATE VIEW V (A, B) AS SELECT A, B FROM T", "CREATE TABLE C CLONE T")
    org.run("ALTER TABLE T MODIFY COLUMN A SET PROJECTION POLICY PP")
    assert org.refused("ALTER TABLE T MODIFY COLUMN A SET PROJECTION POLICY PQ")[0] == 2002
    org.run("ALTER TABLE T ALTER A SET PROJECTION POLICY PQ FORCE", "DROP PROJECTION POLICY PP")
    assert org.refused("DROP PROJECTION POLICY PQ")[0] == 3524
    org.run("ALTER TABLE T RENAME COLUMN A TO Z", "CREATE TABLE T2 CLONE T", "ALTER PROJECTION POLICY PQ RENAME TO PR")
    assert org.refused("SELECT Z FROM T2")[0] == RESTRICTED
    org.run("ALTER TABLE T2 DROP COLUMN Z", "ALTER TABLE T MODIFY COLUMN Z UNSET PROJECTION POLICY")
    assert org.run("SELECT Z FROM T") == [(1,)]
    org.run("ALTER VIEW V MODIFY COLUMN B SET PROJECTION POLICY PR", "DROP TABLE T2")
    assert org.run("SELECT B FROM C") == [(2,)]
    assert org.refused("SELECT B FROM V")[0] in (RESTRICTED, 2057, 904)
    org.run("ALTER VIEW V MODIFY COLUMN B UNSET PROJECTION POLICY", "DROP PROJECTION POLICY PR")


BAD = [
    f"CREATE PROJECTION POLICY X {BODY}, ENFORCEMENT => 'MAYBE')",
    f"CREATE PROJECTION POLICY X {BODY}",
    "CREATE PROJECTION POLICY X AS () RETURNS PROJECTION_CONSTRAINT -> TRUE",
    "CREATE PROJECTION POLICY X AS () RETURNS PROJECTION_CONSTRAINT -> 'ALLOW'",
    "CREATE PROJECTION POLICY X AS () RETURNS PROJECTION_CONSTRAINT -> PROJECTION_CONSTRAINT()",
    "CREATE PROJECTION POLICY X AS () RETURNS PROJECTION_CONSTRAINT -> PROJECTION_CONSTRAINT(ALLOW => 'x')",
    "CREATE PROJECTION POLICY X AS () RETURNS PROJECTION_CONSTRAINT -> PROJECTION_CONSTRAINT(DENY => TRUE)",
    "CREATE PROJECTION POLICY X AS (A NUMBER) RETURNS PROJECTION_CONSTRAINT -> PROJECTION_CONSTRAINT(ALLOW => TRUE)",
    "CREATE PROJECTION POLICY X AS () RETURNS BOOLEAN -> TRUE",
    "CREATE PROJECTION POLICY X AS () RETURNS PROJECTION_CONSTRAINT -> NO_AGGREGATION_CONSTRAINT()",
    "ALTER PROJECTION POLICY NEVER SET BODY -> TRUE",
    "ALTER TABLE T MODIFY COLUMN NOPE SET PROJECTION POLICY NEVER",
    "ALTER TABLE T MODIFY COLUMN ID SET PROJECTION POLICY NOPE",
    "ALTER TABLE T MODIFY COLUMN ID SET MASKING POLICY NEVER",
    "ALTER MASKING POLICY NEVER SET COMMENT = 'x'",
    "DROP MASKING POLICY NEVER",
    "DROP PROJECTION POLICY NOPE",
    "SELECT PROJECTION_CONSTRAINT(ALLOW => TRUE)",
    "CREATE OR ALTER TABLE T (ID NUMBER PROJECTION POLICY NEVER)",
    "CREATE OR ALTER VIEW V (ID PROJECTION POLICY NEVER) AS SELECT 1",
]


def test_what_is_wrong_is_refused(shop):
    before = {key: repr(record) for key, record in shop.catalog.records.items()}
    for statement in BAD:
        errno, message = shop.refused(statement)
        assert errno not in (0, 603), (statement, message)
    assert {key: repr(record) for key, record in shop.catalog.records.items()} == before


def test_a_body_that_says_nothing_allows_nothing(org):
    org.run("CREATE DATABASE D", "CREATE TABLE T (A NUMBER)")
    org.run(
        "CREATE PROJECTION POLICY PP AS () RETURNS PROJECTION_CONSTRAINT -> "
        "CASE WHEN CURRENT_ROLE() = 'NOBODY' THEN PROJECTION_CONSTRAINT(ALLOW => TRUE) END",
        "ALTER TABLE T MODIFY COLUMN A SET PROJECTION POLICY PP",
    )
    assert org.refused("SELECT A FROM T")[0] == RESTRICTED
    org.run("CREATE TABLE WHO (R VARCHAR)", "INSERT INTO WHO VALUES ('ACCOUNTADMIN')")
    asked = "PROJECTION_CONSTRAINT(ALLOW => EXISTS (SELECT 1 FROM WHO WHERE R = CURRENT_ROLE()))"
    org.run(f"ALTER PROJECTION POLICY PP SET BODY -> {asked}")
    assert org.run("SELECT A FROM T") == []
    org.run("DELETE FROM WHO")
    assert org.refused("SELECT A FROM T")[0] == RESTRICTED


def test_policies_in_the_lists_of_create(org):
    """Masks, filters and projection in the lists of views and dynamic tables, with tags beside them."""
    org.run(
        "CREATE DATABASE D",
        "CREATE WAREHOUSE W",
        "CREATE TAG TG",
        f"CREATE PROJECTION POLICY PP {BODY})",
        "CREATE MASKING POLICY MP AS (V VARCHAR) RETURNS VARCHAR -> '***'",
        "CREATE MASKING POLICY MC AS (V VARCHAR, N NUMBER) RETURNS VARCHAR -> IFF(N = 1, V, '?')",
        "CREATE ROW ACCESS POLICY RP AS (N NUMBER) RETURNS BOOLEAN -> N > 1",
        "CREATE TABLE T (N NUMBER, V VARCHAR, W VARCHAR)",
        "INSERT INTO T VALUES (1, 'a', 'b'), (2, 'c', 'd')",
    )
    columns = (
        "(N COMMENT 'n', V WITH MASKING POLICY MP WITH TAG (TG = 'x') COMMENT 'v', "
        "W MASKING POLICY MC USING (W, N) WITH PROJECTION POLICY PP)"
    )
    made = {
        "VIEW": f"CREATE OR REPLACE SECURE VIEW V {columns} WITH ROW ACCESS POLICY RP ON (N) COMMENT = 'c' AS "
        "SELECT * FROM T",
        "MATERIALIZED VIEW": f"CREATE MATERIALIZED VIEW M {columns} AS SELECT N, V, W FROM T",
        "DYNAMIC TABLE": f"CREATE DYNAMIC TABLE DT {columns} TARGET_LAG = '1 day' WAREHOUSE = W "
        "WITH ROW ACCESS POLICY RP ON (N) AS SELECT * FROM T",
    }
    for kind, text in made.items():
        assert org.refused(text.replace("MP ", "NOPE "))[0] == 2003
        org.run(text)
        name = org.run(f"SHOW {kind}S")[0][1]
        rows = [(2, "***")] if kind != "MATERIALIZED VIEW" else [(1, "***"), (2, "***")]
        assert sorted(org.run(f"SELECT N, V FROM {name}")) == rows
        assert org.refused(f"SELECT W FROM {name}")[0] == RESTRICTED
        again = "VIEW" if kind != "DYNAMIC TABLE" else "DYNAMIC_TABLE"
        ddl = org.run(f"SELECT GET_DDL('{again}', '{name}')")[0][0]
        org.run(ddl)
        assert org.run(f"SELECT GET_DDL('{again}', '{name}')")[0][0] == ddl
        assert org.refused(f"SELECT W FROM {name}")[0] == RESTRICTED
    org.run("CREATE OR REPLACE VIEW V AS SELECT * FROM T")
    assert len(org.run("SELECT W FROM V")) == 2


def test_a_wrong_session_error_is_no_incident(shop):
    with pytest.raises(SnowflakeError) as caught:
        shop.run("SELECT P, COUNT(*) FROM T GROUP BY ALL")
    assert (caught.value.errno, caught.value.sqlstate) == (RESTRICTED, "42501")
