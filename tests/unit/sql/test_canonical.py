"""Canonical DDL: what means the same has one form, what means something else has another."""
# ruff: noqa: E501

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from runner.sql.bodies import body_text
from runner.sql.canonical import canonical
from runner.sql.lexing import string_literal, tokens
from runner.sql.types import canonical_type

SAME = [
    ("case and blanks", "create table t (a int)", "CREATE  TABLE\nT\n(A INT);"),
    ("comments", "CREATE TABLE t (a INT -- x\n, /* y */ b INT)", "CREATE TABLE t (a INT, b INT)"),
    ("an empty middle", "CREATE VIEW v AS SELECT * FROM db..t", "CREATE VIEW v AS SELECT * FROM db.public.t"),
    ("quotes", 'CREATE TABLE "DB"."S"."T" ("A" INT)', "CREATE TABLE db.s.t (a INT)"),
    ("creation", "CREATE OR REPLACE TABLE t (a INT)", "CREATE TABLE IF NOT EXISTS t (a INT)"),
    ("or alter", "CREATE OR ALTER TABLE t (a INT)", "CREATE TABLE t (a INT)"),
    ("copy grants", "CREATE OR REPLACE VIEW v COPY GRANTS AS SELECT 1", "CREATE VIEW v AS SELECT 1"),
    ("types", "CREATE TABLE t (a INT, b STRING, c TIMESTAMP, d DOUBLE PRECISION NOT NULL, e DECIMAL(10), f CHAR, g BOOL)",
     "create or replace TABLE T (\n\tA NUMBER(38,0),\n\tB VARCHAR(16777216),\n\tC TIMESTAMP_NTZ(9),\n\tD FLOAT NOT NULL, E NUMBER(10,0), F VARCHAR(1), G BOOLEAN\n);"),
    ("types of arguments", "CREATE PROCEDURE p(a INT, b TEXT DEFAULT 'x') RETURNS STRING AS '1'", 'CREATE OR REPLACE PROCEDURE "P"("A" NUMBER(38,0), "B" VARCHAR DEFAULT \'x\') RETURNS VARCHAR(16777216) LANGUAGE SQL EXECUTE AS OWNER AS \'1\''),
    ("casts", "CREATE VIEW v AS SELECT a::INT, b::string FROM t", "CREATE VIEW v AS SELECT a::NUMBER(38,0), b::VARCHAR FROM t"),
    ("body in quotes or dollars", "CREATE PROCEDURE p() RETURNS INT AS $$ BEGIN\n RETURN 'a''b'; END; $$", "CREATE PROCEDURE p() RETURNS INT LANGUAGE SQL AS 'BEGIN RETURN ''a''''b''; -- done\nEND'"),
    ("bare body", "CREATE PROCEDURE p() RETURNS INT AS BEGIN RETURN 1; END;", "CREATE PROCEDURE p() RETURNS INT AS $$ BEGIN RETURN 1; END $$"),
    ("strings", "CREATE TABLE t (a INT) COMMENT = 'it\\'s'", "CREATE TABLE t (a INT) COMMENT = 'it''s'"),
    ("javascript line ends", "CREATE PROCEDURE p() RETURNS INT LANGUAGE JAVASCRIPT AS $$\r\nreturn 'x';\r\n$$", "CREATE PROCEDURE p() RETURNS INT LANGUAGE JAVASCRIPT AS '\nreturn ''x'';\n'"),
]  # fmt: skip

