"""Functions of roles and of who reads: the role's name is a literal, or a column's value in each row.

Sources: sql-reference/functions/is_role_in_session, is_database_role_in_session, invoker_role, invoker_share,
is_granted_to_invoker_role.
"""

from __future__ import annotations

from collections.abc import Iterable

from runner.sandbox import access, resolve, shared_roles, shares
from runner.sandbox.catalog.model import Database, Schema
from runner.sandbox.context import Context
from runner.sandbox.errors import no_current_database, unsupported
from runner.sandbox.query import types
from runner.sandbox.query.core import E, World
from runner.sandbox.query.functions.spec import Call, Special, wrong_count
from runner.sandbox.query.types import quoted
from runner.sandbox.rights import rights


def is_role_in_session(call: Call) -> E:
    caller = call.emitter.world.caller
    if call.emitter.world.context.session.account != caller.session.account:  # in what came through a share
        return _among(call, ())
    active = access.active_roles(caller.catalog, caller.session)
    return _among(call, (role for role in active if "." not in role))


def is_database_role_in_session(call: Call) -> E:
    """The role is one of the database of the policy's table, or of the view or function around, else of the current."""
    home = _home(call.emitter.world)
    caller = call.emitter.world.caller
    active = access.active_roles(caller.catalog, caller.session)
    own = home.account == caller.session.account
    found = {name for name in active if own and name.rpartition(".")[0] == home.name}
    for database in caller.catalog.all(Database, caller.session.account):
        if shares.is_imported(database) and _stands_for(call.emitter.world, database, home):
            found |= {name for _, name in shared_roles.behind(caller.catalog, database, active)}
    return _among(call, (name.rpartition(".")[2] for name in found))


def _stands_for(world: World, database: Database, home: Database) -> bool:
    share = shares.share_of(world.context.catalog, database)
    return share is not None and shares.shared_database(world.context.catalog, share) is home


def _home(world: World) -> Database:
    catalog = world.context.catalog
    if world.governs is not None:
        schema = catalog.record(world.governs.schema_id)
        assert isinstance(schema, Schema), "an object's place"
        home: object = catalog.record(schema.database_id)
    else:
        home = resolve.current_database(catalog, world.context.session)
    if not isinstance(home, Database):
        raise no_current_database("IS_DATABASE_ROLE_IN_SESSION")
    return home


def _among(call: Call, names: Iterable[str]) -> E:
    call.emitter.world.stable = False
    e = types.instant(call.emitter.expr(call.arguments[0]))
    known = set(names)
    if e.literal is not None or not known:
        return E("TRUE" if e.literal in known else "FALSE", types.BOOL)
    return E(f"(CAST({e.sql} AS VARCHAR) IN ({', '.join(map(quoted, sorted(known)))}))", types.BOOL)


def invoker_role(call: Call) -> E:
    """The role that reads: in a policy that of the session, view or function whose query names the table; elsewhere
    that of the view or function around. NULL for a database role, and to the consumer of a share.
    """
    by = _invoker(call, 0)
    role = by.session.effective_role
    return _text(None if role is None or "." in role or _is_consumer(call.emitter.world, by) else role)


def is_granted_to_invoker_role(call: Call) -> E:
    by = _invoker(call, 1)
    role = by.session.effective_role
    if role is None or "." in role or _is_consumer(call.emitter.world, by):
        return _among(call, ())
    inherited = rights(by.catalog, by.session.account).roles(("ROLE", role))
    return _among(call, (name for name in inherited if "." not in name))


def invoker_share(call: Call) -> E:
    """The share through which a consumer's query names the table of the policy; NULL everywhere else."""
    by, world = _invoker(call, 0), call.emitter.world
    if not _is_consumer(world, by):
        return _text(None)
    assert world.invoker is not None, "the reader of a governed table"
    parts, session = world.invoker.parts, by.session
    home = by.catalog.database(session.account, parts[0]) if len(parts) == 3 else None
    database = home or resolve.current_database(by.catalog, session)
    if not parts or database is None or database.origin_share is None:
        raise unsupported("INVOKER_SHARE of what is not read by the name of a shared table or view")
    return _text(database.origin_share)


def _invoker(call: Call, count: int) -> Context:
    """As whom the table of a policy is read, or the view or function is run that calls."""
    if len(call.arguments) != count:
        raise wrong_count(call.name, len(call.arguments), str(count))
    world = call.emitter.world
    world.stable = False
    return world.context if world.invoker is None else world.invoker.context


def _is_consumer(world: World, by: Context) -> bool:
    return world.governs is not None and world.governs.account != by.session.account


def _text(value: str | None) -> E:
    return E("CAST(NULL AS VARCHAR)" if value is None else quoted(value), types.TEXT)


SPECIAL: dict[str, Special] = {
    "INVOKER_ROLE": invoker_role,
    "INVOKER_SHARE": invoker_share,
    "IS_GRANTED_TO_INVOKER_ROLE": is_granted_to_invoker_role,
    "IS_ROLE_IN_SESSION": is_role_in_session,
    "IS_DATABASE_ROLE_IN_SESSION": is_database_role_in_session,
}
