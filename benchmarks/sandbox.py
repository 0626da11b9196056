"""The sandbox beside fakesnow's own server, alternated in one run: `make bench`.

Writes benchmarks/results/<date>-sandbox.md. Quote ratios, not seconds: a machine is noisy, and what was not measured in
one run is not compared. The copy over a share is measured beside the engine itself, which is the limit of both.
"""

from __future__ import annotations

import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import snowflake.connector

from runner.sandbox import client, process

HERE = Path(__file__).resolve().parent
PEER = HERE.parent / ".venv-fakesnow"
PINNED = ("snowflake-connector-python<5",)
"""What the peer needs and does not ask for: without the bound its environment gets a connector that it cannot load."""
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
OUT_ROWS = int(os.environ.get("BENCH_OUT_ROWS", "1000000"))
SHARED_ROWS = int(os.environ.get("BENCH_SHARED_ROWS", "10000000"))
TRIVIAL = 1000
CLIENTS = 16
Samples = dict[tuple[str, str], list[float]]


class Peer:
    """A server of fakesnow's, from its own environment, on a port of its own."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [PEER / "bin" / "fakesnow", "-s", "-p", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while True:
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.005)

    def connect(self) -> Any:
        return snowflake.connector.connect(
            user="u", password="p", account="a", host="127.0.0.1", port=self.port, protocol="http",
            database="B", schema="S", network_timeout=120,
        )  # fmt: skip

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


class Ours:
    """A sandbox of its own."""

    def __init__(self, root: Path) -> None:
        self.running = process.up(root)

    def connect(self) -> Any:
        return client.connect(self.running, "IMCUST", database="B", schema="S")

    def stop(self) -> None:
        process.down(self.running.root)


Server = Peer | Ours


def seconds(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def prepared(server: Server) -> Any:
    """A connection in schema B.S with the tables that are measured."""
    connection = server.connect()
    cursor = connection.cursor()
    cursor.execute("CREATE DATABASE IF NOT EXISTS B")
    cursor.execute("CREATE SCHEMA IF NOT EXISTS B.S")
    cursor.execute("USE SCHEMA B.S")
    cursor.execute("CREATE OR REPLACE TABLE T (ID INT, NAME VARCHAR, AMOUNT NUMBER(12,2))")
    cursor.execute(
        "CREATE OR REPLACE TABLE WIDE AS SELECT SEQ4() AS ID, 'row ' || SEQ4() AS NAME, "
        "(SEQ4() / 100)::NUMBER(12,2) AS AMOUNT, "
        f"SEQ4()::FLOAT AS RATIO, '2024-01-01'::DATE AS DAY FROM TABLE(GENERATOR(ROWCOUNT => {OUT_ROWS}))"
    )
    return connection


def measured(connection: Any, server: Server) -> dict[str, float]:
    cursor = connection.cursor()

    def every(texts: list[str]) -> None:
        for text in texts:
            cursor.execute(text).fetchall()

    def merge(at: int) -> str:
        return (
            f"MERGE INTO T USING (SELECT {at} AS ID, 'm' AS NAME) X ON T.ID = X.ID "
            "WHEN MATCHED THEN UPDATE SET NAME = X.NAME "
            "WHEN NOT MATCHED THEN INSERT (ID, NAME) VALUES (X.ID, X.NAME)"
        )

    return {
        f"{TRIVIAL} trivial SELECTs": seconds(lambda: every([f"SELECT {n} AS N" for n in range(TRIVIAL)])),
        "200 INSERTs of one row": seconds(
            lambda: every([f"INSERT INTO T VALUES ({n}, 'n{n}', 1.5)" for n in range(200)])
        ),
        "50 MERGEs": seconds(lambda: every([merge(n * 7) for n in range(50)])),
        "100 SELECTs with an aggregate": seconds(
            lambda: every([f"SELECT NAME, SUM(AMOUNT) FROM T WHERE ID > {n} GROUP BY NAME" for n in range(100)])
        ),
        f"{OUT_ROWS:,} rows of 5 columns to Arrow": seconds(
            lambda: cursor.execute("SELECT * FROM WIDE").fetch_arrow_all()
        ),
        f"{CLIENTS} clients at once, 50 SELECTs each": seconds(lambda: crowd(server)),
    }


def crowd(server: Server) -> None:
    """Every client must get every answer."""
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            connection = server.connect()
            for at in range(50):
                assert connection.cursor().execute(f"SELECT {number * 100 + at}").fetchone() == (number * 100 + at,)
            connection.close()
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def beside_the_peer(place: Path) -> Samples:
    found: Samples = {}
    for turn in range(ROUNDS):
        for name, make in (("sandbox", lambda t=turn: Ours(place / f"box{t}")), ("fakesnow", Peer)):
            made: list[Any] = []
            found.setdefault((name, "start-up"), []).append(seconds(lambda m=make, k=made: k.append(m())))
            server = made[0]
            try:
                for what, took in measured(prepared(server), server).items():
                    found.setdefault((name, what), []).append(took)
            finally:
                server.stop()
    return found


def over_a_share(place: Path) -> Samples:
    """CTAS from a share, beside the same copy made by the engine alone."""
    server = Ours(place / "shared")
    found: Samples = {}
    columns = "ID, ID % 1000 AS A, (ID / 7)::NUMBER(12,2) AS B, 'row ' || (ID % 5000) AS C, ID::FLOAT AS D"
    try:
        give, take = (client.connect(server.running, name).cursor() for name in ("IMCUST", "IMSDLC"))
        for text in (
            "CREATE DATABASE P",
            f"CREATE TABLE P.PUBLIC.T AS SELECT {columns} FROM "
            f"(SELECT SEQ8() AS ID FROM TABLE(GENERATOR(ROWCOUNT => {SHARED_ROWS})))",
            "CREATE SHARE SH",
            "GRANT USAGE ON DATABASE P TO SHARE SH",
            "GRANT USAGE ON SCHEMA P.PUBLIC TO SHARE SH",
            "GRANT SELECT ON TABLE P.PUBLIC.T TO SHARE SH",
            "ALTER SHARE SH ADD ACCOUNTS = LOCALORG.IMSDLC",
        ):
            give.execute(text)
        take.execute("CREATE DATABASE C")
        take.execute("CREATE DATABASE S FROM SHARE LOCALORG.IMCUST.SH")
        engine = duckdb.connect(str(place / "engine.duckdb"))
        engine.execute(
            # The types in which the sandbox keeps NUMBER(38,0) and its like, so that both copy the same bytes.
            "CREATE TABLE t AS SELECT CAST(i AS DECIMAL(38,0)) AS id, CAST(i % 1000 AS DECIMAL(38,0)) AS a, "
            "CAST(i / 7 AS DECIMAL(12,2)) AS b, "
            "'row ' || (i % 5000) AS c, "
            f"CAST(i AS DOUBLE) AS d FROM range({SHARED_ROWS}) AS r(i)"
        )
        for turn in range(ROUNDS):
            copied = seconds(lambda t=turn: take.execute(f"CREATE TABLE C.PUBLIC.T{t} AS SELECT * FROM S.PUBLIC.T"))
            found.setdefault(("sandbox", "copy"), []).append(copied)
            alone = seconds(lambda t=turn: engine.execute(f"CREATE TABLE t{t} AS SELECT * FROM t"))
            found.setdefault(("engine", "copy"), []).append(alone)
    finally:
        server.stop()
    return found


LOOPS = {
    "computes": "x := x + i;",
    "SELECT … INTO": "SELECT :i * 2 INTO :x;",
    "SELECT … INTO from a table": "SELECT AMOUNT INTO :x FROM T WHERE ID = :i;",
    "LET … := (SELECT …)": "LET y := (SELECT AMOUNT FROM T WHERE ID = :i);",
    "IF (EXISTS (SELECT …))": "IF (EXISTS (SELECT 1 FROM T WHERE ID = :i)) THEN x := x + 1; END IF;",
    "INSERT": "INSERT INTO U (ID, NAME) VALUES (:i, 'n');",
    "EXECUTE IMMEDIATE": "EXECUTE IMMEDIATE 'SELECT ' || i;",
}
"""What a turn of a loop does; a script with 1,000 turns is to take less than a second."""
CHANGES = {
    "INSERT": LOOPS["INSERT"],
    "EXECUTE IMMEDIATE of an INSERT": "EXECUTE IMMEDIATE 'INSERT INTO U (ID, NAME) VALUES (' || i || ', ''n'')';",
    "UPDATE … WHERE": "UPDATE T SET AMOUNT = :x WHERE ID = :i;",
    "MERGE of one row": "MERGE INTO T USING (SELECT :i AS ID, 5 AS AMOUNT) S ON T.ID = S.ID "
    "WHEN MATCHED THEN UPDATE SET AMOUNT = S.AMOUNT "
    "WHEN NOT MATCHED THEN INSERT (ID, AMOUNT) VALUES (S.ID, S.AMOUNT);",
}
"""The same within one transaction, which is rolled back."""
WALK = "FOR r IN c DO LET a := r.ID; LET b := r.NAME; INSERT INTO U (ID, NAME) VALUES (:a, :b); END FOR;"
"""A cursor's rows, each inserted into another table; in a transaction as well."""


