"""GRANT and REVOKE as they are written (sql-reference/sql/grant-privilege, grant-role, grant-ownership)."""

from __future__ import annotations

from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.types import read_type
from runner.sandbox.errors import unsupported
from runner.sandbox.law import privileges
from runner.sandbox.tokens import Kind, Reader

Parts = tuple[str, ...]

_KINDS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("DATABASE", "ROLE"), "DATABASE_ROLE"),
    (("NETWORK", "POLICY"), "NETWORK_POLICY"),
    (("NETWORK", "RULE"), "NETWORK_RULE"),
    (("MASKING", "POLICY"), "MASKING_POLICY"),
    (("ROW", "ACCESS", "POLICY"), "ROW_ACCESS_POLICY"),
    (("PROJECTION", "POLICY"), "PROJECTION_POLICY"),
    (("AGGREGATION", "POLICY"), "AGGREGATION_POLICY"),
    (("JOIN", "POLICY"), "JOIN_POLICY"),
    (("AUTHENTICATION", "POLICY"), "AUTHENTICATION_POLICY"),
    (("PASSWORD", "POLICY"), "PASSWORD_POLICY"),
    (("SESSION", "POLICY"), "SESSION_POLICY"),
    (("FILE", "FORMAT"), "FILE_FORMAT"),
    (("STAGE",), "STAGE"),
    (("PIPE",), "PIPE"),
    (("TASK",), "TASK"),
    (("TAG",), "TAG"),
    (("EVENT", "TABLE"), "EVENT_TABLE"),
    (("EXTERNAL", "TABLE"), "EXTERNAL_TABLE"),
    (("REPLICATION", "GROUP"), "REPLICATION_GROUP"),
    (("FAILOVER", "GROUP"), "FAILOVER_GROUP"),
    (("ALERT",), "ALERT"),
    (("MATERIALIZED", "VIEW"), "MATERIALIZED_VIEW"),
    (("RESOURCE", "MONITOR"), "RESOURCE_MONITOR"),
    (("STREAM",), "STREAM"),
    (("DYNAMIC", "TABLE"), "DYNAMIC_TABLE"),
    (("INTEGRATION",), "INTEGRATION"),
    (("ACCOUNT",), "ACCOUNT"),
    (("DATABASE",), "DATABASE"),
    (("SCHEMA",), "SCHEMA"),
    (("TABLE",), "TABLE"),
    (("VIEW",), "VIEW"),
    (("SEQUENCE",), "SEQUENCE"),
    (("PROCEDURE",), "PROCEDURE"),
    (("FUNCTION",), "FUNCTION"),
    (("WAREHOUSE",), "WAREHOUSE"),
    (("USER",), "USER"),
    (("ROLE",), "ROLE"),
    (("SHARE",), "SHARE"),
)
_SECOND = frozenset({"TABLE", "VIEW", "POLICY", "FORMAT", "MONITOR", "GROUP", "POOL", "RULE", "SERVICE", "REPOSITORY"})
"""Second words of kinds that Snowflake has and the sandbox has not: EXTERNAL TABLE, FILE FORMAT …"""
_ROUTINES = ("PROCEDURE", "FUNCTION")


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """ON <kind> <name>; `signature` has the argument types of a routine. The account has no name."""

    kind: str
    name: Parts = ()
    signature: Parts = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """ON ALL <kind>S IN SCHEMA|DATABASE <name>, or with `future` ON FUTURE …"""

    kind: str
    in_kind: str
    in_name: Parts
    future: bool


Target = One | Many


