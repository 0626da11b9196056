"""The statements of a Snowflake Scripting block, one by one, and whether each runs every time.

Read by tokens. What stands in a branch, a loop or an exception handler may run never or often; what stands in blocks
alone runs once, unless the block is left before (developer-guide/snowflake-scripting/blocks).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from runner.sql.lexing import Token, meaningful, tokens

_BLOCK = "BEGIN"
_OPENING = frozenset({"IF", "FOR", "WHILE", "LOOP", "REPEAT", "CASE"})
_GO_ON_BEHIND = {
    "IF": {"THEN"}, "ELSEIF": {"THEN"}, "WHEN": {"THEN"}, "FOR": {"DO", "LOOP"}, "WHILE": {"DO", "LOOP"},
}  # fmt: skip
_GO_ON_AT = {"CASE": {"WHEN"}, "UNTIL": {"END"}}
_TRANSACTION = frozenset({";", "TRANSACTION", "WORK", "NAME"})


@dataclass(frozen=True, slots=True)
class Step:
    """One statement as it is written, without its semicolon, at ``line`` of the body."""

    text: str
    line: int
    always: bool
    """Does it run, once, whenever the block does?"""


def steps(body: str) -> tuple[Step, ...]:
    """The statements of an SQL body in the order of the text; declarations, conditions and RETURN's values apart.

    ValueError for a body that declares a procedure of its own: when that runs, no reading of the text can tell.
    """
    return tuple(_Reader(body, meaningful(tokens(body))).steps())


@dataclass
class _Reader:
    """``around`` are the blocks, branches and loops that are open."""

    body: str
    stream: Sequence[Token]
    place: int = 0
    around: list[str] = field(default_factory=list)
    declaring: bool = False

    def steps(self) -> Iterator[Step]:
        while self.place < len(self.stream):
            word = self.stream[self.place].word
            if self._starts_block(word):
                self.declaring = False
                self.around.append(_BLOCK)
                self.place += 1
            elif self.declaring:
                self._pass_declaration()
            elif not self._is_control(word):
                yield self._step()

    def _starts_block(self, word: str) -> bool:
        following = self.stream[self.place + 1].word if self.place + 1 < len(self.stream) else ";"
        return word == _BLOCK and following not in _TRANSACTION

    def _is_control(self, word: str) -> bool:
        """Passes what only says when statements run."""
        if word == "DECLARE":
            self.declaring = True
        elif word == "EXCEPTION" and self.around:
            self.around[-1] = word
        elif word == "END":
            self.around = self.around[:-1]
            self.place = self._end()
            return True
        elif word not in {";", "ELSE"} | _OPENING | _GO_ON_BEHIND.keys() | _GO_ON_AT.keys():
            return False
        self.around += [word] if word in _OPENING else []
        self.place = self._behind(word)
        return True

    def _behind(self, word: str) -> int:
        if behind := _GO_ON_BEHIND.get(word):
            return self._next(behind) + 1
        return self._next(_GO_ON_AT[word]) if word in _GO_ON_AT else self.place + 1

    def _pass_declaration(self) -> None:
        end = self._end()
        if any(token.word == "PROCEDURE" for token in self.stream[self.place : end]):
            raise ValueError("declares a procedure of its own")
        self.place = end + 1

    def _step(self) -> Step:
        first, end = self.stream[self.place], self._end()
        text = self.body[first.start : self.stream[end - 1].end]
        self.place = end + 1
        return Step(text, self.body.count("\n", 0, first.start) + 1, set(self.around) <= {_BLOCK})

    def _end(self) -> int:
        return self._next({";"})

    def _next(self, words: set[str]) -> int:
        """The place of the next of these words outside of parentheses; the end without one."""
        depth = 0
        for place in range(self.place, len(self.stream)):
            token = self.stream[place]
            if not depth and token.word in words and place > self.place:
                return place
            depth += (token.text == "(") - (token.text == ")")
        return len(self.stream)
