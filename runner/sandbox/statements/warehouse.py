"""CREATE, ALTER and DROP of WAREHOUSE (sql-reference/sql/create-warehouse, alter-warehouse).

The sandbox computes in one process: a warehouse is a name with rights, a size that is charged for, and a state that
lets statements run or not. Clusters, types and accelerations are stored only.
"""

from __future__ import annotations

from collections.abc import Mapping

from runner.sandbox import access, warehouses
from runner.sandbox.catalog.derived import ResourceMonitor
from runner.sandbox.catalog.model import Warehouse
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, already_exists, does_not_exist
from runner.sandbox.law import clauses
from runner.sandbox.result import Result, status_result
from runner.sandbox.tokens import Kind, Reader

_SIZES = {
    "XSMALL": "X-Small",
    "SMALL": "Small",
    "MEDIUM": "Medium",
    "LARGE": "Large",
    "XLARGE": "X-Large",
    "XXLARGE": "2X-Large",
    "X2LARGE": "2X-Large",
    "2XLARGE": "2X-Large",
    "XXXLARGE": "3X-Large",
    "X3LARGE": "3X-Large",
    "3XLARGE": "3X-Large",
    "X4LARGE": "4X-Large",
    "4XLARGE": "4X-Large",
    "X5LARGE": "5X-Large",
    "5XLARGE": "5X-Large",
    "X6LARGE": "6X-Large",
    "6XLARGE": "6X-Large",
}


def _size(reader: Reader) -> str:
    token = reader.next()
    name = _SIZES.get(token.text.upper().replace("-", ""))
    if name is None or token.kind is Kind.END:
        raise clauses.invalid_value(token.text, "WAREHOUSE_SIZE")
    return name


def _count(reader: Reader) -> int:
    return reader.number()


def _one_of(*allowed: str) -> clauses.Value:
    def read(reader: Reader) -> str:
        token = reader.next()
        if token.text.upper() not in allowed:
            raise clauses.invalid_value(token.text, " or ".join(allowed))
        return token.text.upper()

    return read


def _plain(reader: Reader) -> str:
    return reader.next().text.upper()


def _monitor(reader: Reader) -> str | None:
    return clauses.name(reader)


_KNOWN: dict[str, clauses.Value] = {
    "AUTO_RESUME": clauses.flag,
    "AUTO_SUSPEND": clauses.number,
    "COMMENT": clauses.text,
    "WAREHOUSE_SIZE": _size,
    "MAX_CLUSTER_COUNT": _count,
    "MIN_CLUSTER_COUNT": _count,
    "SCALING_POLICY": _one_of("STANDARD", "ECONOMY"),
    "WAREHOUSE_TYPE": _one_of("STANDARD", "SNOWPARK-OPTIMIZED"),
    "ENABLE_QUERY_ACCELERATION": clauses.flag,
    "QUERY_ACCELERATION_MAX_SCALE_FACTOR": _count,
    "MAX_CONCURRENCY_LEVEL": _count,
    "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS": _count,
    "STATEMENT_TIMEOUT_IN_SECONDS": _count,
    "RESOURCE_CONSTRAINT": _plain,
    "GENERATION": _one_of("1", "2"),
    "RESOURCE_MONITOR": _monitor,
}
_WAITING: dict[str, clauses.Value] = {"WAIT_FOR_COMPLETION": clauses.flag}
_FIELDS = {
    "AUTO_RESUME": "auto_resume",
    "AUTO_SUSPEND": "auto_suspend",
    "COMMENT": "comment",
    "WAREHOUSE_SIZE": "size",
    "MAX_CLUSTER_COUNT": "max_clusters",
    "MIN_CLUSTER_COUNT": "min_clusters",
    "SCALING_POLICY": "scaling_policy",
    "WAREHOUSE_TYPE": "type",
    "RESOURCE_MONITOR": "resource_monitor",
}
_PROPERTIES = tuple(key for key in _KNOWN if key not in _FIELDS)
_UNSET: dict[str, object] = {
    "auto_resume": True, "auto_suspend": 600, "comment": None, "size": "X-Small", "max_clusters": 1, "min_clusters": 1,
    "scaling_policy": "STANDARD", "type": "STANDARD", "resource_monitor": None,
}  # fmt: skip
_MOST_CLUSTERS = 300


def create(context: Context, text: str) -> Result:
    reader = Reader(text)
    head = clauses.create(reader, "WAREHOUSE")
    name = reader.identifier()
    reader.accept("WITH")
    given = clauses.properties(reader, "WAREHOUSE", _KNOWN | {"INITIALLY_SUSPENDED": clauses.flag})
    context.commit_for_ddl()
    with context.catalog.work() as work:
        existing = context.catalog.find(Warehouse, context.session.account, name)
        access.require_account(context.catalog, context.session, "CREATE WAREHOUSE")
        if existing is not None and head.unless_exists:
            return status_result(f"{name} already exists, statement succeeded.")
        if existing is not None and not head.replace:
            raise already_exists(name)
        if existing is not None:
            _drop(context, work, existing)
        work.add(_new(context, name, given))
    # Whoever makes a warehouse uses it from then on (sql-reference/sql/create-warehouse).
    context.session.warehouse = name
    return status_result(f"Warehouse {name} successfully created.")


def _new(context: Context, name: str, given: Mapping[str, object]) -> Warehouse:
    warehouse = Warehouse(
        account=context.session.account,
        name=name,
        owner=access.owner_for_new(context.catalog, context.session),
        state="SUSPENDED" if given.get("INITIALLY_SUSPENDED") else "STARTED",
        created_at=utc_now(),
    )
    for field, value in _changes(context, warehouse, given).items():
        setattr(warehouse, field, value)
    return warehouse


