"""Databases, schemas, tables, sequences and routines come, change, go and come back."""

from __future__ import annotations

import pytest

from runner.sandbox.catalog.model import Database, Routine, Schema, Sequence, Table
from runner.sandbox.getddl import get_ddl
from tests.unit.sandbox.ddl.conftest import Desk


def text(desk: Desk, kind: type, name: str) -> str:
    return get_ddl(desk.engine.catalog, desk.live(kind, name))


@pytest.mark.parametrize(
    ("before", "statement", "answer"),
    [
        ((), "CREATE TABLE t (a INT)", "Table T successfully created."),
        (("CREATE TABLE t (a INT)",), "CREATE TABLE IF NOT EXISTS T (b INT)", "T already exists, statement succeeded."),
        (("CREATE TABLE t (a INT)",), "CREATE OR REPLACE TABLE t (b INT)", "Table T successfully created."),
        ((), "CREATE TABLE \"mixed Case\" (a INT)", "Table mixed Case successfully created."),
        (("CREATE TABLE t (a INT)",), "DROP TABLE t", "T successfully dropped."),
        ((), "DROP TABLE IF EXISTS t", "Drop statement executed successfully (T already dropped)."),
        (("CREATE TABLE t (a INT)", "DROP TABLE t"), "UNDROP TABLE t", "Table T successfully restored."),
        (("CREATE TABLE t (a INT)",), "ALTER TABLE t ADD COLUMN b INT", "Statement executed successfully."),
        ((), "ALTER TABLE IF EXISTS nope ADD COLUMN b INT", "Statement executed successfully."),
        ((), "CREATE SCHEMA IF NOT EXISTS s", "S already exists, statement succeeded."),
        ((), "CREATE SCHEMA d.s2 WITH MANAGED ACCESS", "Schema S2 successfully created."),
        ((), "CREATE DATABASE IF NOT EXISTS D", "D already exists, statement succeeded."),
        ((), "CREATE TRANSIENT DATABASE d2", "Database D2 successfully created."),
        ((), "DROP SCHEMA s", "S successfully dropped."),
        ((), "DROP DATABASE d", "D successfully dropped."),
        ((), "DROP DATABASE IF EXISTS x", "Drop statement executed successfully (X already dropped)."),
        ((), "CREATE SEQUENCE q", "Sequence Q successfully created."),
        (("CREATE SEQUENCE q",), "DROP SEQUENCE q", "Q successfully dropped."),
        ((), "CREATE PROCEDURE p() RETURNS INT LANGUAGE SQL AS $$ BEGIN RETURN 1; END $$",
         "Function P successfully created."),
        ((), "COMMENT IF EXISTS ON TABLE nope IS 'x'", "Statement executed successfully."),
        ((), "ALTER SCHEMA s SET COMMENT = 'x' DATA_RETENTION_TIME_IN_DAYS = 3", "Statement executed successfully."),
    ],
)  # fmt: skip
def test_answers_in_snowflakes_words(desk: Desk, before: tuple[str, ...], statement: str, answer: str) -> None:
    desk.run(*before)
    assert desk.say(statement) == answer


