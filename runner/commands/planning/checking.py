"""The checks of `plan validate`: one function each, which looks at one thing and answers in lines. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from runner.authoring.analysis.estimates import estimate
from runner.authoring.analysis.subject import Subject
from runner.authoring.names import TargetNames
from runner.authoring.record import Record
from runner.catalog.estate import Found, Kind
from runner.commands import probing
from runner.commands.planning.differing import Diff
from runner.commands.planning.one_account import ONE_ACCOUNT, one_account
from runner.commands.planning.subjects import FileState, Opened
from runner.commands.probing import Line, Rights, failed, ok, records, warning
from runner.connection.session import Session
from runner.core.errors import ConfigError
from runner.core.names import Identifier, ObjectName
from runner.project.environment import Environment
from runner.project.migration import Asked, Masked, Strategy, differences, read_migration
from runner.sql.composing import compose

_MOST = 5


def listed(names: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


def files(opened: Opened) -> Iterator[Line]:
    """Are the scripts those that the plan wrote?"""
    states = opened.files()
    for state, advice in (
        (FileState.MISSING, "Take them from git, or `runner plan create {plan}`: it makes them again."),
        (FileState.EDITED, "Fine when it was meant: `plan create` will never write over them."),
    ):
        names = [path for path, each in states.items() if each is state]
        if names:
            make = failed if state is FileState.MISSING else warning
            yield make("files", f"{state.value}: {listed(names)}", advice.format(plan=opened.record.plan))
    written = sum(state is FileState.WRITTEN for state in states.values())
    if written or not states:
        yield (
            ok("files", f"{written} as the plan wrote them")
            if states
            else failed("files", "nothing was written yet", f"`runner plan create {opened.record.plan}`")
        )


def questions(opened: Opened) -> Iterator[Line]:
    """Has everything been decided?"""
    plan = opened.record.plan
    if opened.record.questions:
        names = [question.id for question in opened.record.questions]
        yield failed("questions", f"{len(names)} open: {listed(names)}", f"`runner plan answer {plan}`")
    else:
        yield ok("questions", "none is open")


def asked(opened: Opened) -> Iterator[Line]:
    """Does the migration's file still say what the plan was made of?"""
    record = opened.record
    path = opened.settings.root / record.asked.path
    if not path.is_file():
        yield warning("asked", f"{record.asked.path} is not there", "The record says what was asked for.")
        return
    try:
        now = read_migration(opened.settings.root, path)
    except ConfigError as error:
        yield failed("asked", error.sentence, error.hint)
        return
    if different := differences(record.asked, now):
        detail = f"{record.asked.path} says something else since: {', '.join(different)}"
        yield warning("asked", detail, f"`runner plan create {record.plan} --anew`, if the scripts are to follow.")
    else:
        yield ok("asked", f"{record.asked.path}, as it was")


def origin(session: Session, record: Record) -> Iterator[Line]:
    """Is the source the account that the plan was made of?"""
    place, made = session.place, record.origin
    now = f"{place.organization}.{place.account}"
    if now == f"{made.organization}.{made.account}":
        yield ok("source", f"{now}, database {made.database}")
    else:
        detail = f"{record.asked.source} is {now} now; the plan was made of {made.organization}.{made.account}"
        yield failed("source", detail, "Look at `account`, or create the plan again.")


def difference(found: Diff) -> Iterator[Line]:
    """Is the source what it was?"""
    advice = f"`runner plan diff {found.plan}`; `runner plan create {found.plan}` writes the next scripts."
    counts = Counter(change.change for change in found.changes)
    for change, make in (("gone", failed), ("changed", warning), ("new", warning)):
        names = [f"{each.kind} {each.name}" for each in found.changes if each.change == change]
        if names:
            yield make("source", f"{counts[change]} {change}: {listed(names)}", advice)
    if not found.changes:
        yield ok("source", "nothing has changed since")
    for gap in found.gaps:
        yield warning("evidence", gap, "Let the role read it, or declare what the plan cannot see.")


def readable(subject: Subject, may: Rights) -> Iterator[Line]:
    """May the role freeze the tables? A clone takes SELECT (docs: sql-reference/sql/create-clone)."""
    closed = [
        found.address.sql
        for found in subject.travels
        if not may.on("TABLE", ObjectName.of(*found.address.place), "SELECT") and not _granted(found, may)
    ]
    if closed:
        advice = f"GRANT SELECT ON TABLE … TO ROLE {may.role}."
        yield failed("privileges", f"{may.role} may not read {listed(closed)}", advice)
    elif subject.travels:
        yield ok("privileges", f"{may.role} may read {_all(len(subject.travels))}")


