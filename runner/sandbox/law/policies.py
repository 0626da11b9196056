"""Policies on tables and views: what is attached, and the SQL that stands for masks and filters when they are read.

Attachments are kept in `Table.policies` and `View.policies` as `COLUMN: DB.SCHEMA.POLICY` for masking, with
`USING (COLUMN, A)` for conditional masking, `DB.SCHEMA.POLICY ON (A, B)` for row access, and with the words PROJECTION,
AGGREGATION and JOIN in the place of ON for the kinds that say how a query may use what it reads. A policy that is
attached and cannot be found makes its table unreadable, never unfiltered.
Sources: user-guide/security-column-intro, security-row-intro; sql-reference/functions/current_role (shared tables).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from runner.sandbox.catalog.model import Database, Policy, Table, View
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.names import dotted, listed
from runner.sandbox.ddl.types import read_type, type_text
from runner.sandbox.errors import SnowflakeError, unsupported
from runner.sandbox.law import tags
from runner.sandbox.tokens import Kind, Reader, Token, quote_identifier, whole_name

NULL_FOR_CONSUMERS = frozenset(
    {"CURRENT_ROLE", "CURRENT_USER", "CURRENT_AVAILABLE_ROLES", "CURRENT_SECONDARY_ROLES", "CURRENT_SESSION"}
)
"""Context functions that are NULL when a policy runs for the consumer of a share."""
_FALSE_FOR_CONSUMERS = frozenset({"IS_ROLE_IN_SESSION"})


MASKING, ROW_ACCESS = "MASKING POLICY", "ROW ACCESS POLICY"
PROJECTION, AGGREGATION, JOIN = "PROJECTION POLICY", "AGGREGATION POLICY", "JOIN POLICY"
KINDS = (MASKING, ROW_ACCESS, PROJECTION, AGGREGATION, JOIN)
OF_COLUMNS = frozenset({MASKING, PROJECTION})
_WORDS = {"ON": ROW_ACCESS, "USING": MASKING, "PROJECTION": PROJECTION, "AGGREGATION": AGGREGATION, "JOIN": JOIN}
"""What stands between a policy's name and its columns, in the catalogue."""
_CLAUSES = {ROW_ACCESS: "ON", AGGREGATION: "ENTITY KEY", JOIN: "ALLOWED JOIN KEYS"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """One policy on a table or view. `columns` are its arguments, or the entity or join keys; `column` is the one that
    it is on, empty where it is on the whole.
    """

    kind: str
    policy: tuple[str, ...]
    columns: tuple[str, ...]
    column: str = ""

    @property
    def masks(self) -> str:
        """The column that a masking policy is on."""
        return self.column if self.kind == MASKING else ""


@dataclass(frozen=True, slots=True)
class Applied:
    """A policy at work: its record, whose schema and owner its text is read with, and the text for this table."""

    policy: Policy
    sql: str


def attachments(entity: Table | View) -> list[Attachment]:
    return [attachment(text) for text in entity.policies]


def attachment(text: str) -> Attachment:
    """An attachment as the catalogue keeps it."""
    column, separator, name = text.rpartition(": ")
    reader = Reader(name if separator else text)
    policy = reader.name()
    kind = MASKING if separator else _WORDS[reader.peek().word]
    columns = _columns(reader)
    if kind == PROJECTION:
        return Attachment(kind, policy, columns, columns[0])
    return Attachment(kind, policy, columns or (column,), column) if separator else Attachment(kind, policy, columns)


def _columns(reader: Reader) -> tuple[str, ...]:
    columns: list[str] = []
    if reader.accept_any(*_WORDS):
        reader.expect("(")
        while not reader.accept(")"):
            columns.append(reader.identifier())
            reader.accept(",")
    return tuple(columns)


def clause(attached: Attachment) -> str:
    """The policy's name and its columns, as a definition writes them."""
    name = dotted(attached.policy)
    if attached.kind in OF_COLUMNS:
        return f"{name} USING ({listed(attached.columns)})" if len(attached.columns) > 1 else name
    return f"{name} {_CLAUSES[attached.kind]} ({listed(attached.columns)})" if attached.columns else name


def written(attached: Attachment) -> str:
    """The text that the catalogue keeps."""
    if attached.kind == MASKING:
        return f"{attached.column}: {clause(attached)}"
    word = next(word for word, kind in _WORDS.items() if kind == attached.kind)
    return f"{dotted(attached.policy)} {word} ({listed(attached.columns)})"


def of_kind(entity: Table | View, kind: str) -> list[Attachment]:
    return [attached for attached in attachments(entity) if attached.kind == kind]


def masked_expression(
    catalog: Catalog, table: Table | View, column: str, alias: str, *, shared: bool = False
) -> Applied | None:
    """The expression to read instead of the column, the table's own columns qualified by `alias`; None: not masked.

    `shared`: for the consumer of a share, to whom CURRENT_ROLE() is NULL.
    """
    found = next((a for a in of_kind(table, MASKING) if a.column == column), None)
    return _applied(catalog, table, found, alias, shared) if found else None


def row_filter(catalog: Catalog, table: Table | View, alias: str, *, shared: bool = False) -> Applied | None:
    """The condition that a row must fulfil to be seen; None: no row access policy."""
    found = next(iter(of_kind(table, ROW_ACCESS)), None)
    return _applied(catalog, table, found, alias, shared) if found else None


def find(catalog: Catalog, account: str, name: tuple[str, ...]) -> Policy | None:
    """A living policy by its full name."""
    database: Database | None = catalog.database(account, name[0]) if len(name) == 3 else None
    schema = catalog.schema(database, name[1]) if database else None
    return catalog.object(schema, Policy, name[2]) if schema else None


def arguments(policy: Policy) -> tuple[str, ...]:
    """The names in the policy's signature."""
    return tuple(name for name, _ in _signature(policy))


def argument_types(policy: Policy) -> tuple[str, ...]:
    """The types in the policy's signature, without length and precision."""
    return tuple(kind for _, kind in _signature(policy))


def shown_signature(policy: Policy) -> str:
    """`(VAL VARCHAR)`, as DESCRIBE has it (sql-reference/sql/alter-masking-policy, examples)."""
    return f"({', '.join(f'{name} {kind}' for name, kind in _signature(policy))})"


def shown_return(policy: Policy) -> str:
    """`VARCHAR(16777216)`; a policy that constrains queries returns no type but a constraint."""
    return type_text(read_type(Reader(policy.returns))) if policy.policy in (MASKING, ROW_ACCESS) else policy.returns


def _signature(policy: Policy) -> list[tuple[str, str]]:
    reader = Reader(policy.signature)
    reader.expect("(")
    found: list[tuple[str, str]] = []
    while not reader.accept(")"):
        found.append((reader.identifier(), read_type(reader).name))
        if not reader.accept(",") and not reader.at(")"):
            raise reader.unexpected()
    return found


def applied(policy: Policy, columns: tuple[str, ...], alias: str, *, shared: bool) -> Applied:
    """The policy's text for these columns of a relation."""
    given = dict(zip(arguments(policy), columns, strict=True))
    qualified = {name: f"{quote_identifier(alias)}.{quote_identifier(column)}" for name, column in given.items()}
    return Applied(policy, substituted(policy.body, qualified, shared=shared))


def with_nulls(policy: Policy, body: str) -> str:
    """The body with NULLs of their types for its arguments: what can be compiled before any table has the policy."""
    return substituted(body, {name: f"CAST(NULL AS {kind})" for name, kind in _signature(policy)}, shared=False)


def _applied(catalog: Catalog, table: Table | View, attached: Attachment, alias: str, shared: bool) -> Applied:
    policy = find(catalog, table.account, attached.policy)
    if policy is None or len(arguments(policy)) != len(attached.columns):
        raise unreadable(table, attached)
    return applied(policy, attached.columns, alias, shared=shared)


def unreadable(table: Table | View, attached: Attachment) -> SnowflakeError:
    """What a policy that is attached and gone makes of its table."""
    return SnowflakeError(
        3525,
        "0A000",
        f"SQL execution error: Policy '{'.'.join(attached.policy)}' on table '{table.name}' cannot be applied; "
        "the table cannot be read.",
    )


def substituted(body: str, names: dict[str, str], *, shared: bool) -> str:
    """The body with its arguments replaced, and for a consumer its context functions too."""
    reader = Reader(body)
    parts: list[str] = []
    done = 0
    while not reader.at_end():
        before = reader.peek(-1) if reader.index else None
        token = reader.next()
        text = _replacement(reader, token, before, names, shared)
        if text is not None:
            parts += [body[done : token.start], text]
            done = reader.peek(-1).end
    return "".join([*parts, body[done:]])


def _replacement(reader: Reader, token: Token, before: Token | None, names: dict[str, str], shared: bool) -> str | None:
    if token.kind not in (Kind.WORD, Kind.QUOTED) or (before is not None and before.text == "."):
        return None
    if reader.at("("):
        return _for_consumer(reader, token) if shared else None
    return None if reader.at(".") else names.get(token.identifier)


def _for_consumer(reader: Reader, token: Token) -> str | None:
    if token.word in NULL_FOR_CONSUMERS:
        reader.balanced()
        return "CAST(NULL AS VARCHAR)"
    if token.word in _FALSE_FOR_CONSUMERS:
        reader.balanced()
        return "FALSE"
    return None


def moved(text: str, names: Mapping[tuple[str, ...], tuple[str, ...]]) -> str:
    """An attachment's text after policies were renamed or moved: old full names to new ones."""
    found = attachment(text)
    return written(replace(found, policy=names.get(found.policy, found.policy)))


def renamed_column(text: str, old: str, new: str) -> str:
    """An attachment's text after a column of its table was renamed."""
    found = attachment(text)
    columns = tuple(new if column == old else column for column in found.columns)
    return written(replace(found, columns=columns, column=new if found.column == old else found.column))


def looks_at(table: Table, column: str) -> bool:
    """Whether a policy of the table looks at the column and is not on it."""
    return any(column in a.columns and a.column != column for a in attachments(table))


def refuse_change(table: Table, verb: str) -> None:
    """A statement that looks at the rows it changes is no query that aggregates or joins."""
    if of_kind(table, AGGREGATION) or of_kind(table, JOIN):
        raise unsupported(f"{verb} of a table with an aggregation or join policy")


def veiled(catalog: Catalog, table: Table) -> bool:
    """Whether a statement that looks at the rows it changes sees them masked or filtered."""
    found = {attached.kind for attached in attachments(table)}
    return bool({MASKING, ROW_ACCESS} & found) or bool(tags.masked_columns(catalog, table))


def governed_by(catalog: Catalog, policy: Policy) -> list[Table | View]:
    """The living tables and views that the policy is attached to."""
    name = catalog.full_name(policy)
    entities: list[Table | View] = [*catalog.all(Table, policy.account), *catalog.all(View, policy.account)]
    return [e for e in entities if any(a.policy == name for a in attachments(e))]


def full_name(catalog: Catalog, policy: Policy, name: str) -> tuple[str, ...]:
    """A name in a policy's text, as full as the policy's own place makes it."""
    parts = whole_name(name)
    return (*catalog.full_name(policy)[: 3 - len(parts)], *parts)


def with_current_tags(body: str, value: Callable[..., str]) -> str:
    """SYSTEM$GET_TAG_ON_CURRENT_COLUMN('t') and …_TABLE('t') replaced by the tag's value."""
    reader = Reader(body)
    parts: list[str] = []
    done = 0
    while not reader.at_end():
        token = reader.next()
        if token.word not in ("SYSTEM$GET_TAG_ON_CURRENT_COLUMN", "SYSTEM$GET_TAG_ON_CURRENT_TABLE"):
            continue
        reader.expect("(")
        text = value(reader.string(), of_column=token.word.endswith("COLUMN"))
        reader.expect(")")
        parts += [body[done : token.start], text]
        done = reader.peek(-1).end
    return "".join([*parts, body[done:]])
