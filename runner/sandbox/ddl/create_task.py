"""CREATE TASK and the properties of ALTER TASK … SET, as they are written (sql-reference/sql/create-task)."""

from __future__ import annotations

from dataclasses import field

from runner.sandbox.classes import dataclass
from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.session import SESSION_DEFAULTS
from runner.sandbox.tasks import schedule
from runner.sandbox.tokens import Kind, Reader

_SIZES = frozenset(
    {"XSMALL", "SMALL", "MEDIUM", "LARGE", "XLARGE", "XXLARGE", "X-SMALL", "X-LARGE", "2X-LARGE", "XXXLARGE"}
)


@dataclass(kw_only=True)
class TaskText:
    """A task as a statement gives it: fields of the record, and what is left to it."""

    fields: dict[str, object] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)


def read_create(reader: Reader) -> TaskText:
    """What follows the name, to the end."""
    text = TaskText()
    while not reader.at("AS"):
        if reader.at_end():
            raise reader.unexpected()
        read_property(reader, text, creating=True)
    reader.expect("AS")
    text.fields["definition"] = definition(reader)
    return text


def definition(reader: Reader) -> str:
    body = reader.rest()
    if not body.strip():
        raise reader.unexpected()
    return body


def read_property(reader: Reader, text: TaskText, *, creating: bool = False) -> None:
    """The one property here; it comes once."""
    if reader.at("WITH", "TAG") or reader.at("TAG"):
        raise unsupported("tags of a task")
    if creating and reader.accept("AFTER"):
        _put(text, "predecessors", names(reader))
        return
    if creating and reader.accept("WHEN"):
        _put(text, "condition", condition(reader))
        return
    word = reader.peek().word
    if word in _REFUSED:
        raise unsupported(f"{word} of a task")
    if word not in _PROPERTIES and word not in SESSION_DEFAULTS:
        raise reader.unexpected()
    reader.expect(word, "=")
    if word in _PROPERTIES:
        name, read = _PROPERTIES[word]
        _put(text, name, read(reader))
    elif word in text.parameters:
        raise compilation(1007, "22023", f"duplicate property '{word}'")
    else:
        text.parameters[word] = _parameter(reader)
    reader.accept(",")


def _put(text: TaskText, name: str, value: object) -> None:
    if name in text.fields:
        raise compilation(1007, "22023", f"duplicate property '{name}'")
    text.fields[name] = value


def names(reader: Reader) -> list[str]:
    """Tasks after AFTER: all of one schema, so their last part tells them."""
    found = [_task(reader)]
    while reader.accept(","):
        found.append(_task(reader))
    return list(dict.fromkeys(found))


def _task(reader: Reader) -> str:
    if reader.peek().kind is Kind.STRING:
        inner = Reader(reader.string())
        return inner.name()[-1]
    return reader.name()[-1]


def condition(reader: Reader) -> str:
    """The expression up to AS, or to the end."""
    start, depth = reader.peek(), 0
    while not reader.at_end() and not reader.at(";") and not (depth == 0 and reader.at("AS")):
        depth += {"(": 1, ")": -1}.get(reader.next().word, 0)
    found = reader.slice(start, reader.peek()) if not reader.at_end() else reader.source[start.start :]
    if not found.strip():
        raise reader.unexpected()
    return found.strip()


def _schedule(reader: Reader) -> str:
    text = reader.string()
    schedule.parse(text)
    return text


def _size(reader: Reader) -> str:
    value = reader.next().text.upper()
    if value not in _SIZES:
        raise compilation(
            1008, "22023", f"invalid value [{value[:40]}] for parameter 'USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE'"
        )
    return value


def _warehouse(reader: Reader) -> str:
    return reader.string().upper() if reader.peek().kind is Kind.STRING else reader.identifier()


def _number(reader: Reader) -> int:
    value = reader.number()
    if value < 0:
        raise compilation(1008, "22023", f"invalid value [{value}]: a number from 0 on is wanted")
    return value


def _config(reader: Reader) -> str:
    return reader.string()


def _parameter(reader: Reader) -> str:
    token = reader.next()
    return token.text.lower() if token.word in ("TRUE", "FALSE") else token.text


_REFUSED = frozenset(
    {"OVERLAP_POLICY", "TARGET_COMPLETION_INTERVAL", "SERVERLESS_TASK_MIN_STATEMENT_SIZE", "EXECUTE",
     "SERVERLESS_TASK_MAX_STATEMENT_SIZE", "USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS", "LOG_LEVEL"}
)  # fmt: skip
_PROPERTIES = {
    "WAREHOUSE": ("warehouse", _warehouse),
    "USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE": ("size", _size),
    "SCHEDULE": ("schedule", _schedule),
    "CONFIG": ("config", _config),
    "ALLOW_OVERLAPPING_EXECUTION": ("overlapping", Reader.boolean),
    "USER_TASK_TIMEOUT_MS": ("timeout_ms", _number),
    "SUSPEND_TASK_AFTER_NUM_FAILURES": ("suspend_after_failures", _number),
    "TASK_AUTO_RETRY_ATTEMPTS": ("retry_attempts", _number),
    "ERROR_INTEGRATION": ("error_integration", Reader.identifier),
    "SUCCESS_INTEGRATION": ("success_integration", Reader.identifier),
    "COMMENT": ("comment", Reader.string),
    "FINALIZE": ("finalizes", _task),
}
UNSET = {word: name for word, (name, _) in _PROPERTIES.items() if word not in ("FINALIZE",)} | {"FINALIZE": "finalizes"}
DEFAULTS: dict[str, object] = {
    "warehouse": None, "size": None, "schedule": None, "config": None, "overlapping": False, "timeout_ms": None,
    "suspend_after_failures": None, "retry_attempts": None, "error_integration": None, "success_integration": None,
    "comment": None, "finalizes": None, "condition": None, "predecessors": [],
}  # fmt: skip
