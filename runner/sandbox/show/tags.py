"""SHOW TAGS, TAG_REFERENCES and the views about tags.

Sources: sql-reference/sql/show-tags, sql-reference/functions/tag_references, tag_references_all_columns,
sql-reference/account-usage/tags, tag_references.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from runner.sandbox import errors
from runner.sandbox.catalog.derived import Tag
from runner.sandbox.catalog.model import Account, ColumnModel, Database, Record, Table, View
from runner.sandbox.context import Context
from runner.sandbox.law import tags
from runner.sandbox.show import targets
from runner.sandbox.show.inventory import Item
from runner.sandbox.show.listing import Listing, found
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row
from runner.sandbox.show.tables import common, role_type
from runner.sandbox.tokens import Reader, whole_name

USAGE_TAGS = (
    "TAG_ID number, TAG_NAME, TAG_SCHEMA_ID number, TAG_SCHEMA, TAG_DATABASE_ID number, TAG_DATABASE, TAG_OWNER, "
    "TAG_COMMENT, CREATED time, LAST_ALTERED time, DELETED time, ALLOWED_VALUES variant, OWNER_ROLE_TYPE, PROPAGATE, "
    "ON_CONFLICT"
)
USAGE_TAG_REFERENCES = (
    "TAG_DATABASE, TAG_SCHEMA, TAG_ID number, TAG_NAME, TAG_VALUE, OBJECT_DATABASE, OBJECT_SCHEMA, OBJECT_ID number, "
    "OBJECT_NAME, OBJECT_DELETED time, DOMAIN, COLUMN_ID number, COLUMN_NAME, APPLY_METHOD"
)


def _tags(context: Context, request: Request) -> Iterator[Row]:
    for item in found(context, request, Tag):
        yield common(item) | {"allowed_values": _values(item.record)}


def _values(tag: Tag) -> str | None:
    return None if tag.allowed_values is None else json.dumps(tag.allowed_values, ensure_ascii=False)


LISTINGS: dict[tuple[str, ...], Listing] = {
    ("TAGS",): Listing(
        "created_on time, name, database_name, schema_name, owner, comment, allowed_values, owner_role_type, propagate",
        _tags,
    )
}


_DOMAINS: dict[str, tuple[tuple[str, ...], ...]] = {
    "TABLE": (("TABLE",), ("VIEW",)),
    "VIEW": (("TABLE",), ("VIEW",)),
    "DATABASE ROLE": (("DATABASE", "ROLE"),),
    "NETWORK POLICY": (("NETWORK", "POLICY"),),
    **{
        word: ((word,),)
        for word in (
            *("DATABASE", "SCHEMA", "STAGE", "PIPE", "TASK", "STREAM"),
            *("WAREHOUSE", "USER", "ROLE", "SHARE", "INTEGRATION"),
        )
    },
    "PROCEDURE": (("PROCEDURE",),),
    "FUNCTION": (("FUNCTION",),),
}


def target(context: Context, name: str, domain: str) -> tuple[Record | Account, ColumnModel | None]:
    """What the name means in the domain; for COLUMN it is `table.column`."""
    word = domain.upper()
    if word == "ACCOUNT":
        account = context.catalog.account(context.session.account)
        assert account is not None, "a session's account exists"
        return account, None
    if word == "COLUMN":
        return _column(context, Reader(name))
    if word not in _DOMAINS:
        raise errors.compilation(1044, "42P13", f"Invalid argument '{domain}': no domain of objects that carry tags")
    return _first(context, name, _DOMAINS[word]), None


def _first(context: Context, name: str, kinds: tuple[tuple[str, ...], ...]) -> Record:
    for words in kinds[:-1]:
        found_one = context.find(targets.IN_SCHEMA[words], whole_name(name))
        if found_one is not None:
            return found_one
    return targets.read_target(context, Reader(name), kinds[-1])


def _column(context: Context, reader: Reader) -> tuple[Record, ColumnModel]:
    parts = [reader.identifier()]
    while reader.accept("."):
        parts.append(reader.identifier())
    holder = context.find(Table, tuple(parts[:-1])) or context.get(View, tuple(parts[:-1]))
    column = next((c for c in holder.columns if c.name == parts[-1]), None)
    if column is None:
        raise errors.invalid_identifier(parts[-1])
    return holder, column


def references(context: Context, _: Database, arguments: dict[str, object]) -> Iterator[Row]:
    """TAG_REFERENCES: the tags that hold for one object or column."""
    record, column = target(context, *_two(arguments, "TAG_REFERENCES"))
    yield from _rows(context, record, column)


def references_all_columns(context: Context, _: Database, arguments: dict[str, object]) -> Iterator[Row]:
    """TAG_REFERENCES_ALL_COLUMNS: those of every column of a table or view."""
    name, domain = _two(arguments, "TAG_REFERENCES_ALL_COLUMNS")
    if domain.upper() != "TABLE":
        raise errors.compilation(1044, "42P13", f"Invalid argument '{domain}': the domain TABLE is expected")
    record, _column_of = target(context, name, domain)
    for column in getattr(record, "columns", ()):
        yield from _rows(context, record, column)


def _two(arguments: dict[str, object], function: str) -> tuple[str, str]:
    if "OBJECT_NAME" not in arguments or "OBJECT_DOMAIN" not in arguments:
        raise errors.compilation(938, "22023", f"not enough arguments for function [{function}]")
    return str(arguments["OBJECT_NAME"]), str(arguments["OBJECT_DOMAIN"])


def _rows(context: Context, record: Record | Account, column: ColumnModel | None) -> Iterator[Row]:
    for reference in tags.references(context.catalog, record, column):
        yield {
            **_of_tag(context, reference.tag),
            **_of_object(context, record, column),
            "TAG_VALUE": reference.value,
            "LEVEL": reference.level,
            "APPLY_METHOD": "INHERITED" if reference.inherited else "MANUAL",
        }


def _of_tag(context: Context, tag: Tag) -> dict[str, object]:
    database, schema, name = context.catalog.full_name(tag)
    return {"TAG_DATABASE": database, "TAG_SCHEMA": schema, "TAG_NAME": name}


def _of_object(context: Context, record: Record | Account, column: ColumnModel | None) -> dict[str, object]:
    database, schema = tags.home(context.catalog, record)
    return {
        "OBJECT_DATABASE": database.name if database else None,
        "OBJECT_SCHEMA": schema.name if schema else None,
        "OBJECT_NAME": record.name,
        "DOMAIN": "COLUMN" if column else tags.domain(record),
        "COLUMN_NAME": column.name if column else None,
    }


def usage_tag(item: Item[Tag]) -> Row:
    """One tag in ACCOUNT_USAGE.TAGS."""
    tag = item.record
    return {
        "TAG_ID": tag.id,
        "TAG_NAME": tag.name,
        "TAG_SCHEMA_ID": item.schema.id,
        "TAG_SCHEMA": item.schema.name,
        "TAG_DATABASE_ID": item.database.id,
        "TAG_DATABASE": item.database.name,
        "TAG_OWNER": tag.owner,
        "TAG_COMMENT": tag.comment,
        "CREATED": tag.created_at,
        "LAST_ALTERED": tag.altered_at or tag.created_at,
        "DELETED": tag.dropped_at,
        "ALLOWED_VALUES": _values(tag),
        "OWNER_ROLE_TYPE": role_type(tag.owner),
    }


def usage_references(context: Context, item: Item[Tag]) -> Iterator[Row]:
    """What a tag is set on, in ACCOUNT_USAGE.TAG_REFERENCES: inherited values are not listed."""
    if item.record.dropped_at is not None:
        return
    for record, column in tags.carried(context.catalog, item.record):
        columns = [c.name for c in getattr(record, "columns", ())]
        yield {
            **_of_tag(context, item.record),
            **_of_object(context, record, column),
            "TAG_ID": item.record.id,
            "TAG_VALUE": (column or record).tags[str(item.record.id)],
            "OBJECT_ID": None if isinstance(record, Account) else record.id,
            "COLUMN_ID": columns.index(column.name) + 1 if column else None,
            "APPLY_METHOD": "MANUAL",
        }


def get_tag(context: Context, name: object, target_name: object, domain: object) -> str | None:
    """SYSTEM$GET_TAG: the value as it holds for the object, NULL when it has none."""
    record, column = target(context, str(target_name), str(domain))
    return tags.value_of(context.catalog, _tag(context, name), record, column)


def allowed_values(context: Context, name: object) -> str | None:
    """SYSTEM$GET_TAG_ALLOWED_VALUES: a list in brackets, NULL when any value is allowed."""
    return _values(_tag(context, name))


def _tag(context: Context, name: object) -> Tag:
    found_one = context.find(Tag, whole_name(str(name)))
    if found_one is None:
        raise errors.does_not_exist("Tag", str(name))
    return found_one