def _granted(found: Found, may: Rights) -> bool:
    """To the role itself, to one it inherits, or to everybody."""
    inherited = {name for privilege, kind, name in may.held if (privilege, kind) == ("USAGE", "ROLE")}
    roles = {may.role, "PUBLIC", *inherited}
    owners = {found.owner} if found.owner else set[str]()
    readers = {grant.grantee for grant in found.grants if grant.privilege in ("SELECT", "OWNERSHIP")}
    return bool(roles & (owners | readers))


def writable(subject: Subject, environment: Environment, may: Rights, present: frozenset[str]) -> Iterator[Line]:
    """May the role make the objects? CREATE <kind> on each schema, or CREATE SCHEMA on the database."""
    names = TargetNames(subject.asked, "", tuple(subject.by_address))
    kinds: dict[str, set[str]] = {}
    for address in subject.by_address:
        if address.schema:
            kinds.setdefault(names.of(address).schema, set()).add(_CREATED.get(address.kind, address.kind.value))
    lacking = []
    for schema in sorted(kinds):
        place = ObjectName.of(environment.database, schema)
        if schema not in present:
            if not may.on("DATABASE", ObjectName.of(environment.database), "CREATE SCHEMA"):
                lacking.append(f"CREATE SCHEMA ON DATABASE {environment.database}")
            continue
        lacking += [
            f"CREATE {kind} ON SCHEMA {place.sql}"
            for kind in sorted(kinds[schema])
            if not may.on("SCHEMA", place, f"CREATE {kind}")
        ]
    if lacking:
        yield failed("privileges", f"{may.role} lacks {listed(lacking)}", f"GRANT them TO ROLE {may.role}.")
    else:
        yield ok("privileges", f"{may.role} may make the objects in {', '.join(sorted(kinds))}")


_CREATED: Mapping[Kind, str] = {Kind.EVENT_TABLE: "EVENT TABLE"}


def roles(subject: Subject, record: Record, environment: Environment) -> Iterator[Line]:
    """Whose grants come along, and whose do not."""
    grants = [grant for found in subject.objects for grant in found.grants if grant.grantee_kind == "ROLE"]
    grantees = {grant.grantee for grant in grants if grant.privilege != "OWNERSHIP"}
    without = sorted(grantees - set(record.roles))
    if without:
        advice = f"Name them under `names.roles`, if they are to have theirs in {environment.name}."
        yield warning("grants", f"these roles' grants do not travel: {listed(without)}", advice)
    elif grantees:
        yield ok("grants", f"every role has its counterpart: {listed(sorted(grantees))}")


def mapped(session: Session, given: Asked) -> Iterator[Line]:
    """Is everything that names map to there?"""
    for kinds, names in (("WAREHOUSES", given.names.warehouses), ("INTEGRATIONS", given.names.integrations)):
        missing = [new for new in names.values() if probing.named(session, kinds, new) is None]
        word = kinds.lower()
        if missing:
            yield failed("mapping", f"{word} that do not exist: {listed(missing)}", "Make them, or mend `names`.")
        elif names:
            yield ok("mapping", f"{word}: {listed(list(names.values()))}")
    others = [new for new in given.names.databases.values() if "{" not in new]
    missing = [new for new in others if probing.named(session, "DATABASES", new) is None]
    if missing:
        yield failed("mapping", f"databases that do not exist: {listed(missing)}", "Make them, or mend `names`.")


def loads(session: Session, target: Environment, given: Asked) -> Iterator[Line]:
    """Is the warehouse that copies the rows named, and may the role see it?"""
    word = given.loading.warehouse
    if not word:
        return
    name = str(target.vars.get(word) or "")
    if not name:
        yield failed("mapping", f"vars.{word} names no warehouse", f"Name it in config/{target.name}.yaml.")
    elif probing.named(session, "WAREHOUSES", Identifier.parse(name).stored) is None:
        yield failed("mapping", f"the warehouse {name} (vars.{word}) does not exist", "Make it, or name another.")
    else:
        yield ok("mapping", f"{name} copies the rows (vars.{word})")


