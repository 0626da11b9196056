"""`config`: every setting and where it came from; the schema of the files. Touches no account, shows no secret."""

from __future__ import annotations

from dataclasses import dataclass

from runner.commands.workspace import Door
from runner.core.errors import ConfigError
from runner.core.secret import Secret
from runner.project.schema import json_schema
from runner.project.settings import Environment, load


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting as text: lists with commas, a secret as ***."""

    key: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Configured:
    """One environment's settings; `login` says what is missing to log in, and is empty when nothing is."""

    environment: str
    settings: tuple[Shown, ...]
    login: str


def show(door: Door, environment: str | None) -> tuple[Configured, ...]:
    settings = load(door.root, door.overrides, door.environ, door.sandbox)
    chosen = (settings.environment(environment),) if environment else tuple(settings.environments.values())
    return tuple(_configured(each) for each in chosen)


def _configured(environment: Environment) -> Configured:
    found = environment.settings.items()
    shown = tuple(Shown(key, _text(setting.value), setting.origin) for key, setting in found)
    login = environment.login
    return Configured(environment.name, shown, login.sentence if isinstance(login, ConfigError) else "")


def _text(value: object) -> str:
    match value:
        case Secret():
            return "***"
        case list():
            return ", ".join(str(item) for item in value)
        case _:
            return str(value)


def schema() -> dict[str, object]:
    return json_schema()
