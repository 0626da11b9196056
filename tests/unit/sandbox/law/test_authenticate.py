import base64
import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from runner.sandbox.authenticate import LoginRequest, authenticate, find_account
from runner.sandbox.catalog.model import NetworkPolicy, RoleGrant, User
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.history import History
from runner.sandbox.law import passwords, tokens

SERVICE = "SVC4SNOWFLAKEDEPLOY"


@pytest.fixture
def history():
    return History()


def login(catalog, history, **changes):
    request = LoginRequest(account="LOCALORG-IMCUST", user=SERVICE, authenticator="PROGRAMMATIC_ACCESS_TOKEN")
    return authenticate(catalog, history, replace(request, **changes))


def refusal(catalog, history, **changes):
    with pytest.raises(SnowflakeError) as caught:
        login(catalog, history, **changes)
    secrets = [changes.get("token"), changes.get("password")]
    assert not any(s and s in caught.value.message for s in secrets)
    return caught.value.errno, caught.value.message


def service(catalog):
    return catalog.find(User, "IMCUST", SERVICE)


def edit(catalog, record, **changes):
    with catalog.work() as work:
        work.edit(record, **changes)


def edit_token(catalog, **changes):
    user = service(catalog)
    edit(catalog, user, tokens=[replace(user.tokens[0], **changes)])


@pytest.mark.parametrize("account", ["localorg-imcust", "IMCUST", "lo00001", "LOCALORG-IMCUST.eu-central-1"])
def test_an_account_goes_by_many_names(catalog, account):
    assert find_account(catalog, account).name == "IMCUST"


def test_a_token_opens_a_session_bound_to_its_role(catalog, history, pat):
    found = login(catalog, history, token=pat)
    assert (found.user, found.role, found.restricted_role, found.token) == (
        SERVICE,
        "ACCOUNTADMIN",
        "ACCOUNTADMIN",
        "SANDBOX",
    )


def test_a_token_goes_in_the_place_of_a_password(catalog, history, pat):
    assert login(catalog, history, authenticator="SNOWFLAKE", password=pat).token == "SANDBOX"


def test_a_token_names_its_user_when_the_client_does_not(catalog, history, pat):
    assert login(catalog, history, user="", token=pat).user == SERVICE


def test_a_token_with_a_trailing_newline_is_another_token(catalog, history, pat):
    assert refusal(catalog, history, token=pat + "\n") == (394400, "Programmatic access token is invalid.")


def test_a_token_of_another_account_or_user_is_invalid(catalog, history, pat):
    assert refusal(catalog, history, account="imsdlc", token=pat)[0] == 394400
    assert refusal(catalog, history, user="SANDBOX_ADMIN", token=pat)[0] == 394400
    assert refusal(catalog, history, user="NOBODY", token=pat)[0] == 394400


def test_an_expired_token_says_so(catalog, history, pat):
    edit_token(catalog, expires_at=utc_now() - timedelta(seconds=1))
    assert refusal(catalog, history, token=pat) == (394401, "Programmatic access token has expired.")


def test_a_disabled_token_or_user_stays_outside(catalog, history, pat):
    edit_token(catalog, disabled=True)
    assert refusal(catalog, history, token=pat)[0] == 394402
    edit_token(catalog, disabled=False)
    edit(catalog, service(catalog), disabled=True)
    assert refusal(catalog, history, token=pat)[0] == 390101


def test_a_token_needs_a_network_policy(catalog, history, pat):
    edit(catalog, service(catalog), network_policy=None)
    assert refusal(catalog, history, token=pat) == (394404, "Network policy is required.")


def test_an_address_outside_the_policy_is_refused(catalog, history, pat):
    errno, message = refusal(catalog, history, token=pat, address="8.8.8.8")
    assert errno == 390422
    assert "IP/Token 8.8.8.8 is not allowed to access Snowflake" in message


def test_the_blocked_list_wins(catalog, history, pat):
    policy = catalog.find(NetworkPolicy, "IMCUST", "LOOPBACK_ONLY")
    edit(catalog, policy, blocked=["127.0.0.1"])
    assert refusal(catalog, history, token=pat)[0] == 390422


def test_another_role_than_the_tokens_is_refused(catalog, history, pat):
    errno, message = refusal(catalog, history, token=pat, role="SYSADMIN")
    assert errno == 390189
    assert message.startswith("Role 'SYSADMIN' specified in the connect string does not exist or not authorized.")


def test_a_token_dies_with_the_grant_of_its_role(catalog, history, pat):
    link = next(g for g in catalog.role_grants("IMCUST") if g.to_name == SERVICE)
    with catalog.work() as work:
        work.unlink(link)
    assert refusal(catalog, history, token=pat)[0] == 390189


def person(catalog, **fields):
    with catalog.work() as work:
        work.add(User(account="IMCUST", name="ANNA", login_name="ANNA", created_at=utc_now(), **fields))


def test_a_password_opens_for_a_person(catalog, history):
    person(catalog, password_sha256=passwords.digest("s3cret"))
    found = login(catalog, history, user="anna", authenticator="SNOWFLAKE", password="s3cret")
    assert (found.role, found.restricted_role, found.token) == ("PUBLIC", None, None)


