"""What a script creates, and what it needs: enough to put repeatable scripts in order.

Queries are read by a parser; what it cannot read (Scripting, grants, streams, most of DDL) by tokens: a name counts
where a table can stand. Names are as written, one to three parts; `could_be` says whether two can be one object.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from runner.core.names import ObjectName
from runner.sql.bodies import bare_body, find_body
from runner.sql.chains import Chain, chains
from runner.sql.errors import UnclosedError
from runner.sql.kinds import statement_kind
from runner.sql.lexing import Kind, Token, meaningful, string_value, tokens
from runner.sql.splitting import split

_PARSED: Final = frozenset(
    {"SELECT", "INSERT", "MERGE", "UPDATE", "DELETE", "CREATE VIEW", "CREATE TABLE", "CREATE DYNAMIC TABLE"}
)
_BEFORE_TABLE: Final = frozenset(
    {
        "FROM", "JOIN", "INTO", "UPDATE", "USING", "TABLE", "VIEW", "CLONE", "REFERENCES", "STREAM", "SEQUENCE",
        "OVERWRITE",
    }
)  # fmt: skip
_NO_TABLE: Final = frozenset(
    {"SELECT", "VALUES", "LATERAL", "TABLE", "SET", "IF", "INTO", "IDENTIFIER", "ALL", "FUTURE", "SHARE", "UNPIVOT"}
)
_ENDS_LIST: Final = frozenset(
    {
        "WHERE", "GROUP", "ORDER", "HAVING", "QUALIFY", "LIMIT", "UNION", "SELECT", "SET", "WHEN", "THEN",
        "WINDOW", "MINUS", "INTERSECT", "EXCEPT", "PIVOT", "UNPIVOT", "VALUES", "DO", "LOOP", "ON", "WITH",
        "START", "CONNECT", "FETCH",
    }
)  # fmt: skip
_INNER_FROM: Final = frozenset({"EXTRACT", "TRIM", "SUBSTRING", "POSITION", "OVERLAY"})
_NO_CALL: Final = frozenset(
    {
        "IN", "VALUES", "AND", "OR", "NOT", "EXISTS", "ON", "USING", "AS", "OVER", "IF", "FROM", "JOIN", "WHEN",
        "THEN", "ELSE", "SELECT", "WHERE", "BY", "CASE", "LATERAL", "TABLE", "RETURN", "WHILE", "UNTIL",
        "IDENTIFIER", "INTO", "ANY", "ALL",
    }
)  # fmt: skip
_OF_ACCOUNT: Final = frozenset(
    {
        "DATABASE", "SCHEMA", "ROLE", "USER", "WAREHOUSE", "SHARE", "INTEGRATION", "NETWORK POLICY", "RESOURCE MONITOR",
        "DATABASE ROLE", "STORAGE INTEGRATION", "API INTEGRATION", "NOTIFICATION INTEGRATION", "SECURITY INTEGRATION",
    }
)  # fmt: skip


def references(sql: str) -> frozenset[ObjectName]:
    """Every table, view, stream and sequence that the statements of ``sql``, and the bodies in them, name."""
    return frozenset(name for piece in split(sql) for name in _referenced(piece.text))


def called(sql: str) -> frozenset[ObjectName]:
    """Every function and procedure that is called, those of Snowflake too."""
    found = set[ObjectName]()
    for stream in _streams(sql):
        for chain in chains(stream):
            following = stream[chain.after].text if chain.after < len(stream) else ""
            if following == "(" and not (len(chain.parts) == 1 and chain.parts[0] in _NO_CALL):
                found.add(_name(chain.parts))
    return frozenset(found - creates(sql))


def creates(sql: str) -> frozenset[ObjectName]:
    """Every object of a schema that the statements of ``sql`` create."""
    return frozenset(name for piece in split(sql) for name in _created(piece.text))


def dependencies(scripts: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """For every script, which of the others create what it names. ``scripts`` maps a script's name to its SQL."""
    created = {name: creates(sql) for name, sql in scripts.items()}
    needs = {}
    for name, sql in scripts.items():
        needed = (references(sql) | called(sql)) - created[name]
        needs[name] = frozenset(
            other
            for other, objects in created.items()
            if other != name and any(could_be(one, two) for one in needed for two in objects)
        )
    return needs


def could_be(one: ObjectName, two: ObjectName) -> bool:
    """Can two written names mean one object? The parts that both have are the same."""
    shared = min(len(one.parts), len(two.parts))
    return one.parts[-shared:] == two.parts[-shared:]


def _name(parts: Sequence[str]) -> ObjectName:
    """``db..t`` means the schema PUBLIC (sql-reference/name-resolution)."""
    return ObjectName.of(*(part or "PUBLIC" for part in parts[:3]))


