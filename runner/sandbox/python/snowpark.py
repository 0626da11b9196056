"""The sandbox's part of Snowpark: what a procedure's `session` can do here. Runs in the child.

A DataFrame is a query that is not run yet. Every statement runs in the session that called the procedure. What is not
here is an AttributeError that says so.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import ModuleType
from typing import Any, NoReturn

from runner.sandbox.python.columns import FUNCTIONS, Column, column_of, identifier, literal
from runner.sandbox.python.pipe import Message
from runner.sandbox.python.values import received

Ask = Callable[[Message], Message]
MODES = {
    "append": ("CREATE {kind}TABLE IF NOT EXISTS {name} AS SELECT * FROM ({sql}) LIMIT 0", "INSERT INTO {name} {sql}"),
    "overwrite": ("CREATE OR REPLACE {kind}TABLE {name} AS {sql}",),
    "errorifexists": ("CREATE {kind}TABLE {name} AS {sql}",),
    "ignore": ("CREATE {kind}TABLE IF NOT EXISTS {name} AS {sql}",),
    "truncate": ("TRUNCATE TABLE {name}", "INSERT INTO {name} {sql}"),
}

KINDS = {"": "", "temp": "TEMPORARY ", "temporary": "TEMPORARY ", "transient": "TRANSIENT "}


class SnowparkSQLException(Exception):
    """A statement failed; the message begins as Snowpark's does."""

    def __init__(self, message: str, sfqid: str | None, code: int, raw: str) -> None:
        super().__init__(f"(1304): {sfqid or ''}: {message}")
        self.message, self.sfqid, self.sql_error_code, self.raw_message = message, sfqid, code, raw
        self.error_code = "1304"


class Row(tuple[Any, ...]):
    """One row; its fields by place, by name, or as attributes."""

    _names: tuple[str, ...]

    @classmethod
    def make(cls, names: Sequence[str], values: Iterable[object]) -> Row:
        row = cls(values)
        row._names = tuple(names)
        return row

    def as_dict(self) -> dict[str, Any]:
        return dict(zip(self._names, self, strict=True))

    asDict = as_dict  # noqa: N815

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, str):
            return super().__getitem__(key)
        if key not in self._names:
            raise KeyError(key)
        return super().__getitem__(self._names.index(key))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._names:
            raise AttributeError(f"Row object has no attribute {name}")
        return super().__getitem__(self._names.index(name))

    def __repr__(self) -> str:
        return "Row(" + ", ".join(f"{name}={value!r}" for name, value in self.as_dict().items()) + ")"


def _missing(owner: str, name: str) -> NoReturn:
    raise AttributeError(f"{owner}.{name} is not in the sandbox's part of Snowpark")


