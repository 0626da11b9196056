"""Functions in JavaScript run in a child process; what they may not do they cannot."""

import sys
import threading

import pytest

from runner.sandbox.errors import SnowflakeError


def make(client, signature, returns, body, *, more=""):
    client.run(f"CREATE OR REPLACE FUNCTION {signature} RETURNS {returns} LANGUAGE JAVASCRIPT {more} AS $$\n{body}\n$$")


def test_a_scalar_function_is_called_for_each_row(client):
    make(
        client,
        "product_to(d DOUBLE)",
        "DOUBLE",
        "if (D <= 0) return 1;\nvar r = 1;\nfor (var i = 2; i <= D; i++) r *= i;\nreturn r;",
    )
    assert client.one("SELECT product_to(5)") == 120.0
    client.run("CREATE TABLE t (n INT)", "INSERT INTO t SELECT seq4() FROM TABLE(GENERATOR(ROWCOUNT => 5000))")
    make(client, "addone(i FLOAT)", "FLOAT", "return I + 1")
    assert client.rows("SELECT count(*), sum(addone(n)) FROM t WHERE addone(n) > 1") == [(4999, 12502499)]
    client.run("CREATE VIEW v AS SELECT addone(n) AS k FROM t")
    assert client.one("SELECT max(k) FROM v") == 5000


@pytest.mark.parametrize(
    ("kind", "given", "seen"),
    [
        ("FLOAT", "0.5", "number 0.5"),
        ("FLOAT", "'NaN'", "number NaN"),
        ("FLOAT", "'-inf'", "number -Infinity"),
        ("VARCHAR", "'ä''x\\\\'", "string ä'x\\"),
        ("BOOLEAN", "TRUE", "boolean true"),
        ("BINARY", "TO_BINARY('00FF', 'HEX')", "object 0,255"),
        ("TIME", "'01:02:03'::TIME", "string 01:02:03"),
        ("DATE", "'2026-07-02'::DATE", "object Thu Jul 02 2026 00:00:00 GMT-0700"),
        ("TIMESTAMP_NTZ", "'2026-01-02 03:04:05'::TIMESTAMP_NTZ", "object Fri Jan 02 2026 03:04:05 GMT-0800"),
        ("TIMESTAMP_TZ", "'2026-01-02 03:04:05 +05:30'::TIMESTAMP_TZ", "object Thu Jan 01 2026 13:34:05 GMT-0800"),
        ("TIMESTAMP_LTZ", "'2026-01-02 03:04:05 +00:00'::TIMESTAMP_LTZ", "object Thu Jan 01 2026 19:04:05 GMT-0800"),
        ("VARIANT", "PARSE_JSON('{\"a\": [1, null]}')", "object [object Object]"),
        ("ARRAY", "ARRAY_CONSTRUCT(1, 'b')", "object 1,b"),
        ("OBJECT", "OBJECT_CONSTRUCT('a', 1)", "object [object Object]"),
    ],
)
def test_values_are_javascript_s_and_come_back(client, kind, given, seen):
    make(client, f"shown(v {kind})", "VARCHAR", "return typeof V + ' ' + V")
    assert client.one(f"SELECT shown({given}::{kind})").startswith(seen)
    assert client.one(f"SELECT shown(NULL::{kind})") == "undefined undefined"
    make(client, f"same(v {kind})", kind, "return V")
    assert client.one(f"SELECT same({given}::{kind}) = {given}::{kind}") is True
    assert client.one(f"SELECT same(NULL::{kind}) IS NULL") is True


def test_null_and_undefined_are_told_apart_in_variants_alone(client):
    make(
        client,
        "n(v VARIANT)",
        "VARIANT",
        "return V === null ? null : V === undefined ? undefined : {a: undefined, b: V.a}",
    )
    assert client.rows("SELECT n(PARSE_JSON('null')), IS_NULL_VALUE(n(PARSE_JSON('null'))), n(NULL) IS NULL") == [
        ("null", True, True)
    ]
    assert client.one("SELECT n(PARSE_JSON('{\"a\": 1}'))") == '{"b":1}'
    make(client, "s(v VARCHAR)", "VARCHAR", "return null")
    assert client.one("SELECT s('x')") is None


