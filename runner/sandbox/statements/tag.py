"""CREATE, ALTER and DROP TAG (sql-reference/sql/create-tag, alter-tag, drop-tag)."""

from __future__ import annotations

from functools import partial

from runner.sandbox import access
from runner.sandbox.catalog.derived import Tag
from runner.sandbox.catalog.model import Policy
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.header import Header, read_header
from runner.sandbox.errors import already_exists, compilation, does_not_exist, unsupported
from runner.sandbox.law import tags
from runner.sandbox.query.binding import bound
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import objects
from runner.sandbox.tokens import Reader

_MOST_VALUES = 5000
_LONGEST = 256


def create(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    header = read_header(reader, "TAG", or_alter=True)
    parts = reader.name()
    given = _properties(reader)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        schema, name = context.target(parts)
        may = partial(context.require, "CREATE TAG", schema)
        found = context.catalog.object(schema, Tag, name)
        old = objects.standing(context, header, found, Tag, parts, may)
        if old is not None and header.if_not_exists:
            return objects.left_alone(name)
        if old is not None:
            context.require("OWNERSHIP", old)
        if old is not None and header.or_alter:
            _refuse_values_in_use(context, old, given["allowed_values"])
            work.edit(old, altered_at=utc_now(), **given)
        else:
            _install(context, work, header, old, Tag(
                account=schema.account,
                name=name,
                owner=objects.owner(context),
                created_at=utc_now(),
                schema_id=schema.id,
                **given,  # type: ignore[arg-type]
            ))  # fmt: skip
    return objects.created("Tag", name)


def _install(context: Context, work: Work, header: Header, old: Tag | None, new: Tag) -> None:
    if old is not None and header.or_replace:
        _refuse_governing(old)
    objects.install(context, work, new, old)


def _properties(reader: Reader) -> dict[str, object]:
    found: dict[str, object] = {"allowed_values": None, "comment": None}
    while not reader.at_end() and not reader.at(";"):
        word = reader.peek().word
        if reader.accept("ALLOWED_VALUES"):
            reader.accept("=")
            found["allowed_values"] = read_values(reader)
        elif reader.accept("COMMENT"):
            reader.accept("=")
            found["comment"] = reader.string()
        elif word in ("PROPAGATE", "ON_CONFLICT", "MULTI_VALUE"):
            raise unsupported(f"{word} of a tag")
        else:
            raise reader.unexpected()
    reader.end()
    return found


def read_values(reader: Reader) -> list[str]:
    """`'a', 'b', …`, each once."""
    found = [reader.string()]
    while reader.accept(","):
        found.append(reader.string())
    for value in found:
        check_length(value)
    found = list(dict.fromkeys(found))
    if len(found) > _MOST_VALUES:
        raise compilation(3530, "22023", f"A tag has at most {_MOST_VALUES} allowed values.")
    return found


def check_length(value: str) -> None:
    if len(value) > _LONGEST:
        raise compilation(3530, "22023", f"Tag value '{value[:40]}…' is longer than {_LONGEST} characters.")


def _refuse_values_in_use(context: Context, tag: Tag, allowed: object) -> None:
    """A value that some object has cannot be taken from the list."""
    if not isinstance(allowed, list):
        return
    for record, column in tags.carried(context.catalog, tag):
        value = (column or record).tags[str(tag.id)]
        if value not in allowed:
            raise compilation(3530, "22023", f"Tag value '{value}' of tag '{tag.name}' is in use and must be allowed.")


def alter(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    reader.expect("ALTER", "TAG")
    forgiving = reader.accept("IF", "EXISTS")
    parts = reader.name()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.find(Tag, parts) is None:
            return status_result(objects.DONE)
        tag = get(context, parts, "ALTER")
        if (reader.at("SET") or reader.at("UNSET")) and reader.peek(1).word == "MASKING":
            _mask(context, work, tag, reader)
        else:
            context.require("OWNERSHIP", tag)
            work.edit(tag, altered_at=utc_now(), **_change(context, tag, reader))
        reader.end()
    return status_result(objects.DONE)


def _change(context: Context, tag: Tag, reader: Reader) -> dict[str, object]:
    if reader.accept("RENAME", "TO"):
        return _renamed(context, tag, reader.name())
    if reader.accept("ADD", "ALLOWED_VALUES"):
        return {"allowed_values": list(dict.fromkeys([*(tag.allowed_values or []), *read_values(reader)]))}
    if reader.accept("DROP", "ALLOWED_VALUES"):
        gone = read_values(reader)
        kept = [value for value in tag.allowed_values or [] if value not in gone]
        _refuse_values_in_use(context, tag, kept if tag.allowed_values else None)
        return {"allowed_values": kept or None}
    if reader.accept("UNSET"):
        return {_UNSETTABLE[_one_of(reader, *_UNSETTABLE)]: None}
    reader.expect("SET")
    word = _one_of(reader, "COMMENT", "ALLOWED_VALUES")
    reader.accept("=")
    if word == "COMMENT":
        return {"comment": reader.string()}
    values = read_values(reader)
    _refuse_values_in_use(context, tag, values)
    return {"allowed_values": values}


_UNSETTABLE = {"COMMENT": "comment", "ALLOWED_VALUES": "allowed_values"}


def _one_of(reader: Reader, *words: str) -> str:
    if reader.peek().word in ("PROPAGATE", "ON_CONFLICT"):
        raise unsupported(f"{reader.peek().word} of a tag")
    word = reader.accept_any(*words)
    if not word:
        raise reader.unexpected()
    return word


def _renamed(context: Context, tag: Tag, parts: tuple[str, ...]) -> dict[str, object]:
    schema, name = context.target(parts, "ALTER")
    if schema.id != tag.schema_id:
        context.require("CREATE TAG", schema)
    if context.catalog.object(schema, Tag, name) is not None:
        raise already_exists(objects.dotted_as_given(parts))
    return {"schema_id": schema.id, "name": name}


def _mask(context: Context, work: Work, tag: Tag, reader: Reader) -> None:
    """SET | UNSET MASKING POLICY p [, MASKING POLICY q …] [FORCE]: one policy for a data type.

    It takes the global APPLY MASKING POLICY, or OWNERSHIP of the tag and APPLY on the policy (alter-tag).
    """
    setting = reader.next().word == "SET"
    named: list[Policy] = []
    while not named or reader.accept(","):
        reader.expect("MASKING", "POLICY")
        named.append(_policy(context, tag, reader.name()))
    force = setting and reader.accept("FORCE")
    chosen = list(tag.policies)
    for policy in named:
        if not setting and policy.id not in chosen:
            text = f"Masking policy '{policy.name}' is not set on tag '{tag.name}'."
            raise compilation(3531, "22023", text)
        same = [n for n in chosen if tags.type_name(_record(context, n)) == tags.type_name(policy)]
        if setting and same and not force:
            text = f"Tag '{tag.name}' already has a masking policy for the data type {tags.type_name(policy)}."
            raise compilation(3531, "22023", text)
        chosen = [n for n in chosen if n not in same]
        chosen += [policy.id] if setting else []
    work.edit(tag, policies=chosen, altered_at=utc_now())


def _policy(context: Context, tag: Tag, parts: tuple[str, ...]) -> Policy:
    policy = context.find(Policy, parts)
    if policy is None or policy.policy != "MASKING POLICY" or policy.account != context.session.account:
        raise does_not_exist("Masking policy", ".".join(parts))
    if not access.has_account(context.catalog, context.session, "APPLY MASKING POLICY"):
        context.require("APPLY", policy)
        context.require("OWNERSHIP", tag)
    return policy


def _record(context: Context, number: int) -> Policy:
    found = context.catalog.record(number)
    assert isinstance(found, Policy)
    return found


def get(context: Context, parts: tuple[str, ...], command: str = "SELECT") -> Tag:
    """The tag under the name, or 002003."""
    found = context.find(Tag, parts)
    if found is None:
        raise does_not_exist("Tag", ".".join(parts))
    return context.writable(Tag, parts, command) if command != "SELECT" else found


def _refuse_governing(tag: Tag) -> None:
    if tag.policies:
        text = f"Tag '{tag.name}' cannot be dropped or replaced: it is associated with one or more masking policies."
        raise compilation(3532, "0A000", text)


def drop(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    reader.expect("DROP", "TAG")
    forgiving = reader.accept("IF", "EXISTS")
    parts = reader.name()
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.find(Tag, parts) is None:
            return objects.already_dropped(parts[-1])
        tag = get(context, parts, "DROP")
        context.require("OWNERSHIP", tag)
        _refuse_governing(tag)
        objects.drop(work, tag, utc_now())
    return status_result(f"{tag.name} successfully dropped.")
