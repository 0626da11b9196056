"""What TRY_ functions do: the SQL of a cast, read outside of its strings, so that it gives NULL where it would fail."""

from __future__ import annotations

import re
from collections.abc import Callable

from runner.sandbox.macros import NANOSECONDS
from runner.sandbox.query.core import E

_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
_MARK = re.compile("\x01(\\d+)\x02")
_GUARD = "CASE WHEN TRY(sf_has_nanos("


def attempted(done: E) -> E:
    """A cast that gives NULL where it cannot be done."""
    for call in ("sf_fine(", "sf_fine_tz("):
        if done.sql.startswith(call) and one_call(done.sql):
            whole, nanos = _two(done.sql[len(call) : -1])
            return E(f"{call}{attempted(E(whole, done.type)).sql}, {nanos})", done.type)
    kept: list[str] = []
    # What is tried already may be tried again: what guards it is then tested outside of both.
    sql = masked(done.sql.replace(NANOSECONDS, "NULL"), kept)
    guarded = arguments_of(_GUARD, sql) + arguments_of("sf_fraction(", sql)
    guarded = [argument.replace("sf_fraction(", "(") for argument in guarded]
    tried = _tried(sql)
    for argument in guarded:
        tried = f"CASE WHEN TRY(sf_has_nanos({argument})) THEN {NANOSECONDS} ELSE {tried} END"
    return E(_MARK.sub(lambda mark: kept[int(mark[1])], tried), done.type)


def _two(sql: str) -> tuple[str, str]:
    """The two arguments of a call."""
    kept: list[str] = []
    plain, depth, at = masked(sql, kept), 0, 0
    while depth or plain[at] != ",":
        depth += (plain[at] == "(") - (plain[at] == ")")
        at += 1
    one, two = (_MARK.sub(lambda mark: kept[int(mark[1])], part) for part in (plain[:at], plain[at + 1 :]))
    return one, two.strip()


def _tried(sql: str) -> str:
    # An error of one's own is volatile, which TRY cannot hold: what it guards is tested outside of it.
    sql = sql.replace("sf_of_nanos(", "sf_micros_of(").replace("sf_failed(", "sf_nothing(")
    for read in ("date_text(", "stamp_text(", "time_text(", "stamp_literal("):
        sql = sql.replace(f"sf_{read}", f"sf_try_{read}")
    sql = sql.replace("sf_fraction(", "(").replace("sf_tz_text(", "sf_try_tz_text(")
    sql = sql.replace("strptime(", "try_strptime(").replace("try_try_strptime(", "try_strptime(")
    plain = sql.startswith("CAST(") and one_call(sql) and "sf_try_stamp_literal(" not in sql
    return f"TRY_{sql}" if plain else f"TRY({sql})"


def outside_strings(sql: str, change: Callable[[str], str]) -> str:
    """The SQL with what stands outside of strings changed."""
    kept: list[str] = []
    changed = change(masked(sql, kept))
    return _MARK.sub(lambda mark: kept[int(mark[1])], changed)


def masked(sql: str, kept: list[str]) -> str:
    """The SQL with a mark for every string and every quoted name, which are kept: what stands in them is no SQL."""

    def mark(match: re.Match[str]) -> str:
        kept.append(match.group())
        return f"\x01{len(kept) - 1}\x02"

    return _QUOTED.sub(mark, sql)


def arguments_of(call: str, sql: str) -> list[str]:
    """What every call of this one function is given, in SQL without strings."""
    found = []
    at = sql.find(call)
    while at >= 0:
        start = end = at + len(call)
        depth = 1
        while depth and end < len(sql):
            depth += (sql[end] == "(") - (sql[end] == ")")
            end += 1
        found.append(sql[start : end - 1])
        at = sql.find(call, start)
    return found


def one_call(sql: str) -> bool:
    """Whether the parenthesis that opens first closes last."""
    depth, plain = 0, masked(sql, [])
    for at, char in enumerate(plain):
        depth += (char == "(") - (char == ")")
        if char == ")" and depth == 0:
            return at == len(plain) - 1
    return False
