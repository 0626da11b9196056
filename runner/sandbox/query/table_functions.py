"""Functions in TABLE(…) and LATERAL: FLATTEN, GENERATOR, RESULT_SCAN, INFORMATION_SCHEMA's, one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlglot import exp

from runner.sandbox import information_schema
from runner.sandbox.accesses import Accesses, Source
from runner.sandbox.catalog.model import Table, View
from runner.sandbox.errors import SnowflakeError, compilation, unsupported
from runner.sandbox.query import flattening, inputs, parsing, types
from runner.sandbox.query.columns import called, name_of
from runner.sandbox.query.core import Col, Emitter, Expr, Relation, Scope
from runner.sandbox.query.functions.session import evaluated
from runner.sandbox.query.functions.spec import wrong_count
from runner.sandbox.query.governed import Owned
from runner.sandbox.query.relations import Parts, alias_of, as_relation, plain_number, registered
from runner.sandbox.query.staged_functions import infer_schema
from runner.sandbox.query.table_arguments import arguments_of
from runner.sandbox.query.watch import Watch, of_column
from runner.sandbox.show import lineage, table_functions as information
from runner.sandbox.tokens import quote_identifier

TableFunction = Callable[[Emitter, list[Expr]], tuple[str, list[Col]]]


def flatten(emitter: Emitter, node: Expr, call: list[Expr]) -> tuple[str, Relation]:
    """FLATTEN(INPUT => v [, PATH] [, OUTER] [, RECURSIVE] [, MODE]); rows in the order of the array or object."""
    given = arguments_of(call, ("INPUT", "PATH", "OUTER", "RECURSIVE", "MODE"))
    if "INPUT" not in given:
        raise compilation(938, "22023", "not enough arguments for function [FLATTEN], INPUT is missing")
    recursive = bool("RECURSIVE" in given and evaluated(emitter, given["RECURSIVE"]))
    value = types.as_variant(emitter.expr(given["INPUT"]))
    path = str(evaluated(emitter, given["PATH"]) or "") if "PATH" in given else ""
    if path:
        value = f"({value} -> {types.quoted(('$' if path.startswith('[') else '$.') + path)})"
    mode = str(evaluated(emitter, given["MODE"])).upper() if "MODE" in given else "BOTH"
    listed = flattening.recursive(value, mode, path) if recursive else flattening.plain(value, mode, path)
    outer = bool("OUTER" in given and evaluated(emitter, given["OUTER"]))
    return _unnested(emitter, node, flattening.outer(listed) if outer else listed, _FLATTENED, outer=outer)


def _unnested(
    emitter: Emitter, node: Expr, listed: str, made: tuple[Col, ...], *, outer: bool = False
) -> tuple[str, Relation]:
    """A row for every struct of a list; SEQ is the number of the row that the list comes of."""
    alias, names = alias_of(node)
    if len(names) > len(made) + 1:
        raise compilation(2027, "42601", f"alias '{alias}' has more columns than the relation")
    alias = alias or emitter.world.fresh("f")
    called = emitter.world.shown(alias)
    shown, number = quote_identifier(called), inputs.sequence(emitter)
    # A row that an outer join adds has no number.
    sequence = Col("SEQ", types.INT, number if outer else f"CASE WHEN {shown}.u IS NOT NULL THEN {number} END")
    columns = [sequence, *(replace(c, sql=f"{shown}.u.{c.sql}") for c in made)]
    columns = [replace(c, name=name) for c, name in zip(columns, names, strict=False)] + columns[len(names) :]
    relation = Relation(alias, columns, shown=called, row=f"{shown}.u.n")
    return _rows(emitter, node, listed, shown), relation


def _rows(emitter: Emitter, node: Expr, listed: str, shown: str) -> str:
    """A query in the list is asked before its elements become rows: the engine turns their order otherwise."""
    if not emitter.scope.relations:
        return f"(SELECT unnest({listed}) AS u) AS {shown}"
    join = node.parent
    if "SELECT" not in listed or (isinstance(join, exp.Join) and (join.side or join.args.get("on") is not None)):
        return f"LATERAL (SELECT unnest({listed}) AS u) AS {shown}"
    asked = quote_identifier(emitter.world.fresh("l"))
    return f"LATERAL (SELECT {listed} AS l) AS {asked} CROSS JOIN LATERAL (SELECT unnest({asked}.l) AS u) AS {shown}"


_FLATTENED = (
    Col("KEY", types.TEXT, "key"), Col("PATH", types.TEXT, "path"), Col("INDEX", types.INT, "idx"),
    Col("VALUE", types.VARIANT, "val"), Col("THIS", types.VARIANT, "this"),
)  # fmt: skip
_PARTS = (Col("INDEX", types.INT, "n"), Col("VALUE", types.TEXT, "val"))


def generator(emitter: Emitter, call: list[Expr]) -> tuple[str, list[Col]]:
    given = arguments_of(call, ("ROWCOUNT", "TIMELIMIT"))
    if "ROWCOUNT" not in given:
        raise unsupported("GENERATOR without ROWCOUNT")
    count = int(plain_number(evaluated(emitter, given["ROWCOUNT"]), "ROWCOUNT"))
    return f'SELECT range AS "$SEQ" FROM range({count})', [Col("$SEQ", types.INT)]


def result_scan(emitter: Emitter, call: list[Expr]) -> tuple[str, list[Col]]:
    if len(call) != 1:
        raise wrong_count("RESULT_SCAN", len(call), "1")
    emitter.world.stable = False
    query_id = str(evaluated(emitter, call[0]))
    caller = emitter.world.caller
    result = caller.engine.recall(caller.session, query_id)
    return f"SELECT * FROM {registered(emitter.world, result)}", [Col(c.name, c.type) for c in result.columns]


def validate(emitter: Emitter, call: list[Expr]) -> tuple[str, list[Col]]:
    """`VALIDATE(t, JOB_ID => '<query id>' | '_last')`: the errors of a COPY's files."""
    given = arguments_of(call, ("TABLE", "JOB_ID"))
    table, job = given.get("TABLE"), given.get("JOB_ID")
    if table is None or job is None:
        raise wrong_count("VALIDATE", len(call), "2")
    if not isinstance(table, exp.Column):
        raise compilation(1003, "42000", "VALIDATE needs the name of a table, not in quotes, and JOB_ID.")
    emitter.world.stable = False
    world = emitter.world
    parts = tuple(name_of(part) for part in table.parts)
    result = world.caller.engine.validated(world.caller.session, parts, str(evaluated(emitter, job)))
    return f"SELECT * FROM {registered(world, result)}", [Col(c.name, c.type) for c in result.columns]


