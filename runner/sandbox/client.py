"""The administrator's way in: a real connection, through the door like anybody's."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from runner.sandbox import files
from runner.sandbox.classes import dataclass
from runner.sandbox.process import Running, SandboxError


def connect(running: Running, account: str, **options: Any) -> Any:
    """A connection of the snowflake connector to an account of the running sandbox, as its administrator.

    The connector asks the cloud's metadata services where it runs unless told not to; here it never leaves loopback.
    """
    os.environ.setdefault("SNOWFLAKE_DISABLE_PLATFORM_DETECTION", "true")
    import snowflake.connector

    known = {name.upper(): name for name in running.accounts}
    if account.upper() not in known:
        raise SandboxError(f"The sandbox has no account '{account}'; it has {', '.join(running.accounts)}.")
    admin = json.loads((running.root / files.ADMIN).read_text())
    return snowflake.connector.connect(
        account=known[account.upper()],
        user=admin["user"],
        authenticator="PROGRAMMATIC_ACCESS_TOKEN",
        token=admin["tokens"][known[account.upper()]],
        host="127.0.0.1",
        port=running.port,
        protocol="http",
        **{**said_aloud(), **options},
    )


def said_aloud() -> dict[str, Any]:
    """What connector 5 warns about unless it is told: that a session ends when its connection is closed."""
    from snowflake.connector.version import VERSION

    return {"enable_server_session_keep_alive_auto_detection": False} if int(VERSION[0] or 0) >= 5 else {}


class StatementFailed(Exception):
    """The sandbox refused a statement; what it said."""

    def __init__(self, errno: int, sqlstate: str, message: str, query_id: str | None) -> None:
        super().__init__(message)
        self.errno = errno
        self.sqlstate = sqlstate
        self.message = message
        self.query_id = query_id


@dataclass(frozen=True, slots=True)
class Answer:
    """What one statement gave."""

    names: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    query_id: str


@contextmanager
def failures() -> Iterator[None]:
    """What the connector raises inside the block, as StatementFailed."""
    from snowflake.connector.errors import Error

    try:
        yield
    except Error as error:
        raise StatementFailed(
            int(error.errno or -1), str(error.sqlstate or ""), str(error.raw_msg or error.msg), error.sfqid
        ) from error


def run(connection: Any, statement: str) -> Answer:
    """Execute one statement and fetch all of its rows."""
    with failures():
        cursor = connection.cursor()
        cursor.execute(statement)
        rows = cursor.fetchall()
        names = tuple(column.name for column in cursor.description)
        cursor.close()
    return Answer(names, rows, cursor.sfqid)
