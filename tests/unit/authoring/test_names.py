"""What everything is called in the target."""

from importlib import resources

import pytest

from runner.authoring.names import RESERVED, TargetNames, role_in_script
from runner.catalog.estate import Kind
from runner.core.errors import NameCollision
from tests.unit.authoring.asking import asked
from tests.unit.authoring.sample import address, table, view


def named(*members, taken=frozenset(), **names):
    return TargetNames(asked("*", names=names), "DB", tuple(sorted(members)), taken)


def test_scripts_never_name_the_targets_database():
    assert named(table("A")).written(table("A")) == "{{ s }}.A"


def test_a_routine_has_its_types_behind_it():
    load = address(Kind.PROCEDURE, "LOAD")
    assert named(load).written(load) == "{{ s }}.LOAD(DATE)"


@pytest.mark.parametrize(
    ("schemas", "wanted"),
    [
        (("MART_INVESTMENTS", "SRC_INVESTMENTS"), ["mart", "src"]),
        (("MART", "SRC"), ["mart", "src"]),
        (("A_X", "B_X", "X"), ["a_x", "b_x", "x"]),
        (("MART_INVESTMENTS",), ["mart_investments"]),
        (("SHARE", "share"), ["share_schema", "share_2"]),
        (("2024", "a b"), ["s_2024", "a_b"]),
        (("A B", "A-B"), ["a_b", "a_b_schema"]),
    ],
)
def test_schemas_have_short_words(schemas, wanted):
    words = named(*(table("T", schema) for schema in schemas)).schemas
    assert [words[schema] for schema in schemas] == wanted


def test_the_plans_own_word_is_taken():
    assert named(table("T", "BOLT"), taken=frozenset({"bolt"})).schemas == {"BOLT": "bolt_schema"}


def test_names_that_are_mapped():
    names = named(table("A"), schemas={"s": "mart"}, objects={"s.a": "stocks"})
    assert names.of(table("A")).place == ("", "MART", "STOCKS")
    assert names.written(table("A")) == "{{ mart }}.STOCKS"


def test_what_stays_behind_is_named_where_it_will_be_looked_for():
    other = address(Kind.TABLE, "A", "POL", "GOV_DB")
    assert named(table("T"), databases={"gov_db": "gov_dev"}).written(other) == "GOV_DEV.POL.A"
    assert named(table("T")).written(table("A", "OTHER")) == "{{ env.database | ident }}.OTHER.A"


def test_two_objects_of_one_name_are_an_error():
    with pytest.raises(NameCollision) as caught:
        named(table("A"), view("B"), objects={"b": "a"}).check()
    assert "table DB.S.A and view DB.S.B would both be called S.A" in str(caught.value)


def test_overloads_and_other_kinds_may_share_a_name():
    other = address(Kind.FUNCTION, "A")
    named(table("A"), other, address(Kind.PROCEDURE, "A")).check()


def test_logical_roles_are_written_as_jinja_reads_them():
    assert role_in_script("analysts") == "roles.analysts"
    assert role_in_script("product-owner") == 'roles["product-owner"]'
    assert role_in_script("items") == 'roles["items"]'
    assert role_in_script('a"b') == 'roles["a\\"b"]'


def test_every_macro_file_and_every_name_of_a_context_is_reserved():
    macros = {
        path.name.removesuffix(".sql") for path in resources.files("runner.authoring").joinpath("macros").iterdir()
    }
    assert macros - {"__pycache__"} <= RESERVED
    assert {"env", "source", "target", "targets", "vars", "run", "secret"} <= RESERVED
