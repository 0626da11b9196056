"""The statements that built a table in the source, as statements between the target's tables. Pure.

They come from the source's history, or out of a procedure's body. From the last that made the table anew on: what came
before it left no trace. A statement whose rows came from outside (VALUES, COPY), or that ran with bound values, cannot
be run again with the same result, and is refused by name; so is one that a procedure does not always run.
"""

from __future__ import annotations

from collections.abc import Sequence

from runner.authoring.names import TargetNames
from runner.catalog.estate import Address, Found, Past
from runner.core.errors import NotMovable
from runner.sql.bodies import body_text, find_body
from runner.sql.chains import chains
from runner.sql.kinds import statement_kind
from runner.sql.lexing import Kind, Token, meaningful, tokens
from runner.sql.mentions import Use, mentions
from runner.sql.steps import Step, steps
from runner.sql.uses import own_place

_ANEW = ("CREATE TABLE", "TRUNCATE")
_CHANGING = frozenset({"UUID_STRING", "RANDOM", "RANDSTR", "CURRENT_TIMESTAMP", "CURRENT_DATE", "SYSDATE"})
_CHANGES = ("INSERT", "MERGE", "UPDATE", "DELETE", "CREATE TABLE", "TRUNCATE", "COPY")


def of_history(table: Address, past: Sequence[Past]) -> tuple[Past, ...]:
    """The statements that filled the table, of all that ever changed it. NotMovable when one cannot be replayed."""
    changes = [each for each in past if statement_kind(each.text).startswith(_CHANGES)]
    if not changes:
        raise NotMovable((f"{table}: ACCESS_HISTORY knows no statement that filled it (it is hours late)",))
    return _since_anew(table, changes)


def of_procedure(table: Address, procedure: Found) -> tuple[Past, ...]:
    """The statements of a procedure's text that fill the table. NotMovable when one cannot be replayed."""
    called = procedure.address.short
    changes = [_past(table, procedure, step) for step in _steps(table, procedure) if _fills(table, procedure, step)]
    if not changes:
        raise NotMovable((f"{table}: no statement of {called} fills it",))
    return _since_anew(table, changes)


def _steps(table: Address, procedure: Found) -> tuple[Step, ...]:
    called, stream = procedure.address.short, meaningful(tokens(procedure.ddl))
    body = find_body(stream)
    if body and body.language != "SQL":
        reason = f"{called} is written in {body.language}: only `from: history` knows its statements"
        raise NotMovable((f"{table}: {reason}",))
    try:
        return steps(body_text(procedure.ddl))
    except ValueError as error:
        raise NotMovable((f"{table}: {called} {error}, so its statements cannot be taken out",)) from None


def _fills(table: Address, procedure: Found, step: Step) -> bool:
    """Does it write the table? What only a text says counts too: `_past` refuses it.

    A procedure means its own schema by less than a full name (developer-guide/stored-procedure/…-rights).
    """
    if statement_kind(step.text) == "CREATE TABLE":
        stream = meaningful(tokens(step.text))
        return procedure.address.lead(next(chains(stream[own_place(stream) :])).parts) == table.place
    found = [mention for mention in mentions(step.text) if mention.use is Use.WRITES]
    return any(procedure.address.lead(mention.parts) == table.place for mention in found)


def _past(table: Address, procedure: Found, step: Step) -> Past:
    where = f"{procedure.address.short}, line {step.line}"
    if reason := _not_taken(procedure, step):
        raise NotMovable((f"{table}: {where}: {reason}",))
    return Past(step.text, statement_kind(step.text), procedure.address.database, procedure.address.schema, where)


def _not_taken(procedure: Found, step: Step) -> str:
    """Why a statement that fills the table cannot be taken out of its procedure."""
    if not step.always:
        return "it stands in a branch, a loop or a handler, and may run never or often"
    if not statement_kind(step.text).startswith(_CHANGES):
        return "it fills the table from within another statement, or by a text that is put together"
    short = [mention for mention in mentions(step.text) if mention.certain and len(mention.parts) < 3]
    if short and procedure.properties.get("execute_as", "").upper().startswith("CALLER"):
        return f"{short[0].text} means what the caller's schema says: write its full name"
    return ""


def _since_anew(table: Address, changes: Sequence[Past]) -> tuple[Past, ...]:
    start = max((number for number, each in enumerate(changes) if _is_anew(each.text)), default=0)
    kept = tuple(each for each in changes[start:] if statement_kind(each.text) != "TRUNCATE")
    for each in kept:
        if reason := _cannot(each.text):
            raise NotMovable((f"{table}: {each.where}: it {reason}, so it cannot be replayed",))
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
        return "made it as a clone" if "CLONE" in words else "only created it"
    if statement_kind(text).startswith("COPY"):
        return "loaded files"
    if stream[1].word in ("ALL", "FIRST") and statement_kind(text) == "INSERT":
        return "fills several tables at once"
    if statement_kind(text) == "INSERT" and "VALUES" in words and "SELECT" not in words:
        return "wrote rows that came from outside"
    if words & _CHANGING:
        return "gives another result each time (" + ", ".join(sorted(words & _CHANGING)) + ")"
    return ""


def _is_bind(stream: Sequence[Token], place: int) -> bool:
    """A ? or :name that stands for a value; PAYLOAD:key is a path."""
    if stream[place].text == "?":
        return True
    colon, before = stream[place], stream[place - 1]
    is_path = place and before.end == colon.start and (before.is_name or before.text in (")", "]"))
    return colon.text == ":" and not is_path


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
