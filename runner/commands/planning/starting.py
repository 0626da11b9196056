"""`plan init` and the words of `plan create`: the file that a plan is made from, written for the first time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from runner.authoring.closing import united
from runner.catalog.estate import OF_ACCOUNT, ROUTINES, SYSTEM_ROLES, Address, Estate, Found, Kind
from runner.catalog.reading.reader import read
from runner.catalog.reading.request import ReadRequest
from runner.commands.deployment import profile_of
from runner.commands.workspace import Door
from runner.connection.session import connect
from runner.core.errors import FileInTheWay, UsageError
from runner.core.names import Identifier
from runner.project.environment import Environment
from runner.project.files import shown
from runner.project.migration import FILE, asked_of
from runner.project.migration_schema import KINDS
from runner.project.settings import ProjectSettings, load
from runner.project.yaml_editing import scalar

_WORDS = {kind: word for word, kind in KINDS.items() if kind}
_STRATEGIES = {
    "batch": "batches", "batches": "batches", "stream": "stream", "incremental": "incremental", "replay": "replay",
    "parallel": "snapshot", "bulk": "snapshot", "snapshot": "snapshot", "none": "none",
}  # fmt: skip
_PLAIN = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+")
_HEAD = """\
# What a plan is asked for: `runner plan create NAME` reads it, `runner plan schema` describes every key.
# Keep the lines of what is to travel; whatever these need comes along by itself.

source: {source}      # the environment that has the objects
target: {target}      # the environment that is to have them

select:
"""
_TAIL = """
# data:                            # how rows come; snapshot: frozen at one instant, all tables in one transaction
#   default: snapshot
#   tables:
#     mart.facts: {strategy: batches, by: day, every: month}
#     mart.customers: {strategy: incremental, watermark: updated_at, key: [id]}

# owners:                          # who owns what in the target, by the logical roles of config/<target>.yaml
#   "*.*": product_owner
"""


@dataclass(frozen=True, slots=True)
class Start:
    """Which environments, and which schemas of the source: all configured ones where none is named."""

    source: str
    target: str
    schemas: tuple[str, ...] = ()
    force: bool = False
    progress: Callable[[str], None] = lambda _: None


def init(door: Door, start: Start, to: str = FILE) -> str:
    """Looks at the source and writes a first file, with everything that stands there; gives its path.

    An existing file is overwritten only by force.
    """
    settings = load(door.root, door.overrides, door.environ, door.sandbox)
    source, target = settings.environment(start.source), settings.environment(start.target)
    path = settings.root / to
    if path.exists() and not start.force:
        raise FileInTheWay(to, "exists already")
    estate = _look(source, start)
    text = "".join(_lines(estate, source, target))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return to


def _look(source: Environment, start: Start) -> Estate:
    profile = profile_of(source)
    schemas = tuple(Identifier.parse(name).stored for name in start.schemas) or source.schemas or None
    with connect(profile) as session:
        request = ReadRequest(
            database=source.database, schemas=schemas, observed=False, lineage=False,
            connect=lambda: connect(profile), progress=start.progress,
        )  # fmt: skip
        return read(session, request)


def _lines(estate: Estate, source: Environment, target: Environment) -> Iterator[str]:
    yield _HEAD.format(source=name_of(source.name), target=name_of(target.name))
    mine = [found for found in estate.objects if _travels(estate, found.address)]
    for kind, word in _WORDS.items():
        of_kind = [found for found in mine if found.address.kind == kind]
        if of_kind:
            yield f"  {word}:\n"
            yield from (_line(found) for found in of_kind)
    if not mine:
        yield "  # nothing was found in " + ", ".join(estate.schemas or ("any schema",)) + "\n  objects: []\n"
    yield from _outside(estate, mine)
    yield from _names(estate, source, target)
    yield _TAIL


def _travels(estate: Estate, address: Address) -> bool:
    return address.database == estate.database and (not estate.schemas or address.schema in estate.schemas)


def _line(found: Found) -> str:
    written = f"    - {name_of(_written(found.address))}"
    about = _about(found)
    return f"{written:<70}  # {about}\n" if about else f"{written}\n"


def _written(address: Address) -> str:
    """As a person writes it: small letters, quotes where they are needed."""
    parts = [identifier.sql for identifier in map(Identifier, (address.schema, address.name))]
    name = ".".join(part if part.startswith('"') else part.lower() for part in parts)
    return name + (address.signature.lower() if address.kind in ROUTINES else "")


def _about(found: Found) -> str:
    said = [f"{found.rows:,} rows"] if found.rows is not None else []
    said += [_size(found.bytes)] if found.bytes else []
    said += [" ".join(found.comment.split())[:60]] if found.comment else []
    said += [f"its definition cannot be read: {found.problem}"] if found.problem else []
    return ", ".join(said)


def _size(count: int) -> str:
    for unit in ("bytes", "KB", "MB", "GB"):
        if count < 1000:
            return f"{count} {unit}"
        count //= 1000
    return f"{count} TB"


def _outside(estate: Estate, mine: list[Found]) -> Iterator[str]:
    """What they need and would not find: somebody has to say what becomes of it."""
    own = {found.address for found in mine}
    needs = [need for need in united(estate.edges) if need.needer in own and need.certain]
    found = sorted({need.needed for need in needs if need.needed not in own and need.needed.kind not in OF_ACCOUNT})
    beyond = [address for address in found if address.database != estate.database or address.kind is Kind.UNKNOWN]
    if beyond:
        yield "\noutside:     # include, map, drop or declare: what becomes of what is needed and stands elsewhere\n"
        for address in beyond:
            who = ", ".join(sorted({need.needer.short for need in needs if need.needed == address})[:3])
            yield f"  # {name_of('.'.join(_quoted(address)))}: map      # {address.kind.lower()}, needed by {who}\n"
        yield "  {}\n"


def _quoted(address: Address) -> list[str]:
    return [Identifier(part).sql for part in address.place if part]


def _names(estate: Estate, source: Environment, target: Environment) -> Iterator[str]:
    """Roles and warehouses that the objects name, and what they are called in the target."""
    known = {Identifier.parse(name).stored for name in source.roles.values()}
    grantees = {grant.grantee for found in estate.objects for grant in found.grants if grant.grantee_kind == "ROLE"}
    roles = sorted(grantees - known - SYSTEM_ROLES)
    warehouses = sorted({edge.needed.name for edge in estate.edges if edge.needed.kind is Kind.WAREHOUSE})
    if not roles and not warehouses:
        return
    yield "\nnames:\n"
    if warehouses:
        yield "  warehouses:\n"
        yield from (f"    {name_of(name.lower())}: {name_of(target.warehouse or '')}\n" for name in warehouses)
    if roles:
        logical = ", ".join(target.roles) or "none yet"
        yield f"  # roles:                         # to the logical roles of config/{target.name}.yaml: {logical}\n"
        yield from (f"  #   {name_of(name.lower())}: \n" for name in roles)
        yield "  roles: {}\n"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a command line that stand for a file: what a plan is asked for in short."""

    source: str = ""
    target: str = ""
    source_database: str = ""
    target_database: str = ""
    source_schema: str = ""
    target_schema: str = ""
    tables: str = ""
    views: str = ""
    procedures: str = ""
    strategy: str = ""
    batch_size: int = 0
    watermark: str = ""
    key: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)


