"""Naming statements by their leading words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from runner.sql.kinds import breaks_transaction, is_ddl, is_dml, is_query, statement_kind

KINDS = [
    ("CREATE TABLE t (a INT)", "CREATE TABLE"),
    ("create or replace transient table t as select 1", "CREATE TABLE"),
    ("CREATE OR REPLACE SECURE RECURSIVE VIEW v AS SELECT 1", "CREATE VIEW"),
    ("CREATE OR ALTER TABLE t (a INT)", "CREATE TABLE"),
    ("CREATE TABLE IF NOT EXISTS t (a INT)", "CREATE TABLE"),
    ("CREATE SECURE MATERIALIZED VIEW v AS SELECT 1", "CREATE MATERIALIZED VIEW"),
    ("CREATE FILE FORMAT f", "CREATE FILE FORMAT"),
    ("CREATE DATABASE ROLE r", "CREATE DATABASE ROLE"),
    ("CREATE DATABASE d FROM SHARE a.s", "CREATE DATABASE"),
    ("CREATE ROW ACCESS POLICY p", "CREATE ROW ACCESS POLICY"),
    ("CREATE TEMP FUNCTION f() RETURNS INT AS '1'", "CREATE FUNCTION"),
    ("CREATE SHARE s", "CREATE SHARE"),
    ("ALTER SESSION SET A = 1", "ALTER SESSION"),
    ("ALTER SHARE s ADD ACCOUNTS = a.b", "ALTER SHARE"),
    ("DROP TABLE IF EXISTS t", "DROP TABLE"),
    ("UNDROP SCHEMA s", "UNDROP SCHEMA"),
    ("-- c\n/* d */ INSERT INTO t SELECT 1", "INSERT"),
    ("INSERT OVERWRITE INTO t SELECT 1", "INSERT"),
    ("MERGE INTO t USING s ON 1=1", "MERGE"),
    ("TRUNCATE TABLE t", "TRUNCATE"),
    ("COPY INTO t FROM @s", "COPY INTO"),
    ("(SELECT 1) UNION (SELECT 2)", "SELECT"),
    ("WITH a AS (SELECT 1) SELECT * FROM a", "SELECT"),
    ("WITH p AS PROCEDURE () RETURNS INT AS 'x' CALL p()", "CALL"),
    ("BEGIN", "BEGIN"),
    ("BEGIN TRANSACTION", "BEGIN"),
    ("START TRANSACTION", "BEGIN"),
    ("BEGIN SELECT 1; END", "BLOCK"),
    ("DECLARE x INT; BEGIN END", "BLOCK"),
    ("COMMIT WORK", "COMMIT"),
    ("USE ROLE r", "USE ROLE"),
    ("use role identifier('r')", "USE ROLE"),
    ('USE ROLE "r"', "USE ROLE"),
    ("USE SECONDARY ROLES NONE", "USE SECONDARY ROLES"),
    ("USE DATABASE d", "USE DATABASE"),
    ("USE d", "USE DATABASE"),
    ("USE SCHEMA d.s", "USE SCHEMA"),
    ("USE WAREHOUSE w", "USE WAREHOUSE"),
    ("EXECUTE IMMEDIATE 'x'", "EXECUTE IMMEDIATE"),
    ("EXECUTE TASK t", "EXECUTE TASK"),
    ("GRANT USAGE ON DATABASE d TO ROLE r", "GRANT"),
    ("SHOW TERSE TABLES", "SHOW TABLES"),
    ("desc table t", "DESCRIBE TABLE"),
    ("ls @s", "LIST"),
    ("CALL p()", "CALL"),
    ("COMMENT ON TABLE t IS 'x'", "COMMENT"),
    ("", ""),
    ("-- nothing", ""),
    ("42", ""),
]


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_a_statement_is_named_by_its_leading_words(text: str, kind: str) -> None:
    assert statement_kind(text) == kind


def test_what_commits_what_writes_and_what_reads() -> None:
    ddl = ["CREATE TABLE t AS SELECT 1", "GRANT SELECT ON t TO ROLE r", "DROP VIEW v", "COMMENT ON TABLE t IS ''"]
    dml = ["INSERT INTO t SELECT 1", "TRUNCATE TABLE t", "DELETE FROM t", "UPDATE t SET a=1", "COPY INTO t FROM @s"]
    queries = [
        "SELECT 1",
        "SHOW TABLES ->> SELECT * FROM $1",
        "DESC TABLE t",
        "WITH a AS (SELECT 1) SELECT 1",
        "LIST @s",
    ]
    neither = ["CALL p()", "ALTER SESSION SET A = 1", "USE ROLE r", "SET a = 1", "BEGIN", "EXECUTE IMMEDIATE 'x'"]
    for texts, expected in ((ddl, 1), (dml, 2), (queries, 3), (neither, 0)):
        for text in texts:
            assert (is_ddl(text), is_dml(text), is_query(text)) == (expected == 1, expected == 2, expected == 3), text


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("CREATE TABLE t AS SELECT 1", "CREATE TABLE is DDL"),
        ("BEGIN", "BEGIN is the runner's"),
        ("COMMIT", "COMMIT is the runner's"),
        ("ROLLBACK", "ROLLBACK is the runner's"),
        ("CALL p()", "CALL can run DDL"),
        ("BEGIN SELECT 1; END", "BLOCK can run"),
        ("EXECUTE IMMEDIATE 'x'", "EXECUTE IMMEDIATE can run"),
        ("ALTER SESSION SET autocommit = TRUE", "AUTOCOMMIT"),
        ("TRUNCATE TABLE t", ""),
        ("INSERT OVERWRITE INTO t SELECT 1", ""),
        ("SELECT 1", ""),
        ("USE SCHEMA s", ""),
    ],
)
def test_what_may_not_stand_in_a_transactional_script_says_why(text: str, part: str) -> None:
    why = breaks_transaction(text)
    assert part in why
    assert bool(why) == bool(part)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_has_a_kind(text: str) -> None:
    assert statement_kind(text) == statement_kind(text).strip()
