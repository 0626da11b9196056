"""What other people's clients ask for: each of these stopped one of them once."""

import pytest

from runner.sandbox.errors import SnowflakeError

MORNING = "CONVERT_TIMEZONE('UTC', '2024-01-01 10:00:00 +0200'::TIMESTAMP_TZ)"
EVENING = "CONVERT_TIMEZONE('UTC', '2024-01-01 20:00:00'::TIMESTAMP_LTZ)"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("{MORNING}::TIMESTAMP_NTZ::VARCHAR", "2024-01-01 08:00"),
        ("TO_TIMESTAMP_NTZ({EVENING})::VARCHAR", "2024-01-02 04:00"),
        ("TO_VARCHAR({EVENING}, 'YYYY-MM-DD HH24' || 'UTC')", "2024-01-02 04UTC"),
        ("HOUR({EVENING})::VARCHAR", "4"),
        ("TO_DATE({EVENING})::VARCHAR", "2024-01-02"),
        ("({EVENING} = '2024-01-01 20:00:00'::TIMESTAMP_LTZ)::VARCHAR", "true"),
    ],
)
def test_a_moment_put_into_utc_shows_the_clock_of_utc(client, expression, value):
    client.execute("ALTER SESSION SET TIMEZONE = 'America/Los_Angeles'")
    text = expression.format(EVENING=EVENING, MORNING=MORNING)
    assert client.execute(f"SELECT {text}").scalar().startswith(value)


def test_an_unknown_zone_is_named(client):
    with pytest.raises(SnowflakeError, match="Unknown timezone: 'Europe/Nowhere'"):
        client.execute("SELECT CONVERT_TIMEZONE('Europe/Nowhere', CURRENT_TIMESTAMP())")


def test_a_scoped_temporary_table_is_a_temporary_one(client, database):
    client.execute("CREATE SCOPED TEMPORARY TABLE T (N INT)")
    [row] = client.execute("SHOW TABLES LIKE 'T'").rows()
    assert row[4] == "TEMPORARY"


def test_a_temporary_view_is_its_sessions_own_and_goes_with_it(client, other):
    client.execute("CREATE TABLE T (N INT) AS SELECT 1")
    client.execute("CREATE TEMPORARY VIEW V AS SELECT N + 1 AS M FROM T")

    assert client.execute("SELECT M FROM V").scalar() == 2
    assert len(client.execute("SHOW VIEWS LIKE 'V'").rows()) == 1
    assert other.execute("SHOW VIEWS LIKE 'V'").rows() == []
    with pytest.raises(SnowflakeError, match="V' does not exist"):
        other.execute("SELECT * FROM V")


def test_a_transient_table_is_a_table_among_objects(client, database):
    client.execute("CREATE TRANSIENT TABLE T (N INT)")
    assert [row[4] for row in client.execute("SHOW OBJECTS LIKE 'T'").rows()] == ["TABLE"]
    assert [row[4] for row in client.execute("SHOW TABLES LIKE 'T'").rows()] == ["TRANSIENT"]


def test_columns_tell_their_types_with_facets(client, database):
    client.execute("CREATE TABLE T (V VARCHAR(20), N NUMBER(10, 2))")
    found = client.execute(
        "SELECT DATA_TYPE, DATA_TYPE_ALIAS FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'T' ORDER BY 1"
    )
    assert found.rows() == [("NUMBER", "NUMBER(10,2)"), ("TEXT", "VARCHAR(20)")]


def test_who_cancels_all_of_a_session_is_not_cancelled_itself(client):
    session = client.execute("SELECT CURRENT_SESSION()").scalar()
    assert client.execute(f"SELECT SYSTEM$CANCEL_ALL_QUERIES({session})").scalar() == "0 cancelled."
