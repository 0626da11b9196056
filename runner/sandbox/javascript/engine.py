"""The engine of JavaScript, which need not be installed."""

from importlib.util import find_spec

from runner.sandbox.errors import unsupported


def check_engine() -> None:
    """Refuses by name where it is not."""
    if find_spec("quickjs") is None:
        raise unsupported(
            "LANGUAGE JAVASCRIPT: install its engine beside the sandbox (pip install 'runner[javascript]')"
        )
