"""Whatever the estate: it travels and is equal, or is refused by name."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from snowflake.connector import ProgrammingError

from runner.commands.planning import records
from runner.sandbox import client, process
from tests.e2e.project import Project
from tests.projects.random_estates import Drawn, estates, quoted

SOURCE, TARGET = "PROD_DB", "DEV_DB"
EXAMPLES = int(os.environ.get("RUNNER_ESTATES", "100"))
MIGRATION = """\
source: imcust
target: imsdlc
select: {{schemas: [{schemas}]}}
names: {{warehouses: {{source_wh: target_wh}}}}
policies: {{masked: strip, literals: {literals}, bodies: {literals}}}
layout: {{ddl: {ddl}, code: {code}}}
"""
CHOICES = st.fixed_dictionaries(
    {
        "literals": st.sampled_from(["report", "rewrite"]),
        "ddl": st.sampled_from(["one", "kind", "object"]),
        "code": st.sampled_from(["versioned", "repeatable"]),
    }
)
QUICK = settings(
    max_examples=2, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)  # fmt: skip
LONG = settings(QUICK, max_examples=EXAMPLES, derandomize=False, print_blob=True, phases=[Phase.generate, Phase.shrink])


class Accounts:
    """Two accounts in which estates come and go."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.cursors = {name: project.connect(name.upper()).cursor() for name in ("imcust", "imsdlc")}
        self.cursors["imcust"].execute("CREATE WAREHOUSE IF NOT EXISTS SOURCE_WH INITIALLY_SUSPENDED = TRUE")
        self.cursors["imsdlc"].execute("CREATE WAREHOUSE IF NOT EXISTS TARGET_WH INITIALLY_SUSPENDED = TRUE")

    def hold(self, drawn: Drawn, choices: dict[str, str]) -> None:
        """The estate in one, nothing in the other, and a project without scripts."""
        source, target = self.cursors["imcust"], self.cursors["imsdlc"]
        for database in ("MIGR_SHARE_DB", SOURCE):
            source.execute("DROP SHARE IF EXISTS MIGR_SHARE")
            source.execute(f"DROP DATABASE IF EXISTS {database}")
        target.execute("DROP DATABASE IF EXISTS IMCUST_MIGR")
        target.execute(f"CREATE OR REPLACE DATABASE {TARGET}")
        source.execute(f"CREATE DATABASE {SOURCE}")
        for statement in drawn.statements:
            source.execute(statement)
        for folder in ("versions", "templates", "plans", "config"):
            shutil.rmtree(self.project.root / folder, ignore_errors=True)
            (self.project.root / folder).mkdir(parents=True)
        self.configure(drawn, choices)

    def configure(self, drawn: Drawn, choices: dict[str, str]) -> None:
        used = sorted({thing.schema for thing in drawn.things})
        schemas = ", ".join("'" + quoted(schema).replace("'", "''") + "'" for schema in used)
        shared = "vars: {share: migr_share, share_database: migr_share_db, imported_database: imcust_migr}\n"
        self.project.configure("imcust", f"{shared}control_schema: deploy_db.migration_control\n")
        self.project.configure("imsdlc", f"{shared}source: imcust\ndepends_on: [imcust]\n")
        for name in ("imcust", "imsdlc"):
            path: Path = self.project.root / f"config/{name}.yaml"
            path.write_text(path.read_text().replace("schemas: [public]", f"schemas: [{schemas}]"))
        self.project.write({"config/migration.yaml": MIGRATION.format(schemas=schemas, **choices)})

    def answers(self, account: str, database: str, queries: list[str]) -> list[object]:
        return [said(self.cursors[account], query.replace("{database}", quoted(database))) for query in queries]


def said(cursor, query: str) -> object:
    try:
        return sorted(map(repr, cursor.execute(query).fetchall()))
    except ProgrammingError as error:
        return error.errno


def rows_of(drawn: Drawn, *kinds: str) -> list[str]:
    return [f"SELECT * FROM {{database}}.{quoted(one.schema)}.{quoted(one.name)}" for one in drawn.of(*kinds)]


def in_words_of(target: object) -> str:
    return repr(target).replace(TARGET, SOURCE).replace(TARGET.lower(), SOURCE.lower())


@pytest.fixture
def accounts(tmp_path):
    """In a sandbox of their own: the names of both databases are fixed."""
    running = process.up(tmp_path / "sandbox")
    opened: list[Any] = []

    def connect(account: str) -> Any:
        opened.append(client.connect(running, account))
        return opened[-1]

    try:
        yield Accounts(Project(tmp_path / "project", running, connect, {"imcust": SOURCE, "imsdlc": TARGET}))
    finally:
        for connection in opened:
            connection.close()
        process.down(running.root)


def travels(accounts: Accounts, drawn: Drawn, choices: dict[str, str]) -> str:
    """Planned, migrated and equal; or the refusal, by name, before anything of it stands in the target."""
    accounts.hold(drawn, choices)
    runner = accounts.project.runner
    made = runner("plan", "create", "random", code=None)
    record = records.find(accounts.project.root, "random")
    if made.code == 12 and record and record.questions:
        runner("plan", "answer", "random", *(f"{question.id}={question.choices[0]}" for question in record.questions))
        made = runner("plan", "create", "random", code=None)
    assert made.code in (0, 12), made.said
    if made.code == 12:
        assert made.err.startswith("error: "), made.said
        return made.err
    runner("migrate", "--all", "--yes")
    runner("reconcile", "--env", "imsdlc")
    queries = [*rows_of(drawn, "TABLE", "VIEW"), *drawn.calls, *rows_of(drawn, "TABLE", "VIEW")]
    there, here = (accounts.answers(*side, queries) for side in (("imcust", SOURCE), ("imsdlc", TARGET)))
    assert in_words_of(here) == in_words_of(there)
    runner("undo", "--all", "--target", "0")
    return ""


def check(accounts: Accounts, given_settings: settings) -> None:
    @given_settings
    @given(estates(SOURCE), CHOICES)
    def every_estate(drawn, choices):
        travels(accounts, drawn, choices)

    every_estate()


def test_a_few_random_estates(accounts):
    check(accounts, QUICK)


@pytest.mark.drill
def test_many_random_estates(accounts):
    check(accounts, LONG)
