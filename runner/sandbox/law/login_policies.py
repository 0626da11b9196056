"""What authentication, password and session policies say, and whom it concerns: a user's own policy comes before its
account's.

Sources: sql-reference/sql/create-authentication-policy, create-password-policy, create-session-policy;
user-guide/authentication-policies, session-policies, programmatic-access-tokens.
"""

from __future__ import annotations

from runner.sandbox.catalog.login_policies import LoginPolicy
from runner.sandbox.catalog.model import Account, User
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError

AUTHENTICATION, PASSWORD, SESSION = "AUTHENTICATION POLICY", "PASSWORD POLICY", "SESSION POLICY"
KINDS = (AUTHENTICATION, PASSWORD, SESSION)
ALL = "ALL"


@dataclass(frozen=True, slots=True)
class Property:
    """A number between bounds, one of several words, or with `many` a list of them; no words: any strings."""

    default: str
    low: int = 0
    high: int = -1
    words: tuple[str, ...] = ()
    many: bool = False

    @property
    def numeric(self) -> bool:
        return self.high >= 0


_METHODS = ("ALL", "SAML", "PASSWORD", "OAUTH", "KEYPAIR", "PROGRAMMATIC_ACCESS_TOKEN", "WORKLOAD_IDENTITY")
_CLIENTS = ("ALL", "SNOWFLAKE_UI", "DRIVERS", "SNOWSQL", "SNOWFLAKE_CLI")
_EVALUATION = ("ENFORCED_REQUIRED", "ENFORCED_NOT_REQUIRED")
PROPERTIES: dict[str, dict[str, Property]] = {
    AUTHENTICATION: {
        "AUTHENTICATION_METHODS": Property(ALL, words=_METHODS, many=True),
        "CLIENT_TYPES": Property(ALL, words=_CLIENTS, many=True),
        "SECURITY_INTEGRATIONS": Property(ALL, many=True),
        "MFA_AUTHENTICATION_METHODS": Property("PASSWORD", words=("ALL", "PASSWORD", "SAML"), many=True),
        "MFA_ENROLLMENT": Property("REQUIRED_PASSWORD_ONLY", words=("REQUIRED", "REQUIRED_PASSWORD_ONLY", "OPTIONAL")),
        "MFA_POLICY.ALLOWED_METHODS": Property(ALL, words=("ALL", "PASSKEY", "TOTP", "DUO", "OTP"), many=True),
        "PAT_POLICY.DEFAULT_EXPIRY_IN_DAYS": Property("15", 1, 365),
        "PAT_POLICY.MAX_EXPIRY_IN_DAYS": Property("365", 1, 365),
        "PAT_POLICY.NETWORK_POLICY_EVALUATION": Property(_EVALUATION[0], words=_EVALUATION),
        "PAT_POLICY.REQUIRE_ROLE_RESTRICTION_FOR_SERVICE_USERS": Property("TRUE", words=("TRUE", "FALSE")),
        "PAT_POLICY.BLOCKED_ROLES_LIST": Property("", many=True),
    },
    PASSWORD: {
        "PASSWORD_MIN_LENGTH": Property("14", 8, 256),
        "PASSWORD_MAX_LENGTH": Property("256", 8, 256),
        "PASSWORD_MIN_UPPER_CASE_CHARS": Property("1", 0, 256),
        "PASSWORD_MIN_LOWER_CASE_CHARS": Property("1", 0, 256),
        "PASSWORD_MIN_NUMERIC_CHARS": Property("1", 0, 256),
        "PASSWORD_MIN_SPECIAL_CHARS": Property("0", 0, 256),
        "PASSWORD_MIN_AGE_DAYS": Property("0", 0, 999),
        "PASSWORD_MAX_AGE_DAYS": Property("90", 0, 999),
        "PASSWORD_MAX_RETRIES": Property("5", 1, 10),
        "PASSWORD_LOCKOUT_TIME_MINS": Property("15", 1, 999),
        "PASSWORD_HISTORY": Property("5", 0, 24),
    },
    SESSION: {
        "SESSION_IDLE_TIMEOUT_MINS": Property("240", 5, 240),
        "SESSION_UI_IDLE_TIMEOUT_MINS": Property("1080", 5, 1080),
        "ALLOWED_SECONDARY_ROLES": Property(ALL, words=(ALL,), many=True),
        "BLOCKED_SECONDARY_ROLES": Property("", words=(ALL,), many=True),
    },
}
KNOWN_ELSEWHERE = frozenset(
    {"CLIENT_POLICY", "WORKLOAD_IDENTITY_POLICY", "SESSION_MAX_LIFESPAN_MINS", "SESSION_UI_MAX_LIFESPAN_MINS"}
    | {"MFA_POLICY.ENFORCE_MFA_ON_EXTERNAL_AUTHENTICATION"}
)
"""Properties that Snowflake has and the sandbox has not."""


