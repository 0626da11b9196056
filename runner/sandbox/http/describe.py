"""What a statement would return, without running it (`describeOnly` of a query request, the connector's `describe`)."""

from __future__ import annotations

from runner.sandbox.control import Control
from runner.sandbox.engine import Engine
from runner.sandbox.errors import unsupported
from runner.sandbox.http.bulk import placeholders
from runner.sandbox.result import Result
from runner.sandbox.session import Session
from runner.sandbox.tokens import tokenize

_QUERIES = frozenset({"SELECT", "WITH", "VALUES", "("})
_HARMLESS = frozenset({"SHOW", "DESCRIBE", "DESC", "LIST", "LS"})


def described(engine: Engine, session: Session, text: str, query_id: str, control: Control) -> Result:
    """The columns and no rows. Only what reads can be described."""
    verb = tokenize(text)[0].word
    if verb in _QUERIES:
        blanks = [None] * placeholders(text) or None
        return engine.execute(
            session, f"SELECT * FROM (\n{text}\n) LIMIT 0", blanks, query_id=query_id, control=control
        )
    if verb not in _HARMLESS:
        raise unsupported(f"describing a {verb or 'quoted'} statement without running it")
    result = engine.execute(session, text, query_id=query_id, control=control)
    return Result(result.columns, result.table.slice(0, 0), result.statement)
