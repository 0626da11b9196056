"""Handlers that take whole columns as pandas, and aggregate functions in Python."""

import datetime
from decimal import Decimal

import pytest

HEAD = "LANGUAGE PYTHON RUNTIME_VERSION = '3.11' PACKAGES = ('pandas')"
IMPORTS = "import pandas\nfrom _snowflake import vectorized\n"


def make(client, signature, returns, body, *, handler="f", kind="FUNCTION", head=HEAD):
    client.run(f"CREATE OR REPLACE {kind} {signature} RETURNS {returns} {head} HANDLER = '{handler}' AS $$\n{body}\n$$")


def test_a_vectorized_function_sees_columns_by_their_numbers(client):
    body = IMPORTS + "@vectorized(input=pandas.DataFrame)\ndef f(df):\n  return df[0] + df[1] + 1"
    make(client, "plus(x NUMBER(10, 0), y NUMBER(10, 0))", "NUMBER(10, 0)", body)
    client.run(
        "CREATE TABLE t (x INT, y INT)", "INSERT INTO t SELECT seq4(), 2 FROM TABLE(GENERATOR(ROWCOUNT => 5000))"
    )
    assert client.rows("SELECT sum(plus(x, y)), plus(1, NULL) FROM t GROUP BY ALL") == [(12512500, None)]


def test_batches_have_a_size(client):
    body = IMPORTS + "def f(df):\n  return [len(df)] * len(df)\nf._sf_vectorized_input = pandas.DataFrame\n"
    make(client, "size(x INT)", "INT", body + "f._sf_max_batch_size = 3")
    assert client.rows("SELECT size(COLUMN1) FROM VALUES (1), (2), (3), (4)") == [(3,), (3,), (3,), (1,)]


KINDS = {
    "NUMBER(38,0)": ("7", "Int64", 7),
    "NUMBER(10,2)": ("1.5", "float64", Decimal("1.50")),
    "FLOAT": ("0.5", "float64", 0.5),
    "VARCHAR": ("'ä'", "string", "ä"),
    "BOOLEAN": ("TRUE", "boolean", True),
    "BINARY": ("X'00FF'", "object", b"\x00\xff"),
    "DATE": ("'2026-01-02'", "datetime64[ns]", datetime.date(2026, 1, 2)),
    "TIME": ("'01:02:03.5'", "timedelta64[ns]", datetime.time(1, 2, 3, 500000)),
    "TIMESTAMP_NTZ": ("'2026-01-02 03:04:05.678901'", "datetime64[ns]", datetime.datetime(2026, 1, 2, 3, 4, 5, 678901)),
    "VARIANT": ("PARSE_JSON('{\"a\":[1]}')", "object", '{"a": [1]}'),
    "ARRAY": ("ARRAY_CONSTRUCT(1, 'b')", "object", '[1, "b"]'),
}


def test_values_are_those_of_pandas_and_come_back(client):
    body = (
        "class H:\n  @vectorized(input=pandas.DataFrame)\n  def end_partition(self, df):\n"
        "    return df.assign(told=[' '.join(map(str, df.dtypes))] * len(df))"
    )
    arguments = ", ".join(f"a{at} {kind}" for at, kind in enumerate(KINDS))
    make(client, f"same({arguments})", f"TABLE ({arguments}, told VARCHAR)", IMPORTS + body, handler="H")
    values = ", ".join(f"({given})::{kind} AS a{at}" for at, (kind, (given, _, _)) in enumerate(KINDS.items()))
    nothing = ", ".join(f"NULL::{kind}" for kind in KINDS)
    names = ", ".join(f"t.a{at}" for at in range(len(KINDS)))
    over = ", ".join(f"r.a{at}" for at in range(len(KINDS)))
    client.run(f"CREATE TABLE rows_ AS SELECT {values} UNION ALL SELECT {nothing}")
    asked = f"SELECT {names}, told FROM rows_ r, TABLE(same({over}) OVER (PARTITION BY 1)) t ORDER BY t.a0"
    told = " ".join(dtype for _, dtype, _ in KINDS.values())
    assert client.rows(asked) == [
        (*(returned for _, _, returned in KINDS.values()), told),
        (*[None] * len(KINDS), told),
    ]


def test_what_is_not_one_value_for_each_row_is_an_error(client):
    results = ["df[0].head(1)", "'xy'"]
    body = IMPORTS + f"@vectorized(input=pandas.DataFrame)\ndef f(df):\n  found = [{', '.join(results)}]\n"
    make(client, "f(x INT)", "INT", body + "  return found[int(df[0][0])]")
    for at in range(len(results)):
        assert client.refused(f"SELECT f(COLUMN1) FROM VALUES ({at}), ({at})") == 100357


