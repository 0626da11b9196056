"""PIVOT and UNPIVOT (sql-reference/constructs/pivot, sql-reference/constructs/unpivot)."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from runner.sandbox.classes import dataclass
from runner.sandbox.errors import compilation, invalid_identifier, unsupported
from runner.sandbox.query import fine, types
from runner.sandbox.query.columns import name_of, reference
from runner.sandbox.query.comparing import comparable
from runner.sandbox.query.core import Col, E, Emitter, Expr, Relation, Scope
from runner.sandbox.query.expressions import as_common
from runner.sandbox.query.functions.session import constant
from runner.sandbox.query.literals import NULL
from runner.sandbox.query.presentation import setting_of
from runner.sandbox.query.relations import as_relation
from runner.sandbox.query.windows import order_by
from runner.sandbox.result import SnowType
from runner.sandbox.tokens import quote_identifier
from runner.sandbox.zones import joined

_PIVOTED = "$PIVOTED"


@dataclass(frozen=True, slots=True)
class _Value:
    """One value that becomes a column: its name there, and the value."""

    name: str
    value: E


def turned(emitter: Emitter, node: Expr, sql: str, relation: Relation) -> tuple[str, Relation]:
    """The relation turned by one PIVOT or UNPIVOT."""
    inner = emitter.within(emitter.world, Scope(parent=emitter.scope, relations=[relation]))
    if any(types.is_keyed(column.type) for column in relation.columns):
        raise unsupported("PIVOT and UNPIVOT of a relation with TIMESTAMP_TZ or collated columns")
    if node.args.get("unpivot") and len({fine.is_fine(column.type) for column in _moments(relation)}) > 1:
        raise unsupported("UNPIVOT of a relation in which only some moments have nanoseconds")
    if len(node.args["fields"]) != 1 or len(node.expressions) != 1:
        raise unsupported(f"{'UNPIVOT' if node.args.get('unpivot') else 'PIVOT'} of this form")
    unpivot = node.args.get("unpivot")
    made, columns = _unpivot(node, sql, relation) if unpivot else _pivot(inner, node, sql, relation)
    return as_relation(emitter, node, f"({made})", columns, relation.alias)


def _moments(relation: Relation) -> list[Col]:
    return [column for column in relation.columns if column.type is not None and column.type.name in fine.KINDS]


def _pivot(emitter: Emitter, node: Expr, sql: str, relation: Relation) -> tuple[str, list[Col]]:
    [given], [field] = node.expressions, node.args["fields"]
    alias = name_of(given.args["alias"]) if isinstance(given, exp.Alias) else ""
    call = given.this if isinstance(given, exp.Alias) else given
    if not isinstance(call, exp.Anonymous) or not call.expressions or isinstance(call.expressions[0], exp.Star):
        raise compilation(1046, "42601", "PIVOT needs an aggregate function of a column")
    about, argument = emitter.full(field.this), emitter.full(call.expressions[0])
    values = _values(emitter, field, sql, about)
    if not values:
        raise compilation(1046, "42601", "PIVOT has no values to turn into columns")
    used = {name_of(c.this) for part in (field.this, call.expressions[0]) for c in part.find_all(exp.Column)}
    keys = [column for column in relation.columns if column.name not in used]
    made = [_aggregated(emitter, node, call, about, argument, one) for one in values]
    suffix = f"_{alias}" if alias else ""
    columns = [replace(key, sql=None, noted=()) for key in keys]
    columns += [Col(one.name + suffix, e.type) for one, e in zip(values, made, strict=True)]
    listed = [*(reference(relation, key).sql for key in keys), *(e.sql for e in made)]
    shown = ", ".join(f"{each} AS {quote_identifier(c.name)}" for each, c in zip(listed, columns, strict=True))
    group = f" GROUP BY {', '.join(str(at) for at in range(1, len(keys) + 1))}" if keys else ""
    return f"SELECT {shown} FROM {sql}{group}", columns


def _aggregated(emitter: Emitter, node: Expr, call: exp.Anonymous, about: E, argument: E, one: _Value) -> E:
    """The aggregate over the rows that have the value."""
    a, b = comparable(about, one.value)
    test = f"{about.sql} IS NULL" if one.value.kind == "NULL" else f"{a.sql} = {b.sql}"
    chosen = Col(_PIVOTED, argument.type, sql=f"CASE WHEN {test} THEN {argument.sql} END")
    scope = Scope(parent=emitter.scope, relations=[Relation("", [chosen])])
    copy = call.copy()
    copy.expressions[0].replace(exp.Column(this=exp.to_identifier(_PIVOTED, quoted=True)))
    found = emitter.within(emitter.world, scope).full(copy)
    default = node.args.get("default_on_null")
    if not isinstance(default, exp.Expr):
        return found
    other = emitter.full(default)
    kind = types.common([found.type, other.type])
    return E(f"coalesce({as_common(found, kind).sql}, {as_common(other, kind).sql})", kind)


def _values(emitter: Emitter, field: Expr, sql: str, about: E) -> list[_Value]:
    """The values in the list; ANY and a query are asked for theirs when the statement is compiled."""
    [first, *_] = field.expressions
    query = first.this if isinstance(first, exp.Subquery) else first
    if isinstance(query, exp.Query) and len(field.expressions) == 1:
        found, columns = emitter.query(query)
        if len(columns) != 1:
            raise compilation(1789, "42601", "the subquery of PIVOT must have exactly one column")
        return _asked(emitter, found, columns[0].type)
    if isinstance(first, exp.PivotAny):
        order = order_by(emitter, first.this) if first.this is not None else "ORDER BY 1"
        text = f"SELECT DISTINCT {about.sql} AS v FROM {sql} {order if first.this is None else ''}"
        if first.this is not None:
            text = f"SELECT v FROM (SELECT {about.sql} AS v, row_number() OVER ({order}) AS n FROM {sql}) GROUP BY v"
            text += " ORDER BY min(n)"
        return _asked(emitter, text, about.type)
    return [_listed(emitter, item) for item in field.expressions]


def _listed(emitter: Emitter, item: Expr) -> _Value:
    inner = item.this if isinstance(item, (exp.PivotAlias, exp.Alias)) else item
    value = emitter.full(inner)
    if inner is not item:
        alias = item.args["alias"]
        return _Value(alias.name if isinstance(alias, exp.Literal) else name_of(alias), value)
    if isinstance(inner, exp.Literal):
        return _Value(f"'{inner.name}'" if inner.is_string else inner.name, value)
    return _Value(inner.sql("snowflake").upper(), value)


def _asked(emitter: Emitter, sql: str, kind: SnowType | None) -> list[_Value]:
    """The distinct values that a query gives, in its order."""
    world = emitter.world
    world.stable = False
    with world.caller.storage.cursor(setting_of(world.caller.session.parameters)) as cursor:
        for name, table in world.tables.items():
            cursor.register(name, table)
        try:
            found = [joined(row[0]) for row in cursor.execute(f"SELECT v FROM ({sql}) AS asked(v)").fetchall()]
        finally:
            for name in world.tables:
                cursor.unregister(name)
    return [_Value(_shown(value), _constant(value, kind)) for value in dict.fromkeys(found)]


def _constant(value: object, kind: SnowType | None) -> E:
    if value is None:
        return E("NULL", NULL)
    found = constant(value)
    return types.cast(found, kind) if fine.is_fine(kind) and kind else replace(found, type=kind or found.type)


def _shown(value: object) -> str:
    if value is None or isinstance(value, bool):
        return "NULL" if value is None else str(value).upper()
    return str(value) if isinstance(value, (int, float)) or hasattr(value, "as_tuple") else f"'{value}'"


def _unpivot(node: Expr, sql: str, relation: Relation) -> tuple[str, list[Col]]:
    """A row for every listed column; rows whose value is NULL are left out, unless INCLUDE NULLS."""
    [given], [field] = node.expressions, node.args["fields"]
    turned_columns = [_source(relation, item) for item in field.expressions]
    kept = [c for c in relation.columns if c.name not in {column.name for column, _ in turned_columns}]
    found = [reference(relation, column) for column, _ in turned_columns]
    kind = _one_kind(found)
    names = ", ".join(types.quoted(name) for _, name in turned_columns)
    values = ", ".join(as_common(e, kind).sql for e in found)
    value_name, name_name = name_of(_identifier(given)), name_of(_identifier(field.this))
    shown = [f"{reference(relation, c).sql} AS {quote_identifier(c.name)}" for c in kept]
    shown += [f"unnest([{names}]) AS {quote_identifier(name_name)}"]
    shown += [f"unnest([{values}]) AS {quote_identifier(value_name)}"]
    made = f"SELECT {', '.join(shown)} FROM {sql}"
    if not node.args.get("include_nulls"):
        made = f"SELECT * FROM ({made}) WHERE {quote_identifier(value_name)} IS NOT NULL"
    columns = [replace(c, sql=None, noted=()) for c in kept]
    return made, [*columns, Col(name_name, types.TEXT), Col(value_name, kind)]


def _source(relation: Relation, item: Expr) -> tuple[Col, str]:
    """A column of the list, and what the name column says of it."""
    inner = item.this if isinstance(item, (exp.PivotAlias, exp.Alias)) else item
    name = name_of(_identifier(inner))
    column = relation.find(name)
    if column is None:
        raise invalid_identifier(name)
    if inner is item:
        return column, name
    alias = item.args["alias"]
    return column, alias.name if isinstance(alias, exp.Literal) else name_of(_identifier(alias))


def _identifier(node: Expr) -> Expr:
    return node.this if isinstance(node, exp.Column) else node


def _one_kind(found: list[E]) -> SnowType | None:
    """Columns that are turned must be of one type."""
    kinds = {e.kind for e in found if e.kind}
    if len(kinds) > 1:
        raise compilation(1054, "42601", f"UNPIVOT needs columns of one type, not {', '.join(sorted(kinds))}")
    return types.common([e.type for e in found]) or found[0].type