@dataclass(frozen=True, slots=True)
class Grantee:
    """TO [ROLE] | DATABASE ROLE | USER | SHARE <name>; `kind` as grants carry it."""

    kind: str
    name: Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGrantText:
    """GRANT ROLE r, DATABASE ROLE d.r TO …"""

    role: Parts
    database_role: bool
    to: Grantee


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipText:
    target: Target
    to: Grantee
    current_grants: str
    """COPY, REVOKE, or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivilegesText:
    privileges: Parts
    target: Target
    to: Grantee
    grant_option: bool = False
    """GRANT: WITH GRANT OPTION. REVOKE: GRANT OPTION FOR."""
    cascade: bool = False


GrantText = RoleGrantText | OwnershipText | PrivilegesText


def grant(text: str) -> GrantText:
    reader = Reader(text)
    reader.expect("GRANT")
    if (member := _member(reader, "TO")) is not None:
        return member
    names = _privileges(reader)
    target = _target(reader)
    reader.expect("TO")
    to = _grantee(reader)
    if names == ("OWNERSHIP",):
        return OwnershipText(target=target, to=to, current_grants=_current_grants(reader))
    option = reader.accept("WITH", "GRANT", "OPTION")
    reader.end()
    return PrivilegesText(privileges=names, target=target, to=to, grant_option=option)


def revoke(text: str) -> RoleGrantText | PrivilegesText:
    reader = Reader(text)
    reader.expect("REVOKE")
    option = reader.accept("GRANT", "OPTION", "FOR")
    if not option and (member := _member(reader, "FROM")) is not None:
        return member
    names = _privileges(reader)
    target = _target(reader)
    reader.expect("FROM")
    to = _grantee(reader)
    how = reader.accept_any("CASCADE", "RESTRICT")
    reader.end()
    return PrivilegesText(privileges=names, target=target, to=to, grant_option=option, cascade=how == "CASCADE")


def _member(reader: Reader, word: str) -> RoleGrantText | None:
    """`ROLE r TO …` or `DATABASE ROLE d.r TO …`; None when privileges come."""
    if reader.at("APPLICATION", "ROLE"):
        raise unsupported("APPLICATION ROLE")
    database_role = reader.accept("DATABASE", "ROLE")
    if not database_role and not reader.accept("ROLE"):
        return None
    role = reader.name() if database_role else _single(reader)
    reader.expect(word)
    to = _grantee(reader)
    reader.end()
    return RoleGrantText(role=role, database_role=database_role, to=to)


def _current_grants(reader: Reader) -> str:
    how = reader.accept_any("COPY", "REVOKE")
    if how:
        reader.expect("CURRENT", "GRANTS")
    reader.end()
    return how


def _privileges(reader: Reader) -> Parts:
    """Privileges of several words with commas between, up to ON; `ALL [PRIVILEGES]` is ALL."""
    found = [_privilege(reader)]
    while reader.accept(","):
        found.append(_privilege(reader))
    reader.expect("ON")
    if "ALL" in found and len(found) > 1:
        raise reader.unexpected(-1)
    return tuple(dict.fromkeys(found))


def _privilege(reader: Reader) -> str:
    words: list[str] = []
    while not reader.at("ON") and not reader.at(","):
        word = reader.peek().word
        if not word.replace("_", "").isalpha():
            raise reader.unexpected()
        words.append(reader.next().word)
    if not words:
        raise reader.unexpected()
    name = " ".join(words)
    return "ALL" if name == "ALL PRIVILEGES" else name


def _target(reader: Reader) -> Target:
    if reader.at("ALL") or reader.at("FUTURE"):
        return _many(reader, future=reader.next().word == "FUTURE")
    kind = "TABLE" if _is_relation(reader) else _kind(reader)
    if kind == "ACCOUNT":
        return One(kind=kind)
    name = reader.name()
    return One(kind=kind, name=name, signature=_signature(reader) if kind in _ROUTINES else ())


def _is_relation(reader: Reader) -> bool:
    """`ON d.s.t TO …`: without a kind it is a table or a view, as clients write it."""
    first, after = reader.peek(), reader.peek(1)
    named = first.kind in (Kind.WORD, Kind.QUOTED) and first.word != "ACCOUNT"
    return named and after.word in (".", "TO", "FROM")


def _kind(reader: Reader) -> str:
    for words, kind in _KINDS:
        if reader.accept(*words):
            return kind
    raise _unknown_kind(reader)


def _unknown_kind(reader: Reader) -> Exception:
    """A kind that Snowflake may have and the sandbox has not."""
    first, second = reader.words(2)
    if not first.isalpha():
        return reader.unexpected()
    return unsupported(f"privileges on {f'{first} {second}' if second in _SECOND else first}")


def _many(reader: Reader, *, future: bool) -> Many:
    words: list[str] = []
    while not reader.at("IN"):
        if not reader.peek().word.isalpha():
            raise reader.unexpected()
        words.append(reader.next().word)
    kind = privileges.PLURALS.get(" ".join(words))
    if kind is None:
        raise unsupported(f"privileges on {'FUTURE' if future else 'ALL'} {' '.join(words)}")
    reader.expect("IN")
    in_kind = reader.accept_any("SCHEMA", "DATABASE")
    if not in_kind or (kind == "SCHEMA" and in_kind == "SCHEMA"):
        raise reader.unexpected()
    return Many(kind=kind, in_kind=in_kind, in_name=reader.name(), future=future)


def _signature(reader: Reader) -> Parts:
    """The argument types in parentheses, by their canonical names."""
    reader.expect("(")
    found: list[str] = []
    while not reader.at(")"):
        found.append(read_type(reader).name)
        if not reader.accept(","):
            break
    reader.expect(")")
    return tuple(found)


def _grantee(reader: Reader) -> Grantee:
    if reader.accept("DATABASE", "ROLE"):
        return Grantee("DATABASE_ROLE", reader.name())
    for kind in ("ROLE", "USER", "SHARE"):
        # A role may itself be called ROLE: the word is a keyword only when a name follows.
        if reader.at(kind) and reader.peek(1).identifier and reader.peek(1).word not in (";", "WITH"):
            reader.expect(kind)
            return Grantee(kind, _single(reader))
    return Grantee("ROLE", _single(reader))


def _single(reader: Reader) -> Parts:
    """A name of one part; IDENTIFIER('r') too."""
    name = reader.name()
    if len(name) != 1:
        raise reader.unexpected(-1)
    return name
