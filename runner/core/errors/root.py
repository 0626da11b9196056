"""What every error has: a sentence made of its facts, a hint, an exit code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar


class _Facts(Mapping[str, object]):
    """An error's facts by name, for its sentence."""

    def __init__(self, error: RunnerError) -> None:
        self._error = error

    def __getitem__(self, name: str) -> object:
        return getattr(self._error, name)

    def __iter__(self) -> Iterator[str]:
        return iter(vars(self._error))

    def __len__(self) -> int:
        return len(vars(self._error))


class RunnerError(Exception):
    """The root: never raised itself. `exit_code` is what the process ends with."""

    exit_code: ClassVar[int] = 1
    says: ClassVar[str] = ""
    """The sentence, with the names of facts in braces; `{where}` is the file and line."""
    advises: ClassVar[str] = ""

    @property
    def sentence(self) -> str:
        """What happened, with its facts."""
        if not self.says:
            return str(self.args[0]) if self.args else type(self).__name__
        return self.says.format_map(_Facts(self))

    @property
    def hint(self) -> str:
        """What to do about it; empty where there is nothing to add."""
        return self.advises.format_map(_Facts(self))

    @property
    def where(self) -> str:
        """File and line, for errors that have them."""
        return place(str(getattr(self, "path", "")), getattr(self, "line", None))

    def __str__(self) -> str:
        return self.sentence


def place(path: str, line: int | None = None) -> str:
    """`file:line`, as editors open it."""
    return f"{path}:{line}" if line else path
