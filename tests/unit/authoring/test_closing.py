"""What was asked for, and all that it needs: known, asked about, or an error that names who needs it."""

import re

import pytest

from runner.authoring.closing import close
from runner.catalog.estate import Address, Evidence, Kind, Place
from runner.core.errors import AmbiguousName, ClosureUnmet, InvalidFile, NotMovable, SelectionEmpty
from runner.project.migration import Outside
from tests.unit.authoring.asking import asked
from tests.unit.authoring.sample import address, edge, estate, table, view

A, B, C = table("A"), table("B"), table("C")
V, W = view("V"), view("W")
LOAD = address(Kind.PROCEDURE, "LOAD")
POLICY = address(Kind.MASKING_POLICY, "MASK", "POL", "GOV_DB")


def closed(objects, edges, **words):
    return close(asked(**words), estate(objects, edges))


def names(closure):
    return [found.address.name for found in closure.members]


def test_needs_are_followed_to_their_end():
    closure = closed([A, B, C, V, W], [edge(W, V), edge(V, A), edge(B, C)], select={"views": ["w"]})
    assert names(closure) == ["A", "V", "W"]
    assert closure.reasons[A] == "needed by S.V"
    assert closure.reasons[W] == "asked for: w"


def test_what_was_asked_for_by_name_travels_though_it_is_excluded():
    closure = closed([A, B], [], select={"tables": ["*", "b"], "exclude": ["b", "a"]})
    assert names(closure) == ["B"]


def test_a_circle_ends():
    closure = closed([LOAD, A], [edge(LOAD, A), edge(A, LOAD)], select={"tables": ["a"]})
    assert names(closure) == ["LOAD", "A"]


def test_where_rows_came_from_is_no_need():
    closure = closed([A, B], [edge(A, B, Evidence.LINEAGE)], select={"tables": ["a"]})
    assert names(closure) == ["A"]


def test_all_evidence_of_a_need_stands_together():
    place = Place(3, 7, "DB.S.A")
    edges = [edge(V, A, Evidence.CATALOG), edge(V, A, Evidence.PARSED, places=(place,), use="reads")]
    (need,) = closed([A, V], edges, select={"views": ["v"]}).needs
    assert need.evidence == (Evidence.CATALOG, Evidence.PARSED)
    assert need.places == (place,)


def test_what_only_text_suggests_is_asked():
    edges = [edge(LOAD, B, certain=False, places=(Place(4, 2, "'DB.S.B'"),))]
    closure = closed([LOAD, B], edges, select={"procedures": ["load"]})
    assert names(closure) == ["LOAD"]
    (question,) = closure.questions
    assert "S.LOAD(DATE) seems to use table S.B (line 4" in question.text
    for answer, wanted in (("include", ["LOAD", "B"]), ("ignore", ["LOAD"])):
        answered = closed([LOAD, B], edges, select={"procedures": ["load"]}, answers={question.id: answer})
        assert (names(answered), answered.questions) == (wanted, ())


def test_what_was_observed_is_known():
    edges = [edge(LOAD, B, certain=False), edge(LOAD, B, Evidence.OBSERVED)]
    assert names(closed([LOAD, B], edges, select={"procedures": ["load"]})) == ["LOAD", "B"]


def test_what_only_text_suggests_and_is_not_there_is_nothing():
    nothing = Address(Kind.UNKNOWN, "DB", "S", "NOTHING")
    closure = closed([LOAD], [edge(LOAD, nothing, certain=False)], select={"procedures": ["load"]})
    assert (names(closure), closure.questions) == (["LOAD"], ())


def test_what_is_declared_is_needed():
    closure = closed([LOAD, C], [], select={"procedures": ["load"]}, depends={"load": ["c"]})
    assert names(closure) == ["LOAD", "C"]
    assert closure.needs[0].evidence == (Evidence.DECLARED,)


def test_what_lies_in_another_database_is_an_error_that_says_who_needs_it_and_where():
    edges = [edge(A, POLICY, places=(Place(2, 9, "GOV_DB.POL.MASK"),)), edge(B, POLICY)]
    with pytest.raises(ClosureUnmet) as caught:
        closed([A, B, POLICY], edges, select={"tables": ["a", "b"]})
    assert "masking policy GOV_DB.POL.MASK, by S.A (line 2: GOV_DB.POL.MASK) and S.B (parsed)" in str(caught.value)


def test_what_is_needed_and_nowhere_is_an_error():
    gone = Address(Kind.UNKNOWN, "DB", "S", "GONE")
    with pytest.raises(ClosureUnmet, match=r"DB\.S\.GONE \(it is not there, or the role does not see it\), by S\.V"):
        closed([V], [edge(V, gone)], select={"views": ["v"]})


