from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from runner.commands import probing
from runner.commands.probing import Line, Outcome, Rights
from runner.connection.faults import FaultKind, StatementFault
from runner.connection.place import Place
from runner.connection.session import Rows, Session
from runner.project.settings import Environment, load

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
PLACE = Place(
    "ACME", "PROD", "LO1", "PUBLIC.AWS_X", "SVC", "DEPLOYER", "WH", "DB", 7, NOW.isoformat(timespec="microseconds"), "9"
)
Answer = Sequence[Mapping[str, Any]] | StatementFault


class Told:
    """A session that answers what it was told to: by the statement's first words, nothing to the rest."""

    def __init__(self, answers: Mapping[str, Answer], place: Place = PLACE) -> None:
        self.answers = answers
        self.place = place

    def execute(self, sql: str, **_: object) -> Rows:
        found = next((answer for start, answer in self.answers.items() if sql.startswith(start)), ())
        if isinstance(found, StatementFault):
            raise found
        columns = tuple(found[0]) if found else ()
        return Rows("q", columns, [tuple(row.values()) for row in found], len(found))


def told(answers: Mapping[str, Answer], **place: Any) -> Session:
    return cast(Session, Told(answers, replace(PLACE, **place)))


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    (tmp_path / "config").mkdir()
    text = "account: acme-prod\nuser: svc\nrole: deployer\nwarehouse: wh\ndatabase: db\nschemas: [a, b]\n"
    (tmp_path / "config/prod.yaml").write_text(text + "roles: {reader: R1, writer: R2}\nvars: {share: s}\n")
    return load(tmp_path, {}, {"PROD_PAT": "x"}).environments["prod"]


def refused(errno: int = 3001, sqlstate: str = "42501") -> StatementFault:
    return StatementFault(FaultKind.REFUSED, errno, sqlstate, "q", "Insufficient privileges.")


WAREHOUSE = {"name": "WH", "state": "STARTED", "size": "X-Small", "auto_resume": "true"}
WAREHOUSES = [
    ({"SHOW WAREHOUSES": [WAREHOUSE]}, "WH", Outcome.OK, "WH, X-Small, runs queries"),
    ({"SHOW WAREHOUSES": []}, None, Outcome.FAILED, "does not exist"),
    ({"SHOW WAREHOUSES": [{**WAREHOUSE, "name": "wh"}]}, None, Outcome.FAILED, "does not exist"),
    ({"SHOW WAREHOUSES": [WAREHOUSE]}, None, Outcome.FAILED, "DEPLOYER may not use WH"),
    (
        {"SHOW WAREHOUSES": [{**WAREHOUSE, "state": "SUSPENDED", "auto_resume": "false"}]},
        "WH",
        Outcome.FAILED,
        "does not resume",
    ),
    ({"SHOW WAREHOUSES": [WAREHOUSE], "SELECT": refused(90073)}, "WH", Outcome.FAILED, "does not run a query"),
]


@pytest.mark.parametrize(
    ("answers", "current", "outcome", "detail"), WAREHOUSES, ids=[w[3] + str(i) for i, w in enumerate(WAREHOUSES)]
)
def test_a_warehouse_is_looked_at_and_used(
    environment: Environment, answers: Mapping[str, Answer], current: str | None, outcome: Outcome, detail: str
) -> None:
    _one(probing.warehouse(told(answers, warehouse=current), environment), outcome, detail)


def test_database_and_schemas_must_be_there(environment: Environment) -> None:
    answers = {"SHOW DATABASES": [{"name": "DB"}], "SHOW SCHEMAS": [{"name": "A"}, {"name": "b"}]}
    lines = list(probing.database(told(answers), environment))
    assert [line.outcome for line in lines] == [Outcome.OK, Outcome.OK, Outcome.FAILED]
    assert lines[2].advice == "CREATE SCHEMA DB.B."
    _one(probing.database(told({}), environment), Outcome.FAILED, "DB does not exist")


