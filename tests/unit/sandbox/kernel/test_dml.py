"""INSERT, UPDATE, DELETE, MERGE, TRUNCATE: rows, counts and refusals."""

from decimal import Decimal

import pytest

D = Decimal


@pytest.fixture
def t(client):
    client.run(
        "CREATE TABLE t (id INT, name VARCHAR(5) DEFAULT 'new', amount NUMBER(6,2) NOT NULL, at TIMESTAMP_NTZ)",
        "INSERT INTO t VALUES (1, 'a', 1.5, '2024-01-01'), (2, 'b', 2.5, NULL)",
    )
    return client


def counts(client, sql):
    result = client.execute(sql)
    return {column.name: value for column, value in zip(result.columns, result.rows()[0], strict=True)}, result.rowcount


def test_insert_takes_values_selects_and_column_lists(t):
    assert counts(t, "INSERT INTO t (amount, id) VALUES (1, 3), (2, 4)") == ({"number of rows inserted": 2}, 2)
    assert counts(t, "INSERT INTO t SELECT id + 10, name, amount, at FROM t WHERE id < 3")[1] == 2
    assert t.rows("SELECT id, name, amount FROM t ORDER BY id") == [
        (1, "a", D("1.50")), (2, "b", D("2.50")), (3, "new", D("1.00")), (4, "new", D("2.00")),
        (11, "a", D("1.50")), (12, "b", D("2.50")),
    ]  # fmt: skip


def test_default_is_a_value(t):
    t.run(
        "INSERT INTO t VALUES (5, DEFAULT, 1, DEFAULT), (6, 'x', 1, DEFAULT)",
        "UPDATE t SET name = DEFAULT WHERE id = 1",
    )
    assert t.rows("SELECT id, name, at FROM t WHERE id IN (1, 5, 6) ORDER BY id")[1:] == [
        (5, "new", None),
        (6, "x", None),
    ]
    assert t.one("SELECT name FROM t WHERE id = 1") == "new"


def test_insert_with_a_query_that_has_with(t):
    t.run("INSERT INTO t (id, amount) WITH w AS (SELECT 7 AS n) SELECT n, n FROM w")
    assert t.one("SELECT amount FROM t WHERE id = 7") == 7


def test_insert_overwrite_replaces_all_rows(t):
    assert counts(t, "INSERT OVERWRITE INTO t (id, amount) SELECT id, amount FROM t WHERE id = 1")[1] == 1
    assert t.rows("SELECT id, name FROM t") == [(1, "new")]


@pytest.mark.parametrize(
    ("sql", "errno"),
    [
        ("INSERT INTO t (id, amount) VALUES (1, NULL)", 100072),
        ("INSERT INTO t (id) VALUES (1)", 100072),
        ("UPDATE t SET amount = NULL", 100072),
        ("INSERT INTO t (id, name, amount) VALUES (1, 'longer', 1)", 100078),
        ("INSERT INTO t (id, name, amount) SELECT 1, REPEAT('x', 6), 1", 100078),
        ("UPDATE t SET name = 'longer'", 100078),
        ("INSERT INTO t (id, amount) VALUES (1, 12345.678)", 100039),
        ("INSERT INTO t (id, amount) VALUES ('x', 1)", 100038),
        ("INSERT INTO t (id, at, amount) VALUES (1, 'nonsense', 1)", 100035),
        ("INSERT INTO t VALUES (1)", 2020),
        ("INSERT INTO t (id, id, amount) VALUES (1, 1, 1)", 2025),
        ("INSERT INTO t (nosuch) VALUES (1)", 904),
        ("UPDATE t SET nosuch = 1", 904),
        ("DELETE FROM t WHERE nosuch = 1", 904),
        ("INSERT INTO nosuch VALUES (1)", 2003),
        ("UPDATE nosuch SET a = 1", 2003),
        ("DELETE FROM nosuch", 2003),
        ("TRUNCATE TABLE nosuch", 2003),
        ("MERGE INTO nosuch USING t ON TRUE WHEN MATCHED THEN DELETE", 2003),
        ("UPDATE t SET id = 1 / 0", 100051),
    ],
)
def test_a_refused_change_changes_nothing(t, sql, errno):
    before = t.rows("SELECT * FROM t ORDER BY id")
    assert t.refused(sql) == errno
    assert t.rows("SELECT * FROM t ORDER BY id") == before