def test_what_is_returned_is_converted_in_javascript_first(client):
    make(client, "t(v FLOAT)", "VARCHAR(3)", "return V")
    assert client.one("SELECT t(1.5)") == "1.5"
    assert client.refused("SELECT t(12.25)") == 100078
    make(client, "f(v VARCHAR)", "FLOAT", "return V")
    assert client.one("SELECT f('7')") == 7.0
    make(client, "b(v VARCHAR)", "BOOLEAN", "return V")
    assert client.rows("SELECT b(''), b('x')") == [(False, True)]
    make(client, "half()", "VARCHAR", "return '\\ud800'")
    assert client.one("SELECT half()") == "\ufffd"


@pytest.mark.parametrize(
    ("returns", "code"),
    [("BINARY", "return 'x'"), ("ARRAY", "return {}"), ("OBJECT", "return []"), ("DATE", "return 'x'"),
     ("DATE", "return new Date('x')"), ("TIMESTAMP_NTZ", "return new Date(8.64e15)"), ("VARIANT", "return 1n"),
     ("VARCHAR", "return Symbol('x')")],
)  # fmt: skip
def test_what_cannot_be_converted_is_an_error(client, returns, code):
    make(client, "bad()", returns, code)
    assert client.refused("SELECT bad()") in (100132, 100035)


def test_arguments_are_upper_case_unless_they_are_quoted(client):
    make(client, 'low("inner" FLOAT, OTHER FLOAT)', "FLOAT", "return inner + OTHER")
    assert client.one("SELECT low(1, 2)") == 3.0
    make(client, "f(a FLOAT)", "FLOAT", "return a")
    assert "ReferenceError: a is not defined" in client.said("SELECT f(1)")


def test_what_the_code_throws_is_snowflake_s_error(client):
    make(client, "broken(i FLOAT)", "FLOAT", "var x = 1;\n  return missing + I")
    assert client.refused("SELECT broken(0)") == 100132
    assert client.said("SELECT broken(0)") == (
        "JavaScript execution error: Uncaught ReferenceError: missing is not defined in BROKEN at "
        "'  return missing + I' position 9\nstackstrace: \nBROKEN line: 3"
    )
    make(client, "thrown()", "FLOAT", "throw 'no way'")
    assert client.said("SELECT thrown()") == "JavaScript execution error: Uncaught no way in THROWN"
    for body in ("return (", "return 1 }, function () {"):
        make(client, "unread()", "FLOAT", body)
        assert client.refused("SELECT unread()") == 100131
    assert client.said("SELECT unread()").startswith("JavaScript compilation error: Uncaught SyntaxError: ")


def test_state_lasts_while_the_statement_does(client):
    make(client, "counted()", "FLOAT", "if (typeof n === 'undefined') n = 0;\nreturn ++n")
    client.run("CREATE TABLE t (i INT)", "INSERT INTO t VALUES (1), (2), (3)")
    assert client.one("SELECT sum(counted()) FROM t") == 6.0
    assert client.one("SELECT counted()") == 1.0


def test_null_on_null_input(client):
    make(client, "f(a FLOAT)", "VARCHAR", "return 'called'", more="STRICT")
    assert client.rows("SELECT f(NULL), f(1)") == [(None, "called")]


@pytest.mark.parametrize("kind", ["INT", "NUMBER(10,2)"])
def test_there_are_no_exact_numbers(client, kind):
    text = "CREATE FUNCTION f(a {}) RETURNS {} LANGUAGE JAVASCRIPT AS 'return A'"
    assert "Language JAVASCRIPT does not support type 'NUMBER(" in client.said(text.format(kind, "FLOAT"))
    assert client.refused(text.format("FLOAT", kind)) == 2108
    assert client.refused(f"CREATE FUNCTION f() RETURNS TABLE (a {kind}) LANGUAGE JAVASCRIPT AS '{{}}'") == 2108


