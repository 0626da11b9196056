"""What stands in FROM: tables, views, shares, results, functions in TABLE(…), VALUES, subqueries."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from sqlglot import exp

from runner.sandbox import access, account_usage, information_schema, resolve, shares
from runner.sandbox.catalog.model import ColumnModel, Schema, SchemaObject, Table, View
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.law import policies
from runner.sandbox.query import fine, parsing, types
from runner.sandbox.query.collation import collated
from runner.sandbox.query.columns import is_public, name_of
from runner.sandbox.query.core import Col, Emitter, Expr, Relation, Scope, World
from runner.sandbox.query.demanded import again
from runner.sandbox.query.functions.session import evaluated
from runner.sandbox.query.governed import governed
from runner.sandbox.query.moments import moment
from runner.sandbox.query.numbered import numbered
from runner.sandbox.query.pivots import turned
from runner.sandbox.query.projecting import demanding
from runner.sandbox.query.relations import (
    Parts,
    alias_of,
    as_relation,
    registered,
)
from runner.sandbox.query.sampling import sampled
from runner.sandbox.query.staged import is_staged, staged
from runner.sandbox.query.staged_functions import directory
from runner.sandbox.query.streamed import ends, of_changes, of_stream
from runner.sandbox.query.table_functions import table_function
from runner.sandbox.query.values import values
from runner.sandbox.query.watch import both, of_entity, traced
from runner.sandbox.result import Result
from runner.sandbox.session import Session
from runner.sandbox.storage import TRACK
from runner.sandbox.streams.log import names_of
from runner.sandbox.streams.relation import METADATA, numbered as numbered_rows
from runner.sandbox.streams.state import untracked
from runner.sandbox.tokens import quote_identifier, whole_name
from runner.sandbox.transactions import Overlay
from runner.sandbox.versions import state_at

R = TypeVar("R", bound=SchemaObject)
NUMBER = METADATA[-1]
MAX_DEPTH = 50


def table_parts(emitter: Emitter, node: exp.Table) -> Parts:
    """The name of a table reference, IDENTIFIER('…') resolved."""
    named = node.this
    if isinstance(named, exp.DynamicIdentifier):
        return whole_name(str(evaluated(emitter, named.this)))
    if isinstance(named, exp.Anonymous) and named.name.upper() == "IDENTIFIER" and len(named.expressions) == 1:
        return whole_name(str(evaluated(emitter, named.expressions[0])))
    parts = tuple(name_of(part) for part in node.parts)
    return (parts[0], "PUBLIC", parts[1]) if is_public(node) else parts


def source(emitter: Emitter, node: Expr) -> tuple[str, Relation]:
    """Engine SQL of one item of FROM, and the names it gives."""
    if (chosen := node.args.get("sample")) is not None:
        bare = node.copy()
        bare.set("sample", None)
        return sampled(emitter, chosen, bare, *source(emitter, bare))
    if turns := node.args.get("pivots"):
        bare = node.copy()
        bare.set("pivots", None)
        sql, relation = source(emitter, bare)
        for turn in turns:
            sql, relation = turned(emitter, turn, sql, relation)
        return sql, relation
    if isinstance(node, exp.Table):
        return _table(emitter, node)
    if isinstance(node, exp.Subquery):
        return _subquery(emitter, node)
    if isinstance(node, exp.Values):
        return _values(emitter, node)
    if isinstance(node, exp.Lateral):
        return _lateral(emitter, node)
    if isinstance(node, exp.TableFromRows):
        return _of_table(emitter, node, node.this)
    raise unsupported(f"{type(node).__name__} in FROM")


def _refuse_extras(node: Expr) -> None:
    for word in (
        "match_recognize",
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
    if isinstance(inner, (exp.Table, exp.Subquery)) and inner.args.get("joins"):
        raise unsupported("joins in parentheses here")
    if isinstance(inner, (exp.Table, exp.Subquery)) and not node.args.get("alias"):
        return source(emitter, inner)
    # Without LATERAL it does not see what stands beside it in FROM.
    around = replace(emitter.scope, relations=[], aliases={}, known={}, merged=set())
    sql, columns = emitter.rows(inner, Scope(parent=around))
    return as_relation(emitter, node, f"({sql})", columns, "")


def _values(emitter: Emitter, node: exp.Values) -> tuple[str, Relation]:
    sql, columns = values(emitter, node)
    return as_relation(emitter, node, f"({sql})", columns, "")


def _table(emitter: Emitter, node: exp.Table) -> tuple[str, Relation]:
    if is_staged(node):
        return staged(emitter, node)
    _refuse_extras(node)
    named = node.this
    if isinstance(named, exp.DirectoryStage):
        sql, columns = directory(emitter, named.this.name)
        return as_relation(emitter, node, f"({sql})", columns, "")
    if isinstance(named, exp.Anonymous) and named.name.upper() in ("TABLE", "LATERAL"):
        return _of_table(emitter, node, named.expressions[0])
    if isinstance(named, exp.Anonymous) and named.name.upper() != "IDENTIFIER":
        return table_function(emitter, node, named, owned)
    parts = table_parts(emitter, node)
    sql, columns, path = _named(emitter, node, parts)
    return as_relation(emitter, node, sql, columns, parts[-1], path)


def _named(emitter: Emitter, node: exp.Table, parts: Parts) -> tuple[str, list[Col], Parts]:
    if len(parts) == 1 and (columns := emitter.scope.cte(parts[0])) is not None:
        return quote_identifier(parts[0]), again(emitter.world.demands, columns), parts
    if parts == ("DUAL",):
        return "(SELECT 'X' AS \"DUMMY\")", [Col("DUMMY", types.text(1))], parts
    listed = _listed(emitter, parts)
    if listed is not None:
        return registered(emitter.world, listed), [Col(c.name, c.type) for c in listed.columns], parts
    found = record(emitter.world, parts)
    if (clause := node.args.get("changes")) is not None:
        return _changes(emitter, found, clause, parts)
    sql, columns, path = of_record(emitter, found, node.args.get("when"), parts)
    if emitter.world.as_of is None:  # What was is put together with its columns in order.
        sql = _in_order(found, sql, renamed=bool(alias_of(node)[1]))
    return sql, columns, path


def _in_order(found: Table | View | Stream, sql: str, *, renamed: bool) -> str:
    """The rows with just the columns that there are, in their order, where they will be known by their places.

    In the storage of a tracked table the numbers of its rows stand among them.
    """
    if isinstance(found, Table) and (renamed or any(column.kept_as for column in found.columns)):
        return f"(SELECT {names_of(found.columns)} FROM {sql})"
    return sql


def _listed(emitter: Emitter, parts: Parts) -> Result | None:
    """Relations that the catalogue itself answers: INFORMATION_SCHEMA and SNOWFLAKE."""
    context = emitter.world.context
    here = (context.session.database or "", context.session.schema or "")
    full = (*here[: 3 - len(parts)], *parts)
    if len(full) == 3 and full[1] == information_schema.NAME:
        emitter.world.stable = False
        return information_schema.relation(context, context.database(full[:1] if full[0] else (), "SELECT"), full[2])
    if len(full) == 3 and full[0] == account_usage.DATABASE:
        emitter.world.stable = False
        return account_usage.relation(context, full[1], full[2])
    return None


def record(world: World, parts: Parts) -> Table | View | Stream:
    """The table, view or stream that the name means, with the right to read it."""
    context = world.context
    found = (
        resolve.find(context.catalog, context.session, Table, parts)
        or resolve.find(context.catalog, context.session, View, parts)
        or resolve.find(context.catalog, context.session, Stream, parts)
    )
    if found is not None:
        return readable(world, found)
    raise resolve.missing(context.catalog, context.session, "Object", parts)


def readable(world: World, found: R) -> R:
    context = world.context
    access.require(context.catalog, context.session, "SELECT", found)
    world.reads.append(found)
    return found


def of_record(
    emitter: Emitter, found: Table | View | Stream, when: Expr | None, parts: Parts
) -> tuple[str, list[Col], Parts]:
    path = emitter.world.context.catalog.full_name(found) if len(parts) < 3 else parts
    if not isinstance(found, Stream) and policies.of_kind(found, policies.PROJECTION):
        emitter.world.stable = False
    if isinstance(found, Stream):
        if when is not None:
            raise unsupported("time travel on a stream")
        if emitter.world.as_of is not None:
            raise unsupported("a stream on a view that reads a stream")
        sql, source, inner = of_stream(emitter, found, owned, lambda world, view: as_it_was(emitter, world, view))
        columns = demanding(emitter, owned, source, _noted(emitter.world, source))
        columns[: len(inner)] = map(as_kept, columns, inner)
        return sql, [*columns, *METADATA], path
    columns = demanding(emitter, owned, found, _noted(emitter.world, found))
    if (then := emitter.world.as_of) is not None:
        if isinstance(found, View):
            sql, guarded = as_it_was(emitter, emitter.world, found)
            return sql, [*_guarded(columns, guarded), NUMBER], path
        if not found.change_log and not emitter.world.dry:
            raise untracked(found)
        return governed(emitter, found, numbered_rows(found, then), owned, (NUMBER.name,)), [*columns, NUMBER], path
    if isinstance(found, Table):
        require_filled(found, dry=emitter.world.dry)
        rows = rows_of(emitter, found, when, ".".join(parts))
        return governed(emitter, found, rows, owned, named=parts), columns, path
    if when is not None:
        raise unsupported("time travel on a view")
    rows, guarded = view(emitter.world, found, emitter)
    return governed(emitter, found, rows, owned, named=parts, inner=guarded), _guarded(columns, guarded), path


def _guarded(columns: list[Col], inner: list[Col]) -> list[Col]:
    """A view's columns, with what policies say of the columns that its query reads."""
    columns = [as_kept(column, one) for column, one in zip(columns, inner, strict=False)]
    demands = tuple(dict.fromkeys(demand for column in inner for demand in column.demands))
    if not demands and not any(column.guards for column in inner):
        return columns
    pairs = zip(columns, inner, strict=False)
    return [replace(c, guards=both(c.guards, one.guards), demands=(*c.demands, *demands)) for c, one in pairs]


