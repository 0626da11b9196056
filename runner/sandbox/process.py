"""The sandbox's process from outside: started, found, stopped, begun anew. Imports nothing of the engine.

One process owns a root; `up` finds it or starts it, from however many places it is called at once.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from runner.sandbox import files
from runner.sandbox.classes import dataclass
from runner.sandbox.needs import missing
from runner.sandbox.organization import Organization

INTERPRETER = "RUNNER_SANDBOX_PYTHON"
START_SECONDS = 30.0
STOP_SECONDS = 10.0
_POLL = 0.01
_OWNED_BY_ANOTHER = 3
_children: defaultdict[Path, list[subprocess.Popen[bytes]]] = defaultdict(list)
"""Processes started from here, to be reaped when they end."""
_PACKAGE_HOME = Path(__file__).resolve().parents[2]


class SandboxError(Exception):
    """The sandbox's process could not be brought to where it was wanted."""


class NotInstalled(SandboxError):
    """This environment lacks what the sandbox's process needs."""


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that answers."""

    root: Path
    port: int
    pid: int
    accounts: tuple[str, ...]
    tls_port: int = 0
    """0 where it speaks no TLS."""

    @property
    def authority(self) -> Path:
        """Whom a client has to trust that comes with TLS."""
        return self.root / files.TLS / files.AUTHORITY

    @property
    def pats(self) -> dict[str, Path]:
        """The token file of the service user of each account."""
        return {account: self.root / "pats" / f"{account.lower()}.pat" for account in self.accounts}


def up(
    root: Path, port: int = 0, organization: Organization | None = None, tls: bool = False, tls_port: int = 0
) -> Running:
    """The running sandbox of this root, started if need be; with these accounts, if an organisation is given."""
    root = root.resolve()
    _free(root)
    deadline = time.monotonic() + START_SECONDS
    if found := _answering(root):
        if port not in (0, found.port):
            raise SandboxError(f"The sandbox under {root} listens on port {found.port} already; stop it first.")
        return _fitting(found, organization, tls, tls_port)
    _made(root)
    child: subprocess.Popen[bytes] | None = None
    said = (root / files.LOG).stat().st_size
    while time.monotonic() < deadline:
        if found := _answering(root):
            return found
        ended = child is None or child.poll() is not None
        if child is not None and ended and child.returncode != _OWNED_BY_ANOTHER:
            raise SandboxError(f"The sandbox did not start:\n{_last_words(root, said)}")
        if ended and not files.owned(root):
            child = _start(root, port, [*_wanted(organization), *_secured(tls, tls_port)])
        time.sleep(_POLL)
    raise SandboxError(
        f"The sandbox under {root} did not answer within {START_SECONDS:g} seconds; see {root / files.LOG}."
    )


def _fitting(found: Running, organization: Organization | None, tls: bool, tls_port: int) -> Running:
    if tls and (not found.tls_port or tls_port not in (0, found.tls_port)):
        spoken = f"on port {found.tls_port}" if found.tls_port else "nowhere"
        raise SandboxError(f"The sandbox under {found.root} runs already and speaks TLS {spoken}; stop it first.")
    missing_accounts = [a.name for a in organization.accounts if a.name not in found.accounts] if organization else []
    if missing_accounts:
        raise SandboxError(
            f"The sandbox under {found.root} runs already, without the account {missing_accounts[0]}; stop it first."
        )
    return found


def _free(root: Path) -> None:
    if root.exists() and not root.is_dir():
        raise SandboxError(f"{root} is a file; the sandbox keeps its state in a folder.")


def _made(root: Path) -> None:
    """The folder, and a log in it that can be written."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        (root / files.LOG).open("ab").close()
    except OSError as error:
        raise SandboxError(f"{root} cannot keep a sandbox: {error.strerror}.") from None


def _wanted(organization: Organization | None) -> list[str]:
    return ["--organization", organization.dumps()] if organization else []


