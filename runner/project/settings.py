"""The user's config folder → values. Nothing here needs Snowflake, and nothing a secret, until `Environment.auth`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from runner.core.auth import Auth, PatAuth
from runner.core.errors import (
    ConfigError,
    DuplicateEnvironment,
    InvalidFile,
    MissingEnvironment,
    MissingSetting,
    UnknownEnvironment,
)
from runner.core.graph import nearest, ordered
from runner.core.names import Identifier, ObjectName
from runner.core.secret import Secret
from runner.project import connections_file, dotenv_file, keys, layers
from runner.project.environment import Environment, Options, Setting
from runner.project.files import Document, read_yaml, seconds, shown
from runner.project.layers import Layers
from runner.project.login import LoginSettings
from runner.project.sandbox_door import ORGANIZATION, SandboxDoor
from runner.project.schema import check

__all__ = ["Environment", "ProjectSettings", "SandboxDoor", "Setting", "load"]

CONFIG = "config"
_NOT_ENVIRONMENTS = ("migration", "policy")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_MINIMUM_LEASE = 600
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """All environments, each after those it depends on. `variables` is what `secret('NAME')` may ask for."""

    root: Path
    environments: Mapping[str, Environment]
    versions_folder: Path
    templates_folder: Path
    variables: Mapping[str, Secret] = field(repr=False)

    def environment(self, name: str) -> Environment:
        """The environment of that name, however it is spelled."""
        found = next((e for n, e in self.environments.items() if n.lower() == name.lower()), None)
        if found is None:
            raise UnknownEnvironment(name, tuple(self.environments))
        return found

    def source_of(self, environment: Environment) -> Environment | None:
        return self.environments[environment.source] if environment.source else None


def load(
    root: Path,
    overrides: Mapping[str, str],
    environ: Mapping[str, str],
    sandbox: SandboxDoor | None = None,
) -> ProjectSettings:
    """Reads the project at `root`. `overrides` are words of the command line: `role`, `vars.share` …"""
    root = root.resolve()
    documents = _documents(root)
    dotenv = dotenv_file.read(root / ".env", ".env")
    connections = connections_file.read(root, environ, trusted_network=sandbox is not None)
    reader = _Reader(root, overrides, environ, dotenv, connections, sandbox, tuple(documents))
    found = {name: reader.environment(name, document) for name, document in documents.items()}
    _check_references(found, documents)
    order = ordered(found, {name: env.depends_on for name, env in found.items()}, "environments")
    variables = {name: Secret(value) for name, value in {**dotenv, **environ}.items() if value}
    return ProjectSettings(
        root,
        MappingProxyType({name: found[name] for name in order}),
        root / environ.get("RUNNER_VERSIONS_FOLDER", "versions"),
        root / environ.get("RUNNER_TEMPLATES_FOLDER", "templates"),
        MappingProxyType(variables),
    )


def _documents(root: Path) -> dict[str, Document]:
    """Every environment's file, read and checked, by name."""
    folder = root / CONFIG
    paths = sorted(p for p in folder.glob("*") if p.suffix.lower() in (".yaml", ".yml") and p.is_file())
    paths = [path for path in paths if path.stem.lower() not in _NOT_ENVIRONMENTS]
    if not paths:
        raise MissingEnvironment(shown(folder, root) + "/")
    _refuse_twins(paths, root)
    return {path.stem: _document(path, shown(path, root)) for path in paths}


def _document(path: Path, name: str) -> Document:
    if not _NAME.fullmatch(path.stem):
        reason = f"'{path.stem}' cannot be an environment's name: letters, digits, '-' and '_' can."
        raise InvalidFile(name, reason, advice="Rename the file.")
    document = read_yaml(path, name)
    check(document)
    return document


def _refuse_twins(paths: Sequence[Path], root: Path) -> None:
    seen: dict[str, Path] = {}
    for path in paths:
        word = layers.variable(path.stem)
        if word in seen:
            raise DuplicateEnvironment(path.stem, shown(seen[word], root), shown(path, root))
        seen[word] = path


