"""Aggregation policies at work: what may be asked of a table under one, and how its groups come out.

Groups that are too small are put together into one, whose keys are NULL; where that is too small as well its
aggregates are NULL (user-guide/aggregation-policies, aggregation-policies-entity-privacy).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from runner.sandbox.classes import dataclass
from runner.sandbox.errors import unsupported
from runner.sandbox.law import policies
from runner.sandbox.query import functions, types
from runner.sandbox.query.columns import name_of, reference
from runner.sandbox.query.core import E, Emitter, Expr, Relation
from runner.sandbox.query.demands import Demand, unsettled, violated
from runner.sandbox.query.expressions import condition
from runner.sandbox.query.functions.aggregates import AGGREGATES
from runner.sandbox.query.joining import demands_of
from runner.sandbox.query.selecting import Selected, body, projections
from runner.sandbox.tokens import quote_identifier

_ALLOWED = frozenset({"APPROX_COUNT_DISTINCT", "AVG", "COUNT", "HLL", "SUM"})
_TOO = "a table with an aggregation policy"


def wanted(emitter: Emitter) -> list[Demand]:
    """The demands for aggregation of the relations here."""
    found = [demand for relation in emitter.scope.relations for demand in demands_of(relation)]
    return unsettled(found, policies.AGGREGATION)


def selected(
    emitter: Emitter, node: exp.Select, from_sql: str, demands: list[Demand]
) -> tuple[str, list[Selected], bool]:
    """Engine SQL and columns of a SELECT from one constrained relation, and whether its rows are still constrained."""
    if len(emitter.scope.relations) != 1 or node.args.get("connect"):
        raise unsupported(f"a join or a hierarchy with {_TOO}")
    for clause in ("distinct", "qualify"):
        if node.args.get(clause):
            raise unsupported(f"{clause.upper()} over {_TOO}")
    if any(_own(each, exp.Window) for each in node.expressions):
        raise unsupported(f"window functions over {_TOO}")
    if not _aggregates(node):
        return _handed_on(emitter, node, from_sql, demands)
    _check_functions(node, demands[0])
    with emitter.world.watch.aside():
        block = _Block(emitter, node, from_sql, emitter.scope.relations[0], demands)
    sql, chosen = block.grouped() if node.args.get("group") else block.whole()
    for demand in demands:
        demand.settled = True
    return sql, chosen, False


def _own(node: Expr, kind: type[Expr]) -> list[Expr]:
    """Nodes of the kind that are not a subquery's."""
    return [each for each in node.walk(prune=lambda one: isinstance(one, exp.Query)) if isinstance(each, kind)]


def _calls(node: Expr) -> set[str]:
    return {str(call.name).upper() for call in _own(node, exp.Anonymous)} & AGGREGATES


def _aggregates(node: exp.Select) -> bool:
    return bool(node.args.get("group")) or any(_calls(item) for item in node.expressions)


def _check_functions(node: exp.Select, demand: Demand) -> None:
    having = [node.args["having"].this] if node.args.get("having") else []
    parts = [*node.expressions, *having]
    called = {str(call.name).upper() for part in parts for call in _own(part, exp.Anonymous)}
    if called - functions.TABLE.keys() - functions.SPECIAL.keys() or any(_own(part, exp.Dot) for part in parts):
        raise unsupported(f"functions of one's own over {_TOO}")
    other = sorted({name for part in parts for name in _calls(part)} - _ALLOWED)
    if other:
        raise violated(demand, f"{other[0]} is not among the functions {', '.join(sorted(_ALLOWED))}")
    if any(item.is_star for item in node.expressions):
        raise violated(demand)


def _handed_on(
    emitter: Emitter, node: exp.Select, from_sql: str, demands: list[Demand]
) -> tuple[str, list[Selected], bool]:
    """Row for row: the query around it must aggregate."""
    if node.args.get("limit") or node.args.get("offset"):
        raise unsupported(f"LIMIT over {_TOO} before it is aggregated")
    chosen = projections(emitter, node)
    for demand in demands:
        demand.direct = False
    return body(emitter, node, from_sql, chosen), chosen, True


