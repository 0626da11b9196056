"""Network rules, and what policies that name them let in (user-guide/network-rules, network-policies)."""

import json

import pytest

from runner.sandbox import authenticate
from runner.sandbox.errors import SnowflakeError


@pytest.fixture
def place(org):
    org.run("CREATE DATABASE D", "CREATE SCHEMA D.S")
    for name, values in (("HOME", "'127.0.0.1', '::1'"), ("OFFICE", "'10.0.0.0/8'"), ("CAFE", "'10.9.0.0/16'")):
        org.run(f"CREATE NETWORK RULE D.S.{name} TYPE = IPV4 MODE = INGRESS VALUE_LIST = ({values})")
    org.run("CREATE NETWORK RULE D.S.LINK TYPE = AWSVPCEID VALUE_LIST = ('vpce-1')")
    org.run("CREATE USER U PASSWORD = 'secret'")
    return org


def policy(place, *lists):
    place.run(f"CREATE NETWORK POLICY P {' '.join(lists)}", "ALTER USER U SET NETWORK_POLICY = P")


def comes_in(place, address):
    request = authenticate.LoginRequest(account="IMCUST", user="U", password="secret", address=address)
    try:
        authenticate.authenticate(place.catalog, place.engine.history, request)
    except SnowflakeError as refusal:
        return refusal.errno != 390422
    return True


OFFICE = "ALLOWED_NETWORK_RULE_LIST = ('D.S.OFFICE')"


@pytest.mark.parametrize(
    ("lists", "inside", "outside"),
    [
        ((OFFICE,), ["10.1.1.1"], ["127.0.0.1", "11.0.0.1"]),
        ((OFFICE, "BLOCKED_NETWORK_RULE_LIST = ('D.S.CAFE')"), ["10.1.1.1"], ["10.9.1.1"]),
        (("BLOCKED_NETWORK_RULE_LIST = ('D.S.CAFE')",), ["127.0.0.1", "10.1.1.1"], ["10.9.1.1"]),
        (("ALLOWED_NETWORK_RULE_LIST = ('D.S.LINK')",), ["10.1.1.1"], []),
        (("ALLOWED_NETWORK_RULE_LIST = ('D.S.LINK')", "BLOCKED_IP_LIST = ('0.0.0.0/0')"), [], ["10.1.1.1"]),
        ((OFFICE, "ALLOWED_IP_LIST = ('1.2.3.4')"), ["10.1.1.1", "1.2.3.4"], ["1.2.3.5"]),
        ((), [], ["10.1.1.1", "127.0.0.1"]),
    ],
)
def test_who_comes_in(place, lists, inside, outside):
    policy(place, *lists)
    assert [a for a in inside if not comes_in(place, a)] == []
    assert [a for a in outside if comes_in(place, a)] == []


def test_a_rule_that_is_changed_counts_at_once_and_afterwards_too(place):
    policy(place, OFFICE)
    assert authenticate.check_admitted(place.catalog, "IMCUST", "U", "10.1.1.1")
    place.run("ALTER NETWORK RULE D.S.OFFICE SET VALUE_LIST = ('10.2.0.0/16') COMMENT = 'x'")
    with pytest.raises(SnowflakeError):
        authenticate.check_admitted(place.catalog, "IMCUST", "U", "10.1.1.1")
    place.run("CREATE OR ALTER NETWORK RULE D.S.OFFICE TYPE = IPV4 MODE = INGRESS VALUE_LIST = ('10.1.0.0/16')")
    assert comes_in(place, "10.1.1.1")
    place.run("ALTER NETWORK RULE D.S.OFFICE UNSET VALUE_LIST")
    assert not comes_in(place, "10.1.1.1")


def test_rules_are_added_and_removed(place):
    policy(place, OFFICE)
    place.run("ALTER NETWORK POLICY P ADD ALLOWED_NETWORK_RULE_LIST = 'D.S.HOME'")
    assert comes_in(place, "127.0.0.1")
    assert comes_in(place, "10.1.1.1")
    place.run("ALTER NETWORK POLICY P REMOVE ALLOWED_NETWORK_RULE_LIST = 'D.S.OFFICE'")
    assert not comes_in(place, "10.1.1.1")
    place.run("ALTER NETWORK POLICY P SET ALLOWED_NETWORK_RULE_LIST = ('D.S.CAFE')")
    assert not comes_in(place, "127.0.0.1")


def test_nobody_shuts_itself_out(place):
    """The session calls from 127.0.0.1 until its address is set."""
    place.run("CREATE NETWORK POLICY MINE ALLOWED_NETWORK_RULE_LIST = ('D.S.HOME')")
    place.run("CREATE NETWORK POLICY P ALLOWED_NETWORK_RULE_LIST = ('D.S.OFFICE')")
    for text in ("ALTER ACCOUNT SET NETWORK_POLICY = P", "ALTER USER SANDBOX_ADMIN SET NETWORK_POLICY = P"):
        errno, message = place.refused(text)
        assert (errno, "Changes cannot be applied" in message) == (1421, True)
    place.run("ALTER USER SANDBOX_ADMIN SET NETWORK_POLICY = MINE")
    away = "ALTER NETWORK RULE D.S.HOME SET VALUE_LIST = ('10.0.0.1')"
    for text in (away, "ALTER NETWORK POLICY MINE SET ALLOWED_NETWORK_RULE_LIST = ('D.S.OFFICE')"):
        assert place.refused(text)[0] == 1421
    place.session().address = "10.0.0.1"
    assert place.refused("ALTER NETWORK POLICY MINE SET BLOCKED_NETWORK_RULE_LIST = ('D.S.CAFE')")[0] == 1421
    place.run(away)


