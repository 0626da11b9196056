"""A file of the project, and the words that every script shares."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from runner.authoring.draft import Draft
from runner.core.names import Identifier

_PLACE = re.compile(r"<([a-z_]+)>")
_JINJA = re.compile(r"\{(?=[{%#])")


@dataclass(frozen=True, slots=True)
class File:
    """``path`` is from the project's root, with slashes; the text ends with a line end."""

    path: str
    text: str


def filled(text: str, **words: str) -> str:
    """A script's text with its ``<words>`` put in, all of them and no others: what is put in is not looked at again."""
    wanted = set(_PLACE.findall(text))
    assert wanted == words.keys(), f"{wanted ^ words.keys()}"
    return _PLACE.sub(lambda found: words[found[1]], text)


def twins(number: str, name: str, do: str, undo: str) -> tuple[File, File]:
    """A versioned script and its undo."""
    return File(f"versions/V{number}__{name}.sql", do), File(f"versions/U{number}__{name}.sql", undo)


def head(owner: str, *about: str, **words: str) -> str:
    """The directives and what a reader should know, as comment lines."""
    given = "".join(f" {word}={value}" if value else f" {word}" for word, value in words.items())
    lines = [f"-- runner: owner={owner}{given}", "--", *(f"-- {comment(line)}" for line in about)]
    return "\n".join(lines) + "\n"


def comment(text: str) -> str:
    """Text that neither ends a comment line nor is a template."""
    return _JINJA.sub("{ ", " ".join(text.split()))


def schemas(draft: Draft, used: str) -> str:
    """A variable for each schema that the text below uses."""
    lines = [
        f"{{% set {variable} = [env.database, {stored(schema)}] | ident %}}\n"
        for schema, variable in draft.names.schemas.items()
        if re.search(rf"\{{\{{ {variable} \}}\}}|\b{variable} ~", used)
    ]
    return "".join(lines)


def stored(name: str) -> str:
    """A name as Jinja writes it where `ident` follows: what a person would have to quote is said to be as stored."""
    return literal(name) + ("" if Identifier.parse(name).stored == name else " | stored")


def literal(value: str) -> str:
    """Text as Jinja writes it."""
    return json.dumps(value, ensure_ascii=False)


def statements(texts: Iterable[str]) -> str:
    """Statements with their semicolons, a blank line before each that has several lines."""
    parts, wide = list[str](), False
    for text in texts:
        if parts and (wide or "\n" in text):
            parts.append("\n")
        wide = "\n" in text
        parts.append(f"{text};\n")
    return "".join(parts)
