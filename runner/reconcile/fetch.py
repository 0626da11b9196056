"""What stands in the schemas of one database, asked in few round trips. Only queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from runner.catalog.spelling import argument_types, type_text, whole
from runner.connection.faults import StatementFault
from runner.connection.session import Rows, Session
from runner.core.errors import OwnStatementFailed
from runner.core.names import ObjectName
from runner.reconcile.result import Kind, ObjectId
from runner.reconcile.shape import Code, Column, ForeignKey, Other, Sequence, Shape, Shapes, Table
from runner.sql.attachments import attachments
from runner.sql.composing import compose

Row: TypeAlias = Mapping[str, Any]
_TABLES = """SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, IS_TRANSIENT, CLUSTERING_KEY, COMMENT, IS_DYNAMIC
FROM {view:i} WHERE TABLE_SCHEMA IN ({schemas:sl}) ORDER BY TABLE_SCHEMA, TABLE_NAME"""
_COLUMNS = """SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH,
    NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION, IS_NULLABLE, COLUMN_DEFAULT, COMMENT, COLLATION_NAME,
    IS_IDENTITY, IDENTITY_START, IDENTITY_INCREMENT
FROM {view:i} WHERE TABLE_SCHEMA IN ({schemas:sl}) ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION"""
_SEQUENCES = """SELECT SEQUENCE_SCHEMA, SEQUENCE_NAME, START_VALUE, "INCREMENT", ORDERED, COMMENT
FROM {view:i} WHERE SEQUENCE_SCHEMA IN ({schemas:sl}) ORDER BY SEQUENCE_SCHEMA, SEQUENCE_NAME"""
_WRITTEN = {Kind.TABLE: "TABLE", Kind.VIEW: "VIEW", Kind.PROCEDURE: "PROCEDURE", Kind.FUNCTION: "FUNCTION"}
_AT_ONCE = 50
_Place: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two accounts: an open session, and where to look."""

    environment: str
    session: Session
    database: str

    def ask(self, doing: str, sql: str) -> list[Row]:
        """Rows by column name in lower case, as SHOW spells them."""
        try:
            return records(self.session.execute(sql))
        except StatementFault as fault:
            raise OwnStatementFailed(self.environment, doing, fault.errno, fault.message) from None

    def view(self, name: str) -> ObjectName:
        return ObjectName.of(self.database, "INFORMATION_SCHEMA", name)


def records(rows: Rows) -> list[Row]:
    return [dict(zip((name.lower() for name in rows.columns), row, strict=True)) for row in rows.rows]


def shapes(side: Side, schemas: tuple[str, ...]) -> Shapes:
    """Everything in the schemas. A schema that does not exist holds nothing."""
    if not schemas:
        return Shapes(side.database)
    columns = columns_of(side, schemas)
    keys = _Keys.of(side, _present(side, schemas))
    found: dict[ObjectId, Shape] = {}
    for row in side.ask("reading its tables", compose(_TABLES, view=side.view("TABLES"), schemas=schemas)):
        found |= dict([_relation(row, columns[row["table_schema"], row["table_name"]], keys)])
    found |= dict(_sequences(side, schemas))
    found |= {code: Code("") for code in _routines(side, _present(side, schemas))}
    return Shapes(side.database, _with_text(side, found))


def _present(side: Side, schemas: tuple[str, ...]) -> list[ObjectName]:
    sql = compose(
        "SELECT SCHEMA_NAME FROM {view:i} WHERE SCHEMA_NAME IN ({schemas:sl}) ORDER BY SCHEMA_NAME",
        view=side.view("SCHEMATA"),
        schemas=schemas,
    )
    return [ObjectName.of(side.database, row["schema_name"]) for row in side.ask("reading its schemas", sql)]


def columns_of(side: Side, schemas: tuple[str, ...]) -> Mapping[_Place, tuple[Column, ...]]:
    """The columns of every table and view, by schema and name; nothing for what is not there."""
    found: dict[_Place, list[Column]] = defaultdict(list)
    for row in side.ask("reading its columns", compose(_COLUMNS, view=side.view("COLUMNS"), schemas=schemas)):
        found[row["table_schema"], row["table_name"]].append(_column(row))
    return defaultdict(tuple, {place: tuple(columns) for place, columns in found.items()})


def _column(row: Row) -> Column:
    kind = type_text(
        row["data_type"], whole(row["character_maximum_length"]), whole(row["numeric_precision"]),
        whole(row["numeric_scale"]), whole(row["datetime_precision"]),
    )  # fmt: skip
    identity = row["is_identity"] == "YES"
    return Column(
        row["column_name"], int(row["ordinal_position"]), kind, row["is_nullable"] == "YES",
        None if identity else row["column_default"],
        row["comment"], row["collation_name"],
        (int(row["identity_start"]), int(row["identity_increment"])) if identity else None,
    )  # fmt: skip


