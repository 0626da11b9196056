"""A fuzzer over the door and its statements: `make fuzz`, for FUZZ_SECONDS (60), from FUZZ_SEED (drawn and printed).

It starts a sandbox of its own and sends requests and statements that nobody would. A finding is: the process is gone or
does not answer, HTTP 5xx, an answer that is no JSON, an incident (000603), a statement that outlives its timeout, a
string whose words are executed, an answer that holds what lies outside of the session's reach, a file made where none
belongs, memory without bound. Each is printed with the shortest statement that shows it, and ends the run with exit
code 1; what was mended goes to found.sql, which a test reads.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import re
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runner.sandbox import client, process
from tests.fuzz.door import Requests, Sent
from tests.fuzz.grammar import Grammar

INCIDENT = "000603"
INVENTED = "002140"
"""An unknown function: the one that strings name has to stay in them."""
_PATIENCE = 30.0
_TIMEOUT = 5
_MEMORY = 3 * 1024**3
_ROUND = 150
_TOKEN = re.compile(r"'(?:[^']|'')*'|\w+|\s+|.", re.DOTALL)
SETUP = (
    "CREATE OR REPLACE DATABASE DB",
    "CREATE OR REPLACE TABLE T (N NUMBER(38, 0), S VARCHAR, V VARIANT, D TIMESTAMP_NTZ)",
    "CREATE OR REPLACE TABLE T2 (N NUMBER(38, 0), S VARCHAR)",
    """INSERT INTO T SELECT COLUMN1, COLUMN2, PARSE_JSON(COLUMN3), COLUMN4::TIMESTAMP_NTZ FROM VALUES
       (1, 'a', '{"a": {"b": [1]}}', '2024-01-01'), (2, NULL, '[1, "x"]', NULL), (NULL, 'c', NULL, '2024-02-29')""",
    f"ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = {_TIMEOUT}",
)


@dataclass
class Findings:
    """What was wrong, each kind once, with the first thing that showed it."""

    shown: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, example: str) -> bool:
        """Whether it is new."""
        self.counts[kind] += 1
        if kind in self.shown:
            return False
        self.shown[kind] = example
        return True


class Target:
    """A sandbox with something in it that must not come out, and a session whose statements may be anything."""

    def __init__(self, running: process.Running) -> None:
        self.running = running
        self.canary = f"canary{secrets.token_hex(8)}"
        self.secret = running.root.parent / "secret.csv"
        self.secret.write_text(f"{self.canary}\n")
        other = client.connect(running, "IMSDLC")
        for text in ("CREATE DATABASE OTHERS", f"CREATE TABLE CANARY AS SELECT '{self.canary}' AS C"):
            client.run(other, text)
        self.others_query = client.run(other, "SELECT * FROM CANARY").query_id
        admin = json.loads((running.root / "admin.json").read_text())
        self.forbidden = (self.canary, *admin["tokens"].values(), *(p.read_text() for p in running.pats.values()))
        self._line: http.client.HTTPConnection | None = None
        self.renew()

    def renew(self) -> None:
        """A new session in a new database, whatever became of the old ones."""
        self.other, self.session = client.connect(self.running, "IMSDLC"), client.connect(self.running, "IMCUST")
        for text in SETUP:
            client.run(self.session, text)
        self.query = client.run(self.session, "SELECT 1").query_id

    @property
    def token(self) -> str:
        return f'Snowflake Token="{self.session.rest.token}"'

    @property
    def others_token(self) -> str:
        return f'Snowflake Token="{self.other.rest.token}"'

    @property
    def places(self) -> dict[str, str]:
        root = self.running.root
        return {"secret": str(self.secret), "root": str(root), "id": self.query, "others": self.others_query}

    def send(self, sent: Sent) -> tuple[int, bytes]:
        """The status and the body of the answer."""
        line = self._line or http.client.HTTPConnection("127.0.0.1", self.running.port, timeout=_PATIENCE)
        self._line = None
        try:
            line.putrequest(sent.method, sent.path.encode("latin-1", "replace").decode("latin-1"), skip_host=False)
            for name, value in {**sent.headers, "Content-Length": str(len(sent.body))}.items():
                line.putheader(name, value)
            line.endheaders(sent.body)
            answer = line.getresponse()
            content = answer.read()
        except BaseException:
            line.close()
            raise
        self._line = line
        return answer.status, content

    def execute(self, text: str) -> tuple[int, bytes]:
        body = json.dumps({"sqlText": text}).encode()
        return self.send(Sent("POST", "/queries/v1/query-request", body, {"Authorization": self.token}))

    @property
    def memory(self) -> int:
        """The most that the process ever held, in bytes; 0 when it is gone."""
        try:
            told = Path(f"/proc/{self.running.pid}/status").read_text()
        except OSError:
            return 0
        found = re.search(r"VmHWM:\s+(\d+) kB", told)
        return int(found[1]) * 1024 if found else 0


def judged(target: Target, send: Callable[[], tuple[int, bytes]]) -> tuple[str | None, dict[str, Any]]:
    """What is wrong with an answer, None when nothing is; and the answer."""
    try:
        status, content = send()
    except TimeoutError:
        return "no answer in time", {}
    except (http.client.InvalidURL, ValueError):
        return None, {}
    except (http.client.HTTPException, OSError) as error:
        return (None if process.find(target.running.root) else f"the process is gone: {error}"), {}
    if status >= 500:
        return f"HTTP {status}", {}
    text = content.decode("utf-8", "replace")
    if any(word in text for word in target.forbidden):
        return "it shows what it must not", {}
    try:
        answer = json.loads(text) if text and status == 200 else {}
    except ValueError:
        return "the answer is no JSON", {}
    if isinstance(answer, dict) and answer.get("code") == INVENTED and "FUZZ_PROBE" in str(answer.get("message")):
        return "the words of a string were executed", answer
    if isinstance(answer, dict) and answer.get("code") == INCIDENT:
        return f"incident: {_kind(str(answer.get('message')))}", answer
    return None, answer if isinstance(answer, dict) else {}


def _kind(message: str) -> str:
    """A message without what differs from time to time."""
    words = message.split("300002:", 1)[-1]
    return re.sub(r"s?\d+", "#", re.sub(r"'[^']*'|\"[^\"]*\"", "…", words))[:110]


def shortest(target: Target, text: str, kind: str) -> str:
    """The statement without the tokens that the finding does not need."""
    tokens, tries, at = _TOKEN.findall(text), 0, 0
    while at < len(tokens) and tries < 150 and kind.startswith("incident"):
        fewer = tokens[:at] + tokens[at + 1 :]
        tries += 1
        if judged(target, lambda fewer=fewer: target.execute("".join(fewer)))[0] == kind:
            tokens = fewer
        else:
            at += 1
    return "".join(tokens)


def fuzz(target: Target, seed: int, seconds: float) -> tuple[Findings, Counter[str]]:
    """Statements and requests in turn until the time is over; a process that is gone ends it at once."""
    findings, sent, ends = Findings(), Counter[str](), time.monotonic() + seconds
    source = random.Random(seed)
    for turn in itertools.count():
        if time.monotonic() > ends or not process.find(target.running.root):
            break
        if turn:
            target.renew()
        grammar, requests = Grammar(source, target.places), Requests(source, target.places)
        for _ in range(_ROUND):
            if not _one(target, grammar, requests, source, findings, sent) or time.monotonic() > ends:
                break
    return findings, sent


def _one(
    target: Target, grammar: Grammar, requests: Requests, source: random.Random, findings: Findings, sent: Counter[str]
) -> bool:
    """Send one; False when its session is over."""
    if source.random() < 0.2:
        request = requests.request(target.token, target.others_token)
        kind, answer = judged(target, lambda: target.send(request))
        sent["requests"] += 1
        if kind:
            findings.add(kind, f"{request.method} {request.path} {request.headers} {request.body[:300]!r}")
        return not request.path.startswith("/session?delete")
    text = grammar.statement()
    kind, answer = judged(target, lambda: target.execute(text))
    if kind and "fuzz_probe" in [token.lower() for token in _TOKEN.findall(text)]:
        kind = None  # Bending has taken it out of its string.
    sent["statements"] += 1
    sent["refused" if not answer.get("success") else "answered"] += 1
    if kind and findings.add(kind, text):
        findings.shown[kind] = shortest(target, text, kind)
    return not str(answer.get("code")).startswith("390")


def left_behind(target: Target) -> Iterator[str]:
    """Files that statements made outside of stages, and another account's rows that are not as they were."""
    for place in (target.running.root, target.running.root.parent):
        yield from (f"a file was made: {path}" for path in place.glob("fuzzed*"))
    if target.secret.read_text().strip() != target.canary:
        yield "a file outside was changed"
    if client.run(client.connect(target.running, "IMSDLC"), "SELECT * FROM OTHERS.PUBLIC.CANARY").rows != [
        (target.canary,)
    ]:
        yield "another account's row was changed"
    if target.memory > _MEMORY:
        yield f"the process held {target.memory >> 20} MB"


