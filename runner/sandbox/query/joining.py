"""Join policies at work: which joins of a SELECT are those that they want (user-guide/join-policies).

A protected table must be joined, by equality of an allowed column, to a relation that no join policy protects, so that
of the protected table only matching rows come out.
"""

from __future__ import annotations

from sqlglot import exp

from runner.sandbox.classes import dataclass
from runner.sandbox.law import policies
from runner.sandbox.query.columns import name_of
from runner.sandbox.query.core import Expr, Relation, Scope
from runner.sandbox.query.demands import Demand, unsettled


@dataclass(frozen=True)
class _Join:
    """One JOIN: its relation, those before it, its side, and its condition's parts; `rows` are the relations among them
    that are tables, views and subqueries, and no rows that a function makes of another relation.
    """

    right: Relation
    left: list[Relation]
    rows: list[Relation]
    side: str
    conjuncts: list[Expr]
    using: list[str]


def settle(scope: Scope, node: exp.Select) -> None:
    """Settles the demands of relations that the SELECT joins as their policies want it."""
    for relation in scope.relations:
        for demand in unsettled(demands_of(relation), policies.JOIN):
            if any(_answers(join, relation, demand, scope.relations) for join in _joins(scope, node)):
                demand.settled = True


def demands_of(relation: Relation) -> list[Demand]:
    return list(dict.fromkeys(demand for column in relation.columns for demand in column.demands))


def _joins(scope: Scope, node: exp.Select) -> list[_Join]:
    """The joins in the order of their relations; none where the sandbox does not know which is which."""
    given = node.args.get("from_")
    nodes = [*((given.this.args.get("joins") or ()) if given else ()), *(node.args.get("joins") or ())]
    if len(nodes) != len(scope.relations) - 1:
        return []
    items = [given.this if given else node, *(join.this for join in nodes)]
    rows = [relation for relation, item in zip(scope.relations, items, strict=True) if _has_rows_of_its_own(item)]
    found = []
    for at, join in enumerate(nodes, start=1):
        if join.args.get("method"):
            continue
        conjuncts = _conjuncts(join.args["on"]) if join.args.get("on") is not None else []
        using = [name_of(each) for each in join.args.get("using") or ()]
        side = str(join.args.get("side") or "").upper()
        found.append(_Join(scope.relations[at], scope.relations[:at], rows, side, conjuncts, using))
    return found


def _has_rows_of_its_own(item: Expr) -> bool:
    named = isinstance(item, exp.Table) and isinstance(item.this, exp.Identifier)
    return named or isinstance(item, exp.Subquery)


def _conjuncts(node: Expr) -> list[Expr]:
    if isinstance(node, exp.Paren):
        return _conjuncts(node.this)
    return [*_conjuncts(node.this), *_conjuncts(node.expression)] if isinstance(node, exp.And) else [node]


def _answers(join: _Join, relation: Relation, demand: Demand, around: list[Relation]) -> bool:
    """Whether only rows of the relation come through that match on an allowed column; its side must not be kept."""
    on_right = relation is join.right
    if not on_right and relation not in join.left:
        return False
    if join.side not in ("", "LEFT" if on_right else "RIGHT"):
        return False
    others = join.left if on_right else [join.right]
    open_ones = [each for each in others if each in join.rows and not _protected(each)]
    names = {name for part in join.conjuncts for name in _own_columns(part, relation, around)}
    names |= {name for name in join.using if relation.find(name)}
    if demand.keys and not names <= set(demand.keys):
        return False
    by_using = any(relation.find(name) and any(each.find(name) for each in open_ones) for name in join.using)
    return by_using or any(_equates(part, relation, open_ones, around) for part in join.conjuncts)


def _protected(relation: Relation) -> bool:
    return any(demand.kind == policies.JOIN for demand in demands_of(relation))


def _equates(part: Expr, relation: Relation, others: list[Relation], around: list[Relation]) -> bool:
    """`protected.column = other.column`."""
    part = part.unnest()
    if not isinstance(part, exp.EQ):
        return False
    sides = [_relation_of(side, around) for side in (part.this, part.expression)]
    return any(one is relation and other in others for one, other in (sides, sides[::-1]) if other is not None)


def _own_columns(part: Expr, relation: Relation, around: list[Relation]) -> set[str]:
    return {name_of(c.this) for c in part.find_all(exp.Column) if _relation_of(c, around) is relation}


def _relation_of(node: Expr, around: list[Relation]) -> Relation | None:
    """The relation that a plain column is of."""
    node = node.unnest()
    if not isinstance(node, exp.Column) or not isinstance(node.this, exp.Identifier):
        return None
    qualifier = tuple(name_of(part) for part in node.parts[:-1])
    name = name_of(node.this)
    found = [
        each
        for each in around
        if each.find(name)
        and (not qualifier or each.alias == qualifier[-1] or each.path[-len(qualifier) :] == qualifier)
    ]
    return found[0] if len(found) == 1 else None
