"""What can be wrong with a text of SQL. Each error is made of facts and builds its own sentence.

This room does not know which file a text came from: who reads files says it again with the path (core/errors.py).

SqlTextError
├── UnclosedError      a string, identifier, comment, $$ text or block that never ends
├── DirectiveError     a ``-- runner:`` line that cannot be obeyed
├── ComposeError       a template and its values do not fit
└── RewriteError       a map of names by which a text cannot be rewritten
"""

from __future__ import annotations


class SqlTextError(ValueError):
    """Something in a script's text cannot be read. Nothing was sent to Snowflake."""

    hint: str = ""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(line, what)
        self.line = line
        self.what = what

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}"


class UnclosedError(SqlTextError):
    """``what`` opens at ``line`` and is never closed."""

    def __str__(self) -> str:
        return f"line {self.line}: {self.what} opens here and is never closed"


class DirectiveError(SqlTextError):
    """A ``-- runner:`` comment that cannot be obeyed; ``hint`` names the nearest right word where there is one."""

    def __init__(self, line: int, what: str, hint: str = "") -> None:
        super().__init__(line, what)
        self.hint = hint

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}" + (f" ({self.hint})" if self.hint else "")


class ComposeError(SqlTextError):
    """A template and its values do not fit: our own code is wrong, or a value could not be quoted safely."""

    def __init__(self, what: str) -> None:
        super().__init__(1, what)

    def __str__(self) -> str:
        return self.what


class RewriteError(SqlTextError):
    """A map of names by which a text cannot be rewritten."""

    def __init__(self, what: str) -> None:
        super().__init__(1, what)

    def __str__(self) -> str:
        return self.what
