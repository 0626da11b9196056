"""Projection policies at work: what the outermost query may show, and what may go into other tables.

Sources: user-guide/projection-policies, sql-reference/sql/create-projection-policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from runner.sandbox.catalog.model import Policy, Table, View
from runner.sandbox.errors import SnowflakeError, compilation, unsupported
from runner.sandbox.law import policies
from runner.sandbox.query import parsing
from runner.sandbox.query.core import Col, Emitter, Scope
from runner.sandbox.query.demands import Demand
from runner.sandbox.query.functions.constraints import ALLOWED, FREE, NULLIFIED
from runner.sandbox.query.governed import Owned
from runner.sandbox.query.presentation import setting_of
from runner.sandbox.query.watch import Guarded, Watch


def hidden(emitter: Emitter, owned: Owned, columns: Sequence[Col]) -> frozenset[int]:
    """The places of the columns of a result that are shown as NULL; refuses what must not be shown at all."""
    refuse_loose(emitter, owned)
    judged = _judge(emitter, owned)
    nulls: set[int] = set()
    for at, column in enumerate(columns):
        found = column.guards.columns if column.guards is not None else ()
        denied = {one: judged(one) for one in found if judged(one) != ALLOWED}
        if any(verdict != NULLIFIED for verdict in denied.values()):
            raise _restricted(emitter, denied)
        nulls |= {at} if denied else set()
    return frozenset(nulls)


def refuse(emitter: Emitter, owned: Owned, columns: Iterable[Col]) -> None:
    """For what fills another table or leaves as a file: NULLs would be no copy of the column, so all is refused."""
    for column in columns:
        if column.guards is not None:
            column.guards.looked_at()
    refuse_loose(emitter, owned)


def refuse_loose(emitter: Emitter, owned: Owned) -> None:
    """What was looked at where nobody knows in which columns it comes out."""
    judged = _judge(emitter, owned)
    denied = [one for one in emitter.world.watch.loose if judged(one) != ALLOWED]
    if denied:
        raise _restricted(emitter, denied)


def _restricted(emitter: Emitter, denied: Iterable[Guarded]) -> SnowflakeError:
    catalog = emitter.world.context.catalog
    names = sorted({f"{catalog.record(one.entity).name}.{one.column}" for one in denied})
    return compilation(
        3538,
        "42501",
        "The following columns are restricted by a Projection Policy. Please remove them from the projection: "
        f"{', '.join(names)}",
    )


def _judge(emitter: Emitter, owned: Owned) -> Callable[[Guarded], str]:
    known: dict[Guarded, str] = {}

    def judged(one: Guarded) -> str:
        if one not in known:
            known[one] = _verdict(emitter, owned, one)
        return known[one]

    return judged


def _verdict(emitter: Emitter, owned: Owned, one: Guarded) -> str:
    entity = emitter.world.context.catalog.record(one.entity)
    assert isinstance(entity, Table | View), "projection policies are on columns"
    found = policies.of_kind(entity, policies.PROJECTION)
    attached = next((each for each in found if each.column == one.column), None)
    return ALLOWED if attached is None else str(constraint(emitter, owned, entity, attached))


def constraint(emitter: Emitter, owned: Owned, entity: Table | View, attached: policies.Attachment) -> object:
    """What the body of a projection, aggregation or join policy says to the session that reads the entity; NULL where
    no branch of it speaks.
    """
    catalog = emitter.world.context.catalog
    policy = policies.find(catalog, entity.account, attached.policy)
    if policy is None or policy.policy != attached.kind:
        raise policies.unreadable(entity, attached)
    caller = emitter.world.caller
    shared = entity.account != caller.session.account
    sql = body_sql(emitter, owned, policy, entity, shared=shared)
    with caller.storage.cursor(setting_of(caller.session.parameters)) as cursor:
        return cursor.execute(f"SELECT {sql}").fetchall()[0][0]


def demanding(emitter: Emitter, owned: Owned, entity: Table | View, columns: list[Col]) -> list[Col]:
    """The columns of what is read, with the demands of its aggregation and join policies."""
    kinds = (policies.AGGREGATION, policies.JOIN)
    attached = [each for each in policies.attachments(entity) if each.kind in kinds] if entity.policies else []
    if not attached or emitter.world.dry:
        return columns
    found = [demand for each in attached if (demand := _demand(emitter, owned, entity, each)) is not None]
    emitter.world.demands.extend(found)
    return [replace(column, demands=(*column.demands, *found)) for column in columns]


def _demand(emitter: Emitter, owned: Owned, entity: Table | View, attached: policies.Attachment) -> Demand | None:
    """What the policy demands of the session; NULL, where no branch of it speaks, lets nothing through."""
    answer = constraint(emitter, owned, entity, attached)
    if answer == FREE:
        return None
    demand = Demand(attached.kind, entity.name, attached.columns)
    if attached.kind == policies.AGGREGATION:
        if answer is None:
            raise policies.unreadable(entity, attached)
        demand.rows, demand.entities = (int(number) for number in str(answer).split(","))
    return demand


def body_sql(
    emitter: Emitter, owned: Owned, policy: Policy, entity: Table | View | None, *, shared: bool = False
) -> str:
    """Engine SQL of the body, compiled as its owner; it must give what the policy RETURNS."""
    emitter.world.stable = False
    world = replace(owned(emitter.world, policy), governs=entity, constraint=policy.returns, watch=Watch())
    tables = set(world.tables)
    text = policies.substituted(policy.body, {}, shared=shared)
    found = emitter.within(world, Scope()).expr(parsing.expression(text))
    if found.kind != policy.returns:
        text = f"The body of {policy.policy.lower()} {policy.name} must give {policy.returns}."
        raise compilation(3539, "42601", text)
    if set(world.tables) != tables:
        raise unsupported(f"INFORMATION_SCHEMA in the body of a {policy.policy.lower()}")
    return found.sql
