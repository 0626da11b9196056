"""What a name says that leads nowhere: the first part that is not seen, with the SQLSTATE of its kind."""

import pytest

from runner.sandbox.errors import SnowflakeError

MISSING = [
    ("SELECT * FROM nowhere", "42S02", "Object 'HOME.PUBLIC.NOWHERE'"),
    ("SELECT * FROM nowhere.t", "02000", "Schema 'HOME.NOWHERE'"),
    ("SELECT * FROM nowhere.s.t", "02000", "Database 'NOWHERE'"),
    ("INSERT INTO nowhere.t VALUES (1)", "02000", "Schema 'HOME.NOWHERE'"),
    ("CREATE TABLE nowhere.s.t (a INT)", "02000", "Database 'NOWHERE'"),
    ("ALTER TABLE nowhere ADD COLUMN a INT", "42S02", "Table 'HOME.PUBLIC.NOWHERE'"),
    ("DROP TABLE nowhere.t", "02000", "Schema 'HOME.NOWHERE'"),
    ("GRANT SELECT ON nowhere.t TO ROLE PUBLIC", "02000", "Schema 'HOME.NOWHERE'"),
    ("LIST @nowhere", "02000", "Stage 'HOME.PUBLIC.NOWHERE'"),
    ("ALTER USER nowhere SET COMMENT = 'x'", "02000", "User 'NOWHERE'"),
    ("SELECT * FROM INFORMATION_SCHEMA.nowhere", "42S02", "Object 'HOME.INFORMATION_SCHEMA.NOWHERE'"),
]
PLACES = ["SCHEMA nowhere", "SCHEMA nowhere.s", "DATABASE nowhere", "nowhere", "here.nowhere"]


@pytest.mark.parametrize(("sql", "state", "named"), MISSING, ids=[sql for sql, _, _ in MISSING])
def test_the_first_part_that_is_missing_is_named(client, database, sql, state, named):
    with pytest.raises(SnowflakeError) as caught:
        client.execute(sql)
    text = f"SQL compilation error:\n{named.replace('HOME', database)} does not exist or not authorized."
    assert (caught.value.errno, caught.value.sqlstate) == (2003, state)
    assert caught.value.message == text


@pytest.mark.parametrize("place", PLACES)
def test_show_in_a_place_that_is_missing_is_what_dbt_looks_for(client, database, place):
    with pytest.raises(SnowflakeError) as caught:
        client.execute(f"SHOW OBJECTS IN {place.replace('here', database)}")
    assert (caught.value.errno, caught.value.sqlstate) == (2043, "02000")
