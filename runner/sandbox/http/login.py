"""Logging in and renewing: the requests, and what the answers tell the client about its session.

Who may come in is the law's to say (`authenticate`); here its words become the wire's.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from runner.sandbox import access, information_schema, resolve
from runner.sandbox.authenticate import Authenticated, LoginRequest, authenticate
from runner.sandbox.catalog.model import User, Warehouse
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.http import answers, body
from runner.sandbox.http.answers import json_response
from runner.sandbox.http.body import member
from runner.sandbox.http.door import Door
from runner.sandbox.http.parameters import FORMATS, as_text, told
from runner.sandbox.law.login_policies import bars_secondary_roles, idle_seconds, usual_secondary_roles
from runner.sandbox.release import VERSION
from runner.sandbox.session import SESSION_DEFAULTS, Session
from runner.sandbox.statements.session import checked_parameter
from runner.sandbox.tokens import Reader
from runner.sandbox.visits import Visit, environment

_DRIVERS = ("CLIENT_", "JDBC_", "ODBC_", "PYTHON_", "JS_", "GO_")


async def login_request(door: Door, request: Request) -> Response:
    """A new session for who proves to be a user of the account."""
    content = member(await body.read(request), "data", dict, {})
    session = await asyncio.to_thread(_open, door, request, content)
    idle = idle_seconds(door.engine.catalog, session.account, session.user)
    _, token, master = door.visitors.admit(session, idle)
    return json_response(answers.body(_welcome(door, session, token, master)))


async def token_request(door: Door, request: Request) -> Response:
    """New tokens for who holds the master token."""
    content = await body.read(request)
    if member(content, "requestType", str, "RENEW") != "RENEW":
        raise body.BadRequest("only RENEW is known as requestType.")
    visitor, token, master = door.visitors.renew(request.headers.get("authorization", ""))
    return json_response(
        answers.body(
            {
                "sessionToken": token,
                "validityInSecondsST": int(door.settings.session_seconds),
                "masterToken": master,
                "validityInSecondsMT": int(door.settings.master_seconds),
                "sessionId": visitor.session.id,
            }
        )
    )


def _open(door: Door, request: Request, content: dict[str, Any]) -> Session:
    user = member(content, "LOGIN_NAME", str, "")
    asked = LoginRequest(
        account=member(content, "ACCOUNT_NAME", str, ""),
        user=user,
        authenticator=member(content, "AUTHENTICATOR", str, "SNOWFLAKE"),
        password=member(content, "PASSWORD", str, ""),
        token=member(content, "TOKEN", str, ""),
        role=_name(request.query_params.get("roleName")),
        address=door.address(request, user),
        client=_client(content),
    )
    found = authenticate(door.engine.catalog, door.engine.history, asked)
    session = door.engine.login(found.account, found.user, found.role, restricted_role=found.restricted_role)
    session.address, session.client, session.token = asked.address, asked.client, found.token
    try:
        _settle(door, session, request, content)
    except BaseException:
        door.engine.logout(session)
        raise
    door.engine.history.opened(_visit(found, session, content))
    return session


def _visit(found: Authenticated, session: Session, content: dict[str, Any]) -> Visit:
    told = environment(member(content, "CLIENT_ENVIRONMENT", dict, {}))
    return Visit(
        session_id=session.id,
        account=session.account,
        user=session.user,
        at=session.created_at,
        factor=found.factor,
        login_id=found.login_id,
        client=session.client,
        environment=json.dumps(told) if told else "",
    )


def _client(content: dict[str, Any]) -> str:
    name, version = member(content, "CLIENT_APP_ID", str, ""), member(content, "CLIENT_APP_VERSION", str, "")
    return f"{name} {version}".strip()[:100]


def _settle(door: Door, session: Session, request: Request, content: dict[str, Any]) -> None:
    """The session as the client asked for it: its parameters, its place, its secondary roles."""
    for name, value in member(content, "SESSION_PARAMETERS", dict, {}).items():
        if value is not None and not _of_the_client(name.upper()):
            session.parameters[name.upper()] = checked_parameter(name.upper(), as_text(value))
            session.chosen.add(name.upper())
    asked = {name: _name(request.query_params.get(name)) for name in ("databaseName", "schemaName", "warehouse")}
    user = door.engine.catalog.find(User, session.account, session.user)
    _enter(door, session, asked["databaseName"], asked["schemaName"])
    _use(door, session, asked["warehouse"] or (user.default_warehouse if user else None))
    usual = "ALL" if user is not None and usual_secondary_roles(user) else "NONE"
    secondary = member(content, "SECONDARY_ROLES", str, "") or usual
    barred = bars_secondary_roles(door.engine.catalog, session.account, session.user)
    if secondary.upper() == "NONE" or (secondary.upper() == "ALL" and not barred):
        session.secondary_roles = secondary.upper()


def _of_the_client(name: str) -> bool:
    """Parameters by which a driver tells about itself, and that change nothing here."""
    return name.startswith("_SNOWFLAKE.") or (name.startswith(_DRIVERS) and name not in (*SESSION_DEFAULTS, *FORMATS))


def _name(given: str | None) -> str | None:
    """A name as connection settings have it: upper case unless it is quoted."""
    return Reader(given).identifier() if given else None


def _enter(door: Door, session: Session, database: str | None, schema: str | None) -> None:
    """Database and schema as asked; what is not there, or not to be seen, is left out, as Snowflake does."""
    catalog = door.engine.catalog
    session.database = session.schema = None
    if database is None or resolve.find_database(catalog, session, database) is None:
        return
    session.database = database
    if schema == information_schema.NAME:
        session.schema = schema
        return
    try:
        session.schema = resolve.schema(catalog, session, (database, schema or "PUBLIC")).name
    except SnowflakeError:
        session.schema = None


def _use(door: Door, session: Session, name: str | None) -> None:
    found = door.engine.catalog.find(Warehouse, session.account, name) if name else None
    usable = found is not None and access.has(door.engine.catalog, session, "USAGE", found)
    session.warehouse = name if usable else None


def _welcome(door: Door, session: Session, token: str, master: str) -> dict[str, object]:
    return {
        "token": token,
        "validityInSeconds": int(door.settings.session_seconds),
        "masterToken": master,
        "masterValidityInSeconds": int(door.settings.master_seconds),
        "displayUserName": session.user,
        "serverVersion": VERSION,
        "firstLogin": False,
        "remMeToken": None,
        "remMeValidityInSeconds": 0,
        "healthCheckInterval": 45,
        "newClientForUpgrade": None,
        "sessionId": session.id,
        "parameters": told(session),
        "sessionInfo": {
            "databaseName": session.database,
            "schemaName": session.schema,
            "warehouseName": session.warehouse,
            "roleName": session.role,
        },
        "idToken": None,
        "idTokenValidityInSeconds": 0,
        "responseData": None,
        "mfaToken": None,
        "mfaTokenValidityInSeconds": 0,
    }
