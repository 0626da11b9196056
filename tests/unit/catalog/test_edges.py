"""Which objects a text means: resolution, overloads, uses, and names that only a text speaks of. Pure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runner.catalog.edges import mentioned, noted, spoken, structural
from runner.catalog.edges.links import Link, Noted
from runner.catalog.edges.naming import Known, places
from runner.catalog.estate import Address, Column, Edge, Evidence, Found, Kind, PolicyUse, TagValue
from runner.sql.mentions import mentions


def at(kind: Kind, name: str, schema: str = "S", database: str = "DB", signature: str = "") -> Address:
    return Address(kind, database, schema, name, signature)


T, V, SEQ = at(Kind.TABLE, "T"), at(Kind.VIEW, "V"), at(Kind.SEQUENCE, "SEQ")
ONE, TWO = at(Kind.FUNCTION, "F", signature="(NUMBER)"), at(Kind.FUNCTION, "F", signature="(NUMBER, VARCHAR)")
PUBLIC = at(Kind.TABLE, "P", "PUBLIC")
ODD = at(Kind.TABLE, "a.b", "my schema")
ELSEWHERE = at(Kind.TABLE, "T", "PUBLIC", "OTHER")
KNOWN = Known(frozenset({T, V, SEQ, ONE, TWO, PUBLIC, ODD, ELSEWHERE}), frozenset({"DB", "OTHER"}))
PROCEDURE = at(Kind.PROCEDURE, "RUN", signature="()")


def told(address: Address, ddl: str, **properties: str) -> list[Edge]:
    found = Found(address, ddl=ddl, properties=properties)
    return list(mentioned.edges_of(found, mentions(ddl), KNOWN))


def body(sql: str, language: str = "SQL") -> str:
    quoted = sql.replace("'", "''")
    return f"CREATE OR REPLACE PROCEDURE DB.S.RUN()\nRETURNS NUMBER\nLANGUAGE {language}\nAS '{quoted}';"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("T",), [("DB", "S", "T"), ("DB", "PUBLIC", "T")]),
        (("X", "T"), [("DB", "X", "T")]),
        (("", "T"), [("DB", "PUBLIC", "T")]),
        (("O", "X", "T"), [("O", "X", "T")]),
        (("O", "", "T"), [("O", "PUBLIC", "T")]),
        (("A", "B", "C", "D"), []),
    ],
)
def test_where_a_name_can_stand(parts: tuple[str, ...], expected: list[tuple[str, str, str]]) -> None:
    assert list(places(parts, ("DB", "S"))) == expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT * FROM t", {T}),
        ("SELECT * FROM P", {PUBLIC}),
        ("SELECT * FROM S.T", {T}),
        ("SELECT * FROM OTHER..T", {ELSEWHERE}),
        ('SELECT * FROM "my schema"."a.b"', {ODD}),
        ("SELECT F(1) FROM T", {T, ONE}),
        ("SELECT F(1, UPPER(A || B)) FROM T", {T, TWO}),
        ("SELECT F(1, 'a, b') FROM T", {T, ONE, TWO}),
        ("SELECT SEQ.NEXTVAL", {SEQ}),
        ("WITH T AS (SELECT 1) SELECT * FROM T", set()),
        ("SELECT * FROM INFORMATION_SCHEMA.TABLES", set()),
        ("SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.TABLES", set()),
        ("SELECT UPPER(A) FROM T", {T}),
    ],
)
def test_what_a_view_means(sql: str, expected: set[Address]) -> None:
    assert {edge.needed for edge in told(V, f"CREATE OR REPLACE VIEW DB.S.V AS {sql};")} == expected


def test_an_edge_says_where_the_name_stands_and_what_is_done() -> None:
    (edge,) = told(PROCEDURE, body("BEGIN\n  DELETE FROM t;\nEND"))
    assert (edge.needed, edge.evidence, edge.use, edge.certain) == (T, Evidence.PARSED, "WRITES", True)
    assert [(place.line, place.column, place.text) for place in edge.places] == [(5, 15, "t")]


def test_with_the_callers_rights_only_full_names_are_certain() -> None:
    ddl = body("BEGIN DELETE FROM T; DELETE FROM DB.PUBLIC.P; END")
    found = {edge.needed: edge.certain for edge in told(PROCEDURE, ddl, execute_as="CALLER")}
    assert found == {T: False, PUBLIC: True}


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("BEGIN DELETE FROM GONE; END", {at(Kind.UNKNOWN, "GONE")}),
        ("BEGIN DELETE FROM X.GONE; END", {at(Kind.UNKNOWN, "GONE", "X")}),
        ("BEGIN CALL NOBODY(); RETURN NOBODY(); END", set()),
        ("BEGIN CALL X.NOBODY(); END", {at(Kind.UNKNOWN, "NOBODY", "X")}),
        ("BEGIN EXECUTE IMMEDIATE 'DELETE FROM DB.X.GONE'; END", {at(Kind.UNKNOWN, "GONE", "X")}),
        ("BEGIN EXECUTE IMMEDIATE 'DELETE FROM MAIL.EXAMPLE.COM'; END", set()),
    ],
)
def test_what_is_not_there_is_unknown_unless_it_may_be_no_object(sql: str, expected: set[Address]) -> None:
    assert {edge.needed for edge in told(PROCEDURE, body(sql))} == expected


def test_warehouses_integrations_and_roles_are_of_the_account() -> None:
    ddl = "CREATE TASK DB.S.TK WAREHOUSE = LOAD_WH SCHEDULE = '5 MINUTE' AS INSERT INTO T VALUES (1)"
    found = {edge.needed for edge in told(at(Kind.TASK, "TK"), ddl)}
    assert found == {Address(Kind.WAREHOUSE, "", "", "LOAD_WH"), T}


def test_names_that_only_texts_speak_of_are_asked() -> None:
    ddl = (
        "CREATE OR REPLACE FUNCTION DB.S.G(X VARCHAR)\nRETURNS VARCHAR\nLANGUAGE PYTHON\nCOMMENT = 'DB.S.SEQ'\n"
        "AS '# db.s.v in a comment\nreturn \"see db.s.t, or DB.S.NOWHERE\"'"
    )
    found = Found(at(Kind.FUNCTION, "G", signature="(VARCHAR)"), ddl=ddl)
    (edge,) = spoken.edges_of(found, {one.start for one in mentions(ddl)}, KNOWN)
    assert (edge.needed, edge.certain, edge.places[0].line, edge.places[0].text) == (T, False, 6, "db.s.t")


@pytest.mark.parametrize("default", ["DB.S.SEQ.NEXTVAL", "S.SEQ.NEXTVAL", '"DB"."S"."SEQ".nextval', "SEQ.NEXTVAL"])
def test_a_default_names_its_sequence(default: str) -> None:
    table = Found(T, columns=(Column("A", "NUMBER", default=default),))
    assert [(edge.needed, edge.evidence) for edge in structural.defaults(table, KNOWN)] == [(SEQ, Evidence.DEFAULT)]


def test_a_text_as_default_names_nothing() -> None:
    table = Found(T, columns=(Column("A", "VARCHAR", default="'SEQ.NEXTVAL'"),))
    assert list(structural.defaults(table, KNOWN)) == []


@pytest.mark.parametrize("written", ["DB.S.T", '"DB"."S"."T"', "T", "S.T"])
def test_a_stream_names_its_table(written: str) -> None:
    stream = Found(at(Kind.STREAM, "ST"), properties={"table_name": written})
    assert {edge.needed for edge in structural.shown(stream, KNOWN)} == {T}


def test_a_full_name_without_quotes_is_known_by_its_text() -> None:
    stream = Found(at(Kind.STREAM, "ST"), properties={"table_name": "DB.my schema.a.b"})
    assert [edge.needed for edge in structural.shown(stream, KNOWN)] == [ODD]


def test_tags_and_policies_are_needed() -> None:
    tag, policy = at(Kind.TAG, "PII"), at(Kind.MASKING_POLICY, "MASK")
    table = replace(Found(T), tags=(TagValue(tag, "x"),), policies=(PolicyUse(policy, "A"),))
    assert {edge.needed for edge in structural.governed(table)} == {tag, policy}


VIEW_CALLS = Link(Noted("VIEW", ("DB", "S", "V")), Noted("FUNCTION", ("DB", "S", "F")))
VIEW_READS = Link(Noted("VIEW", ("DB", "S", "V")), Noted("TABLE", ("DB", "S", "T")))
VIEW_READ = Link(Noted("VIEW", ("DB", "S", "V")), Noted("TABLE", ("DB", "S", "GONE")))


def by_catalogue(link: Link, texts: noted.Texts) -> set[tuple[str, bool]]:
    known = replace(KNOWN, read=frozenset({"DB"}))
    return {(edge.needed.short, edge.certain) for edge in noted.dependencies([link], known, texts)}


def test_of_overloads_that_snowflake_does_not_tell_apart_the_parsed_one_is_meant() -> None:
    assert by_catalogue(VIEW_CALLS, noted.Texts()) == {("S.F(NUMBER)", True), ("S.F(NUMBER, VARCHAR)", True)}
    assert by_catalogue(VIEW_CALLS, noted.Texts({(V, TWO)}, {V})) == {("S.F(NUMBER, VARCHAR)", True)}


def test_what_the_catalogue_knows_and_the_text_of_today_does_not_name_is_asked() -> None:
    assert by_catalogue(VIEW_READS, noted.Texts({(V, T)}, {V})) == {("S.T", True)}
    assert by_catalogue(VIEW_READS, noted.Texts({(V, SEQ)}, {V})) == {("S.T", False)}
    assert by_catalogue(VIEW_READS, noted.Texts()) == {("S.T", True)}


def test_what_the_catalogue_knows_and_is_gone_counts_only_where_no_text_tells() -> None:
    assert by_catalogue(VIEW_READ, noted.Texts({(V, T)}, {V})) == set()
    assert by_catalogue(VIEW_READ, noted.Texts()) == {("S.GONE", True)}


def test_what_a_view_refers_to_at_any_depth_is_asked_only_where_no_text_leads_to_it() -> None:
    low = at(Kind.VIEW, "LOW")
    known = replace(KNOWN, addresses=KNOWN.addresses | {low})
    links = [Link(Noted("VIEW", V.place), Noted("TABLE", one.place)) for one in (T, PUBLIC)]
    links.append(Link(Noted("VIEW", V.place), Noted("VIEW", low.place)))

    def edges(texts: noted.Texts) -> set[tuple[str, bool]]:
        return {(edge.needed.short, edge.certain) for edge in noted.references(links, known, texts)}

    assert edges(noted.Texts({(V, low), (low, T)}, {V, low})) == {("S.LOW", True), ("PUBLIC.P", False)}
    assert edges(noted.Texts()) == {("S.LOW", True), ("S.T", True), ("PUBLIC.P", True)}


def test_what_a_call_touched_is_told_by_names_in_one_piece() -> None:
    touched = [
        Link(Noted("PROCEDURE", ("DB.S.RUN",), "()"), Noted("TABLE", ("DB.S.T",)), "WRITES"),
        Link(Noted("PROCEDURE", ("DB.S.RUN",), "()"), Noted("FUNCTION", ('"DB"."S"."F"',), "(A NUMBER)"), "READS"),
        Link(Noted("PROCEDURE", ("DB.S.RUN",), "()"), Noted("TABLE", ("DB.S.GONE",)), "READS"),
    ]
    known = replace(KNOWN, addresses=KNOWN.addresses | {PROCEDURE}, read=frozenset({"DB"}))
    found = {(edge.needed, edge.use) for edge in noted.observed(touched, Evidence.OBSERVED, known)}
    assert found == {(T, "WRITES"), (ONE, "CALLS")}
    assert list(noted.gone(touched, known)) == [(PROCEDURE, at(Kind.TABLE, "GONE"))]


@pytest.mark.parametrize(
    "sql",
    [
        "BEGIN CREATE OR REPLACE TEMPORARY TABLE TMP AS SELECT 1 AS A; INSERT INTO T SELECT A FROM TMP; END",
        "BEGIN CREATE TEMP TABLE IF NOT EXISTS S.TMP (A NUMBER); INSERT INTO T SELECT A FROM DB.S.TMP; END",
        "BEGIN INSERT INTO T SELECT A FROM TMP; create table tmp (a number); END",
        "BEGIN EXECUTE IMMEDIATE 'CREATE TABLE TMP (A NUMBER)'; INSERT INTO T SELECT A FROM TMP; END",
    ],
)
def test_what_a_body_makes_itself_is_not_missing(sql: str) -> None:
    assert {edge.needed for edge in told(PROCEDURE, body(sql))} == {T}


def test_what_a_body_only_changes_is_missing() -> None:
    assert {edge.needed.name for edge in told(PROCEDURE, body("BEGIN ALTER TABLE TMP ADD COLUMN B NUMBER; END"))} == {
        "TMP"
    }
