"""What stands in FROM: tables, views, shares, results, functions in TABLE(…), VALUES, subqueries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlglot import exp

from runner.sandbox import access, account_usage, information_schema, resolve
from runner.sandbox.catalog.model import Schema, SchemaObject, Table, View
from runner.sandbox.errors import SnowflakeError, compilation, does_not_exist, unsupported
from runner.sandbox.query import parsing, types
from runner.sandbox.query.columns import name_of
from runner.sandbox.query.core import Col, E, Emitter, Expr, Relation, Scope, World
from runner.sandbox.query.functions.session import evaluated
from runner.sandbox.query.governed import governed
from runner.sandbox.result import Result
from runner.sandbox.session import Session
from runner.sandbox.tokens import Reader, quote_identifier
from runner.sandbox.transactions import Overlay
from runner.sandbox.versions import state_at

MAX_DEPTH = 50
Parts = tuple[str, ...]


def alias_of(node: Expr) -> tuple[str, list[str]]:
    """The alias given, and the names it gives to the columns."""
    alias = node.args.get("alias")
    if not isinstance(alias, exp.TableAlias):
        return "", []
    return name_of(alias.this) if alias.this is not None else "", [name_of(column) for column in alias.columns]


def as_relation(
    emitter: Emitter, node: Expr, sql: str, columns: list[Col], default: str, path: Parts = ()
) -> tuple[str, Relation]:
    """`(sql) AS alias(columns)`, and what the names around it see."""
    alias, names = alias_of(node)
    if len(names) > len(columns):
        raise compilation(2027, "42601", f"alias '{alias}' has more columns than the relation")
    shown = [replace(column, name=name, sql=None) for column, name in zip(columns, names, strict=False)]
    shown += [replace(column, sql=None) for column in columns[len(names) :]]
    alias = alias or default or emitter.world.fresh("q")
    renamed = "(" + ", ".join(quote_identifier(column.name) for column in shown) + ")" if names else ""
    return f"{sql} AS {quote_identifier(alias)}{renamed}", Relation(alias, shown, path)


def refuse_twins(columns: list[Col], where: str) -> None:
    """The engine cannot tell names apart that differ only by case: refused, not confused."""
    seen: dict[str, str] = {}
    for column in columns:
        other = seen.setdefault(column.name.casefold(), column.name)
        if other != column.name:
            raise unsupported(f"columns of {where} that differ only by case: {other}, {column.name}")


def table_parts(emitter: Emitter, node: exp.Table) -> Parts:
    """The name of a table reference, IDENTIFIER('…') resolved."""
    named = node.this
    if isinstance(named, exp.DynamicIdentifier):
        return Reader(str(evaluated(emitter, named.this))).name()
    if isinstance(named, exp.Anonymous) and named.name.upper() == "IDENTIFIER":
        return Reader(str(evaluated(emitter, named.expressions[0]))).name()
    parts = tuple(name_of(part) for part in node.parts)
    return (parts[0], "PUBLIC", parts[2]) if len(parts) == 3 and not parts[1] else parts


def source(emitter: Emitter, node: Expr) -> tuple[str, Relation]:
    """Engine SQL of one item of FROM, and the names it gives."""
    if isinstance(node, exp.Table):
        return _table(emitter, node)
    if isinstance(node, exp.Subquery):
        return _subquery(emitter, node)
    if isinstance(node, exp.Values):
        return _values(emitter, node)
    if isinstance(node, exp.Lateral):
        return _lateral(emitter, node)
    if isinstance(node, exp.TableFromRows):
        return table_function(emitter, node, node.this)
    raise unsupported(f"{type(node).__name__} in FROM")


def _refuse_extras(node: Expr) -> None:
    for word in (
        "pivots",
        "match_recognize",
        "changes",
        "rows_from",
        "only",
        "partition",
        "version",
        "format",
        "pattern",
    ):
        if node.args.get(word):
            raise unsupported(word.upper().rstrip("S").replace("_", " "))


def _subquery(emitter: Emitter, node: exp.Subquery) -> tuple[str, Relation]:
    _refuse_extras(node)
    inner = node.this
    if isinstance(inner, (exp.Table, exp.Subquery)) and not node.args.get("alias"):
        return source(emitter, inner)
    sql, columns = emitter.query(inner)
    refuse_twins(columns, "a subquery")
    return as_relation(emitter, node, f"({sql})", columns, "")


def _values(emitter: Emitter, node: exp.Values) -> tuple[str, Relation]:
    sql, columns = values(emitter, node)
    return as_relation(emitter, node, f"({sql})", columns, "")


def values(emitter: Emitter, node: exp.Values) -> tuple[str, list[Col]]:
    """VALUES as a query; its columns are COLUMN1, COLUMN2 …"""
    rows = [[emitter.expr(item) for item in row.expressions] for row in node.expressions]
    width = len(rows[0])
    if any(len(row) != width for row in rows):
        raise compilation(1789, "42601", "rows of VALUES differ in length")
    kinds = [types.common([row[at].type for row in rows]) for at in range(width)]
    lines = [", ".join(_as(item, kind) for item, kind in zip(row, kinds, strict=True)) for row in rows]
    names = ", ".join(quote_identifier(f"COLUMN{at + 1}") for at in range(width))
    listed = ", ".join(f"({line})" for line in lines)
    columns = [Col(f"COLUMN{at + 1}", kind) for at, kind in enumerate(kinds)]
    return f"SELECT * FROM (VALUES {listed}) AS v({names})", columns


def _as(e: E, kind: object) -> str:
    if kind is None or e.type is None or e.kind == "NULL":
        return e.sql
    wanted = types.common([e.type]) if kind is None else kind
    return types.cast(e, wanted).sql if e.type != wanted and e.kind != "VARCHAR" else e.sql  # type: ignore[arg-type]


def _table(emitter: Emitter, node: exp.Table) -> tuple[str, Relation]:
    _refuse_extras(node)
    named = node.this
    if isinstance(named, exp.Anonymous) and named.name.upper() in ("TABLE", "LATERAL"):
        return table_function(emitter, node, named.expressions[0])
    if isinstance(named, exp.Anonymous) and named.name.upper() != "IDENTIFIER":
        return table_function(emitter, node, named)
    parts = table_parts(emitter, node)
    sql, columns, path = _named(emitter, node, parts)
    sample = node.args.get("sample")
    text, relation = as_relation(emitter, node, sql, columns, parts[-1], path)
    return (text + _sample(emitter, sample) if sample is not None else text), relation


def _sample(emitter: Emitter, node: Expr) -> str:
    emitter.world.stable = False
    if node.args.get("seed") is not None or node.args.get("bucket_numerator") is not None:
        raise unsupported("TABLESAMPLE of this form")
    if size := node.args.get("size"):
        return f" TABLESAMPLE RESERVOIR({emitter.expr(size).sql} ROWS)"
    method = "SYSTEM" if str(node.args.get("method") or "").upper() in ("SYSTEM", "BLOCK") else "BERNOULLI"
    return f" TABLESAMPLE {method}({emitter.expr(node.args['percent']).sql} PERCENT)"


def _named(emitter: Emitter, node: exp.Table, parts: Parts) -> tuple[str, list[Col], Parts]:
    if len(parts) == 1 and (columns := emitter.scope.cte(parts[0])) is not None:
        return quote_identifier(parts[0]), columns, parts
    if parts == ("DUAL",):
        return "(SELECT 'X' AS \"DUMMY\")", [Col("DUMMY", types.text(1))], parts
    listed = _listed(emitter, parts)
    if listed is not None:
        return registered(emitter.world, listed), [Col(c.name, c.type) for c in listed.columns], parts
    return of_record(emitter, record(emitter.world, parts), node.args.get("when"), parts)


def _listed(emitter: Emitter, parts: Parts) -> Result | None:
    """Relations that the catalogue itself answers: INFORMATION_SCHEMA and SNOWFLAKE."""
    context = emitter.world.context
    if len(parts) >= 2 and parts[-2] == information_schema.NAME:
        emitter.world.stable = False
        return information_schema.relation(context, context.database(parts[:-2], "SELECT"), parts[-1])
    if (len(parts) == 3 and parts[0] == account_usage.DATABASE) or (
        len(parts) == 2 and context.session.database == account_usage.DATABASE
    ):
        emitter.world.stable = False
        return account_usage.relation(context, parts[-2], parts[-1])
    return None


def registered(world: World, result: Result) -> str:
    """A result as a relation of the running statement; its columns under their names."""
    refuse_twins([Col(column.name, column.type) for column in result.columns], "a result")
    name = world.fresh("r")
    world.tables[name] = result.table.rename_columns([f"c{at}" for at in range(result.table.num_columns)])
    shown = ", ".join(
        f"{_semi(f'c{at}', column.type.name)} AS {quote_identifier(column.name)}"
        for at, column in enumerate(result.columns)
    )
    return f"(SELECT {shown} FROM {quote_identifier(name)})"


def _semi(sql: str, kind: str) -> str:
    return f"CAST({sql} AS JSON)" if kind in types.SEMI else sql


def record(world: World, parts: Parts) -> Table | View:
    """The table or view that the name means, with the right to read it."""
    context = world.context
    found = resolve.find(context.catalog, context.session, Table, parts) or resolve.find(
        context.catalog, context.session, View, parts
    )
    if found is not None:
        return readable(world, found)
    raise does_not_exist("Object", resolve.display(context.catalog, context.session, parts))


def readable(world: World, found: Table | View) -> Table | View:
    context = world.context
    access.require(context.catalog, context.session, "SELECT", found)
    world.reads.append(found)
    return found


def of_record(emitter: Emitter, found: Table | View, when: Expr | None, parts: Parts) -> tuple[str, list[Col], Parts]:
    path = emitter.world.context.catalog.full_name(found) if len(parts) < 3 else parts
    columns = [Col(column.name, column.type, nullable=column.nullable) for column in found.columns]
    if isinstance(found, Table):
        return governed(emitter, found, rows_of(emitter, found, when, ".".join(parts)), owned), columns, path
    if when is not None:
        raise unsupported("time travel on a view")
    return view(emitter.world, found, emitter), columns, path


def rows_of(emitter: Emitter, table: Table, when: Expr | None, name: str) -> str:
    """The committed rows, with what the session's own transaction has done to them."""
    world = emitter.world
    if when is not None:
        if table.account != world.caller.session.account:
            raise unsupported("time travel on a shared table")
        number, rows = state_at(table, moment(emitter, when), name)
        return f"main.s{number}" if rows is None else f"(SELECT * FROM main.s{number} LIMIT {rows})"
    transaction = world.caller.session.transaction
    overlay = transaction.overlay(table.id) if transaction is not None else None
    return overlaid(table, overlay)


