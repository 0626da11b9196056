"""What is to be read, and through which door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from runner.catalog.estate import Kind
from runner.connection.session import Session


def _silent(_: str) -> None:
    return


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """``schemas`` and ``kinds``: None for all. What these lead to is read too, wherever it stands.

    ``connect`` opens one more session as the first one's: at most ``parallel`` work at a time. ``observed``: ask
    ACCESS_HISTORY about the last ``days``. ``progress`` is told what is being read.
    """

    database: str
    schemas: tuple[str, ...] | None = None
    kinds: frozenset[Kind] | None = None
    observed: bool = True
    lineage: bool = True
    parallel: int = 4
    days: int = 90
    connect: Callable[[], Session] | None = None
    progress: Callable[[str], None] = _silent

    def wants(self, kind: Kind, schema: str) -> bool:
        return (self.kinds is None or kind in self.kinds) and (self.schemas is None or schema in self.schemas)