def as_kept(column: Col, inner: Col) -> Col:
    """A view's column: whether it has nanoseconds is for its query to say."""
    same = column.type is None or column.type.fine == fine.is_fine(inner.type)
    return column if same else replace(column, type=replace(column.type, fine=not column.type.fine))  # type: ignore


def _changes(
    emitter: Emitter, found: Table | View | Stream, clause: Expr, parts: Parts
) -> tuple[str, list[Col], Parts]:
    """CHANGES (INFORMATION => …) AT | BEFORE (…) [END (…)]."""
    if not isinstance(found, Table):
        raise unsupported(f"CHANGES of a {found.kind.lower()}")
    begin, end = ends(clause)
    until = moment(emitter, end) if end is not None else max(emitter.world.now, found.changed_at or found.created_at)
    sql = of_changes(emitter, found, clause, owned, moment(emitter, begin), until)
    return sql, [*demanding(emitter, owned, found, _noted(emitter.world, found)), *METADATA], parts


def require_filled(table: Table, *, dry: bool) -> None:
    """A dynamic table that was never refreshed cannot be read; what is made from it can be defined."""
    if table.dynamic is not None and table.dynamic.data_at is None and not dry:
        text = (
            f"Dynamic Table '{table.name}' is not initialized. Please run a manual refresh or wait for a scheduled "
            "refresh before querying."
        )
        raise compilation(2235, "55000", text)
    if table.external is not None and not dry:
        raise unsupported(f"files of the external stage that external table {table.name} reads")


