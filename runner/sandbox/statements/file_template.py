"""Jinja in staged files: rendered in a sandbox of its own, other files included from stages."""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import BaseLoader, Environment, TemplateError, TemplateNotFound
from jinja2.sandbox import SandboxedEnvironment

from runner.sandbox.errors import SnowflakeError

Source = Callable[[str], str]
"""The text of another file, by the name that the template gives it."""


class _Staged(BaseLoader):
    """Templates that a file includes or imports: others on stages."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, None]:
        del environment
        try:
            return self._source(template), None, None
        except SnowflakeError as error:
            raise TemplateNotFound(template, error.message) from error


def rendered(place: str, text: str, variables: dict[str, object], source: Source) -> str:
    """The text of the file at `place`, filled in; what is wrong with it is told with its line."""
    environment = SandboxedEnvironment(loader=_Staged(source), keep_trailing_newline=True)
    try:
        return environment.from_string(text).render(**variables)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        where = f" at line {line}" if line else ""
        raise SnowflakeError(3606, "42601", f"Error rendering '{place}'{where}: {error.message}") from error
    except (ArithmeticError, TypeError, ValueError, LookupError, RecursionError) as error:
        raise SnowflakeError(3606, "42601", f"Error rendering '{place}': {error}") from error
