"""VARIANT, OBJECT and ARRAY values as Snowflake shows them: JSON text, two blanks an indent.

Source: user-guide/querying-semistructured (sample outputs). The text is laid out anew, never parsed into values, so
that every digit of a number stays as it was.
"""

from __future__ import annotations

import re

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{},:]|[^\s\[\]{},:"]++')
_CLOSES = {"[": "]", "{": "}"}


def shown(text: str) -> str:
    """The JSON text with one member a line; scalars and empty containers stay on theirs."""
    if not text.startswith(("{", "[")):
        return text
    pieces = _PIECE.findall(text)
    parts: list[str] = []
    depth = 0
    for at, piece in enumerate(pieces):
        following = pieces[at + 1] if at + 1 < len(pieces) else ""
        depth += _lay(parts, piece, following, depth)
    return "".join(parts)


def _lay(parts: list[str], piece: str, following: str, depth: int) -> int:
    """Write one piece; how much deeper what follows stands."""
    if piece in _CLOSES:
        empty = following == _CLOSES[piece]
        parts.append(piece if empty else f"{piece}\n{'  ' * (depth + 1)}")
        return 1
    if piece in "]}":
        empty = parts[-1] in ("[", "{")
        parts.append(piece if empty else f"\n{'  ' * (depth - 1)}{piece}")
        return -1
    parts.append(f",\n{'  ' * depth}" if piece == "," else ": " if piece == ":" else piece)
    return 0
