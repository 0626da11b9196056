"""Views of usage over the catalogue and the history."""

import pytest

from runner.sandbox.history import History
from runner.sandbox.usage_history import CREDITS_AN_HOUR
from runner.sandbox.visits import Visit, environment

USAGE = "SNOWFLAKE.ACCOUNT_USAGE"


@pytest.fixture
def used(org):
    org.run("CREATE DATABASE UD", "CREATE SCHEMA UD.S", "CREATE TABLE UD.S.T (A NUMBER(10,0), B VARCHAR)")
    org.run("INSERT INTO UD.S.T VALUES (1, 'x'), (2, 'y')")
    return org


def test_storage_of_tables_tells_rows_and_what_time_travel_keeps(used):
    used.run(
        "UPDATE UD.S.T SET A = 3", "CREATE TRANSIENT TABLE UD.S.GONE (A NUMBER)", "INSERT INTO UD.S.GONE VALUES (1)"
    )
    used.run("DROP TABLE UD.S.GONE")
    rows = {
        row["TABLE_NAME"]: row
        for row in used.table(f"SELECT * FROM {USAGE}.TABLE_STORAGE_METRICS WHERE TABLE_CATALOG = 'UD'")
    }
    live, gone = rows["T"], rows["GONE"]
    assert (live["ACTIVE_BYTES"], live["TIME_TRAVEL_BYTES"], live["DELETED"]) == (48, 48, False)
    assert (gone["ACTIVE_BYTES"], gone["TIME_TRAVEL_BYTES"], gone["DELETED"], gone["IS_TRANSIENT"]) == (
        0,
        16,
        True,
        "YES",
    )
    asked = "SELECT TABLE_NAME, ACTIVE_BYTES FROM UD.INFORMATION_SCHEMA.TABLE_STORAGE_METRICS ORDER BY 1"
    assert used.run(asked) == [("GONE", 0), ("T", 48)]
    used.run("CREATE ROLE UR", "GRANT ROLE UR TO USER SANDBOX_ADMIN", "GRANT USAGE ON DATABASE UD TO ROLE UR")
    assert used.run(asked, role="UR") == []


def test_policies_of_the_account_dropped_ones_left_out_for_good(used):
    used.run(
        "CREATE MASKING POLICY UD.S.M AS (V VARCHAR) RETURNS VARCHAR -> '*' EXEMPT_OTHER_POLICIES = TRUE",
        "CREATE ROW ACCESS POLICY UD.S.R AS (V VARCHAR) RETURNS BOOLEAN -> TRUE COMMENT = 'c'",
    )
    masks = used.table(f"SELECT * FROM {USAGE}.MASKING_POLICIES")
    filters = used.table(f"SELECT * FROM {USAGE}.ROW_ACCESS_POLICIES")
    assert [(row["POLICY_NAME"], row["POLICY_BODY"], row["POLICY_CATALOG"]) for row in masks] == [("M", "'*'", "UD")]
    assert "EXEMPT_OTHER_POLICIES" in masks[0]["OPTIONS"]
    assert [(row["POLICY_NAME"], row["POLICY_COMMENT"], row["OPTIONS"]) for row in filters] == [("R", "c", None)]


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("PROJECTION", "PROJECTION_CONSTRAINT(ALLOW => FALSE)"),
        ("AGGREGATION", "NO_AGGREGATION_CONSTRAINT()"),
        ("JOIN", "JOIN_CONSTRAINT(JOIN_REQUIRED => TRUE)"),
    ],
)
def test_policies_of_how_a_query_may_use_rows(used, kind, given):
    used.run(f"CREATE {kind} POLICY UD.S.P_{kind} AS () RETURNS {kind}_CONSTRAINT -> {given} COMMENT = 'c'")
    asked = f"SELECT * FROM {USAGE}.{kind}_POLICIES WHERE POLICY_NAME = 'P_{kind}'"
    [row] = used.table(asked)
    assert (row["POLICY_SIGNATURE"], row["POLICY_RETURN_TYPE"], row["POLICY_BODY"], row["POLICY_COMMENT"]) == (
        "()",
        f"{kind}_CONSTRAINT",
        given,
        "c",
    )
    assert (row["OWNER_ROLE_TYPE"], row["DELETED"]) == ("ROLE", None)
    used.run(f"DROP {kind} POLICY UD.S.P_{kind}")
    [row] = used.table(asked)
    assert row["DELETED"] is not None
    assert row["OWNER_ROLE_TYPE"] is None


def test_event_tables_are_in_the_information_schema(used):
    used.run("CREATE EVENT TABLE UD.S.EV COMMENT = 'e'")
    assert used.run("SELECT TABLE_NAME, COMMENT FROM UD.INFORMATION_SCHEMA.EVENT_TABLES") == [("EV", "e")]


def test_metering_of_the_organisation_and_of_a_range(used):
    columns = list(used.table("SELECT * FROM SNOWFLAKE.ORGANIZATION_USAGE.WAREHOUSE_METERING_HISTORY LIMIT 0") or [])
    assert columns == []
    asked = "SELECT * FROM TABLE(UD.INFORMATION_SCHEMA.WAREHOUSE_METERING_HISTORY({}))"
    assert used.run(asked.format("CURRENT_DATE() - 1, CURRENT_DATE() + 1, 'ADMIN_WH'")) == []
    assert used.refused(asked.format(""))[0] == 938
    assert used.refused(asked.format("'yesterday'"))[0] == 1044
    assert CREDITS_AN_HOUR["X-SMALL"] == 1


def visit(number=7, **more):
    from runner.sandbox.catalog.store import utc_now

    return Visit(session_id=number, account="IMCUST", user="ANNA", at=utc_now(), factor="PASSWORD", login_id=3, **more)


def test_sessions_of_clients(org):
    history = org.engine.history
    history.opened(visit(client="PythonConnector 4.8.1", environment='{"OS": "Linux"}'))
    history.opened(visit(8))
    history.left(8, "LOGOUT")
    history.left(8, "FORCED_LOGOUT")
    history.left(99, "LOGOUT")
    rows = org.table(f"SELECT * FROM {USAGE}.SESSIONS ORDER BY SESSION_ID")
    assert [(row["SESSION_ID"], row["CLOSED_REASON"], row["CLIENT_APPLICATION_ID"]) for row in rows] == [
        (7, None, "PythonConnector 4.8.1"),
        (8, "LOGOUT", None),
    ]
    assert rows[0]["CLIENT_APPLICATION_VERSION"] == "4.8.1"


def test_sessions_outlive_the_process_that_knew_them(tmp_path):
    history = History(tmp_path)
    history.opened(visit())
    history.opened(visit(8))
    history.left(8, "ABANDONED")
    history.close()
    again = History(tmp_path)
    found = {each.session_id: each.closed for each in again.visits("IMCUST")}
    again.close()
    assert found == {7: "UNKNOWN", 8: "ABANDONED"}


def test_a_client_tells_of_its_surroundings_what_holds_no_secret():
    assert environment({"OS": "Linux", "TOKEN": "s3cret", "PYTHON_VERSION": 3}) == {
        "OS": "Linux",
        "PYTHON_VERSION": "3",
    }