def test_refusals_name_the_value(t):
    assert t.said("INSERT INTO t (id, name, amount) VALUES (1, 'longer', 1)") == (
        "String 'longer' is too long and would be truncated"
    )
    assert t.said("INSERT INTO t (id, amount) VALUES ('x', 1)") == "Numeric value 'x' is not recognized"


def test_update_counts_rows_and_rows_joined_more_than_once(t):
    assert counts(t, "UPDATE t SET amount = amount * 2 WHERE id = 1") == (
        {"number of rows updated": 1, "number of multi-joined rows updated": 0}, 1,
    )  # fmt: skip
    source = "(SELECT 2 AS id, 9 AS v UNION ALL SELECT 2, 9)"
    assert counts(t, f"UPDATE t SET amount = s.v FROM {source} s WHERE t.id = s.id") == (
        {"number of rows updated": 1, "number of multi-joined rows updated": 1}, 1,
    )  # fmt: skip
    assert t.rows("SELECT amount FROM t ORDER BY id") == [(3,), (9,)]


def test_update_sees_the_row_as_it_was(t):
    t.run("UPDATE t x SET id = x.amount, amount = x.id")
    assert t.rows("SELECT id, amount FROM t ORDER BY amount") == [(2, 1), (3, 2)]


def test_delete_counts(t):
    assert counts(t, "DELETE FROM t WHERE id = 1") == ({"number of rows deleted": 1}, 1)
    assert counts(t, "DELETE FROM t USING (SELECT 2 AS k) s WHERE t.id = s.k")[1] == 1
    assert counts(t, "DELETE FROM t")[1] == 0


def test_delete_and_update_with_subqueries_on_the_table_itself(t):
    t.run("DELETE FROM t WHERE amount < (SELECT MAX(amount) FROM t)")
    assert t.rows("SELECT id FROM t") == [(2,)]


def test_truncate_is_a_change_of_rows(t):
    t.run("BEGIN", "TRUNCATE TABLE t")
    assert t.one("SELECT COUNT(*) FROM t") == 0
    t.run("ROLLBACK", "TRUNCATE TABLE IF EXISTS nosuch")
    assert t.one("SELECT COUNT(*) FROM t") == 2


def test_merge_runs_all_its_clauses_and_counts_them(t):
    shown = counts(
        t,
        "MERGE INTO t USING (SELECT column1 AS k, column2 AS v FROM VALUES (1, 'd'), (2, 'u'), (3, 'i'), (4, 'n')) s "
        "ON t.id = s.k WHEN MATCHED AND s.v = 'd' THEN DELETE "
        "WHEN MATCHED THEN UPDATE SET name = s.v, amount = t.amount + 1 "
        "WHEN NOT MATCHED AND s.v = 'i' THEN INSERT (id, amount) VALUES (s.k, s.k * 10)",
    )
    assert shown == ({"number of rows inserted": 1, "number of rows updated": 1, "number of rows deleted": 1}, 3)
    assert t.rows("SELECT id, name, amount FROM t ORDER BY id") == [(2, "u", D("3.50")), (3, "new", D("30.00"))]


def test_a_merge_that_would_change_a_row_twice_is_refused_unless_allowed(t):
    source = "(SELECT 1 k, 8 v UNION ALL SELECT 1, 9)"
    twice = f"MERGE INTO t USING {source} s ON t.id = s.k WHEN MATCHED THEN UPDATE SET amount = s.v"
    assert t.refused(twice) == 100090
    assert t.one("SELECT amount FROM t WHERE id = 1") == D("1.50")
    t.run("ALTER SESSION SET ERROR_ON_NONDETERMINISTIC_MERGE = FALSE")
    assert counts(t, twice)[1] == 1
    assert t.one("SELECT amount FROM t WHERE id = 1") in (8, 9)


def test_deleting_a_row_twice_by_merge_is_no_doubt(t):
    assert counts(t, "MERGE INTO t USING (SELECT 1 k UNION ALL SELECT 1) s ON t.id = s.k WHEN MATCHED THEN DELETE")[
        1
    ] in (1, 2)
    assert t.rows("SELECT id FROM t") == [(2,)]


