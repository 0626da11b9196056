"""Files written whole or not at all: beside the place first, then moved into it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runner.core.errors import UsageError
from runner.reports.page import page


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    write(path, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def write_html(path: Path, document: Mapping[str, Any]) -> None:
    write(path, page(document))


def write(path: Path, text: str) -> None:
    """The text in this file. Raises UsageError when it cannot be: what stood there before is as it was."""
    try:
        _replace(path, text.encode("utf-8", "replace"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"The report cannot be written to {path}: {reason}. Nothing was left there.") from None


def _replace(path: Path, content: bytes) -> None:
    if path.is_dir():
        raise IsADirectoryError(21, "it is a folder; name a file in it")
    path = path.resolve()
    if path.exists() and not path.is_file():
        # A pipe or a device keeps its place.
        path.write_bytes(content)
        return
    handle, beside = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
