"""MERGE (sql-reference/sql/merge).

Source rows are matched once, into a relation of their own that says which clause takes each; then every clause is one
statement over it. A target row that several source rows want to change is an error, unless the session allows it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from sqlglot import exp

from runner.sandbox.changes import Cursor, advance, change
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, compilation, syntax_error, unsupported
from runner.sandbox.law import policies
from runner.sandbox.query import parsing, projecting, sources, watch
from runner.sandbox.query.binding import bound
from runner.sandbox.query.columns import name_of
from runner.sandbox.query.compiler import Compiler
from runner.sandbox.query.core import E, Expr, Relation, Scope, World
from runner.sandbox.query.expressions import filtering
from runner.sandbox.query.run import fill_from, world_of
from runner.sandbox.result import Result, StatementType
from runner.sandbox.statements.merge_by_name import spelled_out
from runner.sandbox.statements.rows import Target, counted, default, named, stored, target
from runner.sandbox.tokens import quote_identifier, tokenize

PAIRS = "merge_pairs"
FEW = 1_000
"""Pairs that are looked at one by one at most."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One WHEN: its number, whether it takes matched rows, and what it does: UPDATE, DELETE or INSERT."""

    number: int
    matched: bool
    action: str
    node: Expr
    test: Expr | None


@dataclass(slots=True)
class Counts:
    inserted: int = 0
    updated: int = 0
    deleted: int = 0


def merge(context: Context, text: str) -> Result:
    statement = bound(context, text)
    _check_clauses(statement)
    tree = parsing.parse(statement)
    if not isinstance(tree, exp.Merge):
        raise unsupported("MERGE of this form")
    clauses = _clauses(tree)
    privileges = sorted({clause.action for clause in clauses})
    into = target(context, Compiler(world_of(context)), tree.this, *privileges)
    spelled_out(context, into, tree)
    policies.refuse_change(into.table, "MERGE")
    into.changes(context, [name for clause in clauses for name in _touched(into, clause)])
    tried = _Merging(context, into, tree, clauses)
    tried.compiled(into.table.storage)
    projecting.refuse_loose(tried.compiler, sources.owned)  # Also where no row is taken.
    counts = change(
        context,
        into.table,
        lambda cursor, number: _Merging(context, into, tree, clauses).run(cursor, number),
        numbering="INSERT" in privileges,
    )
    return _answer(clauses, counts)


_ACTIONS = ("UPDATE", "DELETE", "INSERT")
_DEEPER = {"(": 1, "CASE": 1, ")": -1, "END": -1}


def _check_clauses(text: str) -> None:
    """Each WHEN is followed by [NOT] MATCHED, and its action by THEN before it: the parser would let them be."""
    tokens, depth, within = tokenize(text), 0, False
    for at, token in enumerate(tokens):
        depth += _DEEPER.get(token.word, 0)
        if depth or token.word not in ("WHEN", *_ACTIONS):
            continue
        after = tokens[at + 1 : at + 3]
        if token.word == "WHEN" and [each.word for each in after] != ["NOT", "MATCHED"] and after[0].word != "MATCHED":
            raise syntax_error(after[0].line, after[0].position, after[0].text)
        if within and token.word in _ACTIONS and tokens[at - 1].word != "THEN":
            raise syntax_error(token.line, token.position, token.text)
        within = token.word == "WHEN"


def _touched(into: Target, clause: Clause) -> list[str]:
    """The columns that a clause sets: all of them where an INSERT lists none."""
    if clause.action == "UPDATE":
        if not all(isinstance(item, exp.EQ) and isinstance(item.this, exp.Column) for item in clause.node.expressions):
            raise syntax_error(1, 0, "SET")
        return [name_of(item.this.this) for item in clause.node.expressions]
    if clause.action == "INSERT" and not clause.node.this:
        return [column.name for column in into.table.columns]
    given = clause.node.this.expressions if clause.action == "INSERT" else []
    return [name_of(item.this if isinstance(item, exp.Column) else item) for item in given]


def check(context: Context, tree: exp.Merge) -> tuple[Target, World]:
    """Compile without running."""
    clauses = _clauses(tree)
    into = target(context, Compiler(world_of(context)), tree.this, *sorted({clause.action for clause in clauses}))
    spelled_out(context, into, tree)
    merging = _Merging(context, into, tree, clauses)
    merging.compiled(into.table.storage)
    return into, merging.compiler.world


def _answer(clauses: list[Clause], counts: Counts) -> Result:
    actions = {clause.action for clause in clauses}
    shown = [
        (f"number of rows {word}", count)
        for action, word, count in (
            ("INSERT", "inserted", counts.inserted),
            ("UPDATE", "updated", counts.updated),
            ("DELETE", "deleted", counts.deleted),
        )
        if action in actions
    ]
    return counted(shown, StatementType.MERGE, counts.inserted + counts.updated + counts.deleted)