def _changes(context: Context, warehouse: Warehouse, given: Mapping[str, object]) -> dict[str, object]:
    """The fields that a statement sets, checked together with those that it leaves."""
    seconds = given.get("AUTO_SUSPEND")
    if isinstance(seconds, int) and seconds < 0:
        raise clauses.invalid_value(seconds, "AUTO_SUSPEND")
    found = {_FIELDS[key]: value for key, value in given.items() if key in _FIELDS}
    most, least = found.get("max_clusters", warehouse.max_clusters), found.get("min_clusters", warehouse.min_clusters)
    assert isinstance(most, int), "it was read as a number"
    assert isinstance(least, int), "it was read as a number"
    if not 1 <= least <= most <= _MOST_CLUSTERS:
        raise clauses.invalid_value(most if "MAX_CLUSTER_COUNT" in given else least, "MAX_CLUSTER_COUNT")
    monitor = found.get("resource_monitor")
    if monitor is not None and context.catalog.find(ResourceMonitor, warehouse.account, str(monitor)) is None:
        raise does_not_exist("Resource monitor", str(monitor))
    if monitor is not None or "RESOURCE_MONITOR" in given:
        access.require_account(context.catalog, context.session, "MODIFY RESOURCE MONITOR")
    others = {key: _text(given[key]) for key in _PROPERTIES if key in given}
    return found | ({"properties": warehouse.properties | others} if others else {})


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def alter(context: Context, text: str) -> Result:
    reader = Reader(text)
    forgiving = clauses.alter(reader, "ALTER", "WAREHOUSE")
    at_action = any(reader.at(word) for word in ("SET", "UNSET", "RENAME", "SUSPEND", "RESUME", "ABORT"))
    name = (context.session.warehouse or "") if at_action else reader.identifier()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.catalog.find(Warehouse, context.session.account, name) is None:
            return status_result("Statement executed successfully.")
        _alter(context, work, reader, find(context, name))
    return status_result("Statement executed successfully.")


def _alter(context: Context, work: Work, reader: Reader, warehouse: Warehouse) -> None:
    if reader.accept("RENAME", "TO"):
        _rename(context, work, warehouse, reader)
    elif reader.at("SUSPEND") or reader.at("RESUME"):
        _change_state(context, work, warehouse, reader)
    elif reader.accept("ABORT", "ALL", "QUERIES"):
        reader.end()
        _abort(context, warehouse)
    else:
        context.require("MODIFY", warehouse)
        work.edit(warehouse, altered_at=utc_now(), **_settings(context, warehouse, reader))


def _settings(context: Context, warehouse: Warehouse, reader: Reader) -> dict[str, object]:
    if reader.accept("UNSET"):
        keys = clauses.names(reader, "WAREHOUSE", _KNOWN)
        kept = {key: value for key, value in warehouse.properties.items() if key not in keys}
        return {_FIELDS[key]: _UNSET[_FIELDS[key]] for key in keys if key in _FIELDS} | {"properties": kept}
    reader.expect("SET")
    # A new size is there at once, so that there is nothing to wait for.
    return _changes(context, warehouse, clauses.settings(reader, "WAREHOUSE", _KNOWN | _WAITING))


def _rename(context: Context, work: Work, warehouse: Warehouse, reader: Reader) -> None:
    context.require("OWNERSHIP", warehouse)
    new_name = reader.identifier()
    reader.end()
    if context.catalog.find(Warehouse, warehouse.account, new_name) is not None:
        raise already_exists(new_name)
    work.edit(warehouse, name=new_name, altered_at=utc_now())


def _change_state(context: Context, work: Work, warehouse: Warehouse, reader: Reader) -> None:
    context.require("OPERATE", warehouse)
    resume = reader.accept("RESUME")
    unless = resume and reader.accept("IF", "SUSPENDED")
    if not resume:
        reader.expect("SUSPEND")
    reader.end()
    state = "STARTED" if resume else "SUSPENDED"
    if warehouses.state(context.engine, warehouse) == state:
        if not unless:
            raise _invalid_state(warehouse, state)
        return
    work.edit(warehouse, state=state, **({"resumed_at": utc_now()} if resume else {}))


def _abort(context: Context, warehouse: Warehouse) -> None:
    """ABORT ALL QUERIES: what runs on the warehouse is stopped, save this statement."""
    context.require("OPERATE", warehouse)
    for running in list(context.engine.running.values()):
        mine = running.session.account == warehouse.account and running.session.warehouse == warehouse.name
        if mine and running.control is not context.control:
            context.engine.cancel(running.query_id)


def _invalid_state(warehouse: Warehouse, state: str) -> SnowflakeError:
    word = "suspended" if state == "SUSPENDED" else "resumed"
    return SnowflakeError(90064, "22000", f"Invalid state. Warehouse '{warehouse.name}' cannot be {word}.")


def find(context: Context, name: str) -> Warehouse:
    """The warehouse that the session sees under the name, or 002003."""
    found = context.catalog.find(Warehouse, context.session.account, name)
    if found is None or not access.visible(context.catalog, context.session, found):
        raise does_not_exist("Warehouse", name)
    return found


def drop(context: Context, text: str) -> Result:
    reader = Reader(text)
    forgiving = clauses.alter(reader, "DROP", "WAREHOUSE")
    name = reader.identifier()
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.catalog.find(Warehouse, context.session.account, name) is None:
            return status_result(f"Drop statement executed successfully ({name} already dropped).")
        _drop(context, work, find(context, name))
    return status_result(f"{name} successfully dropped.")


def _drop(context: Context, work: Work, warehouse: Warehouse) -> None:
    context.require("OWNERSHIP", warehouse)
    for grant in context.catalog.grants(warehouse.account):
        if grant.on_id == warehouse.id:
            work.unlink(grant)
    work.forget(warehouse)
