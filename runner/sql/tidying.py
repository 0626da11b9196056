"""The layout that Snowflake gives to DDL which nobody wrote: capitals, four blanks, blanks around ``=``.

Tables and sequences are Snowflake's from the first word to the last, of a view the words before its query. Only words
that are no quoted names, and blanks between them, are changed: nothing means anything else afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from runner.sql.errors import UnclosedError
from runner.sql.lexing import Kind, Token, head, tokens

_WHOLE: Final = frozenset({"TABLE", "SEQUENCE", "EXTERNAL TABLE", "EVENT TABLE"})
_HEAD: Final = frozenset({"VIEW", "MATERIALIZED VIEW"})


def tidy(ddl: str, kind: str) -> str:
    """What GET_DDL printed, laid out as a person would. Other kinds, and what cannot be read, stay as they are."""
    if kind not in _WHOLE | _HEAD:
        return ddl
    try:
        stream, end = (list(tokens(ddl)), len(ddl)) if kind in _WHOLE else head(ddl)
    except UnclosedError:
        return ddl
    rest = ddl[end:].lstrip()
    first = "".join(_laid_out(_without_longest(stream))) if end else ""
    return f"{first}\n{rest}" if rest else first


def _without_longest(stream: Sequence[Token]) -> list[Token]:
    """VARCHAR(16777216) is VARCHAR (sql-reference/data-types-text)."""
    texts = [token.text.upper() for token in stream]
    gone = {
        place
        for start in range(len(texts))
        if texts[start : start + 4] == ["VARCHAR", "(", "16777216", ")"]
        for place in range(start + 1, start + 4)
    }
    return [token for place, token in enumerate(stream) if place not in gone]


def _laid_out(stream: Sequence[Token]) -> Iterator[str]:
    depth, closed = 0, False
    for position, token in enumerate(stream):
        following = stream[position + 1] if position + 1 < len(stream) else None
        depth += (token.text == "(") - (token.text == ")")
        outside = depth == 0
        if token.kind is Kind.SPACE:
            yield _blanks(token.text, following, outside=outside and closed)
        elif token.kind is Kind.WORD:
            yield token.text.upper()
        elif token.text == "=" and outside:
            yield _spaced(stream, position)
        else:
            yield token.text
        closed = closed or (token.text == ")" and outside)
        if token.text == ")" and outside and following is not None and following.kind is Kind.WORD:
            yield " "


def _blanks(text: str, following: Token | None, *, outside: bool) -> str:
    """Tabs become blanks; behind the columns everything stands on one line."""
    if outside:
        return "" if following is None else " "
    return text.replace("\t", "    ")


def _spaced(stream: Sequence[Token], position: int) -> str:
    before = "" if stream[position - 1].kind is Kind.SPACE else " "
    after = "" if position + 1 < len(stream) and stream[position + 1].kind is Kind.SPACE else " "
    return f"{before}={after}"
