"""JSON from strangers: half of a pair of surrogates, which JSON can say, is no character and becomes a `?`."""

from __future__ import annotations

import json
import re
from typing import Any

_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def loads(content: str | bytes) -> Any:
    """The value; ValueError or RecursionError where there is none."""
    text = content if isinstance(content, str) else content.decode(json.detect_encoding(content))
    value = json.loads(text)
    if _HALF.search(text) is None:
        return value
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