@contextmanager
def started() -> Iterator[Target]:
    """A sandbox for this run alone; nothing of it stays."""
    with tempfile.TemporaryDirectory() as place:
        running = process.up(Path(place) / "box")
        try:
            yield Target(running)
        finally:
            process.down(running.root)


def main() -> int:
    """Run it as the environment says; 1 when something was found."""
    seconds = float(os.environ.get("FUZZ_SECONDS", "60"))
    seed = int(os.environ.get("FUZZ_SEED") or secrets.randbelow(10**9))
    _say(f"fuzzing for {seconds:g} seconds; FUZZ_SEED={seed} draws the same again")
    with started() as target:
        findings, sent = fuzz(target, seed, seconds)
        if process.find(target.running.root) is None:
            findings.add("the process is gone", "see above")
        else:
            for words in left_behind(target):
                findings.add(words, "")
        _say(f"{dict(sent)}; at most {target.memory >> 20} MB")
    return _told(findings)


def _told(findings: Findings) -> int:
    for kind, example in findings.shown.items():
        _say(f"\nFOUND {findings.counts[kind]} times: {kind}\n  {example!r}")
    _say(f"\n{len(findings.shown)} findings")
    return 1 if findings.shown else 0


def _say(*words: Iterable[str] | str) -> None:
    print(*words, flush=True)


if __name__ == "__main__":
    sys.exit(main())
