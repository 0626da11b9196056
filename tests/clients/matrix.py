"""Other people's clients, unmodified, against a sandbox: `make clients`.

Each folder beside this file is a client: `client.toml` says what it needs (packages from PyPI for an environment of its
own, or Java with jars from Maven Central), what is done with it, and which steps are known to fail and why. A step is a
command that must end with 0 and print what is expected; a step with `tour = true` prints a line `ok   …` or `FAIL …`
for each thing it tried. What came back is printed and written into docs/sandbox.md. Red that is not explained, and an
explanation that is no longer needed, end with exit code 1.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runner.sandbox import client as door, process

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
KEPT = ROOT / ".venv-clients"
PAGE = ROOT / "docs" / "sandbox.md"
BEGIN, END = "<!-- clients: begin (made by make clients) -->", "<!-- clients: end -->"
ACCOUNT = "IMSDLC"


@dataclass
class Outcome:
    """What came back from one client in one version."""

    title: str
    version: str
    passed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    skipped: str = ""

    @property
    def unexplained(self) -> list[str]:
        """Steps that failed without a reason given, and reasons of steps that did not fail."""
        if self.skipped:
            return []
        return sorted(set(self.failed) ^ set(self.known))

    def row(self) -> str:
        """The client's line of the page."""
        if self.skipped:
            return f"| {self.title} | {self.version} | skipped | {self.skipped} |  |"
        red = "; ".join(f"{name}: {self.known.get(name, words)}" for name, words in self.failed.items())
        return (
            f"| {self.title} | {self.version} | {len(self.passed)} of {len(self.passed) + len(self.failed)} | "
            f"{', '.join(self.passed)} | {red} |"
        )


