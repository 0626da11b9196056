"""`runner sandbox clock`: time that passes at once, over a process of its own."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import snowflake.connector
from click.testing import CliRunner

from runner.cli.sandbox import group
from runner.sandbox import client, process
from runner.sandbox.orders import Orders
from runner.sandbox.process import SandboxError


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    running = process.up(tmp_path_factory.mktemp("clock"))
    yield running
    process.down(running.root)


def run(own, *words):
    return CliRunner().invoke(group, ["clock", "--root", str(own.root), *words])


def test_time_passes_sessions_go_on_and_tokens_end(own):
    connection = client.connect(own, "IMCUST")
    cursor = connection.cursor()
    before = cursor.execute("SELECT CURRENT_TIMESTAMP()").fetchone()[0]
    told = json.loads(run(own, "+2h", "--format", "json").output)
    assert datetime.fromisoformat(told["now"]) - datetime.now(UTC) > timedelta(hours=1, minutes=59)
    after = cursor.execute("SELECT CURRENT_TIMESTAMP()").fetchone()[0]
    assert after - before >= timedelta(hours=2)
    connection.close()
    run(own, "+400d")
    with pytest.raises(snowflake.connector.errors.Error) as caught:
        snowflake.connector.connect(
            account="imcust",
            user="SVC4SNOWFLAKEDEPLOY",
            authenticator="PROGRAMMATIC_ACCESS_TOKEN",
            token=own.pats["IMCUST"].read_text(),
            host="127.0.0.1",
            port=own.port,
            protocol="http",
        )
    assert "expired" in str(caught.value).lower() or caught.value.errno in (390144, 394400, 250001)


def test_the_clock_goes_forward_only(own):
    orders = Orders(own)
    with pytest.raises(SandboxError, match="forward only"):
        orders.move_clock_to(datetime(2001, 1, 1, tzinfo=UTC))
    assert run(own, "--to", "2001-01-01").exit_code != 0
    assert orders.clock()["tasks_run"] == 0


LONG = ["+99999999d"]


@pytest.mark.parametrize("words", [["tomorrow"], ["+"], ["+1y"], ["+1m", "--to", "2100-01-01"], ["--to", "soon"], LONG])
def test_bad_spans_are_told(own, words):
    assert run(own, *words).exit_code == 2


@pytest.mark.parametrize("action", ["delay", "slow"])
def test_an_accident_that_takes_no_time_is_refused(own, action):
    told = CliRunner().invoke(group, ["fault", "add", action, "--root", str(own.root)])
    assert (told.exit_code, "--seconds" in told.output) == (2, True)
    assert Orders(own).faults() == []


def test_the_clock_stays_where_it_can_start_again(own):
    with pytest.raises(SandboxError, match="2200-01-01 at most"):
        Orders(own).move_clock_to(datetime(9999, 12, 31, tzinfo=UTC))


def test_latency_that_is_no_number_is_refused(own):
    told = CliRunner().invoke(group, ["latency", "--root", str(own.root), "--request", "nan"])
    assert (told.exit_code, "from 0 on" in told.output) == (6, True)
