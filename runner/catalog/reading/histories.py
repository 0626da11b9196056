"""What Snowflake noted itself: dependencies, what past calls touched, and where rows came from.

Sources: sql-reference/account-usage/object_dependencies and access_history (both up to three hours late),
sql-reference/functions/get_object_references, get_lineage-snowflake-core.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from runner.catalog.edges.links import Link, Noted
from runner.catalog.estate import Address, Found, Gap
from runner.catalog.reading.asking import Desk, Question, Row
from runner.catalog.spelling import said
from runner.connection.faults import StatementFault
from runner.sql.composing import compose

A = TypeVar("A")
MOST_LINEAGE: Final = 500
"""GET_LINEAGE takes one table a call, and about a second each: of more tables it is not asked."""
MOST_REFERENCES: Final = 500
"""GET_OBJECT_REFERENCES takes one view a call: of more views it is not asked."""
_AT_ONCE: Final = 20
_DEPENDENCIES = """SELECT DISTINCT REFERENCING_DATABASE, REFERENCING_SCHEMA, REFERENCING_OBJECT_NAME,
    REFERENCING_OBJECT_DOMAIN, REFERENCED_DATABASE, REFERENCED_SCHEMA, REFERENCED_OBJECT_NAME, REFERENCED_OBJECT_DOMAIN
FROM SNOWFLAKE.ACCOUNT_USAGE.OBJECT_DEPENDENCIES
WHERE REFERENCING_DATABASE = {database:s} OR REFERENCED_DATABASE = {database:s}"""
_TOUCHED = """WITH CALLS AS (
    SELECT A.QUERY_ID, F.VALUE:objectName::VARCHAR AS PROCEDURE_NAME,
        F.VALUE:argumentSignature::VARCHAR AS SIGNATURE
    FROM SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY A, LATERAL FLATTEN(INPUT => A.DIRECT_OBJECTS_ACCESSED) F
    WHERE A.QUERY_START_TIME > DATEADD('day', -{days:d}, CURRENT_TIMESTAMP())
        AND UPPER(F.VALUE:objectDomain::VARCHAR) = 'PROCEDURE'
), TOUCHED AS (
    SELECT A.PARENT_QUERY_ID, F.VALUE:objectName::VARCHAR AS NAME, UPPER(F.VALUE:objectDomain::VARCHAR) AS DOMAIN,
        F.VALUE:argumentSignature::VARCHAR AS ARGUMENTS, 'READS' AS USED
    FROM SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY A, LATERAL FLATTEN(INPUT => A.DIRECT_OBJECTS_ACCESSED) F
    WHERE A.PARENT_QUERY_ID IS NOT NULL AND A.QUERY_START_TIME > DATEADD('day', -{days:d}, CURRENT_TIMESTAMP())
    UNION ALL
    SELECT A.PARENT_QUERY_ID, F.VALUE:objectName::VARCHAR, UPPER(F.VALUE:objectDomain::VARCHAR),
        F.VALUE:argumentSignature::VARCHAR, 'WRITES'
    FROM SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY A, LATERAL FLATTEN(INPUT => A.OBJECTS_MODIFIED) F
    WHERE A.PARENT_QUERY_ID IS NOT NULL AND A.QUERY_START_TIME > DATEADD('day', -{days:d}, CURRENT_TIMESTAMP())
)
SELECT DISTINCT CALLS.PROCEDURE_NAME, CALLS.SIGNATURE, TOUCHED.NAME, TOUCHED.DOMAIN, TOUCHED.ARGUMENTS, TOUCHED.USED
FROM CALLS JOIN TOUCHED ON TOUCHED.PARENT_QUERY_ID = CALLS.QUERY_ID"""
_REFERENCES = """SELECT DATABASE_NAME, SCHEMA_NAME, OBJECT_NAME, REFERENCED_DATABASE_NAME, REFERENCED_SCHEMA_NAME,
    REFERENCED_OBJECT_NAME, REFERENCED_OBJECT_TYPE
