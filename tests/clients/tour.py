"""For tours: each step in a line of its own, `ok   name` or `FAIL name: why`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def step(name: str, does: Callable[[], Any], expected: Any = None) -> None:
    """Do it; what it gives must equal what is expected, where something is."""
    try:
        given = does()
        if expected is not None and given != expected:
            print(f"FAIL {name}: gave {given!r}, expected {expected!r}", flush=True)
        else:
            print(f"ok   {name}", flush=True)
    except Exception as error:  # noqa: BLE001 - the tour goes on
        print(f"FAIL {name}: {type(error).__name__}: {' '.join(str(error).split())[:250]}", flush=True)


def end() -> None:
    print("end of tour", flush=True)