def test_identity_goes_on_from_its_start_by_its_step_in_the_order_of_the_rows(client):
    client.run(
        "CREATE TABLE n (id INT AUTOINCREMENT START 10 INCREMENT 5, v INT)",
        "INSERT INTO n (v) SELECT column1 FROM VALUES (3), (1), (2) ORDER BY column1",
        "INSERT INTO n VALUES (1000, 4)",
        "INSERT INTO n VALUES (DEFAULT, 5)",
    )
    assert client.rows("SELECT id, v FROM n ORDER BY v") == [(10, 1), (15, 2), (20, 3), (1000, 4), (25, 5)]


def test_identity_is_not_given_twice_after_a_rollback(client):
    client.run("CREATE TABLE n (id INT IDENTITY, v INT)", "BEGIN", "INSERT INTO n (v) VALUES (1)", "ROLLBACK")
    client.run("INSERT INTO n (v) VALUES (2)")
    assert client.rows("SELECT id FROM n") == [(2,)]


def test_merge_and_overwrite_number_their_rows_too(client):
    client.run("CREATE TABLE n (id INT IDENTITY, v INT)", "INSERT INTO n (v) VALUES (1), (2)")
    client.run(
        "MERGE INTO n USING (SELECT column1 v FROM VALUES (2), (3), (4)) s ON n.v = s.v "
        "WHEN NOT MATCHED AND s.v = 3 THEN INSERT (v) VALUES (s.v) WHEN NOT MATCHED THEN INSERT (v) VALUES (s.v)"
    )
    assert client.rows("SELECT id, v FROM n ORDER BY v") == [(1, 1), (2, 2), (3, 3), (4, 4)]
    client.run("INSERT OVERWRITE INTO n (v) VALUES (9)", "INSERT INTO n (v) VALUES (10)")
    assert client.rows("SELECT id, v FROM n ORDER BY v") == [(5, 9), (6, 10)]


def test_every_reference_to_a_sequence_draws(client):
    client.run("CREATE SEQUENCE s START 5 INCREMENT 2", "CREATE TABLE n (id INT DEFAULT s.NEXTVAL, v INT)")
    assert client.rows("SELECT s.NEXTVAL, s.NEXTVAL") == [(5, 7)]
    client.run("INSERT INTO n (v) VALUES (1), (2)", "INSERT INTO n VALUES (s.NEXTVAL, 3)")
    assert client.rows("SELECT id FROM n ORDER BY v") == [(9,), (11,), (13,)]
    assert client.rows("SHOW SEQUENCES LIKE 'S'")[0][3] == 15


def test_multi_byte_text_counts_characters(client):
    client.run("CREATE TABLE w (a VARCHAR(4))", "INSERT INTO w VALUES ('żółw')")
    assert client.refused("INSERT INTO w VALUES ('żółwi')") == 100078


def test_numbers_keep_all_their_digits_and_round_half_away_from_zero(client):
    client.run("CREATE TABLE w (a NUMBER(38,0), b NUMBER(38,9))")
    client.run("INSERT INTO w VALUES (99999999999999999999999999999999999999, -0.0000000005)")
    assert client.rows("SELECT * FROM w") == [(D("9" * 38), D("-0.000000001"))]


def test_dates_before_1582_and_empty_strings_are_kept(client):
    client.run("CREATE TABLE w (a DATE, b VARCHAR)", "INSERT INTO w VALUES ('0001-01-01', ''), ('1500-02-28', NULL)")
    assert client.rows("SELECT a::VARCHAR, b FROM w ORDER BY a") == [("0001-01-01", ""), ("1500-02-28", None)]


def test_semi_structured_values_are_kept(client):
    client.run(
        "CREATE TABLE w (v VARIANT, o OBJECT, a ARRAY)",
        "INSERT INTO w SELECT PARSE_JSON('{\"k\": [1]}'), OBJECT_CONSTRUCT('x', 1), ARRAY_CONSTRUCT(1, 'y')",
        "INSERT INTO w SELECT 'text'::VARIANT, NULL, NULL",
    )
    assert client.rows("SELECT v:k[0]::INT, o:x::INT, a[1]::VARCHAR, v::VARCHAR FROM w ORDER BY o NULLS LAST")[0][
        :3
    ] == (1, 1, "y")
    assert client.one("SELECT v::VARCHAR FROM w WHERE o IS NULL") == "text"


