"""References: what a script creates and needs, by parser and by tokens, and the order that follows."""
# ruff: noqa: E501

from __future__ import annotations

import logging

import pytest

from runner.core.names import ObjectName
from runner.sql.references import called, could_be, creates, dependencies, references

REFERENCES = [
    ("SELECT * FROM db.s.t, u AS x, \"v w\" JOIN s.y ON x.a = y.b", 'DB.S.T U "v w" S.Y'),
    ("SELECT * FROM db..t", "DB.PUBLIC.T"),
    ("WITH a AS (SELECT * FROM t), b AS (SELECT * FROM a) SELECT * FROM b", "T"),
    ("CREATE OR REPLACE VIEW v AS SELECT * FROM t WHERE x IN (SELECT y FROM u)", "T U"),
    ("CREATE OR REPLACE SECURE VIEW v COPY GRANTS AS SELECT EXTRACT(YEAR FROM d) FROM t", "T"),
    ("CREATE TABLE a CLONE db.s.b AT (TIMESTAMP => '2026-01-01'::TIMESTAMP_TZ)", "DB.S.B"),
    ("INSERT OVERWRITE INTO a (x) SELECT x FROM b", "A B"),
    ("MERGE INTO t USING (SELECT * FROM u) AS s ON t.a = s.a WHEN MATCHED THEN UPDATE SET b = s.b", "T U"),
    ("UPDATE t SET a = u.b FROM u", "T U"),
    ("DELETE FROM t USING u WHERE t.a = u.a", "T U"),
    ("TRUNCATE TABLE t", "T"),
    ("SELECT * FROM TABLE(f(1)) JOIN LATERAL FLATTEN(input => x.v)", ""),
    ("SELECT $1 FROM @db.s.st/x", ""),
    ("SELECT * FROM IDENTIFIER('db.s.t')", "DB.S.T"),
    ("SELECT seq.NEXTVAL, s.q.NEXTVAL", "SEQ S.Q"),
    ("CREATE STREAM st ON TABLE db.s.t", "DB.S.T"),
    ("GRANT SELECT ON VIEW db.s.v TO ROLE r", "DB.S.V"),
    ("CREATE DATABASE d FROM SHARE org.acc.s", ""),
    ("CREATE PROCEDURE p() RETURNS INT AS $$ BEGIN INSERT INTO t SELECT * FROM u; RETURN 1; END $$", "T U"),
    ("CREATE PROCEDURE p() RETURNS INT AS 'BEGIN LET n := (SELECT COUNT(*) FROM u WHERE a IS DISTINCT FROM b); END'", "U"),
    ("CREATE PROCEDURE p() RETURNS INT AS BEGIN MERGE INTO t USING u ON 1=1 WHEN MATCHED THEN UPDATE SET a=1; END", "T U"),
    ("CREATE FUNCTION f() RETURNS INT LANGUAGE JAVASCRIPT AS $$ SELECT * FROM t $$", ""),
    ("BEGIN WITH c AS (SELECT 1) SELECT * FROM c, d AS e, f g WHERE x; DELETE FROM h; END", "D F H"),
    ("BEGIN SELECT TRIM(BOTH ' ' FROM a), SUBSTRING(b FROM 2) FROM t; END", "T"),
    ("SELECT 1 FROM a; SELECT 2 FROM b", "A B"),
    ("SELECT 'FROM x' -- FROM y", ""),
    ("CALL p(1)", ""),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "names"), REFERENCES)
def test_references_are_the_names_where_tables_stand(sql: str, names: str) -> None:
    expected = names.replace('"v w"', '"v_w"').split()
    assert references(sql) == {ObjectName.parse(name.replace('"v_w"', '"v w"')) for name in expected}


CREATES = [
    ("CREATE OR REPLACE TRANSIENT TABLE IF NOT EXISTS db.s.t (a INT)", "DB.S.T"),
    ("create or alter view v as select 1; create sequence s.q", "V S.Q"),
    ("CREATE OR REPLACE PROCEDURE db..p(a INT) RETURNS INT AS 'SELECT 1'", "DB.PUBLIC.P"),
    ("CREATE ROW ACCESS POLICY s.pol AS (a INT) RETURNS BOOLEAN -> TRUE", "S.POL"),
    ("CREATE FILE FORMAT f TYPE = CSV", "F"),
    ("CREATE DATABASE d; CREATE ROLE r; CREATE SCHEMA s; CREATE SHARE x", ""),
    ("ALTER TABLE t ADD COLUMN a INT; DROP TABLE u; SELECT 1", ""),
]


@pytest.mark.parametrize(("sql", "names"), CREATES)
def test_creates_are_the_objects_of_schemas(sql: str, names: str) -> None:
    assert creates(sql) == {ObjectName.parse(name) for name in names.split()}


def test_called_are_functions_and_procedures() -> None:
    sql = "CREATE VIEW v(a) AS SELECT db.s.f(x), g(1) FROM TABLE(h(2)) WHERE a IN (1); CALL p()"
    assert called(sql) == {ObjectName.parse(name) for name in ("DB.S.F", "G", "H", "P")}


def test_two_names_can_be_one_object_when_the_parts_that_both_have_are_the_same() -> None:
    one, two = ObjectName.parse("t"), ObjectName.parse("db.s.t")
    assert could_be(one, two)
    assert could_be(two, ObjectName.parse("s.T"))
    assert not could_be(two, ObjectName.parse("x.t"))
    assert not could_be(one, ObjectName.parse('"t"'))


def test_dependencies_between_scripts_follow_from_what_they_name() -> None:
    scripts = {
        "R__a_top": "CREATE VIEW top AS SELECT * FROM mid",
        "R__b_mid": "CREATE VIEW s.mid AS SELECT f(a) FROM base",
        "R__c_function": "CREATE FUNCTION f(a INT) RETURNS INT AS 'a'",
        "R__d_grants": "GRANT SELECT ON VIEW db.s.mid TO ROLE r",
        "R__e_self": "CREATE VIEW self AS SELECT 1; SELECT * FROM self",
    }
    assert dependencies(scripts) == {
        "R__a_top": {"R__b_mid"},
        "R__b_mid": {"R__c_function"},
        "R__c_function": frozenset(),
        "R__d_grants": {"R__b_mid"},
        "R__e_self": frozenset(),
    }


def test_a_statement_the_parser_does_not_know_prints_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert references("CREATE TABLE t AS SELECT * FROM a MATCH_RECOGNIZE (nonsense") == {ObjectName.parse("a")}
    assert "unsupported" not in caplog.text
