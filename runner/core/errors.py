"""Every error a user can meet, as one tree. Below 20 nothing of the user's was run; from 20 something was.

RunnerError (1)
├── UsageError (2)
│   ├── UnknownEnvironment
│   └── UnknownScript
├── ConfigError (3)
│   ├── MissingEnvironment
│   ├── DuplicateEnvironment
│   ├── InvalidFile
│   ├── UnknownKey
│   ├── MissingSetting
│   ├── MissingSecret
│   ├── UnsafeFile
│   └── DependencyCircle
├── ScriptError (4)
│   ├── InvalidScriptName
│   ├── TwinScripts
│   ├── UnreadableScript
│   ├── EmptyScript
│   ├── InvalidDirective
│   ├── RenderFailed
│   └── SplitFailed
├── PolicyError (5)
│   ├── StatementNotAllowed
│   └── NeedsConsent
├── ConnectionFailed (6)
│   ├── LoginFailed
│   ├── Unreachable
│   └── WrongPlace
├── LeaseError (7)
│   └── LeaseHeld
├── HistoryError (8)
│   ├── HistoryDisagrees
│   ├── RequirementUnmet
│   └── HistoryDamaged
├── OwnStatementFailed (9)
├── ChangesPending (10)
├── DriftFound (11)
├── PartialFailure (20)
│   ├── ScriptFailed
│   └── StatementInDoubt
├── Stopped (21)
│   ├── LeaseLost
│   └── Cancelled
├── RowsDiffer (22)
└── Interrupted (130)

An error is made of facts and builds its own sentence; `hint` says what to do. What succeeded before it is in `applied`
where something could have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar


class _Facts(Mapping[str, object]):
    """An error's facts by name, for its sentence."""

    def __init__(self, error: RunnerError) -> None:
        self._error = error

    def __getitem__(self, name: str) -> object:
        return getattr(self._error, name)

    def __iter__(self) -> Iterator[str]:
        return iter(vars(self._error))

    def __len__(self) -> int:
        return len(vars(self._error))


class RunnerError(Exception):
    """The root: never raised itself. `exit_code` is what the process ends with."""

    exit_code: ClassVar[int] = 1
    says: ClassVar[str] = ""
    """The sentence, with the names of facts in braces; `{where}` is the file and line."""
    advises: ClassVar[str] = ""

    @property
    def sentence(self) -> str:
        """What happened, with its facts."""
        if not self.says:
            return str(self.args[0]) if self.args else type(self).__name__
        return self.says.format_map(_Facts(self))

    @property
    def hint(self) -> str:
        """What to do about it; empty where there is nothing to add."""
        return self.advises.format_map(_Facts(self))

    @property
    def where(self) -> str:
        """File and line, for errors that have them."""
        return place(str(getattr(self, "path", "")), getattr(self, "line", None))

    def __str__(self) -> str:
        return self.sentence


def place(path: str, line: int | None = None) -> str:
    """`file:line`, as editors open it."""
    return f"{path}:{line}" if line else path


class UsageError(RunnerError):
    """The words of the command do not fit together."""

    exit_code = 2


@dataclass(eq=False)
class UnknownEnvironment(UsageError):
    name: str
    known: tuple[str, ...]

    says = "There is no environment '{name}'."

    @property
    def hint(self) -> str:
        return (
            f"Known environments: {', '.join(self.known)}."
            if self.known
            else "Add config/<name>.yaml, or run `runner init`."
        )


@dataclass(eq=False)
class UnknownScript(UsageError):
    name: str
    nearest: str | None = None

    says = "There is no script '{name}' in this project."

    @property
    def hint(self) -> str:
        return f"Did you mean '{self.nearest}'?" if self.nearest else "`runner info` lists the scripts."


class ConfigError(RunnerError):
    """A setting is wrong or missing."""

    exit_code = 3


@dataclass(eq=False)
class MissingEnvironment(ConfigError):
    folder: str

    says = "No environment is configured: {folder} holds no <name>.yaml."
    advises = "Run `runner init` for a project that works, or say where it lies with --project."


@dataclass(eq=False)
class DuplicateEnvironment(ConfigError):
    name: str
    first: str
    second: str

    says = "Environment '{name}' is configured twice: in {first} and in {second}."
    advises = "Keep one of the two files, or rename one environment."


@dataclass(eq=False)
class InvalidFile(ConfigError):
    path: str
    reason: str
    line: int | None = None
    advice: str = ""

    says = "{where}: {reason}"
    advises = "{advice}"


@dataclass(eq=False)
class UnknownKey(ConfigError):
    path: str
    key: str
    nearest: str | None
    line: int | None = None

    says = "{where}: unknown key '{key}'."

    @property
    def hint(self) -> str:
        return f"Did you mean '{self.nearest}'?" if self.nearest else "`runner config schema` lists the keys."


