"""Functions in Python run in a child process; what they may not do they cannot."""

import datetime
import os
import threading
from decimal import Decimal
from pathlib import Path

import pytest

HEAD = "LANGUAGE PYTHON RUNTIME_VERSION = '3.11'"


def make(client, signature, returns, body, *, handler="f", more=""):
    head = f"{HEAD} {more} HANDLER = '{handler}'"
    client.run(f"CREATE OR REPLACE FUNCTION {signature} RETURNS {returns} {head} AS $$\n{body}\n$$")


def test_a_scalar_function_is_called_for_each_row(client):
    make(client, "addone(i INT)", "INT", "def f(i):\n  return i + 1")
    assert client.one("SELECT addone(41)") == 42
    client.run("CREATE TABLE t (n INT)", "INSERT INTO t SELECT seq4() FROM TABLE(GENERATOR(ROWCOUNT => 5000))")
    assert client.rows("SELECT count(*), sum(addone(n)) FROM t WHERE addone(n) > 1") == [(4999, 12502499)]
    client.run("CREATE TABLE u AS SELECT addone(n) AS m FROM t", "INSERT INTO u SELECT addone(m) FROM u")
    client.run("UPDATE u SET m = addone(m) WHERE m = 1", "DELETE FROM u WHERE addone(m) = 5001")
    assert client.one("SELECT count(*) FROM u") == 9998
    client.run("CREATE VIEW v AS SELECT addone(n) AS k FROM t")
    assert client.one("SELECT max(k) FROM v") == 5000


@pytest.mark.parametrize(
    ("kind", "given", "seen", "returned"),
    [
        ("NUMBER(10,2)", "1.5", "Decimal('1.50')", Decimal("1.50")),
        ("NUMBER(38,0)", "12345678901234567890123456789012345678", "1234", 12345678901234567890123456789012345678),
        ("FLOAT", "0.5", "0.5", 0.5),
        ("VARCHAR", "'ä''x'", '"ä', "ä'x"),
        ("BOOLEAN", "TRUE", "True", True),
        ("BINARY", "TO_BINARY('00FF', 'HEX')", "b'\\x00\\xff'", b"\x00\xff"),
        ("DATE", "'2026-01-02'::DATE", "datetime.date(2026, 1, 2)", datetime.date(2026, 1, 2)),
        ("TIME", "'01:02:03'::TIME", "datetime.time(1, 2, 3)", datetime.time(1, 2, 3)),
        ("TIMESTAMP_NTZ", "'2026-01-02 03:04:05'::TIMESTAMP_NTZ", "datetime.datetime(2026", None),
        (
            "TIMESTAMP_TZ",
            "'2026-01-02 03:04:05 +05:30'::TIMESTAMP_TZ",
            "datetime.datetime(2026, 1, 2, 3, 4, 5, tz",
            None,
        ),
        (
            "TIMESTAMP_LTZ",
            "'2026-01-02 03:04:05 +00:00'::TIMESTAMP_LTZ",
            "datetime.datetime(2026, 1, 1, 19, 4, 5)",
            None,
        ),
        ("VARIANT", "PARSE_JSON('{\"a\": [1, null]}')", "{'a': [1, None]}", None),
        ("ARRAY", "ARRAY_CONSTRUCT(1, 'b')", "[1, 'b']", None),
        ("OBJECT", "OBJECT_CONSTRUCT('a', 1)", "{'a': 1}", None),
    ],
)
def test_values_are_python_s_and_come_back(client, kind, given, seen, returned):
    make(client, f"shown(v {kind})", "VARCHAR", "def f(v):\n  return repr(v)")
    assert client.one(f"SELECT shown({given})").startswith(seen)
    assert client.one(f"SELECT shown(NULL::{kind})") == "None"
    make(client, f"same(v {kind})", kind, "def f(v):\n  return v")
    if returned is not None:
        assert client.one(f"SELECT same({given})") == returned
    assert client.one(f"SELECT same({given}) = {given}") is True
    assert client.one(f"SELECT same(NULL::{kind}) IS NULL") is True


