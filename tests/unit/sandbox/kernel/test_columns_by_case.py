"""Columns whose names differ by case alone are two columns everywhere: the engine below does not know them apart."""

import json

import pytest

ROWS = [(1, "x", 5), (2, "y", 4)]


@pytest.fixture
def t(client):
    client.run('CREATE TABLE t ("a" INT, A VARCHAR, b INT)', "INSERT INTO t VALUES (1, 'x', 5), (2, 'y', 4)")
    return client


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT * FROM t ORDER BY 1", ROWS),
        ('SELECT A, "a", "A" FROM t WHERE "a" = 2 AND a <> \'x\'', [("y", 2, "y")]),
        ('SELECT "a", a FROM t ORDER BY "A" DESC', [(2, "y"), (1, "x")]),
        ('SELECT "a", a FROM t ORDER BY "a" DESC', [(2, "y"), (1, "x")]),
        ('SELECT x."a", y.A FROM t AS x JOIN t AS y ON x."a" = y."a" ORDER BY 1', [(1, "x"), (2, "y")]),
        ('WITH q AS (SELECT "a", A FROM t) SELECT A, q."a" FROM q ORDER BY A', [("x", 1), ("y", 2)]),
        ('SELECT z.A FROM (SELECT "a", A FROM t) z WHERE z."a" = 1', [("x",)]),
        ('SELECT "a" FROM (SELECT 1 AS A, 2 AS "a")', [(2,)]),
        ('SELECT A, count(*), max("a") FROM t GROUP BY A ORDER BY A', [("x", 1, 1), ("y", 1, 2)]),
        ('SELECT DISTINCT A, "a" FROM t ORDER BY "a"', [("x", 1), ("y", 2)]),
        ('SELECT * EXCLUDE "a" FROM t ORDER BY A', [("x", 5), ("y", 4)]),
        ('SELECT * RENAME "a" AS "B" FROM t ORDER BY b', [(2, "y", 4), (1, "x", 5)]),
        ('SELECT p."C1", p."c1" FROM t AS p("c1", "C1", d) ORDER BY 2', [("x", 1), ("y", 2)]),
        ("SELECT \"a\", A FROM t UNION SELECT 3, 'z' ORDER BY A DESC", [(3, "z"), (2, "y"), (1, "x")]),
        (
            'SELECT A, "a" FROM t UNION ALL BY NAME SELECT 0 AS "a", \'w\' AS A ORDER BY "a"',
            [("w", 0), ("x", 1), ("y", 2)],
        ),
        ('SELECT OBJECT_CONSTRUCT(*):"a"::INT + ROW_NUMBER() OVER (ORDER BY A) FROM t ORDER BY 1', [(2,), (4,)]),
        ('SELECT "a" FROM t QUALIFY ROW_NUMBER() OVER (PARTITION BY b ORDER BY A) = 1 ORDER BY "a"', [(1,), (2,)]),
    ],
)
def test_queries(t, query, found):
    assert t.rows(query) == found


def test_all_that_changes_rows(t):
    t.run(
        "INSERT INTO t (A, \"a\") VALUES ('z', 3)",
        """UPDATE t SET A = A || '!', "a" = "a" + 10 WHERE "a" = 2""",
        "DELETE FROM t WHERE A = 'z'",
        """MERGE INTO t USING (SELECT 1 AS "a", 'neu' AS A UNION ALL SELECT 9, 'new') s ON t."a" = s."a"
           WHEN MATCHED THEN UPDATE SET t.A = s.A WHEN NOT MATCHED THEN INSERT (A, "a") VALUES (s.A, s."a")""",
        """INSERT ALL INTO t ("a", A) VALUES ("n", N) SELECT 20 AS "n", 'all' AS N""",
    )
    assert t.rows('SELECT "a", A FROM t ORDER BY 1') == [(1, "neu"), (9, "new"), (12, "y!"), (20, "all")]
    t.run("BEGIN", "INSERT INTO t VALUES (30, 'mine', 0)")
    assert t.rows('SELECT A FROM t WHERE "a" = 30') == [("mine",)]
    t.run('UPDATE t SET "a" = 31 WHERE "a" = 30', "COMMIT", 'INSERT OVERWRITE INTO t SELECT "a", A, 1 FROM t')
    assert t.one("SELECT \"a\" FROM t WHERE A = 'mine'") == 31


def test_what_is_made_from_it(t):
    t.run(
        "CREATE TABLE c AS SELECT A, \"a\" FROM t", "CREATE TABLE l LIKE t", "CREATE TABLE k CLONE t",
        'CREATE VIEW v AS SELECT A, "a" FROM t', 'CREATE VIEW n ("x", X) AS SELECT "a", A FROM t',
        "CREATE DYNAMIC TABLE d TARGET_LAG = '1 day' WAREHOUSE = admin_wh AS SELECT \"a\", A FROM t",
        "INSERT INTO l SELECT * FROM k",
    )  # fmt: skip
    for made in ("c", "l", "k", "v", "d"):
        assert t.rows(f'SELECT "a", A FROM {made} ORDER BY 1') == [(1, "x"), (2, "y")]
    assert t.rows('SELECT X FROM n WHERE "x" = 2') == [("y",)]
    ddl = t.one("SELECT GET_DDL('TABLE', 'l')")
    t.run(ddl.replace("TABLE L", "TABLE again"))
    assert t.one("SELECT GET_DDL('TABLE', 'again')") == ddl.replace("TABLE L", "TABLE AGAIN")
    names = t.rows(
        "SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'T' ORDER BY ORDINAL_POSITION"
    )
    assert names == [("a",), ("A",), ("B",)]


