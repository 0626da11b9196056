"""PUT and GET over the wire: from the stage's folder, and through the door for clients that know no folders."""

import http.client
import io
import json

import pytest

from runner.sandbox.http.encoding import addressed
from runner.sandbox.statements.transfer import is_bucket_client


@pytest.fixture
def cursor(connect, fresh_database):
    cursor = connect("IMCUST").cursor()
    cursor.execute(f"USE DATABASE {fresh_database}")
    cursor.execute("CREATE STAGE st")
    return cursor


def test_files_go_and_come_back(cursor, tmp_path):
    (tmp_path / "a b.csv").write_text("1,x\n2,y\n")
    [put] = cursor.execute(f"PUT 'file://{tmp_path}/a b.csv' @st/in").fetchall()
    assert put[1:] == ("a b.csv.gz", 8, put[3], "NONE", "GZIP", "UPLOADED", "")
    assert cursor.execute("SELECT $2 FROM @st ORDER BY 1").fetchall() == [("x",), ("y",)]
    (tmp_path / "back").mkdir()
    assert cursor.execute(f"GET @st file://{tmp_path}/back").fetchall()[0][2] == "DOWNLOADED"
    assert [path.name for path in (tmp_path / "back").iterdir()] == ["a b.csv.gz"]


def test_a_stream_goes_to_the_users_own_stage(cursor):
    cursor.execute("PUT file://s.csv @~/streams AUTO_COMPRESS = FALSE", file_stream=io.BytesIO(b"7,8\n"))
    assert cursor.execute("SELECT $1, $2 FROM @~/streams").fetchall() == [("7", "8")]
    cursor.execute("REMOVE @~/streams")


def test_write_pandas(cursor):
    pandas = pytest.importorskip("pandas")
    from snowflake.connector.pandas_tools import write_pandas

    frame = pandas.DataFrame({"N": [1, 2, 3], "v": ["a", "b'", None]})
    success, _, rows, _ = write_pandas(cursor.connection, frame, "FRAME", auto_create_table=True, overwrite=True)
    assert (success, rows) == (True, 3)
    assert cursor.execute('SELECT SUM(N), MAX("v") FROM frame').fetchall() == [(6, "b'")]


def test_the_values_of_very_many_rows_come_through_a_stage(connect, fresh_database):
    with connect("IMCUST", paramstyle="qmark") as connection:
        cursor = connection.cursor()
        cursor.execute(f"USE DATABASE {fresh_database}")
        cursor.execute("CREATE TABLE many (n INT, v VARCHAR, u VARCHAR)")
        cursor.executemany(
            "INSERT INTO many VALUES (?, ?, UPPER(?))", [(n, None if n % 2 else f"'{n}\n,", "x") for n in range(30_000)]
        )
        assert cursor.rowcount == 30_000
        found = cursor.execute("SELECT COUNT(v), MAX(n), MIN(u), MIN(v) FROM many").fetchone()
    assert found == (15_000, 29_999, "X", "'0\n,")


def send(sandbox, method, path, body=None, **headers):
    line = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=30)
    try:
        line.request(method, path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())
    finally:
        line.close()


def login(sandbox, version):
    """A session of a client that says it is a Python connector of this version."""
    pat = sandbox.pats["IMCUST"].read_text().strip()
    data = {
        "CLIENT_APP_ID": "PythonConnector",
        "CLIENT_APP_VERSION": version,
        "ACCOUNT_NAME": "IMCUST",
        "LOGIN_NAME": "SVC4SNOWFLAKEDEPLOY",
        "AUTHENTICATOR": "PROGRAMMATIC_ACCESS_TOKEN",
        "TOKEN": pat,
    }
    body = json.dumps({"data": data})
    _, answer, _ = send(sandbox, "POST", "/session/v1/login-request?requestId=1", body)
    token = json.loads(answer)["data"]["token"]

    def ask(text):
        headers = {"Authorization": f'Snowflake Token="{token}"'}
        _, answer, _ = send(sandbox, "POST", "/queries/v1/query-request", json.dumps({"sqlText": text}), **headers)
        return json.loads(answer)["data"]

    return ask


def test_a_client_without_folders_moves_files_through_the_door(sandbox, fresh_database):
    ask = login(sandbox, "5.2.0")
    ask(f"CREATE STAGE {fresh_database}.PUBLIC.BUCKET")
    stage = ask(f"PUT file:///tmp/a.csv @{fresh_database}.PUBLIC.BUCKET/in")["stageInfo"]
    assert stage["locationType"] == "GCS"
    assert stage["endPoint"] == f"http://127.0.0.1:{sandbox.port}"
    base = f"/{stage['location']}"
    assert send(sandbox, "HEAD", base + "a.csv")[0] == 404
    assert send(sandbox, "PUT", base + "a.csv", b"12345", **{"x-goog-if-generation-match": "0"})[0] == 200
    assert send(sandbox, "PUT", base + "a.csv", b"other", **{"x-goog-if-generation-match": "0"})[0] == 412
    status, content, headers = send(sandbox, "GET", base + "a.csv", Range="bytes=1-2")
    assert (status, content) == (206, b"23")
    assert headers["x-goog-meta-sfc-digest"] == "WZRHGrsBESr8wYFZ9sx0tPURuZgG2lmzyvWpwXPKz8U="
    assert ask(f"LIST @{fresh_database}.PUBLIC.BUCKET")["total"] == 1
    for name in ("../../org.duckdb", "%2e%2e/%2e%2e/org.duckdb", "..%2f..%2forg.duckdb", ""):
        assert send(sandbox, "GET", base + name)[0] == 404
        assert send(sandbox, "PUT", base + name, b"x")[0] == 404
    reading = ask(f"GET @{fresh_database}.PUBLIC.BUCKET file:///tmp")["stageInfo"]
    assert send(sandbox, "PUT", f"/{reading['location']}in/a.csv", b"x")[0] == 403
    assert send(sandbox, "GET", f"/{reading['location']}in/a.csv")[1] == b"12345"
    assert send(sandbox, "GET", "/stage-files/no-such-ticket/in/a.csv")[0] == 404


def test_addresses_bear_the_name_under_which_the_door_was_called():
    told = {"stageInfo": {"presignedUrl": "/stage-files/t/a"}, "presignedUrls": ["/stage-files/t/b"]}
    shown = addressed(told, "http://sandbox:9000")
    assert shown["stageInfo"]["presignedUrl"] == "http://sandbox:9000/stage-files/t/a"
    assert shown["presignedUrls"] == ["http://sandbox:9000/stage-files/t/b"]


@pytest.mark.parametrize(
    ("client", "bucket"), [("PythonConnector 5.2.0", True), ("PythonConnector 4.8.1", False), ("JDBC 4.4.1", False)]
)
def test_which_clients_know_no_folders(client, bucket):
    assert is_bucket_client(client) is bucket
