"""Authentication, password and session policies: made, shown, set, and held to at the login."""

import pytest

from runner.sandbox.authenticate import LoginRequest, authenticate
from runner.sandbox.clock import CLOCK
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.history import History
from runner.sandbox.http.answers import Refusal
from runner.sandbox.http.sessions import Visitors

SERVICE = "SVC4SNOWFLAKEDEPLOY"
SET = "ALTER ACCOUNT SET AUTHENTICATION POLICY AP FORCE"


@pytest.fixture
def home(org):
    org.run("CREATE DATABASE D", "CREATE USER ANNA PASSWORD = 'Secret-12345'")
    return org


def enters(org, **given):
    """The number of the refusal, 0 for who comes in."""
    request = {"account": "IMCUST", "user": "ANNA", "password": "Secret-12345", "client": "PythonConnector 4.8"} | given
    try:
        authenticate(org.catalog, History(), LoginRequest(**request))
    except SnowflakeError as refusal:
        return refusal.errno
    return 0


def test_methods_and_clients_that_are_not_listed_open_nothing(home, pat):
    token = {"user": SERVICE, "token": pat, "authenticator": "PROGRAMMATIC_ACCESS_TOKEN"}
    home.run("CREATE AUTHENTICATION POLICY AP AUTHENTICATION_METHODS = ('KEYPAIR', 'PROGRAMMATIC_ACCESS_TOKEN')", SET)
    assert (enters(home), enters(home, **token)) == (390202, 0)
    assert enters(home, password="wrong") == 390100
    home.run("ALTER AUTHENTICATION POLICY AP SET AUTHENTICATION_METHODS = ('PASSWORD')")
    assert (enters(home), enters(home, **token)) == (0, 390202)
    assert enters(home, user=SERVICE, password=pat) == 390202
    home.run(
        "CREATE AUTHENTICATION POLICY OWN CLIENT_TYPES = ('SNOWFLAKE_CLI', 'SNOWSQL')",
        "ALTER USER ANNA SET AUTHENTICATION POLICY OWN",
    )
    assert enters(home) == 390202
    assert [enters(home, client=name) for name in ("SNOWFLAKE_CLI 3.1", "SnowSQL 1.3", "JDBC 3")] == [0, 0, 390202]
    home.run("ALTER USER ANNA UNSET AUTHENTICATION POLICY", "ALTER ACCOUNT UNSET AUTHENTICATION POLICY")
    assert (enters(home), enters(home, **token)) == (0, 0)
    home.run("DROP AUTHENTICATION POLICY OWN", "DROP AUTHENTICATION POLICY AP")


def test_a_policy_that_is_set_keeps_its_database(home):
    home.run("CREATE AUTHENTICATION POLICY AP AUTHENTICATION_METHODS = ('KEYPAIR')", SET)
    assert home.refused("DROP DATABASE D")[0] == 3524
    assert enters(home) == 390202
    home.run("ALTER ACCOUNT UNSET AUTHENTICATION POLICY")
    assert enters(home) == 0


