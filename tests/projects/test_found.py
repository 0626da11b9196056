"""What runner reads out of an account is what a reader of its SQL knows: nothing is missing, nothing is false."""

from __future__ import annotations

import pytest

from runner.authoring.closing import united
from runner.catalog.estate import Evidence, Kind
from runner.catalog.reading import ReadRequest, read
from tests.e2e.catalog.conftest import connect_as


@pytest.fixture(scope="session")
def found(built):
    session = connect_as(built.running, "ACCOUNTADMIN")
    estate = read(session, ReadRequest(built.made.source, connect=lambda: connect_as(built.running, "ACCOUNTADMIN")))
    yield estate
    session.close()


def name_of(address):
    return f"{address.kind.value} {address.sql}"


def needs_of(built, found):
    """Who needs whom, by the words of edges.txt. That rows once came from somewhere is no need."""
    return {
        (name_of(need.needer), name_of(need.needed)): need
        for need in united(found.edges)
        if need.needer.database == built.made.source
        and need.needed.kind not in (Kind.SCHEMA, Kind.DATABASE)
        and set(need.evidence) != {Evidence.LINEAGE}
    }


def test_every_object_and_no_other(built, found):
    here = {name_of(one.address) for one in found.objects if one.address.database == built.made.source}
    assert {name for name in here if not name.startswith("SCHEMA ")} == built.made.objects()


def test_every_edge_and_no_other(built, found):
    known, needs = built.made.edges(), needs_of(built, found)
    missing = sorted(pair for pair, mark in known.items() if mark != "possible" and pair not in needs)
    false = sorted(
        pair for pair, need in needs.items()
        if pair not in known and need.needed in found.by_address and set(need.evidence) != {Evidence.OBSERVED}
    )  # fmt: skip
    assert (missing, false) == ([], [])


def test_what_only_text_suggests_is_not_certain(built, found):
    needs = needs_of(built, found)
    certain = {pair: mark == "certain" for pair, mark in built.made.edges().items() if mark in ("certain", "asked")}
    wrong = {pair for pair, known in certain.items() if pair in needs and needs[pair].certain != known}
    assert wrong == set()
