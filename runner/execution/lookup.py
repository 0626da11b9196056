"""The fate of statements whose answer was lost, from the account's own query history; never by sending them again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from runner.connection.session import Session
from runner.core.history import StatementRow, StatementState
from runner.core.names import ObjectName
from runner.execution.tags import Tag, read_tag
from runner.sql.composing import compose

_BY_SESSION = """SELECT QUERY_TAG, QUERY_ID, EXECUTION_STATUS, ERROR_CODE, ERROR_MESSAGE, ROWS_PRODUCED,
    TOTAL_ELAPSED_TIME FROM TABLE({schema:i}.QUERY_HISTORY_BY_SESSION(SESSION_ID => {session:d}, RESULT_LIMIT => 10000))
    WHERE QUERY_TAG LIKE {run:s} ORDER BY START_TIME"""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one statement: SUCCESS, FAIL or RUNNING."""

    tag: Tag
    query_id: str
    status: str
    error_code: int | None
    error: str
    rows: int | None
    milliseconds: int | None

    @property
    def running(self) -> bool:
        return self.status not in ("SUCCESS", "FAIL", "FAILED_WITH_ERROR", "FAILED_WITH_INCIDENT")

    def row(self, rank: int, line: int) -> StatementRow:
        state = StatementState.SUCCESS if self.status == "SUCCESS" else StatementState.FAILED
        return StatementRow(
            run_id=self.tag.run_id, script=self.tag.script, installed_rank=rank, ordinal=self.tag.ordinal,
            sha256=self.tag.sha256, line=line, query_id=self.query_id, state=state, row_count=self.rows,
            execution_time=self.milliseconds, error_code=self.error_code, error_message=self.error,
        )  # fmt: skip


def fates(control: Session, database: str, sessions: Iterable[int], run_id: str, script: str) -> dict[int, Fate]:
    """The last known fate of each statement that a run sent for a script, by ordinal.

    Source: TABLE(INFORMATION_SCHEMA.QUERY_HISTORY_BY_SESSION) (docs: sql-reference/functions/query_history), near real
    time, seven days back.
    """
    found: dict[int, Fate] = {}
    for session in sessions:
        sentence = compose(
            _BY_SESSION,
            schema=ObjectName.of(database, "INFORMATION_SCHEMA"),
            session=session,
            run=f'%"run":"{run_id}"%',
        )
        for fate in map(_fate, control.execute(sentence).rows):
            if fate is not None and fate.tag.run_id == run_id and fate.tag.script == script:
                found[fate.tag.ordinal] = fate
    return found


def _fate(row: Sequence[Any]) -> Fate | None:
    text, query_id, status, code, message, produced, elapsed = row
    tag = read_tag(str(text or ""))
    if tag is None:
        return None
    number = int(code) if str(code or "").lstrip("-").isdigit() else None
    return Fate(tag, query_id, str(status), number, str(message or ""), _whole(produced), _whole(elapsed))


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
