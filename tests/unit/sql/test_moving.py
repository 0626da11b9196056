# ruff: noqa: E501
"""Moving one object's DDL: names change by spans, the rest stays byte for byte, what is not certain is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runner.sql.moving import EditKind, Names, move
from runner.sql.rewriting import SeenKind
from tests.unit.sql.test_rewriting import CHANGED, LEFT

DATABASE = Names(databases={"PROD_DB": "dev_db"}, home=("PROD_DB", "S"))


@pytest.mark.parametrize(("name", "before", "after"), CHANGED, ids=[name for name, *_ in CHANGED])
def test_names_of_databases_are_moved(name: str, before: str, after: str) -> None:
    assert move(before, DATABASE).text == after
    assert not move(after, DATABASE).edits


@pytest.mark.parametrize(("name", "sql", "kind"), LEFT, ids=[name for name, *_ in LEFT])
def test_what_may_mean_something_else_is_left_and_said(name: str, sql: str, kind: SeenKind) -> None:
    moved = move(sql, DATABASE)
    assert (moved.text, moved.edits) == (sql, ())
    assert kind in {seen.kind for seen in moved.seen} or name == "comment clause"


TEMPLATE = Names(
    databases={"PROD_DB": "{{ env.database | ident }}", "GOV_DB": "GOV_DEV"},
    schemas={("PROD_DB", "S"): "{{ s }}", ("PROD_DB", "MART"): "{{ mart }}", ("PROD_DB", "PUBLIC"): "{{ public }}"},
    schema_names={("PROD_DB", "OLD"): "NEW"},
    objects={("PROD_DB", "S", "T"): "T2", ("PROD_DB", "MART", "DIM"): "dim 2"},
    others={"WAREHOUSE": {"WH": "{{ env.warehouse | ident }}"}, "ROLE": {"R": "R_DEV"}},
    home=("PROD_DB", "S"),
)

MOVED = [
    ("own name", "CREATE TABLE PROD_DB.MART.X (A INT)", "CREATE TABLE {{ mart }}.X (A INT)"),
    ("own name, unqualified", "CREATE TABLE X (A INT)", "CREATE TABLE {{ s }}.X (A INT)"),
    ("own name of two parts", 'CREATE TABLE MART."x" (A INT)', 'CREATE TABLE {{ mart }}."x" (A INT)'),
    ("public", "CREATE TABLE PROD_DB..X (A INT)", "CREATE TABLE {{ public }}.X (A INT)"),
    ("renamed", "CREATE VIEW X AS SELECT * FROM T", "CREATE VIEW {{ s }}.X AS SELECT * FROM T2"),
    ("renamed and its columns", "CREATE VIEW X AS SELECT T.A, S.T.B, PROD_DB.S.T.C FROM T", "CREATE VIEW {{ s }}.X AS SELECT T2.A, S.T2.B, {{ s }}.T2.C FROM T2"),
    ("alias like a table", "CREATE VIEW X AS SELECT T.A FROM MART.DIM T", 'CREATE VIEW {{ s }}.X AS SELECT T.A FROM MART."dim 2" T'),
    ("common table like a table", "CREATE VIEW X AS WITH T AS (SELECT 1 A) SELECT T.A FROM T", "CREATE VIEW {{ s }}.X AS WITH T AS (SELECT 1 A) SELECT T.A FROM T"),
    ("common table over a table of its name", "CREATE VIEW X AS WITH T AS (SELECT * FROM T) SELECT T.A FROM T", "CREATE VIEW {{ s }}.X AS WITH T AS (SELECT * FROM T2) SELECT T.A FROM T"),
    ("two parts", "CREATE VIEW X AS SELECT * FROM MART.A JOIN OLD.B", "CREATE VIEW {{ s }}.X AS SELECT * FROM MART.A JOIN NEW.B"),
    ("schema renamed, database by name", "CREATE VIEW X AS SELECT * FROM PROD_DB.OLD.B", "CREATE VIEW {{ s }}.X AS SELECT * FROM {{ env.database | ident }}.NEW.B"),
    ("other database", "CREATE TABLE X (A INT WITH MASKING POLICY GOV_DB.POL.M)", "CREATE TABLE {{ s }}.X (A INT WITH MASKING POLICY GOV_DEV.POL.M)"),
    ("foreign key", "CREATE TABLE X (A INT, foreign key (A) references T(A))", "CREATE TABLE {{ s }}.X (A INT, foreign key (A) references {{ s }}.T2(A))"),
    ("sequence", "CREATE TABLE X (A INT DEFAULT PROD_DB.MART.SEQ.NEXTVAL, B INT DEFAULT SEQ.NEXTVAL)", "CREATE TABLE {{ s }}.X (A INT DEFAULT {{ mart }}.SEQ.NEXTVAL, B INT DEFAULT {{ s }}.SEQ.NEXTVAL)"),
    ("stream", "CREATE STREAM X ON TABLE T", "CREATE STREAM {{ s }}.X ON TABLE {{ s }}.T2"),
    ("task", "CREATE TASK X WAREHOUSE = WH AFTER A, PROD_DB.MART.B AS CALL P()", "CREATE TASK {{ s }}.X WAREHOUSE = {{ env.warehouse | ident }} AFTER {{ s }}.A, {{ mart }}.B AS CALL P()"),
    ("a table made in a block", "CREATE PROCEDURE X() RETURNS INT AS BEGIN CREATE TABLE Y (A INT); CREATE TABLE T (A INT); END", "CREATE PROCEDURE {{ s }}.X() RETURNS INT AS BEGIN CREATE TABLE Y (A INT); CREATE TABLE T2 (A INT); END"),
    ("comment between the parts", "CREATE VIEW X AS SELECT * FROM PROD_DB /* a */ .S.T", "CREATE VIEW {{ s }}.X AS SELECT * FROM {{ env.database | ident }} /* a */ .S.T2"),
    ("object of columns", "CREATE VIEW X AS SELECT {PROD_DB.S.T.*} FROM PROD_DB.S.T", "CREATE VIEW {{ s }}.X AS SELECT { {{ s }}.T2.*} FROM {{ s }}.T2"),
    ("role", "CREATE PROCEDURE X() RETURNS INT AS $$GRANT SELECT ON TABLE PROD_DB.S.T TO ROLE R$$", "CREATE PROCEDURE {{ s }}.X() RETURNS INT AS $$GRANT SELECT ON TABLE {{ s }}.T2 TO ROLE R_DEV$$"),
    ("role in a policy", "CREATE MASKING POLICY X AS (V VARCHAR) RETURNS VARCHAR -> IFF(IS_ROLE_IN_SESSION('R'), V, '')", "CREATE MASKING POLICY {{ s }}.X AS (V VARCHAR) RETURNS VARCHAR -> IFF(IS_ROLE_IN_SESSION('R_DEV'), V, '')"),
    ("schema", "CREATE SCHEMA PROD_DB.MART", "CREATE SCHEMA {{ mart }}"),
    ("use in a body", "CREATE PROCEDURE X() RETURNS INT AS $$BEGIN USE SCHEMA OLD; USE SCHEMA PROD_DB.MART; USE DATABASE PROD_DB; END$$", "CREATE PROCEDURE {{ s }}.X() RETURNS INT AS $$BEGIN USE SCHEMA NEW; USE SCHEMA {{ mart }}; USE DATABASE {{ env.database | ident }}; END$$"),
    ("raw text stays raw", "CREATE VIEW X AS SELECT '{% raw %}{{{% endraw %} PROD_DB }}' FROM PROD_DB.S.A", "CREATE VIEW {{ s }}.X AS SELECT '{% raw %}{{{% endraw %} PROD_DB }}' FROM {{ s }}.A"),
    ("a name within raw text", "CREATE VIEW X AS SELECT '{% raw %}{{', * FROM PROD_DB.S.A WHERE B = '{{{% endraw %}'", "CREATE VIEW {{ s }}.X AS SELECT '{% raw %}{{', * FROM {% endraw %}{{ s }}{% raw %}.A WHERE B = '{{{% endraw %}'"),
    ("imports", "CREATE FUNCTION X() RETURNS INT LANGUAGE PYTHON HANDLER='h' IMPORTS=('@PROD_DB.MART.ST/x.py')", "CREATE FUNCTION {{ s }}.X() RETURNS INT LANGUAGE PYTHON HANDLER='h' IMPORTS=('@{{ mart }}.ST/x.py')"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "before", "after"), MOVED, ids=[name for name, *_ in MOVED])
def test_names_are_moved_to_where_the_object_will_live(name: str, before: str, after: str) -> None:
    moved = move(before, TEMPLATE)
    assert moved.text == after
    assert not move(after, TEMPLATE).edits
    for edit in moved.edits:
        assert before.splitlines()[edit.line - 1][edit.column - 1 :].startswith(edit.before)


def test_an_expression_stands_in_no_text_that_its_name_would_end() -> None:
    names = replace(TEMPLATE, schemas={("PROD_DB", "it's"): "{{ its }}"})
    body = """CREATE PROCEDURE PROD_DB."it's".P() RETURNS INT AS $$SELECT * FROM IDENTIFIER('PROD_DB."it''s".X')$$"""
    after = """CREATE PROCEDURE {{ its }}.P() RETURNS INT AS $$SELECT * FROM IDENTIFIER('{{ env.database | ident }}."it''s".X')$$"""
    assert move(body, names).text == after


def test_what_is_outside_is_said() -> None:
    moved = move("CREATE VIEW X AS SELECT * FROM ARCHIVE.S.T JOIN SNOWFLAKE.ACCOUNT_USAGE.TABLES", TEMPLATE)
    assert [(seen.kind, seen.text) for seen in moved.seen] == [(SeenKind.OUTSIDE, "ARCHIVE")]


def test_a_text_that_cannot_be_read_is_kept_and_said() -> None:
    moved = move("CREATE VIEW PROD_DB.S.X AS SELECT 'PROD_DB", TEMPLATE)
    assert moved.text == "CREATE VIEW PROD_DB.S.X AS SELECT 'PROD_DB"
    assert {seen.kind for seen in moved.seen} == {SeenKind.UNREADABLE}


BODY = """CREATE PROCEDURE X() RETURNS INT AS $$
BEGIN
  EXECUTE IMMEDIATE 'DELETE FROM PROD_DB.S.T';
  EXECUTE IMMEDIATE 'SELECT * FROM PROD_DB.S.T' || x;
  RETURN 'from PROD_DB';
END
$$"""


def test_texts_are_changed_where_that_is_allowed() -> None:
    moved = move(BODY, replace(TEMPLATE, literals="rewrite"))
    assert "'DELETE FROM {{ s }}.T2'" in moved.text
    assert [(seen.line, seen.kind) for seen in moved.seen] == [(4, SeenKind.CONCATENATED), (5, SeenKind.STRING)]
    listed = move(BODY, replace(TEMPLATE, literals={(4, "PROD_DB.S.T"), (5, "PROD_DB")}))
    assert "'SELECT * FROM {{ s }}.T2' || x" in listed.text
    assert "'from {{ env.database | ident }}'" in listed.text
    assert [(edit.line, edit.kind) for edit in listed.edits[1:]] == [
        (4, EditKind.PREFIX),
        (4, EditKind.OBJECT),
        (5, EditKind.TEXT),
    ]