def test_a_statement_on_a_view_is_refused(t):
    t.run("CREATE VIEW v AS SELECT id FROM t")
    assert t.refused("INSERT INTO v VALUES (1)") == 2141
    assert t.refused("DELETE FROM v") == 2141


@pytest.mark.parametrize("alias", ["p", "P", '"pair$"', "pair$$", "merge_pairs", "q", "r"])
def test_no_alias_of_a_merge_meets_a_name_of_ours(client, alias):
    client.run("CREATE TABLE t (a INT, b INT)", "CREATE TABLE s (a INT, b INT)")
    client.run("INSERT INTO t VALUES (1, 1), (2, 2)", "INSERT INTO s VALUES (1, 10), (2, 0), (3, 30)")
    client.run(
        f"MERGE INTO t {alias} USING s ON {alias}.a = s.a WHEN MATCHED AND s.b = 0 THEN DELETE "
        f"WHEN MATCHED THEN UPDATE SET {alias}.b = s.b + {alias}.b WHEN NOT MATCHED THEN INSERT VALUES (s.a, s.b)"
    )
    client.run(f"MERGE INTO t USING s {alias} ON t.a = {alias}.a WHEN MATCHED THEN UPDATE SET b = {alias}.b + 1")
    assert client.rows("SELECT * FROM t ORDER BY a") == [(1, 11), (3, 31)]


@pytest.mark.parametrize(
    "clauses",
    [
        "WHEN AND s.k > 0 THEN UPDATE SET n = 1",
        "WHEN MATCHED AND s.k > 0 UPDATE SET n = 1",
        "WHEN MATCHED THEN UPDATE",
        "WHEN NOT THEN INSERT (n) VALUES (1)",
        "WHEN MATCHED UPDATE SET n = 1",
        "WHEN MATCHED THEN UPDATE SET n = 1 WHEN NOT MATCHED INSERT (n) VALUES (1)",
    ],
)
def test_a_merge_is_read_to_the_word(client, clauses):
    client.run("CREATE TABLE t (n INT)", "INSERT INTO t VALUES (1)")
    assert client.refused(f"MERGE INTO t USING (SELECT 1 AS k) s ON t.n = s.k {clauses}") == 1003
    said = "WHEN MATCHED AND CASE WHEN s.k > 0 THEN TRUE END THEN UPDATE SET n = CASE WHEN TRUE THEN 5 END"
    client.run(f"MERGE INTO t USING (SELECT 1 AS k) s ON t.n = s.k {said}")
    assert client.one("SELECT n FROM t") == 5


@pytest.mark.parametrize("rows", [5, 2500])
def test_a_merge_of_few_rows_and_of_many_finds_the_same(client, rows):
    """Few pairs are looked at one by one, many by the engine."""
    client.run(
        f"CREATE TABLE src AS SELECT SEQ4() AS id, 'n'::VARCHAR AS name FROM TABLE(GENERATOR(ROWCOUNT => {rows}))",
        "CREATE TABLE dst AS SELECT id, name FROM src WHERE id < 2",
        "INSERT INTO src VALUES (1, 'twice')",
    )
    into = "MERGE INTO dst USING src ON dst.id = src.id"
    update, insert = "WHEN MATCHED THEN UPDATE SET name = src.name", "WHEN NOT MATCHED THEN INSERT VALUES (id, name)"
    assert client.refused(f"{into} {update} {insert}") == 100090
    assert client.rows(f"{into} WHEN MATCHED THEN DELETE {insert}") == [(rows - 2, 2)]
    client.run("DELETE FROM src WHERE name = 'twice'")
    assert client.rows(f"{into} WHEN MATCHED AND src.id = 2 THEN DELETE {update}") == [(rows - 3, 1)]
    client.run("ALTER SESSION SET ERROR_ON_NONDETERMINISTIC_MERGE = FALSE", "INSERT INTO src VALUES (3, 'twice')")
    assert client.rows(f"{into} {update} {insert}") == [(3, rows - 3)]
