"""CREATE, ALTER and DROP of USER (sql-reference/sql/create-user, alter-user). Tokens of users: `pat`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from runner.sandbox import access, parameters
from runner.sandbox.catalog.model import Grant, NetworkPolicy, RoleGrant, Token, User
from runner.sandbox.catalog.store import Catalog, Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.errors import already_exists, compilation, does_not_exist
from runner.sandbox.law import addresses, clauses, login_policies, passwords
from runner.sandbox.law.keypair import is_public_key
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import login_policy, pat
from runner.sandbox.statements.settings import reading
from runner.sandbox.tokens import Kind, Reader

_PEM_LINE = re.compile(r"-----[A-Z ]+-----")
_TYPES = ("PERSON", "SERVICE", "LEGACY_SERVICE")


def _login_name(reader: Reader) -> str | None:
    """Any text; names to log in with are not identifiers (`anna@example.com`)."""
    written = clauses.text(reader) if reader.peek().kind is Kind.STRING else clauses.name(reader)
    return written.upper() if written else None


def _secondary_roles(reader: Reader) -> list[str]:
    """`('ALL')`, or `()` for none."""
    given = [each.upper() for each in clauses.strings(reader)]
    if given not in ([], ["ALL"]):
        raise clauses.invalid_value(", ".join(given), "DEFAULT_SECONDARY_ROLES")
    return given


_NAMES: dict[str, clauses.Value] = {
    "DISPLAY_NAME": clauses.text, "FIRST_NAME": clauses.text, "MIDDLE_NAME": clauses.text, "LAST_NAME": clauses.text
}  # fmt: skip
_KNOWN: dict[str, clauses.Value] = {
    "COMMENT": clauses.text,
    "DEFAULT_NAMESPACE": clauses.dotted,
    "DEFAULT_ROLE": clauses.name,
    "DEFAULT_SECONDARY_ROLES": _secondary_roles,
    "DEFAULT_WAREHOUSE": clauses.name,
    "DISABLED": clauses.flag,
    "EMAIL": clauses.text,
    "LOGIN_NAME": _login_name,
    "NETWORK_POLICY": clauses.name,
    "PASSWORD": clauses.text,
    "RSA_PUBLIC_KEY": clauses.text,
    "RSA_PUBLIC_KEY_2": clauses.text,
    "TYPE": clauses.name,
}
_PARAMETERS: dict[str, clauses.Value] = {
    name: reading(name) for name, each in parameters.PARAMETERS.items() if "USER" in each.on and name not in _KNOWN
}
_FIXED: dict[str, tuple[str, ...]] = {
    "MUST_CHANGE_PASSWORD": ("FALSE",),
    "DAYS_TO_EXPIRY": ("NULL",),
    "MINS_TO_UNLOCK": ("NULL",),
    "MINS_TO_BYPASS_MFA": ("NULL",),
    "WORKLOAD_IDENTITY": (),
    "ALLOWED_INTERFACES": (),
}
_ALL = _KNOWN | _NAMES | _PARAMETERS
_NOT_OF_SERVICES = ("PASSWORD", "FIRST_NAME", "MIDDLE_NAME", "LAST_NAME")
_FIELDS = {key: key.lower() for key in _KNOWN if key != "PASSWORD"} | {"PASSWORD": "password_sha256"}
_OWN = frozenset({"DEFAULT_NAMESPACE", "DEFAULT_ROLE", "DEFAULT_SECONDARY_ROLES", "DEFAULT_WAREHOUSE"}) | (
    _PARAMETERS.keys() & parameters.SESSION
)
"""What a user may change about itself without owning itself."""
_PLAIN: dict[str, object] = {"DISABLED": False, "TYPE": "PERSON", "LOGIN_NAME": ""}


def create(context: Context, text: str) -> Result:
    reader = Reader(text)
    head = clauses.create(reader, "USER")
    name = reader.identifier()
    given = clauses.properties(reader, "USER", _ALL, _FIXED)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        access.require_account(context.catalog, context.session, "CREATE USER")
        existing = context.catalog.find(User, context.session.account, name)
        if existing is not None and head.unless_exists:
            return status_result(f"{name} already exists, statement succeeded.")
        if existing is not None and not head.replace:
            raise already_exists(name)
        if existing is not None:
            _drop(context, work, existing)
        work.add(_new(context, name, given))
    return status_result(f"User {name} successfully created.")


def _new(context: Context, name: str, given: Mapping[str, object]) -> User:
    user = User(
        account=context.session.account,
        name=name,
        owner=access.owner_for_new(context.catalog, context.session),
        created_at=utc_now(),
        login_name=name,
    )
    for field, value in _changes(context, user, given).items():
        setattr(user, field, value)
    return user


def _changes(context: Context, user: User, given: Mapping[str, object]) -> dict[str, object]:
    """The record's fields that the properties stand for, each value checked."""
    kind = str(given.get("TYPE") or user.type)
    if kind not in _TYPES:
        raise clauses.invalid_value(kind, "TYPE")
    if kind == "SERVICE" and (person := next((key for key in _NOT_OF_SERVICES if given.get(key) is not None), None)):
        raise compilation(1420, "22023", f"invalid property '{person}' for 'USER' of TYPE = SERVICE")
    if policy := given.get("NETWORK_POLICY"):
        may_attach(context, str(policy))
    if isinstance(password := given.get("PASSWORD"), str):
        login_policies.refuse_password(context.catalog, user, password)
    fields = {_FIELDS[key]: _value(key, value) for key, value in given.items() if key in _FIELDS}
    if given.keys() & _PARAMETERS.keys():
        fields["parameters"] = _set(user.parameters, _PARAMETERS, given)
    if given.keys() & _NAMES.keys():
        fields["names"] = _set(user.names, _NAMES, given)
    return fields


