"""What is dear to make is made once: its tests go to one worker."""

from pathlib import Path

import pytest

from tests.scheduling import unit_of

TESTS = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("test", "unit"),
    [
        ("tests/projects/test_found.py::test_every_object_and_no_other[large]", "estate large"),
        ("tests/projects/test_road.py::test_there_back_and_there_again[large]", "estate large"),
        ("tests/e2e/test_bad_luck.py::test_the_share_is_misspelt", "the shipped organisation"),
        ("tests/e2e/test_kill_migration.py::test_killed_at_one_of_them[imsdlc-V003]", "the shipped organisation"),
        ("tests/e2e/test_kill.py::test_killed[before]", "tests/e2e/test_kill.py::test_killed[before]"),
        ("tests/unit/sql/test_tidying.py::test_it[a::b]", "tests/unit/sql/test_tidying.py"),
    ],
)
def test_a_test_goes_with_those_that_share_what_it_needs(test, unit):
    assert unit_of(test) == unit


def test_a_file_with_fixtures_of_its_own_stays_together():
    sharing = [path for path in TESTS.rglob("test_*.py") if 'fixture(scope="module"' in path.read_text()]
    names = [path.relative_to(TESTS.parent).as_posix() for path in sharing]
    assert len(names) > 5
    assert [name for name in names if unit_of(f"{name}::test_it") != name] == []
