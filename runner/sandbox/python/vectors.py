"""Handlers that take whole columns, as pandas: values become a DataFrame, what comes back becomes values again.

Runs in the child. Sources: developer-guide/udf/python/udf-python-batch, udf-python-tabular-vectorized.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from runner.sandbox.python.values import received

MARK, SIZE = "_sf_vectorized_input", "_sf_max_batch_size"
Rows = Sequence[Sequence[object]]
_LARGEST = 1 << 63
_NANOS = re.compile(r"\.\d{6}(\d{3})")


def is_vectorized(handler: Any) -> bool:
    return hasattr(handler, MARK)


def batches(handler: Any, rows: Rows) -> Iterator[Rows]:
    """As many rows at once as the handler takes."""
    most = getattr(handler, SIZE, None) or max(1, len(rows))
    return (rows[at : at + most] for at in range(0, len(rows), most))


def frame(kinds: Sequence[str], rows: Rows, names: Sequence[object] | None = None) -> Any:
    """The arguments as a DataFrame: columns by their numbers, or by the arguments' names."""
    pandas = importlib.import_module("pandas")
    columns = [_column(pandas, kind, [row[at] for row in rows]) for at, kind in enumerate(kinds)]
    return pandas.DataFrame(dict(zip(names or range(len(kinds)), columns, strict=True)), index=range(len(rows)))


def _column(pandas: Any, kind: str, wires: list[object]) -> Any:
    if kind == "NUMBER":
        return _numbers(pandas, wires)
    values = [_moment(pandas, received(kind, wire), wire) for wire in wires]
    found = {
        "FLOAT": "float64", "BOOLEAN": "boolean", "VARCHAR": "string", "DATE": "datetime64[ns]",
        "TIME": "timedelta64[ns]", "TIMESTAMP_NTZ": "datetime64[ns]", "TIMESTAMP_LTZ": "datetime64[ns]",
        "TIMESTAMP_TZ": "datetime64[ns]",
    }  # fmt: skip
    return pandas.Series(values, dtype=found.get(kind, "object"))


def _moment(pandas: Any, value: object, wire: object) -> object:
    """What pandas keeps of a moment: no offset, and a time as what has passed since midnight; all nine digits."""
    if not isinstance(value, (datetime, time)):
        return value
    further = _NANOS.search(str(wire))
    nanoseconds = pandas.Timedelta(int(further.group(1)) if further else 0, "ns")
    if isinstance(value, datetime):
        whole = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return pandas.Timestamp(whole) + nanoseconds if further else whole
    passed = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
    return pandas.Timedelta(passed) + nanoseconds


def _numbers(pandas: Any, wires: list[object]) -> Any:
    values = [received("NUMBER", wire) for wire in wires]
    whole = all(value is None or (isinstance(value, int) and -_LARGEST <= value < _LARGEST) for value in values)
    if whole:
        return pandas.Series(values, dtype="Int64")
    return pandas.Series([None if value is None else float(str(value)) for value in values], dtype="float64")


def listed(result: Any, count: int) -> list[object]:
    """One value for each row: of a Series, an array or a list."""
    if not hasattr(result, "__len__") or isinstance(result, (str, bytes, dict)):
        raise TypeError(f"Expected a pandas Series or array, got {type(result).__name__}")
    if len(result) != count:
        raise ValueError(f"Expected {count} results, got {len(result)}")
    return list(map(_plain, result.tolist() if hasattr(result, "tolist") else list(result)))


def tuples(result: Any) -> list[tuple[object, ...]]:
    """The rows of a DataFrame, or of a tuple of columns."""
    if result is None:
        return []
    if hasattr(result, "columns"):
        columns = [result.iloc[:, at] for at in range(len(result.columns))]
    elif isinstance(result, tuple):
        columns = list(result)
    else:
        raise TypeError(f"Expected a pandas DataFrame, got {type(result).__name__}")
    counts = {len(column) for column in columns}
    if len(counts) > 1:
        raise ValueError("the columns of the result differ in length")
    return list(zip(*(listed(column, len(column)) for column in columns), strict=True))


def _plain(value: Any) -> object:
    """A value as Python has it; what pandas takes for missing is NULL."""
    pandas = importlib.import_module("pandas")
    if isinstance(value, (list, dict, tuple, set)):
        return value
    if value is None or pandas.isna(value):
        return None
    if hasattr(value, "item"):
        return value.item()
    if hasattr(value, "to_pydatetime"):
        return value if value.nanosecond else value.to_pydatetime()
    if isinstance(value, timedelta):
        passed = (
            datetime(2000, 1, 1) + timedelta(days=value.days, seconds=value.seconds, microseconds=value.microseconds)
        ).time()
        return _Clock.of(passed, getattr(value, "nanoseconds", 0))
    return value


class _Clock(time):
    """A time of day that says its nanoseconds."""

    nano = 0

    @classmethod
    def of(cls, value: time, nano: int) -> time:
        made = cls(value.hour, value.minute, value.second, value.microsecond)
        made.nano = nano
        return made if nano else value

    def isoformat(self, timespec: str = "auto") -> str:
        del timespec
        return f"{super().isoformat('microseconds')}{self.nano:03d}"


def as_date(kind: str, value: object) -> object:
    """A DATE comes as a moment at midnight."""
    return value.date() if kind == "DATE" and isinstance(value, datetime) else value