FROM TABLE({asked:i}.INFORMATION_SCHEMA.GET_OBJECT_REFERENCES(
    DATABASE_NAME => {database:s}, SCHEMA_NAME => {schema:s}, OBJECT_NAME => {name:s}))"""
_LINEAGE = "SELECT * FROM TABLE(SNOWFLAKE.CORE.GET_LINEAGE({name:s}, 'TABLE', 'UPSTREAM', 1))"


def dependencies(desk: Desk, database: str) -> list[Link]:
    """OBJECT_DEPENDENCIES of what is in the database, and of what elsewhere depends on it."""
    sql = compose(_DEPENDENCIES, database=database)
    rows = desk.rows(Question("object dependencies", database, sql))
    return sorted(Link(_side(row, "referencing"), _side(row, "referenced")) for row in rows)


def _side(row: Row, side: str) -> Noted:
    place = (row[f"{side}_database"], row[f"{side}_schema"], row[f"{side}_object_name"])
    return Noted(said(row[f"{side}_object_domain"]).upper(), tuple(said(part) for part in place))


def touched(desk: Desk, days: int) -> list[Link]:
    """What the calls of procedures touched, each attributed to the procedure whose statement it was."""
    rows = desk.rows(Question("access history", "account", compose(_TOUCHED, days=days)))
    return sorted(
        Link(
            Noted("PROCEDURE", (row["procedure_name"],), said(row["signature"])),
            Noted(said(row["domain"]), (row["name"],), said(row["arguments"])),
            row["used"],
        )
        for row in rows
        if row["name"] and row["procedure_name"]
    )


def references(desk: Desk, views: Iterable[Found]) -> list[Link]:
    """All tables and views under each of these views, as Snowflake knows them now.

    It refuses a view over a function, a stage or a materialized view: that is a gap where no text tells either.
    """
    asked = sorted(views, key=lambda view: view.address)
    if len(asked) > MOST_REFERENCES:
        reason = f"GET_OBJECT_REFERENCES is asked for {MOST_REFERENCES} views at most"
        desk.gaps.add(Gap("object references", f"{len(asked)} views", reason))
        return []
    batches = [asked[first : first + _AT_ONCE] for first in range(0, len(asked), _AT_ONCE)]
    answers = desk.each(lambda batch: _halved(desk, batch, _references_sql, _hidden_references), batches)
    return sorted({_referenced(row) for rows in answers for row in rows})


def _references_sql(view: Found) -> str:
    database, schema, name = view.address.place
    return compose(_REFERENCES, asked=(database,), database=database, schema=schema, name=name)


def _hidden_references(view: Found) -> Question | None:
    return None if view.ddl else Question("object references", str(view.address), "")


def _referenced(row: Row) -> Link:
    names = ("database_name", "schema_name", "object_name")
    view, other = (tuple(said(row[f"{side}{name}"]) for name in names) for side in ("", "referenced_"))
    return Link(Noted("VIEW", view), Noted(said(row["referenced_object_type"]).upper(), other))


def lineage(desk: Desk, tables: Iterable[Address]) -> list[Link]:
    """Which tables and views each table was filled from."""
    asked = sorted(tables)
    if len(asked) > MOST_LINEAGE:
        desk.gaps.add(Gap("lineage", f"{len(asked)} tables", f"GET_LINEAGE is asked for {MOST_LINEAGE} tables at most"))
        return []
    batches = [asked[first : first + _AT_ONCE] for first in range(0, len(asked), _AT_ONCE)]
    answers = desk.each(lambda batch: _halved(desk, batch, _lineage_sql, _hidden_lineage), batches)
    return sorted({_filled(row) for rows in answers for row in rows})


def _lineage_sql(table: Address) -> str:
    return compose(_LINEAGE, name=table.sql)


def _hidden_lineage(table: Address) -> Question:
    return Question("lineage", str(table), "")


def _halved(
    desk: Desk, items: Sequence[A], sql: Callable[[A], str], missing: Callable[[A], Question | None]
) -> list[Row]:
    """The rows of all, in one statement; one item that is refused does not keep the others back."""
    try:
        return desk.raw("\nUNION ALL\n".join(sql(item) for item in items))
    except StatementFault as fault:
        if len(items) == 1:
            desk.refused(missing(items[0]), fault)
            return []
    middle = len(items) // 2
    return [*_halved(desk, items[:middle], sql, missing), *_halved(desk, items[middle:], sql, missing)]


def _filled(row: Row) -> Link:
    names = ("database", "schema", "name")
    source, target = (tuple(said(row[f"{side}_object_{name}"]) for name in names) for side in ("source", "target"))
    return Link(Noted("TABLE", target), Noted(said(row["source_object_domain"]).upper(), source))