def _noted(world: World, found: Table | View) -> list[Col]:
    """The columns of what is read; who looks at one leaves a note for ACCESS_HISTORY."""
    name = tuple(shares.name_for(world.context.catalog, world.caller.session.account, found))
    places = world.accesses.read(found.id, found.kind.capitalize(), name, direct=not world.path)
    guarded = traced(world.watch, found, direct=not world.path) if world.traced else of_entity(world.watch, found)

    def seen(c: ColumnModel) -> Col:
        noted = tuple((place, c.name) for place in places)
        kind = collated(c.type, c.collation)
        return Col(c.name, kind, nullable=c.nullable, noted=noted, guards=guarded.get(c.name))

    return [seen(column) for column in found.columns]


def rows_of(emitter: Emitter, table: Table, when: Expr | None, name: str) -> str:
    """The committed rows, with what the session's own transaction has done to them."""
    world = emitter.world
    if when is not None:
        if table.account != world.caller.session.account:
            raise unsupported("time travel on a shared table")
        number, rows = state_at(world.context.catalog, table, moment(emitter, when), name)
        return f"main.s{number}" if rows is None else f"(SELECT * FROM main.s{number} LIMIT {rows})"
    transaction = world.caller.session.transaction
    overlay = transaction.overlay(table.id) if transaction is not None else None
    return overlaid(table, overlay)


