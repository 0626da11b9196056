"""Log in to both accounts with the Python connector alone, and say where that led.

    python config/python_connector_example.py                    live; tokens in IMCUST_PAT and IMSDLC_PAT, or in .env
    RUNNER_SANDBOX=1 python config/python_connector_example.py   the sandbox on this machine (`runner sandbox up`)

Needs snowflake-connector-python and python-dotenv. Everything but the tokens comes from config/connections.toml.
"""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path
from typing import Any

import snowflake.connector
from dotenv import load_dotenv

CONFIG = Path(__file__).resolve().parent
SANDBOX = os.environ.get("RUNNER_SANDBOX", "").lower() in ("1", "true", "yes")
SANDBOX_ROOT = Path(os.environ.get("RUNNER_SANDBOX_ROOT") or CONFIG.parent / ".sandbox")
QUESTION = (
    "SELECT CURRENT_ORGANIZATION_NAME(), CURRENT_ACCOUNT_NAME(), CURRENT_USER(), CURRENT_ROLE(), CURRENT_WAREHOUSE()"
)


def main() -> int:
    if not SANDBOX:
        load_dotenv(CONFIG.parent / ".env")
    connections = tomllib.loads((CONFIG / "connections.toml").read_text(encoding="utf-8"))
    for name, settings in connections.items():
        with snowflake.connector.connect(**arguments(name, settings)) as connection, connection.cursor() as cursor:
            organization, account, user, role, warehouse = cursor.execute(QUESTION).fetchone()
            print(f"{name}: {user} in {organization}.{account} as {role}, warehouse {warehouse}")
    return 0


def arguments(name: str, settings: dict[str, Any]) -> dict[str, Any]:
    """What the connector is told: the section of connections.toml, with the token itself in place of its file."""
    told = {key: value for key, value in settings.items() if key != "token_file_path"}
    told["token"] = token(name, settings)
    if SANDBOX:
        account = settings["account"].partition("-")[2]
        told |= {"account": f"localorg-{account}", "host": "127.0.0.1", "port": port(), "protocol": "http"}
    return told


def token(name: str, settings: dict[str, Any]) -> str:
    """IMCUST_PAT for [imcust], else the token's file. A line end after a token would become part of it: strip()."""
    given = os.environ.get(f"{name.upper()}_PAT", "").strip()
    if given:
        return given
    if SANDBOX:
        file = SANDBOX_ROOT / "pats" / f"{settings['account'].partition('-')[2].lower()}.pat"
    else:
        file = CONFIG.parent / settings["token_file_path"]
    if not file.is_file():
        sys.exit(f"{name}: set {name.upper()}_PAT, or write the token into {file}")
    return file.read_text(encoding="utf-8").strip()


def port() -> int:
    file = SANDBOX_ROOT / "port"
    if not file.is_file():
        sys.exit("no sandbox runs: `runner sandbox up` starts one")
    return int(file.read_text())


if __name__ == "__main__":
    sys.exit(main())
