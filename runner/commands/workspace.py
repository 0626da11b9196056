"""The project as a verb needs it: settings, scripts, and a renderer that knows what each environment is called."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from runner.core.checksum import Checksum
from runner.core.errors import RunnerError, UnknownScript
from runner.core.graph import nearest
from runner.core.script import Kind, Rendered, Script
from runner.core.secret import Secret
from runner.project.rendering import Renderer
from runner.project.scripts import read_scripts
from runner.project.settings import Environment, ProjectSettings, SandboxDoor, load
from runner.sql import references


@dataclass(frozen=True, slots=True)
class Door:
    """What a verb is told about where to work: the project's folder, overrides, environment variables, the sandbox."""

    root: Path
    overrides: Mapping[str, str]
    environ: Mapping[str, str]
    sandbox: SandboxDoor | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What rendering may use of a run: its id, and the one instant at which data is frozen."""

    id: str
    snapshot: str

    @staticmethod
    def new(server_time: str) -> Run:
        return Run(f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}", server_time)


@dataclass(frozen=True, slots=True)
class Workspace:
    """A project that was read. Scripts are parsed; rendering happens when it is asked for."""

    settings: ProjectSettings
    scripts: tuple[Script, ...]
    renderer: Renderer

    @staticmethod
    def open(door: Door) -> Workspace:
        """Read settings and scripts. Raises a ConfigError or a ScriptError; touches no account."""
        settings = load(door.root, door.overrides, door.environ, door.sandbox)
        scripts = read_scripts(settings.root, settings.versions_folder)
        return Workspace(settings, scripts, renderer(settings))

    def environments(self, name: str | None) -> tuple[Environment, ...]:
        """The one that is named, or all, each after those it depends on."""
        return (self.settings.environment(name),) if name else tuple(self.settings.environments.values())

    def render(self, script: Script, environment: Environment, run: Run) -> Rendered:
        return self.renderer.render(script, environment.name, self.context(environment, run))

    def repeatables(self, environment: Environment, run: Run) -> dict[str, Rendered]:
        """Every R script for this environment, rendered, by key."""
        mine = (s for s in self.scripts if s.kind is Kind.REPEATABLE and s.head.covers(environment.name))
        return {script.key: self.render(script, environment, run) for script in mine}

    def script(self, name: str) -> Script:
        """A script by file name, label (V001, R__grants) or path."""
        for script in self.scripts:
            if name in (script.name, script.label, script.key, script.path):
                return script
        raise UnknownScript(name, nearest(name, [script.name for script in self.scripts]))

    def context(self, environment: Environment, run: Run) -> dict[str, Any]:
        """The names a script may use: env, source, target, targets, vars, run."""
        source = self.settings.source_of(environment) or environment
        fed = [e for e in self.settings.environments.values() if e.source == environment.name]
        targets = [environment] if environment.source else fed
        names: dict[str, Any] = {
            "env": facts(environment),
            "source": facts(source),
            "targets": [facts(target) for target in targets],
            "vars": dict(environment.vars),
            "run": {"id": run.id, "snapshot": run.snapshot},
        }
        return names | ({"target": facts(targets[0])} if len(targets) == 1 else {})

    def shown(self, environment: Environment, rendered: Rendered) -> Rendered:
        """A rendered script for people to read: its secrets are taken out."""
        statements = (replace(each, text=self.redact(environment, each.text)) for each in rendered.statements)
        return replace(rendered, text=self.redact(environment, rendered.text), statements=tuple(statements))

    def redact(self, environment: Environment, text: str) -> str:
        """Text without any secret that a script could have been given."""
        asked = (self.settings.variables.get(name) for name in self.renderer.revealed)
        for secret in (*environment_secrets(environment), *filter(None, asked)):
            text = secret.redact(text)
        return text


def renderer(settings: ProjectSettings) -> Renderer:
    def secret(name: str) -> Secret:
        found = settings.variables.get(name)
        if found is None:
            raise LookupError(f"secret '{name}' is neither a variable of the environment nor in .env")
        return found

    return Renderer(settings.root, settings.templates_folder, secret)


def environment_secrets(environment: Environment) -> Iterable[Secret]:
    login = environment.login
    if isinstance(login, RunnerError):
        return ()
    return [v for name in login.__dataclass_fields__ if isinstance(v := getattr(login, name), Secret)]


def facts(environment: Environment) -> dict[str, Any]:
    """What a template may know of an environment; no secret is among it."""
    return {
        "name": environment.name,
        "account": environment.account,
        "organization": environment.organization,
        "account_name": environment.account_name,
        "user": environment.user,
        "role": environment.role,
        "warehouse": environment.warehouse,
        "database": environment.database,
        "schemas": list(environment.schemas),
        "control_database": environment.control_database,
        "control_schema": environment.control_name,
        "roles": dict(environment.roles),
        "vars": dict(environment.vars),
    }


def checksums(rendered: Mapping[str, Rendered]) -> dict[str, Checksum | None]:
    return {key: item.recorded_checksum if item.statements else None for key, item in rendered.items()}


def dependencies(rendered: Mapping[str, Rendered]) -> dict[str, tuple[str, ...]]:
    """What each R script needs: what its head says, and the scripts that create what it refers to."""
    found = references.dependencies({key: item.text for key, item in rendered.items()})
    return {
        key: tuple(sorted({*item.script.head.depends_on, *found.get(key, ())} - {key}))
        for key, item in rendered.items()
    }