def _check_references(found: Mapping[str, Environment], documents: Mapping[str, Document]) -> None:
    for name, environment in found.items():
        for key, wanted in _references(environment):
            if wanted not in found:
                setting = environment.settings.get(key)
                match = nearest(wanted, found)
                advice = f"Did you mean '{match}'?" if match else f"Write {CONFIG}/{wanted}.yaml, or take it out."
                where = setting.origin if setting else documents[name].path
                raise InvalidFile(where, f"{key} names '{wanted}', which is not an environment.", advice=advice)


def _references(environment: Environment) -> Iterator[tuple[str, str]]:
    yield from (("depends_on", name) for name in environment.depends_on)
    if environment.source:
        yield "source", environment.source


@dataclass(frozen=True, slots=True)
class _Reader:
    """What is the same for all environments."""

    root: Path
    overrides: Mapping[str, str]
    environ: Mapping[str, str]
    dotenv: Mapping[str, str]
    connections: connections_file.ConnectionsFile | None
    sandbox: SandboxDoor | None
    names: tuple[str, ...]

    def environment(self, name: str, document: Document) -> Environment:
        environment = _Values(name, self._layers(name, document)).environment(self._login(name))
        return environment if self.sandbox is None else self._behind(self.sandbox, environment)

    def _layers(self, name: str, document: Document) -> Layers:
        written = layers.yaml_file(document)
        section = self._section(name, written)
        return Layers(
            (
                layers.command_line(self.overrides),
                layers.variables(name, self.names, self.environ, "environment"),
                layers.variables(name, self.names, self.dotenv, ".env"),
                written,
                layers.connections(self.connections, section),
                layers.defaults(),
            )
        )

    def _section(self, name: str, written: layers.Layer) -> str:
        """The section of connections.toml; one that was asked for by name must be there."""
        section = str(written.values.get("connection", name))
        known = self.connections.sections if self.connections else {}
        if "connection" in written.values and section not in known:
            reason = f"connections.toml has no section [{section}]."
            raise InvalidFile(written.origin("connection"), reason, advice=f"It has: {', '.join(known) or 'none'}.")
        return section

    def _login(self, name: str) -> Callable[[Layers], Auth | ConfigError]:
        def login(found: Layers) -> Auth | ConfigError:
            try:
                return LoginSettings(name, found, self.root).auth()
            except ConfigError as error:
                return error

        return login

    def _behind(self, door: SandboxDoor, environment: Environment) -> Environment:
        """The same environment behind the sandbox's door: its organisation, its address, its token."""
        account = f"{ORGANIZATION}-{environment.account_name.lower()}"
        login = self._sandbox_login(door, environment)
        origin = f"sandbox {shown(door.root, self.root)}"
        kept = {k: s for k, s in environment.settings.items() if not k.startswith("auth.") and k != "region"}
        told: dict[str, object] = {"account": account, "host": door.host, "port": door.port, "protocol": "http"}
        settings = kept | {key: Setting(value, origin) for key, value in told.items()}
        if isinstance(login, PatAuth):
            settings["auth.pat"] = Setting(login.token, self._token_origin(environment, origin))
        return replace(
            environment,
            account=account,
            host=door.host,
            port=door.port,
            protocol="http",
            region=None,
            login=login,
            settings=MappingProxyType(settings),
        )

    def _sandbox_login(self, door: SandboxDoor, environment: Environment) -> Auth | ConfigError:
        given = self.environ.get(_token_variable(environment), "").strip()
        try:
            return PatAuth(Secret(given) if given else door.token(environment.name, environment.account_name))
        except ConfigError as error:
            return error

    def _token_origin(self, environment: Environment, sandbox: str) -> str:
        name = _token_variable(environment)
        return f"environment {name}" if self.environ.get(name, "").strip() else sandbox


def _token_variable(environment: Environment) -> str:
    return f"{layers.variable(environment.name)}_PAT"