def _relation(row: Row, columns: tuple[Column, ...], keys: _Keys) -> tuple[ObjectId, Shape]:
    schema, name, kind = row["table_schema"], row["table_name"], row["table_type"]
    if kind in ("VIEW", "MATERIALIZED VIEW"):
        return ObjectId(Kind.VIEW, schema, name), Code("", columns=columns)
    if row["is_dynamic"] == "YES" or kind not in ("BASE TABLE", "TEMPORARY TABLE"):
        return ObjectId(Kind.OTHER, schema, name), Other("DYNAMIC TABLE" if row["is_dynamic"] == "YES" else kind)
    place = (schema, name)
    return ObjectId(Kind.TABLE, schema, name), Table(
        columns, row["is_transient"] == "YES", row["comment"], row["clustering_key"], keys.primary.get(place, ()),
        frozenset(keys.uniques.get(place, ())), frozenset(keys.foreign.get(place, ())),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Keys:
    """Keys by table. Names of constraints are left out: Snowflake makes most of them up."""

    primary: Mapping[_Place, tuple[str, ...]]
    uniques: Mapping[_Place, list[tuple[str, ...]]]
    foreign: Mapping[_Place, list[ForeignKey]]

    @staticmethod
    def of(side: Side, schemas: Iterable[ObjectName]) -> _Keys:
        primary: dict[_Place, tuple[str, ...]] = {}
        uniques: dict[_Place, list[tuple[str, ...]]] = defaultdict(list)
        foreign: dict[_Place, list[ForeignKey]] = defaultdict(list)
        for schema in schemas:
            primary |= dict(_keys(side, "PRIMARY", schema))
            for place, key in _keys(side, "UNIQUE", schema):
                uniques[place].append(key)
            for place, reference in _references(side, schema):
                foreign[place].append(reference)
        return _Keys(primary, uniques, foreign)


def _keys(side: Side, kind: str, schema: ObjectName) -> Iterator[tuple[_Place, tuple[str, ...]]]:
    rows = side.ask("reading its keys", compose("SHOW {kind:r} KEYS IN SCHEMA {schema:i}", kind=kind, schema=schema))
    for group in _grouped(rows, "schema_name", "table_name", "constraint_name"):
        yield (group[0]["schema_name"], group[0]["table_name"]), tuple(row["column_name"] for row in group)


def _references(side: Side, schema: ObjectName) -> Iterator[tuple[_Place, ForeignKey]]:
    rows = side.ask("reading its keys", compose("SHOW IMPORTED KEYS IN SCHEMA {schema:i}", schema=schema))
    for group in _grouped(rows, "fk_schema_name", "fk_table_name", "fk_name"):
        one = group[0]
        table = (one["pk_database_name"], one["pk_schema_name"], one["pk_table_name"])
        key = ForeignKey(
            tuple(row["fk_column_name"] for row in group), table, tuple(row["pk_column_name"] for row in group)
        )
        yield (one["fk_schema_name"], one["fk_table_name"]), key


def _grouped(rows: Iterable[Row], *names: str) -> Iterable[list[Row]]:
    found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row[name] for name in names)].append(row)
    return [sorted(group, key=lambda row: int(row["key_sequence"])) for group in found.values()]


def _sequences(side: Side, schemas: tuple[str, ...]) -> Iterator[tuple[ObjectId, Shape]]:
    for row in side.ask("reading its sequences", compose(_SEQUENCES, view=side.view("SEQUENCES"), schemas=schemas)):
        shape = Sequence(int(row["start_value"]), int(row["increment"]), row["ordered"] == "YES", row["comment"])
        yield ObjectId(Kind.SEQUENCE, row["sequence_schema"], row["sequence_name"]), shape


def _routines(side: Side, schemas: Iterable[ObjectName]) -> Iterator[ObjectId]:
    for schema in schemas:
        for kind, words in ((Kind.PROCEDURE, "PROCEDURES"), (Kind.FUNCTION, "USER FUNCTIONS")):
            sql = compose("SHOW {words:r} IN SCHEMA {schema:i}", words=words, schema=schema)
            for row in side.ask("reading its routines", sql):
                if row["is_builtin"] != "Y" and row["schema_name"]:
                    types = argument_types(row["name"], row["arguments"])
                    yield ObjectId(kind, row["schema_name"], f"{row['name']}({', '.join(types)})")


def written(database: str, item: ObjectId) -> str:
    """An object's name as SQL; a routine's argument types stand behind it as they are."""
    return f"{ObjectName.of(database).sql}.{item.sql}"


def _with_text(side: Side, found: Mapping[ObjectId, Shape]) -> dict[ObjectId, Shape]:
    """Views and routines with the text that Snowflake gives for them, tables with what it says of policies and tags;
    many in one request.
    """
    wanted = [item for item in found if item.kind in _WRITTEN]
    texts: dict[ObjectId, Code] = {}
    for first in range(0, len(wanted), _AT_ONCE):
        texts |= _texts(side, wanted[first : first + _AT_ONCE])
    filled = dict(found)
    for item, text in texts.items():
        match found[item]:
            case Table() as table:
                filled[item] = replace(table, attached=attachments(text.ddl) if text.ddl else None)
            case Code() as code:
                filled[item] = replace(code, ddl=text.ddl, problem=text.problem)
    return filled


def _texts(side: Side, wanted: list[ObjectId]) -> dict[ObjectId, Code]:
    """All at once; when one cannot be read, each by itself, so that the others are."""
    calls = ", ".join(_call(side, item) for item in wanted)
    try:
        row = side.session.execute(f"SELECT {calls}").rows[0]
    except StatementFault as fault:
        if len(wanted) == 1:
            return {wanted[0]: Code("", f"cannot be read: {fault.message}")}
        return {item: code for one in wanted for item, code in _texts(side, [one]).items()}
    return {item: _readable(text) for item, text in zip(wanted, row, strict=True)}


def _call(side: Side, item: ObjectId) -> str:
    return compose("GET_DDL({kind:s}, {name:s})", kind=_WRITTEN[item.kind], name=written(side.database, item))


def _readable(text: str | None) -> Code:
    """A secure object that belongs to another role has no text to show."""
    return Code(text) if text else Code("", "cannot be read: the role does not own it")
