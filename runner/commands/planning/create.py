"""`plan create`: the source is read, the selection closed, and the scripts written that a person will review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from runner.authoring.batches import Extent, bounds_of, cut_column, decided
from runner.authoring.closing import Closure, close
from runner.authoring.difference import difference
from runner.authoring.draft import Numbers
from runner.authoring.drafting import files_again, first_step, step_of
from runner.authoring.names import TargetNames
from runner.authoring.questions import Question
from runner.authoring.record import Entry, Origin, Record, Step
from runner.authoring.replaying import of_history, of_procedure
from runner.authoring.scripts import File
from runner.authoring.selecting import procedure_of
from runner.authoring.travelling import data_of
from runner.catalog.estate import Estate, Found, Kind
from runner.catalog.reading.contents import built_by, extent
from runner.catalog.reading.reader import read
from runner.catalog.reading.request import ReadRequest
from runner.commands.deployment import profile_of
from runner.commands.planning import records
from runner.commands.planning.one_account import ONE_ACCOUNT, one_account
from runner.commands.workspace import Door
from runner.connection.session import Session, connect
from runner.core.errors import FileInTheWay, InvalidFile, MissingSetting, QuestionsOpen
from runner.core.graph import nearest
from runner.core.names import Identifier
from runner.core.patterns import Pattern
from runner.project.environment import Environment
from runner.project.migration import Asked, Strategy, asked_of, differences, read_migration
from runner.project.scripts import versions
from runner.project.settings import ProjectSettings, load

_SHARED = ("share", "share_database", "imported_database")


@dataclass(frozen=True, slots=True)
class Request:
    """What the command asked for. ``values`` stand for the migration's file where they are given."""

    name: str
    path: Path | None = None
    values: Mapping[str, Any] | None = None
    force: bool = False
    anew: bool = False
    """Make the plan's own files again from the start, instead of the difference as the next scripts."""
    observed: bool = True
    progress: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Created:
    """What was made: the record, and the files that were written.

    ``changed`` is False where the source is what it was: files are then those that were missing. ``asked`` are the
    words of the migration's file that say something else than the scripts, which only a plan made anew heeds.
    """

    record: Record
    files: tuple[str, ...]
    step: int
    changed: bool = True
    asked: tuple[str, ...] = ()


def create(door: Door, request: Request) -> Created:
    """Reads the source and writes files. Raises a PlanError where the plan cannot be made as asked; QuestionsOpen
    after the record, and only it, was written.
    """
    records.check_name(request.name)
    settings = load(door.root, door.overrides, door.environ, door.sandbox)
    asked = asked_for(settings, request)
    source, target = settings.environment(asked.source), settings.environment(asked.target)
    asked = replace(asked, source=source.name, target=target.name)
    standing = records.find(settings.root, request.name)
    roles = role_map(asked, source, target)
    estate = look(source, asked, request)
    return _Creation(settings, request, asked, source, roles, standing).of(estate)


def asked_for(settings: ProjectSettings, request: Request) -> Asked:
    if request.values is not None:
        return asked_of(request.values)
    return read_migration(settings.root, request.path)


def look(source: Environment, asked: Asked, request: Request) -> Estate:
    """What stands in the source: the schemas that the selection speaks of, and all that it leads to."""
    profile = profile_of(source)
    with connect(profile) as session:
        return read(
            session,
            ReadRequest(
                database=source.database,
                schemas=_schemas(source, asked),
                observed=request.observed,
                connect=lambda: connect(profile),
                progress=request.progress,
            ),
        )


def _schemas(source: Environment, asked: Asked) -> tuple[str, ...] | None:
    """The configured ones and those that patterns name; all when a pattern may be of any."""
    named = set(source.schemas)
    patterns = [choice.pattern for choice in asked.select] + [pattern for pattern, _ in asked.depends]
    patterns += [Pattern.parse(data.statements) for data in asked.data if data.replays_procedure]
    for pattern in patterns:
        if len(pattern.parts) < 2 and not source.schemas:
            return None
        if len(pattern.parts) >= 2:
            if {"*", "?"} & set(pattern.parts[-2]) and not pattern.exact[-2]:
                return None
            named.add(pattern.parts[-2])
    return tuple(sorted(named)) or None