def overlaid(table: Table, overlay: Overlay | None) -> str:
    if overlay is None:
        return f"main.s{table.storage}"
    if overlay.replaced is not None:
        return f"main.s{overlay.replaced}"
    names = names_of(table.columns)
    names += f", {TRACK}" if table.change_log and overlay.tracked else ""
    both = (table.storage, overlay.appended)
    return "(" + " UNION ALL ".join(f"SELECT {names} FROM main.s{number}" for number in both) + ")"


def as_it_was(emitter: Emitter, world: World, found: View) -> tuple[str, list[Col]]:
    """A view's rows at the world's moment, their numbers beside them, and the columns that its query gives."""
    inner = emitter.within(world, Scope())
    rows, guarded = view(world, found, inner)
    return governed(inner, found, rows, owned, (NUMBER.name,), inner=guarded), guarded


def view(world: World, found: View, emitter: Emitter) -> tuple[str, list[Col]]:
    """A view's query, compiled where the view lives and with its owner's rights, and the columns that it gives."""
    if found.suspended:
        raise compilation(2037, "55000", f"Materialized view '{found.name}' is suspended: it cannot be read.")
    if found.id in world.path or len(world.path) > MAX_DEPTH:
        raise compilation(2057, "42601", f"View '{found.name}' refers to itself")
    inner = emitter.within(owned(world, found), Scope())
    tree, beside = parsing.query(found.query), [NUMBER.name] if world.as_of else []
    sql, columns = inner.rows(numbered(tree.copy()) if beside else tree)
    world.stable = world.stable and inner.world.stable
    if len(columns) != len(found.columns) + len(beside):
        raise compilation(
            2057,
            "42601",
            f"View definition for '{found.name}' declared {len(found.columns)} column(s), "
            f"but view query produces {len(columns)} column(s).",
        )
    listed = [quote_identifier(name) for name in (*(column.stored for column in found.columns), *beside)]
    return f"(SELECT * FROM ({sql}) AS v({', '.join(listed)}))", columns


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
    return replace(world, context=replace(world.context, session=session), path=(*world.path, found.id), invoker=None)


def _lateral(emitter: Emitter, node: exp.Lateral) -> tuple[str, Relation]:
    if isinstance(node.this, exp.Anonymous):
        inner = node.this
        return _of_table(emitter, node, inner.expressions[0] if inner.name.upper() == "TABLE" else inner)
    if isinstance(node.this, exp.Subquery):
        sql, columns = emitter.rows(node.this.this)
        text, relation = as_relation(emitter, node, f"({sql})", columns, "")
        return f"LATERAL {text}", relation
    raise unsupported("LATERAL of this form")


def _of_table(emitter: Emitter, node: Expr, inner: Expr) -> tuple[str, Relation]:
    """`TABLE('name')`, or a function that gives a table."""
    if not isinstance(inner, exp.Literal):
        return table_function(emitter, node, inner, owned)
    sql, columns, path = _named(emitter, exp.Table(alias=node.args.get("alias")), whole_name(inner.name))
    return as_relation(emitter, node, sql, columns, "", path)
