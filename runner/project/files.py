"""Files read as people wrote them: UTF-8 text, YAML with line numbers, and who else may read them."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from runner.core.errors import InvalidFile, UnsafeFile

Keys = tuple[str, ...]
_TEXT, _MERGE = "tag:yaml.org,2002:str", "tag:yaml.org,2002:merge"


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file: its values, and the line of every key."""

    path: str
    values: Mapping[str, object]
    lines: Mapping[Keys, int]

    def line(self, keys: Keys) -> int | None:
        """The line of the key, or of the nearest key around it."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys)


def shown(path: Path, root: Path) -> str:
    """A path as people know it: from the project's root where it lies inside."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def read_text(path: Path, name: str) -> str:
    """The file's text without byte-order mark; what cannot be read is an InvalidFile."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InvalidFile(name, "the file is not UTF-8 text.", line, "Save it as UTF-8.") from None
    except OSError as error:
        raise InvalidFile(name, f"the file cannot be read: {error.strerror}.") from None


def read_yaml(path: Path, name: str, example: str = "account: my-account") -> Document:
    """One mapping. Tabs, twin keys, an empty file and anything but a mapping are errors with their line.

    ``example`` is a line that such a file may begin with.
    """
    import yaml

    text = read_text(path, name)
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            raise InvalidFile(name, "the file is empty.", advice=f"Write `{example}` and the rest, or delete the file.")
        lines = dict(_lines(node, name))
        values = loader.construct_document(node)
    except yaml.YAMLError as error:
        raise _invalid_yaml(error, text, name) from None
    except RecursionError:
        raise InvalidFile(name, "the file is nested too deeply.") from None
    if not isinstance(values, dict):
        raise InvalidFile(name, f"the file must hold keys and values, `{example}`.", node.start_mark.line + 1)
    return Document(name, {str(key): value for key, value in values.items()}, lines)


def _lines(node: object, name: str, keys: Keys = (), above: tuple[int, ...] = ()) -> Iterator[tuple[Keys, int]]:
    import yaml

    if id(node) in above:
        raise InvalidFile(name, f"'{'.'.join(keys)}' holds itself.", advice="Take the alias (*) out.")
    if isinstance(node, yaml.MappingNode):
        yield from _mapping_lines(node, name, keys, (*above, id(node)))
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield (*keys, str(index)), item.start_mark.line + 1
            yield from _lines(item, name, (*keys, str(index)), (*above, id(node)))


def _mapping_lines(node: object, name: str, keys: Keys, above: tuple[int, ...]) -> Iterator[tuple[Keys, int]]:
    seen: dict[str, int] = {}
    for key, value in getattr(node, "value", ()):
        word, line = str(key.value), key.start_mark.line + 1
        if word in seen:
            reason = f"'{'.'.join((*keys, word))}' stands twice, first in line {seen[word]}."
            raise InvalidFile(name, reason, line, "Keep one of the two.")
        seen[word] = line
        if key.tag != _MERGE:
            key.tag = _TEXT  # a key is text as it stands: `on` is not True, `007` is not 7
        yield (*keys, word), line
        yield from _lines(value, name, (*keys, word), above)


def _invalid_yaml(error: Exception, text: str, name: str) -> InvalidFile:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else None
    source = text.splitlines()[line - 1] if line and line <= len(text.splitlines()) else ""
    if "\t" in source:
        return InvalidFile(name, "a tab stands where YAML wants blanks.", line, "Put blanks in its place.")
    problem = getattr(error, "problem", None) or "the file is not YAML"
    return InvalidFile(name, f"not valid YAML: {problem}.", line, "Look at the line and the one before it.")


def refuse_if_shared(path: Path, name: str, *, secret: bool) -> None:
    """A file with a secret belongs to its owner alone; any other may at least not be changed by everybody.

    By the group it may: a clone under umask 002 is so.
    """
    if os.name == "nt" or not path.exists():
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & (0o077 if secret else 0o002):
        raise UnsafeFile(name, f"{mode:04o}")


def read_secret_file(path: Path, name: str) -> str:
    """The text of a token file, without the blanks and line ends around it."""
    if not path.is_file():
        raise InvalidFile(name, "the token file does not exist.", advice="Write the token into it, and chmod 600 it.")
    refuse_if_shared(path, name, secret=True)
    text = read_text(path, name).strip()
    if not text:
        raise InvalidFile(name, "the token file is empty.", advice="Write the token into it.")
    return text


_DURATION = re.compile(r"(\d+) ?([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(text: str) -> int:
    """`90s`, `10m`, `2h`, `1d` in seconds; ValueError for anything else."""
    match = _DURATION.fullmatch(text.strip())
    if not match:
        raise ValueError(f"'{text}' is not a duration: 90s, 10m, 2h are")
    return int(match[1]) * _SECONDS[match[2]]