def overlaid(table: Table, overlay: Overlay | None) -> str:
    if overlay is None:
        return f"main.s{table.storage}"
    if overlay.replaced is not None:
        return f"main.s{overlay.replaced}"
    names = ", ".join(quote_identifier(column.name) for column in table.columns)
    both = (table.storage, overlay.appended)
    return "(" + " UNION ALL ".join(f"SELECT {names} FROM main.s{number}" for number in both) + ")"


def moment(emitter: Emitter, when: Expr) -> datetime:
    """The instant of AT or BEFORE (sql-reference/constructs/at-before)."""
    before = str(when.args["this"]).upper() == "BEFORE"
    kind, value = str(when.args["kind"]).upper(), evaluated(emitter, when.args["expression"])
    emitter.world.stable = False
    if kind == "STATEMENT":
        return _statement_moment(emitter.world, str(value), before=before)
    found = emitter.world.now + timedelta(seconds=float(_number(value))) if kind == "OFFSET" else _instant(value)
    return found - timedelta(microseconds=1) if before else found


def _number(value: object) -> float:
    if not isinstance(value, int | float | Decimal):
        raise compilation(1008, "22023", f"invalid value [{value}] for OFFSET")
    return float(value)


def _instant(value: object) -> datetime:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        raise compilation(1008, "22023", f"invalid value [{value}] for TIMESTAMP")
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _statement_moment(world: World, query_id: str, *, before: bool) -> datetime:
    entry = world.caller.engine.history.by_id(query_id)
    if entry is None or entry.account != world.caller.session.account:
        raise SnowflakeError(709, "02000", f"Statement {query_id} not found")
    return entry.started_at - timedelta(microseconds=1) if before else entry.ended_at or world.now


