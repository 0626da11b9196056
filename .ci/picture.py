"""The README's pictures, made from real runs on a sandbox of their own: docs/images/migrate.svg and plan.svg."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
RUNNER = Path(sys.executable).with_name("runner")
PICTURE = ROOT / "docs" / "images" / "migrate.svg"
GRAPH = ROOT / "docs" / "images" / "plan.svg"
OBJECTS = (
    "src_investments_bolt.stock_metadata_raw", "mart_investments_bolt.dim_stocks",
    "mart_investments_bolt.dim_portfolios", "mart_investments_bolt.fact_*", "mart_investments_bolt.vw_current_holdings",
    "mart_investments_bolt.sp_load_dim_stocks", "mart_investments_bolt.sp_calculate_daily_positions",
)  # fmt: skip
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
            plan(Path(folder) / "bolt", environment)
        finally:
            run(("sandbox", "down"), environment)
    svg = console.export_svg(title="runner: two accounts, four scripts")
    PICTURE.write_text(re.sub(r"@font-face \{.*?\}|<!--.*?-->", "", svg, flags=re.DOTALL))


def plan(project: Path, environment: dict[str, str]) -> None:
    """The plan of the page docs/plans.md, drawn."""
    shutil.copytree(ROOT / "config", project / "config")
    words = [f"--set={name}={value}" for name, value in (("source", "imcust"), ("target", "imsdlc"))]
    words += [f"--set=objects={each}" for each in OBJECTS]
    run(("templates", "apply", "cross-account-share", "--force", *words), environment, project)
    subprocess.run([RUNNER, "plan", "create", "bolt"], cwd=project, env=environment, capture_output=True, check=False)
    run(("plan", "answer", "bolt", "text-*=rewrite"), environment, project)
    run(("plan", "create", "bolt"), environment, project)
    run(("plan", "graph", "bolt", "--svg", str(GRAPH)), environment, project)


def run(words: tuple[str, ...], environment: dict[str, str], folder: Path = ROOT) -> str:
    done = subprocess.run([RUNNER, *words], cwd=folder, env=environment, capture_output=True, text=True, check=True)
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
