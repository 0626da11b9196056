"""The README's picture, made from a real run on a sandbox of its own: docs/images/migrate.svg."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
RUNNER = Path(sys.executable).with_name("runner")
PICTURE = ROOT / "docs" / "images" / "migrate.svg"
SHOWN = (("migrate", "--all"), ("info", "--all"), ("reconcile", "--env", "imsdlc"))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"RUNNER_SANDBOX": "1", "RUNNER_SANDBOX_ROOT": folder}
        console = Console(record=True, width=132, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115
        try:
            for words in (("sandbox", "up"), ("sandbox", "seed")):
                run(words, environment)
            for words in SHOWN:
                console.print(Text(f"$ runner {' '.join(words)}", style="bold"))
                for line in kept(words[0], run(words, environment)):
                    console.print(Text(line, style=style(line)), soft_wrap=True, crop=True)
                console.print()
        finally:
            run(("sandbox", "down"), environment)
    svg = console.export_svg(title="runner: two accounts, four scripts")
    PICTURE.write_text(re.sub(r"@font-face \{.*?\}|<!--.*?-->", "", svg, flags=re.DOTALL))


def run(words: tuple[str, ...], environment: dict[str, str]) -> str:
    done = subprocess.run([RUNNER, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def kept(verb: str, output: str) -> list[str]:
    lines = [line.rstrip()[:130] for line in output.splitlines()]
    if verb == "info":
        return lines[:5]
    if verb == "reconcile":
        return [*lines[:11], "…", lines[-1]]
    return lines[:20]


def style(line: str) -> str:
    if re.search(r"\b(equal|applied|Success)\b", line):
        return "green"
    return "cyan" if re.search(r"\b(run|against)\b", line) else ""


if __name__ == "__main__":
    main()
