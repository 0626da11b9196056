"""UPDATE ALL BY NAME and INSERT ALL BY NAME of MERGE (sql-reference/sql/merge).

Target and source have columns of the same names, in any order; each takes the one of its name.
"""

from __future__ import annotations

from sqlglot import exp

from runner.sandbox.context import Context
from runner.sandbox.errors import compilation
from runner.sandbox.query import sources
from runner.sandbox.query.compiler import Compiler
from runner.sandbox.query.core import Expr, Relation, Scope
from runner.sandbox.query.parsing import ALL_BY_NAME
from runner.sandbox.query.run import world_of
from runner.sandbox.statements.rows import Target


def spelled_out(context: Context, into: Target, tree: exp.Merge) -> None:
    """Writes the columns into the clauses that take all of them by name."""
    actions = [action for when in tree.args["whens"].expressions if _by_name(action := when.args["then"])]
    if not actions:
        return
    _, source = sources.source(Compiler(world_of(context), Scope()), tree.args["using"])
    names = [column.name for column in into.table.columns]
    _require_same(names, source)
    for action in actions:
        columns = [_column(name) for name in names]
        values = [_column(name, source.alias) for name in names]
        if isinstance(action, exp.Update):
            pairs = zip(columns, values, strict=True)
            action.set("expressions", [exp.EQ(this=column, expression=value) for column, value in pairs])
        else:
            action.set("this", exp.Tuple(expressions=columns))
            action.set("expression", exp.Tuple(expressions=values))


def _by_name(action: Expr) -> bool:
    given = action.args.get("expressions" if isinstance(action, exp.Update) else "this")
    return isinstance(given, exp.Var) and given.name == ALL_BY_NAME


def _column(name: str, of: str = "") -> exp.Column:
    table = exp.to_identifier(of, quoted=True) if of else None
    return exp.Column(this=exp.to_identifier(name, quoted=True), table=table)


def _require_same(names: list[str], source: Relation) -> None:
    given = [column.name for column in source.columns]
    if sorted(given) == sorted(names):
        return
    alone = [name for name in names if name not in given] + [name for name in given if name not in names]
    text = "MERGE ALL BY NAME: the target and the source must have the same number of columns and the same names"
    raise compilation(2020, "21S01", f"{text}; not in both: {', '.join(alone) or 'columns of one name'}.")
