"""The same account gives the same estate, in whatever order Snowflake answers and however many ask."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, cast

from runner.catalog.estate import Estate
from runner.catalog.reading import ReadRequest, read
from runner.connection.session import Rows, Session

Run = Callable[..., Any]


class Shuffled:
    """A session that gives every answer's rows in an order of its own."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.place, self.profile = session, session.place, session.profile
        self.random = random.Random(seed)

    def execute(self, sql: str, **options: Any) -> Rows:
        rows = self.session.execute(sql, **options)
        return Rows(rows.query_id, rows.columns, self.random.sample(rows.rows, len(rows.rows)), rows.rowcount)


def shuffled(session: Session, database: str, seed: int) -> Estate:
    return read(cast(Session, Shuffled(session, seed)), ReadRequest(database))


def test_the_order_of_rows_changes_nothing(run: Run, log_in: Callable[..., Session], fresh_database: str) -> None:
    run(
        "CREATE SEQUENCE KEYS",
        "CREATE TAG PII",
        "CREATE TAG LEVEL",
        "CREATE MASKING POLICY MASK AS (V VARCHAR) RETURNS VARCHAR -> '*'",
        "CREATE TABLE PARENT (A NUMBER, B NUMBER, PRIMARY KEY (B, A), UNIQUE (A))",
        "CREATE TABLE T (A NUMBER DEFAULT KEYS.NEXTVAL, B NUMBER, C VARCHAR WITH MASKING POLICY MASK,"
        " FOREIGN KEY (B, A) REFERENCES PARENT (B, A)) WITH TAG (PII = 'x', LEVEL = '2')",
        "CREATE VIEW V AS SELECT T.A, PARENT.B FROM T JOIN PARENT ON T.A = PARENT.A",
        "CREATE FUNCTION F(A NUMBER) RETURNS NUMBER AS 'A'",
        "CREATE FUNCTION F(A VARCHAR) RETURNS VARCHAR AS 'A'",
        "CREATE PROCEDURE P() RETURNS NUMBER LANGUAGE SQL AS $$ BEGIN DELETE FROM PARENT; RETURN 1; END $$",
        "CALL P()",
    )
    session = log_in()
    plain = read(session, ReadRequest(fresh_database))
    assert len(plain.objects) > 10
    assert len(plain.edges) > 10
    assert plain == read(session, ReadRequest(fresh_database, connect=log_in, parallel=3))
    for seed in range(3):
        assert shuffled(session, fresh_database, seed) == plain
