"""Asynchronous child jobs: started by ASYNC, looked at only after AWAIT.

A job runs to its end where it is started; what it gave, or how it failed, is told by the AWAIT that waits for it.

Sources: developer-guide/snowflake-scripting/asynchronous-child-jobs,
sql-reference/snowflake-scripting/{await,cancel}.
"""

from __future__ import annotations

from collections.abc import Callable

from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError, compilation, unsupported
from runner.sandbox.result import Result
from runner.sandbox.scripting.source import Sql

BEYOND_HANDLERS = frozenset({603, 604, 605, 630, 390104, 390111, 390112, 390114})
"""Cancelled, timed out, session gone: no handler may keep such a script alive."""
_TRANSACTIONAL = ("BEGIN", "START", "COMMIT", "ROLLBACK")


@dataclass(slots=True)
class Job:
    """A child job that has run; until somebody awaited it, nobody may see what it gave."""

    result: Result | None = None
    error: SnowflakeError | None = None
    awaited: bool = False

    def wait(self) -> Result:
        """What it gave; its failure is raised at each AWAIT that waits for it."""
        self.awaited = True
        if self.error is not None:
            raise self.error
        assert self.result is not None
        return self.result


def start(run: Callable[[str], Result], text: str) -> Job:
    """Runs the statement. Only what ends the whole script is raised at once."""
    try:
        return Job(result=run(text))
    except SnowflakeError as error:
        if error.errno in BEYOND_HANDLERS:
            raise
        return Job(error=error)


def wait_for_all(jobs: list[Job]) -> None:
    """The failure of the first job that failed, if one did; after it none of them is waited for again."""
    waiting = [job for job in jobs if not job.awaited]
    jobs.clear()
    for job in waiting:
        job.awaited = True
    failed = next((job for job in waiting if job.error is not None), None)
    if failed is not None:
        failed.wait()


def refuse_transactions(sql: Sql) -> Sql:
    """A child job has no part in the transactions of its script; it may not begin or end one here."""
    if sql.tokens[0].word in _TRANSACTIONAL:
        raise unsupported(f"{sql.tokens[0].word} in an asynchronous child job")
    return sql


def not_awaited(name: str) -> SnowflakeError:
    return compilation(904, "42000", f"RESULTSET '{name}' has an asynchronous query that was not awaited.")