def test_columns_come_go_and_change_their_names(client):
    client.run('CREATE TABLE w ("a" INT, b INT, A INT)', "INSERT INTO w VALUES (1, 2, 3)")
    client.run('ALTER TABLE w RENAME COLUMN "a" TO "z"')
    assert client.rows('SELECT A, b, "z" FROM w') == [(3, 2, 1)]
    client.run('ALTER TABLE w RENAME COLUMN b TO "a"')
    assert client.rows('SELECT A, "a", "z" FROM w') == [(3, 2, 1)]
    client.run('ALTER TABLE w RENAME COLUMN "z" TO Z', 'ALTER TABLE w DROP COLUMN "a"')
    assert client.rows("SELECT A, Z FROM w") == [(3, 1)]
    client.run(
        'ALTER TABLE w ADD COLUMN "z" INT DEFAULT 4', 'ALTER TABLE w ALTER COLUMN "z" SET DATA TYPE NUMBER(20,0)'
    )
    assert client.rows('SELECT Z, "z", * FROM w') == [(1, 4, 1, 3, 4)]
    assert client.refused('ALTER TABLE w ADD COLUMN "z" INT') == 1430
    client.run('ALTER TABLE w ALTER COLUMN "z" SET NOT NULL')
    assert client.refused('INSERT INTO w (Z, "z") VALUES (1, NULL)') == 100072
    client.run("ALTER TABLE w DROP COLUMN Z")
    assert client.rows('SELECT "z" FROM w AT (OFFSET => 0)') == [(4,)]


def test_the_rows_numbers_of_a_tracked_table_are_no_column(client):
    client.run("CREATE TABLE g (a INT) CHANGE_TRACKING = TRUE", "ALTER TABLE g ADD COLUMN b INT")
    client.run("INSERT INTO g VALUES (10, 20)")
    assert client.rows("SELECT * FROM g AS x(c1, c2)") == [(10, 20)]
    assert client.rows("SELECT c2 FROM g x(c1, c2)") == [(20,)]
    assert client.rows("SELECT c2, c1 FROM TABLE('g') AS x(c1, c2)") == [(20, 10)]


def test_streams_tell_them_apart(client):
    client.run('CREATE TABLE g (a INT, "a" INT)', "CREATE STREAM s ON TABLE g", "INSERT INTO g VALUES (1, 2)")
    client.run(
        'ALTER TABLE g ADD COLUMN "Aa" INT', "ALTER TABLE g ADD COLUMN aa INT", "INSERT INTO g VALUES (3, 4, 5, 6)"
    )
    client.run('UPDATE g SET "a" = 20, aa = 60 WHERE a = 1')
    assert client.rows('SELECT "a", a, "Aa", AA FROM s ORDER BY a') == [(20, 1, None, 60), (4, 3, 5, 6)]
    client.run('CREATE VIEW v AS SELECT "a", a FROM g', "CREATE STREAM vs ON VIEW v", "DELETE FROM g WHERE a = 3")
    assert client.rows('SELECT a, "a", METADATA$ACTION FROM vs') == [(3, 4, "DELETE")]


def test_policies_look_at_the_column_that_they_are_on(client):
    client.run('CREATE TABLE g (a INT, "a" INT)', "INSERT INTO g VALUES (1, 2), (3, 4)")
    client.run("CREATE MASKING POLICY m AS (v INT) RETURNS INT -> -v")
    client.run('ALTER TABLE g MODIFY COLUMN "a" SET MASKING POLICY m')
    assert client.rows('SELECT *, "a" FROM g ORDER BY a') == [(1, -2, -2), (3, -4, -4)]
    client.run("CREATE ROW ACCESS POLICY r AS (v INT) RETURNS BOOLEAN -> v > 2")
    client.run("ALTER TABLE g ADD ROW ACCESS POLICY r ON (a)", "UPDATE g SET a = 30 WHERE a = 3")
    assert client.rows('SELECT a, "a" FROM g') == [(30, -4)]


def test_files_go_in_and_out(t, tmp_path):
    t.run(
        "CREATE STAGE st",
        "COPY INTO @st/t.csv FROM (SELECT * FROM t) SINGLE = TRUE OVERWRITE = TRUE",
        "CREATE TABLE i LIKE t",
    )
    t.run("COPY INTO i FROM @st/t.csv")
    assert t.rows("SELECT * FROM i ORDER BY 1") == ROWS
    assert json.loads(t.one('SELECT TO_JSON(OBJECT_CONSTRUCT(*)) FROM i WHERE "a" = 1')) == {"A": "x", "B": 5, "a": 1}


def test_what_joins_by_names_is_refused(t):
    for query in ('SELECT * FROM t JOIN t AS u USING ("a")', "SELECT * FROM t NATURAL JOIN t AS u"):
        assert "(write ON)" in t.said(query)


def test_they_are_there_after_a_restart(tmp_path):
    from runner.sandbox import bootstrap
    from runner.sandbox.engine import Engine

    engine = Engine.open(tmp_path)
    bootstrap.create_organization(engine.catalog, tmp_path)
    session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN")
    for sql in (
        "CREATE DATABASE d",
        'CREATE TABLE d.public.t ("a" INT, A INT)',
        "INSERT INTO d.public.t VALUES (1, 2)",
    ):
        engine.execute(session, sql)
    engine.close()
    engine = Engine.open(tmp_path)
    session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN")
    assert engine.execute(session, 'SELECT A, "a" FROM d.public.t').rows() == [(2, 1)]
    engine.close()
