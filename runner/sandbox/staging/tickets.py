"""Leave to move files through the door: whoever has a ticket reads or writes one stage's folder for an hour."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from pathlib import Path

from runner.sandbox.classes import dataclass

PATH = "stage-files"
"""The first part of the address behind which the door moves files."""
_VALID = timedelta(hours=1)
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Ticket:
    folder: Path
    writes: bool
    ends_at: datetime

    def place(self, name: str) -> Path | None:
        """The file of that name; None for one outside of the folder."""
        found = self.folder / name
        inside = found.resolve().is_relative_to(self.folder.resolve())
        return found if inside and name and not name.endswith("/") else None


class Tickets:
    """The tickets that hold, the oldest forgotten."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._held: OrderedDict[str, Ticket] = OrderedDict()

    def give(self, folder: Path, now: datetime, *, writes: bool) -> str:
        """A new ticket's secret."""
        secret = secrets.token_urlsafe(24)
        with self._mutex:
            self._held[secret] = Ticket(folder, writes, now + _VALID)
            if len(self._held) > _MOST:
                self._held.popitem(last=False)
        return secret

    def take(self, secret: str, now: datetime) -> Ticket | None:
        """The ticket, while it holds."""
        with self._mutex:
            found = self._held.get(secret)
        return found if found is not None and found.ends_at > now else None
