"""What is had without asking the engine, or by a shorter way through it, is what the engine gives."""

import random
from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest

from runner.sandbox.context import Context
from runner.sandbox.control import Control
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.query.run import compile_query, fetch


def context_of(client, *, inner=False):
    return Context(engine=client.engine, session=client.session, query_id="", control=Control(), inner=inner)


def number(chance):
    digits = chance.choice([1, 1, 2, 3, 5, 9, 10, 17, 18, 19, 25, 38])
    whole = "0" * chance.choice([0, 0, 0, 2]) + str(chance.randrange(10**digits))
    behind = "".join(chance.choice("0123456789") for _ in range(chance.choice([0, 0, 1, 2, 6, 7, 12, 13])))
    return f"{whole}.{behind}" if behind else whole


def expression(chance, depth):
    if depth == 0 or chance.random() < 0.3:
        return number(chance)
    if chance.random() < 0.2:
        return f"-({expression(chance, depth - 1)})"
    operator = chance.choice("+-*")
    return f"({expression(chance, depth - 1)} {operator} {expression(chance, depth - 1)})"


def text(chance):
    return chance.choice(["'a'", "'it''s'", "''", "'x' || 'y'", "'é\n' || ''", "TRUE", "FALSE", "('q')", "NULL", "1e3"])


def outcome(context, compiled):
    try:
        done = fetch(context, compiled)
    except (SnowflakeError, duckdb.Error) as error:
        return type(error)
    return done.columns, done.table.schema.types, [[str(value) for value in row] for row in done.rows()]


def test_constants_are_what_the_engine_makes_of_them(client):
    chance, context, without = random.Random(5), context_of(client), 0
    for _ in range(150):
        items = [expression(chance, 2) if chance.random() < 0.7 else text(chance) for _ in range(2)]
        compiled = compile_query(context, f"SELECT {items[0]}, {items[1]} AS c", shown=True)
        without += compiled.values is not None
        assert outcome(context, compiled) == outcome(context, replace(compiled, values=None)), items
    assert without > 30


@pytest.mark.parametrize(
    "query",
    ["SELECT 1 LIMIT 0", "SELECT 1 WHERE FALSE", "SELECT DISTINCT 1", "SELECT 1 UNION ALL SELECT 2",
     "SELECT (SELECT 1)", "SELECT COUNT(*)", "SELECT 1/3", "SELECT 'a' || 1", "SELECT UPPER('a')",
     "SELECT NULL", "SELECT 1e2"],
)  # fmt: skip
def test_what_is_more_than_a_constant_is_the_engines(client, query):
    assert compile_query(context_of(client), query).values is None


def test_a_product_of_small_columns_has_room_for_all_its_digits(client):
    client.run("CREATE TABLE m (a NUMBER(10, 1), b NUMBER(12, 2), c NUMBER(18, 0))")
    client.execute("INSERT INTO m VALUES (911578606.9, 4287716631.90, 999999999999999999)")
    row = client.rows("SELECT a * b, b * b, c + c, c - -c, c * 1.5 FROM m")[0]
    assert row == (
        Decimal("3908590754089362100.110"),
        Decimal("18384513915471880097.6100"),
        Decimal("1999999999999999998"),
        Decimal("1999999999999999998"),
        Decimal("1499999999999999998.5"),
    )


@pytest.fixture
def table(client):
    client.run(
        "CREATE TABLE t (id INT, name VARCHAR, ok BOOLEAN, amount NUMBER(12, 2), f FLOAT)",
        "INSERT INTO t SELECT SEQ4(), IFF(SEQ4() % 7 = 0, NULL, 'n' || SEQ4()), SEQ4() % 2 = 0, SEQ4() / 4, SEQ4() / 3 "
        "FROM TABLE(GENERATOR(ROWCOUNT => 300))",
    )
    return client


@pytest.mark.parametrize(
    "query",
    ["SELECT * EXCLUDE f FROM t WHERE id < 50", "SELECT id FROM t", "SELECT id, name FROM t LIMIT 7",
     "SELECT COUNT(*), SUM(amount), MAX(name) FROM t", "SELECT name FROM t WHERE id = -1", "SELECT id * amount FROM t",
     "SELECT name || ok FROM t WHERE id = 3", "SELECT amount, f FROM t WHERE id < 3", "SELECT 1 FROM t WHERE id = 9"],
)  # fmt: skip
@pytest.mark.parametrize("inner", [False, True])
def test_a_plain_reading_of_one_table_is_the_same_by_both_ways(table, query, inner):
    context = context_of(table, inner=inner)
    compiled = compile_query(context, query, shown=True)
    assert (compiled.storage is None) == (" f " in query.replace(",", " ") and "EXCLUDE" not in query)
    short, long = outcome(context, compiled), outcome(context, replace(compiled, storage=None))
    assert short[:2] == long[:2]
    assert sorted(short[2]) == sorted(long[2])


@pytest.mark.parametrize(
    "query",
    ["SELECT a.id FROM t a, t b", "SELECT a.id FROM t a JOIN t b ON a.id = b.id", "SELECT id FROM (SELECT id FROM t)",
     "SELECT id FROM t UNION ALL SELECT 1", "SELECT DISTINCT id FROM t", "SELECT id, COUNT(*) FROM t GROUP BY id",
     "SELECT id FROM t ORDER BY id", "SELECT ROW_NUMBER() OVER (ORDER BY id) FROM t", "SELECT sq.NEXTVAL FROM t",
     "SELECT id FROM t WHERE id IN (SELECT id FROM t)", "WITH q AS (SELECT id FROM t) SELECT id FROM q"],
)  # fmt: skip
def test_what_does_more_goes_the_long_way(table, query):
    table.execute("CREATE SEQUENCE sq")
    assert compile_query(context_of(table), query).storage is None


def test_rows_of_an_open_transaction_are_seen_by_the_short_way(table, other):
    table.run("BEGIN", "INSERT INTO t (id) VALUES (1000)", "UPDATE t SET name = 'new' WHERE id = 5")
    assert table.rows("SELECT name FROM t WHERE id = 5") == [("new",)]
    assert table.one("SELECT COUNT(*) FROM t") == 301
    assert other.rows("SELECT name FROM t WHERE id = 5") == [("n5",)]
    table.execute("ROLLBACK")
    assert table.one("SELECT COUNT(*) FROM t") == 300


def test_a_lookup_in_a_loop_asks_the_engine_once_a_turn(table):
    storage, asked = table.engine.storage, []
    before = storage.before_reading

    def counting():
        asked.append(1)
        before()

    def cursors(script):
        asked.clear()
        table.execute(script)
        return len(asked)

    loop = "DECLARE x VARCHAR; BEGIN FOR i IN 1 TO 50 DO {} INTO :x{}; END FOR; RETURN x; END"
    storage.before_reading = counting
    try:
        assert cursors(loop.format("SELECT name", " FROM t WHERE id = :i")) <= 55
        assert cursors(loop.format("SELECT :i * 2 || 'x'", "")) <= 55
        assert cursors(loop.format("SELECT :i * 2", "")) <= 5
    finally:
        storage.before_reading = before