def view(world: World, found: View, emitter: Emitter) -> str:
    """A view's query, compiled where the view lives and with its owner's rights."""
    if found.id in world.path or len(world.path) > MAX_DEPTH:
        raise compilation(2057, "42601", f"View '{found.name}' refers to itself")
    inner = emitter.within(owned(world, found), Scope())
    sql, columns = inner.query(parsing.query(found.query))
    world.stable = world.stable and inner.world.stable
    if len(columns) != len(found.columns):
        raise compilation(
            2057,
            "42601",
            f"View definition for '{found.name}' declared {len(found.columns)} column(s), "
            f"but view query produces {len(columns)} column(s).",
        )
    names = ", ".join(quote_identifier(column.name) for column in found.columns)
    return f"(SELECT * FROM ({sql}) AS v({names}))"


def owned(world: World, found: SchemaObject) -> World:
    """The world as the owner of an object sees it from the object's schema."""
    catalog = world.context.catalog
    schema = catalog.record(found.schema_id)
    assert isinstance(schema, Schema)
    home = catalog.record(schema.database_id)
    asker = world.context.session
    session = Session(
        id=asker.id,
        account=found.account,
        user=asker.user if asker.account == found.account else "",
        role=found.owner,
        database=home.name,
        schema=schema.name,
        parameters=asker.parameters,
        variables={},
        transaction=asker.transaction,
        created_at=asker.created_at,
    )
    session.owner_rights.append((found.owner, schema.id))
    return replace(world, context=replace(world.context, session=session), path=(*world.path, found.id))


