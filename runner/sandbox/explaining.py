"""What the sandbox would make of statements, said without running them: `runner sandbox explain FILE`.

It looks at the kind of statement, at the functions it calls and at constructs that are refused by name. It knows no
objects: a name that is not there, a privilege that is missing, a type that does not fit are for running to find.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from runner.sandbox import system_functions
from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.note import State
from runner.sandbox.notes import NOTES
from runner.sandbox.query import table_functions
from runner.sandbox.query.functions import SPECIAL, TABLE
from runner.sandbox.show import table_functions as information
from runner.sandbox.statements import NOISE, STATEMENTS, handler_of, leading_words
from runner.sandbox.tokens import Kind, Token, tokenize

REFUSED = "refused"
UNSURE = "not known"
CONSTRUCTS: dict[str, tuple[str, ...]] = {
    "MATCH_RECOGNIZE": ("MATCH_RECOGNIZE", "("),
    "AUTO_INGEST": ("AUTO_INGEST", "=", "TRUE"),
    "ENABLE_SCHEMA_EVOLUTION": ("ENABLE_SCHEMA_EVOLUTION", "=", "TRUE"),
    "LANGUAGE JAVA": ("LANGUAGE", "JAVA"),
    "LANGUAGE SCALA": ("LANGUAGE", "SCALA"),
    "structured ARRAY": ("ARRAY", "("),
    "structured OBJECT": ("OBJECT", "("),
    "type MAP": ("MAP", "("),
    "constraint CHECK": ("CHECK", "("),
    "type VECTOR": ("VECTOR", "("),
    "functions of CORTEX": ("SNOWFLAKE", ".", "CORTEX", "."),
}
"""Constructs that are refused wherever they stand; a test holds each to it."""
_BEFORE_NAMES = ("TABLE", "EXISTS", "INTO", "VIEW", "FUNCTION", "PROCEDURE", ".", "UPDATE", "JOIN")
_WORDS_BEFORE_PARENTHESES = """
    ALL AND ANY AS ASC BETWEEN BY CASE CAST TRY_CAST CHECK CLUSTER COLUMNS CUBE DESC DISTINCT ELSE EXCEPT EXISTS
    EXTRACT FILTER FROM GROUP HAVING IDENTIFIER IF IN INTERSECT INTERVAL INTO IS JOIN KEY LATERAL LIKE LIMIT
    MINUS NOT ON OR ORDER OVER OFFSET PARTITION PRIMARY QUALIFY RENAME EXCLUDE REFERENCES RETURN RETURNS ROLLUP ROWS
    SAMPLE SELECT SET SETS TABLE TABLESAMPLE THEN UNION UNIQUE USING VALUES WHEN WHERE WHILE WITH WITHIN AT BEFORE SOME
    PROCEDURE FUNCTION LET CURSOR FOR UNTIL REPEAT ELSEIF CALL ADD COLUMN POLICY EXCEPTION DATE TIME TIMESTAMP NUMBER
    NUMERIC DECIMAL VARCHAR CHAR STRING TEXT BINARY TIMESTAMP_NTZ TIMESTAMP_LTZ TIMESTAMP_TZ CHARACTER IDENTITY
    AUTOINCREMENT ARRAY OBJECT MAP VARBINARY VECTOR ILIKE RLIKE PRIVILEGES REPLACE LEFT RIGHT NULLS POSITION TRIM
    PIVOT UNPIVOT MATCH_CONDITION CONNECT_BY_ROOT PRIOR SEED REPEATABLE SYSTEM BLOCK BERNOULLI ROW
