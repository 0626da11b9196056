"""The verbs of `plan` over a source that changes under them: diff, validate, graph, answer, templates; reads only."""

from __future__ import annotations

import pytest

VARS = "vars: {{share: {name}, share_database: {name}_DB, imported_database: {name}_IN}}\n"
ASKED = "source: imcust\ntarget: imsdlc\nselect:\n  tables: [public.orders]\n  views: [public.open_orders]\n"
OBJECTS = (
    "CREATE TABLE CUSTOMERS (ID NUMBER PRIMARY KEY, NAME VARCHAR)",
    "CREATE TABLE ORDERS (ID NUMBER, CUSTOMER NUMBER REFERENCES CUSTOMERS (ID), CLOSED BOOLEAN)",
    "INSERT INTO CUSTOMERS SELECT SEQ4(), 'n' FROM TABLE(GENERATOR(ROWCOUNT => 10))",
    "CREATE VIEW OPEN_ORDERS AS SELECT O.ID, C.NAME FROM ORDERS O JOIN CUSTOMERS C ON C.ID = CUSTOMER WHERE NOT CLOSED",
)


@pytest.fixture
def planned(project):
    """Two tables and a view in the source, and what is asked for."""
    name = project.databases["imcust"].replace("E2E", "SH")
    for environment, more in (("imcust", ""), ("imsdlc", "depends_on: [imcust]\nsource: imcust\n")):
        project.configure(environment, more + VARS.format(name=name))
    for statement in OBJECTS:
        project.ask("imcust", statement)
    return project.write({"config/migration.yaml": ASKED})


def lines(project, *words, code=0):
    found = project.runner("plan", "validate", "p", "--no-history", *words, "--format", "json", code=code).json
    return [(line["outcome"], line["what"], line["detail"]) for line in found["lines"]]


def said(found, what):
    return [(outcome, detail) for outcome, about, detail in found if about == what]


def test_a_plan_that_was_just_made_is_true_and_nothing_differs(planned):
    planned.runner("plan", "create", "p", "--no-history")
    found = lines(planned)
    assert [line for line in found if line[0] == "failed"] == []
    assert ("ok", "nothing has changed since") in said(found, "source")
    assert ("ok", "no table and no view of the plan stands there yet (3 to come)") in said(found, "target")
    assert ("ok", "all 2 tables can be frozen at one instant") in said(found, "time travel")
    told = planned.runner("plan", "diff", "p", "--no-history", "--check")
    assert "Nothing differs between plan 'p' and imcust." in told.out


def test_what_the_source_has_become_is_told_object_by_object(planned):
    planned.runner("plan", "create", "p", "--no-history")
    planned.ask("imcust", "ALTER TABLE ORDERS ADD COLUMN NOTE VARCHAR")
    planned.ask("imcust", "CREATE TABLE REGIONS (ID NUMBER)")
    planned.ask("imcust", "CREATE OR REPLACE VIEW OPEN_ORDERS AS SELECT O.ID FROM ORDERS O, REGIONS R")
    told = planned.runner("plan", "diff", "p", "--no-history", "--check", code=12)
    for words in ("changed: table PUBLIC.ORDERS", "new: table PUBLIC.REGIONS", "NOTE VARCHAR", "3 objects differ"):
        assert words in told.said
    found = planned.runner("plan", "diff", "p", "--no-history", "--format", "json").json
    assert {(each["change"], each["name"]) for each in found["changes"]} == {
        ("changed", "PUBLIC.ORDERS"),
        ("changed", "PUBLIC.OPEN_ORDERS"),
        ("new", "PUBLIC.REGIONS"),
    }
    assert [outcome for outcome, _ in said(lines(planned), "source")][:3] == ["ok", "warning", "warning"]


def test_what_was_asked_for_and_is_gone_fails(planned):
    planned.runner("plan", "create", "p", "--no-history")
    planned.ask("imcust", "DROP VIEW OPEN_ORDERS")
    assert (
        "view 'public.open_orders' matches nothing" in planned.runner("plan", "diff", "p", "--no-history", code=12).err
    )
    found = lines(planned, code=12)
    assert any(outcome == "failed" and "matches nothing" in detail for outcome, detail in said(found, "source"))
    assert ("ok", "all 2 tables can be frozen at one instant") in said(found, "time travel"), "the others are checked"


def test_what_stands_in_the_target_and_what_cannot_be_frozen_is_told(planned):
    planned.runner("plan", "create", "p", "--no-history")
    planned.ask("imsdlc", "CREATE TABLE ORDERS (ID NUMBER)")
    planned.ask("imcust", "ALTER TABLE CUSTOMERS SET DATA_RETENTION_TIME_IN_DAYS = 0")
    found = lines(planned, code=12)
    assert said(found, "time travel") == [("failed", "without: PUBLIC.CUSTOMERS")]
    (standing,) = said(found, "target")
    assert standing[0] == "warning"
    assert "PUBLIC.ORDERS stand there, and not by this plan" in standing[1]