def split_to_table(emitter: Emitter, node: Expr, call: list[Expr]) -> tuple[str, Relation]:
    """The parts of a text between separators, in their order."""
    if len(call) != 2:
        raise wrong_count("SPLIT_TO_TABLE", len(call), "2")
    text, separator = (emitter.expr(argument).sql for argument in call)
    return _unnested(emitter, node, flattening.parts(f"string_split({text}, {separator})"), _PARTS)


def strtok_split_to_table(emitter: Emitter, node: Expr, call: list[Expr]) -> tuple[str, Relation]:
    """The tokens of a text between any of the delimiters (sql-reference/functions/strtok_split_to_table)."""
    if len(call) not in (1, 2):
        raise wrong_count("STRTOK_SPLIT_TO_TABLE", len(call), "1-2")
    text, delimiters = [*(emitter.expr(argument).sql for argument in call), "' '"][:2]
    return _unnested(emitter, node, flattening.parts(f"CAST(sf_tokens({text}, {delimiters}) AS VARCHAR[])"), _PARTS)


SPREADING = {
    "FLATTEN": flatten,
    "SPLIT_TO_TABLE": split_to_table,
    "STRTOK_SPLIT_TO_TABLE": strtok_split_to_table,
}
TABLE_FUNCTIONS: dict[str, TableFunction] = {
    "GENERATOR": generator,
    "INFER_SCHEMA": infer_schema,
    "RESULT_SCAN": result_scan,
    "VALIDATE": validate,
}


