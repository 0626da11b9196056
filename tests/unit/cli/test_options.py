"""The words of the command line, before any verb is called."""

import pytest

from runner.cli.options import chosen, seconds, version
from runner.core.errors import UsageError


@pytest.mark.parametrize(("env", "everywhere", "wanted"), [("dev", False, "dev"), (None, True, None)])
def test_one_environment_or_all(env, everywhere, wanted):
    assert chosen(env, everywhere) == wanted


@pytest.mark.parametrize(("env", "everywhere"), [(None, False), ("", False), ("dev", True)])
def test_never_none_and_never_both(env, everywhere):
    with pytest.raises(UsageError):
        chosen(env, everywhere)


@pytest.mark.parametrize(("text", "wanted"), [(None, 0), ("30s", 30), ("10m", 600), ("1h30m", 5400)])
def test_how_long(text, wanted):
    assert seconds(text) == wanted


@pytest.mark.parametrize("text", ["", "10", "soon", "-5m", "0s"])
def test_what_is_no_time(text):
    with pytest.raises(UsageError, match="is not a duration"):
        seconds(text)


@pytest.mark.parametrize(("text", "wanted"), [("1", "1"), ("V001", "001"), ("1.2", "1.2")])
def test_a_version_with_or_without_its_letter(text, wanted):
    assert str(version(text)) == wanted


@pytest.mark.parametrize("text", ["", "x", "V", "R1"])
def test_what_is_no_version(text):
    with pytest.raises(UsageError, match="is not a version"):
        version(text)
