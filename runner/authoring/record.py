"""plans/<name>.json: what a plan was asked for, what was found, what was changed in it and why, and what was written.

From the record the files can be made again. It holds no time of day: the same source and file give the same record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from runner.authoring.closing import Need
from runner.authoring.codec import plain, value_of
from runner.authoring.questions import Question
from runner.authoring.scripts import File
from runner.catalog.estate import Address, Found, Gap, Past
from runner.core.errors import RecordDamaged
from runner.project.migration import Asked, Data, Outside
from runner.sql.moving import Edit, Seen

FORMAT = 1
FOLDER = "plans"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the objects were found."""

    environment: str
    organization: str
    account: str
    database: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One object of a step: what was found, why it travels, what was changed in its text, what was seen and left.

    ``before`` is the text that the plan had moved earlier, where this step holds only the difference.
    """

    found: Found
    reason: str
    edits: tuple[Edit, ...] = ()
    seen: tuple[Seen, ...] = ()
    before: Found | None = None
    data: Data | None = None
    """How its batches are cut, where the file leaves that open."""
    bounds: tuple[str, ...] = ()
    """Where a table's batches begin, as literals."""
    history: tuple[Past, ...] = ()
    """The statements that built a table, for one that is replayed."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file of a step, and the sha256 of its bytes."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Step:
    """One set of scripts: the first holds everything, each later one what is different since."""

    number: int
    prefix: str
    first_version: int
    digits: int
    owns_share: bool
    asked: Asked
    roles: Mapping[str, str]
    entries: tuple[Entry, ...]
    order: tuple[Address, ...] = ()
    dropped: tuple[Found, ...] = ()
    """What is gone in the source, and is to go in the target too."""
    needs: tuple[Need, ...] = ()
    outside: tuple[tuple[Address, Outside], ...] = ()
    readers: tuple[Need, ...] = ()
    """Who needs one of them in the source and stays behind."""
    places: tuple[Found, ...] = ()
    files: tuple[Written, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A plan as it is kept in git. Open questions stand in ``questions``; without steps nothing was written yet."""

    plan: str
    asked: Asked
    origin: Origin
    roles: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    gaps: tuple[Gap, ...] = ()
    steps: tuple[Step, ...] = ()
    format: int = 0

    @property
    def path(self) -> str:
        return path_of(self.plan)

    @property
    def text(self) -> str:
        """The file's bytes, as text."""
        data = {"format": FORMAT, **plain(self)}
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"

    @property
    def state(self) -> Mapping[Address, Entry]:
        """Every object as the plan's steps leave it."""
        return state_of(self.steps)

    @property
    def written(self) -> Mapping[str, Written]:
        """Every file of the plan, as its last step that has it left it."""
        return {file.path: file for step in self.steps for file in step.files}


def state_of(steps: Iterable[Step]) -> dict[Address, Entry]:
    """Every object as these steps leave it."""
    found: dict[Address, Entry] = {}
    for step in steps:
        found |= {entry.found.address: entry for entry in step.entries}
        for gone in step.dropped:
            found.pop(gone.address, None)
    return found


def path_of(plan: str) -> str:
    return f"{FOLDER}/{plan}.json"


def read_record(path: str, text: str) -> Record:
    """Raises RecordDamaged, with the place in it, when the text is no record, or one of a newer runner."""
    try:
        data = json.loads(text)
        if isinstance(data, dict) and isinstance(data.get("format"), int) and data["format"] > FORMAT:
            raise RecordDamaged(path, f"a newer runner wrote it (format {data['format']}; this one knows {FORMAT})")
        return value_of(Record, data)
    except ValueError as error:
        raise RecordDamaged(path, str(error)) from None


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def written(files: tuple[File, ...]) -> tuple[Written, ...]:
    return tuple(Written(file.path, digest(file.text)) for file in files)
