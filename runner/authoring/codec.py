"""Values as JSON and back: dataclasses, enums, tuples, sets and mappings, by their annotations.

What has its default is left out, so that a record holds what says something, and an older record reads in a newer
version.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def plain(value: Any) -> Any:
    """A value as JSON's own: mappings, lists, text, numbers."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(v) for f in fields(value) if not _is_default(f, v := getattr(value, f.name))}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(each) for each in value)
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    return value


def _is_default(given: Field[Any], value: Any) -> bool:
    if given.default is not MISSING:
        return bool(value == given.default)
    return given.default_factory is not MISSING and bool(value == given.default_factory())


def value_of(kind: type[T], data: Any, where: str = "") -> T:
    """The value that `plain` wrote. ValueError names the place that does not fit."""
    made: T = _made(kind, data, where)
    return made


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _made(kind: Any, data: Any, where: str) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if data is None else _made(next(each for each in arguments if each is not type(None)), data, where)
    if origin is tuple:
        return _tuple(arguments, data, where)
    if origin is frozenset:
        return frozenset(_tuple((arguments[0], ...), data, where))
    if origin is not None and issubclass(origin, Mapping):
        _expect(isinstance(data, dict), where, "a mapping")
        return {key: _made(arguments[1], each, f"{where}.{key}") for key, each in data.items()}
    if is_dataclass(kind):
        return _dataclass(kind, data, where)
    if isinstance(kind, type) and issubclass(kind, Enum):
        _expect(data in [each.value for each in kind], where, "one of " + ", ".join(str(e.value) for e in kind))
        return kind(data)
    if kind is Any:
        return data
    _expect(isinstance(data, kind) and (kind is bool or not isinstance(data, bool)), where, kind.__name__)
    return data


def _tuple(arguments: tuple[Any, ...], data: Any, where: str) -> tuple[Any, ...]:
    _expect(isinstance(data, list), where, "a list")
    kinds = [arguments[0]] * len(data) if arguments[-1] is ... else list(arguments)
    _expect(len(kinds) == len(data), where, f"a list of {len(kinds)}")
    return tuple(
        _made(kind, each, f"{where}[{number}]") for number, (kind, each) in enumerate(zip(kinds, data, strict=True))
    )


def _dataclass(kind: Any, data: Any, where: str) -> Any:
    _expect(isinstance(data, dict), where, "a mapping")
    hints = _hints(kind)
    known = {each.name for each in fields(kind)}
    _expect(data.keys() <= known, where, "without " + ", ".join(sorted(data.keys() - known)))
    given = {name: _made(hints[name], each, f"{where}.{name}") for name, each in data.items()}
    try:
        return kind(**given)
    except TypeError:
        needed = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}
        raise ValueError(f"{where or 'it'} lacks {', '.join(sorted(needed - given.keys()))}") from None


def _expect(fits: bool, where: str, wanted: str) -> None:
    if not fits:
        raise ValueError(f"{where.lstrip('.') or 'it'} must be {wanted}")
