"""Policies that are still at work somewhere else keep their schema and database from being dropped or replaced.

Sources: community.snowflake.com, behaviour changes 2022_06 to 2022_08 (create-schema-database-
dangling-policy-reference, db-schema-drop-replace-dangling-policy-tag-reference, …-session-password-policy). The numbers
of the errors are not documented.
"""

from __future__ import annotations

from collections.abc import Iterator

from runner.sandbox.catalog.derived import Tag
from runner.sandbox.catalog.login_policies import LoginPolicy
from runner.sandbox.catalog.model import Account, Database, Policy, Record, Schema, Table, User, View
from runner.sandbox.catalog.store import Catalog, Work
from runner.sandbox.ddl.names import dotted
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.law import login_policies, policies, tags
from runner.sandbox.statements import objects


def refuse(work: Work, dropped: Database | Schema) -> None:
    """Nothing outside may be under a policy that goes with the schema or the database."""
    for record in _within(work, dropped):
        if isinstance(record, LoginPolicy):
            for holder in login_policies.holders(work.catalog, record):
                raise _set_on(work.catalog, dropped, record, holder)
        elif isinstance(record, Policy):
            for schema in _users(work.catalog, record):
                if dropped.id not in (schema.id, schema.database_id):
                    raise _used_by(work.catalog, dropped, record, schema)


def _within(work: Work, container: Record) -> Iterator[Record]:
    for inner in objects.contents(work, container):
        yield inner
        yield from _within(work, inner)


def _users(catalog: Catalog, policy: Policy) -> Iterator[Schema]:
    """The schemas of what the policy is on, also of tags that bring it along and of what has these."""
    under: list[Record | Account] = list(policies.governed_by(catalog, policy))
    for tag in catalog.all(Tag, policy.account):
        if policy.id in tag.policies:
            under += [tag, *(each for each, _ in tags.carried(catalog, tag) if isinstance(each, Schema | Table | View))]
    for each in under:
        schema = each if isinstance(each, Schema) else tags.home(catalog, each)[1]
        if schema is not None:
            yield schema


def _used_by(catalog: Catalog, dropped: Database | Schema, policy: Policy, schema: Schema) -> SnowflakeError:
    name, where = dotted(catalog.full_name(policy)), dotted(catalog.full_name(schema))
    if isinstance(dropped, Database):
        return _refused(f"Cannot drop database because: Policy '{name}' used by schema '{where}' in another database")
    return _refused(f"Cannot drop schema because: Policy '{name}' used by another schema '{where}'")


def _set_on(
    catalog: Catalog, dropped: Database | Schema, policy: LoginPolicy, holder: User | Account
) -> SnowflakeError:
    name = dotted(catalog.full_name(policy))
    kind = "database" if isinstance(dropped, Database) else "schema"
    on = f"{'user' if isinstance(holder, User) else 'account'} '{holder.name}'"
    again = f"Unset the policy '{name}' and then try the drop operation again."
    return _refused(f"Cannot drop {kind} because policy '{name}' is set on {on}. {again}")


def _refused(text: str) -> SnowflakeError:
    return compilation(3524, "0A000", text)
