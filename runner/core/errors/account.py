"""What the account says before a script runs: the lease, the history, what is pending. Exit codes 7 to 11."""

from __future__ import annotations

from dataclasses import dataclass

from runner.core.errors.root import RunnerError


class LeaseError(RunnerError):
    """The right to deploy is not ours."""

    exit_code = 7


@dataclass(eq=False)
class LeaseHeld(LeaseError):
    environment: str
    holder: str
    until: str

    says = "Another runner is deploying to '{environment}': {holder}, lease until {until}."
    advises = "Wait (--wait 10m). When it is dead, `runner info` prints its token for `runner unlock --token T`."


class HistoryError(RunnerError):
    """The history in the account and the files disagree."""

    exit_code = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement: what, where, why, what to do."""

    code: str
    script: str
    reason: str
    advice: str = ""


@dataclass(eq=False)
class HistoryDisagrees(HistoryError):
    environment: str
    findings: tuple[Finding, ...]

    @property
    def sentence(self) -> str:
        lines = "\n".join(f"  {f.script}: {f.reason}" for f in self.findings)
        return f"'{self.environment}': history and scripts disagree.\n{lines}"

    @property
    def hint(self) -> str:
        return "\n".join(dict.fromkeys(f.advice for f in self.findings if f.advice))


@dataclass(eq=False)
class RequirementUnmet(HistoryError):
    environment: str
    script: str
    requires: str
    state: str

    says = "'{environment}': {script} requires {requires}, which is {state} there."

    @property
    def hint(self) -> str:
        return f"Run `runner migrate --env {self.requires.partition(':')[0]}` first, or `runner migrate --all`."


@dataclass(eq=False)
class HistoryDamaged(HistoryError):
    environment: str
    table: str
    reason: str

    says = "'{environment}': {table} is not as the runner wrote it: {reason}"

    @property
    def hint(self) -> str:
        return (
            "Someone edited the history by hand: find the statement in the query history, and put the rows back by "
            "Time Travel (… BEFORE (STATEMENT => '<query id>')). Until then nothing is planned on it."
        )


@dataclass(eq=False)
class OwnStatementFailed(RunnerError):
    """A statement of the runner's own was refused, mostly for want of a privilege."""

    environment: str
    doing: str
    errno: int | None
    detail: str
    advice: str = ""

    exit_code = 9

    says = "'{environment}': {doing} failed ({errno}): {detail}"

    @property
    def hint(self) -> str:
        return self.advice or "Grant the deploying role what the message names."


@dataclass(eq=False)
class ChangesPending(RunnerError):
    environment: str
    count: int

    exit_code = 10

    says = "'{environment}': {count} script(s) pending."


@dataclass(eq=False)
class DriftFound(RunnerError):
    environment: str
    count: int

    exit_code = 11

    says = "'{environment}': {count} object(s) differ from the scripts."
