"""What aggregation and join policies demand of a query, and whether it does it.

Each read of a table or view under such a policy leaves a demand. A SELECT that aggregates, or joins, as the policy
wants it settles the demand; one that only hands rows on leaves it to the query around it. A demand that nobody settled
refuses the statement: whatever the sandbox does not know to be allowed is not.
"""

from __future__ import annotations

from collections.abc import Iterable

from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.law import policies


@dataclass(eq=False, slots=True)
class Demand:
    """One read. `rows` and `entities` are the least that a group must have; `keys` the entity or the join keys."""

    kind: str
    entity: str
    keys: tuple[str, ...] = ()
    rows: int = 0
    entities: int = 0
    direct: bool = True
    """Whether the columns beside it are the table's own, so that the keys are among them."""
    settled: bool = False


def unsettled(demands: Iterable[Demand], kind: str) -> list[Demand]:
    return [each for each in demands if each.kind == kind and not each.settled]


def refuse_unsettled(demands: Iterable[Demand]) -> None:
    for each in demands:
        if not each.settled:
            raise violated(each)


def violated(demand: Demand, reason: str = "") -> SnowflakeError:
    if demand.kind == policies.JOIN:
        keys = f" on one of its columns {', '.join(demand.keys)}" if demand.keys else ""
        why = f"'{demand.entity}' must be joined{keys} to a table that no join policy protects"
        return compilation(3544, "42501", f"Join policy violation, please contact the policy admin for details: {why}.")
    why = reason or f"queries of '{demand.entity}' must aggregate"
    return compilation(
        3543, "42501", f"Aggregation policy violation, please contact the policy admin for details: {why}."
    )
