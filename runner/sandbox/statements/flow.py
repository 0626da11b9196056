"""The flow operator: `SHOW … ->> SELECT … FROM $1` (sql-reference/operators-flow)."""

from __future__ import annotations

from runner.sandbox.context import Context
from runner.sandbox.errors import compilation
from runner.sandbox.result import Result
from runner.sandbox.tokens import Kind, Token, quote_string, tokenize

OPERATOR = "->>"
_BEFORE_RELATION = frozenset({"FROM", "JOIN"})
_CLAUSES = _BEFORE_RELATION | {"SELECT", "ON", "USING", "WHERE", "GROUP", "HAVING", "QUALIFY", "ORDER", "LIMIT"}
_DEPTH = {"(": 1, ")": -1}


def is_flow(text: str) -> bool:
    """Whether the text is statements joined by the operator; inside a block or a body it is not ours."""
    return OPERATOR in text and len(segments(text)) > 1


def segments(text: str) -> list[list[Token]]:
    """The tokens of each statement; one list when there is no operator outside of parentheses and blocks."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokenize(text)[:-1]:
        depth += _DEPTH.get(token.word, 0)
        if token.word == OPERATOR and depth == 0:
            parts.append([])
        elif token.word == ";" and len(parts) == 1:
            return parts
        else:
            parts[-1].append(token)
    return parts


def flow(context: Context, text: str) -> Result:
    """Run the statements one after the other; the last one's result is the result."""
    done: list[str] = []
    result: Result | None = None
    for tokens in segments(text):
        result = context.run(_resolved(text, [token for token in tokens if token.word != ";"], done))
        done.insert(0, result.query_id)
    assert result is not None
    return result


def _resolved(text: str, tokens: list[Token], done: list[str]) -> str:
    """The statement's text with `$n` after FROM and JOIN standing for the n-th result before it."""
    if not tokens:
        raise compilation(1003, "42000", "syntax error: a statement is missing beside ->>")
    pieces: list[str] = []
    offset = tokens[0].start
    clauses = [""]
    for before, token in zip([None, *tokens], tokens, strict=False):
        _follow(clauses, token)
        if before and _is_relation(before, token, clauses[-1]):
            pieces += [text[offset : token.start], f"TABLE(RESULT_SCAN({quote_string(_earlier(done, token))}))"]
            offset = token.end
    return "".join(pieces) + text[offset : tokens[-1].end]


def _follow(clauses: list[str], token: Token) -> None:
    """The clause that the token stands in, for each parenthesis that is open."""
    if token.word == "(":
        clauses.append("")
    elif token.word == ")" and len(clauses) > 1:
        clauses.pop()
    elif token.word in _CLAUSES:
        clauses[-1] = token.word


def _is_relation(before: Token, token: Token, clause: str) -> bool:
    """Whether `$n` stands where a table would."""
    placed = before.word in _BEFORE_RELATION or (before.word == "," and clause in _BEFORE_RELATION)
    return placed and token.kind is Kind.VARIABLE and token.text.isdigit()


def _earlier(done: list[str], token: Token) -> str:
    number = int(token.text)
    if not 1 <= number <= len(done):
        raise compilation(2211, "02000", f"Invalid pipe reference '${number}': {len(done)} stand before it.")
    return done[number - 1]
