"""The scripts that this repository ships are those that a plan makes of what stands in the source."""

from __future__ import annotations

from runner.authoring.drafting import files_again
from runner.authoring.record import read_record


def test_they_can_be_made_again_from_the_record(estate):
    record = read_record("plans/bolt.json", (estate.root / "plans" / "bolt.json").read_text())
    files = files_again(record, 1)
    assert {file.path for file in files} >= {"versions/V001__share_setup.sql", "versions/R__grants.sql"}
    for file in files:
        assert (estate.root / file.path).read_text() == file.text, file.path


def test_made_anew_from_the_source_they_are_the_same_bytes(estate):
    before = {path: path.read_bytes() for path in estate.root.glob("versions/*.sql")}
    assert "Nothing has changed" in estate.runner("plan", "create", "bolt").out
    estate.runner("plan", "create", "bolt", "--anew")
    assert {path: path.read_bytes() for path in estate.root.glob("versions/*.sql")} == before


def test_each_object_is_there_for_a_reason(estate):
    shown = estate.runner("plan", "show", "bolt").out
    assert "SEQ_STOCK_ID" in shown
    assert "needed by MART_INVESTMENTS_BOLT.DIM_STOCKS" in shown
    for stranger in ("BROKER_FEES_RAW", "VW_INTERNAL_PNL", "DIM_STOCKS_BACKUP_20240101", "SP_NIGHTLY_CLEANUP"):
        assert stranger not in shown
