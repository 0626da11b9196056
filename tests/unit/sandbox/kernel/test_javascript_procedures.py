"""Procedures in JavaScript: their statements run in the caller's session, with the rights that EXECUTE AS gives."""

import pytest


def make(client, signature, returns, body, *, more=""):
    client.run(
        f"CREATE OR REPLACE PROCEDURE {signature} RETURNS {returns} LANGUAGE JAVASCRIPT {more} AS $$\n{body}\n$$"
    )


@pytest.fixture
def rows(client):
    client.run("CREATE TABLE t (id INT, name VARCHAR)", "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, NULL)")
    return client


def test_it_runs_statements_in_the_session_of_its_caller(rows):
    body = """
    var made = snowflake.execute({sqlText: "INSERT INTO t SELECT id + 10, name FROM t WHERE id > ?", binds: [LOW]});
    var asked = "SELECT id, name FROM t WHERE id > :2 AND id < :1 ORDER BY id";
    var statement = snowflake.createStatement({sqlText: asked, binds: [100, 0]});
    var found = statement.execute(), seen = [];
    while (found.next()) seen.push(found.getColumnValue(1) + ':' + found.getColumnValue("NAME"));
    return seen.join() + ' ' + statement.getRowCount() + ' ' + found.getColumnCount() + ' ' + found.getColumnName(2);"""
    make(rows, "p(low FLOAT)", "VARCHAR", body)
    assert rows.one("CALL p(1)") == "1:a,2:b,3:null,12:b,13:null 5 2 NAME"
    rows.run("BEGIN")
    rows.one("CALL p(1)")
    rows.run("ROLLBACK")
    assert rows.one("SELECT count(*) FROM t") == 5
    names = [column.name for column in rows.execute("CALL p(100)").columns]
    assert names == ["P"]


def test_values_of_a_result(client):
    body = """
    var r = snowflake.execute({sqlText: `SELECT 1.50::NUMBER(10,2), 0.5::FLOAT, TRUE, 'x', X'00FF',
      PARSE_JSON('{"a":[1]}'),
      '2026-07-02'::DATE, '01:02:03'::TIME, '2026-01-02 03:04:05.678901'::TIMESTAMP_NTZ,
      '2026-01-02 03:04:05 +05:30'::TIMESTAMP_TZ, NULL`});
    r.next();
    var out = [];
    for (var i = 1; i <= r.getColumnCount(); i++) {
      var v = r.getColumnValue(i);
      var shown = v instanceof Date && !v.getEpochSeconds ? v.getDate() : JSON.stringify(v);
      out.push(typeof v + '|' + shown + '|' + r.getColumnValueAsString(i));
    }
    var n = r.getColumnValue(9);
    out.push(n.getEpochSeconds() + ' ' + n.getNanoSeconds() + ' ' + n.getScale() + ' ' + n);
    var is = (i) => [r.isColumnNumber(i), r.isColumnText(i), r.isColumnVariant(i), r.isColumnTimestamp(i)];
    out.push([1, 2, 3, 4, 5, 6, 7, 8, 9].map(i => is(i).indexOf(true)).join());
    return out.join('\\n');"""
    make(client, "p()", "VARCHAR", body)
    assert client.one("CALL p()").split("\n") == [
        "number|1.5|1.50",
        "number|0.5|0.5",
        "boolean|true|true",
        'string|"x"|x',
        'object|{"0":0,"1":255}|00FF',
        'object|{"a":[1]}|{"a":[1]}',
        "object|2|2026-07-02",
        'string|"01:02:03"|01:02:03',
        'object|"2026-01-02T03:04:05.678Z"|2026-01-02 03:04:05.678',
        'object|"2026-01-01T21:34:05.000Z"|2026-01-02 03:04:05.000 +0530',
        "object|null|null",
        "1767323045 678901000 9 2026-01-02 03:04:05.678",
        "0,0,-1,1,-1,2,-1,-1,3",
    ]