def test_what_the_code_raises_is_snowflake_s_error(client):
    make(client, "broken(i INT)", "INT", "def f(i):\n  return 1 // i")
    assert client.refused("SELECT broken(0)") == 100357
    said = client.said("SELECT broken(0)")
    assert said.startswith("Python Interpreter Error:\nTraceback (most recent call last):\n")
    assert '  File "_udf_code.py", line 3, in f\n' in said
    assert said.endswith("ZeroDivisionError: integer division or modulo by zero\n in function BROKEN with handler f")
    make(client, "wrong(i INT)", "INT", "def g(i):\n  return 1")
    assert "handler f is not found" in client.said("SELECT wrong(0)")
    make(client, "typed(i INT)", "INT", "def f(i):\n  return 'x'")
    said = client.said("SELECT typed(0)")
    assert "TypeError: Expected int for NUMBER, got str" in said
    assert "File" not in said
    make(client, "dead(i INT)", "INT", "import os\ndef f(i):\n  os._exit(3)")
    assert "ended (code 3)" in client.said("SELECT dead(0)")
    assert client.one("SELECT 1") == 1


def test_a_failing_function_undoes_a_change(client):
    make(client, "broken(i INT)", "INT", "def f(i):\n  return 1 // (i - 2)")
    client.run("CREATE TABLE t (n INT)", "INSERT INTO t VALUES (1), (2), (3)")
    for statement in (
        "INSERT INTO t SELECT broken(n) FROM t",
        "UPDATE t SET n = broken(n)",
        "DELETE FROM t WHERE broken(n) = 9",
    ):
        assert client.refused(statement) == 100357
    client.run("BEGIN")
    assert client.refused("INSERT INTO t SELECT broken(n) FROM t") == 100357
    client.run("INSERT INTO t SELECT broken(n) FROM t WHERE n <> 2", "COMMIT")
    assert client.rows("SELECT n FROM t ORDER BY n") == [(-1,), (1,), (1,), (2,), (3,)]


def test_a_moment_with_a_zone_keeps_its_offset(client):
    make(client, "same(v TIMESTAMP_TZ)", "TIMESTAMP_TZ", "def f(v):\n  return v")
    shown = client.one("SELECT same('2026-01-02 03:04:05 +05:30'::TIMESTAMP_TZ)")
    assert shown.isoformat() == "2026-01-02T03:04:05+05:30"
    make(
        client, "rows_of(v TIMESTAMP_TZ)", "TABLE (w TIMESTAMP_TZ)", "class f:\n  def process(self, v):\n    yield (v,)"
    )
    [(shown,)] = client.rows("SELECT * FROM TABLE(rows_of('2026-01-02 03:04:05 +05:30'::TIMESTAMP_TZ))")
    assert shown.isoformat() == "2026-01-02T03:04:05+05:30"


def test_strict_is_not_called_for_null(client):
    make(client, "bare(i INT)", "VARCHAR", "def f(i):\n  return str(i)", more="STRICT")
    assert client.rows("SELECT bare(NULL), bare(1)") == [(None, "1")]


def test_a_table_function_processes_rows_and_ends(client):
    body = (
        "class Words:\n  def __init__(self):\n    self.n = 0\n  def process(self, text):\n"
        "    for word in text.split():\n      self.n += 1\n      yield (word, len(word))\n"
        "  def end_partition(self):\n    yield ('all', self.n)"
    )
    make(client, "words(t VARCHAR)", "TABLE (word VARCHAR, size INT)", body, handler="Words")
    assert client.rows("SELECT * FROM TABLE(words('a bcd'))") == [("a", 1), ("bcd", 3), ("all", 2)]
    client.run("CREATE TABLE s (id INT, txt VARCHAR)", "INSERT INTO s VALUES (1, 'x yy'), (2, '')")
    rows = client.rows("SELECT s.id, w.word, w.size FROM s, TABLE(words(s.txt)) w ORDER BY 1, 3, 2")
    assert rows == [(1, "x", 1), (1, "all", 2), (1, "yy", 2), (2, "all", 0)]


