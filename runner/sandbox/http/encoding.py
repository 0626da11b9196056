"""From an engine's Result to the answer of a query request: the first rows inside it, the rest in chunks beside it.

Queries travel as Arrow unless JSON was asked for; all else (DML, DDL, SHOW, DESCRIBE) as JSON, as Snowflake does.
"""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import pyarrow as pa

from runner.sandbox.catalog.store import utc_now
from runner.sandbox.http import answers
from runner.sandbox.http.parameters import told, wants_json
from runner.sandbox.http.results import Heap, Stored
from runner.sandbox.http.rowset import to_rows
from runner.sandbox.http.rowtype import rowtype
from runner.sandbox.pages import release
from runner.sandbox.result import Column, Result, StatementType
from runner.sandbox.session import Session

INLINE_BYTES = 1024 * 1024
CHUNK_BYTES = 8 * 1024 * 1024
_SAMPLE = 10_000
"""Rows by which it is told how much larger the rest is on the wire."""
_STATISTICS = {
    "number of rows inserted": "numRowsInserted",
    "number of rows updated": "numRowsUpdated",
    "number of rows deleted": "numRowsDeleted",
    "number of multi-joined rows updated": "numDmlDuplicates",
}
_ARROW = (StatementType.SELECT, StatementType.CALL)


def common(session: Session, query_id: str, statement: int) -> dict[str, Any]:
    """What every successful answer says about its session."""
    return {
        "parameters": told(session),
        "queryId": query_id,
        "databaseProvider": None,
        "finalDatabaseName": session.database,
        "finalSchemaName": session.schema,
        "finalWarehouseName": session.warehouse,
        "finalRoleName": session.role,
        "numberOfBinds": 0,
        "arrayBindSupported": False,
        "statementTypeId": int(statement),
        "version": 1,
        "sendResultTime": int(utc_now().timestamp() * 1000),
    }


def encoded(
    result: Result,
    session: Session,
    query_id: str,
    base_url: str,
    told: Mapping[str, object] | None = None,
    heap: Heap | None = None,
) -> Stored:
    """The whole answer of a statement that succeeded; its chunks are put on the heap."""
    rows = result.table.num_rows
    data = common(session, query_id, result.statement)
    if result.transfer is not None:
        return Stored(answers.body(data | addressed(result.transfer, base_url)))
    data |= {"rowtype": rowtype(result.columns), "total": rows, "returned": rows}
    data |= told or {}
    if result.statement & 0xF000 == StatementType.DML and rows:
        data["stats"] = _statistics(result)
    if result.statement in _ARROW and not wants_json(session):
        pieces: Iterator[tuple[int, Any]] = _arrow_pieces(result)
        # No rows are no bytes: clients take a stream without batches for broken.
        first = next(pieces)[1]
        data |= {"queryResultFormat": "arrow", "rowsetBase64": b64encode(first).decode() if rows else ""}
    else:
        pieces = _json_pieces(result.columns, result.table)
        data |= {"queryResultFormat": "json", "rowset": next(pieces)[1]}
    return _stored(data, pieces, f"{base_url}/chunks/{query_id}", heap or Heap())


def _stored(data: dict[str, Any], pieces: Iterator[tuple[int, Any]], url: str, heap: Heap) -> Stored:
    """The answer with the further pieces beside it."""
    try:
        listed = []
        for rows, chunk in pieces:
            heap.add(chunk)
            listed.append((rows, len(chunk)))
        key = secrets.token_urlsafe(32) if listed else ""
        if key:
            data |= _chunk_list(listed, url, key)
        return Stored(answers.body(data), heap.chunks, key, heap.folder, tuple(heap.sizes if heap.folder else ()))
    except BaseException:
        heap.drop()
        raise


