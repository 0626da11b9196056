"""Statements under way: queued in their session, run by the engine, answered once, looked up by query id or request id.

A request id is executed once: who sends it again (the connector does, after a broken connection) waits for the same
answer. A query belongs to its account and user; others do not see it.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import field, replace
from datetime import datetime

from runner.sandbox.catalog.store import utc_now
from runner.sandbox.classes import dataclass
from runner.sandbox.control import Control, canceled
from runner.sandbox.engine import Engine
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.failures import incident
from runner.sandbox.http import answers, encoding
from runner.sandbox.http.bindings import Named, Rows, Values
from runner.sandbox.http.bulk import execute_rows, insertable, inserting_from, placeholders, shares_of
from runner.sandbox.http.describe import described
from runner.sandbox.http.parameters import for_one_statement
from runner.sandbox.http.results import Results, Stored
from runner.sandbox.http.sessions import Visitor, Visitors
from runner.sandbox.result import Result, StatementType
from runner.sandbox.splitting import counted

REMEMBERED = 20_000
KEPT_TEXT = 10_000
"""Characters of a finished statement's text that are kept."""
_log = logging.getLogger("runner.sandbox")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A query request, read."""

    text: str
    request_id: str
    base_url: str
    binds: Values | Named | Rows | None = None
    bind_stage: str = ""
    """Where the client has put the values of many rows, instead of sending them."""
    parameters: Mapping[str, object] = field(default_factory=dict)
    describe_only: bool = False

    @property
    def wanted(self) -> int:
        """How many statements the request says it holds; 1 unless told, 0 for any number."""
        return int(str(self.parameters.get("MULTI_STATEMENT_COUNT", 1)))


@dataclass(eq=False)
class Query:
    """One request's execution. `done` is set when the answer lies in the results."""

    id: str
    visitor: Visitor
    asked: Asked
    fingerprint: int = field(init=False)
    """Tells this request's text from another's after the text was cut."""
    state: str = "QUEUED"
    error: SnowflakeError | None = None
    started_at: datetime = field(default_factory=utc_now)
    ended_at: datetime | None = None
    control: Control = field(default_factory=Control)
    """Stops it, waiting or running, with all its statements."""
    done: Future[None] = field(default_factory=Future)

    def __post_init__(self) -> None:
        self.fingerprint = hash(self.asked.text)

    def shrink(self) -> None:
        """It is finished: keep what is looked at later, not megabytes."""
        self.asked = replace(self.asked, text=self.asked.text[:KEPT_TEXT], binds=None)

    def cancel(self) -> None:
        self.control.stop(canceled())


