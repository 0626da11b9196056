"""SAMPLE and TABLESAMPLE (sql-reference/constructs/sample)."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.query.core import Emitter, Expr, Relation
from runner.sandbox.query.functions.session import evaluated
from runner.sandbox.query.relations import plain_number
from runner.sandbox.tokens import quote_identifier

_PARTS = 2**32


def sampled(emitter: Emitter, node: Expr, source: Expr, sql: str, relation: Relation) -> tuple[str, Relation]:
    """A part of the relation; with a seed the same part again, while the table is not changed."""
    emitter.world.stable = False
    if node.args.get("bucket_numerator") is not None:
        raise unsupported("TABLESAMPLE of this form")
    block = str(node.args.get("method") or "").upper() in ("SYSTEM", "BLOCK")
    seed = node.args.get("seed")
    if size := node.args.get("size"):
        if seed is not None or block:
            raise compilation(2305, "42601", "Sampling by a number of rows takes neither SEED nor SYSTEM")
        return f"{sql} TABLESAMPLE RESERVOIR({int(_number(emitter, size))} ROWS)", relation
    percent = _number(emitter, node.args["percent"])
    if not 0 <= percent <= 100:
        raise compilation(2306, "42601", f"invalid sample size {percent:g}: it is between 0 and 100")
    if (seed is not None or block) and not isinstance(source, exp.Table):
        raise compilation(2307, "42601", "SEED and SYSTEM sample tables only, not subqueries or views")
    if seed is not None:
        return _seeded(sql, relation, percent, int(_number(emitter, seed)))
    return f"{sql} TABLESAMPLE {'SYSTEM' if block else 'BERNOULLI'}({percent:f} PERCENT)", relation


def _number(emitter: Emitter, node: Expr) -> float:
    return plain_number(evaluated(emitter, node), "SAMPLE")


def _seeded(sql: str, relation: Relation, percent: float, seed: int) -> tuple[str, Relation]:
    """Rows are chosen by their place and the seed."""
    limit = int(percent / 100 * _PARTS)
    alias = quote_identifier(relation.called)
    names = ", ".join(f"c{at}" for at in range(len(relation.columns)))
    listed = ", ".join(c.sql or f"{alias}.{quote_identifier(c.name)}" for c in relation.columns)
    columns = [replace(c, sql=f"{alias}.c{at}") for at, c in enumerate(relation.columns)]
    chosen = f"hash(n, {seed}) % {_PARTS} < {limit}"
    inner = f"SELECT {listed}, row_number() OVER () FROM {sql}"
    made = f"(SELECT {names} FROM ({inner}) AS q({names}{', ' if names else ''}n) WHERE {chosen}) AS {alias}"
    return made, replace(relation, columns=columns)
