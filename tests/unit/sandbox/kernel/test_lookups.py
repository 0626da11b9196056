"""A lookup that comes again is answered as one that was never seen before, whatever happened in between."""

import random

import pytest

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.query.lookups import MOST, Lookup
from tests.unit.sandbox.kernel.conftest import Background

LOOKUPS = [
    "SELECT amount, name FROM t WHERE id = {}",
    "SELECT * FROM t WHERE id = {}",
    "SELECT name AS \"n\" FROM PUBLIC.t AS x WHERE x.id <= {} AND (name <> 'it''s' OR amount > 0)",
]


ASKED = [
    "BEGIN LET v := (SELECT amount FROM t WHERE id = {}); RETURN v; END",
    "BEGIN IF (EXISTS (SELECT 1 FROM t WHERE id = {})) THEN RETURN 'there'; END IF; RETURN 'not there'; END",
    "BEGIN RETURN (SELECT name FROM t WHERE id = {}); END",
]
"""Lookups in expressions of scripts."""
EVERY = [*LOOKUPS, *ASKED]


def outcome(client, sql):
    try:
        done = client.execute(sql)
    except SnowflakeError as error:
        return error.errno, error.sqlstate, error.message
    return done.columns, done.table.schema.types, done.rows()


def anew(client, sql):
    client.session.lookups.clear()
    return outcome(client, sql)


def learn(client):
    for number in (2, 3, 4, 5):
        for sql in EVERY:
            client.execute(sql.format(number))
    assert sum(isinstance(each, Lookup) for each in client.session.lookups.values()) == len(EVERY)


@pytest.fixture
def admin(client, database):
    client.run(
        "CREATE TABLE t (id INT, name VARCHAR, amount NUMBER(12,2))",
        "INSERT INTO t VALUES (1, 'a', 1.5), (2, 'it''s', 2.5), (3, NULL, 3)",
        f"CREATE OR REPLACE ROLE reader_{database}",
        f"GRANT ROLE reader_{database} TO USER SANDBOX_ADMIN",
        f"GRANT USAGE ON DATABASE {database} TO ROLE reader_{database}",
        f"GRANT USAGE, CREATE TABLE ON SCHEMA {database}.PUBLIC TO ROLE reader_{database}",
        f"GRANT SELECT ON TABLE t TO ROLE reader_{database}",
        f"CREATE SCHEMA {database}.other",
        f"CREATE TABLE {database}.other.t AS SELECT * FROM {database}.PUBLIC.t WHERE id = 3",
        f"USE SCHEMA {database}.PUBLIC",
    )
    return client


@pytest.fixture
def readers(connect, admin, database):
    """One that remembers lookups, and one that never does."""
    both = [connect(role=f"READER_{database}") for _ in range(2)]
    for one in both:
        one.run("USE SECONDARY ROLES NONE")
    return both


BY_OTHERS = {
    "replaced": [
        "CREATE OR REPLACE TABLE t (id VARCHAR, name INT, amount INT) COPY GRANTS",
        "INSERT INTO t SELECT 1, 2, 3",
    ],
    "dropped": ["DROP TABLE t"],
    "dropped and back": ["DROP TABLE t", "UNDROP TABLE t"],
    "renamed": ["ALTER TABLE t RENAME TO u"],
    "swapped": ["CREATE TABLE u CLONE t COPY GRANTS", "DELETE FROM u WHERE id < 3", "ALTER TABLE t SWAP WITH u"],
    "one more column": ["ALTER TABLE t ADD COLUMN more INT"],
    "one column less": ["ALTER TABLE t DROP COLUMN name"],
    "a column renamed": ["ALTER TABLE t RENAME COLUMN name TO called"],
    "rows changed": ["UPDATE t SET amount = 9 WHERE id = 2"],
    "rows gone": ["TRUNCATE TABLE t"],
    "rows changed later": ["BEGIN", "UPDATE t SET amount = 9", "COMMIT"],
    "rows not changed": ["BEGIN", "UPDATE t SET amount = 9", "ROLLBACK"],
    "revoked": ["REVOKE SELECT ON TABLE t FROM ROLE {role}"],
    "revoked above": ["REVOKE USAGE ON DATABASE {database} FROM ROLE {role}"],
    "taken from the user": ["REVOKE ROLE {role} FROM USER SANDBOX_ADMIN"],
    "masked": [
        "CREATE MASKING POLICY m AS (v VARCHAR) RETURNS VARCHAR -> CASE WHEN CURRENT_ROLE() = 'X' THEN v ELSE '*' END",
        "ALTER TABLE t MODIFY COLUMN name SET MASKING POLICY m",
    ],
    "filtered": [
        "CREATE ROW ACCESS POLICY p AS (v INT) RETURNS BOOLEAN -> v > 2",
        "ALTER TABLE t ADD ROW ACCESS POLICY p ON (id)",
    ],
    "projected": [
        "CREATE PROJECTION POLICY q AS () RETURNS PROJECTION_CONSTRAINT -> PROJECTION_CONSTRAINT(ALLOW => FALSE)",
        "ALTER TABLE t MODIFY COLUMN name SET PROJECTION POLICY q",
    ],
    "a view in its place": ["ALTER TABLE t RENAME TO u", "CREATE VIEW t AS SELECT 7 AS id, 'v' AS name, 1 AS amount"],
    "another schema of the name": ["ALTER SCHEMA PUBLIC RENAME TO gone", "ALTER SCHEMA other RENAME TO PUBLIC"],
    "the schema dropped": ["DROP SCHEMA PUBLIC"],
}
BY_ITSELF = {
    "another role": ["USE ROLE PUBLIC"],
    "all roles": ["USE SECONDARY ROLES ALL"],
    "another schema": ["USE ROLE ACCOUNTADMIN", "USE SCHEMA {database}.other"],
    "no schema": ["USE ROLE ACCOUNTADMIN", "CREATE DATABASE {database}_2", "DROP DATABASE {database}_2"],
    "a temporary table before it": ["CREATE TEMPORARY TABLE t (id INT, name VARCHAR, amount INT)"],
    "its own transaction": [
        "USE ROLE ACCOUNTADMIN",
        "BEGIN",
        "UPDATE t SET amount = 8",
        "INSERT INTO t VALUES (2, 'n', 0)",
    ],
    "its own transaction undone": ["USE ROLE ACCOUNTADMIN", "BEGIN", "DELETE FROM t", "ROLLBACK"],
    "a parameter": ["ALTER SESSION SET TIMEZONE = 'Asia/Tokyo'"],
}


