"""What a user is called, and the roles that its sessions begin with."""

import pytest


def facts(org, name):
    """What SHOW, DESCRIBE and ACCOUNT_USAGE say of a user's names and secondary roles."""
    [shown] = [row for row in org.table("SHOW USERS") if row["name"] == name]
    described = {row["property"]: row["value"] for row in org.table(f"DESCRIBE USER {name}")}
    [used] = org.table(f"SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.USERS WHERE NAME = '{name}'")
    told = ("DISPLAY_NAME", "FIRST_NAME", "LAST_NAME")
    assert [shown[each.lower()] or None for each in told] == [used[each] for each in told]
    assert [described[each] for each in told] == [used[each] or "null" for each in told]
    assert shown["default_secondary_roles"] == described["DEFAULT_SECONDARY_ROLES"] == used["DEFAULT_SECONDARY_ROLE"]
    return [used[each] for each in told], shown["default_secondary_roles"], described["MIDDLE_NAME"]


def test_names_and_secondary_roles_are_kept_and_shown(org):
    org.run("CREATE USER A DISPLAY_NAME = 'Anna K.' FIRST_NAME = 'Anna' MIDDLE_NAME = 'B' LAST_NAME = 'Klein'")
    assert facts(org, "A") == (["Anna K.", "Anna", "Klein"], '["ALL"]', "B")
    org.run("ALTER USER A SET LAST_NAME = 'Groß' DEFAULT_SECONDARY_ROLES = ('all')", "ALTER USER A UNSET DISPLAY_NAME")
    assert facts(org, "A") == (["A", "Anna", "Groß"], '["ALL"]', "B")
    org.run("ALTER USER A SET DEFAULT_SECONDARY_ROLES = ()")
    assert facts(org, "A")[1] == "[]"


@pytest.mark.parametrize(
    ("given", "errno"),
    [
        ("DAYS_TO_EXPIRY = 3", 2),
        ("MINS_TO_UNLOCK = 3", 2),
        ("MINS_TO_BYPASS_MFA = 3", 2),
        ("MUST_CHANGE_PASSWORD = TRUE", 2),
        ("WORKLOAD_IDENTITY = (TYPE = AWS)", 2),
        ("DEFAULT_SECONDARY_ROLES = ('R1')", 1008),
        ("TYPE = SERVICE FIRST_NAME = 'x'", 1420),
        ("NICK_NAME = 'x'", 1420),
    ],
)
def test_what_is_not_there_is_refused_by_name(org, given, errno):
    assert org.refused(f"CREATE USER A {given}")[0] == errno
