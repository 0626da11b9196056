"""The door over TLS: a certificate of its own that is trusted by those who were told to, and by nobody else."""

import http.client
import json
import os
import socket
import ssl
import subprocess
import sys

import pytest

from runner.sandbox import files, process
from runner.sandbox.process import SandboxError

LOGIN = """
import os, sys, snowflake.connector
connection = snowflake.connector.connect(
    account="imcust", user="svc4snowflakedeploy", authenticator="PROGRAMMATIC_ACCESS_TOKEN", token=sys.argv[2],
    host="localhost", port=int(sys.argv[1]), protocol="https",
    login_timeout=60 if "REQUESTS_CA_BUNDLE" in os.environ else 5)
rows = connection.cursor().execute("SELECT SEQ4(), 'a row' FROM TABLE(GENERATOR(ROWCOUNT => 100000))").fetchall()
print(len(rows), connection.cursor().execute("SELECT CURRENT_ACCOUNT_NAME()").fetchone()[0])
"""


@pytest.fixture(scope="module")
def secured(tmp_path_factory):
    running = process.up(tmp_path_factory.mktemp("tls") / "box", tls=True)
    yield running
    process.down(running.root)


def logged_in(running, **environment):
    command = [sys.executable, "-c", LOGIN, str(running.tls_port), running.pats["IMCUST"].read_text()]
    clean = {name: value for name, value in os.environ.items() if name not in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")}
    wanted = {**clean, "SNOWFLAKE_DISABLE_PLATFORM_DETECTION": "true", **environment}
    return subprocess.run(command, env=wanted, capture_output=True, text=True, check=False)


def asked(port, context):
    line = http.client.HTTPSConnection("localhost", port, timeout=60, context=context)
    try:
        line.request("GET", "/sandbox/status")
        return json.loads(line.getresponse().read())
    finally:
        line.close()


def test_the_connector_logs_in_over_https_and_reads_a_result_in_parts(secured):
    found = logged_in(secured, REQUESTS_CA_BUNDLE=str(secured.authority))

    assert found.stdout.strip() == "100000 IMCUST", found.stderr[-2000:]


def test_who_was_not_told_does_not_trust_it(secured):
    with pytest.raises(ssl.SSLCertVerificationError):
        asked(secured.tls_port, ssl.create_default_context())


def test_http_stays_beside_it_and_both_are_one_door(secured):
    context = ssl.create_default_context(cafile=str(secured.authority))
    context.verify_flags |= ssl.VERIFY_X509_STRICT

    assert asked(secured.tls_port, context)["data"]["pid"] == process.status(secured.root)["pid"] == secured.pid


def test_bytes_that_are_no_tls_end_that_line_alone(secured):
    with socket.create_connection(("localhost", secured.tls_port), timeout=60) as line:
        line.sendall(b"GET /sandbox/status HTTP/1.1\r\n\r\n")
        said = line.recv(100)

    assert b"HTTP" not in said
    assert process.status(secured.root)["pid"] == secured.pid


def test_the_key_is_the_owners_alone_and_no_key_of_the_authority_is_kept(secured):
    folder = secured.root / files.TLS

    assert sorted(path.name for path in folder.iterdir()) == ["ca.pem", "server.pem", "truststore.p12"]
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert "PRIVATE KEY" not in secured.authority.read_text()


def test_a_sandbox_that_speaks_no_tls_is_not_found_for_one_that_does(tmp_path):
    root = tmp_path / "box"
    process.up(root)
    try:
        with pytest.raises(SandboxError, match="stop it first"):
            process.up(root, tls=True)
    finally:
        process.down(root)


def test_the_certificate_stays_the_same_until_it_nears_its_end(tmp_path):
    from runner.sandbox import certificate

    first = certificate.certificate(tmp_path).shown.read_bytes()
    again = certificate.certificate(tmp_path).shown.read_bytes()
    (tmp_path / files.TLS / "server.pem").write_text("broken")

    assert again == first
    assert certificate.certificate(tmp_path).shown.read_bytes() not in (first, b"broken")
