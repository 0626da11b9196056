"""A session over DuckDB in memory: scripts run against real tables without the sandbox's engine."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
import sqlglot

from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.result import TEXT, Column, Result, SnowType, StatementType, arrow_type, count_result, rows_result
from runner.sandbox.scripting import ANONYMOUS_BLOCK, execute, execute_immediate, is_block, outcome_result
from runner.sandbox.tokens import Reader

DML = {
    "INSERT": StatementType.INSERT,
    "UPDATE": StatementType.UPDATE,
    "DELETE": StatementType.DELETE,
    "MERGE": StatementType.MERGE,
}
TYPES = {
    "BOOLEAN": "BOOLEAN",
    "DOUBLE": "FLOAT",
    "DATE": "DATE",
    "TIME": "TIME",
    "TIMESTAMP": "TIMESTAMP_NTZ",
    "TIMESTAMP_NS": "TIMESTAMP_NTZ",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMP_TZ",
    "JSON": "VARIANT",
    "BLOB": "BINARY",
}


class DuckSession:
    """Executes statements one by one, knows blocks and EXECUTE IMMEDIATE, and keeps what it was sent."""

    def __init__(self) -> None:
        self.connection = duckdb.connect(":memory:")
        self.results: dict[str, Result] = {}
        self.sent: list[str] = []
        self.evaluated: list[str] = []

    def run(self, sql: str) -> Result:
        self.sent.append(sql)
        result = self.dispatch(sql)
        named = Result(result.columns, result.table, result.statement, result.rowcount, f"q{len(self.sent)}")
        self.results[named.query_id] = named
        return named

    def call(self, sql: str, variables: frozenset[int]) -> Result:
        return self.run(sql)

    def dispatch(self, sql: str) -> Result:
        reader = Reader(sql)
        if is_block(sql):
            return outcome_result(execute(sql, self), ANONYMOUS_BLOCK)
        if reader.at("EXECUTE", "IMMEDIATE"):
            return execute_immediate(sql, self)
        if reader.at("CALL"):
            return rows_result([Column("P", TEXT)], [(f"called {reader.rest()[5:]}",)], StatementType.CALL)
        return self.duck(sql, reader.peek().word)

    def evaluate(self, sql_expression: str) -> Result:
        self.evaluated.append(sql_expression)
        return self.duck(f"SELECT {sql_expression}", "SELECT")

    def duck(self, sql: str, word: str) -> Result:
        try:
            cursor = self.connection.execute(sqlglot.transpile(sql, read="snowflake", write="duckdb")[0])
            rows = cursor.fetchall()
        except duckdb.ConversionException as error:
            raise SnowflakeError(100038, "22018", str(error).splitlines()[0]) from error
        except duckdb.CatalogException as error:
            raise compilation(2003, "42S02", str(error).splitlines()[0]) from error
        except (duckdb.Error, sqlglot.errors.SqlglotError) as error:
            raise compilation(1003, "42000", str(error).splitlines()[0]) from error
        if word in DML:
            count = rows[0][0]
            return count_result([("number of rows", count)], DML[word])
        columns = [Column(name.upper(), snow_type(str(kind))) for name, kind, *_ in cursor.description or []]
        rows = [[fitted(value, column.type) for value, column in zip(row, columns, strict=True)] for row in rows]
        return rows_result(columns, rows)


def snow_type(kind: str) -> SnowType:
    if kind.startswith("DECIMAL"):
        precision, scale = kind[8:-1].split(",")
        return SnowType("NUMBER", precision=int(precision), scale=int(scale))
    if "INT" in kind:
        return SnowType("NUMBER", precision=38, scale=0)
    return SnowType(TYPES.get(kind, "VARCHAR"))


def fitted(value: object, kind: SnowType) -> object:
    return value if arrow_type(kind) != arrow_type(TEXT) or value is None else str(value)


@pytest.fixture
def session() -> Iterator[DuckSession]:
    session = DuckSession()
    yield session
    session.connection.close()
