"""Texts in the code of other languages: JavaScript, Python, Java and Scala bodies. Where SQL hides in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from runner.sql.protecting import FILLER

_DOUBLE = r'"(?:[^"\\\n]|\\.)*"'
_SINGLE = r"'(?:[^'\\\n]|\\.)*'"
_SLASHES = r"//[^\n]*|/\*.*?(?:\*/|\Z)"
_TOKENS: Final = {
    "JAVASCRIPT": re.compile(rf"{_SLASHES}|(?P<text>{_SINGLE}|{_DOUBLE}|`(?:[^`\\]|\\.)*`)", re.DOTALL),
    "PYTHON": re.compile(
        rf'#[^\n]*|(?P<text>\b[rRbBuUfF]{{1,2}}(?=["\']))?'
        rf'(?P<quoted>"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\'|{_SINGLE}|{_DOUBLE})',
        re.DOTALL,
    ),
    "JAVA": re.compile(rf'{_SLASHES}|\'(?:[^\'\\\n]|\\.)\'|(?P<text>"""(?:[^\\]|\\.)*?"""|{_DOUBLE})', re.DOTALL),
}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_MEANS: Final = {"n": "\n", "t": "\t", "r": "\r", "\n": ""}
_HOLE: Final = {"`": re.compile(r"\$\{[^}]*\}"), "f": re.compile(r"\{[^{}]*\}")}
_TABLE_CALL = re.compile(r"(?:\btable|\bsave_as_table|\bsaveAsTable|\bread_table|\bto_table)\s*\(\s*\Z")


@dataclass(frozen=True, slots=True)
class HostText:
    """A text constant of the host language: what it means, and where in the body each character is written.

    What the language fills in is filled with letters. ``joined`` says that it is put together with others; ``table``
    that it is given to a call that takes a table's name.
    """

    value: str
    places: tuple[int, ...]
    joined: bool
    table: bool


def host_texts(body: str, language: str) -> Iterator[HostText]:
    """Every text constant in a body; comments are none."""
    pattern = _TOKENS.get(language, _TOKENS["JAVA"])
    for found in pattern.finditer(body):
        group = "quoted" if language == "PYTHON" else "text"
        if found[group] is not None:
            yield _text(body, *found.span(group), (found["text"] or "") if language == "PYTHON" else "")


def _text(body: str, start: int, end: int, prefix: str) -> HostText:
    quote = 3 if body[start : start + 3] in ('"""', "'''") else 1
    inner = body[start + quote : end - quote]
    hole = _HOLE.get("f" if "f" in prefix.lower() else inner and body[start])
    filled = hole.sub(lambda found: FILLER * len(found[0]), inner) if hole else inner
    value, places = _unescaped(filled, start + quote, raw="r" in prefix.lower())
    before = body[max(0, start - len(prefix) - 200) : start - len(prefix)].rstrip()[-1:]
    after = body[end : end + 200].lstrip()[:1]
    called = _TABLE_CALL.search(body, max(0, start - 40), start) is not None
    return HostText(value, places, "+" in (before, after) or after == "%", called)


def _unescaped(written: str, first: int, *, raw: bool) -> tuple[str, tuple[int, ...]]:
    if raw or "\\" not in written:
        return written, tuple(range(first, first + len(written) + 1))
    parts, places, position = list[str](), list[int](), 0
    for found in _ESCAPE.finditer(written):
        parts.append(written[position : found.start()])
        places.extend(range(first + position, first + found.start()))
        meant = _MEANS.get(found[1], found[1])
        parts.append(meant)
        places.extend([first + found.start()] * len(meant))
        position = found.end()
    places.extend(range(first + position, first + len(written) + 1))
    return "".join([*parts, written[position:]]), tuple(places)