def test_a_table_function_sees_partitions(client):
    body = (
        "class Sums:\n  def __init__(self):\n    self.n, self.seen = 0, ''\n  def process(self, x):\n"
        "    self.n, self.seen = self.n + 1, self.seen + str(x)\n    if x == 2:\n      yield (x, 'two')\n"
        "  def end_partition(self):\n    yield (self.n, self.seen)"
    )
    make(client, "sums(x INT)", "TABLE (n INT, s VARCHAR)", body, handler="Sums")
    client.run("CREATE TABLE t (id INT, g INT)", "INSERT INTO t VALUES (3, 1), (2, 1), (1, 1), (3, 2)")
    found = client.rows(
        "SELECT t.id, t.g, a.* FROM t, TABLE(sums(t.id) OVER (PARTITION BY t.g ORDER BY t.id)) a ORDER BY t.g, t.id"
    )
    assert found == [(2, 1, 2, "two"), (None, 1, 3, "123"), (None, 2, 1, "3")]
    assert client.rows("SELECT s FROM t, TABLE(sums(id) OVER (ORDER BY id DESC)) WHERE n = 4") == [("3321",)]
    assert client.rows("SELECT * FROM TABLE(sums(5) OVER (PARTITION BY 1))") == [(1, "5")]
    client.run("CREATE FUNCTION plain(x INT) RETURNS TABLE (n INT) AS 'SELECT x'")
    assert client.refused("SELECT * FROM t, TABLE(plain(t.id) OVER (PARTITION BY t.g))") == 2


@pytest.mark.parametrize(
    "body",
    [
        "import socket\ndef f(i):\n  socket.create_connection(('127.0.0.1', 1))",
        "def f(i):\n  return open('/etc/passwd').read()",
        "def f(i):\n  open('/tmp/written-by-a-function', 'w')",
        "import os\ndef f(i):\n  return str(os.listdir('/'))",
        "import os\ndef f(i):\n  return str(os.open('../../etc/passwd', os.O_RDONLY))",
        "import subprocess\ndef f(i):\n  subprocess.run(['true'])",
        "import os\ndef f(i):\n  os.system('true')",
        "import os\ndef f(i):\n  os.fork()",
        "import ctypes\ndef f(i):\n  ctypes.CDLL(None)",
        "import os\ndef f(i):\n  os.symlink('/etc/passwd', 'p')\n  return open('p').read()",
        "import duckdb\ndef f(i):\n  return '1'",
    ],
)
def test_it_reaches_neither_network_nor_files_nor_processes(client, body):
    make(client, "reach(i INT)", "VARCHAR", body)
    assert client.refused("SELECT reach(1)") == 100357
    assert not Path("/tmp/written-by-a-function").exists()


def test_it_may_use_its_own_folder_and_print(client):
    body = "def f(i):\n  print('seen nowhere')\n  open('own', 'w').write('x' * i)\n  return open('own').read()"
    make(client, "own(i INT)", "VARCHAR", body)
    assert client.one("SELECT own(3)") == "xxx"


def test_a_cancelled_statement_leaves_no_process(client, engine, background):
    make(client, "forever(i INT)", "VARCHAR", "def f(i):\n  while True: pass")
    before = children()
    call = background(client, "SELECT forever(1)")
    ready = threading.Event()
    while children() == before:
        ready.wait(0.01)
    engine.cancel_session(client.session.id)
    assert call.ended().error.errno == 604
    assert children() == before
    client.run("ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 1")
    assert client.refused("SELECT forever(1)") == 630
    assert children() == before


def children():
    """The processes that this one has started."""
    mine = str(os.getpid())
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[1] == mine:
            found.add(stat.parent.name)
    return found


