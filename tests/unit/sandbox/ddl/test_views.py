"""Views: columns frozen when they are made, names looked for in the view's own schema, rights of its owner."""

from __future__ import annotations

import pytest

from runner.sandbox.catalog.model import View
from runner.sandbox.getddl import get_ddl
from tests.unit.sandbox.ddl.conftest import Desk


def text(desk: Desk, name: str) -> str:
    return get_ddl(desk.engine.catalog, desk.live(View, name))


@pytest.fixture
def base(desk: Desk) -> Desk:
    desk.run('CREATE TABLE t (a INT, "b c" TEXT)', "INSERT INTO t VALUES (1, 'x')")
    return desk


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("CREATE VIEW v AS SELECT * FROM t", 'create or replace view V(\n\tA,\n\t"b c"\n) as SELECT * FROM t;'),
        (
            "CREATE OR REPLACE SECURE VIEW v (x COMMENT 'it''s', y) COMMENT = 'c' AS\nSELECT a, 1 FROM t -- end\n;",
            "create or replace secure view V(\n\tX COMMENT 'it''s',\n\tY\n) COMMENT='c'\n as SELECT a, 1 FROM t;",
        ),
        ("CREATE VIEW v AS WITH q AS (SELECT a FROM t) SELECT a + 1 AS n FROM q",
         "create or replace view V(\n\tN\n) as WITH q AS (SELECT a FROM t) SELECT a + 1 AS n FROM q;"),
    ],
)  # fmt: skip
def test_the_text_makes_the_view_again(base: Desk, statement: str, expected: str) -> None:
    assert base.say(statement) == "View V successfully created."
    assert text(base, "V") == expected
    rows = base.run("SELECT * FROM v")
    base.run(expected)
    assert text(base, "V") == expected
    assert base.run("SELECT * FROM v") == rows


@pytest.mark.parametrize(
    ("statement", "errno", "words"),
    [
        ("CREATE VIEW v AS SELECT nope FROM t", 904, "NOPE"),
        ("CREATE VIEW v AS SELECT * FROM nope", 2003, "NOPE"),
        ("CREATE VIEW v (x) AS SELECT a, 1 FROM t", 2026, "Invalid column definition list"),
        ("CREATE VIEW v AS SELECT a, a FROM t", 2025, "duplicate column name 'A'"),
        ("CREATE VIEW t AS SELECT 1 AS a", 2002, "already exists"),
        ("CREATE OR REPLACE VIEW t AS SELECT 1 AS a", 1998, "already exists as TABLE"),
        ("DROP VIEW t", 1003, "Object found is of type 'TABLE'"),
        ("DROP VIEW nope", 2003, "NOPE"),
        ("ALTER VIEW nope SET SECURE", 2003, "NOPE"),
    ],
)
def test_views_that_cannot_be(base: Desk, statement: str, errno: int, words: str) -> None:
    error = base.refused(statement)
    assert (error.errno, words in error.message) == (errno, True)


def test_alter_view(base: Desk) -> None:
    base.run("CREATE VIEW v AS SELECT a FROM t", "ALTER VIEW v SET SECURE", "ALTER VIEW v SET COMMENT = 'c'")
    assert text(base, "V") == "create or replace secure view V(\n\tA\n) COMMENT='c'\n as SELECT a FROM t;"
    base.run("ALTER VIEW v UNSET SECURE", "ALTER VIEW v UNSET COMMENT", "ALTER VIEW v RENAME TO w")
    assert text(base, "W") == "create or replace view W(\n\tA\n) as SELECT a FROM t;"
    number = base.live(View, "W").id
    base.run(
        "CREATE OR ALTER VIEW w AS SELECT a FROM t", "COMMENT ON COLUMN w.a IS 'zed'", "COMMENT ON VIEW w IS 'view'"
    )
    assert base.live(View, "W").id == number
    assert "A COMMENT 'zed'" in text(base, "W")
    assert base.run("SELECT a FROM w") == [(1,)]
    assert base.say("DROP VIEW w") == "W successfully dropped."


def test_the_star_is_frozen(base: Desk) -> None:
    base.run("CREATE VIEW v AS SELECT * FROM t", "ALTER TABLE t ADD COLUMN later INT")
    assert base.refused("SELECT * FROM v").message.count("declared 2 column(s)") == 1


def test_a_view_looks_from_its_own_schema(base: Desk) -> None:
    base.run("CREATE SCHEMA other", "CREATE VIEW d.s.v AS SELECT a FROM t", "CREATE TABLE t AS SELECT 2 AS a")
    assert base.run("SELECT a FROM d.s.v") == [(1,)]


def test_a_view_over_a_view_needs_no_right_on_the_table(base: Desk) -> None:
    base.run(
        "CREATE VIEW v AS SELECT a FROM t",
        "CREATE VIEW w AS SELECT a FROM v",
        "CREATE ROLE r",
        "GRANT USAGE ON DATABASE d TO ROLE r",
        "GRANT USAGE ON SCHEMA s TO ROLE r",
        "GRANT SELECT ON VIEW w TO ROLE r",
    )
    other = base.as_role("R")
    assert other.run("SELECT a FROM d.s.w") == [(1,)]
    assert other.refused("SELECT a FROM d.s.v").errno == 2003
