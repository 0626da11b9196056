"""SHOW PROCEDURES and FUNCTIONS, with and without USER (sql-reference/sql/show-procedures, show-user-functions)."""

from __future__ import annotations

from collections.abc import Iterator

from runner.sandbox.catalog.model import Routine
from runner.sandbox.context import Context
from runner.sandbox.show.inventory import Item
from runner.sandbox.show.listing import Listing, found
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row, yes


def arguments(routine: Routine) -> str:
    """`NAME(NUMBER, DEFAULT VARCHAR) RETURN VARCHAR`: DEFAULT marks what may be left out (release note BCR-1508)."""
    marks = [("OUT " if each.out else "DEFAULT " if each.default else "") for each in routine.arguments]
    types = [f"{mark}{each.type.name}" for mark, each in zip(marks, routine.arguments, strict=True)]
    return f"{routine.name}({', '.join(types)}) RETURN {return_name(routine)}"


def return_name(routine: Routine) -> str:
    """The return type without its facets; tables as they were declared."""
    text = routine.returns
    return text if text.upper().startswith("TABLE") else text.partition("(")[0].strip()


def returns_table(routine: Routine) -> bool:
    return routine.returns.upper().startswith("TABLE")


def _row(item: Item[Routine]) -> dict[str, object]:
    database, schema, name = item.path
    routine = item.record
    return {
        "created_on": routine.created_at,
        "name": name,
        "schema_name": schema,
        "is_builtin": "N",
        "is_aggregate": yes(routine.aggregate),
        "is_ansi": "N",
        "min_num_arguments": sum(argument.default is None for argument in routine.arguments),
        "max_num_arguments": len(routine.arguments),
        "arguments": arguments(routine),
        "description": routine.comment or f"user-defined {routine.routine.lower()}",
        "catalog_name": database,
        "is_table_function": yes(returns_table(routine)),
        "valid_for_clustering": "N",
        "is_secure": yes(routine.secure),
    }


def _procedures(context: Context, request: Request) -> Iterator[Row]:
    return (_row(item) for item in found(context, request, Routine) if item.record.routine == "PROCEDURE")


def _functions(context: Context, request: Request) -> Iterator[Row]:
    for item in found(context, request, Routine):
        if item.record.routine == "FUNCTION":
            memoizable = yes(item.record.memoizable)
            own = {"is_external_function": "N", "is_memoizable": memoizable, "is_data_metric": "N"}
            yield _row(item) | own | {"language": item.record.language}


_COMMON = (
    "created_on time, name, schema_name, is_builtin, is_aggregate, is_ansi, min_num_arguments number, "
    "max_num_arguments number, arguments, description, catalog_name, is_table_function, valid_for_clustering, "
    "is_secure, secrets, external_access_integrations"
)
_PROCEDURES = Listing(_COMMON, _procedures, differs="user-defined procedures only, built-in ones are not listed")
_FUNCTIONS = Listing(
    f"{_COMMON}, is_external_function, language, is_memoizable, is_data_metric",
    _functions,
    differs="user-defined functions only, built-in ones are not listed",
)
LISTINGS: dict[tuple[str, ...], Listing] = {
    ("PROCEDURES",): _PROCEDURES,
    ("USER", "PROCEDURES"): _PROCEDURES,
    ("FUNCTIONS",): _FUNCTIONS,
    ("USER", "FUNCTIONS"): _FUNCTIONS,
}
