"""CREATE, ALTER and DROP of AUTHENTICATION, PASSWORD and SESSION POLICY, and where they are set.

Sources: sql-reference/sql/create-authentication-policy, create-password-policy, create-session-policy, alter-account,
alter-user. Setting one takes the global APPLY … POLICY.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from runner.sandbox import access
from runner.sandbox.catalog.login_policies import LOGIN_POLICIES, LoginPolicy
from runner.sandbox.catalog.model import Account, User
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.ddl.header import read_header
from runner.sandbox.errors import already_exists, compilation, does_not_exist, unsupported
from runner.sandbox.law import clauses, login_policies
from runner.sandbox.law.login_policies import Property
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import objects
from runner.sandbox.tokens import Kind, Reader

Handler = Callable[[Context, str], Result]
Settings = dict[str, list[str]]


def create(kind: str) -> Handler:
    return lambda context, text: _create(context, text, kind)


def _create(context: Context, text: str, kind: str) -> Result:
    reader = Reader(text)
    header = read_header(reader, kind, or_alter=kind == login_policies.AUTHENTICATION)
    parts = reader.name()
    settings, comment = _settings(reader, kind)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        schema, name = context.target(parts)
        may = partial(context.require, f"CREATE {kind}", schema)
        found = context.catalog.object(schema, LOGIN_POLICIES[kind], name)
        old = objects.standing(context, header, found, LOGIN_POLICIES[kind], parts, may)
        if old is not None and header.if_not_exists:
            return objects.left_alone(name)
        if old is not None:
            context.require("OWNERSHIP", old)
        if old is not None and header.or_alter:
            work.edit(old, settings=settings, comment=comment, altered_at=utc_now())
            return objects.created(kind.capitalize(), name)
        if old is not None:
            _refuse_set(context, old)
            objects.remove(work, old)
        record = LOGIN_POLICIES[kind](
            account=schema.account,
            name=name,
            owner=objects.owner(context),
            comment=comment,
            created_at=utc_now(),
            schema_id=schema.id,
            settings=settings,
        )
        objects.install(context, work, record, None)
    return objects.created(kind.capitalize(), name)


def _settings(reader: Reader, kind: str) -> tuple[Settings, str | None]:
    """`KEY = value …` to the end, and the comment."""
    known: dict[str, clauses.Value] = {"COMMENT": clauses.text}
    for name, one in login_policies.PROPERTIES[kind].items():
        group = name.split(".")[0]
        known[group] = partial(_group, kind=kind, group=group) if "." in name else partial(_value, name=name, one=one)
    refused = next((t.word for t in reader.tokens[reader.index :] if t.word in login_policies.KNOWN_ELSEWHERE), None)
    if refused is not None:
        raise unsupported(f"{refused} in {kind}")
    given = clauses.properties(reader, kind, known)
    found: Settings = {}
    for name, read in given.items():
        if isinstance(read, dict):
            found |= read
        elif name != "COMMENT":
            found[name] = read  # type: ignore[assignment]
    _check(found)
    return found, clauses.comment(given)


def _check(given: Settings) -> None:
    """A shortest password is no longer than the longest; a default expiry no later than the last."""
    pairs = (
        ("PASSWORD_MIN_LENGTH", "PASSWORD_MAX_LENGTH"),
        ("PAT_POLICY.DEFAULT_EXPIRY_IN_DAYS", "PAT_POLICY.MAX_EXPIRY_IN_DAYS"),
    )
    for less, more in pairs:
        if less in given and more in given and int(given[less][0]) > int(given[more][0]):
            raise clauses.invalid_value(given[less][0], less)


def _group(reader: Reader, *, kind: str, group: str) -> Settings:
    """`PAT_POLICY = ( KEY = value … )`."""
    inner = Reader(reader.balanced())
    known: dict[str, clauses.Value] = {}
    for name, one in login_policies.PROPERTIES[kind].items():
        if name.startswith(f"{group}."):
            known[name.split(".")[1]] = partial(_value, name=name, one=one)
    given = clauses.properties(inner, group, known)
    return {f"{group}.{name}": read for name, read in given.items() if isinstance(read, list)}


def _value(reader: Reader, *, name: str, one: Property) -> list[str]:
    if one.numeric:
        number = reader.number()
        if not one.low <= number <= one.high:
            raise clauses.invalid_value(number, name)
        return [str(number)]
    found = _list(reader, name) if one.many else [_word(reader)]
    shown = [each.upper() for each in found] if one.words else [clauses.name_in(each) for each in found]
    wrong = next((each for each in shown if one.words and each not in one.words), None)
    if wrong is not None and name.endswith("_SECONDARY_ROLES"):
        raise unsupported(f"{name} with a list of roles")
    if wrong is not None or (login_policies.ALL in shown and len(shown) > 1):
        raise clauses.invalid_value(wrong or ", ".join(shown), name)
    return list(dict.fromkeys(shown))


def _list(reader: Reader, name: str) -> list[str]:
    found = []
    reader.expect("(")
    while not reader.at(")"):
        found.append(_word(reader))
        if not reader.accept(","):
            break
    reader.expect(")")
    empty_allowed = name.endswith("_SECONDARY_ROLES") or name.endswith("BLOCKED_ROLES_LIST")
    if not found and not empty_allowed:
        raise clauses.invalid_value("", name)
    return found


def _word(reader: Reader) -> str:
    return reader.string() if reader.peek().kind is Kind.STRING else reader.next().text


def alter(kind: str) -> Handler:
    return lambda context, text: _alter(context, text, kind)


def _alter(context: Context, text: str, kind: str) -> Result:
    reader = Reader(text)
    forgiving = clauses.alter(reader, "ALTER", *kind.split())
    parts = reader.name()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        policy = _find(context, parts, kind, forgiving=forgiving)
        if policy is None:
            return status_result(objects.DONE)
        context.require("OWNERSHIP", policy)
        work.edit(policy, altered_at=utc_now(), **_changes(context, reader, policy))
    return status_result(objects.DONE)


def _changes(context: Context, reader: Reader, policy: LoginPolicy) -> dict[str, object]:
    if reader.accept("RENAME", "TO"):
        schema, name = context.target(reader.name())
        reader.end()
        if schema.id != policy.schema_id:
            raise unsupported(f"ALTER {policy.policy} RENAME into another schema")
        if context.catalog.object(schema, type(policy), name) is not None:
            raise already_exists(name)
        return {"name": name}
    if reader.accept("UNSET"):
        groups = {name.split(".")[0]: name for name in login_policies.PROPERTIES[policy.policy]}
        gone = clauses.names(reader, policy.policy, {**groups, "COMMENT": None})
        left = {name: value for name, value in policy.settings.items() if name.split(".")[0] not in gone}
        return {"settings": left} | ({"comment": None} if "COMMENT" in gone else {})
    reader.expect("SET")
    if reader.at_end() or reader.at(";"):
        raise reader.unexpected()
    told = {token.word for token in reader.tokens[reader.index :]}
    settings, comment = _settings(reader, policy.policy)
    after = policy.settings | settings
    _check(after)
    return {"settings": after} | ({"comment": comment} if "COMMENT" in told else {})


def drop(kind: str) -> Handler:
    return lambda context, text: _drop(context, text, kind)


def _drop(context: Context, text: str, kind: str) -> Result:
    reader = Reader(text)
    forgiving = clauses.alter(reader, "DROP", *kind.split())
    parts = reader.name()
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        policy = _find(context, parts, kind, forgiving=forgiving)
        if policy is None:
            return objects.already_dropped(parts[-1])
        context.require("OWNERSHIP", policy)
        _refuse_set(context, policy)
        objects.remove(work, policy)
    return status_result(f"{policy.name} successfully dropped.")


def _refuse_set(context: Context, policy: LoginPolicy) -> None:
    if login_policies.holders(context.catalog, policy):
        text = f"Policy {policy.name} cannot be dropped/replaced as it is associated with one or more entities."
        raise compilation(3524, "0A000", text)


def _find(context: Context, parts: tuple[str, ...], kind: str, *, forgiving: bool) -> LoginPolicy | None:
    """The policy of this kind; 002003 unless the statement is content without it."""
    found = context.find(LOGIN_POLICIES[kind], parts)
    if found is not None and found.account == context.session.account:
        return found
    if forgiving and found is None:
        return None
    raise does_not_exist(kind.capitalize(), ".".join(parts))


@dataclass(frozen=True, slots=True)
class Order:
    """SET | UNSET <kind> of an account or user; None takes it off."""

    kind: str
    policy: tuple[str, ...] | None
    force: bool = False


def read_order(reader: Reader) -> Order | None:
    """`SET AUTHENTICATION POLICY p [FORCE]` or `UNSET PASSWORD POLICY`; None where something else stands."""
    verb, kind = reader.peek().word, f"{reader.peek(1).word} {reader.peek(2).word}"
    if verb not in ("SET", "UNSET") or kind not in login_policies.KINDS:
        return None
    reader.expect(verb, *kind.split())
    order = Order(kind, None if verb == "UNSET" else reader.name())
    if reader.at("FOR", "ALL"):
        raise unsupported(f"{kind} FOR ALL users of a type")
    if verb == "SET" and reader.accept("FORCE"):
        order = replace(order, force=True)
    reader.end()
    return order


def obey(context: Context, work: Work, holder: User | Account, order: Order) -> None:
    """Sets the policy, or takes it off; another one of its kind gives way only to FORCE."""
    standing = login_policies.policy_of(context.catalog, holder, order.kind)
    policy = _find(context, order.policy, order.kind, forgiving=False) if order.policy is not None else None
    _require_apply(context, holder, order.kind, policy or standing)
    after = {kind: number for kind, number in holder.policies.items() if kind != order.kind}
    if policy is not None:
        if standing is not None and not order.force:
            raise already_exists(f"{order.kind.capitalize()} on {_called(holder)}")
        after[order.kind] = policy.id
    if isinstance(holder, User):
        work.edit(holder, policies=after, altered_at=utc_now())
        return
    work.edit_link(holder, policies=after)


def _require_apply(context: Context, holder: User | Account, kind: str, policy: LoginPolicy | None) -> None:
    """The global APPLY, or on a user of one's own APPLY on the policy."""
    if isinstance(holder, Account) or access.has_account(context.catalog, context.session, f"APPLY {kind}"):
        access.require_account(context.catalog, context.session, f"APPLY {kind}")
        return
    context.require("OWNERSHIP", holder)
    if policy is not None:
        context.require("APPLY", policy)


def _called(holder: User | Account) -> str:
    return f"user {holder.name}" if isinstance(holder, User) else f"account {holder.name}"
