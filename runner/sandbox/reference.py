"""The reference part of docs/sandbox.md, made from the code: `python -m runner.sandbox.reference [FILE]`.

Without a file it is printed; with one, the part between the marks is written anew. A test compares the two.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from runner.sandbox import account_usage, information_schema, system_functions
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.note import Note
from runner.sandbox.notes import NOTES
from runner.sandbox.query.functions import SPECIAL, TABLE, alerts
from runner.sandbox.reference_index import counts, document as index_document, is_known
from runner.sandbox.show import absent, table_functions
from runner.sandbox.snowflake_index import COMMANDS, FUNCTIONS
from runner.sandbox.statements import STATEMENTS, handler_of
from runner.sandbox.statements.describe import KINDS
from runner.sandbox.statements.show import LISTINGS

BEGIN = "<!-- reference: begin (made by python -m runner.sandbox.reference) -->"
END = "<!-- reference: end -->"
INDEX = "sandbox-reference.md"
"""The page beside it, which is made as a whole."""
_HERE = Path(__file__).parent
_ROOMS = ("statements", "ddl", "law", "query", "scripting", "show")


def document() -> str:
    """The whole part, without its marks."""
    return "\n\n".join((_statements(), _shown(), _relations(), _functions(), _refused())) + "\n"


def replaced(text: str) -> str:
    """The text with the part between the marks made anew."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the marks are missing: {BEGIN} … {END}")
    return f"{head}{BEGIN}\n\n{document()}\n{END}{tail}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [_line(head), _line("---" for _ in head)]
    return "\n".join([*lines, *map(_line, rows)])


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _statements() -> str:
    rows = [(f"`{words}`", note.state.value, note.does, note.differs) for note, words in _by_note().items()]
    return "\n\n".join(
        (
            "### Statements",
            _table(("statement", "state", "what it does", "where it differs from Snowflake"), rows),
            "`a ->> b ->> c` runs one statement after the other: `FROM $1` reads the result of the one before, "
            "`$2` of the one before that; not inside of a block.",
            "Any other command is refused by name, with error 000002 (0A000): "
            "[the reference of every command and function](sandbox-reference.md) tells each.",
        )
    )


def _by_note() -> dict[Note, str]:
    """Statements with the same note stand in one row."""
    found: dict[Note, list[str]] = {}
    for words in STATEMENTS:
        found.setdefault(NOTES[words], []).append(" ".join(words))
    return {note: "`, `".join(words) for note, words in found.items()}


def leads(command: str) -> bool:
    """Whether the command's leading words lead to a handler."""
    try:
        handler_of(f"{command} ")
    except SnowflakeError:
        return False
    return True


def _shown() -> str:
    known = {words: listing for words, listing in LISTINGS.items() if words not in absent.LISTINGS}
    grants = ("GRANTS", "FUTURE GRANTS", "PARAMETERS", "USER PROGRAMMATIC ACCESS TOKENS")
    rows = [
        (f"`SHOW {' '.join(words)}`", listing.differs) for words, listing in sorted(known.items()) if listing.differs
    ]
    return "\n\n".join(
        (
            "### SHOW and DESCRIBE",
            f"`SHOW` knows {_names((*grants, *map(' '.join, known)))}.",
            f"True and always empty, since none can be created: {_names(map(' '.join, absent.LISTINGS))}.",
            _table(("command", "where it differs from Snowflake"), rows),
            f"`DESCRIBE` knows {_names(' '.join(words) for words in KINDS)} and `RESULT`. "
            "Any other kind is refused by name.",
        )
    )


def _relations() -> str:
    return "\n\n".join(
        (
            "### INFORMATION_SCHEMA and ACCOUNT_USAGE",
            f"`<database>.INFORMATION_SCHEMA` has {_names(information_schema.VIEWS)}; "
            f"its table functions are {_names(table_functions.FUNCTIONS)}.",
            f"Refused by name: the views {_names(information_schema.REFUSED)} "
            f"and the functions {_names(table_functions.REFUSED)}.",
            f"`SNOWFLAKE.ACCOUNT_USAGE` has {_names(account_usage.VIEWS)}, without Snowflake's latency.",
            f"`SNOWFLAKE.ORGANIZATION_USAGE` has {_names(account_usage.ORGANIZATION_VIEWS)}. "
            "`SNOWFLAKE.CORE.GET_LINEAGE` is there for tables, views and their columns, "
            f"`SNOWFLAKE.ALERT` has {_names(alerts.FUNCTIONS)}.",
            "IMPORTED PRIVILEGES on the SNOWFLAKE database open all of it, its database roles the views that "
            "Snowflake's open; SHOW VIEWS and its INFORMATION_SCHEMA do not list them, and PUBLIC has no role of it.",
            f"Refused by name: {_names(account_usage.REFUSED)}, "
            f"and all else of the schemas {_names(account_usage.OTHER_SCHEMAS)} of the SNOWFLAKE database.",
        )
    )


def _functions() -> str:
    listed = {name for names in FUNCTIONS.values() for name in names}
    known = {name for name in listed if is_known(name)}
    return "\n\n".join(
        (
            "### Functions and commands, counted",
            f"Snowflake's index names {sum(map(len, COMMANDS.values()))} commands and {len(listed)} functions; "
            f"{len(known)} of the functions are known here, and {len(_unlisted(listed))} other names for them. "
            "Any other is error 002140 (42601), Unknown function. "
            "[The reference](sandbox-reference.md) says what each is.",
            counts(),
        )
    )


def _unlisted(listed: set[str]) -> set[str]:
    """Names that work and that the index does not have: aliases, mostly."""
    return {name for name in (*TABLE, *SPECIAL, *system_functions.FUNCTIONS) if name not in listed}


def _refused() -> str:
    rows = [(room, _names(found)) for room, found in _refusals().items() if found]
    return "\n\n".join(
        (
            "### Parts of statements that are refused by name",
            "`…` stands for the word that was written.",
            _table(("where", "what the message names"), rows),
        )
    )


def _refusals() -> dict[str, set[str]]:
    """What every module's refusals name, read from its source."""
    found: dict[str, set[str]] = {}
    for room in _ROOMS:
        for path in sorted((_HERE / room).rglob("*.py")):
            title = str(path.relative_to(_HERE).with_suffix("")).removesuffix("/__init__")
            found[title] = set(_named(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def _named(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _callee(node) == "unsupported":
            text = _text(node.args[0])
            if text.strip(" …"):
                yield text


def _callee(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _text(argument: ast.expr) -> str:
    match argument:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) for part in parts)
        case _:
            return "…"


def main(arguments: list[str]) -> None:
    """Print the part, or write it into the file."""
    if not arguments:
        sys.stdout.write(document())
        return
    path = Path(arguments[0])
    path.write_text(replaced(path.read_text(encoding="utf-8")), encoding="utf-8")
    path.with_name(INDEX).write_text(index_document(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
