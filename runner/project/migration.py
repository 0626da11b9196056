"""config/migration.yaml → `Asked`: which objects are to travel, under which names, and how their data comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from runner.core.errors import InvalidFile, MissingFile
from runner.core.names import Identifier
from runner.core.patterns import Pattern
from runner.project.files import Document, read_yaml, shown
from runner.project.migration_schema import KINDS, check

FILE = "config/migration.yaml"
HISTORY = "history"
"""Where a replay's statements stand, when no procedure is named."""
E = TypeVar("E", bound=StrEnum)


class Strategy(StrEnum):
    """How a table's rows come."""

    SNAPSHOT = "snapshot"
    BATCHES = "batches"
    INCREMENTAL = "incremental"
    STREAM = "stream"
    REPLAY = "replay"
    NONE = "none"


class Outside(StrEnum):
    """What becomes of an object that is needed and was not selected."""

    INCLUDE = "include"
    MAP = "map"
    DROP = "drop"
    DECLARE = "declare"


class Texts(StrEnum):
    """What becomes of names in texts that a program cannot understand. To ask is about those that look like SQL."""

    ASK = "ask"
    REPORT = "report"
    REWRITE = "rewrite"


class Masked(StrEnum):
    """What becomes of a table whose rows a policy masks or filters."""

    REFUSE = "refuse"
    STRIP = "strip"
    COPY = "copy"


class Layout(StrEnum):
    """How many files hold the DDL."""

    ONE = "one"
    KIND = "kind"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Choice:
    """A pattern of the selection: for one kind of objects, or for any (a whole schema)."""

    kind: str
    pattern: Pattern
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Data:
    """How the rows of the tables that match come."""

    pattern: Pattern | None
    strategy: Strategy
    by: str = ""
    parts: int = 0
    size: int = 0
    every: str = ""
    key: tuple[str, ...] = ()
    watermark: str = ""
    overlap: str = ""
    deletes: bool = True
    statements: str = ""
    """Where a replay's statements stand: `history`, or in the procedure of this name."""
    line: int | None = None

    @property
    def replays_procedure(self) -> bool:
        return self.strategy is Strategy.REPLAY and self.statements != HISTORY


