"""What became of each run of a task: TASK_HISTORY. Kept in memory and in `<root>/tasks.jsonl`, the latest of them."""

from __future__ import annotations

import json
import logging
import threading
from collections import deque
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from runner.sandbox.classes import dataclass

FILE = "tasks.jsonl"
MOST = 10_000
_INSTANTS = ("scheduled_at", "started_at", "completed_at")
_log = logging.getLogger("runner.sandbox")


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run. `state` is SUCCEEDED, FAILED or SKIPPED."""

    account: str
    task_id: int
    name: str
    database: str
    schema: str
    state: str
    scheduled_at: datetime
    started_at: datetime | None
    completed_at: datetime
    query_id: str | None
    query_text: str
    condition: str | None
    error_code: str | None
    error_message: str | None
    return_value: str | None
    root_id: int
    run_id: int
    """The graph's run: the moment it was scheduled for, in milliseconds."""
    attempt: int
    config: str | None
    scheduled_from: str
    """SCHEDULE or EXECUTE TASK."""


class Runs:
    """The latest runs, the newest first."""

    def __init__(self, root: Path | None) -> None:
        self._file = root / FILE if root is not None else None
        self._mutex = threading.Lock()
        self._runs: deque[Run] = deque(self._read(), maxlen=MOST)

    def _read(self) -> list[Run]:
        if self._file is None or not self._file.exists():
            return []
        found = []
        for line in self._file.read_text().splitlines()[-MOST:]:
            try:
                found.append(_revived(json.loads(line)))
            except (ValueError, TypeError):  # A line that a killed process left half-written.
                _log.warning("a line of %s is no run of a task", self._file)
        return found

    def add(self, run: Run) -> None:
        with self._mutex:
            self._runs.append(run)
            if self._file is not None:
                with self._file.open("a") as file:
                    file.write(json.dumps(asdict(run), default=datetime.isoformat) + "\n")

    def of(self, account: str) -> list[Run]:
        with self._mutex:
            return [run for run in reversed(self._runs) if run.account == account]


def _revived(plain: dict[str, Any]) -> Run:
    instants = {name: plain[name] and datetime.fromisoformat(plain[name]) for name in _INSTANTS}
    return Run(**{**plain, **instants})