def role_map(asked: Asked, source: Environment, target: Environment) -> Mapping[str, str]:
    """Roles of the source by the logical names that scripts use: those of its file, and those the plan's file adds."""
    found = {Identifier.parse(name).stored: word for word, name in source.roles.items() if word in target.roles}
    words = [*asked.names.roles.values(), *(word for _, word in asked.owners)]
    for word in words:
        if word not in target.roles:
            close_to = nearest(word, target.roles)
            advice = (
                f"Did you mean '{close_to}'?" if close_to else f"Name it under `roles` of config/{target.name}.yaml."
            )
            raise InvalidFile(asked.path, f"'{word}' is no role of environment '{target.name}'.", advice=advice)
    return found | dict(asked.names.roles)


@dataclass(frozen=True)
class _Creation:
    """One plan being made or continued."""

    settings: ProjectSettings
    request: Request
    asked: Asked
    source: Environment
    roles: Mapping[str, str]
    standing: Record | None
    """The plan as it is on record."""

    def of(self, estate: Estate) -> Created:
        closure = close(self.asked, estate)
        self._refuse_itself(closure)
        base = self._base(estate)
        step, questions = self._step(base, estate, closure)
        texts: tuple[File, ...] = ()
        if step is not None:
            step, texts, more = step_of(base, self._filled(step, estate))
            questions = (*questions, *more)
        if questions := tuple(sorted({*closure.questions, *questions})):
            self._keep(replace(base, questions=questions, steps=self.standing.steps if self.standing else ()))
            raise QuestionsOpen(self.request.name, tuple(map(str, questions)))
        if step is None:
            return self._as_it_was(replace(base, asked=base.steps[-1].asked))
        self._check_shared(texts)
        return self._write(base, step, texts)

    def _refuse_itself(self, closure: Closure) -> None:
        """An object that is its own copy would be dropped where it stands, when the plan is taken back."""
        target = self.settings.environment(self.asked.target)
        places = [(each.organization, each.account, each.database) for each in (self.source, target)]
        names = TargetNames(self.asked, self.source.database, tuple(sorted(closure.addresses)))
        own = [address for address in names.members if names.of(address).place[1:] == address.place[1:]]
        if places[0] == places[1] and own:
            reason = f"source and target are one database, {target.database}: {own[0].short} would be its own copy."
            advice = "Name another target, or other schemas or objects under `names`."
            raise InvalidFile(self.asked.path, reason, advice=advice)

    def _as_it_was(self, record: Record) -> Created:
        """Nothing is different in the source. What is missing of the plan's files is made again, from the record."""
        root = self.settings.root
        lost = records.lost(root, record)
        steps = sorted(set(lost.values()))
        texts = [file for step in steps for file in files_again(record, step) if lost.get(file.path) == step]
        macros = records.macros(root, self.settings.templates_folder, [*records.standing(root, record), *texts])
        written = records.write(root, [*texts, *macros, File(record.path, record.text)])
        made_again = tuple(path for path in written if path != record.path)
        return Created(record, made_again, len(record.steps), False, differences(record.asked, self.asked))

    def _base(self, estate: Estate) -> Record:
        """The record without the step that is being made."""
        origin = Origin(self.source.name, estate.organization, estate.account, estate.database)
        steps = self.standing.steps if self.standing and not self.request.anew else ()
        return Record(self.request.name, self.asked, origin, self.roles, (), estate.gaps, steps)

    def _step(self, base: Record, estate: Estate, closure: Closure) -> tuple[Step | None, tuple[Question, ...]]:
        prefix = f"{self.request.name}_" if self._others else ""
        first = first_step(
            base, closure, _places(estate, closure), self._numbers(), prefix, owns_share=not self._others
        )
        if not base.steps:
            return first, ()
        found = difference(base, closure)
        if not found.entries and not found.dropped and not found.questions:
            return None, ()
        number = base.steps[-1].number + 1
        return replace(
            first, number=number, entries=found.entries, dropped=found.dropped, owns_share=False
        ), found.questions

    def _filled(self, step: Step, estate: Estate) -> Step:
        """The step with what only the rows and the past can say: bounds of batches, statements to be replayed."""
        wanted = [entry.found for entry in step.entries if _asks(self.asked, entry.found)]
        if not wanted:
            return step
        with connect(profile_of(self.source)) as session:
            return replace(step, entries=tuple(_filled(self.asked, entry, estate, session) for entry in step.entries))

    def _numbers(self) -> Numbers:
        """After every version of the project that is not the plan's own."""
        own = set(self._own_versions()) if self.request.anew else set()
        taken = [each for each in versions(self.settings.versions_folder) if each.text not in own]
        highest = max(taken, default=None)
        digits = max((len(each.text) for each in taken if each.text.isdigit()), default=3)
        return Numbers(highest.parts[0] + 1 if highest else 1, digits)

    def _own_versions(self) -> tuple[str, ...]:
        names = (Path(path).name for path in records.owned_by(self.standing))
        return tuple(name[1:].split("__")[0] for name in names if name[0] in "VU")

    @cached_property
    def _others(self) -> tuple[str, ...]:
        """The project's other plans."""
        return tuple(name for name in records.known(self.settings.root) if name != self.request.name)

    def _keep(self, record: Record) -> None:
        records.write(self.settings.root, [File(record.path, record.text)])

    def _check_shared(self, texts: tuple[File, ...]) -> None:
        """The names that scripts ask for must be configured, in both environments."""
        used = [word for word in _SHARED if any(f"vars.{word}" in file.text for file in texts)]
        for environment in (self.source, self.settings.environment(self.asked.target)):
            for word in used:
                if not environment.vars.get(word):
                    raise MissingSetting(environment.name, f"vars.{word}", f"config/{environment.name}.yaml")
        self._check_warehouse(texts)
        self._check_one_account(used)

    def _check_warehouse(self, texts: tuple[File, ...]) -> None:
        """The warehouse that the file's word stands for must be named in the target."""
        word, target = self.asked.loading.warehouse, self.settings.environment(self.asked.target)
        if word and not target.vars.get(word) and any(f"vars.{word} " in file.text for file in texts):
            raise MissingSetting(target.name, f"vars.{word}", f"config/{target.name}.yaml")

    def _check_one_account(self, used: list[str]) -> None:
        """Nothing is imported from one's own share: the clones are read where they lie."""
        target = self.settings.environment(self.asked.target)
        if not used or (self.source.organization, self.source.account) != (target.organization, target.account):
            return
        if problem := one_account(self.source, target):
            raise InvalidFile(f"config/{target.name}.yaml", f"{problem}; both are one account.", advice=ONE_ACCOUNT)
        if any(data.strategy is Strategy.STREAM for data in self.asked.data):
            reason = "'stream' takes changes from a share, and both environments are one account."
            raise InvalidFile(self.asked.path, reason, advice="Say `incremental` there.")

    def _write(self, base: Record, step: Step, texts: tuple[File, ...]) -> Created:
        root = self.settings.root
        if step.first_version != self._numbers().first:
            reason = "has a version that another script took meanwhile"
            raise FileInTheWay(texts[0].path, reason, f"`runner plan create {self.request.name}` again.")
        record, owned = replace(base, steps=(*base.steps, step)), records.owned_by(self.standing)
        texts = (*texts, *records.macros(root, self.settings.templates_folder, texts))
        records.check_writable(root, texts, owned, force=self.request.force)
        stale = records.stale(root, owned, texts) if self.request.anew else ()
        written = records.write(root, [File(record.path, record.text), *texts], stale)
        return Created(record, tuple(sorted(written, key=record.path.__eq__)), step.number)


