"""Who may come in: password, programmatic access token or key pair, checked as Snowflake checks them.

No secret is in any message; every attempt, granted or refused, is recorded for LOGIN_HISTORY.
Sources: user-guide/programmatic-access-tokens, user-guide/key-pair-auth, user-guide/network-policies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, replace
from typing import Protocol

from runner.sandbox import access
from runner.sandbox.catalog.model import Account, Token, User
from runner.sandbox.catalog.store import Catalog, utc_now
from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.law import addresses, keypair, login_policies, passwords, tokens

_AUTHORIZATION = "28000"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRequest:
    """What a client says of itself. `role` is normalised; None is the user's default."""

    account: str
    user: str
    authenticator: str = "SNOWFLAKE"
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    role: str | None = None
    address: str = "127.0.0.1"
    client: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticated:
    """Who came in: `role` is the session's role, `restricted_role` set when a token binds the session to it."""

    account: str
    user: str
    role: str
    restricted_role: str | None
    token: str | None
    """Name of the programmatic access token that was used."""
    credential: int | None = None
    """The token's number."""
    factor: str = "PASSWORD"
    login_id: int = 0
    """The event in LOGIN_HISTORY."""


class Recorder(Protocol):
    """Takes every attempt (`History`)."""

    def login(
        self,
        account: str,
        user: str,
        *,
        address: str,
        client: str,
        factor: str,
        error: SnowflakeError | None = None,
        credential: int | None = None,
    ) -> int: ...


Proof = Token | None


def authenticate(catalog: Catalog, history: Recorder, request: LoginRequest) -> Authenticated:
    """The user and role of a new session, or the refusal that Snowflake gives."""
    try:
        found = _authenticate(catalog, request)
    except SnowflakeError as error:
        account = find_account(catalog, request.account)
        history.login(
            account.name if account else request.account,
            request.user.upper(),
            address=request.address,
            client=request.client,
            factor=_factor(request, None),
            error=error,
        )
        raise
    factor = _factor(request, found.token)
    number = history.login(
        found.account,
        found.user,
        address=request.address,
        client=request.client,
        factor=factor,
        credential=found.credential,
    )
    return replace(found, login_id=number, factor=factor)


def _factor(request: LoginRequest, token: str | None) -> str:
    return "PROGRAMMATIC_ACCESS_TOKEN" if token else _FACTORS.get(request.authenticator.upper(), "PASSWORD")


def find_account(catalog: Catalog, written: str) -> Account | None:
    """The account of `org-account`, `account` or a locator, in any case, `-` for `_` as in host names."""
    name = written.split(".")[0].upper().replace("_", "-")
    for account in catalog.accounts():
        plain = account.name.replace("_", "-")
        if name in (plain, account.locator, f"{account.organization}-{plain}"):
            return account
    return None


def _authenticate(catalog: Catalog, request: LoginRequest) -> Authenticated:
    account = find_account(catalog, request.account)
    if account is None:
        raise SnowflakeError(390201, "08004", "The requested account does not exist or not authorized.")
    method = request.authenticator.upper()
    if method not in _METHODS:
        raise _not_supported(request.authenticator)
    user = _user(catalog, account, request)
    if user is not None:
        _refuse_address(catalog, user, request.address)
    proof = _METHODS[method](catalog, account, user, request)
    assert user is not None, "without a user no method proves anything"
    login_policies.refuse_login(catalog, user, _listed_method(method, proof), request.client)
    _refuse_disabled(user)
    role = _role(catalog, user, request, proof)
    if proof is not None and role in login_policies.of_tokens(catalog, user, "BLOCKED_ROLES_LIST"):
        raise _wrong_role(role)
    restricted = proof.role_restriction if proof else None
    return Authenticated(
        account=account.name,
        user=user.name,
        role=role,
        restricted_role=restricted,
        token=proof.name if proof else None,
        credential=proof.id if proof else None,
    )


def check_admitted(catalog: Catalog, account: str, name: str, address: str) -> bool:
    """Whether who is logged in is a user still; refused when disabled, or shut out by a network policy
    (user-guide/network-policies: who is blocked while logged in can do nothing more; sql-reference/sql/alter-user).
    """
    user = catalog.find(User, account, name)
    if user is None:
        return False
    _refuse_disabled(user)
    _refuse_address(catalog, user, address)
    return True


def _refuse_address(catalog: Catalog, user: User, address: str) -> None:
    if addresses.refused(catalog, user, address):
        text = f"Incoming request with IP/Token {address} is not allowed to access Snowflake. "
        raise SnowflakeError(390422, "08001", f"{text}Contact your local security administrator.")


