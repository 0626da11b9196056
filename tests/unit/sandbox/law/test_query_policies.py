"""Aggregation and join policies: no query gets rows that it may not have, and those that may get what they should."""

import pytest

from tests.unit.sandbox.law.conftest import Organisation

CONSUMER = {"account": "IMSDLC"}
AGGREGATE, JOIN = 3543, 3544


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """D.S.T needs groups of three rows, E groups of three people, J a join on K; O is open. SYSADMIN may read all."""
    org = Organisation(tmp_path_factory.mktemp("office"))
    org.run(
        "CREATE DATABASE D",
        "CREATE SCHEMA D.S",
        "CREATE AGGREGATION POLICY AP AS () RETURNS AGGREGATION_CONSTRAINT -> CASE WHEN CURRENT_ROLE() = 'SYSADMIN' "
        "THEN NO_AGGREGATION_CONSTRAINT() ELSE AGGREGATION_CONSTRAINT(MIN_GROUP_SIZE => 3) END COMMENT = 'c'",
        "CREATE AGGREGATION POLICY EP AS () RETURNS AGGREGATION_CONSTRAINT -> "
        "AGGREGATION_CONSTRAINT(MIN_ROW_COUNT => 2, MIN_ENTITY_COUNT => 3)",
        "CREATE JOIN POLICY JP AS () RETURNS JOIN_CONSTRAINT -> "
        "JOIN_CONSTRAINT(JOIN_REQUIRED => CURRENT_ROLE() <> 'SYSADMIN')",
        "CREATE TABLE T (ID NUMBER, DEPT VARCHAR, PAY NUMBER, WHO VARCHAR) AGGREGATION POLICY AP",
        "INSERT INTO T VALUES (1, 'a', 10, 'x'), (2, 'a', 20, 'x'), (3, 'a', 30, 'y'), (4, 'b', 40, 'z'), "
        "(5, 'b', 50, 'z'), (6, 'c', 60, 'w'), (7, 'd', 70, 'v')",
        "CREATE TABLE E (DEPT VARCHAR, WHO VARCHAR) WITH AGGREGATION POLICY EP ENTITY KEY (WHO)",
        "INSERT INTO E VALUES ('a', 'x'), ('a', 'y'), ('a', 'z'), ('b', 'x'), ('b', 'x'), ('b', 'x'), ('b', 'y')",
        "CREATE TABLE O (ID NUMBER, K NUMBER)",
        "INSERT INTO O VALUES (1, 1), (2, 2)",
        "CREATE TABLE J (K NUMBER, M NUMBER, V VARCHAR) WITH JOIN POLICY JP ALLOWED JOIN KEYS (K)",
        "INSERT INTO J VALUES (1, 1, 'p'), (2, 2, 'q'), (9, 9, 'r')",
        "CREATE VIEW TV AS SELECT DEPT, PAY FROM T",
        "CREATE VIEW TG AS SELECT DEPT, COUNT(*) AS C FROM T GROUP BY DEPT",
        "CREATE VIEW JV AS SELECT * FROM J",
        "CREATE FUNCTION F(X NUMBER) RETURNS NUMBER AS 'X'",
    )
    yield org
    org.engine.close()


