"""No sequence of grants lets a role see or do what the documentation denies it: the sandbox against a small model.

The model is written from user-guide/security-access-control-overview and -privileges, grant-privilege,
revoke-privilege (CASCADE), grant-ownership (COPY CURRENT GRANTS) and grant-role.
"""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from runner.sandbox.errors import SnowflakeError
from tests.unit.sandbox.law.conftest import Organisation

ROLES = ("R0", "R1", "R2", "R3")
PLACES = {"DATABASE": None, "SCHEMA": "DATABASE", "TABLE": "SCHEMA"}
PRIVILEGES = {
    "DATABASE": ("USAGE", "MONITOR"),
    "SCHEMA": ("USAGE", "MODIFY", "CREATE TABLE"),
    "TABLE": ("SELECT", "INSERT", "DELETE"),
}
ADMIN = "ACCOUNTADMIN"


class Model:
    """Who holds what, as the documentation has it."""

    def __init__(self):
        self.owner = dict.fromkeys(PLACES, "SYSADMIN")
        self.grants = set()  # (privilege, place, to, with option, by)
        self.members = set()  # (role, to)
        self.managed = False

    def roles(self, role):
        """The role and all it inherits."""
        found, waiting = {role}, [role]
        while waiting:
            at = waiting.pop()
            fresh = {r for r, to in self.members if to == at} - found
            found |= fresh
            waiting += fresh
        return found

    def held(self, role, place):
        roles = self.roles(role)
        own = {"OWNERSHIP"} if self.owner[place] in roles else set()
        return own | {p for p, at, to, _, _ in self.grants if at == place and to in roles}

    def reaches(self, role, place):
        above = PLACES[place]
        return above is None or (bool(self.held(role, above)) and self.reaches(role, above))

    def sees(self, role, place):
        rules = place == "TABLE" and self.managed and self.owner["SCHEMA"] in self.roles(role)
        return self.reaches(role, place) and (bool(self.held(role, place)) or rules)

    def answer(self, role, place, *privileges):
        """None when the role may, else the number of the refusal."""
        if not self.sees(role, place):
            return 2003
        held = self.held(role, place)
        return None if held & {"OWNERSHIP", *privileges} else 3001

    def grantors(self, role, privilege, place):
        """The roles in whose name the role may grant the privilege."""
        roles = self.roles(role)
        if place == "TABLE" and self.managed:
            return {self.owner[place]} if self.owner["SCHEMA"] in roles else set()
        if self.owner[place] in roles:
            return {self.owner[place]}
        return {to for p, at, to, option, _ in self.grants if (p, at) == (privilege, place) and option and to in roles}

    def revoke(self, privilege, place, to):
        """By who manages grants, with CASCADE: what was granted on by virtue of the grant goes too."""
        gone = {g for g in self.grants if g[:3] == (privilege, place, to)}
        self.grants -= gone
        if any(option for _, _, _, option, _ in gone) and self.owner[place] != to:
            for further in {g[2] for g in self.grants if g[:2] == (privilege, place) and g[4] == to}:
                left = {g for g in self.grants if g[:3] == (privilege, place, further) and g[4] == to}
                self.grants -= left
                self._cascade(privilege, place, further, left)

    def _cascade(self, privilege, place, to, gone):
        if not any(g[3] for g in gone) or self.owner[place] == to:
            return
        for further in {g[2] for g in self.grants if g[:2] == (privilege, place) and g[4] == to}:
            left = {g for g in self.grants if g[:3] == (privilege, place, further) and g[4] == to}
            self.grants -= left
            self._cascade(privilege, place, further, left)

    def move(self, place, to):
        old = self.owner[place]
        if old != to:
            self.grants = {(*g[:4], to) if g[1] == place and g[4] == old else g for g in self.grants}
            self.owner[place] = to


class World:
    """The same steps in the sandbox."""

    _numbers = count(1)

    def __init__(self, town):
        self.town = town
        self.number = next(self._numbers)
        self.names = {"DATABASE": f"W{self.number}", "SCHEMA": f"W{self.number}.S", "TABLE": f"W{self.number}.S.T"}
        for role in map(self.role, ROLES):
            self.admin(f"CREATE ROLE {role}", f"GRANT ROLE {role} TO ROLE {ADMIN}")
        for text in ("CREATE DATABASE {DATABASE}", "CREATE SCHEMA {SCHEMA}", "CREATE TABLE {TABLE} (A NUMBER)"):
            town.run(text.format(**self.names), role="SYSADMIN")

    def role(self, role):
        return f"{role}_{self.number}" if role in ROLES else role

    def admin(self, *texts):
        self.town.run(*texts)

    def answer(self, role, text):
        session = self.town.engine.login("IMCUST", "SANDBOX_ADMIN", self.role(role))
        try:
            self.town.engine.execute(session, text.format(**self.names))
        except SnowflakeError as refusal:
            return refusal.errno
        return None

    def grantor(self, privilege, place, to, among):
        """In whose name the grant stands."""
        kinds = {"DATABASE": "DATABASE", "SCHEMA": "SCHEMA", "TABLE": "TABLE"}
        rows = self.town.table(f"SHOW GRANTS ON {kinds[place]} {self.names[place]}")
        found = [r["granted_by"] for r in rows if (r["privilege"], r["grantee_name"]) == (privilege, self.role(to))]
        return {name for name in among if self.role(name) in found}


