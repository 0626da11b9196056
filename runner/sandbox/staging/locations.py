"""`@stage/path`, `@~/path`, `@db.schema.%table/path`: what they mean for a session, and what it may do there.

Sources: user-guide/data-load-local-file-system-create-stage, sql-reference/sql/put (paths),
user-guide/security-access-control-privileges (READ, WRITE, USAGE of stages).
"""

from __future__ import annotations

import re
from pathlib import Path

from runner.sandbox import access, resolve
from runner.sandbox.catalog.files import Stage
from runner.sandbox.catalog.model import Table, User
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, compilation, does_not_exist, unsupported
from runner.sandbox.staging.folders import StagedFile, listed
from runner.sandbox.tokens import Kind, Reader, whole_name

_WRITTEN = re.compile(r'@(?:"(?:[^"]|"")*"|[^\s();,\'"])++')
_NAMED = re.compile(r'(?P<name>(?:"(?:[^"]|"")*"|[^/"])*)(?:/(?P<path>.*))?', re.DOTALL)
_TABLE = re.compile(r'(?P<place>(?:"(?:[^"]|"")*"|[^"%])*)%(?P<name>.+)', re.DOTALL)
"""`%table`, or `db.schema.%table`."""


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a stage. `label` is what stands before the path where files are listed; `path` may be empty."""

    label: str
    path: str
    folder: Path
    record: Stage | Table | User

    @property
    def stage(self) -> Stage | None:
        """The named stage, with the file format it may have."""
        return self.record if isinstance(self.record, Stage) else None

    def files(self) -> list[StagedFile]:
        """All files whose path begins with the location's."""
        return list(listed(self.folder, self.path))

    def shown(self, name: str) -> str:
        """A file's name as LIST gives it."""
        return f"{self.label}/{name}" if self.label else name

    def within(self, name: str) -> Path:
        """The path of a file to be written; nothing outside of the stage."""
        place = self.folder / name
        if not place.resolve().is_relative_to(self.folder.resolve()):
            raise _outside(name)
        return place


def read_location(reader: Reader) -> str:
    """The text of a location, as it stands in a statement: bare, or in single quotes."""
    token = reader.peek()
    if token.kind is Kind.STRING and token.text.startswith("@"):
        return reader.string()
    if token.kind is Kind.STRING and "://" in token.text:
        raise unsupported(f"external location {token.text.partition(':')[0]}://")
    found = _WRITTEN.match(reader.source, token.start) if token.word == "@" else None
    if found is None:
        raise reader.unexpected()
    while reader.peek().start < found.end() and not reader.at_end():
        reader.next()
    return found.group()


def locate(context: Context, written: str, privilege: str = "READ") -> Location:
    """The place that the text means, for who may use it so; 002003 where there is no such stage."""
    found = _NAMED.fullmatch(written.strip()[1:])
    if found is None or not found["name"]:
        raise compilation(1003, "42000", f"syntax error: '{written}' is no location of a stage.")
    path = _cleaned(found["path"] or "")
    match found["name"][0]:
        case "~":
            return _of_user(context, path)
        case _ if (table := _TABLE.fullmatch(found["name"])) is not None:
            return _of_table(context, f"{table['place']}{table['name']}", path)
        case _:
            return _named(context, found["name"], path, privilege)


def _cleaned(path: str) -> str:
    """A path without empty parts; one that climbs is refused."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts or "\0" in path:
        raise _outside(path)
    return "/".join(parts) + ("/" if parts and path.endswith("/") else "")


def _outside(path: str) -> SnowflakeError:
    return SnowflakeError(2003, "22023", f"Invalid stage path: '{path[:200]}' leads out of the stage.")


def _of_user(context: Context, path: str) -> Location:
    user = context.catalog.find(User, context.session.account, context.session.user)
    if user is None:
        raise does_not_exist("Stage", "~")
    return Location("", path, context.engine.folders.of("user", user.id), user)


def _of_table(context: Context, name: str, path: str) -> Location:
    """A table's own stage belongs to who owns the table."""
    table = context.writable(Table, whole_name(name), "PUT")
    access.require(context.catalog, context.session, "OWNERSHIP", table)
    return Location("", path, context.engine.folders.of("table", table.id), table)


def named_stage(context: Context, parts: tuple[str, ...]) -> Stage:
    """The stage of that name, or 002003."""
    stage = context.find(Stage, parts)
    if stage is None:
        raise resolve.missing(context.catalog, context.session, "Stage", parts)
    return stage


def _named(context: Context, name: str, path: str, privilege: str) -> Location:
    reader = Reader(name)
    parts = reader.name()
    reader.end()
    stage = named_stage(context, parts)
    context.require("USAGE" if stage.url else privilege, stage)
    if stage.url:
        raise unsupported(f"files of the external stage {stage.name}: only the sandbox's own stages hold files")
    return Location(stage.name.lower(), path, context.engine.folders.of("stage", stage.id), stage)
