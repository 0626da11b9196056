"""The statement that makes an external table, as GET_DDL gives it."""

from __future__ import annotations

from runner.sandbox.catalog.external import External
from runner.sandbox.catalog.model import ColumnModel, Table
from runner.sandbox.ddl.names import listed, written
from runner.sandbox.ddl.types import type_text
from runner.sandbox.tokens import quote_string


def external_ddl(table: Table, name: str) -> str:
    """Columns with their expressions, then the properties, a line each."""
    own = table.external
    assert own is not None, "asked of external tables only"
    columns = ",\n".join(f"\t{_column(column, own)}" for column in table.columns if column.name in own.expressions)
    lines = [f"create or replace external table {name}(\n{columns})", *_properties(table, own)]
    return "\n".join([*lines, ";"])


def _column(column: ColumnModel, own: External) -> str:
    words = f"{written(column.name)} {type_text(column.type)} AS ({own.expressions[column.name]})"
    return words if column.nullable else f"{words} NOT NULL"


def _properties(table: Table, own: External) -> list[str]:
    lines = [f"integration={quote_string(own.integration)}"] if own.integration else []
    lines += [f"partition by ({listed(own.partition_by)})"] if own.partition_by else []
    lines += [f"location={own.location}", f"refresh_on_create={own.refresh_on_create}".lower()]
    lines += [f"auto_refresh={own.auto_refresh}".lower()]
    lines += [f"pattern={quote_string(own.pattern)}"] if own.pattern is not None else []
    lines += [f"aws_sns_topic={quote_string(own.notification)}"] if own.notification else []
    lines += ["partition_type=user_specified"] if own.user_specified else []
    lines += [f"file_format=({_format(own)})"]
    return lines + ([] if table.comment is None else [f"comment={quote_string(table.comment)}"])


def _format(own: External) -> str:
    if own.format_name is not None:
        return f"FORMAT_NAME={own.format_name}"
    given = {"TYPE": "CSV", **own.format}
    return " ".join(f"{option}={_value(value)}" for option, value in given.items())


def _value(value: str | list[str]) -> str:
    if isinstance(value, list):
        return f"({', '.join(map(quote_string, value))})"
    plain = value in ("TRUE", "FALSE", "AUTO", "NONE") or value.isalnum()
    return value if plain else quote_string(value)
