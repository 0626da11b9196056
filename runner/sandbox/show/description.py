"""The rows of DESCRIBE, kind by kind (sql-reference/sql/desc and the pages under it)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator

from runner.sandbox import access
from runner.sandbox.catalog.model import (
    ColumnModel,
    Database,
    Policy,
    Routine,
    Schema,
    SchemaObject,
    Table,
    User,
    View,
    Warehouse,
)
from runner.sandbox.context import Context
from runner.sandbox.ddl.names import dotted, written
from runner.sandbox.ddl.search import column_of, method_of, target_of
from runner.sandbox.ddl.types import type_text
from runner.sandbox.law import policies
from runner.sandbox.law.login_policies import usual_secondary_roles
from runner.sandbox.result import Result
from runner.sandbox.show.columns import identity_text
from runner.sandbox.show.inventory import Inventory
from runner.sandbox.show.shape import Row, yes

COLUMNS = (
    "name, type, kind, null?, default, primary key, unique key, check, expression, comment, policy name, "
    "privacy domain, schema_evolution_record"
)
PROPERTIES = "property, value"
CONTENTS = "created_on time, name, kind"
USER = "property, value, default, description"
SHARE = "kind, name, shared_on time"
PAIRS = "name, value"
POLICY = "name, signature, return_type, body"


def column_rows(record: Table | View) -> Iterator[Row]:
    """A table's or view's columns in order."""
    for column in record.columns:
        yield (
            _column(column)
            | _virtual(record, column.name)
            | {
                "primary key": yes(_in_key(record, "PRIMARY KEY", column.name)),
                "unique key": yes(_in_key(record, "UNIQUE", column.name)),
                "policy name": _policy(record, column.name),
            }
        )


def _column(column: ColumnModel) -> dict[str, object]:
    collation = f" COLLATE '{column.collation}'" if column.collation else ""
    return {
        "name": column.name,
        "type": type_text(column.type) + collation,
        "kind": "COLUMN",
        "null?": yes(column.nullable),
        "default": column.default or identity_text(column) or None,
        "comment": column.comment,
    }


def _virtual(record: Table | View, column: str) -> dict[str, object]:
    """A column of an external table is computed from the rows of its files."""
    external = record.external if isinstance(record, Table) else None
    if external is None or column not in external.expressions:
        return {}
    return {"kind": "VIRTUAL", "expression": external.expressions[column]}


def _in_key(record: Table | View, kind: str, column: str) -> bool:
    constraints = record.constraints if isinstance(record, Table) else []
    return any(constraint.type == kind and column in constraint.columns for constraint in constraints)


def _policy(record: Table | View, column: str) -> str | None:
    return next((dotted(each.policy) for each in policies.attachments(record) if each.masks == column), None)


def result_rows(result: Result) -> Iterator[Row]:
    """The columns of an earlier result."""
    for column in result.columns:
        unknown = {"primary key": "N", "unique key": "N"}
        yield unknown | {
            "name": column.name,
            "type": type_text(column.type),
            "kind": "COLUMN",
            "null?": yes(column.nullable),
        }


def signature(routine: Routine) -> str:
    """`(A DATE, B NUMBER)`."""
    written = (f"{each.name} {'OUT ' if each.out else ''}{each.type.name}" for each in routine.arguments)
    return f"({', '.join(written)})"


def hidden(context: Context, routine: Routine) -> bool:
    """Whether the body is kept from the session: an owner's-rights procedure's or a secure function's, from others
    than the owner (developer-guide/stored-procedure/stored-procedures-rights, developer-guide/secure-udf-procedure).
    """
    secret = routine.secure or (routine.routine == "PROCEDURE" and routine.execute_as == "OWNER")
    return secret and not access.has(context.catalog, context.session, "OWNERSHIP", routine)


def routine_rows(context: Context, routine: Routine) -> Iterator[Row]:
    """A procedure's or function's properties."""
    properties: dict[str, str | None] = {
        "signature": signature(routine),
        "returns": routine.returns,
        "language": routine.language,
        "null handling": "RETURNS NULL ON NULL INPUT" if routine.strict else "CALLED ON NULL INPUT",
        "volatility": routine.volatility or "VOLATILE",
    }
    if routine.routine == "PROCEDURE":
        properties["execute as"] = routine.execute_as
    properties["body"] = None if hidden(context, routine) else routine.body
    if routine.handler is not None:
        properties |= _code(routine)
    return ({"property": name, "value": value} for name, value in properties.items())


def _code(routine: Routine) -> dict[str, str | None]:
    """What only a routine in another language than SQL has."""
    version = routine.runtime_version
    return {
        "imports": f"[{', '.join(routine.imports)}]",
        "handler": routine.handler,
        "runtime_version": version,
        "packages": packages(routine),
        "external_access_integrations": f"[{', '.join(routine.external_access)}]",
    }


def packages(routine: Routine) -> str:
    """`['numpy','pandas==2.1']`."""
    return "[" + ",".join(f"'{package}'" for package in routine.packages) + "]"


def database_rows(context: Context, database: Database) -> Iterator[Row]:
    """The schemas of a database."""
    yield {"created_on": database.created_at, "name": "INFORMATION_SCHEMA", "kind": "SCHEMA"}
    for schema in Inventory(context.catalog, context.session).schemas(database):
        yield {"created_on": schema.created_at, "name": schema.name, "kind": "SCHEMA"}


def schema_rows(context: Context, database: Database, schema: Schema) -> Iterator[Row]:
    """Everything in a schema that the session sees."""
    for item in Inventory(context.catalog, context.session).within(database, schema, SchemaObject):
        record = item.record
        yield {"created_on": record.created_at, "name": record.name, "kind": access.object_kind(record)}


def warehouse_rows(warehouse: Warehouse) -> Iterator[Row]:
    yield {"created_on": warehouse.created_at, "name": warehouse.name, "kind": "WAREHOUSE"}


def policy_rows(policy: Policy) -> Iterator[Row]:
    yield {
        "name": policy.name,
        "signature": policies.shown_signature(policy),
        "return_type": policies.shown_return(policy),
        "body": policy.body,
    }


def user_rows(user: User) -> Iterator[Row]:
    """A user's properties; of keys only the fingerprint, of a password only that there is one."""
    properties: dict[str, tuple[str | None, str]] = {
        "NAME": (user.name, "Name"),
        "COMMENT": (user.comment, "user comment associated to an object in the dictionary"),
        "DISPLAY_NAME": (user.names.get("DISPLAY_NAME", user.name), "Display name of the associated object"),
        "TYPE": (user.type, "The type of this user"),
        "LOGIN_NAME": (user.login_name or user.name, "Login name of the user"),
        "FIRST_NAME": (user.names.get("FIRST_NAME"), "First name of the user"),
        "MIDDLE_NAME": (user.names.get("MIDDLE_NAME"), "Middle name of the user"),
        "LAST_NAME": (user.names.get("LAST_NAME"), "Last name of the user"),
        "EMAIL": (user.email, "Email address of the user"),
        "PASSWORD": ("********" if user.password_sha256 else None, "Password of the user"),
        "MUST_CHANGE_PASSWORD": ("false", "User must change the password"),
        "DISABLED": (str(user.disabled).lower(), "Whether the user is disabled"),
        "DEFAULT_WAREHOUSE": (user.default_warehouse, "Default warehouse for this user"),
        "DEFAULT_NAMESPACE": (user.default_namespace, "Default database namespace prefix for this user"),
        "DEFAULT_ROLE": (user.default_role, "Primary principal of user session will be set to this role"),
        "DEFAULT_SECONDARY_ROLES": (
            json.dumps(usual_secondary_roles(user)),
            "The secondary roles will be set to all roles provided here.",
        ),
        "RSA_PUBLIC_KEY_FP": (fingerprint(user.rsa_public_key), "Fingerprint of user's RSA public key"),
        "RSA_PUBLIC_KEY_2_FP": (fingerprint(user.rsa_public_key_2), "Fingerprint of user's second RSA public key"),
    }
    for name, (value, description) in properties.items():
        yield {"property": name, "value": value or "null", "default": "null", "description": description}


def fingerprint(key: str | None) -> str | None:
    """`SHA256:…` of a public key given as base64, as the key-pair login names it."""
    if not key:
        return None
    lines = [line.strip() for line in key.splitlines() if not line.startswith("-----")]
    try:
        body = base64.b64decode("".join(lines), validate=True)
    except binascii.Error:
        return None
    return "SHA256:" + base64.b64encode(hashlib.sha256(body).digest()).decode()


SEARCH = "expression_id number, method, target, target_data_type, active"


def search_rows(table: Table) -> Iterator[Row]:
    """DESCRIBE SEARCH OPTIMIZATION: what is kept, one row each; the whole table is EQUALITY of every column."""
    types = {column.name: type_text(column.type) for column in table.columns}
    every = [f"EQUALITY({written(name)})" for name in types]
    kept = [one for each in table.search_optimization for one in (every if each == "*" else [each])]
    for number, expression in enumerate(dict.fromkeys(kept), start=1):
        yield {
            "expression_id": number,
            "method": method_of(expression),
            "target": target_of(expression),
            "target_data_type": types.get(column_of(expression) or "", ""),
            "active": "true",
        }
