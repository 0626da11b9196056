# ruff: noqa: E501
"""Rewriting: what is certainly a database's name is moved, all other text stays byte for byte, the rest is reported."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings, strategies as st

from runner.sql.canonical import canonical
from runner.sql.errors import RewriteError
from runner.sql.rewriting import Edit, Seen, SeenKind, rewrite

MAP = {"prod_db": "dev_db"}

CHANGED = [
    ("three parts", "SELECT * FROM PROD_DB.S.T", "SELECT * FROM DEV_DB.S.T"),
    ("any case", "SELECT * FROM Prod_Db.s.t, prod_db.s.u", "SELECT * FROM DEV_DB.s.t, dev_db.s.u"),
    ("quoted", 'SELECT * FROM "PROD_DB"."S"."T"', 'SELECT * FROM "DEV_DB"."S"."T"'),
    ("blanks and comments between", "SELECT * FROM PROD_DB /* a */ . S\n.T", "SELECT * FROM DEV_DB /* a */ . S\n.T"),
    ("public schema", "SELECT * FROM PROD_DB..T", "SELECT * FROM DEV_DB..T"),
    ("a column of a table", "SELECT PROD_DB.S.T.A FROM PROD_DB.S.T", "SELECT DEV_DB.S.T.A FROM DEV_DB.S.T"),
    ("use", "USE PROD_DB; USE DATABASE prod_db; USE PROD_DB.S", "USE DEV_DB; USE DATABASE dev_db; USE DEV_DB.S"),
    ("use schema", "USE SCHEMA PROD_DB.S", "USE SCHEMA DEV_DB.S"),
    ("in schema", "GRANT SELECT ON ALL TABLES IN SCHEMA PROD_DB.S TO ROLE R", "GRANT SELECT ON ALL TABLES IN SCHEMA DEV_DB.S TO ROLE R"),
    ("on database", "GRANT USAGE ON DATABASE PROD_DB TO ROLE R", "GRANT USAGE ON DATABASE DEV_DB TO ROLE R"),
    ("if not exists", "CREATE DATABASE IF NOT EXISTS PROD_DB", "CREATE DATABASE IF NOT EXISTS DEV_DB"),
    ("schema if exists", "DROP SCHEMA IF EXISTS PROD_DB.S", "DROP SCHEMA IF EXISTS DEV_DB.S"),
    ("database role", "DROP DATABASE ROLE IF EXISTS PROD_DB.R", "DROP DATABASE ROLE IF EXISTS DEV_DB.R"),
    ("clone", "CREATE DATABASE X CLONE PROD_DB", "CREATE DATABASE X CLONE DEV_DB"),
    ("clone a schema", "CREATE SCHEMA X CLONE PROD_DB.S", "CREATE SCHEMA X CLONE DEV_DB.S"),
    ("swap", "ALTER DATABASE X SWAP WITH PROD_DB", "ALTER DATABASE X SWAP WITH DEV_DB"),
    ("show", "SHOW TABLES IN PROD_DB.S", "SHOW TABLES IN DEV_DB.S"),
    ("identifier", "SELECT * FROM IDENTIFIER('prod_db.s.t')", "SELECT * FROM IDENTIFIER('dev_db.s.t')"),
    ("identifier of a database", "USE DATABASE IDENTIFIER('PROD_DB')", "USE DATABASE IDENTIFIER('DEV_DB')"),
    ("identifier, quoted", "SELECT * FROM IDENTIFIER('\"PROD_DB\".s.\"t''\"')", "SELECT * FROM IDENTIFIER('\"DEV_DB\".s.\"t''\"')"),
    ("table of text", "SELECT * FROM TABLE('PROD_DB.S.T')", "SELECT * FROM TABLE('DEV_DB.S.T')"),
    ("stage", "LIST @PROD_DB.S.ST/prod_db.s.t/x", "LIST @DEV_DB.S.ST/prod_db.s.t/x"),
    ("table stage", "LIST @PROD_DB.S.%T", "LIST @DEV_DB.S.%T"),
    ("stage and format", "COPY INTO T FROM @PROD_DB.S.ST FILE_FORMAT=(FORMAT_NAME='PROD_DB.S.F')", "COPY INTO T FROM @DEV_DB.S.ST FILE_FORMAT=(FORMAT_NAME='DEV_DB.S.F')"),
    ("sequence", "SELECT PROD_DB.S.SEQ.NEXTVAL", "SELECT DEV_DB.S.SEQ.NEXTVAL"),
    ("sequence default", "CREATE TABLE T (A INT DEFAULT PROD_DB.S.SEQ.NEXTVAL)", "CREATE TABLE T (A INT DEFAULT DEV_DB.S.SEQ.NEXTVAL)"),
    ("function", "SELECT PROD_DB.S.F(1)::PROD_DB", "SELECT DEV_DB.S.F(1)::PROD_DB"),
    ("tag", "CREATE TABLE T (A INT) WITH TAG (PROD_DB.TAGS.PII='x')", "CREATE TABLE T (A INT) WITH TAG (DEV_DB.TAGS.PII='x')"),
    ("dollar body", "CREATE PROCEDURE P() RETURNS INT LANGUAGE SQL AS $$ BEGIN INSERT INTO PROD_DB.S.T SELECT 1; END $$", "CREATE PROCEDURE P() RETURNS INT LANGUAGE SQL AS $$ BEGIN INSERT INTO DEV_DB.S.T SELECT 1; END $$"),
    ("quoted body", "CREATE OR REPLACE PROCEDURE P() RETURNS INT AS 'BEGIN SELECT ''a\\n''''b'' FROM PROD_DB.S.T; END'", "CREATE OR REPLACE PROCEDURE P() RETURNS INT AS 'BEGIN SELECT ''a\\n''''b'' FROM DEV_DB.S.T; END'"),
    ("bare body", "CREATE PROCEDURE P() RETURNS INT AS BEGIN DELETE FROM PROD_DB.S.T; END", "CREATE PROCEDURE P() RETURNS INT AS BEGIN DELETE FROM DEV_DB.S.T; END"),
    ("text of a name in a quoted body", "CREATE PROCEDURE P() RETURNS INT AS 'SELECT * FROM IDENTIFIER(''PROD_DB.S.T'')'", "CREATE PROCEDURE P() RETURNS INT AS 'SELECT * FROM IDENTIFIER(''DEV_DB.S.T'')'"),
    ("second statement", "SELECT 1; CREATE FUNCTION F() RETURNS INT AS 'SELECT A FROM PROD_DB.S.T'", "SELECT 1; CREATE FUNCTION F() RETURNS INT AS 'SELECT A FROM DEV_DB.S.T'"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "before", "after"), CHANGED, ids=[name for name, *_ in CHANGED])
def test_names_of_databases_are_moved(name: str, before: str, after: str) -> None:
    assert rewrite(before, MAP).text == after
    assert rewrite(after, MAP).text == after


LEFT = [
    ("string", "SELECT 'source: prod_db'", SeenKind.STRING),
    ("comparison", "SELECT CURRENT_DATABASE() = 'PROD_DB'", SeenKind.STRING),
    ("comment", "SELECT 1 -- was PROD_DB.S.T", SeenKind.COMMENT),
    ("last comment", "SELECT 1; /* prod_db */", SeenKind.COMMENT),
    ("comment clause", "CREATE TABLE T (A INT) COMMENT='from PROD_DB'", SeenKind.STRING),
    ("dynamic", "EXECUTE IMMEDIATE 'DELETE FROM PROD_DB.S.T'", SeenKind.DYNAMIC),
    ("dynamic in dollars", "EXECUTE IMMEDIATE $$ DELETE FROM PROD_DB.S.T $$", SeenKind.DYNAMIC),
    ("javascript", "CREATE PROCEDURE P() RETURNS INT LANGUAGE JAVASCRIPT AS $$ `PROD_DB.S.T` $$", SeenKind.FOREIGN),
    ("python", "CREATE FUNCTION F() RETURNS INT LANGUAGE PYTHON HANDLER='f' AS 'x = \"PROD_DB.S.T\"'", SeenKind.FOREIGN),
    ("column", "SELECT prod_db FROM T", SeenKind.NAME),
    ("alias", "SELECT 1 FROM T AS prod_db", SeenKind.NAME),
    ("cte", "WITH prod_db AS (SELECT 1) SELECT 1", SeenKind.NAME),
    ("qualified column", "SELECT src.prod_db FROM src", SeenKind.NAME),
    ("two parts", "SELECT prod_db.x FROM T", SeenKind.AMBIGUOUS),
    ("table in a schema of that name", "SELECT 1 FROM PROD_DB.T", SeenKind.AMBIGUOUS),
    ("identifier of two parts", "SELECT 1 FROM IDENTIFIER('PROD_DB.T')", SeenKind.AMBIGUOUS),
    ("variable", "SELECT 1 FROM IDENTIFIER(:v)", SeenKind.VARIABLE),
    ("session variable", "SELECT 1 FROM IDENTIFIER($v)", SeenKind.VARIABLE),
    ("share", "CREATE DATABASE X FROM SHARE PROD_DB.ACCOUNT.S", SeenKind.NAME),
    ("body that never ends", "CREATE PROCEDURE P() RETURNS INT AS $$ SELECT ' FROM PROD_DB.S.T $$", SeenKind.UNREADABLE),
    ("string in a body", "CREATE PROCEDURE P() RETURNS INT AS 'SELECT ''prod_db'''", SeenKind.STRING),
    ("comment in a body", "CREATE PROCEDURE P() RETURNS INT AS $$ -- prod_db\n SELECT 1 $$", SeenKind.COMMENT),
]  # fmt: skip


@pytest.mark.parametrize(("name", "sql", "kind"), LEFT, ids=[name for name, *_ in LEFT])
def test_what_may_mean_something_else_is_left_and_reported(name: str, sql: str, kind: SeenKind) -> None:
    rewritten = rewrite(sql, MAP)
    assert (rewritten.text, rewritten.edits) == (sql, ())
    (seen,) = rewritten.seen
    assert seen.kind is kind
    assert sql[seen.start :].startswith(seen.text)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM PROD_DB_ARCHIVE.S.T, MY_PROD_DB.S.T, PROD_DB2.S.T",
        'SELECT * FROM "prod_db".S.T',
        "SELECT V:prod_db.a.b, :prod_db FROM T",
        "SELECT 'prod_db_archive' -- my_prod_db",
        "CREATE TASK T WAREHOUSE=W AS SELECT 1",
    ],
)
def test_other_names_are_neither_moved_nor_reported(sql: str) -> None:
    rewritten = rewrite(sql, MAP)
    assert (rewritten.text, rewritten.edits, rewritten.seen) == (sql, (), ())


def test_every_edit_and_sighting_has_its_place_and_line() -> None:
    sql = "SELECT 1;\nCREATE PROCEDURE P() RETURNS INT AS 'BEGIN\n SELECT ''x'' FROM PROD_DB.S.T; -- PROD_DB\nEND'"
    rewritten = rewrite(sql, MAP)
    place = sql.index("PROD_DB")
    assert rewritten.edits == (Edit(place, place + 7, 3, "PROD_DB", "DEV_DB"),)
    assert rewritten.seen == (Seen(sql.rindex("PROD_DB"), 3, SeenKind.COMMENT, "PROD_DB"),)


def test_targets_may_be_quoted_names_or_templates() -> None:
    sql = "SELECT * FROM PROD_DB.S.T, prod_db.s.t, \"PROD_DB\".S.T, IDENTIFIER('PROD_DB.S.T')"
    assert rewrite(sql, {"PROD_DB": "dev db'"}).text == (
        'SELECT * FROM "dev db\'".S.T, "dev db\'".s.t, "dev db\'".S.T, IDENTIFIER(\'"dev db\'\'".S.T\')'
    )
    template = rewrite(sql, {"PROD_DB": "{{ env.database }}"}).text
    assert template.count("{{ env.database }}") == 4
    assert rewrite(template, {"PROD_DB": "{{ env.database }}"}).text == template


def test_several_databases_at_once_and_quoted_sources() -> None:
    sql = 'SELECT * FROM A.S.T, B.S.T, "c".S.T, C.S.T'
    assert rewrite(sql, {"a": "X", "b": "B", '"c"': "Z"}).text == 'SELECT * FROM X.S.T, B.S.T, "Z".S.T, C.S.T'


def test_a_map_that_would_run_in_circles_is_refused() -> None:
    with pytest.raises(RewriteError, match="B is both a source and a target"):
        rewrite("SELECT 1", {"A": "B", "B": "C"})


PIECES = [
    "SELECT", "FROM", "PROD_DB.S.T", "prod_db.s.t", '"PROD_DB".S.T', "PROD_DB", "PROD_DB..T", "x.PROD_DB", "USE", ";",
    "DATABASE", "SCHEMA", "PROD_DB.S", "'PROD_DB'", "IDENTIFIER('PROD_DB.S.T')", "-- PROD_DB\n", "/* PROD_DB */", "(",
    ")", "CREATE PROCEDURE P() RETURNS INT AS", "'SELECT ''a'' FROM PROD_DB.S.T'", "$$ DELETE FROM PROD_DB.S.T $$", ",",
    "LANGUAGE JAVASCRIPT", "@PROD_DB.S.ST/a/b", "IN", "CLONE", "ROLE", "AS", ":", "'a\\'b'", "'\\n'", "é", "{{ x }}",
]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))
def test_twice_is_once_the_inverse_gives_it_back_and_the_rest_is_untouched(sql: str) -> None:
    once = rewrite(sql, MAP)
    assert rewrite(once.text, MAP).text == once.text
    assert not rewrite(once.text, MAP).edits
    assert rewrite(once.text, {"dev_db": "prod_db"}).text == sql
    position, parts = 0, []
    for edit in once.edits:
        assert sql[edit.start : edit.end] == edit.before
        parts += [sql[position : edit.start], edit.after]
        position = edit.end
    assert "".join(parts) + sql[position:] == once.text
    assert len(once.edits) + len(once.seen) >= len(re.findall("prod_db", sql, re.IGNORECASE)) - sql.count(":")


SOURCE = """create or replace TABLE PROD_DB.MART.FACT (
\tID NUMBER(38,0) NOT NULL DEFAULT PROD_DB.MART.SEQ.NEXTVAL,
\t"Note" VARCHAR(16777216) COMMENT 'was in PROD_DB',
\tprimary key (ID),
\tforeign key (ID) references PROD_DB.MART.DIM(ID)
)COMMENT='facts';
CREATE OR REPLACE PROCEDURE "SP_LOAD"("D" DATE)
RETURNS VARCHAR(16777216)
LANGUAGE SQL
EXECUTE AS OWNER
AS 'BEGIN
  INSERT INTO PROD_DB.MART.FACT (ID) SELECT ID FROM PROD_DB.SRC.RAW WHERE N = ''it''''s''; -- from PROD_DB
  RETURN ''done'';
END';"""

TARGET = """CREATE TABLE IF NOT EXISTS dev_db.mart.fact (
  id INT NOT NULL DEFAULT dev_db.mart.seq.NEXTVAL,
  "Note" STRING COMMENT 'was in PROD_DB',
  PRIMARY KEY (id),
  FOREIGN KEY (id) REFERENCES dev_db.mart.dim (id)
) COMMENT = 'facts';
CREATE OR ALTER PROCEDURE sp_load(d DATE) RETURNS STRING AS
$$
BEGIN
  INSERT INTO dev_db.mart.fact (id) SELECT id FROM dev_db.src.raw WHERE n = 'it''s';
  RETURN 'done';
END;
$$;"""


def test_what_was_written_for_the_target_is_what_the_source_prints() -> None:
    assert canonical(rewrite(TARGET, {"DEV_DB": "PROD_DB"}).text) == canonical(SOURCE)
    assert canonical(rewrite(SOURCE, {"PROD_DB": "DEV_DB"}).text) == canonical(TARGET)
    assert canonical(TARGET) != canonical(SOURCE)
