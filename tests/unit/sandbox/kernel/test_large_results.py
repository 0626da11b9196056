"""Results that lie on disk are results like any other, and what goes wrong on the way is said as ever."""

import threading

import pytest

from runner.sandbox import pages
from runner.sandbox.control import Control, canceled
from runner.sandbox.errors import SnowflakeError

LARGE = "SELECT SEQ8() AS n, REPEAT('x', 1000) AS t FROM TABLE(GENERATOR(ROWCOUNT => 80000))"


def test_a_result_on_disk_can_be_looked_at_again(client):
    result = client.execute(LARGE)
    assert pages.on_disk(result.table)
    assert client.rows("SELECT COUNT(*), SUM(n), MAX(LENGTH(t)) FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))") == [
        (80000, 80000 * 79999 // 2, 1000)
    ]


@pytest.mark.parametrize("at", [0, 150_000])
def test_an_error_among_the_rows_is_the_statements(client, at):
    client.execute("CREATE OR REPLACE TABLE steps AS SELECT SEQ8() AS n FROM TABLE(GENERATOR(ROWCOUNT => 200000))")
    assert client.refused(f"SELECT 1 / (n - {at}) FROM steps") == 100051
    assert client.refused(f"SELECT IFF(n = {at}, 'x', '1')::INT FROM steps") == 100038
    assert client.one("SELECT COUNT(*) FROM steps") == 200000


def test_it_can_be_stopped_among_the_rows(client):
    control = Control()
    first = threading.Timer(0.05, control.stop, [canceled()])
    first.start()
    endless = "SELECT a.n FROM t3 AS a, t3 AS b, t3 AS c, t3 AS d"
    client.execute("CREATE TABLE t3 AS SELECT SEQ8() AS n FROM TABLE(GENERATOR(ROWCOUNT => 10000))")
    with pytest.raises(SnowflakeError) as caught:
        client.engine.execute(client.session, endless, control=control)
    assert caught.value.errno == 604