@dataclass(frozen=True, slots=True)
class Loading:
    """How the scripts that bring rows run: whose rows come first, whether those of several tables come at the same
    time, and under which word of the target's ``vars`` the warehouse stands that they use.
    """

    order: tuple[Pattern, ...] = ()
    parallel: bool = False
    warehouse: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """How names map, all as stored. Roles map to the logical roles of ``config/<env>.yaml``."""

    databases: Mapping[str, str] = field(default_factory=dict)
    schemas: Mapping[str, str] = field(default_factory=dict)
    objects: tuple[tuple[Pattern, str], ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    warehouses: Mapping[str, str] = field(default_factory=dict)
    integrations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a plan was asked for. ``path`` is the file it came from, for errors that name a line of it."""

    source: str
    target: str
    select: tuple[Choice, ...]
    exclude: tuple[Pattern, ...] = ()
    names: Names = Names()
    data: tuple[Data, ...] = (Data(None, Strategy.SNAPSHOT),)
    loading: Loading = Loading()
    literals: Texts = Texts.ASK
    bodies: Texts = Texts.ASK
    masked: Masked = Masked.REFUSE
    owners: tuple[tuple[Pattern, str], ...] = ()
    outside: tuple[tuple[Pattern, Outside], ...] = ()
    depends: tuple[tuple[Pattern, tuple[Pattern, ...]], ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    layout: Layout = Layout.ONE
    repeatable: bool = False
    path: str = FILE


def read_migration(root: Path, path: Path | None = None) -> Asked:
    """The file, checked. Raises an InvalidFile or UnknownKey with its line."""
    path = path or root / FILE
    name = shown(path.resolve(), root.resolve())
    if not path.is_file():
        raise MissingFile(name, "`runner plan init` asks the source and writes a first one.")
    document = read_yaml(path, name, "source: my-environment")
    check(document)
    return _Reader(document).asked()


def asked_of(values: Mapping[str, Any], path: str = FILE) -> Asked:
    """The same from values that no file holds: words of the command line, or a template's."""
    document = Document(path, dict(values), {})
    check(document)
    return _Reader(document).asked()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Values of a checked document, with errors that know the line."""

    document: Document

    def asked(self) -> Asked:
        values: Mapping[str, Any] = self.document.values
        policies = values.get("policies", {})
        layout = values.get("layout", {})
        return Asked(
            source=str(values["source"]),
            target=str(values["target"]),
            select=tuple(self._choices(values["select"])),
            exclude=tuple(self._patterns(("select", "exclude"), values["select"].get("exclude", ()))),
            names=self._names(values.get("names", {})),
            data=tuple(self._data(values.get("data", {}))),
            loading=self._loading(values.get("data", {})),
            literals=Texts(policies.get("literals", "ask")),
            bodies=Texts(policies.get("bodies", "ask")),
            masked=Masked(policies.get("masked", "refuse")),
            owners=tuple(self._pairs(("owners",), values.get("owners", {}), str)),
            outside=tuple(self._pairs(("outside",), values.get("outside", {}), Outside)),
            depends=tuple(self._depends(values.get("depends", {}))),
            answers={str(key): str(value) for key, value in values.get("answers", {}).items()},
            layout=Layout(layout.get("ddl", "one")),
            repeatable=layout.get("code", "versioned") == "repeatable",
            path=self.document.path,
        )

    def _choices(self, select: Mapping[str, Any]) -> Iterator[Choice]:
        for word, kind in KINDS.items():
            for number, text in enumerate(select.get(word, ())):
                keys = ("select", word, str(number))
                line = self.document.line(keys)
                shape = f"{text}.*" if word == "schemas" else str(text)
                yield Choice(kind, self._pattern(keys, shape), line)

    def _patterns(self, keys: tuple[str, ...], texts: Any) -> Iterator[Pattern]:
        return (self._pattern((*keys, str(number)), str(text)) for number, text in enumerate(texts))

    def _pattern(self, keys: tuple[str, ...], text: str) -> Pattern:
        try:
            return Pattern.parse(text)
        except ValueError as error:
            raise self._wrong(keys, str(error)) from None

    def _wrong(self, keys: tuple[str, ...], reason: str, advice: str = "") -> InvalidFile:
        return InvalidFile(self.document.path, f"{'.'.join(keys)}: {reason}.", self.document.line(keys), advice)

    def _pairs(self, keys: tuple[str, ...], values: Mapping[str, Any], kind: Any) -> Iterator[tuple[Pattern, Any]]:
        for text, value in values.items():
            yield self._pattern((*keys, str(text)), str(text)), kind(value)

    def _depends(self, values: Mapping[str, Any]) -> Iterator[tuple[Pattern, tuple[Pattern, ...]]]:
        for text, needed in values.items():
            keys = ("depends", str(text))
            yield self._pattern(keys, str(text)), tuple(self._patterns(keys, needed))

    def _names(self, values: Mapping[str, Any]) -> Names:
        return Names(
            databases=self._stored(("names", "databases"), values),
            schemas=self._stored(("names", "schemas"), values),
            objects=tuple(
                (
                    self._pattern(("names", "objects", str(old)), str(old)),
                    self._new_name(("names", "objects", str(old)), new),
                )
                for old, new in values.get("objects", {}).items()
            ),
            roles={self._name(("names", "roles"), old): str(new) for old, new in values.get("roles", {}).items()},
            warehouses=self._stored(("names", "warehouses"), values),
            integrations=self._stored(("names", "integrations"), values),
        )

    def _stored(self, keys: tuple[str, str], values: Mapping[str, Any]) -> Mapping[str, str]:
        given = values.get(keys[1], {})
        return {self._name(keys, old): self._new_name((*keys, str(old)), new) for old, new in given.items()}

    def _new_name(self, keys: tuple[str, ...], text: object) -> str:
        """One name, not a path: a dot must be quoted."""
        if "." in str(text) and not str(text).startswith('"'):
            advice = "A schema is renamed under `names.schemas`; a name with a dot in it is written in quotes."
            raise self._wrong(keys, f"'{text}' is more than a name", advice)
        return self._name(keys, text)

    def _name(self, keys: tuple[str, ...], text: object) -> str:
        try:
            return Identifier.parse(str(text)).stored
        except ValueError as error:
            raise self._wrong(keys, str(error)) from None

    def _data(self, values: Mapping[str, Any]) -> Iterator[Data]:
        """Named tables first, in the order given; what the others do is last."""
        for text, given in values.get("tables", {}).items():
            keys = ("data", "tables", str(text))
            yield self._strategy(keys, self._pattern(keys, str(text)), given)
        yield Data(None, Strategy(values.get("default", "snapshot")))

    def _loading(self, values: Mapping[str, Any]) -> Loading:
        found = Loading(
            tuple(self._patterns(("data", "order"), values.get("order", ()))),
            bool(values.get("parallel", False)),
            str(values.get("warehouse", "")),
        )
        ways = {data.strategy for data in self._data(values)}
        for word, given, heeded in (
            ("parallel", found.parallel, PARALLEL), ("warehouse", found.warehouse, ON_A_WAREHOUSE),
            ("order", found.order, frozenset(Strategy) - {Strategy.NONE}),
        ):  # fmt: skip
            if given and not ways & heeded:
                raise self._wrong(("data", word), f"no rows come by {' or '.join(sorted(heeded))}")
        return found

    def _strategy(self, keys: tuple[str, ...], pattern: Pattern, given: Any) -> Data:
        words: Mapping[str, Any] = {"strategy": given} if isinstance(given, str) else given
        strategy = Strategy(words["strategy"])
        for needed in _NEEDED.get(strategy, ()):
            if not any(words.get(word) for word in needed):
                raise self._wrong(keys, f"the strategy '{strategy}' needs {' or '.join(needed)}")
        if reason := _contradiction(strategy, words):
            raise self._wrong(keys, reason)
        if strategy is Strategy.REPLAY and words["from"] != HISTORY:
            self._pattern((*keys, "from"), str(words["from"]))
        return Data(
            pattern, strategy, str(words.get("by", "")), int(words.get("parts", 0)), int(words.get("size", 0)),
            str(words.get("every", "")), tuple(str(name) for name in words.get("key", ())),
            str(words.get("watermark", "")), str(words.get("overlap", "")), bool(words.get("deletes", True)),
            str(words.get("from", "")), self.document.line(keys),
        )  # fmt: skip


PARALLEL = frozenset({Strategy.BATCHES, Strategy.INCREMENTAL})
"""Whose tables may come at the same time: those of a snapshot stand in one transaction, a replay has its own order."""
ON_A_WAREHOUSE = frozenset({Strategy.SNAPSHOT, Strategy.BATCHES, Strategy.INCREMENTAL, Strategy.REPLAY})
"""Whose scripts can be given a warehouse: what a stream brings comes again with each migrate, in small pieces."""

_NEEDED: Mapping[Strategy, tuple[tuple[str, ...], ...]] = {
    Strategy.BATCHES: (("parts", "size", "every"),),
    Strategy.INCREMENTAL: (("watermark",),),
    Strategy.REPLAY: (("from",),),
}
"""What a strategy cannot do without; each group is one of several words."""

_TAKES: Mapping[Strategy, tuple[str, ...]] = {
    Strategy.BATCHES: ("by", "every", "size", "parts"),
    Strategy.INCREMENTAL: ("watermark", "overlap", "key", "deletes"),
    Strategy.STREAM: ("key",),
    Strategy.REPLAY: ("from",),
}


def _contradiction(strategy: Strategy, words: Mapping[str, Any]) -> str:
    """Words that this strategy would not heed, or that say two things; empty when there are none."""
    takes = _TAKES.get(strategy, ())
    for word in words:
        if word not in ("strategy", *takes):
            return f"the strategy '{strategy}' takes {' and '.join(takes) if takes else 'nothing else'}, not {word}"
    cuts = [word for word in ("every", "size", "parts") if word in words]
    if len(cuts) > 1:
        return f"{' and '.join(cuts)} are two ways to cut it; say one"
    if "every" in words and ("by" not in words or "(" in str(words["by"])):
        return "every needs a column of dates under `by`"
    return ""


def differences(before: Asked, now: Asked) -> tuple[str, ...]:
    """The words under which two files ask for something else, wherever in the file it stands."""
    words = _said(now)
    return tuple(word for word, was in _said(before).items() if words[word] != was)


def _said(given: Asked) -> dict[str, object]:
    return {
        "source": given.source.lower(),
        "target": given.target.lower(),
        "select": [(choice.kind, choice.pattern.text) for choice in given.select]
        + [("exclude", pattern.text) for pattern in given.exclude],
        "names": given.names,
        "data": ([replace(data, line=None) for data in given.data], given.loading),
        "policies": (given.literals, given.bodies, given.masked),
        "owners": given.owners,
        "outside": given.outside,
        "depends": given.depends,
        "answers": dict(given.answers),
        "layout": (given.layout, given.repeatable),
    }
