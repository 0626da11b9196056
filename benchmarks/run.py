"""Runner beside a peer, in one run on one sandbox: `make bench`. Writes benchmarks/results/<date>.md.

Quote ratios, not seconds: a machine is noisy, and what was not measured in one run is not compared.
"""

from __future__ import annotations

import http.client
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from runner.sandbox import client, orders, process

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
RUNNER = Path(sys.executable).with_name("runner")
PEER = ROOT / ".venv-peers"
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SCRIPTS = int(os.environ.get("BENCH_SCRIPTS", "100"))
STATEMENTS = 3
LATENCY_MS = 50
FACT_ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))


@dataclass(frozen=True)
class Sample:
    seconds: float
    requests: int


@dataclass(frozen=True)
class Bench:
    """A running sandbox, and a folder for projects."""

    running: process.Running
    folder: Path

    def settings(self, **values: float) -> None:
        self._post("/sandbox/settings", values)

    def _post(self, path: str, content: object) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.running.port)
        token = orders.token(self.running.root)
        connection.request("POST", path, json.dumps(content), {"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        if answer.status != 200:
            sys.exit(f"{path}: {answer.read().decode()}")

    def requests(self) -> int:
        return int(process.status(self.running.root)["requests"])

    def sql(self, account: str, *statements: str) -> None:
        connection = client.connect(self.running, account)
        for statement in statements:
            connection.cursor().execute(statement)
        connection.close()

    def measured(self, act: Callable[[], None]) -> Sample:
        before, began = self.requests(), time.perf_counter()
        act()
        return Sample(time.perf_counter() - began, self.requests() - before)


def run(words: list[str | Path], cwd: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(words, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def project(folder: Path, database: str) -> Path:
    """N versioned scripts of three statements with two template variables each, for both tools."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "versions").mkdir(parents=True)
    (folder / "config").mkdir()
    for number in range(1, SCRIPTS + 1):
        table = f"{{{{ db }}}}.{{{{ schema }}}}.T{number:04}"
        text = f"CREATE TABLE IF NOT EXISTS {table} (A INT);\nINSERT INTO {table} VALUES (1);\n"
        text += f"SELECT COUNT(*) FROM {table};\n"
        named = text.replace("{{ db }}", "{{ vars.db }}").replace("{{ schema }}", "{{ vars.schema }}")
        (folder / "versions" / f"V{number:04}__t.sql").write_text(named)
        (folder / "peer").mkdir(exist_ok=True)
        (folder / "peer" / f"V{number:04}__t.sql").write_text(text)
    (folder / "config" / "dev.yaml").write_text(
        f"account: localorg-imsdlc\nuser: svc4snowflakedeploy\nrole: ACCOUNTADMIN\nwarehouse: admin_wh\n"
        f"database: {database}\nvars: {{db: {database}, schema: S}}\n"
    )
    return folder


def ours(bench: Bench, folder: Path) -> None:
    run(
        [RUNNER, "migrate", "--env", "dev"],
        folder,
        {"RUNNER_SANDBOX": "1", "RUNNER_SANDBOX_ROOT": str(bench.running.root)},
    )


def peer(bench: Bench, folder: Path, database: str) -> None:
    variables = json.dumps({"db": database, "schema": "S"})
    environment = {
        "SNOWFLAKE_ACCOUNT": "IMSDLC", "SNOWFLAKE_USER": "SVC4SNOWFLAKEDEPLOY", "SNOWFLAKE_ROLE": "ACCOUNTADMIN",
        "SNOWFLAKE_WAREHOUSE": "ADMIN_WH", "SNOWFLAKE_DATABASE": database, "SNOWFLAKE_HOST": "127.0.0.1",
        "SNOWFLAKE_PORT": str(bench.running.port), "SNOWFLAKE_PROTOCOL": "http",
        "SNOWFLAKE_PASSWORD": bench.running.pats["IMSDLC"].read_text(),
        "SNOWFLAKE_DISABLE_PLATFORM_DETECTION": "true",
    }  # fmt: skip
    words = [PEER / "bin" / "schemachange", "deploy", "-f", folder / "peer", "--vars", variables,
             "-c", f"{database}.S.CHANGE_HISTORY", "--create-change-history-table", "-ac"]  # fmt: skip
    run(words, folder, environment)


def deploys(bench: Bench) -> list[str]:
    """First deploy and nothing to do, alternated, at 50 ms a request."""
    samples: dict[str, list[Sample]] = {}
    for number in range(ROUNDS):
        for name, act in (("runner", ours), ("schemachange", peer)):
            database = f"BENCH_{name.upper()}_{number}"
            bench.settings(latency_ms=0)
            bench.sql("IMSDLC", f"CREATE DATABASE {database}", f"CREATE SCHEMA {database}.S")
            folder = project(bench.folder / database, database)
            bench.settings(latency_ms=LATENCY_MS)
            arguments = (bench, folder) if name == "runner" else (bench, folder, database)
            for what in ("first deploy", "nothing to do"):
                samples.setdefault(f"{name}, {what}", []).append(bench.measured(lambda a=act, b=arguments: a(*b)))
    bench.settings(latency_ms=0)
    lines = [f"| {name} | {_median(found)} | {found[0].requests} |" for name, found in sorted(samples.items())]
    print(*lines, sep="\n", flush=True)
    return lines


def _median(samples: list[Sample]) -> str:
    seconds = [sample.seconds for sample in samples]
    return f"{statistics.median(seconds):.2f} s ({min(seconds):.2f}–{max(seconds):.2f})"


def copies(bench: Bench) -> list[str]:
    """V003's rows a second, beside the same five INSERTs sent by hand on one connection."""
    root = {"RUNNER_SANDBOX": "1", "RUNNER_SANDBOX_ROOT": str(bench.running.root)}
    run([RUNNER, "sandbox", "seed", "--rows", str(FACT_ROWS)], ROOT, root)
    run([RUNNER, "migrate", "--all", "--target", "2"], ROOT, root)
    results = told(["migrate", "--all", "--target", "3"], root)
    script = next(s for r in results for s in r["scripts"] if s["script"].startswith("V003"))
    rendered = told(["render", "V003", "--env", "imsdlc"], root)
    inserts = {s["ordinal"]: s["text"] for s in rendered["statements"] if s["text"].startswith("INSERT")}
    rows = sum(s["row_count"] for s in script["statements"] if s["ordinal"] in inserts)
    by_hand = bench.measured(lambda: bench.sql("IMSDLC", "BEGIN", *inserts.values(), "COMMIT")).seconds
    seconds = script["milliseconds"] / 1000
    return [
        f"| V003 with its assertions and its history row | {seconds:.2f} s | {rows / seconds:,.0f} |",
        f"| the same five INSERTs by hand, one transaction | {by_hand:.2f} s | {rows / by_hand:,.0f} |",
    ]


def told(words: list[str], environment: dict[str, str]) -> Any:
    """What a command says in JSON."""
    command = [RUNNER, *words, "--format", "json"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def peer_ready() -> None:
    if not (PEER / "bin" / "schemachange").exists():
        subprocess.run([sys.executable, "-m", "venv", PEER], check=True)
        subprocess.run(
            [PEER / "bin" / "pip", "install", "-q", "schemachange==4.4.0", "snowflake-connector-python<5"], check=True
        )


def main() -> None:
    peer_ready()
    with tempfile.TemporaryDirectory() as folder:
        running = process.up(Path(folder) / "sandbox")
        try:
            bench = Bench(running, Path(folder) / "projects")
            lines = report(deploys(bench), copies(bench))
        finally:
            process.down(running.root)
    path = HERE / "results" / f"{datetime.now(UTC):%Y-%m-%d}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(lines)
    print(lines)


def report(deployed: list[str], copied: list[str]) -> str:
    command = [sys.executable, HERE / "splitting.py"]
    splitting = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return "\n".join([
        f"# {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} cores for both sides",
        f"\n## {SCRIPTS} scripts × {STATEMENTS} statements, {LATENCY_MS} ms a request, {ROUNDS} rounds alternated\n",
        "| what | median (least–most) | requests |", "|---|---|---|", *deployed,
        f"\n## Rows over the share, {FACT_ROWS:,} transactions seeded\n",
        "| what | time | rows a second |", "|---|---|---|", *copied,
        "\n## Splitting\n", "```", splitting.rstrip(), "```", "",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
