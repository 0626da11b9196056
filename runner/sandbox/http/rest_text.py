"""Snowflake's REST resources as statements: what a JSON description asks for, said in SQL.

Source: developer-guide/snowflake-rest-api/reference. What a resource has and the sandbox's statement has not is refused
by name; everything else is judged by the statement itself, with the rights of the session.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.types import read_type
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.tokens import Reader, quote_identifier, quote_string, tokenize, whole_name

Data = Mapping[str, Any]
_CONTAINER = (
    "comment data_retention_time_in_days default_ddl_collation log_level max_data_extension_time_in_days "
    "suspend_task_after_num_failures trace_level user_task_managed_initial_warehouse_size user_task_timeout_ms"
)
_WAREHOUSE = (
    "warehouse_type warehouse_size max_cluster_count min_cluster_count scaling_policy auto_suspend auto_resume "
    "initially_suspended resource_monitor comment enable_query_acceleration query_acceleration_max_scale_factor "
    "max_concurrency_level statement_queued_timeout_in_seconds statement_timeout_in_seconds"
)
_USER = (
    "password login_name email must_change_password disabled default_warehouse default_namespace default_role "
    "rsa_public_key comment type network_policy"
)
_TABLE = "change_tracking data_retention_time_in_days max_data_extension_time_in_days comment"
_STAGE = "url endpoint storage_integration comment"


@dataclass(frozen=True, slots=True)
class Resource:
    """`within` is how many names stand before its own: none, a database, a database and a schema."""

    kind: str
    plural: str
    within: int
    properties: frozenset[str]
    head: Callable[[Data], tuple[str, set[str]]]
    """Words before the kind, and which members they come from."""
    body: Callable[[Data], tuple[str, str, set[str]]]
    """What follows the name, what ends the statement, and which members they come from."""


def _no_words(_: Data) -> tuple[str, set[str]]:
    return "", set()


def _no_body(_: Data) -> tuple[str, str, set[str]]:
    return "", "", set()


def _kind_word(*words: str) -> Callable[[Data], tuple[str, set[str]]]:
    def read(data: Data) -> tuple[str, set[str]]:
        kind = str(data.get("kind") or "PERMANENT").upper()
        if kind not in ("PERMANENT", *words):
            raise wrong(f"kind '{kind[:80]}' is none of PERMANENT, {', '.join(words)}")
        return ("" if kind == "PERMANENT" else f"{kind} "), {"kind"}

    return read


def _schema_body(data: Data) -> tuple[str, str, set[str]]:
    return (" WITH MANAGED ACCESS" if data.get("managed_access") else ""), "", {"managed_access"}


def _view_head(data: Data) -> tuple[str, set[str]]:
    words = ("SECURE " if data.get("secure") else "") + ("RECURSIVE " if data.get("recursive") else "")
    return words, {"secure", "recursive"}


def _view_body(data: Data) -> tuple[str, str, set[str]]:
    columns = ", ".join(_view_column(each) for each in _list(data, "columns"))
    query = _one_statement(_text(data, "query"))
    return (f" ({columns})" if columns else ""), f" AS {query}", {"columns", "query"}


def _view_column(column: Data) -> str:
    comment = f" COMMENT {quote_string(_text(column, 'comment'))}" if column.get("comment") is not None else ""
    _refuse_others(column, {"name", "comment", "datatype"})
    return quote_identifier(name_of(_text(column, "name"))) + comment


def _table_body(data: Data) -> tuple[str, str, set[str]]:
    parts = [_column(each) for each in _list(data, "columns")]
    parts += [_constraint(each) for each in _list(data, "constraints")]
    if not parts:
        raise wrong("a table needs columns")
    keys = [_one_statement(str(each)) for each in _list(data, "cluster_by", plain=True)]
    key = f" CLUSTER BY ({', '.join(keys)})" if keys else ""
    return f" ({', '.join(parts)}){key}", "", {"columns", "constraints", "cluster_by"}


def _column(column: Data) -> str:
    words = [quote_identifier(name_of(_text(column, "name"))), _type(_text(column, "datatype"))]
    words += ["NOT NULL"] if column.get("nullable") is False else []
    words += [f"COLLATE {quote_string(_text(column, 'collate'))}"] if column.get("collate") else []
    words += [f"DEFAULT {_one_statement(_text(column, 'default'))}"] if column.get("default") is not None else []
    if column.get("autoincrement"):
        start, step = column.get("autoincrement_start", 1), column.get("autoincrement_increment", 1)
        words.append(f"AUTOINCREMENT START {int(start)} INCREMENT {int(step)}")
    words += [f"COMMENT {quote_string(_text(column, 'comment'))}"] if column.get("comment") is not None else []
    known = {"name", "datatype", "nullable", "collate", "default", "comment", "autoincrement"}
    _refuse_others(column, known | {"autoincrement_start", "autoincrement_increment"})
    return " ".join(words)


def _type(text: str) -> str:
    reader = Reader(text)
    read_type(reader)
    reader.end()
    return text


def _constraint(given: Data) -> str:
    kind = _text(given, "constraint_type").upper()
    if kind not in ("PRIMARY KEY", "UNIQUE", "FOREIGN KEY"):
        raise wrong(f"constraint_type '{kind[:80]}' is none of PRIMARY KEY, UNIQUE, FOREIGN KEY")
    named = f"CONSTRAINT {quote_identifier(name_of(_text(given, 'name')))} " if given.get("name") else ""
    text = f"{named}{kind} ({_names(given, 'column_names')})"
    known = {"name", "constraint_type", "column_names"}
    if kind == "FOREIGN KEY":
        table = ".".join(map(quote_identifier, whole_name(_text(given, "referenced_table_name"))))
        text += f" REFERENCES {table} ({_names(given, 'referenced_column_names')})"
        known |= {"referenced_table_name", "referenced_column_names"}
    _refuse_others(given, known)
    return text


def _names(given: Data, member: str) -> str:
    return ", ".join(quote_identifier(name_of(str(each))) for each in _list(given, member, plain=True))


def _stage_body(data: Data) -> tuple[str, str, set[str]]:
    text = ""
    if isinstance(table := data.get("directory_table"), dict):
        _refuse_others(table, {"enable"})
        text += f" DIRECTORY = (ENABLE = {'TRUE' if table.get('enable') else 'FALSE'})"
    if isinstance(given := data.get("encryption"), dict):
        _refuse_others(given, {"type"})
        text += f" ENCRYPTION = (TYPE = {quote_string(_text(given, 'type'))})"
    return text, "", {"directory_table", "encryption"}


def _resource(
    kind: str,
    within: int,
    properties: str,
    head: Callable[[Data], tuple[str, set[str]]] = _no_words,
    body: Callable[[Data], tuple[str, str, set[str]]] = _no_body,
) -> Resource:
    return Resource(kind, f"{kind}S", within, frozenset(properties.split()), head, body)


RESOURCES: dict[str, Resource] = {
    "databases": _resource("DATABASE", 0, _CONTAINER, _kind_word("TRANSIENT")),
    "roles": _resource("ROLE", 0, "comment"),
    "users": _resource("USER", 0, _USER),
    "warehouses": _resource("WAREHOUSE", 0, _WAREHOUSE),
    "database-roles": _resource("DATABASE ROLE", 1, "comment"),
    "schemas": _resource("SCHEMA", 1, _CONTAINER, _kind_word("TRANSIENT"), _schema_body),
    "stages": _resource("STAGE", 2, _STAGE, _kind_word("TEMPORARY"), _stage_body),
    "tables": _resource("TABLE", 2, _TABLE, _kind_word("TRANSIENT", "TEMPORARY"), _table_body),
    "views": _resource("VIEW", 2, "comment", _view_head, _view_body),
}


def wrong(why: str) -> SnowflakeError:
    return compilation(391902, "22023", f"Invalid request: {why}.")


def name_of(written: str) -> str:
    """A name as it stands in a path or a description: an identifier, quoted where its case matters."""
    reader = Reader(written)
    found = reader.identifier()
    reader.end()
    return found


def full_name(parts: tuple[str, ...]) -> str:
    return ".".join(map(quote_identifier, parts))


def create(resource: Resource, place: tuple[str, ...], data: Data, mode: str) -> str:
    """The CREATE statement of a description; `mode` is errorIfExists, orReplace or ifNotExists."""
    if mode not in ("errorIfExists", "orReplace", "ifNotExists"):
        raise wrong(f"createMode '{mode[:80]}' is none of errorIfExists, orReplace, ifNotExists")
    head, of_head = resource.head(data)
    body, tail, of_body = resource.body(data)
    _refuse_others(data, {"name", *resource.properties, *of_head, *of_body})
    given = {key: data[key] for key in sorted(resource.properties) if data.get(key) is not None}
    options = "".join(f" {key.upper()} = {_value(value)}" for key, value in given.items())
    name = full_name((*place, name_of(_text(data, "name"))))
    replace = "OR REPLACE " if mode == "orReplace" else ""
    unless = "IF NOT EXISTS " if mode == "ifNotExists" else ""
    return f"CREATE {replace}{head}{resource.kind} {unless}{name}{body}{options}{tail}"


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).upper()
        case int():
            return str(value)
        case str():
            return quote_string(value)
        case _:
            raise wrong(f"'{str(value)[:80]}' is neither a text, a number nor a truth value")


def _text(data: Data, member: str) -> str:
    value = data.get(member)
    if not isinstance(value, str) or not value:
        raise wrong(f"'{member}' is missing, or no text")
    return value


def _list(data: Data, member: str, *, plain: bool = False) -> list[Any]:
    value = data.get(member) or []
    if not isinstance(value, list) or not all(isinstance(each, str if plain else dict) for each in value):
        raise wrong(f"'{member}' is no list of {'texts' if plain else 'objects'}")
    return value


def _refuse_others(data: Data, known: set[str]) -> None:
    others = sorted(key for key in data if key not in known and data[key] is not None)
    if others:
        raise wrong(f"'{others[0][:80]}' is not known here")


def _one_statement(text: str) -> str:
    """An expression or a query that ends no statement and opens no parenthesis that it does not close."""
    depth = 0
    for token in tokenize(text := text.strip().removesuffix(";")):
        depth += {"(": 1, ")": -1}.get(token.word, 0)
        if token.word == ";" or depth < 0:
            raise wrong(f"'{text[:80]}' is more than one expression or query")
    if depth:
        raise wrong(f"'{text[:80]}' has a parenthesis that is not closed")
    return text
