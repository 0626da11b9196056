"""Parameters that a schema or the database hands down to what is made in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from runner.catalog.reading.asking import Desk, Question, Row
from runner.core.names import ObjectName


def parameters(desk: Desk, database: str, schemas: Iterable[str]) -> dict[str, Mapping[str, str]]:
    """By SQL name; only what is set there, not what comes from further up."""
    places = [("DATABASE", ObjectName.of(database).sql)]
    places += [("SCHEMA", ObjectName.of(database, schema).sql) for schema in sorted(schemas)]
    answers = desk.all([Question("parameters", name, f"SHOW PARAMETERS IN {word} {name}") for word, name in places])
    own = {name: _own(word, rows) for (word, name), rows in zip(places, answers, strict=True)}
    return {name: values for name, values in own.items() if values}


def _own(word: str, rows: Iterable[Row]) -> Mapping[str, str]:
    return {row["key"]: str(row["value"]) for row in sorted(rows, key=lambda row: row["key"]) if row["level"] == word}
