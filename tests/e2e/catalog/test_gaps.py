"""Roles that may not read everything: what is missing is said, and the rest is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from runner.catalog.estate import Address, Estate, Evidence, Kind

Reading = Callable[..., Estate]
Run = Callable[..., Any]


@pytest.fixture
def role(run: Run, fresh_name: Callable[[str], str], fresh_database: str) -> Iterator[str]:
    """A role that may look into the schema S, and no more."""
    name = fresh_name("reader")
    run(
        f"CREATE ROLE {name}",
        f"GRANT ROLE {name} TO USER SANDBOX_ADMIN",
        f"GRANT USAGE ON DATABASE {fresh_database} TO ROLE {name}",
        f"GRANT USAGE ON SCHEMA S TO ROLE {name}",
        f"GRANT USAGE ON WAREHOUSE ADMIN_WH TO ROLE {name}",
    )
    yield name
    run(f"DROP ROLE {name}")


def gaps(estate: Estate) -> set[str]:
    return {gap.evidence for gap in estate.gaps}


def test_without_account_usage_the_rest_is_read(run: Run, reading: Reading, role: str, fresh_database: str) -> None:
    run(
        "CREATE TABLE T (A NUMBER PRIMARY KEY)",
        "CREATE VIEW V AS SELECT A FROM T",
        f"GRANT SELECT ON TABLE T TO ROLE {role}",
        f"GRANT SELECT ON VIEW V TO ROLE {role}",
    )
    estate = reading(role)
    assert {"object dependencies", "access history"} <= gaps(estate)
    assert all(gap.reason and gap.scope for gap in estate.gaps)
    table = Address(Kind.TABLE, fresh_database, "S", "T")
    assert estate.by_address[table].columns[0].name == "A"
    evidence = [edge.evidence for edge in estate.edges if edge.needed == table]
    assert sorted(evidence) == [Evidence.CATALOG, Evidence.PARSED]  # the view's own references are known at once


def test_what_views_stand_on_is_asked_of_each_that_the_history_does_not_know(
    run: Run, reading: Reading, role: str, fresh_database: str
) -> None:
    run(
        "CREATE TABLE T (A NUMBER)",
        "CREATE FUNCTION F(N NUMBER) RETURNS NUMBER AS 'N + 1'",
        "CREATE VIEW LOW AS SELECT A FROM T",
        "CREATE VIEW HIGH AS SELECT A FROM LOW",
        "CREATE VIEW WITH_F AS SELECT F(A) AS A FROM T",
        "CREATE SECURE VIEW HIDDEN AS SELECT A FROM T",
        *(f"GRANT SELECT ON VIEW {name} TO ROLE {role}" for name in ("LOW", "HIGH", "WITH_F", "HIDDEN")),
        f"GRANT USAGE ON FUNCTION F(NUMBER) TO ROLE {role}",
        f"GRANT SELECT ON TABLE T TO ROLE {role}",
    )
    estate = reading(role)
    known = {(e.needer.name, e.needed.name) for e in estate.edges if e.evidence is Evidence.CATALOG}
    assert known == {("LOW", "T"), ("HIGH", "LOW")}, "neither what a function keeps from us nor what lies deeper"
    asked = [gap.scope for gap in estate.gaps if gap.evidence == "object references"]
    assert asked == [f"view {fresh_database}.S.HIDDEN"], "a view whose text tells all is no gap"


def test_what_is_not_asked_for_is_no_gap(run: Run, reading: Reading, role: str) -> None:
    assert not {"access history", "lineage"} & gaps(reading(role, observed=False, lineage=False))


def test_hidden_texts_are_problems_of_their_objects(run: Run, reading: Reading, role: str, fresh_database: str) -> None:
    run(
        "CREATE TABLE T (A NUMBER)",
        "CREATE SECURE VIEW HIDDEN AS SELECT A FROM T",
        "CREATE VIEW OPEN AS SELECT A FROM T",
        "CREATE PROCEDURE P() RETURNS NUMBER LANGUAGE SQL AS $$ BEGIN DELETE FROM T; END $$",
        f"GRANT SELECT ON VIEW HIDDEN TO ROLE {role}",
        f"GRANT SELECT ON VIEW OPEN TO ROLE {role}",
        f"GRANT USAGE ON PROCEDURE P() TO ROLE {role}",
    )
    by_name = {one.address.name: one for one in reading(role).objects}
    assert by_name["OPEN"].ddl
    assert not by_name["OPEN"].problem
    for name in ("HIDDEN", "P"):
        assert not by_name[name].ddl
        assert "cannot be read" in by_name[name].problem


def test_a_policy_that_the_role_may_not_know_is_a_problem(run: Run, reading: Reading, role: str) -> None:
    run(
        "CREATE MASKING POLICY MASK AS (V VARCHAR) RETURNS VARCHAR -> '*'",
        "CREATE TABLE T (A VARCHAR WITH MASKING POLICY MASK)",
        f"GRANT SELECT ON TABLE T TO ROLE {role}",
    )
    (table,) = (one for one in reading(role).objects if one.address.name == "T")
    assert "#UNKNOWN_POLICY" in table.problem
    assert table.ddl


def test_what_the_role_does_not_see_is_named_where_it_is_needed(run: Run, reading: Reading, role: str) -> None:
    run(
        "CREATE TABLE T (A NUMBER)",
        "CREATE VIEW V AS SELECT A FROM T",
        f"GRANT SELECT ON VIEW V TO ROLE {role}",
    )
    estate = reading(role)
    assert "T" not in {one.address.name for one in estate.objects}
    (edge,) = (edge for edge in estate.edges if edge.needer.name == "V")
    assert edge.needed.kind is Kind.UNKNOWN
    assert edge.needed.name == "T"


def test_a_lost_session_ends_the_reading(run: Run, log_in: Callable[..., Any], fresh_database: str) -> None:
    from runner.catalog.reading import ReadRequest, read
    from runner.core.errors import OwnStatementFailed

    session = log_in()
    session.close()
    with pytest.raises(OwnStatementFailed):
        read(session, ReadRequest(fresh_database))