@pytest.mark.parametrize(
    ("before", "statement", "errno", "words"),
    [
        (("CREATE TABLE t (a INT)",), "CREATE TABLE t (a INT)", 2002, "Object 'T' already exists"),
        ((), "DROP TABLE t", 2003, "Table 'D.S.T' does not exist or not authorized"),
        ((), "DROP SCHEMA nope", 2003, "Schema 'D.NOPE'"),
        ((), "UNDROP TABLE t", 2003, "did not exist or was purged"),
        (
            ("CREATE TABLE t (a INT)", "DROP TABLE t", "CREATE TABLE t (b INT)"),
            "UNDROP TABLE t",
            2002,
            "already exists",
        ),
        ((), "CREATE SCHEMA information_schema", 2002, "INFORMATION_SCHEMA"),
        ((), "CREATE TABLE nope.s.t (a INT)", 2003, "Database 'NOPE'"),
        ((), "CREATE TABLE t (a INT REFERENCES nope)", 2003, "NOPE"),
        ((), "CREATE TABLE t (a INT, PRIMARY KEY (b))", 904, "invalid identifier 'B'"),
        ((), "CREATE TABLE t (a INT) CLUSTER BY (b)", 904, "invalid identifier 'B'"),
        ((), "CREATE TABLE t (a INT PRIMARY KEY, b INT PRIMARY KEY)", 2200, "Primary key"),
        ((), "CREATE TABLE t (a INT DEFAULT nope.NEXTVAL)", 2003, "NOPE"),
        (("CREATE TABLE t (a INT)",), "ALTER TABLE t ADD COLUMN a INT", 1430, "column 'A' already exists"),
        (("CREATE TABLE t (a INT)",), "ALTER TABLE t DROP COLUMN a", 2027, "only column"),
        (("CREATE TABLE t (a INT, b INT) CLUSTER BY (b)",), "ALTER TABLE t DROP COLUMN b", 2030, "clustering key"),
        (("CREATE TABLE t (a INT, b INT)",), "ALTER TABLE t RENAME COLUMN a TO b", 1430, "'B' already exists"),
        (("CREATE TABLE t (a INT)",), "ALTER TABLE t ALTER COLUMN a TYPE VARCHAR", 40052, "cannot change column A"),
        (("CREATE TABLE t (a VARCHAR(9))",), "ALTER TABLE t ALTER COLUMN a TYPE VARCHAR(8)", 40052, "byte-length"),
        (("CREATE TABLE t (a NUMBER(9,2))",), "ALTER TABLE t ALTER a SET DATA TYPE NUMBER(9,3)", 40052, "scale"),
        (("CREATE TABLE t (a INT)",), "ALTER TABLE t ALTER COLUMN a SET DEFAULT 5", 2, "Set Default"),
        (("CREATE TABLE t (a INT)",), "ALTER TABLE t DROP CONSTRAINT c", 2151, "Constraint 'C'"),
        (("CREATE TABLE t (a INT)",), "ALTER TABLE t SUSPEND RECLUSTER", 2261, "not clustered"),
        (("CREATE TABLE t (a INT)",), "ALTER TABLE t SET ROW_TIMESTAMP = TRUE", 2, "ROW_TIMESTAMP"),
        (("CREATE TABLE t (a INT)",), "ALTER TABLE t SET ENABLE_SCHEMA_EVOLUTION = TRUE", 2, "ENABLE_SCHEMA_EVOLUTION"),
        (("CREATE TABLE t (a INT)",), "ALTER TABLE t FROB", 1003, "unexpected 'FROB'"),
        (("CREATE TABLE t (a INT)",), "DROP TABLE t FROB", 1003, "unexpected 'FROB'"),
        ((), "CREATE HYBRID TABLE t AS SELECT 1", 2, "HYBRID"),
        ((), "CREATE HYBRID TABLE t (a INT)", 2, "HYBRID"),
        ((), "CREATE ICEBERG TABLE t (a INT)", 2, "ICEBERG"),
        ((), "CREATE RECURSIVE VIEW v AS SELECT 1 a", 2026, "recursive"),
        ((), "CREATE PROCEDURE p() RETURNS INT LANGUAGE JAVA AS 'x'", 2, "LANGUAGE JAVA"),
        ((), "CREATE PROCEDURE p() RETURNS INT AS $$ BEGIN RETURN 1 END $$", 1003, "syntax error"),
        ((), "DROP PROCEDURE p()", 2003, "P()"),
        ((), "COMMENT ON TABLE nope IS 'x'", 2003, "NOPE"),
        ((), "COMMENT ON SECRET x IS 'x'", 2, "COMMENT ON SECRET"),
        ((), "UNDROP VIEW v", 2, "UNDROP VIEW"),
        ((), "CREATE SCHEMA x CLONE nope", 2003, "NOPE"),
        ((), "ALTER DATABASE d SET DEFAULT_DDL_COLLATION = 'en'", 2, "DEFAULT_DDL_COLLATION"),
    ],
)
def test_refusals_name_the_thing(desk: Desk, before: tuple[str, ...], statement: str, errno: int, words: str) -> None:
    desk.run(*before)
    error = desk.refused(statement)
    assert error.errno == errno
    assert words in error.message


def test_creating_moves_the_session(desk: Desk) -> None:
    assert (desk.session.database, desk.session.schema) == ("D", "S")
    desk.run("CREATE DATABASE e")
    assert (desk.session.database, desk.session.schema) == ("E", "PUBLIC")
    desk.run("CREATE SCHEMA d.x")
    assert (desk.session.database, desk.session.schema) == ("D", "X")
    desk.run("DROP SCHEMA x")
    assert desk.session.schema is None
    desk.run("DROP DATABASE d")
    assert desk.session.database is None