@pytest.mark.parametrize("clause", ["HANDLER = 'f'", "PACKAGES = ('numpy')", "RUNTIME_VERSION = '3.11'"])
def test_it_takes_no_clauses_of_python(client, clause):
    assert client.refused(f"CREATE FUNCTION f() RETURNS FLOAT LANGUAGE JAVASCRIPT {clause} AS 'return 1'") == 1003


@pytest.mark.parametrize(
    "code",
    ["eval('1')", "new Function('return 1')()", "(function(){}).constructor('return 1')()",
     "(async function(){}).constructor('return 1')()", "(function*(){}).constructor('return 1')()",
     "(() => 1).constructor('return 1')()", "require('fs')", "$ask('x')", "snowflake.execute({sqlText: 'SELECT 1'})",
     "snowflake.createStatement({sqlText: 'SELECT 1'})", "process.env", "fetch('http://127.0.0.1')",
     "performance.now()",
     "std.open('/etc/passwd')", "os.exec(['ls'])", "WebAssembly.compile", "console.log(1)", "setTimeout(f, 1)"],
)  # fmt: skip
def test_there_is_nothing_around_the_code(client, code):
    make(client, "f()", "VARCHAR", f"return String({code})")
    assert client.refused("SELECT f()") == 100132


def test_modules_cannot_be_loaded(client):
    make(
        client, "f()", "VARCHAR", "seen = 'nothing';\nimport('/etc/passwd').then(m => {seen = 'loaded'});\nreturn seen"
    )
    client.run("CREATE TABLE t (i INT)", "INSERT INTO t VALUES (1), (2)")
    assert client.rows("SELECT DISTINCT f() FROM t") == [("nothing",)]


@pytest.mark.parametrize(
    "code",
    ["var a = []; while (true) a.push(new Array(100000).fill(1))", "var s = 'x'; while (true) s += s",
     "return 'x'.repeat(2 ** 30)", "(function f() { return f() + 1 })()", "return new Uint8Array(2 ** 32).length"],
)  # fmt: skip
def test_memory_has_an_end(client, code):
    make(client, "f()", "VARCHAR", code)
    assert client.refused("SELECT f()") == 100132
    assert client.one("SELECT 1") == 1


MEDDLING = [
    "Object.prototype.toJSON = () => ({sql: 'SELECT 1', binds: []}); return 1",
    "Object.prototype.toJSON = () => 1; return 1",
    "Object.prototype.toJSON = () => undefined; return 1",
    "Array.prototype.toJSON = () => 'x'; return 1",
    "Array.prototype.map = () => []; return 1",
    "Number.prototype.toJSON = () => ({}); JSON.stringify = () => '{}'; return Object(1)",
    "Object.defineProperty(Object.prototype, 'rows', {get() { throw 1 }}); return 1",
]


def outcome(client, sql):
    try:
        return client.one(sql)
    except SnowflakeError as error:
        return error.errno


@pytest.mark.parametrize("code", MEDDLING)
def test_who_meddles_with_the_messages_hurts_only_itself(client, code):
    make(client, "f(v VARCHAR)", "VARCHAR", code)
    assert outcome(client, "SELECT f('x')") in ("1", None, 100132)
    rows = f"{{processRow: (r, w) => {{ w.writeRow({{A: 1}}); (() => {{ {code} }})() }}}}"
    make(client, "t(v VARCHAR)", "TABLE (a FLOAT)", rows)
    assert outcome(client, "SELECT sum(a) FROM TABLE(t('x'))") in (1, None, 100132)
    client.run(f"CREATE OR REPLACE PROCEDURE p() RETURNS FLOAT LANGUAGE JAVASCRIPT AS $$ {code} $$")
    assert outcome(client, "CALL p()") in (1, None, 100132, 100183)


