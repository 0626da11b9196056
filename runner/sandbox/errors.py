"""What the sandbox says when it refuses: number, SQLSTATE and words as Snowflake has them."""

from __future__ import annotations


class SnowflakeError(Exception):
    """A statement was refused. `errno` is the number without leading zeros, `sqlstate` the five characters."""

    def __init__(self, errno: int, sqlstate: str, message: str) -> None:
        super().__init__(message)
        self.errno = errno
        self.sqlstate = sqlstate
        self.message = message

    @property
    def code(self) -> str:
        """The number as the wire carries it: six digits, the sign in front."""
        return f"{self.errno:06d}"


def compilation(errno: int, sqlstate: str, text: str) -> SnowflakeError:
    return SnowflakeError(errno, sqlstate, f"SQL compilation error:\n{text}")


def syntax_error(line: int, position: int, unexpected: str) -> SnowflakeError:
    return compilation(1003, "42000", f"syntax error line {line} at position {position} unexpected '{unexpected}'.")


def too_deep() -> SnowflakeError:
    return SnowflakeError(1003, "42000", "SQL compilation error: the statement is nested too deeply.")


def invalid_identifier(name: str) -> SnowflakeError:
    return compilation(904, "42000", f"error line 0 at position -1\ninvalid identifier '{name}'")


def does_not_exist(kind: str, name: str) -> SnowflakeError:
    """What does not exist and what one may not see are the same to the asker; a relation has a SQLSTATE of its own."""
    state = "42S02" if kind == "Object" or kind.split()[-1].lower() in ("table", "view") else "02000"
    return compilation(2003, state, f"{kind} '{name}' does not exist or not authorized.")


def no_such_place() -> SnowflakeError:
    """What USE and SHOW … IN say of a database, a schema, a role or a warehouse that one does not see."""
    return compilation(2043, "02000", "Object does not exist, or operation cannot be performed.")


def already_exists(name: str) -> SnowflakeError:
    return compilation(2002, "42710", f"Object '{name}' already exists.")


def insufficient_privileges(kind: str, name: str) -> SnowflakeError:
    return SnowflakeError(
        3001, "42501", f"SQL access control error:\nInsufficient privileges to operate on {kind.lower()} '{name}'."
    )


def unknown_function(name: str) -> SnowflakeError:
    return compilation(2140, "42601", f"Unknown function {name}.")


def unsupported(feature: str) -> SnowflakeError:
    """The sandbox does not do this; Snowflake may. The name of the thing is the message."""
    return compilation(2, "0A000", f"Unsupported feature '{feature}'.")


def no_current_database(command: str) -> SnowflakeError:
    return SnowflakeError(
        90105,
        "22000",
        f"Cannot perform {command}. This session does not have a current database. "
        "Call 'USE DATABASE', or use a qualified name.",
    )


def no_current_schema(command: str) -> SnowflakeError:
    return SnowflakeError(
        90106,
        "22000",
        f"Cannot perform {command}. This session does not have a current schema. "
        "Call 'USE SCHEMA', or use a qualified name.",
    )
