"""Options that several verbs share, and the door they open."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

import click

from runner.commands.workspace import Door
from runner.core.errors import UsageError
from runner.core.version import Version
from runner.project.sandbox_door import SandboxDoor

F = TypeVar("F", bound=Callable[..., Any])
OVERRIDES = ("account", "user", "role", "warehouse", "database")


def environment(function: F) -> F:
    """`--env NAME` or `--all`."""
    return _stacked(
        function,
        click.option("--env", "env", metavar="NAME", help="One environment."),
        click.option("--all", "everywhere", is_flag=True, help="Every environment, each after those it depends on."),
    )


def one_environment(function: F) -> F:
    return click.option("--env", "env", metavar="NAME", required=True, help="The environment.")(function)


def door_options(function: F) -> F:
    """`--sandbox` and the settings that the command line may override."""
    overrides = [
        click.option(f"--{name}", default=None, metavar="NAME", help=f"Override the {name}.") for name in OVERRIDES
    ]
    return _stacked(
        function,
        click.option("--sandbox", is_flag=True, envvar="RUNNER_SANDBOX", help="Work in the sandbox on this machine."),
        click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="Override one of `vars`."),
        *overrides,
    )


def output_format(function: F) -> F:
    return click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True)(
        function
    )


def _stacked(function: F, *decorators: Callable[[Any], Any]) -> F:
    decorated: F = reduce(lambda inner, decorate: decorate(inner), reversed(decorators), function)
    return decorated


def door(context: click.Context, options: dict[str, Any]) -> Door:
    """Where to work, from the shared options; takes them out of `options`."""
    overrides = {name: value for name in OVERRIDES if (value := options.pop(name, None)) is not None}
    overrides |= dict(_variable(text) for text in options.pop("variables", ()))
    sandbox = bool(options.pop("sandbox", False))
    root: Path = context.find_root().obj or Path()
    return Door(root, overrides, dict(os.environ), SandboxDoor.find(sandbox_root(root)) if sandbox else None)


def sandbox_root(project: Path) -> Path:
    return Path(os.environ.get("RUNNER_SANDBOX_ROOT") or project / ".sandbox")


def _variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(f"--var {text}: write --var name=value.")
    return f"vars.{name}", value


def chosen(env: str | None, everywhere: bool) -> str | None:
    """The environment that was named; None for all. Exactly one of the two must be said."""
    if bool(env) == everywhere:
        raise UsageError("Say --env NAME, or --all." if not env else "--env and --all exclude each other.")
    return env


def version(text: str | None, option: str = "--target") -> Version | None:
    if text is None:
        return None
    try:
        return Version(text.removeprefix("V"))
    except ValueError as error:
        raise UsageError(f"{option}: {error}.") from None


def seconds(text: str | None) -> int:
    """Seconds of 30s, 10m, 1h."""
    from runner.sql.directives import duration
    from runner.sql.errors import DirectiveError

    if text is None:
        return 0
    try:
        return duration(1, text)
    except DirectiveError as error:
        raise UsageError(f"--wait {text}: {error.what}; {error.hint}.") from None