def _created(text: str) -> Iterator[ObjectName]:
    verb, _, kind = statement_kind(text).partition(" ")
    if verb != "CREATE" or kind in _OF_ACCOUNT:
        return
    stream = meaningful(tokens(text))
    words = [token.word for token in stream]
    last = kind.split(" ")[-1]
    position = words.index(last) + 1 if last in words else len(words)
    if words[position : position + 3] == ["IF", "NOT", "EXISTS"]:
        position += 3
    if position < len(stream) and stream[position].is_name:
        yield _name(next(chains(stream[position:])).parts)


def _streams(sql: str) -> Iterator[list[Token]]:
    """The code of every statement, and of every SQL body in it, as meaningful tokens."""
    for piece in split(sql):
        stream = meaningful(tokens(piece.text))
        body = find_body(stream)
        yield stream
        if body and body.language == "SQL":
            yield from _inner(string_value(stream[body.position].text))


def _inner(body: str) -> Iterator[list[Token]]:
    try:
        yield from _streams(body)
    except UnclosedError:
        return


def _referenced(text: str) -> frozenset[ObjectName]:
    stream = meaningful(tokens(text))
    body = find_body(stream)
    if body:
        return _of_body(string_value(stream[body.position].text)) if body.language == "SQL" else frozenset()
    start = bare_body(stream)
    if start:
        return _of_tokens(stream[start:])
    parsed = _by_parser(text) if statement_kind(text) in _PARSED else None
    found = _of_tokens(stream) if parsed is None else frozenset(map(_name, parsed)) | _named_by_text(stream)
    return (found | _sequences(stream)) - frozenset(_created(text))


def _by_parser(text: str) -> frozenset[tuple[str, ...]] | None:
    from runner.sql.parsing import tables

    return tables(text)


def _of_body(text: str) -> frozenset[ObjectName]:
    try:
        return references(text)
    except UnclosedError:
        return frozenset()


def _of_tokens(stream: Sequence[Token]) -> frozenset[ObjectName]:
    named = _common_tables(stream)
    found = set(_named_by_text(stream)) | _sequences(stream)
    following = -1
    for chain in chains(stream):
        if not _stands_for_table(stream, chain, in_list=chain.first == following):
            continue
        following = _next_in_list(stream, chain.after)
        if not chain.stage and not (len(chain.parts) == 1 and chain.parts[0] in named):
            found.add(_name(chain.parts))
    return frozenset(found)


def _stands_for_table(stream: Sequence[Token], chain: Chain, *, in_list: bool) -> bool:
    if len(chain.parts) == 1 and stream[chain.first].word in _NO_TABLE | _BEFORE_TABLE:
        return False
    before = stream[chain.first - 1].word if chain.first else ""
    after = stream[chain.after].text if chain.after < len(stream) else ""
    if in_list:
        return after != "("
    if before not in _BEFORE_TABLE or (after == "(" and before not in ("INTO", "REFERENCES", "TABLE", "VIEW")):
        return False
    return before != "FROM" or not _is_inner_from(stream, chain.first - 1)


def _is_inner_from(stream: Sequence[Token], position: int) -> bool:
    """EXTRACT(YEAR FROM d), TRIM('x' FROM s), IS DISTINCT FROM: a FROM that no table follows."""
    words = [token.word for token in stream[max(0, position - 4) : position]]
    if words[-1:] == ["DISTINCT"]:
        return True
    return any(words[n + 1 : n + 2] == ["("] for n, word in enumerate(words) if word in _INNER_FROM)


def _next_in_list(stream: Sequence[Token], position: int) -> int:
    """Where the next table of a list stands, past an alias and a comma; -1 when there is none."""
    if position < len(stream) and stream[position].word == "AS":
        position += 1
    if position < len(stream) and stream[position].is_name and stream[position].word not in _ENDS_LIST:
        position += 1
    return position + 1 if position < len(stream) and stream[position].text == "," else -1


def _common_tables(stream: Sequence[Token]) -> frozenset[str]:
    """The names that WITH gives."""
    return frozenset(
        chain.parts[0]
        for chain in chains(stream)
        if len(chain.parts) == 1
        and [token.word for token in stream[chain.after : chain.after + 2]] == ["AS", "("]
        and stream[chain.first - 1].word in ("WITH", "RECURSIVE", ",")
    )


def _named_by_text(stream: Sequence[Token]) -> frozenset[ObjectName]:
    """IDENTIFIER('db.s.t') and TABLE('db.s.t')."""
    found = set[ObjectName]()
    for position, token in enumerate(stream[2:], 2):
        if token.kind is Kind.STRING and stream[position - 2].word in ("IDENTIFIER", "TABLE"):
            try:
                found.add(ObjectName.parse(string_value(token.text)))
            except ValueError:
                continue
    return frozenset(found)


def _sequences(stream: Sequence[Token]) -> frozenset[ObjectName]:
    return frozenset(
        _name(chain.parts[:-1]) for chain in chains(stream) if len(chain.parts) > 1 and chain.parts[-1] == "NEXTVAL"
    )
