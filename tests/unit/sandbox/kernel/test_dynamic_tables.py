"""Dynamic tables: filled by their query, refreshed on order and by the clock, never changed by hand."""

from datetime import timedelta

import pytest

from runner.sandbox.catalog.store import utc_now
from runner.sandbox.clock import CLOCK


@pytest.fixture
def sold(client):
    client.run(
        "CREATE TABLE orders (id INT, amount INT)",
        "INSERT INTO orders VALUES (1, 10), (2, 20)",
        "CREATE DYNAMIC TABLE big TARGET_LAG = '5 minutes' WAREHOUSE = admin_wh "
        "AS SELECT id, amount FROM orders WHERE amount > 15",
        "CREATE DYNAMIC TABLE total (n COMMENT 'how many', s) TARGET_LAG = DOWNSTREAM, WAREHOUSE = admin_wh, "
        "REFRESH_MODE = FULL "
        "COMMENT = 'sums' AS SELECT COUNT(*), SUM(amount) FROM big",
    )
    return client


@pytest.fixture
def clock():
    """Time that is moved on is moved back at the end."""
    before = CLOCK.ahead
    yield CLOCK
    CLOCK.ahead = before


def _shown(client, name):
    result = client.execute(f"SHOW DYNAMIC TABLES LIKE '{name}'")
    [row] = result.rows()
    return dict(zip([column.name for column in result.columns], row, strict=True))


def _history(client, name):
    return client.rows(
        "SELECT state, refresh_action, refresh_trigger FROM TABLE(information_schema.dynamic_table_refresh_history("
        f"NAME => '{name}')) ORDER BY refresh_start_time"
    )


def test_it_is_filled_when_it_is_made(sold):
    assert sold.rows("SELECT * FROM big") == [(2, 20)]
    assert sold.rows("SELECT n, s FROM total") == [(1, 20)]
    assert _history(sold, "big") == [("SUCCEEDED", "INCREMENTAL", "CREATION"), ("SUCCEEDED", "NO_DATA", "CREATION")]
    shown = _shown(sold, "big")
    assert (shown["target_lag"], shown["refresh_mode"], shown["scheduling_state"]) == (
        "5 minutes",
        "INCREMENTAL",
        "ACTIVE",
    )
    assert _shown(sold, "total")["target_lag"] == "DOWNSTREAM"
    assert sold.rows("SELECT is_dynamic FROM information_schema.tables WHERE table_name = 'BIG'") == [("YES",)]


def test_a_refresh_takes_what_lies_upstream_with_it(sold):
    sold.run("INSERT INTO orders VALUES (3, 30)")
    assert sold.rows("SELECT n, s FROM total") == [(1, 20)]
    sold.run("ALTER DYNAMIC TABLE total REFRESH")
    assert sold.rows("SELECT n, s FROM total") == [(2, 50)]
    assert sold.rows("SELECT id FROM big ORDER BY id") == [(2,), (3,)]
    sold.run("ALTER DYNAMIC TABLE total REFRESH")
    assert _history(sold, "total")[-2:] == [("SUCCEEDED", "FULL", "MANUAL"), ("SUCCEEDED", "NO_DATA", "MANUAL")]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO big VALUES (1, 1)",
        "UPDATE big SET id = 1",
        "DELETE FROM big",
        "TRUNCATE TABLE big",
        "MERGE INTO big USING orders o ON big.id = o.id WHEN MATCHED THEN DELETE",
        "INSERT OVERWRITE INTO big SELECT * FROM orders",
        "ALTER TABLE big ADD COLUMN x INT",
        "ALTER DYNAMIC TABLE big DROP COLUMN id",
        "DROP TABLE big",
        "CREATE OR REPLACE TABLE big (a INT)",
        "CREATE DYNAMIC TABLE orders TARGET_LAG = DOWNSTREAM WAREHOUSE = admin_wh AS SELECT 1 AS a",
        "CREATE OR REPLACE DYNAMIC TABLE orders TARGET_LAG = DOWNSTREAM WAREHOUSE = admin_wh AS SELECT 1 AS a",
        "CREATE OR REPLACE DYNAMIC TABLE big TARGET_LAG = DOWNSTREAM WAREHOUSE = admin_wh AS SELECT n FROM total",
        "CREATE DYNAMIC TABLE x TARGET_LAG = DOWNSTREAM AS SELECT 1 AS a",
        "CREATE DYNAMIC TABLE x WAREHOUSE = admin_wh AS SELECT 1 AS a",
        "CREATE DYNAMIC TABLE x TARGET_LAG = '1 second' WAREHOUSE = admin_wh AS SELECT 1 AS a",
        "CREATE DYNAMIC TABLE x TARGET_LAG = DOWNSTREAM WAREHOUSE = nothing AS SELECT 1 AS a",
        "CREATE DYNAMIC TABLE x TARGET_LAG = DOWNSTREAM WAREHOUSE = admin_wh AS SELECT a FROM nothing",
        "CREATE DYNAMIC TABLE x TARGET_LAG = DOWNSTREAM WAREHOUSE = admin_wh REFRESH_MODE = INCREMENTAL "
        "AS SELECT id FROM orders MINUS SELECT id FROM big",
        "ALTER DYNAMIC TABLE orders REFRESH",
        "DROP DYNAMIC TABLE orders",
    ],
)
def test_what_is_refused(sold, statement):
    sold.refused(statement)
    assert sold.rows("SELECT * FROM big") == [(2, 20)]


