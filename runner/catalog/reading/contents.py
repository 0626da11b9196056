"""What a plan asks about a table's rows: from where to where a column reaches, which statements built it, and which
values hold a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from runner.catalog.estate import Address, Column, Past
from runner.connection.faults import StatementFault
from runner.connection.session import Rows, Session
from runner.core.errors import OwnStatementFailed, SourceChanging
from runner.sql.composing import compose

_EXTENT = "SELECT TO_VARCHAR(MIN({column:i})), TO_VARCHAR(MAX({column:i})) FROM {table:i}"
_NO_COLUMN = 904
_BUILT = """SELECT q.QUERY_TEXT, q.QUERY_TYPE, q.DATABASE_NAME, q.SCHEMA_NAME, q.QUERY_ID
FROM SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY AS a,
    LATERAL FLATTEN(INPUT => a.OBJECTS_MODIFIED) AS o,
    SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY AS q
WHERE q.QUERY_ID = a.QUERY_ID AND o.VALUE:objectName::VARCHAR = {name:s} AND q.EXECUTION_STATUS = 'SUCCESS'
ORDER BY a.QUERY_START_TIME, a.QUERY_ID"""


def extent(session: Session, table: Address, column: str) -> tuple[str | None, str | None]:
    """The least and the greatest value of a column, as text; None where there is no row with one.

    Raises SourceChanging where the table or the column is gone since its definition was read.
    """
    sql = compose(_EXTENT, column=column, table=table.place)
    try:
        rows = session.execute(sql).rows
    except StatementFault as fault:
        if fault.is_absent or fault.errno == _NO_COLUMN:
            raise SourceChanging(table.database, (f"{table}: {fault.message}",)) from None
        raise _failed(session, f"looking at {table.short}.{column}", fault) from None
    return rows[0][0], rows[0][1]


def built_by(session: Session, table: Address) -> tuple[Past, ...]:
    """Every statement that changed the table, oldest first, of the last 365 days; ACCESS_HISTORY is hours late."""
    sql = compose(_BUILT, name=".".join(table.place))
    rows = _asked(session, f"asking ACCESS_HISTORY what built {table.short}", sql).rows
    return tuple(_past(*(str(each or "") for each in row)) for row in rows)


def _past(text: str, kind: str, database: str, schema: str, query_id: str) -> Past:
    return Past(text, kind, database, schema, f"query {query_id}")


def holding(session: Session, table: Address, columns: Sequence[Column], names: Sequence[str]) -> tuple[int, ...]:
    """For each column, in how many rows its text holds one of the names as a whole word, in any case. One statement.

    Raises OwnStatementFailed, as where the table cannot be read.
    """
    words = "|".join(re.escape(name) for name in names)
    whole = f"(^|[^A-Za-z0-9_$])({words})($|[^A-Za-z0-9_$])"
    counts = ", ".join(
        compose("COUNT_IF(REGEXP_INSTR({text:r}, {whole:s}, 1, 1, 0, 'i') > 0)", text=_text(column), whole=whole)
        for column in columns
    )
    sql = compose("SELECT {counts:r} FROM {table:i}", counts=counts, table=table.place)
    row = _asked(session, f"looking for names in the rows of {table.short}", sql).rows[0]
    return tuple(int(count) for count in row)


def _text(column: Column) -> str:
    """A column as plain text: regular expressions know no collation, and in a VARIANT there is none."""
    name = compose("{name:i}", name=column.name)
    if not column.type.startswith("VARCHAR"):
        return f"TO_JSON({name})"
    return f"{name}::VARIANT::VARCHAR" if column.collation else name


def _asked(session: Session, doing: str, sql: str) -> Rows:
    try:
        return session.execute(sql)
    except StatementFault as fault:
        raise _failed(session, doing, fault) from None


def _failed(session: Session, doing: str, fault: StatementFault) -> OwnStatementFailed:
    return OwnStatementFailed(session.profile.environment, doing, fault.errno, fault.message)
