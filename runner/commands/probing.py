"""The questions of `ping`: one function each, which asks one session and answers in lines. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeAlias

from runner.commands.deployment import layout_of
from runner.connection.faults import StatementFault
from runner.connection.place import Place
from runner.connection.session import Rows, Session
from runner.core.auth import PatAuth
from runner.core.names import Identifier, ObjectName
from runner.history.lease import Holder, look
from runner.project.settings import Environment
from runner.sql.composing import compose

ADMINISTRATOR = "ACCOUNTADMIN"
_WARN_DAYS = 7
_MOST_ROLES = 100
Row: TypeAlias = Mapping[str, Any]


class Outcome(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: what was looked at, how it stands, and what to do when it does not stand well."""

    what: str
    outcome: Outcome
    detail: str
    advice: str = ""


def ok(what: str, detail: str) -> Line:
    return Line(what, Outcome.OK, detail)


def failed(what: str, detail: str, advice: str) -> Line:
    return Line(what, Outcome.FAILED, detail, advice)


def warning(what: str, detail: str, advice: str) -> Line:
    return Line(what, Outcome.WARNING, detail, advice)


@dataclass(frozen=True, slots=True)
class Rights:
    """What a role may do, itself or by a role it inherits. ACCOUNTADMIN holds every privilege on the account."""

    role: str
    held: frozenset[tuple[str, str, str]]

    def on_account(self, privilege: str) -> bool:
        return self.role == ADMINISTRATOR or any(p == privilege and kind == "ACCOUNT" for p, kind, _ in self.held)

    def on(self, kind: str, name: ObjectName, *privileges: str) -> bool:
        """Any of the privileges on one object, or its ownership."""
        return any((p, kind, str(name)) in self.held for p in (*privileges, "OWNERSHIP"))


def rights(session: Session) -> Rights:
    """The grants to the session's role and to those it inherits, role by role (docs: sql-reference/sql/show-grants)."""
    waiting, seen, held = [session.place.role], set[str](), set[tuple[str, str, str]]()
    while waiting and len(seen) < _MOST_ROLES:
        role = waiting.pop()
        seen.add(role)
        for row in records(session.execute(compose("SHOW GRANTS TO ROLE {role:i}", role=role))):
            name = _stored(str(row["name"]))
            held.add((str(row["privilege"]), str(row["granted_on"]), name))
            if row["granted_on"] == "ROLE" and row["privilege"] == "USAGE" and name not in seen:
                waiting.append(name)
    return Rights(session.place.role, frozenset(held))


def _stored(shown: str) -> str:
    try:
        return str(ObjectName.parse(shown))
    except ValueError:
        return shown


def records(rows: Rows) -> list[Row]:
    return [dict(zip((name.lower() for name in rows.columns), row, strict=True)) for row in rows.rows]


def named(session: Session, kinds: str, name: str) -> Row | None:
    """The object of exactly that name among those that SHOW … LIKE brings: LIKE has no case, and `_` is any letter."""
    found = records(session.execute(compose("SHOW {kinds:r} LIKE {name:s}", kinds=kinds, name=name)))
    return next((row for row in found if row["name"] == name), None)


def whereabouts(session: Session) -> Iterator[Line]:
    place = session.place
    account = f"{place.organization}.{place.account}"
    yield ok("login", f"{place.user} in {account}, {place.cloud_region}, Snowflake {place.version}")
    yield ok("role", f"{place.role}, secondary roles off")


def warehouse(session: Session, environment: Environment) -> Iterator[Line]:
    name = environment.warehouse
    found = named(session, "WAREHOUSES", name)
    if found is None:
        advice = f"CREATE WAREHOUSE {name} …, or GRANT USAGE ON WAREHOUSE {name} TO ROLE {session.place.role}."
        yield failed("warehouse", f"{name} does not exist, or {session.place.role} may not see it", advice)
        return
    if session.place.warehouse != name:
        advice = f"GRANT USAGE ON WAREHOUSE {name} TO ROLE {session.place.role}."
        yield failed("warehouse", f"{session.place.role} may not use {name}", advice)
        return
    yield _warehouse_runs(session, found)