def test_a_dropped_database_comes_back_whole(desk: Desk) -> None:
    desk.run(
        "CREATE TABLE gone (a INT)", "CREATE TABLE t (a INT)", "DROP TABLE gone", "CREATE SEQUENCE q", "DROP DATABASE d"
    )
    assert not desk.engine.catalog.all(Table, "IMCUST")
    desk.run("UNDROP DATABASE d", "USE SCHEMA d.s")
    assert desk.live(Table, "T")
    assert desk.live(Sequence, "Q")
    assert [table.name for table in desk.engine.catalog.all(Table, "IMCUST")] == ["T"]


def test_the_latest_of_the_dropped_comes_back(desk: Desk) -> None:
    desk.run("CREATE TABLE t (a INT)", "CREATE OR REPLACE TABLE t (b INT)", "DROP TABLE t", "UNDROP TABLE t")
    assert "B NUMBER" in text(desk, Table, "T")
    desk.run("ALTER TABLE t RENAME TO newer", "UNDROP TABLE t")
    assert "A NUMBER" in text(desk, Table, "T")


def test_undrop_by_id(desk: Desk) -> None:
    desk.run("CREATE TABLE t (a INT)")
    first = desk.live(Table, "T").id
    desk.run("CREATE OR REPLACE TABLE t (b INT)", "DROP TABLE t", f"UNDROP TABLE IDENTIFIER({first})")
    assert "A NUMBER" in text(desk, Table, "T")


def test_retention_of_no_days_leaves_nothing_to_undrop(desk: Desk) -> None:
    desk.run("CREATE TABLE t (a INT) DATA_RETENTION_TIME_IN_DAYS = 0", "DROP TABLE t")
    assert desk.refused("UNDROP TABLE t").errno == 2003


def test_names_differ_by_case_and_do_not_destroy_each_other(desk: Desk) -> None:
    desk.run('CREATE TABLE "mixed" (a INT)', "CREATE OR REPLACE TABLE mixed (b INT)")
    assert "A NUMBER" in text(desk, Table, "mixed")
    assert "B NUMBER" in text(desk, Table, "MIXED")


def test_foreign_keys_follow_renames_and_swaps(desk: Desk) -> None:
    desk.run("CREATE TABLE p (a INT PRIMARY KEY)", "CREATE TABLE c (x INT REFERENCES p)", "CREATE TABLE q (z INT)")
    assert "references D.S.P(A)" in text(desk, Table, "C")
    desk.run("ALTER TABLE p RENAME COLUMN a TO b")
    assert "references D.S.P(B)" in text(desk, Table, "C")
    desk.run("ALTER TABLE p SWAP WITH q")
    assert "references D.S.Q(B)" in text(desk, Table, "C")
    desk.run("ALTER SCHEMA s RENAME TO s2", "ALTER DATABASE d RENAME TO d2")
    assert "references D2.S2.Q(B)" in text(desk, Table, "C")
    assert (desk.session.database, desk.session.schema) == ("D2", "S2")
    desk.run("DROP TABLE q")
    assert "references" not in text(desk, Table, "C")


def test_restrict_keeps_what_is_referred_to(desk: Desk) -> None:
    desk.run("CREATE TABLE p (a INT PRIMARY KEY)", "CREATE SCHEMA o", "CREATE TABLE o.c (x INT REFERENCES d.s.p)")
    assert "referenced" in desk.refused("DROP TABLE s.p RESTRICT").message
    assert "referenced" in desk.refused("DROP SCHEMA s RESTRICT").message
    desk.run("DROP DATABASE d RESTRICT")


def test_sequence_defaults_are_kept_in_full_and_follow(desk: Desk) -> None:
    desk.run("CREATE SEQUENCE q START 7", "CREATE TABLE t (a INT DEFAULT q.nextval)", "CREATE SCHEMA other")
    assert "DEFAULT D.S.Q.NEXTVAL" in text(desk, Table, "T")
    desk.run("ALTER SEQUENCE d.s.q RENAME TO d.s.r")
    assert "DEFAULT D.S.R.NEXTVAL" in text(desk, Table, "T")
    desk.run("ALTER SCHEMA s SWAP WITH other")
    assert "DEFAULT D.OTHER.R.NEXTVAL" in text(desk, Table, "T")


