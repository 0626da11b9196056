"""What a stream is for: whoever applies its changes, each once, has the source's rows, whatever happened to them."""

import random
import threading

import pytest

COPY = """MERGE INTO replica r USING (
    SELECT * FROM s WHERE NOT (METADATA$ACTION = 'DELETE' AND METADATA$ISUPDATE)
) c ON r.id = c.id
WHEN MATCHED AND c.METADATA$ACTION = 'DELETE' THEN DELETE
WHEN MATCHED THEN UPDATE SET r.v = c.v
WHEN NOT MATCHED AND c.METADATA$ACTION = 'INSERT' THEN INSERT VALUES (c.id, c.v)"""


@pytest.fixture
def replica(client):
    client.run("CREATE TABLE t (id INT, v INT)", "INSERT INTO t VALUES (0, 0)", "CREATE TABLE replica (id INT, v INT)")
    client.run("CREATE STREAM s ON TABLE t SHOW_INITIAL_ROWS = TRUE", COPY)
    return client


def change(chance, fresh):
    """A random change of the source; ids are never used twice."""
    key, value = chance.randrange(1, 40), chance.randrange(5)
    return chance.choice(
        [
            f"INSERT INTO t VALUES ({next(fresh)}, {value}), ({next(fresh)}, {value})",
            f"UPDATE t SET v = {value} WHERE id % 5 = {key % 5}",
            f"DELETE FROM t WHERE id = {key}",
            f"MERGE INTO t USING (SELECT {key} AS k) q ON t.id = q.k WHEN MATCHED THEN UPDATE SET v = v + 1 "
            f"WHEN NOT MATCHED THEN INSERT VALUES ({next(fresh)}, {value})",
            f"INSERT OVERWRITE INTO t SELECT id + 1000000 * {next(fresh)}, v FROM t WHERE id % 3 <> 0",
        ]
    )


def same(client):
    client.run(COPY)
    assert client.rows("SELECT id, v FROM t ORDER BY 1") == client.rows("SELECT id, v FROM replica ORDER BY 1")
    assert client.rows("SELECT * FROM s") == []


@pytest.mark.parametrize("seed", range(4))
def test_a_replica_follows_whatever_happens(replica, seed):
    chance, fresh = random.Random(seed), iter(range(1, 100000))
    for _ in range(25):
        match chance.randrange(6):
            case 0:
                same(replica)
            case 1:
                end = chance.choice(["COMMIT", "ROLLBACK"])
                replica.run("BEGIN", change(chance, fresh), change(chance, fresh), COPY, end)
            case 2:
                replica.run("BEGIN", COPY, change(chance, fresh), "ROLLBACK")
            case _:
                replica.run(change(chance, fresh))
    same(replica)


def test_a_replica_follows_writers_that_do_not_wait_for_it(replica, connect):
    """Writers and two consumers at once: each change is consumed once, none is lost."""
    fresh, failures = iter(range(1, 100000)), []

    def work(client, statements):
        try:
            client.run(*statements)
        except Exception as error:  # noqa: BLE001 - told by the main thread
            failures.append(error)

    def written(number):
        chance = random.Random(number)
        for _ in range(12):
            first = next(fresh)
            yield f"INSERT INTO t VALUES ({first}, 1)"
            yield f"UPDATE t SET v = v + 1 WHERE id = {chance.randrange(1, first + 1)}"
            yield from (
                "BEGIN",
                f"INSERT INTO t VALUES ({next(fresh)}, 2)",
                "DELETE FROM t WHERE id % 11 = 7",
                "COMMIT",
            )

    jobs = [(connect(), list(written(number))) for number in range(3)] + [(connect(), [COPY] * 10) for _ in range(2)]
    threads = [threading.Thread(target=work, args=job, daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failures == []
    same(replica)
