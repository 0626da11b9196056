"""Key-pair login: a JWT signed with the private key of a public key that the user has (user-guide/key-pair-auth).

What can read keys is loaded when somebody uses one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from runner.sandbox.catalog.model import Account, User
from runner.sandbox.catalog.store import utc_now

_LEEWAY_SECONDS = 60
_MAX_LIFE_SECONDS = 3600


def fingerprint(body: str) -> str:
    """`SHA256:…` of a public key's base64 body, as DESCRIBE USER shows it and a JWT's issuer carries it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(base64.b64decode(body)).digest()).decode()


def valid(account: Account, user: User, jwt: str) -> bool:
    """Whether one of the user's keys signed the token, for this account and user, and it is not too old."""
    try:
        signed, _, signature = jwt.rpartition(".")
        header, _, payload = signed.partition(".")
        if _decoded(header).get("alg") != "RS256":
            return False
        claims = _decoded(payload)
        keys = [key for key in (user.rsa_public_key, user.rsa_public_key_2) if key]
        fitting = [key for key in keys if _claims_fit(claims, account, user, key)]
        return _in_time(claims) and any(_signed_by(key, signed, signature) for key in fitting)
    except (KeyError, ValueError, TypeError):
        return False


def _decoded(part: str) -> dict[str, Any]:
    found = json.loads(_bytes(part))
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _bytes(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _claims_fit(claims: dict[str, Any], account: Account, user: User, key: str) -> bool:
    """Issuer `ACCOUNT.USER.SHA256:…` and subject `ACCOUNT.USER`, the account by any of its names."""
    names = (account.name, account.locator, f"{account.organization}-{account.name}")
    logins = {user.name.upper(), user.login_name.upper()}
    subjects = {f"{name}.{login}" for name in names for login in logins}
    issuer, subject = str(claims.get("iss", "")), str(claims.get("sub", ""))
    fits = any(hmac.compare_digest(issuer.encode(), f"{s}.{fingerprint(key)}".encode()) for s in subjects)
    return fits and subject in subjects


def is_public_key(body: str) -> bool:
    """Whether a base64 body is that of a public key."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        load_der_public_key(base64.b64decode(body, validate=True))
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True


def _signed_by(key: str, signed: str, signature: str) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    public = load_der_public_key(base64.b64decode(key))
    if not isinstance(public, RSAPublicKey):
        return False
    try:
        public.verify(_bytes(signature), signed.encode(), PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _in_time(claims: dict[str, Any]) -> bool:
    now = utc_now().timestamp()
    begins, ends = float(claims["iat"]), float(claims["exp"])
    young = begins <= now + _LEEWAY_SECONDS and now <= begins + _MAX_LIFE_SECONDS + _LEEWAY_SECONDS
    return young and now <= ends + _LEEWAY_SECONDS
