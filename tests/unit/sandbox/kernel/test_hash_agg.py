"""HASH_AGG: what must not change it, and what must (sql-reference/functions/hash_agg)."""

import pytest

BASE = "VALUES (1, 'a', NULL), (2, 'b', 1.5), (2, 'b', 1.5)"


def hashed(client, source, columns="*"):
    return client.one(f"SELECT HASH_AGG({columns}) FROM {source}")


@pytest.mark.parametrize(
    "same",
    [
        "(SELECT * FROM VALUES (2, 'b', 1.5), (1, 'a', NULL), (2, 'b', 1.5))",
        "(SELECT column1::NUMBER(38,5), column2, column3::NUMBER(20,9) FROM " + BASE + ")",
        "(SELECT column1::NUMBER(5,0), column2::VARCHAR(3), column3 FROM " + BASE + ")",
        "(SELECT column1::FLOAT, column2, column3 FROM " + BASE + ")",
    ],
)
def test_order_and_precision_do_not_count(client, same):
    assert hashed(client, same) == hashed(client, BASE)


@pytest.mark.parametrize(
    "different",
    [
        "VALUES (1, 'a', NULL), (2, 'b', 1.5)",
        "VALUES (1, 'a', NULL), (2, 'b', 1.5), (2, 'b', 1.5), (2, 'b', 1.5)",
        "VALUES (1, 'a', 0), (2, 'b', 1.5), (2, 'b', 1.5)",
        "VALUES (1, 'a', NULL), (2, 'b', 1.50001), (2, 'b', 1.5)",
        "VALUES (1, 'A', NULL), (2, 'b', 1.5), (2, 'b', 1.5)",
        "(SELECT column2, column1, column3 FROM " + BASE + ")",
        "(SELECT column1, column2 FROM " + BASE + ")",
        "VALUES (1, 'a', NULL), (2, 'b', 1.5), (2, 'b', 1.5), (NULL, NULL, NULL)",
    ],
)
def test_rows_values_and_the_order_of_columns_count(client, different):
    assert hashed(client, different) != hashed(client, BASE)


def test_nothing_hashes_to_zero_and_all_is_a_signed_number_of_64_bits(client):
    assert hashed(client, "(SELECT 1 WHERE FALSE)") == 0
    for value in range(50):
        assert -(2**63) <= hashed(client, f"(SELECT {value})") < 2**63


def test_large_numbers_differ_in_their_last_digit(client):
    big = "12345678901234567890123456789012345678"
    assert hashed(client, f"(SELECT {big})") != hashed(client, f"(SELECT {big[:-1]}7)")


def test_empty_string_and_null_differ(client):
    assert hashed(client, "(SELECT '')") != hashed(client, "(SELECT NULL::VARCHAR)")


def test_a_table_and_its_copy_agree_whatever_the_order(client):
    client.run(
        "CREATE TABLE t (a NUMBER(38,9), b VARCHAR, c TIMESTAMP_TZ, d VARIANT, e DATE)",
        "INSERT INTO t SELECT column1, column2, '2024-01-01 00:00:00 +0000'::TIMESTAMP_TZ, PARSE_JSON(column3), "
        "'1500-01-01' "
        "FROM VALUES (1.5, 'x', '{\"a\":1}'), (-0.000000001, '', '[1]'), (NULL, 'ż', NULL)",
        "CREATE TABLE u LIKE t",
        "INSERT INTO u SELECT * FROM t ORDER BY b DESC",
    )
    assert hashed(client, "t") == hashed(client, "u")
    assert client.one("SELECT HASH_AGG(a, b) FROM t") == client.one("SELECT HASH_AGG(a, b) FROM u")
    client.run("UPDATE u SET a = 1.500000001 WHERE b = 'x'")
    assert hashed(client, "t") != hashed(client, "u")
