"""CREATE, ALTER, DROP and EXECUTE ALERT (sql-reference/sql/create-alert, alter-alert, execute-alert)."""

from __future__ import annotations

from functools import partial

from runner.sandbox import access
from runner.sandbox.catalog.alerts import Alert
from runner.sandbox.catalog.model import Warehouse
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.header import read_header
from runner.sandbox.derived import alerting
from runner.sandbox.errors import SnowflakeError, does_not_exist, unsupported
from runner.sandbox.query.binding import bound_names
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import objects
from runner.sandbox.statements.dropping import dropping
from runner.sandbox.tasks import schedule
from runner.sandbox.tokens import Reader

_CONDITIONS = ("SELECT", "SHOW", "CALL", "WITH")


def create(context: Context, text: str) -> Result:
    reader = Reader(bound_names(context, text))
    header = read_header(reader, "ALERT")
    parts = reader.name()
    if reader.at("CLONE"):
        raise unsupported("CREATE ALERT ... CLONE")
    given = _settings(reader)
    given["condition"] = _condition(reader)
    reader.expect("THEN")
    given["action"] = _action(reader)
    if "schedule" not in given:
        raise unsupported("an alert without SCHEDULE, on new data")
    _check(context, given)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        schema, name = context.target(parts)
        may = partial(context.require, "CREATE ALERT", schema)
        old = objects.standing(context, header, context.catalog.object(schema, Alert, name), Alert, parts, may)
        if old is not None and header.if_not_exists:
            return objects.left_alone(name)
        if old is not None:
            context.require("OWNERSHIP", old)
            objects.remove(work, old)
        record = Alert(
            account=schema.account,
            name=name,
            owner=objects.owner(context),
            created_at=utc_now(),
            schema_id=schema.id,
            **given,  # type: ignore[arg-type]
        )
        objects.install(context, work, record, None)
    return objects.created("Alert", name)


def _settings(reader: Reader) -> dict[str, object]:
    """WAREHOUSE, SCHEDULE and COMMENT in any order."""
    found: dict[str, object] = {}
    while word := reader.accept_any("WAREHOUSE", "SCHEDULE", "COMMENT"):
        reader.expect("=")
        found[word.lower()] = reader.identifier() if word == "WAREHOUSE" else reader.string()
        reader.accept(",")
    return found


def _condition(reader: Reader) -> str:
    reader.expect("IF", "(")
    found = _exists(reader)
    reader.expect(")")
    return found


def _exists(reader: Reader) -> str:
    reader.expect("EXISTS")
    if not reader.at("("):
        raise reader.unexpected()
    if reader.peek(1).word not in _CONDITIONS:
        raise reader.unexpected(1)
    return reader.balanced()


def _action(reader: Reader) -> str:
    action = reader.rest()
    if not action:
        raise reader.unexpected()
    return action


def _check(context: Context, given: dict[str, object]) -> None:
    if "schedule" in given:
        schedule.parse(str(given["schedule"]))
    name = given.get("warehouse")
    if name is not None:
        found = context.catalog.find(Warehouse, context.session.account, str(name))
        if found is None:
            raise does_not_exist("Warehouse", str(name))
        context.require("USAGE", found)


def alter(context: Context, text: str) -> Result:
    reader = Reader(bound_names(context, text))
    reader.expect("ALTER", "ALERT")
    forgiving = reader.accept("IF", "EXISTS")
    parts = reader.name()
    if forgiving and context.find(Alert, parts) is None:
        return status_result(objects.DONE)
    alert = context.writable(Alert, parts)
    changes = _changes(reader)
    reader.end()
    context.require("OPERATE" if changes.keys() <= {"started"} else "OWNERSHIP", alert)
    _check(context, changes)
    context.commit_for_ddl()
    started = bool(changes.get("started", alert.started))
    plan = schedule.parse(str(changes.get("schedule", alert.schedule)))
    changes["next_at"] = plan.after(utc_now()) if started else None
    with context.catalog.work() as work:
        work.edit(alert, altered_at=utc_now(), **changes)
    return status_result(objects.DONE)


def _changes(reader: Reader) -> dict[str, object]:
    if word := reader.accept_any("RESUME", "SUSPEND"):
        return {"started": word == "RESUME"}
    if reader.accept("MODIFY", "CONDITION"):
        return {"condition": _exists(reader)}
    if reader.accept("MODIFY", "ACTION"):
        return {"action": _action(reader)}
    if reader.accept("UNSET"):
        reader.expect("COMMENT")
        return {"comment": None}
    reader.expect("SET")
    found = _settings(reader)
    if not found:
        raise reader.unexpected()
    return found


drop = dropping("ALERT", Alert)


def execute(context: Context, text: str) -> Result:
    """The alert runs once, now, suspended or not; what its condition or action fails with is an error."""
    reader = Reader(bound_names(context, text))
    reader.expect("EXECUTE", "ALERT")
    alert = context.writable(Alert, reader.name(), "EXECUTE")
    reader.end()
    access.require_any(context.catalog, context.session, ("OPERATE", "OWNERSHIP"), alert)
    context.commit_for_ddl()
    done = alerting.run(context.engine, alert, utc_now())
    if done.error is not None:
        raise SnowflakeError(int(done.error_code or 0), "0A000", done.error)
    return status_result(f"Alert {alert.name} is executed: {done.state}.")