OTHER = [
    ("case of a quoted name", 'CREATE TABLE t ("a" INT)', "CREATE TABLE t (a INT)"),
    ("length", "CREATE TABLE t (a VARCHAR(10))", "CREATE TABLE t (a VARCHAR(11))"),
    ("scale", "CREATE TABLE t (a NUMBER(38,9))", "CREATE TABLE t (a NUMBER(38,0))"),
    ("null", "CREATE TABLE t (a INT NOT NULL)", "CREATE TABLE t (a INT)"),
    ("order of columns", "CREATE TABLE t (a INT, b INT)", "CREATE TABLE t (b INT, a INT)"),
    ("column called text", "CREATE TABLE t (text INT)", "CREATE TABLE t (string INT)"),
    ("a view's column called text", "CREATE VIEW v AS SELECT a text FROM t", "CREATE VIEW v AS SELECT a string FROM t"),
    ("case in a string", "CREATE TABLE t (a INT) COMMENT='X'", "CREATE TABLE t (a INT) COMMENT='x'"),
    ("transient", "CREATE TRANSIENT TABLE t (a INT)", "CREATE TABLE t (a INT)"),
    ("secure", "CREATE SECURE VIEW v AS SELECT 1", "CREATE VIEW v AS SELECT 1"),
    ("caller", "CREATE PROCEDURE p() RETURNS INT EXECUTE AS CALLER AS '1'", "CREATE PROCEDURE p() RETURNS INT AS '1'"),
    ("body", "CREATE PROCEDURE p() RETURNS INT AS 'SELECT 1'", "CREATE PROCEDURE p() RETURNS INT AS 'SELECT 2'"),
    ("case of javascript", "CREATE PROCEDURE p() RETURNS INT LANGUAGE JAVASCRIPT AS 'return A'", "CREATE PROCEDURE p() RETURNS INT LANGUAGE JAVASCRIPT AS 'return a'"),
    ("blank line in python", "CREATE PROCEDURE p() RETURNS INT LANGUAGE PYTHON AS 'a\n\nb'", "CREATE PROCEDURE p() RETURNS INT LANGUAGE PYTHON AS 'a\nb'"),
    ("copy grants in a body", "CREATE PROCEDURE p() RETURNS INT AS 'CREATE OR REPLACE VIEW v COPY GRANTS AS SELECT 1'", "CREATE PROCEDURE p() RETURNS INT AS 'CREATE VIEW v AS SELECT 1'"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "one", "two"), SAME, ids=[name for name, *_ in SAME])
def test_what_means_the_same_has_one_form(name: str, one: str, two: str) -> None:
    assert canonical(one) == canonical(two)


@pytest.mark.parametrize(("name", "one", "two"), OTHER, ids=[name for name, *_ in OTHER])
def test_what_means_something_else_has_another(name: str, one: str, two: str) -> None:
    assert canonical(one) != canonical(two)


@pytest.mark.parametrize("sql", [text for case in SAME + OTHER for text in case[1:]])
def test_the_form_of_a_form_is_itself(sql: str) -> None:
    assert canonical(canonical(sql)) == canonical(sql)


def test_a_form_shows_a_column_a_line() -> None:
    assert canonical("CREATE TABLE t (a INT, b NUMBER(38,9) DEFAULT f(1, 2))") == (
        "CREATE TABLE T ( A NUMBER(38,0) ,\nB NUMBER(38,9) DEFAULT F ( 1 , 2 ) )"
    )


@pytest.mark.parametrize(
    ("written", "true"),
    [
        ("timestamp with time zone", "TIMESTAMP_TZ(9)"), ("timestamp_tz(3)", "TIMESTAMP_TZ(3)"), ("datetime", "TIMESTAMP_NTZ(9)"),
        ("numeric(10, 2)", "NUMBER(10,2)"), ("bigint", "NUMBER(38,0)"), ("real", "FLOAT"), ("varchar(5)", "VARCHAR(5)"),
        ("varbinary", "BINARY(8388608)"), ("variant", "VARIANT"), ("vector(float, 3)", "VECTOR(FLOAT,3)"), ("time", "TIME(9)"),
        ("char varying(3)", "VARCHAR(3)"), ("geography", "GEOGRAPHY"),
    ],
)  # fmt: skip
def test_types_have_one_true_name(written: str, true: str) -> None:
    assert canonical_type([token for token in tokens(written) if token.text.strip()]) == true


@pytest.mark.parametrize(
    ("ddl", "body"),
    [
        ("CREATE PROCEDURE p() RETURNS INT AS 'SELECT ''a\\\\n'''", "SELECT 'a\\n'"),
        ("CREATE PROCEDURE p() RETURNS INT AS $$\nSELECT 'a'\n$$;", "\nSELECT 'a'\n"),
        ("CREATE PROCEDURE p() RETURNS INT AS\nBEGIN\n RETURN 1;\nEND;\n", "BEGIN\n RETURN 1;\nEND"),
        ("CREATE TABLE t (a INT)", ""),
        ("CREATE VIEW v AS SELECT 'x'", ""),
        ("CREATE TABLE function AS SELECT 'x'", ""),
    ],
)
def test_a_body_is_its_true_text(ddl: str, body: str) -> None:
    assert body_text(ddl) == body


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="$"), max_size=40))
def test_a_body_means_the_same_in_quotes_and_in_dollars(body: str) -> None:
    head = "CREATE PROCEDURE p() RETURNS INT LANGUAGE PYTHON AS "
    assert body_text(head + string_literal(body)) == body_text(f"{head}$${body}$$") == body
    assert canonical(head + string_literal(body)) == canonical(f"{head}$${body}$$")
