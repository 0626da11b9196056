"""What is read of an account: every object with all that belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from runner.catalog.estate import Address, Column, Estate, Found, Grant, Key, Kind
from runner.core.errors import OwnStatementFailed

Reading = Callable[..., Estate]
Run = Callable[..., Any]
FAST = {"observed": False, "lineage": False}


def found(estate: Estate, name: str) -> Found:
    """The only object of that name in the schema S."""
    (one,) = (one for one in estate.objects if one.address.name == name and one.address.schema == "S")
    return one


def test_a_table_comes_with_all_that_belongs_to_it(run: Run, reading: Reading, fresh_database: str) -> None:
    run(
        "CREATE ROLE IF NOT EXISTS CATALOG_READER",
        "CREATE SEQUENCE KEYS START = 5 INCREMENT = 2",
        "CREATE TABLE PARENT (ID NUMBER(10,0) PRIMARY KEY)",
        """CREATE TABLE T (ID NUMBER(10,0) DEFAULT KEYS.NEXTVAL PRIMARY KEY, N NUMBER AUTOINCREMENT START 3 INCREMENT 4,
           V VARCHAR(7) NOT NULL COLLATE 'en-ci' COMMENT 'it''s', AT TIMESTAMP_TZ(3), P NUMBER(10,0), UNIQUE (V, AT),
           FOREIGN KEY (P) REFERENCES PARENT (ID)) CLUSTER BY (V) COMMENT = 'about T'""",
        "INSERT INTO T (V) VALUES ('a'), ('b')",
        "GRANT SELECT ON TABLE T TO ROLE CATALOG_READER WITH GRANT OPTION",
    )
    table = found(reading(), "T")
    parent = Address(Kind.TABLE, fresh_database, "S", "PARENT")
    assert (table.address.kind, table.owner, table.comment, table.rows) == (Kind.TABLE, "ACCOUNTADMIN", "about T", 2)
    assert [(c.name, c.type, c.nullable) for c in table.columns] == [
        ("ID", "NUMBER(10,0)", False),
        ("N", "NUMBER(38,0)", True),
        ("V", "VARCHAR(7)", False),
        ("AT", "TIMESTAMP_TZ(3)", True),
        ("P", "NUMBER(10,0)", True),
    ]
    assert table.columns[1].identity == (3, 4)
    assert table.columns[2] == Column("V", "VARCHAR(7)", False, "", None, "it's", "en-ci")
    assert table.columns[0].default.endswith("KEYS.NEXTVAL")
    assert table.keys == (
        Key("PRIMARY", ("ID",)),
        Key("UNIQUE", ("V", "AT")),
        Key("FOREIGN", ("P",), parent, ("ID",)),
    )
    assert Grant("SELECT", "ROLE", "CATALOG_READER", grant_option=True) in table.grants
    assert table.ddl.startswith(f"create or replace TABLE {fresh_database}.S.T (")
    assert table.properties["cluster_by"] == "LINEAR(V)"
    assert found(reading(), "KEYS").properties["start_value"] == "5"


def test_the_database_and_its_schemas_come_with_what_they_hand_down(
    run: Run, reading: Reading, fresh_database: str
) -> None:
    run(
        "CREATE ROLE IF NOT EXISTS CATALOG_READER",
        "COMMENT ON DATABASE {db} IS 'whole'",
        "GRANT USAGE ON DATABASE {db} TO ROLE CATALOG_READER",
        "GRANT USAGE ON SCHEMA S TO ROLE CATALOG_READER",
        "GRANT SELECT ON FUTURE TABLES IN SCHEMA S TO ROLE CATALOG_READER",
        "GRANT USAGE ON FUTURE SCHEMAS IN DATABASE {db} TO ROLE CATALOG_READER",
    )
    run(
        "ALTER SCHEMA S SET DATA_RETENTION_TIME_IN_DAYS = 3",
        "ALTER DATABASE {db} SET MAX_DATA_EXTENSION_TIME_IN_DAYS = 7",
    )
    estate = reading(**FAST)
    assert estate.parameters == {
        fresh_database: {"MAX_DATA_EXTENSION_TIME_IN_DAYS": "7"},
        f"{fresh_database}.S": {"DATA_RETENTION_TIME_IN_DAYS": "3"},
    }
    whole = estate.by_address[Address(Kind.DATABASE, "", "", fresh_database)]
    schema = estate.by_address[Address(Kind.SCHEMA, fresh_database, "", "S")]
    usage = Grant("USAGE", "ROLE", "CATALOG_READER")
    assert (whole.owner, whole.comment) == ("ACCOUNTADMIN", "whole")
    assert {usage, Grant("USAGE", "ROLE", "CATALOG_READER", future="SCHEMA")} <= set(whole.grants)
    assert {usage, Grant("SELECT", "ROLE", "CATALOG_READER", future="TABLE")} <= set(schema.grants)


def test_overloads_are_objects_of_their_own(run: Run, reading: Reading) -> None:
    run(
        "CREATE ROLE IF NOT EXISTS CATALOG_READER",
        "CREATE FUNCTION F(A NUMBER) RETURNS NUMBER AS 'A + 1'",
        "CREATE FUNCTION F(A VARCHAR, B DATE) RETURNS VARCHAR AS 'A'",
        "CREATE PROCEDURE P(A NUMBER, B NUMBER DEFAULT 1) RETURNS NUMBER LANGUAGE SQL EXECUTE AS CALLER "
        "AS $$ BEGIN RETURN A; END $$",
        "CREATE PROCEDURE P() RETURNS NUMBER LANGUAGE SQL COMMENT = 'none' AS $$ BEGIN RETURN 1; END $$",
        "GRANT USAGE ON FUNCTION F(NUMBER) TO ROLE CATALOG_READER",
    )
    routines = {one.address.short: one for one in reading().objects if one.address.signature}
    assert sorted(routines) == ["S.F(NUMBER)", "S.F(VARCHAR, DATE)", "S.P()", "S.P(NUMBER, NUMBER)"]
    assert all(one.owner == "ACCOUNTADMIN" and one.ddl for one in routines.values())
    assert routines["S.P()"].comment == "none"
    assert routines["S.P()"].properties["execute_as"] == "OWNER"
    assert routines["S.P(NUMBER, NUMBER)"].properties["execute_as"] == "CALLER"
    assert routines["S.P()"].properties["language"] == "SQL"
    granted = [name for name, one in routines.items() if any(g.grantee == "CATALOG_READER" for g in one.grants)]
    assert granted == ["S.F(NUMBER)"]


KINDS = {
    "V": ("CREATE VIEW V AS SELECT A FROM T", Kind.VIEW),
    "SV": ("CREATE SECURE VIEW SV AS SELECT A FROM T", Kind.VIEW),
    "ST": ("CREATE STREAM ST ON TABLE T", Kind.STREAM),
    "TK": ("CREATE TASK TK WAREHOUSE = ADMIN_WH SCHEDULE = '5 MINUTE' AS INSERT INTO T VALUES (1)", Kind.TASK),
    "D": ("CREATE DYNAMIC TABLE D TARGET_LAG = '1 hour' WAREHOUSE = ADMIN_WH AS SELECT A FROM T", Kind.DYNAMIC_TABLE),
    "MV": ("CREATE MATERIALIZED VIEW MV AS SELECT A FROM T", Kind.MATERIALIZED_VIEW),
    "MP": ("CREATE MASKING POLICY MP AS (V NUMBER) RETURNS NUMBER -> V", Kind.MASKING_POLICY),
    "RP": ("CREATE ROW ACCESS POLICY RP AS (V NUMBER) RETURNS BOOLEAN -> TRUE", Kind.ROW_ACCESS_POLICY),
    "PP": (
        "CREATE PROJECTION POLICY PP AS () RETURNS PROJECTION_CONSTRAINT -> PROJECTION_CONSTRAINT(ALLOW => TRUE)",
        Kind.PROJECTION_POLICY,
    ),
    "AP": (
        "CREATE AGGREGATION POLICY AP AS () RETURNS AGGREGATION_CONSTRAINT -> NO_AGGREGATION_CONSTRAINT()",
        Kind.AGGREGATION_POLICY,
    ),
    "JP": (
        "CREATE JOIN POLICY JP AS () RETURNS JOIN_CONSTRAINT -> JOIN_CONSTRAINT(JOIN_REQUIRED => FALSE)",
        Kind.JOIN_POLICY,
    ),
    "TG": ("CREATE TAG TG ALLOWED_VALUES 'a'", Kind.TAG),
    "FF": ("CREATE FILE FORMAT FF TYPE = CSV", Kind.FILE_FORMAT),
    "TT": ("CREATE TRANSIENT TABLE TT (A NUMBER)", Kind.TABLE),
    "ET": ("CREATE EVENT TABLE ET", Kind.EVENT_TABLE),
    "SQ": ("CREATE SEQUENCE SQ", Kind.SEQUENCE),
    "AL": (
        "CREATE ALERT AL WAREHOUSE = ADMIN_WH SCHEDULE = '5 MINUTE' IF (EXISTS (SELECT 1 FROM T)) "
        "THEN INSERT INTO T VALUES (1)",
        Kind.ALERT,
    ),
    "SG": ("CREATE STAGE SG", Kind.STAGE),
    "NR": ("CREATE NETWORK RULE NR TYPE = IPV4 MODE = INGRESS VALUE_LIST = ('10.0.0.0/8')", Kind.NETWORK_RULE),
}


def test_every_kind_is_found_with_owner_and_text(run: Run, reading: Reading) -> None:
    run("CREATE TABLE T (A NUMBER)", *(sentence for sentence, _ in KINDS.values()), "CREATE DATABASE ROLE {db}.R")
    estate = reading(**FAST)
    for name, (_, kind) in KINDS.items():
        one = found(estate, name)
        assert (one.address.kind, one.owner, one.problem) == (kind, "ACCOUNTADMIN", "")
        assert one.ddl.lower().startswith("create or replace")
    (role,) = (one for one in estate.objects if one.address.kind is Kind.DATABASE_ROLE)
    assert role.ddl == f"create or replace database role {role.address.sql};"


def test_statements_that_get_ddl_does_not_give_make_the_same_again(run: Run, reading: Reading) -> None:
    run(
        "CREATE FILE FORMAT FF TYPE = CSV",
        "CREATE STAGE A FILE_FORMAT = (FORMAT_NAME = '{db}.S.FF') COPY_OPTIONS = (ON_ERROR = 'CONTINUE')",
        "CREATE STAGE B FILE_FORMAT = (TYPE = CSV FIELD_DELIMITER = ';' SKIP_HEADER = 1 NULL_IF = ('a', 'b''c'))"
        " DIRECTORY = (ENABLE = TRUE) COMMENT = 'it''s'",
        "CREATE NETWORK RULE N TYPE = IPV4 MODE = INGRESS VALUE_LIST = ('10.0.0.0/8', '1.2.3.4') COMMENT = 'x'",
    )
    before = reading(**FAST)
    assert any((edge.needer.name, edge.needed.name) == ("A", "FF") for edge in before.edges)
    run(*(found(before, name).ddl for name in ("A", "B", "N")))
    after = reading(**FAST)
    assert [found(after, name) for name in ("A", "B", "N")] == [found(before, name) for name in ("A", "B", "N")]


def test_names_with_every_character(run: Run, reading: Reading, fresh_database: str) -> None:
    odd = "a \"b\" 'c' .d;--$$/*ü日本\\"
    quoted = '"' + odd.replace('"', '""') + '"'
    run(
        f"CREATE TABLE {quoted} ({quoted} NUMBER PRIMARY KEY)",
        f'CREATE VIEW {quoted[:-1]}v" AS SELECT {quoted} FROM {quoted}',
        f"CREATE FUNCTION {quoted}(A NUMBER) RETURNS NUMBER AS 'A'",
    )
    estate = reading()
    table = Address(Kind.TABLE, fresh_database, "S", odd)
    assert estate.by_address[table].columns[0].name == odd
    assert estate.by_address[table].keys == (Key("PRIMARY", (odd,)),)
    assert estate.by_address[Address(Kind.VIEW, fresh_database, "S", f"{odd}v")].ddl
    assert estate.by_address[Address(Kind.FUNCTION, fresh_database, "S", odd, "(NUMBER)")].ddl
    assert any(edge.needer.name == f"{odd}v" and edge.needed == table for edge in estate.edges)


def test_only_what_is_asked_for_and_what_it_leads_to(run: Run, reading: Reading, fresh_database: str) -> None:
    run(
        "CREATE SCHEMA OTHER",
        "CREATE TABLE OTHER.NEEDED (A NUMBER)",
        "CREATE TABLE OTHER.IDLE (A NUMBER)",
        "CREATE VIEW {db}.S.V AS SELECT A FROM {db}.OTHER.NEEDED",
    )
    estate = reading(schemas=("S",))
    assert {one.address.name for one in estate.objects} >= {"V", "NEEDED"}
    assert "IDLE" not in {one.address.name for one in estate.objects}
    assert (estate.database, estate.schemas) == (fresh_database, ("S",))


def test_a_database_that_is_not_there_is_an_error(log_in: Callable[..., Any]) -> None:
    from runner.catalog.reading import ReadRequest, read

    with pytest.raises(OwnStatementFailed, match="NOWHERE"):
        read(log_in(), ReadRequest("NOWHERE"))
