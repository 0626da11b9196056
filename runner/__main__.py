"""`python -m runner` is `runner`: a process of its own."""

from __future__ import annotations

import sys
from typing import Any

from runner.cli import main


def command() -> None:
    """Run the command, in a process that does not load pandas.

    The connector loads it with itself wherever it is installed, which takes longer than most commands, and none of them
    uses it. Who calls runner from Python keeps what the process has.
    """
    loaded: dict[str, Any] = sys.modules
    loaded.setdefault("pandas", None)
    main()


if __name__ == "__main__":
    command()
