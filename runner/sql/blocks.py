"""Where a Snowflake Scripting block ends (sql-reference/snowflake-scripting/begin, …/declare, …/case).

BEGIN and END are also names of columns and labels, and BEGIN also starts a transaction. So each of them counts only
where a statement can start, or, for the END of a CASE, where a CASE is open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from runner.sql.errors import UnclosedError

_SPACE = re.compile(r"(?:\s+|--[^\n]*|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_][\w$]*")
_LAST_WORD = re.compile(r"[\w$]+\Z")
_TRANSACTION = re.compile(r";|\Z|(?:TRANSACTION|WORK|NAME)\b(?!\s*:=)", re.IGNORECASE)

_MODIFIERS = frozenset(
    ["OR", "REPLACE", "ALTER", "SECURE", "TEMP", "TEMPORARY", "AGGREGATE", "EXTERNAL", "DATA", "METRIC"]
)
_WITH_BODY = frozenset({"PROCEDURE", "FUNCTION", "TASK", "ALERT"})
_LOOPS = frozenset({"IF", "FOR", "WHILE", "LOOP", "REPEAT"})
_BEFORE_STATEMENT = frozenset({"BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT"})


def _keyword(word: str) -> str:
    """A pattern for a whole word that starts with a plain character, so that the search can jump to it."""
    rest = "".join(f"[{c}{c.lower()}]" for c in word[1:])
    return "|".join(rf"{first}(?<![\w$.@:].){rest}(?![\w$.])" for first in (word[0], word[0].lower()))


DOLLARS = r"\$(?:(?<![\w$].)|(?<=[\s)][aA][sS].)|(?<=[iI][mM][mM][eE][dD][iI][aA][tT][eE].))\$"
"""Two dollars that open a text, also right behind AS and IMMEDIATE: in a name, ``T__$$``, they are letters of it
(sql-reference/identifiers-syntax).
"""

# Every branch starts with a plain character: only then does `re` pass over ordinary text at full speed.
_TOKEN = re.compile(
    rf"""'[^'\\]*(?:\\.[^'\\]*)*'|"[^"]*"|{DOLLARS}.*?\$\$|;|--[^\n]*|//[^\n]*|/\*.*?\*/|'|"|/\*|{DOLLARS}|"""
    + "|".join(map(_keyword, ("BEGIN", "END", "CASE", "DECLARE", "CREATE", "ALTER", "WITH"))),
    re.DOTALL,
)

_OPENERS = {"'": "a string", '"': "a quoted identifier", "/*": "a comment", "$$": "a $$ text"}


def unclosed(text: str, at: int, opener: str) -> UnclosedError:
    """The error for ``opener`` at ``at``. A doubled quote before it belongs to the same string: that one is named."""
    if opener in "'\"":
        at = _start_of_string(text, at, opener)
    return UnclosedError(text.count("\n", 0, at) + 1, _OPENERS[opener])


def _start_of_string(text: str, at: int, quote: str) -> int:
    start = end = at
    for token in _TOKEN.finditer(text, 0, at):
        if text[token.start()] == quote:
            start = start if token.start() == end else token.start()
            end = token.end()
    return start if end == at else at


def opens_block(text: str, at: int, word: str) -> bool:
    """Can the statement whose first ``word`` stands at ``at`` hold a block?"""
    match word:
        case "BEGIN":
            return not _starts_transaction(text, at + len(word))
        case "DECLARE":
            return True
        case "CREATE" | "ALTER" | "WITH":
            return _has_body(text, at, word)
        case _:
            return False


def _starts_transaction(text: str, after: int) -> bool:
    return _TRANSACTION.match(text, _after_gap(text, after)) is not None


def _after_gap(text: str, at: int) -> int:
    gap = _SPACE.match(text, at)
    assert gap is not None
    return gap.end()


def _next_word(text: str, at: int) -> tuple[str, int]:
    found = _WORD.match(text, _after_gap(text, at))
    return (found[0].upper(), found.end()) if found else ("", at)


def _has_body(text: str, at: int, word: str) -> bool:
    if word == "WITH":
        return _names_procedure(text, at + len(word))
    following, after = _next_word(text, at + len(word))
    while following in _MODIFIERS:
        following, after = _next_word(text, after)
    return following in _WITH_BODY


def _names_procedure(text: str, at: int) -> bool:
    """``WITH name AS PROCEDURE`` (sql-reference/sql/call-with)."""
    name, after = _next_word(text, at)
    return name != "" and _next_words(text, after, 2) == ["AS", "PROCEDURE"]


def _next_words(text: str, at: int, count: int) -> list[str]:
    words = []
    for _ in range(count):
        word, at = _next_word(text, at)
        words.append(word)
    return words


@dataclass(slots=True)
class _Reader:
    """The stack of one statement. ``open`` holds (word, offset); ``body`` says that AS or THEN may start a block."""

    text: str
    first: int
    body: bool = False
    open: list[tuple[str, int]] = field(default_factory=list)
    blocks: int = 0
    comments: dict[int, int] = field(default_factory=dict)

    def word_before(self, at: int) -> str:
        """What stands before ``at``: ``;``, a word in capitals, or some other character. Comments are stepped over."""
        text = self.text
        while at > self.first:
            if at in self.comments:
                at = self.comments[at]
            elif text[at - 1].isspace():
                at -= 1
            else:
                word = _LAST_WORD.search(text, max(self.first, at - 12), at)
                return word[0].upper() if word else text[at - 1]
        return ";"

    def starts_statement(self, at: int) -> bool:
        before = self.word_before(at)
        if before == ";" or before in _BEFORE_STATEMENT:
            return True
        return self.body and before == "AS"

    def top(self) -> str:
        return self.open[-1][0] if self.open else ""

    def push(self, word: str, at: int) -> None:
        self.open.append((word, at))
        self.blocks += word != "CASE"

    def pop(self) -> None:
        word, _ = self.open.pop()
        self.blocks -= word != "CASE"

    def read(self, word: str, at: int) -> None:
        match word:
            case "CASE":
                if self.word_before(at) != "END":
                    self.push(word, at)
            case "END":
                self.end(at)
            case "BEGIN":
                self.begin(at)
            case "DECLARE":
                if self.starts_statement(at):
                    self.push(word, at)
                    self.body = False
            case _:
                if self.starts_statement(at):
                    self.body = _has_body(self.text, at, word)

    def begin(self, at: int) -> None:
        if not self.starts_statement(at):
            return
        if self.top() == "DECLARE":
            self.pop()
        elif not self.body and at != self.first and _starts_transaction(self.text, at + 5):
            return
        self.push("BEGIN", at)
        self.body = False

    def end(self, at: int) -> None:
        following, _ = _next_word(self.text, at + 3)
        if self.top() == "CASE":
            loop = following in _LOOPS and (following == "REPEAT" or self.word_before(at) == ";")
            if not loop and self.word_before(at) != "AS":
                self.pop()
        elif self.top() == "BEGIN" and following not in _LOOPS and self.starts_statement(at):
            self.pop()


def block_end(text: str, first: int) -> int:
    """Where the statement that starts at ``first`` ends: the place of its ``;``, or the end of ``text``."""
    reader = _Reader(text, first)
    for token in _TOKEN.finditer(text, first):
        at, end = token.span()
        initial = text[at]
        if initial.isalpha():
            reader.read(token[0].upper(), at)
        elif initial == ";":
            if not reader.blocks:
                return at
            reader.body = False
        elif _is_opener(text, at, end):
            raise unclosed(text, at, token[0])
        elif initial in "-/":
            reader.comments[end] = at
    if reader.blocks:
        word, at = next(entry for entry in reader.open if entry[0] != "CASE")
        raise UnclosedError(text.count("\n", 0, at) + 1, f"a block ({word})")
    return len(text)


def _is_opener(text: str, at: int, end: int) -> bool:
    """Is the token only the opening of something, so that its end was not found?"""
    return end - at <= 2 and text[at:end] in _OPENERS
