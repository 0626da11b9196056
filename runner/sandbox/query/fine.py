"""Moments that are kept with nanoseconds, in a query (see `runner.sandbox.nanos`).

A type says whether its values are kept so. An operator or function that does not know of such values gets them through
`coarse`, which refuses by name one that has digits finer than a microsecond: none is ever lost in silence. What knows
of them works on the value up to the microsecond and puts the nanoseconds back, or computes with them.

Text becomes such a value only in a statement that is compiled `finely`: the engine does so when the statement was
refused for its nanoseconds, so that nothing is slower where there are none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from zlib import crc32

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.macros import NANOSECONDS_SAID
from runner.sandbox.query.attempts import masked
from runner.sandbox.query.core import E
from runner.sandbox.result import SnowType

KINDS = frozenset({"TIME", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ"})
"""The types whose values may have nanoseconds."""
TEXTS = frozenset({"VARCHAR", "VARIANT"})
MICROS = 6
PATTERN = r":\d\d\.\d{6}\d*[1-9]"
"""What a text with nanoseconds has in it."""
_FINELY: ContextVar[bool] = ContextVar("finely", default=False)


class TooFine(SnowflakeError):
    """Values with nanoseconds go into a column that is kept without: refused, unless the column can be made fine."""

    def __init__(self, table: int, column: str) -> None:
        super().__init__(2, "0A000", NANOSECONDS_SAID)
        self.table, self.column = table, column


@contextmanager
def finely() -> Iterator[None]:
    """While inside, what is compiled reads all nine digits of a text."""
    token = _FINELY.set(True)
    try:
        yield
    finally:
        _FINELY.reset(token)


def reads_nanos() -> bool:
    return _FINELY.get()


def is_fine(kind: SnowType | None) -> bool:
    return kind is not None and kind.fine


def digits(kind: SnowType) -> int:
    """The digits of a second that the type has."""
    return 9 if kind.scale is None else kind.scale


def fine(kind: SnowType) -> SnowType:
    """The type with its values kept with nanoseconds; that of a DATE is TIMESTAMP_NTZ."""
    kind = SnowType("TIMESTAMP_NTZ", scale=9) if kind.name == "DATE" else kind
    return kind if kind.fine else replace(kind, fine=True)


def plain(kind: SnowType) -> SnowType:
    return replace(kind, fine=False) if kind.fine else kind


_SIMPLE = re.compile(r"""(?:"(?:[^"]|"")*"|\w+|[.$])+|struct_extract\(\w+, '\w+'\)""")
"""A column, or what `once` has bound: what may be written twice."""


def once(rule: Callable[..., E], *given: E) -> E:
    """What the rule makes of the values, each computed once: SQL that says a value twice doubles with every step.

    The same values always have the same name, so that the engine knows equal expressions for equal.
    """
    many = [at for at, e in enumerate(given) if not _SIMPLE.fullmatch(e.sql) and e.literal is None]
    if not many:
        return rule(*given)
    name = f"m{crc32(','.join(given[at].sql for at in many).encode()):08x}"
    bound = [E(f"struct_extract({name}, 'f{at}')", e.type) if at in many else e for at, e in enumerate(given)]
    fields = ", ".join(f"f{at} := {given[at].sql}" for at in many)
    done = rule(*bound)
    return E(f"list_transform([struct_pack({fields})], lambda {name}: {done.sql})[1]", done.type)


_OF_ONE_ROW = ("sf_text", "sf_parse", "sf_try_parse", "to_json", "coalesce", "struct_extract", "chr")
_APART = re.compile(rf"\(SELECT\b|\b(?!(?:{'|'.join(_OF_ONE_ROW)})\()[a-z]\w*\(")


def beforehand(rule: Callable[[E], E], given: E) -> E:
    """What the rule makes of a value that it tries: a subquery, an aggregate or a window, which the engine does not
    try, is computed before.
    """
    return once(rule, given) if _APART.search(masked(given.sql, [])) else rule(given)


def coarse(e: E) -> E:
    """The value up to the microsecond; one with nanoseconds is refused when the statement runs."""
    return e if e.type is None or not e.type.fine else once(_coarse, e)


def _coarse(e: E) -> E:
    assert e.type is not None
    return E(f"{'sf_whole_tz' if e.kind == 'TIMESTAMP_TZ' else 'sf_whole'}({e.sql})", plain(e.type))


def micros(e: E) -> E:
    """The value up to the microsecond, for who knows where its nanoseconds are, or does not need them.

    What takes a value apart, and puts it together again, does so inside `once`.
    """
    if e.type is None or not e.type.fine:
        return e
    whole = f"struct_extract({e.sql}, 'i')"
    if e.kind == "TIMESTAMP_TZ":
        whole = f"sf_tz({whole}, struct_extract({e.sql}, 'o'))"
    return E(whole, plain(e.type))


def nanos(e: E) -> str:
    """Engine SQL for the nanoseconds beyond the microsecond: 0 to 999."""
    return f"CAST(struct_extract({e.sql}, 'n') AS BIGINT)" if is_fine(e.type) else "0"


def with_nanos(e: E, number: str) -> E:
    """The value up to the microsecond and so many nanoseconds as one; what is no moment stays without."""
    if e.type is None or e.kind not in KINDS or e.type.fine:
        return e
    return E(f"{'sf_fine_tz' if e.kind == 'TIMESTAMP_TZ' else 'sf_fine'}({e.sql}, {number})", fine(e.type))


def kept(given: E, done: E) -> E:
    """What became of a value up to the microsecond, with the nanoseconds that the value had."""
    return with_nanos(done, nanos(given)) if is_fine(given.type) else done
