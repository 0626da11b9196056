"""Each kind of statement is tried by the least role that may, and by roles that each lack one thing of it."""

from itertools import count

import pytest

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.statements import STATEMENTS
from tests.unit.sandbox.law.battery import ELSEWHERE, ROWS
from tests.unit.sandbox.law.conftest import Organisation

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    organisation = Organisation(tmp_path_factory.mktemp("town"))
    for account in organisation.catalog.accounts():
        account.parameters["ENABLE_ACCOUNT_DATABASE_REPLICATION"] = "true"
    yield organisation
    organisation.engine.close()


class Try:
    """One row in a database of its own."""

    def __init__(self, town, row):
        self.town = town
        self.row = row
        self.database = f"B{next(_NUMBERS)}"
        self.run(f"CREATE DATABASE {self.database}", "CREATE SCHEMA {d}.S", *row.setup)

    def run(self, *texts):
        for text in texts:
            self.town.run(text.format(d=self.database))

    def role_with(self, grants):
        role = f"{self.database}_{next(_NUMBERS)}"
        self.run(f"CREATE ROLE {role}", f"GRANT ROLE {role} TO ROLE ACCOUNTADMIN")
        for each in filter(str.strip, (*self.row.seen_by, *grants)):
            keep = " COPY CURRENT GRANTS" if each.startswith("OWNERSHIP") else ""
            self.run(f"GRANT {each} TO ROLE {role}{keep}")
        if self.row.key == ("UNDROP",):
            self.run("DROP TABLE IF EXISTS {d}.S.T")
        return role

    def attempt(self, role):
        session = self.town.engine.login("IMCUST", "SANDBOX_ADMIN", role)
        return self.town.engine.execute(session, self.row.text.format(d=self.database, r=role))

    def refusal(self, role):
        with pytest.raises(SnowflakeError) as caught:
            self.attempt(role)
        if self.row.key == ("UNDROP",):
            self.run("UNDROP TABLE {d}.S.T")
        return caught.value


def _name(row):
    return row.text[:60]


@pytest.mark.parametrize("row", ROWS, ids=_name)
def test_the_least_role_may_and_no_lesser_one(town, row):
    tried = Try(town, row)
    for missing in row.needs:
        refusal = tried.refusal(tried.role_with([need for need in row.needs if need != missing]))
        reach = missing.startswith("USAGE ON DATABASE") or missing.startswith("USAGE ON SCHEMA")
        expected = row.hidden if (reach and missing not in row.seen_by) or not row.seen_by else 3001
        assert refusal.errno in {expected, 2003 if expected != 3001 else 3001}, (missing, refusal.message)
        _worded(refusal)
    tried.attempt(tried.role_with(row.needs))
    if row.key == ("ALTER", "ACCOUNT"):
        town.run("ALTER ACCOUNT UNSET NETWORK_POLICY")


def _worded(refusal):
    """As Snowflake words it: what is not seen does not exist, what is seen may not be operated on."""
    if refusal.errno == 3001:
        assert "SQL access control error:\nInsufficient privileges to operate on " in refusal.message
        assert refusal.sqlstate == "42501"
    elif refusal.errno == 2003:
        assert "does not exist or not authorized" in refusal.message


def test_every_kind_of_statement_has_its_row():
    covered = {row.key for row in ROWS} | set(ELSEWHERE)
    assert set(STATEMENTS) - covered == set(), "what the least role for it holds belongs into battery.py"
    assert covered - set(STATEMENTS) == set()


@pytest.mark.parametrize("statement", ["ALTER SHARE {0} SET COMMENT = 'x'", "DROP SHARE {0}"])
def test_a_share_is_its_makers(town, statement):
    share, maker, other = (f"SH{next(_NUMBERS)}" for _ in range(3))
    town.run(f"CREATE ROLE {maker}", f"CREATE ROLE {other}")
    assert town.refused(statement.format(share), role=other)[0] == 2003
    town.run(f"GRANT CREATE SHARE ON ACCOUNT TO ROLE {maker}", f"GRANT CREATE SHARE ON ACCOUNT TO ROLE {other}")
    town.run(f"CREATE SHARE {share}", role=maker)
    assert town.refused(statement.format(share), role=other)[0] == 3001
    town.run(statement.format(share), role=maker)


def test_only_accountadmin_makes_monitors(town):
    """Nothing can be granted for it (sql-reference/sql/create-resource-monitor)."""
    monitor = f"RM{next(_NUMBERS)}"
    for role in ("SYSADMIN", "SECURITYADMIN"):
        assert town.refused(f"CREATE RESOURCE MONITOR {monitor}", role=role)[0] == 3001
    assert town.refused("GRANT CREATE RESOURCE MONITOR ON ACCOUNT TO ROLE SYSADMIN")[0] == 3008
    town.run(f"CREATE RESOURCE MONITOR {monitor}")
