"""Parameters as the wire carries them: what clients are told about their session, and what they ask for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from ipaddress import ip_address

from runner.sandbox.session import SESSION_DEFAULTS, Session

_TOLD: dict[str, object] = {
    "BINARY_OUTPUT_FORMAT": "HEX",
    "CLIENT_MEMORY_LIMIT": 1536,
    "CLIENT_METADATA_REQUEST_USE_CONNECTION_CTX": False,
    "CLIENT_PREFETCH_THREADS": 4,
    "CLIENT_RESULT_CHUNK_SIZE": 160,
    "CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY": 3600,
    "CLIENT_STAGE_ARRAY_BINDING_THRESHOLD": 65280,
    "CLIENT_TELEMETRY_ENABLED": False,
    "DATE_OUTPUT_FORMAT": "YYYY-MM-DD",
    "QUERY_CONTEXT_CACHE_SIZE": 5,
    "TIMESTAMP_LTZ_OUTPUT_FORMAT": "",
    "TIMESTAMP_NTZ_OUTPUT_FORMAT": "YYYY-MM-DD HH24:MI:SS.FF3",
    "TIMESTAMP_OUTPUT_FORMAT": "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM",
    "TIMESTAMP_TZ_OUTPUT_FORMAT": "",
    "TIME_OUTPUT_FORMAT": "HH24:MI:SS",
}
_FROM_SESSION = (
    "AUTOCOMMIT",
    "CLIENT_SESSION_KEEP_ALIVE",
    "CLIENT_TIMESTAMP_TYPE_MAPPING",
    "TIMESTAMP_TYPE_MAPPING",
    "TIMEZONE",
    "WEEK_START",
)
FORMATS = ("PYTHON_CONNECTOR_QUERY_RESULT_FORMAT", "JDBC_QUERY_RESULT_FORMAT", "ODBC_QUERY_RESULT_FORMAT")


def as_text(value: object) -> str:
    """A parameter's value as the session keeps it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _typed(text: str) -> object:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.lstrip("-").isdigit() else text


def told(session: Session) -> list[dict[str, object]]:
    """All that a client needs to read results and to behave; sent whole every time, since clients replace the lot."""
    own = {name: _typed(session.parameters.get(name, SESSION_DEFAULTS.get(name, ""))) for name in _FROM_SESSION}
    if not _is_loopback(session.address):  # From another machine no files come: values are sent.
        own["CLIENT_STAGE_ARRAY_BINDING_THRESHOLD"] = 0
    told_here = {name: _typed(session.parameters[name]) for name in _TOLD if session.parameters.get(name)}
    return [{"name": name, "value": value} for name, value in ({**_TOLD, **told_here} | own).items()]


@lru_cache(maxsize=256)
def _is_loopback(address: str) -> bool:
    return ip_address(address).is_loopback


def wants_json(session: Session) -> bool:
    """Whether the client asked for rows as JSON."""
    return any(session.parameters.get(name, "").lower() == "json" for name in FORMATS)


@contextmanager
def for_one_statement(session: Session, asked: Mapping[str, object]) -> Iterator[None]:
    """Parameters that a request sets for its own statement only (`parameters` of a query request)."""
    changed = {name.upper(): as_text(value) for name, value in asked.items() if _settable(name.upper())}
    before = {name: session.parameters.get(name) for name in changed}
    session.parameters.update(changed)
    try:
        yield
    finally:
        for name, value in before.items():
            _restore(session, name, value, changed[name])


def _settable(name: str) -> bool:
    return (name in SESSION_DEFAULTS or name in FORMATS) and name != "MULTI_STATEMENT_COUNT"


def _restore(session: Session, name: str, before: str | None, during: str) -> None:
    """Back to what it was, unless the statement itself set it anew."""
    if session.parameters.get(name) != during:
        return
    if before is None:
        session.parameters.pop(name, None)
    else:
        session.parameters[name] = before
