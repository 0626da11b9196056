"""Queries: scopes are built from FROM, expressions are emitted in their scope, columns get names and types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from runner.sandbox import access, resolve
from runner.sandbox.catalog.model import Routine, Sequence as SequenceRecord
from runner.sandbox.errors import compilation, invalid_identifier, unsupported
from runner.sandbox.query import (
    aggregating,
    collation,
    demanded,
    demands,
    expressions,
    fine,
    functions,
    hierarchy,
    inputs,
    joining,
    joins,
    naming,
    parsing,
    partitions,
    relations,
    routines,
    selected,
    sources,
    types,
    values,
    watch,
    windows,
)
from runner.sandbox.query.columns import called, column, lookup, name_of, note, positional
from runner.sandbox.query.core import Col, E, Emitter, Expr, Relation, Scope, World
from runner.sandbox.query.functions.aggregates import within_group
from runner.sandbox.query.functions.spec import applied
from runner.sandbox.query.naming import plain_name
from runner.sandbox.query.selecting import Selected, body, limits, projections
from runner.sandbox.query.set_operators import by_name, typed, united
from runner.sandbox.sequences import next_value_sql, prepare
from runner.sandbox.tokens import quote_identifier

_SET_WORDS: dict[type[Expr], str] = {exp.Union: "UNION", exp.Except: "EXCEPT", exp.Intersect: "INTERSECT"}


def _is_argument_of_user(node: Expr) -> bool:
    """A parameter of a user's function has no collation: what is given is taken as plain text."""
    around = node.parent
    while isinstance(around, exp.Paren):
        around = around.parent
    if not isinstance(around, exp.Anonymous):
        return False
    name = around.name.upper()
    return isinstance(around.parent, exp.Dot) or not (name in functions.TABLE or name in functions.SPECIAL)


_RULES = {**expressions.EMIT, exp.Prior: hierarchy.prior, exp.ConnectByRoot: hierarchy.root}