GIVEN = [
    ("SELECT COUNT(*) FROM T", [(7,)]),
    ("SELECT COUNT(*), SUM(PAY) FROM T WHERE ID < 3", [(None, None)]),
    ("SELECT DEPT, COUNT(*), SUM(PAY) FROM T GROUP BY DEPT", [("a", 3, 60), (None, 4, 220)]),
    ("SELECT UPPER(DEPT) AS U, AVG(PAY) AS A FROM T GROUP BY 1 ORDER BY A DESC", [(None, 55), ("A", 20)]),
    ("SELECT DEPT, COUNT(*) FROM T GROUP BY ALL ORDER BY COUNT(*) LIMIT 1", [("a", 3)]),
    ("SELECT DEPT AS D, COUNT(*) FROM T WHERE ID < 6 GROUP BY D ORDER BY 1", [("a", 3), (None, None)]),
    ("SELECT DEPT || '!', COUNT(DISTINCT WHO) FROM T GROUP BY DEPT", [("a!", 2), (None, 3)]),
    ("SELECT DEPT, COUNT(*) FROM T GROUP BY DEPT HAVING COUNT(*) > 3 OR DEPT = 'zz'", [(None, 4)]),
    ("SELECT DEPT FROM T GROUP BY DEPT", [("a",), (None,)]),
    ("SELECT COUNT(*) FROM (SELECT 1 AS Z FROM T WHERE ID > 1)", [(6,)]),
    ("WITH c AS (SELECT DEPT FROM T) SELECT DEPT, COUNT(*) FROM c GROUP BY DEPT", [("a", 3), (None, 4)]),
    ("WITH c AS (SELECT DEPT FROM T) SELECT (SELECT COUNT(*) FROM c), (SELECT COUNT(DEPT) FROM c)", [(7, 7)]),
    ("SELECT (SELECT COUNT(*) FROM T) AS N", [(7,)]),
    ("SELECT DEPT, SUM(PAY) FROM TV GROUP BY DEPT", [("a", 60), (None, 220)]),
    ("SELECT C FROM TG ORDER BY 1", [(3,), (4,)]),
    ("SELECT DEPT, COUNT(*) FROM E GROUP BY DEPT", [("a", 3), (None, None)]),
    ("SELECT COUNT(*) FROM E", [(7,)]),
    ("SELECT J.V FROM J JOIN O ON J.K = O.ID ORDER BY 1", [("p",), ("q",)]),
    ("SELECT V FROM O AS x LEFT JOIN J AS y ON x.ID = (y.K) AND x.K > 1 ORDER BY 1", [("q",), (None,)]),
    ("SELECT V FROM J RIGHT JOIN O ON O.ID = J.K ORDER BY 1", [("p",), ("q",)]),
    ("SELECT V FROM J JOIN O USING (K) ORDER BY 1", [("p",), ("q",)]),
    ("SELECT V FROM J JOIN (SELECT ID AS I FROM O WHERE ID = 1) AS s ON K = I", [("p",)]),
    ("SELECT COUNT(*) FROM O JOIN O AS u ON O.ID = u.ID JOIN J ON J.K = u.ID", [(2,)]),
]


def test_what_may_be_asked_is_answered(office):
    for statement, expected in GIVEN:
        assert office.run(statement) == expected, statement


