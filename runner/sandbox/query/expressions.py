"""Expressions that are no functions: operators, predicates, CASE, casts, literals, windows."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from runner.sandbox.errors import SnowflakeError, compilation, syntax_error, unsupported
from runner.sandbox.query import arithmetic, collation, fine, row_values, types, weeks
from runner.sandbox.query.columns import column, name_of, positional
from runner.sandbox.query.comparing import comparable, in_order
from runner.sandbox.query.core import E, Emitter, Expr
from runner.sandbox.query.intervals import interval
from runner.sandbox.query.literals import NULL, boolean, hex_string, literal, null, raw_string
from runner.sandbox.query.stars import starred
from runner.sandbox.query.types import BOOL, SEMI, VARIANT, cast, quoted
from runner.sandbox.query.windows import ignore_nulls, sorting_key, window
from runner.sandbox.result import SnowType

Rule = Callable[[Emitter, Expr], E]


def paren(emitter: Emitter, node: Expr) -> E:
    inner = emitter.full(node.this)
    return E(f"({inner.sql})", inner.type, literal=inner.literal)


def condition(emitter: Emitter, node: Expr) -> E:
    """A value used as a truth."""
    value = emitter.expr(node)
    return value if value.kind in ("BOOLEAN", "") else cast(value, BOOL)


def _joined(word: str) -> Rule:
    def rule(emitter: Emitter, node: Expr) -> E:
        # A chain of a thousand ANDs is a tree a thousand deep: walked here, not recursed.
        operands, current = [node.expression], node.this
        while type(current) is type(node):
            operands.append(current.expression)
            current = current.this
        parts = [condition(emitter, operand).sql for operand in (current, *reversed(operands))]
        return E("(" + f" {word} ".join(parts) + ")", BOOL)

    return rule


def negation(emitter: Emitter, node: Expr) -> E:
    return E(f"(NOT {condition(emitter, node.this).sql})", BOOL)


def _compared(operator: str) -> Rule:
    def rule(emitter: Emitter, node: Expr) -> E:
        if isinstance(node.expression, (exp.Any, exp.All)) or isinstance(node.this, exp.Tuple):
            return row_values.compared(emitter, node, operator)
        a, b = comparable(emitter.full(node.this), emitter.full(node.expression))
        return E(
            f"({sorting_key(a)} {operator} {sorting_key(b)})"
            if a.kind in SEMI and b.kind in SEMI
            else in_order(a, operator, b),
            BOOL,
        )

    return rule


def is_(emitter: Emitter, node: Expr) -> E:
    what = node.expression
    negated = isinstance(what, exp.Not)
    target = what.this if negated else what
    if not isinstance(target, (exp.Null, exp.Boolean)):
        raise unsupported(f"IS {target.sql('snowflake')}")
    word = "NULL" if isinstance(target, exp.Null) else "TRUE" if target.this else "FALSE"
    return E(f"({emitter.full(node.this).sql} IS {'NOT ' if negated else ''}{word})", BOOL)


def between(emitter: Emitter, node: Expr) -> E:
    value = emitter.full(node.this)
    low, high = emitter.full(node.args["low"]), emitter.full(node.args["high"])
    a, low = comparable(value, low)
    b, high = comparable(value, high)
    return E(f"({in_order(a, '>=', low)} AND {in_order(b, '<=', high)})", BOOL)


def exists(emitter: Emitter, node: Expr) -> E:
    inner = node.this
    sql, _ = emitter.query(inner.this if isinstance(inner, exp.Subquery) else inner)
    return E(f"(EXISTS ({sql}))", BOOL)


def scalar_query(emitter: Emitter, node: Expr) -> E:
    """A query in parentheses as a value."""
    sql, columns = emitter.query(node)
    if len(columns) != 1:
        raise compilation(1789, "42601", "a subquery used as a value must have exactly one column")
    return E(f"({sql})", columns[0].type)


def case(emitter: Emitter, node: Expr) -> E:
    subject = emitter.full(node.this) if node.this is not None else None
    whens = [(_when(emitter, subject, branch.this), emitter.full(branch.args["true"])) for branch in node.args["ifs"]]
    default = node.args.get("default")
    other = emitter.full(default) if default is not None else E("NULL", NULL)
    return conditional(whens, other)


def _when(emitter: Emitter, subject: E | None, node: Expr) -> str:
    if subject is None:
        return condition(emitter, node).sql
    a, b = comparable(subject, emitter.full(node))
    return f"{a.sql} = {b.sql}"


def filtering(emitter: Emitter, node: Expr) -> E:
    """A condition that chooses rows: what it looks at does not come out."""
    with emitter.world.watch.aside():
        return condition(emitter, node)


def conditional(whens: list[tuple[str, E]], other: E) -> E:
    """CASE WHEN …, all results as the one type they have in common."""
    kind = types.in_common([*(value for _, value in whens), other])
    branches = " ".join(f"WHEN {test} THEN {as_common(value, kind).sql}" for test, value in whens)
    return E(f"CASE {branches} ELSE {as_common(other, kind).sql} END", kind or _only_null(whens, other))


def _only_null(whens: list[tuple[str, E]], other: E) -> SnowType | None:
    return NULL if all(e.kind == "NULL" for e in (*[value for _, value in whens], other)) else None


def as_common(e: E, kind: SnowType | None) -> E:
    """A value as the type of the whole; text and numbers of other facets stay as they are."""
    same = kind is not None and e.kind == kind.name and kind.name != "NUMBER" and fine.is_fine(e.type) == kind.fine
    if kind is None or e.kind in ("NULL", "") or same:
        return e
    if e.kind == "NUMBER" and kind.name == "NUMBER":
        return e if e.type and e.type.scale == kind.scale else cast(e, kind)
    return cast(e, types.TEXT if kind.name == "VARCHAR" else kind)


def cast_(emitter: Emitter, node: Expr) -> E:
    return _cast_to(emitter, emitter.full(node.this), node)


def _cast_to(emitter: Emitter, value: E, node: Expr) -> E:
    mapping = emitter.world.context.session.parameters.get("TIMESTAMP_TYPE_MAPPING", "TIMESTAMP_NTZ")
    return types.converted(value, types.read(node.args["to"], mapping))


def try_cast(emitter: Emitter, node: Expr) -> E:
    """Only of text; what does not fit is NULL (sql-reference/functions/try_cast)."""
    value = emitter.full(node.this)
    return fine.beforehand(lambda one: _tried_cast(one, _cast_to(emitter, one, node)), value)


def _tried_cast(value: E, done: E) -> E:
    if value.type is not None and value.kind not in ("VARCHAR", "NULL"):
        raise compilation(
            1065, "22023", f"Function TRY_CAST cannot be used with arguments of types {value.kind} and {done.kind}"
        )
    if done.type is not None and done.kind == "VARCHAR":
        return E(f"CASE WHEN length({value.sql}) <= {done.type.length} THEN {value.sql} END", done.type)
    return types.attempted(done)


def to_boolean(emitter: Emitter, node: Expr) -> E:
    """What the parser makes of TRY_CAST(… AS BOOLEAN)."""
    done = cast(emitter.expr(node.this), BOOL)
    return types.attempted(done) if node.args.get("safe") else done


def like(word: str) -> Rule:
    def rule(emitter: Emitter, node: Expr) -> E:
        return _like(emitter, node, word, "")

    return rule


def escape(emitter: Emitter, node: Expr) -> E:
    word = "ILIKE" if isinstance(node.this, exp.ILike) else "LIKE"
    if not isinstance(node.this, (exp.Like, exp.ILike)):
        raise unsupported("ESCAPE of this form")
    return _like(emitter, node.this, word, f" ESCAPE {emitter.expr(node.expression).sql}")


def _like(emitter: Emitter, node: Expr, word: str, tail: str) -> E:
    subject = cast(emitter.full(node.this), types.TEXT, implicit=True).sql
    pattern = node.expression
    if isinstance(pattern, (exp.Any, exp.All)):
        inner = pattern.this
        if not isinstance(inner, exp.Tuple | exp.Paren | exp.Subquery):
            raise syntax_error(1, 0, inner.sql("snowflake")[:60])
        patterns = inner.expressions if isinstance(inner, exp.Tuple) else [inner.this]
        glue = " OR " if isinstance(pattern, exp.Any) else " AND "
        return E("(" + glue.join(f"{subject} {word} {emitter.expr(p).sql}{tail}" for p in patterns) + ")", BOOL)
    return E(f"({subject} {word} {emitter.expr(pattern).sql}{tail})", BOOL)


def rlike(emitter: Emitter, node: Expr) -> E:
    subject = cast(emitter.full(node.this), types.TEXT, implicit=True)
    pattern = emitter.expr(node.expression)
    return E(f"regexp_full_match({subject.sql}, {pattern.sql}, '')", BOOL)


def concatenation(emitter: Emitter, node: Expr) -> E:
    operands, current = [node.expression], node.this
    while type(current) is exp.DPipe:
        operands.append(current.expression)
        current = current.this
    return joined_texts([emitter.full(operand) for operand in (current, *reversed(operands))])


def joined_texts(given: list[E]) -> E:
    """Texts put together: as long as all of them may be (sql-reference/functions/concat)."""
    known = [e.type.length for e in given if e.type is not None and e.kind == "VARCHAR" and e.type.length]
    length = min(sum(known), types.TEXT.length or 0) if len(known) == len(given) else types.TEXT.length or 0
    parts = [cast(e, types.TEXT).sql if e.kind != "VARCHAR" else e.sql for e in given]
    return E("(" + " || ".join(parts) + ")", types.text(length))


def safe_equal(operator: str) -> Rule:
    def rule(emitter: Emitter, node: Expr) -> E:
        a, b = comparable(emitter.full(node.this), emitter.full(node.expression))
        return E(f"({a.sql} {operator} {b.sql})", BOOL)

    return rule


def collate(emitter: Emitter, node: Expr) -> E:
    """`text COLLATE 'en-ci'`."""
    return with_collation(emitter.expr(node.this), emitter.expr(node.expression))


def with_collation(value: E, name: E) -> E:
    if value.kind not in ("VARCHAR", "NULL") or name.literal is None:
        raise compilation(1015, "22023", "COLLATE takes a text and the name of a collation, a constant")
    collation.key("", name.literal)
    kind = collation.plain(value.type) if value.type and value.kind == "VARCHAR" else types.TEXT
    return E(value.sql, collation.collated(kind, name.literal, explicit=True))


def path(emitter: Emitter, node: Expr) -> E:
    """`v:a.b[0]`: a walk into a VARIANT."""
    base = emitter.expr(node.this)
    steps = node.expression
    if not isinstance(steps, exp.JSONPath):
        raise unsupported(f"path {steps.sql('snowflake')}")
    if base.type is not None and base.kind not in SEMI:
        raise compilation(
            1044, "42P13", f"error line 0 at position -1\nInvalid argument types for function 'GET': ({base.kind})"
        )
    return E(f"({base.sql} -> {quoted(json_path(steps))})", VARIANT)


def json_path(steps: exp.JSONPath) -> str:
    text = "$"
    for step in steps.expressions:
        if isinstance(step, exp.JSONPathKey):
            text += '."' + str(step.this).replace('"', '\\"') + '"'
        elif isinstance(step, exp.JSONPathSubscript):
            text += f"[{step.this}]"
        elif not isinstance(step, exp.JSONPathRoot):
            raise unsupported("wildcard in a path")
    return text


def bracket(emitter: Emitter, node: Expr) -> E:
    """`v['key']`, `v[0]`, also with a computed index."""
    base = emitter.expr(node.this)
    index = emitter.expr(node.expressions[0])
    if index.kind == "NUMBER":
        return E(f"({base.sql} -> CAST({index.sql} AS BIGINT))", VARIANT)
    return E(f"({base.sql} -> ('$.\"' || {cast(index, types.TEXT).sql} || '\"'))", VARIANT)


def extract(emitter: Emitter, node: Expr) -> E:
    return arithmetic.date_part(name_of(node.this), emitter.full(node.expression), weeks.of(emitter))


_ABSENT = "'\"\\u0001absent\"'::JSON"
"""What `sf_without_absent` takes away."""


def struct(emitter: Emitter, node: Expr) -> E:
    """An object constant: `{'a': 1}`, and `{*}` of all columns."""
    if len(node.expressions) == 1 and (columns := starred(emitter, node.expressions[0])) is not None:
        shown = ", ".join(f"{quoted(one.name)}, coalesce({types.as_variant(one.value)}, {_ABSENT})" for one in columns)
        return E(f"sf_without_absent(json_object({shown}))", types.OBJECT)
    pairs = {}
    for item in node.expressions:
        if not isinstance(item, exp.PropertyEQ):
            raise unsupported("object constant of this form")
        if item.this.name in pairs:
            raise SnowflakeError(100103, "22000", f"Duplicate field key '{item.this.name}'")
        pairs[item.this.name] = types.as_variant(emitter.full(item.expression))
    shown = ", ".join(f"{quoted(name)}, {pairs[name]}" for name in sorted(pairs))
    return E(f"json_object({shown})", types.OBJECT)


def array(emitter: Emitter, node: Expr) -> E:
    items = ", ".join(types.as_variant(emitter.full(item)) for item in node.expressions)
    return E(f"json_array({items})", types.ARRAY)


EMIT: dict[type[Expr], Rule] = {
    exp.Literal: literal, exp.RawString: raw_string, exp.HexString: hex_string, exp.Null: null,
    exp.Boolean: boolean, exp.Paren: paren, exp.And: _joined("AND"), exp.Or: _joined("OR"), exp.Not: negation,
    exp.EQ: _compared("="), exp.NEQ: _compared("<>"), exp.GT: _compared(">"), exp.GTE: _compared(">="),
    exp.LT: _compared("<"), exp.LTE: _compared("<="), exp.Is: is_, exp.Between: between, exp.In: row_values.in_,
    exp.Exists: exists, exp.Subquery: scalar_query, exp.Select: scalar_query, exp.Case: case, exp.Cast: cast_,
    exp.TryCast: try_cast, exp.ToBoolean: to_boolean, exp.Like: like("LIKE"), exp.ILike: like("ILIKE"),
    exp.Escape: escape,
    exp.Collate: collate,
    exp.RegexpLike: rlike, exp.DPipe: concatenation, exp.NullSafeEQ: safe_equal("IS NOT DISTINCT FROM"),
    exp.NullSafeNEQ: safe_equal("IS DISTINCT FROM"), exp.JSONExtract: path, exp.Bracket: bracket,
    exp.Window: window, exp.IgnoreNulls: ignore_nulls("IGNORE NULLS"), exp.Tuple: row_values.row,
    exp.RespectNulls: ignore_nulls("RESPECT NULLS"), exp.Interval: interval, exp.Extract: extract,
    exp.Struct: struct, exp.Array: array, exp.Add: arithmetic.add, exp.Sub: arithmetic.subtract,
    exp.Mul: arithmetic.multiply, exp.Div: arithmetic.divide, exp.Mod: arithmetic.modulo, exp.Neg: arithmetic.negate,
}  # fmt: skip
EMIT[exp.Column] = column  # type: ignore[assignment]
EMIT[exp.Parameter] = positional
