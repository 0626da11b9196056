"""The text that Snowflake gives for each object, many to a statement (docs: sql-reference/functions/get_ddl)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from runner.catalog.estate import Address
from runner.catalog.reading.asking import Desk, Question
from runner.catalog.reading.kinds import TEXT
from runner.connection.faults import StatementFault
from runner.sql.bodies import find_body
from runner.sql.composing import compose
from runner.sql.lexing import meaningful, tokens

AT_ONCE: Final = 50
_UNKNOWN = ("#UNKNOWN_POLICY", "#UNKNOWN_TAG")


@dataclass(frozen=True, slots=True)
class Text:
    """Either may be empty; with both, the text cannot be run as it is."""

    ddl: str
    problem: str = ""


def texts(desk: Desk, wanted: Iterable[Address]) -> dict[Address, Text]:
    """One for every address that GET_DDL knows; where one cannot be had, why."""
    asked = sorted(address for address in wanted if address.kind in TEXT)
    batches = [asked[first : first + AT_ONCE] for first in range(0, len(asked), AT_ONCE)]
    found: dict[Address, Text] = {}
    for batch in desk.each(lambda batch: _texts(desk, batch), batches):
        found |= batch
    return found


def _texts(desk: Desk, wanted: list[Address]) -> Mapping[Address, Text]:
    """All at once; where one is refused the half that it is in is asked again by halves, so that the others are had."""
    try:
        row = desk.raw(f"SELECT {', '.join(f'{_call(one)} AS C{n}' for n, one in enumerate(wanted))}")[0]
    except StatementFault as fault:
        if len(wanted) > 1:
            middle = len(wanted) // 2
            return {**_texts(desk, wanted[:middle]), **_texts(desk, wanted[middle:])}
        desk.gap(Question("text", str(wanted[0]), ""), fault)
        return {wanted[0]: Text("", f"its text cannot be read: {fault.message}")}
    return {one: _readable(text) for one, text in zip(wanted, row.values(), strict=True)}


def _call(address: Address) -> str:
    return compose("GET_DDL({kind:s}, {name:s}, TRUE)", kind=TEXT[address.kind], name=address.sql)


def _readable(text: str | None) -> Text:
    """A secure object that belongs to another role has no text; a policy or tag may be hidden in it."""
    if not text:
        return Text("", "its text cannot be read: the role does not own it")
    hidden = [mark for mark in _UNKNOWN if mark in text]
    return Text(text, f"its text hides what the role may not see: {', '.join(hidden)}" if hidden else "")


def rights_of(ddl: str) -> str:
    """OWNER, CALLER or RESTRICTED CALLER, as the head of a procedure says; OWNER where it does not."""
    stream = meaningful(tokens(ddl))
    body = find_body(stream)
    words = [token.word for token in stream[: body.position if body else len(stream)]]
    for at in range(len(words) - 2):
        if words[at : at + 2] == ["EXECUTE", "AS"]:
            return "RESTRICTED CALLER" if words[at + 2] == "RESTRICTED" else words[at + 2]
    return "OWNER" if ddl else ""
