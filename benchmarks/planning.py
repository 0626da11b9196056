"""An account of 1,000 and of 5,000 objects, read for a plan: statements, requests, seconds, memory: `make bench`.

Writes benchmarks/results/<date>-planning.md. The growth is what counts: no more than the number of objects grows.
"""

from __future__ import annotations

import io
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from runner.catalog.estate import Estate
from runner.catalog.reading import ReadRequest, read
from runner.catalog.reading.histories import MOST_LINEAGE
from runner.connection.profile import Profile
from runner.connection.session import Session, connect
from runner.core.auth import PatAuth
from runner.core.secret import Secret
from runner.sandbox import client, files, orders, process

HERE = Path(__file__).resolve().parent
SIZES = tuple(int(size) for size in os.environ.get("BENCH_OBJECTS", "1000,5000").split(","))
LATENCIES = (0, 50)
SCHEMAS = 10
PARALLEL = 4
CALLED = 20
"""So many procedures were called before, and show up in ACCESS_HISTORY."""


def statements(objects: int) -> Iterator[str]:
    """Tables with keys and defaults, views over them and over one another, procedures, functions, streams, tasks."""
    yield "CREATE DATABASE BIG"
    for schema in range(SCHEMAS):
        yield f"CREATE SCHEMA BIG.S{schema}"
        yield f"CREATE SEQUENCE BIG.S{schema}.KEYS"
    groups = (objects - 2 * SCHEMAS) // 10
    for n in range(groups):
        yield from _group(f"BIG.S{n % SCHEMAS}", n)
    for n in range(0, groups, max(1, groups // CALLED)):
        yield f"CALL BIG.S{n % SCHEMAS}.P{n}()"


def _group(home: str, n: int) -> Iterator[str]:
    """Ten objects."""
    columns = ", ".join(f"C{at} VARCHAR({at + 10}) COMMENT 'column {at}'" for at in range(8))
    key = f"ID NUMBER DEFAULT {home}.KEYS.NEXTVAL PRIMARY KEY"
    yield f"CREATE TABLE {home}.A{n} ({key}, {columns})"
    yield f"CREATE TABLE {home}.B{n} ({key}, A NUMBER REFERENCES {home}.A{n} (ID), {columns})"
    yield f"CREATE TABLE {home}.C{n} ({key}, {columns})"
    yield f"CREATE TABLE {home}.D{n} (N NUMBER, AT TIMESTAMP_NTZ)"
    yield f"CREATE FUNCTION {home}.F{n}(X VARCHAR) RETURNS VARCHAR AS 'UPPER(X)'"
    query = f"SELECT A{n}.ID, {home}.F{n}(B{n}.C1) AS X FROM A{n} JOIN B{n} ON B{n}.A = A{n}.ID"
    yield f"CREATE VIEW {home}.V{n} AS {query}"
    yield f"CREATE VIEW {home}.W{n} AS SELECT ID, X FROM {home}.V{n} WHERE ID IN (SELECT ID FROM C{n})"
    yield (
        f"CREATE PROCEDURE {home}.P{n}() RETURNS NUMBER LANGUAGE SQL AS $$\nBEGIN\n"
        f"    INSERT INTO D{n} SELECT COUNT(*), NULL FROM {home}.W{n};\n"
        f"    UPDATE {home}.C{n} SET C1 = (SELECT MAX(C2) FROM A{n});\n    RETURN 1;\nEND\n$$"
    )
    yield f"CREATE STREAM {home}.ST{n} ON TABLE {home}.C{n}"
    yield (
        f"CREATE TASK {home}.T{n} WAREHOUSE = ADMIN_WH SCHEDULE = '60 MINUTE' "
        f"WHEN SYSTEM$STREAM_HAS_DATA('{home}.ST{n}') AS CALL {home}.P{n}()"
    )


def log_in(running: process.Running) -> Session:
    admin = json.loads((running.root / files.ADMIN).read_text())
    token = PatAuth(Secret(admin["tokens"]["IMCUST"]))
    place: dict[str, Any] = {"host": "127.0.0.1", "port": running.port, "protocol": "http"}
    names = ("imcust", "LOCALORG-IMCUST", "LOCALORG", "IMCUST", admin["user"], "ACCOUNTADMIN", "ADMIN_WH", "SNOWFLAKE")
    return connect(Profile(*names, token, **place))


class Counted:
    """A session that counts its statements."""

    def __init__(self, session: Session, sent: list[str]) -> None:
        self.session, self.sent, self.place, self.profile = session, sent, session.place, session.profile

    def execute(self, sql: str, **options: Any) -> Any:
        self.sent.append(sql)
        return self.session.execute(sql, **options)

    def close(self) -> None:
        self.session.close()


def reading(root: Path) -> dict[str, float]:
    """In a process of its own, so that its memory is the reading's."""
    running, sent = process.find(root), list[str]()
    assert running is not None
    first: Any = Counted(log_in(running), sent)
    before = _megabytes()
    began = time.perf_counter()
    again: Any = lambda: Counted(log_in(running), sent)  # noqa: E731 - one line says it
    estate: Estate = read(first, ReadRequest("BIG", connect=again, parallel=PARALLEL))
    seconds = time.perf_counter() - began
    first.close()
    assert not [gap for gap in estate.gaps if gap.evidence != "lineage"], estate.gaps
    found = {"objects": len(estate.objects), "edges": len(estate.edges), "statements": len(sent)}
    return found | {"seconds": seconds, "cpu": time.process_time(), "memory": _megabytes() - before}


CONFIG = """account: localorg-{account}
user: svc4snowflakedeploy
role: ACCOUNTADMIN
warehouse: admin_wh
database: {database}
schemas: [{schemas}]
vars: {{share: migr_share, share_database: migr_share_db, imported_database: imcust_migr}}
"""
ASKED = """source: imcust
target: imsdlc
select: {{schemas: [{schemas}]}}
names: {{warehouses: {{admin_wh: admin_wh}}}}
policies: {{literals: rewrite}}
"""


def project(root: Path) -> Path:
    """A project that asks for everything."""
    schemas = ", ".join(f"S{n}" for n in range(SCHEMAS))
    config = root / "project" / "config"
    config.mkdir(parents=True, exist_ok=True)
    for account, database in (("imcust", "BIG"), ("imsdlc", "BIG_DEV")):
        more = "depends_on: [imcust]\nsource: imcust\n" if account == "imsdlc" else ""
        text = CONFIG.format(account=account, database=database, schemas=schemas) + more
        (config / f"{account}.yaml").write_text(text)
    (config / "migration.yaml").write_text(ASKED.format(schemas=schemas))
    for folder in ("versions", "templates"):
        (config.parent / folder).mkdir(exist_ok=True)
    return config.parent


def planning(root: Path) -> dict[str, float]:
    """`runner plan create`, from the command line to the files."""
    from runner.cli import main as runner

    home = project(root)
    before = _megabytes()
    began = time.perf_counter()
    with redirect_stdout(io.StringIO()):
        try:
            runner(["-C", str(home), "plan", "create", "big"])
        except SystemExit as end:
            if end.code:
                raise
    seconds = time.perf_counter() - began
    written = sum(file.stat().st_size for file in home.rglob("*.sql"))
    return {"seconds": seconds, "cpu": time.process_time(), "memory": _megabytes() - before, "written": written / 2**20}


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


WORK: dict[str, Callable[[Path], dict[str, float]]] = {"read": reading, "plan": planning}


@dataclass(frozen=True)
class Sample:
    work: str
    latency: int
    requests: int
    values: dict[str, float]

    def line(self, objects: float) -> str:
        found = self.values
        figures = f"{found['seconds']:.1f} s | {found['cpu']:.1f} s | {found['memory']:.0f} MB |"
        if self.work == "plan":
            return f"| {objects:,.0f} | {self.requests} | {figures} {found['written']:.1f} MB |"
        statements = f"{found['statements']:.0f} | {self.requests}"
        return f"| {objects:,.0f} | {self.latency} ms | {found['edges']:,.0f} | {statements} | {figures}"


def made(running: process.Running, objects: int) -> None:
    connection = client.connect(running, "IMCUST")
    for statement in statements(objects):
        connection.cursor().execute(statement)
    connection.close()


def sampled(objects: int) -> Iterator[Sample]:
    root = Path(tempfile.mkdtemp())
    running = process.up(root)
    try:
        made(running, objects)
        door = orders.Orders(running)
        for latency in LATENCIES:
            door.set(latency_ms=latency)
            yield Sample("read", latency, *apart("read", root, door))
        door.set(latency_ms=0)
        yield Sample("plan", 0, *apart("plan", root, door))
    finally:
        process.down(running.root)
        shutil.rmtree(root, ignore_errors=True)


def apart(work: str, root: Path, door: orders.Orders) -> tuple[int, dict[str, float]]:
    """In a process of its own, so that its memory is the work's; with the requests it made."""
    before = door.status()["requests"]
    environ = {
        **os.environ,
        "SNOWFLAKE_DISABLE_PLATFORM_DETECTION": "true",
        "RUNNER_SANDBOX": "1",
        "RUNNER_SANDBOX_ROOT": str(root),
    }
    command = [sys.executable, __file__, work, str(root)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environ)
    return door.status()["requests"] - before - 1, json.loads(said.stdout)


def report(sizes: list[list[Sample]]) -> str:
    load = os.getloadavg()[2]
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.0f} over the last 15 minutes"
    reads = [sample.line(group[0].values["objects"]) for group in sizes for sample in group if sample.work == "read"]
    plans = [group[-1].line(group[0].values["objects"]) for group in sizes]
    return "\n".join(
        [
            f"# Reading an account for a plan, {datetime.now(UTC):%Y-%m-%d}: {machine}",
            "",
            f"Everything of a database in {SCHEMAS} schemas on the sandbox of the same machine: objects of nine kinds, "
            f"their texts, columns, keys, grants and edges by every evidence. {PARALLEL} sessions; requests are those "
            "at the sandbox's door, logins included; seconds are of the wall, with the sandbox's own work; CPU and "
            "memory are the reader's alone, memory beyond that of a process that has logged in. Lineage is asked of at "
            f"most {MOST_LINEAGE} tables, so that the larger account is read without it.",
            "",
            "| objects | latency | edges | statements | requests | seconds | CPU | memory |",
            "|---:|---:|---:|---:|---:|---:|---:|---:|",
            *reads,
            "",
            growth(sizes[0][0], sizes[-1][0]),
            "",
            "`runner plan create` of all of it, from the command line to the files, without latency:",
            "",
            "| objects | requests | seconds | CPU | memory | scripts |",
            "|---:|---:|---:|---:|---:|---:|",
            *plans,
            "",
            growth(sizes[0][-1], sizes[-1][-1], sizes[-1][0].values["objects"] / sizes[0][0].values["objects"]),
            "",
        ]
    )


def growth(least: Sample, most: Sample, grown: float = 0) -> str:
    ratios = {what: most.values[what] / least.values[what] for what in ("seconds", "cpu", "memory")}
    objects = grown or most.values["objects"] / least.values["objects"]
    requests = most.requests / least.requests
    said = ", ".join(f"{what} × {ratio:.1f}" for what, ratio in ratios.items())
    return f"Objects × {objects:.1f}: requests × {requests:.1f}, {said}."


def main() -> None:
    os.environ.setdefault("SNOWFLAKE_DISABLE_PLATFORM_DETECTION", "true")
    text = report([list(sampled(size)) for size in SIZES])
    path = HERE / "results" / f"{datetime.now(UTC):%Y-%m-%d}-planning.md"
    path.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    if sys.argv[1:2]:
        print(json.dumps(WORK[sys.argv[1]](Path(sys.argv[2]))))
    else:
        main()
