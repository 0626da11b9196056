"""One script, cut into the statements that Snowflake takes one at a time.

Two modes. *Plain* sees only quotes, ``$$``, comments and ``;``. *Block* is entered where Snowflake Scripting can start
(sql-reference/snowflake-scripting/begin) and keeps a stack of DECLARE, BEGIN and CASE. Both are single passes.

What a piece is:

* ``text`` has no terminating ``;`` and no blank ends; a comment before a statement belongs to it; comments that no
  statement follows, and empty statements, are dropped.
* ``line`` is the line of the first word, ``text_line`` that of the text's first character (its leading comment, if it
  has one). Snowflake counts "line N" of an error from there: in the script it is ``text_line + N - 1``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from runner.sql.blocks import DOLLARS, block_end, opens_block, unclosed

_HEAD = re.compile(r"[\s;\ufeff]*((?:--[^\n]*|//[^\n]*|/\*.*?\*/|\s+)*)([A-Za-z]*)", re.DOTALL)

# A doubled quote needs no rule: 'it''s' reads as two strings side by side, and nothing can stand between them.
# Every branch starts with a plain character: only then does `re` pass over ordinary text at full speed.
# An empty group marks what matters: 1 the end of the statement, above 1 something whose end is missing.
# The path of a PUT or GET is a token of its own, since // and /* are no comments in it.
_PLAIN = re.compile(
    r"""'[^'\\]*(?:\\.[^'\\]*)*'|"[^"]*"|--[^\n]*|/\*.*?\*/|"""
    + DOLLARS
    + r""".*?\$\$|:(?<=[fF][iI][lL][eE].)//[^\s;]*|//[^\n]*"""
    + r"""|;()|'()|"()|/\*()|"""
    + DOLLARS
    + "()",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a script: ``script[offset:]`` starts with ``text``."""

    text: str
    line: int
    offset: int
    text_line: int

    @property
    def word_offset(self) -> int:
        """Where in the script the first word stands, behind the leading comments."""
        head = _HEAD.match(self.text)
        assert head is not None
        return self.offset + head.start(2)


def split(text: str) -> list[Statement]:
    """The statements of ``text`` in order; raises UnclosedError, and nothing else, where something is never closed."""
    pieces: list[Statement] = []
    position, counted, line = 0, 0, 1
    while True:
        start, first, word = _head(text, position)
        if first == len(text):
            return pieces
        end = block_end(text, first) if opens_block(text, first, word) else _plain_end(text, first)
        if end > first:
            text_line = line + text.count("\n", counted, start)
            line = text_line + text.count("\n", start, first)
            counted = first
            pieces.append(Statement(text[start:end].rstrip(), line, start, text_line))
        position = end + 1


def _head(text: str, position: int) -> tuple[int, int, str]:
    """Where the next piece starts, where its first word (or other sign) stands, and that word in capitals."""
    head = _HEAD.match(text, position)
    assert head is not None
    return head.start(1), head.start(2), head[2].upper()


def _plain_end(text: str, first: int) -> int:
    for token in _PLAIN.finditer(text, first):
        if token.lastindex == 1:
            return token.start()
        if token.lastindex:
            raise unclosed(text, token.start(), token[0])
    return len(text)


def comments(text: str) -> Iterator[tuple[int, str]]:
    """Every comment outside strings, quoted names and ``$$`` texts, with its place; as fast as `split`."""
    for token in _PLAIN.finditer(text):
        if text[token.start()] in "-/" and not token.lastindex:
            yield token.start(), token[0]