def file_of(door: Door, plan: str, words: Words, *, force: bool = False) -> Path:
    """plans/<plan>.yaml, built from the words. The same words give the same file; another file is in the way."""
    settings = load(door.root, door.overrides, door.environ, door.sandbox)
    values = _values(settings, words)
    asked_of(values, f"plans/{plan}.yaml")
    text = f"# What plan '{plan}' is asked for.\n" + "".join(_yaml(values))
    path = settings.root / "plans" / f"{plan}.yaml"
    if path.exists() and path.read_text(encoding="utf-8") != text and not force:
        raise FileInTheWay(shown(path, settings.root), "says something else")
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _values(settings: ProjectSettings, words: Words) -> dict[str, object]:
    source = _environment(settings, words.source, words.source_database, "--source")
    target = _environment(settings, words.target, words.target_database, "--target")
    select = {
        word: [f"{words.source_schema}.{name}" if words.source_schema else name for name in _list(text)]
        for word, text in (("tables", words.tables), ("views", words.views), ("procedures", words.procedures))
        if text
    }
    if not select:
        raise UsageError("Say what is to travel: --tables, --views, --procedures.")
    values: dict[str, object] = {"source": source.name, "target": target.name, "select": select}
    if words.target_schema:
        if not words.source_schema:
            raise UsageError("--target-schema needs --source-schema.")
        values["names"] = {"schemas": {words.source_schema: words.target_schema}}
    if data := _data(words, select.get("tables", [])):
        values["data"] = data
    return values


def _environment(settings: ProjectSettings, name: str, database: str, option: str) -> Environment:
    """By its name, or as the only one with this database."""
    if name:
        return settings.environment(name)
    if not database:
        raise UsageError(f"Say {option} ENVIRONMENT, or {option}-database NAME.")
    stored = Identifier.parse(database).stored
    found = [each for each in settings.environments.values() if each.database == stored]
    if len(found) != 1:
        if found:
            raise UsageError(f"{' and '.join(each.name for each in found)} have the database {database}: say {option}.")
        known = ", ".join(f"{each.database} ({each.name})" for each in settings.environments.values())
        raise UsageError(f"{option}: no environment has the database {database}; there are {known}.")
    return found[0]


def name_of(value: object) -> str:
    """A value as YAML: names with dots need no quotes."""
    return value if isinstance(value, str) and _PLAIN.fullmatch(value) else scalar(value)


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _data(words: Words, tables: list[str]) -> dict[str, object]:
    if not words.strategy:
        if words.batch_size or words.watermark:
            raise UsageError("--batch-size and --watermark need --strategy.")
        return {}
    strategy = _STRATEGIES.get(words.strategy.lower())
    if strategy is None:
        raise UsageError(f"--strategy {words.strategy}: one of {', '.join(_STRATEGIES)} is.")
    given: dict[str, object] = {"strategy": strategy}
    given |= {"size": words.batch_size} if words.batch_size else {}
    given |= {"watermark": words.watermark} if words.watermark else {}
    given |= {"key": _list(words.key)} if words.key else {}
    if len(given) == 1 and strategy not in ("batches", "incremental"):
        return {"default": strategy}
    return {"tables": dict.fromkeys(tables, given)}


def _yaml(values: Mapping[str, object], margin: str = "") -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, Mapping) and len(margin) < 4:
            yield f"{margin}{name_of(key)}:\n"
            yield from _yaml(value, margin + "  ")
        elif isinstance(value, list):
            yield f"{margin}{name_of(key)}:\n"
            yield from (f"{margin}  - {name_of(each)}\n" for each in value)
        else:
            yield f"{margin}{name_of(key)}: {name_of(value)}\n"
