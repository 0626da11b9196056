"""States under names, and organisations as a file describes them: kept, restored, refused."""

import threading

import pytest

from runner.sandbox import client, files, organization, process, snapshots
from runner.sandbox.orders import Orders
from runner.sandbox.process import SandboxError

ACME = organization.Organization(
    "ACME",
    (
        organization.NewAccount("PROD", "AWS_EU_CENTRAL_1", "BUSINESS_CRITICAL"),
        organization.NewAccount("DEV", "AZURE_WESTEUROPE"),
    ),
)


@pytest.fixture(scope="module")
def acme(tmp_path_factory):
    running = process.up(tmp_path_factory.mktemp("acme"), organization=ACME)
    yield running
    process.down(running.root)


def rows(running, text, account="PROD"):
    connection = client.connect(running, account)
    try:
        return client.run(connection, text).rows
    finally:
        connection.close()


def test_a_state_comes_back_as_it_was_while_others_write(acme):
    for text in ("CREATE DATABASE D", "CREATE TABLE D.PUBLIC.T (N INT)", "CREATE TABLE D.PUBLIC.U (N INT)"):
        rows(acme, text)
    done = threading.Event()

    def write():
        connection = client.connect(acme, "PROD")
        number = 0
        while not done.is_set():
            number += 1
            client.run(connection, "BEGIN")
            client.run(connection, f"INSERT INTO D.PUBLIC.T VALUES ({number})")
            client.run(connection, f"INSERT INTO D.PUBLIC.U VALUES ({number})")
            client.run(connection, "COMMIT")
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    before = 0
    while before < 20:
        [(before,)] = rows(acme, "SELECT COUNT(*) FROM D.PUBLIC.T")
    snapshots.save(acme.root, "busy")
    done.set()
    writer.join()
    rows(acme, "DROP DATABASE D")

    again = snapshots.restore(acme.root, "busy")

    [(first, second)] = rows(again, "SELECT (SELECT COUNT(*) FROM D.PUBLIC.T), (SELECT COUNT(*) FROM D.PUBLIC.U)")
    assert again.port == acme.port
    assert first == second >= before
    assert [kept.name for kept in snapshots.listed(acme.root)] == ["busy"]


def test_accounts_are_as_their_file_says(acme):
    [(region, name)] = rows(acme, "SELECT CURRENT_REGION(), CURRENT_ORGANIZATION_NAME()", "DEV")
    assert (region, name) == ("AZURE_WESTEUROPE", "ACME")


def test_an_account_comes_and_goes_while_the_organisation_runs(acme):
    orders = Orders(acme)
    made = orders.send("POST", "accounts", {"name": "passing"})
    running = process.find(acme.root)
    rows(running, "CREATE DATABASE MINE", "PASSING")

    with pytest.raises(SandboxError, match="There is an account PASSING already"):
        orders.send("POST", "accounts", {"name": "passing"})
    orders.send("DELETE", "accounts/passing")

    assert made["organization"] == "ACME"
    assert "PASSING" not in process.find(acme.root).accounts
    assert not running.pats["PASSING"].exists()
    with pytest.raises(SandboxError, match="There is no account PASSING"):
        orders.send("DELETE", "accounts/passing")


def test_the_state_of_a_stopped_sandbox_can_be_kept_too(tmp_path):
    root = process.up(tmp_path / "box").root
    process.down(root)

    kept = snapshots.save(root, "cold")
    snapshots.drop(root, "cold")

    assert kept.bytes > 0
    assert snapshots.listed(root) == []


@pytest.mark.parametrize("name", ["", "../x", ".hidden", "a/b", "x" * 65])
def test_names_that_are_no_names(acme, name):
    with pytest.raises(SandboxError, match="cannot name a snapshot"):
        snapshots.save(acme.root, name)


def test_what_is_not_there_cannot_be_restored_and_nothing_is_written_over(acme, tmp_path):
    snapshots.save(acme.root, "kept")
    with pytest.raises(SandboxError, match="There is a snapshot 'kept' already"):
        snapshots.save(acme.root, "kept")
    with pytest.raises(SandboxError, match="There is no snapshot 'lost'"):
        snapshots.restore(acme.root, "lost")
    with pytest.raises(SandboxError, match="There is no sandbox under"):
        snapshots.save(tmp_path, "x")


def test_an_account_cannot_move_and_a_running_organisation_cannot_grow_by_file(acme, tmp_path):
    other = organization.Organization("ACME", (organization.NewAccount("PROD", "AWS_US_EAST_1"),))
    third = organization.Organization("ACME", (organization.NewAccount("THIRD"),))
    with pytest.raises(SandboxError, match="without the account THIRD; stop it first"):
        process.up(acme.root, organization=third)
    root = process.up(tmp_path / "box", organization=ACME).root
    process.down(root)
    with pytest.raises(SandboxError, match="The account PROD is there already"):
        process.up(root, organization=other)
    assert not files.owned(root)


def test_a_damaged_file_is_named(tmp_path):
    root = process.up(tmp_path / "box").root
    process.down(root)
    file = root / "org.duckdb"
    file.write_bytes(b"\0" * 4096 + file.read_bytes()[4096:])

    with pytest.raises(SandboxError, match=r"org\.duckdb cannot be read: .*\n.*snapshot"):
        process.up(root)


def test_a_state_of_a_newer_sandbox_says_which_version_reads_it(tmp_path):
    import duckdb

    root = process.up(tmp_path / "box").root
    process.down(root)
    with duckdb.connect(str(root / "org.duckdb")) as connection:
        connection.execute("UPDATE _state SET format = 999, version = '99.1.0'")

    with pytest.raises(SandboxError, match=r"written by runner 99\.1\.0 \(state format 999\)"):
        process.up(root)
