"""A secret is a type: it goes to the one who logs in, and nowhere else."""

from __future__ import annotations

import hmac
from typing import NoReturn


class Secret:
    """Text that cannot be printed, formatted, pickled or logged. `reveal()` is the only way out."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself: for the connector's arguments only."""
        return self._text

    def redact(self, text: str) -> str:
        """The given text with this secret taken out wherever it stands."""
        return text.replace(self._text, "***") if len(self._text) >= 4 else text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, _: str) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled or copied to disk")
