"""Puts the values of a script's variables into SQL, on tokens, so that nothing in a string or comment is touched.

Sources: developer-guide/snowflake-scripting/variables (`:name` in SQL, IDENTIFIER(:name)),
developer-guide/snowflake-scripting/resultsets (TABLE(rs)), sql-reference/sql/execute-immediate (USING).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.scripting.scope import ResultSet, Row, Scope, Variable
from runner.sandbox.scripting.source import Sql
from runner.sandbox.scripting.values import literal
from runner.sandbox.tokens import Kind, Reader, Token, quote_string, tokenize

Replacement = tuple[int, int, str]
"""From which offset to which, and what stands there instead."""


def bind_statement(sql: Sql, scope: Scope) -> str:
    """The statement with every `:name`, `:row.column` and `TABLE(result_set)` replaced."""
    return _replaced(sql, _statement_replacements(sql, scope))


def bind_expression(sql: Sql, scope: Scope) -> str:
    """The expression with names replaced that stand for variables, colon or not.

    Inside a subquery a bare name is a column, as in every SQL statement.
    """
    return _replaced(sql, [*_statement_replacements(sql, scope), *_bare_replacements(sql, scope)])


def fill_placeholders(text: str, values: Sequence[object]) -> str:
    """The statement with its `?` and `:1` replaced by the values of USING, in order."""
    tokens = tokenize(text)
    marks = [token for token in tokens if token.word == "?" or (token.kind is Kind.BIND and token.text.isdigit())]
    replacements = [_filled(mark, ordinal, values) for ordinal, mark in enumerate(marks)]
    return _patched(text, 0, len(text), replacements)


def _filled(mark: Token, ordinal: int, values: Sequence[object]) -> Replacement:
    index = int(mark.text) - 1 if mark.kind is Kind.BIND else ordinal
    if not 0 <= index < len(values):
        raise not_set("?" if mark.word == "?" else f":{mark.text}", mark.line, mark.position)
    return mark.start, mark.end, literal(values[index])


def not_set(name: str, line: int, position: int) -> SnowflakeError:
    """The answer to a bind variable for which there is no value."""
    place = f"error line {line} at position {position}"
    return SnowflakeError(2049, "42601", f"SQL compilation error: {place}\nBind variable {name} not set.")


def _replaced(sql: Sql, replacements: list[Replacement]) -> str:
    return _patched(sql.source, sql.tokens[0].start, sql.tokens[-1].end, replacements)


def _patched(source: str, start: int, end: int, replacements: list[Replacement]) -> str:
    parts: list[str] = []
    for first, last, text in sorted(replacements):
        parts += (source[start:first], text)
        start = last
    return "".join((*parts, source[start:end]))


def _statement_replacements(sql: Sql, scope: Scope) -> list[Replacement]:
    tokens = sql.tokens
    tables = [_table(tokens, index, scope) for index, token in enumerate(tokens) if token.word == "TABLE"]
    done = [table for table in tables if table is not None]
    binds = [index for index, token in enumerate(tokens) if _is_bind(token) and not _inside(token, done)]
    return [*done, *(_bound(sql, index, scope) for index in binds)]


def _inside(token: Token, replacements: Sequence[Replacement]) -> bool:
    return any(start <= token.start < end for start, end, _ in replacements)


def _is_bind(token: Token) -> bool:
    return token.kind is Kind.BIND and not token.text.isdigit()


def _bound(sql: Sql, index: int, scope: Scope) -> Replacement:
    tokens, token = sql.tokens, sql.tokens[index]
    named = scope.find(token.text)
    if isinstance(named, Row):
        return _row_field(sql, index, named)
    if not isinstance(named, Variable):
        raise _missing(sql, token)
    if index >= 2 and tokens[index - 2].word == "IDENTIFIER" and tokens[index - 1].word == "(":
        return tokens[index - 2].start, tokens[index + 1].end, object_name(named.value)
    return token.start, token.end, literal(named.value, named.type)


def _missing(sql: Sql, token: Token) -> SnowflakeError:
    before = sql.source[sql.tokens[0].start : token.start]
    return not_set(f":{token.text.lower()}", before.count("\n") + 1, len(before) - (before.rfind("\n") + 1))


def _row_field(sql: Sql, index: int, row: Row) -> Replacement:
    token, following = sql.tokens[index], sql.tokens[index + 1 : index + 3]
    if len(following) < 2 or following[0].word != "." or following[1].kind not in (Kind.WORD, Kind.QUOTED):
        raise _missing(sql, token)
    field = row.fields.get(following[1].identifier)
    if field is None:
        raise compilation(904, "42000", f"invalid identifier '{token.text}.{following[1].identifier}'")
    return token.start, following[1].end, literal(field.value, field.type)


def object_name(value: object) -> str:
    """The object name that a variable holds, ready to stand where IDENTIFIER(:variable) stood."""
    if not isinstance(value, str):
        raise compilation(904, "42000", f"invalid identifier '{value}'")
    reader = Reader(value)
    reader.name()
    if not reader.at_end():
        raise compilation(904, "42000", f"invalid identifier '{value}'")
    return value.strip()


def _table(tokens: Sequence[Token], index: int, scope: Scope) -> Replacement | None:
    """`TABLE(rs)` reads the rows of the query again; `TABLE(:name)` is the table that the variable names."""
    inner = tokens[index + 1 : index + 4]
    if len(inner) < 3 or inner[0].word != "(" or inner[2].word != ")":
        return None
    if inner[1].kind not in (Kind.WORD, Kind.QUOTED, Kind.BIND):
        return None
    named = scope.find(inner[1].text if inner[1].kind is Kind.BIND else inner[1].identifier)
    start, end = tokens[index].start, inner[2].end
    if isinstance(named, ResultSet) and named.result is not None:
        return start, end, f"TABLE(RESULT_SCAN({quote_string(named.result.query_id)}))"
    if isinstance(named, Variable) and inner[1].kind is Kind.BIND:
        return start, end, object_name(named.value)
    return None


def _bare_replacements(sql: Sql, scope: Scope) -> Iterator[Replacement]:
    subqueries = 0
    depths: list[bool] = []
    for index, token in enumerate(sql.tokens):
        if token.word == "(":
            depths.append(_opens_query(sql.tokens, index))
            subqueries += depths[-1]
        elif token.word == ")" and depths:
            subqueries -= depths.pop()
        elif not subqueries and token.kind in (Kind.WORD, Kind.QUOTED):
            yield from _bare(sql.tokens, index, scope)


def _opens_query(tokens: Sequence[Token], index: int) -> bool:
    return index + 1 < len(tokens) and tokens[index + 1].word in ("SELECT", "WITH")


def _bare(tokens: Sequence[Token], index: int, scope: Scope) -> Iterator[Replacement]:
    token = tokens[index]
    before = tokens[index - 1].word if index else ""
    after = tokens[index + 1].word if index + 1 < len(tokens) else ""
    if before in (".", "::", "AS") or after in ("(", "=>") or (before == ":" and tokens[index - 1].end == token.start):
        return
    named = scope.find(token.identifier)
    if isinstance(named, Variable) and after != ".":
        yield token.start, token.end, literal(named.value, named.type)
    elif isinstance(named, Row) and after == "." and index + 2 < len(tokens):
        field = named.fields.get(tokens[index + 2].identifier)
        if field is not None:
            yield token.start, tokens[index + 2].end, literal(field.value, field.type)