class DataFrame:
    """A query, run when its rows are asked for."""

    def __init__(self, session: Session, sql: str, *, statement: bool = False) -> None:
        self.session, self.sql, self._statement = session, sql, statement

    def _names_and_rows(self) -> tuple[list[str], list[list[object]]]:
        return self.session.run(self.sql)

    def collect(self) -> list[Row]:
        names, rows = self._names_and_rows()
        return [Row.make(names, row) for row in rows]

    def to_local_iterator(self) -> Iterator[Row]:
        return iter(self.collect())

    def first(self, n: int | None = None) -> Any:
        rows = self.collect() if self._statement else self.limit(n or 1).collect()
        return rows[:n] if n is not None else next(iter(rows), None)

    def count(self) -> int:
        return int(str(self.session.run(f"SELECT COUNT(*) FROM ({self.sql})")[1][0][0]))

    def show(self, n: int = 10) -> None:
        sys.stdout.write("\n".join(map(repr, self.first(n))) + "\n")

    def to_pandas(self) -> Any:
        pandas = importlib.import_module("pandas")
        names, rows = self._names_and_rows()
        return pandas.DataFrame(rows, columns=names)

    @property
    def columns(self) -> list[str]:
        return self.session.run(f"SELECT * FROM ({self.sql}) LIMIT 0")[0]

    def _made(self, sql: str) -> DataFrame:
        return DataFrame(self.session, sql)

    def select(self, *columns: Any) -> DataFrame:
        listed = columns[0] if len(columns) == 1 and isinstance(columns[0], (list, tuple)) else columns
        return self._made(f"SELECT {', '.join(column_of(each).shown for each in listed)} FROM ({self.sql})")

    def filter(self, condition: Column | str) -> DataFrame:
        text = condition if isinstance(condition, str) else condition.sql
        return self._made(f"SELECT * FROM ({self.sql}) WHERE {text}")

    where = filter

    def limit(self, n: int, offset: int = 0) -> DataFrame:
        return self._made(f"SELECT * FROM ({self.sql}) LIMIT {int(n)} OFFSET {int(offset)}")

    def sort(self, *columns: Any) -> DataFrame:
        return self._made(f"SELECT * FROM ({self.sql}) ORDER BY {', '.join(column_of(each).sql for each in columns)}")

    order_by = sort

    def distinct(self) -> DataFrame:
        return self._made(f"SELECT DISTINCT * FROM ({self.sql})")

    def union_all(self, other: DataFrame) -> DataFrame:
        return self._made(f"({self.sql}) UNION ALL ({other.sql})")

    def union(self, other: DataFrame) -> DataFrame:
        return self._made(f"({self.sql}) UNION ({other.sql})")

    def with_column(self, name: str, value: Column) -> DataFrame:
        kept = [identifier(f'"{each}"') for each in self.columns if f'"{each}"' != identifier(name)]
        return self._made(f"SELECT {', '.join([*kept, f'{value.sql} AS {identifier(name)}'])} FROM ({self.sql})")

    def drop(self, *names: str) -> DataFrame:
        return self._made(f"SELECT * EXCLUDE ({', '.join(map(identifier, names))}) FROM ({self.sql})")

    def group_by(self, *columns: Any) -> Grouped:
        return Grouped(self, [column_of(each).sql for each in columns])

    def agg(self, *aggregates: Column) -> DataFrame:
        return Grouped(self, []).agg(*aggregates)

    def create_or_replace_view(self, name: str) -> list[Row]:
        return self.session.sql(f"CREATE OR REPLACE VIEW {name} AS {self.sql}").collect()

    def create_or_replace_temp_view(self, name: str) -> list[Row]:
        return self.session.sql(f"CREATE OR REPLACE TEMPORARY VIEW {name} AS {self.sql}").collect()

    @property
    def write(self) -> Writer:
        return Writer(self)

    def __getitem__(self, name: str) -> Column:
        return column_of(name)

    def __getattr__(self, name: str) -> Any:
        _missing("DataFrame", name)


class Grouped:
    """Rows by group, waiting for their aggregates."""

    def __init__(self, frame: DataFrame, keys: list[str]) -> None:
        self._frame, self._keys = frame, keys

    def agg(self, *aggregates: Column) -> DataFrame:
        listed = [*self._keys, *(each.shown for each in aggregates)]
        grouped = f" GROUP BY {', '.join(self._keys)}" if self._keys else ""
        return DataFrame(self._frame.session, f"SELECT {', '.join(listed)} FROM ({self._frame.sql}){grouped}")

    def count(self) -> DataFrame:
        return self.agg(Column("COUNT(*)", '"COUNT"'))

    def __getattr__(self, name: str) -> Any:
        _missing("RelationalGroupedDataFrame", name)


class Writer:
    """`DataFrame.write`."""

    def __init__(self, frame: DataFrame, mode: str = "errorifexists") -> None:
        self._frame, self._mode = frame, mode

    def mode(self, mode: str) -> Writer:
        if mode.lower() not in MODES:
            raise ValueError(f"{mode} is no mode: it is one of {', '.join(MODES)}")
        return Writer(self._frame, mode.lower())

    def save_as_table(self, name: str | Sequence[str], *, mode: str | None = None, table_type: str = "") -> None:
        if table_type not in KINDS:
            raise ValueError(f"{table_type} is no type of table: it is one of {', '.join(filter(None, KINDS))}")
        chosen = self.mode(mode)._mode if mode else self._mode
        place = name if isinstance(name, str) else ".".join(map(identifier, name))
        for statement in MODES[chosen]:
            self._frame.session.sql(statement.format(kind=KINDS[table_type], name=place, sql=self._frame.sql)).collect()

    saveAsTable = save_as_table  # noqa: N815

    def __getattr__(self, name: str) -> Any:
        _missing("DataFrameWriter", name)