def test_what_is_bound(client):
    client.run("CREATE TABLE t (a FLOAT, b VARCHAR, c BOOLEAN, d TIMESTAMP_LTZ, e TIMESTAMP_TZ, f INT)")
    body = """
    var r = snowflake.execute({sqlText: "SELECT '2026-01-02 03:04:05.123456 +05:30'::TIMESTAMP_TZ"}); r.next();
    snowflake.execute({sqlText: "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)",
      binds: [-0.5, "it's \\\\ ?", false, new Date(0), r.getColumnValue(1), null]});
    snowflake.execute({sqlText: "INSERT INTO t (a) VALUES (?)", binds: [NaN]});
    return r.getQueryId();"""
    make(client, "p()", "VARCHAR", body)
    assert client.one("CALL p()")
    shown = "SELECT a, b, c, d::TIMESTAMP_NTZ::VARCHAR, e::VARCHAR, f FROM t WHERE b IS NOT NULL"
    assert client.rows(shown) == [
        (-0.5, "it's \\ ?", False, "1969-12-31 16:00:00.000", "2026-01-02 03:04:05.123 +0530", None)
    ]
    assert client.one("SELECT a = 'NaN' FROM t WHERE b IS NULL") is True
    for wrong, told in (("undefined", "argument 1undefined"), ("{}", "argument 1object"), ("[1]", "argument 1object")):
        make(client, "q()", "VARCHAR", f"snowflake.execute({{sqlText: 'SELECT ?', binds: [{wrong}]}})")
        assert f"Unsupported type for binding {told}" in client.said("CALL q()")
    make(client, "q()", "VARCHAR", "snowflake.execute({sqlText: 'SELECT ?, ?', binds: [1]})")
    assert client.refused("CALL q()") == 100183


def test_counts_of_changes(rows):
    body = """
    var told = [];
    var merge = `MERGE INTO t USING (SELECT 1 AS i UNION ALL SELECT 50) s ON t.id = s.i
      WHEN MATCHED THEN UPDATE SET name = 'm' WHEN NOT MATCHED THEN INSERT (id) VALUES (s.i)`;
    for (var sql of ["INSERT INTO t SELECT 9, 'z' FROM t", "UPDATE t SET name = 'u' WHERE id = 9",
      "DELETE FROM t WHERE id = 9", merge,
      'SELECT 7 AS "number of rows inserted"']) {
      var s = snowflake.createStatement({sqlText: sql}); s.execute();
      var counts = [s.getNumRowsAffected(), s.getNumRowsInserted(), s.getNumRowsUpdated(), s.getNumRowsDeleted()];
      told.push([...counts, s.getNumDuplicateRowsUpdated()].join('/'));
    }
    return told.join(' ');"""
    make(rows, "p()", "VARCHAR", body)
    assert rows.one("CALL p()") == "3/3/0/0/0 3/0/3/0/0 3/0/0/3/0 2/1/1/0/0 0/0/0/0/0"


def test_a_failed_statement_is_caught_or_ends_the_procedure(rows, database):
    body = """try {
      snowflake.execute({sqlText: "Invalid Command!;"});
    } catch (err) {
      return [err.code, err.state, err.message, err.stackTraceTxt, "" + err, err instanceof Error].join('|');
    }"""
    make(rows, "p()", "VARCHAR", body)
    told = "SQL compilation error:\nsyntax error line 1 at position 0 unexpected 'Invalid'."
    assert rows.one("CALL p()") == f"1003|42000|{told}|Snowflake.execute, line 3 position 16|{told}|true"
    make(
        rows, "p()", "VARCHAR", "var s = snowflake.createStatement({sqlText: 'SELECT * FROM nowhere'});\n  s.execute();"
    )
    assert rows.refused("CALL p()") == 100183
    assert rows.said("CALL p()") == (
        "Execution error in store procedure P:\nSQL compilation error:\n"
        f"Object '{database}.PUBLIC.NOWHERE' does not exist or not authorized.\nAt Statement.execute, line 3 position 4"
    )
    make(rows, "p()", "VARCHAR", 'if (true) { throw "no"; }')
    assert rows.said("CALL p()") == "JavaScript execution error: Uncaught no in P"
    make(rows, "p()", "VARCHAR", "snowflake.execute({})")
    assert rows.refused("CALL p()") == 100132
    for wrong in ("r.getColumnValue(1)", "r.next(), r.getColumnValue(2)", "r.next(), r.getColumnValue('x')",
                  "r.next(), r.next(), r.getColumnValue(1)", "r.getColumnType(1)", "r.getColumnSqlType(1)",
                  "snowflake.createStatement({sqlText: 'SELECT 1'}).getRowCount()"):  # fmt: skip
        make(rows, "p()", "VARCHAR", f"var r = snowflake.execute({{sqlText: 'SELECT 1 AS X'}});\n{wrong}")
        assert rows.refused("CALL p()") == 100132


