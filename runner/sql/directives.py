"""What the comment lines ``-- runner: …`` of a script ask for.

*Head* directives stand above the first statement and speak of the whole script. *Statement* directives stand on a line
of their own between statements. A directive anywhere else, and a word that is not known, is an error: a directive
that is silently not obeyed is worse than none.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from runner.core.script import Head, Requirement, Statement
from runner.sql import splitting
from runner.sql.errors import DirectiveError
from runner.sql.kinds import is_query
from runner.sql.splitting import comments, split

_MARK = re.compile(r"(?:--|//)[ \t]*runner:(?P<words>[^\r\n]*)", re.IGNORECASE)
_ENTRY = re.compile(r"(?P<word>=|[^\s=]+)(?:=(?P<value>\"[^\"]*\"|'[^']*'|\S*))?")
_BESIDE_HEAD = re.compile(r"\s*(?:--[^\n]*|//[^\n]*|/\*.*?\*/|\{#.*?#\}|\{%.*?%\}|\ufeff)", re.DOTALL)
_DURATION = re.compile(r"(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?\Z", re.IGNORECASE)
_ENVIRONMENT = re.compile(r"[A-Za-z_][\w-]*\Z")
_SCRIPT = re.compile(r"[VRUB][\w.]*\Z")

_FLAGS: Final = frozenset({"transactional", "irreversible", "always"})
_HEAD_WORDS: Final = _FLAGS | {"environments", "requires", "owner", "timeout", "depends_on", "jinja"}
_STATEMENT_WORDS: Final = frozenset({"parallel", "end", "assert", "timeout"})


@dataclass(frozen=True, slots=True)
class _Line:
    """One directive line: its entries, and its place."""

    number: int
    offset: int
    entries: tuple[tuple[str, str | None], ...]

    @property
    def words(self) -> frozenset[str]:
        return frozenset(word for word, _ in self.entries)


def read_head(source: str) -> Head:
    """The head directives of a script as it is written, before it is rendered: ``jinja=off`` is one of them."""
    head, seen = Head(), set[str]()
    for line in _head_lines(source):
        _check_words(line)
        if line.words & {"parallel", "end", "assert"}:
            continue
        for word, value in line.entries:
            if word in seen:
                raise DirectiveError(line.number, f"'{word}' is given twice")
            seen.add(word)
            head = _with(head, line.number, word, value)
    return head


def annotate(rendered: str, head: Head) -> tuple[Statement, ...]:
    """The statements of a rendered script, each with what its directives ask.

    ``head`` is what `read_head` found in the source. The rendered text must say the same: else a directive came into
    being, or to the top, by rendering, and nobody would obey it.
    """
    statements = split(rendered)
    if not _MARK.search(rendered):
        return tuple(Statement(n, one.text, one.line) for n, one in enumerate(statements, 1))
    if read_head(rendered) != head:
        raise DirectiveError(
            1,
            "the head directives of the rendered script are not those of its source",
            "write them at the top, outside of {% if %} and of macros",
        )
    reader = _Annotator()
    for line, index in _placed(rendered, statements):
        reader.advance(statements, index)
        reader.obey(line, first=index == 0)
    reader.advance(statements, len(statements))
    return reader.finish()


def duration(line: int, text: str) -> int:
    """Seconds of ``30s``, ``5m``, ``2h`` or ``1h30m``."""
    found = _DURATION.match(text)
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    total = hours * 3600 + minutes * 60 + seconds
    if not total:
        raise DirectiveError(line, f"'{text}' is not a duration", "write 30s, 5m or 2h")
    return total


def _head_lines(source: str) -> Iterator[_Line]:
    """The directive lines above the first statement; Jinja tags may stand between them."""
    position = 0
    while part := _BESIDE_HEAD.match(source, position):
        start = part.end() - len(part[0].lstrip())
        mark = _MARK.match(source, start)
        if mark:
            yield _line(source, start, mark)
        position = part.end()


def _line(source: str, offset: int, mark: re.Match[str]) -> _Line:
    number = source.count("\n", 0, offset) + 1
    entries = tuple((found["word"].lower(), found["value"]) for found in _ENTRY.finditer(mark["words"]))
    if not entries:
        raise DirectiveError(number, "'-- runner:' says nothing")
    return _Line(number, offset, entries)


def _check_words(line: _Line) -> None:
    if "=" in line.words:
        raise DirectiveError(line.number, "a blank stands beside '='", "write word=value, without blanks")
    known = _HEAD_WORDS | _STATEMENT_WORDS
    for word, _ in line.entries:
        if word not in known:
            near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.5)
            hint = f"did you mean '{near[0]}'?" if near else f"known are: {', '.join(sorted(known))}"
            raise DirectiveError(line.number, f"'{word}' is no directive", hint)


def _with(head: Head, line: int, word: str, value: str | None) -> Head:
    given = "" if word in _FLAGS else _value(line, word, value)
    if word in _FLAGS:
        _no_value(line, word, value)
    match word:
        case "transactional":
            return replace(head, transactional=True)
        case "irreversible":
            return replace(head, irreversible=True)
        case "always":
            return replace(head, always=True)
        case "environments":
            return replace(head, environments=_list(line, word, given, _ENVIRONMENT, "names of environments"))
        case "requires":
            return replace(head, requires=tuple(_requirement(line, item) for item in given.split(",")))
        case "depends_on":
            return replace(head, depends_on=_list(line, word, given, _SCRIPT, "names of scripts, such as R__views"))
        case "owner":
            return replace(head, owner=given)
        case "timeout":
            return replace(head, timeout=duration(line, given))
        case "jinja" if given.lower() in ("on", "off"):
            return replace(head, jinja=given.lower() == "on")
        case _:
            raise DirectiveError(line, f"'{word}={given}' is not understood", "jinja=on or jinja=off")


def _value(line: int, word: str, value: str | None) -> str:
    given = (value or "").strip("\"'")
    if not given:
        raise DirectiveError(line, f"'{word}' needs a value", f"write {word}=…, without blanks around '='")
    return given


def _no_value(line: int, word: str, value: str | None) -> None:
    if value is not None:
        raise DirectiveError(line, f"'{word}' takes no value", f"write '{word}', or leave it out")


def _list(line: int, word: str, value: str, pattern: re.Pattern[str], what: str) -> tuple[str, ...]:
    items = tuple(value.split(","))
    wrong = [item for item in items if not pattern.match(item)]
    if wrong:
        raise DirectiveError(
            line, f"'{wrong[0]}' in '{word}={value}' is not understood", f"{what}, with commas between"
        )
    return items


def _requirement(line: int, item: str) -> Requirement:
    environment, colon, script = item.partition(":")
    if not colon or not _ENVIRONMENT.match(environment) or not _SCRIPT.match(script):
        raise DirectiveError(line, f"'{item}' names no script of an environment", "write requires=imcust:V001")
    return Requirement(environment, script)


def _placed(rendered: str, statements: Sequence[splitting.Statement]) -> Iterator[tuple[_Line, int]]:
    """Every directive line with the number of the statement that follows it."""
    index = 0
    for place, comment in comments(rendered):
        mark = _MARK.match(comment)
        if not mark:
            continue
        line = _line(rendered, place, mark)
        _check_words(line)
        while index < len(statements) and place >= statements[index].offset + len(statements[index].text):
            index += 1
        inside = index < len(statements) and place >= statements[index].word_offset
        if inside or rendered[rendered.rfind("\n", 0, place) + 1 : place].strip("\ufeff \t\r"):
            raise DirectiveError(line.number, "a directive stands on a line of its own, between statements")
        yield line, index


@dataclass(slots=True)
class _Annotator:
    """Walks directive lines and statements in order. ``opened`` is the line of the open group, 0 when none is."""

    done: list[Statement] = field(default_factory=list)
    groups: int = 0
    opened: int = 0
    asked: _Line | None = None

    def obey(self, line: _Line, *, first: bool) -> None:
        """Take in one directive line; ``first`` when no statement stands before it."""
        if line.words & {"parallel", "end"}:
            self._group(line)
        elif "assert" in line.words or (line.words == {"timeout"} and not first):
            self._ask(line)
        elif not first:
            word = min(line.words & _HEAD_WORDS)
            raise DirectiveError(
                line.number, f"'{word}' speaks of the whole script", "write it above the first statement"
            )

    def _group(self, line: _Line) -> None:
        if len(line.entries) > 1 or line.entries[0][1] is not None:
            raise DirectiveError(line.number, "'parallel' and 'end' stand alone on their line")
        self._nothing_asked()
        if "parallel" in line.words:
            if self.opened:
                raise DirectiveError(line.number, f"a group is open already, since line {self.opened}")
            self.groups, self.opened = self.groups + 1, line.number
        elif not self.opened:
            raise DirectiveError(line.number, "'end' without 'parallel'")
        else:
            self.opened = 0

    def _ask(self, line: _Line) -> None:
        self._nothing_asked()
        if not line.words <= {"assert", "timeout"}:
            word = min(line.words - {"assert", "timeout"})
            raise DirectiveError(
                line.number, f"'{word}' speaks of the whole script", "write it above the first statement"
            )
        for word, value in line.entries:
            if word == "assert":
                _no_value(line.number, word, value)
            else:
                duration(line.number, _value(line.number, word, value))
        self.asked = line

    def _nothing_asked(self) -> None:
        if self.asked:
            raise DirectiveError(self.asked.number, "no statement follows this directive")

    def advance(self, statements: Sequence[splitting.Statement], index: int) -> None:
        """Take in the statements before ``index``: the first of them is the one that was asked for."""
        for statement in statements[len(self.done) : index]:
            self.done.append(self._annotated(statement))
            self.asked = None

    def _annotated(self, found: splitting.Statement) -> Statement:
        plain = Statement(len(self.done) + 1, found.text, found.line, group=self.groups if self.opened else None)
        if not self.asked:
            return plain
        entries = dict(self.asked.entries)
        if "assert" in entries and not is_query(found.text):
            raise DirectiveError(self.asked.number, "only a query can be asserted: it answers with rows, or with none")
        timeout = entries.get("timeout")
        seconds = duration(self.asked.number, timeout.strip("\"'")) if timeout else None
        return replace(plain, assertion="assert" in entries, timeout=seconds)

    def finish(self) -> tuple[Statement, ...]:
        self._nothing_asked()
        if self.opened:
            raise DirectiveError(self.opened, "the group that opens here is never closed", "write -- runner: end")
        return tuple(self.done)