TRIALS = [
    ("SELECT A FROM {TABLE}", "TABLE", ("SELECT",)),
    ("INSERT INTO {TABLE} VALUES (1)", "TABLE", ("INSERT",)),
    ("DELETE FROM {TABLE}", "TABLE", ("DELETE",)),
    ("DESCRIBE TABLE {TABLE}", "TABLE", ("SELECT", "INSERT", "DELETE")),
    ("COMMENT ON TABLE {TABLE} IS 'x'", "TABLE", ()),
    ("CREATE OR REPLACE TABLE {SCHEMA}.U{number} (A NUMBER)", "SCHEMA", ("CREATE TABLE",)),
    ("ALTER SCHEMA {SCHEMA} SET COMMENT = 'x'", "SCHEMA", ("MODIFY",)),
]

_place = st.sampled_from(tuple(PLACES))
_grant = st.one_of(
    *(
        st.tuples(st.just(kind), st.sampled_from(PRIVILEGES[place]), st.just(place), st.sampled_from(ROLES), actor,
                  st.booleans())
        for place in PLACES
        for kind, actor in (("grant", st.sampled_from((ADMIN, *ROLES))), ("revoke", st.just(ADMIN)))
    )
)  # fmt: skip
_step = st.one_of(
    _grant,
    _grant,
    st.tuples(st.just("join"), st.sampled_from(ROLES), st.sampled_from(ROLES)),
    st.tuples(st.just("leave"), st.sampled_from(ROLES), st.sampled_from(ROLES)),
    st.tuples(st.just("move"), _place, st.sampled_from(ROLES)),
    st.tuples(st.just("manage"), st.booleans()),
)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    organisation = Organisation(tmp_path_factory.mktemp("world"))
    yield organisation
    organisation.engine.close()


def _do(world, model, step):
    match step:
        case ("grant", privilege, place, to, actor, option):
            _give(world, model, privilege, place, to, actor, option)
        case ("revoke", privilege, place, to, _, _):
            world.admin(f"REVOKE {privilege} ON {place} {world.names[place]} FROM ROLE {world.role(to)} CASCADE")
            model.revoke(privilege, place, to)
        case ("join", role, to):
            refused = world.answer(ADMIN, f"GRANT ROLE {world.role(role)} TO ROLE {world.role(to)}")
            assert (refused is not None) == (to in model.roles(role)), step
            model.members |= set() if refused else {(role, to)}
        case ("leave", role, to):
            world.admin(f"REVOKE ROLE {world.role(role)} FROM ROLE {world.role(to)}")
            model.members.discard((role, to))
        case ("move", place, to):
            name = world.names[place]
            world.admin(f"GRANT OWNERSHIP ON {place} {name} TO ROLE {world.role(to)} COPY CURRENT GRANTS")
            model.move(place, to)
        case ("manage", on):
            world.admin(f"ALTER SCHEMA {world.names['SCHEMA']} {'ENABLE' if on else 'DISABLE'} MANAGED ACCESS")
            model.managed = on


def _give(world, model, privilege, place, to, actor, option):
    tail = " WITH GRANT OPTION" if option else ""
    refused = world.answer(actor, f"GRANT {privilege} ON {place} {{{place}}} TO ROLE {world.role(to)}{tail}")
    may = {model.owner[place]} if actor == ADMIN else model.grantors(actor, privilege, place)
    if actor == ADMIN or (may and model.sees(actor, place)):
        assert refused is None, (privilege, place, to, actor)
        by = world.grantor(privilege, place, to, may)
        assert by, "one of the roles that may grant stands as grantor"
        known = {g for g in model.grants if g[:3] == (privilege, place, to)}
        for name in by - {g[4] for g in known}:
            model.grants.add((privilege, place, to, option, name))
        if option and len(by) == 1:
            _with_option(model, (privilege, place, to), next(iter(by)))
    else:
        assert refused == (3001 if model.sees(actor, place) else 2003), (privilege, place, to, actor)


def _with_option(model, key, by):
    model.grants.discard((*key, False, by))
    model.grants.add((*key, True, by))


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(_step, min_size=4, max_size=16))
def test_what_a_role_may_is_what_the_documentation_gives_it(town, steps):
    world, model = World(town), Model()
    for place, role in (("DATABASE", "R0"), ("SCHEMA", "R0"), ("DATABASE", "R1"), ("SCHEMA", "R1")):
        _do(world, model, ("grant", "USAGE", place, role, ADMIN, False))
    for step in steps:
        _do(world, model, step)
    for role in ROLES:
        for text, place, privileges in TRIALS:
            fresh = text.replace("{number}", str(next(World._numbers)))
            assert world.answer(role, fresh) == model.answer(role, place, *privileges), (role, text, steps)
