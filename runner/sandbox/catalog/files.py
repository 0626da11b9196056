"""What concerns files: stages, file formats, pipes, and the integrations that reach outside an account."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

from runner.sandbox.catalog.model import Record, SchemaObject
from runner.sandbox.classes import dataclass

Options = dict[str, str | list[str]]
"""Options by name, in upper case, with their values as text: TRUE, 'a', a list of them."""


@dataclass(kw_only=True)
class Stage(SchemaObject):
    """A named stage. One without a URL keeps its files in the sandbox; one with a URL is stored only."""

    kind: ClassVar[str] = "STAGE"
    url: str | None = None
    integration: str | None = None
    """STORAGE_INTEGRATION of an external stage."""
    endpoint: str | None = None
    encryption: str | None = None
    """ENCRYPTION's TYPE as given."""
    directory: bool = False
    """DIRECTORY = (ENABLE = TRUE): the files can be listed by DIRECTORY(@stage)."""
    refreshed: list[list[str]] = field(default_factory=list)
    """The directory table as of the last refresh: path, size, md5, and when the file was changed."""
    format_name: str | None = None
    """FILE_FORMAT = (FORMAT_NAME = …), as written."""
    format: Options = field(default_factory=dict)
    copy_options: Options = field(default_factory=dict)


@dataclass(kw_only=True)
class FileFormat(SchemaObject):
    kind: ClassVar[str] = "FILE_FORMAT"
    type: str = "CSV"
    options: Options = field(default_factory=dict)


@dataclass(kw_only=True)
class Pipe(SchemaObject):
    """A COPY statement under a name; it runs when it is refreshed."""

    kind: ClassVar[str] = "PIPE"
    definition: str
    paused: bool = False
    error_integration: str | None = None


@dataclass(kw_only=True)
class Integration(Record):
    """A door of the account to the world outside; stored and shown, never opened."""

    kind: ClassVar[str] = "INTEGRATION"
    category: str
    """STORAGE, API, NOTIFICATION, SECURITY, CATALOG or EXTERNAL ACCESS."""
    enabled: bool = True
    properties: Options = field(default_factory=dict)