def test_what_the_policy_says_of_tokens(home):
    new = "ALTER USER {} ADD PROGRAMMATIC ACCESS TOKEN {} ROLE_RESTRICTION = '{}'".format
    home.run("CREATE USER BOT TYPE = SERVICE", "GRANT ROLE SYSADMIN TO USER BOT", "GRANT ROLE USERADMIN TO USER BOT")
    assert home.refused(new("BOT", "T1", "SYSADMIN"))[0] == 394404
    home.run(
        "CREATE AUTHENTICATION POLICY AP PAT_POLICY = (DEFAULT_EXPIRY_IN_DAYS = 3, MAX_EXPIRY_IN_DAYS = 30, "
        "NETWORK_POLICY_EVALUATION = ENFORCED_NOT_REQUIRED BLOCKED_ROLES_LIST = ('USERADMIN'))",
        SET,
    )
    secret = home.run(new("BOT", "T1", "SYSADMIN"))[0][1]
    token = {"user": "BOT", "token": secret, "authenticator": "PROGRAMMATIC_ACCESS_TOKEN"}
    assert enters(home, **token) == 0
    rows = home.table("SHOW USER PROGRAMMATIC ACCESS TOKENS FOR USER BOT")
    assert (rows[0]["expires_at"] - rows[0]["created_on"]).days in (2, 3)
    assert home.refused(new("BOT", "T2", "SYSADMIN") + " DAYS_TO_EXPIRY = 31")[0] == 1008
    assert home.refused(new("BOT", "T2", "USERADMIN"))[0] == 394406
    bare = "ALTER USER BOT ADD PROGRAMMATIC ACCESS TOKEN T2"
    assert home.refused(bare)[0] == 394403
    home.run(
        "ALTER AUTHENTICATION POLICY AP SET PAT_POLICY = (REQUIRE_ROLE_RESTRICTION_FOR_SERVICE_USERS = FALSE "
        "NETWORK_POLICY_EVALUATION = ENFORCED_NOT_REQUIRED BLOCKED_ROLES_LIST = ('SYSADMIN'))"
    )
    free = home.run(bare)[0][1]
    assert enters(home, **token) == 390189
    session = home.engine.login("IMCUST", "BOT", "PUBLIC")
    session.token = "T2"
    with pytest.raises(SnowflakeError, match="keeps it from programmatic access tokens"):
        home.engine.execute(session, "USE ROLE SYSADMIN")
    home.engine.execute(session, "USE ROLE USERADMIN")
    home.run("ALTER AUTHENTICATION POLICY AP UNSET PAT_POLICY")
    assert enters(home, **token | {"token": free}) == 394404


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Abc-1", "PASSWORD_MIN_LENGTH"),
        ("abcdefgh-12", "PASSWORD_MIN_UPPER_CASE_CHARS"),
        ("ABCDEFGH-12", "PASSWORD_MIN_LOWER_CASE_CHARS"),
        ("Abcdefgh-1", "PASSWORD_MIN_NUMERIC_CHARS"),
        ("Abcdefgh12", "PASSWORD_MIN_SPECIAL_CHARS"),
        ("Abcdefgh-1234567890", "PASSWORD_MAX_LENGTH"),
        ("Abcdefgh-12", ""),
    ],
)
def test_a_new_password_is_as_the_policy_wants_it(home, password, reason):
    home.run(
        "CREATE PASSWORD POLICY PP PASSWORD_MIN_LENGTH = 9 PASSWORD_MAX_LENGTH = 12 PASSWORD_MIN_NUMERIC_CHARS = 2 "
        "PASSWORD_MIN_SPECIAL_CHARS = 1",
        "ALTER ACCOUNT SET PASSWORD POLICY PP",
    )
    for statement in (f"CREATE USER BEN PASSWORD = '{password}'", f"ALTER USER ANNA SET PASSWORD = '{password}'"):
        if reason:
            errno, message = home.refused(statement)
            assert (errno, f"'{reason}'" in message, password in message) == (3002, True, False)
        else:
            home.run(statement)
    assert enters(home, password=password if not reason else "Secret-12345") == 0


def test_who_is_idle_too_long_logs_in_anew(home):
    visitors = Visitors()
    session = home.engine.login("IMCUST", "ANNA", "PUBLIC")
    visitor, token, master = visitors.admit(session, 300.0)
    header = 'Snowflake Token="{}"'.format
    assert visitors.visitor(header(token)) is visitor
    visitor.seen = CLOCK.elapsed() - 299
    assert visitors.visitor(header(token)) is visitor
    visitor.seen = CLOCK.elapsed() - 301
    for ask, given in ((visitors.visitor, token), (visitors.renew, master)):
        with pytest.raises(Refusal, match="expired"):
            ask(header(given))
    visitor.idle_seconds = None
    assert visitors.renew(header(master))[0] is visitor
    visitors.close()


def test_secondary_roles_may_be_barred(home):
    home.run("CREATE SESSION POLICY SP ALLOWED_SECONDARY_ROLES = ()", "ALTER ACCOUNT SET SESSION POLICY SP")
    assert home.refused("USE SECONDARY ROLES ALL")[0] == 3013
    home.run("USE SECONDARY ROLES NONE", "ALTER SESSION POLICY SP SET ALLOWED_SECONDARY_ROLES = ('ALL')")
    home.run("USE SECONDARY ROLES ALL", "ALTER SESSION POLICY SP SET BLOCKED_SECONDARY_ROLES = ('ALL')")
    assert home.refused("USE SECONDARY ROLES ALL")[0] == 3013
    assert home.refused("ALTER SESSION POLICY SP SET ALLOWED_SECONDARY_ROLES = (SYSADMIN)")[0] == 2


