"""IS_ROLE_IN_SESSION and IS_DATABASE_ROLE_IN_SESSION: the role's name is a literal, or a column's value in each row.

Sources: sql-reference/functions/is_role_in_session, is_database_role_in_session.
"""

from __future__ import annotations

from collections.abc import Iterable

from runner.sandbox import access, resolve, shared_roles, shares
from runner.sandbox.catalog.model import Database, Schema
from runner.sandbox.errors import no_current_database
from runner.sandbox.query import types
from runner.sandbox.query.core import E, World
from runner.sandbox.query.functions.spec import Call, Special
from runner.sandbox.query.types import quoted


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


SPECIAL: dict[str, Special] = {
    "IS_ROLE_IN_SESSION": is_role_in_session,
    "IS_DATABASE_ROLE_IN_SESSION": is_database_role_in_session,
}
