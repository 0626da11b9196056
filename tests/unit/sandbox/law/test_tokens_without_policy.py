"""Tokens and the network policy that they need (user-guide/programmatic-access-tokens)."""

from datetime import timedelta

import pytest

from runner.sandbox.authenticate import LoginRequest, authenticate
from runner.sandbox.catalog.model import User
from runner.sandbox.errors import SnowflakeError

ADD = "ALTER USER U ADD PROGRAMMATIC ACCESS TOKEN T MINS_TO_BYPASS_NETWORK_POLICY_REQUIREMENT = 10"


@pytest.fixture
def secret(org):
    org.run("CREATE USER U")
    return org.table(ADD)[0]["token_secret"]


def enter(org, secret):
    """The refusal's number, None for who comes in."""
    request = LoginRequest(account="IMCUST", user="U", authenticator="PROGRAMMATIC_ACCESS_TOKEN", token=secret)
    try:
        authenticate(org.catalog, org.engine.history, request)
    except SnowflakeError as refusal:
        return refusal.errno
    return None


def shown(org):
    return {row["name"]: row for row in org.table("SHOW USER PATS FOR USER U")}


def test_the_requirement_is_passed_by_for_a_while(org, secret):
    assert enter(org, secret) is None
    assert shown(org)["T"]["mins_to_bypass_network_policy_requirement"] == 10
    user = org.catalog.find(User, "IMCUST", "U")
    with org.catalog.work() as work:
        token = user.tokens[0]
        past = type(token)(**(token.__dict__ | {"bypass_until": token.created_at - timedelta(minutes=1)}))
        work.edit(user, tokens=[past])
    assert enter(org, secret) == 394404
    assert shown(org)["T"]["mins_to_bypass_network_policy_requirement"] is None
    org.run("ALTER USER U MODIFY PAT T SET MINS_TO_BYPASS_NETWORK_POLICY_REQUIREMENT = 5")
    assert enter(org, secret) is None


def test_a_policy_that_is_there_holds_all_the_same(org, secret):
    org.run("CREATE NETWORK POLICY FAR ALLOWED_IP_LIST = ('10.0.0.1')", "ALTER USER U SET NETWORK_POLICY = FAR")
    assert enter(org, secret) == 390422


@pytest.mark.parametrize("minutes", ["0", "1441", "-1"])
def test_a_day_at_most(org, minutes):
    org.run("CREATE USER U")
    assert org.refused(ADD.replace("10", minutes))[0] in (1008, 1003)


def test_a_rotated_token_says_what_took_its_place(org, secret):
    row = org.table("ALTER USER U ROTATE PAT T")[0]
    assert shown(org)[row["rotated_token_name"]]["rotated_to"] == "T"
    assert shown(org)["T"]["rotated_to"] is None
