"""`ping`: whether everything that a migration needs can be reached and used. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from runner.commands import probing
from runner.commands.deployment import profile_of
from runner.commands.probing import Line, Outcome
from runner.commands.workspace import Door
from runner.connection.faults import StatementFault
from runner.connection.session import Session, connect
from runner.core.errors import RunnerError
from runner.project.settings import Environment, ProjectSettings, load


@dataclass(frozen=True, slots=True)
class Ping:
    """What was found in one environment."""

    environment: str
    account: str
    lines: tuple[Line, ...]

    @property
    def failed(self) -> bool:
        return any(line.outcome is Outcome.FAILED for line in self.lines)


def ping(door: Door, environment: str | None) -> tuple[Ping, ...]:
    """One environment, or all; a source that was not asked for is logged in to for the comparison only."""
    settings = load(door.root, door.overrides, door.environ, door.sandbox)
    chosen = (settings.environment(environment),) if environment else tuple(settings.environments.values())
    with ExitStack() as closing:
        logins = _Logins(closing, {})
        return tuple(Ping(each.name, each.account, tuple(_lines(settings, each, logins))) for each in chosen)


@dataclass(frozen=True, slots=True)
class _Logins:
    """One login an environment, successful or not."""

    closing: ExitStack
    done: dict[str, Session | RunnerError]

    def session(self, environment: Environment) -> Session | RunnerError:
        if environment.name not in self.done:
            self.done[environment.name] = self._login(environment)
        return self.done[environment.name]

    def _login(self, environment: Environment) -> Session | RunnerError:
        try:
            return self.closing.enter_context(connect(profile_of(environment), role="control"))
        except RunnerError as error:
            return error


def _lines(settings: ProjectSettings, environment: Environment, logins: _Logins) -> Iterator[Line]:
    session = logins.session(environment)
    if isinstance(session, RunnerError):
        yield probing.failed("login", session.sentence, session.hint)
        return
    yield from probing.whereabouts(session)
    yield from _asked("warehouse", lambda: probing.warehouse(session, environment))
    yield from _asked("database", lambda: probing.database(session, environment))
    yield from _asked("privileges", lambda: _privileged(settings, session, environment))
    yield from _asked("lease", lambda: probing.lease(session, environment))
    yield from _asked("roles", lambda: probing.roles(session, environment))
    source = settings.source_of(environment)
    if source is not None:
        yield from _beside(session, source, logins)
    yield from _asked("token", lambda: probing.token(session, environment))


def _privileged(settings: ProjectSettings, session: Session, environment: Environment) -> Iterator[Line]:
    may = probing.rights(session)
    yield from probing.control_schema(session, environment, may)
    if any(other.source == environment.name for other in settings.environments.values()):
        yield from probing.sharing(session, environment, may, gives=True)
    if environment.source:
        yield from probing.sharing(session, environment, may, gives=False)


def _beside(session: Session, source: Environment, logins: _Logins) -> Iterator[Line]:
    other = logins.session(source)
    if isinstance(other, RunnerError):
        yield probing.warning("source", f"{source.name} cannot be asked: {other.sentence}", other.hint)
    else:
        yield from probing.beside(session.place, source.name, other.place)


def _asked(what: str, question: Callable[[], Iterator[Line]]) -> tuple[Line, ...]:
    """The lines of one question; a refused statement is an answer too, and the questions after it are still asked."""
    lines: list[Line] = []
    try:
        lines.extend(question())
    except StatementFault as fault:
        lines.append(probing.failed(what, f"cannot be looked at: {fault}", "Grant the role what the message names."))
    return tuple(lines)
