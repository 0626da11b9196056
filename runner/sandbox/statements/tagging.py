"""Tags in other statements: CREATE … WITH TAG (t = 'v'), ALTER … SET | UNSET TAG, of objects and of their columns.

They are taken out of the text before the kind's own handler reads it, and set when it has done its work; all of them
are looked up before (user-guide/object-tagging/work, sql-reference/sql/alter-table-column).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace

from runner.sandbox import access
from runner.sandbox.catalog.derived import Tag
from runner.sandbox.catalog.model import Account, Database, Record, Table, View
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.ddl.create_routine import read_signature, signature
from runner.sandbox.errors import SnowflakeError, compilation, insufficient_privileges, invalid_identifier, unsupported
from runner.sandbox.law import policies
from runner.sandbox.query.binding import bound
from runner.sandbox.resolve import refuse_imported, routines
from runner.sandbox.result import Result, status_result
from runner.sandbox.show import targets
from runner.sandbox.statements.tag import check_length, get
from runner.sandbox.tokens import Kind, Reader

Handler = Callable[[Context, str], Result]
Words = tuple[str, ...]
KINDS: tuple[Words, ...] = (
    ("DATABASE",), ("SCHEMA",), ("TABLE",), ("DYNAMIC", "TABLE"), ("MATERIALIZED", "VIEW"), ("VIEW",), ("STAGE",),
    ("PIPE",), ("TASK",), ("STREAM",), ("ALERT",), ("PROCEDURE",), ("FUNCTION",),
    ("WAREHOUSE",), ("USER",), ("ROLE",), ("DATABASE", "ROLE"), ("SHARE",), ("NETWORK", "POLICY"),
    *(tuple(kind.split()) for kind in (*policies.KINDS, "PASSWORD POLICY", "SESSION POLICY")),
    ("INTEGRATION",), *targets.INTEGRATIONS,
)  # fmt: skip
"""What can carry tags, of what the sandbox has; the account too."""
_MOST = 50


def with_tags(statements: Mapping[Words, Handler]) -> dict[Words, Handler]:
    """The statements, those that make and change what can carry tags able to set them."""
    found = dict(statements)
    for words in KINDS:
        for verb, wrapped in (("CREATE", _creating), ("ALTER", _altering)):
            if (verb, *words) in found:
                found[(verb, *words)] = wrapped(found[(verb, *words)], words)
    found["ALTER", "ACCOUNT"] = _altering(found["ALTER", "ACCOUNT"], ("ACCOUNT",))
    return found


@dataclass
class _Given:
    """Tags of a statement: on the object itself, and on columns by name."""

    own: list[tuple[Words, str | None]] = field(default_factory=list)
    columns: dict[str, list[tuple[Words, str | None]]] = field(default_factory=dict)


def _altering(handler: Handler, words: Words) -> Handler:
    def alter(context: Context, text: str) -> Result:
        if "TAG" not in text.upper():
            return handler(context, text)
        reader = Reader(bound(context, text))
        reader.expect("ALTER", *words)
        forgiving = reader.accept("IF", "EXISTS")
        begin = reader.index
        _pass_name(reader, words)
        given = _orders(reader)
        if given is None:
            return handler(context, text)
        reader.end()
        return _altered(context, _at(reader, begin), words, given, forgiving)

    return alter


def _at(reader: Reader, index: int) -> Reader:
    again = Reader(reader.source, reader.tokens)
    again.index = index
    return again


def _pass_name(reader: Reader, words: Words) -> None:
    if words == ("ACCOUNT",) or reader.at("SET") or reader.at("UNSET"):
        return
    reader.name()
    if words in targets.ROUTINES:
        reader.balanced()


def _orders(reader: Reader) -> _Given | None:
    """SET | UNSET TAG of the object or of columns; None when the statement is about something else."""
    given = _Given()
    if reader.accept("SET", "TAG"):
        given.own = read_values(reader)
        return given
    if reader.accept("UNSET", "TAG"):
        given.own = _names(reader)
        return given
    return _column_orders(reader, given) if reader.accept_any("ALTER", "MODIFY") else None


def _column_orders(reader: Reader, given: _Given) -> _Given | None:
    while not given.columns or reader.accept(","):
        reader.accept("COLUMN")
        if reader.peek().kind not in (Kind.WORD, Kind.QUOTED):
            return None
        name = reader.identifier()
        if reader.accept("SET", "TAG"):
            given.columns.setdefault(name, []).extend(read_values(reader))
        elif reader.accept("UNSET", "TAG"):
            given.columns.setdefault(name, []).extend(_names(reader))
        elif given.columns:
            raise reader.unexpected()
        else:
            return None
    return given


def read_values(reader: Reader) -> list[tuple[Words, str | None]]:
    """`t = 'v' [, u = 'w' …]`, each tag once."""
    found: list[tuple[Words, str | None]] = []
    while not found or (reader.at(",") and not _next_column(reader) and reader.accept(",")):
        name = reader.name()
        reader.expect("=")
        found.append((name, reader.string()))
    return found


def _names(reader: Reader) -> list[tuple[Words, str | None]]:
    found: list[tuple[Words, str | None]] = []
    while not found or (reader.at(",") and not _next_column(reader) and reader.accept(",")):
        found.append((reader.name(), None))
    return found


def _next_column(reader: Reader) -> bool:
    """`, COLUMN c SET …` or `, c SET …` goes on with another column."""
    return reader.peek(1).word == "COLUMN" or reader.peek(2).word in ("SET", "UNSET")


def _altered(context: Context, reader: Reader, words: Words, given: _Given, forgiving: bool) -> Result:
    context.commit_for_ddl()
    with context.catalog.work() as work:
        try:
            record = _target(context, reader, words)
        except SnowflakeError as refusal:
            if forgiving and refusal.errno == 2003:
                return status_result("Statement executed successfully.")
            raise
        _apply(context, work, record, _resolved(context, given))
    return status_result("Statement executed successfully.")


def _target(context: Context, reader: Reader, words: Words) -> Record | Account:
    if words == ("ACCOUNT",):
        account = context.catalog.account(context.session.account)
        assert account is not None, "a session's account exists"
        return account
    if reader.at("SET") or reader.at("UNSET"):
        reader = Reader({"WAREHOUSE": context.session.warehouse, "USER": context.session.user}.get(words[0]) or "")
    if words in targets.ROUTINES:
        return _routine(context, reader, words[0])
    found = targets.read_target(context, reader, words)
    if isinstance(found, Database):
        refuse_imported(found, "ALTER")
    if found.account != context.session.account:
        raise insufficient_privileges(access.label(found), found.name)
    return found


def _routine(context: Context, reader: Reader, kind: str) -> Record:
    parts, types = read_signature(reader, context.session.parameters["TIMESTAMP_TYPE_MAPPING"])
    named = routines(context.catalog, context.session, parts, kind)
    return next((r for r in named if signature(r.arguments) == types), None) or targets.routine(
        context, kind, Reader(f"{'.'.join(parts)}({', '.join(types)})")
    )


@dataclass
class _Resolved:
    own: list[tuple[Tag, str | None]]
    columns: dict[str, list[tuple[Tag, str | None]]]


def _resolved(context: Context, given: _Given) -> _Resolved:
    columns = {name: _tags(context, values) for name, values in given.columns.items()}
    return _Resolved(_tags(context, given.own), columns)


def _tags(context: Context, named: list[tuple[Words, str | None]]) -> list[tuple[Tag, str | None]]:
    found: list[tuple[Tag, str | None]] = []
    for parts, value in named:
        tag = get(context, parts)
        if any(tag is other for other, _ in found):
            raise compilation(3530, "22023", f"Tag '{tag.name}' is named twice.")
        if value is not None:
            _check(tag, value)
        found.append((tag, value))
    return found


def _check(tag: Tag, value: str) -> None:
    check_length(value)
    if tag.allowed_values is not None and value not in tag.allowed_values:
        text = f"Tag value '{value}' is not in the list of allowed values of tag '{tag.name}'."
        raise compilation(3530, "22023", text)


def _apply(context: Context, work: Work, record: Record | Account, given: _Resolved) -> None:
    for tag, _ in (*given.own, *(pair for pairs in given.columns.values() for pair in pairs)):
        require_apply(context, tag, record)
    if isinstance(record, Account):
        work.edit_link(record, tags=_changed(record.tags, given.own))
        return
    changes: dict[str, object] = {}
    if given.own:
        changes["tags"] = _changed(record.tags, given.own)
    if given.columns:
        changes["columns"] = _changed_columns(record, given.columns)
    if changes:
        work.edit(record, altered_at=utc_now(), **changes)


def require_apply(context: Context, tag: Tag, record: Record | Account) -> None:
    """The global APPLY TAG, or APPLY on the tag and OWNERSHIP of what it is set on (object-tagging/introduction)."""
    if access.has_account(context.catalog, context.session, "APPLY TAG"):
        return
    context.require("APPLY", tag)
    if isinstance(record, Account):
        raise insufficient_privileges("account", record.locator)
    context.require("OWNERSHIP", record)


def _changed(tags: dict[str, str], given: list[tuple[Tag, str | None]]) -> dict[str, str]:
    gone = {str(tag.id) for tag, _ in given}
    kept = {number: value for number, value in tags.items() if number not in gone}
    kept |= {str(tag.id): value for tag, value in given if value is not None}
    if len(kept) > _MOST:
        raise compilation(3533, "22023", f"An object carries at most {_MOST} tags.")
    return kept


def _changed_columns(record: Record, given: dict[str, list[tuple[Tag, str | None]]]) -> list[object]:
    if not isinstance(record, Table | View):
        raise unsupported(f"tags on columns of a {access.label(record)}")
    missing = next((name for name in given if name not in [c.name for c in record.columns]), None)
    if missing is not None:
        raise invalid_identifier(missing)
    return [replace(c, tags=_changed(c.tags, given[c.name])) if c.name in given else c for c in record.columns]


def _creating(handler: Handler, words: Words) -> Handler:
    def create(context: Context, text: str) -> Result:
        if "TAG" not in text.upper():
            return handler(context, text)
        source = bound(context, text) if words[0] not in ("PROCEDURE", "FUNCTION") else text
        rest, given = _taken_out(source)
        if not given.own and not given.columns:
            return handler(context, text)
        if Reader(source).at("CREATE", "OR", "ALTER"):
            raise unsupported("tags in CREATE OR ALTER")
        resolved = _resolved(context, given)
        _may_apply(context, resolved)
        before = set(context.catalog.records)
        result = handler(context, rest)
        made = _made(context, rest, words)
        if made.id not in before:
            with context.catalog.work() as work:
                _apply(context, work, made, resolved)
        return result

    return create


def _may_apply(context: Context, given: _Resolved) -> None:
    """Who makes an object owns it: what is left to ask is APPLY on each tag."""
    if access.has_account(context.catalog, context.session, "APPLY TAG"):
        return
    for tag, _ in (*given.own, *(pair for pairs in given.columns.values() for pair in pairs)):
        context.require("APPLY", tag)


def _made(context: Context, text: str, words: Words) -> Record:
    """The object under the name that the statement gave."""
    reader = Reader(text)
    while not reader.at(*words):
        reader.next()
    reader.expect(*words)
    reader.accept("IF", "NOT", "EXISTS")
    if words in targets.ROUTINES:
        named = routines(context.catalog, context.session, reader.name(), words[0])
        return max(named, key=lambda one: one.id)
    return targets.read_target(context, reader, words)


def _taken_out(text: str) -> tuple[str, _Given]:
    """The statement without its `[WITH] TAG (…)` clauses, and what they say."""
    reader, given, pieces = Reader(text), _Given(), []
    depth, column, offset = 0, "", 0
    while not reader.at_end() and not (depth == 0 and reader.at("AS")):
        start = reader.peek().start
        values = _clause(reader)
        if values is not None:
            pieces.append(text[offset:start])
            offset = reader.peek(-1).end
            (given.columns.setdefault(column, []) if depth else given.own).extend(values)
            continue
        token = reader.next()
        depth += {"(": 1, ")": -1}.get(token.word, 0)
        if depth == 1 and token.word in ("(", ",") and reader.peek().kind in (Kind.WORD, Kind.QUOTED):
            column = reader.peek().identifier
    return " ".join([*pieces, text[offset:]]), given


def _clause(reader: Reader) -> list[tuple[Words, str | None]] | None:
    """`[WITH] TAG (t = 'v', …)`, read; None where something else stands, and nothing is read."""
    begin = reader.index
    reader.accept("WITH")
    if not reader.accept("TAG", "("):
        reader.index = begin
        return None
    if reader.peek().kind not in (Kind.WORD, Kind.QUOTED) or not (
        reader.peek(1).word == "=" or reader.peek(1).word == "."
    ):
        reader.index = begin
        return None
    values = read_values(reader)
    reader.expect(")")
    return values


def retag(work: Work, records: Sequence[Record], moved: Mapping[Words, Words]) -> None:
    """What was cloned together with its tags carries the cloned tags (user-guide/object-tagging/interaction)."""
    living = (r for r in work.catalog.records.values() if isinstance(r, Tag) and r.dropped_at is None)
    known = {work.catalog.full_name(tag): tag for tag in living}
    numbers = {str(known[a].id): str(known[b].id) for a, b in moved.items() if a in known and b in known}
    if not numbers:
        return
    for record in records:
        changes: dict[str, object] = {}
        if numbers.keys() & record.tags.keys():
            changes["tags"] = _renumbered(record.tags, numbers)
        if isinstance(record, Table | View) and any(numbers.keys() & column.tags.keys() for column in record.columns):
            changes["columns"] = [replace(c, tags=_renumbered(c.tags, numbers)) for c in record.columns]
        if changes:
            work.edit(record, **changes)


def _renumbered(tags: dict[str, str], numbers: Mapping[str, str]) -> dict[str, str]:
    return {numbers.get(number, number): value for number, value in tags.items()}
