"""IMPORTS of a routine: staged files that its code may import or read (sql-reference/sql/create-function).

A file must be there, and the role must be able to read its stage, when the routine is made. When it runs, only the
file must be there: who may call it need not know the stage.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from runner.sandbox.catalog.files import Stage
from runner.sandbox.catalog.model import Routine
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, compilation, unsupported
from runner.sandbox.staging.folders import listed
from runner.sandbox.staging.locations import Location, locate
from runner.sandbox.tokens import Reader, quote_identifier

MANY = 1 << 30
"""Bytes of all files of one routine."""


def checked(context: Context, written: Sequence[str]) -> list[str]:
    """The files under the full names of their stages; names of files must differ, since they lie in one folder."""
    found = [_place(context, each) for each in written]
    names = [text.rsplit("/", 1)[-1] for text in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise compilation(1003, "42601", f"IMPORTS has two files called '{twice}'.")
    return found


def _place(context: Context, written: str) -> str:
    if not written.startswith("@"):
        raise compilation(1003, "42601", f"'{written}' in IMPORTS is no location of a stage.")
    place = locate(context, written)
    if place.stage is None:
        raise unsupported("IMPORTS from a user's or a table's stage")
    if not any(file.name == place.path for file in place.files()):
        raise _missing(written)
    return _full(context, place, place.stage)


def _full(context: Context, place: Location, stage: Stage) -> str:
    return "@" + ".".join(map(_name, context.catalog.full_name(stage))) + "/" + place.path


def _name(name: str) -> str:
    plain = name.isascii() and name.isidentifier() and name == name.upper()
    return name if plain else quote_identifier(name)


def _missing(written: str) -> SnowflakeError:
    return SnowflakeError(2003, "02000", f"SQL compilation error:\nFile '{written}' does not exist or not authorized.")


def files(context: Context, routine: Routine) -> tuple[Path, ...]:
    """Where the files lie now."""
    found = tuple(_file(context, routine, each) for each in routine.imports)
    if sum(path.stat().st_size for path in found) > MANY:
        raise unsupported(f"IMPORTS of more than {MANY} bytes")
    return found


def _file(context: Context, routine: Routine, text: str) -> Path:
    reader, catalog = Reader(text[1:]), context.catalog
    database, schema, name = (reader.name() * 3)[:3]
    path = text[1:][reader.peek().end :]
    home = catalog.database(routine.account, database)
    place = catalog.schema(home, schema) if home is not None else None
    stage = catalog.object(place, Stage, name) if place is not None else None
    if stage is None:
        raise _missing(text)
    folder = context.engine.folders.of("stage", stage.id)
    found = next((file.path for file in listed(folder, path) if file.name == path), None)
    if found is None:
        raise _missing(text)
    return found


def is_archive(path: Path) -> bool:
    """Whether modules are imported from inside the file."""
    return path.suffix in (".zip", ".egg", ".whl") and zipfile.is_zipfile(path)
