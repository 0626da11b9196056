"""Standard output and error as a verb needs them: a reader that left, or a full disk, stops nothing that is running."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import Any, TextIO

from runner.core.errors import UsageError


class _Lenient(io.FileIO):
    """A file that takes everything. What could not be written is lost; why, unless the reader left, is remembered."""

    failure: OSError | None = None

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except BlockingIOError:
            raise
        except OSError as error:
            if error.errno != errno.EPIPE:
                self.failure = error
            return memoryview(data).nbytes


def install() -> None:
    """Put lenient streams in the place of the process's own. Characters that they cannot show are escaped."""
    sys.stdout = _over(sys.stdout, line_buffering=sys.stdout is not None and sys.stdout.isatty())
    sys.stderr = _over(sys.stderr, line_buffering=True)


def _over(stream: TextIO | None, *, line_buffering: bool) -> TextIO:
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")
    stream.flush()
    raw = io.BufferedWriter(_Lenient(stream.fileno(), "wb", closefd=False))
    return io.TextIOWrapper(raw, stream.encoding, errors="backslashreplace", line_buffering=line_buffering)


def lost() -> UsageError | None:
    """Why standard output did not take all that was written to it."""
    sys.stdout.flush()
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    if not isinstance(raw, _Lenient) or raw.failure is None:
        return None
    return UsageError(f"Standard output cannot be written: {raw.failure.strerror}. What the command did stands.")
