"""A login that failed → the likely cause and what to do.

(docs: user-guide/programmatic-access-tokens, user-guide/network-policies, user-guide/key-pair-auth)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from runner.connection.faults import message_of, number_of, text_of
from runner.connection.profile import Profile
from runner.core.auth import KeyPairAuth, PatAuth, WorkloadIdentityAuth
from runner.core.errors import LoginFailed, RunnerError, Unreachable


@dataclass(frozen=True, slots=True)
class Cause:
    """Known by its numbers, or by words in the message: some clients hide the number behind 250001."""

    numbers: tuple[int, ...]
    words: str
    cause: str
    advice: str


_KEY = Cause(
    (251008,),
    r"private key|passphrase|password was given|could not deserialize|bad decrypt|incorrect password",
    "the private key cannot be read: no such file, not PEM, or another passphrase",
    "Check auth.private_key_file and the passphrase in {passphrase}.",
)
_CAUSES = (
    Cause(
        (390432,),
        r"network policy is required",
        "no network policy covers {user}, and a service user needs one to use a token",
        "As SECURITYADMIN: CREATE NETWORK POLICY … and ALTER USER {user} SET NETWORK_POLICY = …",
    ),
    Cause(
        (390422, 390420),
        r"(ip|ip/token|address).{0,60}not allowed",
        "the network policy does not allow the address of this machine",
        "Run from an allowed address, or have it added to the network policy of {user} or of the account.",
    ),
    Cause(
        (394402, 394301, 390318),
        r"expired",
        "the token or key has expired",
        "Have a new one made: ALTER USER {user} ROTATE PROGRAMMATIC ACCESS TOKEN …, and put it in {place}.",
    ),
    Cause(
        (390186, 390189, 394403),
        r"role.{0,80}(does not exist|not granted|not authorized|restrict)|role_restriction",
        "role {role} is not granted to {user}, or the token is restricted to another role",
        "Make `role` of the environment the ROLE_RESTRICTION of the token, and GRANT ROLE {role} TO USER {user}.",
    ),
    Cause(
        (390101,),
        r"user access disabled|user .{0,40}disabled",
        "{user} is disabled, and its tokens with it",
        "As USERADMIN: ALTER USER {user} SET DISABLED = FALSE; tokens must be enabled one by one afterwards.",
    ),
    Cause(
        (390102,),
        r"temporarily locked|locked",
        "{user} is locked after too many failed logins",
        "Wait 15 minutes, or as USERADMIN: ALTER USER {user} SET MINS_TO_UNLOCK = 0.",
    ),
    Cause(
        (390144, 394300, 394302, 394303, 394304, 394305, 394306),
        r"jwt token is invalid|jwt_token_invalid",
        "Snowflake does not accept the signature of the private key",
        "Compare RSA_PUBLIC_KEY_FP of DESC USER {user} with the key's fingerprint; check the account and the clock.",
    ),
    Cause(
        (394400, 394401),
        r"programmatic access token is invalid|pat_invalid",
        "{account} knows no such token of {user}: mistyped, removed, of another account, or its role was revoked",
        "SHOW USER PROGRAMMATIC ACCESS TOKENS FOR USER {user} in that account; put a good one in {place}.",
    ),
    Cause(
        (390303, 390100),
        r"incorrect username or password|invalid oauth|authentication.{0,20}failed",
        "user or secret is not accepted by {account}",
        "Check the account's name first, then the user, then the secret in {place}.",
    ),
    Cause(
        (290404, 290403),
        r"404 not found|verify the account name|account.{0,40}not (be )?found|does not exist|misspelled",
        "there is no account {account}",
        "Write it as <organization>-<account>: SELECT CURRENT_ORGANIZATION_NAME() || '-' || CURRENT_ACCOUNT_NAME().",
    ),
    Cause(
        (),
        r"mfa|multi-factor",
        "this way to log in needs a second factor, which a program cannot give",
        "Use a programmatic access token or a key pair for {user}.",
    ),
    _KEY,
)
_UNREACHABLE = frozenset({250001, 250003, 251011, 251012, -1, 4, 14})
_TALKED = re.compile(r"failed to connect to db: .*\. \S|login error|authentication", re.I)


def login_error(profile: Profile, error: Exception) -> RunnerError:
    """The RunnerError for a failed login. Its text holds no secret, and it is raised without the foreign one."""
    errno, message = number_of(error), message_of(error, profile.redactor)
    cause = _KEY if _is_about_the_key(profile, error) else _cause(errno, message)
    if (
        cause is None
        and errno in _UNREACHABLE
        and text_of(error, "sqlstate") != "28000"
        and not _TALKED.search(message)
    ):
        return Unreachable(profile.environment, profile.address, _short(message))
    facts = _facts(profile)
    why = cause.cause.format(**facts) if cause else "Snowflake refused it"
    advice = cause.advice.format(**facts) if cause else "Look the login up in LOGIN_HISTORY of that account."
    number = errno if errno > 0 else None
    return LoginFailed(profile.environment, profile.account, profile.user, why, advice, number, _short(message))


def _is_about_the_key(profile: Profile, error: Exception) -> bool:
    """The key is read before anything is sent: connector 4 lets the library's error through, 5 says "unexpected"."""
    local = isinstance(error, OSError | ValueError | TypeError) or "UnexpectedError" in str(error)
    return local and isinstance(profile.auth, KeyPairAuth)


def _cause(errno: int, message: str) -> Cause | None:
    by_number = next((cause for cause in _CAUSES if errno in cause.numbers), None)
    by_words = next((cause for cause in _CAUSES if re.search(cause.words, message, re.I)), None)
    # A network policy or an expiry in the words is more exact than the number of a token that "is invalid".
    return by_words if by_number is None or by_number.numbers[0] in (394400, 390303) else by_number


def _facts(profile: Profile) -> dict[str, str]:
    word = "".join(c if c.isalnum() else "_" for c in profile.environment).upper()
    match profile.auth:
        case PatAuth():
            place = f"{word}_PAT"
        case KeyPairAuth():
            place = "auth.private_key_file"
        case WorkloadIdentityAuth():
            place = "the workload's identity"
        case _:
            place = f"RUNNER_{word}_AUTH_…"
    passphrase = f"RUNNER_{word}_AUTH_PASSPHRASE"
    return {
        "user": profile.user,
        "account": profile.account,
        "role": profile.role,
        "place": place,
        "passphrase": passphrase,
    }


def _short(message: str) -> str:
    """The first lines of the message; connectors append pages of advice of their own."""
    return re.split(r"\n|https?://docs\.", message.strip(), maxsplit=1)[0][:300]
