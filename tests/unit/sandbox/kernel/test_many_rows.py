"""More rows than the engine keeps in one group, where a storage begins empty: none is lost."""

import pytest

ROWS = 300_000
FILL = f"SELECT SEQ8() AS N FROM TABLE(GENERATOR(ROWCOUNT => {ROWS}))"
WAYS = {
    "INSERT OVERWRITE": f"INSERT OVERWRITE INTO T {FILL}",
    "INSERT": f"INSERT INTO T {FILL}",
    "MERGE": f"MERGE INTO T USING ({FILL}) AS S ON T.N = S.N WHEN NOT MATCHED THEN INSERT (N) VALUES (S.N)",
    "MERGE with a clause that takes none": (
        f"MERGE INTO T USING ({FILL}) AS S ON T.N = S.N WHEN NOT MATCHED AND S.N < 0 THEN INSERT (N) VALUES (-1)"
        " WHEN NOT MATCHED THEN INSERT (N) VALUES (S.N)"
    ),
    "DELETE, then INSERT": f"DELETE FROM T; INSERT INTO T {FILL}",
    "TRUNCATE, then INSERT": f"TRUNCATE TABLE T; INSERT INTO T {FILL}",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("begin", ["", "BEGIN"])
@pytest.mark.parametrize("before", [0, 5])
def test_all_are_there(client, way, begin, before):
    client.run("CREATE OR REPLACE TABLE T (N NUMBER(38,0))")
    for number in range(before):
        client.run(f"INSERT INTO T VALUES ({-1 - number})")
    kept = 0 if "," in way or "OVERWRITE" in way else before
    client.run(*filter(None, [begin, *WAYS[way].split("; ")]))
    assert client.rows("SELECT COUNT(*), COUNT(DISTINCT N) FROM T") == [(ROWS + kept, ROWS + kept)]
    if begin:
        client.run("COMMIT")
    assert client.rows("SELECT COUNT(*), COUNT(DISTINCT N) FROM T") == [(ROWS + kept, ROWS + kept)]


def test_a_table_made_by_a_query_without_rows(client):
    client.run("CREATE OR REPLACE TABLE T AS SELECT 1::NUMBER(38,0) AS N WHERE FALSE")
    client.run(f"INSERT INTO T {FILL}")
    assert client.one("SELECT COUNT(*) FROM T") == ROWS
