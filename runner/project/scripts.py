"""The folder of scripts, read and parsed. What looks like a script and is none is an error, never skipped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from runner.core.errors import (
    EmptyScript,
    InvalidDirective,
    InvalidFile,
    InvalidScriptName,
    ScriptError,
    TwinScripts,
    UnreadableScript,
)
from runner.core.script import Head, Kind, Script
from runner.core.version import Version
from runner.sql.directives import read_head
from runner.sql.errors import DirectiveError

LARGEST = 20 * 1024 * 1024
_NAME = re.compile(r"(?P<kind>[VRUB])(?P<version>[^_].*?|)__(?P<description>.+)\.sql", re.DOTALL)
_NOTHING = re.compile(r"(?:\s|;|--[^\n]*|//[^\n]*|/\*.*?\*/|\{#.*?#\})*+", re.DOTALL)
_LOOKS_LIKE = re.compile(r"\.sql(\.[a-z0-9]+)?$|^[VRUB][\d_]", re.IGNORECASE)


def read_scripts(root: Path, folder: Path) -> tuple[Script, ...]:
    """Every script under the folder, in the order of its path.

    Raises a ScriptError for the first that cannot be taken, and TwinScripts where two say they are the same.
    """
    scripts, findings = survey(root, folder)
    if findings:
        raise findings[0]
    return scripts


def survey(root: Path, folder: Path) -> tuple[tuple[Script, ...], tuple[ScriptError, ...]]:
    """The scripts that can be read, and everything that is wrong with the others."""
    if not folder.is_dir():
        advice = "Make it, or say where the project lies with --project."
        raise InvalidFile(folder.name, "the folder of scripts does not exist.", advice=advice)
    scripts: list[Script] = []
    wrong: list[ScriptError] = []
    for path in _files(folder):
        try:
            if not path.is_file():
                raise UnreadableScript(_shown(path.relative_to(root)), _no_file(path))
            scripts.append(read_script(root, path))
        except EmptyScript as error:
            # `new` writes an undo beside each script; until it is written, the version has none.
            wrong += [] if path.name.startswith(Kind.UNDO) else [error]
        except ScriptError as error:
            wrong.append(error)
    return tuple(scripts), (*wrong, *_twins(scripts))


def versions(folder: Path) -> tuple[Version, ...]:
    """Every version that a file's name takes, also of a script in which nothing stands yet."""
    found = (_NAME.fullmatch(path.name) for path in _files(folder))
    texts = (match["version"] for match in found if match)
    return tuple(Version(text) for text in texts if Version.fits(text))


def _files(folder: Path) -> Iterable[Path]:
    """What is a script, or looks as if it were meant to be: also a link that leads nowhere."""
    return sorted(path for path in folder.rglob("*") if not path.name.startswith(".") and _LOOKS_LIKE.search(path.name))


def _no_file(path: Path) -> str:
    return "the link leads nowhere" if path.is_symlink() and not path.exists() else "is no file"


def _shown(path: Path) -> str:
    """A path for people: what could not be printed is escaped."""
    text = path.as_posix()
    return text if text.isprintable() else ascii(text)[1:-1]


def read_script(root: Path, path: Path) -> Script:
    """One file as a Script. Raises a ScriptError that names file, line and reason."""
    relative = path.relative_to(root).as_posix()
    if not relative.isprintable():
        raise InvalidScriptName(_shown(path.relative_to(root)), "the name holds what cannot be printed")
    kind, version, description = parse_name(relative)
    source = _text(path, relative)
    if _NOTHING.fullmatch(source):
        raise EmptyScript(relative)
    return Script(kind, version, description, relative, source, _head(relative, source))


def _head(relative: str, source: str) -> Head:
    try:
        return read_head(source)
    except DirectiveError as error:
        raise InvalidDirective(relative, error.line, error.what, error.hint) from None


def parse_name(path: str) -> tuple[Kind, Version | None, str]:
    """Kind, version and description of a file's name; InvalidScriptName says what is wrong with it."""
    name = path.rpartition("/")[2]
    match = _NAME.fullmatch(name)
    if not match:
        raise InvalidScriptName(path, _what_is_wrong(name))
    kind, version, description = Kind(match["kind"]), match["version"], match["description"].replace("_", " ")
    if kind is Kind.REPEATABLE:
        if version:
            raise InvalidScriptName(path, f"a repeatable script has no version, but this one has '{version}'")
        return kind, None, description
    return kind, _version(path, version), description


def _version(path: str, text: str) -> Version:
    if not text:
        raise InvalidScriptName(path, "the version is missing")
    try:
        return Version(text)
    except ValueError as error:
        raise InvalidScriptName(path, str(error)) from None


def _what_is_wrong(name: str) -> str:
    if not name.endswith(".sql"):
        return "the name looks like a script's, but does not end in '.sql'"
    if name[:1] not in set(Kind):
        return f"the name starts with '{name[:1]}'; scripts start with V, R, U or B (capitals)"
    if "__" not in name:
        return "two underscores must stand between the version and the description"
    return "the description is missing"


def _text(path: Path, relative: str) -> str:
    if path.stat().st_size > LARGEST:
        raise UnreadableScript(relative, f"the script is {path.stat().st_size // 1024**2} MB large; 20 MB is the limit")
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableScript(relative, f"byte {error.start} is not UTF-8", line) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise UnreadableScript(relative, "the script holds a NUL character: is it UTF-16?", line)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _twins(scripts: Iterable[Script]) -> Iterable[ScriptError]:
    """Scripts that would be the same one in some environment's history."""
    seen: dict[str, list[Script]] = {}
    for script in scripts:
        before = seen.setdefault(script.key.casefold(), [])
        if first := next((other for other in before if _meet(other.head, script.head)), None):
            yield TwinScripts(f"both {script.label}", first.path, script.path)
        before.append(script)


def _meet(one: Head, other: Head) -> bool:
    everywhere = not one.environments or not other.environments
    return everywhere or not set(one.environments).isdisjoint(other.environments)
