"""What the parser knows of other dialects and Snowflake does not: a syntax error, never left out in silence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from sqlglot import exp
from sqlglot.dialects.snowflake import Snowflake
from sqlglot.tokenizer_core import Token, TokenType

from runner.sandbox.errors import compilation, syntax_error, unsupported
from runner.sandbox.query.columns import name_of
from runner.sandbox.query.core import Expr

_PARTS: dict[Any, dict[str, str]] = {
    exp.Update: {"returning": "RETURNING", "order": "ORDER", "limit": "LIMIT"},
    exp.Delete: {"returning": "RETURNING", "order": "ORDER", "limit": "LIMIT", "tables": "FROM", "cluster": "CLUSTER"},
    exp.Merge: {"returning": "RETURNING"},
    exp.CTE: {"materialized": "MATERIALIZED", "key_expressions": "KEY"},
    exp.Table: {
        "hints": "WITH", "partition": "PARTITION", "ordinality": "ORDINALITY", "only": "ONLY", "indexed": "INDEXED",
    },
    exp.Lateral: {"cross_apply": "APPLY", "view": "VIEW", "ordinality": "ORDINALITY"},
    exp.Select: {
        "sample": "SAMPLE", "kind": "AS", "into": "INTO", "sort": "SORT", "cluster": "CLUSTER",
        "distribute": "DISTRIBUTE", "prewhere": "PREWHERE", "settings": "SETTINGS", "format": "FORMAT",
    },
    exp.Limit: {"expressions": "BY", "offset": ","},
    exp.Union: {"side": "LEFT", "kind": "INNER", "on": "ON"},
    exp.WindowSpec: {"exclude": "EXCLUDE"},
    exp.Ordered: {"with_fill": "FILL"},
    exp.Between: {"symmetric": "SYMMETRIC"},
    exp.Cast: {"format": "FORMAT"},
    exp.TryCast: {"format": "FORMAT"},
}  # fmt: skip
"""By the kind of a node, the parts it must not have, and the word that is unexpected."""


def refuse(tree: Expr) -> None:
    """001003 for what another dialect has and Snowflake has not."""
    for node in list(tree.walk()):
        parts = _PARTS.get(type(node))
        if parts is not None:
            for part, word in parts.items():
                if node.args.get(part):
                    raise syntax_error(1, 0, word)
        if (check := _CHECKS.get(type(node))) is not None and (word := check(node)):
            raise syntax_error(1, 0, word)


def _join(node: Any) -> str:
    """CROSS JOIN has no condition (sql-reference/constructs/join)."""
    if node.kind not in ("", "INNER", "OUTER", "CROSS", "SEMI", "ANTI", "ASOF"):
        return str(node.kind)
    return "ON" if node.kind == "CROSS" and node.args.get("on") else ""


def _target(node: Any) -> str:
    """One table is changed: `UPDATE a, b`, `DELETE FROM a JOIN b` are others' forms."""
    joins = node.this.args.get("joins") if isinstance(node.this, exp.Table) else None
    return "," if joins else ""


def _select(node: Any) -> str:
    """Rows of values and intervals are no columns (sql-reference/data-types-datetime, interval constants)."""
    for item in node.expressions:
        value = item.unalias()
        if isinstance(value, exp.Tuple):
            return ","
        if isinstance(value, exp.Interval):
            return "INTERVAL"
    return _unlimited(node)


def _set(node: Any) -> str:
    """INTERSECT and EXCEPT are of distinct rows, and go by position (sql-reference/operators-query)."""
    if node.args.get("by_name") or node.args.get("side") or node.args.get("kind"):
        return "BY"
    return "" if node.args.get("distinct") else "ALL"


def _frame(node: Any) -> str:
    """Frames are of ROWS or RANGE (sql-reference/functions-window-syntax)."""
    return "GROUPS" if node.args.get("kind") == "GROUPS" else ""


def _inserted(node: Any) -> str:
    table = node.this.this if isinstance(node.this, exp.Schema) else node.this
    return "AS" if node.args.get("alias") or (isinstance(table, exp.Table) and table.args.get("alias")) else ""


def _alias(node: Any) -> str:
    """`t@x` is no name of a table."""
    return "@" if isinstance(node.this, exp.Parameter) else ""


def _unlimited(node: Any) -> str:
    """OFFSET comes with LIMIT or FETCH (sql-reference/constructs/limit)."""
    return "OFFSET" if node.args.get("offset") and not node.args.get("limit") else ""