def same_for_both(readers):
    remembering, forgetting = readers
    for number in (2, 3, 77):
        for sql in EVERY:
            assert outcome(remembering, sql.format(number)) == anew(forgetting, sql.format(number))


@pytest.mark.parametrize("change", BY_OTHERS)
def test_what_others_change_is_seen(admin, readers, database, change):
    for one in readers:
        learn(one)
    for sql in BY_OTHERS[change]:
        admin.execute(sql.format(role=f"reader_{database}", database=database))
    same_for_both(readers)


@pytest.mark.parametrize("change", BY_ITSELF)
def test_what_the_session_changes_of_itself_is_seen(admin, readers, database, change):
    for one in readers:
        learn(one)
        for sql in BY_ITSELF[change]:
            one.execute(sql.format(database=database))
        for sql in EVERY:
            for number in (2, 3, 77):
                assert outcome(one, sql.format(number)) == anew(one, sql.format(number))
        if one.session.transaction is not None:
            one.execute("ROLLBACK")


def test_a_script_sees_what_its_own_turns_do(admin):
    script = """
        DECLARE v NUMBER(12,2); said VARCHAR DEFAULT '';
        BEGIN
          FOR i IN 1 TO 6 DO
            SELECT SUM(amount) INTO :v FROM t WHERE id = 1;
            SELECT amount INTO :v FROM t WHERE id = 1;
            said := said || v || ' ';
            IF (i = 3) THEN
              ALTER TABLE t RENAME TO was;
              CREATE TABLE t AS SELECT id, name, amount * 100 AS amount FROM was;
            ELSE
              UPDATE t SET amount = amount + 1 WHERE id = 1;
            END IF;
          END FOR;
          RETURN said;
        END"""
    assert admin.one(script).split() == ["1.50", "2.50", "3.50", "350.00", "351.00", "352.00"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT amount FROM t WHERE id = {} LIMIT 1", "SELECT amount + {} FROM t WHERE id = 1",
        "SELECT amount FROM t WHERE id = ROUND({}, 0)", "SELECT amount FROM t WHERE name = {}",
        "SELECT amount FROM t WHERE id = '{}'", "SELECT amount FROM t WHERE id = {} AND CURRENT_ROLE() IS NULL",
        "SELECT amount FROM t WHERE id = -{}", "SELECT amount FROM t AT(OFFSET => 0) WHERE id = {}",
        "SELECT amount FROM t WHERE id = {}.0", "SELECT a.amount FROM t a, t b WHERE a.id = {}",
        "SELECT amount FROM t WHERE id = {} ORDER BY 1", "SELECT DISTINCT amount FROM t WHERE id = {}",
        "SELECT amount FROM (SELECT * FROM t) WHERE id = {}", "SELECT COUNT(*) FROM t WHERE id = {}",
    ],
)  # fmt: skip
def test_what_is_more_than_a_lookup_is_not_remembered(admin, sql):
    for number in (1, 2, 3):
        assert outcome(admin, sql.format(number)) == anew(admin, sql.format(number))
    for number in (1, 2, 3):
        outcome(admin, sql.format(number))
    assert not any(isinstance(each, Lookup) for each in admin.session.lookups.values())


