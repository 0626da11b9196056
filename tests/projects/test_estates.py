"""The estates stand on the sandbox as their SQL says, and what is written about them is true."""

from snowflake.connector import ProgrammingError

from tests.projects.inventory import inventory
from tests.projects.large import feeds


def test_the_lists_name_what_is_there(built):
    assert inventory(built.cursor("imcust"), built.made.source) == built.made.objects()


def test_edges_name_what_is_there(built):
    own = f" {built.made.source}."
    named = {end for pair in built.made.edges() for end in pair}
    assert {
        name for name in named if own in name and not name.startswith(("OBJECT ", "SCHEMA "))
    } <= built.made.objects()


def test_every_table_has_rows_and_every_view_can_be_read(built):
    cursor = built.cursor("imcust")
    empty = []
    for line in sorted(built.made.objects()):
        kind, _, name = line.partition(" ")
        if kind in ("TABLE", "VIEW") and not _rows(cursor, name):
            empty.append(name)
    assert set(empty) == built.made.empty


def _rows(cursor, name):
    try:
        return cursor.execute(f"SELECT COUNT(*) FROM (SELECT * FROM {name})").fetchone()[0]
    except ProgrammingError:
        return 0


def test_the_feeds_are_as_their_writer_writes_them():
    assert feeds.FILE.read_text("utf-8") == feeds.text()
