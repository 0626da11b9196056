"""Running tasks: each in a session of its own with its owner's rights, one after the other, never side by side.

A child runs when all that it waits for have succeeded; one that is suspended counts as done, one whose WHEN is false is
skipped and so is what waits for it (user-guide/tasks-graphs). The finalizer runs after all, whatever became of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import field
from datetime import datetime
from functools import partial

from runner.sandbox import access, parameters
from runner.sandbox.catalog.model import Schema
from runner.sandbox.catalog.replication import secondary_of
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.catalog.tasks import Task
from runner.sandbox.classes import dataclass
from runner.sandbox.derived import alerting, refreshing, replicating
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.kernel import Kernel
from runner.sandbox.session import Session, TaskRun
from runner.sandbox.tasks import graph, schedule, triggers
from runner.sandbox.tasks.runs import Run

USER = "SYSTEM"
SUCCEEDED, FAILED, SKIPPED = "SUCCEEDED", "FAILED", "SKIPPED"


@dataclass
class _GraphRun:
    """One run of a graph: what became of each task so far."""

    kernel: Kernel
    root: Task
    scheduled_at: datetime
    cause: str
    config: str | None
    attempt: int = 1
    states: dict[str, str] = field(default_factory=dict)
    returned: dict[str, str] = field(default_factory=dict)


def run_graph(kernel: Kernel, root: Task, scheduled_at: datetime, cause: str, config: str | None = None) -> bool:
    """The root and all that wait for it; whether all went well. Failed ones are tried again as the root says."""
    run = _GraphRun(kernel, root, scheduled_at, cause, config or root.config)
    attempts = 1 + _setting(kernel, root, "TASK_AUTO_RETRY_ATTEMPTS")
    for attempt in range(1, attempts + 1):
        run.attempt = attempt
        _attempt(run)
        if FAILED not in run.states.values():
            break
    last = graph.finalizer(kernel.catalog, root)
    if last is not None and last.started:
        _one(run, last)
    good = FAILED not in run.states.values()
    _count(kernel, root, good)
    return good


def _attempt(run: _GraphRun) -> None:
    for task in graph.in_order(run.kernel.catalog, run.root):
        if run.states.get(task.name) == SUCCEEDED:
            continue
        if task is not run.root and not task.started:
            run.states[task.name] = SUCCEEDED
        elif all(run.states.get(name, SUCCEEDED) == SUCCEEDED for name in task.predecessors):
            run.states[task.name] = _one(run, task)
        else:
            run.states[task.name] = SKIPPED


def _one(run: _GraphRun, task: Task) -> str:
    """One task; its outcome, which is also remembered."""
    kernel = run.kernel
    session = _session(kernel, task)
    session.task = TaskRun(
        name=task.name,
        root=run.root.name,
        config=run.config,
        returned=run.returned,
        predecessors=tuple(task.predecessors),
        states=run.states,
        scheduled_at=run.scheduled_at,
    )
    started, query_id, error, state = utc_now(), None, None, SUCCEEDED
    try:
        _require_right(kernel, task, session)
        if task.condition and not _holds(kernel, session, task.condition):
            state = SKIPPED
        else:
            query_id = kernel.new_query_id()
            kernel.execute(session, task.definition, query_id=query_id)
    except SnowflakeError as refusal:
        error, state = refusal, FAILED
    finally:
        value = session.task.value
        kernel.logout(session)
    if value is not None:
        run.returned[task.name] = value
    database, schema, _ = kernel.catalog.full_name(task)
    kernel.runs.add(
        Run(
            account=task.account,
            task_id=task.id,
            name=task.name,
            database=database,
            schema=schema,
            state=state,
            scheduled_at=run.scheduled_at,
            started_at=started if state != SKIPPED else None,
            completed_at=utc_now(),
            query_id=query_id,
            query_text=task.definition,
            condition=task.condition,
            error_code=error.code if error else None,
            error_message=error.message
            if error
            else "Conditional expression for task evaluated to false."
            if state == SKIPPED
            else None,
            return_value=value,
            root_id=run.root.id,
            run_id=int(run.scheduled_at.timestamp() * 1000),
            attempt=run.attempt,
            config=run.config,
            scheduled_from=run.cause,
        )
    )
    return state


def _session(kernel: Kernel, task: Task) -> Session:
    """A session of the system in the owner's role, where the task lives."""
    schema = kernel.catalog.record(task.schema_id)
    assert isinstance(schema, Schema)
    database = kernel.catalog.record(schema.database_id).name
    session = kernel.login(task.account, USER, task.owner, task.warehouse, database, schema.name)
    session.parameters.update(task.parameters)
    limit = parameters.of_record(kernel.catalog, task, "USER_TASK_TIMEOUT_MS")
    if limit.level:
        session.parameters["STATEMENT_TIMEOUT_IN_SECONDS"] = str(max(1, int(limit.value) // 1000))
    return session


def _setting(kernel: Kernel, task: Task, name: str) -> int:
    """A number that the task sets, or its schema, its database or its account."""
    return int(parameters.of_record(kernel.catalog, task, name).value)


def _holds(kernel: Kernel, session: Session, condition: str) -> bool:
    return bool(kernel.execute(session, f"SELECT {condition}").scalar())


def _require_right(kernel: Kernel, task: Task, session: Session) -> None:
    """The owner may execute tasks (sql-reference/sql/create-task, access control requirements)."""
    catalog = kernel.catalog
    wanted = ["EXECUTE TASK"] if task.warehouse else ["EXECUTE TASK", "EXECUTE MANAGED TASK"]
    for privilege in wanted:
        if not access.has_account(catalog, session, privilege):
            raise no_right(privilege)


def no_right(privilege: str) -> SnowflakeError:
    return SnowflakeError(91089, "23001", f"Cannot execute task , {privilege} privilege must be granted to owner role")


def _count(kernel: Kernel, root: Task, good: bool) -> None:
    """Failures one after the other suspend the root, where it says so."""
    if kernel.catalog.records.get(root.id) is not root or root.dropped_at is not None:
        return
    failures = 0 if good else root.failures + 1
    most = _setting(kernel, root, "SUSPEND_TASK_AFTER_NUM_FAILURES")
    changes: dict[str, object] = {"failures": failures}
    if most and failures >= most and root.started:
        changes |= {
            "started": False,
            "next_at": None,
            "last_suspended_at": utc_now(),
            "suspended_reason": "SUSPENDED_DUE_TO_ERRORS",
        }
    if failures != root.failures or len(changes) > 1:
        with kernel.catalog.work() as work:
            work.edit(root, **changes)


class Scheduler:
    """Runs what is due. One at a time: who asks meanwhile comes back with nothing done."""

    def __init__(self) -> None:
        self._busy = threading.Lock()

    def next_due(self, kernel: Kernel) -> tuple[datetime, Callable[[datetime], object]] | None:
        """What is due first, and how it is started."""
        found: list[tuple[datetime, int, Callable[[datetime], object]]] = [
            (record.next_at, record.id, partial(self.start, kernel, record, record.next_at))
            for record in list(kernel.catalog.records.values())
            if isinstance(record, Task) and record.started and record.next_at and record.dropped_at is None
            if secondary_of(kernel.catalog.records, record) is None
            if not triggers.is_triggered(record) or triggers.may_run(kernel.catalog, record)
        ]
        if (table := refreshing.first_due(kernel)) is not None:
            at, dynamic = table
            found.append((at, dynamic.id, lambda _: refreshing.refresh(kernel, dynamic, "SCHEDULED")))
        if (alert := alerting.first_due(kernel)) is not None:
            found.append((alert[0], alert[1].id, partial(alerting.start, kernel, alert[1], alert[0])))
        if (group := replicating.first_due(kernel)) is not None:
            found.append((group[0], group[1].id, partial(replicating.start, kernel, group[1], group[0])))
        first = min(found, key=lambda one: one[:2], default=None)
        return None if first is None else (first[0], first[2])

    def run_due(self, kernel: Kernel, now: datetime) -> int:
        """Everything that was due by now, once each, however often it was due; how many ran."""
        if not self._busy.acquire(blocking=False):
            return 0
        count = 0
        try:
            while (due := self.next_due(kernel)) is not None and due[0] <= now:
                due[1](now)
                count += 1
        finally:
            self._busy.release()
        return count

    @staticmethod
    def start(kernel: Kernel, task: Task, at: datetime, now: datetime) -> None:
        """A scheduled run; the next one is set first, so that no run comes twice after a kill."""
        triggered = triggers.is_triggered(task)
        following = max(now, utc_now()) + triggers.PAUSE if triggered else _following(task, at, now)
        with kernel.catalog.work() as work:
            work.edit(task, next_at=following)
        run_graph(kernel, task, utc_now() if triggered else at, "TRIGGER" if triggered else "SCHEDULE")


def _following(task: Task, at: datetime, now: datetime) -> datetime | None:
    """When a task that was due at an instant is due again, after now."""
    plan = schedule.parse(task.schedule or "")
    following = plan.after(at)
    while following is not None and following <= now:
        following = plan.after(following)
    return following
