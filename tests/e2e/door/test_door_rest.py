"""Snowflake's REST API at the door: each request is a statement of the session whose token it carries."""

import json
from urllib.parse import quote

import pytest

from tests.e2e.door.conftest import token


@pytest.fixture
def api(wire, connect):
    """`api("POST", "databases", {...})`: status and content."""
    connection = connect()

    def ask(method, path, content=None, **more):
        body = json.dumps(content).encode() if content is not None else None
        headers = {"Authorization": token(more.get("connection", connection))}
        return wire.send(method, f"/api/v2/{path}", body, headers)

    ask.connection = connection
    return ask


@pytest.fixture
def place(fresh_database):
    return f"databases/{fresh_database}/schemas"


def test_objects_are_made_listed_fetched_and_dropped(api, place, fresh_database):
    status, made = api("POST", place, {"name": "MADE", "comment": "it's", "managed_access": True})
    assert (status, made) == (200, {"status": "Schema MADE successfully created."})
    _, [shown] = api("GET", f"{place}/?like=MADE")
    assert (shown["name"], shown["comment"], shown["kind"], shown["options"]) == (
        "MADE",
        "it's",
        "PERMANENT",
        "MANAGED ACCESS",
    )
    assert api("GET", f"{place}/MADE")[1]["database_name"] == fresh_database
    assert api("GET", f"{place}/ABSENT")[0] == 404
    assert api("DELETE", f"{place}/MADE")[0] == 200
    assert api("DELETE", f"{place}/MADE")[0] == 404
    assert api("DELETE", f"{place}/MADE?ifExists=true")[0] == 200


def test_a_table_and_a_view_in_all_their_parts(api, place, fresh_database):
    tables, views = f"{place}/PUBLIC/tables", f"{place}/PUBLIC/views"
    table = {
        "name": "T",
        "kind": "TRANSIENT",
        "cluster_by": ["DAY"],
        "comment": "c",
        "data_retention_time_in_days": 0,
        "columns": [
            {"name": "ID", "datatype": "NUMBER(38,0)", "nullable": False, "autoincrement": True},
            {"name": '"day of it"', "datatype": "DATE", "default": "CURRENT_DATE()", "comment": "d"},
            {"name": "DAY", "datatype": "VARCHAR(10)"},
        ],
        "constraints": [{"name": "PK", "constraint_type": "PRIMARY KEY", "column_names": ["ID"]}],
    }
    assert api("POST", tables, table)[1] == {"status": "Table T successfully created."}
    assert api("POST", tables, table)[0] == 409
    assert api("POST", f"{tables}?createMode=ifNotExists", table)[0] == 200
    assert api("POST", f"{tables}?createMode=orReplace", table)[0] == 200
    assert (
        api("POST", views, {"name": "V", "columns": [{"name": "A"}], "query": "SELECT ID FROM T", "secure": True})[0]
        == 200
    )
    cursor = api.connection.cursor()
    text = cursor.execute(f"SELECT GET_DDL('TABLE', '{fresh_database}.PUBLIC.T')").fetchone()[0]
    for part in (
        "TRANSIENT TABLE",
        'day of it" DATE DEFAULT CURRENT_DATE()',
        "constraint PK primary key (ID)",
        "cluster by (DAY)",
    ):
        assert part in text, text
    assert [row["name"] for row in api("GET", views)[1]] == ["V"]


def test_what_is_wrong_is_a_bad_request(api, place):
    for content in (
        {},
        {"name": "T"},
        {"name": "T", "columns": "x"},
        {"name": "T", "columns": [{"name": "A", "datatype": "NUMBER) AS SELECT (1"}]},
        {"name": "T", "columns": [{"name": "A", "datatype": "NUMBER", "default": "1); DROP TABLE X; --"}]},
        {"name": "T", "columns": [{"name": "A", "datatype": "NO_TYPE"}]},
        {"name": "T; DROP TABLE X", "columns": [{"name": "A", "datatype": "NUMBER"}]},
        {"name": "T", "columns": [{"name": "A", "datatype": "NUMBER"}], "surprise": 1},
        {"name": "T", "columns": [{"name": "A", "datatype": "NUMBER", "masking": "x"}]},
        {"name": "T", "kind": "HYBRID", "columns": [{"name": "A", "datatype": "NUMBER"}]},
        {"name": "T", "cluster_by": ["A", 1], "columns": [{"name": "A", "datatype": "NUMBER"}]},
        {"name": "T", "comment": ["x"], "columns": [{"name": "A", "datatype": "NUMBER"}]},
    ):
        assert api("POST", f"{place}/PUBLIC/tables", content)[0] == 400, content
    assert api("GET", f"{place}/PUBLIC/tables")[1] == []


def test_the_law_holds(api, connect, fresh_database):
    cursor = api.connection.cursor()
    cursor.execute("CREATE ROLE IF NOT EXISTS REST_NOBODY")
    cursor.execute("GRANT ROLE REST_NOBODY TO USER SANDBOX_ADMIN")
    cursor.execute("USE SECONDARY ROLES NONE")
    cursor.execute("USE ROLE REST_NOBODY")
    try:
        assert api("POST", "databases", {"name": "REST_DB"})[0] == 403
        assert api("GET", f"databases/{fresh_database}/schemas")[0] == 404
        assert api("GET", "databases")[0] == 200
    finally:
        cursor.execute("USE ROLE ACCOUNTADMIN")
        cursor.execute("USE SECONDARY ROLES ALL")


def test_a_session_stays_where_it_is(api, fresh_database):
    cursor = api.connection.cursor()
    cursor.execute(f"USE DATABASE {fresh_database}")
    name = f"{fresh_database}_REST"
    assert api("POST", "databases", {"name": name, "kind": "TRANSIENT", "data_retention_time_in_days": 0})[0] == 200
    assert cursor.execute("SELECT CURRENT_DATABASE()").fetchone() == (fresh_database,)
    assert api("GET", f"databases/{name}")[1]["kind"] == "TRANSIENT"
    assert api("DELETE", f"databases/{name}")[0] == 200


def test_other_addresses(api):
    for method, path, status in (
        ("GET", "", 404),
        ("GET", "fruits", 404),
        ("GET", "databases/X/schemas/Y/Z/W", 404),
        ("GET", "schemas", 404),
        ("GET", "databases/" + quote('a"b'), 400),
        ("GET", "databases/" + quote("A; DROP"), 400),
        ("GET", "databases?showLimit=many", 400),
        ("POST", "databases/X", 405),
        ("POST", "databases?createMode=often", 400),
        ("DELETE", "databases", 405),
    ):
        assert api(method, path, {"name": "X"} if method == "POST" else None)[0] == status, path


def test_without_a_session_or_a_description_nothing_is_done(wire, api):
    assert wire.send("GET", "/api/v2/databases", None, {"Authorization": 'Snowflake Token="x"'})[0] == 401
    assert wire.send("GET", "/api/v2/databases")[0] == 401
    headers = {"Authorization": token(api.connection)}
    assert wire.send("POST", "/api/v2/databases", b"\xff{", headers)[0] == 400
    assert wire.send("POST", "/api/v2/databases", b"[1]", headers)[0] == 400