@dataclass(eq=False)
class MissingSetting(ConfigError):
    environment: str
    key: str
    sources: str

    says = "Environment '{environment}' has no {key}."
    advises = "Set it in {sources}."


@dataclass(eq=False)
class MissingSecret(ConfigError):
    environment: str
    what: str
    sources: str

    says = "Environment '{environment}' has no {what} to log in with."
    advises = "Set it in {sources}."


@dataclass(eq=False)
class UnsafeFile(ConfigError):
    path: str
    mode: str

    says = "{path} can be read or written by others (mode {mode})."
    advises = "chmod 600 {path}"


@dataclass(eq=False)
class DependencyCircle(ConfigError):
    what: str
    circle: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"The {self.what} depend on each other in a circle: {' → '.join(self.circle)}."

    advises = "Take one of the dependencies out."


class ScriptError(RunnerError):
    """A script cannot be read, rendered or cut. Nothing was sent."""

    exit_code = 4


@dataclass(eq=False)
class InvalidScriptName(ScriptError):
    path: str
    reason: str

    says = "{path}: {reason}"
    advises = "Scripts are named V<version>__<description>.sql, R__<description>.sql, U<version>__… or B<version>__…"


@dataclass(eq=False)
class TwinScripts(ScriptError):
    what: str
    first: str
    second: str

    says = "Two scripts are {what}: {first} and {second}."
    advises = "Give one of them another version (1, 001 and 1.0 are the same version)."


@dataclass(eq=False)
class UnreadableScript(ScriptError):
    path: str
    reason: str
    line: int | None = None

    says = "{where}: {reason}"
    advises = "Scripts are UTF-8 text of at most 20 MB; save the file so, or cut it."


@dataclass(eq=False)
class EmptyScript(ScriptError):
    path: str

    says = "{path}: the script holds no statement."

    @property
    def hint(self) -> str:
        return (
            "Write a statement, or delete the file. To run nothing in one environment, use environments=… or {% if %}."
        )


@dataclass(eq=False)
class InvalidDirective(ScriptError):
    path: str
    line: int
    reason: str
    advice: str = ""

    says = "{where}: {reason}"
    advises = "{advice}"


@dataclass(eq=False)
class RenderFailed(ScriptError):
    path: str
    line: int | None
    reason: str
    environment: str
    advice: str = ""

    says = "{where}: {reason} (rendering for {environment})"
    advises = "{advice}"


@dataclass(eq=False)
class SplitFailed(ScriptError):
    path: str
    line: int
    reason: str

    says = "{where}: {reason}"
    advises = "The line is that of the rendered script; `runner render` prints it."


class PolicyError(RunnerError):
    """What would run is not allowed to."""

    exit_code = 5


@dataclass(eq=False)
class StatementNotAllowed(PolicyError):
    path: str
    line: int
    statement: str
    reason: str
    advice: str = ""

    says = "{where}: {statement} {reason}"
    advises = "{advice}"


@dataclass(eq=False)
class NeedsConsent(PolicyError):
    what: str
    flag: str

    says = "{what} needs consent."
    advises = "Read it with --dry-run, then say {flag}."


class ConnectionFailed(RunnerError):
    """Snowflake could not be reached, or is not the one that was meant."""

    exit_code = 6


@dataclass(eq=False)
class LoginFailed(ConnectionFailed):
    environment: str
    account: str
    user: str
    cause: str
    advice: str
    errno: int | None = None
    detail: str = ""

    @property
    def sentence(self) -> str:
        number = f" ({self.errno})" if self.errno else ""
        said = f" Snowflake said: {self.detail}" if self.detail else ""
        return f"Login to '{self.environment}' ({self.account} as {self.user}) failed{number}: {self.cause}.{said}"

    advises = "{advice}"


@dataclass(eq=False)
class Unreachable(ConnectionFailed):
    environment: str
    address: str
    detail: str

    says = "'{environment}' cannot be reached at {address}: {detail}"
    advises = "Check the account name and the network; with --sandbox, run `runner sandbox up` first."


@dataclass(eq=False)
class WrongPlace(ConnectionFailed):
    environment: str
    what: str
    wanted: str
    found: str

    says = "'{environment}' is configured for {what} {wanted}, but the login found {found}."
    advises = "Mend config/{environment}.yaml or the login; nothing was run."


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
            "Someone edited the history by hand. Restore it by Time Travel, or record the truth with `runner repair`."
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
        after = "The script's transaction was rolled back." if self.rolled_back else "What ran before it stands."
        return (
            f"'{self.environment}': {place(self.path, self.line)}: statement {self.ordinal} of {self.script} failed "
            f"({self.errno}, query {self.query_id or 'never started'}): {self.detail}\n{after}"
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
