"""ACCOUNT_USAGE of tokens, of password and session policies, and of waits for locks."""

import json
from datetime import timedelta

import pytest

from runner.sandbox.authenticate import LoginRequest, authenticate
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.history import History
from runner.sandbox.waits import Wait

USAGE = "SNOWFLAKE.ACCOUNT_USAGE"


def credentials(org):
    return {row["NAME"]: row for row in org.table(f"SELECT * FROM {USAGE}.CREDENTIALS")}


def test_a_token_is_listed_with_its_rules_and_never_its_secret(org):
    org.run("CREATE ROLE R1", "CREATE USER ANNA", "GRANT ROLE R1 TO USER ANNA")
    [(_, secret)] = org.run(
        "ALTER USER ANNA ADD PAT deploy ROLE_RESTRICTION = 'R1' DAYS_TO_EXPIRY = 7 COMMENT = 'for the pipeline' "
        "MINS_TO_BYPASS_NETWORK_POLICY_REQUIREMENT = 60"
    )
    found = credentials(org)["DEPLOY"]
    assert (found["USER_NAME"], found["TYPE"], found["DOMAIN"]) == ("ANNA", "PAT", "PROGRAMMATIC_ACCESS_TOKEN")
    assert (found["STATUS"], found["COMMENT"], found["CREATED_BY"]) == ("ACTIVE", "for the pipeline", "SANDBOX_ADMIN")
    assert json.loads(found["ADDITIONAL_DETAILS"]) == {
        "MINS_TO_BYPASS_NETWORK_POLICY_REQUIREMENT": 60,
        "ROLE_RESTRICTION": ["R1"],
    }
    assert found["EXPIRATION_DATE"] - found["CREATED_ON"] == timedelta(days=7)
    assert found["LAST_USED_ON"] is None
    assert secret not in repr(found)
    assert len({row["CREDENTIAL_ID"] for row in credentials(org).values()}) == len(credentials(org))


def test_what_becomes_of_a_token_shows(org):
    org.run("CREATE USER ANNA", "ALTER USER ANNA ADD PAT P", "ALTER USER ANNA ROTATE PAT P")
    fresh = credentials(org)["P"]
    (old,) = [row for name, row in credentials(org).items() if name.startswith("P_ROTATED_")]
    assert json.loads(old["ADDITIONAL_DETAILS"]) == {"ROTATED_TO": "P"}
    assert old["LAST_ALTERED"] > old["CREATED_ON"]
    assert fresh["CREDENTIAL_ID"] != old["CREDENTIAL_ID"]
    org.run("ALTER USER ANNA MODIFY PAT P SET DISABLED = TRUE")
    assert credentials(org)["P"]["STATUS"] == "DISABLED"
    org.run("ALTER USER ANNA REMOVE PAT P")
    assert "P" not in credentials(org)
    org.run("ALTER USER ANNA SET DISABLED = TRUE")
    assert {row["STATUS"] for row in credentials(org).values() if row["USER_NAME"] == "ANNA"} == {"DISABLED"}


def test_a_login_with_a_token_is_its_last_use(org, pat):
    request = LoginRequest(
        account="LOCALORG-IMCUST", user="SVC4SNOWFLAKEDEPLOY", authenticator="PROGRAMMATIC_ACCESS_TOKEN", token=pat
    )
    authenticate(org.catalog, org.engine.history, request)
    rows = org.table(f"SELECT * FROM {USAGE}.CREDENTIALS WHERE USER_NAME = 'SVC4SNOWFLAKEDEPLOY'")
    assert [row["LAST_USED_ON"] is not None for row in rows] == [True]


def test_password_and_session_policies_with_what_holds_of_them(org):
    org.run(
        "CREATE DATABASE D", "CREATE SCHEMA D.S",
        "CREATE PASSWORD POLICY D.S.P PASSWORD_MIN_LENGTH = 20 COMMENT = 'c'",
        "CREATE SESSION POLICY D.S.SP SESSION_IDLE_TIMEOUT_MINS = 30",
    )  # fmt: skip
    [found] = org.table(f"SELECT * FROM {USAGE}.PASSWORD_POLICIES")
    assert (found["NAME"], found["SCHEMA"], found["DATABASE"], found["OWNER_ROLE_TYPE"]) == ("P", "S", "D", "ROLE")
    assert (found["PASSWORD_MIN_LENGTH"], found["PASSWORD_MAX_AGE_DAYS"], found["COMMENT"]) == (20, 90, "c")
    [session] = org.table(f"SELECT * FROM {USAGE}.SESSION_POLICIES")
    assert (session["SESSION_IDLE_TIMEOUT_MINS"], session["SESSION_UI_IDLE_TIMEOUT_MINS"]) == (30, 1080)


def test_network_policies_and_rules(org):
    org.run(
        "CREATE DATABASE D", "CREATE SCHEMA D.S",
        "CREATE NETWORK RULE D.S.R TYPE = IPV4 MODE = INGRESS VALUE_LIST = ('10.0.0.0/8', '192.0.2.1') COMMENT = 'c'",
        "CREATE NETWORK POLICY NP ALLOWED_NETWORK_RULE_LIST = ('D.S.R') BLOCKED_IP_LIST = ('198.51.100.7')",
    )  # fmt: skip
    [rule] = org.table(f"SELECT * FROM {USAGE}.NETWORK_RULES")
    assert (rule["NAME"], rule["DATABASE_NAME"], rule["TYPE"], rule["COMMENT"]) == ("R", "D", "IPV4", "c")
    assert rule["VALUE_LIST"] == "10.0.0.0/8,192.0.2.1"
    [policy] = org.table(f"SELECT * FROM {USAGE}.NETWORK_POLICIES WHERE NAME = 'NP'")
    assert (policy["ALLOWED_IP_LIST"], policy["BLOCKED_IP_LIST"], policy["DELETED"]) == ("", "198.51.100.7", None)


def test_shares_of_the_account(org):
    org.run("CREATE DATABASE D", "CREATE SHARE SH COMMENT = 'c'", "CREATE SHARE NONE")
    org.run("GRANT USAGE ON DATABASE D TO SHARE SH", "ALTER SHARE SH ADD ACCOUNTS = LOCALORG.IMSDLC")
    told = f"SELECT NAME, DATABASE_NAME, TARGET_ACCOUNTS, SECURE_OBJECTS_ONLY, COMMENT FROM {USAGE}.SHARES ORDER BY 1"
    assert org.run(told) == [("NONE", "", "", True, None), ("SH", "D", "LOCALORG.IMSDLC", True, "c")]
    assert org.run(told, account="IMSDLC") == []


@pytest.mark.parametrize("view", ["CREDENTIALS", "PASSWORD_POLICIES", "SESSION_POLICIES", "LOCK_WAIT_HISTORY"])
def test_only_an_administrator_reads_them(org, view):
    assert org.refused(f"SELECT * FROM {USAGE}.{view}", role="SYSADMIN")[0] == 2003


def test_waits_outlive_the_process_that_saw_them(tmp_path):
    wait = Wait(
        account="IMCUST", object_id=1, schema_id=2, database_id=3, lock_type="PARTITION", name=("D", "S", "T"),
        query_id="a", transaction_id=4, requested_at=utc_now(), acquired_at=None, blockers=(("b", 5),),
    )  # fmt: skip
    history = History(tmp_path)
    history.waited(wait)
    history.close()
    again = History(tmp_path)
    found = again.waits("IMCUST"), again.waits("IMSDLC")
    again.close()
    assert found == ([wait], [])
