"""One object of the source as a statement for the target: made re-runnable, its names moved. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from runner.authoring.closing import Need, matches
from runner.authoring.draft import Piece
from runner.authoring.lines import Lines
from runner.authoring.names import DATABASE, TargetNames, in_script, role_in_script, text_in_script, written_names
from runner.authoring.questions import Question, answered, is_of, of_literal
from runner.authoring.replaying import qualified, written
from runner.catalog.estate import Address, Found, Kind, Past
from runner.core.errors import NotMovable, Unmapped, Unreadable
from runner.project.migration import Asked, Outside, Texts
from runner.sql import moving, table_ddl
from runner.sql.attachments import detached
from runner.sql.mentions import Use, mentions
from runner.sql.protecting import protect
from runner.sql.rerunnable import rerunnable
from runner.sql.tidying import tidy

_CODE = frozenset({Kind.PROCEDURE, Kind.FUNCTION, Kind.TASK, Kind.ALERT})


@dataclass(frozen=True)
class Moving:
    """How the objects of one plan are moved: ``addresses`` are all that travel, ``outside`` is what stays behind."""

    asked: Asked
    addresses: frozenset[Address]
    needs: tuple[Need, ...]
    outside: tuple[tuple[Address, Outside], ...]
    names: TargetNames
    roles: Mapping[str, str]
    late: tuple[tuple[Address, Address], ...] = ()
    """Foreign keys (table, table) that close a circle."""

    def check(self, members: Iterable[Found]) -> None:
        """Raises NameCollision, Unreadable for definitions that nobody showed us, Unmapped for names of the account
        that have no counterpart.
        """
        self.names.check()
        self._refuse_hidden(members)
        self._refuse_unmapped()

    def piece(self, found: Found) -> Piece:
        """The object as it is made in the target."""
        text = self._rerunnable(found)
        moved, lines = moving.move(text, self._names(found, text)), Lines(found.ddl, text)
        edits, seen = tuple(map(lines.of, moved.edits)), tuple(map(lines.of, moved.seen))
        undo = f"DROP {found.address.kind.value} IF EXISTS {self.names.written(found.address)}"
        return Piece(found, self.names.of(found.address), (_bare(moved.text),), (undo,), edits, seen)

    def moved(self, found: Found) -> moving.Moved:
        """Its text, re-runnable and with the target's names."""
        text = self._rerunnable(found)
        return moving.move(text, self._names(found, text))

    def replayed(self, table: Address, past: Past) -> str:
        """A statement that built this table in the source, as it fills the target's."""
        text = qualified(past)
        if missing := self._not_coming(table, text):
            raise NotMovable((f"{table}: {past.where}: it reads {missing}, which is not in the plan",))
        moved = moving.move(protect(text), self._names_at(past.database, past.schema))
        return _bare(written(moved.text, table, self.names))

    def _not_coming(self, table: Address, text: str) -> str:
        """What a statement reads in the source's database that will not be in the target's; empty when all will."""
        coming = {address.place for address in self.addresses} | {address.place for address, _ in self.outside}
        reads = (one for one in mentions(text) if one.use is Use.READS and one.certain and len(one.parts) == 3)
        absent = (one for one in reads if one.parts not in coming and one.parts[0] == table.database)
        return ".".join(next((one.parts[1:] for one in absent), ()))

    def _rerunnable(self, found: Found) -> str:
        kind = found.address.kind.value
        return rerunnable(tidy(self._trimmed(found), kind), kind)

    def _trimmed(self, found: Found) -> str:
        """Without keys, policies and tags that stay behind, and without keys that are made when all tables stand."""
        dropped = {address.place for address, what in self.outside if what is Outside.DROP}
        gone = dropped | {needed.place for needer, needed in self.late if needer == found.address}
        ddl = detached(found.ddl, lambda parts: found.address.lead(parts) in dropped) if dropped else found.ddl
        if found.address.kind is not Kind.TABLE or not gone:
            return ddl
        return table_ddl.without(ddl, lambda element: found.address.lead(element.refers) in gone)

    def questions(self, piece: Piece) -> list[Question]:
        """Texts that look like names of the source in code that will run; the same line twice is one question."""
        lines = piece.found.ddl.split("\n")
        asked = (
            of_literal(piece.found.address, seen, lines[seen.line - 1])
            for seen in piece.seen
            if seen.sql_like and (self.asked.bodies if seen.foreign else self.asked.literals) is Texts.ASK
        )
        open_ones = (question for question in asked if answered(self.asked, question) is None)
        return list({question.id: question for question in open_ones}.values()) if piece.kind in _CODE else []

    def _names(self, found: Found, text: str) -> moving.Names:
        """The names for one object, whose text is re-runnable already."""
        chosen = self._answered(found, text)
        literals, bodies = (_allowed(policy, chosen) for policy in (self.asked.literals, self.asked.bodies))
        return replace(self._names_at(*found.address.place[:2]), literals=literals, bodies=bodies)

    def _names_at(self, database: str, schema: str) -> moving.Names:
        return replace(self._everywhere, home=(database, schema))

    @cached_property
    def _everywhere(self) -> moving.Names:
        """The names of the whole plan, which are the same for each object."""
        names, asked = self.names, self.asked
        renamed = {
            address.place: new.name
            for address in sorted(self.addresses)
            if (new := names.of(address)).name != address.name
        }
        schemas = {
            (names.database, old): names.prefix(asked.names.schemas.get(old, old))
            for old in sorted({address.schema for address in self.addresses if address.schema})
        }
        return moving.Names(
            databases={names.database: DATABASE} | written_names(asked.names.databases),
            schemas=schemas,
            schema_names={(names.database, old): new for old, new in asked.names.schemas.items()},
            objects=renamed,
            others={
                "WAREHOUSE": written_names(asked.names.warehouses),
                "ROLE": {old: f"{{{{ env.{role_in_script(new)} | ident }}}}" for old, new in self.roles.items()},
                "INTEGRATION": written_names(asked.names.integrations),
            },
            home=("", ""),
            literals="report",
            bodies="report",
        )

    def _answered(self, found: Found, text: str) -> moving.Literals:
        """The texts of this object that were answered to be rewritten."""
        answers = self.asked.answers
        if not any(answer == "rewrite" and is_of(id_, found.address) for id_, answer in answers.items()):
            return "report"
        lines, source = Lines(found.ddl, text), found.ddl.split("\n")
        seen = moving.move(text, self._names_at(*found.address.place[:2])).seen
        return frozenset(
            (each.line, each.text)
            for each, there in ((each, lines.of(each)) for each in seen)
            if answers.get(of_literal(found.address, there, source[there.line - 1]).id) == "rewrite"
        )

    def _refuse_hidden(self, members: Iterable[Found]) -> None:
        hidden = [f"{found.address}: {found.problem or 'GET_DDL gives nothing'}" for found in members if not found.ddl]
        hidden += [f"{found.address}: {_UNKNOWN}" for found in members if "#UNKNOWN_" in found.ddl]
        if hidden:
            raise Unreadable(tuple(hidden))

    def _refuse_unmapped(self) -> None:
        """Warehouses, roles and integrations that the code names must be called something in the target."""
        known = {
            Kind.WAREHOUSE: self.asked.names.warehouses, Kind.ROLE: self.roles,
            Kind.INTEGRATION: self.asked.names.integrations,
        }  # fmt: skip
        missing = [
            f"{need.needed.kind.lower()} {need.needed.name} ({need.needer.short})"
            for need in self.needs
            if need.certain and need.needed.kind in known and need.needed.name not in known[need.needed.kind]
            and not self._is_let_go(need.needed)
        ]  # fmt: skip
        if missing:
            raise Unmapped(self.asked.path, tuple(dict.fromkeys(missing)))

    def _is_let_go(self, address: Address) -> bool:
        return any(matches(pattern, address) for pattern, _ in self.asked.outside)