class Compiler(Emitter):
    """One statement's compiler at one place: the world it looks at and the scope of names."""

    def __init__(self, world: World, scope: Scope | None = None) -> None:
        self.world = world
        self.scope = scope or Scope()

    def within(self, world: World, scope: Scope) -> Compiler:
        return Compiler(world, scope)

    def expr(self, node: Expr) -> E:
        return fine.coarse(self.raw(node).closed())

    def full(self, node: Expr) -> E:
        return self.raw(node).closed()

    def raw(self, node: Expr) -> E:
        return self._collated(node, self._emitted(node))

    def _collated(self, node: Expr, done: E) -> E:
        """The value with the collation that its operands have, at a place that minds it."""
        given = self.world.collations.pop(id(node), None)
        if given is not None and done.kind == "VARCHAR":
            done = replace(done, type=collation.carried(done.type, [given]))
        if not isinstance(done.type, collation.Collated) or _is_argument_of_user(node):
            return done
        if (taker := collation.place(node)) is not None:
            rule = collation.merged([self.world.collations.get(id(taker)), done.type])
            self.world.collations[id(taker)] = rule or done.type
        return done

    def _emitted(self, node: Expr) -> E:
        if isinstance(node, exp.Column):
            return self._column(node)
        if (named := naming.identified(node)) is not None:
            return self._column(named)
        if isinstance(node, exp.Anonymous):
            return self._call((called(node),), list(node.expressions), quoted=isinstance(node.this, exp.Identifier))
        if isinstance(node, exp.WithinGroup):
            return within_group(self, node)
        if isinstance(node, exp.Dot):
            return self._dotted(node)
        if isinstance(node, (exp.Alias, exp.PropertyEQ)):
            return self.full(node.this)
        rule = _RULES.get(type(node))
        if rule is None:
            raise unsupported(f"{type(node).__name__.upper()} ({node.sql('snowflake')[:60]})")
        return rule(self, node)

    def _column(self, node: exp.Column) -> E:
        if isinstance(node.this, exp.Parameter):
            return positional(self, node.this, name_of(node.args.get("table")))
        if node.args.get("join_mark"):
            raise unsupported("outer join by (+)")
        if not isinstance(node.this, exp.Identifier):
            raise unsupported(f"{node.sql('snowflake')} here")
        name = name_of(node.this)
        if name == "NEXTVAL" and len(node.parts) > 1:
            return self._next_value(tuple(name_of(part) for part in node.parts[:-1]))
        bare = len(node.parts) == 1 and name in functions.BARE and not node.this.args.get("quoted")
        if bare and lookup(self, (name,)) is None:
            return self._call((name,), [])
        return column(self, node)

    def _next_value(self, parts: tuple[str, ...]) -> E:
        context = self.world.context
        sequence = resolve.get(context.catalog, context.session, SequenceRecord, parts)
        access.require(context.catalog, context.session, "USAGE", sequence)
        self.world.sequences[sequence.id] = sequence
        prepare(context.storage, [sequence])
        self.world.stable = False
        return E(next_value_sql(sequence), types.INT)

    def _dotted(self, node: exp.Dot) -> E:
        parts = list(node.flatten())
        call = parts[-1]
        if not isinstance(call, exp.Anonymous):
            first = next(node.find_all(exp.Parameter), None)
            if first is not None and not first.name[:1].isdigit():
                raise unsupported(f"the stage @{node.sql('snowflake')[1:]} in an expression")
            raise invalid_identifier(node.sql("snowflake"))
        names = (*(name_of(part) for part in parts[:-1]), called(call))
        if names[:-1] == functions.alerts.SCHEMA and names[-1] in functions.alerts.FUNCTIONS:
            return functions.alerts.asked(functions.Call(self, names[-1], list(call.expressions)))
        return self._routine(names, list(call.expressions))

    def _call(self, names: tuple[str, ...], arguments: list[Expr], *, quoted: bool = False) -> E:
        name = names[-1]
        if not quoted and (special := functions.SPECIAL.get(name)) is not None:
            functions.arity.check(name, arguments)
            return special(functions.Call(self, name, arguments))
        if not quoted and (function := functions.TABLE.get(name)) is not None:
            return self._applied(function, name, arguments)
        if not quoted and name.startswith("SYSTEM$"):
            return functions.session.system(functions.Call(self, name, arguments))
        return self._routine(names, arguments)

    def _applied(self, function: functions.F, name: str, arguments: list[Expr]) -> E:
        if len(arguments) == 1 and isinstance(arguments[0], exp.Distinct):
            given = [self.full(argument) for argument in arguments[0].expressions]
            done = applied(function, name, given)
            return replace(done, sql=done.sql.replace("(", "(DISTINCT ", 1))
        return applied(function, name, [self.full(argument) for argument in arguments])

    def _routine(self, names: tuple[str, ...], arguments: list[Expr]) -> E:
        """A function of the user's own in SQL: its body stands in place of the call."""
        routine, values = self.chosen(names, arguments)
        if routine.language != "SQL":
            return routines.scalar(self.world, routine, values)
        kind = routines.returned_type(routine)
        inner = self._body(routine, values)
        body = f"({routine.body})" if routines.is_query(routine.body) else routine.body
        result = types.converted(inner.full(parsing.expression(body)), kind)
        self.world.stable = self.world.stable and inner.world.stable
        return E(f"({result.sql})", result.type)

    def chosen(self, names: tuple[str, ...], arguments: list[Expr]) -> tuple[Routine, list[E]]:
        """The function that is meant, and the value of each of its arguments; what is left out has its default."""
        given = [(name, self.full(node)) for name, node in routines.named(names[-1], arguments)]
        routine = routines.overload(self.world, names, given)
        values = routines.placed(routine, given)
        defaults = (values.get(a.name) or self.full(parsing.expression(a.default or "NULL")) for a in routine.arguments)
        return routine, [types.converted(value, a.type) for a, value in zip(routine.arguments, defaults, strict=True)]

    def _body(self, routine: Routine, values: Sequence[E]) -> Compiler:
        if routine.id in self.world.path or len(self.world.path) > sources.MAX_DEPTH:
            raise compilation(2057, "42601", f"Function '{routine.name}' calls itself")
        columns = [Col(a.name, e.type, sql=f"({e.sql})") for a, e in zip(routine.arguments, values, strict=True)]
        return Compiler(sources.owned(self.world, routine), Scope(relations=[Relation("", columns)]))

    def table_routine(self, names: tuple[str, ...], arguments: list[Expr]) -> tuple[str, list[Col]]:
        if selected.is_procedure(self.world, names):
            return selected.rows_of(self, names, arguments)
        routine, values = self.chosen(names, arguments)
        if routine.language != "SQL":
            return routines.table(self.world, routine, values)
        columns = routines.table_columns(routine)
        inner = self._body(routine, values)
        sql, given = inner.query(parsing.query(routine.body), Scope(parent=inner.scope))
        columns = [sources.as_kept(*pair) for pair in zip(columns, given, strict=False)]
        self.world.stable = self.world.stable and inner.world.stable
        shown = ", ".join(quote_identifier(column.name) for column in columns)
        return f"SELECT * FROM ({sql}) AS {self.world.fresh('f')}({shown})", columns

    def query(self, node: Expr, scope: Scope | None = None) -> tuple[str, list[Col]]:
        """A nested query: it sees the names of the scope around it."""
        sql, columns = self.rows(node, scope)
        for each in columns:
            note(each)
        return sql, columns

    def rows(self, node: Expr, scope: Scope | None = None) -> tuple[str, list[Col]]:
        inner = Compiler(self.world, scope or Scope(parent=self.scope))
        return inner.top(node)

    def top(self, node: Expr) -> tuple[str, list[Col]]:
        """A query in the compiler's own scope."""
        with_sql = self._with(node)
        if isinstance(node, exp.Select):
            sql, columns = self._select(node)
        elif type(node) in _SET_WORDS:
            sql, columns = self._set(node)
        elif isinstance(node, exp.Subquery):
            sql, columns = self.rows(node.this, self.scope)
            sql = self._tail(node, f"SELECT * FROM ({sql}) AS q", columns)
        elif isinstance(node, exp.Values):
            sql, columns = values.values(self, node)
        elif isinstance(node, exp.Table):
            sql, columns = self._select(exp.select("*").from_(node))
        else:
            raise unsupported(type(node).__name__.upper())
        return with_sql + sql, columns

    def _with(self, node: Expr) -> str:
        given = node.args.get("with_")
        if given is None:
            return ""
        for cte in given.expressions:
            while isinstance(cte.this, exp.Subquery) and not cte.this.args.get("alias"):
                cte.set("this", cte.this.this)
        recursive = bool(given.args.get("recursive")) or any(relations.names_itself(cte) for cte in given.expressions)
        parts = [self._cte(cte, recursive) for cte in given.expressions]
        return f"WITH {'RECURSIVE ' if recursive else ''}{', '.join(parts)} "

    def _cte(self, cte: Expr, recursive: bool) -> str:
        name, names = relations.alias_of(cte)
        if recursive and isinstance(cte.this, exp.Union) and relations.names_itself(cte):
            anchor = self.rows(cte.this.this.copy())[1]
            self.scope.ctes[name] = relations.named(anchor, names)
            if fine.reads_nanos():
                found = self.rows(cte.this.copy())[1]
                self.scope.ctes[name] = relations.named(
                    [sources.as_kept(*pair) for pair in zip(anchor, found, strict=False)], names
                )
        sql, columns = self.rows(cte.this)
        columns = demanded.kept(columns)
        if names and len(names) != len(columns):
            raise compilation(2057, "42601", f"'{name}' has {len(columns)} columns but {len(names)} are named")
        self.scope.ctes[name] = relations.named(relations.spread(columns) if recursive else columns, names)
        places = [column.name for column in self.scope.ctes[name]]
        if len({place.casefold() for place in places}) < len(places):
            places = [self.world.fresh("c") for _ in places]
        shown = ", ".join(quote_identifier(place) for place in places)
        return f"{quote_identifier(name)}({shown}) AS ({sql})"

    def _set(self, node: Expr) -> tuple[str, list[Col]]:
        left_sql, left = self.rows(node.this, Scope(parent=self.scope))
        right_sql, right = self.rows(node.expression, Scope(parent=self.scope))
        if node.args.get("by_name"):
            (left_sql, left), (right_sql, right) = by_name((left_sql, left), (right_sql, right))
        if len(left) != len(right):
            text = f"invalid number of result columns for set operator input branches, expected {len(left)}"
            raise compilation(1789, "42601", f"error line 0 at position -1\n{text}, got {len(right)} in branch 2")
        word = _SET_WORDS[type(node)] + (
            " ALL" if not node.args.get("distinct") and isinstance(node, exp.Union) else ""
        )
        kinds = [types.in_common([E("", a.type), E("", b.type)]) for a, b in zip(left, right, strict=True)]
        columns = [
            replace(a, type=kind or a.type, guards=watch.both(a.guards, b.guards), demands=())
            for a, b, kind in zip(left, right, kinds, strict=True)
        ]
        sides = [typed(left_sql, left, kinds), typed(right_sql, right, kinds)]
        if any(types.is_keyed(column.type) for column in columns) and not word.endswith(" ALL"):
            if word != "UNION":
                raise unsupported(f"{word} of TIMESTAMP_TZ or collated columns")
            return self._tail(node, united(sides, columns), columns), columns
        return self._tail(node, f"({sides[0]}) {word} ({sides[1]})", columns), columns

    def _tail(self, node: Expr, sql: str, columns: list[Col]) -> str:
        """ORDER BY, LIMIT and OFFSET of a query that is no plain SELECT: only its columns can be named."""
        inner = Compiler(self.world, Scope(parent=self.scope, relations=[Relation("", list(columns))]))
        with self.world.watch.aside():
            return self._ordered(inner, node, sql, columns)

    @staticmethod
    def _ordered(inner: Compiler, node: Expr, sql: str, columns: list[Col]) -> str:
        if order := node.args.get("order"):
            keys = [windows.ordered(inner, item, inner.key(item.this, columns)) for item in order.expressions]
            sql += " ORDER BY " + ", ".join(keys)
        return sql + limits(inner, node)

    def key(self, node: Expr, columns: list[Col]) -> str | None:
        """An ORDER BY key that is a position or the name of a result column."""
        if isinstance(node, exp.Literal) and not node.args.get("is_string"):
            if not 1 <= int(node.name) <= len(columns):
                raise compilation(2024, "42601", f"Order by expression position {node.name} is out of range")
            return self._keyed(columns[int(node.name) - 1], str(int(node.name)))
        name = plain_name(node) if isinstance(node, exp.Column) and len(node.parts) == 1 else None
        place = next((at for at, column in enumerate(columns, 1) if column.name == name), None) if name else None
        return self._keyed(columns[place - 1], str(place)) if place else None

    @staticmethod
    def _keyed(column: Col, sql: str) -> str:
        if column.type is not None and (column.type.name in types.SEMI or collation.collation_of(column.type)):
            raise unsupported("ORDER BY a semi-structured or collated column here")
        return sql

    def _select(self, node: exp.Select) -> tuple[str, list[Col]]:
        for word in (
            "match",
            "laterals",
            "windows",
            "into",
            "locks",
            "sort",
            "cluster",
            "distribute",
            "prewhere",
        ):
            if node.args.get(word):
                raise unsupported(
                    {"match": "MATCH_RECOGNIZE", "windows": "WINDOW", "locks": "FOR UPDATE"}.get(word, word.upper())
                )
        if node.args.get("from_") is not None:
            joins.unwrapped(node)
        written = joins.outer_joined(node)
        from_sql = self._from(node)
        if written:
            self.scope.relations.sort(key=lambda relation: written.index(relation.alias))
        if node.args.get("connect"):
            from_sql = hierarchy.connected(self, node, from_sql)
        if self.world.demands:
            joining.settle(self.scope, node)
            if asked := aggregating.wanted(self):
                return self._constrained(node, from_sql, asked)
        chosen = projections(self, node)
        return body(self, node, from_sql, chosen), _columns(chosen)

    def _constrained(self, node: exp.Select, from_sql: str, asked: list[demands.Demand]) -> tuple[str, list[Col]]:
        """A SELECT from what an aggregation policy is on."""
        sql, chosen, still = aggregating.selected(self, node, from_sql, asked)
        columns = _columns(chosen)
        if still:
            return sql, [replace(column, demands=tuple(asked)) for column in columns]
        if node.args.get("order") or node.args.get("limit") or node.args.get("offset"):
            aggregating.ordered_by_place(node, [column.name for column in columns])
            sql = self._tail(node, sql if node.args.get("group") else f"({sql})", columns)
        return sql, columns

    def _from(self, node: exp.Select) -> str:
        given = node.args.get("from_")
        if given is None:
            return ""
        joined = (*(given.this.args.get("joins") or ()), *(node.args.get("joins") or ()))
        self.scope.counting = bool(joined) and inputs.counting(node)
        if partitions.is_partitioned(given.this):
            parts = [partitions.joined(self, given.this, "")]
        else:
            sql, relation = inputs.counted(self, *sources.source(self, given.this))
            self.scope.relations.append(relation)
            parts = [sql]
        for join in joined:
            if partitions.is_partitioned(join.this):
                if join.args.get("on") or join.args.get("side"):
                    raise unsupported("a join with ON to a partitioned table function")
                parts = [partitions.joined(self, join.this, f" FROM {' '.join(parts)}")]
            else:
                parts.append(joins.join(self, join))
        return " FROM " + " ".join(parts)


def _columns(chosen: list[Selected]) -> list[Col]:
    return [Col(one.name, one.value.type, nullable=one.nullable, guards=one.guards) for one in chosen]
