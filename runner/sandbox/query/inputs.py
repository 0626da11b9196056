"""Numbers of the rows that FLATTEN and its like take in: SEQ (sql-reference/functions/flatten, split_to_table).

The rows before the function in FROM are numbered only where a query may look at SEQ.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from sqlglot import exp

from runner.sandbox.errors import unsupported
from runner.sandbox.query.columns import called, name_of
from runner.sandbox.query.core import Emitter, Expr, Relation
from runner.sandbox.tokens import quote_identifier

SPREADING = ("FLATTEN", "SPLIT_TO_TABLE", "STRTOK_SPLIT_TO_TABLE")
_EXACT = 4
"""So many numbers fit into one of 38 digits, each with 30 bits; of more there is a digest."""


def counting(node: Expr) -> bool:
    """Whether SEQ of a function in FROM may be looked at."""
    calls = [each for each in node.find_all(exp.Anonymous) if called(each) in SPREADING]
    return bool(calls) and any(_looks(each) for each in node.walk())


def _looks(node: Expr) -> bool:
    if isinstance(node, exp.Identifier):
        return name_of(node) == "SEQ"
    return isinstance(node, exp.Star | exp.Parameter) or (isinstance(node, exp.TableAlias) and bool(node.columns))


def counted(emitter: Emitter, sql: str, relation: Relation) -> tuple[str, Relation]:
    """An item of FROM, its rows numbered where the scope counts them."""
    if not emitter.scope.counting or relation.row is not None:
        return sql, relation
    lateral = "LATERAL " if sql.startswith("LATERAL ") else ""
    number, name = emitter.world.fresh("n"), quote_identifier(relation.called)
    rows = f'(SELECT *, row_number() OVER () AS "{number}" FROM {sql.removeprefix("LATERAL ")})'
    return f"{lateral}{rows} AS {name}", replace(relation, row=f'{name}."{number}"')


def sequence(emitter: Emitter) -> str:
    """Engine SQL for the number of the input row: of the rows of all that stands before in FROM."""
    scope = emitter.scope
    if not scope.counting or not scope.relations:
        return "1"
    if any(relation.row is None for relation in scope.relations):
        raise unsupported("SEQ of a table function behind one with OVER")
    numbers = [f"coalesce({relation.row}, 0)" for relation in scope.relations if relation.row]
    if len(numbers) > _EXACT:
        return f"(md5_number(concat_ws('|', {', '.join(numbers)})) % {10**37})"
    return reduce(lambda a, b: f"(CAST({a} AS HUGEINT) * {2**30} + {b})", numbers) if numbers else "1"