def test_a_table_function_takes_its_partition_whole(client):
    body = (
        "class H:\n  @vectorized(input=pandas.DataFrame)\n  def end_partition(self, df):\n"
        "    return pandas.DataFrame({'n': [len(df)], 's': [df['V'].sum()], 'd': [pandas.Timestamp('2026-01-02')]})"
    )
    make(client, "whole(v INT)", "TABLE (n INT, s INT, d DATE)", IMPORTS + body, handler="H")
    client.run("CREATE TABLE t (k VARCHAR, v INT)", "INSERT INTO t VALUES ('a', 1), ('a', 2), ('b', 5)")
    over = "SELECT k, n, s, d FROM t, TABLE(whole(v) OVER (PARTITION BY k)) ORDER BY k"
    day = datetime.date(2026, 1, 2)
    assert client.rows(over) == [("a", 2, 3, day), ("b", 1, 5, day)]


def test_a_process_that_takes_columns_gives_a_row_for_each(client):
    body = "class H:\n  @vectorized(input=pandas.DataFrame)\n  def process(self, df):\n    return ({},)"
    make(client, "twice(v INT)", "TABLE (w INT)", IMPORTS + body.format("df['V'] * 2"), handler="H")
    client.run("CREATE TABLE t (v INT)", "INSERT INTO t VALUES (1), (2)")
    assert client.rows("SELECT v, w FROM t, TABLE(twice(v) OVER (PARTITION BY 1)) ORDER BY v") == [(1, 2), (2, 4)]
    make(client, "less(v INT)", "TABLE (w INT)", IMPORTS + body.format("df['V'].head(1)"), handler="H")
    assert client.refused("SELECT w FROM t, TABLE(less(v) OVER (PARTITION BY 1))") == 2


SUM = """class H:
  def __init__(self):
    self._sum = 0
  @property
  def aggregate_state(self):
    return self._sum
  def accumulate(self, n, m=0):
    self._sum += n or 0
  def merge(self, other):
    self._sum += other
  def finish(self):
    return self._sum
"""
REST = "RUNTIME_VERSION = 3.11 HANDLER = 'f' AS ''"
AGGREGATE = {"kind": "AGGREGATE FUNCTION", "handler": "H", "head": "LANGUAGE PYTHON RUNTIME_VERSION = '3.11'"}


def test_an_aggregate_function_gives_one_value_for_each_group(client):
    make(client, "total(n INT)", "INT", SUM, **AGGREGATE)
    client.run("CREATE TABLE t (k VARCHAR, v INT)", "INSERT INTO t VALUES ('a', 1), ('a', 2), ('b', 5), ('b', NULL)")
    assert client.one("SELECT total(v) FROM t") == 8
    grouped = [("a", 3, 4), ("b", 5, 6)]
    assert client.rows("SELECT k, total(v), total(v) + 1 FROM t GROUP BY k ORDER BY k") == grouped
    assert client.rows("SELECT k, total(v), total(v) + 1 FROM t GROUP BY ALL HAVING total(v) > 1 ORDER BY 1") == grouped
    assert client.one("SELECT total(v) FROM t WHERE FALSE") == 0
    assert client.rows("SELECT total(v) FROM t WHERE FALSE GROUP BY k") == []
    text = client.one("SELECT GET_DDL('FUNCTION', 'total(NUMBER)')")
    assert text.startswith("CREATE OR REPLACE AGGREGATE FUNCTION")
    client.run(text, "DROP FUNCTION total(INT)")


def test_states_are_merged_as_on_several_nodes(client):
    lazy = SUM.replace("    self._sum += other", "    pass")
    make(client, "total(n INT)", "INT", lazy, **AGGREGATE)
    assert client.one("SELECT total(COLUMN1) FROM VALUES (1), (2)") == 0
    unpicklable = SUM.replace("    return self._sum\n  def acc", "    return lambda: 1\n  def acc")
    make(client, "total(n INT)", "INT", unpicklable, **AGGREGATE)
    assert client.refused("SELECT total(1)") == 100357
    huge = SUM.replace("    return self._sum\n  def acc", "    return b'x' * (65 << 20)\n  def acc")
    make(client, "total(n INT)", "INT", huge, **AGGREGATE)
    assert "bytes; 67108864 are allowed" in client.said("SELECT total(1)")


@pytest.mark.parametrize(
    "text",
    [
        "CREATE AGGREGATE FUNCTION f(n INT) RETURNS INT AS 'n'",
        "CREATE AGGREGATE FUNCTION f(n FLOAT) RETURNS FLOAT LANGUAGE JAVASCRIPT AS 'return N'",
        f"CREATE AGGREGATE FUNCTION f(n INT) RETURNS TABLE (a INT) LANGUAGE PYTHON {REST}",
        f"CREATE AGGREGATE FUNCTION f(n INT) RETURNS INT IMMUTABLE LANGUAGE PYTHON {REST}",
        "SELECT total(v) OVER (PARTITION BY v) FROM t",
        "SELECT total(DISTINCT v) FROM t",
    ],
)
def test_what_aggregate_functions_cannot_do_is_refused(client, text):
    make(client, "total(n INT)", "INT", SUM, **AGGREGATE)
    client.run("CREATE TABLE t (v INT)")
    assert client.refused(text) == 2
