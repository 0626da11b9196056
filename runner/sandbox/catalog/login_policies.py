"""Authentication, password and session policies: what holds at the login of users, set on an account or on one user."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

from runner.sandbox.catalog.model import SchemaObject
from runner.sandbox.classes import dataclass


@dataclass(kw_only=True)
class LoginPolicy(SchemaObject):
    """Who has it set knows it by its id (`User.policies`, `Account.policies`)."""

    settings: dict[str, list[str]] = field(default_factory=dict)
    """What was said of its properties, a single value as a list of one; `PAT_POLICY.MAX_EXPIRY_IN_DAYS` of a group."""

    @property
    def policy(self) -> str:
        return self.kind.replace("_", " ")


@dataclass(kw_only=True)
class AuthenticationPolicy(LoginPolicy):
    kind: ClassVar[str] = "AUTHENTICATION_POLICY"


@dataclass(kw_only=True)
class PasswordPolicy(LoginPolicy):
    kind: ClassVar[str] = "PASSWORD_POLICY"


@dataclass(kw_only=True)
class SessionPolicy(LoginPolicy):
    kind: ClassVar[str] = "SESSION_POLICY"


LOGIN_POLICIES: dict[str, type[LoginPolicy]] = {
    "AUTHENTICATION POLICY": AuthenticationPolicy,
    "PASSWORD POLICY": PasswordPolicy,
    "SESSION POLICY": SessionPolicy,
}
