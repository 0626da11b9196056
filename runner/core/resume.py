"""Going on with an unfinished script: what was done is kept when, and only when, it is unchanged. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from runner.core.errors import Finding, HistoryDisagrees, StatementInDoubt
from runner.core.history import StatementRow, StatementState
from runner.core.script import Rendered, Statement


def kept(rendered: Rendered, rows: Iterable[StatementRow]) -> dict[int, StatementRow]:
    """The statements that stand as done, by ordinal.

    Raises HistoryDisagrees when a statement that was done is no longer the same, or when one stands done behind
    another that is not, outside a parallel group: the script was changed where it must not be.
    """
    done = {row.ordinal: row for row in rows if row.state is StatementState.SUCCESS}
    statements = {statement.ordinal: statement for statement in rendered.statements}
    for ordinal, row in sorted(done.items()):
        statement = statements.get(ordinal)
        if statement is None or not _same(statement, row.sha256):
            raise _changed(rendered, ordinal, statement)
    _no_gap(rendered, done)
    return done


def _same(statement: Statement, sha256: str) -> bool:
    """The query history keeps only the first characters of a checksum, in the query's tag."""
    return len(sha256) >= 12 and statement.sha256.startswith(sha256)


def _no_gap(rendered: Rendered, done: Mapping[int, StatementRow]) -> None:
    last = max(done, default=0)
    for statement in rendered.statements[:last]:
        if statement.ordinal not in done and not _grouped_with(rendered, statement, last):
            raise StatementInDoubt(rendered.environment, rendered.script.label, statement.ordinal, "", "no trace of it")


def _grouped_with(rendered: Rendered, statement: Statement, last: int) -> bool:
    return statement.group is not None and rendered.statements[last - 1].group == statement.group


def _changed(rendered: Rendered, ordinal: int, statement: Statement | None) -> HistoryDisagrees:
    script = rendered.script
    where = f"{script.path} (rendered line {statement.line})" if statement else script.path
    return HistoryDisagrees(
        rendered.environment,
        (
            Finding(
                "changed",
                where,
                f"statement {ordinal} was applied before the script stopped, and is no longer the same",
                "Put the applied statements back as they were (mend only from the failed one on), or finish by hand "
                "and say so with `runner repair --mark-applied SCRIPT --reason …`.",
            ),
        ),
    )
