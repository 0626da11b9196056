"""CREATE, ALTER and DROP of masking, row access, projection, aggregation and join policies.

Sources: sql-reference/sql/create-masking-policy, create-row-access-policy, create-projection-policy,
create-aggregation-policy, create-join-policy and their ALTER and DROP. They are attached by CREATE and ALTER of tables
and views, and hold for every read of them.
"""

from __future__ import annotations

from dataclasses import replace

from sqlglot import parse_one
from sqlglot.errors import SqlglotError

from runner.sandbox import access
from runner.sandbox.catalog.derived import Tag
from runner.sandbox.catalog.model import Policy
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.types import read_type
from runner.sandbox.errors import already_exists, compilation, does_not_exist, unsupported
from runner.sandbox.law import clauses, policies
from runner.sandbox.query import parsing
from runner.sandbox.query.compiler import Compiler
from runner.sandbox.query.core import Scope
from runner.sandbox.query.projecting import body_sql
from runner.sandbox.query.run import world_of
from runner.sandbox.query.sources import owned
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import objects
from runner.sandbox.tokens import Kind, Reader

DONE = "Statement executed successfully."
_MASKING = ("MASKING", "POLICY")
_ROW_ACCESS = ("ROW", "ACCESS", "POLICY")


_KINDS = tuple(tuple(kind.split()) for kind in policies.KINDS)
_CONSTRAINTS: dict[tuple[str, ...], str] = {
    ("PROJECTION", "POLICY"): "PROJECTION_CONSTRAINT",
    ("AGGREGATION", "POLICY"): "AGGREGATION_CONSTRAINT",
    ("JOIN", "POLICY"): "JOIN_CONSTRAINT",
}
"""What the kinds return that take no arguments."""


def _kind(reader: Reader) -> tuple[str, ...]:
    """The kind after the verb and its options."""
    words = tuple(token.word for token in reader.tokens[:6])
    places = ((at, kind) for at in range(len(words)) for kind in _KINDS)
    return next((kind for at, kind in places if words[at : at + len(kind)] == kind), _MASKING)


def create(context: Context, text: str) -> Result:
    reader = Reader(text)
    kind = _kind(reader)
    head = clauses.create(reader, *kind)
    parts = reader.name()
    reader.expect("AS")
    signature = "(" + reader.balanced() + ")"
    reader.expect("RETURNS")
    returns = _returns(reader)
    body, given = _body(reader, kind)
    returns = _checked_return(kind, signature, returns)
    context.commit_for_ddl()
    schema, name = context.target(parts)
    with context.catalog.work() as work:
        existing = context.catalog.object(schema, Policy, name)
        context.require(f"CREATE {' '.join(kind)}", schema)
        if existing is not None and head.unless_exists:
            return status_result(f"{name} already exists, statement succeeded.")
        if existing is not None and not head.replace:
            raise already_exists(name)
        if existing is not None:
            _drop(context, work, existing)
        policy = Policy(
            account=schema.account,
            name=name,
            owner=access.owner_for_new(context.catalog, context.session),
            comment=clauses.comment(given),
            created_at=utc_now(),
            schema_id=schema.id,
            policy=" ".join(kind),
            signature=signature,
            returns=returns,
            body=body,
            exempt=bool(given.get("EXEMPT_OTHER_POLICIES")),
        )
        _check_types(policy)
        _check_constraint(context, policy)
        work.add(policy)
        access.on_created(work, context.catalog, context.session, policy)
    return status_result(f"{' '.join(kind).capitalize()} {name} successfully created.")


def _checked_return(kind: tuple[str, ...], signature: str, returns: str) -> str:
    """The type that a policy of the kind returns; those that constrain queries take no arguments."""
    if kind == _ROW_ACCESS and returns.upper() != "BOOLEAN":
        raise compilation(3526, "22023", "A row access policy must return BOOLEAN.")
    wanted = _CONSTRAINTS.get(kind)
    if wanted is None:
        return returns
    if signature.replace(" ", "") != "()":
        raise compilation(3526, "22023", f"{_a(kind)} takes no arguments.")
    if returns.strip().upper() != wanted:
        raise compilation(3526, "22023", f"{_a(kind)} must return {wanted}.")
    return wanted


def _a(kind: tuple[str, ...]) -> str:
    words = " ".join(kind).lower()
    return f"{'An' if words[0] == 'a' else 'A'} {words}"


def _check_constraint(context: Context, policy: Policy) -> None:
    """A body that gives no constraint, or names what is not there, is refused now, not when a table is read."""
    compiler = Compiler(world_of(context, dry=True))
    if tuple(policy.policy.split()) in _CONSTRAINTS:
        body_sql(compiler, owned, policy, None)
        return
    text = policies.with_current_tags(policy.body, lambda *_, **__: "CAST(NULL AS VARCHAR)")
    world = owned(compiler.world, policy)
    compiler.within(world, Scope()).expr(parsing.expression(policies.with_nulls(policy, text)))


