"""JSON as Snowflake reads it: documents one after the other, or the elements of one outer array.

Source: sql-reference/sql/create-file-format (TYPE = JSON).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pyarrow as pa

from runner.sandbox.catalog.files import Options
from runner.sandbox.documents import fraction, written
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.staging.delimited import decoded
from runner.sandbox.staging.options import as_list, is_true
from runner.sandbox.staging.records import Flaw, Records

_SPACE = re.compile(r"[\s,]*+")
_LINE_END = re.compile(r"\n|\Z")


def read(data: bytes, options: Options) -> Records:
    """Every document as one record; one that is no JSON is a flaw, and reading goes on at the next line."""
    walk = _Walk(decoded(data, {**options, "ENCODING": "UTF8"}), options)
    found = list(walk.documents())
    return Records(
        table=pa.table([pa.array([document for _, _, document in found], pa.string())], names=["c0"]),
        lines=[line for _, line, _ in found],
        rows=[row for row, _, _ in found],
        flaws=walk.flaws,
        variant=True,
    )


class _Walk:
    """One walk through a file; documents come out as VARIANT keeps them."""

    def __init__(self, text: str, options: Options) -> None:
        self.text = text
        self.flaws: list[Flaw] = []
        self._opens = is_true(options, "STRIP_OUTER_ARRAY")
        self._strips = is_true(options, "STRIP_NULL_VALUES")
        self._nulls = frozenset(as_list(options, "NULL_IF"))
        hook = dict if is_true(options, "ALLOW_DUPLICATE") else _distinct
        self._decoder = json.JSONDecoder(object_pairs_hook=hook, parse_float=fraction, parse_constant=_no_number)
        self._offset, self._line = 0, 1

    def documents(self) -> Iterator[tuple[int, int, str]]:
        """Number, line and text of each."""
        row, inside = 0, False
        while True:
            self._to(_SPACE.match(self.text, self._offset).end())  # type: ignore[union-attr]
            here = self.text[self._offset : self._offset + 1]
            if not here:
                return
            if here == ("]" if inside else "[") and self._opens:
                inside = not inside
                self._to(self._offset + 1)
                continue
            row += 1
            start, line = self._offset, self._line
            try:
                document, end = self._decoder.raw_decode(self.text, start)
                shown = written(_cleaned(document, self._strips, self._nulls))
            except (ValueError, RecursionError) as error:
                self.flaws.append(_flaw(row, line, self.text, start, error))
                self._to(_LINE_END.search(self.text, start).end())  # type: ignore[union-attr]
                continue
            self._to(end)
            yield row, line, shown

    def _to(self, offset: int) -> None:
        self._line += self.text.count("\n", self._offset, offset)
        self._offset = offset


def _flaw(row: int, line: int, text: str, start: int, error: Exception) -> Flaw:
    place = error.pos if isinstance(error, json.JSONDecodeError) else start
    why = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
    message = f"Error parsing JSON: {why[:1].lower()}{why[1:]}, pos {place - start}"
    character = start - text.rfind("\n", 0, start)
    return Flaw(row, line, character, message, None, SnowflakeError(100069, "22P02", message))


def _no_number(word: str) -> object:
    raise ValueError(f"unknown keyword '{word}'")


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for at, key in enumerate(names) if key in names[:at])
        raise ValueError(f"duplicate object attribute '{twice}'")
    return found


def _cleaned(value: object, strip: bool, nulls: frozenset[str]) -> object:
    """The value without what STRIP_NULL_VALUES leaves out, NULL_IF's texts as null."""
    if isinstance(value, dict):
        inner = {key: _cleaned(each, strip, nulls) for key, each in value.items()}
        return {key: each for key, each in inner.items() if not (strip and each is None)}
    if isinstance(value, list):
        items = [_cleaned(each, strip, nulls) for each in value]
        return [each for each in items if not (strip and each is None)]
    return None if isinstance(value, str) and value in nulls else value