def main() -> int:
    """Run the clients that are named, all without a name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clients", nargs="*", help="folders beside this file")
    parser.add_argument("--python-only", action="store_true", help="leave out those that need Java")
    options = parser.parse_args()
    folders = [path.parent for path in sorted(HERE.glob("*/client.toml"))]
    if unknown := set(options.clients) - {folder.name for folder in folders}:
        parser.error(f"no client {min(unknown)}; there are {', '.join(folder.name for folder in folders)}")
    wanted = [folder for folder in folders if not options.clients or folder.name in options.clients]
    outcomes = list(_all(wanted, options.python_only))
    if not options.clients and not options.python_only:
        _write(outcomes)
    return 1 if any(outcome.unexplained for outcome in outcomes) else 0


def _all(folders: list[Path], python_only: bool) -> Iterator[Outcome]:
    with tempfile.TemporaryDirectory() as place:
        running = process.up(Path(place) / "box", tls=True)
        try:
            for folder in folders:
                for outcome in _one(running, folder, python_only, Path(place)):
                    _tell(outcome)
                    yield outcome
        finally:
            process.down(running.root)


def _one(running: process.Running, folder: Path, python_only: bool, place: Path) -> Iterator[Outcome]:
    said: dict[str, Any] = tomllib.loads((folder / "client.toml").read_text(encoding="utf-8"))
    for number, version in enumerate(said["version"]):
        outcome = Outcome(said["title"], version["label"], known={**said.get("known", {}), **version.get("known", {})})
        if said.get("needs") == "java":
            outcome.skipped = "not asked for" if python_only else _no_java()
        if not outcome.skipped:
            work = place / f"{folder.name}-{number}"
            shutil.copytree(folder, work)
            shutil.copy(HERE / "tour.py", work)
            variables, places = _prepared(running, said, version, work, f"{folder.name}{number}".upper())
            outcome.version = _version(places, version)
            for step in said["step"]:
                _do(step, outcome, variables, places, work)
        yield outcome


def _no_java() -> str:
    absent = [name for name in ("java", "mvn") if shutil.which(name) is None]
    return f"there is no {absent[0]} on this machine" if absent else ""


def _prepared(
    running: process.Running, said: dict[str, Any], version: dict[str, Any], work: Path, database: str
) -> tuple[dict[str, str], dict[str, str]]:
    """The environment of the steps, and what stands for `{…}` in their commands."""
    connection = door.connect(running, ACCOUNT)
    door.run(connection, f"CREATE DATABASE {database}")
    connection.close()
    pat = running.pats[ACCOUNT]
    variables = {
        "SANDBOX_PORT": str(running.port),
        "SANDBOX_PAT": pat.read_text(),
        "SANDBOX_DATABASE": database,
        "SNOWFLAKE_DISABLE_PLATFORM_DETECTION": "true",
        "SANDBOX_WORK": str(work),
    }
    places = {"port": str(running.port), "pat": pat.read_text(), "pat_file": str(pat), "database": database}
    places |= {"tls_port": str(running.tls_port), "authority": str(running.authority)}
    variables |= {name: _filled(value, places) for name, value in said.get("environment", {}).items()}
    if said.get("needs") == "java":
        places["jars"] = str(_jars(work, version)) + "/*"
    else:
        places["bin"] = str(_environment(said["title"], version["packages"]))
    return variables, places


def _filled(text: str, places: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda m: places.get(m.group(1), m.group()), text)


def _environment(name: str, packages: list[str]) -> Path:
    """The client's own environment, made once for these packages; the folder of its commands."""
    key = hashlib.sha256(json.dumps([sys.version_info[:2], packages]).encode()).hexdigest()[:12]
    place = KEPT / f"{re.sub('[^a-z0-9]+', '-', name.lower())}-{key}"
    if not (place / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        subprocess.run([str(place / "bin/pip"), "install", "--quiet", *packages], check=True)
        (place / "ready").touch()
    return place / "bin"


def _jars(work: Path, version: dict[str, Any]) -> Path:
    """The jars of the client's pom.xml, fetched once."""
    pom = (work / version.get("pom", "pom.xml")).read_text()
    place = KEPT / f"jars-{hashlib.sha256(pom.encode()).hexdigest()[:12]}"
    if not (place / "ready").exists():
        place.mkdir(parents=True, exist_ok=True)
        (place / "pom.xml").write_text(pom)
        command = ["mvn", "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={place}"]
        subprocess.run(command, cwd=place, check=True)
        (place / "ready").touch()
    return place


def _version(places: dict[str, str], version: dict[str, Any]) -> str:
    if "bin" not in places:
        return str(version["label"])
    names = [re.split(r"[\[<>=~!]", package)[0] for package in version["packages"][:1]]
    command = [f"{places['bin']}/python", "-c", "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))"]
    found = subprocess.run([*command, *names], capture_output=True, text=True, check=True).stdout.strip()
    return f"{names[0]} {found}"


def _do(step: dict[str, Any], outcome: Outcome, variables: dict[str, str], places: dict[str, str], work: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    command = [_filled(word, places) for word in step["run"]]
    try:
        ran = subprocess.run(
            command, cwd=work, env=clean | variables, capture_output=True, text=True, check=False, timeout=300
        )
        said, code = ran.stdout + ran.stderr, ran.returncode
    except subprocess.TimeoutExpired:
        said, code = "no end within 300 seconds", -1
    said = said.replace(places["pat"], "***")
    if step.get("tour"):
        _toured(said, outcome)
    elif code == step.get("code", 0) and re.search(step.get("expect", ""), said, re.DOTALL):
        outcome.passed.append(step["does"])
    else:
        outcome.failed[step["does"]] = f"exit code {code}: {said.strip()[-1500:]}"


def _toured(said: str, outcome: Outcome) -> None:
    """What a tour printed; one that printed no last line did not come to its end."""
    for line in said.splitlines():
        if line.startswith("ok   "):
            outcome.passed.append(line[5:].strip())
        elif line.startswith("FAIL "):
            name, _, words = line[5:].partition(": ")
            outcome.failed[name.strip()] = words[:300]
    if "end of tour" not in said:
        outcome.failed["the tour to its end"] = said.strip()[-1500:]


def _tell(outcome: Outcome) -> None:
    print(f"{outcome.title}, {outcome.version}: ", end="")
    print(outcome.skipped or f"{len(outcome.passed)} ok, {len(outcome.failed)} failed", flush=True)
    for name, words in outcome.failed.items():
        print(f"  FAIL {name}: {outcome.known.get(name) or words}", flush=True)
    for name in set(outcome.known) - set(outcome.failed) if not outcome.skipped else ():
        print(f"  {name} does not fail any more: take it out of what is known", flush=True)


def _write(outcomes: list[Outcome]) -> None:
    head = "| client | version | steps | what was done | what fails, and why |\n| --- | --- | --- | --- | --- |"
    table = "\n".join([head, *(outcome.row() for outcome in outcomes)])
    text = PAGE.read_text(encoding="utf-8")
    start, rest = text.split(BEGIN)
    PAGE.write_text(f"{start}{BEGIN}\n\n{table}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
