"""The judgement, as tables: scripts and a history in, steps or reasons out. No account, no file."""

import pytest

from runner.core.checksum import Checksum
from runner.core.errors import DependencyCircle, HistoryDisagrees
from runner.core.planning import Options, Situation, judge, plan, undo_plan
from runner.core.version import Version
from tests.unit.core.history_of import history, script


def situation(names, story="", order=None, rendered=None, **sources):
    scripts = tuple(n if not isinstance(n, str) else script(n) for n in names)
    checksums = {s.key: Checksum.of((rendered or {}).get(s.key, s.source)) for s in scripts if s.kind == "R"}
    return Situation("dev", scripts, history(story, **sources), checksums, order or {})


PLAINLY = Options()


def steps(*arguments, options=PLAINLY, **named):
    return [f"{s.script.label} {s.why}" for s in plan(situation(*arguments, **named), options).steps]


@pytest.mark.parametrize(
    ("scripts", "story", "wanted"),
    [
        ([], "", []),
        (["V1"], "", ["V1 pending"]),
        (["V10", "V2", "V1"], "", ["V1 pending", "V2 pending", "V10 pending"]),
        (["V1.10", "V1.2"], "", ["V1.2 pending", "V1.10 pending"]),
        (["R__b", "V1", "R__a"], "", ["V1 pending", "R__a pending", "R__b pending"]),
        (["V1", "V2"], "V1 STARTED, V1 SUCCESS", ["V2 pending"]),
        (["V1"], "V1 STARTED, V1 SUCCESS", []),
        (["V1"], "V1 SKIPPED", []),
        (["V1"], "V1 STARTED", ["V1 resume"]),
        (["V1"], "V1 STARTED, V1 FAILED, V1 RETRY", ["V1 retry"]),
        (["V1"], "V1 STARTED, V1 FAILED transactional", ["V1 pending"]),
        (["V1"], "V1 STARTED, V1 SUCCESS, U1 STARTED, U1 UNDONE", ["V1 pending"]),
        (["V1"], "V1 STARTED, V1 FAILED, V1 MARK_APPLIED", []),
        (["V1"], "V1 STARTED, V1 SUCCESS, V1 MARK_UNDONE", ["V1 pending"]),
        (["V1", "V2"], "B1 BASELINE", ["V2 pending"]),
        (["V1", "B2", "V2", "V3"], "", ["B2 baseline", "V3 pending"]),
        (["V1", "B2", "V2", "V3"], "V1 STARTED, V1 SUCCESS", ["V2 pending", "V3 pending"]),
        (["R__a"], "R__a STARTED, R__a SUCCESS", []),
        (["R__a"], "R__a SKIPPED", ["R__a changed"]),
        (["R__a"], "R__a STARTED", ["R__a resume"]),
        (["V001"], "V1 STARTED, V1 SUCCESS", []),
        (["V1", "B2", "V3"], "B2 STARTED", ["B2 resume", "V3 pending"]),
        (["V1", "B2", "V3"], "B2 STARTED, B2 FAILED, B2 RETRY", ["B2 retry", "V3 pending"]),
        (["V1", "B2", "V3"], "B2 STARTED, B2 SUCCESS", ["V3 pending"]),
        (["V1", "U1"], "V1 STARTED, V1 SUCCESS, U1 STARTED transactional", []),
        (["V1", "U1"], "V1 STARTED, V1 SUCCESS, U1 STARTED transactional, U1 FAILED transactional", []),
    ],
)  # fmt: skip
def test_steps(scripts, story, wanted):
    assert steps(scripts, story) == wanted


def test_a_repeatable_runs_again_when_its_rendered_text_changed():
    assert steps(["R__a"], "R__a STARTED, R__a SUCCESS", rendered={"R__a": "SELECT 2;"}) == ["R__a changed"]


def test_a_repeatable_that_is_always_run():
    assert steps([script("R__a", always=True)], "R__a STARTED, R__a SUCCESS") == ["R__a always"]


def test_a_repeatable_runs_again_after_an_undo_since_its_objects_may_be_gone():
    story = "V1 STARTED, V1 SUCCESS, R__a STARTED, R__a SUCCESS, U1 STARTED, U1 UNDONE"
    assert steps(["V1", "R__a"], story) == ["V1 pending", "R__a pending"]


def test_repeatables_stand_after_what_they_need():
    assert steps(["R__a", "R__b", "R__c"], order={"R__a": ("R__c",)}) == [
        "R__c pending",
        "R__a pending",
        "R__b pending",
    ]


def test_repeatables_that_need_each_other_are_refused_with_the_circle():
    with pytest.raises(DependencyCircle, match="R__a → R__b → R__a"):
        steps(["R__a", "R__b"], order={"R__a": ("R__b",), "R__b": ("R__a",)})


def test_scripts_of_other_environments_are_left_out():
    other = script("V1", environments=("prod",))
    assert steps([other, "V2"]) == ["V2 pending"]


