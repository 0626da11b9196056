"""The child process: loads the code of one function or procedure, and answers the sandbox until its input ends."""

from __future__ import annotations

import functools
import importlib
import os
import sys
import threading
import time
import traceback
from collections.abc import Iterable
from types import ModuleType
from typing import IO, Any

from runner.sandbox.python import guard, snowpark, vectors
from runner.sandbox.python.aggregates import aggregated
from runner.sandbox.python.pipe import Message, receive, send
from runner.sandbox.python.values import given, received

CODE = "_udf_code.py"
PROGRAM = "import sys; sys.path.insert(0, {root!r}); from runner.sandbox.python.child import main; main()"


class Refused(Exception):
    """What the sandbox does not do, told by name."""


def main() -> None:
    """Runs until the sandbox closes the pipe, or is gone."""
    orders, answers = pipes()
    first = receive(orders)
    if first is None:
        return
    sys.path[:] = first["imports"] + [path for path in sys.path if path != first["root"]] + first["sites"]
    if first["imports"]:
        sys._xoptions["snowflake_import_directory"] = first["imports"][0] + os.sep
    sys._xoptions["snowflake_partner_attribution"] = []  # Partners' code appends its name.
    importlib.invalidate_caches()
    sys.modules.update(snowpark.modules())
    guard.confine(first["readable"], os.getcwd(), guard.LIBRARIES if first["sites"] else ())
    threading.Thread(target=watch, args=(os.getppid(),), daemon=True).start()
    loaded = _Loaded(first, orders, answers)
    while (order := receive(orders)) is not None:
        send(answers, loaded.answer(order))


def pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The pipe to the sandbox, kept from the code, which may print and read as it likes."""
    orders, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return orders, answers


def watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.25)
    os._exit(1)


class _Loaded:
    """The code with its handler, made when it is first needed."""

    def __init__(self, first: Message, orders: IO[bytes], answers: IO[bytes]) -> None:
        self._first, self._orders, self._answers = first, orders, answers
        self._handler: Any = None

    def answer(self, order: Message) -> Message:
        try:
            if self._handler is None:
                self._handler = self._load()
            return self._perform(order)
        except Refused as refusal:
            return {"refused": str(refusal)}
        except BaseException as error:  # noqa: BLE001 - whatever the code raises is its answer, SystemExit too
            return {"error": _told(error)}

    def _load(self) -> Any:
        module = ModuleType("_udf_code")
        sys.modules["_udf_code"] = module
        exec(compile(self._first["code"], CODE, "exec"), module.__dict__)  # noqa: S102 - that is what it is for
        place, _, name = self._first["handler"].rpartition(".")
        if place and not hasattr(module, place.partition(".")[0]):
            module = importlib.import_module(place)
        elif place:
            module = functools.reduce(getattr, place.split("."), module)
        if not hasattr(module, name):
            raise AttributeError(f"handler {name} is not found in the code")
        return getattr(module, name)

    def _perform(self, order: Message) -> Message:
        kinds, returns = self._first["arguments"], self._first["returns"]
        if order["do"] == "rows":
            return {"rows": self._rows(kinds, returns[0], order["rows"])}
        if order["do"] == "groups":
            values = (aggregated(self._handler, kinds, rows) for rows in order["groups"])
            return {"rows": [given(returns[0], value) for value in values]}
        if order["do"] == "partitions":
            return {"partitions": [self._partition(rows) for rows in order["partitions"]]}
        return self._call(order)

    def _rows(self, kinds: list[str], kind: str, rows: list[list[object]]) -> list[object]:
        if not vectors.is_vectorized(self._handler):
            return [given(kind, self._handler(*_row(kinds, row))) for row in rows]
        done: list[object] = []
        for batch in vectors.batches(self._handler, rows):
            done += vectors.listed(self._handler(vectors.frame(kinds, batch)), len(batch))
        return [given(kind, vectors.as_date(kind, value)) for value in done]

    def _columns(self, handler: Any, rows: list[list[object]]) -> Message:
        """A partition for a handler that takes whole columns: at its end, or row by row."""
        kinds, returns, names = self._first["arguments"], self._first["returns"], self._first["names"]
        if not vectors.is_vectorized(getattr(handler, "process", None)):
            found = vectors.tuples(handler.end_partition(vectors.frame(kinds, rows, names)))
            return {"rows": [[] for _ in rows], "end": _tuples(returns, _dated(returns, found))}
        each: list[list[list[object]]] = []
        for batch in vectors.batches(handler.process, rows):
            found = vectors.tuples(handler.process(vectors.frame(kinds, batch, names)))
            if len(found) != len(batch):
                raise Refused("a vectorized process that gives more or fewer rows than it is given")
            each += [[row] for row in _tuples(returns, _dated(returns, found))]
        return {"rows": each, "end": []}

    def _partition(self, rows: list[list[object]]) -> Message:
        kinds, returns = self._first["arguments"], self._first["returns"]
        handler = self._handler()
        if any(vectors.is_vectorized(getattr(handler, name, None)) for name in ("process", "end_partition")):
            return self._columns(handler, rows)
        process = getattr(handler, "process", None)
        each = [_tuples(returns, process(*_row(kinds, row)) if process else None) for row in rows]
        end = getattr(handler, "end_partition", None)
        return {"rows": each, "end": _tuples(returns, end() if end else None)}

    def _call(self, order: Message) -> Message:
        kinds, returns = self._first["arguments"], self._first["returns"]
        session = snowpark.Session(self._ask)
        value = self._handler(session, *_row(kinds, order["row"]))
        if self._first["table"]:
            if value is not None and not isinstance(value, snowpark.DataFrame):
                raise TypeError(f"Expected a DataFrame for TABLE, got {type(value).__name__}")
            return {"query": None if value is None else value.sql}
        return {"value": given(returns[0], value, loosely=True)}

    def _ask(self, question: Message) -> Message:
        send(self._answers, question)
        answer = receive(self._orders)
        if answer is None:
            os._exit(1)
        return answer


def _row(kinds: list[str], row: list[object]) -> list[object]:
    return [received(kind, value) for kind, value in zip(kinds, row, strict=True)]


def _dated(returns: list[str], rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return [tuple(vectors.as_date(kind, value) for kind, value in zip(returns, row, strict=False)) for row in rows]


def _tuples(returns: list[str], results: Iterable[Any] | None) -> list[list[object]]:
    """Rows of a table function: what `process` or `end_partition` yielded."""
    rows = []
    for result in results or ():
        row = result if isinstance(result, (tuple, list)) else (result,)
        if len(row) != len(returns):
            raise ValueError(f"Expected {len(returns)} columns, got {len(row)}: {row!r}")
        rows.append([given(kind, value) for kind, value in zip(returns, row, strict=True)])
    return rows


def _told(error: BaseException) -> str:
    """The traceback as far as it is the code's own."""
    told = traceback.TracebackException.from_exception(error)
    told.stack = traceback.StackSummary.from_list([frame for frame in told.stack if not _is_own(frame)])
    lines = told.format(chain=False) if told.stack else told.format_exception_only()
    return "".join(lines).rstrip("\n")


def _is_own(frame: traceback.FrameSummary) -> bool:
    return os.path.dirname(frame.filename) == os.path.dirname(__file__) or frame.filename.startswith("<string")
