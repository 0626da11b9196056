"""Found while a plan was made: nothing was sent but questions, and no account was changed. Exit code 12."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from runner.core.errors.root import RunnerError


def _lines(items: Iterable[object]) -> str:
    """Each on a line of its own, below the sentence."""
    return "".join(f"\n  {item}" for item in items)


class PlanError(RunnerError):
    """A plan cannot be made, read or kept."""

    exit_code = 12


@dataclass(eq=False)
class SelectionEmpty(PlanError):
    """Something was asked for that is not there."""

    path: str
    what: str
    nearest: str | None = None
    line: int | None = None

    says = "{where}: {what} matches nothing in the source."

    @property
    def hint(self) -> str:
        return f"Did you mean '{self.nearest}'?" if self.nearest else "Names in quotes keep their case; * and ? match."


@dataclass(eq=False)
class AmbiguousName(PlanError):
    """A name that several objects of different kinds have."""

    path: str
    name: str
    kinds: tuple[str, ...]
    line: int | None = None

    @property
    def sentence(self) -> str:
        return f"{self.where}: '{self.name}' is the name of {' and '.join(self.kinds)}."

    advises = "Name it under the word for its kind: `tables`, `views`, `procedures` …"


@dataclass(eq=False)
class ClosureUnmet(PlanError):
    """What was selected needs things outside, and nobody has said what becomes of them."""

    path: str
    needs: tuple[str, ...]

    @property
    def sentence(self) -> str:
        listed = _lines(self.needs)
        count = f"{len(self.needs)} object{'s' if len(self.needs) > 1 else ''}"
        return f"The selection needs {count} outside of it:{listed}"

    advises = (
        "Say for each in {path} under `outside`: include, map, drop or declare; or take out what needs it, under "
        "`select.exclude`."
    )


@dataclass(eq=False)
class NameCollision(PlanError):
    """The mapping sends two objects to one name."""

    path: str
    name: str
    both: tuple[str, str]

    @property
    def sentence(self) -> str:
        return f"{self.path}: {self.both[0]} and {self.both[1]} would both be called {self.name}."

    advises = "Give one of them another name under `names.objects`."


@dataclass(eq=False)
class NamesContradict(PlanError):
    """Two plans on record say of one object of the target that it is another object of the source."""

    name: str
    said: tuple[str, str]
    """What it is in the source, and in which plan."""

    @property
    def sentence(self) -> str:
        return f"{self.name} is {self.said[0]}, and {self.said[1]}."

    advises = "Take the record of the plan that is out of use out of plans/."


@dataclass(eq=False)
class SourceChanging(PlanError):
    """Somebody changes the source while it is read: what was read is of no one moment."""

    database: str
    changes: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"{self.database} was changed while it was read:{_lines(self.changes)}"

    advises = "Nothing was written. Run the same command again, when nobody changes definitions there."


@dataclass(eq=False)
class Unreadable(PlanError):
    """Objects that must travel, whose definition the role cannot see."""

    objects: tuple[str, ...]

    @property
    def sentence(self) -> str:
        listed = _lines(self.objects)
        return f"The definition cannot be read of {len(self.objects)}:{listed}"

    advises = "Use a role that owns them, or take them out of the selection."


@dataclass(eq=False)
class Unmapped(PlanError):
    """A role, warehouse or integration of the source has no counterpart in the target."""

    path: str
    names: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"{self.path}: nothing says what these are called in the target: {', '.join(self.names)}."

    advises = "Name them under `names`."


@dataclass(eq=False)
class NotMovable(PlanError):
    """Objects that Snowflake gives no way to carry over as asked."""

    objects: tuple[str, ...]

    @property
    def sentence(self) -> str:
        listed = _lines(self.objects)
        return f"These cannot be moved as asked:{listed}"

    advises = "Take them out of the selection, or ask for them differently."


@dataclass(eq=False)
class QuestionsOpen(PlanError):
    """Only a person can say; the record is written, the scripts are not."""

    plan: str
    questions: tuple[str, ...]

    @property
    def sentence(self) -> str:
        listed = _lines(self.questions)
        count = f"{len(self.questions)} open question{'s' if len(self.questions) > 1 else ''}"
        return f"Plan '{self.plan}' has {count}:{listed}"

    advises = "`runner plan answer {plan} ID=ANSWER`, or `answers` in the migration's file; then create it again."


@dataclass(eq=False)
class FileInTheWay(PlanError):
    """A file that is not ours, or that somebody has changed since."""

    path: str
    reason: str
    advice: str = ""

    says = "{path} {reason}; nothing was written."

    @property
    def hint(self) -> str:
        return self.advice or "Keep it and choose another name, or say --force to have it replaced."


@dataclass(eq=False)
class UnknownPlan(PlanError):
    name: str
    known: tuple[str, ...]

    says = "There is no plan '{name}'."

    @property
    def hint(self) -> str:
        return f"Plans: {', '.join(self.known)}." if self.known else "`runner plan create NAME` makes one."


@dataclass(eq=False)
class RecordDamaged(PlanError):
    path: str
    reason: str

    says = "{path} is no record of a plan: {reason}."
    advises = (
        "Take it from git; or delete it and the plan's scripts, where none was applied, and create the plan again."
    )


@dataclass(eq=False)
class UnknownTemplate(PlanError):
    name: str
    nearest: str | None = None

    says = "There is no template '{name}'."

    @property
    def hint(self) -> str:
        return f"Did you mean '{self.nearest}'?" if self.nearest else "`runner templates list` names them all."


@dataclass(eq=False)
class ParametersInvalid(PlanError):
    """A template was given values that it does not take, or not all that it needs."""

    template: str
    problems: tuple[str, ...]

    @property
    def sentence(self) -> str:
        if len(self.problems) == 1:
            return f"Template '{self.template}': {self.problems[0]}."
        return f"Template '{self.template}':" + _lines(self.problems)

    advises = "`runner templates show {template}` describes every parameter; give one with --set NAME=VALUE."


@dataclass(eq=False)
class AnswersInvalid(PlanError):
    """Answers to questions that are not open, or that take others."""

    plan: str
    problems: tuple[str, ...]

    @property
    def sentence(self) -> str:
        if len(self.problems) == 1:
            return f"Plan '{self.plan}': {self.problems[0]}."
        return f"Plan '{self.plan}':" + _lines(self.problems)

    advises = "`runner plan answer {plan}` lists what is open, with the answers that each question takes."


@dataclass(eq=False)
class PlanNotReady(PlanError):
    """Run as it is written, the plan would fail or do something else."""

    plan: str
    count: int

    @property
    def sentence(self) -> str:
        return f"Plan '{self.plan}' is not ready: {self.count} {'check' if self.count == 1 else 'checks'} failed."

    advises = "The table says what to do for each."


@dataclass(eq=False)
class SourceMovedOn(PlanError):
    """The source is not what the plan was made of any more."""

    plan: str
    count: int

    @property
    def sentence(self) -> str:
        objects = "object differs" if self.count == 1 else "objects differ"
        return f"Plan '{self.plan}': {self.count} {objects} from the source as it is now."

    advises = "`runner plan create {plan}` writes the difference as the next scripts."
