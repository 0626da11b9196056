"""Joins: ON, USING, NATURAL, ASOF with its MATCH_CONDITION, and the outer joins that WHERE marks by (+)."""

from __future__ import annotations

from sqlglot import exp

from runner.sandbox.errors import compilation, invalid_identifier, unsupported
from runner.sandbox.query import expressions, fine, inputs, sources, types
from runner.sandbox.query.columns import name_of, note, reference
from runner.sandbox.query.comparing import comparable
from runner.sandbox.query.core import Col, Emitter, Expr, Relation
from runner.sandbox.tokens import quote_identifier


def join(emitter: Emitter, node: Expr) -> str:
    """Engine SQL of a join, its relation added to the scope."""
    method = str(node.args.get("method") or "").upper()
    if method not in ("", "NATURAL", "ASOF"):
        raise unsupported(f"{method} JOIN")
    if str(node.args.get("kind") or "").upper() in ("SEMI", "ANTI"):
        raise unsupported(f"{str(node.args['kind']).upper()} JOIN")
    sql, relation = inputs.counted(emitter, *sources.source(emitter, node.this))
    with emitter.world.watch.aside():
        return _joined(emitter, node, sql, relation)


def _joined(emitter: Emitter, node: Expr, sql: str, relation: Relation) -> str:
    method = str(node.args.get("method") or "").upper()
    before = list(emitter.scope.relations)
    if any(other.alias == relation.alias for other in before):
        raise compilation(1000, "42601", f"duplicate alias '{relation.alias}'")
    emitter.scope.relations.append(relation)
    return (_asof if method == "ASOF" else _plain)(emitter, node, sql, before, relation)


def _plain(emitter: Emitter, node: Expr, sql: str, before: list[Relation], relation: Relation) -> str:
    words = [str(node.args.get(word) or "").upper() for word in ("method", "side", "kind")]
    phrase = " ".join(word for word in words if word and word != "OUTER")
    if on := node.args.get("on"):
        return f"{phrase} JOIN {sql} ON {expressions.filtering(emitter, on).sql}"
    if using := node.args.get("using"):
        if words[1] in _OF_THE_LEFT and _unlike(emitter, list(map(name_of, using)), before, relation):
            return f"{phrase} JOIN {sql} ON {' AND '.join(_equal(item, before, relation) for item in using)}"
        return f"{phrase} JOIN {sql} USING ({', '.join(_using(emitter, item, before, relation) for item in using)})"
    if "NATURAL" in words:
        shared = {c.name for c in relation.columns} & {c.name for other in before for c in other.columns}
        if words[1] in _OF_THE_LEFT and _unlike(emitter, sorted(shared), before, relation):
            conditions = [_equal(exp.to_identifier(name, quoted=True), before, relation) for name in sorted(shared)]
            return f"{words[1]} JOIN {sql} ON {' AND '.join(conditions)}".strip()
        for name in shared:
            _refuse_zoned(name, [*before, relation])
        _merge(emitter, shared, [*before, relation])
        return f"{phrase} JOIN {sql}"
    return f"CROSS JOIN {sql}" if not words[1] else f"{phrase} JOIN {sql} ON TRUE"


_OF_THE_LEFT = frozenset({"", "LEFT"})
"""Joins in which a column of USING is always the left side's."""


def _unlike(emitter: Emitter, names: list[str], before: list[Relation], relation: Relation) -> bool:
    """Whether the two sides keep a column that joins them in different ways, or in one that the engine's USING does
    not know; and no earlier join has made the column of two.
    """
    sides = [[side.find(name) for side in before if name not in side.hidden and side.find(name)] for name in names]
    pairs = [(found[0], relation.find(name)) for found, name in zip(sides, names, strict=True) if len(found) == 1]
    if len(pairs) < len(names) or emitter.scope.merged & {*names}:
        return False
    kinds = [(a.type, b.type) for a, b in pairs if a is not None and b is not None]
    return any(fine.is_fine(a) != fine.is_fine(b) or types.is_keyed(a) or types.is_keyed(b) for a, b in kinds)


def _using(emitter: Emitter, item: Expr, before: list[Relation], relation: Relation) -> str:
    name = name_of(item)
    if relation.find(name) is None or not any(other.find(name) for other in before):
        raise invalid_identifier(name)
    _refuse_zoned(name, [*before, relation])
    _merge(emitter, {name}, [*before, relation])
    return quote_identifier(name)


def _refuse_zoned(name: str, sides: list[Relation]) -> None:
    """Two moments with different offsets may be equal, and two texts, which the engine's USING does not know."""
    known = {column.name for side in sides for column in side.columns if column.name.casefold() == name.casefold()}
    if len(known) > 1:
        raise unsupported(f"a join USING one of the columns {', '.join(sorted(known))} (write ON)")
    found = [column for side in sides if (column := side.find(name)) is not None]
    if len({fine.is_fine(column.type) for column in found}) > 1:
        raise unsupported(f"a join USING the column {name}, which has nanoseconds on one side alone (write ON)")
    if any(types.is_keyed(column.type) for column in found):
        raise unsupported(f"a join USING the {_shown(found)} column {name} (write ON)")


def _merge(emitter: Emitter, names: set[str], sides: list[Relation]) -> None:
    """Columns that join both sides: one name for them, and both are looked at."""
    emitter.scope.merged |= names
    for one in (each for side in sides for each in side.columns if each.name in names):
        note(one)


def _shown(columns: list[Col]) -> str:
    zoned = any(column.type is not None and column.type.name == "TIMESTAMP_TZ" for column in columns)
    return "TIMESTAMP_TZ" if zoned else "collated"


