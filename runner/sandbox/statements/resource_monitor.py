"""CREATE, ALTER and DROP RESOURCE MONITOR (sql-reference/sql/create-resource-monitor, alter-resource-monitor).

A monitor is stored and shown; the sandbox charges nothing, so no quota is ever reached.
"""

from __future__ import annotations

from runner.sandbox import access
from runner.sandbox.catalog.derived import ResourceMonitor
from runner.sandbox.catalog.model import User, Warehouse
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.context import Context
from runner.sandbox.errors import already_exists, compilation, does_not_exist
from runner.sandbox.law import clauses
from runner.sandbox.query.binding import bound
from runner.sandbox.result import Result, status_result
from runner.sandbox.tokens import Reader

_KIND = ("RESOURCE", "MONITOR")
_FREQUENCIES = ("MONTHLY", "DAILY", "WEEKLY", "YEARLY", "NEVER")
_ACTIONS = ("NOTIFY", "SUSPEND", "SUSPEND_IMMEDIATE")


def create(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    head = clauses.create(reader, *_KIND)
    name = reader.identifier()
    reader.accept("WITH")
    given = _properties(reader)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        access.require_account(context.catalog, context.session, "CREATE RESOURCE MONITOR")
        existing = context.catalog.find(ResourceMonitor, context.session.account, name)
        if existing is not None and head.unless_exists:
            return status_result(f"{name} already exists, statement succeeded.")
        if existing is not None and not head.replace:
            raise already_exists(name)
        _check_users(context, given)
        if existing is not None:
            work.forget(existing)
        work.add(ResourceMonitor(
            account=context.session.account,
            name=name,
            owner=access.owner_for_new(context.catalog, context.session),
            created_at=utc_now(),
            **given,  # type: ignore[arg-type]
        ))  # fmt: skip
    return status_result(f"Resource monitor {name} successfully created.")


def _properties(reader: Reader) -> dict[str, object]:
    found: dict[str, object] = {}
    while not reader.at_end() and not reader.at(";"):
        word = reader.peek().word
        if reader.accept("TRIGGERS"):
            found["triggers"] = _triggers(reader)
        elif reader.accept("CREDIT_QUOTA", "="):
            found["credit_quota"] = _quota(reader)
        elif reader.accept("FREQUENCY", "="):
            found["frequency"] = _one_of(reader, _FREQUENCIES)
        elif reader.accept("START_TIMESTAMP", "="):
            found["start_at"] = "IMMEDIATELY" if reader.accept("IMMEDIATELY") else reader.string()
        elif reader.accept("END_TIMESTAMP", "="):
            found["end_at"] = reader.string()
        elif reader.accept("NOTIFY_USERS", "=", "("):
            found["notify_users"] = [] if reader.at(")") else list(clauses.listed(reader, Reader.identifier))
            reader.expect(")")
        else:
            raise reader.unexpected() if not word.isidentifier() else clauses.invalid_property(word, "RESOURCE MONITOR")
        reader.accept(",")
    reader.end()
    return found


def _quota(reader: Reader) -> int | None:
    if reader.accept("NULL"):
        return None
    quota = reader.number()
    if quota < 1:
        raise clauses.invalid_value(quota, "CREDIT_QUOTA")
    return quota


def _triggers(reader: Reader) -> list[list[str]]:
    found: list[list[str]] = []
    while reader.accept("ON"):
        percent = reader.number()
        reader.expect("PERCENT", "DO")
        found.append([str(percent), _one_of(reader, _ACTIONS)])
    if not found:
        raise reader.unexpected()
    for action in ("SUSPEND", "SUSPEND_IMMEDIATE"):
        if sum(1 for _, done in found if done == action) > 1:
            raise compilation(2043, "22023", f"A resource monitor has at most one trigger with the action {action}.")
    return found


def _one_of(reader: Reader, words: tuple[str, ...]) -> str:
    word = reader.accept_any(*words)
    if not word:
        raise reader.unexpected()
    return word


def _check_users(context: Context, given: dict[str, object]) -> None:
    named = given.get("notify_users", [])
    assert isinstance(named, list)
    for name in named:
        if context.catalog.find(User, context.session.account, name) is None:
            raise does_not_exist("User", name)


def find(context: Context, name: str) -> ResourceMonitor:
    """The monitor that the session sees under the name, or 002003."""
    found = context.catalog.find(ResourceMonitor, context.session.account, name)
    if found is None or not access.visible(context.catalog, context.session, found):
        raise does_not_exist("Resource monitor", name)
    return found


def alter(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    forgiving = clauses.alter(reader, "ALTER", *_KIND)
    name = reader.identifier()
    reader.accept("SET")
    if reader.at_end() or reader.at(";"):
        raise reader.unexpected()
    given = _properties(reader)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.catalog.find(ResourceMonitor, context.session.account, name) is None:
            return status_result("Statement executed successfully.")
        monitor = find(context, name)
        context.require("MODIFY", monitor)
        _check_users(context, given)
        work.edit(monitor, altered_at=utc_now(), **given)
    return status_result("Statement executed successfully.")


def drop(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    forgiving = clauses.alter(reader, "DROP", *_KIND)
    name = reader.identifier()
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.catalog.find(ResourceMonitor, context.session.account, name) is None:
            return status_result(f"Drop statement executed successfully ({name} already dropped).")
        monitor = find(context, name)
        context.require("OWNERSHIP", monitor)
        for warehouse in context.catalog.all(Warehouse, monitor.account):
            if warehouse.resource_monitor == name:
                work.edit(warehouse, resource_monitor=None)
        for grant in context.catalog.grants(monitor.account):
            if grant.on_id == monitor.id:
                work.unlink(grant)
        work.forget(monitor)
    return status_result(f"{name} successfully dropped.")
