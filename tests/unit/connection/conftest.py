from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from runner.connection.profile import Profile
from runner.core.auth import Auth, PatAuth
from runner.core.secret import Secret

from .server import Server, listening

CANARY = "canary-7f3a-never-to-be-seen"


@pytest.fixture
def server() -> Iterator[Server]:
    with listening() as state:
        yield state


@pytest.fixture
def profile(server: Server) -> Callable[..., Profile]:
    def build(auth: Auth | None = None, **changes: object) -> Profile:
        values: dict[str, object] = {
            "environment": "imcust",
            "account": "localorg-imcust",
            "organization": "LOCALORG",
            "account_name": "IMCUST",
            "user": "svc4snowflakedeploy",
            "role": "ACCOUNTADMIN",
            "warehouse": "ADMIN_WH",
            "database": "PROD_DB",
            "auth": auth or PatAuth(Secret(CANARY)),
            "host": "127.0.0.1",
            "port": server.port,
            "protocol": "http",
            **changes,
        }
        return Profile(**values)  # type: ignore[arg-type]

    return build