def addressed(transfer: Mapping[str, object], base_url: str) -> dict[str, object]:
    """What PUT and GET tell, addresses with the door's own in front."""
    stage = dict(cast(dict[str, object], transfer["stageInfo"]))
    if "presignedUrl" in stage:
        stage["presignedUrl"] = f"{base_url}{stage['presignedUrl']}"
    if "endPoint" in stage:
        stage["endPoint"] = base_url
    urls = [f"{base_url}{url}" for url in cast(list[str], transfer.get("presignedUrls", []))]
    return {**transfer, "stageInfo": stage, "uploadInfo": stage, "presignedUrls": urls or None}


def _statistics(result: Result) -> dict[str, int]:
    counts = zip(result.columns, result.first(), strict=False)
    return {_STATISTICS[c.name]: int(str(count)) for c, count in counts if c.name in _STATISTICS}


def _chunk_list(pieces: Sequence[tuple[int, int]], url: str, key: str) -> dict[str, object]:
    return {"chunks": [_listed(rows, size, f"{url}/{at}?signature={key}") for at, (rows, size) in enumerate(pieces)]}


def _listed(rows: int, size: int, url: str) -> dict[str, object]:
    return {"url": url, "rowCount": rows, "uncompressedSize": size, "compressedSize": size}


def _bounds(rows: int, size: int) -> list[tuple[int, int]]:
    """(offset, length) of the inline rows and of each chunk, by the average size of a row."""
    per_row = max(1, size // max(rows, 1))
    first, further = max(1, INLINE_BYTES // per_row), max(1, CHUNK_BYTES // per_row)
    starts = range(min(first, rows), rows, further)
    return [(0, min(first, rows)), *((start, min(further, rows - start)) for start in starts)]


def _arrow_pieces(result: Result) -> Iterator[tuple[int, bytes]]:
    from runner.sandbox.http import arrow  # The kernels of pyarrow come with it: loaded when rows are first sent.

    columns, table = result.columns, result.table
    if table.num_rows <= _SAMPLE:
        wire = arrow.to_wire(columns, table)
        yield from ((n, arrow.stream(wire.slice(start, n))) for start, n in _bounds(wire.num_rows, wire.nbytes))
        return
    wide = arrow.wide_columns(columns, table)
    sample = table.slice(0, _SAMPLE)
    size = arrow.to_wire(columns, sample, wide).nbytes * table.nbytes // max(1, sample.nbytes)
    for start, length in _bounds(table.num_rows, size):
        yield length, arrow.stream(arrow.to_wire(columns, table.slice(start, length), wide))
        release(table)


def _json_pieces(columns: Sequence[Column], table: pa.Table) -> Iterator[tuple[int, Any]]:
    """The first piece stays rows; the others are rows written out without their outer brackets."""
    bounds = _bounds(table.num_rows, table.nbytes * 2)
    first = to_rows(columns, table.slice(*bounds[0]))
    yield len(first), first
    for start, length in bounds[1:]:
        yield length, _bare(to_rows(columns, table.slice(start, length)))
        release(table)


def _bare(rows: list[list[str | None]]) -> bytes:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))[1:-1].encode("utf-8", "surrogatepass")


def several(session: Session, query_id: str, children: Sequence[tuple[str, int]]) -> Stored:
    """The answer of a request of several statements: their query ids and types; each is fetched by its own id."""
    data = common(session, query_id, StatementType.MULTI)
    message = "Multiple statements executed successfully."
    data |= {
        "rowtype": [_multiple()],
        "rowset": [[message]],
        "total": 1,
        "returned": 1,
        "queryResultFormat": "json",
        "resultIds": ",".join(child for child, _ in children),
        "resultTypes": ",".join(str(int(kind)) for _, kind in children),
    }
    return Stored(answers.body(data))


def _multiple() -> dict[str, object]:
    return {
        "name": "multiple statement execution",
        "database": "",
        "schema": "",
        "table": "",
        "type": "text",
        "nullable": False,
        "collation": None,
        "precision": None,
        "scale": None,
        "length": 16777216,
        "byteLength": 16777216,
    }
