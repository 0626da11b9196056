"""INSERT ALL and INSERT FIRST: one query into several tables (sql-reference/sql/insert-multi-table).

The query runs once; each INTO takes its rows from that one result. All of them are changed, or none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from runner.sandbox.accesses import Source
from runner.sandbox.changes import Filling, append_within, current_transaction, dry_run
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.publish import commit, rollback
from runner.sandbox.query import parsing
from runner.sandbox.query.binding import bound
from runner.sandbox.query.compiler import Compiler
from runner.sandbox.query.core import Col, Expr, Scope
from runner.sandbox.query.relations import registered
from runner.sandbox.query.run import compile_query, fetch, world_of
from runner.sandbox.query.watch import again
from runner.sandbox.result import Result, StatementType
from runner.sandbox.statements.filling import filling, given_columns
from runner.sandbox.statements.rows import Target, counted, target
from runner.sandbox.tokens import Kind, Reader, quote_identifier
from runner.sandbox.transactions import Transaction

SOURCE = "$SOURCE"


@dataclass(frozen=True, slots=True)
class Into:
    """One INTO: the table, the columns listed, the values given for them, and when a row goes there."""

    table: str
    columns: str
    values: tuple[str, ...]
    test: str


def is_multi(text: str) -> bool:
    reader = Reader(text)
    reader.accept("INSERT")
    reader.accept("OVERWRITE")
    return reader.peek().word in ("ALL", "FIRST")


def insert_all(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    reader.expect("INSERT")
    if reader.at("OVERWRITE"):
        raise unsupported("INSERT OVERWRITE ALL")
    intos = _intos(reader, first=reader.accept_any("ALL", "FIRST") == "FIRST")
    compiled = compile_query(context, reader.rest(), traced=True)
    rows = fetch(context, compiled)
    goals = [_Goal(context, into, rows, compiled.sources) for into in intos]
    for goal in goals:
        goal.into.changes(context, goal.names)
    with _one_transaction(context, goals) as transaction:
        added: dict[str, int] = {}
        for goal in goals:
            name = goal.into.table.name
            added[name] = added.get(name, 0) + goal.append(transaction)
    counts = [(f"number of rows inserted into {name}", count) for name, count in added.items()]
    return counted(counts, StatementType.MULTI_INSERT, sum(added.values()))


@contextmanager
def _one_transaction(context: Context, goals: list[_Goal]) -> Iterator[Transaction]:
    """The open transaction, in which everything is tried before anything is changed; else one of its own."""
    transaction = current_transaction(context)
    with ExitStack() as numbered:
        for table_id in sorted({g.into.table.id for g in goals if any(c.identity for c in g.into.table.columns)}):
            numbered.enter_context(context.engine.identities(table_id))
        if transaction is not None:
            for goal in goals:
                dry_run(context, goal.into.table, goal.filling())
            yield transaction
            return
        alone = context.engine.begin(context.session, implicit=True)
        try:
            yield alone
        except BaseException:
            rollback(context.engine, alone)
            raise
        commit(context.engine, alone, context.control)


class _Goal:
    """One INTO with its table found and its statement known to compile."""

    def __init__(self, context: Context, into: Into, rows: Result, sources: Sequence[list[Source]]) -> None:
        self.context, self.rows, self.sources = context, rows, sources
        named = parsing.query(f"SELECT * FROM {into.table}").args["from_"].this
        self.into: Target = target(context, Compiler(world_of(context)), named, "INSERT")
        schema = parsing.parse(f"INSERT INTO {into.table} {into.columns} SELECT 1").this
        given = given_columns(self.into, schema)
        if into.values and len(into.values) != len(given):
            text = f"Insert value list does not match column list expecting {len(given)} but got {len(into.values)}"
            raise compilation(2020, "21S01", text)
        kept = [at for at in range(len(given)) if not into.values or into.values[at].upper() != "DEFAULT"]
        self.columns = [given[at] for at in kept]
        self.names = [column.name for column in given]
        listed = ", ".join(into.values[at] for at in kept) if into.values else "*"
        self.query = f'SELECT {listed} FROM "{SOURCE}"{" WHERE " + into.test if into.test else ""}'
        self.filling()

    def filling(self) -> Filling:
        world = world_of(self.context)
        rows = registered(world, self.rows)
        pairs = zip(self.rows.columns, self.sources, strict=True)
        columns = [Col(c.name, c.type, guards=again(world.watch, given)) for c, given in pairs]
        scope = Scope(ctes={SOURCE: columns})
        prefix = f"WITH {quote_identifier(SOURCE)} AS {rows} "
        return filling(world, self.into.table, self.columns, self._tree(), scope, prefix)

    def _tree(self) -> Expr:
        return parsing.query(self.query)

    def append(self, transaction: Transaction) -> int:
        return append_within(self.context, transaction, self.into.table, self.filling())


def _intos(reader: Reader, *, first: bool) -> list[Into]:
    if not reader.at("WHEN"):
        if first:
            raise reader.unexpected()
        return _clauses(reader, "")
    found: list[Into] = []
    before: list[str] = []
    while reader.accept("WHEN"):
        test = _until_then(reader)
        found += _clauses(reader, " AND ".join([f"({test})", *(_not(each) for each in before if first)]))
        before.append(test)
    if reader.accept("ELSE"):
        found += _clauses(reader, " AND ".join(_not(each) for each in before))
    return found


def _not(test: str) -> str:
    """A condition that is NULL does not take the row."""
    return f"NOT COALESCE(({test}), FALSE)"


def _until_then(reader: Reader) -> str:
    start, depth = reader.peek(), 0
    while depth or not reader.at("THEN"):
        if reader.peek().kind is Kind.END:
            raise reader.unexpected()
        depth += {"(": 1, "CASE": 1, ")": -1, "END": -1}.get(reader.next().word, 0)
    test = reader.slice(start, reader.peek())
    reader.expect("THEN")
    return test


def _clauses(reader: Reader, test: str) -> list[Into]:
    found = []
    while reader.accept("INTO"):
        start = reader.peek()
        reader.name()
        table = reader.slice(start, reader.peek())
        listed = reader.at("(") and reader.peek(1).word not in ("SELECT", "WITH", "(")
        columns = f"({reader.balanced()})" if listed else ""
        values = _split(reader.balanced()) if reader.accept("VALUES") else ()
        found.append(Into(table, columns, values, test))
    if not found:
        raise reader.unexpected()
    return found


def _split(text: str) -> tuple[str, ...]:
    """The items of a list, by the commas outside of parentheses."""
    reader = Reader(text)
    items, start, depth = [], reader.peek(), 0
    while not reader.at_end():
        if reader.at(",") and depth == 0:
            items.append(reader.slice(start, reader.next()))
            start = reader.peek()
            continue
        depth += {"(": 1, "[": 1, "{": 1, "CASE": 1, ")": -1, "]": -1, "}": -1, "END": -1}.get(reader.next().word, 0)
    return (*items, text[start.start :].strip())