def test_a_sequence_default_may_become_another(desk: Desk) -> None:
    desk.run("CREATE SEQUENCE q", "CREATE SEQUENCE r", "CREATE TABLE t (a INT DEFAULT q.nextval)")
    desk.run("ALTER TABLE t ALTER COLUMN a SET DEFAULT r.NEXTVAL")
    assert "DEFAULT D.S.R.NEXTVAL" in text(desk, Table, "T")
    desk.run("ALTER TABLE t ALTER COLUMN a DROP DEFAULT")
    assert "DEFAULT" not in text(desk, Table, "T")


ALTERED = [
    (
        "ALTER TABLE t ADD COLUMN c TEXT COMMENT 'it''s', d INT",
        "C VARCHAR(16777216) COMMENT 'it''s',\n\tD NUMBER(38,0)",
    ),
    ("ALTER TABLE t ADD IF NOT EXISTS a TEXT", "A NUMBER(38,0) NOT NULL"),
    ("ALTER TABLE t ADD COLUMN IF NOT EXISTS x TEXT", "X VARCHAR(16777216)"),
    ("ALTER TABLE t DROP COLUMN b, a2", "(\n\tA NUMBER(38,0) NOT NULL,"),
    ("ALTER TABLE t DROP COLUMN IF EXISTS nope", "A NUMBER(38,0) NOT NULL"),
    ('ALTER TABLE t RENAME COLUMN a TO "a x"', 'primary key ("a x")\n)cluster by ("a x")'),
    ("ALTER TABLE t ALTER COLUMN b SET DATA TYPE VARCHAR(50)", "B VARCHAR(50)"),
    ("ALTER TABLE t MODIFY (COLUMN b TYPE VARCHAR(60), COLUMN a2 COMMENT 'x')", "A2 NUMBER(10,2) COMMENT 'x'"),
    ("ALTER TABLE t ALTER a2 NUMBER(12,2)", "A2 NUMBER(12,2)"),
    ("ALTER TABLE t ALTER a2 NUMBER(4,2)", "A2 NUMBER(4,2)"),
    ("ALTER TABLE t ALTER COLUMN b SET NOT NULL", "B VARCHAR(20) NOT NULL"),
    ("ALTER TABLE t ALTER COLUMN k DROP NOT NULL", "K NUMBER(38,0) DEFAULT 1"),
    ("ALTER TABLE t ALTER COLUMN k DROP DEFAULT", "K NUMBER(38,0) NOT NULL"),
    ("ALTER TABLE t ADD CONSTRAINT u UNIQUE (b) RELY", "constraint U unique (B) rely"),
    ("ALTER TABLE t DROP PRIMARY KEY", "K NUMBER(38,0) NOT NULL DEFAULT 1\n)"),
    ("ALTER TABLE t CLUSTER BY (b, to_date(b))", "cluster by (B, to_date(b))"),
    ("ALTER TABLE t DROP CLUSTERING KEY", ")\n);"),
    ("ALTER TABLE t SET COMMENT = 'new', CHANGE_TRACKING = TRUE", "CHANGE_TRACKING=TRUE COMMENT='new'\n;"),
    ("ALTER TABLE t SET DATA_RETENTION_TIME_IN_DAYS = 7", "DATA_RETENTION_TIME_IN_DAYS=7"),
    ("COMMENT ON TABLE t IS 'x'", "COMMENT='x'"),
    ("COMMENT ON COLUMN d.s.t.b IS 'x'", "B VARCHAR(20) COMMENT 'x'"),
]


@pytest.mark.parametrize(("statement", "expected"), ALTERED)
def test_alter_table_changes_the_definition(desk: Desk, statement: str, expected: str) -> None:
    desk.run(
        "CREATE TABLE t (a INT NOT NULL, b VARCHAR(20), a2 NUMBER(10,2), k INT NOT NULL DEFAULT 1, PRIMARY KEY (a)) "
        "CLUSTER BY (a)"
    )
    desk.run(statement)
    assert expected in text(desk, Table, "T")


