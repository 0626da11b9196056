"""Whatever characters a name has, the text that names it means it and nothing else."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st

from runner.catalog.edges import mentioned, structural
from runner.catalog.edges.naming import Known
from runner.catalog.estate import Address, Column, Found, Kind
from runner.core.names import ObjectName
from runner.sql.mentions import mentions

NAMES = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=12)
PLAIN = st.sampled_from(["T", "ORDER", "Select", "a.b", '"', "''", "$$", "--", "/*", "x y", "日本", "A$1", "{{ x }}"])
ANY = NAMES | PLAIN


def address(kind: Kind, *place: str) -> Address:
    database, schema, name = place
    return Address(kind, database, schema, name)


@settings(max_examples=100, deadline=None)
@given(st.tuples(ANY, ANY, ANY), st.tuples(ANY, ANY, ANY))
def test_a_view_means_what_it_names(place: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    view = Address(Kind.VIEW, "DB", "HOME", "THE VIEW")
    table, idle = address(Kind.TABLE, *place), address(Kind.TABLE, *other)
    known = Known(frozenset({view, table, idle}), frozenset({"DB", place[0], other[0]}))
    ddl = f'create or replace view DB.HOME."THE VIEW" as SELECT 1 AS A FROM {ObjectName.of(*place).sql} AS X;'
    found = {edge.needed for edge in mentioned.edges_of(Found(view, ddl=ddl), mentions(ddl), known)}
    assert found == (set() if place[0] == "SNOWFLAKE" or place[1] == "INFORMATION_SCHEMA" else {table})


@settings(max_examples=60, deadline=None)
@given(st.tuples(ANY, ANY, ANY))
def test_a_default_means_the_sequence_that_it_names(place: tuple[str, str, str]) -> None:
    sequence = address(Kind.SEQUENCE, *place)
    known = Known(frozenset({sequence}), frozenset({place[0]}))
    column = Column("A", "NUMBER", default=f"{ObjectName.of(*place).sql}.NEXTVAL")
    table = Found(Address(Kind.TABLE, "DB", "HOME", "THE TABLE"), columns=(column,))
    assert [edge.needed for edge in structural.defaults(table, known)] == [sequence]