def _lateral(emitter: Emitter, node: exp.Lateral) -> tuple[str, Relation]:
    if isinstance(node.this, exp.Anonymous):
        inner = node.this
        return table_function(emitter, node, inner.expressions[0] if inner.name.upper() == "TABLE" else inner)
    if isinstance(node.this, exp.Subquery):
        sql, columns = emitter.query(node.this.this)
        text, relation = as_relation(emitter, node, f"({sql})", columns, "")
        return f"LATERAL {text}", relation
    raise unsupported("LATERAL of this form")


TableFunction = Callable[[Emitter, list[Expr]], tuple[str, list[Col]]]


def arguments_of(call: list[Expr], names: tuple[str, ...]) -> dict[str, Expr]:
    """Arguments by name, those without one in the order of the names."""
    given: dict[str, Expr] = {}
    for at, argument in enumerate(call):
        if isinstance(argument, exp.Kwarg):
            given[argument.this.name.upper()] = argument.expression
        elif at < len(names):
            given[names[at]] = argument
        else:
            raise compilation(939, "22023", "too many arguments")
    unknown = [name for name in given if name not in names]
    if unknown:
        raise compilation(1007, "22023", f"invalid argument name '{unknown[0]}'")
    return given


def flatten(emitter: Emitter, node: Expr, call: list[Expr]) -> tuple[str, Relation]:
    """FLATTEN(INPUT => v [, PATH] [, OUTER] [, RECURSIVE] [, MODE]); rows in the order of the array or object."""
    given = arguments_of(call, ("INPUT", "PATH", "OUTER", "RECURSIVE", "MODE"))
    if "INPUT" not in given:
        raise compilation(938, "22023", "not enough arguments for function [FLATTEN], INPUT is missing")
    if "RECURSIVE" in given and evaluated(emitter, given["RECURSIVE"]):
        raise unsupported("FLATTEN with RECURSIVE => TRUE")
    value = types.as_variant(emitter.expr(given["INPUT"]))
    if "PATH" in given:
        value = f"({value} -> {types.quoted('$.' + str(evaluated(emitter, given['PATH'])))})"
    mode = str(evaluated(emitter, given["MODE"])).upper() if "MODE" in given else "BOTH"
    listed = _flattened(value, mode)
    if "OUTER" in given and evaluated(emitter, given["OUTER"]):
        listed = f"CASE WHEN len({listed}) > 0 THEN {listed} ELSE [NULL] END"
    alias, names = alias_of(node)
    alias = alias or emitter.world.fresh("f")
    shown = quote_identifier(alias)
    columns = [replace(c, sql=(c.sql or "").replace("{}", shown).replace("{this}", value)) for c in _FLATTENED]
    columns = [replace(c, name=name) for c, name in zip(columns, names, strict=False)] + columns[len(names) :]
    lateral = "LATERAL " if emitter.scope.relations else ""
    return f"{lateral}(SELECT unnest({listed}) AS u) AS {shown}", Relation(alias, columns)


_FLATTENED = (
    Col("SEQ", types.INT, "1"), Col("KEY", types.TEXT, "{}.u.key"), Col("PATH", types.TEXT, "{}.u.path"),
    Col("INDEX", types.INT, "{}.u.idx"), Col("VALUE", types.VARIANT, "{}.u.val"), Col("THIS", types.VARIANT, "{this}"),
)  # fmt: skip


