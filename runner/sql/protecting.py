"""Text that looks like Jinja and is none: kept from being rendered; and a template read as the text it stands for.

``{% raw %}`` is put around the marks ``{{``, ``{%`` and ``{#``, on each line from the first to the last. Rendered with
the project's settings (trim_blocks, lstrip_blocks) the protected text is the text again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_ON_A_LINE = re.compile(r"\{[{%#](?:[^\n]*\{[{%#])?")
_MARK = re.compile(r"\{[{%#]")
_ENDS = re.compile(r"\{%[-+]?\s*endraw")
_RAW = re.compile(r"\{%[-+]?\s*raw\s*[-+]?%\}")
_END_RAW = re.compile(r"\{%[-+]?\s*endraw\s*[-+]?%\}")
_CLOSING: Final = {"{{": "}}", "{%": "%}", "{#": "#}"}

FILLER: Final = "\U0002a6d6"
"""Stands for every character of ``{{ … }}`` in a reading: a letter, so that such an expression reads as a name."""
FILLED: Final = FILLER * 3
"""What a name that was filled holds: none that somebody gave does."""


def protect(text: str) -> str:
    """``text`` as a template that renders to ``text``. What is protected already would be protected twice."""
    if "{" not in text:
        return text
    parts, position = [], 0
    for found in (_MARK if _ENDS.search(text) else _ON_A_LINE).finditer(text):
        parts += [text[position : found.start()], _raw(text, found.start(), found.end())]
        position = found.end()
    return "".join([*parts, text[position:]])


def _raw(text: str, start: int, end: int) -> str:
    """The plus keeps the blanks before a block that starts its line, and the line's end behind one that ends it."""
    opening = "{% raw %}" if text[text.rfind("\n", 0, start) + 1 : start].strip() else "{%+ raw %}"
    closing = "{% endraw +%}" if end == len(text) or text[end] == "\n" else "{% endraw %}"
    return f"{opening}{text[start:end]}{closing}"


@dataclass(frozen=True, slots=True)
class Template:
    """What a template says before its names are known.

    ``value`` is its text: raw blocks without their marks, ``{{ … }}`` filled with letters, ``{% … %}`` with blanks.
    ``places[i]`` is where the i-th character stands in the template; ``raw`` are the raw blocks there.
    """

    value: str
    places: Sequence[int]
    raw: tuple[tuple[int, int], ...] = ()

    def written(self, text: str, start: int, end: int, *, expression: bool) -> str:
        """What must stand for ``[start, end)`` of the template to be ``text`` when rendered.

        An ``expression`` is rendered, anything else is text; raw blocks stay open, or closed, as they were.
        """
        within, still = self._is_raw(start), self._is_raw(end)
        if expression:
            return ("{% endraw %}" if within else "") + text + ("{% raw %}" if still else "")
        if within:
            return text + ("" if still else "{% endraw %}")
        return protect(text) + ("{% raw %}" if still else "")

    def _is_raw(self, at: int) -> bool:
        index = bisect_right(self.raw, at, key=lambda block: block[0]) - 1
        return index >= 0 and at < self.raw[index][1]


def read_template(text: str) -> Template:
    """The reading of a template. A mark that is never closed is text."""
    if _MARK.search(text) is None:
        return Template(text, range(len(text) + 1))
    parts, places, raw, position = list[str](), list[int](), list[tuple[int, int]](), 0
    for start, end, inner in _segments(text):
        parts.append(text[position:start])
        places.extend(range(position, start))
        if inner is None:
            parts.append(_stands_for(text[start:end]))
            places.extend(range(start, end))
        else:
            parts.append(text[inner[0] : inner[1]])
            places.extend(range(*inner))
            raw.append(inner)
        position = end
    places.extend(range(position, len(text) + 1))
    return Template("".join([*parts, text[position:]]), places, tuple(raw))


def _segments(text: str) -> Iterator[tuple[int, int, tuple[int, int] | None]]:
    """Start and end of everything that is no text, and for a raw block where its text is. One pass."""
    position, unclosed = 0, set[str]()
    while found := _MARK.search(text, position):
        position = found.end()
        opening = _RAW.match(text, found.start())
        closing = _END_RAW.search(text, opening.end()) if opening and "raw" not in unclosed else None
        if opening and closing:
            yield found.start(), closing.end(), (opening.end(), closing.start())
            position = closing.end()
            continue
        unclosed |= {"raw"} if opening else set()
        end = -1 if found[0] in unclosed else text.find(_CLOSING[found[0]], found.end())
        if end < 0:
            unclosed.add(found[0])
            continue
        position = end + 2
        yield found.start(), position, None


def _stands_for(segment: str) -> str:
    return FILLER * len(segment) if segment.startswith("{{") else re.sub(r"[^\n]", " ", segment)