def test_a_result_too_long_is_an_error(client):
    make(client, "f()", "VARCHAR", "return 'x'.repeat(2e7)")
    assert client.refused("SELECT f()") == 100078


def test_an_endless_loop_ends_with_its_statement(client):
    make(client, "f()", "FLOAT", "while (true) {}")
    client.run("ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 1")
    assert client.refused("SELECT f()") == 630
    client.run("ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 0")
    before = threading.active_count()
    make(client, "g()", "FLOAT", "return 1")
    assert client.one("SELECT g()") == 1.0
    assert threading.active_count() <= before


ROLLING = """{
  initialize: function (info, context) { this.total = 0; },
  processRow: function (row, writer, context) {
    this.total += row.V;
    writer.writeRow({TOTAL: this.total, SEEN: 'row'});
  },
  finalize: function (writer, context) { writer.writeRow({TOTAL: -this.total}); }
}"""


def test_table_functions_by_row_and_by_partition(client):
    make(client, "rolling(v FLOAT)", "TABLE (total FLOAT, seen VARCHAR)", ROLLING)
    client.run("CREATE TABLE t (k VARCHAR, v INT)", "INSERT INTO t VALUES ('a', 1), ('a', 2), ('b', 5)")
    assert client.rows("SELECT * FROM TABLE(rolling(2))") == [(2.0, "row"), (-2.0, None)]
    over = "SELECT k, total, seen FROM t, TABLE(rolling(v) OVER (PARTITION BY k ORDER BY v)) ORDER BY k, total"
    assert client.rows(over) == [
        ("a", -3.0, None),
        ("a", 1.0, "row"),
        ("a", 3.0, "row"),
        ("b", -5.0, None),
        ("b", 5.0, "row"),
    ]


@pytest.mark.parametrize(
    "code",
    ["{}", "{processRow: 1}", "function () {}", "{processRow: function (r, w) { w.writeRow(null.x) }}",
     "{processRow: function () {}, initialize: function (a) { return a.V.isConst }}"],
)  # fmt: skip
def test_an_object_that_is_no_table_function_fails_when_it_is_called(client, code):
    make(client, "f(v FLOAT)", "TABLE (a FLOAT)", code)
    assert client.refused("SELECT * FROM TABLE(f(1))") == 100132


def test_many_rows_come_out(client):
    make(
        client,
        "upto(n FLOAT)",
        "TABLE (i FLOAT)",
        "{processRow: (row, w) => { for (let i = 0; i < row.N; i++) w.writeRow({I: i}) }}",
    )
    assert client.rows("SELECT count(*), max(i) FROM TABLE(upto(50000))") == [(50000, 49999.0)]


def test_it_is_shown_as_it_was_made(client):
    make(client, "f(a FLOAT)", "VARCHAR", "return A")
    text = client.one("SELECT GET_DDL('FUNCTION', 'f(FLOAT)')")
    assert "LANGUAGE JAVASCRIPT" in text
    client.run(text)
    assert client.one("SELECT GET_DDL('FUNCTION', 'f(FLOAT)')") == text
    names = [column.name for column in client.execute("SHOW USER FUNCTIONS LIKE 'F'").columns]
    [shown] = client.rows("SHOW USER FUNCTIONS LIKE 'F'")
    assert dict(zip(names, shown, strict=True))["language"] == "JAVASCRIPT"


def test_without_its_engine_it_is_refused_by_name(client, monkeypatch):
    make(client, "f()", "FLOAT", "return 1")
    monkeypatch.setitem(sys.modules, "quickjs", None)
    for text in ("SELECT f()", "CREATE FUNCTION g() RETURNS FLOAT LANGUAGE JAVASCRIPT AS 'return 1'"):
        assert "LANGUAGE JAVASCRIPT: install its engine" in client.said(text)
        assert client.refused(text) == 2
