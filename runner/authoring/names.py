"""What everything is called in the target: one map for a whole plan, one per object for the text that is moved."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, count, takewhile

from runner.authoring.closing import matches
from runner.catalog.estate import ROUTINES, Address, Kind
from runner.core.errors import NameCollision
from runner.core.names import Identifier
from runner.project.migration import Asked
from runner.sql.lexing import string_literal
from runner.sql.protecting import protect

NUMBERED = "statement"
"""The variable that holds a statement until its number is known."""
RESERVED = frozenset(
    {
        "env", "source", "target", "targets", "vars", "run", "secret", "roles", "frozen", "manifest", "table", "item",
        "assert", "copy", "grant", "selection", "share", "snapshot", "batches", "sync", "keys", "loop", "range", "dict",
        "and", "or", "not", "in", "is", "if", "else", "for", "set", "true", "false", "none", "import", "from", "macro",
        "live", "live_share", "again", "part", "caller", "self", "super", "varargs", "kwargs", "cycler", "joiner",
        "namespace", "lipsum", NUMBERED,
    }
)  # fmt: skip
"""Words that mean something in a script: neither a schema's variable nor a plan's own template may be called so."""
_TABLES = frozenset(
    {
        Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.DYNAMIC_TABLE, Kind.EXTERNAL_TABLE, Kind.EVENT_TABLE,
    }
)  # fmt: skip
DATABASE = "{{ env.database | ident }}"


def in_script(stored: str) -> str:
    """A name as it stands in a script: quoted where it must be, and never taken for a template."""
    return protect(Identifier(stored).sql)


def text_in_script(value: str) -> str:
    """A string constant as it stands in a script, whatever it holds."""
    return protect(string_literal(value))


def written_names(names: Mapping[str, str]) -> dict[str, str]:
    """Stored names and what they become, this as it is written in SQL."""
    return {old: Identifier(new).sql for old, new in names.items()}


def role_in_script(word: str) -> str:
    """A logical role inside an expression: ``roles.analysts``, or by its text where Jinja would read something else."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", word) and not hasattr({}, word):
        return f"roles.{word}"
    return f"roles[{json.dumps(word, ensure_ascii=False)}]"


@dataclass(frozen=True)
class TargetNames:
    """Names of the target for the objects of a plan. The target's database is never written: scripts ask for it."""

    asked: Asked
    database: str
    members: tuple[Address, ...]
    taken: frozenset[str] = field(default_factory=frozenset)
    """Names that scripts use for something else, such as the plan's own template."""

    def of(self, address: Address) -> Address:
        """Where an object goes. Its database is empty: the environment says it."""
        schema = self.asked.names.schemas.get(address.schema, address.schema)
        if address.kind is Kind.SCHEMA:
            return Address(address.kind, "", "", self.asked.names.schemas.get(address.name, address.name))
        return Address(address.kind, "", schema, self._renamed(address), address.signature)

    def _renamed(self, address: Address) -> str:
        for pattern, new in self.asked.names.objects:
            if matches(pattern, address):
                return new
        return address.name

    def check(self) -> None:
        """Raises NameCollision when two objects would have one name."""
        taken: dict[tuple[str, str, str, str], Address] = {}
        for address in self.members:
            new = self.of(address)
            key = (_namespace(new.kind), new.schema, new.name, new.signature)
            if key in taken:
                raise NameCollision(self.asked.path, new.short, (str(taken[key]), str(address)))
            taken[key] = address

    @cached_property
    def schemas(self) -> Mapping[str, str]:
        """Every schema of the target that is written to, and the variable that stands for it in scripts."""
        names = sorted({self.of(address).schema for address in self.members if address.schema})
        return dict(zip(names, _variables(names, RESERVED | self.taken), strict=True))

    def prefix(self, schema: str) -> str:
        """What stands before an object's name: ``{{ mart }}``."""
        return f"{{{{ {self.schemas[schema]} }}}}"

    def written(self, address: Address) -> str:
        """An object of the source as scripts name it in the target: ``{{ mart }}.DIM_STOCKS``."""
        new = self.of(address)
        place = self._place(address.database, new.schema)
        return f"{place}.{in_script(new.name)}{new.signature if new.kind in ROUTINES else ''}"

    def expression(self, address: Address) -> str:
        """The same inside of an expression: ``mart ~ ".DIM_STOCKS"``."""
        new = self.of(address)
        name = Identifier(new.name).sql + (new.signature if new.kind in ROUTINES else "")
        return f"{self.schemas[new.schema]} ~ {json.dumps('.' + name, ensure_ascii=False)}"

    def _place(self, database: str, schema: str) -> str:
        """Database and schema; of what stays behind too, which is named where it will be looked for."""
        if database == self.database and schema in self.schemas:
            return self.prefix(schema)
        other = self.asked.names.databases.get(database, database)
        return f"{DATABASE if database == self.database else in_script(other)}.{in_script(schema)}"


def _namespace(kind: Kind) -> str:
    """Tables and views share their names; every other kind has its own (sql-reference/identifiers)."""
    return "TABLE" if kind in _TABLES else kind.value


def _variables(names: list[str], taken: Iterable[str]) -> list[str]:
    """Short words for schemas: ``mart`` for MART_INVESTMENTS_BOLT when that says it all."""
    words = [re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_") or "schema" for name in names]
    short = [word.removesuffix(_common_end(words)) for word in words]
    return _distinct(short if _are_words(short) else words, set(taken))


def _common_end(words: list[str]) -> str:
    """What all end with, from an underscore on; nothing for a single word."""
    if len(words) < 2:
        return ""
    columns = zip(*(reversed(word.split("_")[1:]) for word in words), strict=False)
    common = [column[0] for column in takewhile(lambda column: len(set(column)) == 1, columns)]
    return "".join(f"_{part}" for part in reversed(common))


def _are_words(words: list[str]) -> bool:
    return len(set(words)) == len(words) and all(re.fullmatch(r"[a-z_][a-z0-9_]*", word) for word in words)


def _distinct(words: list[str], taken: set[str]) -> list[str]:
    found = list[str]()
    for word in words:
        base = word if re.match(r"[a-z_]", word) else f"s_{word}"
        choices = chain((base, f"{base}_schema"), (f"{base}_{number}" for number in count(2)))
        name = next(each for each in choices if each not in taken)
        taken.add(name)
        found.append(name)
    return found
