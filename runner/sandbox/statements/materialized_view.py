"""CREATE, ALTER and DROP MATERIALIZED VIEW (sql-reference/sql/create-materialized-view, user-guide/views-materialized).

It is computed when it is read, so it is never behind; what Snowflake would not keep up to date is refused.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from sqlglot import exp

from runner.sandbox.catalog.model import Schema, Table, View
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.container import read_drop
from runner.sandbox.ddl.create_table import read_cluster
from runner.sandbox.ddl.create_view import CreateView, read_create_view
from runner.sandbox.ddl.header import read_header
from runner.sandbox.errors import SnowflakeError, compilation, does_not_exist, unsupported
from runner.sandbox.query import parsing
from runner.sandbox.query.binding import bound
from runner.sandbox.result import Result, status_result
from runner.sandbox.show.dependencies import references
from runner.sandbox.statements import governing, objects, pieces, view
from runner.sandbox.statements.circle import draft
from runner.sandbox.statements.derive import view_columns
from runner.sandbox.statements.view import new_place
from runner.sandbox.tokens import Reader, tokenize


def create(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    header = read_header(reader, "VIEW", allowed=("SECURE", "MATERIALIZED"))
    statement = read_create_view(reader, header)
    _require_edition(context)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        schema, name = context.target(statement.name)
        found = objects.relation(context, schema, name)
        may = partial(context.require, "CREATE MATERIALIZED VIEW", schema)
        old = objects.standing(context, header, found, View, statement.name, may)
        if old is not None and header.if_not_exists:
            return objects.left_alone(name)
        if old is not None:
            context.require("OWNERSHIP", old)
            if not old.materialized:
                raise compilation(1998, "42710", f"Object '{'.'.join(statement.name)}' already exists as VIEW")
        record = _record(context, statement, schema, text)
        objects.install(context, work, record, old, copy_grants=statement.copy_grants)
    return objects.created("Materialized view", name)


def _require_edition(context: Context) -> None:
    """Materialized views are of Enterprise edition and above."""
    account = context.catalog.account(context.session.account)
    if account is not None and account.edition.upper() == "STANDARD":
        raise unsupported("MATERIALIZED VIEW")


def _record(context: Context, statement: CreateView, schema: Schema, text: str) -> View:
    owner = objects.owner(context)
    refuse_beyond(statement.query)
    found = view_columns(context, statement.query, schema, owner)
    _refuse_other_than_table(context, draft(schema, statement.name[-1], owner, statement.query))
    columns = view.named_columns(statement, found)
    record = view.model(context, statement, schema, columns, text)
    record.materialized = True
    governing.attach(context, record, view.view_policies(statement))
    record.cluster_by = pieces.checked_key(statement.cluster_by, columns)
    return record


def _refuse_other_than_table(context: Context, made: View) -> None:
    for reference in references(context.catalog, made):
        if reference.function:
            raise _invalid("A user-defined function is referenced in the view definition.")
        if isinstance(reference.record, View):
            raise _invalid("Views cannot be referenced in the view definition.")
        if isinstance(reference.record, Table) and reference.record.dynamic is not None:
            raise _invalid("Dynamic tables cannot be referenced in the view definition.")


def _invalid(reason: str) -> SnowflakeError:
    return compilation(2211, "42601", f"Invalid materialized view definition. {reason}")


_AGGREGATES = frozenset(
    {"ANY_VALUE", "APPROX_PERCENTILE", "APPROX_TOP_K", "ARRAY_AGG", "CORR", "COVAR_POP", "COVAR_SAMP", "HASH_AGG"}
    | {"KURTOSIS", "LISTAGG", "MAX_BY", "MEDIAN", "MIN_BY", "MODE", "OBJECT_AGG", "PERCENTILE_CONT", "SKEW"}
    | {"PERCENTILE_DISC", "REGR_INTERCEPT", "REGR_R2", "REGR_SLOPE", "BOOLAND_AGG", "BOOLOR_AGG", "BOOLXOR_AGG"}
)
"""Those that Snowflake does not keep up to date."""
_BEYOND: tuple[tuple[type[exp.Expr], str], ...] = (
    (exp.SetOperation, "Set operators are not allowed in the view definition."),
    (exp.Join, "More than one table referenced in the view definition."),
    (exp.Window, "Window functions are not allowed in the view definition."),
    (exp.Qualify, "QUALIFY is not allowed in the view definition."),
    (exp.Having, "HAVING is not allowed in the view definition."),
    (exp.Order, "ORDER BY is not allowed in the view definition."),
    (exp.Limit, "LIMIT is not allowed in the view definition."),
    (exp.Fetch, "FETCH is not allowed in the view definition."),
    (exp.Cube, "CUBE is not allowed in the view definition."),
    (exp.Rollup, "ROLLUP is not allowed in the view definition."),
    (exp.GroupingSets, "GROUPING SETS is not allowed in the view definition."),
    (exp.TableSample, "SAMPLE is not allowed in the view definition."),
    (exp.Pivot, "PIVOT and UNPIVOT are not allowed in the view definition."),
)
_VOLATILE = frozenset(
    {"CURRENT_DATE", "CURRENT_ROLE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "CURRENT_USER", "GETDATE", "LOCALTIME"}
    | {"LOCALTIMESTAMP", "RANDOM", "RANDSTR", "SYSDATE", "SYSTIMESTAMP", "UNIFORM", "UUID_STRING"}
)


def refuse_beyond(query: str) -> None:
    """What a materialized view cannot have (user-guide/views-materialized, limitations)."""
    tree = parsing.query(query)
    for kind, reason in _BEYOND:
        if tree.find(kind):
            raise _invalid(reason)
    if not isinstance(tree, exp.Select) or tree.args.get("with_") or tree.args.get("with"):
        raise _invalid("Only a SELECT from one table is allowed in the view definition.")
    if tree.find(exp.Subquery) or len(list(tree.find_all(exp.Select))) > 1:
        raise _invalid("Nested subqueries are not allowed in the view definition.")
    if len(list(tree.find_all(exp.Table))) != 1:
        raise _invalid("More than one table referenced in the view definition.")
    _refuse_functions(query)
    _refuse_hidden_keys(tree)


def _refuse_functions(query: str) -> None:
    tokens = tokenize(query)
    for token, following in pairwise(tokens):
        if token.word in _VOLATILE:
            raise _invalid("Non-deterministic functions are not allowed in the view definition.")
        if token.word in _AGGREGATES and following.word == "(":
            raise _invalid(f"The aggregate function {token.word} is not allowed in the view definition.")
        if token.word == "(" and following.word == "DISTINCT":
            raise _invalid("DISTINCT in an aggregate function is not allowed in the view definition.")


def _refuse_hidden_keys(tree: exp.Select) -> None:
    """Every key of GROUP BY stands in the SELECT list."""
    group = tree.args.get("group")
    shown = [item.unalias() for item in tree.expressions]
    names = {item.alias_or_name.upper() for item in tree.expressions}
    for key in group.expressions if group is not None else ():
        known = key in shown or key.name.upper() in names or isinstance(key, exp.Literal)
        if not known:
            raise _invalid("A GROUP BY key is missing in the SELECT list of the view definition.")


def get(context: Context, parts: tuple[str, ...], command: str = "ALTER") -> View:
    """The materialized view under the name, or 002003."""
    found = context.find(View, parts)
    if found is None or not found.materialized:
        raise does_not_exist("Materialized view", ".".join(parts))
    return context.writable(View, parts, command)


def alter(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    reader.expect("ALTER", "MATERIALIZED", "VIEW")
    forgiving = reader.accept("IF", "EXISTS")
    parts = reader.name()
    if forgiving and context.find(View, parts) is None:
        return status_result(objects.DONE)
    found = get(context, parts)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        context.require("OWNERSHIP", found)
        _change(context, work, found, reader)
        reader.end()
    return status_result(objects.DONE)


def _change(context: Context, work: Work, found: View, reader: Reader) -> None:
    changes: dict[str, object]
    if reader.accept("RENAME", "TO"):
        changes = new_place(context, found, reader.name(), "MATERIALIZED VIEW")
    elif reader.accept("CLUSTER", "BY"):
        changes = {"cluster_by": pieces.checked_key(read_cluster(reader), found.columns)}
    elif reader.accept("DROP", "CLUSTERING", "KEY"):
        changes = {"cluster_by": None}
    elif word := reader.accept_any("SUSPEND", "RESUME"):
        changes = {} if reader.accept("RECLUSTER") else {"suspended": word == "SUSPEND"}
    elif reader.accept("SET"):
        changes = {"secure": True} if reader.accept("SECURE") else _comment(reader)
    else:
        reader.expect("UNSET")
        changes = {"secure": False} if reader.accept("SECURE") else {"comment": None}
        if "comment" in changes:
            reader.expect("COMMENT")
    work.edit(found, altered_at=utc_now(), **changes)


def _comment(reader: Reader) -> dict[str, object]:
    reader.expect("COMMENT", "=")
    return {"comment": reader.string()}


def drop(context: Context, text: str) -> Result:
    forgiving, parts, _ = read_drop(Reader(bound(context, text)), "MATERIALIZED VIEW")
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.find(View, parts) is None:
            return objects.already_dropped(parts[-1])
        found = get(context, parts, "DROP")
        context.require("OWNERSHIP", found)
        objects.drop(work, found, utc_now())
    return status_result(f"{found.name} successfully dropped.")
