"""Parameters of a template, and the values that they take: text from a command line, or Python's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from runner.core.errors import ParametersInvalid
from runner.core.graph import nearest

Value = str | int | bool | tuple[str, ...] | None
_TRUE, _FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}
_ITEM = re.compile(r'(?:"(?:[^"]|"")*"|\((?:[^()]|\([^()]*\))*\)|[^,"(]|["(])+')


class Type(StrEnum):
    STRING = "string"
    INT = "int"
    BOOL = "bool"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Parameter:
    """``minimum`` and ``maximum`` bound a number, or how many items a list has; ``choices`` and ``pattern`` hold for
    a text, or for each item of a list."""

    name: str
    type: Type
    description: str
    required: bool = False
    default: Value = None
    choices: tuple[str, ...] = ()
    pattern: str = ""
    minimum: int | None = None
    maximum: int | None = None

    def problems(self, value: object) -> Iterator[str]:
        """What is wrong with a value, as the end of a sentence: `must be at least 1, not 0`."""
        if not self._fits(value):
            yield f"must be {_WANTED[self.type]}, not {value!r}"
            return
        match value:
            case bool():
                return
            case int():
                yield from self._bounds(value, "be at least", "be at most", str(value))
            case str():
                yield from self._text(value)
            case list() | tuple():
                yield from self._bounds(len(value), "have at least", "have at most", f"{len(value)} items")
                yield from (problem for item in value for problem in self._text(str(item)))

    def _fits(self, value: object) -> bool:
        match self.type:
            case Type.STRING:
                return isinstance(value, str)
            case Type.INT:
                return isinstance(value, int) and not isinstance(value, bool)
            case Type.BOOL:
                return isinstance(value, bool)
            case Type.LIST:
                return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)

    def _bounds(self, number: int, least: str, most: str, shown: str) -> Iterator[str]:
        if self.minimum is not None and number < self.minimum:
            yield f"must {least} {self.minimum}, not {shown}"
        if self.maximum is not None and number > self.maximum:
            yield f"must {most} {self.maximum}, not {shown}"

    def _text(self, text: str) -> Iterator[str]:
        if self.choices and text not in self.choices:
            yield f"must be one of {', '.join(self.choices)}, not '{text}'"
        if self.pattern and not re.fullmatch(self.pattern, text):
            yield f"must look like {self.pattern}, which '{text}' does not"

    def pattern_problem(self) -> Iterator[str]:
        try:
            re.compile(self.pattern)
        except re.error as error:
            yield f"'pattern' is no regular expression: {error}"

    def parsed(self, texts: Sequence[str]) -> object:
        """What was written on a command line, once or several times; what is no value of the type stays text."""
        match self.type:
            case Type.LIST:
                return tuple(item for text in texts for item in items(text))
            case Type.INT if re.fullmatch(r"[+-]?\d[\d_]*", texts[-1].strip()):
                return int(texts[-1])
            case Type.BOOL if texts[-1].lower() in _TRUE | _FALSE:
                return texts[-1].lower() in _TRUE
            case _:
                return texts[-1]


_WANTED = {Type.STRING: "text", Type.INT: "a whole number", Type.BOOL: "true or false", Type.LIST: "a list of texts"}


def items(text: str) -> tuple[str, ...]:
    """`a, "b,c", f(date, number)` is three: commas in quotes and brackets do not part."""
    return tuple(item for found in _ITEM.finditer(text) if (item := found[0].strip()))


def from_words(template: str, parameters: Sequence[Parameter], words: Iterable[str]) -> dict[str, object]:
    """`name=value` as given on a command line, by name; a list may be given in several."""
    known = {parameter.name: parameter for parameter in parameters}
    texts: dict[str, list[str]] = {}
    problems = []
    for word in words:
        name, equals, text = word.partition("=")
        if not equals:
            problems.append(f"'{word}': write name=value")
        texts.setdefault(name.strip(), []).append(text)
    if problems:
        raise ParametersInvalid(template, tuple(problems))
    return {name: known[name].parsed(given) if name in known else given[-1] for name, given in texts.items()}


def checked(template: str, parameters: Sequence[Parameter], given: Mapping[str, object]) -> dict[str, object]:
    """Every parameter's value, given or by default. Raises ParametersInvalid with all that is wrong at once."""
    problems = [*_unknown(parameters, given), *_wrong(parameters, given)]
    if problems:
        raise ParametersInvalid(template, tuple(problems))
    return {each.name: given.get(each.name, each.default) for each in parameters}


def _unknown(parameters: Sequence[Parameter], given: Mapping[str, object]) -> Iterator[str]:
    names = [parameter.name for parameter in parameters]
    for name in given:
        if name not in names:
            near = nearest(name, names)
            yield f"there is no parameter '{name}'" + (f"; '{near}' is meant?" if near else "")


def _wrong(parameters: Sequence[Parameter], given: Mapping[str, object]) -> Iterator[str]:
    for parameter in parameters:
        if parameter.name in given:
            yield from (f"'{parameter.name}' {problem}" for problem in parameter.problems(given[parameter.name]))
        elif parameter.required:
            yield f"'{parameter.name}' is missing: {parameter.description}"
