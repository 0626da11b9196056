"""Catalogue records as JSON and back. Unknown fields are refused by name, missing ones take defaults."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast

T = TypeVar("T")


def encode(record: object) -> str:
    return json.dumps(_plain(record), ensure_ascii=False, separators=(",", ":"))


def decode(kind: type[T], text: str) -> T:
    return cast(T, _revive(kind, json.loads(text)))


def encode_fields(record: object, names: Iterable[str]) -> str:
    """Some fields of a record, for `amend` to put in place again."""
    fields = {name: _plain(getattr(record, name)) for name in names}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def amend(record: object, text: str) -> None:
    """Put encoded fields into a record."""
    hints = _hints(cast(Any, type(record)))
    for name, value in json.loads(text).items():
        setattr(record, name, _revive(hints[name], value))


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def _plain(value: object) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _revive(kind: Any, value: Any) -> Any:
    origin = typing.get_origin(kind)
    if value is None or kind is Any:
        return value
    if origin in (typing.Union, types.UnionType):
        return _revive(next(a for a in typing.get_args(kind) if a is not types.NoneType), value)
    if origin in (list, tuple, dict):
        return _revive_many(origin, typing.get_args(kind), value)
    if dataclasses.is_dataclass(kind):
        hints = _hints(cast(type, kind))
        return cast(Any, kind)(**{name: _revive(hints[name], item) for name, item in value.items()})
    return datetime.fromisoformat(value) if kind is datetime else value


def _revive_many(origin: Any, arguments: tuple[Any, ...], value: Any) -> Any:
    if origin is dict:
        return {key: _revive(arguments[1], item) for key, item in value.items()}
    if origin is list:
        return [_revive(arguments[0], item) for item in value]
    kinds = arguments * len(value) if arguments[-1] is Ellipsis else arguments
    return tuple(_revive(kind, item) for kind, item in zip(kinds, value, strict=False))
