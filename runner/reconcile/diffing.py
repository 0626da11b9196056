"""Two canonical texts side by side for people: laid out alike, a clause a line, and only what differs shown.

A canonical text names a LANGUAGE only when it is not SQL; such a body stays as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from runner.sql.errors import UnclosedError
from runner.sql.lexing import Kind, Token, meaningful, tokens

_CLAUSES = frozenset({
    "SELECT", "FROM", "WHERE", "JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "GROUP", "ORDER", "HAVING", "QUALIFY",
    "UNION", "EXCEPT", "WHEN", "VALUES", "USING", "SET", "COMMENT", "EXECUTE", "LANGUAGE",
})  # fmt: skip
_TIGHT_BEFORE = frozenset({".", ",", ")", ";", "::", "("})
_TIGHT_AFTER = frozenset({".", "(", "::", ":"})
_APART = frozenset({"IF", "IN", "AS", "VALUES", "AND", "OR", "ON", "USING", "OVER", "WHERE", "THEN", "INSERT"})


def difference(source: str, target: str) -> str:
    """A unified diff of two canonical texts; of texts that cannot be read, as they stand."""
    theirs, ours = _lines(source), _lines(target)
    return "\n".join(unified_diff(theirs, ours, "source", "target", n=1, lineterm=""))


def _lines(form: str) -> list[str]:
    try:
        laid = "".join(_laid_out(meaningful(tokens(form))))
    except UnclosedError:
        laid = form
    return [line for line in laid.splitlines() if line.strip()]


def _laid_out(stream: list[Token]) -> Iterator[str]:
    foreign = any(token.word == "LANGUAGE" for token in stream)
    before: Token | None = None
    for token in stream:
        if token.kind is Kind.DOLLAR:
            body = token.text[2:-2]
            yield "\n".join(["", "$$", *([body] if foreign else _lines(body)), "$$", ""])
        else:
            yield _gap(before, token) + token.text + ("\n" if token.text == ";" else "")
        before = token


def _gap(before: Token | None, token: Token) -> str:
    if before is None or before.kind is Kind.DOLLAR or before.text == ";":
        return ""
    if token.word in _CLAUSES and before.text not in (".", "(") and before.word != "DISTINCT":
        return "\n  "
    if before.text in _TIGHT_AFTER:
        return ""
    if token.text == "(":
        return " " if before.word in _APART or not before.is_name else ""
    return "" if token.text in _TIGHT_BEFORE else " "
