"""Programmatic access tokens: made once, shown once, kept as a SHA-256 (user-guide/programmatic-access-tokens)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from datetime import timedelta

from runner.sandbox.catalog.model import Token, User
from runner.sandbox.catalog.store import utc_now

DEFAULT_DAYS = 15
MAX_DAYS = 365
MAX_TOKENS = 15


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def same(digest_kept: str, secret: str) -> bool:
    """Whether the secret has this digest; takes the same time either way."""
    return hmac.compare_digest(digest_kept, digest(secret))


def issue(
    name: str, role_restriction: str | None, days: int = DEFAULT_DAYS, comment: str | None = None
) -> tuple[Token, str]:
    """A new token and its secret, which is nowhere else."""
    header = base64.urlsafe_b64encode(json.dumps({"alg": "ES256", "kid": secrets.token_hex(6)}).encode()).decode()
    secret = f"{header.rstrip('=')}.{secrets.token_urlsafe(48)}.{secrets.token_urlsafe(32)}"
    now = utc_now()
    token = Token(
        name=name,
        sha256=digest(secret),
        role_restriction=role_restriction,
        expires_at=now + timedelta(days=days),
        created_at=now,
        comment=comment,
    )
    return token, secret


def find(user: User, secret: str) -> Token | None:
    """The user's token with this secret, alive or not; every token is compared."""
    matches = [token for token in user.tokens if same(token.sha256, secret)]
    return matches[0] if matches else None
