"""Two environments of one account: their rows need no share."""

from __future__ import annotations

from typing import Final

from runner.project.environment import Environment

ONE_ACCOUNT: Final = "Give `imported_database` the name of the source's `share_database`: nothing is imported."


def one_account(source: Environment, target: Environment) -> str:
    """What is wrong for two environments of one account; empty when nothing is."""
    frozen, seen = source.vars.get("share_database"), target.vars.get("imported_database")
    if frozen and seen and str(frozen).upper() == str(seen).upper():
        return ""
    return f"its frozen tables are in {frozen}, where {target.name} looks for them in {seen}"
