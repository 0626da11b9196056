"""`.env`: variables of the project, never in git."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from runner.core.errors import InvalidFile
from runner.project.files import read_text, refuse_if_shared

_SECRET_ENDS = ("_PAT", "_TOKEN", "_PASSWORD", "_PASSPHRASE", "_SECRET", "_KEY")


def read(path: Path, name: str) -> Mapping[str, str]:
    """Names and values, empty ones left out; nothing is interpolated, so a `$` in a secret stays a `$`."""
    if not path.is_file():
        return {}
    found = _parsed(read_text(path, name), name)
    refuse_if_shared(path, name, secret=any(key.upper().endswith(_SECRET_ENDS) for key in found))
    return found


def _parsed(text: str, name: str) -> dict[str, str]:
    from dotenv.parser import parse_stream

    found: dict[str, str] = {}
    for binding in parse_stream(io.StringIO(text)):
        if binding.error or (binding.key and binding.value is None):
            raise InvalidFile(name, "this line is not NAME=value.", binding.original.line, "Write NAME=value.")
        if binding.key and binding.value:
            found[binding.key] = binding.value
    return found
