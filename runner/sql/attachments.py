"""Policies and tags that hang on an object or on its columns, as its DDL says: told, or taken off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from runner.sql.chains import chains
from runner.sql.lexing import Token, meaningful, tokens
from runner.sql.table_ddl import elements


@dataclass(frozen=True, slots=True, order=True)
class Attachment:
    """``kind`` in small letters, the name as stored, the column that it is on, or nothing for the whole table."""

    kind: str
    parts: tuple[str, ...]
    column: str = ""

    @property
    def on(self) -> str:
        return f" on {self.column}" if self.column else ""


Cut = tuple[int, int, str]
"""From where to where, and what stands there instead."""

_POLICIES = (("MASKING", "POLICY"), ("PROJECTION", "POLICY"), ("AGGREGATION", "POLICY"), ("JOIN", "POLICY"),
             ("ROW", "ACCESS", "POLICY"))  # fmt: skip
_CLAUSES = (("USING",), ("ON",), ("ENTITY", "KEY"), ("ALLOWED", "JOIN", "KEYS"))
"""What may follow a policy's name, each with a list in parentheses (sql-reference/sql/create-table)."""


def detached(ddl: str, unwanted: Callable[[tuple[str, ...]], bool]) -> str:
    """The DDL without the policies and tags of these names (their parts as stored); every other byte stays.

    A view's query is not looked at.
    """
    stream = _head(meaningful(tokens(ddl)))
    cuts = [cut for place in range(1, len(stream)) for cut in _at(ddl, stream, place, unwanted)]
    for start, end, text in reversed(cuts):
        ddl = ddl[:start] + text + ddl[end:]
    return ddl


def attachments(ddl: str) -> frozenset[Attachment]:
    """The policies and tags of a table and of its columns."""
    found = set[Attachment]()
    for element in elements(ddl):
        found |= {replace(one, column=element.column) for one in _named(element.tokens)}
    listed = elements(ddl)
    behind = meaningful(tokens(ddl[listed[-1].end :] if listed else ddl))
    return frozenset(found | set(_named(behind)))


def _named(stream: Sequence[Token]) -> Iterator[Attachment]:
    for place in range(len(stream)):
        for words in _POLICIES:
            if _words(stream, place, words) and (chain := next(chains(stream[place + len(words) :]), None)):
                yield Attachment(" ".join(words).lower(), chain.parts)
        if _words(stream, place, ("TAG", "(")):
            listed = stream[place + 2 : _closing(stream, place + 1)]
            starts = [0, *(n + 1 for n, token in enumerate(listed) if token.text == ",")]
            yield from (Attachment("tag", next(chains(listed[start:])).parts) for start in starts)


def _head(stream: Sequence[Token]) -> Sequence[Token]:
    """What stands before a view's query."""
    depth = 0
    for place, token in enumerate(stream):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.word == "AS":
            return stream[:place]
    return stream


def _at(ddl: str, stream: Sequence[Token], place: int, unwanted: Callable[[tuple[str, ...]], bool]) -> Iterator[Cut]:
    start = stream[place - 2 if stream[place - 1].word == "WITH" else place - 1].end
    for words in _POLICIES:
        if _words(stream, place, words):
            chain = next(chains(stream[place + len(words) :]), None)
            if chain and unwanted(chain.parts):
                yield start, stream[_past_clauses(stream, place + len(words) + chain.after) - 1].end, ""
    if _words(stream, place, ("TAG", "(")):
        yield from _of_tags(ddl, start, stream[place + 1 : _closing(stream, place + 1) + 1], unwanted)


def _of_tags(ddl: str, start: int, listed: Sequence[Token], unwanted: Callable[[tuple[str, ...]], bool]) -> list[Cut]:
    """``TAG (a = 'x', b = 'y')``: one of them taken out, or the whole list."""
    entries = list[list[Token]]([[]])
    for token in listed[1:-1]:
        if token.text == ",":
            entries.append([])
        else:
            entries[-1].append(token)
    kept = [entry for entry in entries if not unwanted(next(chains(entry)).parts)]
    if not kept:
        return [(start, listed[-1].end, "")]
    if len(kept) == len(entries):
        return []
    text = ", ".join(ddl[entry[0].start : entry[-1].end] for entry in kept)
    return [(listed[0].end, listed[-1].start, text)]


def _past_clauses(stream: Sequence[Token], place: int) -> int:
    while clause := next((each for each in _CLAUSES if _words(stream, place, (*each, "("))), None):
        place = _closing(stream, place + len(clause)) + 1
    return place


def _closing(stream: Sequence[Token], opening: int) -> int:
    depth = 0
    for place in range(opening, len(stream)):
        depth += (stream[place].text == "(") - (stream[place].text == ")")
        if depth == 0:
            return place
    return len(stream) - 1


def _words(stream: Sequence[Token], place: int, words: Sequence[str]) -> bool:
    return tuple(token.word for token in stream[place : place + len(words)]) == tuple(words)
