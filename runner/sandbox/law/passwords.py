"""Passwords, kept as salted SHA-256 with many rounds; compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import secrets

_ROUNDS = 50_000


def digest(password: str) -> str:
    """What is kept of a password: `salt$hash`."""
    salt = secrets.token_hex(16)
    return f"{salt}${_hash(password, salt)}"


def same(kept: str | None, password: str) -> bool:
    """Whether this is the password; as much work is done when there is none to compare with."""
    salt, _, expected = (kept or "none$none").partition("$")
    return hmac.compare_digest(_hash(password, salt), expected)


def _hash(password: str, salt: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), _ROUNDS).hex()
