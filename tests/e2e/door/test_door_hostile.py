"""Any bytes at the door end in a JSON answer, and the process lives."""

import contextlib
import gzip
import json
import os
import socket

import pytest
from snowflake.connector.errors import ProgrammingError

LOGIN = "/session/v1/login-request"
QUERY = "/queries/v1/query-request"


@pytest.fixture(autouse=True)
def still_alive(wire, sandbox):
    yield
    status, answer = wire.send("GET", "/sandbox/status")
    assert (status, answer["data"]["pid"]) == (200, sandbox.pid)


@pytest.mark.parametrize(
    ("method", "path", "body", "headers"),
    [
        ("POST", LOGIN, b"{", {}),
        ("POST", LOGIN, b"\xff\xfe\x00", {}),
        ("POST", LOGIN, b'{"data": 7}', {}),
        ("POST", LOGIN, b'{"data": {"ACCOUNT_NAME": ["x"], "LOGIN_NAME": {}}}', {}),
        ("POST", LOGIN, b'{"data": {"ACCOUNT_NAME": "IMCUST", "LOGIN_NAME": "\\ud800"}}', {}),
        ("POST", LOGIN, b"plain", {"Content-Encoding": "gzip"}),
        ("POST", LOGIN, gzip.compress(b"\0" * (80 * 1024 * 1024), mtime=0), {"Content-Encoding": "gzip"}),
        ("POST", LOGIN, b"[" * 1_000_000, {}),
        ("POST", QUERY, b"{}", {}),
        ("POST", QUERY, b"{}", {"Authorization": 'Snowflake Token="unknown"'}),
        ("POST", QUERY, b"{}", {"Authorization": "Basic eA=="}),
        ("GET", "/queries/../../etc/passwd/result", None, {}),
        ("GET", "/chunks/..%2f..%2fadmin.json/0", None, {}),
        ("GET", "/nowhere", None, {}),
        ("PUT", "/queries/v1/query-request", b"x", {}),
        ("OPTIONS", "/", None, {}),
        ("GET", LOGIN, None, {}),
        ("POST", "/session", b"{}", {}),
        ("POST", "/session/token-request", b"{}", {"Authorization": 'Snowflake Token=""'}),
        ("POST", "/sandbox/faults", b"{}", {}),
        ("POST", "/sandbox/settings", b"{}", {"Authorization": "Bearer guess"}),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_any_bytes_get_a_json_refusal(wire, method, path, body, headers):
    status, answer = wire.send(method, path, body, headers)

    assert status == 200
    assert answer["success"] is False
    assert answer["code"].isdigit()
    assert answer["message"]


@pytest.mark.parametrize(
    "content",
    [
        {"sqlText": 7},
        {"sqlText": "select 1", "parameters": []},
        {"sqlText": "select 1", "parameters": {"MULTI_STATEMENT_COUNT": "many"}},
        {"sqlText": "select ?", "bindings": {"1": 7}},
        {"sqlText": "select ?", "bindings": {"1": {"type": "FIXED", "value": "x"}}},
        {
            "sqlText": "select ?",
            "bindings": {"1": {"type": "TEXT", "value": ["a"]}, "2": {"type": "TEXT", "value": []}},
        },
        {"sqlText": "select 1", "asyncExec": "yes"},
        {"sqlText": "select 1", "bindStage": "@~/x"},
        {"sqlText": ""},
        {"sqlText": "\x00"},
        {"sqlText": "select '"},
        {"sqlText": "(" * 20_000},
    ],
    ids=lambda content: str(content)[:60],
)
def test_a_query_request_that_makes_no_sense_is_refused(connect, wire, content):
    connection = connect()
    header = f'Snowflake Token="{connection.rest.token}"'

    answer = wire.post(QUERY, content, Authorization=header)

    assert answer["success"] is False
    assert connection.cursor().execute("SELECT 1").fetchone() == (1,)


def test_a_statement_of_a_hundred_megabytes_is_refused(connect, wire):
    connection = connect()
    body = json.dumps({"sqlText": "select '" + "x" * 100_000_000 + "'"}).encode()

    status, answer = wire.send("POST", QUERY, body, {"Authorization": f'Snowflake Token="{connection.rest.token}"'})

    assert (status, answer["success"]) == (200, False)
    assert "bytes" in answer["message"]


def test_a_request_id_belongs_to_one_statement(connect, wire):
    connection = connect()
    request_id = "11111111-2222-4333-8444-555555555555"
    assert wire.query(connection, "SELECT 1", request_id)["success"]

    answer = wire.query(connection, "SELECT 2", request_id)

    assert answer["success"] is False
    assert "Request id" in answer["message"]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "ATTACH '/tmp/x.db'",
        "COPY (SELECT 1) TO '/tmp/x'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "PRAGMA database_list",
        "SELECT * FROM duckdb_tables()",
        "SELECT * FROM main._catalog",
        "SELECT * FROM _catalog",
        "SELECT getenv('HOME')",
        "SET GLOBAL x = 1",
        "EXPORT DATABASE '/tmp/x'",
        "SELECT * FROM information_schema.duckdb_tables",
    ],
)
def test_the_engine_behind_is_out_of_reach(connect, text):
    with pytest.raises(ProgrammingError) as caught:
        connect().cursor().execute(text)

    assert caught.value.errno not in (603, None)
    assert "duckdb" not in str(caught.value).lower() or "duckdb" in text


def test_bytes_that_are_no_http_end_their_own_connection_only(sandbox):
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=60) as line:
        line.sendall(os.urandom(64) + b"\r\n\r\n")
        answer = line.recv(4096)

    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")


def test_a_head_without_an_end_is_cut_off(sandbox):
    """Half a megabyte is enough; the parser itself would take any."""
    sent = 0
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=30) as line:
        line.sendall(f"POST {LOGIN} HTTP/1.1\r\nHost: x\r\nX-Long: ".encode())
        with contextlib.suppress(ConnectionError):
            while sent < 16 * 2**20:
                sent += line.send(b"a" * 65_536)
        with contextlib.suppress(ConnectionError):
            assert line.recv(4096).startswith(b"HTTP/1.1 400")

    assert sent < 16 * 2**20


def test_requests_one_behind_the_other_are_answered_in_turn(sandbox):
    one = b"GET /api/v2/nowhere HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=30) as line:
        line.sendall(one * 3)
        got = b""
        while got.count(b"HTTP/1.1 ") < 3:
            got += line.recv(65_536)

    assert got.count(b"HTTP/1.1 401") == 3


def test_a_body_that_never_comes_does_not_keep_others_waiting(sandbox, connect):
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=60) as line:
        line.sendall(f"POST {LOGIN} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n".encode())

        assert connect().cursor().execute("SELECT 1").fetchone() == (1,)


def test_a_name_that_is_no_text_spoils_no_history(wire, deployer):
    """Half a pair of surrogates is refused as a user; whoever reads the history of logins afterwards can."""
    body = b'{"data": {"ACCOUNT_NAME": "IMCUST", "LOGIN_NAME": "\\ud800", "PASSWORD": "x"}}'
    wire.send("POST", LOGIN, body)
    rows = deployer("IMCUST").cursor().execute("SELECT USER_NAME FROM SNOWFLAKE.ACCOUNT_USAGE.LOGIN_HISTORY").fetchall()
    assert ("?",) in rows
