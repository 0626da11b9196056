"""The organisation's file, opened beside what else the start does: the engine's work and Python's imports together.

Imports as little as can be, so that it can begin at once.
"""

from __future__ import annotations

import threading
from pathlib import Path

from runner.sandbox.storage import Storage

FILE = "org.duckdb"


class Opening:
    """A storage that a thread of its own opens."""

    def __init__(self, root: Path) -> None:
        self._file = root / FILE
        self._storage: Storage | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._open, name="opening", daemon=True)
        self._thread.start()

    def _open(self) -> None:
        try:
            self._storage = Storage(self._file)
        except BaseException as error:  # noqa: BLE001 - told to who waits for it
            self._error = error

    def storage(self) -> Storage:
        """The storage, once it is open, or what went wrong."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        assert self._storage is not None
        return self._storage
