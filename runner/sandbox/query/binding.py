"""Session variables and bind variables: replaced on tokens, so that `$vv` is never `$v` and `'$five'` is a string.

Sources: sql-reference/session-variables, sql-reference/bind-variables, sql-reference/identifier-literal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.kernel import Binds
from runner.sandbox.scripting.values import literal
from runner.sandbox.tokens import Kind, Token, tokenize

_MAYBE = re.compile(r"[$?:]")
_IN_NAME = re.compile(r"\bIDENTIFIER\s*\(\s*[$?:]", re.IGNORECASE)


def bound(context: Context, text: str) -> str:
    """The statement with every variable and bind replaced by its value."""
    if not _MAYBE.search(text):
        return text
    return _replaced(context, text, tokenize(text))


def bound_names(context: Context, text: str) -> str:
    """The same for statements whose only variables are inside IDENTIFIER(…)."""
    if not _IN_NAME.search(text):
        return text
    tokens = tokenize(text)
    named = {
        tokens[at].start
        for at in range(2, len(tokens))
        if tokens[at - 1].word == "(" and tokens[at - 2].word == "IDENTIFIER"
    }
    return _replaced(context, text, tokens, named)


def _replaced(context: Context, text: str, tokens: Sequence[Token], only: set[int] | None = None) -> str:
    pieces: list[str] = []
    offset = ordinal = 0
    for token in tokens:
        ordinal += token.word == "?"
        if only is not None and token.start not in only:
            continue
        value = _value(context, token, ordinal)
        if value is not None:
            pieces += [text[offset : token.start], value]
            offset = token.end
    return "".join(pieces) + text[offset:]


def _value(context: Context, token: Token, ordinal: int) -> str | None:
    """The literal that the token stands for; None where it is no variable."""
    if token.kind is Kind.VARIABLE and not token.text.isdigit():
        return _variable(context, token.text)
    if token.word == "?":
        return literal(_positional(context.binds, ordinal, "?"))
    if token.kind is Kind.BIND and token.text.isdigit():
        return literal(_positional(context.binds, int(token.text), token.text))
    if token.kind is Kind.BIND:
        return literal(_named(context.binds, token.text))
    return None


def _variable(context: Context, name: str) -> str:
    variables = context.session.variables
    if name not in variables or context.session.owner_rights:
        raise compilation(1102, "42601", f"error line 0 at position -1\nSession variable '${name}' does not exist")
    return literal(variables[name])


def _positional(binds: Binds, ordinal: int, shown: str) -> object:
    if isinstance(binds, Sequence) and len(binds) >= ordinal:
        return binds[ordinal - 1]
    raise _not_set(shown)


def _named(binds: Binds, name: str) -> object:
    if isinstance(binds, Mapping):
        found = next((key for key in binds if key.upper() == name), None)
        if found is not None:
            return binds[found]
    raise _not_set(f":{name}")


def _not_set(shown: str) -> SnowflakeError:
    return compilation(2049, "42601", f"error line 0 at position -1\nBind variable {shown} not set.")
