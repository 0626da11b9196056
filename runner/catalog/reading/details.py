"""What belongs to objects beside their text: columns, keys, grants, policies, tags; asked once for each database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from runner.catalog.estate import Address, Column, Found, Grant, Key
from runner.catalog.reading.asking import Desk
from runner.catalog.reading.columns import columns
from runner.catalog.reading.governance import Policies, tags
from runner.catalog.reading.grants import grants
from runner.catalog.reading.keys import keys
from runner.catalog.reading.kinds import RELATIONS

_Spot = tuple[str, str, str]


@dataclass
class Details:
    """`known`: all objects of a database by name; with them grants are told apart."""

    desk: Desk
    policies: Policies
    known: Callable[[str], Iterable[Address]]
    _columns: dict[_Spot, tuple[Column, ...]] = field(default_factory=dict)
    _schemas: set[tuple[str, str]] = field(default_factory=set)
    _keys: dict[str, Mapping[tuple[str, str], tuple[Key, ...]]] = field(default_factory=dict)
    _grants: dict[str, Mapping[Address, tuple[Grant, ...]]] = field(default_factory=dict)

    def of(self, objects: Iterable[Found]) -> list[Found]:
        """The same objects with all that belongs to them."""
        several = list(objects)
        for database in sorted({one.address.database for one in several}):
            self._ask(database, [one.address for one in several if one.address.database == database])
        tagged = tags(self.desk, several)
        return [replace(self._with(one), tags=tagged.get(one.address, ())) for one in several]

    def _ask(self, database: str, objects: list[Address]) -> None:
        self.desk.request.progress(f"columns, keys and grants in {database}")
        schemas = {one.schema for one in objects if one.kind in RELATIONS}
        new = tuple(sorted(schema for schema in schemas if (database, schema) not in self._schemas))
        if new:
            self._schemas |= {(database, schema) for schema in new}
            for (schema, name), cells in columns(self.desk, database, new).items():
                self._columns[database, schema, name] = cells
        if schemas and database not in self._keys:
            self._keys[database] = keys(
                self.desk, database, tuple(sorted({one.schema for one in self.known(database)}))
            )
        if database not in self._grants:
            self._grants[database] = grants(self.desk, database, self.known(database))

    def _with(self, found: Found) -> Found:
        address = found.address
        given = replace(found, grants=self._grants[address.database].get(address, ()))
        if address.kind not in RELATIONS:
            return given
        return replace(
            given,
            columns=self._columns.get(address.place, ()),
            keys=self._keys[address.database].get((address.schema, address.name), ()),
            policies=self.policies.uses.get(address.place, ()),
        )
