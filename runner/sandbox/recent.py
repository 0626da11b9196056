"""Results of late, for RESULT_SCAN and LAST_QUERY_ID: bounded by bytes, the oldest go first."""

from __future__ import annotations

import threading
from collections.abc import Callable

from runner.sandbox import pages
from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.result import Result

MAX_BYTES = 256 * 1024 * 1024
MAX_ON_DISK = 4 * 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose result it is: the user that ran the statement, and the owner with whose rights it ran in a procedure."""

    account: str
    user: str
    owner: str | None = None


class Recent:
    """Query id to result. A single result larger than the bound is kept until the next one comes."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._mutex = threading.Lock()
        self._results: dict[str, tuple[Reader, Result]] = {}
        self._bytes = self._on_disk = 0
        self._max = max_bytes

    def keep(self, query_id: str, reader: Reader, result: Result) -> None:
        with self._mutex:
            self._results[query_id] = (reader, result)
            self._count(result, 1)
            while (self._bytes > self._max or self._on_disk > MAX_ON_DISK) and len(self._results) > 1:
                _, oldest = self._results.pop(next(iter(self._results)))
                self._count(oldest, -1)

    def _count(self, result: Result, sign: int) -> None:
        if pages.on_disk(result.table):
            self._on_disk += sign * result.table.nbytes
        else:
            self._bytes += sign * result.table.nbytes

    def get(self, query_id: str, may: Callable[[Reader], bool]) -> Result:
        """The result, where its readers may be who asks; 000709 when it is not, or no longer, there."""
        with self._mutex:
            found = self._results.get(query_id)
        if found is None or not may(found[0]):
            raise SnowflakeError(709, "02000", f"Statement {query_id} not found")
        return found[1]
