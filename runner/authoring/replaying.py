"""The statements that built a table in the source, as statements between the target's tables. Pure.

From the last that made the table anew on: what came before it left no trace. A statement whose rows came from outside
(VALUES, COPY), or that ran with bound values, cannot be run again with the same result, and is refused by name.
"""

from __future__ import annotations

from collections.abc import Sequence

from runner.authoring.names import TargetNames
from runner.catalog.estate import Address, Past
from runner.core.errors import NotMovable
from runner.sql.kinds import statement_kind
from runner.sql.lexing import Kind, Token, meaningful, tokens
from runner.sql.mentions import Use, mentions

_ANEW = ("CREATE TABLE", "TRUNCATE")
_CHANGING = frozenset({"UUID_STRING", "RANDOM", "RANDSTR", "CURRENT_TIMESTAMP", "CURRENT_DATE", "SYSDATE"})
_CHANGES = ("INSERT", "MERGE", "UPDATE", "DELETE", "CREATE TABLE", "TRUNCATE")


def since_anew(table: Address, past: Sequence[Past]) -> tuple[Past, ...]:
    """The statements from the last that emptied or replaced the table. NotMovable when one cannot be replayed."""
    changes = [each for each in past if statement_kind(each.text).startswith(_CHANGES)]
    if not changes:
        raise NotMovable((f"{table}: ACCESS_HISTORY knows no statement that filled it (it is hours late)",))
    start = max((number for number, each in enumerate(changes) if _is_anew(each.text)), default=0)
    kept = tuple(each for each in changes[start:] if statement_kind(each.text) != "TRUNCATE")
    for each in kept:
        if reason := _cannot(each.text):
            raise NotMovable((f"{table}: query {each.query_id} {reason}, so it cannot be replayed",))
    return kept


def _is_anew(text: str) -> bool:
    words = [token.word for token in meaningful(tokens(text))[:3]]
    return statement_kind(text).startswith(_ANEW) or words[:2] == ["INSERT", "OVERWRITE"]


def _cannot(text: str) -> str:
    stream = meaningful(tokens(text))
    words = {token.word for token in stream}
    if any(token.text.startswith((":", "?")) and _is_bind(stream, n) for n, token in enumerate(stream)):
        return "ran with bound values"
    if statement_kind(text) == "CREATE TABLE" and "SELECT" not in words:
        return "only created it"
    if "VALUES" in words and "SELECT" not in words:
        return "wrote rows that came from outside"
    if words & _CHANGING:
        return "gives another result each time (" + ", ".join(sorted(words & _CHANGING)) + ")"
    return ""


def _is_bind(stream: Sequence[Token], place: int) -> bool:
    """A ? or :name that stands for a value; PAYLOAD:key is a path."""
    if stream[place].text == "?":
        return True
    before = stream[place - 1] if place else None
    return stream[place].text == ":" and not (before and (before.is_name or before.text in (")", "]")))


def qualified(past: Past) -> str:
    """The statement with every table by its full name: a script runs in no schema."""
    text = past.text
    for mention in reversed(mentions(text)):
        if mention.certain and mention.use in (Use.READS, Use.WRITES, Use.TABLE) and len(mention.parts) < 3:
            missing = (past.database, past.schema)[: 3 - len(mention.parts)]
            prefix = "".join('"' + part.replace('"', '""') + '".' for part in missing)
            text = text[: mention.start] + prefix + text[mention.start :]
    return text


def written(text: str, table: Address, names: TargetNames) -> str:
    """A statement, its names moved already, as it fills the target's table: CREATE … AS becomes INSERT OVERWRITE."""
    if statement_kind(text) != "CREATE TABLE":
        return text
    stream = meaningful(tokens(text))
    depth = 0
    for token in stream:
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.word == "AS" and token.kind is Kind.WORD:
            return f"INSERT OVERWRITE INTO {names.written(table)}\n{text[token.end :].strip()}"
    return text
