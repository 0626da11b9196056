"""A storage that outlasts its organisation: most of what an engine's start costs is to teach DuckDB its functions."""

from __future__ import annotations

from typing import cast

from runner.sandbox.opening import Opening
from runner.sandbox.storage import Storage

EVERYTHING = """\
SELECT 'DROP TABLE main.' || table_name FROM duckdb_tables() WHERE table_name ~ '^s[0-9]+$'
UNION ALL
SELECT 'DROP SEQUENCE main.' || sequence_name FROM duckdb_sequences() WHERE NOT starts_with(sequence_name, '_')
UNION ALL SELECT 'DELETE FROM _catalog'
"""


class Lasting(Storage):
    """Given to one engine after the other; each finds it empty. No number is given twice, so nothing is mistaken."""

    def as_opened(self) -> Opening:
        """What `Engine.open` takes instead of a file."""
        return cast(Opening, self)

    def storage(self) -> Storage:
        return self

    def close(self) -> None:
        """The engine that had it has ended: what it kept is dropped, and the functions stay."""
        made = self.connection.execute(EVERYTHING).fetchall()
        self.connection.execute("; ".join(statement for (statement,) in made)).fetchall()
        self._retired.clear()
        self.before_reading = lambda: None

    def end(self) -> None:
        super().close()
