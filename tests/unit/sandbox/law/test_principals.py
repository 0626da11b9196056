"""Roles, users and their tokens, warehouses, network policies, account parameters."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from runner.sandbox.authenticate import LoginRequest, authenticate
from runner.sandbox.catalog.model import NetworkPolicy, Role, User, Warehouse
from runner.sandbox.history import History
from runner.sandbox.law import keypair, tokens

SERVICE = "SVC4SNOWFLAKEDEPLOY"


def user(org, name="U"):
    return org.catalog.find(User, "IMCUST", name)


@pytest.mark.parametrize(
    ("kind", "name", "options"),
    [
        ("ROLE", "X", ""),
        ("USER", "X", ""),
        ("WAREHOUSE", "X", ""),
        ("NETWORK POLICY", "X", "ALLOWED_IP_LIST = ('127.0.0.1')"),
        ("SHARE", "X", ""),
        ("DATABASE ROLE", "D.X", ""),
        ("MASKING POLICY", "D.S.X", "AS (V VARCHAR) RETURNS VARCHAR -> V"),
        ("ROW ACCESS POLICY", "D.S.X", "AS (V VARCHAR) RETURNS BOOLEAN -> TRUE"),
    ],
)
def test_the_life_of_a_thing(estate, kind, name, options):
    short = name.split(".")[-1]
    assert estate.run(f"CREATE {kind} {name} {options}")[0][0] == f"{kind.capitalize()} {short} successfully created."
    assert estate.refused(f"CREATE {kind} {name} {options}")[0] == 2002
    again = estate.run(f"CREATE {kind} IF NOT EXISTS {name} {options}")[0][0]
    assert again == f"{short} already exists, statement succeeded."
    assert "successfully created" in estate.run(f"CREATE OR REPLACE {kind} {name} {options}")[0][0]
    assert estate.refused(f"CREATE OR REPLACE {kind} IF NOT EXISTS {name} {options}")[0] == 1003
    assert estate.refused(f"ALTER {kind} {name} FLY")[0] == 1003
    estate.run(f"ALTER {kind} {name} SET COMMENT = 'it''s'", f"ALTER {kind} {name} UNSET COMMENT")
    assert estate.run(f"DROP {kind} {name}") == [(f"{short} successfully dropped.",)]
    assert estate.refused(f"DROP {kind} {name}")[0] == 2003
    assert estate.refused(f"ALTER {kind} {name} SET COMMENT = 'x'")[0] == 2003
    assert "already dropped" in estate.run(f"DROP {kind} IF EXISTS {name}")[0][0]
    assert estate.run(f"ALTER {kind} IF EXISTS {name} SET COMMENT = 'x'") == [("Statement executed successfully.",)]


@pytest.mark.parametrize(
    ("statement", "errno"),
    [
        ("CREATE ROLE X FLAVOUR = 'sweet'", 1420),
        ("CREATE USER X FLAVOUR = 'sweet'", 1420),
        ("CREATE WAREHOUSE X FLAVOUR = 'sweet'", 1420),
        ("CREATE WAREHOUSE X WAREHOUSE_SIZE = HUGE", 1008),
        ("CREATE WAREHOUSE X MIN_CLUSTER_COUNT = 3", 1008),
        ("CREATE WAREHOUSE X AUTO_SUSPEND = -1", 1008),
        ("CREATE WAREHOUSE X COMMENT = 'a' COMMENT = 'b'", 1003),
        ("CREATE USER X TYPE = ROBOT", 1008),
        ("CREATE USER X TYPE = SERVICE PASSWORD = 'x'", 1420),
        ("CREATE USER X RSA_PUBLIC_KEY = 'nonsense'", 1422),
        ("CREATE USER X NETWORK_POLICY = NOWHERE", 2003),
        ("CREATE USER X MUST_CHANGE_PASSWORD = TRUE", 2),
        ('CREATE ROLE "A.B"', 2),
        ("CREATE NETWORK POLICY X ALLOWED_IP_LIST = ('not an address')", 1008),
        ("CREATE NETWORK POLICY X ALLOWED_NETWORK_RULE_LIST = ('A.B.C')", 2003),
        ("ALTER ACCOUNT SET FLAVOUR = 'sweet'", 1420),
        ("ALTER ACCOUNT RENAME TO X", 2),
        ("CREATE ROLE", 1003),
        ("CREATE ROLE X Y", 1003),
        ("DROP USER", 1003),
        ("ALTER ACCOUNT", 1003),
        ("ALTER ACCOUNT SET", 1003),
        ("ALTER USER SANDBOX_ADMIN SET", 1003),
        ("ALTER WAREHOUSE ADMIN_WH SET", 1003),
        ("ALTER NETWORK POLICY LOOPBACK_ONLY SET", 1003),
    ],
)
def test_what_is_refused(org, statement, errno):
    assert org.refused(statement)[0] == errno


def test_a_user_keeps_what_it_was_given(org):
    org.run(
        "CREATE USER U PASSWORD = 's3cret' LOGIN_NAME = 'u@x' DEFAULT_ROLE = SYSADMIN DEFAULT_WAREHOUSE = 'ADMIN_WH' "
        "DEFAULT_NAMESPACE = D.S EMAIL = 'u@x.y' DISABLED = FALSE TYPE = PERSON COMMENT = 'c'"
    )
    found = user(org)
    assert (found.default_role, found.default_warehouse, found.default_namespace) == ("SYSADMIN", "ADMIN_WH", "D.S")
    assert "s3cret" not in repr(found)
    org.run("ALTER USER U SET DISABLED = TRUE", "ALTER USER U UNSET EMAIL, DEFAULT_ROLE", "ALTER USER U RENAME TO V")
    assert (user(org, "V").disabled, user(org, "V").email, user(org, "V").default_role) == (True, None, None)


def test_a_password_never_stays_in_the_history(org):
    org.run("CREATE USER U PASSWORD = 's3cret'")
    assert not any("s3cret" in entry.text for entry in org.engine.history.entries("IMCUST"))


def test_a_public_key_is_kept_by_its_body(org):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    body = base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    org.run(f"CREATE USER U RSA_PUBLIC_KEY = '{pem}' RSA_PUBLIC_KEY_2 = '{body}'")
    assert user(org).rsa_public_key == user(org).rsa_public_key_2 == body
    assert keypair.fingerprint(body).startswith("SHA256:")


def test_a_user_may_change_its_own_defaults_and_no_more(org):
    org.run("CREATE USER U")
    org.run("ALTER USER SET DEFAULT_WAREHOUSE = ADMIN_WH", "ALTER USER U SET DEFAULT_ROLE = X", role="PUBLIC", user="U")
    assert org.refused("ALTER USER U SET DISABLED = FALSE", role="PUBLIC", user="U")[0] == 3001
    assert org.refused("ALTER USER SANDBOX_ADMIN SET COMMENT = 'x'", role="PUBLIC", user="U")[0] == 2003


# --- programmatic access tokens


def add_token(org, options="", name="T", owner=SERVICE, **who):
    sql = f"ALTER USER {owner} ADD PROGRAMMATIC ACCESS TOKEN {name} {options}"
    return org.table(sql, **who)[0]


def enter(org, secret, **changes):
    request = LoginRequest(
        account="IMCUST", user=SERVICE, authenticator="PROGRAMMATIC_ACCESS_TOKEN", token=secret, **changes
    )
    return authenticate(org.catalog, History(), request)


def test_a_secret_appears_once_and_opens_the_door(org):
    row = add_token(org, "ROLE_RESTRICTION = 'ACCOUNTADMIN' DAYS_TO_EXPIRY = 30 COMMENT = 'c'")
    assert set(row) == {"token_name", "token_secret"}
    assert enter(org, row["token_secret"]).token == "T"
    everything = repr(org.catalog.records) + repr(org.catalog.links) + repr(org.engine.history.entries("IMCUST"))
    assert row["token_secret"] not in everything
    shown = org.table(f"SHOW USER PROGRAMMATIC ACCESS TOKENS FOR USER {SERVICE}")
    assert row["token_secret"] not in repr(shown)
    kept = next(t for t in user(org, SERVICE).tokens if t.name == "T")
    assert round((kept.expires_at - kept.created_at).total_seconds() / 86400) == 30


def test_a_token_lasts_fifteen_days_unless_told(org):
    add_token(org, "ROLE_RESTRICTION = 'ACCOUNTADMIN'")
    kept = next(t for t in user(org, SERVICE).tokens if t.name == "T")
    assert (kept.expires_at - kept.created_at).days == tokens.DEFAULT_DAYS


@pytest.mark.parametrize("days", [0, 366, -1])
def test_a_token_lasts_at_most_a_year(org, days):
    sql = f"ALTER USER {SERVICE} ADD PAT T ROLE_RESTRICTION = 'ACCOUNTADMIN' DAYS_TO_EXPIRY = {days}"
    assert org.refused(sql)[0] == 1008


def test_a_service_user_needs_a_role_restriction_and_a_network_policy(org):
    assert org.refused(f"ALTER USER {SERVICE} ADD PAT T")[0] == 394403
    org.run(f"ALTER USER {SERVICE} UNSET NETWORK_POLICY")
    sql = f"ALTER USER {SERVICE} ADD PAT T ROLE_RESTRICTION = 'ACCOUNTADMIN'"
    assert org.refused(sql)[0] == 394404
    org.run("ALTER ACCOUNT SET NETWORK_POLICY = LOOPBACK_ONLY", sql)


def test_a_token_is_restricted_to_a_role_that_is_granted(org):
    assert org.refused(f"ALTER USER {SERVICE} ADD PAT T ROLE_RESTRICTION = 'ORGADMIN'")[0] == 394405
    assert org.refused(f"ALTER USER {SERVICE} ADD PAT T ROLE_RESTRICTION = 'NOWHERE'")[0] == 2003
    add_token(org, "ROLE_RESTRICTION = 'SYSADMIN'")


def test_fifteen_tokens_are_enough(org):
    for number in range(14):
        add_token(org, "ROLE_RESTRICTION = 'ACCOUNTADMIN'", name=f"T{number}")
    sql = f"ALTER USER {SERVICE} ADD PAT ONE_MORE ROLE_RESTRICTION = 'ACCOUNTADMIN'"
    assert org.refused(sql)[0] == 394402


def test_two_tokens_have_two_names(org):
    assert org.refused(f"ALTER USER {SERVICE} ADD PAT SANDBOX ROLE_RESTRICTION = 'ACCOUNTADMIN'")[0] == 2002


@pytest.mark.parametrize(
    "verb", ["ADD PAT T ROLE_RESTRICTION = 'ACCOUNTADMIN'", "ROTATE PAT SANDBOX", "REMOVE PAT SANDBOX"]
)
def test_a_token_cannot_care_for_the_tokens_of_its_user(org, verb):
    org.session(user=SERVICE).token = "SANDBOX"
    assert org.refused(f"ALTER USER {SERVICE} {verb}", user=SERVICE)[0] == 394401


def test_rotating_gives_a_new_secret_and_the_old_one_time(org, pat):
    row = org.table(f"ALTER USER {SERVICE} ROTATE PAT SANDBOX EXPIRE_ROTATED_TOKEN_AFTER_HOURS = 2")[0]
    assert set(row) == {"token_name", "token_secret", "rotated_token_name"}
    assert enter(org, pat).token == row["rotated_token_name"]
    assert enter(org, row["token_secret"]).token == "SANDBOX"


def test_rotating_at_once_ends_the_old_secret(org, pat):
    org.run(f"ALTER USER {SERVICE} ROTATE PAT SANDBOX EXPIRE_ROTATED_TOKEN_AFTER_HOURS = 0")
    with pytest.raises(Exception, match="expired"):
        enter(org, pat)


def test_a_removed_or_disabled_token_opens_nothing(org, pat):
    org.run(f"ALTER USER {SERVICE} MODIFY PAT SANDBOX SET DISABLED = TRUE")
    with pytest.raises(Exception, match="disabled"):
        enter(org, pat)
    org.run(f"ALTER USER {SERVICE} MODIFY PAT SANDBOX SET DISABLED = FALSE")
    assert enter(org, pat).user == SERVICE
    org.run(f"ALTER USER {SERVICE} MODIFY PAT SANDBOX RENAME TO S2", f"ALTER USER {SERVICE} REMOVE PAT S2")
    with pytest.raises(Exception, match="invalid"):
        enter(org, pat)


def test_disabling_a_user_disables_its_tokens_for_good(org, pat):
    org.run(f"ALTER USER {SERVICE} SET DISABLED = TRUE", f"ALTER USER {SERVICE} SET DISABLED = FALSE")
    with pytest.raises(Exception, match="disabled"):
        enter(org, pat)


def test_who_may_care_for_anothers_tokens(org):
    org.run("CREATE ROLE R1")
    assert org.refused(f"ALTER USER {SERVICE} REMOVE PAT SANDBOX", role="R1")[0] == 2003
    org.run(f"GRANT MODIFY PROGRAMMATIC AUTHENTICATION METHODS ON USER {SERVICE} TO ROLE R1")
    org.run(f"ALTER USER {SERVICE} REMOVE PAT SANDBOX", role="R1")


# --- warehouses


def test_a_warehouse_has_a_size_and_a_state(org):
    org.run("CREATE WAREHOUSE W WITH WAREHOUSE_SIZE = 'X-LARGE' AUTO_SUSPEND = 60 INITIALLY_SUSPENDED = TRUE")
    found = org.catalog.find(Warehouse, "IMCUST", "W")
    assert (found.size, found.auto_suspend, found.state) == ("X-Large", 60, "SUSPENDED")
    assert org.session().warehouse == "W"
    org.run("ALTER WAREHOUSE W RESUME", "ALTER WAREHOUSE W RESUME IF SUSPENDED")
    assert org.refused("ALTER WAREHOUSE W RESUME")[0] == 90064
    org.run("ALTER WAREHOUSE SUSPEND", "ALTER WAREHOUSE W SET WAREHOUSE_SIZE = SMALL, AUTO_RESUME = FALSE")
    assert (found.size, found.auto_resume, found.state) == ("Small", False, "SUSPENDED")
    org.run("ALTER WAREHOUSE W UNSET AUTO_SUSPEND", "ALTER WAREHOUSE W RENAME TO W2")
    assert (found.auto_suspend, found.name) == (600, "W2")


# --- network policies and the account


def test_nobody_shuts_itself_out(org):
    org.run("CREATE NETWORK POLICY OUTSIDE ALLOWED_IP_LIST = ('8.8.8.0/24')")
    errno, message = org.refused("ALTER ACCOUNT SET NETWORK_POLICY = OUTSIDE")
    assert errno == 1421
    assert "current IP address/token 127.0.0.1 is not allowed in it" in message
    assert org.refused("ALTER USER SANDBOX_ADMIN SET NETWORK_POLICY = OUTSIDE")[0] == 1421
    assert org.refused("ALTER NETWORK POLICY LOOPBACK_ONLY SET ALLOWED_IP_LIST = ('8.8.8.8')")[0] == 1421
    assert org.refused("ALTER NETWORK POLICY LOOPBACK_ONLY SET BLOCKED_IP_LIST = ('127.0.0.1')")[0] == 1421
    policy = org.catalog.find(NetworkPolicy, "IMCUST", "LOOPBACK_ONLY")
    assert (policy.allowed, policy.blocked) == (["127.0.0.0/8", "::1/128"], [])


def test_but_may_shut_out_others(org, pat):
    org.run("CREATE NETWORK POLICY OUTSIDE ALLOWED_IP_LIST = ('8.8.8.0/24')")
    org.run(f"ALTER USER {SERVICE} SET NETWORK_POLICY = OUTSIDE")
    with pytest.raises(Exception, match="not allowed to access Snowflake"):
        enter(org, pat)
    assert enter(org, pat, address="8.8.8.8").user == SERVICE


def test_a_policy_that_is_attached_stays(org):
    assert org.refused("DROP NETWORK POLICY LOOPBACK_ONLY")[0] == 1492
    assert org.refused("CREATE OR REPLACE NETWORK POLICY LOOPBACK_ONLY ALLOWED_IP_LIST = ('127.0.0.1')")[0] == 1492
    org.run("ALTER NETWORK POLICY LOOPBACK_ONLY RENAME TO HOME")
    assert user(org, SERVICE).network_policy == "HOME"


def test_an_accounts_parameters_become_its_sessions(org):
    org.run("ALTER ACCOUNT SET TIMEZONE = 'Europe/Zurich', STATEMENT_TIMEOUT_IN_SECONDS = 77")
    session = org.engine.login("IMCUST", "SANDBOX_ADMIN", "ACCOUNTADMIN")
    assert session.parameters["TIMEZONE"] == "Europe/Zurich"
    assert session.parameters["STATEMENT_TIMEOUT_IN_SECONDS"] == "77"
    org.run("ALTER ACCOUNT UNSET TIMEZONE")
    assert "TIMEZONE" not in org.catalog.account("IMCUST").parameters


def test_a_role_of_one_account_is_nothing_in_another(org):
    org.run("CREATE ROLE ONLY_HERE")
    assert org.catalog.find(Role, "IMSDLC", "ONLY_HERE") is None
    assert org.refused("GRANT ROLE ONLY_HERE TO ROLE SYSADMIN", account="IMSDLC")[0] == 2003


def test_ddl_about_roles_commits_the_open_transaction(org):
    org.run("BEGIN", "CREATE ROLE X")
    assert org.session().transaction is None
