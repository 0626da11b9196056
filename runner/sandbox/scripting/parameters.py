"""What a procedure's signature says of one argument."""

from __future__ import annotations

from runner.sandbox.classes import dataclass
from runner.sandbox.result import SnowType


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a procedure's signature; `default_sql` is the source of its default, None when it has none."""

    name: str
    type: SnowType
    default_sql: str | None = None
    out: bool = False
