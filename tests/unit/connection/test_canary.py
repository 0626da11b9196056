"""A canary in every secret; whatever comes out is searched for it."""

from __future__ import annotations

import io
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from runner.connection.faults import StatementFault
from runner.connection.profile import Profile
from runner.connection.redaction import RedactingFilter, Redactor
from runner.connection.session import connect
from runner.core.auth import (
    Auth,
    KeyPairAuth,
    OAuthAuth,
    OAuthClientCredentials,
    PasswordAuth,
    PatAuth,
    WorkloadIdentityAuth,
)
from runner.core.errors import ConnectionFailed
from runner.core.secret import Secret

from .server import Server, refusal

Build = Callable[..., Profile]
CANARY = "canary-7f3a-never-to-be-seen"
S = Secret(CANARY)

EVERY_SECRET: list[Auth] = [
    PatAuth(S),
    KeyPairAuth("/no/such/key.p8", S),
    OAuthAuth(S),
    OAuthClientCredentials("me", S, "http://127.0.0.1:9/token"),
    WorkloadIdentityAuth("OIDC", S),
    PasswordAuth(S),
]
ways = pytest.mark.parametrize("auth", EVERY_SECRET, ids=lambda auth: type(auth).__name__)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that any logger says, at its most talkative, as a file of its own would get it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setLevel(logging.DEBUG)
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name in [name for name in root.manager.loggerDict if name.startswith("snowflake")]:
        logging.getLogger(name).disabled = False  # a tool that another test ran may have silenced all that were there
    try:
        yield stream
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


@ways
def test_values_show_no_secret(auth: Auth, profile: Build) -> None:
    built = profile(auth)
    shown = f"{auth!r} {auth} {built!r} {built} {built.redactor!r} {[auth]} { ({'a': auth}) }"
    assert CANARY not in shown
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(built)


@ways
def test_a_refused_login_shows_no_secret(auth: Auth, server: Server, profile: Build, log: io.StringIO) -> None:
    message = f"Token {CANARY} is bad; so is eyJhbGciOiJIUzI1NiJ9.{'a' * 20}.sig"
    server.login = {"success": False, "code": "394400", "message": message, "data": {"nextAction": None}}
    with pytest.raises(ConnectionFailed) as caught:
        connect(profile(auth, login_timeout=1))
    seen = _all_that_is_told(caught.value) + log.getvalue()
    assert CANARY not in seen
    assert "eyJ" not in seen


def test_a_session_at_work_logs_no_secret(server: Server, profile: Build, log: io.StringIO) -> None:
    server.answers["SELECT 1"] = refusal("002003", f"no {CANARY} here")
    with connect(profile()) as session:
        session.execute("SELECT 2")
        with pytest.raises(StatementFault) as caught:
            session.execute("SELECT 1")
        assert CANARY not in repr(session)
    assert CANARY not in _all_that_is_told(caught.value) + log.getvalue()
    assert log.getvalue()


def test_a_login_to_nowhere_shows_no_secret(profile: Build, log: io.StringIO) -> None:
    with pytest.raises(ConnectionFailed) as caught:
        connect(replace(profile(), protocol="https", port=1, login_timeout=1))
    assert CANARY not in _all_that_is_told(caught.value) + log.getvalue()


def test_a_record_is_made_safe_whatever_it_carries() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.Logger("one")
    logger.addFilter(RedactingFilter(Redactor((S,))))
    logger.addHandler(handler)
    try:
        raise ValueError(f"bad {CANARY}")
    except ValueError:
        logger.exception("it was %s and %s", CANARY, {"t": CANARY})
    logger.info("one argument too many %s", CANARY, "x")  # noqa: PLE1205 - a record that cannot be formatted
    logger.info('Authorization: Snowflake Token="abc.def" and Bearer xyz')
    assert CANARY not in stream.getvalue()
    assert "ValueError: bad ***" in stream.getvalue()
    assert "abc.def" not in stream.getvalue()
    assert "xyz" not in stream.getvalue()


def _all_that_is_told(error: BaseException) -> str:
    parts: list[str] = []
    met: BaseException | None = error
    while met is not None:
        parts += [str(met), repr(met), *traceback.format_exception(met), repr(vars(met)), getattr(met, "hint", "")]
        met = met.__cause__ or met.__context__
    return "\n".join(parts)
