"""Being asked to stop: once, after the running statement; twice, the running statement is cancelled too."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Stop:
    """`ask()` may come from a signal handler; the executor looks between statements."""

    requested: threading.Event = field(default_factory=threading.Event)
    cancel: Callable[[], None] | None = None
    """Set while statements run: ends the one in flight."""

    def ask(self) -> None:
        if self.requested.is_set() and self.cancel is not None:
            threading.Thread(target=self.cancel, name="cancel", daemon=True).start()
        self.requested.set()
