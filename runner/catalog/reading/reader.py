"""The whole reading: what stands in the database, what that leads to, and who needs whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from runner.catalog.edges import mentioned, noted, spoken, structural
from runner.catalog.edges.links import Link
from runner.catalog.edges.naming import Known
from runner.catalog.estate import Address, Edge, Estate, Evidence, Found, Gap, Kind
from runner.catalog.reading.asking import Desk, Question, Row
from runner.catalog.reading.described import described
from runner.catalog.reading.details import Details
from runner.catalog.reading.governance import policies
from runner.catalog.reading.grants import future, of_database
from runner.catalog.reading.histories import dependencies, lineage, references, touched
from runner.catalog.reading.inventory import Inventory, inventory, properties
from runner.catalog.reading.parameters import parameters
from runner.catalog.reading.request import ReadRequest
from runner.catalog.reading.routines import FEWEST
from runner.catalog.reading.standing import changed, moment
from runner.catalog.reading.texts import Text, rights_of, texts
from runner.catalog.spelling import said
from runner.connection.session import Session
from runner.core.errors import SourceChanging
from runner.sql.mentions import Mention, mentions


def read(session: Session, request: ReadRequest) -> Estate:
    """Everything asked for, what it leads to, and the edges between. Queries only.

    What the role may not read becomes a gap or a problem of one object. Raises OwnStatementFailed where the database
    itself cannot be read, or the session or the network is lost; SourceChanging where somebody changed what was read
    meanwhile, and did so again in a second reading: an estate is that of one moment.
    """
    desk = Desk(session, request)
    try:
        estate, changes = _one_reading(desk)
        if changes:
            request.progress(f"all of it again: {changes[0]} meanwhile")
            desk.gaps.clear()
            estate, changes = _one_reading(desk)
        if changes:
            raise SourceChanging(request.database, changes)
        return estate
    finally:
        desk.close()


def _one_reading(desk: Desk) -> tuple[Estate, tuple[str, ...]]:
    """The estate, and what was changed in the source while it was read."""
    since = moment(desk)
    reading = _Reading(desk)
    return reading.estate(), changed(desk, reading.found, since)


@dataclass
class _Reading:
    """`known`: whatever was seen by name. `found`: what was read with all that belongs to it.

    `now`: what views stand on, where the catalogue's history does not say it yet; `asked_now`: of which it was asked.
    `told`: the edges that each object tells itself, as long as nothing new is known by name.
    """

    desk: Desk
    known: Inventory = field(default_factory=dict)
    found: Inventory = field(default_factory=dict)
    names: dict[Address, tuple[Mention, ...]] = field(default_factory=dict)
    databases: frozenset[str] = frozenset()
    visited: set[str] = field(default_factory=set)
    links: dict[Evidence, list[Link]] = field(default_factory=dict)
    now: list[Link] = field(default_factory=list)
    asked_now: set[Address] = field(default_factory=set)
    told: dict[Address, tuple[Edge, ...]] = field(default_factory=dict)
    whole: Found = field(init=False)

    def estate(self) -> Estate:
        request, place = self.desk.request, self.desk.first.place
        self._look_around()
        self._take(address for address in self.known if request.wants(address.kind, address.schema or address.name))
        while missing := self._missing() or self._behind_views():
            self._take(missing)
        self._trace()
        self._say_what_is_gone()
        schemas = self._schemas()
        self._places(schemas)
        return Estate(
            place.organization,
            place.account,
            request.database,
            schemas,
            tuple(self.found[address] for address in sorted(self.found)),
            self._among(),
            parameters=parameters(self.desk, request.database, schemas),
            gaps=tuple(sorted(self.desk.gaps)),
        )

    def _look_around(self) -> None:
        """All names of the database, and what is noted in the account."""
        request = self.desk.request
        rows = {row["name"]: row for row in self.desk.rows(Question("databases", "account", "SHOW DATABASES"))}
        self.databases = frozenset(rows) | {request.database}
        self.whole = _database(request.database, rows.get(request.database, {}))
        self._visit(request.database, asked_for=True)
        request.progress("policies, and what past calls touched")
        if request.observed:
            self.links[Evidence.OBSERVED] = touched(self.desk, request.days)

    @cached_property
    def _details(self) -> Details:
        return Details(self.desk, policies(self.desk), self._known_in)

    def _known_in(self, database: str) -> list[Address]:
        return [address for address in self.known if address.database == database]

    def _visit(self, database: str, *, asked_for: bool = False) -> None:
        self.desk.request.progress(f"what stands in {database}")
        self.visited.add(database)
        self.known |= inventory(self.desk, database, asked_for=asked_for)
        self.links.setdefault(Evidence.CATALOG, []).extend(dependencies(self.desk, database))
        self.told.clear()
        self.__dict__.pop("_names_known", None)

    def _schemas(self) -> tuple[str, ...]:
        asked = self.desk.request.schemas
        here = (one for one in self.known if one.kind is Kind.SCHEMA and one.database == self.desk.request.database)
        return tuple(sorted(one.name for one in here if asked is None or one.name in asked))

    def _take(self, wanted: Iterable[Address]) -> None:
        """Reads all that belongs to these objects."""
        taken = sorted(address for address in wanted if address not in self.found)
        self.desk.request.progress(f"the texts of {len(taken)} objects")
        written = texts(self.desk, taken) | described(self.desk, [self.known[address] for address in taken])
        whole = (_with_text(self.known[address], written.get(address, Text(""))) for address in taken)
        for found in self._details.of(whole):
            self.found[found.address] = found
            self.names[found.address] = mentions(found.ddl) if found.ddl else ()

    def _missing(self) -> set[Address]:
        """What the objects read so far lead to, and was not read: databases on the way are visited."""
        needed = {edge.needed for edge in self._edges() if edge.needer in self.found} - self.found.keys()
        for database in sorted({one.database for one in needed} - self.visited):
            if database in self.databases:
                self._visit(database)
        by_place = self._names_known.by_place
        behind = {one for address in needed if address.kind is Kind.UNKNOWN for one in by_place.get(address.place, ())}
        return {one for one in needed | behind if one in self.known and one not in self.found}

    def _behind_views(self) -> set[Address]:
        """What Snowflake knows now under views that OBJECT_DEPENDENCIES, hours late or not for this role, does not."""
        late = [self.found[address] for address in sorted(self._views_unknown())]
        if not late:
            return set()
        self.desk.request.progress(f"what {len(late)} views stand on")
        self.asked_now |= {view.address for view in late}
        self.now += references(self.desk, late)
        return self._missing()

    def _views_unknown(self) -> set[Address]:
        noted_views = {link.one.place for link in self.links.get(Evidence.CATALOG, ())}
        views = {one for one in self.found if one.kind is Kind.VIEW and one not in self.asked_now}
        return {one for one in views if one.place not in noted_views and (self.names[one] or not self.found[one].ddl)}

    def _places(self, schemas: tuple[str, ...]) -> None:
        """The database and its schemas: what is granted on them, and on what will be made in them."""
        given = of_database(self.desk, self.whole.address.name)
        self.found[self.whole.address] = replace(self.whole, grants=given)
        self.names[self.whole.address] = ()
        places = [Address(Kind.SCHEMA, self.desk.request.database, "", name) for name in schemas]
        places = [place for place in places if place in self.found]
        for place, more in zip(places, self.desk.each(lambda one: future(self.desk, one), places), strict=True):
            found = self.found[place]
            self.found[place] = replace(found, grants=tuple(sorted({*found.grants, *more})))

    def _trace(self) -> None:
        if self.desk.request.lineage:
            self.desk.request.progress("where rows came from")
            tables = (one for one in self.found if one.kind is Kind.TABLE)
            self.links[Evidence.LINEAGE] = lineage(self.desk, tables)

    def _say_what_is_gone(self) -> None:
        """What calls touched and nobody sees now is gone, or is not for this role to see: that cannot be told apart."""
        for needer, needed in noted.gone(self.links.get(Evidence.OBSERVED, ()), self._names_known):
            if needer in self.found:
                reason = f"a call of {needer.short} touched it; it is not there now, or not for this role to see"
                self.desk.gaps.add(Gap("what a past call touched", needed.sql, reason))

    def _among(self) -> tuple[Edge, ...]:
        """The edges from or to what was read."""
        return tuple(sorted({edge for edge in self._edges() if edge.needer in self.found or edge.needed in self.found}))

    @cached_property
    def _names_known(self) -> Known:
        fewest = {one: int(found.properties.get(FEWEST, -1)) for one, found in self.known.items()}
        some = {one: count for one, count in fewest.items() if count >= 0}
        return Known(frozenset(self.known), self.databases, some, frozenset(self.visited))

    def _edges(self) -> Iterator[Edge]:
        known = self._names_known
        for address, found in self.found.items():
            if address not in self.told:
                self.told[address] = tuple(self._told_by(found, known))
            yield from self.told[address]
        for tag, policy in self._details.policies.of_tags:
            yield Edge(tag, policy, Evidence.CATALOG, "POLICY")
        texts = self._texts()
        yield from noted.references(self.now, known, texts)
        for evidence, links in self.links.items():
            if evidence is Evidence.CATALOG:
                yield from noted.dependencies(links, known, texts)
            else:
                yield from noted.observed(links, evidence, known)

    def _texts(self) -> noted.Texts:
        pairs = {(edge.needer, edge.needed) for edges in self.told.values() for edge in edges}
        return noted.Texts(pairs, {address for address, names in self.names.items() if names})

    def _told_by(self, found: Found, known: Known) -> Iterator[Edge]:
        names = self.names[found.address]
        yield from mentioned.edges_of(found, names, known)
        yield from spoken.edges_of(found, {name.start for name in names}, known)
        yield from structural.keys(found, known)
        yield from structural.defaults(found, known)
        yield from structural.shown(found, known)
        yield from structural.governed(found)


def _database(name: str, row: Row) -> Found:
    address = Address(Kind.DATABASE, "", "", name)
    return Found(address, said(row.get("owner")), comment=said(row.get("comment")), properties=properties(row))


def _with_text(found: Found, text: Text) -> Found:
    """With its text; and whose rights a procedure has, which nothing but the text tells."""
    rights = rights_of(text.ddl) if found.address.kind is Kind.PROCEDURE else ""
    told = {**found.properties, "execute_as": rights} if rights else found.properties
    return replace(found, ddl=text.ddl, problem=text.problem, properties=told)
