"""The checks of `plan validate`, each with what it says of a fault."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runner.catalog.estate import Column, Grant, Kind, PolicyUse
from runner.commands.planning import checking
from runner.commands.planning.differing import Change, Diff
from runner.commands.planning.one_account import one_account
from runner.commands.probing import Outcome, Rights
from runner.project.environment import Environment
from runner.project.migration import asked_of
from runner.project.settings import load
from tests.unit.authoring.analysis.test_analysis import subject
from tests.unit.authoring.sample import address
from tests.unit.commands.planning.plans import T, V, found_table, project, recorded

READER = Rights("LOADER", frozenset({("USAGE", "ROLE", "PARENT")}))


def environment(tmp_path, name="dev") -> Environment:
    project(tmp_path)
    return load(tmp_path, {}, {}).environment(name)


def of(lines):
    return [(line.outcome.value, line.detail) for line in lines]


def bare(**more):
    return replace(found_table(), grants=(), **more)


@pytest.mark.parametrize(
    ("table", "may"),
    [
        (bare(), Rights("R", frozenset({("SELECT", "TABLE", "DB.S.T")}))),
        (bare(), Rights("R", frozenset({("OWNERSHIP", "TABLE", "DB.S.T")}))),
        (bare(owner="PARENT"), READER),
        (replace(found_table(), grants=(Grant("SELECT", "ROLE", "PUBLIC"),)), READER),
        (replace(found_table(), grants=(Grant("SELECT", "ROLE", "PARENT"),)), READER),
    ],
)
def test_who_may_read_may_freeze(table, may):
    assert of(checking.readable(subject(table), may)) == [("ok", f"{may.role} may read the one table")]


def test_who_may_not_is_told_which_grant_is_missing():
    (line,) = checking.readable(subject(bare()), READER)
    assert (line.outcome, line.detail) == (Outcome.FAILED, "LOADER may not read DB.S.T")
    assert line.advice == "GRANT SELECT ON TABLE … TO ROLE LOADER."


def test_what_the_target_lacks_is_named_grant_by_grant(tmp_path):
    target = environment(tmp_path)
    planned = subject(found_table(), replace(found_table(), address=V))
    there = frozenset({("CREATE TABLE", "SCHEMA", "DEV_DB.S")})
    (line,) = checking.writable(planned, target, Rights("R", there), frozenset({"S"}))
    assert of([line]) == [("failed", "R lacks CREATE VIEW ON SCHEMA DEV_DB.S")]
    (line,) = checking.writable(planned, target, Rights("R", frozenset()), frozenset())
    assert of([line]) == [("failed", "R lacks CREATE SCHEMA ON DATABASE DEV_DB")]
    owner = Rights("R", frozenset({("OWNERSHIP", "SCHEMA", "DEV_DB.S")}))
    assert of(checking.writable(planned, target, owner, frozenset({"S"}))) == [("ok", "R may make the objects in S")]


def test_grants_that_stay_behind_are_named(tmp_path):
    target = environment(tmp_path)
    (line,) = checking.roles(subject(found_table()), recorded(tmp_path), target)
    assert of([line]) == [("warning", "these roles' grants do not travel: READER")]
    mapped = replace(recorded(tmp_path), roles={"READER": "reader"})
    assert of(checking.roles(subject(found_table()), mapped, target)) == [
        ("ok", "every role has its counterpart: READER")
    ]
    assert list(checking.roles(subject(bare()), mapped, target)) == []


@pytest.mark.parametrize(
    ("masked", "outcome", "words"),
    [("refuse", "failed", "would be masked"), ("strip", "warning", "without their"), ("copy", "warning", "filtered")],
)
def test_policies_are_told_for_what_becomes_of_the_rows(masked, outcome, words):
    values = {"source": "a", "target": "b", "select": {"tables": ["t"]}, "policies": {"masked": masked}}
    guarded = bare(policies=(PolicyUse(address(Kind.MASKING_POLICY, "M"), "ID"),))
    ((told, detail),) = of(checking.guarded(subject(guarded, asked=asked_of(values))))
    assert (told, words in detail) == (outcome, True)


def test_the_difference_is_told_by_its_kind():
    changes = tuple(Change(change, "table", f"S.{n}", "") for n, change in enumerate(("gone", "changed", "new", "new")))
    told = of(checking.difference(Diff("p", "prod", changes, (), ("no lineage for X: why",))))
    assert told == [
        ("failed", "1 gone: table S.0"),
        ("warning", "1 changed: table S.1"),
        ("warning", "2 new: table S.2, table S.3"),
        ("warning", "no lineage for X: why"),
    ]


def test_a_long_list_says_how_many_more():
    assert checking.listed([str(n) for n in range(7)]) == "0, 1, 2, 3, 4 and 2 more"


def test_tables_without_time_travel_cannot_be_frozen_but_streams_need_none():
    without = bare(properties={"retention_time": "0"}, columns=(Column("ID", "NUMBER"),))
    assert of(checking.time_travel(subject(without))) == [("failed", "without: S.T")]
    assert of(checking.time_travel(subject(without, data={"tables": {"t": "stream"}}))) == []


@pytest.mark.parametrize(("quota", "outcome"), [("12.5", "ok"), ("0", "failed"), (None, "failed")])
def test_a_resource_monitor_must_leave_enough(quota, outcome):
    assert of(checking._monitor({"remaining_credits": quota}, "RM", 0.5))[0][0] == outcome
    assert of(checking._monitor(None, "RM", 0.5))[0][0] == "warning"


def test_within_one_account_the_clones_are_read_where_they_lie(tmp_path):
    source, target = environment(tmp_path, "prod"), environment(tmp_path)
    apart = replace(source, vars={"share_database": "F"}), replace(target, vars={"imported_database": "I"})
    assert one_account(*apart) == "its frozen tables are in F, where dev looks for them in I"
    assert one_account(apart[0], replace(target, vars={"imported_database": "f"})) == ""


def test_the_table_of_the_plan_is_the_sample():
    assert T.place == ("DB", "S", "T")
