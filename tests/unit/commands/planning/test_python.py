"""`from runner import plan`: what the command does, for programs."""

from __future__ import annotations

import inspect

import pytest

from runner import plan
from runner.cli.plan import command
from runner.core.errors import ParametersInvalid, UnknownPlan
from tests.unit.commands.planning.plans import QUESTION, T, project


def test_every_verb_of_the_command_is_there_and_explained():
    called = {"list": "plans"}
    for verb in set(command.commands) - {"schema"}:
        function = getattr(plan, called.get(verb, verb))
        assert function.__doc__
        assert {"project", "sandbox"} <= set(inspect.signature(function).parameters)


def test_a_plan_is_looked_at_as_the_command_does(tmp_path):
    project(tmp_path, questions=(QUESTION,))
    assert [each.name for each in plan.plans(project=tmp_path)] == ["p"]
    assert [each.name for each in plan.show("p", "s.t", project=tmp_path).objects] == [T.short]
    assert plan.analyze("p", project=str(tmp_path)).worst == "high"
    assert plan.optimize("p", project=tmp_path).found.changes == ()
    assert plan.validate("p", offline=True, project=tmp_path).failed == 1
    assert plan.graph("p", html=tmp_path / "p.html", project=tmp_path).objects == 2
    assert plan.answer("p", project=tmp_path).open == (QUESTION,)
    assert plan.answer("p", {QUESTION.id: "ignore"}, project=tmp_path).open == ()


def test_templates_are_filled_with_pythons_own_values(tmp_path):
    project(tmp_path)
    given = {"source": "prod", "target": "dev", "objects": ["s.*"], "ddl": "kind"}
    assert "ddl: kind" in plan.fill("schema-only", given, project=tmp_path).text
    assert {each.name for each in plan.templates(category="compliance", project=tmp_path)} == {"masked-copy"}
    with pytest.raises(ParametersInvalid, match="'objects' must be a list of texts, not 's"):
        plan.fill("schema-only", given | {"objects": "s.*"}, project=tmp_path)


def test_errors_are_those_of_the_command(tmp_path):
    project(tmp_path)
    with pytest.raises(UnknownPlan, match="There is no plan 'q'"):
        plan.show("q", project=tmp_path)
