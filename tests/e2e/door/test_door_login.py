from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from snowflake.connector.errors import DatabaseError, ProgrammingError


def test_the_service_user_comes_in_with_its_token(deployer, sandbox):
    cursor = deployer("IMCUST").cursor()

    row = cursor.execute(
        "SELECT CURRENT_ACCOUNT_NAME(), CURRENT_USER(), CURRENT_ROLE(), CURRENT_WAREHOUSE()"
    ).fetchone()

    assert row == ("IMCUST", "SVC4SNOWFLAKEDEPLOY", "ACCOUNTADMIN", "ADMIN_WH")


@pytest.mark.parametrize("account", ["imcust", "LOCALORG-IMCUST", "localorg-imcust"])
def test_an_account_is_named_as_snowflake_allows(deployer, sandbox, account):
    token = Path(sandbox.pats["IMCUST"]).read_text()

    connection = deployer("IMCUST", account=account, token=token)

    assert connection.cursor().execute("SELECT CURRENT_ACCOUNT_NAME()").fetchone() == ("IMCUST",)


def test_a_token_serves_as_password_too(deployer, sandbox):
    token = Path(sandbox.pats["IMCUST"]).read_text()

    connection = deployer("IMCUST", authenticator="SNOWFLAKE", password=token, token=None)

    assert connection.cursor().execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize(
    "wrong",
    [
        {"token": "wrong"},
        {"token": ""},
        {"user": "NOBODY"},
        {"account": "IMSDLC"},
        {"account": "ELSEWHERE"},
        {"authenticator": "SNOWFLAKE", "password": "guess"},
        {"role": "SECURITYADMIN"},
        {"role": "NO_SUCH_ROLE"},
    ],
    ids=str,
)
def test_who_is_not_known_stays_outside(deployer, wrong):
    with pytest.raises((DatabaseError, ProgrammingError)) as caught:
        deployer("IMCUST", **wrong)

    assert caught.value.errno != 603
    assert Path(__file__).name not in str(caught.value)


def test_a_token_that_has_run_out_or_was_removed_opens_nothing(connect, deployer, fresh_name):
    admin, name = connect().cursor(), fresh_name("PAT")
    admin.execute(
        f"ALTER USER SVC4SNOWFLAKEDEPLOY ADD PROGRAMMATIC ACCESS TOKEN {name} ROLE_RESTRICTION = 'ACCOUNTADMIN'"
    )
    secret = admin.fetchone()[1]
    assert deployer("IMCUST", token=secret).cursor().execute("SELECT 1").fetchone() == (1,)

    admin.execute(f"ALTER USER SVC4SNOWFLAKEDEPLOY REMOVE PROGRAMMATIC ACCESS TOKEN {name}")

    with pytest.raises(DatabaseError):
        deployer("IMCUST", token=secret)


def test_a_restricted_token_keeps_its_role(deployer):
    cursor = deployer("IMCUST").cursor()

    with pytest.raises(ProgrammingError, match="restricted"):
        cursor.execute("USE ROLE SYSADMIN")


def test_a_session_may_begin_in_the_information_schema(connect, fresh_database):
    cursor = connect(database=fresh_database, schema="INFORMATION_SCHEMA").cursor()
    assert cursor.execute("SELECT CURRENT_SCHEMA(), COUNT(*) FROM SCHEMATA").fetchone()[0] == "INFORMATION_SCHEMA"


def test_the_session_begins_where_the_client_asked(connect, fresh_database):
    connection = connect(database=fresh_database, schema="PUBLIC", session_parameters={"QUERY_TAG": "here"})

    assert (connection.database, connection.schema) == (fresh_database, "PUBLIC")
    assert connection.cursor().execute("SELECT CURRENT_DATABASE(), CURRENT_SCHEMA()").fetchone() == (
        fresh_database,
        "PUBLIC",
    )
    assert connection.cursor().execute("SHOW PARAMETERS LIKE 'QUERY_TAG'").fetchone()[1] == "here"


