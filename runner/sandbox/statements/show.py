"""SHOW: what the catalogue has, as far as the session may see it (sql-reference/sql/show)."""

from __future__ import annotations

from runner.sandbox import errors
from runner.sandbox.catalog.model import User
from runner.sandbox.context import Context
from runner.sandbox.result import Result, StatementType
from runner.sandbox.show import (
    absent,
    alerts,
    columns,
    dynamic,
    external,
    files,
    grants,
    login_policies,
    monitors,
    networks,
    places,
    principals,
    replication,
    routines,
    running,
    settings,
    streams,
    tables,
    tags,
    targets,
    tasks,
)
from runner.sandbox.show.listing import Listing
from runner.sandbox.show.request import Request, read_request
from runner.sandbox.show.shape import relation
from runner.sandbox.tokens import Reader

LISTINGS: dict[tuple[str, ...], Listing] = {
    **tables.LISTINGS,
    **login_policies.LISTINGS,
    **columns.LISTINGS,
    **routines.LISTINGS,
    **places.LISTINGS,
    **principals.LISTINGS,
    **running.LISTINGS,
    **files.LISTINGS,
    **tasks.LISTINGS,
    **tags.LISTINGS,
    **networks.LISTINGS,
    **streams.LISTINGS,
    **dynamic.LISTINGS,
    **external.LISTINGS,
    **monitors.LISTINGS,
    **replication.LISTINGS,
    **alerts.LISTINGS,
    **absent.LISTINGS,
}


def show(context: Context, text: str) -> Result:
    """Any SHOW statement; a kind that is not known is refused by name."""
    reader = Reader(text)
    reader.expect("SHOW")
    if reader.accept("GRANTS"):
        return grants.show_grants(context, reader)
    if reader.accept("FUTURE", "GRANTS"):
        return grants.show_future_grants(context, reader)
    if reader.accept("USER", "PROGRAMMATIC", "ACCESS", "TOKENS") or reader.accept("USER", "PATS"):
        return _tokens(context, reader)
    if reader.peek().word in ("DATABASES", "SHARES") and reader.peek(3).word == "GROUP":
        return _in_group(context, reader)
    if reader.accept("PARAMETERS"):
        return settings.show_parameters(context, reader)
    terse = reader.accept("TERSE")
    listing = _listing(reader)
    history = listing.history and reader.accept("HISTORY")
    request = read_request(reader, terse=terse, history=history, scoped=listing.scoped)
    if terse and listing.terse is None:
        raise errors.unsupported("SHOW TERSE of this kind")
    rows = request.select(listing.rows(context, request), listing.naming)
    whole = listing.shape if history else listing.shape.replace("dropped_on time, ", "")
    shape = listing.terse if terse and listing.terse else whole
    known = [part.strip().partition(" ")[0] for part in shape.split(",")]
    return relation(shape, ({name: row.get(name) for name in known} for row in rows), StatementType.SHOW)


def _in_group(context: Context, reader: Reader) -> Result:
    """SHOW DATABASES | SHARES IN REPLICATION | FAILOVER GROUP g: those of the listing that the group has."""
    listing = _listing(reader)
    reader.expect("IN")
    kind = reader.next().word
    reader.expect("GROUP")
    group = targets.read_target(context, reader, (kind, "GROUP"))
    reader.end()
    names = replication.held(context, group, listing is LISTINGS["SHARES",])
    rows = [row for row in listing.rows(context, Request()) if row["name"] in names]
    shape = listing.shape.replace("dropped_on time, ", "")
    known = [part.strip().partition(" ")[0] for part in shape.split(",")]
    return relation(shape, ({name: row.get(name) for name in known} for row in rows), StatementType.SHOW)


def _listing(reader: Reader) -> Listing:
    for count in (4, 3, 2, 1):
        found = LISTINGS.get(reader.words(count))
        if found is not None:
            reader.index += count
            return found
    if not reader.peek().word:
        raise reader.unexpected()
    raise errors.unsupported(f"SHOW {_kind_words(reader)}")


def _kind_words(reader: Reader) -> str:
    """The words up to the first clause: the kind as it was asked for."""
    clauses = ("LIKE", "IN", "STARTS", "LIMIT", "ON", "TO", "FROM", "FOR", "HISTORY")
    words = []
    while reader.peek().word.isalpha() and reader.peek().word not in clauses:
        words.append(reader.next().word)
    return " ".join(words)


def _tokens(context: Context, reader: Reader) -> Result:
    """One's own tokens, or those of a user whom the session may see."""
    session = context.session
    user = context.catalog.find(User, session.account, session.user)
    if reader.accept("FOR", "USER"):
        found = targets.read_target(context, reader, ("USER",))
        user = found if isinstance(found, User) else user
    reader.end()
    if user is None:
        raise errors.does_not_exist("User", session.user)
    if user.name != session.user:
        context.require("MODIFY PROGRAMMATIC AUTHENTICATION METHODS", user)
    return relation(principals.TOKENS, principals.tokens_of(user), StatementType.SHOW)