REFUSED = [
    ("SELECT * FROM T", AGGREGATE),
    ("SELECT ID FROM T WHERE ID = 1", AGGREGATE),
    ("SELECT COUNT(*), T.* FROM T GROUP BY ALL", AGGREGATE),
    ("SELECT DEPT, MAX(PAY) FROM T GROUP BY DEPT", AGGREGATE),
    ("SELECT DEPT, COUNT(*) FROM T GROUP BY DEPT ORDER BY MAX(PAY)", 2),
    ("SELECT COUNT(*) FROM T GROUP BY DEPT ORDER BY DEPT", 2),
    ("SELECT COUNT(*) FROM T ORDER BY MIN(PAY)", 2),
    ("SELECT COUNT(*) FROM T GROUP BY 1", 979),
    ("SELECT COUNT(*) FROM O GROUP BY 1", 979),
    ("SELECT DEPT, LISTAGG(WHO) FROM T GROUP BY DEPT", AGGREGATE),
    ("SELECT COUNT(*) FROM T HAVING MIN(PAY) = 10", AGGREGATE),
    ("SELECT COUNT(F(PAY)) FROM T", 2),
    ("SELECT COUNT(D.S.F(PAY)) FROM T", 2),
    ("SELECT DISTINCT DEPT FROM T", 2),
    ("SELECT ID FROM T LIMIT 1", 2),
    ("SELECT COUNT(*) FROM (SELECT ID FROM T LIMIT 1)", 2),
    ("SELECT COUNT(*) FROM (SELECT ID FROM T UNION ALL SELECT 1)", AGGREGATE),
    ("SELECT COUNT(*) FROM T AS a JOIN T AS b ON a.ID = b.ID", 2),
    ("SELECT COUNT(*) FROM T, O", 2),
    ("SELECT f.VALUE FROM T, LATERAL FLATTEN(INPUT => ARRAY_CONSTRUCT(T.ID)) AS f", 2),
    ("SELECT SUM(PAY) OVER () FROM T", 2),
    ("SELECT ID FROM T QUALIFY ROW_NUMBER() OVER (ORDER BY ID) = 1", 2),
    ("SELECT DEPT, COUNT(*) FROM T GROUP BY ROLLUP (DEPT)", 2),
    ("SELECT * FROM T PIVOT (SUM(PAY) FOR DEPT IN ('a', 'b'))", AGGREGATE),
    ("SELECT ID FROM T START WITH ID = 1 CONNECT BY PRIOR ID = ID - 1", 2),
    ("WITH c AS (SELECT DEPT FROM T) SELECT DEPT, (SELECT COUNT(*) FROM c) FROM c", AGGREGATE),
    ("WITH RECURSIVE r AS (SELECT ID FROM T UNION ALL SELECT ID FROM r WHERE FALSE) SELECT COUNT(*) FROM r", AGGREGATE),
    ("SELECT 1 WHERE EXISTS (SELECT 1 FROM T WHERE ID = 1)", AGGREGATE),
    ("SELECT 1 WHERE 1 IN (SELECT ID FROM T)", AGGREGATE),
    ("SELECT COUNT(*) FROM T WHERE ID IN (SELECT ID FROM T)", AGGREGATE),
    ("SELECT (SELECT SUM(t.PAY)) FROM T AS t", AGGREGATE),
    ("SELECT * FROM TV", AGGREGATE),
    ("CREATE TABLE C AS SELECT * FROM T", AGGREGATE),
    ("INSERT INTO O SELECT ID, ID FROM T", AGGREGATE),
    ("INSERT ALL INTO O VALUES (ID, ID) SELECT ID FROM T", AGGREGATE),
    ("UPDATE O SET K = T.PAY FROM T WHERE T.ID = O.ID", AGGREGATE),
    ("DELETE FROM O USING T WHERE T.ID = O.ID", AGGREGATE),
    ("MERGE INTO O USING T ON O.ID = T.ID WHEN MATCHED THEN DELETE", AGGREGATE),
    ("COPY INTO @~/x FROM T", AGGREGATE),
    ("SET X = (SELECT MAX(ID) FROM T)", AGGREGATE),
    ("BEGIN LET x := (SELECT ID FROM T WHERE ID = 1); RETURN x; END", None),
    ("UPDATE T SET ID = 1", 2),
    ("DELETE FROM T WHERE ID = 1", 2),
    ("MERGE INTO T USING O ON O.ID = T.ID WHEN MATCHED THEN DELETE", 2),
    ("SELECT COUNT(*) FROM (SELECT WHO FROM E)", 2),
    ("SELECT * FROM J", JOIN),
    ("SELECT COUNT(*) FROM J", JOIN),
    ("SELECT V FROM J LEFT JOIN O ON J.K = O.ID", JOIN),
    ("SELECT V FROM J FULL JOIN O ON J.K = O.ID", JOIN),
    ("SELECT V FROM J JOIN O ON J.M = O.ID", JOIN),
    ("SELECT V FROM J JOIN O ON J.K = O.ID AND J.V = 'p'", JOIN),
    ("SELECT V FROM J JOIN O ON J.K = O.ID OR TRUE", JOIN),
    ("SELECT V FROM J JOIN O ON J.K >= O.ID", JOIN),
    ("SELECT V FROM J JOIN O ON J.K = J.K", JOIN),
    ("SELECT V FROM J JOIN O ON J.K + 0 = O.ID", JOIN),
    ("SELECT V FROM J CROSS JOIN O", JOIN),
    ("SELECT V FROM J, O WHERE J.K = O.ID", JOIN),
    ("SELECT V FROM J NATURAL JOIN O", JOIN),
    ("SELECT a.V FROM J AS a JOIN J AS b ON a.K = b.K", JOIN),
    ("SELECT V FROM J JOIN LATERAL FLATTEN(INPUT => ARRAY_CONSTRUCT(J.K)) AS f ON J.K = f.VALUE", None),
    ("SELECT x.V FROM (SELECT * FROM J) AS x JOIN O ON x.K = O.ID AND x.M = 1", JOIN),
    ("SELECT * FROM JV", JOIN),
    ("SELECT 1 WHERE EXISTS (SELECT 1 FROM J)", JOIN),
    ("CREATE TABLE C AS SELECT * FROM J", JOIN),
    ("DELETE FROM J", 2),
]