def _clauses(tree: exp.Merge) -> list[Clause]:
    whens = tree.args["whens"]
    found = [_clause(at, when) for at, when in enumerate(whens.expressions, start=1)]
    for at, clause in enumerate(found):
        if clause.test is None and any(other.matched == clause.matched for other in found[at + 1 :]):
            text = f"MERGE: unreachable case, since clause {clause.number} without AND comes before it"
            raise compilation(1003, "42601", text)
    return found


def _clause(number: int, when: Expr) -> Clause:
    then = when.args["then"]
    if when.args.get("source"):
        raise unsupported("WHEN NOT MATCHED BY SOURCE")
    if isinstance(then, exp.Var):
        action = then.name.upper()
    else:
        action = {exp.Update: "UPDATE", exp.Insert: "INSERT", exp.Delete: "DELETE"}.get(type(then), "")
    matched = bool(when.args.get("matched"))
    if action == "UPDATE" and not then.expressions:
        raise syntax_error(1, 0, "<EOF>")
    if action not in (("UPDATE", "DELETE") if matched else ("INSERT",)):
        raise compilation(1003, "42000", f"MERGE: {action or 'this action'} is not allowed here")
    return Clause(number, matched, action, then, when.args.get("condition"))


def _unlike(alias: str) -> str:
    """What the pairs are called beside the target: anything but what the user calls that."""
    return quote_identifier("pair$" if alias.casefold() != "pair$" else "pair$$")


