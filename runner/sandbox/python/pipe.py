"""Messages between the sandbox and its child: one JSON object each, its length before it. Both sides use it."""

from __future__ import annotations

import json
import struct
from typing import IO, Any

_LENGTH = struct.Struct(">Q")
LIMIT = 1 << 30
"""No message is longer."""
Message = dict[str, Any]


def send(stream: IO[bytes], message: Message) -> None:
    data = json.dumps(message).encode()
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> Message | None:
    """The next message; None where there is no more."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    [length] = _LENGTH.unpack(head)
    if length > LIMIT:
        raise ValueError("a message between the sandbox and a function is too long")
    data = stream.read(length)
    if len(data) < length:
        return None
    message = json.loads(data)
    if not isinstance(message, dict):
        raise ValueError("no message of the protocol")
    return message
