"""The door: arguments in, text and an exit code out. A verb's module is imported when the verb is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from runner import __version__
from runner.cli import streams
from runner.core.errors import Interrupted, RunnerError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

# Verb → (module, one line of help). The help stands here so that `runner --help` imports none of the modules.
VERBS = {
    "init": ("init", "Write a project that works at once against the sandbox."),
    "new": ("new", "Write the next script, and its undo beside it."),
    "render": ("render", "Print a script as it would be sent to an environment."),
    "validate": ("validate", "Find what is wrong with scripts and history, all at once."),
    "info": ("info", "Show where every script stands."),
    "migrate": ("migrate", "Apply what is pending."),
    "undo": ("undo", "Take versions back with their U scripts."),
    "repair": ("repair", "Say what is true of a script that failed or was cut short."),
    "baseline": ("baseline", "Take an account made by hand as being at a version."),
    "unlock": ("unlock", "End the lease of a runner that is gone."),
    "ping": ("ping", "Look whether everything needed can be reached and used."),
    "config": ("config", "Show settings and where they come from."),
    "reconcile": ("reconcile", "Compare the environment with its source: structure, counts, rows."),
    "report": ("report", "Write what a run did, for people: HTML, JSON."),
    "plan": ("plan", "Write scripts from an account made by hand."),
    "templates": ("templates", "Templates from which a plan's file is filled."),
    "sandbox": ("sandbox", "An emulated Snowflake organisation on this machine."),
}

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


class Door(click.Group):
    """Verbs by name, loaded late; errors of ours become sentences and exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = import_module(f"runner.cli.{VERBS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl([(name, text) for name, (_, text) in VERBS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            from runner.core.graph import nearest

            near = nearest(args[0], VERBS)
            hint = f" Did you mean '{near}'?" if near else ""
            ctx.fail(f"There is no verb '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=Door, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="runner")
@click.option("--project", "-C", default=".", type=_FOLDER, help="The project's folder.")
@click.pass_context
def program(context: click.Context, project: Path) -> None:
    """Migration-as-code for Snowflake: numbered SQL scripts, applied in order, with a history auditors can trust.

    \b
    runner sandbox up                      an organisation of two accounts on this machine
    runner migrate --all --sandbox         apply the scripts to both
    runner info --all --sandbox            see what was done
    """
    context.obj = project


def main(arguments: Sequence[str] | None = None) -> None:
    """The `runner` command. Exit codes: docs/operations.md."""
    if arguments is None:
        streams.install()
    code = _run(arguments)
    if not code and (problem := streams.lost()):
        code = _told(problem)
    if code:
        sys.exit(code)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        program.main(args=list(arguments) if arguments is not None else None, prog_name="runner", standalone_mode=False)
    except click.exceptions.Exit as end:
        return end.exit_code
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _told(Interrupted())
    except click.ClickException as error:
        error.show()
        return max(2, error.exit_code)
    except RunnerError as error:
        return _told(error)
    except OSError as error:
        if error.filename is None:
            raise
        return _told(UsageError(f"{error.filename} cannot be used: {error.strerror}."))
    return 0


def _told(error: RunnerError) -> int:
    plain = False if os.environ.get("NO_COLOR") else None
    click.echo(click.style("error: ", fg="red", bold=True, reset=True) + error.sentence, err=True, color=plain)
    if error.hint:
        what = click.style("  what to do: ", fg="cyan")
        click.echo(what + error.hint.replace("\n", "\n  "), err=True, color=plain)
    return error.exit_code
