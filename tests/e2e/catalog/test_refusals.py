"""Each of the questions refused in turn: the rest is read, and what is missing is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from runner.catalog.estate import Estate, Kind
from runner.catalog.reading import ReadRequest, read
from runner.connection.faults import FaultKind, StatementFault
from runner.connection.session import Rows, Session

Run = Callable[..., Any]
MADE = (
    "CREATE SEQUENCE KEYS",
    "CREATE TAG PII",
    "CREATE MASKING POLICY MASK AS (V VARCHAR) RETURNS VARCHAR -> '*'",
    "CREATE TABLE PARENT (A NUMBER PRIMARY KEY)",
    "CREATE TABLE T (A NUMBER DEFAULT KEYS.NEXTVAL REFERENCES PARENT (A), C VARCHAR WITH MASKING POLICY MASK"
    " WITH TAG (PII = 'x'))",
    "CREATE VIEW V AS SELECT A FROM T",
    "CREATE STAGE SG",
    "CREATE FUNCTION F(A NUMBER) RETURNS NUMBER AS 'A'",
    "CREATE FUNCTION F(A VARCHAR) RETURNS VARCHAR AS 'A'",
    "CREATE PROCEDURE P() RETURNS NUMBER LANGUAGE SQL AS $$ BEGIN DELETE FROM PARENT; RETURN 1; END $$",
    "CREATE STREAM ST ON TABLE PARENT",
    "CALL P()",
)


class Recorded:
    """Asks the account once for each statement; then answers by itself, and refuses what it is told to."""

    def __init__(self, session: Session) -> None:
        self.session, self.place, self.profile = session, session.place, session.profile
        self.answers: dict[str, Rows | StatementFault] = {}
        self.refused = ""

    def execute(self, sql: str, **options: Any) -> Rows:
        if sql == self.refused:
            raise StatementFault(FaultKind.REFUSED, 3001, "42501", "q", "Insufficient privileges.")
        if sql not in self.answers:
            self.answers[sql] = self._asked(sql, options)
        answer = self.answers[sql]
        if isinstance(answer, StatementFault):
            raise answer
        return answer

    def _asked(self, sql: str, options: Any) -> Rows | StatementFault:
        try:
            return self.session.execute(sql, **options)
        except StatementFault as fault:
            return fault


def known_of(estate: Estate) -> set[str]:
    return {str(one.address) for one in estate.objects}


def test_every_question_can_be_refused(run: Run, log_in: Callable[..., Session], fresh_database: str) -> None:
    run(*MADE)
    session = Recorded(log_in())

    def reading() -> Estate:
        return read(cast(Session, session), ReadRequest(fresh_database))

    whole = reading()
    assert {one.kind for one in (found.address for found in whole.objects)} >= {Kind.STAGE, Kind.TAG, Kind.STREAM}
    needed = (f"SHOW SCHEMAS IN DATABASE {fresh_database}", "SELECT TO_VARCHAR(CURRENT_TIMESTAMP()")
    asked = [sql for sql in session.answers if not sql.startswith(needed)]
    assert len(asked) > 40
    silent = []
    for sql in asked:
        session.refused = sql
        estate = reading()
        told = [gap for gap in estate.gaps if "Insufficient privileges" in gap.reason]
        problems = [found for found in estate.objects if "Insufficient privileges" in found.problem]
        if estate != whole and not told and not problems:
            silent.append(sql)
        assert known_of(estate) <= known_of(whole)
    assert silent == []
