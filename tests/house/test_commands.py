"""Every verb explains itself: what it does, and an example to copy."""

import click
import pytest
from click.testing import CliRunner

from runner.cli import VERBS, program


def commands(command=program, path=("runner",)):
    """Every verb, and every verb of a group, with the words that call it."""
    if not isinstance(command, click.Group):
        yield " ".join(path), command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        yield from commands(command.get_command(context, name), (*path, name))


ALL = dict(commands())


@pytest.mark.parametrize("words", ALL)
def test_help_says_what_it_does_and_shows_an_example(words):
    ran = CliRunner().invoke(program, [*words.split()[1:], "--help"])
    assert ran.exit_code == 0
    assert words in ran.output.partition("Usage:")[2].partition("\n")[2].partition("Options:")[0], "no example"


@pytest.mark.parametrize("words", ALL)
def test_every_option_says_what_it_is_for(words):
    silent = [p.name for p in ALL[words].params if isinstance(p, click.Option) and not p.help and p.name not in PLAIN]
    assert silent == []


PLAIN = {"output", "description", "form"}


def test_the_verbs_of_the_list_are_the_verbs_that_stand():
    assert {words.split()[1] for words in ALL} == set(VERBS)


@pytest.mark.parametrize("name", VERBS)
def test_the_line_of_help_in_the_list_is_not_empty(name):
    assert VERBS[name][1].endswith(".")
