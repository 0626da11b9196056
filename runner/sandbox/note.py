"""What a note on a statement says."""

from __future__ import annotations

from enum import Enum

from runner.sandbox.classes import dataclass

Key = tuple[str, ...]


class State(Enum):
    """How true a statement is: its effects are real, or it is kept and shown without effect."""

    EMULATED = "emulated"
    STORED = "stored only"


@dataclass(frozen=True, slots=True)
class Note:
    does: str
    differs: str = ""
    state: State = State.EMULATED


def three(kind: str, create: str, alter: str, drop: str, differs: str = "") -> dict[Key, Note]:
    words = tuple(kind.split())
    return {
        ("CREATE", *words): Note(create, differs),
        ("ALTER", *words): Note(alter),
        ("DROP", *words): Note(drop),
    }