"""
_CALL_LIKE = frozenset(_WORDS_BEFORE_PARENTHESES.split())


@dataclass(frozen=True, slots=True)
class Verdict:
    """One statement: where it begins, by which words, how true it is here, and why."""

    line: int
    statement: str
    state: str
    why: str


def verdicts(statements: list[tuple[str, int]]) -> list[Verdict]:
    """A verdict for each statement, given as its text and the line where it begins."""
    own: set[str] = set()
    found = []
    for text, line in statements:
        own |= _made(text)
        found.append(_verdict(text, line, own))
    return found


def _made(text: str) -> set[str]:
    """The name of the function that the statement makes: whoever calls it afterwards calls what is known."""
    if known_words(text)[:2] not in (("CREATE", "FUNCTION"), ("CREATE", "PROCEDURE")):
        return set()
    tokens = tokenize(text)
    opening = next((at for at, token in enumerate(tokens) if token.word == "("), 0)
    return {tokens[opening - 1].identifier} if opening else set()


def _verdict(text: str, line: int, own: Collection[str] = ()) -> Verdict:
    words = " ".join(_leading(text)) or text[:20]
    try:
        handler_of(text)
        tokens = tokenize(text)
    except SnowflakeError as error:
        return Verdict(line, words, REFUSED, " ".join(error.message.split()))
    key = known_words(text)
    refused = [name for name, sequence in CONSTRUCTS.items() if _stands(tokens, sequence)]
    if refused:
        return Verdict(line, words, REFUSED, f"Unsupported feature: {', '.join(refused)}")
    strange = sorted({name for name in _strange(tokens) if name not in own}) if _has_expressions(key) else []
    if strange:
        return Verdict(line, words, UNSURE, f"no function of Snowflake's that is known here: {', '.join(strange)}")
    note = NOTES.get(key)
    return Verdict(line, words, note.state.value if note else State.EMULATED.value, note.differs if note else "")


def _leading(text: str) -> list[str]:
    words = leading_words(text, 6)
    if words and words[0] == "CREATE":
        kept = [word for word in words[1:] if word not in NOISE]
        return ["CREATE", *kept[: len(known_words(text)) - 1]]
    return words[: max(1, len(known_words(text)))]


def known_words(text: str) -> tuple[str, ...]:
    """The leading words under which the statement is known; empty where it is not."""
    words = leading_words(text)
    kinds = words if words[:1] != ["CREATE"] else ["CREATE", *(word for word in words[1:] if word not in NOISE)]
    lengths = range(min(4, len(kinds)), 0, -1)
    return next((tuple(kinds[:n]) for n in lengths if tuple(kinds[:n]) in STATEMENTS), tuple(kinds[:2]))


_WITH_EXPRESSIONS = frozenset({"SELECT", "WITH", "VALUES", "(", "INSERT", "UPDATE", "DELETE", "MERGE", "EXPLAIN"})


def _has_expressions(key: tuple[str, ...]) -> bool:
    return key[:1] != () and (key[0] in _WITH_EXPRESSIONS or key[:2] == ("CREATE", "VIEW"))


def _stands(tokens: tuple[Token, ...], sequence: tuple[str, ...]) -> bool:
    words = ["", *(token.word for token in tokens)]
    places = (at for at in range(1, len(words)) if tuple(words[at : at + len(sequence)]) == sequence)
    return any(words[at - 1] not in _BEFORE_NAMES for at in places)


def _strange(tokens: tuple[Token, ...]) -> Iterator[str]:
    """Names before a parenthesis that are neither known functions nor qualified, aliases, or tables with columns."""
    for at, token in enumerate(tokens[:-1]):
        if token.kind is not Kind.WORD or tokens[at + 1].word != "(" or _known(token.word):
            continue
        before = tokens[at - 1].word if at else ""
        listed = before in ("WITH", "RECURSIVE", ",") and _is_definition(tokens, at + 1)
        if before not in (".", "AS", "INTO", "VIEW") and not listed:
            yield token.word


def _is_definition(tokens: tuple[Token, ...], opening: int) -> bool:
    """Whether the parenthesis is the column list of a common table expression: `…) AS (` follows."""
    depth = 0
    for at in range(opening, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[at].word, 0)
        if depth == 0:
            return at + 1 < len(tokens) and tokens[at + 1].word == "AS"
    return False


def _known(name: str) -> bool:
    in_from = table_functions.TABLE_FUNCTIONS.keys() | table_functions.SPREADING.keys()
    functions = (TABLE, SPECIAL, system_functions.FUNCTIONS, in_from, information.FUNCTIONS)
    return name in _CALL_LIKE or any(name in known for known in functions)
