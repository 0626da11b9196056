"""A template as values: what it is for, what it wants to know, and the text that is filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from runner.core.errors import ConfigError, InvalidFile, UnknownKey
from runner.core.graph import nearest
from runner.project.files import Document, read_text, read_yaml
from runner.project.plan_templates.values import Parameter, Type, Value

DESCRIPTION: Final = "template.yaml"
BODY: Final = "migration.yaml.j2"


class Category(StrEnum):
    STANDARD = "standard"
    PERFORMANCE = "performance"
    COMPLIANCE = "compliance"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Template:
    """``body`` is Jinja over YAML; ``origin`` is its folder, or empty for one of runner's own."""

    name: str
    category: Category
    description: str
    parameters: tuple[Parameter, ...]
    body: str = field(repr=False)
    origin: str = ""

    @property
    def required(self) -> tuple[Parameter, ...]:
        return tuple(each for each in self.parameters if each.required)


def read_template(folder: Path, shown: str, *, own: bool = False) -> Template:
    """One folder. Raises an InvalidFile or UnknownKey with the line of what is wrong."""
    document = read_yaml(folder / DESCRIPTION, f"{shown}/{DESCRIPTION}", "category: custom")
    _check(document)
    values: Mapping[str, Any] = document.values
    return Template(
        folder.name,
        Category(values["category"]),
        str(values["description"]).strip(),
        tuple(_parameters(document)),
        read_text(folder / BODY, f"{shown}/{BODY}"),
        "" if own else shown,
    )


def _parameters(document: Document) -> Iterator[Parameter]:
    given: Any = document.values.get("parameters") or {}
    for name, words in given.items():
        line = document.line(("parameters", name))
        parameter = Parameter(
            str(name), Type(words["type"]), str(words["description"]).strip(), "default" not in words,
            _frozen(words.get("default")), tuple(str(each) for each in words.get("choices", ())),
            str(words.get("pattern", "")), words.get("minimum"), words.get("maximum"),
        )  # fmt: skip
        for problem in _contradictions(parameter, words):
            raise InvalidFile(document.path, f"parameter '{name}': {problem}.", line)
        yield parameter


def _frozen(value: Any) -> Value:
    return tuple(value) if isinstance(value, list) else value


def _contradictions(parameter: Parameter, words: Mapping[str, Any]) -> Iterator[str]:
    if not parameter.name.isidentifier():
        yield "its name is not a word of letters, digits and _"
    if words.get("required") is not None and words["required"] != parameter.required:
        yield "it is required and has a default" if words["required"] else "it is not required and has no default"
    for word, types in _FOR.items():
        if word in words and parameter.type not in types:
            yield f"'{word}' is not for the type {parameter.type}"
    yield from parameter.pattern_problem()
    if not parameter.required:
        yield from (f"its default {problem}" for problem in parameter.problems(parameter.default))


_FOR: Final = {
    "minimum": (Type.INT, Type.LIST),
    "maximum": (Type.INT, Type.LIST),
    "pattern": (Type.STRING, Type.LIST),
    "choices": (Type.STRING, Type.LIST),
}

_TEXT: Final = {"type": "string", "minLength": 1}


def template_schema() -> dict[str, Any]:
    """What a template.yaml may hold (docs: json-schema.org/draft/2020-12)."""
    parameter = {
        "type": "object",
        "additionalProperties": False,
        "required": ["type", "description"],
        "properties": {
            "type": {"enum": [each.value for each in Type]},
            "description": _TEXT,
            "required": {"type": "boolean"},
            "default": {},
            "choices": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            "pattern": _TEXT,
            "minimum": {"type": "integer"},
            "maximum": {"type": "integer"},
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A template of plans: template.yaml",
        "type": "object",
        "additionalProperties": False,
        "required": ["category", "description"],
        "properties": {
            "category": {"enum": [each.value for each in Category]},
            "description": _TEXT,
            "parameters": {"type": ["object", "null"], "additionalProperties": parameter},
        },
    }


_KEYS = "category, description and parameters are its keys; `runner templates show NAME` prints one."


def _check(document: Document) -> None:
    """Raises what is wrong at the earliest line."""
    from jsonschema import Draft202012Validator

    errors = [_error(document, error) for error in Draft202012Validator(template_schema()).iter_errors(document.values)]
    if errors:
        raise min(errors, key=lambda pair: pair[0])[1]


def _error(document: Document, error: Any) -> tuple[int, ConfigError]:
    keys = tuple(str(part) for part in error.absolute_path)
    line = document.line(keys) or 0
    match error.validator:
        case "additionalProperties":
            allowed = list(error.schema["properties"])
            key = next(str(name) for name in error.instance if name not in allowed)
            line = document.line((*keys, key)) or 0
            return line, UnknownKey(document.path, ".".join((*keys, key)), nearest(key, allowed), line, _KEYS)
        case "required":
            missing = next(key for key in error.validator_value if key not in error.instance)
            return line, InvalidFile(document.path, f"'{'.'.join((*keys, missing))}' is missing.", line)
        case "enum":
            words = ", ".join(error.validator_value)
            return line, InvalidFile(document.path, f"'{'.'.join(keys)}' must be one of {words}.", line)
        case _:
            return line, InvalidFile(document.path, f"'{'.'.join(keys)}': {error.message}.", line)