def new_query_id() -> str:
    """A UUID that starts, as Snowflake's do, with 01 and grows with time."""
    minutes = int(utc_now().timestamp() // 60) & 0xFFFFFF
    return f"01{minutes:06x}{str(uuid.uuid4())[8:]}"


class Queries:
    """All queries of the process, the latest remembered."""

    def __init__(self, engine: Engine, visitors: Visitors, results: Results) -> None:
        self._engine = engine
        self._visitors = visitors
        self._results = results
        self._mutex = threading.Lock()
        self._by_id: OrderedDict[str, Query] = OrderedDict()
        self._by_request: dict[tuple[int, str], Query] = {}
        self.executed = 0
        self.pause = 0.0
        """Seconds that every statement takes longer."""

    def submit(self, visitor: Visitor, asked: Asked) -> Query:
        """Queue the request, or find it when this session sent it before."""
        key = (visitor.session.id, asked.request_id)
        with self._mutex:
            known = self._by_request.get(key) if asked.request_id else None
            if known is not None:
                return _same(known, asked)
            query = Query(new_query_id(), visitor, asked)
            if asked.request_id:
                self._by_request[key] = query
            self._remember(query.id, query)
        self._visitors.enqueue(visitor, lambda: self._answer(query))
        return query

    def _remember(self, query_id: str, query: Query) -> None:
        self._by_id[query_id] = query
        if len(self._by_id) > REMEMBERED:
            _, oldest = self._by_id.popitem(last=False)
            self._by_request.pop((oldest.visitor.session.id, oldest.asked.request_id), None)

    def find(self, visitor: Visitor, query_id: str) -> Query | None:
        """A query that this visitor may see: one of the same account."""
        query = self._by_id.get(query_id)
        return query if query and query.visitor.session.account == visitor.session.account else None

    def by_request(self, visitor: Visitor, request_id: str) -> Query | None:
        return self._by_request.get((visitor.session.id, request_id))

    def of(self, visitor: Visitor) -> list[Query]:
        """The queries of a session that are not finished."""
        with self._mutex:
            return [q for q in self._by_id.values() if q.visitor is visitor and not q.done.done()]

    def stop(self, visitor: Visitor) -> None:
        """Cancel all that a session runs or has waiting."""
        for query in self.of(visitor):
            query.cancel()

    def _answer(self, query: Query) -> None:
        try:
            stored = self._stored(query)
            query.state = "SUCCESS"
        except SnowflakeError as error:
            stored = self._failure(query, error)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, the client gets an answer and the process lives
            _log.exception("incident in %s", query.id)
            stored = self._failure(query, incident(f"{type(error).__name__}: {error}"))
        query.ended_at = utc_now()
        try:
            self._results.put(query.id, stored)
        finally:
            query.shrink()
            query.done.set_result(None)

    def _failure(self, query: Query, error: SnowflakeError) -> Stored:
        query.error = error
        query.state = "FAILED_WITH_INCIDENT" if error.errno == 603 else "FAILED_WITH_ERROR"
        return Stored(answers.failed(error, query.id))

    def _stored(self, query: Query) -> Stored:
        asked, session = query.asked, query.visitor.session
        query.control.check()
        query.state = "RUNNING"
        with for_one_statement(session, asked.parameters):
            texts = counted(asked.text, asked.wanted)
            if len(texts) > 1:
                return self._several(query, texts)
            result = self._execute(query, texts[0], asked.binds, query.id)
            told = _told_of_binds(texts[0], result) if asked.describe_only else {}
            heap = self._results.heap(query.id)
            return encoding.encoded(result, session, query.id, asked.base_url, told, heap)

    def _several(self, query: Query, texts: list[str]) -> Stored:
        session, children = query.visitor.session, []
        for text, binds in zip(texts, shares_of(texts, query.asked.binds), strict=True):
            child = new_query_id()
            result = self._execute(query, text, binds, child)
            heap = self._results.heap(child)
            self._results.put(child, encoding.encoded(result, session, child, query.asked.base_url, heap=heap))
            with self._mutex:
                self._remember(child, query)
            children.append((child, int(result.statement)))
        return encoding.several(session, query.id, children)

    def _execute(self, query: Query, text: str, binds: Values | Named | Rows | None, query_id: str) -> Result:
        session, control = query.visitor.session, query.control
        self.executed += 1
        if self.pause:
            control.wait(self.pause)
        if query.asked.describe_only:
            return described(self._engine, session, text, query_id, control)
        if query.asked.bind_stage:
            from_stage = inserting_from(text, query.asked.bind_stage)
            return self._engine.execute(session, from_stage, None, query_id=query_id, control=control, sent=text)
        if isinstance(binds, Rows):
            return execute_rows(self._engine, session, text, binds.rows, query_id, control)
        return self._engine.execute(session, text, binds, query_id=query_id, control=control)


def _told_of_binds(text: str, result: Result) -> dict[str, object]:
    """By this a client decides how it sends the values of many rows."""
    return {
        "numberOfBinds": placeholders(text),
        "arrayBindSupported": result.statement is StatementType.INSERT and insertable(text),
    }


def _same(known: Query, asked: Asked) -> Query:
    if known.fingerprint != hash(asked.text):
        raise answers.Refusal("390400", f"Request id {asked.request_id[:64]} was already used for another statement.")
    return known
