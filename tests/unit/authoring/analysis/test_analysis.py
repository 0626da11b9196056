"""What an analysis says of a plan: figures with their basis, risks with their advice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runner.authoring.analysis.analyzing import analyze
from runner.authoring.analysis.estimates import ASSUMED, SIZES, estimate, fitting, measured
from runner.authoring.analysis.optimizing import cut, optimize
from runner.authoring.analysis.risks import Severity, risks
from runner.authoring.analysis.subject import Subject
from runner.authoring.analysis.timeline import timeline
from runner.authoring.closing import Need, close, united
from runner.authoring.questions import of_dependency
from runner.catalog.estate import (
    Address,
    Column,
    Evidence,
    Found,
    Gap,
    Grant,
    Key,
    Kind,
    Place,
    PolicyUse,
)  # fmt: skip
from runner.project.migration import Outside, asked_of
from tests.unit.authoring.sample import address, edge, large, table, view

GB = 1024**3


def asked(**data):
    values = {"source": "prod", "target": "dev", "select": {"objects": ["*.*"]}}
    return asked_of(values | ({"data": data} if data else {}))


def found(place, rows=100, size=10_000, **more):
    return Found(place, "OWNER", "create …", rows=rows, bytes=size, **more)


def subject(*objects, needs=(), data=None, **more):
    return Subject("p", more.pop("asked", None) or asked(**(data or {})), tuple(objects), united(needs), **more)


T, U, V, W = table("T"), table("U"), view("V"), view("W")
P = address(Kind.PROCEDURE, "P")


class TestEstimates:
    def test_what_is_assumed_says_so_with_its_numbers(self):
        told = estimate(subject(found(T)))
        assert any("assumed, not measured: one X-Small copies 30 MB or 400,000 rows" in line for line in told.basis)
        assert told.credits == round(60 / 3600, 3), "a minute at least is billed"

    def test_what_was_measured_says_where(self):
        rate = measured(1_000_000, 2000, 5, "run 20260101")
        told = estimate(subject(found(T, rows=5_000_000, size=0)), rate)
        assert "measured: 5 statements of run 20260101 copied 1,000,000 rows in 2.0 s" in told.basis
        assert told.tables[0].seconds == pytest.approx(10 + 1.5)

    def test_twice_the_warehouse_is_half_the_time_for_the_same_credits(self):
        one = subject(found(T, rows=10**9, size=200 * GB))
        small, large_ = estimate(one, warehouse="X-Small"), estimate(one, warehouse="Small")
        assert large_.seconds == pytest.approx(small.seconds / 2, rel=0.01)
        assert large_.credits == pytest.approx(small.credits, rel=0.01)

    def test_a_table_of_unknown_size_is_counted_and_not_guessed(self):
        told = estimate(subject(found(T), found(U, rows=None, size=None)))
        assert told.unknown == 1
        assert "1 table of unknown size is not in it" in told.basis
        assert told.tables[1].seconds is None

    def test_tables_without_rows_to_come_cost_nothing(self):
        told = estimate(subject(found(T, rows=10**9), data={"default": "none"}))
        assert (told.rows, told.credits, told.tables) == (0, 0.0, ())

    def test_batches_are_statements(self):
        told = subject(found(T, rows=1000), data={"tables": {"t": {"strategy": "batches", "by": "id", "size": 300}}})
        assert estimate(told).tables[0].statements == 5, "four, and one for NULL"

    @pytest.mark.parametrize(
        ("seconds", "size"), [(10, "X-Small"), (3601, "Medium"), (10**9, SIZES[-1]), (1800, "X-Small"), (1801, "Small")]
    )
    def test_the_smallest_warehouse_that_is_quick_enough(self, seconds, size):
        assert fitting(seconds, 1800) == size


class TestRisks:
    def test_a_quiet_plan_has_none(self):
        assert risks(subject(found(T), found(V))) == ()

    def test_the_worst_come_first(self):
        told = risks(subject(found(V), replace(found(T), problem="not readable"), gaps=(Gap("lineage", "X", "no"),)))
        assert [risk.severity for risk in told] == sorted((risk.severity for risk in told), key=list(Severity).index)
        assert told[0].what == "not readable"

    @pytest.mark.parametrize(
        ("masked", "severity", "words"),
        [
            ("refuse", "high", "would mask or filter its rows"),
            ("copy", "medium", "the target holds what the role sees, not what is stored"),
            ("strip", "high", "its rows leave without"),
        ],
    )
    def test_policies_are_named_for_what_happens_to_the_rows(self, masked, severity, words):
        use = PolicyUse(address(Kind.MASKING_POLICY, "MASK_EMAIL", "POL"), "EMAIL")
        what = asked_of({"source": "a", "target": "b", "select": {"tables": ["t"]}, "policies": {"masked": masked}})
        (risk,) = risks(subject(found(T, policies=(use,)), asked=what))
        assert (risk.severity.value, "POL.MASK_EMAIL" in risk.what, words in risk.what) == (severity, True, True)

    @pytest.mark.parametrize(
        ("given", "data", "words"),
        [
            (found(T, properties={"retention_time": "0"}), {}, "has no Time Travel"),
            (found(T, rows=10**9, size=2000 * GB), {}, "one statement would copy it for about"),
            (found(T, rows=None, size=None), {}, "its size is not known"),
            (found(T, columns=(Column("G", "GEOGRAPHY"),)), {}, "G cannot be hashed"),
            (found(T), {"tables": {"t": "stream"}}, "neither a key is given nor has it a primary key"),
            (found(T), {"tables": {"t": "stream"}}, "goes stale"),
            (
                found(T, keys=(Key("PRIMARY", ("ID",)),)),
                {"tables": {"t": {"strategy": "incremental", "watermark": "at", "deletes": False}}},
                "rows that are deleted in the source stay",
            ),
            (found(P, properties={"execute_as": "OWNER"}), {}, "runs with its owner's rights"),
            (found(address(Kind.TASK, "X")), {}, "is made suspended"),
            (found(address(Kind.PIPE, "X")), {}, "would load the same files again"),
            (found(address(Kind.STAGE, "X")), {}, "its files do not travel"),
            (found(address(Kind.STREAM, "X")), {}, "begins at the moment it is made"),
        ],
    )
    def test_each_trap_has_its_sentence_and_an_advice(self, given, data, words):
        told = [risk for risk in risks(subject(given, data=data)) if words in risk.what]
        assert len(told) == 1
        assert told[0].about == given.address.short
        assert told[0].advice

    def test_a_caller_s_rights_procedure_is_none(self):
        assert risks(subject(found(P, properties={"execute_as": "CALLER"}))) == ()

    def test_what_a_person_must_say_look_at_or_do_without_is_told(self):
        tag = Address(Kind.TAG, "GOV", "TAGS", "PII")
        told = risks(
            subject(
                found(V), found(T),
                needs=(edge(V, tag), edge(V, T, certain=False)),
                outside=((tag, Outside.DROP),), questions=(of_dependency(V, T, (Place(3, 1, "'S.T'"),)),),
                gaps=(Gap("observed", "the account", "002003 (42S02): not authorized"),), left={V: 2},
            )
        )  # fmt: skip
        words = " | ".join(f"{risk.severity.value}: {risk.what}" for risk in told)
        assert "high: not decided: S.V seems to use table S.T (line 3: 'S.T')" in words
        assert "medium: no observed for the account: 002003 (42S02): not authorized" in words
        assert "medium: tag GOV.TAGS.PII is left away; it is needed by S.V" in words
        assert "medium: 2 places of its text may name the source" in words
        assert "low: only text suggests that it uses S.T" in words


class TestTimeline:
    def test_who_reads_a_table_is_told_however_far_away(self):
        told = timeline(subject(found(T), found(V), found(W), needs=(edge(V, T), edge(W, V))))
        empty = next(moment for moment in told if "new tables are empty" in moment.what)
        assert (empty.touched, empty.readers) == (("table S.T",), ("view S.V", "view S.W"))

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({}, "in one transaction: readers see the old rows until it commits"),
            ({"tables": {"t": {"strategy": "batches", "by": "id", "size": 3}}}, "readers see a part of them"),
            ({"tables": {"t": {"strategy": "incremental", "watermark": "w"}}}, "one newer than the other"),
            ({"tables": {"t": "stream"}}, "change tracking is set"),
            ({"tables": {"t": {"strategy": "replay", "from": "history"}}}, "empty until those have their rows"),
        ],
    )
    def test_each_way_has_its_moment(self, data, words):
        assert any(words in moment.what for moment in timeline(subject(found(T), data=data)))

    def test_without_rows_nothing_is_frozen(self):
        told = timeline(subject(found(T), data={"default": "none"}))
        assert [moment.where for moment in told] == ["target"]

    def test_a_circle_of_readers_ends(self):
        loop = subject(found(T), found(P), needs=(edge(P, T), edge(T, P)))
        assert loop.all_readers(T) == (P,)


BOTH = {"tables": {"*": {"strategy": "incremental", "watermark": "at"}}}


class TestOptimizing:
    def big(self, **more):
        columns = (Column("ID", "NUMBER(38,0)"), Column("DAY", "DATE"), Column("NAME", "VARCHAR(9)"))
        return found(T, rows=600_000_000, size=60 * GB, columns=columns, **more)

    @pytest.mark.parametrize(
        ("more", "settings"),
        [
            ({"properties": {"cluster_by": "LINEAR(NAME, DAY)"}}, {"by": "DAY", "every": "month"}),
            ({"keys": (Key("PRIMARY", ("ID",)),)}, {"by": "ID", "size": 5_000_000}),
            ({"keys": (Key("PRIMARY", ("ID", "NAME")),)}, {"by": "hash(ID, NAME)", "parts": 120}),
            ({}, {"by": "hash(ID)", "parts": 120}),
        ],
    )
    def test_a_large_table_is_cut_as_it_lies(self, more, settings):
        (change,) = (c for c in optimize(subject(self.big(**more))).changes if c.about == "S.T")
        assert change.settings == {"strategy": "batches", **settings}
        assert "60.0 GB in one statement" in change.why
        asked(tables={"t": dict(change.settings)})

    def test_a_small_one_is_not(self):
        told = optimize(subject(found(T)))
        assert (told.changes, told.warehouse) == ((), "X-Small")

    def test_batches_of_a_small_one_are_taken_together(self):
        data = {"tables": {"t": {"strategy": "batches", "by": "id", "size": 3}}}
        (change,) = optimize(subject(found(T), data=data)).changes
        assert (change.before, change.after) == ("batches", "snapshot")

    def test_far_too_many_batches_become_larger_ones(self):
        data = {"tables": {"t": {"strategy": "batches", "by": "id", "size": 1000}}}
        changes = optimize(subject(self.big(), data=data)).changes
        change = next(change for change in changes if change.about == "S.T")
        assert (change.before, change.after) == ("1,000", "5,000,000")

    def test_a_better_cut_is_not_improved_again(self):
        data = {"tables": {"t": {"strategy": "batches", "by": "id", "size": 5_000_000}}}
        assert [c.about for c in optimize(subject(self.big(), data=data)).changes] == ["the target's warehouse"]

    def test_tables_go_after_those_they_need_and_the_largest_first(self):
        told = optimize(
            subject(
                found(T),
                found(U, size=9 * GB, rows=10**8),
                found(table("X"), size=GB),
                needs=(edge(T, U, Evidence.KEYS),),
            ),
            workers=2,
        )
        assert [group.workers for group in told.groups] == [(("S.U",), ("S.X",)), (("S.T",),)]
        assert told.order == ("S.U", "S.X", "S.T")
        assert not any(change.what in ("at the same time", "order") for change in told.changes), "one transaction"

    def test_tables_that_need_no_common_transaction_may_come_together_the_largest_first(self):
        odd = found(table("x y"), size=40 * GB, rows=10**9)
        told = optimize(subject(found(T), found(U, size=9 * GB, rows=10**8), odd, data=BOTH), workers=2)
        changes = {change.what: change for change in told.changes}
        assert changes["at the same time"].settings == {"parallel": True}
        assert "`runner migrate --parallel 2`" in changes["at the same time"].why
        assert changes["order"].settings == {"order": ['S."x y"', "S.U", "S.T"]}
        said = {**BOTH, **changes["at the same time"].settings, **changes["order"].settings}
        again = optimize(subject(found(T), found(U, size=9 * GB, rows=10**8), odd, data=said), workers=2)
        assert [change.what for change in again.changes] == ["size"]

    def test_a_warehouse_that_the_target_names_is_used_and_one_that_it_does_not_is_asked_for(self):
        (asked_for,) = (c for c in optimize(subject(self.big())).changes if c.what == "size")
        assert (asked_for.settings, "vars.load_warehouse" in asked_for.why) == ({}, True)
        told = optimize(subject(self.big()), warehouse_word="load_warehouse").changes
        assert [c.settings for c in told if c.what == "size"] == [{"warehouse": "load_warehouse"}]
        said = optimize(subject(self.big(), data={"warehouse": "load_warehouse"})).changes
        assert [c for c in said if c.what == "size"] == []

    def test_two_that_need_each_other_go_together(self):
        told = optimize(subject(found(T), found(U), needs=(edge(T, U), edge(U, T))))
        assert [len(group.workers) for group in told.groups] == [2]

    def test_a_larger_warehouse_when_it_takes_long(self):
        told = optimize(subject(self.big()))
        assert told.after.seconds < told.before.seconds / 1.9
        assert told.warehouse != "X-Small"

    def test_a_table_without_columns_is_cut_all_the_same(self):
        assert cut(found(T, size=20 * GB))["strategy"] == "batches"


def test_an_analysis_tells_who_reads_each_and_which_roles_may():
    grants = (Grant("SELECT", "ROLE", "READER"), Grant("MODIFY", "ROLE", "OTHER"))
    told = analyze(subject(found(T, grants=grants), found(V), found(W), needs=(edge(V, T), edge(W, V))))
    assert told.kinds == {"table": 1, "view": 2}
    assert (told.objects[0].readers, told.objects[0].all_readers, told.objects[0].roles) == (("S.V",), 2, ("READER",))
    assert told.worst == ""


def test_two_thousand_objects_are_judged():
    estate = large(2000)
    closure = close(asked_of({"source": "a", "target": "b", "select": {"objects": ["*.*"]}}), estate)
    told = analyze(Subject("p", asked(), closure.members, closure.needs, questions=closure.questions))
    assert len(told.objects) == 2000
    assert ASSUMED.basis in told.estimate.basis
    assert optimize(Subject("p", asked(), closure.members, closure.needs)).groups


def test_a_need_is_a_value():
    assert Need(T, U, (Evidence.KEYS,), True) == united([edge(T, U, Evidence.KEYS)])[0]
