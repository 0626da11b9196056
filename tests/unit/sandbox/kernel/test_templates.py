"""What is parsed once for many constants reads as if it had been parsed each time, and hides no change of anything."""

import itertools

import pytest
from sqlglot import exp

from runner.sandbox.query import parsing, templates

TEXTS = (
    "",
    "a",
    "1 day",
    "2024-01-01 00:00:00 +01:00",
    "12:00:00+02",
    "@stage/x",
    "$1",
    "it''s",
    "day",
    "%a_%",
    "é",
    "q0q",
)
NUMBERS = ("0", "007", "42", "12345678901234567890", "99999999999999999999999999999999999999")
STATEMENTS = (
    "SELECT 5 AS N",
    "SELECT 'a' 'b'",
    "SELECT -5, 'a', 1.5, a.b, \"q 1\" FROM t AS a WHERE a.b IN (1, 2, 'x') AND c LIKE 'y' ESCAPE '!' LIMIT 10",
    "SELECT a,\n  'x' AS b,\n 2 + missing\nFROM t\nWHERE n > 1 AND other = 'z'",
    "SELECT COUNT(*) FROM t GROUP BY 1 HAVING COUNT(*) > 2 ORDER BY 1 DESC LIMIT 5 OFFSET 3",
    "SELECT CASE WHEN a = 1 THEN 'one' ELSE 'more' END, a::NUMBER(10, 2), TRY_CAST('1' AS INT) FROM t",
    "SELECT v:a.b[0]::INT, 1 FROM t",
    "SELECT * FROM t AT (OFFSET => -60) SAMPLE (10)",
    "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v (n, t), LATERAL FLATTEN(INPUT => PARSE_JSON('[1]')) f",
    "SELECT * FROM t PIVOT (SUM(a) FOR b IN ('x', 'y'))",
    "INSERT INTO t (a, b) VALUES (1, 'n1'), (2, 'n2')",
    "UPDATE t SET a = 1, b = 'x' WHERE c = 2",
    "DELETE FROM t USING u WHERE t.a = u.a AND u.b = 'x'",
    "MERGE INTO t USING (SELECT 1 AS a, 'm' AS b) x ON t.a = x.a WHEN MATCHED THEN UPDATE SET b = x.b "
    "WHEN NOT MATCHED THEN INSERT (a, b) VALUES (x.a, 'new')",
    "WITH c AS (SELECT 1 AS n UNION ALL SELECT 2) SELECT n, LAG(n, 1, 0) OVER (ORDER BY n) FROM c",
)


def with_others(text, found, chosen):
    """The text with other constants."""
    pieces, offset = [], 0
    for constant in found.constants:
        said = next(chosen[constant.is_string]) + (".5" if "." in constant.value else "")
        pieces += [text[offset : constant.start], f"'{said}'" if constant.is_string else said[-30:]]
        offset = constant.end
    return "".join(pieces) + text[offset:]


def shown(node):
    """A tree with all it holds, and where its names stand."""
    if not isinstance(node, exp.Expr):
        return [shown(one) for one in node] if isinstance(node, list) else repr(node)
    place = {name: node.meta.get(name) for name in ("line", "col", "start", "end")}
    stands = place if isinstance(node, exp.Identifier) else None
    return type(node).__name__, stands, {name: shown(value) for name, value in node.args.items()}


@pytest.mark.parametrize("text", STATEMENTS)
def test_a_template_gives_the_tree_that_parsing_gives(text):
    found = templates.shape(text)
    made = templates.template(text, found, parsing._parse)
    chosen = {True: itertools.cycle(TEXTS), False: itertools.cycle(NUMBERS)}
    for _ in range(len(TEXTS) if made else 0):
        again = with_others(text, found, chosen)
        now = templates.shape(again)
        assert now.key == found.key
        assert shown(made.tree(now.constants)) == shown(parsing._parse(again))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT INTERVAL '1 day'",
        "SELECT DATE '2024-01-01'",
        "SELECT EXTRACT('day' FROM d) FROM t",
        "SELECT 1 -- 2",
        "SELECT /* 1 */ 2",
        "SELECT $$1$$",
        "SELECT x'41'",
        r"SELECT 'a\'b'",
    ],
)
def test_what_reads_into_a_constant_has_no_shape(text):
    assert templates.shape(text) is None


@pytest.mark.parametrize("text", ["SELECT v:a[0] FROM t", "SELECT 1 AS 'x'"])
def test_a_constant_that_is_no_literal_has_no_template(text):
    assert templates.template(text, templates.shape(text), parsing._parse) is None


