"""Something of the user's was run before it went wrong. Exit codes from 20."""

from __future__ import annotations

from dataclasses import dataclass

from runner.core.errors.root import RunnerError, place


class PartialFailure(RunnerError):
    """Something was run before it went wrong."""

    exit_code = 20


@dataclass(eq=False)
class ScriptFailed(PartialFailure):
    environment: str
    script: str
    path: str
    line: int
    ordinal: int
    statement: str
    query_id: str
    errno: int | None
    detail: str
    rolled_back: bool = False
    applied: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        number = "" if self.errno is None else f"{self.errno}, "
        after = "The script's transaction was rolled back." if self.rolled_back else "What ran before it stands."
        return (
            f"'{self.environment}': {place(self.path, self.line)}: statement {self.ordinal} of {self.script} failed "
            f"({number}query {self.query_id or 'never started'}): {self.detail}\n{after}"
        )

    @property
    def hint(self) -> str:
        if self.rolled_back:
            return "Mend the cause and run the same command again: nothing of the script stands."
        return (
            f"Mend the cause, then `runner repair --retry {self.script} --env {self.environment} --reason …` and "
            "`runner migrate` again: it goes on at the failed statement."
        )


@dataclass(eq=False)
class StatementInDoubt(PartialFailure):
    environment: str
    script: str
    ordinal: int
    query_id: str
    state: str

    @property
    def sentence(self) -> str:
        return (
            f"'{self.environment}': whether statement {self.ordinal} of {self.script} ran is unknown "
            f"(query {self.query_id or 'without an id'}, {self.state})."
        )

    @property
    def hint(self) -> str:
        return (
            "Look the query up, then record the truth with `runner repair --retry | --mark-applied SCRIPT --reason …`."
        )


class Stopped(RunnerError):
    """Stopped half-way, on order or because the right to deploy was lost."""

    exit_code = 21


@dataclass(eq=False)
class LeaseLost(Stopped):
    environment: str
    holder: str

    says = "'{environment}': the lease went to {holder}; this runner stopped and wrote nothing more."
    advises = "`runner info` shows what the other runner did."


@dataclass(eq=False)
class Cancelled(Stopped):
    environment: str
    script: str
    ordinal: int
    applied: tuple[str, ...] = ()

    says = "'{environment}': stopped in {script} after statement {ordinal}; the lease was released."
    advises = "`runner migrate` goes on at the next statement."


@dataclass(eq=False)
class CutShort(Stopped):
    environment: str
    detail: str

    says = "'{environment}': the run could not go on: {detail}"
    advises = (
        "When the cause is mended, run the same command again: what was done is looked up, and it goes on from there."
    )


@dataclass(eq=False)
class RowsDiffer(RunnerError):
    environment: str
    differing: tuple[str, ...]

    exit_code = 22

    @property
    def sentence(self) -> str:
        return f"'{self.environment}' differs from its source in: {', '.join(self.differing)}."

    advises = "The rows are shown above; `runner reconcile --format json` has all of it."


class Interrupted(RunnerError):
    """Ctrl-C before anything ran."""

    exit_code = 130

    says = "Interrupted."
