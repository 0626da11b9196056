"""Scripts as values: how they are told apart, and which checksum counts."""

import pytest

from runner.core.script import Head, Kind, Rendered, Requirement, Script, Statement
from runner.core.version import Version


def made(kind="V", version="001", description="add column", path="versions/V001__add_column.sql", source="SELECT 1;"):
    return Script(Kind(kind), Version(version) if version else None, description, path, source)


def test_names():
    script = made()
    assert (script.name, script.key, script.label) == ("V001__add_column.sql", "V1", "V001")


def test_names_of_a_repeatable():
    script = made("R", None, "grants to all", "versions/deep/R__grants_to_all.sql")
    assert (script.name, script.key, script.label) == ("R__grants_to_all.sql", "R__grants_to_all", "R__grants_to_all")


@pytest.mark.parametrize(("one", "other"), [("1", "001"), ("1.0", "1")])
def test_the_same_version_is_the_same_script_in_a_history(one, other):
    assert made(version=one).key == made(version=other).key


@pytest.mark.parametrize(
    ("environments", "asked", "covered"), [((), "any", True), (("dev",), "dev", True), (("dev",), "prod", False)]
)
def test_a_script_without_environments_is_for_all(environments, asked, covered):
    assert Head(environments=environments).covers(asked) is covered


def test_a_requirement_is_shown_as_it_is_written():
    assert str(Requirement("imcust", "V001")) == "imcust:V001"


@pytest.mark.parametrize("kind", ["V", "U", "B"])
def test_a_versioned_script_is_known_by_its_source(kind):
    script = made(kind, source="SELECT {{ x }};")
    assert Rendered(script, "dev", "SELECT 1;", ()).recorded_checksum == script.checksum


def test_a_repeatable_one_by_what_it_renders_to():
    script = made("R", None, "a", "versions/R__a.sql", "SELECT {{ x }};")
    rendered = Rendered(script, "dev", "SELECT 1;", ())
    assert rendered.recorded_checksum == rendered.checksum != script.checksum


def test_a_statement_is_known_by_its_text_and_not_by_its_place():
    assert Statement(1, "SELECT 1", 1).sha256 == Statement(9, "SELECT 1  \r\n", 40).sha256
    assert Statement(1, "SELECT 1", 1).sha256 != Statement(1, "SELECT 2", 1).sha256


def test_neither_source_nor_text_is_in_a_traceback():
    assert "SELECT" not in repr(made()) + repr(Rendered(made(), "dev", "SELECT 1;", ()))