@dataclass
class _Block:
    """A SELECT with aggregates from one relation."""

    emitter: Emitter
    node: exp.Select
    from_sql: str
    relation: Relation
    demands: list[Demand]

    def whole(self) -> tuple[str, list[Selected]]:
        """Without groups all rows are one."""
        bare = self._bare()
        chosen = projections(self.emitter, bare)
        enough = self._enough("")
        shown = [replace(one, value=_only(enough, one.value), nullable=True) for one in chosen]
        return body(self.emitter, bare, self.from_sql, shown), shown

    def grouped(self) -> tuple[str, list[Selected]]:
        """The groups that are large enough, and the others together."""
        chosen = projections(self.emitter, self._bare())
        keys = self._keys()
        values = [self.emitter.expr(key.copy()) for key in keys]
        if any(types.is_keyed(value.type) for value in values):
            raise unsupported(f"groups by this type over {_TOO}")
        partition = ", ".join(value.sql for value in values)
        where = self.node.args.get("where")
        rows = self.from_sql + (f" WHERE {condition(self.emitter, where.this.copy()).sql}" if where else "")
        large = f"SELECT {_listed(chosen)}{rows} GROUP BY {partition} HAVING {self._having(None)}{self._enough('')}"
        name = quote_identifier(self.relation.called)
        over = f" OVER (PARTITION BY {partition})"
        small = f"SELECT {name} AS {name}{rows} QUALIFY NOT ({self._enough(over)})"
        items = [replace(one, value=self._of_rest(item, one.value, keys)) for item, one in self._pairs(chosen)]
        place = quote_identifier(self.emitter.world.fresh("rest"))
        rest = f"SELECT {_listed(items)} FROM ({small}) AS {place} HAVING {self._having(keys)}count(*) > 0"
        return f"({large}) UNION ALL ({rest})", [replace(one, nullable=True) for one in chosen]

    def _bare(self) -> exp.Select:
        """The SELECT without its order and limits, which are the whole's."""
        bare = self.node.copy()
        for word in ("order", "limit", "offset"):
            bare.set(word, None)
        return bare

    def _pairs(self, chosen: list[Selected]) -> list[tuple[Expr, Selected]]:
        return list(zip(self.node.expressions, chosen, strict=True))

    def _keys(self) -> list[Expr]:
        """What GROUP BY means: expressions, positions and aliases of the SELECT list, or ALL."""
        group = self.node.args["group"]
        if any(isinstance(each, exp.Rollup | exp.Cube | exp.GroupingSets) for each in group.expressions):
            raise unsupported(f"ROLLUP, CUBE and GROUPING SETS over {_TOO}")
        items = [item.this if isinstance(item, exp.Alias) else item for item in self.node.expressions]
        if group.args.get("all"):
            return [item for item in items if not _calls(item)]
        return [self._key(each, items) for each in group.expressions]

    def _key(self, node: Expr, items: list[Expr]) -> Expr:
        if isinstance(node, exp.Literal) and not node.args.get("is_string") and node.name.isdigit():
            place = int(node.name)
            return items[place - 1] if 1 <= place <= len(items) else node
        if isinstance(node, exp.Column) and len(node.parts) == 1 and self.relation.find(name_of(node.this)) is None:
            return self.emitter.scope.aliases.get(name_of(node.this), node)
        return node

    def _having(self, keys: list[Expr] | None) -> str:
        having = self.node.args.get("having")
        if having is None:
            return ""
        node = having.this.copy() if keys is None else _without(having.this, keys)
        return f"({condition(self.emitter, node).sql}) AND "

    def _of_rest(self, item: Expr, value: E, keys: list[Expr]) -> E:
        """The item over the rows of the small groups, their keys NULL."""
        inner = item.this if isinstance(item, exp.Alias) else item
        found = self.emitter.expr(_without(inner, keys))
        same = found if found.kind == "NULL" or value.type is None else types.cast(found, value.type)
        return _only(self._enough(""), same)

    def _enough(self, over: str) -> str:
        parts = []
        for demand in self.demands:
            parts.append(f"count(*){over} >= {demand.rows}")
            if demand.keys:
                parts.append(f"count(DISTINCT {self._entity(demand)}){over} >= {demand.entities}")
        return " AND ".join(parts)

    def _entity(self, demand: Demand) -> str:
        columns = [self.relation.find(key) for key in demand.keys] if demand.direct else [None]
        if None in columns:
            raise unsupported("an aggregation policy with an entity key through a view or subquery")
        return f"({', '.join(reference(self.relation, column).sql for column in columns if column)})"


def _only(enough: str, value: E) -> E:
    return E(f"CASE WHEN {enough} THEN {value.sql} ELSE NULL END", value.type)


def _without(node: Expr, keys: list[Expr]) -> Expr:
    """The expression, every key in it NULL."""
    return node.copy().transform(lambda each: exp.Null() if each in keys else each)


def _listed(chosen: list[Selected]) -> str:
    return ", ".join(f"{one.value.sql} AS {quote_identifier(one.name)}" for one in chosen)


def ordered_by_place(node: exp.Select, columns: Sequence[str]) -> None:
    """ORDER BY an expression of the SELECT list means its column: of the union nothing else is left."""
    order = node.args.get("order")
    items = [item.this if isinstance(item, exp.Alias) else item for item in node.expressions]
    for key in order.expressions if order is not None else ():
        if key.this in items:
            key.set("this", exp.Literal.number(items.index(key.this) + 1))
        elif not isinstance(key.this, exp.Literal) and _name(key.this) not in columns:
            raise unsupported(f"ORDER BY what is not in the SELECT list over {_TOO}")


def _name(node: Expr) -> str | None:
    return name_of(node.this) if isinstance(node, exp.Column) and len(node.parts) == 1 else None
