"""Results of late, for RESULT_SCAN and LAST_QUERY_ID: bounded by bytes, the oldest go first."""

from __future__ import annotations

import threading

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.result import Result

MAX_BYTES = 256 * 1024 * 1024


class Recent:
    """Query id to result. A single result larger than the bound is kept until the next one comes."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._mutex = threading.Lock()
        self._results: dict[str, tuple[str, Result]] = {}
        self._bytes = 0
        self._max = max_bytes

    def keep(self, query_id: str, account: str, result: Result) -> None:
        with self._mutex:
            self._results[query_id] = (account, result)
            self._bytes += result.table.nbytes
            while self._bytes > self._max and len(self._results) > 1:
                _, oldest = self._results.pop(next(iter(self._results)))
                self._bytes -= oldest.table.nbytes

    def get(self, query_id: str, account: str) -> Result:
        """The result of a statement of this account; 000709 when it is not, or no longer, there."""
        with self._mutex:
            found = self._results.get(query_id)
        if found is None or found[0] != account:
            raise SnowflakeError(709, "02000", f"Statement {query_id} not found")
        return found[1]
