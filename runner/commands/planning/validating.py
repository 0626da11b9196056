"""`plan validate`: would it still be true? Asks both accounts, writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from runner.authoring.analysis.subject import Subject
from runner.commands import probing
from runner.commands.deployment import layout_of, profile_of
from runner.commands.planning import checking
from runner.commands.planning.differing import compared
from runner.commands.planning.subjects import Live, Opened
from runner.commands.probing import Line, Outcome, failed
from runner.commands.workspace import Door
from runner.connection.faults import StatementFault
from runner.connection.session import Session, connect
from runner.core.errors import OwnStatementFailed, PlanError, RunnerError
from runner.core.names import ObjectName
from runner.history.journal import Journal
from runner.project.environment import Environment
from runner.sql.composing import compose


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that was looked at, file by file and account by account."""

    plan: str
    lines: tuple[Line, ...]

    @property
    def failed(self) -> int:
        return sum(line.outcome is Outcome.FAILED for line in self.lines)


def validate(door: Door, name: str, *, offline: bool = False, observed: bool = True) -> Verdict:
    """Every check is made, whatever the others say. ``offline``: the files only."""
    opened = Opened.of(door, name)
    lines = [*checking.files(opened), *checking.questions(opened), *checking.asked(opened)]
    if not offline:
        with ExitStack() as closing:
            lines += _Accounts(opened, closing, observed).lines()
    return Verdict(name, tuple(lines))


@dataclass(frozen=True)
class _Accounts:
    opened: Opened
    closing: ExitStack
    observed: bool

    def lines(self) -> Iterator[Line]:
        settings, asked = self.opened.settings, self.opened.record.asked
        source, target = settings.environment(asked.source), settings.environment(asked.target)
        first, second = self._login(source), self._login(target)
        live = None if isinstance(first, RunnerError) else self._look()
        for environment, session in ((source, first), (target, second)):
            if isinstance(session, RunnerError):
                yield failed("login", f"{environment.name}: {session.sentence}", session.hint)
        if isinstance(live, RunnerError):
            yield failed("source", live.sentence, live.hint)
        subject = self._subject(live if isinstance(live, Live) else None)
        if isinstance(first, Session):
            yield from self._of_source(first, source, subject, live if isinstance(live, Live) else None)
        if isinstance(second, Session):
            yield from self._of_target(second, target, subject)
        if isinstance(first, Session) and isinstance(second, Session):
            yield from _asked("region", lambda: checking.beside(second, target, first, source))

    def _login(self, environment: Environment) -> Session | RunnerError:
        try:
            return self.closing.enter_context(connect(profile_of(environment), role="control"))
        except RunnerError as error:
            return error

    def _look(self) -> Live | RunnerError:
        try:
            return self.opened.now(observed=self.observed)
        except (PlanError, OwnStatementFailed) as error:
            return error

    def _subject(self, live: Live | None) -> Subject | None:
        """As it would be now; as it was written where the source cannot say."""
        if live is not None:
            return live.subject(self.opened.record)
        return self.opened.subject() if self.opened.record.steps else None

    def _of_source(
        self, session: Session, environment: Environment, subject: Subject | None, live: Live | None
    ) -> Iterator[Line]:
        record = self.opened.record
        yield from _asked("source", lambda: checking.origin(session, record))
        if live is not None:
            yield from _asked("source", lambda: checking.difference(compared(self.opened, live)))
        if subject is None:
            return
        yield from _asked("privileges", lambda: checking.readable(subject, probing.rights(session)))
        if subject.travels:
            yield from _asked(
                "share", lambda: probing.sharing(session, environment, probing.rights(session), gives=True)
            )
        yield from _asked("policies", lambda: checking.guarded(subject))
        yield from _asked("time travel", lambda: checking.time_travel(subject))

    def _of_target(self, session: Session, environment: Environment, subject: Subject | None) -> Iterator[Line]:
        record = self.opened.record
        yield from _asked("warehouse", lambda: probing.warehouse(session, environment))
        yield from _asked("roles", lambda: probing.roles(session, environment))
        yield from _asked("mapping", lambda: checking.mapped(session, record.asked))
        yield from _asked("mapping", lambda: checking.loads(session, environment, record.asked))
        if subject is None:
            return
        may = probing.rights
        present = _schemas(session, environment)
        yield from _asked("privileges", lambda: checking.writable(subject, environment, may(session), present))
        if subject.travels:
            yield from _asked("share", lambda: probing.sharing(session, environment, may(session), gives=False))
        yield from _asked("grants", lambda: checking.roles(subject, record, environment))
        applied = self._is_applied(session, environment)
        yield from _asked("target", lambda: checking.standing(session, subject, environment, applied))
        yield from _asked("space", lambda: checking.space(session, subject, environment))

    def _is_applied(self, session: Session, environment: Environment) -> bool:
        """Has any script of the plan been run in the target?"""
        history = Journal(environment.name, layout_of(environment)).read(session)
        own = {path.rpartition("/")[2] for path in self.opened.record.written}
        return history is not None and any(event.script in own for event in history.events)


def _schemas(session: Session, environment: Environment) -> frozenset[str]:
    try:
        rows = session.execute(compose("SHOW SCHEMAS IN DATABASE {n:i}", n=ObjectName.of(environment.database)))
    except StatementFault:
        return frozenset()
    return frozenset(str(row["name"]) for row in probing.records(rows))


def _asked(what: str, question: Callable[[], Iterator[Line]]) -> tuple[Line, ...]:
    """The lines of one check; a refused statement is an answer too, and the checks after it are still made."""
    lines: list[Line] = []
    try:
        lines.extend(question())
    except StatementFault as fault:
        lines.append(failed(what, f"cannot be looked at: {fault}", "Grant the role what the message names."))
    return tuple(lines)
