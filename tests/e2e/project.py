"""A project as a user has it, its two accounts, and `runner` on it: in this process, or as one of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runner.cli import main
from tests.e2e.forked import Forked

CONFIG = """\
account: localorg-{account}
user: svc4snowflakedeploy
role: ACCOUNTADMIN
warehouse: admin_wh
database: {database}
schemas: [public]
lock_timeout: 30s
"""
PATIENCE = 180.0


def until(true: Callable[[], Any], what: str = "it") -> Any:
    """Look again and again until what was waited for is so; fail after a while."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.02)):
        if found := true():
            return found
        pause.wait(0.02)
    raise AssertionError(f"{what} never came")


def met(orders: Any, process: Forked) -> None:
    """Wait until the process has run into the accident that was ordered for it."""
    until(lambda: orders.waiting == 0 or process.poll() is not None, "the accident")
    assert process.poll() is None, process.communicate()


@dataclass(frozen=True)
class Ran:
    """What a call of `runner` gave."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Project:
    """Environments `imcust` and `imsdlc`, each with a database of its own that no other test has."""

    root: Path
    sandbox: Any
    connect: Callable[..., Any]
    databases: Mapping[str, str] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)
    _connections: dict[str, Any] = field(default_factory=dict)

    def write(self, files: Mapping[str, str | bytes]) -> Project:
        """Files by path from the project's folder."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self

    def scripts(self, **texts: str) -> Project:
        """`scripts(V1="…")` writes versions/V1__it.sql; `R__views` takes its whole name."""
        return self.write({f"versions/{_file(name)}": text for name, text in texts.items()})

    def configure(self, environment: str, more: str = "") -> None:
        database = self.databases[environment]
        self.write({f"config/{environment}.yaml": CONFIG.format(account=environment, database=database) + more})

    def runner(self, *words: str, code: int | None = 0) -> Ran:
        """Call the command in this process; `code` is what it must end with (None: whatever it is)."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), _environ(self.variables):
            try:
                main(["-C", str(self.root), *words])
                ended = 0
            except SystemExit as end:
                ended = int(end.code or 0)
        ran = Ran(ended, out.getvalue(), err.getvalue())
        assert code is None or ran.code == code, f"exit code {ran.code}\n{ran.said}"
        return ran

    def migrate(self, *words: str, code: int | None = 0, env: str = "imcust") -> Ran:
        return self.runner("migrate", "--env", env, *words, code=code)

    @property
    def variables(self) -> dict[str, str]:
        known = {"RUNNER_SANDBOX": "1", "RUNNER_SANDBOX_ROOT": str(self.sandbox.root), "NO_COLOR": "1"}
        return known | self.environ

    def process(self, *words: str) -> subprocess.Popen[str]:
        """The command as a process of its own; who starts it ends it."""
        return subprocess.Popen(
            [sys.executable, "-m", "runner", "-C", str(self.root), *words], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=os.environ | self.variables, cwd=Path(__file__).resolve().parents[2],
        )  # fmt: skip

    def forked(self, *words: str) -> Forked:
        """The same, from where Python has loaded the command already; who starts it ends it."""
        return Forked(("-C", str(self.root), *words), os.environ | self.variables)

    @contextlib.contextmanager
    def started(self, *words: str) -> Iterator[Forked]:
        """A process that does not outlive the block."""
        process = self.forked(*words)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.communicate()

    def ask(self, environment: str, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a statement of the account's administrator, in the environment's database."""
        if environment not in self._connections:
            self._connections[environment] = self.connect(environment.upper())
        cursor = self._connections[environment].cursor()
        if database := self.databases.get(environment):
            cursor.execute(f"USE SCHEMA {database}.PUBLIC")
        return cursor.execute(sql).fetchall()

    def history(self, environment: str = "imcust") -> list[str]:
        """`V1 STARTED`, `V1 SUCCESS` … as the account has them."""
        table = f"{self.databases[environment]}.MIGRATION_CONTROL.MIGRATION_HISTORY"
        rows = self.ask(environment, f"SELECT TYPE, VERSION, DESCRIPTION, EVENT FROM {table} ORDER BY EVENT_NUMBER")
        return [_line(*row) for row in rows]

    def checkpoints(self, environment: str = "imcust") -> list[tuple[Any, ...]]:
        table = f"{self.databases[environment]}.MIGRATION_CONTROL.MIGRATION_STATEMENT"
        return self.ask(environment, f"SELECT SCRIPT, ORDINAL, STATE FROM {table} ORDER BY RECORDED_ON, ORDINAL")

    def states(self, environment: str = "imcust") -> dict[str, str]:
        """What `info` says of each script."""
        (found,) = self.runner("info", "--env", environment, "--format", "json").json
        return {row["script"].partition("__it")[0].removesuffix(".sql"): row["state"] for row in found["scripts"]}

    def tables(self, environment: str = "imcust") -> list[str]:
        return sorted(
            row[1] for row in self.ask(environment, f"SHOW TABLES IN SCHEMA {self.databases[environment]}.PUBLIC")
        )


def _file(name: str) -> str:
    return f"{name}.sql" if "__" in name else f"{name}__it.sql"


def _line(kind: str | None, version: str | None, description: str, event: str) -> str:
    subject = "" if kind is None else f"{kind}{version}" if version else f"{kind}__{description.replace(' ', '_')}"
    return f"{subject} {event}".strip()


@contextlib.contextmanager
def _environ(variables: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