def test_target_stops_before_higher_versions():
    assert steps(["V1", "V2", "V3"], options=Options(target=Version("2"))) == ["V1 pending", "V2 pending"]


def test_repeatables_wait_for_the_last_version():
    assert steps(["V1", "V2", "R__a"], options=Options(target=Version("1"))) == ["V1 pending"]
    assert steps(["V1", "V2", "R__a"], options=Options(target=Version("2"))) == [
        "V1 pending",
        "V2 pending",
        "R__a pending",
    ]


def test_out_of_order_is_a_reason_not_to_until_it_is_asked_for():
    names, story = ["V1", "V2", "V3"], "V1 STARTED, V1 SUCCESS, V3 STARTED, V3 SUCCESS"
    assert [f.code for f in judge(situation(names, story))] == ["out of order"]
    assert steps(names, story, options=Options(out_of_order=True)) == ["V2 out of order"]


@pytest.mark.parametrize(
    ("scripts", "story", "code", "words"),
    [
        (["V1"], "V1 STARTED, V1 FAILED", "failed", "repair --retry"),
        (["V1"], "V1 STARTED, V1 SUCCESS, U1 STARTED, U1 FAILED", "failed", "repair --retry"),
        (["V2"], "V1 STARTED, V1 SUCCESS", "missing", "Bring the file back"),
        ([], "R__a STARTED, R__a SUCCESS", "missing", "Bring the file back"),
        (["V1", "V2"], "V2 STARTED, V2 SUCCESS", "out of order", "--out-of-order"),
        (["V1", "U1"], "V1 STARTED, V1 SUCCESS, U1 STARTED", "half undone", "runner undo"),
        (["V1", "U1"], "V1 STARTED, V1 SUCCESS, U1 STARTED, U1 FAILED, U1 RETRY", "half undone", "runner undo"),
    ],
)
def test_disagreements(scripts, story, code, words):
    with pytest.raises(HistoryDisagrees) as caught:
        plan(situation(scripts, story))
    assert [f.code for f in caught.value.findings] == [code]
    assert words in caught.value.hint


def test_an_edited_script_is_refused_by_name():
    with pytest.raises(HistoryDisagrees, match=r"versions/V1__it\.sql: was edited after it was applied"):
        plan(situation(["V1"], "V1 STARTED, V1 SUCCESS", V1="SELECT 0;"))


def test_line_ends_bom_and_trailing_blanks_are_no_edit():
    same = script("V1", "\ufeffSELECT 0;  \r\n\r\n")
    assert steps([same], "V1 STARTED, V1 SUCCESS", V1="SELECT 0;") == []


def test_every_disagreement_is_told_at_once():
    story = "V1 STARTED, V1 SUCCESS, V2 STARTED, V2 SUCCESS, V3 STARTED, V3 FAILED"
    found = judge(situation(["V1", "V3"], story, V1="SELECT 0;"))
    assert [f.code for f in found] == ["changed", "missing", "failed"]


def test_a_future_version_is_a_warning_only():
    made = plan(situation(["V1"], "V1 STARTED, V1 SUCCESS, V2 STARTED, V2 SUCCESS"))
    assert made.empty
    assert "future" in made.warnings[0]


def undone(names, story, target=None):
    made = undo_plan(situation(names, story), Version(target) if target else None)
    return [step.script.label for step in made.steps]


APPLIED = "V1 STARTED, V1 SUCCESS, V2 STARTED, V2 SUCCESS, V3 STARTED, V3 SUCCESS"


def test_undo_takes_the_newest():
    assert undone(["V1", "V2", "V3", "U1", "U2", "U3"], APPLIED) == ["U3"]


def test_undo_to_a_target_takes_all_above_it_newest_first():
    assert undone(["V1", "V2", "V3", "U2", "U3"], APPLIED, "1") == ["U3", "U2"]
    assert undone(["V1", "V2", "V3", "U1", "U2", "U3"], APPLIED, "0") == ["U3", "U2", "U1"]


def test_undo_of_nothing_is_nothing():
    assert undone(["V1", "U1"], "") == []
    assert undone(["V1", "U1"], "V1 STARTED, V1 SUCCESS, U1 STARTED, U1 UNDONE") == []


def test_undo_without_an_undo_script_touches_nothing():
    with pytest.raises(HistoryDisagrees, match="has no undo script"):
        undone(["V1", "V2", "V3", "U3"], APPLIED, "1")


def test_undo_of_an_irreversible_script_is_refused():
    with pytest.raises(HistoryDisagrees, match="irreversible"):
        undone([script("V1", irreversible=True), "U1"], "V1 STARTED, V1 SUCCESS")


def test_undo_of_a_skipped_version_is_not_needed():
    assert undone(["V1", "V2", "U1", "U2"], "V1 STARTED, V1 SUCCESS, V2 SKIPPED", "0") == ["U1"]


def test_a_half_undone_version_goes_on_being_undone():
    assert undone(["V1", "U1"], "V1 STARTED, V1 SUCCESS, U1 STARTED") == ["U1"]