def _flattened(value: str, mode: str) -> str:
    """A list of one struct an element; a field is taken from the struct where it is used."""
    whole = f"json_type({value}) = 'OBJECT'"
    keys = f"WHEN 'OBJECT' THEN json_keys({value}) " if mode != "ARRAY" else ""
    if mode != "OBJECT":
        count = f"CAST(json_array_length({value}) AS BIGINT)"
        keys += f"WHEN 'ARRAY' THEN list_transform(range({count}), lambda i: CAST(i AS VARCHAR)) "
    return (
        f"list_transform(CASE json_type({value}) {keys}END, lambda k: struct_pack("
        f"key := CASE WHEN {whole} THEN k END, path := CASE WHEN {whole} THEN k ELSE '[' || k || ']' END, "
        f"idx := CASE WHEN NOT {whole} THEN CAST(k AS BIGINT) END, "
        f"val := CASE WHEN {whole} THEN {value} -> ('$.\"' || k || '\"') ELSE {value} -> CAST(k AS BIGINT) END))"
    )


def generator(emitter: Emitter, call: list[Expr]) -> tuple[str, list[Col]]:
    given = arguments_of(call, ("ROWCOUNT", "TIMELIMIT"))
    if "ROWCOUNT" not in given:
        raise unsupported("GENERATOR without ROWCOUNT")
    count = int(_number(evaluated(emitter, given["ROWCOUNT"])))
    return f'SELECT range AS "$SEQ" FROM range({count})', [Col("$SEQ", types.INT)]


def result_scan(emitter: Emitter, call: list[Expr]) -> tuple[str, list[Col]]:
    emitter.world.stable = False
    query_id = str(evaluated(emitter, call[0]))
    caller = emitter.world.caller
    result = caller.engine.recent.get(query_id, caller.session.account)
    return f"SELECT * FROM {registered(emitter.world, result)}", [Col(c.name, c.type) for c in result.columns]


def split_to_table(emitter: Emitter, call: list[Expr]) -> tuple[str, list[Col]]:
    text, separator = (emitter.expr(argument).sql for argument in call)
    sql = (
        f'SELECT 1 AS "SEQ", u.i AS "INDEX", u.v AS "VALUE" FROM (SELECT unnest(l) AS v, '
        f"generate_subscripts(l, 1) AS i FROM (SELECT string_split({text}, {separator}) AS l)) AS u"
    )
    return sql, [Col("SEQ", types.INT), Col("INDEX", types.INT), Col("VALUE", types.TEXT)]


TABLE_FUNCTIONS: dict[str, TableFunction] = {
    "GENERATOR": generator,
    "RESULT_SCAN": result_scan,
    "SPLIT_TO_TABLE": split_to_table,
}


def table_function(emitter: Emitter, node: Expr, call: Expr) -> tuple[str, Relation]:
    """`TABLE(f(…))`, `LATERAL f(…)`, `TABLE('name')`."""
    if isinstance(call, exp.Literal):
        sql, columns, path = _named(emitter, exp.Table(), Reader(call.name).name())
        return as_relation(emitter, node, sql, columns, "", path)
    names, arguments = _call(call)
    if names == ("FLATTEN",):
        return flatten(emitter, node, arguments)
    if len(names) >= 2 and names[-2] == information_schema.NAME:
        sql, columns = _listed_function(emitter, names, arguments)
    elif len(names) == 1 and names[0] in TABLE_FUNCTIONS:
        sql, columns = TABLE_FUNCTIONS[names[0]](emitter, arguments)
    else:
        sql, columns = emitter.table_routine(names, arguments)
    text, relation = as_relation(emitter, node, f"({sql})", columns, names[-1])
    return f"LATERAL {text}" if emitter.scope.relations else text, relation


def _call(call: Expr) -> tuple[Parts, list[Expr]]:
    if isinstance(call, exp.Dot):
        parts = list(call.flatten())
        last = parts[-1]
        return (*(name_of(part) for part in parts[:-1]), str(last.name).upper()), list(last.expressions)
    if isinstance(call, exp.Anonymous):
        return (str(call.name).upper(),), list(call.expressions)
    raise unsupported("TABLE(…) of this form")


def _listed_function(emitter: Emitter, names: Parts, arguments: list[Expr]) -> tuple[str, list[Col]]:
    emitter.world.stable = False
    context = emitter.world.context
    given = arguments_of(arguments, information_schema.parameters(names[-1]))
    values_ = {name: evaluated(emitter, argument) for name, argument in given.items()}
    home = context.database(names[:-2], "SELECT")
    result = information_schema.table_function(context, home, names[-1], values_)
    return f"SELECT * FROM {registered(emitter.world, result)}", [Col(c.name, c.type) for c in result.columns]
