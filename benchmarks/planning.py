"""An account of 1,000 and of 5,000 objects, read for a plan: statements, requests, seconds, memory: `make bench`.

Writes benchmarks/results/<date>-planning.md. The growth is what counts: no more than the number of objects grows.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from runner.catalog.estate import Estate
from runner.catalog.reading import ReadRequest, read
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


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@dataclass(frozen=True)
class Sample:
    latency: int
    requests: int
    values: dict[str, float]

    @property
    def line(self) -> str:
        found = self.values
        return (
            f"| {found['objects']:,.0f} | {self.latency} ms | {found['edges']:,.0f} | {found['statements']:.0f} "
            f"| {self.requests} | {found['seconds']:.1f} s | {found['cpu']:.1f} s | {found['memory']:.0f} MB |"
        )


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
            before = door.status()["requests"]
            command = [sys.executable, __file__, "--read", str(root)]
            said = subprocess.run(command, check=True, capture_output=True, text=True, env=_environment())
            yield Sample(latency, door.status()["requests"] - before - 1, json.loads(said.stdout))
    finally:
        process.down(running.root)
        shutil.rmtree(root, ignore_errors=True)


def _environment() -> dict[str, str]:
    return {**os.environ, "SNOWFLAKE_DISABLE_PLATFORM_DETECTION": "true"}


def report(samples: list[Sample]) -> str:
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    least, most = samples[0], samples[-len(LATENCIES)]
    grown = most.values["objects"] / least.values["objects"]
    ratios = {what: most.values[what] / least.values[what] for what in ("statements", "seconds", "cpu", "memory")}
    growth = ", ".join(f"{what} × {ratio:.1f}" for what, ratio in ratios.items())
    return "\n".join(
        [
            f"# Reading an account for a plan, {datetime.now(UTC):%Y-%m-%d}: {machine}",
            "",
            f"Everything of a database in {SCHEMAS} schemas on the sandbox of the same machine: objects of nine kinds, "
            f"their texts, columns, keys, grants and edges by every evidence. {PARALLEL} sessions; requests are those "
            "at the sandbox's door, logins included; seconds are of the wall, with the sandbox's own work; CPU and "
            "memory are the reader's alone, memory beyond that of a process that has logged in.",
            "",
            "| objects | latency | edges | statements | requests | seconds | CPU | memory |",
            "|---:|---:|---:|---:|---:|---:|---:|---:|",
            *(sample.line for sample in samples),
            "",
            f"Objects × {grown:.1f}: {growth}.",
            "",
        ]
    )


def main() -> None:
    os.environ.setdefault("SNOWFLAKE_DISABLE_PLATFORM_DETECTION", "true")
    samples = [sample for size in SIZES for sample in sampled(size)]
    text = report(samples)
    path = HERE / "results" / f"{datetime.now(UTC):%Y-%m-%d}-planning.md"
    path.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        print(json.dumps(reading(Path(sys.argv[2]))))
    else:
        main()
