"""Values as JSON and back: dataclasses, enums, tuples, sets and mappings, by their annotations.

What has its default is left out, so that a record holds what says something, and an older record reads in a newer
version.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def plain(value: Any) -> Any:
    """A value as JSON's own: mappings, lists, text, numbers."""
    if is_dataclass(value) and not isinstance(value, type):
        members = ((name, getattr(value, name), default) for name, default in _members(type(value)))
        return {name: plain(each) for name, each, default in members if each != default}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(each) for each in value)
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    return value


@cache
def _members(kind: Any) -> tuple[tuple[str, Any], ...]:
    """Every field with its default; MISSING, which equals nothing, where it has none."""
    return tuple((f.name, _default(f)) for f in fields(kind))


def _default(given: Field[Any]) -> Any:
    return given.default_factory() if given.default_factory is not MISSING else given.default


class _Unfit(ValueError):
    """What does not fit, and where: the place is put together on the way out."""

    def __init__(self, wanted: str) -> None:
        super().__init__(wanted)
        self.place = ""

    def within(self, place: str) -> _Unfit:
        self.place = place + self.place
        return self


Maker = Callable[[Any], Any]


def value_of(kind: type[T], data: Any) -> T:
    """The value that `plain` wrote. ValueError names the place that does not fit."""
    try:
        wanted: Any = kind
        made: T = _maker(wanted)(data)
    except _Unfit as error:
        raise ValueError(f"{error.place.lstrip('.') or 'it'} {error}") from None
    return made


@cache
def _maker(kind: Any) -> Maker:
    """How a value of a type is made: found out once for each type, since records hold many values."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        maker = _maker(next(each for each in arguments if each is not type(None)))
        return lambda data: None if data is None else maker(data)
    if origin is tuple:
        return _of_tuple(arguments)
    if origin is frozenset:
        several = _of_tuple((arguments[0], ...))
        return lambda data: frozenset(several(data))
    if origin is not None and issubclass(origin, Mapping):
        return _of_mapping(_maker(arguments[1]))
    if is_dataclass(kind):
        return _of_dataclass(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _of_enum(kind)
    return (lambda data: data) if kind is Any else _of_plain(kind)


def _of_tuple(arguments: tuple[Any, ...]) -> Maker:
    if arguments[-1] is ...:
        maker = _maker(arguments[0])
        return lambda data: tuple(_each((maker, each) for each in _listed(data)))
    makers = [_maker(each) for each in arguments]

    def exactly(data: Any) -> Any:
        if len(_listed(data)) != len(makers):
            raise _Unfit(f"must be a list of {len(makers)}")
        return tuple(_each(zip(makers, data, strict=True)))

    return exactly


def _listed(data: Any) -> list[Any]:
    if not isinstance(data, list):
        raise _Unfit("must be a list")
    return data


def _each(pairs: Iterable[tuple[Maker, Any]]) -> Iterator[Any]:
    for number, (maker, each) in enumerate(pairs):
        try:
            yield maker(each)
        except _Unfit as error:
            raise error.within(f"[{number}]") from None


def _of_mapping(maker: Maker) -> Maker:
    def made(data: Any) -> Any:
        return {key: _member(maker, key, each) for key, each in _mapping(data).items()}

    return made


def _mapping(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise _Unfit("must be a mapping")
    return data


def _member(maker: Maker, name: str, data: Any) -> Any:
    try:
        return maker(data)
    except _Unfit as error:
        raise error.within(f".{name}") from None


def _of_dataclass(kind: Any) -> Maker:
    makers = {name: _maker(hint) for name, hint in get_type_hints(kind).items()}
    known = {each.name for each in fields(kind)}
    needed = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}

    def made(data: Any) -> Any:
        if not _mapping(data).keys() <= known:
            raise _Unfit("must be without " + ", ".join(sorted(data.keys() - known)))
        if not needed <= data.keys():
            raise _Unfit("lacks " + ", ".join(sorted(needed - data.keys())))
        return kind(**{name: _member(makers[name], name, each) for name, each in data.items()})

    return made


def _of_enum(kind: type[Enum]) -> Maker:
    values = {each.value: each for each in kind}

    def made(data: Any) -> Any:
        if not isinstance(data, str | int) or data not in values:
            raise _Unfit("must be one of " + ", ".join(map(str, values)))
        return values[data]

    return made


def _of_plain(kind: type) -> Maker:
    def made(data: Any) -> Any:
        if type(data) is kind or (isinstance(data, kind) and not isinstance(data, bool)):
            return data
        raise _Unfit(f"must be {kind.__name__}")

    return made
