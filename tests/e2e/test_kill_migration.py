"""The shipped migration, killed (`kill -9`) at each of its statements and run again: nothing lost, nothing twice.

Each statement is met when it has arrived and is not executed, and when it is executed and not answered.
"""

import re

import pytest

from runner.commands.validate import INSPECTION
from runner.commands.workspace import Door, Workspace
from tests.e2e.estate import ROOT, shipped
from tests.e2e.project import met

HASHES = "SELECT HASH_AGG(*) FROM {}.MART_INVESTMENTS_BOLT.{}"
TABLES = ("DIM_STOCKS", "DIM_PORTFOLIOS", "FACT_TRANSACTIONS", "FACT_DAILY_POSITIONS")


def patterns(environment, name):
    """A regular expression for each statement of a script, whatever instant it is frozen at."""
    workspace = Workspace.open(Door(ROOT, {}, {"IMCUST_PAT": "no-token", "IMSDLC_PAT": "no-token"}))
    script, where = workspace.script(name), workspace.settings.environment(environment)
    texts = [statement.text for statement in workspace.render(script, where, INSPECTION).statements]
    instant = re.escape(INSPECTION.snapshot)
    return [f"^{re.escape(text)}$".replace(instant, "[^']*") for text in texts]


def killed_at(estate, accidents, environment, pattern, when):
    accidents.fault("delay", match=pattern, when=when, seconds=600)
    with estate.started("migrate", "--env", environment) as process:
        met(accidents, process)
        process.kill()
        process.wait()


def whole(estate):
    """Both accounts are as one undisturbed run leaves them."""
    for table in TABLES:
        source = estate.ask("imcust", HASHES.format("PROD_DB", table))
        assert estate.ask("imsdlc", HASHES.format("DEV_DB", table)) == source, table
    for environment, control in (("imcust", "DEPLOY_DB"), ("imsdlc", "DEV_DB")):
        tables = f"{control}.MIGRATION_CONTROL.MIGRATION"
        ended = f"SELECT SCRIPT, COUNT(*) FROM {tables}_HISTORY WHERE EVENT = 'SUCCESS' GROUP BY 1"
        assert {count for _, count in estate.ask(environment, ended)} == {1}
        steps = f"SELECT COUNT(*), COUNT(DISTINCT SCRIPT || ORDINAL) FROM {tables}_STATEMENT WHERE STATE = 'SUCCESS'"
        ((all_of_them, different),) = estate.ask(environment, steps)
        assert all_of_them == different
    estate.runner("info", "--all", "--check")
    estate.runner("validate", "--all")
    assert estate.runner("migrate", "--all").out == "imcust: nothing to do.\nimsdlc: nothing to do.\n"


SCRIPTS = [
    ("imcust", "V001__share_setup.sql", []),
    ("imsdlc", "V001__share_setup.sql", [("migrate", "--env", "imcust")]),
    ("imsdlc", "V002__ddl.sql", [("migrate", "--env", "imcust"), ("migrate", "--env", "imsdlc", "--target", "1")]),
    ("imsdlc", "V003__data.sql", [("migrate", "--env", "imcust"), ("migrate", "--env", "imsdlc", "--target", "2")]),
]


@pytest.mark.drill
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("environment", "name", "first"), SCRIPTS, ids=[f"{e}-{n[:4]}" for e, n, _ in SCRIPTS])
def test_killed_at_every_statement_of_a_script(estate, accidents, environment, name, first, when):
    (estate.root / "versions/R__grants.sql").unlink()
    for words in first:
        estate.runner(*words)
    shipped(estate)
    for pattern in patterns(environment, name):
        killed_at(estate, accidents, environment, pattern, when)
    estate.runner("migrate", "--all")
    whole(estate)


AT = [
    pytest.param("imsdlc", "V003__data.sql", "after", -2, id="imsdlc-V003"),
    pytest.param("imcust", "V001__share_setup.sql", "after", -6, id="imcust-V001", marks=pytest.mark.drill),
]


@pytest.mark.parametrize(("environment", "name", "when", "at"), AT)
def test_killed_at_one_of_them(estate, accidents, environment, name, when, at):
    if environment == "imsdlc":
        estate.runner("migrate", "--env", "imcust")
    killed_at(estate, accidents, environment, patterns(environment, name)[at], when)
    estate.runner("migrate", "--all")
    whole(estate)
