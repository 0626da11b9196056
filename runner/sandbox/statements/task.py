"""CREATE, ALTER, DROP and EXECUTE TASK (sql-reference/sql/create-task, alter-task, drop-task, execute-task)."""

from __future__ import annotations

from functools import partial

from runner.sandbox import access, resolve
from runner.sandbox.catalog.model import Schema, Warehouse
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.catalog.tasks import Task
from runner.sandbox.context import Context
from runner.sandbox.ddl import create_task
from runner.sandbox.ddl.create_task import TaskText
from runner.sandbox.ddl.header import read_header
from runner.sandbox.errors import SnowflakeError, compilation, does_not_exist, unsupported
from runner.sandbox.query.binding import bound_names
from runner.sandbox.result import Result, status_result
from runner.sandbox.session import Session
from runner.sandbox.statements import objects
from runner.sandbox.statements.dropping import dropping
from runner.sandbox.tasks import graph, running, schedule, triggers
from runner.sandbox.tokens import Reader


def create(context: Context, text: str) -> Result:
    reader = Reader(bound_names(context, text))
    header = read_header(reader, "TASK", or_alter=True)
    parts = reader.name()
    given = _cloned(context, reader) if reader.accept("CLONE") else create_task.read_create(reader)
    _check_alone(given)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        schema, name = context.target(parts)
        may = partial(context.require, "CREATE TASK", schema)
        old = objects.standing(context, header, context.catalog.object(schema, Task, name), Task, parts, may)
        if old is not None and header.if_not_exists:
            return objects.left_alone(name)
        if old is not None:
            context.require("OWNERSHIP", old)
            graph.refuse_running(context.catalog, old)
        _check_names(context, schema, name, given)
        if old is not None and header.or_alter:
            _refuse_started(context, old)
            fields = create_task.DEFAULTS | given.fields
            work.edit(old, altered_at=utc_now(), parameters=given.parameters, **fields)
            graph.check(context.catalog, old)
        else:
            task = Task(
                account=schema.account,
                name=name,
                owner=objects.owner(context),
                created_at=utc_now(),
                schema_id=schema.id,
                parameters=given.parameters,
                **given.fields,  # type: ignore[arg-type]
            )
            if old is not None:
                objects.remove(work, old)
            objects.install(context, work, task, None)
            graph.check(context.catalog, task)
            _refuse_running_parents(context, task)
    return objects.created("Task", name)


def _cloned(context: Context, reader: Reader) -> TaskText:
    source = context.get(Task, reader.name(), "CLONE")
    reader.end()
    context.require("OWNERSHIP", source)
    fields = {name: getattr(source, name) for name in (*create_task.DEFAULTS, "definition")}
    return TaskText(fields=fields, parameters=dict(source.parameters))


def _check_alone(given: TaskText) -> None:
    fields = given.fields
    if fields.get("predecessors") and fields.get("schedule"):
        raise compilation(93105, "42601", "A task with AFTER has no SCHEDULE.")
    if fields.get("finalizes") and (fields.get("predecessors") or fields.get("schedule")):
        raise compilation(93106, "42601", "A finalizer task has neither AFTER nor SCHEDULE.")
    if fields.get("warehouse") and fields.get("size"):
        raise compilation(93107, "42601", "A task has a WAREHOUSE or a USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE.")


def _check_names(context: Context, schema: Schema, name: str, given: TaskText) -> None:
    """The warehouse and the other tasks are there."""
    warehouse = given.fields.get("warehouse")
    if isinstance(warehouse, str):
        found = context.catalog.find(Warehouse, context.session.account, warehouse)
        if found is None or not access.visible(context.catalog, context.session, found):
            raise does_not_exist("Warehouse", warehouse)
        context.require("USAGE", found)
    others = {task.name: task for task in context.catalog.objects(schema, Task)}
    predecessors = given.fields.get("predecessors")
    wanted = list(predecessors) if isinstance(predecessors, list) else []
    if isinstance(finalized := given.fields.get("finalizes"), str):
        wanted.append(finalized)
        if any(t.finalizes == finalized and t.name != name for t in others.values()):
            raise compilation(93108, "0A000", f"Task {finalized} has a finalizer already.")
    for each in wanted:
        if each not in others:
            raise does_not_exist("Task", each)
        context.require("OWNERSHIP", others[each])


def _refuse_running_parents(context: Context, task: Task) -> None:
    for parent in graph.parents(context.catalog, task):
        root = graph.root_of(context.catalog, parent)
        if root.started:
            raise graph.not_suspended(context.catalog, root)


def _refuse_started(context: Context, task: Task) -> None:
    """A task that is changed is suspended, and so is the root of its graph."""
    graph.refuse_running(context.catalog, task)
    if task.started and not task.predecessors:
        raise graph.not_suspended(context.catalog, task)


def alter(context: Context, text: str) -> Result:
    reader = Reader(bound_names(context, text))
    reader.expect("ALTER", "TASK")
    if_exists = reader.accept("IF", "EXISTS")
    parts = reader.name()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if if_exists and context.find(Task, parts) is None:
            return status_result(objects.DONE)
        task = context.writable(Task, parts)
        if word := reader.accept_any("RESUME", "SUSPEND"):
            reader.end()
            _operate(context, work, task, resume=word == "RESUME")
        else:
            context.require("OWNERSHIP", task)
            _change(context, work, reader, task)
    return status_result(objects.DONE)


