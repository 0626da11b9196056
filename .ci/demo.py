"""The whole migration on the sandbox, as `make demo` shows it: every step is a command a person could type."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / ".demo"
SANDBOX = DEMO / "sandbox"
REPORT = DEMO / "report.html"
ROWS = os.environ.get("DEMO_ROWS", "20000")
RUNNER = Path(sys.executable).with_name("runner")
ENVIRONMENT = os.environ | {"RUNNER_SANDBOX": "1", "RUNNER_SANDBOX_ROOT": str(SANDBOX)}
LOAD = "CALL DEV_DB.MART_INVESTMENTS_BOLT.SP_LOAD_DIM_STOCKS()"
CALCULATE = "CALL DEV_DB.MART_INVESTMENTS_BOLT.SP_CALCULATE_DAILY_POSITIONS('2024-03-01'::DATE, 2)"


def say(title: str) -> None:
    bold, plain = ("\033[1m", "\033[0m") if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else ("", "")
    print(f"\n{bold}── {title}{plain}", flush=True)


def run(*words: str, wanted: int = 0, quiet: bool = False, cwd: Path = ROOT) -> str:
    """Run `runner WORDS`; the demo ends here when its exit code is not the wanted one."""
    if not quiet:
        print(f"$ runner {' '.join(words)}", flush=True)
    said: list[str] = []
    with subprocess.Popen(
        [RUNNER, *words], env=ENVIRONMENT, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            said.append(line)
            if not quiet:
                print(line, end="", flush=True)
    if process.returncode != wanted:
        print("".join(said) if quiet else "", end="", flush=True)
        sys.exit(f"`runner {' '.join(words)}` ended with {process.returncode}, not with {wanted}")
    return "".join(said)


def expect(text: str, answer: str) -> None:
    if text not in answer:
        sys.exit(f"expected '{text}' in:\n{answer}")


def sql(account: str, query: str) -> str:
    return run("sandbox", "sql", "--account", account, "--format", "csv", "-q", query, quiet=True)


def procedures() -> None:
    """Both procedures, in source and target: the same words, the same rows."""
    for call in (LOAD, CALCULATE):
        there, here = sql("imcust", call.replace("DEV_DB", "PROD_DB")), sql("imsdlc", call)
        print(f"  {call}\n    imcust: {there.split(chr(10))[1]}\n    imsdlc: {here.split(chr(10))[1]}")
        expect(there, here)
    question = "SELECT COUNT(*), HASH_AGG(*) FROM {}.MART_INVESTMENTS_BOLT.FACT_DAILY_POSITIONS"
    expect(sql("imcust", question.format("PROD_DB")), sql("imsdlc", question.format("DEV_DB")))
    print("  FACT_DAILY_POSITIONS is the same in both accounts after the calls")


def edited_script() -> None:
    """An applied script is edited in a copy of the project; `validate` refuses it."""
    copy = DEMO / "edited"
    for folder in ("versions", "templates", "config"):
        shutil.copytree(ROOT / folder, copy / folder)
    script = copy / "versions" / "V002__ddl.sql"
    script.write_text(script.read_text().replace("VARCHAR(20)", "VARCHAR(30)"))
    expect("was edited after it was applied", run("validate", "--env", "imsdlc", wanted=8, cwd=copy))


def steps() -> Sequence[tuple[str, Sequence[Sequence[str]]]]:
    return (
        ("An organisation of two accounts, and what stands in production", (
            ("sandbox", "up"), ("sandbox", "seed", "--rows", ROWS), ("ping", "--all"),
        )),
        ("What would be done: the plan and every statement, nothing touched", (("migrate", "--all", "--dry-run"),)),
        ("The migration: share in imcust, objects and rows in imsdlc, grants last", (("migrate", "--all"),)),
        ("The history, as auditors read it", (("info", "--all"),)),
        ("Source and target, row by row", (("reconcile", "--env", "imsdlc"),)),
        ("The report to send upstairs", (("report", "--run", "last", "--all", "--html", str(REPORT)),)),
    )  # fmt: skip


def main() -> None:
    began = time.monotonic()
    if SANDBOX.exists():
        run("sandbox", "down", quiet=True)
    shutil.rmtree(DEMO, ignore_errors=True)
    DEMO.mkdir()
    try:
        for title, commands in steps():
            say(title)
            for words in commands:
                dry = "--dry-run" in words
                answer = run(*words, quiet=dry)
                if dry:
                    print(f"$ runner {' '.join(words)}\n{_headlines(answer)}")
        say("Both procedures, called in source and target")
        procedures()
        say("Again: nothing to do")
        expect("nothing to do", run("migrate", "--all"))
        say("An applied script is edited: refused")
        edited_script()
    finally:
        run("sandbox", "down", quiet=True)
    print(f"\nDone in {time.monotonic() - began:.0f} s. The report: {REPORT.relative_to(ROOT)}")


def _headlines(answer: str) -> str:
    lines = [line for line in answer.splitlines() if line.startswith("-- ") and ".sql (" in line]
    return "\n".join(lines) + f"\n  … and {len(answer.splitlines())} lines of SQL"


if __name__ == "__main__":
    main()
