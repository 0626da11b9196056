"""Scripts as values: what a file says before it is rendered, and what it becomes for one environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from runner.core.checksum import Checksum
from runner.core.version import Version


class Kind(StrEnum):
    """The prefix of a script's name, in Flyway's words."""

    VERSIONED = "V"
    REPEATABLE = "R"
    UNDO = "U"
    BASELINE = "B"


@dataclass(frozen=True, slots=True)
class Requirement:
    """`imcust:V001`: a script that must be applied in another environment first."""

    environment: str
    script: str

    def __str__(self) -> str:
        return f"{self.environment}:{self.script}"


@dataclass(frozen=True, slots=True)
class Head:
    """The directives at the top of a script."""

    environments: tuple[str, ...] = ()
    """Empty: every environment."""
    requires: tuple[Requirement, ...] = ()
    owner: str | None = None
    transactional: bool = False
    irreversible: bool = False
    always: bool = False
    timeout: int | None = None
    """Seconds a statement may take."""
    depends_on: tuple[str, ...] = ()
    jinja: bool = True

    def covers(self, environment: str) -> bool:
        return not self.environments or environment in self.environments


@dataclass(frozen=True, slots=True)
class Script:
    """One file. A versioned one is known by its source, so that a changed variable never makes it look changed."""

    kind: Kind
    version: Version | None
    description: str
    path: str
    """Relative to the project, with forward slashes."""
    source: str = field(repr=False)
    head: Head = Head()

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.rpartition("/")[2]

    @property
    def key(self) -> str:
        """What tells it from others in one history: `V1.2` (by value), `R__grants`."""
        return script_key(self.kind, self.version, self.description)

    @property
    def label(self) -> str:
        """How people name it: `V001`, `R__grants`."""
        return f"{self.kind}{self.version}" if self.version else f"{self.kind}__{self.description.replace(' ', '_')}"

    @property
    def checksum(self) -> Checksum:
        return Checksum.of(self.source)


def script_key(kind: Kind, version: Version | None, description: str) -> str:
    if version is not None:
        return f"{kind}{'.'.join(map(str, version.parts))}"
    return f"{kind}__{description.replace(' ', '_')}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a rendered script, as it is sent."""

    ordinal: int
    """From 1."""
    text: str
    line: int
    """In the rendered script."""
    assertion: bool = False
    group: int | None = None
    """Statements of one group may run at the same time."""
    timeout: int | None = None

    @property
    def sha256(self) -> str:
        return Checksum.of(self.text).digest


@dataclass(frozen=True, slots=True)
class Rendered:
    """A script made for one environment. No statement: it is not for that environment."""

    script: Script
    environment: str
    text: str = field(repr=False)
    statements: tuple[Statement, ...]

    @property
    def checksum(self) -> Checksum:
        return Checksum.of(self.text)

    @property
    def recorded_checksum(self) -> Checksum:
        """The one that decides whether it is applied again: the source's for V, the rendered text's for R."""
        return self.checksum if self.script.kind is Kind.REPEATABLE else self.script.checksum