_ASOF_COMPARISONS = (exp.GTE, exp.GT, exp.LTE, exp.LT)


def _asof(emitter: Emitter, node: Expr, sql: str, before: list[Relation], relation: Relation) -> str:
    """The closest row of the right side, or NULLs, for every row of the left (sql-reference/constructs/asof-join)."""
    match = node.args.get("match_condition")
    while isinstance(match, exp.Paren):
        match = match.this
    if not isinstance(match, _ASOF_COMPARISONS):
        raise compilation(2300, "42601", "ASOF JOIN needs a MATCH_CONDITION with one of >=, <=, > or <")
    conditions = [_equal(item, before, relation) for item in node.args.get("using") or ()]
    if on := node.args.get("on"):
        conditions.append(expressions.filtering(emitter, on).sql)
    conditions.append(expressions.filtering(emitter, match).sql)
    return f"ASOF LEFT JOIN {sql} ON {' AND '.join(conditions)}"


def _equal(item: Expr, before: list[Relation], relation: Relation) -> str:
    """A column of USING as a condition: it is shown once, as the left side's."""
    name = name_of(item)
    right = relation.find(name)
    left = next(((other, found) for other in before if (found := other.find(name)) is not None), None)
    if right is None or left is None:
        raise invalid_identifier(name)
    relation.hidden |= {name}
    a, b = comparable(reference(*left), reference(relation, right))
    return f"{a.sql} = {b.sql}"


def outer_joined(node: exp.Select) -> list[str]:
    """Rewrites `WHERE a.x = b.y (+)` into a LEFT JOIN of b; the names of FROM in the order in which they were written.

    Empty where nothing is marked (sql-reference/constructs/where).
    """
    where = node.args.get("where")
    if where is None or not any(column.args.get("join_mark") for column in _columns(where)):
        return []
    items = [node.args["from_"].this, *(each.this for each in node.args.get("joins") or ())]
    if len({_called(item) for item in items}) < len(items):
        return []  # The join itself says which alias comes twice.
    if any(each.args.get("on") or each.args.get("using") for each in node.args.get("joins") or ()):
        raise compilation(1507, "42601", "(+) cannot stand together with JOIN … ON in one FROM clause")
    conditions: dict[str, list[Expr]] = {}
    left: list[Expr] = []
    for part in _conjuncts(where.this):
        marked = _marked(part)
        (conditions.setdefault(marked, []) if marked else left).append(part)
    _rebuild(node, {_called(item): item for item in items}, conditions)
    node.set("where", exp.Where(this=exp.and_(*left, copy=False)) if left else None)
    return [_called(item) for item in items]


def unwrapped(node: exp.Select) -> None:
    """`FROM (a JOIN b ON …) …` is `FROM a JOIN b ON … …`: the parentheses change nothing at the beginning."""
    first = node.args["from_"].this
    while isinstance(first, exp.Subquery) and isinstance(first.this, (exp.Table, exp.Subquery)) and not _kept(first):
        around = [*(first.args.get("joins") or ()), *(node.args.get("joins") or ())]
        first = first.this
        node.set("joins", [*(first.args.get("joins") or ()), *around])
        first.set("joins", None)
        node.set("from_", exp.From(this=first))


def _kept(node: exp.Subquery) -> bool:
    return any(node.args.get(word) for word in ("alias", "pivots", "sample"))


def _columns(node: Expr) -> list[exp.Column]:
    """The columns of this query's own conditions: those of a subquery are the subquery's."""
    found = node.walk(prune=lambda each: isinstance(each, exp.Query))
    return [each for each in found if isinstance(each, exp.Column)]


def _conjuncts(node: Expr) -> list[Expr]:
    return [*_conjuncts(node.this), *_conjuncts(node.expression)] if isinstance(node, exp.And) else [node]


def _called(item: Expr) -> str:
    alias = item.args.get("alias")
    return name_of(alias.this) if isinstance(alias, exp.TableAlias) and alias.this else name_of(item.this)


def _marked(part: Expr) -> str:
    """The name of the one relation that a condition marks; the marks are taken away."""
    names = set()
    for column in _columns(part):
        if column.args.get("join_mark"):
            if len(column.parts) < 2:
                raise unsupported("(+) after a column that is not qualified")
            names.add(name_of(column.parts[-2]))
            column.set("join_mark", None)
    if len(names) > 1:
        raise compilation(1507, "42601", "(+) marks more than one table in one condition")
    return names.pop() if names else ""


def _rebuild(node: exp.Select, items: dict[str, Expr], conditions: dict[str, list[Expr]]) -> None:
    """The unmarked items first, then each marked one when all that its conditions speak of is there."""
    for name in conditions:
        if name not in items:
            raise invalid_identifier(name)
    placed = [name for name in items if name not in conditions]
    if not placed:
        raise compilation(1507, "42601", "(+) marks every table of the FROM clause")
    node.set("from_", exp.From(this=items[placed[0]]))
    joins = [exp.Join(this=items[name]) for name in placed[1:]]
    waiting = [name for name in items if name in conditions]
    while waiting:
        ready = next((name for name in waiting if _speaks_of(conditions[name]) - {name} <= {*placed}), None)
        if ready is None:
            raise compilation(1507, "42601", "outer joins by (+) go round in a circle")
        joins.append(exp.Join(this=items[ready], side="LEFT", on=exp.and_(*conditions[ready], copy=False)))
        placed.append(ready)
        waiting.remove(ready)
    node.set("joins", joins)


def _speaks_of(parts: list[Expr]) -> set[str]:
    columns = [column for part in parts for column in part.find_all(exp.Column)]
    return {name_of(column.parts[-2]) for column in columns if len(column.parts) > 1}
