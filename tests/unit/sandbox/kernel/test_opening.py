"""The file is opened beside the imports, and what a change writes into it comes back as it was."""

import pytest

from runner.sandbox import bootstrap
from runner.sandbox.catalog.model import Database, Grant
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.engine import Engine
from runner.sandbox.opening import FILE, Opening
from runner.sandbox.state import StateError

NOW = utc_now()


def test_an_organisation_whose_file_is_opening_already(tmp_path):
    engine = Engine.open(tmp_path, Opening(tmp_path))
    bootstrap.create_organization(engine.catalog, tmp_path)
    session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN")
    engine.execute(session, "CREATE DATABASE d")
    engine.close()
    again = Engine.open(tmp_path, Opening(tmp_path))
    assert again.catalog.database("IMSDLC", "D") is not None
    again.close()


def test_a_damaged_file_is_named(tmp_path):
    (tmp_path / FILE).write_bytes(b"nothing that a database would be" * 500)
    with pytest.raises(StateError, match=FILE):
        Engine.open(tmp_path, Opening(tmp_path))


def test_many_records_of_one_change_come_back_in_their_last_state(tmp_path):
    engine = Engine.open(tmp_path)
    with engine.catalog.work() as work:
        made = [work.add(Database(account="A", name=f"D{at}", owner='O\'R "x"\n', created_at=NOW)) for at in range(300)]
        for database in made[::3]:
            work.edit(database, comment=f"é {database.name}")
        for database in made[1::3]:
            work.forget(database)
        work.link(Grant(account="A", privilege="USAGE", on_kind="DATABASE", on_id=made[0].id, to_kind="ROLE",
                        to_name="R", granted_by="O", created_at=NOW))  # fmt: skip
    before = {record.id: record.__dict__ for record in engine.catalog.all(Database, "A")}
    links = engine.catalog.grants("A")
    engine.close()
    for _ in range(2):  # The second start reads what the first has put together.
        engine = Engine.open(tmp_path)
        assert {record.id: record.__dict__ for record in engine.catalog.all(Database, "A")} == before
        assert engine.catalog.grants("A") == links
        engine.close()
    assert len(before) == 200


def test_a_change_that_fails_leaves_nothing(tmp_path):
    def failing(engine):
        with engine.catalog.work() as work:
            work.add(Database(account="A", name="D", created_at=NOW))
            work.sql("SELECT 1 FROM no_such_table")

    engine = Engine.open(tmp_path)
    with pytest.raises(Exception, match="no_such_table"):
        failing(engine)
    assert engine.catalog.database("A", "D") is None
    engine.close()
    engine = Engine.open(tmp_path)
    assert engine.catalog.database("A", "D") is None
    engine.close()
