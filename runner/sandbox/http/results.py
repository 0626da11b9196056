"""Finished answers, kept so that they can be fetched again, bounded by bytes: in memory, then on disk, oldest out.

A result is stored whole or dropped whole. The newest is never dropped for its own size.
"""

from __future__ import annotations

import shutil
import threading
from collections import OrderedDict
from dataclasses import field
from pathlib import Path

from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError

MEMORY_BYTES = 64 * 1024 * 1024
DISK_BYTES = 4 * 1024 * 1024 * 1024


HEAP_BYTES = 16 * 1024 * 1024
"""Bytes of chunks of one result that wait in memory."""


class Heap:
    """The chunks of one result, as they are made: with many bytes they lie in files from the first on."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self.chunks: list[bytes] = []
        self.sizes: list[int] = []
        self.folder: Path | None = None

    def add(self, chunk: bytes) -> None:
        self.chunks.append(chunk)
        self.sizes.append(len(chunk))
        if self._folder is not None and (self.folder is not None or sum(self.sizes) > HEAP_BYTES):
            self.folder = self._folder
            self._write()

    def _write(self) -> None:
        assert self.folder is not None
        self.folder.mkdir(exist_ok=True)
        first = len(self.sizes) - len(self.chunks)
        for number, chunk in enumerate(self.chunks, start=first):
            (self.folder / str(number)).write_bytes(chunk)
        self.chunks = []

    def drop(self) -> None:
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(slots=True)
class Stored:
    """An answer and the chunks that are fetched after it, or the folder with their files; `key` opens the chunks."""

    body: bytes
    chunks: list[bytes] = field(default_factory=list)
    key: str = ""
    folder: Path | None = None
    filed: tuple[int, ...] = ()
    """Sizes of the chunks that lie in the folder."""

    @property
    def size(self) -> int:
        return len(self.body) + sum(len(chunk) for chunk in self.chunks)


@dataclass(frozen=True, slots=True)
class _Spilled:
    folder: Path
    chunks: int
    key: str
    size: int


class Results:
    """Answers by query id."""

    def __init__(self, folder: Path, memory: int = MEMORY_BYTES, disk: int = DISK_BYTES) -> None:
        self._folder = folder
        self._limits = (memory, disk)
        self._mutex = threading.Lock()
        self._memory: OrderedDict[str, Stored] = OrderedDict()
        self._disk: OrderedDict[str, _Spilled] = OrderedDict()
        self.memory_bytes = 0
        self.disk_bytes = 0
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    def put(self, query_id: str, stored: Stored) -> None:
        """Keep an answer; makes room by moving the oldest to disk, and from disk to nothing."""
        with self._mutex:
            if stored.folder is not None:
                self._file(query_id, stored, stored.folder)
            else:
                self._memory[query_id] = stored
                self.memory_bytes += stored.size
            while self.memory_bytes > self._limits[0] and self._memory:
                self._spill(*self._memory.popitem(last=False))
            while self.disk_bytes > self._limits[1] and len(self._disk) > 1:
                self._drop(self._disk.popitem(last=False)[1])

    def heap(self, query_id: str) -> Heap:
        """Where the chunks of a result are put while it is written out."""
        return Heap(self._folder / query_id)

    def _file(self, query_id: str, stored: Stored, folder: Path) -> None:
        (folder / "body").write_bytes(stored.body)
        size = len(stored.body) + sum(stored.filed)
        self._disk[query_id] = _Spilled(folder, len(stored.filed), stored.key, size)
        self.disk_bytes += size

    def _spill(self, query_id: str, stored: Stored) -> None:
        folder = self._folder / query_id
        folder.mkdir()
        (folder / "body").write_bytes(stored.body)
        for number, chunk in enumerate(stored.chunks):
            (folder / str(number)).write_bytes(chunk)
        self._disk[query_id] = _Spilled(folder, len(stored.chunks), stored.key, stored.size)
        self.memory_bytes -= stored.size
        self.disk_bytes += stored.size

    def _drop(self, spilled: _Spilled) -> None:
        shutil.rmtree(spilled.folder, ignore_errors=True)
        self.disk_bytes -= spilled.size

    def at_hand(self, query_id: str) -> bytes | None:
        """The answer if it is in memory."""
        held = self._memory.get(query_id)
        return held.body if held else None

    def body(self, query_id: str) -> bytes:
        """The answer of a finished query."""
        with self._mutex:
            if query_id in self._memory:
                return self._memory[query_id].body
            if query_id in self._disk:
                return (self._disk[query_id].folder / "body").read_bytes()
        raise not_found(query_id)

    def chunk(self, query_id: str, number: int, key: str) -> bytes:
        """One further chunk of a result, for who holds its key."""
        with self._mutex:
            held: Stored | _Spilled | None = self._memory.get(query_id) or self._disk.get(query_id)
            if held is None or held.key != key:
                raise not_found(query_id)
            match held:
                case Stored(chunks=chunks) if 0 <= number < len(chunks):
                    return chunks[number]
                case _Spilled(folder=folder, chunks=count) if 0 <= number < count:
                    return (folder / str(number)).read_bytes()
        raise not_found(query_id)


def not_found(query_id: str) -> SnowflakeError:
    return SnowflakeError(709, "02000", f"Statement {query_id} not found")