@pytest.mark.parametrize(("user", "password"), [("anna", "wrong"), ("nobody", "s3cret"), ("anna", "")])
def test_a_wrong_password_and_an_unknown_user_are_the_same(catalog, history, user, password):
    person(catalog, password_sha256=passwords.digest("s3cret"))
    expected = (390100, "Incorrect username or password was specified.")
    assert refusal(catalog, history, user=user, authenticator="SNOWFLAKE", password=password) == expected


def test_the_default_role_is_taken_only_while_it_is_granted(catalog, history):
    person(catalog, password_sha256=passwords.digest("s3cret"), default_role="SYSADMIN")
    request = {"user": "anna", "authenticator": "SNOWFLAKE", "password": "s3cret"}
    assert login(catalog, history, **request).role == "PUBLIC"
    with catalog.work() as work:
        work.link(RoleGrant(account="IMCUST", role="SYSADMIN", to_kind="USER", to_name="ANNA", created_at=utc_now()))
    assert login(catalog, history, **request).role == "SYSADMIN"
    assert refusal(catalog, history, role="ACCOUNTADMIN", **request)[0] == 390189


@pytest.mark.parametrize("authenticator", ["OAUTH", "EXTERNALBROWSER", "WORKLOAD_IDENTITY"])
def test_what_the_sandbox_cannot_check_is_refused_by_name(catalog, history, authenticator):
    assert authenticator in refusal(catalog, history, authenticator=authenticator, token="canary")[1]


def test_an_unknown_account_is_named_as_such(catalog, history, pat):
    assert refusal(catalog, history, account="localorg-nowhere", token=pat)[0] == 390201


def test_every_attempt_is_on_record_without_the_secret(catalog, history, pat):
    login(catalog, history, token=pat)
    refusal(catalog, history, token=pat + "x")
    refused, granted = history.logins("IMCUST")
    assert (granted.success, granted.factor, granted.user) == (True, "PROGRAMMATIC_ACCESS_TOKEN", SERVICE)
    assert (refused.success, refused.error_code) == (False, 394400)
    assert pat not in repr(history.logins("IMCUST"))


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_body(key):
    return base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def jwt(key=KEY, alg="RS256", signer=None, **changes):
    now = utc_now().timestamp()
    print_ = "SHA256:" + base64.b64encode(hashlib.sha256(base64.b64decode(public_body(key))).digest()).decode()
    claims = {
        "iss": f"LOCALORG-IMCUST.{SERVICE}.{print_}",
        "sub": f"LOCALORG-IMCUST.{SERVICE}",
        "iat": now,
        "exp": now + 60,
    } | changes
    signed = f"{encoded({'alg': alg, 'typ': 'JWT'})}.{encoded(claims)}"
    signature = (signer or key).sign(signed.encode(), padding.PKCS1v15(), SHA256())
    return f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def with_key(catalog, **keys):
    edit(catalog, service(catalog), **(keys or {"rsa_public_key": public_body(KEY)}))


def test_a_key_pair_opens(catalog, history):
    with_key(catalog)
    found = login(catalog, history, authenticator="SNOWFLAKE_JWT", token=jwt())
    assert (found.role, found.restricted_role) == ("ACCOUNTADMIN", None)


def test_the_second_key_opens_too(catalog, history):
    with_key(catalog, rsa_public_key=public_body(OTHER), rsa_public_key_2=public_body(KEY))
    assert login(catalog, history, authenticator="SNOWFLAKE_JWT", token=jwt()).user == SERVICE


@pytest.mark.parametrize(
    "forge",
    [
        lambda: jwt(OTHER),
        lambda: jwt(KEY, signer=OTHER),
        lambda: jwt(alg="none"),
        lambda: jwt(sub="LOCALORG-IMSDLC." + SERVICE),
        lambda: jwt(iss="LOCALORG-IMCUST.SANDBOX_ADMIN.SHA256:x"),
        lambda: jwt(exp=utc_now().timestamp() - 120),
        lambda: jwt(iat=utc_now().timestamp() - 7200, exp=utc_now().timestamp() + 60),
        lambda: jwt(iat=utc_now().timestamp() + 600),
        lambda: jwt(exp=None),
        lambda: "not.a.token",
        lambda: "",
        lambda: jwt()[:-6],
    ],
)
def test_a_forged_or_old_jwt_is_invalid(catalog, history, forge):
    with_key(catalog)
    expected = (390144, "JWT token is invalid.")
    assert refusal(catalog, history, authenticator="SNOWFLAKE_JWT", token=forge()) == expected


def test_secrets_are_not_in_a_requests_text():
    request = LoginRequest(account="a", user="u", password="canary-p", token="canary-t")
    assert "canary" not in repr(request)


def test_tokens_are_kept_as_a_digest_only():
    token, secret = tokens.issue("T", None)
    assert secret not in repr(token)
    assert tokens.same(token.sha256, secret)
    assert secret.startswith("eyJ")