def test_a_database_that_is_not_there_is_left_out(connect):
    connection = connect(database="NO_SUCH_DATABASE")

    assert connection.cursor().execute("SELECT CURRENT_DATABASE()").fetchone() == (None,)


def test_an_unknown_session_parameter_is_refused(connect):
    with pytest.raises(DatabaseError, match="NO_SUCH_PARAMETER"):
        connect(session_parameters={"NO_SUCH_PARAMETER": "1"})


def test_a_session_token_that_ran_out_is_renewed_by_the_connector(connect, order):
    order("settings", session_seconds=0)
    connection = connect()
    order("settings", session_seconds=3600)
    before = connection.rest.token

    assert connection.cursor().execute("SELECT 1").fetchone() == (1,)
    assert connection.rest.token != before


def test_what_ran_out_altogether_needs_a_new_login(connect, order):
    order("settings", session_seconds=0, master_seconds=0)
    connection = connect()

    with pytest.raises(ProgrammingError) as caught:
        connection.cursor().execute("SELECT 1")

    assert caught.value.errno in (390104, 390111, 390113, 390114)


def test_a_session_that_logged_out_or_was_aborted_is_gone(connect, wire):
    victim = connect()
    number = victim.cursor().execute("SELECT CURRENT_SESSION()").fetchone()[0]

    connect().cursor().execute(f"SELECT SYSTEM$ABORT_SESSION({number})")

    for _ in range(2):  # Whoever notices it first.
        answer = wire.query(victim, "SELECT 1")
        assert (answer["success"], answer["code"]) == (False, "390111")


def test_another_accounts_queries_are_not_seen(connect, wire):
    mine, other = connect("IMCUST"), connect("IMSDLC")
    query_id = mine.cursor().execute("SELECT 'mine'").sfqid

    header = f'Snowflake Token="{other.rest.token}"'
    assert wire.send("GET", f"/queries/{query_id}/result", headers={"Authorization": header})[1]["code"] == "000709"
    status = wire.send("GET", f"/monitoring/queries/{query_id}", headers={"Authorization": header})[1]
    assert status["data"]["queries"] == []


def test_another_users_queries_are_not_seen(connect, deployer, wire):
    mine, other = connect("IMCUST"), deployer("IMCUST")
    query_id = mine.cursor().execute("SELECT 'mine'").sfqid

    header = f'Snowflake Token="{other.rest.token}"'
    assert wire.send("GET", f"/queries/{query_id}/result", headers={"Authorization": header})[1]["code"] == "000709"
    status = wire.send("GET", f"/monitoring/queries/{query_id}", headers={"Authorization": header})[1]
    assert status["data"]["queries"] == []
    answer = wire.send("POST", f"/queries/{query_id}/abort-request", b"{}", {"Authorization": header})[1]
    assert answer["code"] == "000605"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("SET DISABLED = TRUE", "390101"),
        ("SET NETWORK_POLICY = {0}", "390422"),
        (None, "390111"),
    ],
)
def test_who_is_shut_out_while_logged_in_can_do_nothing_more(connect, deployer, wire, fresh_name, change, code):
    admin, name = connect("IMCUST").cursor(), fresh_name("GUEST")
    admin.execute(f"CREATE USER {name} PASSWORD = 'Correct-Horse-9'")
    admin.execute(f"CREATE NETWORK POLICY {name} ALLOWED_IP_LIST = ('192.0.2.1')")
    guest = deployer("IMCUST", user=name, authenticator="SNOWFLAKE", password="Correct-Horse-9", role="PUBLIC")
    assert wire.query(guest, "SELECT 1")["success"]

    admin.execute(f"ALTER USER {name} {change.format(name)}" if change else f"DROP USER {name}")

    answer = wire.query(guest, "SELECT 1")
    assert (answer["success"], answer["code"]) == (False, code)


def test_a_hundred_sessions_at_once_have_each_their_own_answer(connect, sandbox):
    def visit(number):
        connection = connect("IMCUST" if number % 2 else "IMSDLC")
        return connection.cursor().execute(f"SELECT {number}, CURRENT_ACCOUNT_NAME()").fetchone()

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(visit, range(100)))

    assert answers == [(n, "IMCUST" if n % 2 else "IMSDLC") for n in range(100)]