def beside(session: Session, target: Environment, other: Session, source: Environment) -> Iterator[Line]:
    """Can rows come from the one to the other? Over a share, or within one account from the clones themselves."""
    if (session.place.organization, session.place.account) != (other.place.organization, other.place.account):
        yield from probing.beside(session.place, source.name, other.place)
    elif problem := one_account(source, target):
        yield failed("source", f"{source.name} is the same account, and {problem}", ONE_ACCOUNT)
    else:
        yield ok("source", f"{source.name}: the same account; rows come from the clones, and no account is added")


def standing(session: Session, subject: Subject, environment: Environment, applied: bool) -> Iterator[Line]:
    """Do tables and views stand in the target already that the plan would make?"""
    sentence = "SELECT TABLE_SCHEMA, TABLE_NAME, ROW_COUNT FROM {place:i}.INFORMATION_SCHEMA.TABLES"
    shown = records(session.execute(compose(sentence, place=ObjectName.of(environment.database))))
    rows = {(str(row["table_schema"]), str(row["table_name"])): row["row_count"] for row in shown}
    names = TargetNames(subject.asked, "", tuple(subject.by_address))
    wanted = [(each, names.of(each)) for each in subject.by_address if each.kind in (Kind.TABLE, Kind.VIEW)]
    there = [new.short for _, new in wanted if (new.schema, new.name) in rows]
    if not there:
        yield ok("target", f"no table and no view of the plan stands there yet ({len(wanted)} to come)")
    elif applied:
        yield ok("target", f"{len(there)} of {len(wanted)} tables and views stand there, made by the plan's scripts")
    else:
        detail = f"{listed(there)} stand there, and not by this plan: tables are kept, and their rows replaced"
        yield warning("target", detail, "Drop or rename them, or give the plan's other names (`names.objects`).")


def guarded(subject: Subject) -> Iterator[Line]:
    """What policies do to the rows on their way."""
    tables = [found for found in subject.travels if found.policies]
    names = listed([found.address.short for found in tables])
    match subject.asked.masked if tables else None:
        case None:
            yield ok("policies", "none masks or filters the rows that travel")
        case Masked.REFUSE:
            yield failed("policies", f"rows of {names} would be masked or filtered", "Say `policies.masked`.")
        case Masked.STRIP:
            yield warning("policies", f"rows of {names} travel without their policies", "See that they may.")
        case Masked.COPY:
            yield warning("policies", f"rows of {names} travel masked and filtered", "The target holds no others.")


def time_travel(subject: Subject) -> Iterator[Line]:
    """Can all tables be frozen at one instant? (docs: sql-reference/constructs/at-before)"""
    frozen = [found for found in subject.travels if subject.data(found).strategy is not Strategy.STREAM]
    without = [found.address.short for found in frozen if found.properties.get("retention_time") == "0"]
    if without:
        advice = "ALTER TABLE … SET DATA_RETENTION_TIME_IN_DAYS = 1 in the source."
        yield failed("time travel", f"without: {listed(without)}", advice)
    elif frozen:
        yield ok("time travel", f"{_all(len(frozen))} can be frozen at one instant")


def space(session: Session, subject: Subject, environment: Environment) -> Iterator[Line]:
    """What the rows take, and what the warehouse may still spend."""
    told = estimate(subject)
    unknown = f", and {told.unknown} tables of unknown size" if told.unknown else ""
    amount = f"{told.rows:,} rows, {told.bytes / 1024**2:,.1f} MB{unknown}"
    yield ok("space", f"{amount}: Snowflake sets no limit; storage is billed")
    found = probing.named(session, "WAREHOUSES", environment.warehouse)
    monitor = str((found or {}).get("resource_monitor") or "null")
    if monitor == "null":
        return
    yield from _monitor(probing.named(session, "RESOURCE MONITORS", monitor), monitor, told.credits)


def _monitor(found: Mapping[str, object] | None, name: str, needed: float) -> Iterator[Line]:
    if found is None:
        yield warning("credits", f"resource monitor {name} is not shown to this role", "Look at its quota.")
        return
    left = float(str(found.get("remaining_credits") or 0))
    detail = f"{left:g} credits left of resource monitor {name}; about {needed:g} are needed"
    yield ok("credits", detail) if left >= needed else failed("credits", detail, "Raise its quota, or wait.")


def _all(tables: int) -> str:
    return "the one table" if tables == 1 else f"all {tables} tables"
