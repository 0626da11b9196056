"""Found before a statement was sent: words, configuration, scripts, rules, the login. Exit codes 2 to 6."""

from __future__ import annotations

from dataclasses import dataclass

from runner.core.errors.root import RunnerError


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
    listed: str = "`runner config schema` lists the keys."
    """Where the right ones stand."""

    says = "{where}: unknown key '{key}'."

    @property
    def hint(self) -> str:
        return f"Did you mean '{self.nearest}'?" if self.nearest else self.listed


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
    advice: str = ""

    says = "Environment '{environment}' has no {what} to log in with."

    @property
    def hint(self) -> str:
        return self.advice or f"Set it in {self.sources}."


@dataclass(eq=False)
class MissingFile(ConfigError):
    path: str
    advice: str = ""

    says = "{path} does not exist."
    advises = "{advice}"


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


@dataclass(eq=False)
class ScriptsInvalid(ScriptError):
    count: int

    says = "{count} finding(s) in the scripts; each stands above with its reason."


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