@pytest.mark.parametrize("what", ["map", "drop", "declare"])
def test_what_lies_outside_stays_there_when_somebody_says_so(what):
    closure = closed([A, POLICY], [edge(A, POLICY)], select={"tables": ["a"]}, outside={"gov_db.*.*": what})
    assert names(closure) == ["A"]
    assert closure.outside == ((POLICY, Outside(what)),)


def test_what_lies_outside_comes_along_when_somebody_says_so():
    closure = closed([A, POLICY], [edge(A, POLICY)], select={"tables": ["a"]}, outside={"gov_db.*.*": "include"})
    assert names(closure) == ["MASK", "A"]


def test_a_mapped_database_is_an_answer():
    closure = closed(
        [A, POLICY], [edge(A, POLICY)], select={"tables": ["a"]}, names={"databases": {"gov_db": "gov_dev"}}
    )
    assert closure.outside == ((POLICY, Outside.MAP),)


def test_warehouses_and_roles_do_not_travel():
    warehouse = Address(Kind.WAREHOUSE, "", "", "LOAD_WH")
    closure = closed([LOAD], [edge(LOAD, warehouse)], select={"procedures": ["load"]})
    assert names(closure) == ["LOAD"]
    assert closure.needs[0].needed == warehouse


def test_a_selection_that_matches_nothing_names_what_was_probably_meant():
    with pytest.raises(SelectionEmpty) as caught:
        closed([table("DIM_STOCKS")], [], select={"tables": ["s.dim_stock"]})
    assert "table 's.dim_stock' matches nothing" in str(caught.value)
    assert "'s.dim_stocks'" in caught.value.hint


def test_a_table_that_is_a_view_is_said_to_be_one():
    with pytest.raises(InvalidFile, match=r"'s\.v' is a view, not a table"):
        closed([V], [], select={"tables": ["s.v"]})


def test_a_name_of_two_kinds_is_an_error_where_the_kind_is_not_said():
    objects = [table("LOAD"), LOAD]
    with pytest.raises(AmbiguousName, match=r"a procedure \(S\.LOAD\(DATE\)\) and a table \(S\.LOAD\)"):
        closed(objects, [], select={"objects": ["load"]})
    assert names(closed(objects, [], select={"objects": ["l*"]})) == ["LOAD", "LOAD"]


def test_a_whole_schema_is_every_kind_in_it():
    objects = [A, V, LOAD, table("X", "OTHER")]
    assert names(closed(objects, [], select={"schemas": ["s"]})) == ["LOAD", "A", "V"]


def test_who_reads_a_member_and_stays_behind_is_told():
    closure = closed([A, V, W], [edge(V, A), edge(W, A)], select={"views": ["v"]})
    assert [(need.needer, need.needed) for need in closure.readers] == [(W, A)]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"data": {"tables": {"aa": "none"}}}, "data.tables: no table of the source is called 'aa'"),
        ({"data": {"tables": {"s.v": "none"}}}, "data.tables: no table of the source is called 's.v'"),
        ({"names": {"objects": {"s.nix": "y"}}}, "names.objects: no object of the source is called 's.nix'"),
        ({"names": {"schemas": {"t": "y"}}}, "names.schemas: no schema of the source is called 'T'"),
        ({"depends": {"s.a": ["s.nix"]}}, "depends: no object of the source is called 's.nix'"),
        ({"depends": {"nix": ["s.a"]}}, "depends: no object of the source is called 'nix'"),
        ({"select": {}}, "`select` names nothing"),
        ({"select": {"tables": []}}, "`select` names nothing"),
        ({"select": {"tables": ["s.*"], "exclude": ["s.*"]}}, "takes everything out"),
    ],
)
def test_words_that_are_about_nothing(words, reason):
    words = {"select": {"tables": ["a"]}, **words}
    with pytest.raises(InvalidFile, match=re.escape(reason)):
        closed([A, B, V], [], **words)


def test_an_answer_that_is_none():
    edges = [edge(LOAD, B, certain=False)]
    (question,) = closed([LOAD, B], edges, select={"procedures": ["load"]}).questions
    with pytest.raises(InvalidFile, match="it takes include or ignore, not 'maybe'"):
        closed([LOAD, B], edges, select={"procedures": ["load"]}, answers={question.id: "maybe"})


def test_what_is_dropped_must_not_be_missed():
    outside = {"outside": {"s.b": "drop"}}
    for needer, evidence in ((V, Evidence.CATALOG), (A, Evidence.DEFAULT)):
        with pytest.raises(NotMovable, match=r"cannot be made without table DB\.S\.B"):
            closed([A, B, V], [edge(needer, B, evidence)], select={"objects": [needer.name]}, **outside)
    for needer, evidence in ((LOAD, Evidence.PARSED), (A, Evidence.KEYS)):
        closure = closed([A, B, LOAD], [edge(needer, B, evidence)], select={"objects": [needer.name]}, **outside)
        assert closure.outside == ((B, Outside.DROP),)
