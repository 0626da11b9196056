"""Graphs of tasks: a root, its children in the order in which they run, a finalizer (user-guide/tasks-graphs)."""

from __future__ import annotations

from collections.abc import Iterator

from runner.sandbox.catalog.model import Schema
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.catalog.tasks import Task
from runner.sandbox.errors import SnowflakeError, compilation

MOST_TASKS = 1000
MOST_PREDECESSORS = 100


def neighbours(catalog: Catalog, task: Task) -> list[Task]:
    """All tasks of its schema: a graph does not leave it."""
    schema = catalog.record(task.schema_id)
    assert isinstance(schema, Schema)
    return catalog.objects(schema, Task)


def children(catalog: Catalog, task: Task) -> list[Task]:
    """Those that run after it, by name."""
    return sorted((t for t in neighbours(catalog, task) if task.name in t.predecessors), key=lambda one: one.name)


def finalizer(catalog: Catalog, root: Task) -> Task | None:
    return next((t for t in neighbours(catalog, root) if t.finalizes == root.name), None)


def parents(catalog: Catalog, task: Task) -> list[Task]:
    named = {t.name: t for t in neighbours(catalog, task)}
    wanted = [*task.predecessors, *([task.finalizes] if task.finalizes else [])]
    return [named[name] for name in wanted if name in named]


def root_of(catalog: Catalog, task: Task) -> Task:
    """The task at the head of its graph; a task alone is its own."""
    seen = {task.id}
    while above := [one for one in parents(catalog, task) if one.id not in seen]:
        task = above[0]
        seen.add(task.id)
    return task


def in_order(catalog: Catalog, root: Task) -> list[Task]:
    """Root and children, each after all that it waits for; the finalizer is not among them."""
    found: list[Task] = [root]
    reached = {root.name}
    pending = list(_below(catalog, root))
    while pending:
        ready = [t for t in pending if set(t.predecessors) & _names(pending) <= set()]
        if not ready:
            break
        found += ready
        reached |= _names(ready)
        pending = [t for t in pending if t.name not in reached]
    return found


def _names(tasks: list[Task]) -> set[str]:
    return {task.name for task in tasks}


def _below(catalog: Catalog, root: Task) -> Iterator[Task]:
    seen: set[int] = {root.id}
    pending = [root]
    while pending:
        for child in children(catalog, pending.pop()):
            if child.id not in seen:
                seen.add(child.id)
                pending.append(child)
                yield child


def check(catalog: Catalog, task: Task) -> None:
    """No circle, no second root, not too many (user-guide/tasks-graphs, considerations)."""
    if len(task.predecessors) > MOST_PREDECESSORS:
        raise compilation(93100, "22023", f"A task has at most {MOST_PREDECESSORS} predecessors.")
    seen: set[str] = set()
    pending = list(task.predecessors)
    named = {t.name: t for t in neighbours(catalog, task) if t.name != task.name}
    while pending:
        name = pending.pop()
        if name == task.name:
            raise compilation(
                93104, "22023", f"Task {task.name} would wait for itself: a graph of tasks has no circle."
            )
        if name not in seen:
            seen.add(name)
            pending += named[name].predecessors if name in named else []
    if len(seen) >= MOST_TASKS:
        raise compilation(93103, "22023", f"A graph has at most {MOST_TASKS} tasks.")


def refuse_running(catalog: Catalog, task: Task) -> None:
    """A graph is changed only while its root is suspended."""
    root = root_of(catalog, task)
    if root.started and root is not task:
        raise not_suspended(catalog, root)


def not_suspended(catalog: Catalog, root: Task) -> SnowflakeError:
    name = ".".join(catalog.full_name(root))
    return SnowflakeError(
        91421, "0A000", f"Unable to update graph with root task {name} since that root task is not suspended."
    )
