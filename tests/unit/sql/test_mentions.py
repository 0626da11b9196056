# ruff: noqa: E501
"""What a DDL names: tables by their use, calls, policies and tags; what only text suggests is not certain."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner.sql.kinds import statement_kind
from runner.sql.mentions import Use, mentions, unreadable
from runner.sql.parsing import tables
from runner.sql.places import read_places
from runner.sql.splitting import split

NAMED = [
    ("CREATE VIEW V AS SELECT a.x, F(1) FROM S.T a JOIN D.S.U ON a.x = u.x, W", ["F calls", "S.T reads", "D.S.U reads", "W reads"]),
    ("CREATE VIEW V AS WITH c AS (SELECT * FROM T), d AS (SELECT * FROM c) SELECT * FROM c JOIN d", ["T reads"]),
    ("CREATE VIEW V AS WITH T AS (SELECT * FROM T) SELECT * FROM T", ["T reads"]),
    ("CREATE VIEW V AS WITH RECURSIVE T AS (SELECT 1 UNION ALL SELECT x FROM T) SELECT * FROM T", []),
    ("CREATE VIEW V AS SELECT * FROM (WITH c AS (SELECT 1) SELECT * FROM c) JOIN c", ["C reads"]),
    ("CREATE VIEW V AS SELECT EXTRACT(YEAR FROM d), TRIM(BOTH 'x' FROM y), a IS DISTINCT FROM b FROM T", ["EXTRACT calls", "TRIM calls", "T reads"]),
    ("CREATE VIEW V AS SELECT * FROM D..T, LATERAL FLATTEN(input => T.x) f, TABLE(S.TF(1))", ["D..T reads", "FLATTEN calls", "S.TF calls"]),
    ("CREATE VIEW V AS SELECT * FROM (A JOIN S.B ON a.x = b.x) WHERE EXISTS (SELECT 1 FROM C)", ["A reads", "S.B reads", "C reads"]),
    ("CREATE VIEW V AS SELECT * FROM T AT (OFFSET => -60) PIVOT (SUM(x) FOR y IN ('a', 'b')), U", ["T reads", "SUM calls", "U reads"]),
    ("CREATE TABLE T (A INT DEFAULT S.SEQ.NEXTVAL, B INT REFERENCES S.P(ID), C VARCHAR(9) WITH MASKING POLICY G.P.M) WITH TAG (G.T.PII = 'x', OWNER = 'y')", ["S.SEQ sequence", "S.P foreign key", "G.P.M policy", "G.T.PII tag", "OWNER tag"]),
    ("CREATE TABLE T CLONE S.U", ["S.U reads"]),
    ("CREATE TABLE T LIKE S.U", ["S.U reads"]),
    ("CREATE STREAM X ON VIEW S.V", ["S.V reads"]),
    ("CREATE TASK X WAREHOUSE = W AFTER A, S.B WHEN SYSTEM$STREAM_HAS_DATA('S.STR') AS CALL S.P(1)", ["W warehouse", "A task", "S.B task", "SYSTEM$STREAM_HAS_DATA calls", "S.STR stream", "S.P calls"]),
    ("CREATE PIPE X INTEGRATION = 'I' AS COPY INTO S.T FROM @S.ST/a/b FILE_FORMAT = (FORMAT_NAME = 'S.F')", ["I integration", "S.T writes", "S.ST stage", "S.F file format"]),
    ("CREATE FUNCTION X() RETURNS INT LANGUAGE PYTHON HANDLER = 'h' IMPORTS = ('@S.ST/x.py') EXTERNAL_ACCESS_INTEGRATIONS = (E) SECRETS = ('c' = S.SEC) AS 'x = 1'", ["S.ST stage", "E integration", "S.SEC name"]),
    ("CREATE MASKING POLICY X AS (V VARCHAR) RETURNS VARCHAR -> IFF(IS_ROLE_IN_SESSION('R') AND EXISTS (SELECT 1 FROM S.T), V, S.F(V))", ["IFF calls", "IS_ROLE_IN_SESSION calls", "R role", "S.T reads", "S.F calls"]),
    ("CREATE PROCEDURE X() RETURNS INT AS $$BEGIN INSERT INTO A (x) SELECT 1; UPDATE B SET x = 1 FROM C; DELETE FROM D USING E WHERE d.x = e.x; TRUNCATE TABLE F; END$$", ["A writes", "B writes", "C reads", "D writes", "E reads", "F writes"]),
    ("CREATE PROCEDURE X() RETURNS INT AS BEGIN MERGE INTO A t USING (SELECT * FROM B) s ON t.x = s.x WHEN MATCHED THEN UPDATE SET t.x = 1; CREATE TABLE S.N AS SELECT * FROM C; DROP TABLE S.O; END", ["A writes", "B reads", "S.N changes or shows", "C reads", "S.O changes or shows"]),
    ("CREATE PROCEDURE X() RETURNS INT AS $$BEGIN SELECT a INTO :b FROM T FOR UPDATE; FETCH c INTO d, e; FOR r IN c DO CALL P(r.x); END FOR; USE SCHEMA D.S; USE ROLE R; END$$", ["T reads", "P calls", "D.S schema", "R role"]),
    ("CREATE PROCEDURE X() RETURNS INT AS $$BEGIN INSERT ALL WHEN 1=1 THEN INTO A WHEN 1=2 THEN INTO S.B (x) VALUES (y) ELSE INTO C SELECT * FROM D; END$$", ["A writes", "S.B writes", "C writes", "D reads"]),
    ("CREATE PROCEDURE X() RETURNS INT AS $$SELECT * FROM IDENTIFIER('D.S.T') JOIN IDENTIFIER(:v)$$", ["D.S.T reads"]),
    ("CREATE PROCEDURE X() RETURNS INT AS $$BEGIN EXECUTE IMMEDIATE 'DELETE FROM S.T'; v := 'SELECT * FROM D.S.U WHERE x = ''' || y; RETURN 'of S.X'; END$$", ["S.T writes?", "D.S.U reads?"]),
    ("CREATE PROCEDURE X() RETURNS INT LANGUAGE JAVASCRIPT AS $$ // FROM S.C\n snowflake.execute({sqlText: `INSERT INTO S.T SELECT * FROM ${d}.S.U`}); var t = 'D.S.V'; $$", ["S.T writes?", "D.S.V name?"]),
    ("CREATE PROCEDURE X() RETURNS INT LANGUAGE PYTHON HANDLER = 'h' AS $$\n# FROM S.C\nsession.table('T').write.save_as_table(\"S.U\"); session.sql(f'''\nSELECT * FROM D.S.V WHERE x = {y}''')$$", ["T name?", "S.U name?", "D.S.V reads?"]),
    ("CREATE VIEW V AS SELECT 'see S.T' -- from S.U", []),
]  # fmt: skip


@pytest.mark.parametrize(("ddl", "expected"), NAMED, ids=range(len(NAMED)))
def test_every_name_and_what_is_done_with_it(ddl: str, expected: list[str]) -> None:
    found = [f"{'.'.join(one.parts)} {one.use}{'' if one.certain else '?'}" for one in mentions(ddl)]
    assert found == expected


def test_a_mention_has_its_place() -> None:
    (mention,) = mentions(
        "CREATE PROCEDURE D.S.P() RETURNS INT AS 'BEGIN\n  RETURN (SELECT ''x'' FROM  \"a\".\"b\");\nEND'"
    )
    assert (mention.line, mention.column, mention.parts) == (2, 30, ("a", "b"))
    assert (mention.use, mention.certain, mention.text) == (Use.READS, True, '"a"."b"')


def test_what_cannot_be_read_names_nothing_and_is_told() -> None:
    assert mentions("CREATE VIEW V AS SELECT 'x FROM T") == ()
    assert unreadable("CREATE VIEW V AS SELECT 'x FROM T") == "line 1: a string opens here and is never closed"
    assert unreadable("CREATE VIEW V AS SELECT 1 FROM T") == ""


HERE = Path(__file__).parents[2]
PARSED = {"SELECT", "INSERT", "MERGE", "UPDATE", "DELETE", "CREATE VIEW", "CREATE TABLE"}
FILES = ["contract/documented/queries.sql", "unit/sandbox/files/09_analytics.sql", "projects/large/imcust/70_mart.sql"]


@pytest.mark.parametrize("name", FILES)
def test_tables_are_those_that_a_parser_finds(name: str) -> None:
    """Two ways to read a query that know nothing of each other."""
    pieces = [piece.text for piece in split((HERE / name).read_text()) if statement_kind(piece.text) in PARSED]
    assert pieces
    for text in pieces:
        parsed = tables(text)
        if parsed is None or "IDENTIFIER(" in text.upper():
            continue
        places = read_places(text).places
        own = {place.names for place in places if place.own}
        wanted = (Use.READS, Use.WRITES, Use.TABLE, Use.REFERENCES)
        found = {place.names for place in places if place.use in wanted and not place.column and place.kind is None}
        assert found - own == parsed - own, text
