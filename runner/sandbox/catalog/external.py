"""What an external table says of the files that it would read; nothing in the sandbox reads them."""

from __future__ import annotations

from dataclasses import field

from runner.sandbox.classes import dataclass

Options = dict[str, str | list[str]]


@dataclass(kw_only=True)
class External:
    stage_id: int
    location: str
    """Where the files lie, as the statement has it: `@db.schema.stage/path`."""
    path: str = ""
    """In the stage; empty or with a slash at its end."""
    format_name: str | None = None
    """FILE_FORMAT = (FORMAT_NAME = …), as written."""
    format: Options = field(default_factory=dict)
    pattern: str | None = None
    auto_refresh: bool = True
    refresh_on_create: bool = True
    notification: str | None = None
    """AWS_SNS_TOPIC."""
    integration: str | None = None
    partition_by: list[str] = field(default_factory=list)
    user_specified: bool = False
    """PARTITION_TYPE = USER_SPECIFIED: partitions are added by hand."""
    expressions: dict[str, str] = field(default_factory=dict)
    """What each column is computed from, by its name; VALUE is not among them."""