def test_the_users_policy_comes_before_the_accounts(place):
    place.run("CREATE NETWORK POLICY MINE ALLOWED_NETWORK_RULE_LIST = ('D.S.HOME')")
    place.run("ALTER ACCOUNT SET NETWORK_POLICY = MINE")
    assert comes_in(place, "127.0.0.1")
    policy(place, OFFICE)
    assert not comes_in(place, "127.0.0.1")
    assert comes_in(place, "10.1.1.1")


@pytest.mark.parametrize(
    ("statement", "errno"),
    [
        ("DROP NETWORK RULE D.S.OFFICE", 1493),
        ("CREATE OR REPLACE NETWORK RULE D.S.OFFICE TYPE = IPV4 VALUE_LIST = ()", 1493),
        ("CREATE NETWORK RULE D.S.HOME TYPE = IPV4 VALUE_LIST = ()", 2002),
        ("CREATE NETWORK RULE D.S.X TYPE = IPV4 VALUE_LIST = ('nowhere')", 1008),
        ("CREATE NETWORK RULE D.S.X TYPE = IPV4 MODE = EGRESS VALUE_LIST = ()", 1008),
        ("CREATE NETWORK RULE D.S.X TYPE = PIGEON VALUE_LIST = ()", 1008),
        ("CREATE NETWORK RULE D.S.X TYPE = IPV4", 1418),
        ("CREATE NETWORK RULE D.S.X VALUE_LIST = ()", 1418),
        ("CREATE OR ALTER NETWORK RULE D.S.OFFICE TYPE = HOST_PORT MODE = EGRESS VALUE_LIST = ()", 2),
        ("CREATE OR ALTER NETWORK POLICY P ALLOWED_IP_LIST = ('127.0.0.1')", 1492),
        ("CREATE NETWORK POLICY Q ALLOWED_NETWORK_RULE_LIST = ('D.S.NOWHERE')", 2003),
        ("CREATE NETWORK POLICY Q ALLOWED_NETWORK_RULE_LIST = ('D.S.OUT')", 1008),
    ],
)
def test_what_is_refused(place, statement, errno):
    policy(place, OFFICE)
    place.run("CREATE NETWORK RULE D.S.OUT TYPE = HOST_PORT MODE = EGRESS VALUE_LIST = ('example.com:443')")
    assert place.refused(statement)[0] == errno


def test_rules_are_shown(place):
    policy(place, OFFICE)
    shown = {row["name"]: row for row in place.table("SHOW NETWORK RULES IN SCHEMA D.S")}
    assert (shown["OFFICE"]["type"], shown["OFFICE"]["mode"], shown["HOME"]["entries_in_valuelist"]) == (
        "IPV4", "INGRESS", 2,
    )  # fmt: skip
    (told,) = place.table("DESCRIBE NETWORK RULE D.S.HOME")
    assert told["value_list"] == "127.0.0.1,::1"
    (list_of_policy,) = place.table("DESC NETWORK POLICY P")
    assert list_of_policy["name"] == "ALLOWED_NETWORK_RULE_LIST"
    assert json.loads(list_of_policy["value"]) == [{"fullyQualifiedRuleName": "D.S.OFFICE"}]
    (listed,) = [row for row in place.table("SHOW NETWORK POLICIES") if row["name"] == "P"]
    assert (listed["entries_in_allowed_network_rules"], listed["entries_in_blocked_network_rules"]) == (1, 0)
    place.run("COMMENT ON NETWORK RULE D.S.HOME IS 'here'", "DROP NETWORK RULE D.S.HOME")


def test_where_a_rule_is_named(org):
    org.run("CREATE DATABASE D", "CREATE NETWORK RULE A TYPE = IPV4 VALUE_LIST = ('127.0.0.1')")
    org.run("CREATE NETWORK RULE B TYPE = IPV4 VALUE_LIST = ('10.0.0.0/8')")
    org.run("CREATE NETWORK POLICY N ALLOWED_NETWORK_RULE_LIST = ('A') BLOCKED_NETWORK_RULE_LIST = ('B')")
    function = "TABLE(INFORMATION_SCHEMA.NETWORK_RULE_REFERENCES({}))"
    asked = f"SELECT NETWORK_RULE_NAME, CONTAINER_NAME, ACTION_TYPE FROM {function}"
    assert org.run(asked.format("NETWORK_RULE_NAME => 'D.PUBLIC.B'")) == [("B", "N", "BLOCK")]
    both = org.run(asked.format("CONTAINER_NAME => 'n', CONTAINER_TYPE => 'network_policy'"))
    assert both == [("A", "N", "ALLOW"), ("B", "N", "BLOCK")]
    for wrong in (
        "",
        "CONTAINER_NAME => 'N'",
        "NETWORK_RULE_NAME => 'X'",
        "CONTAINER_NAME => 'X', CONTAINER_TYPE => 'Y'",
    ):
        assert org.refused(asked.format(wrong))[0] != 603
    org.run("CREATE SCHEMA D.C CLONE D.PUBLIC", "DROP NETWORK RULE D.C.A")
    assert org.refused("DROP NETWORK RULE D.PUBLIC.A")[0] == 1493