def table_function(emitter: Emitter, node: Expr, call: Expr, owned: Owned) -> tuple[str, Relation]:
    """`TABLE(f(…))` and `LATERAL f(…)`."""
    names, arguments = call_of(call)
    if names == ("GETNEXTVAL",):
        raise unsupported("TABLE(GETNEXTVAL(…)); take sequence.NEXTVAL")
    if len(names) == 1 and names[0] in SPREADING:
        return SPREADING[names[0]](emitter, node, arguments)
    if names == ("GET_OBJECT_REFERENCES",):  # sql-reference/functions/get_object_references names it without a schema.
        names = (information_schema.NAME, *names)
    if emitter.world.context.session.schema == information_schema.NAME and names[0] in information.FUNCTIONS:
        names = (information_schema.NAME, *names)
    if len(names) >= 2 and names[-2] == information_schema.NAME:
        sql, columns = _listed_function(emitter, names, arguments)
    elif names == ("SNOWFLAKE", "CORE", "GET_LINEAGE"):
        sql, columns = _lineage(emitter, arguments, owned)
    elif len(names) == 1 and names[0] in TABLE_FUNCTIONS:
        sql, columns = TABLE_FUNCTIONS[names[0]](emitter, arguments)
    else:
        sql, columns = emitter.table_routine(names, arguments)
    text, relation = as_relation(emitter, node, f"({sql})", columns, names[-1])
    return f"LATERAL {text}" if emitter.scope.relations else text, relation


def _lineage(emitter: Emitter, arguments: list[Expr], owned: Owned) -> tuple[str, list[Col]]:
    emitter.world.stable = False
    given = arguments_of(arguments, lineage.PARAMETERS)
    values = {name: evaluated(emitter, each) for name, each in given.items()}
    result = lineage.lineage(emitter.world.context, values, lambda one, query: _made_of(emitter, one, query, owned))
    return f"SELECT * FROM {registered(emitter.world, result)}", [Col(c.name, c.type) for c in result.columns]


def _made_of(emitter: Emitter, made: Table | View, query: str, owned: Owned) -> list[list[Source]]:
    """For each column the columns that the query of a view or dynamic table names for it; nothing where it no longer
    compiles.
    """
    world = replace(owned(emitter.world, made), path=(), traced=True, dry=True, watch=Watch(), accesses=Accesses())
    world.tables, world.calls, world.reads, world.sequences, world.demands = {}, {}, [], {}, []
    try:
        _, columns = emitter.within(world, Scope()).rows(parsing.query(query))
    except SnowflakeError:
        return []
    return [of_column(column.guards) for column in columns]


def call_of(call: Expr) -> tuple[Parts, list[Expr]]:
    if isinstance(call, exp.Dot):
        parts = list(call.flatten())
        last = parts[-1]
        return (*(name_of(part) for part in parts[:-1]), called(last)), list(last.expressions)
    if isinstance(call, exp.Anonymous):
        return (called(call),), list(call.expressions)
    raise unsupported("TABLE(…) of this form")


def _listed_function(emitter: Emitter, names: Parts, arguments: list[Expr]) -> tuple[str, list[Col]]:
    emitter.world.stable = False
    context = emitter.world.context
    given = arguments_of(arguments, information_schema.parameters(names[-1]))
    values_ = {name: evaluated(emitter, argument) for name, argument in given.items()}
    home = context.database(names[:-2], "SELECT")
    result = information_schema.table_function(context, home, names[-1], values_)
    return f"SELECT * FROM {registered(emitter.world, result)}", [Col(c.name, c.type) for c in result.columns]