def test_rights_are_those_of_the_role_and_of_the_roles_it_inherits() -> None:
    class Nested(Told):
        def execute(self, sql: str, **_: object) -> Rows:
            grants = {
                "DEPLOYER": [("USAGE", "ROLE", "HELPER"), ("CREATE SHARE", "ACCOUNT", "LO1")],
                "HELPER": [("OWNERSHIP", "SCHEMA", 'DB."My Schema"'), ("USAGE", "ROLE", "DEPLOYER")],
            }
            return Rows("q", ("privilege", "granted_on", "name"), [*grants[sql.rpartition(" ")[2]]], 1)

    may = probing.rights(cast(Session, Nested({})))
    assert may.on_account("CREATE SHARE")
    assert not may.on_account("CREATE DATABASE")
    assert may.on("SCHEMA", probing.ObjectName.of("DB", "My Schema"), "CREATE TABLE")


OWNER = frozenset({("CREATE TABLE", "SCHEMA", "DB.MIGRATION_CONTROL")})
MAKER = frozenset({("CREATE SCHEMA", "DATABASE", "DB")})
HERE = {"SHOW DATABASES": [{"name": "DB"}]}
THERE = {**HERE, "SHOW SCHEMAS": [{"name": "MIGRATION_CONTROL"}]}
CONTROLS = [
    (THERE, Rights("R", OWNER), Outcome.OK, "writable", ""),
    (
        THERE,
        Rights("R", frozenset()),
        Outcome.FAILED,
        "may not create tables",
        "GRANT CREATE TABLE, CREATE VIEW ON SCHEMA",
    ),
    (HERE, Rights("R", MAKER), Outcome.OK, "is made at the first migrate", ""),
    (HERE, Rights("R", frozenset()), Outcome.FAILED, "R may not make", "GRANT CREATE SCHEMA ON DATABASE DB TO ROLE R."),
    ({}, Rights("ACCOUNTADMIN", frozenset()), Outcome.FAILED, "no database to lie in", "Make DB first."),
]


@pytest.mark.parametrize(("answers", "may", "outcome", "detail", "advice"), CONTROLS)
def test_the_control_schema_is_writable_or_can_be_made(
    environment: Environment, answers: Mapping[str, Answer], may: Rights, outcome: Outcome, detail: str, advice: str
) -> None:
    _one(probing.control_schema(told(answers), environment, may), outcome, detail, advice)


def test_a_control_database_of_its_own_can_be_made(environment: Environment) -> None:
    apart = replace(environment, control_database="CTL")
    made = probing.control_schema(told({}), apart, Rights("ACCOUNTADMIN", frozenset()))
    _one(made, Outcome.OK, "CTL.MIGRATION_CONTROL is made at the first migrate")
    refused = probing.control_schema(told({}), apart, Rights("R", frozenset()))
    _one(refused, Outcome.FAILED, "R may not make", "GRANT CREATE DATABASE ON ACCOUNT TO ROLE R.")


def test_a_share_needs_privileges_on_either_side(environment: Environment) -> None:
    nothing = Rights("R", frozenset())
    gives = list(probing.sharing(told({}), environment, nothing, gives=True))
    takes = list(probing.sharing(told({}), environment, nothing, gives=False))
    assert gives[0].advice == "GRANT CREATE DATABASE, CREATE SHARE, MANAGE SHARE TARGET ON ACCOUNT TO ROLE R."
    assert takes[0].advice == "GRANT CREATE DATABASE, IMPORT SHARE ON ACCOUNT TO ROLE R."
    assert gives[1].detail == "S is not there yet; `migrate` makes it"


def test_a_share_that_is_there_says_where_it_goes(environment: Environment) -> None:
    share = {"kind": "OUTBOUND", "name": "S", "owner_account": "ACME.PROD", "to": "ACME.DEV", "database_name": "X"}
    admin = Rights("ACCOUNTADMIN", frozenset())
    assert list(probing.sharing(told({"SHOW SHARES": [share]}), environment, admin, gives=True))[1].detail == (
        "S is given to ACME.DEV"
    )
    found = told({"SHOW SHARES": [{**share, "kind": "INBOUND", "database_name": ""}]})
    assert list(probing.sharing(found, environment, admin, gives=False))[1].detail == "S of ACME.PROD, not imported yet"