@pytest.mark.parametrize(
    ("statement", "errno"),
    [
        ("CREATE FUNCTION p() RETURNS INT LANGUAGE PYTHON HANDLER = 'f' AS 'x'", 1003),
        ("CREATE FUNCTION p() RETURNS INT LANGUAGE PYTHON RUNTIME_VERSION = '3.11' AS 'x'", 1003),
        ("CREATE FUNCTION p() RETURNS INT LANGUAGE PYTHON RUNTIME_VERSION = '2.7' HANDLER = 'f' AS 'x'", 391528),
        (f"CREATE FUNCTION p() RETURNS INT {HEAD} PACKAGES = ('no-such-thing') HANDLER = 'f' AS 'x'", 2),
        (f"CREATE FUNCTION p() RETURNS INT {HEAD} PACKAGES = ('duckdb==0.1') HANDLER = 'f' AS 'x'", 2),
        (f"CREATE FUNCTION p() RETURNS INT {HEAD} IMPORTS = ('@s/x.py') HANDLER = 'f' AS 'x'", 2003),
        (f"CREATE PROCEDURE p() RETURNS INT {HEAD} HANDLER = 'f' AS 'x'", 1003),
        ("CREATE FUNCTION p() RETURNS INT LANGUAGE JAVA HANDLER = 'f' AS 'x'", 2),
        ("CREATE FUNCTION p() RETURNS INT LANGUAGE SCALA HANDLER = 'f' AS 'x'", 2),
        ("CREATE FUNCTION p() RETURNS INT HANDLER = 'f' AS '1'", 1003),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_made(client, statement, errno):
    assert client.refused(statement) == errno


def test_vectors_of_another_kind_are_refused_by_name(client):
    body = "from _snowflake import vectorized\n@vectorized(input=list)\ndef f(i):\n  return i"
    make(client, "vectors(i INT)", "INT", body)
    assert "an input other than pandas.DataFrame is not in the sandbox's part" in client.said("SELECT vectors(1)")


def test_it_is_shown_and_made_again_from_its_ddl(client):
    make(client, "addone(i INT)", "INT", "def f(i):\n  return i + 1", more="PACKAGES = ('pyarrow')")
    ddl = client.one("SELECT GET_DDL('FUNCTION', 'ADDONE(NUMBER)')")
    assert ddl == (
        'CREATE OR REPLACE FUNCTION "ADDONE"("I" NUMBER(38,0))\nRETURNS NUMBER(38,0)\nLANGUAGE PYTHON\n'
        "RUNTIME_VERSION = '3.11'\nPACKAGES = ('pyarrow')\nHANDLER = 'f'\nAS '\ndef f(i):\n  return i + 1\n';"
    )
    client.run(ddl)
    assert client.one("SELECT GET_DDL('FUNCTION', 'ADDONE(NUMBER)')") == ddl
    described = dict(client.rows("DESCRIBE FUNCTION addone(INT)"))
    assert (described["handler"], described["runtime_version"]) == ("f", "3.11")
    assert described["packages"] == "['pyarrow']"
    listed = client.rows("SELECT FUNCTION_LANGUAGE, RUNTIME_VERSION, PACKAGES FROM INFORMATION_SCHEMA.FUNCTIONS")
    assert listed == [("PYTHON", "3.11", "['pyarrow']")]


def test_packages_are_those_beside_the_sandbox(client):
    client.run("CREATE SCHEMA IF NOT EXISTS s")
    asked = "SELECT version, language FROM information_schema.packages WHERE package_name = 'pytest'"
    assert client.rows(asked) == [(pytest.__version__, "python")]
    for wanted in ("pytest", "pytest>=1.0", "pytest<1000", f"pytest=={pytest.__version__}", "pytest>1.0.0"):
        make(client, "f()", "INT", "def f():\n  return 1", more=f"PACKAGES = ('{wanted}')")
    for wanted in ("pytest<1.0", "pytest>=1000", "pytest>=1.0rc1", "pytest==0.1"):
        text = f"CREATE FUNCTION g() RETURNS INT {HEAD} PACKAGES = ('{wanted}') HANDLER = 'f' AS ''"
        assert client.refused(text) == 2
