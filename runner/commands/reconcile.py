"""`reconcile`: an environment held against its source, through both accounts. Reads only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from runner.commands.deployment import profile_of
from runner.commands.planning.renaming import renaming_of
from runner.commands.workspace import Door, Workspace
from runner.connection.session import Session, connect
from runner.core.errors import UsageError
from runner.core.names import Identifier
from runner.project.settings import Environment
from runner.reconcile import reconciling
from runner.reconcile.fetch import Side
from runner.reconcile.reconciling import Against
from runner.reconcile.renaming import Renaming
from runner.reconcile.result import Reconciliation


@dataclass(frozen=True, slots=True)
class Request:
    """What the command asked for. `rows`: how many differing rows are shown; 0 shows none."""

    environment: str | None = None
    objects: tuple[str, ...] = ()
    rows: int = 20
    against: Against = Against.BEST
    observe: Callable[[str], None] = lambda _: None


def reconcile(door: Door, request: Request) -> tuple[Reconciliation, ...]:
    """One environment held against its source, or every one that has a source."""
    workspace = Workspace.open(door)
    chosen = workspace.environments(request.environment)
    fed = [each for each in chosen if workspace.settings.source_of(each)]
    if not fed:
        raise UsageError(f"{' and '.join(repr(e.name) for e in chosen)} has no source to be compared with.")
    return tuple(_reconcile(workspace, each, request) for each in fed)


def _reconcile(workspace: Workspace, environment: Environment, request: Request) -> Reconciliation:
    with connect(profile_of(environment)) as session:
        return against_source(workspace, environment, session, request)


def against_source(
    workspace: Workspace, environment: Environment, session: Session, request: Request
) -> Reconciliation:
    """One environment whose session is open already; the source's is opened for it."""
    source = workspace.settings.source_of(environment)
    if source is None:
        raise UsageError(f"'{environment.name}' has no source to be compared with.")
    renaming = renaming_of(workspace.settings.root, source, environment)
    with connect(profile_of(source)) as other:
        return reconciling.reconcile(
            Side(source.name, other, source.database),
            Side(environment.name, session, environment.database),
            reconciling.Request(
                _schemas(environment, renaming), request.objects, request.rows, request.against,
                _share(source, environment), renaming, request.observe,
            ),
        )  # fmt: skip


def _schemas(environment: Environment, renaming: Renaming) -> tuple[str, ...]:
    """The configured ones, and those that plans on record write to; the runner's own is not one of them."""
    own = environment.control_name if environment.control_database == environment.database else ""
    return tuple(schema for schema in dict.fromkeys((*environment.schemas, *renaming.targets)) if schema != own)


def _share(source: Environment, environment: Environment) -> str:
    """The database of frozen rows, as stored; empty where none is configured."""
    name = source.vars.get("share_database") or environment.vars.get("share_database")
    return Identifier.parse(str(name)).stored if name else ""