def test_rights_are_the_owner_s_or_the_caller_s(rows, connect, database):
    rows.run("CREATE ROLE IF NOT EXISTS js_user", "GRANT ROLE js_user TO USER sandbox_admin")
    rows.run(f"GRANT USAGE ON DATABASE {database} TO ROLE js_user", "GRANT USAGE ON SCHEMA public TO ROLE js_user")
    body = "var r = snowflake.execute({sqlText: 'SELECT count(*) FROM t'}); r.next(); return r.getColumnValue(1)"
    make(rows, "mine()", "FLOAT", body)
    make(rows, "yours()", "FLOAT", body, more="EXECUTE AS CALLER")
    rows.run("GRANT USAGE ON PROCEDURE mine() TO ROLE js_user", "GRANT USAGE ON PROCEDURE yours() TO ROLE js_user")
    user = connect(role="JS_USER")
    assert user.one("CALL mine()") == 3.0
    assert user.refused("CALL yours()") == 100183
    make(rows, "sets()", "FLOAT", "snowflake.execute({sqlText: 'SET x = 1'})")
    assert rows.refused("CALL sets()") == 100183


def test_a_procedure_without_a_name(client):
    text = "WITH p AS PROCEDURE (n FLOAT) RETURNS VARCHAR LANGUAGE JAVASCRIPT AS $$ return 'got ' + N $$ CALL p(3)"
    assert client.one(text) == "got 3"


def test_values_come_back_as_declared(client):
    make(client, "v()", "VARIANT", "return {a: [1, 'x', null], d: 1.5}")
    assert client.one("CALL v()") == '{"a":[1,"x",null],"d":1.5}'
    make(client, "n()", "VARCHAR NOT NULL", "var x = 1")
    assert client.one("CALL n()") is None
    make(
        client,
        "s()",
        "TIMESTAMP_TZ",
        "var r = snowflake.execute({sqlText: \"SELECT '2026-01-02 03:04:05.123456 +05:30'::TIMESTAMP_TZ\"});\n"
        "r.next(); return r.getColumnValue(1)",
    )
    assert client.one("CALL s()").isoformat() == "2026-01-02T03:04:05.123456+05:30"


def test_what_it_does_not_do(client):
    for clause in ("RETURNS TABLE (a FLOAT)", "RETURNS INT"):
        assert client.refused(f"CREATE PROCEDURE p() {clause} LANGUAGE JAVASCRIPT AS 'return 1'") in (2, 2108)
    assert client.refused("CREATE PROCEDURE p(a OUT FLOAT) RETURNS FLOAT LANGUAGE JAVASCRIPT AS 'return 1'") == 2


def test_a_loop_of_statements_ends_with_its_statement(rows):
    make(rows, "p()", "FLOAT", "while (true) { try { snowflake.execute({sqlText: 'SELECT 1'}) } catch (e) {} }")
    rows.run("ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 1")
    assert rows.refused("CALL p()") == 630


def test_a_result_too_large_is_an_error(rows):
    make(
        rows,
        "p()",
        "FLOAT",
        "snowflake.execute({sqlText: \"SELECT repeat('x', 100000) FROM TABLE(GENERATOR(ROWCOUNT => 2000))\"})",
    )
    assert rows.refused("CALL p()") == 100183
