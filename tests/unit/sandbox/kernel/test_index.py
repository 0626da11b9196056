"""The catalogue's index, kept from one generation to the next, finds what one made anew finds."""

import pytest

from runner.sandbox.catalog.model import Table
from runner.sandbox.catalog.store import Index

STEPS = (
    "CREATE TABLE t (a INT)",
    "CREATE VIEW v AS SELECT a FROM t",
    "CREATE SCHEMA s2",
    "CREATE TABLE s2.t (a INT)",
    "ALTER TABLE t RENAME TO u",
    "COMMENT ON TABLE u IS 'x'",
    "DROP TABLE u",
    "UNDROP TABLE u",
    "CREATE OR REPLACE TABLE u (b INT)",
    "GRANT SELECT ON TABLE u TO ROLE PUBLIC",
    "ALTER SCHEMA s2 RENAME TO s3",
    "CREATE SCHEMA s4 CLONE s3",
    "DROP SCHEMA s4",
)


def shown(index):
    return (
        {key: [record.id for record in found] for key, found in index.by_account.items() if found},
        {key: record.id for key, record in index.by_name.items()},
        {key: [record.id for record in found] for key, found in index.inside.items() if found},
        {key: [record.id for record in found] for key, found in index.named.items() if found},
    )


def agrees(catalog):
    catalog._live()
    assert shown(catalog._index) == shown(Index(0, list(catalog.records.values())))


def change_and_fail(catalog, table):
    with catalog.work() as work:
        work.edit(table, comment="x")
        work.add(type(table)(**{**table.__dict__, "id": 0, "name": "OTHER"}))
        raise ZeroDivisionError


def test_after_every_statement_it_is_as_one_made_anew(client):
    client.execute("USE SCHEMA public")
    for text in STEPS:
        client.execute(text)
        agrees(client.engine.catalog)


def test_what_is_taken_back_is_out_of_it(client):
    catalog = client.engine.catalog
    client.execute("CREATE TABLE t (a INT)")
    table = catalog.object(catalog.schemas(catalog.database("IMSDLC", client.session.database))[0], Table, "T")
    before = shown(catalog._live())
    with pytest.raises(ZeroDivisionError):
        change_and_fail(catalog, table)
    assert shown(catalog._live()) == before
    agrees(catalog)
