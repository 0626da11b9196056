"""The process's one clock: the machine's, ahead by what it was told. It goes forward only.

What it is ahead by is kept in `<root>/clock`, so that an organisation goes on in its own time after a restart.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

FILE = "clock"


class Clock:
    """Now, as the sandbox has it; and seconds that pass, for what lasts a while."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def elapsed(self) -> float:
        """Seconds since some moment; they jump when the clock is moved."""
        return time.monotonic() + self.ahead.total_seconds()

    def move_to(self, instant: datetime) -> None:
        """It is this instant now; an earlier one than now leaves the clock as it is."""
        self.ahead = max(self.ahead, instant - datetime.now(UTC))


CLOCK = Clock()


def load(root: Path | None) -> None:
    """The clock goes as the organisation's goes."""
    kept = root / FILE if root is not None else None
    CLOCK.ahead = timedelta(seconds=float(kept.read_text())) if kept is not None and kept.exists() else timedelta()


def keep(root: Path) -> None:
    """What the clock is ahead by is written down, whole or not at all."""
    fresh = root / f"{FILE}.new"
    fresh.write_text(str(CLOCK.ahead.total_seconds()))
    fresh.replace(root / FILE)