def _allowed(policy: Texts, answered: moving.Literals) -> moving.Literals:
    """Which texts are rewritten: all, or those that were answered so."""
    return "rewrite" if policy is Texts.REWRITE else answered


def _bare(statement: str) -> str:
    return statement.strip().rstrip(";").rstrip()


_UNKNOWN = "its policies or tags are hidden from this role (#UNKNOWN_POLICY)"


def late_key(names: TargetNames, table: Found, needed: Address) -> tuple[tuple[str, str], ...]:
    """(do, undo) for the foreign keys of a table that close a circle."""
    constraints = _constraints(table, needed)
    found = list[tuple[str, str]]()
    for number, each in enumerate(key for key in table.keys if key.kind == "FOREIGN" and key.refers == needed):
        name = constraints.get(each.columns) or f"FK_{table.address.name}_{needed.name}_{number + 1}"
        columns = ", ".join(in_script(column) for column in each.columns)
        referred = ", ".join(in_script(column) for column in each.referred)
        own = names.written(table.address)
        clause = f"FOREIGN KEY ({columns}) REFERENCES {names.written(needed)} ({referred})"
        undo = f"ALTER TABLE IF EXISTS {own} DROP CONSTRAINT {in_script(name)}"
        found.append((_added(own, name, clause), undo))
    if not found:
        raise NotMovable((f"{table.address}: its foreign key to {needed.short} cannot be told from its DDL",))
    return tuple(found)


def _constraints(table: Found, needed: Address) -> Mapping[tuple[str, ...], str]:
    """The names that people gave to the foreign keys from one table to another, by columns."""
    return {
        element.key: element.constraint
        for element in table_ddl.elements(table.ddl)
        if element.refers and table.address.lead(element.refers) == needed.place
    }


def _added(table: str, name: str, clause: str) -> str:
    """A constraint that is added once; Snowflake has no IF NOT EXISTS for it (sql-reference/sql/alter-table)."""
    quoted = in_script(name)
    return (
        "BEGIN\n"
        f"    SHOW IMPORTED KEYS IN TABLE {table};\n"
        "    LET standing INTEGER := (SELECT COUNT(*) FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) "
        f'WHERE "fk_name" = {text_in_script(name)});\n'
        "    IF (standing = 0) THEN\n"
        f"        ALTER TABLE {table} ADD CONSTRAINT {quoted} {clause};\n"
        "    END IF;\n"
        "    RETURN 'stands';\n"
        "END"
    )
