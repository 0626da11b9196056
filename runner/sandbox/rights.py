"""The grants of one account, indexed: which roles a role inherits, and who holds what on which thing.

Derived from the catalogue and thrown away when the catalogue changes.
Sources: user-guide/security-access-control-overview, user-guide/security-access-control-privileges.
"""

from __future__ import annotations

from collections import defaultdict
from weakref import WeakKeyDictionary

from runner.sandbox.catalog.store import Catalog

ACCOUNT_ID = 0
"""`Grant.on_id` of the account itself."""
Grantee = tuple[str, str]
"""(ROLE | DATABASE_ROLE | USER | SHARE, name)."""


def grantee_of(role: str) -> Grantee:
    """A role's name as grants carry it: `DB.ROLE` is a database role (account roles cannot have a dot)."""
    return ("DATABASE_ROLE" if "." in role else "ROLE", role)


class Rights:
    """What the catalogue said of one account at one generation; never changes."""

    def __init__(self, catalog: Catalog, account: str) -> None:
        self._granted: defaultdict[Grantee, set[str]] = defaultdict(set)
        self._held: defaultdict[int, set[tuple[str, Grantee]]] = defaultdict(set)
        self._closures: dict[Grantee, frozenset[str]] = {}
        self._together: dict[tuple[Grantee, Grantee], frozenset[str]] = {}
        self._grantees: dict[tuple[frozenset[str], str | None], frozenset[Grantee]] = {}
        self._privileges: dict[tuple[int, frozenset[Grantee]], frozenset[str]] = {}
        for link in catalog.role_grants(account):
            self._granted[(link.to_kind, link.to_name)].add(link.role)
        for grant in catalog.grants(account):
            self._held[grant.on_id].add((grant.privilege, (grant.to_kind, grant.to_name)))

    def granted(self, grantee: Grantee) -> frozenset[str]:
        """The roles that are granted to the grantee itself."""
        return frozenset(self._granted.get(grantee, ()))

    def roles(self, grantee: Grantee) -> frozenset[str]:
        """Every role that the grantee is or inherits; PUBLIC always."""
        if grantee not in self._closures:
            self._closures[grantee] = self._closure(grantee)
        return self._closures[grantee]

    def both(self, one: Grantee, other: Grantee) -> frozenset[str]:
        """Every role of either."""
        if (one, other) not in self._together:
            self._together[one, other] = self.roles(one) | self.roles(other)
        return self._together[one, other]

    def grantees(self, roles: frozenset[str], user: str | None = None) -> frozenset[Grantee]:
        """The roles, and the user where one is given, as grants name them."""
        if (roles, user) not in self._grantees:
            named = frozenset(map(grantee_of, roles))
            self._grantees[roles, user] = named if user is None else named | {("USER", user)}
        return self._grantees[roles, user]

    def _closure(self, grantee: Grantee) -> frozenset[str]:
        found = {"PUBLIC"} if grantee[0] == "USER" else {"PUBLIC", grantee[1]}
        waiting = [grantee, ("ROLE", "PUBLIC")]
        while waiting:
            fresh = self._granted.get(waiting.pop(), set()) - found
            found |= fresh
            waiting += map(grantee_of, fresh)
        return frozenset(found)

    def privileges(self, on_id: int, grantees: frozenset[Grantee]) -> frozenset[str]:
        """The privileges that any of the grantees holds on the thing by a grant."""
        known = self._privileges.get((on_id, grantees))
        if known is None:
            held = self._held.get(on_id, ())
            known = self._privileges[on_id, grantees] = frozenset(privilege for privilege, to in held if to in grantees)
        return known


_LAST: WeakKeyDictionary[Catalog, tuple[int, dict[str, Rights]]] = WeakKeyDictionary()


def rights(catalog: Catalog, account: str) -> Rights:
    """The account's rights as the catalogue stands now."""
    generation = catalog.generation
    known = _LAST.get(catalog)
    if known is None or known[0] != generation:
        known = _LAST[catalog] = (generation, {})
    if account not in known[1]:
        known[1][account] = Rights(catalog, account)
    return known[1][account]
