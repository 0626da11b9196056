"""A procedure or function as the statement that makes it (sql-reference/functions/get_ddl)."""

from __future__ import annotations

from runner.sandbox.catalog.model import Routine
from runner.sandbox.ddl.types import type_text
from runner.sandbox.tokens import quote_identifier, quote_string


def routine_text(routine: Routine, name: str) -> str:
    """CREATE of a procedure or function, in Snowflake's layout."""
    secure = "TEMPORARY " * (routine.session_id is not None) + "SECURE " * routine.secure
    arguments = ", ".join(
        f"{quote_identifier(a.name)} {'OUT ' if a.out else ''}{type_text(a.type)}"
        + (f" DEFAULT {a.default}" if a.default is not None else "")
        for a in routine.arguments
    )
    lines = [
        f"CREATE OR REPLACE {secure}{'AGGREGATE ' * routine.aggregate}{routine.routine} {name}({arguments})",
        f"RETURNS {routine.returns}",
        f"LANGUAGE {routine.language}",
        *_routine_options(routine),
    ]
    if routine.body or not routine.imports:
        lines.append(f"AS {quote_string(routine.body)}")
    return "\n".join(lines) + ";"


def _code(routine: Routine) -> list[str]:
    """What only a routine in another language than SQL has."""
    if routine.handler is None:
        return []
    packages = f"PACKAGES = ({','.join(map(quote_string, routine.packages))})"
    version, handler = quote_string(routine.runtime_version or ""), quote_string(routine.handler)
    imports = f"IMPORTS = ({','.join(map(quote_string, routine.imports))})"
    listed = [*([packages] if routine.packages else []), *([imports] if routine.imports else [])]
    if routine.external_access:
        listed.append(f"EXTERNAL_ACCESS_INTEGRATIONS = ({','.join(map(quote_identifier, routine.external_access))})")
    return [f"RUNTIME_VERSION = {version}", *listed, f"HANDLER = {handler}"]


def _routine_options(routine: Routine) -> list[str]:
    options = ["STRICT"] if routine.strict else []
    options += _code(routine)
    options += [routine.volatility] if routine.volatility else []
    options += ["MEMOIZABLE"] if routine.memoizable else []
    options += [f"COMMENT={quote_string(routine.comment)}"] if routine.comment is not None else []
    return [*options, f"EXECUTE AS {routine.execute_as}"] if routine.routine == "PROCEDURE" else options
