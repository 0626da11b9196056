"""config/connections.toml as it ships, read by the connector itself, without any help of the runner's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .server import Server

SHIPPED = Path(__file__).parents[3] / "config" / "connections.toml"


@pytest.mark.parametrize(("name", "database"), [("imcust", "prod_db"), ("imsdlc", "dev_db")])
def test_the_connector_reads_the_file_as_it_is(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, database: str
) -> None:
    import snowflake.connector

    (tmp_path / "config").mkdir()
    file = tmp_path / "config" / "connections.toml"
    shutil.copy(SHIPPED, file)
    token = tmp_path / "config" / f"{name}.pat"
    token.write_text("the-token")
    for path in (file, token):
        path.chmod(0o600)
    monkeypatch.chdir(tmp_path)
    address = {"host": "127.0.0.1", "port": server.port, "protocol": "http"}
    snowflake.connector.connect(connection_name=name, connections_file_path=file, **address).close()
    sent = server.seen("/session/v1/login-request")[0]
    assert sent.body["data"]["TOKEN"] == "the-token"
    assert sent.body["data"]["AUTHENTICATOR"] == "PROGRAMMATIC_ACCESS_TOKEN"
    assert sent.body["data"]["LOGIN_NAME"] == "svc4snowflakedeploy"
    assert sent.query["databaseName"] == [database]
