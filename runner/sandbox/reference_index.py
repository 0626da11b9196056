"""docs/sandbox-reference.md: every command and function of Snowflake's reference, and what it is here.

Nothing is said by hand that the code knows: a command is asked of the table of statements, a function of the tables of
functions. What neither knows is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from runner.sandbox import system_functions
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.explaining import known_words
from runner.sandbox.function_notes import DIFFERENCES, FORMS
from runner.sandbox.note import State
from runner.sandbox.notes import NOTES
from runner.sandbox.query import expressions, parsing, table_functions
from runner.sandbox.query.functions import SPECIAL, TABLE, alerts
from runner.sandbox.show import absent, table_functions as information
from runner.sandbox.snowflake_index import COMMANDS, FUNCTIONS, Families
from runner.sandbox.statements import handler_of
from runner.sandbox.statements.describe import KINDS
from runner.sandbox.statements.show import LISTINGS

EMULATED, DIFFERENT, STORED, REFUSED = "emulated", "emulated, with differences", "stored only", "refused"
STATES = (EMULATED, DIFFERENT, STORED, REFUSED)
_READ_BY_SHOW = frozenset({"GRANTS", "FUTURE GRANTS", "PARAMETERS", "USER PROGRAMMATIC ACCESS TOKENS"})
Said = tuple[str, str]
"""What something is here, and where it differs."""


def document() -> str:
    """The whole page."""
    head = (
        "# Every command and function of Snowflake, and what it is in the sandbox",
        "Written from the code by `make docs`; a test holds it to that. The names are those of Snowflake's own index: "
        "`sql-reference/sql-all` and `sql-reference/functions-all`. What is refused is an error that names it. "
        "[What each statement does here](sandbox.md#statements), and the parts of statements that are refused.",
        counts(),
    )
    return "\n\n".join((*head, *_page("Commands", COMMANDS, command), *_page("Functions", FUNCTIONS, function))) + "\n"


def counts() -> str:
    """How many of each family are what."""
    rows = [
        *(_counted(family, names, command) for family, names in COMMANDS.items()),
        *(_counted(_titled(family)[0], names, function) for family, names in FUNCTIONS.items()),
    ]
    return "\n".join(("| family | " + " | ".join(STATES) + " |", "| --- |" + " ---: |" * len(STATES), *rows))


def _titled(family: str) -> tuple[str, str]:
    """The family's name, and its page where it has one."""
    name, found, page = family.partition(", sql-reference/")
    return name, f"sql-reference/{page}" if found else ""


def _counted(family: str, names: Iterable[str], asked: Callable[[str], Said]) -> str:
    found = Counter(asked(name)[0] for name in names)
    return f"| {family} | " + " | ".join(str(found[state] or "") for state in STATES) + " |"


def _page(title: str, families: Families, asked: Callable[[str], Said]) -> Iterable[str]:
    yield f"## {title}"
    for family, names in families.items():
        name, page = _titled(family)
        yield f"### {name}" + (f"\n\nSnowflake's page: `{page}`." if page else "")
        yield from _told(names, asked)


def _told(names: Iterable[str], asked: Callable[[str], Said]) -> Iterable[str]:
    """A list for what needs no words, a table for what differs."""
    said = {name: asked(name) for name in names}
    for state in (EMULATED, STORED, REFUSED):
        if chosen := [name for name, (found, words) in said.items() if found == state and not words]:
            yield f"{state.capitalize()}: {', '.join(f'`{name}`' for name in chosen)}."
    if worded := {name: both for name, both in said.items() if both[1]}:
        rows = (f"| `{name}` | {state} | {words} |" for name, (state, words) in worded.items())
        yield "\n".join(("| name | state | where it differs |", "| --- | --- | --- |", *rows))


def command(name: str) -> Said:
    """What a command is here, by the table of statements, of SHOW and of DESCRIBE."""
    words = tuple(name.split())
    if words[0] == "SHOW":
        return _shown(words[1:])
    if words[0] in ("DESCRIBE", "UNDROP", "USE", "GRANT", "REVOKE") and len(words) > 1:
        return _part(words)
    if name == "->>":
        return EMULATED, ""
    try:
        handler_of(f"{name} ")
    except SnowflakeError:
        return REFUSED, ""
    return _noted(words)


def _noted(words: tuple[str, ...]) -> Said:
    note = NOTES[known_words(" ".join(words) + " ")]
    if note.state is State.STORED:
        return STORED, note.differs
    return (DIFFERENT, note.differs) if note.differs else (EMULATED, "")


def _shown(kind: tuple[str, ...]) -> Said:
    if " ".join(kind) in _READ_BY_SHOW:
        return EMULATED, ""
    if kind in absent.LISTINGS:
        return EMULATED, "true and always empty, since none can be made"
    if kind not in LISTINGS:
        return REFUSED, ""
    return (DIFFERENT, LISTINGS[kind].differs) if LISTINGS[kind].differs else (EMULATED, "")


_PARTS: dict[str, frozenset[str]] = {
    "DESCRIBE": frozenset({*(" ".join(kind) for kind in KINDS), "RESULT"}),
    "UNDROP": frozenset({"TABLE", "SCHEMA", "DATABASE", "DYNAMIC TABLE", "TAG"}),
    "USE": frozenset({"DATABASE", "ROLE", "SCHEMA", "SECONDARY ROLES", "WAREHOUSE"}),
    "GRANT": frozenset({"OWNERSHIP", "ROLE", "DATABASE ROLE"}),
    "REVOKE": frozenset({"ROLE", "DATABASE ROLE"}),
}
"""Kinds that one handler reads by itself; a test asks it for each."""


def _part(words: tuple[str, ...]) -> Said:
    kind = " ".join(words[1:])
    return _noted(words[:1]) if kind in _PARTS[words[0]] else (REFUSED, "")


def function(name: str) -> Said:
    """What a function is here, by the tables of functions; one that is a form of the language, by its rule."""
    if not is_known(name):
        return REFUSED, ""
    return (DIFFERENT, DIFFERENCES[name]) if name in DIFFERENCES else (EMULATED, "")


def is_known(name: str) -> bool:
    """Whether a call of the function compiles at all."""
    if name in system_functions.FUNCTIONS:
        return True
    from_functions = table_functions.TABLE_FUNCTIONS.keys() | table_functions.SPREADING.keys()
    tables = (TABLE, SPECIAL, from_functions, information.FUNCTIONS, alerts.FUNCTIONS, ("GET_LINEAGE",))
    if any(name in known for known in tables):
        return not name.startswith(system_functions.PREFIX) or name not in system_functions.REFUSED
    return name in FORMS and type(parsing.expression(FORMS[name])) in expressions.EMIT
