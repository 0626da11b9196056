"""Leading words of the statements that define objects, and their handlers."""

from __future__ import annotations

from collections.abc import Callable

from runner.sandbox.context import Context
from runner.sandbox.query.binding import bound_names
from runner.sandbox.result import Result
from runner.sandbox.statements import (
    alert,
    alter_table,
    comment,
    database,
    dynamic_table,
    event_table,
    external_table,
    materialized_view,
    routine,
    schema,
    sequence,
    stream,
    table,
    tag,
    task,
    undrop,
    view,
)

Handler = Callable[[Context, str], Result]


def _named(handler: Handler) -> Handler:
    """Variables in IDENTIFIER(…) are replaced before the handler reads the statement."""
    return lambda context, text: handler(context, bound_names(context, text))


_HANDLERS: dict[tuple[str, ...], Handler] = {
    ("CREATE", "DATABASE"): database.create,
    ("ALTER", "DATABASE"): database.alter,
    ("DROP", "DATABASE"): database.drop,
    ("CREATE", "SCHEMA"): schema.create,
    ("ALTER", "SCHEMA"): schema.alter,
    ("DROP", "SCHEMA"): schema.drop,
    ("CREATE", "TABLE"): table.create,
    ("ALTER", "TABLE"): alter_table.alter,
    ("DROP", "TABLE"): table.drop,
    ("CREATE", "VIEW"): view.create,
    ("ALTER", "VIEW"): view.alter,
    ("DROP", "VIEW"): view.drop,
    ("CREATE", "SEQUENCE"): sequence.create,
    ("ALTER", "SEQUENCE"): sequence.alter,
    ("DROP", "SEQUENCE"): sequence.drop,
    ("CREATE", "PROCEDURE"): routine.create("PROCEDURE"),
    ("ALTER", "PROCEDURE"): routine.alter("PROCEDURE"),
    ("DROP", "PROCEDURE"): routine.drop("PROCEDURE"),
    ("CREATE", "FUNCTION"): routine.create("FUNCTION"),
    ("ALTER", "FUNCTION"): routine.alter("FUNCTION"),
    ("DROP", "FUNCTION"): routine.drop("FUNCTION"),
    ("CREATE", "TASK"): task.create,
    ("ALTER", "TASK"): task.alter,
    ("DROP", "TASK"): task.drop,
    ("CREATE", "STREAM"): stream.create,
    ("ALTER", "STREAM"): stream.alter,
    ("DROP", "STREAM"): stream.drop,
    ("EXECUTE", "TASK"): task.execute,
    ("CREATE", "DYNAMIC", "TABLE"): dynamic_table.create,
    ("ALTER", "DYNAMIC", "TABLE"): dynamic_table.alter,
    ("DROP", "DYNAMIC", "TABLE"): dynamic_table.drop,
    ("CREATE", "MATERIALIZED", "VIEW"): materialized_view.create,
    ("ALTER", "MATERIALIZED", "VIEW"): materialized_view.alter,
    ("DROP", "MATERIALIZED", "VIEW"): materialized_view.drop,
    ("CREATE", "ALERT"): alert.create,
    ("ALTER", "ALERT"): alert.alter,
    ("DROP", "ALERT"): alert.drop,
    ("EXECUTE", "ALERT"): alert.execute,
    ("CREATE", "EVENT", "TABLE"): event_table.create,
    ("DROP", "EVENT", "TABLE"): event_table.drop,
    ("CREATE", "EXTERNAL", "TABLE"): external_table.create,
    ("ALTER", "EXTERNAL", "TABLE"): external_table.alter,
    ("DROP", "EXTERNAL", "TABLE"): external_table.drop,
    ("CREATE", "TAG"): tag.create,
    ("ALTER", "TAG"): tag.alter,
    ("DROP", "TAG"): tag.drop,
    ("UNDROP",): undrop.undrop,
    ("COMMENT",): comment.comment,
}

STATEMENTS = {words: _named(handler) for words, handler in _HANDLERS.items()}