def test_what_may_not_be_asked_is_refused(office):
    for statement, expected in REFUSED:
        errno, message = office.refused(statement)
        assert errno == expected or (expected is None and errno != 603), (statement, errno, message)
    assert office.run("SELECT COUNT(*) FROM O") == [(2,)]


def test_who_is_not_bound_reads_all(office):
    office.run("GRANT ALL ON DATABASE D TO ROLE SYSADMIN", "GRANT ALL ON SCHEMA D.S TO ROLE SYSADMIN")
    office.run("GRANT SELECT ON ALL TABLES IN SCHEMA D.S TO ROLE SYSADMIN")
    assert len(office.run("SELECT * FROM D.S.T", role="SYSADMIN")) == 7
    assert len(office.run("SELECT * FROM D.S.J", role="SYSADMIN")) == 3


def test_they_hold_through_a_share(office):
    office.run(
        "CREATE SHARE SH",
        "GRANT USAGE ON DATABASE D TO SHARE SH",
        "GRANT USAGE ON SCHEMA D.S TO SHARE SH",
        "GRANT SELECT ON TABLE D.S.T TO SHARE SH",
        "GRANT SELECT ON TABLE D.S.J TO SHARE SH",
        "ALTER SHARE SH ADD ACCOUNTS = LOCALORG.IMSDLC",
    )
    office.run("CREATE DATABASE I FROM SHARE LOCALORG.IMCUST.SH", **CONSUMER)
    office.run("CREATE DATABASE MINE", "CREATE TABLE MINE.PUBLIC.O AS SELECT 2 AS ID", **CONSUMER)
    office.run("GRANT IMPORTED PRIVILEGES ON DATABASE I TO ROLE SYSADMIN", **CONSUMER)
    for role in ("ACCOUNTADMIN", "SYSADMIN"):
        who = {**CONSUMER, "role": role}
        assert office.refused("SELECT * FROM I.S.T", **who)[0] == AGGREGATE
        assert office.run("SELECT DEPT, COUNT(*) FROM I.S.T GROUP BY DEPT", **who) == [("a", 3), (None, 4)]
        assert office.refused("SELECT * FROM I.S.J", **who)[0] == JOIN
    joined = "SELECT V FROM I.S.J JOIN MINE.PUBLIC.O AS o ON K = o.ID"
    assert office.run(joined, **CONSUMER) == [("q",)]