@dataclass(frozen=True, slots=True)
class _Values:
    """One environment's settings, taken from its layers and given their types."""

    name: str
    found: Layers

    def environment(self, login: Callable[[Layers], Auth | ConfigError]) -> Environment:
        database = self._name("database")
        control_database, control_name = self._control(database)
        depends_on = self._names("depends_on")
        return Environment(
            name=self.name,
            account=self._text("account"),
            user=self._text("user"),
            role=self._name("role"),
            warehouse=self._name("warehouse"),
            database=database,
            schemas=tuple(self._parsed("schemas", Identifier.parse, text).stored for text in self._names("schemas")),
            control_database=control_database,
            control_name=control_name,
            depends_on=depends_on,
            source=self._source(depends_on),
            roles=MappingProxyType({k: Identifier.parse(str(s.value)).stored for k, s in self._under("roles")}),
            vars=MappingProxyType({key: setting.value for key, setting in self._under("vars")}),
            region=self._optional("region"),
            host=self._optional("host"),
            port=self._number("port"),
            protocol=self._choice("protocol"),
            options=self._options(),
            login=login(self.found),
            settings=MappingProxyType(dict(self._all())),
        )

    def _all(self) -> Iterator[tuple[str, Setting[object]]]:
        for key in keys.ALL:
            setting = self.found.find(key.name)
            if setting is not None:
                yield key.name, setting
        derived = self._source(self._names("depends_on"))
        if derived and self.found.find("source") is None:
            yield "source", Setting(derived, "default: the one in depends_on")
        for head in keys.FREE_MAPS:
            yield from ((f"{head}.{name}", setting) for name, setting in self._under(head))

    def _source(self, depends_on: tuple[str, ...]) -> str | None:
        return self._optional("source") or (depends_on[0] if len(depends_on) == 1 else None)

    def _under(self, head: str) -> Iterator[tuple[str, Setting[object]]]:
        yield from self.found.under(head).items()

    def _optional(self, key: str) -> str | None:
        setting = self.found.find(key)
        return None if setting is None else str(setting.value)

    def _text(self, key: str) -> str:
        text = self._optional(key)
        if not text:
            sources = (
                f"{CONFIG}/{self.name}.yaml, RUNNER_{layers.variable(self.name)}_{key.upper()} or connections.toml"
            )
            raise MissingSetting(self.name, key, sources)
        return text

    def _name(self, key: str) -> str:
        return self._parsed(key, Identifier.parse, self._text(key)).stored

    def _names(self, key: str) -> tuple[str, ...]:
        setting = self.found.find(key)
        match setting.value if setting else []:
            case list() as items:
                return tuple(str(item) for item in items)
            case other:
                return tuple(part.strip() for part in str(other).split(",") if part.strip())

    def _choice(self, key: str) -> str:
        choices = keys.BY_NAME[key].choices
        text = self._text(key)
        if text not in choices:
            raise self._refusal(key, self.found.find(key), "one of " + ", ".join(choices))
        return text

    def _number(self, key: str) -> int | None:
        setting = self.found.find(key)
        return None if setting is None else self._parsed(key, int, str(setting.value))

    def _control(self, database: str) -> tuple[str, str]:
        parts = self._parsed("control_schema", ObjectName.parse, self._text("control_schema")).parts
        match parts:
            case (schema,):
                return database, schema.stored
            case (own, schema):
                return own.stored, schema.stored
            case _:
                setting = self.found.find("control_schema")
                raise self._refusal("control_schema", setting, "a schema, or database.schema")

    def _options(self) -> Options:
        found = {key.name: self._seconds(key.name) for key in keys.ALL if key.kind is keys.Kind.DURATION}
        if found["lease_ttl"] < _MINIMUM_LEASE:
            raise self._refusal(
                "lease_ttl", self.found.find("lease_ttl"), "at least 10m: Snowflake needs 5m to notice a lost client"
            )
        return Options(**found)

    def _seconds(self, key: str) -> int:
        return self._parsed(key, seconds, self._text(key))

    def _parsed(self, key: str, parse: Callable[[str], T], text: str) -> T:
        try:
            return parse(text)
        except ValueError:
            raise self._refusal(key, self.found.find(key), keys.BY_NAME[key].kind.value) from None

    def _refusal(self, key: str, setting: Setting[object] | None, wanted: str) -> InvalidFile:
        where = setting.origin if setting else "default"
        return InvalidFile(where, f"'{key}' must be {wanted}.", advice="`runner config schema` describes every key.")