def _set(before: Mapping[str, str], known: Mapping[str, object], given: Mapping[str, object]) -> dict[str, str]:
    """What is set on the user afterwards."""
    after = {**before} | {key: value for key, value in given.items() if key in known}
    return {key: str(value) for key, value in after.items() if value is not None}


def _value(key: str, value: object) -> object:
    match key, value:
        case "PASSWORD", str():
            return passwords.digest(value)
        case "RSA_PUBLIC_KEY" | "RSA_PUBLIC_KEY_2", str():
            return public_key(value, key)
        case (("DISABLED" | "TYPE" | "LOGIN_NAME"), None):
            return _PLAIN[key]
        case _:
            return value


def public_key(written: str, name: str) -> str:
    """The key's base64 body; anything that is not a public key is refused."""
    body = "".join(_PEM_LINE.sub("", written).split())
    if not is_public_key(body):
        raise compilation(
            1422, "22023", f"New public key rejected by current policy. Reason: 'Invalid public key' ({name})"
        )
    return body


def may_attach(context: Context, policy: str) -> NetworkPolicy:
    """The policy, when the session may attach it: its owner, or one with ATTACH POLICY."""
    found = context.catalog.find(NetworkPolicy, context.session.account, policy)
    if found is None or not access.visible(context.catalog, context.session, found):
        raise does_not_exist("Network policy", policy)
    if not access.has_account(context.catalog, context.session, "ATTACH POLICY"):
        context.require("OWNERSHIP", found)
    return found


def find(catalog: Catalog, context: Context, name: str) -> User:
    """The user that the session sees under the name, or 002003."""
    found = catalog.find(User, context.session.account, name)
    if found is None or not access.visible(catalog, context.session, found):
        raise does_not_exist("User", name)
    return found


