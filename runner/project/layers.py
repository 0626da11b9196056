"""The sources of settings, strongest first: command line, environment, .env, YAML, connections.toml, default."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from runner.core.errors import UnknownKey, UsageError
from runner.core.graph import nearest
from runner.core.secret import Secret
from runner.project import keys
from runner.project.connections_file import ConnectionsFile
from runner.project.environment import Setting
from runner.project.files import Document

RESERVED = ("RUNNER_SANDBOX", "RUNNER_SANDBOX_ROOT", "RUNNER_LIVE")


@dataclass(frozen=True, slots=True)
class Layer:
    """One source. Values are under dotted names; secrets are Secrets already."""

    values: Mapping[str, object]
    origin: Callable[[str], str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Layers:
    """All sources of one environment, strongest first."""

    stack: Sequence[Layer]

    def find(self, name: str) -> Setting[object] | None:
        """The strongest value of a setting; None where nobody gave one."""
        for layer in self.stack:
            if name in layer.values:
                return Setting(layer.values[name], layer.origin(name))
        return None

    def first_of(self, names: Sequence[str]) -> tuple[str, Setting[object]] | None:
        """Of settings that stand for one another, the one in the strongest source."""
        for layer in self.stack:
            for name in names:
                if name in layer.values:
                    return name, Setting(layer.values[name], layer.origin(name))
        return None

    def under(self, head: str) -> dict[str, Setting[object]]:
        """The settings of a free map, each from its strongest source; names in the order of the weakest source."""
        found: dict[str, Setting[object]] = {}
        for layer in reversed(self.stack):
            for name, value in layer.values.items():
                if name.startswith(f"{head}."):
                    tail = _spelled(name.removeprefix(f"{head}."), found)
                    found[tail] = Setting(_like(found.get(tail), value), layer.origin(name))
        return found


def _spelled(name: str, known: Mapping[str, object]) -> str:
    """Variables of the environment have no case: the name is spelled as a weaker source spells it."""
    return next((word for word in known if word.lower() == name.lower()), name)


def _like(before: Setting[object] | None, value: object) -> object:
    """Text from outside takes the type of the value it replaces."""
    if before is None or isinstance(before.value, str) or not isinstance(value, str):
        return value
    import yaml

    return yaml.safe_load(value)


def command_line(overrides: Mapping[str, str]) -> Layer:
    """Words of the command: `role`, `vars.share`."""
    for name in overrides:
        if not keys.known(name) or keys.BY_NAME.get(name, keys.ALL[0]).kind is keys.Kind.SECRET:
            raise UsageError(f"There is no setting '{name}' to give on the command line.")
    return Layer(dict(overrides), lambda name: f"command line --{name.replace('_', '-')}")


def variables(environment: str, others: Sequence[str], given: Mapping[str, str], source: str) -> Layer:
    """RUNNER_<ENVIRONMENT>_<KEY> and <ENVIRONMENT>_PAT, of the process or of `.env`."""
    prefix, token = f"RUNNER_{variable(environment)}_", f"{variable(environment)}_PAT"
    longer = tuple(f"RUNNER_{variable(o)}_" for o in others if variable(o).startswith(variable(environment) + "_"))
    mine = [n for n in given if n.startswith(prefix) and not n.startswith(longer) and n not in RESERVED]
    named = {_dotted(name.removeprefix(prefix), name, source): name for name in mine if given[name].strip()}
    if given.get(token, "").strip():
        named["auth.pat"] = token
    values = {key: _value(key, given[name]) for key, name in named.items()}
    return Layer(values, lambda key: f"{source} {named[key]}")


def variable(environment: str) -> str:
    """An environment's name inside a variable's name."""
    return "".join(c if c.isalnum() else "_" for c in environment).upper()


def _dotted(tail: str, name: str, source: str) -> str:
    for key in keys.ALL:
        if key.variable == tail:
            return key.name
    for head in keys.FREE_MAPS:
        if tail.startswith(f"{head.upper()}_"):
            return f"{head}.{tail.removeprefix(head.upper() + '_').lower()}"
    match = nearest(tail, [key.variable for key in keys.ALL])
    raise UnknownKey(source, name, name.removesuffix(tail) + match if match else None)


def _value(key: str, text: str) -> object:
    known = keys.BY_NAME.get(key)
    match known.kind if known else keys.Kind.TEXT:
        case keys.Kind.SECRET:
            return Secret(text.strip())
        case keys.Kind.NAMES:
            return [part.strip() for part in text.split(",") if part.strip()]
        case _:
            return text.strip()


def yaml_file(document: Document) -> Layer:
    values = dict(_flat(document.values))
    return Layer(values, lambda name: f"{document.path}:{document.line(tuple(name.split('.')))}")


def _flat(values: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in values.items():
        if name in (*keys.FREE_MAPS, "auth") and isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", inside) for inner, inside in value.items())
        else:
            yield name, value


def connections(file: ConnectionsFile | None, section: str) -> Layer:
    if file is None:
        return Layer({}, lambda _: "")
    found = file.settings(section)
    values = {key: _wrapped(key, value) for key, value in found.items()}
    return Layer(values, lambda _: f"{file.path} [{section}]")


def _wrapped(key: str, value: object) -> object:
    known = keys.BY_NAME.get(key)
    return Secret(str(value).strip()) if known and known.kind is keys.Kind.SECRET else value


def defaults() -> Layer:
    values = {key.name: key.default for key in keys.ALL if key.default}
    return Layer(values, lambda _: "default")
