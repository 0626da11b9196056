"""`info`: where every script stands. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from runner.commands.deployment import Deployment
from runner.commands.workspace import Door, Workspace
from runner.core.history import Event, History
from runner.core.info import PENDING_STATES, InfoRow, State, rows
from runner.core.version import Version
from runner.history.lease import Holder, look
from runner.project.settings import Environment


@dataclass(frozen=True, slots=True)
class Info:
    """One environment's scripts, its present schema version, and who holds the lease, if anybody."""

    environment: str
    account: str
    database: str
    schema_version: str
    rows: tuple[InfoRow, ...]
    events: tuple[Event, ...]
    holder: Holder | None
    deployed: bool
    """Whether a runner ever wrote here."""

    @property
    def pending(self) -> int:
        return sum(1 for row in self.rows if row.state in PENDING_STATES)


def info(door: Door, environment: str | None, target: Version | None = None) -> tuple[Info, ...]:
    """The state of one environment, or of all in the order of their dependencies."""
    workspace = Workspace.open(door)
    return tuple(_info(workspace, each, target) for each in workspace.environments(environment))


def _info(workspace: Workspace, environment: Environment, target: Version | None) -> Info:
    with Deployment.opened(workspace, environment) as deployment:
        history = deployment.history()
        situation = deployment.situation(history)
        found = rows(situation, target)
        holder = look(deployment.work, deployment.journal.layout.lock) if history is not None else None
        return Info(
            environment.name,
            deployment.work.place.account,
            environment.database,
            schema_version(found),
            found,
            (history or History()).events,
            holder if holder and holder.token else None,
            history is not None,
        )


def schema_version(found: Sequence[InfoRow]) -> str:
    """The highest version that is applied."""
    standing = (State.SUCCESS, State.OUT_OF_ORDER, State.CHANGED, State.MISSING, State.FUTURE, State.BASELINE)
    applied = [Version(row.version) for row in found if row.version and row.state in standing]
    return str(max(applied)) if applied else ""