def test_a_revoked_role_is_gone_from_the_sessions_that_have_it(connect, deployer, fresh_database, fresh_name):
    admin, name = connect("IMCUST").cursor(), fresh_name("GUEST")
    admin.execute(f"CREATE ROLE {name}")
    admin.execute(f"CREATE TABLE {fresh_database}.PUBLIC.T (A INT)")
    for what in (f"DATABASE {fresh_database}", f"SCHEMA {fresh_database}.PUBLIC"):
        admin.execute(f"GRANT USAGE ON {what} TO ROLE {name}")
    admin.execute(f"GRANT SELECT ON TABLE {fresh_database}.PUBLIC.T TO ROLE {name}")
    admin.execute(f"CREATE USER {name} PASSWORD = 'Correct-Horse-9'")
    admin.execute(f"GRANT ROLE {name} TO USER {name}")
    guest = deployer("IMCUST", user=name, authenticator="SNOWFLAKE", password="Correct-Horse-9", role=name).cursor()
    assert guest.execute(f"SELECT * FROM {fresh_database}.PUBLIC.T").fetchall() == []

    admin.execute(f"REVOKE ROLE {name} FROM USER {name}")

    with pytest.raises(ProgrammingError, match="does not exist or not authorized"):
        guest.execute(f"SELECT * FROM {fresh_database}.PUBLIC.T")
    assert guest.execute("SELECT CURRENT_ROLE()").fetchone() == (None,)


@pytest.mark.parametrize(("said", "begins"), [("", "ALL"), (" DEFAULT_SECONDARY_ROLES = ()", "")])
def test_a_session_begins_with_the_users_secondary_roles(connect, deployer, fresh_name, said, begins):
    name = fresh_name("MULTI")
    connect().cursor().execute(f"CREATE USER {name} PASSWORD = 'Correct-Horse-9'{said}")
    guest = deployer("IMCUST", user=name, authenticator="SNOWFLAKE", password="Correct-Horse-9", role="PUBLIC")
    assert f'"value":"{begins}"' in guest.cursor().execute("SELECT CURRENT_SECONDARY_ROLES()").fetchone()[0]
    guest.close()


def test_a_token_of_one_role_has_no_secondary_ones(deployer):
    assert '"value":""' in deployer("IMCUST").cursor().execute("SELECT CURRENT_SECONDARY_ROLES()").fetchone()[0]


def test_a_login_is_a_session_of_the_account(deployer, sandbox):
    connection = deployer("IMCUST")
    watcher = deployer("IMCUST").cursor()
    asked = f"SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.SESSIONS WHERE SESSION_ID = {connection.session_id}"
    names = [column.name for column in watcher.describe(asked)]

    row = dict(zip(names, watcher.execute(asked).fetchone(), strict=True))
    connection.close()
    closed = dict(zip(names, watcher.execute(asked).fetchone(), strict=True))

    assert (row["AUTHENTICATION_METHOD"], row["CLOSED_REASON"]) == ("PROGRAMMATIC_ACCESS_TOKEN", None)
    assert row["CLIENT_APPLICATION_ID"].startswith("PythonConnector ")
    assert closed["CLOSED_REASON"] == "LOGOUT"
    event = f"SELECT IS_SUCCESS FROM SNOWFLAKE.ACCOUNT_USAGE.LOGIN_HISTORY WHERE EVENT_ID = {row['LOGIN_EVENT_ID']}"
    assert watcher.execute(event).fetchone() == ("YES",)


def test_the_version_is_the_same_everywhere(deployer, sandbox, wire):
    token = Path(sandbox.pats["IMCUST"]).read_text()
    content = {"ACCOUNT_NAME": "IMCUST", "LOGIN_NAME": "SVC4SNOWFLAKEDEPLOY", "PASSWORD": token}

    welcome = wire.post("/session/v1/login-request", {"data": content})["data"]
    told = deployer("IMCUST").cursor().execute("SELECT CURRENT_VERSION()").fetchone()

    assert told == (welcome["serverVersion"],)
