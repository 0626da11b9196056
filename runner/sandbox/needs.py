"""What the sandbox's process needs to be installed, and what to do when it is not. Standard library only."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

ENGINE = ("duckdb", "pyarrow", "sqlglot", "starlette", "uvicorn", "fakesnow")
INSTALL = "pip install 'runner[sandbox]'"
ELSEWHERE = (
    "Give the sandbox an environment of its own and name its interpreter:\n"
    "  python3 -m venv .venv-sandbox\n"
    "  .venv-sandbox/bin/pip install 'duckdb==2.0.0' 'fakesnow==0.12.1' 'sqlglot==30.22.0' 'pyarrow>=17' "
    "'starlette>=0.40,<2' 'uvicorn>=0.30,<1' 'snowflake-connector-python>=4.8,<5'\n"
    "  export RUNNER_SANDBOX_PYTHON=.venv-sandbox/bin/python"
)


def missing() -> str | None:
    """What to install before the sandbox can start in this interpreter; None when all is there."""
    absent = [name for name in ENGINE if find_spec(name) is None]
    connector = _connector()
    if connector and int(connector.split(".")[0]) >= 5:
        return (
            f"snowflake-connector-python {connector} is installed here, and the sandbox's engine (fakesnow) "
            f"imports only with 4.x.\n{ELSEWHERE}"
        )
    if absent:
        return f"The sandbox's engine is not installed here: {', '.join(absent)} missing.\nInstall it: {INSTALL}"
    return None


def _connector() -> str | None:
    try:
        return version("snowflake-connector-python")
    except PackageNotFoundError:
        return None