def test_it_is_not_there_when_its_first_refresh_fails(client):
    client.run("CREATE TABLE t (a INT)", "INSERT INTO t VALUES (0)")
    making = "CREATE DYNAMIC TABLE d TARGET_LAG = DOWNSTREAM WAREHOUSE = admin_wh {} AS SELECT 1 / a AS x FROM t"
    assert client.refused(making.format("")) == 100051
    assert client.refused("SELECT * FROM d") == 2003
    client.run(making.format("INITIALIZE = ON_SCHEDULE"))
    assert "not initialized" in client.said("SELECT * FROM d")
    assert client.refused("ALTER DYNAMIC TABLE d REFRESH") == 100051
    client.run("UPDATE t SET a = 1", "ALTER DYNAMIC TABLE d REFRESH")
    assert client.rows("SELECT x FROM d") == [(1,)]
    states = [state for state, _, _ in _history(client, "d")]
    assert states == ["FAILED", "SUCCEEDED"]


def test_suspension_goes_downstream_and_back(sold):
    sold.run("ALTER DYNAMIC TABLE big SUSPEND")
    assert _shown(sold, "total")["scheduling_state"] == "SUSPENDED"
    sold.run("ALTER DYNAMIC TABLE big RESUME")
    assert _shown(sold, "total")["scheduling_state"] == "ACTIVE"
    sold.run("ALTER DYNAMIC TABLE total SUSPEND", "ALTER DYNAMIC TABLE big SUSPEND", "ALTER DYNAMIC TABLE big RESUME")
    assert _shown(sold, "total")["scheduling_state"] == "SUSPENDED"


def test_the_clock_refreshes_it(sold, engine, clock):
    sold.run("INSERT INTO orders VALUES (4, 40)", "ALTER DYNAMIC TABLE total SUSPEND")
    engine.move_clock(utc_now() + timedelta(minutes=1))
    assert sold.rows("SELECT COUNT(*) FROM big") == [(1,)]
    engine.move_clock(utc_now() + timedelta(minutes=5))
    assert sold.rows("SELECT COUNT(*) FROM big") == [(2,)]
    assert _history(sold, "big")[-1][2] == "SCHEDULED"
    sold.run(
        "INSERT INTO orders VALUES (5, 50)", "ALTER DYNAMIC TABLE big SET TARGET_LAG = DOWNSTREAM WAREHOUSE = admin_wh"
    )
    engine.move_clock(utc_now() + timedelta(minutes=50))
    assert sold.rows("SELECT COUNT(*) FROM big") == [(2,)]


def test_five_failures_suspend_it(sold, engine, clock):
    sold.run("DROP TABLE orders")
    engine.move_clock(utc_now() + timedelta(hours=1))
    assert _shown(sold, "big")["scheduling_state"] == "SUSPENDED"
    assert [state for state, _, _ in _history(sold, "big")].count("FAILED") == 5


