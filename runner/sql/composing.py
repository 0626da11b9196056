"""SQL from templates whose placeholders are typed: every value is quoted by the rule of its kind, or refused.

    compose("CREATE TABLE IF NOT EXISTS {name:i} COMMENT = {comment:s}", name=("DEV_DB", "S", "T"), comment="it's")

=========  ==============================================  ====================================================
code       value                                           becomes
=========  ==============================================  ====================================================
``i``      a stored name, its parts, Identifier,           ``DEV_DB."my table"``
           ObjectName
``il``     a sequence of such                              ``A, "b"``
``s``      text                                            ``'it''s'``
``sl``     a sequence of text                              ``'a', 'b'``
``ls``     text                                            for SHOW … LIKE: what starts with it
``d``      a whole number                                  ``42``
``b``      True or False                                   ``TRUE``
``r``      SQL, as it is                                   itself
=========  ==============================================  ====================================================

Names are given as Snowflake stores them: ``"t"`` is the quoted name ``"t"``, not ``T``. A NULL is written in the
template, never given. A brace is doubled to stand for itself.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Final, TypeAlias

from runner.core.names import Identifier, ObjectName
from runner.sql.errors import ComposeError
from runner.sql.lexing import string_literal

Name: TypeAlias = str | Identifier | ObjectName | Sequence[str | Identifier]
Value: TypeAlias = str | int | bool | Identifier | ObjectName | Sequence["Value"]

_MOST_DIGITS: Final = 38


def compose(template: str, /, **values: Value) -> str:
    """``template`` with every placeholder filled; raises ComposeError unless each value is used and fits its code."""
    parts, used = [], set[str]()
    for literal, name, code, conversion in _parsed(template):
        parts.append(literal)
        if name is None:
            continue
        if name not in values:
            raise ComposeError(f"the template asks for '{name}', which is not given")
        if conversion:
            raise ComposeError(f"'{name}' has a conversion '!{conversion}'; a code such as {{{name}:s}} is needed")
        used.add(name)
        parts.append(_written(name, code or "", values[name]))
    if unused := sorted(values.keys() - used):
        raise ComposeError(f"the template has no place for {', '.join(unused)}")
    return "".join(parts)


def identifier(name: Name) -> str:
    """A name, or the parts of one, as it must stand in SQL."""
    match name:
        case str():
            return _identifier(name).sql
        case Identifier() | ObjectName():
            return name.sql
        case _:
            if not name:
                raise ComposeError("a name without parts")
            return ".".join(part.sql if isinstance(part, Identifier) else _identifier(part).sql for part in name)


def _identifier(stored: object) -> Identifier:
    if not isinstance(stored, str):
        raise ComposeError(f"{type(stored).__name__} given where a name is needed")
    try:
        return Identifier(stored)
    except ValueError as error:
        raise ComposeError(str(error)) from error


def like_prefix(prefix: str) -> str:
    """The pattern of all that starts with ``prefix``, as a string constant for SHOW … LIKE.

    A backslash escapes in the pattern, and again in the constant. The operator LIKE has no default escape character
    (sql-reference/functions/like): there, write ``LIKE {prefix:ls} ESCAPE '\\\\'``.
    """
    escaped = prefix.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%")
    return string_literal(escaped + "%")


def _parsed(template: str) -> list[tuple[str, str | None, str | None, str | None]]:
    try:
        return list(string.Formatter().parse(template))
    except ValueError as error:
        raise ComposeError(f"the template cannot be read: {error}") from error


def _written(name: str, code: str, value: Value) -> str:
    match code:
        case "i" | "s" | "ls" | "r" | "d" | "b":
            return _one(name, code, value)
        case "il" | "sl":
            return _list(name, code[0], value)
        case "":
            raise ComposeError(f"'{name}' has no code; {{{name}:s}} is a string, {{{name}:i}} a name")
        case _:
            raise ComposeError(f"'{name}' has the code '{code}', which is not known")


def _one(name: str, code: str, value: Value) -> str:
    match code, value:
        case "i", str() | Identifier() | ObjectName() | tuple() | list():
            return identifier(value)
        case "s", str():
            return _text(name, value)
        case "ls", str():
            return like_prefix(_sound(name, value))
        case "r", str():
            return value
        case "b", bool():
            return "TRUE" if value else "FALSE"
        case "d", int() if not isinstance(value, bool):
            return _whole(name, value)
        case _:
            raise ComposeError(f"'{name}' is {type(value).__name__}, which '{code}' cannot write")


def _list(name: str, code: str, value: Value) -> str:
    if not isinstance(value, (tuple, list)) or not value:
        raise ComposeError(f"'{name}' must be a list with something in it")
    return ", ".join(_one(name, code, item) for item in value)


def _text(name: str, value: str) -> str:
    return string_literal(_sound(name, value))


def _sound(name: str, value: str) -> str:
    """No text of Snowflake holds a zero character or half a pair of surrogates: neither arrives as it was sent."""
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise ComposeError(f"'{name}' holds a character that no text in Snowflake can hold")
    return value


def _whole(name: str, value: int) -> str:
    if abs(value) >= 10**_MOST_DIGITS:
        raise ComposeError(f"'{name}' has more than {_MOST_DIGITS} digits")
    return str(value)
