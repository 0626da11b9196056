"""SHOW and DESCRIBE TASKS, TASK_HISTORY and TASK_DEPENDENTS.

Sources: sql-reference/sql/show-tasks, sql-reference/functions/task_history, task_dependents,
sql-reference/account-usage/task_history.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

from runner.sandbox import access
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.catalog.tasks import Task
from runner.sandbox.context import Context
from runner.sandbox.show.inventory import Inventory, Item
from runner.sandbox.show.listing import Listing, found
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row, true
from runner.sandbox.show.tables import common
from runner.sandbox.tasks import graph
from runner.sandbox.tasks.runs import Run

TASK = (
    "created_on time, name, id, database_name, schema_name, owner, comment, warehouse, schedule, predecessors, "
    "state, definition, condition, allow_overlapping_execution, error_integration, last_committed_on time, "
    "last_suspended_on time, owner_role_type, config, budget, task_relations, last_suspended_reason, "
    "success_integration"
)
HISTORY = (
    "QUERY_ID, NAME, DATABASE_NAME, SCHEMA_NAME, QUERY_TEXT, CONDITION_TEXT, STATE, ERROR_CODE, ERROR_MESSAGE, "
    "SCHEDULED_TIME time, QUERY_START_TIME time, NEXT_SCHEDULED_TIME time, COMPLETED_TIME time, ROOT_TASK_ID, "
    "GRAPH_VERSION number, RUN_ID number, RETURN_VALUE, SCHEDULED_FROM, ATTEMPT_NUMBER number, CONFIG, "
    "GRAPH_RUN_GROUP_ID number"
)
USAGE_HISTORY = (
    "NAME, QUERY_TEXT, CONDITION_TEXT, SCHEMA_NAME, TASK_SCHEMA_ID number, DATABASE_NAME, TASK_DATABASE_ID number, "
    "SCHEDULED_TIME time, COMPLETED_TIME time, STATE, RETURN_VALUE, QUERY_ID, QUERY_START_TIME time, ERROR_CODE, "
    "ERROR_MESSAGE, GRAPH_VERSION number, RUN_ID number, ROOT_TASK_ID, SCHEDULED_FROM, ATTEMPT_NUMBER number, CONFIG, "
    "GRAPH_RUN_GROUP_ID number"
)


def number(task_id: int) -> str:
    """A task's id as text, as Snowflake shows it: a UUID."""
    return f"01000000-0000-0000-0000-{task_id:012x}"


def task_row(context: Context, item: Item[Task]) -> Row:
    """One task."""
    task = item.record
    database, schema, _ = item.path
    predecessors = [f"{database}.{schema}.{name}" for name in task.predecessors]
    return common(item) | {
        "id": number(task.id),
        "warehouse": task.warehouse,
        "schedule": task.schedule,
        "predecessors": json.dumps(predecessors),
        "state": "started" if task.started else "suspended",
        "definition": task.definition,
        "condition": task.condition,
        "allow_overlapping_execution": true(task.overlapping),
        "error_integration": task.error_integration,
        "success_integration": task.success_integration,
        "last_committed_on": task.last_committed_at,
        "last_suspended_on": task.last_suspended_at,
        "config": task.config,
        "task_relations": json.dumps(_relations(context, item, predecessors)),
        "last_suspended_reason": task.suspended_reason,
    }


def _relations(context: Context, item: Item[Task], predecessors: list[str]) -> dict[str, object]:
    database, schema, _ = item.path
    relations: dict[str, object] = {"Predecessors": predecessors}
    if item.record.finalizes:
        relations["FinalizedRootTask"] = f"{database}.{schema}.{item.record.finalizes}"
    if (last := graph.finalizer(context.catalog, item.record)) is not None:
        relations["FinalizerTask"] = f"{database}.{schema}.{last.name}"
    return relations


def _tasks(context: Context, request: Request) -> Iterator[Row]:
    return (task_row(context, item) for item in found(context, request, Task))


LISTINGS: dict[tuple[str, ...], Listing] = {
    ("TASKS",): Listing(TASK, _tasks, terse="created_on time, name, kind, database_name, schema_name, schedule, state")
}


def _sees(context: Context, run: Run) -> bool:
    """Who owns, monitors or operates the task sees its runs; a task that is gone is ACCOUNTADMIN's to see."""
    catalog, session = context.catalog, context.session
    task = catalog.records.get(run.task_id)
    if task is None:
        return access.has_account(catalog, session, "MONITOR EXECUTION")
    held = access.held(catalog, session, task)
    return bool(held & {"OWNERSHIP", "MONITOR", "OPERATE"}) or access.has_account(catalog, session, "MONITOR EXECUTION")


def runs(context: Context) -> Iterator[Row]:
    """Every run that the session may see, the newest first."""
    return (_run(run) for run in context.engine.runs.of(context.session.account) if _sees(context, run))


def _run(run: Run) -> Row:
    return {
        "QUERY_ID": run.query_id,
        "NAME": run.name,
        "DATABASE_NAME": run.database,
        "SCHEMA_NAME": run.schema,
        "QUERY_TEXT": run.query_text,
        "CONDITION_TEXT": run.condition,
        "STATE": run.state,
        "ERROR_CODE": run.error_code,
        "ERROR_MESSAGE": run.error_message,
        "SCHEDULED_TIME": run.scheduled_at,
        "QUERY_START_TIME": run.started_at,
        "COMPLETED_TIME": run.completed_at,
        "ROOT_TASK_ID": number(run.root_id),
        "GRAPH_VERSION": 1,
        "RUN_ID": run.run_id,
        "RETURN_VALUE": run.return_value,
        "SCHEDULED_FROM": run.scheduled_from,
        "ATTEMPT_NUMBER": run.attempt,
        "CONFIG": run.config,
        "GRAPH_RUN_GROUP_ID": run.run_id,
    }


def scheduled(context: Context) -> Iterator[Row]:
    """The runs that are still to come: one for each started root task, within eight days."""
    for item in _every(context):
        task = item.record
        if task.started and task.schedule and task.next_at and task.next_at <= utc_now() + timedelta(days=8):
            database, schema, name = item.path
            yield {
                "NAME": name,
                "DATABASE_NAME": database,
                "SCHEMA_NAME": schema,
                "QUERY_TEXT": task.definition,
                "CONDITION_TEXT": task.condition,
                "STATE": "SCHEDULED",
                "SCHEDULED_TIME": task.next_at,
                "ROOT_TASK_ID": number(task.id),
                "GRAPH_VERSION": 1,
                "RUN_ID": int(task.next_at.timestamp() * 1000),
                "SCHEDULED_FROM": "SCHEDULE",
                "CONFIG": task.config,
            }


def _every(context: Context) -> Iterator[Item[Task]]:
    inventory = Inventory(context.catalog, context.session)
    for database in inventory.databases():
        yield from inventory.all(Task, database)


def dependents(context: Context, task: Task, *, recursive: bool) -> Iterator[Row]:
    """TASK_DEPENDENTS: the task, and those that wait for it."""
    seen: dict[int, Task] = {task.id: task}
    pending = [task]
    while pending:
        for child in graph.children(context.catalog, pending.pop()):
            if child.id not in seen:
                seen[child.id] = child
                pending += [child] if recursive else []
    wanted = set(seen)
    return (task_row(context, item) for item in _every(context) if item.record.id in wanted)
