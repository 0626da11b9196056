"""The connector itself: imported late, told to be quiet, and given up on after a while."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from typing import Any

from runner.connection.arguments import connector_arguments
from runner.connection.profile import Profile
from runner.connection.redaction import silence

_ENVIRONMENT = {
    "SNOWFLAKE_DISABLE_PLATFORM_DETECTION": "true",
    "SF_TELEMETRY_DISABLE_CONNECTION_SHAPE": "true",
}
_PAUSES = (0, 1, 2, 4, 8, 15, 15, 15)
_BASE = "snowflake.connector"
_UNKNOWN = 250001


def open_connection(profile: Profile, application: str) -> Any:
    """One login. Raises what the connector raises; the one who calls translates it."""
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    _go_straight_to(profile)
    import snowflake.connector as connector

    silence(_loggers(), profile.redactor)
    major = int(connector.__version__.partition(".")[0])
    patience = {"backoff_policy": _patience} if major < 5 else {}
    connection = connector.connect(**connector_arguments(profile, application, major), **patience)
    connection.telemetry_enabled = False
    return connection


def _go_straight_to(profile: Profile) -> None:
    """A proxy of the machine's has no business between a client and a sandbox on loopback."""
    if profile.protocol != "http" or not profile.host:
        return
    for name in ("NO_PROXY", "no_proxy"):
        known = [part for part in os.environ.get(name, "").split(",") if part]
        if profile.host not in known:
            os.environ[name] = ",".join([*known, profile.host])


def _patience() -> Iterator[int]:
    """Pauses between attempts to send one request; all carry the same request id, so the server runs it once.

    After a minute without an answer the outcome is unknown, and it is not for a driver to go on guessing.
    """
    yield from _PAUSES
    from snowflake.connector.errors import OperationalError

    raise OperationalError(msg="No answer from Snowflake after several attempts.", errno=_UNKNOWN)


def _loggers() -> list[logging.Logger]:
    names = [name for name in logging.root.manager.loggerDict if name == _BASE or name.startswith(f"{_BASE}.")]
    return [logging.getLogger(name) for name in (_BASE, *names)]
