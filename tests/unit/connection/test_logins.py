from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from runner.connection.profile import Profile
from runner.connection.session import connect
from runner.core.auth import KeyPairAuth
from runner.core.errors import LoginFailed, Unreachable

from .server import Server

Build = Callable[..., Profile]

CAUSES = [
    ("394400", "Programmatic access token is invalid.", "knows no such token of svc4snowflakedeploy", "IMCUST_PAT"),
    ("394402", "Programmatic access token has expired.", "has expired", "ROTATE"),
    ("250001", "Fail : Network policy is required.", "no network policy covers svc4snowflakedeploy", "NETWORK POLICY"),
    ("390432", "Network policy is required.", "no network policy covers", "ALTER USER svc4snowflakedeploy"),
    (
        "390422",
        "Incoming request with IP/Token 10.0.0.1 is not allowed to access Snowflake.",
        "address of this machine",
        "",
    ),
    (
        "390189",
        "Role 'DEPLOYER' specified in the connect string is not granted to this user.",
        "ACCOUNTADMIN",
        "GRANT ROLE",
    ),
    (
        "390186",
        "Role 'X' specified in the connect string does not exist or not authorized.",
        "role",
        "ROLE_RESTRICTION",
    ),
    ("390101", "User access disabled. Contact your local system administrator.", "is disabled", "SET DISABLED = FALSE"),
    ("390102", "Your user account has been temporarily locked.", "is locked", "MINS_TO_UNLOCK"),
    ("390100", "Incorrect username or password was specified.", "not accepted", "account's name first"),
    ("390144", "JWT token is invalid.", "signature", "RSA_PUBLIC_KEY_FP"),
    ("394304", "JWT token is invalid. [fp]", "signature", "fingerprint"),
    ("390318", "OAuth access token expired.", "expired", ""),
    ("390303", "Invalid OAuth access token.", "not accepted", ""),
    ("394508", "MFA authentication is required.", "second factor", "token or a key pair"),
    ("399999", "Something new.", "Snowflake refused it", "LOGIN_HISTORY"),
]


@pytest.mark.parametrize(("code", "message", "cause", "advice"), CAUSES, ids=[f"{c[0]}-{c[2][:12]}" for c in CAUSES])
def test_a_failed_login_names_the_likely_cause_and_what_to_do(
    server: Server, profile: Build, code: str, message: str, cause: str, advice: str
) -> None:
    server.login = _refused(code, message)
    with pytest.raises(LoginFailed) as caught:
        connect(profile(login_timeout=1))
    error = caught.value
    assert cause in error.cause
    assert advice in error.hint
    assert message in error.sentence
    assert error.__context__ is None


def test_an_account_that_does_not_exist_is_named(server: Server, profile: Build) -> None:
    server.login = _refused("290404", "404 Not Found: post https://x/session/v1/login-request")
    with pytest.raises(LoginFailed, match="there is no account localorg-imcust"):
        connect(profile(login_timeout=1))


def test_a_wrong_passphrase_is_told_from_a_wrong_user(profile: Build, tmp_path: Any) -> None:
    key = tmp_path / "key.p8"
    key.write_text("not a key")
    with pytest.raises(LoginFailed, match="private key cannot be read") as caught:
        connect(profile(KeyPairAuth(str(key)), login_timeout=1))
    assert "RUNNER_IMCUST_AUTH_PASSPHRASE" in caught.value.hint


def test_a_host_that_nobody_answers_for_is_unreachable(profile: Build) -> None:
    with pytest.raises(Unreachable, match=r"https://127\.0\.0\.1:1"):
        connect(profile(protocol="https", port=1, login_timeout=1))


def _refused(code: str, message: str) -> dict[str, Any]:
    return {"success": False, "code": code, "message": message, "data": {"nextAction": None}}