def test_a_template_is_never_given_away():
    for number in range(4):
        parsing.parse(f"SELECT {number} AS kept_tree").expressions[0].set("alias", exp.to_identifier("changed"))
    assert parsing.parse("SELECT 9 AS kept_tree").sql() == "SELECT 9 AS kept_tree"


def test_the_next_statement_sees_every_change(client, other):
    client.run(
        "CREATE TABLE seen (a INT)", "INSERT INTO seen VALUES (1), (2), (3)", "CREATE ROLE looks",
        "GRANT USAGE ON DATABASE IDENTIFIER('" + client.one("SELECT CURRENT_DATABASE()") + "') TO ROLE looks",
        "GRANT USAGE ON SCHEMA public TO ROLE looks", "GRANT ROLE looks TO USER sandbox_admin",
    )  # fmt: skip

    def count(number):
        return other.one(f"SELECT COUNT(*) FROM seen WHERE a > {number}")

    assert [count(number) for number in (0, 1, 2, 3)] == [3, 2, 1, 0]
    other.execute("USE ROLE looks")
    assert other.refused("SELECT COUNT(*) FROM seen WHERE a > 4") == 2003
    client.execute("GRANT SELECT ON TABLE seen TO ROLE looks")
    assert count(1) == 2
    client.execute("CREATE ROW ACCESS POLICY few AS (n INT) RETURNS BOOLEAN -> n = 3")
    client.execute("ALTER TABLE seen ADD ROW ACCESS POLICY few ON (a)")
    assert count(0) == 1
    client.execute("ALTER TABLE seen DROP ROW ACCESS POLICY few")
    assert count(0) == 3
    client.execute("ALTER TABLE seen RENAME COLUMN a TO b")
    assert other.refused("SELECT COUNT(*) FROM seen WHERE a > 2") == 904
    client.run("CREATE OR REPLACE TABLE seen (a VARCHAR)", "INSERT INTO seen VALUES ('5')")
    assert other.refused("SELECT COUNT(*) FROM seen WHERE a > 2") == 2003
    client.execute("GRANT SELECT ON TABLE seen TO ROLE looks")
    assert count(2) == 1
    client.execute("REVOKE SELECT ON TABLE seen FROM ROLE looks")
    assert other.refused("SELECT COUNT(*) FROM seen WHERE a > 2") == 2003


def test_a_parameter_of_the_session_counts_for_the_next_statement(client):
    texts = [
        f"SELECT '2024-07-0{day} 12:00:00 +0000'::TIMESTAMP_LTZ::VARCHAR AS at_{at}"
        for at in (0, 0, 0, 0)
        for day in (1,)
    ]
    found = []
    for zone, text in zip(("UTC", "Europe/Zurich", "UTC", "Asia/Tokyo"), texts, strict=True):
        client.execute(f"ALTER SESSION SET TIMEZONE = '{zone}'")
        found.append(client.one(text)[11:16])
    assert found == ["12:00", "14:00", "12:00", "21:00"]


def test_the_place_of_an_error_is_that_of_the_statement_itself(client):
    client.execute("CREATE TABLE placed (a INT)")
    said = [client.said(f"SELECT '{'x' * size}',\n {size}, nothing FROM placed") for size in (1, 10, 100, 5)]
    assert [text.split("\n")[1] for text in said] == [
        "error line 2 at position 4", "error line 2 at position 5", "error line 2 at position 6",
        "error line 2 at position 4",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("SELECT 1, 'a', TRUE, NULL::INT, 1.50, -3", [(1, "a", True, None, "1.50", -3)]),
        ("SELECT 12345678901234567890123456789012345678", [(12345678901234567890123456789012345678,)]),
        ("SELECT 1 + 1, 'a' || 'b', 1 = 2, LENGTH('abc'), HASH(1) IS NULL", [(2, "ab", False, 3, False)]),
        ("SELECT 1 AS n WHERE FALSE", []),
        ("SELECT SUM(1), COUNT(*), MAX('x')", [(1, 1, "x")]),
        ("SELECT 7 / 2, 7 % 2, ROUND(2.567, 1)", [("3.500000", 1, "2.6")]),
    ],
)
def test_a_row_that_comes_from_no_table(client, text, rows):
    assert [tuple(str(v) if "." in str(v) else v for v in row) for row in client.rows(text)] == rows