def value(policy: LoginPolicy, name: str) -> list[str]:
    """What the policy says of the property, or what holds where it says nothing."""
    default = PROPERTIES[policy.policy][name].default
    return policy.settings.get(name, [default] if default else [])


def policy_of(catalog: Catalog, holder: User | Account, kind: str) -> LoginPolicy | None:
    """The policy that is set on the user or account itself; one whose schema was dropped goes on holding."""
    found = catalog.records.get(holder.policies.get(kind, -1))
    return found if isinstance(found, LoginPolicy) else None


def effective(catalog: Catalog, user: User, kind: str) -> LoginPolicy | None:
    account = catalog.account(user.account)
    return policy_of(catalog, user, kind) or (policy_of(catalog, account, kind) if account is not None else None)


def holders(catalog: Catalog, policy: LoginPolicy) -> list[User | Account]:
    """The users and the account on which the policy is set."""
    account = catalog.account(policy.account)
    every: list[User | Account] = [*([account] if account else []), *catalog.all(User, policy.account)]
    return [each for each in every if each.policies.get(policy.policy) == policy.id]


def refuse_login(catalog: Catalog, user: User, method: str, client: str) -> None:
    """A way to authenticate or a client that the policy does not list opens nothing."""
    policy = effective(catalog, user, AUTHENTICATION)
    if policy is None:
        return
    for name, given in (("AUTHENTICATION_METHODS", method), ("CLIENT_TYPES", client_type(client))):
        if not {ALL, given} & set(value(policy, name)):
            text = "Authentication attempt rejected by the current authentication policy."
            raise SnowflakeError(390202, "08001", text)


def client_type(client: str) -> str:
    """The type of the client that calls itself so; everything that speaks the drivers' protocol is a driver."""
    name = client.upper().replace(" ", "")
    if name.startswith(("SNOWFLAKE_CLI", "SNOWCLI", "SNOWFLAKECLI")):
        return "SNOWFLAKE_CLI"
    return "SNOWSQL" if name.startswith("SNOWSQL") else "DRIVERS"


def idle_seconds(catalog: Catalog, account: str, name: str) -> float | None:
    """After how long without a request the user must log in anew; None where no policy speaks."""
    user = catalog.find(User, account, name)
    policy = effective(catalog, user, SESSION) if user is not None else None
    return None if policy is None else 60.0 * int(value(policy, "SESSION_IDLE_TIMEOUT_MINS")[0])


def usual_secondary_roles(user: User) -> list[str]:
    """With which a user's sessions begin: all, unless said (release-notes/bcr-bundles/2024_08/bcr-1692)."""
    return ["ALL"] if user.default_secondary_roles is None else user.default_secondary_roles


def bars_secondary_roles(catalog: Catalog, account: str, name: str) -> bool:
    user = catalog.find(User, account, name)
    policy = effective(catalog, user, SESSION) if user is not None else None
    if policy is None:
        return False
    return not value(policy, "ALLOWED_SECONDARY_ROLES") or bool(value(policy, "BLOCKED_SECONDARY_ROLES"))


def of_tokens(catalog: Catalog, user: User, name: str) -> list[str]:
    """What the user's PAT_POLICY says of a property."""
    policy = effective(catalog, user, AUTHENTICATION)
    full = f"PAT_POLICY.{name}"
    if policy is not None:
        return value(policy, full)
    default = PROPERTIES[AUTHENTICATION][full].default
    return [default] if default else []


def needs_network_policy(catalog: Catalog, user: User) -> bool:
    return of_tokens(catalog, user, "NETWORK_POLICY_EVALUATION") == ["ENFORCED_REQUIRED"]


def refuse_password(catalog: Catalog, user: User, password: str) -> None:
    """A new password must be as the policy wants it."""
    policy = effective(catalog, user, PASSWORD)
    if policy is None:
        return
    counts = {
        "PASSWORD_MIN_LENGTH": len(password),
        "PASSWORD_MIN_UPPER_CASE_CHARS": sum(map(str.isupper, password)),
        "PASSWORD_MIN_LOWER_CASE_CHARS": sum(map(str.islower, password)),
        "PASSWORD_MIN_NUMERIC_CHARS": sum(map(str.isdigit, password)),
        "PASSWORD_MIN_SPECIAL_CHARS": sum(not char.isalnum() for char in password),
    }
    short = next((name for name, count in counts.items() if count < int(value(policy, name)[0])), None)
    if len(password) > int(value(policy, "PASSWORD_MAX_LENGTH")[0]):
        short = "PASSWORD_MAX_LENGTH"
    if short is not None:
        reason = f"New password rejected by current password policy. Reason: '{short}'."
        raise SnowflakeError(3002, "28P01", f"SQL access control error:\n{reason}")
