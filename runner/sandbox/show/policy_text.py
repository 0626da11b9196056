"""GET_DDL of policies: bodies as they were written; of those that hold at the login, one property a line."""

from __future__ import annotations

from runner.sandbox.catalog.login_policies import LoginPolicy
from runner.sandbox.catalog.model import Policy
from runner.sandbox.law import login_policies
from runner.sandbox.law.login_policies import Property
from runner.sandbox.tokens import Kind, quote_string, tokenize


def policy_ddl(policy: Policy, name: str) -> str:
    """Any policy with a body; that as it was written, without a comment after it."""
    comment = "" if policy.comment is None else f"\nCOMMENT={quote_string(policy.comment)}"
    exempt = "\nEXEMPT_OTHER_POLICIES=TRUE" if policy.exempt else ""
    body = policy.body[: max(token.end for token in tokenize(policy.body) if token.kind is not Kind.END)]
    head = f"create or replace {policy.policy.lower()} {name} as {policy.signature}"
    return f"{head}\nreturns {policy.returns} ->\n{body}{comment}{exempt};"


def login_policy_ddl(policy: LoginPolicy, name: str) -> str:
    """The statement that makes it again, with the properties that were said."""
    known = login_policies.PROPERTIES[policy.policy]
    lines = [f"{key} = {_written(known[key], said)}" for key, said in policy.settings.items() if "." not in key]
    for group in dict.fromkeys(key.split(".")[0] for key in policy.settings if "." in key):
        said = {key.split(".")[1]: key for key in policy.settings if key.startswith(f"{group}.")}
        inner = " ".join(f"{short} = {_written(known[key], policy.settings[key])}" for short, key in said.items())
        lines.append(f"{group} = ({inner})")
    lines += [] if policy.comment is None else [f"COMMENT = {quote_string(policy.comment)}"]
    body = "".join(f"\n\t{line}" for line in lines)
    return f"create or replace {policy.policy.lower()} {name}{body}\n;"


def _written(one: Property, values: list[str]) -> str:
    if one.many:
        return f"({', '.join(map(_quoted, values)) if one.words else ', '.join(map(_name, values))})"
    return values[0] if one.numeric or values[0] in ("TRUE", "FALSE") else quote_string(values[0])


def _quoted(value: str) -> str:
    return quote_string(value)


def _name(value: str) -> str:
    """A name as a string that holds it keeps its case."""
    return quote_string(value if value.isidentifier() and value.isupper() else f'"{value}"')
