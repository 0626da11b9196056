"""The sandbox's `dataclass` is the standard library's, but for when its methods are compiled."""

import copy
import dataclasses
import pickle
import re
from pathlib import Path
from typing import ClassVar

import pytest

from runner.sandbox import classes

ROOM = Path(classes.__file__).parent
FORMS = [
    {},
    {"eq": False},
    {"slots": True},
    {"kw_only": True},
    {"frozen": True},
    {"frozen": True, "slots": True},
    {"frozen": True, "slots": True, "kw_only": True},
    {"slots": True, "eq": False},
]


def body():
    class Place:
        """Where something is."""

        KIND: ClassVar[str] = "place"
        name: str
        depth: int = 1
        marks: list[str] = dataclasses.field(default_factory=list)
        seen: int = dataclasses.field(default=0, compare=False, repr=False)

        def __post_init__(self) -> None:
            if self.depth < 0:
                raise ValueError("depth")

    return Place


def both(**form):
    return classes.dataclass(**form)(body()), dataclasses.dataclass(**form)(body())


def said(act):
    try:
        return repr(act())
    except Exception as error:  # noqa: BLE001 - what is compared is the error
        return f"{type(error).__name__}: {error}"


ACTS = {
    "made": lambda kind: kind(name="a"),
    "by place": lambda kind: kind("a", 2, ["x"], 3),
    "nothing given": lambda kind: kind(),
    "unknown": lambda kind: kind(name="a", other=1),
    "refused by its own check": lambda kind: kind(name="a", depth=-1),
    "own list each": lambda kind: kind(name="a").marks is kind(name="b").marks,
    "equal": lambda kind: (kind(name="a") == kind(name="a"), kind(name="a") == kind(name="b")),
    "uncompared": lambda kind: kind(name="a") == kind(name="a", seen=9),
    "not equal to others": lambda kind: kind(name="a") == "a",
    "hash": lambda kind: len({kind(name="a", marks=()), kind(name="a", marks=())}),
    "hash of a list": lambda kind: kind.__hash__ is object.__hash__ or hash(kind(name="a")),
    "set": lambda kind: setattr(kind(name="a"), "depth", 2),
    "deleted": lambda kind: delattr(kind(name="a"), "depth"),
    "replaced": lambda kind: dataclasses.replace(kind(name="a"), depth=5),
    "fields": lambda kind: [(f.name, f.type, f.default, f.kw_only) for f in dataclasses.fields(kind)],
    "as a dict": lambda kind: dataclasses.asdict(kind(name="a")),
    "copied": lambda kind: (copy.copy(kind(name="a")), copy.deepcopy(kind(name="a", marks=["m"]))),
    "matched": lambda kind: kind.__match_args__,
    "documented": lambda kind: kind.__doc__,
    "no dict": lambda kind: hasattr(kind(name="a"), "__dict__"),
}


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("act", ACTS)
def test_it_does_what_the_standard_one_does(form, act):
    lean, standard = both(**form)
    for _ in range(2):  # The first call of a method compiles it.
        assert said(lambda: ACTS[act](lean)) == said(lambda: ACTS[act](standard))


@classes.dataclass(frozen=True, slots=True)
class Kept:
    name: str
    parts: tuple[int, ...] = ()


@classes.dataclass
class Base:
    a: int

    def __repr__(self) -> str:
        return f"<{self.a}>"


@classes.dataclass
class Wider(Base):
    b: int = 2


def test_what_is_frozen_can_be_pickled():
    assert pickle.loads(pickle.dumps(Kept("a", (1, 2)))) == Kept("a", (1, 2))


def test_methods_of_its_own_stay_and_subclasses_have_all_fields():
    assert repr(Base(1)) == "<1>"
    assert (Wider(1), Wider(1) == Wider(1, 3)) == (Wider(a=1, b=2), False)
    assert repr(Wider(1)) == "Wider(a=1, b=2)"
    assert Base(1) != Wider(1)


def test_methods_are_compiled_one_by_one_when_they_are_called():
    kind = classes.dataclass(body())
    before = {name: vars(kind)[name] for name in ("__init__", "__repr__", "__eq__")}
    kind("a")
    assert [name for name, method in before.items() if vars(kind)[name] is not method] == ["__init__"]


def test_every_class_of_the_room_is_made_so():
    """One that is frozen cannot inherit from one of the other make, and the start pays for each."""
    standard = re.compile(r"^from dataclasses import .*\bdataclass\b|^@dataclasses\.", re.MULTILINE)
    others = {path.name for path in ROOM.rglob("*.py") if standard.search(path.read_text())}
    assert others == set()
