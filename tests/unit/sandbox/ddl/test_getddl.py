"""GET_DDL: Snowflake's layout, and that its text makes the same object again."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from runner.sandbox.catalog.model import Database, Record, Routine, Schema, Sequence, Table
from runner.sandbox.definition_text import definition
from runner.sandbox.engine import Engine
from runner.sandbox.getddl import get_ddl, in_order
from runner.sandbox.tokens import quote_identifier, quote_string
from tests.unit.sandbox.ddl.conftest import Desk

LAYOUTS = [
    (
        Table,
        "CREATE TABLE dim_stocks (stock_id INT IDENTITY PRIMARY KEY, \"Ticker\" VARCHAR(10) NOT NULL COMMENT 'it''s', "
        "price NUMBER(38,9) DEFAULT 0, seen TIMESTAMP_TZ DEFAULT CURRENT_TIMESTAMP(), doc VARIANT, "
        "CONSTRAINT u UNIQUE (\"Ticker\")) CLUSTER BY (stock_id, TO_DATE(seen)) COMMENT = 'stocks; of PROD_DB'",
        "create or replace TABLE DIM_STOCKS (\n"
        "\tSTOCK_ID NUMBER(38,0) NOT NULL autoincrement start 1 increment 1 noorder,\n"
        "\t\"Ticker\" VARCHAR(10) NOT NULL COMMENT 'it''s',\n"
        "\tPRICE NUMBER(38,9) DEFAULT 0,\n"
        "\tSEEN TIMESTAMP_TZ(9) DEFAULT CURRENT_TIMESTAMP(),\n"
        "\tDOC VARIANT,\n"
        "\tprimary key (STOCK_ID),\n"
        '\tconstraint U unique ("Ticker")\n'
        ")cluster by (STOCK_ID, TO_DATE(seen))COMMENT='stocks; of PROD_DB'\n"
        ";",
    ),
    (Table, "CREATE TRANSIENT TABLE t (a INT)", "create or replace TRANSIENT TABLE T (\n\tA NUMBER(38,0)\n);"),
    (
        Table,
        "CREATE TABLE e (id INT PRIMARY KEY, boss INT REFERENCES e (id))",
        "create or replace TABLE E (\n\tID NUMBER(38,0) NOT NULL,\n\tBOSS NUMBER(38,0),\n"
        "\tprimary key (ID),\n\tforeign key (BOSS) references D.S.E(ID)\n);",
    ),
    (
        Sequence,
        "CREATE SEQUENCE q START = 5 INCREMENT = 2 ORDER COMMENT = 'c'",
        "create or replace sequence Q start with 5 increment by 2 order COMMENT='c';",
    ),
    (
        Routine,
        "CREATE PROCEDURE load(d DATE, n NUMBER DEFAULT 10) RETURNS VARCHAR LANGUAGE SQL EXECUTE AS CALLER AS $$\n"
        "BEGIN\n  RETURN 'it''s \\\\ done';\nEND\n$$",
        'CREATE OR REPLACE PROCEDURE "LOAD"("D" DATE, "N" NUMBER(38,0) DEFAULT 10)\n'
        "RETURNS VARCHAR(16777216)\nLANGUAGE SQL\nEXECUTE AS CALLER\n"
        "AS '\nBEGIN\n  RETURN ''it''''s \\\\\\\\ done'';\nEND\n';",
    ),
    (
        Routine,
        "CREATE SECURE FUNCTION f(a INT) RETURNS TABLE (x INT, \"y\" TEXT) IMMUTABLE COMMENT = 'c' AS 'select 1, 2'",
        'CREATE OR REPLACE SECURE FUNCTION "F"("A" NUMBER(38,0))\n'
        'RETURNS TABLE ("X" NUMBER(38,0), "y" VARCHAR(16777216))\n'
        "LANGUAGE SQL\nIMMUTABLE\nCOMMENT='c'\nAS 'select 1, 2';",
    ),
]


def only(desk: Desk, kind: type[Record]) -> Record:
    return desk.engine.catalog.all(kind, "IMCUST")[-1]


@pytest.mark.parametrize(("kind", "statement", "expected"), LAYOUTS)
def test_layout(desk: Desk, kind: type[Record], statement: str, expected: str) -> None:
    desk.run(statement)
    assert get_ddl(desk.engine.catalog, only(desk, kind)) == expected


def test_qualified_names(desk: Desk) -> None:
    desk.run("CREATE TABLE t (a INT)", "CREATE PROCEDURE p() RETURNS INT AS 'BEGIN RETURN 1; END'")
    catalog = desk.engine.catalog
    assert get_ddl(catalog, only(desk, Table), qualified=True).startswith("create or replace TABLE D.S.T (")
    assert get_ddl(catalog, only(desk, Routine), qualified=True).startswith("CREATE OR REPLACE PROCEDURE D.S.P()")


def test_a_schema_is_made_in_an_order_that_works(desk: Desk) -> None:
    desk.run(
        "CREATE TABLE z (id INT PRIMARY KEY)",
        "CREATE SEQUENCE q",
        "CREATE TABLE a (n INT DEFAULT q.NEXTVAL, id INT REFERENCES z)",
        "CREATE PROCEDURE p() RETURNS INT AS 'BEGIN RETURN 1; END'",
    )
    text = get_ddl(desk.engine.catalog, desk.live(Schema, "S"))
    heads = [line.split("(")[0].strip() for line in text.splitlines() if line.lower().startswith("create")]
    assert heads == [
        "create or replace schema S;",
        "create or replace sequence Q start with 1 increment by 1 noorder;",
        "create or replace TABLE Z",
        "create or replace TABLE A",
        'CREATE OR REPLACE PROCEDURE "P"',
    ]


def test_the_function_finds_by_name_and_signature(desk: Desk) -> None:
    desk.run("CREATE TABLE t (a INT)", "CREATE PROCEDURE p(a INT) RETURNS INT AS 'BEGIN RETURN 1; END'")
    context = desk.context()
    assert definition(context, "table", "d.s.t").startswith("create or replace TABLE T (")
    assert definition(context, "VIEW", "t").startswith("create or replace TABLE T (")
    assert definition(context, "PROCEDURE", "p(NUMBER)").startswith("CREATE OR REPLACE PROCEDURE")
    assert definition(context, "DATABASE", "d").startswith("create or replace database D;")
    for kind, name, words in (
        ("TABLE", "nope", "NOPE"),
        ("PROCEDURE", "p(VARCHAR)", "P(VARCHAR)"),
        ("WAREHOUSE", "w", "GET_DDL of WAREHOUSE"),
    ):
        assert words in str(desk.raised(lambda k=kind, n=name: definition(context, k, n)))


def test_only_the_owner_reads_what_is_secret(desk: Desk) -> None:
    desk.run(
        "CREATE PROCEDURE p() RETURNS INT AS 'BEGIN RETURN 1; END'",
        "CREATE ROLE r",
        "GRANT USAGE ON DATABASE d TO ROLE r",
        "GRANT USAGE ON SCHEMA s TO ROLE r",
        "GRANT USAGE ON PROCEDURE p() TO ROLE r",
    )
    other = desk.as_role("R").context()
    assert "Insufficient privileges" in str(desk.raised(lambda: definition(other, "PROCEDURE", "d.s.p()")))


NAMES = st.sampled_from(["A", "b", "Mixed Case", "ORDER", 'with"quote', "ünïcode", "X$1", "1st", "semi;colon"])
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
_TYPES = """
NUMBER(38,0) NUMBER(10,2) FLOAT VARCHAR(16777216) VARCHAR(3) BINARY(8388608) BOOLEAN DATE TIME(9) TIMESTAMP_NTZ(9)
TIMESTAMP_LTZ(3) TIMESTAMP_TZ(9) VARIANT OBJECT ARRAY
"""
TYPES = st.sampled_from(_TYPES.split())


@st.composite
def columns(draw: st.DrawFn, name: str) -> str:
    kind = draw(TYPES)
    words = [quote_identifier(name), kind]
    if draw(st.booleans()):
        words.append("NOT NULL")
    if kind.startswith("NUMBER") and draw(st.booleans()):
        start, step = draw(st.integers(-5, 99)), draw(st.integers(1, 9))
        words.append(f"AUTOINCREMENT START {start} INCREMENT {step} {draw(st.sampled_from(['ORDER', 'NOORDER']))}")
    elif kind.startswith("NUMBER") and draw(st.booleans()):
        words.append(f"DEFAULT {draw(st.integers(-99, 99))}")
    elif kind == "VARCHAR(16777216)" and draw(st.booleans()):
        words.append(f"COLLATE 'en-ci' DEFAULT {quote_string(draw(TEXTS))}")
    if draw(st.booleans()):
        words.append(f"COMMENT {quote_string(draw(TEXTS))}")
    return " ".join(words)


@st.composite
def tables(draw: st.DrawFn) -> str:
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique_by=str.casefold))
    items = [draw(columns(name)) for name in names]
    if draw(st.booleans()):
        items.append(f"PRIMARY KEY ({quote_identifier(names[0])})")
    if draw(st.booleans()):
        items.append(f"CONSTRAINT {quote_identifier(draw(NAMES))} UNIQUE ({quote_identifier(names[-1])}) RELY")
    cluster = f" CLUSTER BY ({', '.join(map(quote_identifier, names))})" if draw(st.booleans()) else ""
    days = f" DATA_RETENTION_TIME_IN_DAYS = {draw(st.integers(0, 1))}" if draw(st.booleans()) else ""
    tracking = " CHANGE_TRACKING = TRUE" if draw(st.booleans()) else ""
    comment = f" COMMENT = {quote_string(draw(TEXTS))}" if draw(st.booleans()) else ""
    kind = draw(st.sampled_from(["", "TRANSIENT "]))
    name = quote_identifier(draw(NAMES))
    return f"CREATE {kind}TABLE {name} ({', '.join(items)}){cluster}{days}{tracking}{comment}"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(statement=tables())
def test_the_text_makes_the_same_table_in_an_empty_account(organization: Engine, statement: str) -> None:
    desk = Desk(organization, organization.login("IMCUST", "SANDBOX_ADMIN", "ACCOUNTADMIN", "ADMIN_WH"))
    try:
        desk.run("CREATE OR REPLACE DATABASE source", statement)
        first = get_ddl(organization.catalog, only(desk, Table))
        desk.run("CREATE OR REPLACE DATABASE target", first)
        assert get_ddl(organization.catalog, only(desk, Table)) == first
    finally:
        desk.run("DROP DATABASE IF EXISTS source", "DROP DATABASE IF EXISTS target")
        organization.logout(desk.session)


BODIES = st.builds(
    "BEGIN\n  LET x := {};\n  -- {}\n  RETURN x;\nEND".format,
    TEXTS.map(quote_string),
    TEXTS.map(lambda text: text.replace("$", "")),
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=BODIES, default=TEXTS, name=NAMES)
def test_the_text_makes_the_same_procedure(organization: Engine, body: str, default: str, name: str) -> None:
    desk = Desk(organization, organization.login("IMCUST", "SANDBOX_ADMIN", "ACCOUNTADMIN", "ADMIN_WH"))
    try:
        desk.run("CREATE OR REPLACE DATABASE source")
        arguments = f"a INT, {quote_identifier(name + '2')} VARCHAR(9) DEFAULT {quote_string(default)}"
        desk.run(f"CREATE PROCEDURE {quote_identifier(name)}({arguments}) RETURNS VARCHAR AS {quote_string(body)}")
        first = only(desk, Routine)
        text = get_ddl(organization.catalog, first)
        desk.run(text)
        second = only(desk, Routine)
        assert isinstance(first, Routine)
        assert isinstance(second, Routine)
        assert second.id != first.id
        assert (get_ddl(organization.catalog, second), second.body) == (text, first.body)
    finally:
        desk.run("DROP DATABASE IF EXISTS source")
        organization.logout(desk.session)


def test_a_database_in_one_text(desk: Desk) -> None:
    desk.run("CREATE TABLE t (a INT)", "CREATE SCHEMA other", "CREATE TABLE u (b INT)")
    text = get_ddl(desk.engine.catalog, desk.live(Database, "D"))
    assert text.index("schema D.OTHER;") < text.index("TABLE D.OTHER.U") < text.index("TABLE D.S.T")


def test_all_of_a_schema_is_made_again_from_its_texts(desk: Desk) -> None:
    desk.run(
        "CREATE SEQUENCE q START 3",
        "CREATE TABLE z (id INT PRIMARY KEY DEFAULT q.NEXTVAL, n INT)",
        "CREATE TABLE a (id INT REFERENCES z, CONSTRAINT u UNIQUE (id))",
        "CREATE FUNCTION twice(x INT) RETURNS INT AS 'x * 2'",
        "CREATE VIEW base AS SELECT 1 AS id",
        "CREATE VIEW a_view AS SELECT id FROM base",
        "CREATE OR REPLACE VIEW base (id COMMENT 'it''s') AS SELECT twice(id) FROM z -- a comment; with a semicolon",
        "CREATE PROCEDURE p(a INT DEFAULT 1) RETURNS INT AS $$ BEGIN RETURN a; -- it's\nEND $$",
    )
    catalog = desk.engine.catalog
    before = [get_ddl(catalog, record) for record in in_order(catalog.objects(desk.live(Schema, "S")))]
    desk.run("CREATE OR REPLACE SCHEMA d.s", *before)
    assert [get_ddl(catalog, record) for record in in_order(catalog.objects(desk.live(Schema, "S")))] == before
    assert len(before) == 7


def test_policies_are_written_for_those_who_may_apply_them(desk: Desk) -> None:
    desk.run(
        "CREATE MASKING POLICY m AS (v VARCHAR) RETURNS VARCHAR -> '***'",
        "CREATE ROW ACCESS POLICY r AS (a NUMBER) RETURNS BOOLEAN -> a > 0",
        "CREATE TABLE t (a INT, b TEXT WITH MASKING POLICY m COMMENT 'c') "
        "WITH ROW ACCESS POLICY r ON (a) COMMENT = 'x'",
        "CREATE ROLE reader",
        "GRANT USAGE ON DATABASE d TO ROLE reader",
        "GRANT USAGE ON SCHEMA s TO ROLE reader",
        "GRANT SELECT ON TABLE t TO ROLE reader",
    )
    text = desk.ddl("TABLE", "t")
    assert "B VARCHAR(16777216) WITH MASKING POLICY D.S.M COMMENT 'c'" in text
    assert ")WITH ROW ACCESS POLICY D.S.R ON (A) COMMENT='x'\n;" in text
    desk.run(text)
    assert desk.ddl("TABLE", "t") == text
    desk.run("GRANT SELECT ON TABLE t TO ROLE reader")
    seen = desk.as_role("READER").ddl("TABLE", "d.s.t")
    assert "WITH MASKING POLICY #UNKNOWN_POLICY COMMENT 'c'" in seen
    assert "WITH ROW ACCESS POLICY #UNKNOWN_POLICY ON (A)" in seen
    assert "#" in desk.refused(seen).message
