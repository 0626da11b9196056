"""What a statement leaves behind in its session."""

import pytest

from runner.sql.sessions import moved_again, moves_session


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("USE SCHEMA S", "USE SCHEMA S"),
        ("use warehouse w", "use warehouse w"),
        ("SET X = 1", "SET X = 1"),
        ("UNSET X", "UNSET X"),
        ("ALTER SESSION SET TIMEZONE = 'UTC'", "ALTER SESSION SET TIMEZONE = 'UTC'"),
        ("CREATE SCHEMA S", "USE SCHEMA S"),
        ("create transient schema if not exists db.\"s 1\" comment = 'x'", 'USE SCHEMA db."s 1"'),
        ("-- a note\nCREATE OR REPLACE SCHEMA DB . S CLONE T", "USE SCHEMA DB . S"),
        ("CREATE DATABASE IF NOT EXISTS D", "USE DATABASE D"),
        ("EXECUTE IMMEDIATE 'USE SCHEMA S'", ""),
        ("BEGIN\n  CREATE SCHEMA IF NOT EXISTS S;\nEND", ""),
    ],
)
def test_what_moves_it_and_what_brings_another_there(text, again):
    assert moves_session(text)
    assert moved_again(text) == again


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1",
        "CREATE TABLE T (N INT)",
        "UPDATE T SET N = 1",
        "DROP SCHEMA S",
        "BEGIN\n  SELECT 1;\nEND",
        "CALL P()",
    ],
)
def test_what_leaves_it_where_it_was(text):
    assert not moves_session(text)
    assert moved_again(text) == ""
