"""The SELECT list with its stars, and the clauses that follow FROM."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.query import expressions, types, windows
from runner.sandbox.query.columns import name_of
from runner.sandbox.query.core import E, Emitter, Expr
from runner.sandbox.query.functions.aggregates import AGGREGATES
from runner.sandbox.query.naming import as_written, everywhere, generated, plain_name
from runner.sandbox.query.stars import Selected as Selected, starred
from runner.sandbox.query.watch import guards
from runner.sandbox.tokens import quote_identifier


def projections(emitter: Emitter, node: exp.Select) -> list[Selected]:
    """The SELECT list, every star written out."""
    for item in node.expressions:
        if isinstance(item, exp.Alias):
            emitter.scope.aliases.setdefault(name_of(item.args["alias"]), item.this)
    chosen: list[Selected] = []
    for at, item in enumerate(node.expressions):
        chosen += _item(emitter, item, at)
    if not chosen:
        raise compilation(1003, "42000", "the SELECT list has no columns")
    return chosen


def _item(emitter: Emitter, item: Expr, at: int) -> list[Selected]:
    with emitter.world.watch.aside():
        columns = starred(emitter, item)
    if columns is not None:
        return columns
    if isinstance(item, exp.Aliases):
        raise unsupported("several aliases for one expression")
    name = plain_name(item)
    shown = name if name is not None else _unnamed(emitter, item, at)
    with emitter.world.watch.aside() as seen:
        value = emitter.full(item)
    return [Selected(shown, value, unnamed=name is None, guards=guards(emitter.world.watch, seen))]


def _unnamed(emitter: Emitter, item: Expr, at: int) -> str:
    """The expression as it was written, in upper case."""
    world = emitter.world
    if world.text is None or emitter.scope.parent is None:
        if not world.path and at < len(world.written):
            return world.written[at]
        return generated(item)
    if world.names is None:
        world.names = everywhere(world.text, world.source)
    return as_written(item, world.names)


def body(emitter: Emitter, node: exp.Select, from_sql: str, chosen: list[Selected]) -> str:
    """The whole SELECT. Its clauses after FROM look at columns that they do not show."""
    with emitter.world.watch.aside():
        return _body(emitter, node, from_sql, chosen)


def _body(emitter: Emitter, node: exp.Select, from_sql: str, chosen: list[Selected]) -> str:
    shown = _grouped(emitter, node, chosen) if node.args.get("group") else chosen
    parts = ["SELECT ", _distinct(node, shown), _listed(shown), from_sql]
    if where := node.args.get("where"):
        parts.append(f" WHERE {expressions.condition(emitter, where.this).sql}")
    if node.args.get("group"):
        parts.append(" GROUP BY " + _group(emitter, node, chosen))
    if having := node.args.get("having"):
        parts.append(f" HAVING {expressions.condition(emitter, having.this).sql}")
    if qualify := node.args.get("qualify"):
        parts.append(f" QUALIFY {expressions.condition(emitter, qualify.this).sql}")
    if (order := node.args.get("order")) and _all_keys(order):
        parts.append(" ORDER BY " + ", ".join(_by_place(order.expressions[0], chosen)))
    elif order:
        parts.append(" ORDER BY " + ", ".join(_key(emitter, item, chosen) for item in order.expressions))
    return "".join(parts) + limits(emitter, node)


def _all_keys(order: Expr) -> bool:
    """ORDER BY ALL: every column of the result, from the left (sql-reference/constructs/order-by)."""
    key = order.expressions[0].this
    bare = isinstance(key, exp.Column) and len(key.parts) == 1 and not key.this.args.get("quoted")
    return len(order.expressions) == 1 and bare and name_of(key.this) == "ALL"


def _by_place(item: Expr, chosen: list[Selected]) -> list[str]:
    return [windows.direction(item, _placed(one, str(place))) for place, one in enumerate(chosen, 1)]


def _placed(one: Selected, sql: str) -> str:
    """A result column as a key; semi-structured values have one of their own."""
    return windows.sorting_key(one.value) if one.value.kind in types.SEMI or types.is_keyed(one.value.type) else sql


def limits(emitter: Emitter, node: Expr) -> str:
    """LIMIT, FETCH, TOP and OFFSET."""
    sql = ""
    if limit := node.args.get("limit"):
        options = limit.args.get("limit_options")
        if options is not None and (options.args.get("with_ties") or options.args.get("percent")):
            raise unsupported("LIMIT WITH TIES or PERCENT")
        amount = limit.args.get("count") if isinstance(limit, exp.Fetch) else limit.expression
        if amount is not None and (count := _row_count(emitter, amount)):
            sql += f" LIMIT {count}"
    if (offset := node.args.get("offset")) and (start := _row_count(emitter, offset.expression)):
        sql += f" OFFSET {start}"
    return sql


def _row_count(emitter: Emitter, node: Expr) -> str:
    """A whole number, written as such; NULL and an empty text are none (sql-reference/constructs/limit)."""
    if isinstance(node, exp.Null) or (isinstance(node, exp.Literal) and node.is_string and not node.name):
        return ""
    number = node.this if isinstance(node, exp.Neg) else node
    whole = isinstance(number, exp.Literal) and not number.is_string and number.name.isdigit()
    if not whole and not isinstance(number, exp.Parameter | exp.Placeholder):
        raise compilation(1015, "22023", f"Invalid row count '{node.sql('snowflake')}' in limit clause")
    return emitter.expr(node).sql


def _grouped(emitter: Emitter, node: exp.Select, chosen: list[Selected]) -> list[Selected]:
    """Moments with equal instants, texts with equal keys are one group: any of them is shown."""
    group = node.args["group"]
    values = [_group_value(emitter, item, chosen) for item in group.expressions if not _several(item)]
    if group.args.get("all"):
        values = _all_values(node, chosen)
    keys = {_bare(value.sql) for value in values if types.is_keyed(value.type)}
    if not keys or len(chosen) != len(node.expressions):
        return chosen
    return [_of_group(item, one, keys) for item, one in zip(node.expressions, chosen, strict=True)]


def _bare(sql: str) -> str:
    """A name of the SELECT list stands for its expression in parentheses."""
    return sql[1:-1] if sql.startswith("(") and sql.endswith(")") and types.one_call(sql) else sql


def _of_group(item: Expr, one: Selected, keys: set[str]) -> Selected:
    """A column of the result in which the keys stand for one value of the group."""
    if _aggregated(item):
        return one
    sql = one.value.sql
    for key in keys:
        sql = sql.replace(key, f"any_value({key})")
    return replace(one, value=replace(one.value, sql=sql))


def _aggregated(item: Expr) -> bool:
    return any(call.name.upper() in AGGREGATES for call in item.find_all(exp.Anonymous))


def _all_values(node: exp.Select, chosen: list[Selected]) -> list[E]:
    """What GROUP BY ALL means, where the SELECT list says one column an item."""
    if len(chosen) != len(node.expressions):
        return []
    pairs = zip(node.expressions, chosen, strict=True)
    return [one.value for item, one in pairs if not _aggregated(item) and not item.find(exp.Window)]


def _several(item: Expr) -> bool:
    return isinstance(item, (exp.Rollup, exp.Cube, exp.GroupingSets))


def _distinct(node: exp.Select, chosen: list[Selected]) -> str:
    distinct = node.args.get("distinct")
    if distinct is None:
        return ""
    if distinct.args.get("on") is not None:
        raise unsupported("DISTINCT ON")
    if any(types.is_keyed(one.value.type) for one in chosen):
        return f"DISTINCT ON ({', '.join(types.instant(one.value).sql for one in chosen)}) "
    return "DISTINCT "


def _listed(chosen: list[Selected]) -> str:
    return ", ".join(f"{one.value.sql} AS {quote_identifier(one.name)}" for one in chosen)


def _group(emitter: Emitter, node: exp.Select, chosen: list[Selected]) -> str:
    group = node.args["group"]
    if group.args.get("all"):
        values = _all_values(node, chosen)
        # The engine has no QUALIFY beside GROUP BY ALL: what ALL means is written out.
        written_out = node.args.get("qualify") or any(types.is_keyed(value.type) for value in values)
        keys = [types.instant(value).sql for value in values if value.literal is None]
        return (", ".join(keys) or "()") if written_out else "ALL"
    if group.args.get("totals"):
        raise unsupported("GROUP BY … WITH TOTALS")
    return ", ".join(_group_item(emitter, item, chosen) for item in group.expressions)


def _group_item(emitter: Emitter, item: Expr, chosen: list[Selected]) -> str:
    if isinstance(item, (exp.Rollup, exp.Cube)):
        word = "ROLLUP" if isinstance(item, exp.Rollup) else "CUBE"
        return f"{word} ({', '.join(_group_key(emitter, key, chosen) for key in item.expressions)})"
    if isinstance(item, exp.GroupingSets):
        return "GROUPING SETS (" + ", ".join(_set(emitter, one) for one in item.expressions) + ")"
    return _group_key(emitter, item, chosen)


def _set(emitter: Emitter, item: Expr) -> str:
    inner = item.expressions if isinstance(item, exp.Tuple) else [item.this if isinstance(item, exp.Paren) else item]
    return "(" + ", ".join(emitter.full(key).sql for key in inner) + ")"


def _group_key(emitter: Emitter, item: Expr, chosen: list[Selected]) -> str:
    return types.instant(_group_value(emitter, item, chosen)).sql


def _group_value(emitter: Emitter, item: Expr, chosen: list[Selected]) -> E:
    if isinstance(item, exp.Literal) and not item.args.get("is_string"):
        if not 1 <= int(item.name) <= len(chosen):
            raise compilation(2024, "42601", f"Group by position {item.name} is out of range")
        return chosen[int(item.name) - 1].value
    return emitter.full(item)


def _key(emitter: Emitter, item: Expr, chosen: list[Selected]) -> str:
    """An ORDER BY key: a position, the name of a result column, or any expression."""
    node = item.this
    if isinstance(node, exp.Literal) and not node.args.get("is_string"):
        if not 1 <= int(node.name) <= len(chosen):
            raise compilation(2024, "42601", f"Order by expression position {node.name} is out of range")
        return windows.ordered(emitter, item, _placed(chosen[int(node.name) - 1], str(int(node.name))))
    name = plain_name(node) if isinstance(node, exp.Column) and len(node.parts) == 1 else None
    if name is not None and (place := next((at for at, one in enumerate(chosen, 1) if one.name == name), None)):
        return windows.ordered(emitter, item, _placed(chosen[place - 1], _called(chosen, place)))
    return windows.ordered(emitter, item)


def _called(chosen: list[Selected], place: int) -> str:
    """How the engine knows a column of the result: by its place where another's name differs by case alone."""
    name = chosen[place - 1].name
    alone = all(one.name == name or one.name.casefold() != name.casefold() for one in chosen)
    return quote_identifier(name) if alone else str(place)
