"""Scripts made for one environment: Jinja2, sandboxed, strict; then cut into statements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from runner.core.errors import InvalidDirective, RenderFailed, ScriptError, SplitFailed
from runner.core.names import Identifier, ObjectName
from runner.core.script import Rendered, Script, Statement
from runner.core.secret import Secret
from runner.sql.composing import compose
from runner.sql.directives import annotate
from runner.sql.errors import DirectiveError, SqlTextError, UnclosedError

_MARKS = ("{{", "{%", "{#")
_OF_A_TEMPLATE = (
    TemplateError, SecurityError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError, RecursionError,
    OSError,
)  # fmt: skip
_NAME = re.compile(r"'([^']+)' is undefined")
_ATTRIBUTE = re.compile(r"has no attribute '([^']+)'")
_LARGEST = 100 * 1024 * 1024


class _SqlFiles(FileSystemLoader):
    """Nothing but `.sql` can be included: not `.env`, not a key."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        if not template.endswith(".sql"):
            raise TemplateNotFound(template, f"'{template}' is no .sql file of the project")
        return super().get_source(environment, template)


class Renderer:
    """Renders scripts of one project. The same script, context and templates give the same text.

    `templates/<name>.sql` is offered to every script as `<name>`: its macros are called as `{{ share.create(…) }}`.
    """

    def __init__(self, root: Path, templates: Path, secret: Callable[[str], Secret]) -> None:
        self._folder = templates
        self._secret = secret
        self.revealed: set[str] = set()
        """Names of the secrets that scripts asked for: they are taken out of all that is written."""
        self._jinja = ImmutableSandboxedEnvironment(
            loader=_SqlFiles([self._folder, root]),
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,
            extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        )
        self._jinja.filters |= {"ident": _ident, "literal": _literal, "stored": Stored}
        self._compiled: dict[str, Template] = {}

    def render(self, script: Script, environment: str, context: Mapping[str, Any]) -> Rendered:
        """The script's statements for this environment.

        Raises RenderFailed (file, line, name), SplitFailed or InvalidDirective; touches nothing.
        """
        text = self.text(script, environment, context)
        return Rendered(script, environment, text, _statements(script, text))

    def text(self, script: Script, environment: str, context: Mapping[str, Any]) -> str:
        if not script.head.jinja or not any(mark in script.source for mark in _MARKS):
            return script.source
        try:
            return self._limited(script, environment, self._template(script).generate(self._names(script, context)))
        except TemplateSyntaxError as error:
            raise RenderFailed(_where(script, error.filename), error.lineno, str(error.message), environment) from None
        except _OF_A_TEMPLATE as error:
            raise self._failed(script, environment, error) from None

    def _limited(self, script: Script, environment: str, pieces: Iterable[str]) -> str:
        found, size = [], 0
        for piece in pieces:
            found.append(piece)
            size += len(piece)
            if size > _LARGEST:
                raise RenderFailed(script.path, None, "it renders to more than 100 MB", environment)
        return "".join(found)

    def _template(self, script: Script) -> Template:
        if script.path not in self._compiled:
            code = self._jinja.compile(script.source, name=script.path, filename=script.path)
            self._compiled[script.path] = Template.from_code(self._jinja, code, self._jinja.make_globals(None))
        return self._compiled[script.path]

    def _names(self, script: Script, context: Mapping[str, Any]) -> dict[str, Any]:
        names: dict[str, Any] = {**context, "secret": self.secret}
        used = [p for p in sorted(self._folder.glob("*.sql")) if f"{p.stem}." in script.source]
        return names | {p.stem: self._jinja.get_template(p.name).make_module(dict(names)) for p in used}

    def secret(self, name: str) -> str:
        """What `secret('NAME')` gives to a script."""
        self.revealed.add(name)
        return self._secret(name).reveal()

    def _failed(self, script: Script, environment: str, error: Exception) -> ScriptError:
        filename, line = _innermost(error, script.path, self._folder)
        advice = _advice(str(error), environment) if isinstance(error, UndefinedError) else ""
        return RenderFailed(_where(script, filename), line, str(error), environment, advice)


def _advice(message: str, environment: str) -> str:
    if found := _NAME.search(message):
        name = f"{{{{ vars.{found[1]} }}}}"
        return f"Write {name} and define it under `vars` in config/{environment}.yaml, or mend the name."
    found = _ATTRIBUTE.search(message)
    return f"Define '{found[1]}' in config/{environment}.yaml, or mend the name." if found else ""


def _innermost(error: BaseException, path: str, folder: Path) -> tuple[str | None, int | None]:
    """File and line of the deepest template frame: Jinja gives its frames the template's own numbers."""
    found: tuple[str | None, int | None] = (path, None)
    trace = error.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if filename == path or Path(filename).parent == folder:
            found = (filename, trace.tb_lineno)
        trace = trace.tb_next
    return found


def _where(script: Script, filename: str | None) -> str:
    if filename is None or filename == script.path:
        return script.path
    path = Path(filename)
    return f"{path.parent.name}/{path.name}" if path.is_absolute() else filename


def _statements(script: Script, text: str) -> tuple[Statement, ...]:
    try:
        return annotate(text, script.head)
    except UnclosedError as error:
        raise SplitFailed(script.path, error.line, f"{error.what} opens here and is never closed") from None
    except DirectiveError as error:
        raise InvalidDirective(script.path, error.line, error.what, error.hint) from None
    except SqlTextError as error:
        raise SplitFailed(script.path, error.line, error.what) from None


class Stored(str):
    """A name as Snowflake stores it, not as a person writes it: `dim_stocks` is another than `DIM_STOCKS`."""

    __slots__ = ()


def _ident(value: object) -> str:
    """A name, dotted or not, quoted where it must be."""
    if isinstance(value, list | tuple):
        return ".".join(_identifier(part).sql for part in value)
    return _identifier(value).sql if isinstance(value, Stored) else ObjectName.parse(str(value)).sql


def _identifier(part: object) -> Identifier:
    return Identifier(part) if isinstance(part, Stored) else Identifier.parse(str(part))


def _literal(value: object) -> str:
    """A string literal, escaped as Snowflake needs it."""
    return compose("{value:s}", value=str(value))
