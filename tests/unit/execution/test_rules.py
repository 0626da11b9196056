"""What may not run, found before anything runs."""

import pytest

from runner.core.errors import StatementNotAllowed
from runner.core.script import Head, Kind, Rendered, Script
from runner.core.version import Version
from runner.execution.rules import check
from runner.sql.directives import annotate


def rendered(text, **head):
    script = Script(Kind.VERSIONED, Version("1"), "a", "versions/V1__a.sql", text, Head(**head))
    return Rendered(script, "dev", text, annotate(text, script.head))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE T (N INT)",
        "create or replace view V as select 1",
        "ALTER TABLE T ADD COLUMN M INT",
        "DROP TABLE T",
        "GRANT SELECT ON TABLE T TO ROLE R",
        "COMMENT ON TABLE T IS 'x'",
        "/* a */ CREATE TABLE T AS SELECT 1",
        "EXECUTE IMMEDIATE 'DROP TABLE T'",
        "CALL P()",
        "BEGIN\n  DROP TABLE T;\nEND",
        "UNDROP TABLE T",
    ],
)
def test_ddl_inside_a_transactional_script_is_refused_with_its_line(statement):
    with pytest.raises(StatementNotAllowed) as caught:
        check([rendered(f"INSERT INTO T VALUES (1);\n\n{statement};", transactional=True)], None)
    assert caught.value.sentence.startswith("versions/V1__a.sql:3: ")
    assert "cannot stand in a transactional script" in caught.value.sentence
    assert "script of its own" in caught.value.hint


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO T VALUES (1)",
        "INSERT OVERWRITE INTO T SELECT 1",
        "UPDATE T SET N = 1",
        "DELETE FROM T",
        "MERGE INTO T USING S ON 1 = 1 WHEN MATCHED THEN DELETE",
        "TRUNCATE TABLE T",
        "SELECT 1",
        "SET X = 1",
    ],
)
def test_rows_may_change_in_one(statement):
    check([rendered(f"{statement};", transactional=True)], None)


@pytest.mark.parametrize(
    "statement", ["BEGIN", "BEGIN TRANSACTION", "START TRANSACTION", "COMMIT", "COMMIT WORK", "ROLLBACK", "begin work"]
)
@pytest.mark.parametrize("transactional", [True, False])
def test_transactions_are_the_runners_to_open_and_end(statement, transactional):
    with pytest.raises(StatementNotAllowed, match="is not for scripts: the runner opens and ends transactions"):
        check([rendered(f"{statement};", transactional=transactional)], None)


@pytest.mark.parametrize(
    "statement", ["BEGIN\n  SELECT 1;\nEND", "DECLARE X INT; BEGIN SELECT 1; END", "BEGIN SELECT 1; END"]
)
def test_a_block_is_no_transaction(statement):
    check([rendered(f"{statement};")], None)


def test_use_role_under_a_token_that_is_bound_to_its_role_is_refused_before_it_is_sent():
    with pytest.raises(StatementNotAllowed) as caught:
        check([rendered("SELECT 1;\nUSE ROLE SYSADMIN;")], "ACCOUNTADMIN")
    assert caught.value.sentence == (
        "versions/V1__a.sql:2: USE ROLE is refused by Snowflake: the token is restricted to ACCOUNTADMIN"
    )


def test_use_role_is_allowed_with_other_logins():
    check([rendered("USE ROLE SYSADMIN;")], None)


def test_parallel_inside_a_transaction_is_refused():
    text = "-- runner: transactional\n-- runner: parallel\nDELETE FROM A;\nDELETE FROM B;\n-- runner: end\n"
    with pytest.raises(StatementNotAllowed, match="cannot run in parallel inside a transaction"):
        check([rendered(text, transactional=True)], None)
