"""One environment, opened for a verb: its sessions, its history, and the lease when something will be written."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from runner import __version__
from runner.commands import processes
from runner.commands.workspace import Run, Workspace, checksums, dependencies
from runner.connection.faults import FaultKind, StatementFault
from runner.connection.profile import Profile
from runner.connection.session import Part, Session, connect
from runner.core.errors import LeaseHeld, OwnStatementFailed, Unreachable
from runner.core.history import History
from runner.core.names import ObjectName
from runner.core.planning import Situation
from runner.core.script import Rendered
from runner.execution.ledger import Facts, Ledger
from runner.history.journal import Journal
from runner.history.layout import Layout
from runner.history.lease import Heartbeat, Holder, Lease, acquire, release
from runner.project.settings import Environment


def profile_of(environment: Environment) -> Profile:
    """How to log in to an environment. Raises what is missing for it."""
    options = environment.options
    return Profile(
        environment=environment.name, account=environment.account, organization=environment.organization,
        account_name=environment.account_name, user=environment.user, role=environment.role,
        warehouse=environment.warehouse, database=environment.database, auth=environment.auth,
        region=environment.region, host=environment.host, port=environment.port, protocol=environment.protocol,
        statement_timeout=options.statement_timeout, queued_timeout=options.queued_timeout,
        lock_timeout=options.lock_timeout, login_timeout=options.login_timeout,
    )  # fmt: skip


def layout_of(environment: Environment) -> Layout:
    schema = ObjectName.of(environment.control_database, environment.control_name)
    return Layout(schema, own_database=environment.control_database != environment.database)


@dataclass(slots=True)
class Deployment:
    """Sessions are opened when first needed and closed at the end of `opened`."""

    workspace: Workspace
    environment: Environment
    work: Session
    journal: Journal
    run: Run
    closing: ExitStack
    repeatables: dict[str, Rendered] = field(default_factory=dict)
    deployed: bool = True
    """Whether the history stood when it was read; an empty one may be one that another runner is creating."""
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    @staticmethod
    @contextmanager
    def opened(workspace: Workspace, environment: Environment) -> Iterator[Deployment]:
        """Log in and make sure that this is the account that was meant."""
        with ExitStack() as closing:
            work = connect(profile_of(environment))
            deployment = Deployment(
                workspace, environment, work, Journal(environment.name, layout_of(environment)),
                Run.new(work.place.server_time), closing,
            )  # fmt: skip
            closing.callback(deployment.close)
            try:
                yield deployment
            except StatementFault as fault:
                if fault.kind is FaultKind.TRANSPORT:
                    raise Unreachable(environment.name, environment.account, fault.message) from None
                raise OwnStatementFailed(
                    environment.name, "a statement of the runner's own", fault.errno, fault.message
                ) from None

    def history(self) -> History | None:
        found = self.journal.read(self.work)
        self.deployed = found is not None and (bool(found.events) or self.journal.stands(self.work))
        return found

    def situation(self, history: History | None) -> Situation:
        """Scripts and history side by side; R scripts are rendered for it."""
        if not self.repeatables:
            self.repeatables = self.workspace.repeatables(self.environment, self.run)
        return Situation(
            self.environment.name, self.workspace.scripts, history or History(), checksums(self.repeatables),
            dependencies(self.repeatables),
        )  # fmt: skip

    def connect(self, part: Part) -> Session:
        """One more session, closed by whoever opened it."""
        return connect(profile_of(self.environment), role=part)

    def close(self) -> None:
        self.work.close()

    def reconnect(self) -> Session:
        self.work = self.connect("work")
        return self.work

    @contextmanager
    def leased(self, wait: int, on_wait: Callable[[LeaseHeld], None]) -> Iterator[Writer]:
        """Hold the lease: created if need be, waited for, kept alive, and given back on every way out."""
        control = self.connect("control")
        self.closing.callback(control.close)
        if not self.deployed:
            # Never on the session that scripts use: a created schema becomes the current one.
            self.journal.bootstrap(control)
        lease = self._acquire(control, wait, on_wait)
        heartbeat = Heartbeat(control, lease, on_lost=lambda: None)
        try:
            with heartbeat.beating():
                yield Writer(self, control, lease, heartbeat)
        finally:
            # What went wrong before counts more; a lease that could not be given back runs out.
            with suppress(StatementFault):
                release(control, lease)

    def _acquire(self, control: Session, wait: int, on_wait: Callable[[LeaseHeld], None]) -> Lease:
        deadline = time.monotonic() + wait
        while True:
            try:
                return self._try_acquire(control)
            except LeaseHeld as held:
                if time.monotonic() >= deadline:
                    raise
                on_wait(held)
                time.sleep(min(5.0, wait) * random.uniform(0.2, 1))  # noqa: S311 - spreads waiters, guards nothing

    def _try_acquire(self, control: Session) -> Lease:
        return acquire(
            control, self.environment.name, self.journal.layout.lock, self.work.session_id, owner_info(self.run),
            self.environment.options.lease_ttl, is_dead,
        )  # fmt: skip


@dataclass(slots=True)
class Writer:
    """A deployment that holds the lease: what is read now stays true until it is given back."""

    deployment: Deployment
    control: Session
    lease: Lease
    heartbeat: Heartbeat

    def ledger(self, history: History) -> Ledger:
        deployment = self.deployment
        place = deployment.work.place
        facts = Facts(
            run_id=deployment.run.id, environment=deployment.environment.name, account=place.account, user=place.user,
            role=place.role, warehouse=place.warehouse or "", git_commit=git_commit(deployment.workspace),
            runner_version=__version__, session_id=deployment.work.session_id, fence=self.lease.fence,
        )  # fmt: skip
        return Ledger.after(history, facts)


def owner_info(run: Run) -> dict[str, object]:
    """Who holds a lease, for the others."""
    return {
        "user": processes.user(),
        "host": socket.gethostname(),
        "process": os.getpid(),
        "machine": processes.machine(),
        "born": processes.born(os.getpid()),
        "run": run.id,
    }


def is_dead(holder: Holder) -> bool:
    """Whether the owner was a process of this machine that no longer lives. Of others nothing is known."""
    facts = holder.facts
    if facts.get("machine") != processes.machine() or not isinstance(facts.get("process"), int):
        return False
    found = processes.born(int(facts["process"]))
    return found is None or (found != processes.UNKNOWN and found != facts.get("born"))


def git_commit(workspace: Workspace) -> str:
    """The commit the scripts stand at, with a mark when they were edited since; empty outside git."""
    folder = workspace.settings.root
    head = _git(folder.as_posix(), "rev-parse", "HEAD")
    dirty = head and _git(folder.as_posix(), "status", "--porcelain", "--", "versions", "templates", "config")
    return f"{head}-dirty" if dirty else head


def _git(folder: str, *words: str) -> str:
    try:
        answer = subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""
