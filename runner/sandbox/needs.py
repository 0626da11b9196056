"""What the sandbox's process needs to be installed, and what to do when it is not. Standard library only."""

from __future__ import annotations

from importlib.util import find_spec

ENGINE = ("duckdb", "httptools", "numpy", "pyarrow", "sqlglot", "starlette", "uvicorn")
INSTALL = "pip install 'runner[sandbox]'"


def missing() -> str | None:
    """What to install before the sandbox can start in this interpreter; None when all is there."""
    absent = [name for name in ENGINE if find_spec(name) is None]
    if absent:
        return f"The sandbox's engine is not installed here: {', '.join(absent)} missing.\nInstall it: {INSTALL}"
    return None