class Session:
    """The session that called the procedure."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def run(self, sql: str, binds: Sequence[object] = ()) -> tuple[list[str], list[list[object]]]:
        """Names of columns and rows of a statement; a failure is a SnowparkSQLException."""
        answer = self._ask({"sql": sql, "binds": [literal(value) for value in binds]})
        if "failed" in answer:
            raise SnowparkSQLException(**answer["failed"])
        kinds = answer["kinds"]
        loaded = [["VARCHAR" if kind in ("VARIANT", "OBJECT", "ARRAY") else kind for kind in kinds]] * len(
            answer["rows"]
        )
        rows = [list(map(received, kinds_, row)) for kinds_, row in zip(loaded, answer["rows"], strict=True)]
        return answer["names"], rows

    def sql(self, query: str, params: Sequence[object] | None = None) -> DataFrame:
        return _Bound(self, query, params) if params else DataFrame(self, query, statement=True)

    def table(self, name: str | Sequence[str]) -> DataFrame:
        place = name if isinstance(name, str) else ".".join(map(identifier, name))
        return DataFrame(self, f"SELECT * FROM {place}")

    def call(self, name: str, *arguments: object) -> Any:
        rows = self.run(f"CALL {name}({', '.join(map(literal, arguments))})")[1]
        return rows[0][0] if rows else None

    def create_dataframe(self, data: Sequence[Any], schema: Sequence[str] | None = None) -> DataFrame:
        rows = [tuple(each) if isinstance(each, (list, tuple)) else (each,) for each in data]
        if not rows or not all(isinstance(name, str) for name in schema or ()):
            raise ValueError("create_dataframe takes at least one row, and names as its schema, in the sandbox")
        names = list(schema) if schema else [f"_{at + 1}" for at in range(len(rows[0]))]
        listed = ", ".join(f"({', '.join(map(literal, row))})" for row in rows)
        shown = ", ".join(f"COLUMN{at + 1} AS {identifier(name)}" for at, name in enumerate(names))
        return DataFrame(self, f"SELECT {shown} FROM VALUES {listed}")

    createDataFrame = create_dataframe  # noqa: N815

    def _current(self, what: str) -> str | None:
        value = self.run(f"SELECT CURRENT_{what}()")[1][0][0]
        return None if value is None else f'"{value}"'

    def get_current_database(self) -> str | None:
        return self._current("DATABASE")

    def get_current_schema(self) -> str | None:
        return self._current("SCHEMA")

    def get_current_role(self) -> str | None:
        return self._current("ROLE")

    def get_current_user(self) -> str | None:
        return self._current("USER")

    def get_current_warehouse(self) -> str | None:
        return self._current("WAREHOUSE")

    def get_current_account(self) -> str | None:
        return self._current("ACCOUNT")

    def use_database(self, name: str) -> None:
        self.run(f"USE DATABASE {name}")

    def use_schema(self, name: str) -> None:
        self.run(f"USE SCHEMA {name}")

    def use_role(self, name: str) -> None:
        self.run(f"USE ROLE {name}")

    def use_warehouse(self, name: str) -> None:
        self.run(f"USE WAREHOUSE {name}")

    def __getattr__(self, name: str) -> Any:
        _missing("Session", name)


class _Bound(DataFrame):
    """A statement with values for its question marks; it can only be run."""

    def __init__(self, session: Session, sql: str, binds: Sequence[object]) -> None:
        super().__init__(session, sql, statement=True)
        self._binds = binds

    def _names_and_rows(self) -> tuple[list[str], list[list[object]]]:
        return self.session.run(self.sql, self._binds)

    def _made(self, sql: str) -> DataFrame:
        raise AttributeError(f"a query with params can only be collected in the sandbox, not made into {sql}")


def vectorized(input: object = None, max_batch_size: int | None = None, **other: object) -> Callable[[Any], Any]:
    """Marks a handler as one that takes whole columns."""
    if other or getattr(input, "__name__", "") != "DataFrame":
        _missing("vectorized", ", ".join(other) or "an input other than pandas.DataFrame")

    def marked(handler: Any) -> Any:
        handler._sf_vectorized_input = input
        handler._sf_max_batch_size = max_batch_size
        return handler

    return marked


def modules() -> dict[str, ModuleType]:
    """What the code of a function finds under the names of Snowpark."""
    found: dict[str, dict[str, Any]] = {
        "_snowflake": {"vectorized": vectorized},
        "snowflake": {"__path__": []},
        "snowflake.snowpark": {
            "__path__": [], "Session": Session, "DataFrame": DataFrame, "Row": Row, "Column": Column,
        },
        "snowflake.snowpark.session": {"Session": Session},
        "snowflake.snowpark.dataframe": {"DataFrame": DataFrame},
        "snowflake.snowpark.row": {"Row": Row},
        "snowflake.snowpark.functions": dict(FUNCTIONS),
        "snowflake.snowpark.exceptions": {"SnowparkSQLException": SnowparkSQLException},
    }  # fmt: skip
    made = {name: _module(name, content) for name, content in found.items()}
    for name, module in made.items():
        parent, _, own = name.rpartition(".")
        if parent:
            setattr(made[parent], own, module)
    return made


def _module(name: str, content: dict[str, Any]) -> ModuleType:
    module = ModuleType(name)
    module.__dict__.update(content)

    def missing(attribute: str) -> NoReturn:
        _missing(name, attribute)

    module.__dict__["__getattr__"] = missing
    return module
