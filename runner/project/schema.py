"""The JSON Schema of an environment's file, and the check of a read file against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from runner.core.errors import ConfigError, InvalidFile, UnknownKey
from runner.core.graph import nearest
from runner.project import keys
from runner.project.files import Document
from runner.project.keys import Key, Kind

_DURATION = r"^\d+ ?(s|m|h|d)$"
_PLACES = "<ENVIRONMENT>_PAT, .env, or a file named in auth.token_file_path"


def json_schema() -> dict[str, object]:
    """What `runner config schema` prints (docs: json-schema.org/draft/2020-12)."""
    plain = {key.name: _property(key) for key in keys.ALL if "." not in key.name}
    login = {key.name.removeprefix("auth."): _property(key) for key in _login_keys()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An environment of runner: config/<environment>.yaml",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **plain,
            "auth": {
                "type": "object",
                "description": "How to log in. Secrets stand elsewhere.",
                "additionalProperties": False,
                "properties": login,
            },
            "roles": {
                "type": "object",
                "description": keys.FREE_MAPS["roles"],
                "additionalProperties": {"type": "string", "minLength": 1},
            },
            "vars": {"type": "object", "description": keys.FREE_MAPS["vars"]},
        },
    }


def _login_keys() -> Iterable[Key]:
    return (key for key in keys.ALL if key.name.startswith("auth.") and key.kind is not Kind.SECRET)


def _property(key: Key) -> dict[str, object]:
    found: dict[str, object] = {"description": key.meaning, **_shape(key.kind)}
    if key.choices:
        found["enum"] = list(key.choices)
    if key.default:
        found["default"] = key.default
    return found


def _shape(kind: Kind) -> dict[str, object]:
    match kind:
        case Kind.NUMBER:
            return {"type": "integer", "minimum": 1}
        case Kind.NAMES:
            return {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True}
        case Kind.DURATION:
            return {"type": "string", "pattern": _DURATION}
        case Kind.TEXT | Kind.SECRET:
            return {"type": "string", "minLength": 1}


def check(document: Document) -> None:
    """Raises the first thing wrong, with its line. A value is never shown: it might be a secret in the wrong place."""
    from jsonschema import Draft202012Validator

    _refuse_secrets(document)
    validator = Draft202012Validator(json_schema())
    found = [
        _error(document, tuple(str(part) for part in e.absolute_path), e)
        for e in validator.iter_errors(document.values)
    ]
    if found:
        raise min(found, key=lambda pair: pair[0])[1]


def _refuse_secrets(document: Document) -> None:
    held = {key.name.removeprefix("auth."): key for key in keys.ALL if key.kind is Kind.SECRET}
    for path, line in document.lines.items():
        if path[-1] in held and path[0] not in keys.FREE_MAPS:
            reason = f"'{'.'.join(path)}' is a secret; it has no place in a file that goes into git."
            raise InvalidFile(
                document.path, reason, line, f"Take it out and revoke it, then give a new one in {_PLACES}."
            )


def _error(document: Document, path: tuple[str, ...], error: object) -> tuple[int, ConfigError]:
    rule, instance = getattr(error, "validator", ""), getattr(error, "instance", None)
    if rule == "additionalProperties" and isinstance(instance, Mapping):
        return _unknown(document, path, instance, getattr(error, "schema", {}))
    line = document.line(path)
    wanted = _wanted(path, rule, error)
    reason = f"'{'.'.join(path)}' must be {wanted}; this is {_described(instance)}."
    return line or 0, InvalidFile(document.path, reason, line, _advice(instance, wanted))


def _unknown(
    document: Document, path: tuple[str, ...], instance: Mapping[object, object], schema: Mapping[str, object]
) -> tuple[int, ConfigError]:
    properties = schema.get("properties")
    allowed = [str(name) for name in properties] if isinstance(properties, Mapping) else []
    key = next(str(name) for name in instance if name not in allowed)
    line = document.line((*path, key))
    return line or 0, UnknownKey(document.path, ".".join((*path, key)), nearest(key, allowed), line)


def _wanted(path: tuple[str, ...], rule: str, error: object) -> str:
    if not path:
        return "a mapping of keys to values"
    if rule == "enum":
        return "one of " + ", ".join(getattr(error, "validator_value", ()))
    if rule == "uniqueItems":
        return "a list without twins"
    inside_list = path[-1].isdigit()
    key = keys.BY_NAME.get(".".join(path))
    if key is not None:
        return key.kind.value
    inside_roles = path[0] == "roles" and len(path) > 1
    return "text" if inside_list or inside_roles else "a mapping of keys to values"


def _described(value: object) -> str:
    match value:
        case None:
            return "empty"
        case "":
            return "empty text"
        case bool():
            return "yes or no"
        case int() | float():
            return "a number"
        case str():
            return "other text"
        case list():
            return "a list"
        case Mapping():
            return "a mapping"
        case _:
            return f"a {type(value).__name__}"


def _advice(value: object, wanted: str) -> str:
    if isinstance(value, int | float) and wanted == Kind.TEXT.value:
        return "Put it in quotes."
    return "`runner config schema` describes every key."