CREATE_OR_ALTER = [
    ("(a INT, b VARCHAR(30), c INT NOT NULL)", "C NUMBER(38,0) NOT NULL"),
    ("(a INT)", "(\n\tA NUMBER(38,0)\n);"),
    ("(a INT NOT NULL COMMENT 'x', b VARCHAR(20)) COMMENT = 'y'", "COMMENT='y'"),
    ("(a INT, b VARCHAR(20), UNIQUE (b)) CLUSTER BY (b)", "unique (B)\n)cluster by (B)"),
    ("(a INT, b VARCHAR(20), CONSTRAINT pk PRIMARY KEY (a))", "A NUMBER(38,0) NOT NULL,"),
    ("(a INT PRIMARY KEY, b VARCHAR(20), c INT DEFAULT seq.NEXTVAL)", "DEFAULT D.S.SEQ.NEXTVAL"),
]


@pytest.mark.parametrize(("definition", "expected"), CREATE_OR_ALTER)
def test_create_or_alter_changes_in_place(desk: Desk, definition: str, expected: str) -> None:
    desk.run("CREATE SEQUENCE seq", "CREATE TABLE t (a INT, b VARCHAR(20))")
    before = desk.live(Table, "T").id
    desk.run(f"CREATE OR ALTER TABLE t {definition}")
    assert expected in text(desk, Table, "T")
    assert desk.live(Table, "T").id == before
    same = text(desk, Table, "T")
    desk.run(f"CREATE OR ALTER TABLE t {definition}")
    assert text(desk, Table, "T") == same


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        ("(b VARCHAR(20), a INT)", "reordered"),
        ("(a INT, x INT, b VARCHAR(20))", "end of the table"),
        ("(a INT, b VARCHAR(10))", "byte-length"),
        ("(a TEXT, b VARCHAR(20))", "cannot change column A"),
        ("(a INT AUTOINCREMENT, b VARCHAR(20))", "identity"),
        ("(a INT, b VARCHAR(20) COLLATE 'en')", "collation"),
    ],
)
def test_create_or_alter_refuses(desk: Desk, definition: str, words: str) -> None:
    desk.run("CREATE TABLE t (a INT, b VARCHAR(20))")
    before = text(desk, Table, "T")
    assert words in desk.refused(f"CREATE OR ALTER TABLE t {definition}").message
    assert text(desk, Table, "T") == before


def test_a_failing_statement_changes_nothing(desk: Desk) -> None:
    desk.run("CREATE TABLE t (a INT)")
    before = text(desk, Table, "T")
    desk.refused("ALTER TABLE t ADD COLUMN b INT, a INT")
    assert text(desk, Table, "T") == before
    desk.run("ALTER TABLE t ADD COLUMN b INT")


def test_procedures_are_told_apart_by_their_arguments(desk: Desk) -> None:
    body = "RETURNS INT LANGUAGE SQL AS $$ BEGIN RETURN 1; END $$"
    desk.run(f"CREATE PROCEDURE p(a INT) {body}", f"CREATE PROCEDURE p(a TEXT) {body}", f"CREATE PROCEDURE p() {body}")
    desk.run(f"CREATE OR REPLACE PROCEDURE p(x NUMBER(10,2)) {body}", "DROP PROCEDURE p(STRING)")
    assert sorted(len(r.arguments) for r in desk.engine.catalog.all(Routine, "IMCUST")) == [0, 1]
    desk.run("ALTER PROCEDURE p(INT) SET COMMENT = 'c'", "ALTER PROCEDURE p(INT) RENAME TO q")
    assert desk.live(Routine, "Q").comment == "c"
    assert desk.refused(f"CREATE PROCEDURE p() {body}").errno == 2002


def test_create_or_replace_keeps_grants_only_with_copy_grants(desk: Desk) -> None:
    desk.run("CREATE ROLE r", "CREATE TABLE t (a INT)", "GRANT SELECT ON TABLE t TO ROLE r")

    def granted() -> bool:
        number = desk.live(Table, "T").id
        return any(g.on_id == number and g.to_name == "R" for g in desk.engine.catalog.grants("IMCUST"))

    assert granted()
    desk.run("CREATE OR REPLACE TABLE t (a INT) COPY GRANTS")
    assert granted()
    desk.run("CREATE OR REPLACE TABLE t (a INT)")
    assert not granted()