def _warehouse_runs(session: Session, found: Row) -> Line:
    """A statement that only a running warehouse can answer, so that a resource monitor shows now and not at night."""
    name = str(found["name"])
    if str(found["state"]) == "SUSPENDED" and str(found["auto_resume"]).lower() != "true":
        return failed("warehouse", f"{name} is suspended and does not resume", f"ALTER WAREHOUSE {name} RESUME.")
    try:
        session.execute("SELECT COUNT(*) FROM (SELECT SEQ4() FROM TABLE(GENERATOR(ROWCOUNT => 10)))", timeout=120)
    except StatementFault as fault:
        return failed("warehouse", f"{name} does not run a query: {fault}", "Look at its resource monitor and size.")
    return ok("warehouse", f"{name}, {found['size']}, runs queries")


def database(session: Session, environment: Environment) -> Iterator[Line]:
    name = environment.database
    if named(session, "DATABASES", name) is None:
        advice = f"CREATE DATABASE {name}, or GRANT USAGE ON DATABASE {name} TO ROLE {session.place.role}."
        yield failed("database", f"{name} does not exist, or {session.place.role} may not see it", advice)
        return
    yield ok("database", name)
    present = _schemas(session, name)
    for schema in environment.schemas:
        if schema in present:
            yield ok("schema", f"{name}.{schema}")
        else:
            yield failed(
                "schema", f"{name}.{schema} does not exist", f"CREATE SCHEMA {ObjectName.of(name, schema).sql}."
            )


def _schemas(session: Session, name: str) -> set[str]:
    return {str(row["name"]) for row in records(session.execute(compose("SHOW SCHEMAS IN DATABASE {n:i}", n=name)))}


def control_schema(session: Session, environment: Environment, may: Rights) -> Iterator[Line]:
    """The schema of the history: there and writable, or to be made at the first migrate."""
    wanted = ObjectName.of(environment.control_database, environment.control_name)
    own_database = ObjectName.of(environment.control_database)
    if named(session, "DATABASES", environment.control_database) is None:
        if environment.control_database == environment.database:
            yield failed("control schema", f"{wanted} has no database to lie in", f"Make {environment.database} first.")
            return
        yield _creatable(wanted, may.on_account("CREATE DATABASE"), "CREATE DATABASE ON ACCOUNT", may.role)
    elif environment.control_name not in _schemas(session, environment.control_database):
        allowed = may.on("DATABASE", own_database, "CREATE SCHEMA")
        yield _creatable(wanted, allowed, f"CREATE SCHEMA ON DATABASE {own_database.sql}", may.role)
    elif may.on("SCHEMA", wanted, "CREATE TABLE"):
        yield ok("control schema", f"{wanted}, writable")
    else:
        advice = f"GRANT CREATE TABLE, CREATE VIEW ON SCHEMA {wanted.sql} TO ROLE {may.role}."
        yield failed("control schema", f"{may.role} may not create tables in {wanted}", advice)


def _creatable(wanted: ObjectName, allowed: bool, privilege: str, role: str) -> Line:
    if allowed:
        return ok("control schema", f"{wanted} is made at the first migrate")
    return failed("control schema", f"{role} may not make {wanted}", f"GRANT {privilege} TO ROLE {role}.")


def lease(session: Session, environment: Environment) -> Iterator[Line]:
    try:
        holder = look(session, layout_of(environment).lock)
    except StatementFault as fault:
        if fault.is_absent:
            yield ok("lease", "no history yet")
        else:
            yield failed("lease", f"cannot be read: {fault}", "Look at the privileges of the control schema.")
        return
    yield _lease(holder)


def _lease(holder: Holder | None) -> Line:
    if holder is None:
        return failed("lease", "the lock table has no row", "`runner repair` and docs/operations.md say what to do.")
    if holder.token is None:
        return ok("lease", "free")
    if holder.expired:
        return warning("lease", f"ran out at {holder.until}: {holder.who}", "The next migrate takes it over.")
    return warning("lease", f"held until {holder.until} by {holder.who}", "Wait; when it is dead: `runner unlock`.")


