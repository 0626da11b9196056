"""Bind values for many rows at once: an array binding is one INSERT, and several statements share one list of values.

Sources: connector `cursor.py` (`executemany`), developer-guide/sql-api/submitting-requests (bind variables).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from runner.sandbox.classes import dataclass
from runner.sandbox.control import Control
from runner.sandbox.engine import Engine
from runner.sandbox.errors import SnowflakeError, unsupported
from runner.sandbox.http.bindings import Named, Rows, Values
from runner.sandbox.result import Result, StatementType, count_result
from runner.sandbox.session import Session
from runner.sandbox.tokens import Kind, Token, quote_string, tokenize

ROWS_A_STATEMENT = 1000
_INSERT = re.compile(r"\s*insert\s+into\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Insert:
    """INSERT … VALUES (…) cut at its one row: what stands before, the row, and which value each `?` in it takes."""

    head: str
    row: str
    order: tuple[int, ...]
    sent: str
    """The statement as the client sent it."""

    def text(self, rows: int) -> str:
        return self.head + ", ".join([self.row] * rows)

    def values(self, rows: list[Values]) -> Values:
        return [row[at] for row in rows for at in self.order]


def execute_rows(
    engine: Engine, session: Session, text: str, rows: list[Values], query_id: str, control: Control
) -> Result:
    """The INSERT once for all rows: all of them go in or none."""
    if not _INSERT.match(text):
        raise unsupported("array binding of a statement other than INSERT INTO")
    insert = _insert(text, len(rows[0]))
    if len(rows) <= ROWS_A_STATEMENT or session.transaction is not None or session.parameters["AUTOCOMMIT"] != "true":
        return engine.execute(
            session, insert.text(len(rows)), insert.values(rows), query_id=query_id, control=control, sent=text
        )
    return _in_batches(engine, session, insert, rows, query_id, control)


def inserting_from(text: str, location: str) -> str:
    """The INSERT with its values from staged files: `?` becomes the field at its place."""
    if not _INSERT.match(text):
        raise unsupported("array binding of a statement other than INSERT INTO")
    tokens = tokenize(text)
    opening, closing = _only_row(tokens)
    parts, at, place = [], tokens[opening].end, 0
    for token in tokens[opening + 1 : closing]:
        if token.word == "?" or (token.kind is Kind.BIND and token.text.isdigit()):
            place += 1
            number = place if token.word == "?" else int(token.text)
            parts.append(f"{text[at : token.start]}${number}")
            at = token.end
    items = "".join(parts) + text[at : tokens[closing].start]
    return f"{text[: tokens[opening - 1].start]}SELECT {items} FROM {quote_string(location)}"


def insertable(text: str) -> bool:
    """Whether the values of many rows may be sent for this statement at once: INSERT INTO … VALUES (…) of one row."""
    if not _INSERT.match(text):
        return False
    try:
        _insert(text, placeholders(text))
    except SnowflakeError:
        return False
    return True


def _in_batches(
    engine: Engine, session: Session, insert: _Insert, rows: list[Values], query_id: str, control: Control
) -> Result:
    """Many rows in a transaction of their own, so that the engine reads one text again and again."""
    engine.execute(session, "BEGIN")
    try:
        for at, batch in enumerate(_batches(rows)):
            own = query_id if at == 0 else None
            whole, values = insert.text(len(batch)), insert.values(batch)
            engine.execute(session, whole, values, query_id=own, control=control, sent=insert.sent)
    except BaseException:
        engine.execute(session, "ROLLBACK")
        raise
    engine.execute(session, "COMMIT")
    return count_result([("number of rows inserted", len(rows))], StatementType.INSERT)


def _batches(rows: list[Values]) -> Iterator[list[Values]]:
    return (rows[at : at + ROWS_A_STATEMENT] for at in range(0, len(rows), ROWS_A_STATEMENT))


def _insert(text: str, width: int) -> _Insert:
    tokens = tokenize(text)
    opening, closing = _only_row(tokens)
    row, order = _row(text, tokens[opening : closing + 1])
    if max(order, default=-1) >= width:
        raise SnowflakeError(2049, "42601", "SQL compilation error:\nBind variable for a placeholder not set.")
    return _Insert(text[: tokens[opening].start], row, order, text)


def _only_row(tokens: tuple[Token, ...]) -> tuple[int, int]:
    """The parentheses of the one row of VALUES."""
    opening = next((at + 1 for at, t in enumerate(tokens) if t.word == "VALUES" and tokens[at + 1].word == "("), None)
    if opening is None:
        raise unsupported("array binding of an INSERT without VALUES (…)")
    closing = _closing(tokens, opening)
    if tokens[closing + 1].kind is not Kind.END and tokens[closing + 1].word != ";":
        raise unsupported("array binding of an INSERT with more than one row of VALUES")
    return opening, closing


def _closing(tokens: tuple[Token, ...], opening: int) -> int:
    depth = 0
    for at in range(opening, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[at].word, 0)
        if depth == 0:
            return at
    raise SnowflakeError(1003, "42000", "SQL compilation error:\nsyntax error: VALUES without a closing parenthesis.")


def _row(text: str, tokens: tuple[Token, ...]) -> tuple[str, tuple[int, ...]]:
    """The row with every placeholder as `?`, and the number of the value that each stands for."""
    parts: list[str] = []
    order: list[int] = []
    at = tokens[0].start
    for token in tokens:
        if token.word == "?" or (token.kind is Kind.BIND and token.text.isdigit()):
            order.append(len(order) if token.word == "?" else int(token.text) - 1)
            parts.append(text[at : token.start] + "?")
            at = token.end
    return "".join(parts) + text[at : tokens[-1].end], tuple(order)


def shares_of(texts: list[str], binds: Values | Named | Rows | None) -> list[Values | Named | None]:
    """What each of several statements gets of one list of values: as many as it has `?`; named ones go to all."""
    if binds is None or isinstance(binds, dict):
        return [binds] * len(texts)
    if isinstance(binds, Rows):
        raise unsupported("array binding of several statements")
    shares: list[Values | Named | None] = []
    taken = 0
    for text in texts:
        count = placeholders(text)
        shares.append(list(binds[taken : taken + count]) or None)
        taken += count
    return shares


def placeholders(text: str) -> int:
    """How many `?` a statement has."""
    return sum(token.word == "?" for token in tokenize(text)) if "?" in text else 0
