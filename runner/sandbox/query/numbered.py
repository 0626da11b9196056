"""A view's query with a number for each of its rows, made from the numbers of the rows of its tables.

So a row of the view is known again at another time. Only what keeps rows apart can be numbered: projections, filters,
inner and cross joins, UNION ALL (user-guide/streams-intro, streams on views).
"""

from __future__ import annotations

from sqlglot import exp

from runner.sandbox.errors import compilation
from runner.sandbox.query import parsing
from runner.sandbox.query.core import Expr
from runner.sandbox.query.functions.aggregates import AGGREGATES
from runner.sandbox.query.stars import is_star
from runner.sandbox.tokens import quote_identifier

ROW_ID = "METADATA$ROW_ID"
_REFUSED = (
    "distinct",
    "group",
    "having",
    "qualify",
    "limit",
    "offset",
    "with_",
    "with",
    "laterals",
    "connect",
    "match",
)


def numbered(tree: Expr, salt: str = "") -> Expr:
    """The query, its last column the number of its row."""
    if isinstance(tree, exp.Subquery):
        return numbered(tree.this, salt)
    if isinstance(tree, exp.Union) and tree.args.get("distinct") is False:
        tree.set("this", numbered(tree.this, f"{salt}l"))
        tree.set("expression", numbered(tree.expression, f"{salt}r"))
        return tree
    if not isinstance(tree, exp.Select):
        raise _cannot(type(tree).__name__.upper())
    _refuse(tree)
    origin = tree.args.get("from_")
    if origin is None:
        raise _cannot("SELECT without FROM")
    aliases = [_source(node, salt) for node in (origin.this, *(_joined(join) for join in tree.args.get("joins") or ()))]
    _leave_out(tree)
    ids = " || '|' || ".join(f"{alias}.{quote_identifier(ROW_ID)}" for alias in aliases)
    value = parsing.expression(f"SHA1('{salt}:' || {ids})")
    tree.append("expressions", exp.Alias(this=value, alias=exp.to_identifier(ROW_ID, quoted=True)))
    return tree


def _refuse(tree: exp.Select) -> None:
    for word in _REFUSED:
        if tree.args.get(word):
            raise _cannot(word.strip("_").upper())
    for part in (*tree.expressions, tree.args.get("where")):
        for node in part.walk() if part is not None else ():
            if isinstance(node, exp.Query | exp.Subquery):
                raise _cannot("subquery outside of FROM")
            called = node.name.upper() if isinstance(node, exp.Anonymous) else ""
            if isinstance(node, exp.AggFunc | exp.Window) or called in AGGREGATES:
                raise _cannot("aggregate or window function")


def _joined(join: Expr) -> Expr:
    if join.args.get("side") or str(join.args.get("kind") or "").upper() not in ("", "INNER", "CROSS"):
        raise _cannot(f"{join.args.get('side') or join.args.get('kind')} JOIN")
    found: Expr = join.this
    return found


def _source(node: Expr, salt: str) -> str:
    """The alias of an item of FROM, given one where it has none; a subquery in it is numbered too."""
    if isinstance(node, exp.Subquery):
        node.set("this", numbered(node.this, f"{salt}s"))
        if not node.alias:
            node.set("alias", exp.TableAlias(this=exp.to_identifier(f"sub${id(node)}", quoted=True)))
    elif not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier) or node.args.get("when"):
        raise _cannot("source that is no table or view")
    named = node.args.get("alias")
    last = named.this if named is not None else node.this
    return str(last.sql(dialect="snowflake"))


def _leave_out(tree: exp.Select) -> None:
    """Stars mean the columns that they meant before."""
    for item in tree.expressions:
        if is_star(item):
            star = item.this if isinstance(item, exp.Column) else item
            hidden = exp.Column(this=exp.to_identifier(ROW_ID, quoted=True))
            star.set("except_", [*(star.args.get("except_") or ()), hidden])


def _cannot(what: str) -> Exception:
    return compilation(
        2, "0A000", f"Change tracking is not supported on queries with {what}: a stream cannot be made on this view."
    )