class _Merging:
    """One MERGE on one state of its target."""

    def __init__(self, context: Context, into: Target, tree: exp.Merge, clauses: list[Clause]) -> None:
        self.context = context
        self.into = into
        self.tree = tree
        self.clauses = clauses
        world = world_of(context)
        world.traced = True
        self.compiler = Compiler(world, Scope())
        self.source_sql, source = sources.source(self.compiler, tree.args["using"])
        self.pair = _unlike(into.alias)
        # The pairs carry the source's columns as c0, c1 …: a name of the source cannot meet one of ours.
        columns = [replace(column, sql=f"{self.pair}.c{at}") for at, column in enumerate(source.columns)]
        self.pairs = Relation(source.alias, columns, source.path)
        self.source = source

    def compiled(self, number: int) -> list[str]:
        return [self._pairs(number), *(self._statement(number, clause) for clause in self.clauses)]

    def run(self, cursor: Cursor, number: int) -> Counts:
        counts = Counts()
        pairs = fill_from(self.context, cursor, self.compiler.world, self._pairs(number))
        taken = self._settled(cursor, number, pairs)
        for clause in self.clauses:
            # duckdb 2.0.0 loses a large INSERT that follows one without a row in the same transaction.
            if clause.number not in taken:
                continue
            done = fill_from(self.context, cursor, self.compiler.world, self._statement(number, clause))
            if clause.action == "INSERT":
                advance(self.into.table, self._numbered(clause), done)
            field = {"INSERT": "inserted", "UPDATE": "updated", "DELETE": "deleted"}[clause.action]
            setattr(counts, field, getattr(counts, field) + done)
        cursor.execute(f"DROP TABLE {PAIRS}")
        return counts

    def _pairs(self, number: int) -> str:
        both = Compiler(self.compiler.world, Scope(relations=[self.into.relation(self.compiler.world), self.source]))
        alias, source = quote_identifier(self.into.alias), quote_identifier(self.source.alias)
        with both.world.watch.aside():  # What is only compared goes into no table.
            on = filtering(both, self.tree.args["on"]).sql
            taken = " ".join(self._taken(both, clause) for clause in self.clauses)
        shown = (c.sql or f"{source}.{quote_identifier(c.name)}" for c in self.source.columns)
        columns = "".join(f", {each} AS c{at}" for at, each in enumerate(shown))
        return (
            f"CREATE TEMP TABLE {PAIRS} AS SELECT {alias}.rowid AS r, CASE {taken} END AS a{columns} "
            f"FROM {self.source_sql} LEFT JOIN {self._seen(number)} AS {alias} ON {on}"
        )

    def _seen(self, number: int) -> str:
        """The target's rows, as policies show them."""
        return self.into.veiled(self.compiler, number) if self.into.veil(self.context) else f"main.s{number}"

    def _taken(self, both: Compiler, clause: Clause) -> str:
        alias = quote_identifier(self.into.alias)
        test = f"{alias}.rowid IS {'NOT ' if clause.matched else ''}NULL"
        if clause.test is not None:
            test += f" AND {filtering(both, clause.test).sql}"
        return f"WHEN {test} THEN {clause.number}"

    def _settled(self, cursor: Cursor, number: int, pairs: int) -> set[int]:
        """The clauses that have rows to take, once no row of the target is in doubt. A few pairs are looked at here:
        to ask the engine takes as long as the whole MERGE.
        """
        if self.context.session.parameters.get("ERROR_ON_NONDETERMINISTIC_MERGE") == "false":
            cursor.execute(
                f"UPDATE {PAIRS} SET a = NULL WHERE r IS NOT NULL AND rowid NOT IN "
                f"(SELECT min(rowid) FROM {PAIRS} WHERE r IS NOT NULL AND a IS NOT NULL GROUP BY r)"
            )
        elif pairs > FEW and (row := self._doubtful(cursor)) is not None:
            raise self._duplicate(cursor, number, row)
        if pairs > FEW:
            return {a for (a,) in cursor.execute(f"SELECT DISTINCT a FROM {PAIRS} WHERE a IS NOT NULL").fetchall()}
        seen = cursor.execute(f"SELECT r, a FROM {PAIRS} WHERE a IS NOT NULL").fetchall()
        rows = Counter(r for r, _ in seen if r is not None)
        changing = self._changing()
        doubtful = [r for r, a in seen if rows[r] > 1 and a in changing]
        if doubtful:
            raise self._duplicate(cursor, number, doubtful[0])
        return {a for _, a in seen}

    def _changing(self) -> list[int]:
        return [clause.number for clause in self.clauses if clause.action == "UPDATE"]

    def _doubtful(self, cursor: Cursor) -> int | None:
        """A row that several source rows want, one of them to change it."""
        numbers = ", ".join(map(str, self._changing())) or "0"
        found = cursor.execute(
            f"SELECT r FROM {PAIRS} WHERE r IS NOT NULL AND a IS NOT NULL GROUP BY r "
            f"HAVING count(*) > 1 AND count(CASE WHEN a IN ({numbers}) THEN 1 END) > 0 LIMIT 1"
        ).fetchone()
        return None if found is None else int(found[0])

    @staticmethod
    def _duplicate(cursor: Cursor, number: int, row: int) -> SnowflakeError:
        values = cursor.execute(f"SELECT * FROM main.s{number} WHERE rowid = ?", [row]).fetchone() or ()
        shown = ", ".join("NULL" if value is None else repr(str(value)) for value in values)
        return SnowflakeError(100090, "42P18", f"Duplicate row detected during DML action\nRow Values: [{shown}]")

    def _statement(self, number: int, clause: Clause) -> str:
        alias = quote_identifier(self.into.alias)
        chosen = f"{alias}.rowid = {self.pair}.r AND {self.pair}.a = {clause.number}"
        if clause.action == "UPDATE" and (veil := self.into.veil(self.context)):
            chosen += f" AND {alias}.rowid = {quote_identifier(veil)}.rowid"
        match clause.action:
            case "UPDATE":
                changed = f"UPDATE main.s{number} AS {alias} SET {self._assigned(clause)}"
                return f"{changed} FROM {PAIRS} AS {self.pair}{self._beside(number)} WHERE {chosen}"
            case "DELETE":
                return f"DELETE FROM main.s{number} AS {alias} USING {PAIRS} AS {self.pair} WHERE {chosen}"
        return self._inserted(number, clause)

    def _beside(self, number: int) -> str:
        veil = self.into.veil(self.context)
        return f", {self._seen(number)} AS {quote_identifier(veil)}" if veil else ""

    def _assigned(self, clause: Clause) -> str:
        target = self.into.relation(self.compiler.world, self.into.veil(self.context))
        both = Compiler(self.compiler.world, Scope(relations=[target, self.pairs]))
        parts = []
        for item in clause.node.expressions:
            column = self.into.column(name_of(item.this.this))
            value = self._followed(both, item.expression, column.name)
            parts.append(f"{quote_identifier(column.stored)} = {stored(value, column, self.into.table)}")
        return ", ".join(parts)

    def _followed(self, compiler: Compiler, node: Expr, column: str) -> E:
        """The value that a column gets, and a note where it comes from."""
        with compiler.world.watch.along() as seen:
            value = compiler.full(node)
        self.into.fed(self.context, {column: watch.sources(seen)})
        return value

    def _numbered(self, clause: Clause) -> list[str]:
        """Identity columns that an INSERT clause leaves to their numbers."""
        given = set(self._names(clause))
        return [c.name for c in self.into.table.columns if c.identity is not None and c.name not in given]

    def _names(self, clause: Clause) -> list[str]:
        given = clause.node.this
        if not given:
            return [column.name for column in self.into.table.columns]
        return [name_of(item.this if isinstance(item, exp.Column) else item) for item in given.expressions]

    def _inserted(self, number: int, clause: Clause) -> str:
        one = Compiler(self.compiler.world, Scope(relations=[self.pairs]))
        table, names, values = self.into.table, self._names(clause), clause.node.expression
        if not isinstance(values, exp.Expr | None):
            raise syntax_error(1, 0, "INSERT")
        items = values.expressions if values is not None else []
        if len(names) != len(items):
            text = f"Insert value list does not match column list expecting {len(names)} but got {len(items)}"
            raise compilation(2020, "21S01", text)
        pairs = ((self.into.column(name).name, item) for name, item in zip(names, items, strict=True))
        chosen = {name: self._followed(one, item, name) for name, item in pairs}
        listed = ", ".join(
            stored(chosen[c.name] if c.name in chosen else default(one.world, table, c), c, table)
            for c in table.columns
        )
        source = f"(SELECT * FROM {PAIRS} WHERE a = {clause.number}) AS {self.pair}"
        return f"INSERT INTO main.s{number} ({named(table.columns)}) SELECT {listed} FROM {source}"
