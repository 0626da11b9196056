"""What governs and derives: tags, and objects that are made from others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from runner.sandbox.catalog.model import SchemaObject


@dataclass(kw_only=True)
class Tag(SchemaObject):
    """A name under which objects carry values; with policies it masks the columns that carry it."""

    kind: ClassVar[str] = "TAG"
    allowed_values: list[str] | None = None
    """None: any value. In the order given, which ON_CONFLICT would look at."""
    policies: list[int] = field(default_factory=list)
    """Ids of masking policies, one a data type."""
