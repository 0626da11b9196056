"""What a child process for JavaScript is told first, and its failures in Snowflake's words."""

from __future__ import annotations

import sysconfig
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from runner.sandbox.catalog.model import Routine
from runner.sandbox.ddl.create_routine import returned_columns
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.javascript.engine import check_engine
from runner.sandbox.python.pipe import Message
from runner.sandbox.result import SnowType

PROGRAM = "import sys; sys.path.insert(0, {root!r}); from runner.sandbox.javascript.child import main; main()"
COMPILATION, EXECUTION, PROCEDURE = 100131, 100132, 100183
_YEAR = timedelta(days=365)


def first(routine: Routine, returns: list[SnowType], zone: str, paths: list[str]) -> Message:
    """The code and what it is given; `offsets` let the child find out whether its system knows the time zone."""
    check_engine()
    sites = sorted({sysconfig.get_paths()[name] for name in ("purelib", "platlib")})
    table = routine.returns.startswith("TABLE")
    facts = {
        "code": routine.body,
        "table": table,
        "names": [each.name for each in routine.arguments],
        "kinds": [each.type.name for each in routine.arguments],
        "returns": [kind.name for kind in returns],
        "outputs": [name for name, _ in returned_columns(routine.returns)] if table else [],
    }
    return {
        "sites": sites,
        "readable": paths,
        "facts": facts,
        "asks": routine.routine == "PROCEDURE",
        "zone": zone,
        "offsets": _offsets(zone),
    }


def _offsets(zone: str) -> list[tuple[int, int]]:
    """Seconds from UTC through two years, every quarter."""
    moments = (datetime(2023, 1, 15, tzinfo=UTC) + _YEAR * quarter / 4 for quarter in range(8))
    there = ZoneInfo(zone)
    offsets = ((moment, there.utcoffset(moment.astimezone(there)) or timedelta()) for moment in moments)
    return [(int(moment.timestamp()), int(offset.total_seconds())) for moment, offset in offsets]


def failure(routine: Routine, error: object) -> SnowflakeError:
    """What the code threw, as Snowflake tells it."""
    told = error if isinstance(error, dict) else {"uncaught": str(error)}
    if "sql" in told:
        text = f"Execution error in store procedure {routine.name}:\n{told['sql']}\nAt {told['at']}"
        return SnowflakeError(PROCEDURE, "P0000", text)
    thrown = str(told.get("uncaught"))
    if "out of memory" in thrown:
        return SnowflakeError(EXECUTION, "P0000", "JavaScript out of memory error: UDF thread memory limit exceeded")
    phase, number = ("compilation", COMPILATION) if told.get("syntax") else ("execution", EXECUTION)
    return SnowflakeError(
        number, "P0000", f"JavaScript {phase} error: Uncaught {thrown} in {routine.name}{_place(routine, told)}"
    )


def _place(routine: Routine, told: Message) -> str:
    """The line of the code, where it is known."""
    line, column = told.get("at") or (0, 0)
    lines = routine.body.split("\n")
    if not 1 <= line <= len(lines):
        return ""
    return f" at '{lines[line - 1]}' position {column}\nstackstrace: \n{routine.name} line: {line}"