def _any(node: Any) -> str:
    """Patterns and queries stand in parentheses (sql-reference/functions/like_any)."""
    if isinstance(node.this, (exp.Array, exp.Bracket)):
        return "["
    return str(node.this) if isinstance(node.this, (exp.Literal, exp.Column)) else ""


def _nulls(node: Any) -> str:
    """What of the NULLs is said behind the parentheses; the functions of values in windows take it inside too."""
    call, word = node.parent, "IGNORE" if isinstance(node, exp.IgnoreNulls) else "RESPECT"
    if not isinstance(call, exp.Anonymous):
        return ""
    if call.name.upper() not in _OF_VALUES or node is not call.expressions[-1]:
        return word
    node.replace(node.this)
    call.replace(type(node)(this=call.copy()))
    return ""


def _grouped(node: Any) -> str:
    return "" if node.expressions else "WITH"


def _when(node: Any) -> str:
    then = node.args.get("then")
    star = isinstance(then, (exp.Insert, exp.Update)) and (
        isinstance(then.this, exp.Star) or isinstance(then.args.get("expressions"), exp.Star)
    )
    return "*" if star else ""


def _with(node: Any) -> str:
    """A recursive part comes after UNION ALL (sql-reference/constructs/with)."""
    seen: set[str] = set()
    for cte in node.expressions:
        body, name = cte.this, name_of(cte.args["alias"].this)
        if name in seen:
            raise compilation(2027, "42601", f"Duplicate alias '{name}'")
        if name.casefold() in map(str.casefold, seen):
            raise unsupported(f"common table expressions whose names differ by case alone: {name}")
        seen.add(name)
        if type(body) is exp.Union and body.args.get("distinct") and _reads(body.expression, cte.alias):
            return "UNION"
    return ""


def _reads(query: Expr, name: str) -> bool:
    return any(table.name.upper() == name.upper() and not table.db for table in query.find_all(exp.Table))


_OF_VALUES = frozenset({"FIRST_VALUE", "LAST_VALUE", "NTH_VALUE", "LAG", "LEAD"})
_CHECKS: dict[Any, Callable[[Any], str]] = {
    exp.Join: _join, exp.Update: _target, exp.Delete: _target, exp.Intersect: _set, exp.Except: _set,
    exp.Select: _select, exp.Rollup: _grouped, exp.Cube: _grouped, exp.When: _when, exp.With: _with,
    exp.Union: _unlimited, exp.Subquery: _unlimited, exp.WindowSpec: _frame, exp.Insert: _inserted,
    exp.TableAlias: _alias, exp.Any: _any, exp.All: _any, exp.IgnoreNulls: _nulls, exp.RespectNulls: _nulls,
}  # fmt: skip

_TYPES = frozenset({
    "ARRAY", "BIGINT", "BINARY", "BOOLEAN", "BYTEINT", "CHAR", "CHAR VARYING", "CHARACTER", "CHARACTER VARYING", "DATE",
    "DATETIME", "DEC", "DECFLOAT", "DECIMAL", "DOUBLE", "DOUBLE PRECISION", "FILE", "FLOAT", "FLOAT4", "FLOAT8",
    "GEOGRAPHY", "GEOMETRY", "INT", "INTEGER", "INTERVAL", "MAP", "NCHAR", "NCHAR VARYING", "NULL", "NUMBER", "NUMERIC",
    "NVARCHAR", "NVARCHAR2", "OBJECT", "REAL", "SMALLINT", "STRING", "TEXT", "TIME", "TIMESTAMP", "TIMESTAMPLTZ",
    "TIMESTAMPNTZ", "TIMESTAMPTZ", "TIMESTAMP_LTZ", "TIMESTAMP_NTZ", "TIMESTAMP_TZ", "TINYINT", "UUID", "VARBINARY",
    "VARCHAR", "VARIANT", "VECTOR", "RANGE", "UNION", "LIST", "STRUCT", "UNKNOWN",
})  # fmt: skip
"""Snowflake's names of types (sql-reference/intro-summary-data-types), and words that mean something else besides."""
_OPERATORS = frozenset({
    "<=>", "ISNULL", "NOTNULL", "==", "~~", "~~*", "~~~", "~*", "&<", "&>", "#>", "#>>", "|>", "<->", "<<->>", "-|-",
})  # fmt: skip