def scripts() -> dict[str, str]:
    turns = f"FOR i IN 1 TO {TRIVIAL} DO {{}} END FOR;"
    bodies = {what: turns.format(turn) for what, turn in LOOPS.items()}
    bodies |= {
        f"{what} in a transaction": f"BEGIN TRANSACTION; {turns.format(turn)} ROLLBACK;"
        for what, turn in CHANGES.items()
    }
    bodies["a row of a cursor, and INSERT in a transaction"] = f"BEGIN TRANSACTION; {WALK} ROLLBACK;"
    declared = "DECLARE x NUMBER(38,2) DEFAULT 0; c CURSOR FOR SELECT ID, NAME FROM T;"
    return {what: f"EXECUTE IMMEDIATE $$ {declared} BEGIN {body} RETURN x; END $$" for what, body in bodies.items()}


def computed(pid: int) -> float:
    """Seconds that the processors have worked for a process, all its threads; wall time where that is not told."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return time.perf_counter()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def loops(place: Path) -> Samples:
    """Scripts of Snowflake Scripting with loops of 1,000 turns. The peer has no column: it runs no scripts."""
    server = Ours(place / "loops")
    found: Samples = {}
    try:
        cursor = server.connect().cursor()
        cursor.execute("CREATE DATABASE B")
        cursor.execute("USE SCHEMA B.PUBLIC")
        cursor.execute(
            "CREATE TABLE T AS SELECT SEQ4() AS ID, 'n' || SEQ4() AS NAME, SEQ4()::NUMBER(12,2) AS AMOUNT "
            "FROM TABLE(GENERATOR(ROWCOUNT => 1000))"
        )
        cursor.execute("CREATE TABLE U (ID INT, NAME VARCHAR)")
        for _ in range(ROUNDS):
            for what, script in scripts().items():
                before = computed(server.running.pid)
                took = seconds(lambda s=script: cursor.execute(s).fetchall())
                found.setdefault(("time", what), []).append(took)
                found.setdefault(("processors", what), []).append(computed(server.running.pid) - before)
    finally:
        server.stop()
    return found


def report(found: Samples, shared: Samples, looped: Samples) -> str:
    lines = [
        f"# The sandbox, {datetime.now(UTC):%Y-%m-%d}: Python {platform.python_version()}, {os.cpu_count()} cores",
        "",
        f"Medians of {ROUNDS} rounds, alternated, with least and most; the connector is the client of both.",
        "",
        "| | sandbox | fakesnow's server | ratio |",
        "|---|---|---|---|",
    ]
    for what in dict.fromkeys(what for _, what in found):
        mine, theirs = found["sandbox", what], found["fakesnow", what]
        ratio = statistics.median(mine) / statistics.median(theirs)
        lines.append(f"| {what} | {_shown(mine)} | {_shown(theirs)} | {ratio:.2f} |")
    mine, theirs = shared["sandbox", "copy"], shared["engine", "copy"]
    ratio = statistics.median(mine) / statistics.median(theirs)
    copied = f"CTAS of {SHARED_ROWS:,} rows of 5 columns over a share: {_shown(mine)}"
    lines += ["", f"{copied}; the engine alone: {_shown(theirs)}; ratio {ratio:.2f}."]
    lines += ["", "fakesnow runs no scripts of Snowflake Scripting, so that the loops have no other beside them."]
    lines += [
        "",
        f"| a script with a loop of {TRIVIAL:,} turns, each of which | time | processors' time |",
        "|---|---|---|",
    ]
    whats = dict.fromkeys(what for _, what in looped)
    lines += [f"| {w} | {_shown(looped['time', w])} | {_shown(looped['processors', w])} |" for w in whats]
    return "\n".join(lines) + "\n"


def _shown(samples: list[float]) -> str:
    return f"{statistics.median(samples):.2f} s ({min(samples):.2f}–{max(samples):.2f})"


def main() -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # A start-up that compiles is nobody's second one.
    if not (PEER / "bin" / "fakesnow").exists():
        subprocess.run([sys.executable, "-m", "venv", PEER], check=True)
        subprocess.run([PEER / "bin" / "pip", "install", "-q", "fakesnow[server]==0.12.1", *PINNED], check=True)
    place = Path(tempfile.mkdtemp())
    try:
        text = report(beside_the_peer(place), over_a_share(place), loops(place))
    finally:
        shutil.rmtree(place, ignore_errors=True)
    path = HERE / "results" / f"{datetime.now(UTC):%Y-%m-%d}-sandbox.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
