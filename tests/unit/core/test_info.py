"""Scripts and history side by side, in Flyway's states."""

import pytest

from runner.core.checksum import Checksum
from runner.core.info import PENDING_STATES, rows
from runner.core.planning import Options, Situation, judge, plan
from runner.core.version import Version
from tests.unit.core.history_of import history, script


def situation(names, story="", rendered=None, **sources):
    scripts = tuple(n if not isinstance(n, str) else script(n) for n in names)
    checksums = {s.key: Checksum.of((rendered or {}).get(s.key, s.source)) for s in scripts if s.kind == "R"}
    return Situation("dev", scripts, history(story, **sources), checksums, {})


def states(*arguments, target=None, **named):
    return [f"{r.version or r.description} {r.state}" for r in rows(situation(*arguments, **named), target)]


V1, V2, V3 = (f"V{n} STARTED, V{n} SUCCESS" for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("names", "story", "wanted"),
    [
        ([], "", []),
        (["V1"], "", ["1 Pending"]),
        (["V10", "V2"], "", ["2 Pending", "10 Pending"]),
        (["V1"], V1, ["1 Success"]),
        (["V1"], "V1 STARTED", ["1 Unfinished"]),
        (["V1"], "V1 STARTED, V1 FAILED", ["1 Failed"]),
        (["V1"], "V1 STARTED, V1 FAILED, V1 RETRY", ["1 Pending"]),
        (["V1"], f"{V1}, U1 STARTED, U1 FAILED", ["1 Failed"]),
        (["V1"], f"{V1}, U1 STARTED, U1 UNDONE", ["1 Undone"]),
        (["V1", "V2"], V2, ["1 Ignored", "2 Success"]),
        (["V1", "V2"], f"{V2}, {V1}", ["1 Out of Order", "2 Success"]),
        (["V2"], f"{V1}, {V2}", ["1 Missing", "2 Success"]),
        (["V1"], f"{V1}, {V2}", ["1 Success", "2 Future"]),
        ([], V1, ["1 Future"]),
        (["V1", "V2"], "B1 BASELINE", ["1 Baseline", "1 Below Baseline", "2 Pending"]),
        (["V1"], "V1 SKIPPED", ["1 Not For It"]),
        ([script("V1", environments=("prod",))], "", ["1 Not For It"]),
        (["R__a"], "", ["a Pending"]),
        (["R__a"], "R__a STARTED, R__a SUCCESS", ["a Success"]),
        (["R__a"], f"R__a STARTED, R__a SUCCESS, {V1}, U1 STARTED, U1 UNDONE", ["a Outdated"]),
        ([], "R__a STARTED, R__a SUCCESS", ["a Missing"]),
        (["R__a"], "R__a SKIPPED", ["a Pending"]),
        (["R__b", "V1", "R__a"], "", ["1 Pending", "a Pending", "b Pending"]),
    ],
)
def test_states(names, story, wanted):
    assert states(names, story) == wanted


def test_a_repeatable_whose_rendered_text_changed_is_outdated():
    assert states(["R__a"], "R__a STARTED, R__a SUCCESS", rendered={"R__a": "SELECT 2;"}) == ["a Outdated"]


def test_an_edited_script_is_changed():
    assert states(["V1"], V1, V1="SELECT 0;") == ["1 Changed"]


def test_versions_above_the_target():
    assert states(["V1", "V2"], "", target=Version("1")) == ["1 Pending", "2 Above Target"]


def test_facts_of_an_applied_script():
    (row,) = rows(situation(["V1", "U1"], V1))
    assert (row.category, row.type, row.installed_by, row.installed_rank) == ("Versioned", "SQL", "ME", 2)
    assert row.undoable
    assert row.checksum.startswith("sha256:")


def test_facts_of_a_pending_one_are_empty():
    (row,) = rows(situation(["V1"]))
    assert (row.installed_on, row.installed_by, row.installed_rank, row.checksum, row.undoable) == (
        None,
        "",
        None,
        "",
        False,
    )


def test_an_irreversible_script_is_not_undoable_even_with_an_undo_script():
    (row,) = rows(situation([script("V1", irreversible=True), "U1"]))
    assert not row.undoable


@pytest.mark.parametrize(
    ("story", "wanted"),
    [
        ("", ["2 Pending", "1 Below Baseline", "2 Below Baseline", "3 Pending"]),
        ("B2 STARTED", ["2 Unfinished", "1 Below Baseline", "2 Below Baseline", "3 Pending"]),
        ("B2 STARTED, B2 FAILED", ["2 Failed", "1 Pending", "2 Pending", "3 Pending"]),
        ("B2 STARTED, B2 SUCCESS", ["2 Baseline", "1 Below Baseline", "2 Below Baseline", "3 Pending"]),
        (V1, ["1 Success", "2 Pending", "3 Pending"]),
    ],
)
def test_a_baseline_script_stands_for_the_versions_below_it(story, wanted):
    assert states(["V1", "B2", "V2", "V3"], story) == wanted


STORIES = [
    "",
    "B1 STARTED",
    "B1 STARTED, B1 SUCCESS",
    "B1 STARTED, B1 FAILED, B1 RETRY",
    V1,
    f"{V1}, {V2}",
    "V1 STARTED",
    "V1 SKIPPED",
    f"{V1}, U1 STARTED, U1 UNDONE",
    "B1 BASELINE",
    "V1 STARTED, V1 FAILED, V1 RETRY",
    "V1 STARTED, V1 FAILED transactional",
    f"{V1}, R__a STARTED, R__a SUCCESS",
    f"{V1}, R__a STARTED, R__a SUCCESS, U1 STARTED, U1 UNDONE",
    f"{V1}, V1 MARK_UNDONE",
    "R__a SKIPPED",
    "R__a STARTED",
    f"{V1}, U1 STARTED transactional",
    "R__a STARTED, R__a FAILED transactional",
]


@pytest.mark.parametrize("story", STORIES)
def test_what_info_calls_pending_is_what_migrate_would_do(story):
    """`info --check` and `migrate` never contradict each other."""
    given = situation(["V1", "V2", "U1", "R__a", *(["B1"] if "B1" in story else [])], story)
    assert judge(given, Options(out_of_order=True)) == []
    planned = {step.script.key for step in plan(given, Options(out_of_order=True)).steps}
    shown = {r.script for r in rows(given) if r.state in (*PENDING_STATES, "Undone", "Failed")}
    assert shown == {s.name for s in given.scripts if s.key in planned}


@pytest.mark.parametrize("story", [f"{V1}, U1 STARTED, U1 UNDONE", f"{V1}, V1 MARK_UNDONE", "V1 STARTED, V1 FAILED"])
def test_what_was_undone_or_failed_is_not_in_the_account(story):
    (row,) = rows(situation(["V1"], story))
    assert row.state in PENDING_STATES
