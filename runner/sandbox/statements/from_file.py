"""EXECUTE IMMEDIATE FROM: a staged file's statements, with Jinja where the file or the statement asks for it.

Sources: sql-reference/sql/execute-immediate-from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.query.run import compile_query, fetch
from runner.sandbox.result import TEXT, Column, Result, rows_result
from runner.sandbox.splitting import statements
from runner.sandbox.staging.folders import StagedFile
from runner.sandbox.staging.locations import locate, read_location
from runner.sandbox.tokens import Kind, Reader

_DIRECTIVE = re.compile(r"\s*--!\s*jinja2?\b[^\n]*")
MAX_BYTES = 10 * 1024 * 1024
_DEEPEST = 5


def from_file(context: Context, text: str) -> Result:
    """Every statement of the file, one after the other; the result is the last one's."""
    reader = Reader(text)
    reader.expect("EXECUTE", "IMMEDIATE", "FROM")
    place = _place(context, reader)
    using = _using(context, reader) if reader.accept("USING") else None
    dry = reader.accept("DRY_RUN", "=") and reader.boolean()
    reader.end()
    source = _text(context, place)
    directive = _DIRECTIVE.match(source)
    if using is not None or directive:
        source = _rendered(context, place, source[directive.end() if directive else 0 :], using or {})
    if dry:
        return rows_result([Column("rendered file contents", TEXT)], [(source,)])
    return _run(context, place, source)


def _run(context: Context, place: str, source: str) -> Result:
    result: Result | None = None
    with _inside(context, place):
        for number, statement in enumerate(statements(source), start=1):
            try:
                result = context.run(statement)
            except SnowflakeError as error:
                text = f"Error executing statement {number} of file '{place}': {error.message}"
                raise SnowflakeError(error.errno, error.sqlstate, text) from error
    if result is None:
        raise SnowflakeError(900, "42601", f"SQL compilation error:\nFile '{place}' holds no statement.")
    return result


@contextmanager
def _inside(context: Context, place: str) -> Iterator[None]:
    """Relative paths in the file are from its folder; files that execute one another end somewhere."""
    stack = context.session.executing
    if len(stack) >= _DEEPEST:
        raise SnowflakeError(3601, "0A000", f"EXECUTE IMMEDIATE FROM is nested more than {_DEEPEST} deep.")
    stack.append(place)
    try:
        yield
    finally:
        stack.pop()


def _place(context: Context, reader: Reader) -> str:
    """The file's location: absolute, or beside the file that is being executed."""
    token = reader.peek()
    if token.kind is Kind.STRING and not token.text.startswith("@"):
        return _relative(context, reader.string())
    return read_location(reader)


def _relative(context: Context, path: str) -> str:
    if not context.session.executing:
        raise compilation(3602, "22023", f"'{path[:200]}' is a relative path, which only a staged file may use.")
    stage, _, here = context.session.executing[-1].partition("/")
    if path.startswith("/"):
        return f"{stage}{path}"
    parts = here.split("/")[:-1]
    for part in path.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in (".", ""):
            parts.append(part)
    return "/".join([stage, *parts])


def _text(context: Context, place: str) -> str:
    location = locate(context, place)
    found: StagedFile | None = next((file for file in location.files() if file.name == location.path), None)
    if found is None:
        raise SnowflakeError(3603, "02000", f"File '{place}' does not exist or not authorized.")
    if found.size > MAX_BYTES:
        raise SnowflakeError(3604, "22023", f"File '{place}' has more than {MAX_BYTES} bytes.")
    try:
        return found.path.read_bytes().decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise SnowflakeError(3605, "22000", f"File '{place}' is not UTF-8.") from None


def _using(context: Context, reader: Reader) -> dict[str, object]:
    """`(name => expression, …)`; each is evaluated once."""
    reader.expect("(")
    found: dict[str, object] = {}
    while not reader.accept(")"):
        name = reader.next()
        reader.expect("=>")
        start = reader.peek()
        depth = 0
        while depth or not (reader.at(",") or reader.at(")")):
            if reader.at_end():
                raise reader.unexpected()
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(reader.next().word, 0)
        value = reader.slice(start, reader.peek())
        found[name.text] = _plain(fetch(context, compile_query(context, f"SELECT {value}")).scalar())
        reader.accept(",")
    return found


def _plain(value: object) -> object:
    """A number as templates count with it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _rendered(context: Context, place: str, source: str, variables: dict[str, object]) -> str:
    from runner.sandbox.statements.file_template import rendered  # Loaded when it is first needed.

    def other(name: str) -> str:
        with _inside(context, place):
            return _text(context, name if name.startswith("@") else _relative(context, name))

    return rendered(place, source, variables, other)
