"""Nanoseconds between bounds, in hashes and in intervals; and what is refused for them by name."""

from datetime import datetime, time

import pytest

from runner.sandbox.nanos import clock, moment

FINE = "2024-01-01 00:00:00.123456789"


@pytest.fixture
def table(client):
    client.run(
        "ALTER SESSION SET TIMESTAMP_NTZ_OUTPUT_FORMAT = 'SS.FF9', TIMESTAMP_TZ_OUTPUT_FORMAT = 'MI:SS.FF9', "
        "TIME_OUTPUT_FORMAT = 'SS.FF9'",
        "CREATE OR REPLACE TABLE m (n INT, x TIMESTAMP_NTZ, y TIME, z TIMESTAMP_TZ)",
        "INSERT INTO m VALUES (1, '2024-01-01', '01:02:03', '2024-01-01 00:00:00 +0100'), (3, NULL, NULL, NULL)",
        f"INSERT INTO m VALUES (2, '{FINE}', '01:02:03.123456789', '{FINE} +0100')",
    )
    return client


@pytest.mark.parametrize(
    "condition",
    [
        "x BETWEEN '2024-01-01 00:00:00.123456788' AND '2024-01-01 00:00:00.123456790'",
        "x >= '2024-01-01 00:00:00.123456789' AND x < '2024-01-01 00:00:00.123456790'",
        "'2024-01-01 00:00:00.123456788' < x AND '2024-01-01 00:00:00.123456789' >= x",
        "y > '01:02:03.123456788' AND y <= '01:02:03.123456789'",
        "z BETWEEN '2024-01-01 00:00:00.123456789 +0100'::TIMESTAMP_TZ AND '2024-02-01'",
        "x NOT BETWEEN '2020-01-01' AND '2024-01-01 00:00:00.123456788'",
        "n = (SELECT COUNT(*) FROM m a JOIN m b ON a.x >= b.x AND a.x <= b.x)",
    ],
)
def test_bounds_are_those_of_all_nine_digits(table, condition):
    assert table.rows(f"SELECT n FROM m WHERE {condition}") == [(2,)]


def test_hashes_tell_nanoseconds_apart_and_keep_what_is_equal_equal(table):
    table.run(
        "CREATE OR REPLACE TABLE plain AS SELECT * FROM m WHERE n = 0", "INSERT INTO plain SELECT * FROM m WHERE n <> 2"
    )
    for column in ("x", "y", "z", "*"):
        same = f"SELECT (SELECT HASH_AGG({column}) FROM m WHERE n <> 2) = (SELECT HASH_AGG({column}) FROM plain)"
        assert table.one(same) is True
        assert table.one(f"SELECT COUNT(DISTINCT HASH({column})) FROM m") == 3
    assert table.one("SELECT HASH(x) = HASH(NULL) AND HASH(y) = HASH(NULL) AND HASH(z) = HASH(NULL) FROM m WHERE n = 3")


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("x - INTERVAL '1 nanosecond'", "59.999999999"),
        ("x + INTERVAL '1 second, 2500 ns'", "01.000002500"),
        ("x + INTERVAL '1000 ns'", "00.000001000"),
        ("x::DATE + INTERVAL '1 ns'", "00.000000001"),
        ("z - INTERVAL '1 ns'", "59:59.999999999"),
        ("y + INTERVAL '1 ns, 1 us'", "03.000001001"),
        ("x + INTERVAL '-1 ns'", "59.999999999"),
    ],
)
def test_an_interval_may_have_nanoseconds(table, expression, shown):
    assert table.one(f"SELECT ({expression})::VARCHAR FROM m WHERE n = 1") == shown


@pytest.mark.parametrize(
    ("interval", "kind"),
    [
        ("0 day", "DATE"),
        ("1 day, 0 hours", "TIMESTAMP_NTZ(9)"),
        ("0 ns", "TIMESTAMP_NTZ(9)"),
        ("1 day, 1 ns", "TIMESTAMP_NTZ(9)"),
    ],
)
def test_the_units_of_an_interval_say_what_becomes_of_a_date(table, interval, kind):
    assert table.one(f"SELECT SYSTEM$TYPEOF('2024-01-01'::DATE + INTERVAL '{interval}')").startswith(kind)


@pytest.mark.parametrize(("made", "plain"), [(moment, datetime(2024, 1, 1)), (clock, time(1))])
def test_values_with_nanoseconds_are_compared_as_pythons_are(made, plain):
    one, other = made(plain, 5), made(plain, 6)
    assert plain < one < other <= made(plain, 6)
    assert other > one > plain
    assert other >= one >= made(plain, 5)
    assert {one, other, made(plain, 5)} == {one, other}
    assert [each for each in ("x", None, plain, other) if one == each] == []
    with pytest.raises(TypeError):
        assert one < "x"


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        (f"w TIMESTAMP DEFAULT '{FINE}'::TIMESTAMP", "00.123456789"),
        (f"w TIMESTAMP_TZ NOT NULL DEFAULT '{FINE} +0200'", "00:00.123456789"),
        ("w TIME DEFAULT '01:02:03.123456789'", "03.123456789"),
        ("w TIME(6) DEFAULT '01:02:03.123456789'", "03.123456000"),
        (f"w TIMESTAMP_NTZ(8) DEFAULT '{FINE}'", "00.123456780"),
        ("w TIMESTAMP DEFAULT '2024-01-01 00:00:00.123456'::TIMESTAMP", "00.123456000"),
    ],
)
def test_rows_that_are_there_get_a_default_with_nanoseconds(table, column, shown):
    table.execute(f"ALTER TABLE m ADD COLUMN {column}")
    assert table.rows("SELECT DISTINCT w::VARCHAR FROM m") == [(shown,)]
    table.execute("INSERT INTO m (n) VALUES (9)")
    assert table.rows("SELECT DISTINCT w::VARCHAR FROM m AT (OFFSET => 0)") == [(shown,)]
