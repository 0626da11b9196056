"""The JSON Schema of config/migration.yaml, and the check of a read file against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from runner.core.errors import ConfigError, InvalidFile, UnknownKey
from runner.core.graph import nearest
from runner.project.files import Document

KINDS: Final = {
    "tables": "TABLE",
    "views": "VIEW",
    "materialized_views": "MATERIALIZED VIEW",
    "dynamic_tables": "DYNAMIC TABLE",
    "external_tables": "EXTERNAL TABLE",
    "sequences": "SEQUENCE",
    "functions": "FUNCTION",
    "procedures": "PROCEDURE",
    "streams": "STREAM",
    "tasks": "TASK",
    "alerts": "ALERT",
    "pipes": "PIPE",
    "stages": "STAGE",
    "file_formats": "FILE FORMAT",
    "masking_policies": "MASKING POLICY",
    "row_access_policies": "ROW ACCESS POLICY",
    "tags": "TAG",
    "objects": "",
    "schemas": "",
}
"""The words of ``select``, and the kinds they choose; ``objects`` and whole schemas choose every kind."""

_TEXT: Final = {"type": "string", "minLength": 1}
_TEXTS: Final = {"type": "array", "items": _TEXT, "uniqueItems": True}
_MAP: Final = {"type": "object", "additionalProperties": _TEXT}


def _closed(required: Iterable[str] = (), **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        **({"required": list(required)} if required else {}),
    }


def _choice(meaning: str, *words: str) -> dict[str, Any]:
    return {"enum": list(words), "description": meaning, "default": words[0]}


_STRATEGIES: Final = ("snapshot", "batches", "incremental", "stream", "replay", "none")
_STRATEGY: Final = _closed(
    ("strategy",),
    strategy=_choice("how the rows come", *_STRATEGIES),
    by={**_TEXT, "description": "batches: the column that cuts, or hash(column, …)"},
    every={**_TEXT, "enum": ["day", "week", "month", "quarter", "year"], "description": "batches: of a date column"},
    size={"type": "integer", "minimum": 1, "description": "batches: keys to a batch, of a number column"},
    parts={"type": "integer", "minimum": 2, "maximum": 10000, "description": "batches: how many, by hash"},
    key={**_TEXTS, "description": "incremental, stream: the columns that name a row; the primary key without it"},
    watermark={**_TEXT, "description": "incremental: the column that says when a row last changed"},
    overlap={**_TEXT, "description": "incremental: how far behind the watermark to look again, `1 hour`"},
    deletes={"type": "boolean", "default": True, "description": "incremental: find rows that are gone, by their keys"},
    **{
        "from": {
            **_TEXT,
            "description": "replay: `history`, which is what ACCESS_HISTORY saw fill the table; or schema.procedure",
        }
    },
)


def migration_schema() -> dict[str, Any]:
    """What `runner plan schema` prints (docs: json-schema.org/draft/2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What a plan is asked for: config/migration.yaml",
        **_closed(
            ("source", "target", "select"),
            source={**_TEXT, "description": "the environment that has the objects"},
            target={**_TEXT, "description": "the environment that is to have them"},
            select={
                **_closed(**dict.fromkeys(KINDS, _TEXTS), exclude=_TEXTS),
                "description": "schema.name, with * and ?; a routine may have its argument types behind it",
            },
            names={
                **_closed(databases=_MAP, schemas=_MAP, objects=_MAP, roles=_MAP, warehouses=_MAP, integrations=_MAP),
                "description": "old name: new name; a role's new name is a logical role of config/<env>.yaml",
            },
            data=_closed(
                default=_choice("how rows come where nothing else is said", *_STRATEGIES),
                order={**_TEXTS, "description": "patterns: the rows of these tables come first, in this order"},
                parallel={
                    "type": "boolean",
                    "default": False,
                    "description": "batches, incremental: several tables at the same time, by `migrate --parallel N`",
                },
                warehouse={
                    "type": "string",
                    "pattern": "^[A-Za-z_][A-Za-z0-9_]*$",
                    "description": "the word under `vars` of the target's settings that names the warehouse that "
                    "copies rows",
                },
                tables={"type": "object", "additionalProperties": {"anyOf": [{"enum": list(_STRATEGIES)}, _STRATEGY]}},
            ),
            policies=_closed(
                literals=_choice("names in string literals", "ask", "report", "rewrite"),
                bodies=_choice("names in bodies of other languages", "ask", "report", "rewrite"),
                masked=_choice("tables whose rows a policy masks or filters", "refuse", "strip", "copy"),
            ),
            owners={**_MAP, "description": "pattern: logical role that owns what matches"},
            outside={
                "type": "object",
                "additionalProperties": {"enum": ["include", "map", "drop", "declare"]},
                "description": "pattern: what becomes of what is needed and was not selected",
            },
            depends={"type": "object", "additionalProperties": _TEXTS, "description": "needer: [needed, …]"},
            answers={"type": "object", "additionalProperties": {"type": "string"}},
            layout=_closed(
                ddl=_choice("how many files hold the DDL", "one", "kind", "object"),
                code=_choice("views and routines as V or as R scripts", "versioned", "repeatable"),
            ),
        ),
    }


def check(document: Document) -> None:
    """Raises the first thing wrong, with its line and what would be right."""
    from jsonschema import Draft202012Validator

    errors = list(Draft202012Validator(migration_schema()).iter_errors(document.values))
    found = [_error(document, error) for error in errors]
    if found:
        raise min(found, key=lambda pair: pair[0])[1]


def _error(document: Document, error: Any) -> tuple[int, ConfigError]:
    keys = tuple(str(part) for part in error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, Mapping):
        return _unknown(document, keys, error)
    if error.validator == "anyOf" and isinstance(error.instance, Mapping):
        return _error(document, next(each for each in error.context if each.schema_path[0] == 1))
    if error.validator == "required":
        missing = next(key for key in error.validator_value if key not in error.instance)
        keys, reason = (*keys, missing), "is missing"
    elif error.validator == "anyOf":
        reason = f"must be one of {', '.join(_STRATEGIES)}, or a mapping with `strategy`"
    else:
        reason = f"must be {_wanted(error)}"
    line = document.line(keys)
    return line or 0, InvalidFile(document.path, f"'{'.'.join(keys)}' {reason}.", line, _SCHEMA)


_SCHEMA: Final = "`runner plan schema` describes every key."


def _unknown(document: Document, keys: tuple[str, ...], error: Any) -> tuple[int, ConfigError]:
    allowed = list(error.schema.get("properties", {}))
    key = next(str(name) for name in error.instance if name not in allowed)
    line = document.line((*keys, key))
    return line or 0, UnknownKey(document.path, ".".join((*keys, key)), nearest(key, allowed), line, _SCHEMA)


def _wanted(error: Any) -> str:
    match error.validator:
        case "enum":
            return "one of " + ", ".join(map(str, error.validator_value))
        case "type":
            return {"object": "a mapping", "array": "a list", "string": "text"}.get(
                error.validator_value, f"of the type {error.validator_value}"
            )
        case "uniqueItems":
            return "a list without twins"
        case "minimum" | "maximum":
            return f"{'at least' if error.validator == 'minimum' else 'at most'} {error.validator_value}"
        case _:
            return "text that is not empty"