def alter(context: Context, text: str) -> Result:
    reader = Reader(text)
    forgiving = clauses.alter(reader, "ALTER", "USER")
    at_action = any(reader.at(word) for word in ("SET", "UNSET", "RENAME", "ADD", "ROTATE", "REMOVE", "MODIFY"))
    name = context.session.user if at_action else reader.identifier()
    if forgiving and context.catalog.find(User, context.session.account, name) is None:
        return status_result("Statement executed successfully.")
    if reader.peek().word in pat.VERBS:
        return pat.alter(context, reader, name)
    if (order := login_policy.read_order(reader)) is not None:
        return _obey(context, name, order)
    return _alter(context, reader, name)


def _obey(context: Context, name: str, order: login_policy.Order) -> Result:
    context.commit_for_ddl()
    with context.catalog.work() as work:
        login_policy.obey(context, work, find(context.catalog, context, name), order)
    return status_result("Statement executed successfully.")


def _alter(context: Context, reader: Reader, name: str) -> Result:
    given, new_name = _given(reader)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        user = find(context.catalog, context, name)
        if not (user.name == context.session.user and given and set(given) <= _OWN):
            context.require("OWNERSHIP", user)
        if new_name is not None:
            _rename(context, work, user, new_name)
        else:
            changes = _changes(context, user, given)
            _refuse_lockout(context, user, changes)
            work.edit(user, altered_at=utc_now(), **(changes | _disabled_tokens(user, changes)))
    return status_result("Statement executed successfully.")


def _given(reader: Reader) -> tuple[dict[str, object], str | None]:
    """What is set, with None for what is unset; or the new name."""
    if reader.accept("RENAME", "TO"):
        new_name = reader.identifier()
        reader.end()
        return {}, new_name
    if reader.accept("UNSET"):
        return dict.fromkeys(clauses.names(reader, "USER", _ALL)), None
    reader.expect("SET")
    return clauses.settings(reader, "USER", _ALL, _FIXED), None


def _refuse_lockout(context: Context, user: User, changes: Mapping[str, object]) -> None:
    """Who changes its own policy must still be let in by it."""
    policy = context.catalog.find(NetworkPolicy, user.account, str(changes.get("network_policy")))
    if policy is None or user.name != context.session.user:
        return
    if not addresses.allows(context.catalog, policy, context.session.address):
        raise addresses.locks_out_caller(policy.name, context.session.address)


def _disabled_tokens(user: User, changes: Mapping[str, object]) -> dict[str, object]:
    """Disabling a user disables its tokens, and enabling it does not bring them back (programmatic-access-tokens)."""
    if not changes.get("disabled"):
        return {}
    return {"tokens": [Token(**(token.__dict__ | {"disabled": True})) for token in user.tokens]}


def _rename(context: Context, work: Work, user: User, new_name: str) -> None:
    if context.catalog.find(User, user.account, new_name) is not None:
        raise already_exists(new_name)
    for link in context.catalog.role_grants(user.account):
        if (link.to_kind, link.to_name) == ("USER", user.name):
            work.unlink(link)
            work.link(type(link)(**(link.__dict__ | {"to_name": new_name})))
    login = new_name if user.login_name == user.name else user.login_name
    work.edit(user, name=new_name, login_name=login, altered_at=utc_now())


def drop(context: Context, text: str) -> Result:
    reader = Reader(text)
    forgiving = clauses.alter(reader, "DROP", "USER")
    name = reader.identifier()
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.catalog.find(User, context.session.account, name) is None:
            return status_result(f"Drop statement executed successfully ({name} already dropped).")
        _drop(context, work, find(context.catalog, context, name))
    return status_result(f"{name} successfully dropped.")


def _drop(context: Context, work: Work, user: User) -> None:
    context.require("OWNERSHIP", user)
    catalog = context.catalog
    links: list[RoleGrant | Grant] = [*catalog.role_grants(user.account), *catalog.grants(user.account)]
    for link in links:
        if (link.to_kind, link.to_name) == ("USER", user.name):
            work.unlink(link)
    work.forget(user)