def _places(estate: Estate, closure: Closure) -> tuple[Found, ...]:
    """The database and the schemas that something travels from, for what is granted on them."""
    schemas = {address.schema for address in closure.addresses}
    return tuple(
        found
        for found in estate.objects
        if (found.address.kind is Kind.DATABASE and found.address.name == estate.database)
        or (found.address.kind is Kind.SCHEMA and found.address.name in schemas)
    )


def _asks(asked: Asked, found: Found) -> bool:
    kind = found.address.kind
    return kind is Kind.TABLE and data_of(asked, found.address).strategy in (Strategy.BATCHES, Strategy.REPLAY)


def _filled(asked: Asked, entry: Entry, estate: Estate, session: Session) -> Entry:
    found = entry.found
    if not _asks(asked, found):
        return entry
    data = data_of(asked, found.address)
    if data.strategy is Strategy.REPLAY:
        if data.replays_procedure:
            return replace(entry, history=of_procedure(found.address, procedure_of(asked, data, estate)))
        return replace(entry, history=of_history(found.address, built_by(session, found.address)))
    if (said := decided(data, found)) != data:
        entry, data = replace(entry, data=said), said
    column = cut_column(data, found, asked.path)
    if not column:
        return entry
    reach = extent(session, found.address, column)
    return replace(entry, bounds=bounds_of(data, found, Extent(*reach)))
