"""The statement that makes a task, as GET_DDL gives it."""

from __future__ import annotations

from runner.sandbox.catalog.tasks import Task
from runner.sandbox.ddl.names import listed
from runner.sandbox.tokens import quote_string


def task_ddl(task: Task, name: str) -> str:
    """The statement that makes the task."""
    lines = [f"create or replace task {name}"]
    given = {
        "warehouse": task.warehouse,
        "schedule": _text(task.schedule),
        "finalize": _text(task.finalizes),
        "config": _text(task.config),
        "allow_overlapping_execution": "TRUE" if task.overlapping else None,
        "user_task_managed_initial_warehouse_size": _text(task.size),
        "user_task_timeout_ms": task.timeout_ms,
        "suspend_task_after_num_failures": task.suspend_after_failures,
        "task_auto_retry_attempts": task.retry_attempts,
        "error_integration": task.error_integration,
        "success_integration": task.success_integration,
        **{key.lower(): _text(value) for key, value in task.parameters.items()},
        "comment": _text(task.comment),
    }
    lines += [f"\t{key}={value}" for key, value in given.items() if value is not None]
    lines += [f"\tafter {listed(task.predecessors)}"] if task.predecessors else []
    lines += [f"\twhen {task.condition}"] if task.condition else []
    return "\n".join([*lines, f"\tas {task.definition};"])


def _text(value: str | None) -> str | None:
    return None if value is None else quote_string(value)