def _secured(tls: bool, port: int) -> list[str]:
    return ["--tls", "--tls-port", str(port)] if tls else []


def _start(root: Path, port: int, wanted: list[str]) -> subprocess.Popen[bytes]:
    with (root / files.LOG).open("ab") as log:
        child = subprocess.Popen(
            [*_command(), "--root", str(root), "--port", str(port), *wanted],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=root,
            env=_environment(),
            start_new_session=True,
        )
    _children[root].append(child)
    return child


def _command() -> list[str]:
    """This interpreter, or the one in which the sandbox's packages live; there this package comes last on the path."""
    other = os.environ.get(INTERPRETER)
    if not other:
        if why := missing():
            raise NotInstalled(why)
        return [sys.executable, "-m", "runner.sandbox"]
    if shutil.which(other) is None:
        raise SandboxError(f"{INTERPRETER} names {other}, which cannot be run.")
    enter = (
        f"import sys; sys.path.append({str(_PACKAGE_HOME)!r})\nimport runner.sandbox.__main__ as m\nsys.exit(m.main())"
    )
    return [str(Path(other).absolute()) if os.sep in other else other, "-c", enter]


def _environment() -> dict[str, str]:
    own = dict(os.environ)
    if INTERPRETER in own:
        own.pop("PYTHONPATH", None)
    else:
        own["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_PACKAGE_HOME), own.get("PYTHONPATH")]))
    return own


def _answering(root: Path) -> Running | None:
    """The process that owns the root, once it answers on its port."""
    port, pid = files.number(root / files.PORT), files.number(root / files.PID)
    if port is None or pid is None or not files.owned(root):
        return None
    told = _told(port)
    if told is None or told["pid"] != pid:
        return None
    return Running(root, port, pid, tuple(told["accounts"]), told.get("tls_port", 0))


def _told(port: int) -> dict[str, Any] | None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/sandbox/status")
        answer = json.loads(line.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        line.close()
    return dict(answer["data"]) if answer.get("success") else None


def _last_words(root: Path, since: int) -> str:
    """The end of what the log holds since then."""
    lines = (root / files.LOG).read_bytes()[since:].decode(errors="replace").splitlines()
    return "\n".join(lines[-15:])


def find(root: Path) -> Running | None:
    """The running sandbox of this root; None when none runs."""
    return _answering(root.resolve())


def status(root: Path) -> dict[str, Any] | None:
    """What the running sandbox says of itself; None when none runs."""
    found = find(root)
    return {"root": str(found.root), **(_told(found.port) or {})} if found else None


def down(root: Path) -> bool:
    """Stop the process that owns the root; False when none does. All that was acknowledged stays."""
    root = root.resolve()
    if not files.owned(root):
        return False
    if not _within(2.0, lambda: files.number(root / files.PID) is not None):
        raise SandboxError(f"A process owns {root} and has not told its pid.")
    pid = files.number(root / files.PID)
    for order in (signal.SIGTERM, signal.SIGKILL):
        _signal(root, pid, order)
        if _within(STOP_SECONDS, lambda: not files.owned(root)):
            for child in _children.pop(root, []):
                child.wait()
            return True
    raise SandboxError(f"Process {pid} does not end.")


def _signal(root: Path, pid: int | None, order: signal.Signals) -> None:
    """Only to the process that holds the root's lock: a pid that was given to another process gets nothing."""
    if pid is None or not files.owned(root):
        return
    try:
        os.kill(pid, order)
    except ProcessLookupError:
        return


def _within(seconds: float, true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    return True


def reset(root: Path, organization: Organization | None = None) -> Running:
    """A new organisation in the place of the old: everything in it is gone."""
    root = root.resolve()
    down(root)
    if root.is_dir():
        if any(root.iterdir()) and not (root / files.LOCK).exists():
            raise SandboxError(f"{root} is not a sandbox: nothing in it was touched.")
        shutil.rmtree(root)
    return up(root, organization=organization)
