"""What a result column is called that was given no name: the expression as written, in upper case."""

from __future__ import annotations

import re

from sqlglot import exp

from runner.sandbox.query.columns import name_of
from runner.sandbox.query.core import Expr
from runner.sandbox.tokens import Kind, Token, tokenize, whole_name

_DEPTH = {"(": 1, "[": 1, "{": 1, "CASE": 1, ")": -1, "]": -1, "}": -1, "END": -1}
_AFTER = frozenset(
    {
        "FROM", "WHERE", "GROUP", "HAVING", "QUALIFY", "ORDER", "LIMIT", "UNION", "EXCEPT", "MINUS", "INTERSECT",
        "FETCH", "OFFSET",
    }
)  # fmt: skip


def plain_name(node: Expr) -> str | None:
    """The name that an alias or a column brings along; None where the text must be looked at."""
    if isinstance(node, exp.Alias):
        return name_of(node.args["alias"])
    if isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
        return name_of(node.this) if isinstance(node.this, exp.Identifier) else None
    named = identified(node)
    return name_of(named.this) if named is not None else None


def identified(node: Expr) -> exp.Column | None:
    """The column that IDENTIFIER('…') names (sql-reference/identifier-literal)."""
    if not isinstance(node, exp.Anonymous) or node.name.upper() != "IDENTIFIER" or len(node.expressions) != 1:
        return None
    [literal] = node.expressions
    if not isinstance(literal, exp.Literal) or not literal.is_string:
        return None
    parts = [exp.to_identifier(part, quoted=True) for part in whole_name(literal.name)]
    return exp.Column(**dict(zip(("this", "table", "db", "catalog"), reversed(parts), strict=False)))


_BLANK = re.compile(r"\s+")


def everywhere(text: str, source: str | None = None) -> dict[str, str]:
    """How every expression of every SELECT list was written, by its text without blanks; `source` is the text before
    variables and binds were replaced, and a name never tells their values.
    """
    names = _everything(text)
    shown = names if source is None else _everything(source)
    if len(names) != len(shown):
        return {}
    return {_BLANK.sub("", name): given for name, given in zip(names, shown, strict=True)}


def _everything(text: str) -> list[str]:
    """The expressions of all SELECT lists, the last list first."""
    tokens = tokenize(text)
    starts = [_first(tokens, at) for at, token in enumerate(tokens) if token.word == "SELECT"]
    return [name for start in reversed(starts) for name in _listed(text, tokens, start)]


def as_written(node: Expr, names: dict[str, str]) -> str:
    """The name of an expression in a query that is not the outermost."""
    made = generated(node)
    return names.get(_BLANK.sub("", made), made)


def _first(tokens: tuple[Token, ...], at: int) -> int:
    """Where the SELECT list begins."""
    at += 1
    while tokens[at].word in ("DISTINCT", "ALL"):
        at += 1
    return at + 2 if tokens[at].word == "TOP" else at


def generated(node: Expr) -> str:
    """The name of an expression whose place in the text is not known."""
    return node.sql("snowflake", comments=False).upper()


def written(text: str) -> list[str]:
    """The expressions of the first SELECT list of the text, as they were written, in upper case."""
    tokens = tokenize(text)
    start = next((at for at, token in enumerate(tokens) if token.word == "SELECT" and _outermost(tokens, at)), None)
    if start is None:
        return []
    return _listed(text, tokens, _first(tokens, start))


def _outermost(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether this SELECT begins the statement, or the query after WITH."""
    depth = sum(_DEPTH.get(token.word, 0) for token in tokens[:at])
    return depth == 0 or all(token.word == "(" for token in tokens[:at])


def _listed(text: str, tokens: tuple[Token, ...], at: int) -> list[str]:
    names: list[str] = []
    depth, first = 0, at
    for index in range(at, len(tokens)):
        token = tokens[index]
        ends = depth == 0 and (token.kind is Kind.END or token.word in _AFTER or token.word in (";", ")"))
        ends = ends and tokens[index - 1].word != "WITHIN" and not _compares(tokens, index)
        if ends or (depth == 0 and token.word == ","):
            names.append(text[tokens[first].start : tokens[max(first, index - 1)].end].upper())
            first = index + 1
        if ends:
            break
        depth += _DEPTH.get(token.word, 0)
    return names


def _compares(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether this FROM belongs to IS [NOT] DISTINCT FROM."""
    before = [token.word for token in tokens[max(0, index - 3) : index]]
    return tokens[index].word == "FROM" and (before[-2:] == ["IS", "DISTINCT"] or before == ["IS", "NOT", "DISTINCT"])


def plain_names(tree: Expr) -> list[str | None] | None:
    """The names that the items of the SELECT list bring along, taken before the compiler changes the tree; None where
    every column has its name, or where items and columns are not the same number.
    """
    while isinstance(tree, exp.SetOperation):
        tree = tree.this
    items = tree.expressions if tree.key == "select" else []
    if any(item.is_star for item in items):
        return None
    names = [plain_name(item) for item in items]
    return names if None in names else None