def _operate(context: Context, work: Work, task: Task, *, resume: bool) -> None:
    held = access.held(context.catalog, context.session, task)
    if not held & {"OWNERSHIP", "OPERATE"}:
        context.require("OPERATE", task)
    graph.refuse_running(context.catalog, task)
    if resume:
        resumed(context, work, task)
    else:
        work.edit(task, started=False, next_at=None, last_suspended_at=utc_now(), suspended_reason="USER_SUSPENDED")


def resumed(context: Context, work: Work, task: Task) -> None:
    """The task is started; a root with a schedule is due from now on."""
    _require_owner_may(context, task)
    triggered = triggers.is_triggered(task)
    if not (triggered or task.schedule or task.predecessors or task.finalizes):
        raise compilation(93101, "0A000", f"Task {task.name} cannot be resumed: it has no SCHEDULE, AFTER or FINALIZE.")
    now = utc_now()
    due = schedule.parse(task.schedule).after(now) if task.schedule else now if triggered else None
    work.edit(task, started=True, next_at=due, last_committed_at=now, failures=0, suspended_reason=None)


def _require_owner_may(context: Context, task: Task) -> None:
    """sql-reference/sql/alter-task: the owner must hold EXECUTE TASK when the task is resumed."""
    owner = _as_owner(context, task)
    for privilege in ["EXECUTE TASK"] if task.warehouse else ["EXECUTE TASK", "EXECUTE MANAGED TASK"]:
        if not access.has_account(context.catalog, owner, privilege):
            raise running.no_right(privilege)


def _as_owner(context: Context, task: Task) -> Session:
    asker = context.session
    return Session(id=asker.id, account=task.account, user="SYSTEM", role=task.owner, created_at=asker.created_at)


def _change(context: Context, work: Work, reader: Reader, task: Task) -> None:
    if reader.accept("RENAME"):
        raise unsupported("ALTER TASK … RENAME: Snowflake has none")
    _refuse_started(context, task)
    fields = _changes(context, reader, task)
    reader.end()
    given = TaskText(fields={**{n: getattr(task, n) for n in create_task.DEFAULTS}, **fields})
    _check_alone(given)
    schema = context.catalog.record(task.schema_id)
    assert isinstance(schema, Schema)
    _check_names(context, schema, task.name, TaskText(fields=fields))
    work.edit(task, altered_at=utc_now(), **fields)
    graph.check(context.catalog, task)


def _changes(context: Context, reader: Reader, task: Task) -> dict[str, object]:
    if reader.accept("ADD", "AFTER"):
        return {"predecessors": list(dict.fromkeys([*task.predecessors, *create_task.names(reader)]))}
    if reader.accept("REMOVE", "AFTER"):
        gone = create_task.names(reader)
        return {"predecessors": [name for name in task.predecessors if name not in gone]}
    if reader.accept("REMOVE", "WHEN"):
        return {"condition": None}
    if reader.accept("MODIFY", "AS"):
        return {"definition": create_task.definition(reader)}
    if reader.accept("MODIFY", "WHEN"):
        return {"condition": create_task.condition(reader)}
    if reader.accept("UNSET"):
        return _unset(reader, task)
    reader.expect("SET")
    text = TaskText()
    while not reader.at_end() and not reader.at(";"):
        create_task.read_property(reader, text)
    if text.parameters:
        text.fields["parameters"] = {**task.parameters, **text.parameters}
    if not text.fields:
        raise reader.unexpected()
    del context
    return text.fields


def _unset(reader: Reader, task: Task) -> dict[str, object]:
    found: dict[str, object] = {}
    parameters = dict(task.parameters)
    while True:
        word = reader.next().word
        if word in create_task.UNSET:
            name = create_task.UNSET[word]
            found[name] = create_task.DEFAULTS[name]
        elif word in parameters:
            parameters.pop(word)
            found["parameters"] = parameters
        else:
            raise reader.unexpected(-1)
        if not reader.accept(","):
            return found


def _let_go(context: Context, work: Work, task: Task) -> None:
    """Its children and its finalizer lose it; not while the graph runs."""
    graph.refuse_running(context.catalog, task)
    for child in graph.children(context.catalog, task):
        work.edit(child, predecessors=[name for name in child.predecessors if name != task.name])
    if (last := graph.finalizer(context.catalog, task)) is not None:
        work.edit(last, finalizes=None)


drop = dropping("TASK", Task, _let_go)


def execute(context: Context, text: str) -> Result:
    """EXECUTE TASK: the graph runs before the statement answers; what went wrong in it stands in TASK_HISTORY."""
    reader = Reader(bound_names(context, text))
    reader.expect("EXECUTE", "TASK")
    parts = reader.name()
    again = reader.accept("RETRY", "LAST")
    config = None
    if reader.accept("USING", "CONFIG", "="):
        config = reader.string()
    reader.end()
    if again:
        raise unsupported("EXECUTE TASK … RETRY LAST")
    task = context.writable(Task, parts, "EXECUTE")
    held = access.held(context.catalog, context.session, task)
    if not held & {"OWNERSHIP", "OPERATE"}:
        context.require("OPERATE", task)
    if task.predecessors or task.finalizes:
        name = ".".join(context.catalog.full_name(task))
        raise SnowflakeError(
            91420, "0A000", f"Cannot execute task {name}: only the root task of a graph can be executed."
        )
    _require_owner_may(context, task)
    context.commit_for_ddl()
    running.run_graph(context.engine, task, utc_now(), "EXECUTE TASK", config)
    return status_result(
        f"Task {resolve.display(context.catalog, context.session, parts)} is scheduled to run immediately."
    )