def test_a_mapping_to_what_is_not_there_fails(planned):
    planned.write({"config/migration.yaml": f"{ASKED}names:\n  warehouses: {{big_wh: no_such_wh}}\n"})
    planned.runner("plan", "create", "p", "--no-history")
    assert ("failed", "warehouses that do not exist: NO_SUCH_WH") in said(lines(planned, code=12), "mapping")


def test_an_account_that_cannot_be_reached_is_a_failed_check_and_no_crash(planned):
    planned.runner("plan", "create", "p", "--no-history")
    planned.write(
        {"config/imcust.yaml": (planned.root / "config/imcust.yaml").read_text().replace("ACCOUNTADMIN", "NOBODY")}
    )
    found = lines(planned, code=12)
    assert any(outcome == "failed" and "imcust" in detail for outcome, detail in said(found, "login"))
    assert said(found, "warehouse")[0][0] == "ok", "the other account is looked at"


def test_a_plan_with_open_questions_is_drawn_from_the_source(planned):
    planned.ask("imcust", "CREATE PROCEDURE SWEEP(T VARCHAR) RETURNS VARCHAR LANGUAGE SQL AS "
                          "$$BEGIN EXECUTE IMMEDIATE 'DELETE FROM ORDERS WHERE CLOSED'; RETURN 'x'; END$$")  # fmt: skip
    planned.write({"config/migration.yaml": "source: imcust\ntarget: imsdlc\nselect:\n  procedures: [public.sweep]\n"})
    planned.runner("plan", "create", "p", "--no-history", code=12)
    told = planned.runner("plan", "graph", "p", "--html", str(planned.root / "p.html")).out
    assert "object" in told
    html = (planned.root / "p.html").read_text()
    assert "open question" in html
    assert "the source as it is now" in html
    (question,) = planned.runner("plan", "answer", "p", "--format", "json").json["open"]
    planned.runner("plan", "answer", "p", f"{question['id']}=include")
    planned.runner("plan", "create", "p", "--no-history")
    assert planned.runner("plan", "list", "--format", "json").json[0]["state"] == "written"
    assert (
        "2 dependencies" in planned.runner("plan", "graph", "p", "--live", "--html", str(planned.root / "p.html")).out
    )


def test_a_template_is_filled_into_the_file_and_planned(planned):
    (planned.root / "config/migration.yaml").unlink()
    words = ("--set", "source=imcust", "--set", "target=imsdlc", "--set", "objects=public.*")
    planned.runner("plan", "create", "p", "--no-history", "--template", "schema-only", *words)
    assert (planned.root / "config/migration.yaml").read_text().startswith("# From template schema-only")
    (told,) = planned.runner("plan", "list", "--format", "json").json
    assert (told["state"], told["objects"]) == ("written", 3)
    refused = planned.runner("plan", "create", "q", "--template", "cross-account-share", *words, code=12)
    assert "config/migration.yaml exists already" in refused.err
    assert "--set is for --template" in planned.runner("plan", "create", "q", *words, code=2).err


def test_rows_go_to_another_database_of_the_same_account_without_a_share(planned, connect, fresh_name):
    name = planned.databases["imcust"]
    other = fresh_name("E2E")
    connect("IMCUST").cursor().execute(f"CREATE DATABASE {other}")
    frozen = f"vars: {{share: {name}_S, share_database: {name}_F, imported_database: {name}_F}}\n"
    planned.configure("imcust", frozen)
    text = (planned.root / "config/imcust.yaml").read_text().replace(name, other, 1)
    copy = f"{text}depends_on: [imcust]\nsource: imcust\n"
    planned.write({"config/copy.yaml": copy.replace(f"imported_database: {name}_F", f"imported_database: {name}_IN")})
    (planned.root / "config/imsdlc.yaml").unlink()
    (planned.root / "config/migration.yaml").unlink()
    words = ("--set", "source=imcust", "--set", "target=copy", "--set", "objects=public.*")
    words = ("plan", "create", "p", "--no-history", "--template", "clone-in-account", *words)
    assert f"looks for them in {name}_IN; both are one account" in planned.runner(*words, code=3).err
    planned.write({"config/copy.yaml": copy})
    planned.runner(*words)
    found = lines(planned)
    assert any("the same account" in detail for outcome, detail in said(found, "source") if outcome == "ok")
    planned.runner("migrate", "--all")
    assert planned.ask("imcust", f"SELECT COUNT(*) FROM {other}.PUBLIC.CUSTOMERS") == [(10,)]
    assert planned.ask("imcust", f"SELECT COUNT(*) FROM {other}.PUBLIC.OPEN_ORDERS") == [(0,)]
    planned.runner("undo", "--all", "--target", "0")
    assert planned.ask("imcust", f"SHOW TABLES IN SCHEMA {other}.PUBLIC") == []
    connect("IMCUST").cursor().execute(f"DROP DATABASE {other}")