MADE = (
    "CREATE AUTHENTICATION POLICY AP AUTHENTICATION_METHODS = ('PASSWORD', 'saml') MFA_ENROLLMENT = 'REQUIRED' "
    "PAT_POLICY = (MAX_EXPIRY_IN_DAYS = 30, BLOCKED_ROLES_LIST = (R1, '\"r two\"')) COMMENT = 'a'",
    "CREATE PASSWORD POLICY PP PASSWORD_MIN_LENGTH = 12, PASSWORD_HISTORY = 0",
    "CREATE SESSION POLICY SP SESSION_IDLE_TIMEOUT_MINS = 5 SESSION_UI_IDLE_TIMEOUT_MINS = 30 COMMENT = 's'",
)


def test_what_is_shown_of_them_and_made_again(home):
    home.run(*MADE)
    for kind, name, comment in (("AUTHENTICATION", "AP", "a"), ("PASSWORD", "PP", ""), ("SESSION", "SP", "s")):
        [row] = home.table(f"SHOW {kind} POLICIES")
        assert (row["name"], row["kind"], row["schema_name"]) == (name, f"{kind}_POLICY", "PUBLIC")
        assert row["comment"] == comment
        text = home.run(f"SELECT GET_DDL('POLICY', '{name}')")[0][0]
        home.run("CREATE OR REPLACE SCHEMA D.AGAIN", text)
        assert home.run(f"SELECT GET_DDL('POLICY', 'D.AGAIN.{name}')")[0][0] == text
        home.run("USE SCHEMA D.PUBLIC", f"ALTER {kind} POLICY {name} RENAME TO X", f"DROP {kind} POLICY D.AGAIN.{name}")
        home.run(f"ALTER {kind} POLICY X RENAME TO {name}", f"COMMENT ON {kind} POLICY {name} IS 'new'")
    described = {row["property"]: row["value"] for row in home.table("DESC AUTHENTICATION POLICY AP")}
    assert described["AUTHENTICATION_METHODS"] == "[PASSWORD, SAML]"
    assert "MAX_EXPIRY_IN_DAYS=30" in described["PAT_POLICY"]
    assert home.table("DESC SESSION POLICY SP")[0]["sessionIdleTimeoutMins"] == "5"
    home.run("ALTER ACCOUNT SET SESSION POLICY SP", "ALTER USER ANNA SET SESSION POLICY SP")
    uses = home.table("SELECT * FROM TABLE(INFORMATION_SCHEMA.POLICY_REFERENCES(POLICY_NAME => 'D.PUBLIC.SP'))")
    assert [(r["REF_ENTITY_DOMAIN"], r["REF_ENTITY_NAME"]) for r in uses] == [("ACCOUNT", "IMCUST"), ("USER", "ANNA")]
    of_user = "TABLE(INFORMATION_SCHEMA.POLICY_REFERENCES(REF_ENTITY_NAME => 'ANNA', REF_ENTITY_DOMAIN => 'USER'))"
    assert home.run(f"SELECT POLICY_KIND FROM {of_user}") == [("SESSION_POLICY",)]
    assert home.refused("DROP SESSION POLICY SP")[0] == 3524
    assert home.refused("CREATE OR REPLACE SESSION POLICY SP")[0] == 3524
    home.run("CREATE SCHEMA D.CLONED CLONE D.PUBLIC", "DROP SESSION POLICY D.CLONED.SP")


