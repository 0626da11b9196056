"""What was dropped is kept for its retention time and no longer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from runner.sandbox.catalog.model import Database, Record, Schema, Table
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.retention import purge
from tests.unit.sandbox.ddl.conftest import Desk


def age(desk: Desk, kind: type[Record], name: str, days: float) -> Record:
    """Lets a dropped record, and what went with it, have been dropped so long ago."""
    catalog = desk.engine.catalog
    found = next(r for r in catalog.records.values() if isinstance(r, kind) and r.name == name and r.dropped_at)
    instant, then = found.dropped_at, utc_now() - timedelta(days=days)
    with catalog.work() as work:
        for record in list(catalog.records.values()):
            if record.dropped_at == instant:
                work.edit(record, dropped_at=then)
    return found


@pytest.mark.parametrize(
    ("retention", "days", "kept"), [(1, 0.9, True), (1, 1.1, False), (7, 6, True), (0, 0.1, False)]
)
def test_a_table_is_kept_for_its_days(desk: Desk, retention: int, days: float, kept: bool) -> None:
    desk.run(f"CREATE TABLE t (a INT) DATA_RETENTION_TIME_IN_DAYS = {retention}", "DROP TABLE t")
    table = age(desk, Table, "T", days)
    purge(desk.engine.catalog)
    assert (table.id in desk.engine.catalog.records) is kept


def test_a_schema_stays_while_something_in_it_can_return(desk: Desk) -> None:
    desk.run("CREATE SCHEMA x", "CREATE TABLE t (a INT) DATA_RETENTION_TIME_IN_DAYS = 30", "DROP SCHEMA x")
    schema = age(desk, Schema, "X", 2)
    purge(desk.engine.catalog)
    assert schema.id in desk.engine.catalog.records


def test_a_database_goes_with_all_that_was_in_it(desk: Desk) -> None:
    desk.run("CREATE TABLE t (a INT)", "GRANT SELECT ON TABLE t TO ROLE sysadmin")
    catalog = desk.engine.catalog
    mine = [desk.live(Database, "D").id, desk.live(Schema, "S").id, desk.live(Table, "T").id]
    desk.run("DROP DATABASE d")
    age(desk, Database, "D", 2)
    purge(catalog)
    assert not set(mine) & set(catalog.records)
    assert not [g for g in catalog.grants("IMCUST") if g.on_id in mine]
