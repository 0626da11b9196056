"""`dataclass` as the standard library has it, its methods compiled when they are first called. Standard library only.

The sandbox has hundreds of data classes; to compile six methods of each took a fifth of its start, and most are never
called in one process. What a class promises stays the same: fields, equality, hash, frozenness, `replace`, pickling.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "field"]
_SWITCHES = {"__init__": "init", "__repr__": "repr", "__eq__": "eq", "__hash__": "unsafe_hash"}
field = dataclasses.field


def _lean(cls: type, *, eq: bool = True, frozen: bool = False, slots: bool = False, kw_only: bool = False) -> type:
    own = dict(vars(cls))
    cls.__doc__ = own.get("__doc__") or cls.__name__  # Else the standard library writes one, from a compiled method.
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
    hashed = own.get("__hash__") is not None or ("__hash__" in own and "__eq__" not in own)
    for name in ["__init__", "__repr__", *(["__eq__"] if eq else [])]:
        if name not in own:
            setattr(made, name, _later(made, name, frozen))
    if eq and not hashed:
        made.__hash__ = _later(made, "__hash__", frozen) if frozen else None
    if frozen:
        made.__setattr__, made.__delattr__ = _kept, _not_deleted
        if slots:
            made.__getstate__, made.__setstate__ = _state, _restored
    return made  # type: ignore[no-any-return]


def _later(cls: type, name: str, frozen: bool) -> Callable[..., Any]:
    """A method that at its first call gives its place to the one of the standard library."""

    def method(self: Any, *values: Any, **named: Any) -> Any:
        setattr(cls, name, _compiled(cls, name, frozen))
        return getattr(cls, name)(self, *values, **named)

    method.__name__, method.__qualname__ = name, f"{cls.__qualname__}.{name}"
    return method


def _compiled(cls: Any, name: str, frozen: bool) -> Any:
    fields = [(each.name, each.type, _again(each)) for each in dataclasses.fields(cls)]
    namespace = {"__module__": cls.__module__}
    if hasattr(cls, "__post_init__"):
        namespace["__post_init__"] = cls.__post_init__
    wanted: dict[str, Any] = {switch: each == name for each, switch in _SWITCHES.items()}
    twin: Any = dataclasses.make_dataclass(
        cls.__name__, fields, namespace=namespace, frozen=frozen and name == "__init__", **wanted
    )
    found = vars(twin)[name]
    found.__qualname__ = f"{cls.__qualname__}.{name}"
    return found


def _again(given: dataclasses.Field[Any]) -> Any:
    return dataclasses.field(
        default=given.default,
        default_factory=given.default_factory,
        init=given.init,
        repr=given.repr,
        hash=given.hash,
        compare=given.compare,
        kw_only=given.kw_only,
    )


def _kept(_self: object, name: str, _value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _not_deleted(_self: object, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in dataclasses.fields(self)]


def _restored(self: Any, state: list[Any]) -> None:
    for each, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)


if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls=None, /, **options):
        return _lean(cls, **options) if cls is not None else lambda found: _lean(found, **options)
