"""Writes the generated parts of docs/ again from the code; `--check` only says whether they are as they should be."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from runner.cli import VERBS, program
from runner.project import keys

DOCS = Path(__file__).resolve().parent.parent / "docs"


def commands() -> str:
    """Every verb with its help, as the command prints it."""
    parts = [
        "# Commands",
        "Written from the command itself by `make docs`; a test holds it to that. [Exit codes](operations.md).",
        *(_verb(("runner",), name, _command(name)) for name in VERBS),
    ]
    return "\n\n".join(parts) + "\n"


def _command(name: str) -> click.Command:
    command = program.get_command(click.Context(program), name)  # type: ignore[attr-defined]
    assert command is not None, name
    return command


def _verb(parents: tuple[str, ...], name: str, command: click.Command) -> str:
    path = (*parents, name)
    context = click.Context(command, info_name=" ".join(path), max_content_width=110, terminal_width=110)
    text = f"{'#' * len(path)} {' '.join(path)}\n\n```text\n{command.get_help(context)}\n```"
    if isinstance(command, click.Group):
        inner = (_verb(path, child, command.commands[child]) for child in command.commands)
        text = "\n\n".join([text, *inner])
    return text


def settings() -> str:
    """The table of keys."""
    return "\n".join(["| key | default | meaning |", "|---|---|---|", *_rows()]) + "\n"


def _rows() -> Iterator[str]:
    for key in keys.ALL:
        choices = f" One of {', '.join(f'`{c}`' for c in key.choices)}." if key.choices else ""
        default = f"`{key.default}`" if key.default else ("required" if key.required else "")
        meaning = "in the environment or .env, never in YAML. " if key.kind is keys.Kind.SECRET else ""
        yield f"| `{key.name}` | {default} | {key.meaning} {meaning}{choices}".rstrip() + " |"


def between(path: Path, name: str, content: str) -> str:
    """The file's text with what stands between two markers replaced."""
    begin, end = f"<!-- {name}: generated, do not edit -->\n", f"<!-- {name}: end -->"
    text = path.read_text(encoding="utf-8")
    head, _, rest = text.partition(begin)
    _, _, tail = rest.partition(end)
    return f"{head}{begin}{content}{end}{tail}"


FILES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "configuration.md": lambda: between(DOCS / "configuration.md", "keys", settings()),
}


def main() -> None:
    check = "--check" in sys.argv
    stale = []
    for name, make in FILES.items():
        path, text = DOCS / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, encoding="utf-8")
    if not check:
        words = [sys.executable, "-m", "runner.sandbox.reference", "docs/sandbox.md"]
        subprocess.run(words, check=True, cwd=DOCS.parent)
    if check and stale:
        sys.exit(f"docs/ is not what the code says: {', '.join(stale)}; run `make docs`")


if __name__ == "__main__":
    main()