def test_what_is_shown_of_them(office):
    for kind, names in (("AGGREGATION", ["AP", "EP"]), ("JOIN", ["JP"])):
        assert [row["name"] for row in office.table(f"SHOW {kind} POLICIES IN SCHEMA D.S")] == names
        [row] = office.table(f"DESC {kind} POLICY {names[0]}")
        assert row["return_type"] == f"{kind}_CONSTRAINT"
    found = office.table(
        "SELECT POLICY_NAME, POLICY_KIND, REF_COLUMN_NAME, REF_ARG_COLUMN_NAMES FROM TABLE(D.INFORMATION_SCHEMA."
        "POLICY_REFERENCES(REF_ENTITY_NAME => 'D.S.E', REF_ENTITY_DOMAIN => 'TABLE'))"
    )
    assert [tuple(row.values()) for row in found] == [("EP", "AGGREGATION_POLICY", None, '["WHO"]')]
    for kind, name in (("POLICY", "AP"), ("POLICY", "JP"), ("TABLE", "E"), ("TABLE", "J")):
        text = office.run(f"SELECT GET_DDL('{kind}', 'D.S.{name}')")[0][0]
        office.run("CREATE OR REPLACE SCHEMA D.AGAIN", "USE SCHEMA D.AGAIN", text)
        assert office.run(f"SELECT GET_DDL('{kind}', 'D.AGAIN.{name}')")[0][0] == text
        office.run("USE SCHEMA D.S")


def test_they_are_put_on_and_taken_off(org):
    org.run("CREATE DATABASE D", "CREATE TABLE T (A NUMBER, B NUMBER)", "CREATE VIEW V AS SELECT * FROM T")
    body = "AS () RETURNS AGGREGATION_CONSTRAINT -> AGGREGATION_CONSTRAINT(MIN_GROUP_SIZE => 2)"
    org.run(f"CREATE AGGREGATION POLICY A1 {body}", f"CREATE AGGREGATION POLICY A2 {body}")
    org.run("ALTER VIEW V SET AGGREGATION POLICY A1", "ALTER TABLE T SET AGGREGATION POLICY A1 ENTITY KEY (A)")
    assert org.refused("ALTER TABLE T SET AGGREGATION POLICY A2")[0] == 2002
    assert org.refused("ALTER TABLE T DROP COLUMN A")[0] == 3527
    org.run("ALTER TABLE T SET AGGREGATION POLICY A2 FORCE", "ALTER TABLE T DROP COLUMN B", "CREATE TABLE C CLONE T")
    assert org.refused("SELECT * FROM C")[0] == AGGREGATE
    org.run("ALTER TABLE T UNSET AGGREGATION POLICY", "ALTER TABLE C UNSET AGGREGATION POLICY")
    assert org.run("SELECT * FROM C") == []
    assert org.refused("DROP AGGREGATION POLICY A1")[0] == 3524
    org.run("ALTER VIEW V UNSET AGGREGATION POLICY", "DROP AGGREGATION POLICY A1", "DROP AGGREGATION POLICY A2")
    group = "AS () RETURNS AGGREGATION_CONSTRAINT -> AGGREGATION_CONSTRAINT"
    for wrong in (
        f"CREATE AGGREGATION POLICY X {group}(MIN_GROUP_SIZE => 'x')",
        f"CREATE AGGREGATION POLICY X {group}(MIN_ROW_COUNT => 1)",
        f"CREATE AGGREGATION POLICY X {group}()",
        "CREATE AGGREGATION POLICY X AS () RETURNS AGGREGATION_CONSTRAINT -> NO_AGGREGATION_CONSTRAINT(1)",
        "CREATE AGGREGATION POLICY X AS (A NUMBER) RETURNS AGGREGATION_CONSTRAINT -> NO_AGGREGATION_CONSTRAINT()",
        "CREATE JOIN POLICY X AS () RETURNS JOIN_CONSTRAINT -> JOIN_CONSTRAINT(JOIN_REQUIRED => 1)",
        "CREATE JOIN POLICY X AS () RETURNS JOIN_CONSTRAINT -> JOIN_CONSTRAINT()",
        "CREATE JOIN POLICY X AS () RETURNS AGGREGATION_CONSTRAINT -> NO_AGGREGATION_CONSTRAINT()",
        "ALTER TABLE T SET JOIN POLICY NOPE",
        "ALTER TABLE T SET AGGREGATION POLICY NOPE ENTITY KEY (NOPE)",
    ):
        assert org.refused(wrong)[0] not in (0, 603), wrong
