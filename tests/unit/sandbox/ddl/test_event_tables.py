"""Event tables are stored, their rows can only be deleted. Kinds of tables that are not there are named."""

import pytest


def test_an_event_table_is_stored(desk):
    desk.run("CREATE EVENT TABLE e COMMENT = 'c'", "CREATE EVENT TABLE IF NOT EXISTS e")
    assert [row[0] for row in desk.run("DESCRIBE EVENT TABLE e")][:3] == [
        "TIMESTAMP", "START_TIMESTAMP", "OBSERVED_TIMESTAMP",
    ]  # fmt: skip
    assert len(desk.run("SHOW EVENT TABLES")) == 1
    assert desk.run("SELECT * FROM e") == []
    desk.run("DELETE FROM e", "TRUNCATE TABLE e", "ALTER TABLE e SET COMMENT = 'd'")
    assert desk.refused("INSERT INTO e (record_type) VALUES ('LOG')").errno == 2714
    assert desk.refused("UPDATE e SET record_type = 'LOG'").errno == 2714
    ddl = desk.value("SELECT GET_DDL('TABLE', 'e')")
    desk.run(ddl)
    assert desk.value("SELECT GET_DDL('TABLE', 'e')") == ddl
    desk.run("DROP EVENT TABLE e", "UNDROP TABLE e", "DROP TABLE e")


@pytest.mark.parametrize("kind", ["HYBRID", "ICEBERG", "INTERACTIVE"])
def test_tables_that_are_not_there_are_named(desk, kind):
    error = desk.refused(f"CREATE {kind} TABLE t (a INT)")
    assert (error.errno, kind in error.message) == (2, True)