def test_who_may_set_them(home):
    home.run(MADE[1], "CREATE ROLE SECURITY", "CREATE USER BEN", "GRANT USAGE ON DATABASE D TO ROLE SECURITY")
    home.run("GRANT USAGE ON SCHEMA D.PUBLIC TO ROLE SECURITY", "GRANT ROLE SECURITY TO USER SANDBOX_ADMIN")
    of_account, of_user = (f"ALTER {on} SET PASSWORD POLICY D.PUBLIC.PP FORCE" for on in ("ACCOUNT", "USER BEN"))
    assert home.refused(of_account, role="SECURITY")[0] == 2003
    home.run("GRANT APPLY ON PASSWORD POLICY PP TO ROLE SECURITY")
    assert home.refused(of_account, role="SECURITY")[0] == 3001
    assert home.refused(of_user, role="SECURITY")[0] in (2003, 3001)
    home.run("GRANT OWNERSHIP ON USER BEN TO ROLE SECURITY")
    home.run(of_user, "ALTER USER BEN UNSET PASSWORD POLICY", role="SECURITY")
    home.run("GRANT APPLY PASSWORD POLICY ON ACCOUNT TO ROLE SECURITY")
    home.run(of_account, "ALTER ACCOUNT UNSET PASSWORD POLICY", role="SECURITY")


BAD = [
    "CREATE AUTHENTICATION POLICY X AUTHENTICATION_METHODS = ('NOPE')",
    "CREATE AUTHENTICATION POLICY X AUTHENTICATION_METHODS = ()",
    "CREATE AUTHENTICATION POLICY X AUTHENTICATION_METHODS = ('ALL', 'PASSWORD')",
    "CREATE AUTHENTICATION POLICY X AUTHENTICATION_METHODS = ('PASSWORD'",
    "CREATE AUTHENTICATION POLICY X CLIENT_POLICY = (JDBC = (MINIMUM_VERSION = '1'))",
    "CREATE AUTHENTICATION POLICY X PAT_POLICY = (NOPE = 1)",
    "CREATE AUTHENTICATION POLICY X PAT_POLICY = (MAX_EXPIRY_IN_DAYS = 366)",
    "CREATE AUTHENTICATION POLICY X PAT_POLICY = (MAX_EXPIRY_IN_DAYS = 5 DEFAULT_EXPIRY_IN_DAYS = 6)",
    "CREATE AUTHENTICATION POLICY X PAT_POLICY = (NETWORK_POLICY_EVALUATION = NOT_ENFORCED)",
    "CREATE AUTHENTICATION POLICY X PASSWORD_MIN_LENGTH = 9",
    "CREATE PASSWORD POLICY X PASSWORD_MIN_LENGTH = 7",
    "CREATE PASSWORD POLICY X PASSWORD_MIN_LENGTH = 'x'",
    "CREATE PASSWORD POLICY X PASSWORD_MIN_LENGTH = 20 PASSWORD_MAX_LENGTH = 10",
    "CREATE PASSWORD POLICY X PASSWORD_MIN_LENGTH = 9 PASSWORD_MIN_LENGTH = 9",
    "CREATE OR REPLACE PASSWORD POLICY IF NOT EXISTS X",
    "CREATE SESSION POLICY X SESSION_IDLE_TIMEOUT_MINS = 241",
    "CREATE SESSION POLICY X SESSION_MAX_LIFESPAN_MINS = 60",
    "ALTER SESSION POLICY X SET SESSION_IDLE_TIMEOUT_MINS = 10",
    "ALTER SESSION POLICY SP SET",
    "ALTER SESSION POLICY SP UNSET NOPE",
    "DROP SESSION POLICY X",
    "DROP SESSION POLICY PP",
    "ALTER ACCOUNT SET SESSION POLICY X",
    "ALTER ACCOUNT SET SESSION POLICY PP",
    "ALTER ACCOUNT SET AUTHENTICATION POLICY AP FOR ALL SERVICE USERS",
    "ALTER ACCOUNT SET FEATURE POLICY X",
    "ALTER USER NOBODY SET SESSION POLICY SP",
    "ALTER USER ANNA SET PACKAGES POLICY X",
]


def test_what_is_wrong_is_refused(home):
    home.run("CREATE ROLE R1", *MADE)
    before = {key: repr(value) for key, value in (home.catalog.records | home.catalog.links).items()}
    for statement in BAD:
        assert home.refused(statement)[0] not in (0, 603), statement
    assert {key: repr(value) for key, value in (home.catalog.records | home.catalog.links).items()} == before
