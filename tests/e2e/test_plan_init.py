"""A first file: asked of the source, or built from the words of a command line."""

from __future__ import annotations

import pytest
import yaml

OBJECTS = (
    'CREATE TABLE "Odd Name" (ID NUMBER)',
    "CREATE TABLE ORDERS (ID NUMBER PRIMARY KEY, AT TIMESTAMP_NTZ) COMMENT = 'since 2019'",
    "INSERT INTO ORDERS SELECT SEQ4(), '2026-01-01' FROM TABLE(GENERATOR(ROWCOUNT => 25))",
    "CREATE VIEW OPEN_ORDERS AS SELECT ID FROM ORDERS",
    "CREATE PROCEDURE LOAD(D DATE, N NUMBER) RETURNS VARCHAR LANGUAGE SQL AS 'BEGIN DELETE FROM ORDERS; RETURN 1; END'",
)


@pytest.fixture
def source(project):
    name = project.databases["imcust"].replace("E2E", "IN")
    shared = f"vars: {{share: {name}, share_database: {name}_DB, imported_database: {name}_IN}}\n"
    project.configure("imcust", shared)
    project.configure("imsdlc", "depends_on: [imcust]\nsource: imcust\n" + shared)
    for statement in OBJECTS:
        project.ask("imcust", statement)
    return project


def test_a_first_file_lists_all_that_stands_there_and_can_be_planned_from_at_once(source):
    source.runner("plan", "init", "--source", "imcust", "--target", "imsdlc")
    text = (source.root / "config" / "migration.yaml").read_text()
    values = yaml.safe_load(text)
    assert values["select"] == {
        "tables": ["public.orders", 'public."Odd Name"'],
        "views": ["public.open_orders"],
        "procedures": ["public.load(date, number)"],
    }
    assert "25 rows" in text
    assert "since 2019" in text
    written = source.runner("plan", "create", "all", "--no-history").out
    assert "V002__ddl.sql" in written
    refused = source.runner("plan", "init", "--source", "imcust", "--target", "imsdlc", code=12)
    assert "config/migration.yaml exists already" in refused.err


def test_words_build_the_same_file(source):
    words = ("--source", "imcust", "--target-database", source.databases["imsdlc"], "--source-schema", "public",
             "--tables", "orders", "--views", "open_orders")  # fmt: skip
    source.runner("plan", "create", "short", *words, "--strategy", "BATCH", "--batch-size", "10", "--no-history")
    values = yaml.safe_load((source.root / "plans" / "short.yaml").read_text())
    assert values == {
        "source": "imcust", "target": "imsdlc",
        "select": {"tables": ["public.orders"], "views": ["public.open_orders"]},
        "data": {"tables": {"public.orders": {"strategy": "batches", "size": 10}}},
    }  # fmt: skip
    listed = (source.root / "templates" / "short.sql").read_text()
    assert '"ID >= 0 AND ID < 10"' in listed
    other = source.runner("plan", "create", "short", *words, "--no-history", code=12)
    assert "plans/short.yaml says something else" in other.err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--tables", "orders"), "Say --source"),
        (("--source", "imcust", "--target", "imsdlc", "--strategy", "batch"), "Say what is to travel"),
        (("--source", "imcust", "--target", "imsdlc", "--tables", "orders", "--strategy", "magic"), "--strategy magic"),
        (("--source", "imcust", "--target", "imsdlc", "--tables", "orders", "--batch-size", "5"), "need --strategy"),
        (("--source", "imcust", "--target", "imsdlc", "--tables", "gone"), "table 'gone' matches nothing"),
        (
            ("--source-database", "nowhere", "--target", "imsdlc", "--tables", "orders"),
            "no environment has the database nowhere",
        ),
        (
            ("--source", "imcust", "--target", "imsdlc", "--tables", "orders", "--from", "x.yaml"),
            "do not go with --from",
        ),
    ],
)
def test_words_that_do_not_fit_are_said(source, words, reason):
    refused = source.runner("plan", "create", "short", *words, code=None)
    assert refused.code in (2, 3, 12)
    assert reason in refused.err


def test_the_schema_of_the_file_is_json(source):
    assert "select" in source.runner("plan", "schema").json["properties"]