def keywords() -> dict[str, Any]:
    """The tokenizer's words without names of types and operators that Snowflake does not have."""
    known = Snowflake.Tokenizer.KEYWORDS
    types = Snowflake.Parser.TYPE_TOKENS
    return {
        word: token
        for word, token in known.items()
        if word not in _OPERATORS and (token not in types or word in _TYPES)
    }


ARROWS = frozenset({
    TokenType.ARROW, TokenType.DARROW, TokenType.HASH_ARROW, TokenType.DHASH_ARROW, TokenType.PLACEHOLDER,
})  # fmt: skip
"""Operators on documents; an arrow belongs to a lambda, and a path comes after a colon or in brackets."""
_SETS = frozenset({TokenType.UNION, TokenType.EXCEPT, TokenType.INTERSECT})
_PAIRS = frozenset({
    (TokenType.MAP, TokenType.L_BRACE), (TokenType.STRUCT, TokenType.L_BRACE),
    (TokenType.GROUP_BY, TokenType.DISTINCT),
})  # fmt: skip
"""Tokens of which the second does not follow the first."""
_TEMPORAL = frozenset({
    "DATE", "TIME", "DATETIME", "TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMPLTZ", "TIMESTAMPNTZ", "INTERVAL",
})  # fmt: skip


def typed_literals() -> dict[Any, Any]:
    """Types before a string: dates and times only have such constants (sql-reference/data-types-datetime)."""
    known = Snowflake.Parser.TYPE_LITERAL_PARSERS
    return dict(known) | {kind: _no_literal for kind in exp.DType if kind.name not in _TEMPORAL}


def _no_literal(_parser: Any, this: Any, _kind: Any) -> Any:
    raise syntax_error(1, 0, f"'{this.name}'" if this is not None else "<EOF>")


def hexadecimal(_parser: Any, token: Token) -> Any:
    """`x'1F'` is a binary (sql-reference/data-types-text), `0x1F` a number (sql-reference/functions/chr)."""
    if token.end - token.start == len(token.text) + 1:
        return exp.Literal.number(int(token.text, 16))
    return exp.HexString(this=token.text)


def is_sample(coming: Sequence[Token]) -> bool:
    """`SAMPLE [method] ( … )`; the number is per cent, or of ROWS (sql-reference/constructs/sample)."""
    kinds = [token.token_type for token in coming]
    if kinds[:1] != [TokenType.TABLE_SAMPLE] or TokenType.L_PAREN not in kinds[1:3]:
        return False
    if {TokenType.PERCENT, TokenType.MOD} & set(kinds):
        raise syntax_error(1, 0, "PERCENT")
    return True


def refuse_tokens(tokens: Sequence[Token]) -> None:
    """001003 for what the tree does not tell any more."""
    for at, (one, two) in enumerate(pairwise(tokens)):
        if (one.token_type, two.token_type) in _PAIRS or _is_number(one, two) or _is_place(one, two):
            raise _unexpected(two, two.text)
        word = two.text.upper()
        if word == "UNKNOWN" and (one.token_type is TokenType.IS or _ends(tokens, at, TokenType.IS, TokenType.NOT)):
            raise _unexpected(two, two.text)
        if word in ("CORRESPONDING", "STRICT") and _of_set(tokens, at):
            raise _unexpected(two, two.text)


def _ends(tokens: Sequence[Token], at: int, *kinds: TokenType) -> bool:
    return tuple(token.token_type for token in tokens[max(0, at + 1 - len(kinds)) : at + 1]) == kinds


def _of_set(tokens: Sequence[Token], at: int) -> bool:
    """Whether the tokens up to this one are those of a set operator."""
    if tokens[at].token_type in (TokenType.ALL, TokenType.DISTINCT):
        at -= 1
    return at >= 0 and tokens[at].token_type in _SETS


def _is_number(one: Token, two: Token) -> bool:
    """`1_000`, `0b01` and `0o17` are numbers elsewhere; they would be read as a number and its alias."""
    if one.token_type is not TokenType.NUMBER or two.start != one.end + 1 or two.token_type is not TokenType.VAR:
        return False
    return two.text[:1] == "_" or (one.text == "0" and two.text[:1] in "bBoO")


def _is_place(one: Token, two: Token) -> bool:
    """`$1` is a column by its place, `@1` is nothing."""
    return one.text == "@" and one.token_type is TokenType.PARAMETER and two.token_type is TokenType.NUMBER


def _unexpected(token: Token, text: str) -> Exception:
    return syntax_error(token.line, max(0, token.col - len(text)), text)