def test_every_mapped_role_must_exist(environment: Environment) -> None:
    _one(
        probing.roles(told({"SHOW ROLES": [{"name": "R1"}]}), environment), Outcome.FAILED, "writer: R2 does not exist"
    )
    _one(probing.roles(told({"SHOW ROLES": [{"name": "R1"}, {"name": "R2"}]}), environment), Outcome.OK, "R1, R2")


def _token(days: float, **changes: Any) -> Mapping[str, Any]:
    ends = NOW + timedelta(days=days, hours=1)
    return {"name": f"T{days}", "role_restriction": "DEPLOYER", "expires_at": ends, "status": "ACTIVE", **changes}


TOKENS: list[tuple[Answer, Outcome, str]] = [
    ([_token(30)], Outcome.OK, "T30 ends in 30 days"),
    ([_token(6)], Outcome.WARNING, "T6 ends in 6 days"),
    ([_token(30), _token(3)], Outcome.WARNING, "T3 ends in 3 days (the first of 2)"),
    ([_token(30), _token(3, role_restriction="OTHER"), _token(1, status="EXPIRED")], Outcome.OK, "T30 ends in 30 days"),
    ([], Outcome.OK, "not shown"),
    (refused(), Outcome.OK, "not shown to this session"),
]


@pytest.mark.parametrize(("answer", "outcome", "detail"), TOKENS, ids=[t[2] + str(i) for i, t in enumerate(TOKENS)])
def test_the_days_until_the_token_ends(environment: Environment, answer: Answer, outcome: Outcome, detail: str) -> None:
    _one(probing.token(told({"SHOW USER PROGRAMMATIC ACCESS TOKENS": answer}), environment), outcome, detail)


def _lock(token: str | None, expired: bool) -> list[Mapping[str, Any]]:
    names = ("token", "fence", "info", "work", "control", "until", "expired")
    return [dict(zip(names, (token, 3, '{"user":"ann"}', 1, 2, "noon", expired), strict=True))]


LEASES: list[tuple[Answer, Outcome, str]] = [
    (refused(2003, "42S02"), Outcome.OK, "no history yet"),
    ([], Outcome.FAILED, "has no row"),
    (_lock(None, False), Outcome.OK, "free"),
    (_lock("secret-token", False), Outcome.WARNING, "held until noon by user ann"),
    (_lock("secret-token", True), Outcome.WARNING, "ran out at noon: user ann"),
]


@pytest.mark.parametrize(("answer", "outcome", "detail"), LEASES, ids=[lease[2] for lease in LEASES])
def test_the_lease_is_told_without_its_token(
    environment: Environment, answer: Answer, outcome: Outcome, detail: str
) -> None:
    line = _one(probing.lease(told({"SELECT": answer}), environment), outcome, detail)
    assert "secret-token" not in line.detail + line.advice


SOURCES = [
    ({"account": "DEV"}, Outcome.OK, "same organisation and region"),
    ({"account": "DEV", "region": "AWS_X"}, Outcome.OK, "same organisation and region"),
    ({"account": "DEV", "region": "AWS_Y"}, Outcome.FAILED, "region AWS_X, but source is in AWS_Y"),
    ({"organization": "OTHER"}, Outcome.FAILED, "organisation ACME, but source is in OTHER"),
    ({}, Outcome.FAILED, "source is the same account"),
]


@pytest.mark.parametrize(("other", "outcome", "detail"), SOURCES)
def test_a_source_must_be_in_reach_of_a_share(other: dict[str, str], outcome: Outcome, detail: str) -> None:
    _one(probing.beside(PLACE, "source", replace(PLACE, **other)), outcome, detail)


def _one(lines: Any, outcome: Outcome, detail: str, advice: str = "") -> Line:
    (line,) = lines
    assert line.outcome is outcome
    assert detail in line.detail
    assert advice in line.advice
    assert bool(line.advice) == (outcome is not Outcome.OK)
    return cast(Line, line)
