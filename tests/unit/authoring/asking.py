"""What tests ask a plan for, with as few words as possible."""

from __future__ import annotations

from typing import Any

from runner.project.migration import Asked, asked_of


def asked(*tables: str, **more: Any) -> Asked:
    """A plan's file: `tables` are selected; every other word as the file has it."""
    select = more.pop("select", {"tables": list(tables)})
    return asked_of({"source": "imcust", "target": "imsdlc", "select": select, **more})
