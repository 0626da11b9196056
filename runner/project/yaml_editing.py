"""Keys put into a YAML file that people wrote: their comments, layout and order stay as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from runner.core.errors import InvalidFile

Path = tuple[str, ...]


def scalar(value: object) -> str:
    """A value on one line: JSON, which is YAML; a word that needs no quotes gets none."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {scalar(each)}" for key, each in value.items()) + "}"
    if not isinstance(value, str | int | list | tuple):
        raise TypeError(f"{value} is no text, number, truth value or list")
    written = json.dumps(value, ensure_ascii=False)
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


_PLAIN = re.compile("[A-Za-z][A-Za-z0-9_-]*")
_HIDDEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
"""What YAML takes for something else than a text."""


def with_entries(text: str, path: Path, entries: Mapping[str, object], name: str, *, first: bool = False) -> str:
    """``text`` with the entries in the mapping at ``path``: those that stand there get the new value, others are added
    at its end (or its beginning). Raises an InvalidFile when the file is written in a way that this cannot edit.
    """
    import yaml

    try:
        for key, value in entries.items():
            text = _with_entry(text, path, key, value, first=first)
        found: Any = yaml.safe_load(text)
        for part in path:
            found = found[part]
        right = all(found[key] == _as_read(value) for key, value in entries.items())
    except (yaml.YAMLError, LookupError, TypeError, ValueError):
        right = False
    if not right:
        lines = ", ".join(f"{scalar(key)}: {scalar(value)}" for key, value in entries.items())
        where = ".".join(path)
        raise InvalidFile(name, f"'{where}' is written in a way that cannot be edited.", advice=f"Write there: {lines}")
    return text


def _as_read(value: object) -> object:
    return list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value


def _with_entry(text: str, path: Path, key: str, value: object, *, first: bool) -> str:
    import yaml

    node: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(node, yaml.MappingNode):
        raise ValueError("the file holds no mapping")
    for depth, part in enumerate(path):
        child = _child(node, part)
        if child is None:
            return _added(text, node, _nested(path[depth:], key, value), first=False)
        if not isinstance(child, yaml.MappingNode) or not child.value:
            return _replaced(text, child, node.start_mark.column + 2, _nested(path[depth + 1 :], key, value))
        node = child
    for name, old in node.value:
        if name.value == key:
            return _changed(text, name, old, value)
    return _added(text, node, {key: value}, first=first)


def _changed(text: str, name: Any, old: Any, value: object) -> str:
    """Another value in the place of one that stands there, on one line or on several."""
    if isinstance(old.value, str) or old.flow_style:
        return text[: old.start_mark.index] + scalar(value) + text[old.end_mark.index :]
    return f"{text[: name.end_mark.index]}: {scalar(value)}\n{text[_content_end(text, old) :]}"


def _child(node: Any, key: str) -> Any:
    return next((value for name, value in node.value if name.value == key), None)


def _nested(path: Path, key: str, value: object) -> dict[str, object]:
    made: dict[str, object] = {key: value}
    for part in reversed(path):
        made = {part: _Block(made)}
    return made


class _Block(dict[str, object]):
    """A mapping that is written over several lines."""


def _lines(entries: Mapping[str, object], indent: int) -> str:
    written = ""
    for key, value in entries.items():
        blanks = " " * indent
        if isinstance(value, _Block):
            written += f"{blanks}{scalar(key)}:\n{_lines(value, indent + 2)}"
        else:
            written += f"{blanks}{scalar(key)}: {scalar(value)}\n"
    return written


def _added(text: str, node: Any, entries: Mapping[str, object], *, first: bool) -> str:
    """More entries in a mapping that has some."""
    indent = node.start_mark.column
    if node.flow_style:
        end = node.end_mark.index - 1
        more = ", ".join(f"{scalar(key)}: {scalar(value)}" for key, value in entries.items())
        return f"{text[:end].rstrip()}, {more}{text[end:]}"
    at = node.start_mark.index - indent if first else _content_end(text, node)
    head = text[:at] if at == 0 or text[at - 1] == "\n" else text[:at] + "\n"
    return head + _lines(entries, indent) + text[at:]


def _replaced(text: str, node: Any, indent: int, entries: Mapping[str, object]) -> str:
    """Entries in place of an empty value: nothing, null or {}."""
    if node.value not in ([], "", "null", "~"):
        raise ValueError("something else stands there")
    head = text[: node.start_mark.index].rstrip(" ")
    rest = text[node.end_mark.index :]
    comment, _, below = rest.partition("\n")
    return f"{head}{'  ' + comment.strip() if comment.strip() else ''}\n{_lines(entries, indent)}{below}"


def _content_end(text: str, node: Any) -> int:
    """Behind the line in which the last value of a block ends: comments below it belong to what follows."""
    while getattr(node, "value", None) and isinstance(node.value, list) and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    end = node.end_mark.index
    if end and text[end - 1] == "\n":
        end -= 1
        while end and text[end - 1] in "\n ":
            end -= 1
    line_end = text.find("\n", end)
    return len(text) if line_end < 0 else line_end + 1