def test_who_may_refresh_and_read(sold, connect, database):
    sold.run(
        "CREATE ROLE IF NOT EXISTS dt_reader", "GRANT ROLE dt_reader TO USER sandbox_admin",
        f"GRANT USAGE ON DATABASE {database} TO ROLE dt_reader", "GRANT USAGE ON SCHEMA public TO ROLE dt_reader",
        "GRANT USAGE ON WAREHOUSE admin_wh TO ROLE dt_reader",
        "GRANT SELECT ON DYNAMIC TABLE big TO ROLE dt_reader",
    )  # fmt: skip
    reader = connect(role="DT_READER")
    assert reader.rows("SELECT id FROM big") == [(2,)]
    assert reader.refused("SELECT id FROM orders") == 2003
    assert reader.refused("ALTER DYNAMIC TABLE big REFRESH") == 3001
    made = "CREATE DYNAMIC TABLE mine TARGET_LAG = DOWNSTREAM WAREHOUSE = admin_wh AS SELECT id FROM big"
    assert reader.refused(made) == 3001
    sold.run(
        "GRANT OPERATE ON DYNAMIC TABLE big TO ROLE dt_reader",
        "GRANT CREATE DYNAMIC TABLE ON SCHEMA public TO ROLE dt_reader",
    )
    sold.run("INSERT INTO orders VALUES (3, 30)")
    reader.run("ALTER DYNAMIC TABLE big REFRESH", made)
    assert reader.rows("SELECT COUNT(*) FROM mine") == [(2,)]


def test_rename_comment_drop_undrop_describe(sold):
    sold.run("ALTER DYNAMIC TABLE total RENAME TO sums", "COMMENT ON DYNAMIC TABLE sums IS 'x'")
    assert [row[0] for row in sold.rows("DESCRIBE DYNAMIC TABLE sums")] == ["N", "S"]
    sold.run("DROP DYNAMIC TABLE sums", "UNDROP DYNAMIC TABLE sums", "DROP DYNAMIC TABLE IF EXISTS nothing")
    assert sold.rows("SELECT n FROM sums") == [(1,)]
    assert _shown(sold, "sums")["comment"] == "x"


def test_get_ddl_makes_it_again(sold):
    ddl = sold.one("SELECT GET_DDL('DYNAMIC_TABLE', 'total')")
    assert ddl.startswith(
        "create or replace dynamic table TOTAL(\n\tN COMMENT 'how many',\n\tS\n) "
        "target_lag = DOWNSTREAM refresh_mode = FULL"
    )
    sold.run(ddl)
    assert sold.one("SELECT GET_DDL('TABLE', 'total')") == ddl
    whole = sold.one("SELECT GET_DDL('SCHEMA', 'public')")
    assert whole.index("dynamic table BIG") < whole.index("dynamic table TOTAL")


def test_clones(sold, database):
    sold.run("CREATE DYNAMIC TABLE copy CLONE big TARGET_LAG = '1 hour'", "CREATE TABLE plain CLONE big")
    assert sold.rows("SELECT id FROM copy") == [(2,)]
    shown = _shown(sold, "copy")
    assert (shown["scheduling_state"], shown["target_lag"], shown["is_clone"]) == ("SUSPENDED", "1 hour", "true")
    sold.run(
        "INSERT INTO plain VALUES (9, 9)",
        "CREATE SCHEMA other CLONE public",
        "INSERT INTO public.orders VALUES (7, 70)",
    )
    sold.run("ALTER DYNAMIC TABLE other.big REFRESH")
    assert sold.rows("SELECT id FROM other.big") == [(2,)]


def test_dependencies_name_it(sold):
    rows = sold.rows(
        "SELECT referencing_object_name, referencing_object_domain, referenced_object_name "
        "FROM snowflake.account_usage.object_dependencies WHERE referencing_object_name = 'TOTAL' LIMIT 1"
    )
    assert rows == [("TOTAL", "DYNAMIC TABLE", "BIG")]
