"""Templates of plans: what they take, what they give, and what is said of values and folders that are wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings, strategies as some

from runner.core.errors import ConfigError, FileInTheWay, ParametersInvalid, UnknownTemplate, UsageError
from runner.project.migration import Outside, Strategy, asked_of
from runner.project.plan_templates.filling import asked, fill
from runner.project.plan_templates.finding import all_templates, create, template
from runner.project.plan_templates.template import BODY, DESCRIPTION, Category, Template, read_template
from runner.project.plan_templates.values import Parameter, Type, from_words, items

OWN = {each.name: each for each in all_templates(Path("/nowhere"), Path("/nowhere"))}
WANTED = {"source": "prod", "target": "dev", "objects": ("mart.*", 'src."Odd, name"')}
MORE = {
    "incremental-sync": {"tables": ("mart.fact_*",), "watermark": "UPDATED_AT"},
    "table-batches": {"tables": ("mart.fact_*",), "by": "id"},
}


def values(name: str, **more: object) -> dict[str, object]:
    return WANTED | MORE.get(name, {}) | more


def test_the_six_are_there_in_their_categories():
    assert {name: each.category.value for name, each in OWN.items()} == {
        "clone-in-account": "standard",
        "cross-account-share": "standard",
        "incremental-sync": "performance",
        "masked-copy": "compliance",
        "schema-only": "standard",
        "table-batches": "performance",
    }


@pytest.mark.parametrize("name", OWN)
def test_each_gives_a_file_that_can_be_planned(name):
    found = asked(OWN[name], values(name))
    assert (found.source, found.target) == ("prod", "dev")
    assert [choice.pattern.text for choice in found.select] == ["mart.*", 'src."Odd, name"']


@pytest.mark.parametrize("name", OWN)
def test_each_tells_all_that_is_missing_at_once(name):
    with pytest.raises(ParametersInvalid) as caught:
        fill(OWN[name], {})
    assert [f"'{each.name}' is missing" in caught.value.sentence for each in OWN[name].required] == [True] * len(
        OWN[name].required
    )


def test_what_each_is_for_is_in_what_it_gives():
    assert asked(OWN["schema-only"], values("schema-only")).data[-1].strategy is Strategy.NONE
    assert asked(OWN["schema-only"], values("schema-only")).repeatable
    merged = asked(OWN["incremental-sync"], values("incremental-sync", key=("ID",), deletes=False)).data[0]
    assert (merged.strategy, merged.watermark, merged.key) == (Strategy.INCREMENTAL, "UPDATED_AT", ("ID",))
    assert (merged.overlap, merged.deletes) == ("1 hour", False)
    batched = asked(OWN["table-batches"], values("table-batches", cut="parts", by="hash(a, b)", parts=7)).data[0]
    assert (batched.strategy, batched.by, batched.parts, batched.size) == (Strategy.BATCHES, "hash(a, b)", 7, 0)
    masked = asked(OWN["masked-copy"], values("masked-copy", governance=("gov.*.*",), policies="map"))
    assert masked.masked.value == "copy"
    assert [(str(pattern), what) for pattern, what in masked.outside] == [("gov.*.*", Outside.MAP)]
    cloned = asked(OWN["clone-in-account"], values("clone-in-account", schemas=("mart=mart_v2",), exclude=("mart.x",)))
    assert cloned.names.schemas == {"MART": "MART_V2"}
    assert [str(pattern) for pattern in cloned.exclude] == ["mart.x"]


NASTY = some.text(some.characters(exclude_categories=("Cs",)), min_size=1, max_size=30)


@given(NASTY)
@settings(max_examples=150, deadline=None)
def test_no_value_is_anything_but_text_in_what_is_given(text):
    filled = fill(OWN["schema-only"], values("schema-only", source=text, objects=(text,)))
    found = yaml.safe_load(filled)
    assert found["source"] == text
    assert found["select"]["objects"] == [text]
    assert set(found) == {"source", "target", "select", "data", "layout"}


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("parts=1", "'parts' must be at least 2, not 1"),
        ("parts=10001", "'parts' must be at most 10000, not 10001"),
        ("parts=many", "'parts' must be a whole number, not 'many'"),
        ("cut=slices", "'cut' must be one of size, every, parts, not 'slices'"),
        ("cutt=size", "there is no parameter 'cutt'; 'cut' is meant?"),
        ("zzz=1", "there is no parameter 'zzz'"),
        ("by=", r"'by' must look like \S.*, which '' does not"),
        ("tables=", "'tables' must have at least 1, not 0 items"),
        ("size", "'size': write name=value"),
    ],
)
def test_each_wrong_value_has_its_sentence(words, problem):
    found = OWN["table-batches"]
    with pytest.raises(ParametersInvalid) as caught:
        fill(found, values(found.name) | from_words(found.name, found.parameters, [words]))
    assert caught.value.sentence == f"Template 'table-batches': {problem}."
    assert "runner templates show table-batches" in caught.value.hint


def test_words_of_the_command_line_become_values_of_their_types():
    found = OWN["incremental-sync"]
    words = ["key=a, b", 'key="c,d"', "deletes=no", "watermark=x=y"]
    assert from_words(found.name, found.parameters, words) == {
        "key": ("a", "b", '"c,d"'),
        "deletes": False,
        "watermark": "x=y",
    }


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a,b", ("a", "b")),
        ("sp(date, number), b", ("sp(date, number)", "b")),
        ('"a,""b",c', ('"a,""b"', "c")),
        ("", ()),
        (" , ", ()),
        ('un"closed, x', ('un"closed', "x")),
    ],
)
def test_commas_in_quotes_and_brackets_do_not_part(text, parts):
    assert items(text) == parts


@pytest.mark.parametrize(
    ("kind", "value"), [(Type.INT, True), (Type.BOOL, 1), (Type.LIST, "a"), (Type.LIST, [1]), (Type.STRING, 3)]
)
def test_a_value_of_another_type_is_refused(kind, value):
    assert list(Parameter("p", kind, "").problems(value))


def folder(tmp_path: Path, description: str, body: str = "source: a\ntarget: b\nselect: {tables: [t]}\n") -> Path:
    place = tmp_path / "templates" / "plans" / "mine"
    place.mkdir(parents=True)
    (place / DESCRIPTION).write_text(description)
    (place / BODY).write_text(body)
    return place


P = "category: custom\ndescription: d\nparameters:\n"


@pytest.mark.parametrize(
    ("description", "sentence"),
    [
        (
            "category: industry\ndescription: d\n",
            "mine/template.yaml:1: 'category' must be one of standard, performance,",
        ),
        ("category: custom\n", "mine/template.yaml: 'description' is missing."),
        ("category: custom\ndescription: d\nparamters: {}\n", "mine/template.yaml:3: unknown key 'paramters'"),
        (f"{P}  p: {{type: text, description: d}}\n", "'parameters.p.type' must be one of string, int, bool, list."),
        (f"{P}  p: {{type: int, description: d, default: x}}\n", "parameter 'p': its default must be a whole number"),
        (f"{P}  p: {{type: bool, description: d, minimum: 1}}\n", "parameter 'p': 'minimum' is not for the type bool"),
        (f"{P}  p: {{type: string, description: d, pattern: '('}}\n", "parameter 'p': 'pattern' is no regular"),
        (f"{P}  p: {{type: int, description: d, required: true, default: 1}}\n", "it is required and has a default"),
        (f"{P}  p: {{type: int, description: d, required: false}}\n", "it is not required and has no default"),
        (f"{P}  a-b: {{type: int, description: d}}\n", "its name is not a word of letters, digits and _"),
        ("", "the file is empty"),
        ("\t- x\n", "a tab stands where YAML wants blanks"),
    ],
)
def test_a_folder_that_is_wrong_says_where(tmp_path, description, sentence):
    with pytest.raises(ConfigError) as caught:
        read_template(folder(tmp_path, description), "mine")
    assert sentence in caught.value.sentence


def test_a_folder_without_its_text_says_so(tmp_path):
    place = folder(tmp_path, f"{P}  p: {{type: int, description: d}}\n")
    (place / BODY).unlink()
    with pytest.raises(ConfigError, match="No such file"):
        read_template(place, "mine")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("source: {{ sourse }}\n", "'sourse' is undefined"),
        ("source: {% if %}\n", "migration.yaml.j2:1: "),
        ("source: a\nselect: [\n", "what it gives is not YAML"),
        ("- a\n", "what it gives holds no keys and values"),
        ("source: a\ntarget: b\nselect: {tabels: [x]}\n", "select.tabels"),
        ("source: {{ ''.__class__ }}\n", "it cannot be filled"),
    ],
)
def test_a_text_that_is_wrong_says_so(tmp_path, body, sentence):
    found = read_template(folder(tmp_path, "category: custom\ndescription: d\n", body), "mine")
    with pytest.raises(ConfigError) as caught:
        asked(found, {})
    assert sentence in caught.value.sentence


def test_one_of_the_projects_own_is_made_from_another_and_gives_the_same(tmp_path):
    place = create("nightly", OWN["table-batches"], Category.CUSTOM, "Every night.", tmp_path, tmp_path / "templates")
    mine = template("nightly", tmp_path, tmp_path / "templates")
    assert place == tmp_path / "templates" / "plans" / "nightly"
    assert (mine.origin, mine.category, mine.description) == (
        "templates/plans/nightly",
        Category.CUSTOM,
        "Every night.",
    )
    assert mine.parameters == OWN["table-batches"].parameters
    assert asked(mine, values("table-batches")).data == asked(OWN["table-batches"], values("table-batches")).data


@pytest.mark.parametrize("name", ["nightly", "schema-only"])
def test_none_is_overwritten(tmp_path, name):
    create("nightly", OWN["schema-only"], Category.CUSTOM, "", tmp_path, tmp_path / "templates")
    with pytest.raises(FileInTheWay, match="exists already"):
        create(name, OWN["schema-only"], Category.CUSTOM, "", tmp_path, tmp_path / "templates")


@pytest.mark.parametrize("name", ["", "../out", "A b", "Größe", ".hidden"])
def test_a_name_that_is_no_folders_name_is_refused(tmp_path, name):
    with pytest.raises(UsageError, match="small letters"):
        create(name, OWN["schema-only"], Category.CUSTOM, "", tmp_path, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_one_is_guessed(tmp_path):
    with pytest.raises(UnknownTemplate) as caught:
        template("schema-onyl", tmp_path, tmp_path)
    assert caught.value.hint == "Did you mean 'schema-only'?"


def test_a_folder_of_the_project_that_is_called_like_one_of_ours_is_an_error(tmp_path):
    folder(tmp_path, "category: custom\ndescription: d\n").rename(tmp_path / "templates" / "plans" / "schema-only")
    with pytest.raises(ConfigError, match="one of runner's own templates has this name"):
        all_templates(tmp_path, tmp_path / "templates")


def test_a_template_is_a_value():
    one = Template("n", Category.CUSTOM, "d", (), "source: a\n")
    assert replace(one, name="m") != one
    with pytest.raises(ConfigError):
        asked_of({"source": "a"})
