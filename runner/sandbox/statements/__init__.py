"""Handlers, one module a kind of statement, and the table that leads to them.

A handler is found by the leading words of a statement, the longest known sequence first; words that only modify
(OR REPLACE, TRANSIENT, SECURE …) are left out after CREATE.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, syntax_error, unsupported
from runner.sandbox.result import Result
from runner.sandbox.statements import (
    definitions as definitions,
    describe as describe,
    dml as dml,
    flow as flow,
    governance as governance,
    query as query,
    scripts as scripts,
    session as session,
    show as show,
    stored_files as stored_files,
    tagging as tagging,
    transaction as transaction,
)

Handler = Callable[[Context, str], Result]

STATEMENTS: dict[tuple[str, ...], Handler] = tagging.with_tags(
    {
        **definitions.STATEMENTS,
        **governance.STATEMENTS,
        **stored_files.STATEMENTS,
        ("SELECT",): query.select,
        ("WITH",): query.select,
        ("VALUES",): query.select,
        ("(",): query.select,
        ("EXPLAIN",): query.explain,
        ("INSERT",): dml.insert,
        ("UPDATE",): dml.update,
        ("DELETE",): dml.delete,
        ("MERGE",): dml.merge,
        ("TRUNCATE",): dml.truncate,
        ("BEGIN",): scripts.begin,
        ("DECLARE",): scripts.block,
        ("CALL",): scripts.call,
        ("EXECUTE", "IMMEDIATE"): scripts.execute_immediate,
        ("START", "TRANSACTION"): transaction.begin,
        ("COMMIT",): transaction.commit,
        ("ROLLBACK",): transaction.rollback,
        ("USE",): session.use,
        ("ALTER", "SESSION"): session.alter,
        ("SET",): session.set_variables,
        ("UNSET",): session.unset_variables,
        ("SHOW",): show.show,
        ("DESCRIBE",): describe.describe,
        ("DESC",): describe.describe,
    }
)
"""Leading words to handler."""

_KIND_ENDS = frozenset(
    {"FORMAT", "GROUP", "INTEGRATION", "MONITOR", "POLICY", "POOL", "REPOSITORY", "RULE", "SERVICE", "TABLE", "VIEW"}
)
"""Words that end the name of a kind: HYBRID TABLE, FAILOVER GROUP …"""

AGAIN = frozenset(
    {
        query.select,
        query.explain,
        session.use,
        show.show,
        describe.describe,
        dml.insert,
        dml.update,
        dml.delete,
        dml.merge,
        dml.truncate,
    }
    | {STATEMENTS["CREATE", "TABLE"], STATEMENTS["ALTER", "TABLE"], STATEMENTS["CREATE", "STREAM"]}
)
"""Handlers that do all or nothing in one step, so that one which failed may be called again."""

COMPUTING: dict[Handler, str] = {
    query.select: "SELECT",
    dml.insert: "DML",
    dml.update: "DML",
    dml.delete: "DML",
    dml.merge: "DML",
    STATEMENTS["COPY", "INTO"]: "DML",
    STATEMENTS["CREATE", "TABLE"]: "DEFINITION",
}
"""Handlers of statements for which a warehouse goes to work, and what they are: a table is computed by its query."""

NOISE = frozenset(
    {
        "OR",
        "REPLACE",
        "ALTER",
        "TRANSIENT",
        "TEMPORARY",
        "TEMP",
        "VOLATILE",
        "LOCAL",
        "GLOBAL",
        "SECURE",
        "RECURSIVE",
        "SCOPED",
        "AGGREGATE",
    }
)
_SPACE = re.compile(r"(?:\s|--[^\n]*+|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)*+")
_WORD = re.compile(r"[^\W\d][\w$]*|\(")
_KNOWN_VERBS = frozenset(
    {
        "ALTER", "ANALYZE", "CALL", "COMMENT", "COPY", "CREATE", "DESC", "DESCRIBE", "DROP", "EXECUTE", "GET", "GRANT",
        "LIST", "LOCK", "LS", "PUT", "REMOVE", "REVOKE", "RM", "SHOW", "UNDROP",
    }
)  # fmt: skip


def leading_words(text: str, count: int = 10) -> list[str]:
    """The first words in upper case, comments left out; a parenthesis counts as a word and ends them."""
    words: list[str] = []
    offset = 0
    while len(words) < count and not (words and words[-1] == "("):
        space = _SPACE.match(text, offset)
        found = _WORD.match(text, space.end() if space else offset)
        if found is None:
            break
        words.append(found.group().upper())
        offset = found.end()
    return words


def handler_of(text: str) -> Handler:
    """The handler of a statement; what is not known is refused by name."""
    if flow.is_flow(text):
        return flow.flow
    words = leading_words(text)
    if not words:
        raise _nothing(text)
    kinds = words if words[0] != "CREATE" else ["CREATE", *(word for word in words[1:] if word not in NOISE)]
    if words[0] == "WITH" and words[2:4] == ["AS", "PROCEDURE"]:
        return scripts.call_anonymous
    for length in range(min(4, len(kinds)), 0, -1):
        if (handler := STATEMENTS.get(tuple(kinds[:length]))) is not None:
            return handler
    if words[0] in _KNOWN_VERBS:
        raise unsupported(" ".join(kinds[: 3 if kinds[2:3] and kinds[2] in _KIND_ENDS else 2]))
    raise _unexpected(text, words[0])


def _nothing(text: str) -> SnowflakeError:
    space = _SPACE.match(text)
    rest = text[space.end() if space else 0 :].strip().rstrip(";").strip()
    if not rest:
        return SnowflakeError(900, "42601", "SQL compilation error:\nEmpty SQL statement.")
    return _unexpected(text, rest.split()[0])


def _unexpected(text: str, word: str) -> SnowflakeError:
    space = _SPACE.match(text)
    offset = space.end() if space else 0
    line = text.count("\n", 0, offset) + 1
    start = text.rfind("\n", 0, offset) + 1
    return syntax_error(line, offset - start, text[offset : offset + len(word)])