def roles(session: Session, environment: Environment) -> Iterator[Line]:
    if not environment.roles:
        return
    present = {str(row["name"]) for row in records(session.execute("SHOW ROLES"))}
    missing = {logical: name for logical, name in environment.roles.items() if name not in present}
    for logical, name in missing.items():
        advice = f"CREATE ROLE {name}, or mend `roles` in config/{environment.name}.yaml."
        yield failed("roles", f"{logical}: {name} does not exist", advice)
    if not missing:
        yield ok("roles", ", ".join(environment.roles.values()))


def sharing(session: Session, environment: Environment, may: Rights, *, gives: bool) -> Iterator[Line]:
    """What a share needs on its side, and the share itself (docs: user-guide/security-access-privileges-shares)."""
    needed = (
        ("CREATE DATABASE", "CREATE SHARE", "MANAGE SHARE TARGET") if gives else ("CREATE DATABASE", "IMPORT SHARE")
    )
    missing = [privilege for privilege in needed if not may.on_account(privilege)]
    side = "to give a share" if gives else "to receive a share"
    if missing:
        advice = f"GRANT {', '.join(missing)} ON ACCOUNT TO ROLE {may.role}."
        yield failed("share", f"{may.role} lacks {', '.join(missing)} {side}", advice)
    else:
        yield ok("share", f"{may.role} has {', '.join(needed)}")
    if isinstance(name := environment.vars.get("share"), str):
        yield _share(session, Identifier.parse(name).stored, gives=gives)


def _share(session: Session, name: str, *, gives: bool) -> Line:
    kind = "OUTBOUND" if gives else "INBOUND"
    shown = records(session.execute(compose("SHOW SHARES LIKE {n:s}", n=name)))
    found = [row for row in shown if row["kind"] == kind and str(row["name"]).rpartition(".")[2] == name]
    if not found:
        return ok("share", f"{name} is not there yet; `migrate` makes it" if gives else f"{name} is not offered yet")
    share = found[0]
    if gives:
        return ok("share", f"{name} is given to {share['to'] or 'nobody yet'}")
    return ok("share", f"{name} of {share['owner_account']}, " + _imported(str(share["database_name"] or "")))


def _imported(database_name: str) -> str:
    return f"imported as {database_name}" if database_name else "not imported yet"


def token(session: Session, environment: Environment) -> Iterator[Line]:
    """Days until the token ends. Which of several tokens this session used is not shown: the first to end counts."""
    if not isinstance(environment.auth, PatAuth):
        return
    try:
        found = records(session.execute("SHOW USER PROGRAMMATIC ACCESS TOKENS"))
    except StatementFault as fault:
        yield ok("token", f"its end is not shown to this session ({fault})")
        return
    fitting = [
        row for row in found if row["status"] == "ACTIVE" and row["role_restriction"] in (None, "", session.place.role)
    ]
    if not fitting:
        yield ok("token", "its end is not shown to this session")
        return
    first = min(fitting, key=lambda row: _moment(row["expires_at"]))
    days = (_moment(first["expires_at"]) - _moment(session.place.server_time)).days
    detail = f"{first['name']} ends in {days} days" + (f" (the first of {len(fitting)})" if len(fitting) > 1 else "")
    if days >= _WARN_DAYS:
        yield ok("token", detail)
    else:
        advice = f"ALTER USER {session.place.user} ROTATE PROGRAMMATIC ACCESS TOKEN {first['name']}, by another user."
        yield warning("token", detail, advice)


def _moment(value: object) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def beside(place: Place, source: str, other: Place) -> Iterator[Line]:
    """A share reaches accounts of the same organisation and region only (docs: user-guide/data-sharing-intro)."""
    if place.organization != other.organization:
        detail = f"organisation {place.organization}, but {source} is in {other.organization}"
        yield failed("source", detail, "Data cannot be shared between organisations; look at `account`.")
    elif place.cloud_region != other.cloud_region:
        detail = f"region {place.cloud_region}, but {source} is in {other.cloud_region}"
        yield failed("source", detail, "Replicate first: docs user-guide/secure-data-sharing-across-regions-platforms.")
    elif place.account == other.account:
        yield failed("source", f"{source} is the same account", "A share needs two accounts; look at `account`.")
    else:
        yield ok("source", f"{source}: same organisation and region, {place.organization} in {place.cloud_region}")