def _returns(reader: Reader) -> str:
    """The type's text up to the arrow."""
    start = reader.peek()
    while not reader.at("->"):
        if reader.at_end():
            raise reader.unexpected()
        reader.next()
    written = reader.slice(start, reader.peek())
    reader.expect("->")
    return written


_SETTINGS: dict[str, clauses.Value] = {"COMMENT": clauses.text}
_OF_MASKS: dict[str, clauses.Value] = {**_SETTINGS, "EXEMPT_OTHER_POLICIES": clauses.flag}


def _body(reader: Reader, kind: tuple[str, ...] | None) -> tuple[str, dict[str, object]]:
    """The expression, and the settings that may follow it where a policy of this kind is made."""
    known = {} if kind is None else _OF_MASKS if kind == _MASKING else _SETTINGS
    start = reader.peek()
    while not reader.at_end() and not reader.at(";"):
        if reader.peek().word in known and reader.at(reader.peek().word, "=") and _is_setting(reader):
            body = reader.slice(start, reader.peek())
            return _checked(body, reader), clauses.properties(reader, "POLICY", known)
        reader.next()
    body = reader.slice(start, reader.peek())
    reader.end()
    return _checked(body, reader), {}


def _is_setting(reader: Reader) -> bool:
    """COMMENT = 'x' may be a comparison inside the body: a setting is followed by a literal."""
    return reader.peek(2).kind is Kind.STRING or reader.peek(2).word in ("TRUE", "FALSE")


def _check_types(policy: Policy) -> None:
    """What masks a column gives back a value of its type (sql-reference/sql/create-masking-policy)."""
    types = policies.argument_types(policy)
    if policy.policy == "MASKING POLICY" and (not types or types[0] != read_type(Reader(policy.returns)).name):
        raise compilation(3533, "42601", "Masking policy function argument and return type mismatch.")


def _checked(body: str, reader: Reader) -> str:
    """A body that is no expression is refused now, not when a table is read."""
    try:
        parse_one(f"SELECT {body}", dialect="snowflake")
    except SqlglotError as error:
        raise compilation(1003, "42000", f"syntax error in the body of the policy: {str(error)[:200]}") from error
    if not body:
        raise reader.unexpected()
    return body


def find(context: Context, parts: tuple[str, ...], kind: tuple[str, ...]) -> Policy:
    """The policy of this kind, or 002003."""
    found = context.find(Policy, parts)
    if found is None or found.policy != " ".join(kind):
        raise does_not_exist(f"{' '.join(kind).capitalize()}", ".".join(parts))
    if found.account != context.session.account:
        raise does_not_exist(f"{' '.join(kind).capitalize()}", ".".join(parts))
    return found


def alter(context: Context, text: str) -> Result:
    reader = Reader(text)
    kind = _kind(reader)
    forgiving = clauses.alter(reader, "ALTER", *kind)
    parts = reader.name()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.find(Policy, parts) is None:
            return status_result(DONE)
        policy = find(context, parts, kind)
        context.require("OWNERSHIP", policy)
        _alter(context, work, reader, policy)
    return status_result(DONE)


def _alter(context: Context, work: Work, reader: Reader, policy: Policy) -> None:
    if reader.accept("RENAME", "TO"):
        _rename(context, work, reader, policy)
    elif reader.accept("SET", "BODY", "->"):
        body, _ = _body(reader, None)
        _check_constraint(context, replace(policy, body=body))
        work.edit(policy, body=body, altered_at=utc_now())
    elif reader.accept("UNSET"):
        clauses.names(reader, "POLICY", {"COMMENT": clauses.text})
        work.edit(policy, comment=None)
    else:
        reader.expect("SET")
        given = clauses.settings(reader, "POLICY", {"COMMENT": clauses.text})
        work.edit(policy, comment=clauses.comment(given))


def _rename(context: Context, work: Work, reader: Reader, policy: Policy) -> None:
    schema, new_name = context.target(reader.name())
    reader.end()
    if schema.id != policy.schema_id:
        raise unsupported("ALTER POLICY RENAME into another schema")
    if context.catalog.object(schema, Policy, new_name) is not None:
        raise already_exists(new_name)
    objects.rename(work, [(policy, {"name": new_name})])


def drop(context: Context, text: str) -> Result:
    reader = Reader(text)
    kind = _kind(reader)
    forgiving = clauses.alter(reader, "DROP", *kind)
    parts = reader.name()
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.find(Policy, parts) is None:
            return status_result(f"Drop statement executed successfully ({parts[-1]} already dropped).")
        _drop(context, work, find(context, parts, kind))
    return status_result(f"{parts[-1]} successfully dropped.")


def _drop(context: Context, work: Work, policy: Policy) -> None:
    """A policy that is attached stays (user-guide/security-column-intro)."""
    context.require("OWNERSHIP", policy)
    every = context.catalog.all(Tag, policy.account)
    if policies.governed_by(context.catalog, policy) or any(policy.id in tag.policies for tag in every):
        raise compilation(
            3524,
            "0A000",
            f"Policy {policy.name} cannot be dropped/replaced as it is associated with one or more entities.",
        )
    work.edit(policy, dropped_at=utc_now())