def test_temporary_tables_hide_permanent_ones(desk: Desk) -> None:
    desk.run("CREATE TABLE t (a INT)", "CREATE TEMPORARY TABLE t (b INT)")
    assert len(desk.engine.catalog.all(Table, "IMCUST")) == 2
    desk.run("DROP TABLE t")
    assert "A NUMBER" in text(desk, Table, "T")


def test_privileges_are_asked(desk: Desk) -> None:
    desk.run("CREATE ROLE r", "GRANT ROLE r TO USER sandbox_admin", "CREATE TABLE t (a INT)")
    other = desk.as_role("R")
    assert other.refused("CREATE TABLE d.s.x (a INT)").errno == 2003
    desk.run("GRANT USAGE ON DATABASE d TO ROLE r", "GRANT USAGE ON SCHEMA d.s TO ROLE r")
    assert other.refused("CREATE TABLE d.s.x (a INT)").errno == 3001
    assert other.refused("DROP TABLE d.s.t").errno == 2003
    desk.run("GRANT SELECT ON TABLE t TO ROLE r", "GRANT CREATE TABLE ON SCHEMA s TO ROLE r")
    for statement in ("DROP TABLE d.s.t", "ALTER TABLE d.s.t ADD COLUMN b INT", "COMMENT ON TABLE d.s.t IS 'x'"):
        assert other.refused(statement).errno == 3001
    assert other.refused("CREATE OR REPLACE TABLE d.s.t (b INT)").errno == 3001
    assert other.refused("CREATE DATABASE x").errno == 3001
    other.run("CREATE TABLE d.s.mine (a INT)", "ALTER TABLE d.s.mine ADD COLUMN b INT")
    assert desk.live(Table, "MINE").owner == "R"


def test_schemas_and_databases_keep_their_properties(desk: Desk) -> None:
    desk.run(
        "CREATE OR REPLACE TRANSIENT SCHEMA x WITH MANAGED ACCESS DATA_RETENTION_TIME_IN_DAYS = 1 COMMENT = 'it''s'"
    )
    expected = "create or replace TRANSIENT schema X with managed access DATA_RETENTION_TIME_IN_DAYS=1 COMMENT='it''s';"
    assert text(desk, Schema, "X") == expected
    desk.run("ALTER SCHEMA x DISABLE MANAGED ACCESS", "ALTER SCHEMA x UNSET COMMENT, DATA_RETENTION_TIME_IN_DAYS")
    assert text(desk, Schema, "X") == "create or replace TRANSIENT schema X;"
    desk.run("CREATE DATABASE e COMMENT = 'c'", "ALTER DATABASE d SWAP WITH e")
    assert desk.live(Database, "D").comment == "c"
    desk.run("CREATE OR ALTER SCHEMA e.s WITH MANAGED ACCESS COMMENT = 'z'")
    assert desk.live(Schema, "S").managed_access  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        ("f(x INT) RETURNS INT AS 'x + nope'", "NOPE"),
        ("f(x INT) RETURNS INT AS 'x +'", "syntax error"),
        ("f() RETURNS TABLE (a INT, b TEXT) AS 'SELECT 1'", "Invalid column definition list"),
        ("f() RETURNS INT AS 'SELECT a FROM nope'", "NOPE"),
        ("f() RETURNS INT LANGUAGE PYTHON AS 'x'", "LANGUAGE PYTHON"),
    ],
)
def test_functions_are_compiled_when_they_are_made(desk: Desk, definition: str, words: str) -> None:
    assert words in desk.refused(f"CREATE FUNCTION {definition}").message


def test_functions_in_sql(desk: Desk) -> None:
    desk.run("CREATE FUNCTION f(a INT, b INT DEFAULT 2) RETURNS INT NOT NULL AS 'a * b'")
    desk.run("CREATE FUNCTION h() RETURNS TABLE (q INT, r TEXT) AS $$ SELECT 1, 'x' $$")
    assert (desk.value("SELECT f(3)"), desk.value("SELECT f(3, 5)")) == (6, 15)
    assert desk.run("SELECT * FROM TABLE(h())") == [(1, "x")]
    desk.run("ALTER FUNCTION f(INT, INT) SET SECURE", "ALTER FUNCTION f(INT, INT) RENAME TO g")
    assert text(desk, Routine, "G").startswith('CREATE OR REPLACE SECURE FUNCTION "G"(')
    assert desk.say("DROP FUNCTION g(NUMBER, NUMBER)") == "G successfully dropped."
