"""What may not run, found before anything runs (docs: sql-reference/transactions#ddl)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runner.core.errors import StatementNotAllowed
from runner.core.script import Rendered, Statement
from runner.sql.kinds import breaks_transaction, statement_kind

_BOUNDARIES = ("BEGIN", "COMMIT", "ROLLBACK", "START TRANSACTION")


def check(rendered: Iterable[Rendered], restricted_role: str | None) -> None:
    """Raise StatementNotAllowed for the first statement that cannot do what its script promises.

    `restricted_role`: the one role of a token that is restricted to it; no script can leave it.
    """
    for item in rendered:
        for statement in item.statements:
            for reason, advice in _wrong(item, statement, restricted_role):
                kind = statement_kind(statement.text) or "the statement"
                raise StatementNotAllowed(item.script.path, statement.line, kind, reason, advice)


def _wrong(item: Rendered, statement: Statement, restricted_role: str | None) -> Iterator[tuple[str, str]]:
    kind = statement_kind(statement.text)
    if kind == "USE ROLE" and restricted_role:
        yield (
            f"is refused by Snowflake: the token is restricted to {restricted_role}",
            "Take USE ROLE out: the runner's role is the one of the environment (config, `role`).",
        )
    if kind in _BOUNDARIES:
        yield (
            "is not for scripts: the runner opens and ends transactions",
            "Write `-- runner: transactional` at the top of a script whose statements must stand or fall together.",
        )
    if item.script.head.transactional:
        yield from _wrong_inside(statement)


def _wrong_inside(statement: Statement) -> Iterator[tuple[str, str]]:
    if reason := breaks_transaction(statement.text):
        yield (
            f"cannot stand in a transactional script: {reason}",
            "Move it to a script of its own, without `transactional`.",
        )
    if statement.group is not None:
        yield ("cannot run in parallel inside a transaction", "Take `-- runner: parallel` out.")