def test_constants_stand_where_they_belong(admin):
    """Numbers of all lengths, texts with all that a text can hold."""
    chance = random.Random(7)
    texts = ["a", "", "it''s", "('x')", '("T"."ID" = 5)', "é\t", " AND ", "''''"]
    for _ in range(60):
        number = chance.choice(["0", "7", "007", "999999999", "1" * 18, "9" * 19, "3" * 38])
        tests = f"id >= {number} OR name = '{chance.choice(texts)}' AND id <> {len(number) + 40}"
        sql = f"SELECT id, name FROM t WHERE {tests}"
        found = outcome(admin, sql)
        kept = dict(admin.session.lookups)
        assert found == anew(admin, sql)
        admin.session.lookups.update(kept)
    assert any(isinstance(each, Lookup) for each in admin.session.lookups.values())


def test_no_more_than_a_few_are_remembered(admin):
    for number in range(3 * MOST):
        admin.execute(f"SELECT amount AS a{number} FROM t WHERE id = 1")
    assert len(admin.session.lookups) <= MOST


def test_what_was_looked_at_is_in_the_history_each_time(admin):
    numbers = [admin.execute(f"SELECT name FROM t WHERE id = {number}").query_id for number in (1, 2, 3, 4)]
    entries = [admin.engine.history.by_id(number) for number in numbers]
    said = [entry.accesses.plain() for entry in entries]
    assert any(isinstance(each, Lookup) for each in admin.session.lookups.values())
    assert said == [said[0]] * 4
    assert sorted(said[0]["direct"][0]["columns"]) == ["ID", "NAME"]


def test_nothing_is_remembered_while_a_change_is_being_made(admin, other):
    """What is found then is of the catalogue before, though its generation has grown."""
    with admin.engine.catalog.work() as work:
        table = next(r for r in admin.engine.catalog.records.values() if r.name == "T")
        work.edit(table, comment="changed")
        for number in range(3):
            Background(other, f"SELECT amount FROM t WHERE id = {number}").ended()
        assert not any(isinstance(each, Lookup) for each in other.session.lookups.values())
    for number in range(3):
        other.execute(f"SELECT amount FROM t WHERE id = {number}")
    assert any(isinstance(each, Lookup) for each in other.session.lookups.values())


def test_a_constant_that_is_not_compared_makes_another_lookup(admin):
    """1 of SELECT 1 is no constant that may change; nor is it doubtful which of the two is which."""
    turns = "FOR i IN 1 TO 4 DO IF (EXISTS (SELECT {} FROM t WHERE id = :i)) THEN n := n * 10 + i; END IF; END FOR;"
    for shown in (1, 2, 1, 3):
        assert admin.one(f"DECLARE n INT DEFAULT 0; BEGIN {turns.format(shown)} RETURN n; END") == 123
    for low, high in ((1, 1), (2, 2), (1, 3), (3, 1), (2, 3)):
        sql = f"SELECT id FROM t WHERE id >= {low} AND id <= {high} AND amount > 0"
        assert outcome(admin, sql)[2] == [(n,) for n in range(low, high + 1)]


def test_a_value_of_several_rows_is_refused_also_when_it_is_remembered(admin):
    turns = "FOR i IN 1 TO 5 DO v := (SELECT amount FROM t WHERE id = :i); END FOR;"
    script = f"DECLARE v NUMBER(12,2); BEGIN {turns} RETURN v; END"
    assert admin.one(script) is None
    admin.execute("INSERT INTO t VALUES (5, 'x', 1), (5, 'y', 2)")
    assert outcome(admin, script) == anew(admin, script)
    assert isinstance(outcome(admin, script)[0], int)


def test_the_history_of_a_script_names_the_columns_it_looked_at(admin):
    script = "BEGIN LET v := (SELECT amount FROM t WHERE id = {}); RETURN v; END"
    other = (
        "BEGIN LET v := (SELECT name FROM t WHERE id = 1); LET w := (SELECT amount FROM t WHERE id = {}); RETURN w; END"
    )
    numbers = [admin.execute(sql.format(at)).query_id for at, sql in enumerate([script, other, other, script, script])]
    said = [admin.engine.history.by_id(number).accesses.plain()["base"][0]["columns"] for number in numbers]
    assert [sorted(each) for each in said] == [sorted(said[0]), *[["AMOUNT", "ID", "NAME"]] * 2, *[sorted(said[0])] * 2]
    assert sorted(said[0]) == ["AMOUNT", "ID"]
