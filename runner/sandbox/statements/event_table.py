"""CREATE and DROP EVENT TABLE (sql-reference/sql/create-event-table).

An event table is stored: nothing in the sandbox logs or traces into it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from runner.sandbox.catalog.model import ColumnModel, Table
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.create_table import read_options
from runner.sandbox.ddl.header import read_header
from runner.sandbox.ddl.types import read_type
from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.query.binding import bound
from runner.sandbox.result import Result
from runner.sandbox.statements import objects, table
from runner.sandbox.tokens import Reader

_COLUMNS = {
    "TIMESTAMP": "TIMESTAMP_NTZ", "START_TIMESTAMP": "TIMESTAMP_NTZ", "OBSERVED_TIMESTAMP": "TIMESTAMP_NTZ",
    "TRACE": "OBJECT", "RESOURCE": "OBJECT", "RESOURCE_ATTRIBUTES": "OBJECT", "SCOPE": "OBJECT",
    "SCOPE_ATTRIBUTES": "OBJECT", "RECORD_TYPE": "VARCHAR", "RECORD": "OBJECT", "RECORD_ATTRIBUTES": "OBJECT",
    "VALUE": "VARIANT", "EXEMPLARS": "ARRAY",
}  # fmt: skip


def create(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    header = read_header(reader, "EVENT")
    reader.expect("TABLE")
    header = replace(header, if_not_exists=reader.accept("IF", "NOT", "EXISTS"))
    parts = reader.name()
    if reader.at("CLONE"):
        raise unsupported("CREATE EVENT TABLE ... CLONE")
    options = read_options(reader)
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        schema, name = context.target(parts)
        may = partial(context.require, "CREATE EVENT TABLE", schema)
        old = objects.standing(context, header, objects.relation(context, schema, name), Table, parts, may)
        if old is not None and header.if_not_exists:
            return objects.left_alone(name)
        if old is not None:
            context.require("OWNERSHIP", old)
            if not old.event:
                raise compilation(1998, "42710", f"Object '{'.'.join(parts)}' already exists as TABLE")
        columns = [ColumnModel(name=one, type=read_type(Reader(kind))) for one, kind in _COLUMNS.items()]
        made = Table(
            account=schema.account,
            name=name,
            owner=objects.owner(context),
            comment=options.comment,
            created_at=utc_now(),
            schema_id=schema.id,
            columns=columns,
            cluster_by=options.cluster_by,
            retention_days=options.retention_days,
            max_extension_days=options.max_extension_days,
            change_tracking=bool(options.change_tracking),
            event=True,
        )
        made.storage = context.storage.create(work, columns)
        objects.install(context, work, made, old, copy_grants=options.copy_grants)
    return objects.created("Event table", name)


def drop(context: Context, text: str) -> Result:
    """As DROP TABLE."""
    reader = Reader(bound(context, text))
    reader.expect("DROP", "EVENT")
    return table.drop(context, f"DROP {reader.rest()}")