def _refuse_disabled(user: User) -> None:
    if user.disabled:
        raise SnowflakeError(390101, _AUTHORIZATION, "User access disabled. Contact your local system administrator.")


def _user(catalog: Catalog, account: Account, request: LoginRequest) -> User | None:
    """The user that logs in; a token tells its user where the client names none."""
    users = catalog.all(User, account.name)
    if request.user:
        return next((u for u in users if request.user.upper() in (u.login_name.upper(), u.name.upper())), None)
    if request.token and request.authenticator.upper() == "PROGRAMMATIC_ACCESS_TOKEN":
        return next((u for u in users if tokens.find(u, request.token)), None)
    return None


def _by_password(catalog: Catalog, _: Account, user: User | None, request: LoginRequest) -> Proof:
    """A password, or a programmatic access token in its place."""
    token = tokens.find(user, request.password) if user else None
    if user is not None and token is not None:
        return _alive(catalog, user, token)
    known = passwords.same(user.password_sha256 if user else None, request.password)
    if user is None or user.type == "SERVICE" or not known:
        raise SnowflakeError(390100, _AUTHORIZATION, "Incorrect username or password was specified.")
    return None


def _by_token(catalog: Catalog, _: Account, user: User | None, request: LoginRequest) -> Proof:
    secret = request.token or request.password
    token = tokens.find(user, secret) if user else None
    if user is None or token is None:
        raise SnowflakeError(394400, "08001", "Programmatic access token is invalid.")
    return _alive(catalog, user, token)


def _alive(catalog: Catalog, user: User, token: Token) -> Token:
    """A token that is expired or disabled, or whose user has no network policy, opens nothing."""
    if token.expires_at <= utc_now():
        raise SnowflakeError(394401, "08001", "Programmatic access token has expired.")
    if token.disabled:
        raise SnowflakeError(394402, "08001", "Programmatic access token is disabled.")
    bypassed = token.bypass_until is not None and utc_now() < token.bypass_until
    needed = login_policies.needs_network_policy(catalog, user) and not bypassed
    if needed and addresses.policy_for(catalog, user) is None:
        raise SnowflakeError(394404, "08001", "Network policy is required.")
    return token


def _by_key(_: Catalog, account: Account, user: User | None, request: LoginRequest) -> Proof:
    if user is None or not keypair.valid(account, user, request.token):
        raise SnowflakeError(390144, "08001", "JWT token is invalid.")
    return None


Method = Callable[[Catalog, Account, User | None, LoginRequest], Proof]
_METHODS: dict[str, Method] = {
    "": _by_password,
    "SNOWFLAKE": _by_password,
    "PROGRAMMATIC_ACCESS_TOKEN": _by_token,
    "SNOWFLAKE_JWT": _by_key,
}
_FACTORS = {"PROGRAMMATIC_ACCESS_TOKEN": "PROGRAMMATIC_ACCESS_TOKEN", "SNOWFLAKE_JWT": "RSA_KEYPAIR"}


def _listed_method(method: str, proof: Proof) -> str:
    """The method as authentication policies list it."""
    if proof is not None:
        return "PROGRAMMATIC_ACCESS_TOKEN"
    return "KEYPAIR" if method == "SNOWFLAKE_JWT" else "PASSWORD"


def _not_supported(authenticator: str) -> SnowflakeError:
    errno = 390303 if authenticator.upper().startswith("OAUTH") else 390190
    return SnowflakeError(
        errno, "08001", f"Authenticator '{authenticator}' is not supported: the sandbox knows no identity provider."
    )


def _role(catalog: Catalog, user: User, request: LoginRequest, proof: Proof) -> str:
    """The role of the session: as asked, as the token binds it, as the user's default, or PUBLIC."""
    granted = access.available_roles(catalog, user.account, user.name)
    asked = request.role
    bound = proof.role_restriction if proof else None
    if bound is not None:
        if bound not in granted or (asked is not None and asked != bound):
            raise _wrong_role(asked or bound)
        return bound
    if asked is not None:
        if asked not in granted:
            raise _wrong_role(asked)
        return asked
    return user.default_role if user.default_role in granted and user.default_role else "PUBLIC"


def _wrong_role(role: str) -> SnowflakeError:
    return SnowflakeError(
        390189,
        "08001",
        f"Role '{role}' specified in the connect string does not exist or not authorized. Contact your local system "
        "administrator, or attempt to login with another role, e.g. PUBLIC.",
    )
