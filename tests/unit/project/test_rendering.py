"""Scripts made for one environment: strict, sandboxed, and told by file, line and name what is wrong."""

import pytest

from runner.core.errors import InvalidDirective, RenderFailed, SplitFailed
from runner.core.script import Head, Kind, Script
from runner.core.secret import Secret
from runner.core.version import Version
from runner.project.rendering import Renderer

CONTEXT = {
    "env": {"name": "dev", "database": "dev_db"},
    "vars": {"share": "migr", "tables": ["a", "b"]},
    "run": {"id": "run-1", "snapshot": "2026-01-01T00:00:00.000000+00:00"},
}


@pytest.fixture
def renderer(tmp_path):
    """`renderer(macros={"share": text})` over a folder of templates."""

    def made(macros=None):
        (tmp_path / "templates").mkdir()
        for name, text in (macros or {}).items():
            (tmp_path / "templates" / f"{name}.sql").write_text(text)
        return Renderer(tmp_path, tmp_path / "templates", {"TOKEN": Secret("canary-4711")}.__getitem__)

    return made


def script(source, **head):
    return Script(Kind.VERSIONED, Version("1"), "a", "versions/V1__a.sql", source, Head(**head))


def texts(renderer, source, **head):
    return [s.text for s in renderer.render(script(source, **head), "dev", CONTEXT).statements]


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("SELECT 1;", ["SELECT 1"]),
        ("USE DATABASE {{ env.database }};", ["USE DATABASE dev_db"]),
        ("{% for t in vars.tables %}\nDROP TABLE {{ t }};\n{% endfor %}", ["DROP TABLE a", "DROP TABLE b"]),
        ("{% if env.name == 'prod' %}DROP TABLE x;{% endif %}", []),
        ('SELECT {{ "it\'s" | literal }};', ["SELECT 'it''s'"]),
        ("SELECT {{ 'a\\\\b' | literal }};", ["SELECT 'a\\\\b'"]),
        ("SELECT * FROM {{ 'my_db.s' | ident }};", ["SELECT * FROM MY_DB.S"]),
        ("SELECT * FROM {{ ['my db', 's;', 't'] | ident }};", ['SELECT * FROM "my db"."s;".T']),
        ("SELECT * FROM {{ ['db', 's' | stored, 'T' | stored] | ident }};", ['SELECT * FROM DB."s".T']),
        ("SELECT * FROM {{ 'a.b' | stored | ident }};", ['SELECT * FROM "a.b"']),
        ("{# note #}SELECT 1;", ["SELECT 1"]),
        ("SELECT 'größe; 日本', $${ no }$$;", ["SELECT 'größe; 日本', $${ no }$$"]),
        ("{% set x %}a{% endset %}SELECT {{ x }};", ["SELECT a"]),
        ("{% for t in vars.tables %}{% if loop.last %}{% break %}{% endif %}SELECT {{ t }};{% endfor %}", ["SELECT a"]),
    ],
)
def test_text(renderer, source, wanted):
    assert texts(renderer(), source) == wanted


def test_jinja_off_leaves_the_braces_alone(renderer):
    assert texts(renderer(), "SELECT '{{ nobody }}';", jinja=False) == ["SELECT '{{ nobody }}'"]


def test_the_same_input_gives_the_same_text(renderer):
    made = renderer()
    source = script("SELECT '{{ run.snapshot }}', '{{ run.id }}';")
    assert made.render(source, "dev", CONTEXT) == made.render(source, "dev", CONTEXT)


def test_macros_of_the_templates_folder_are_called_by_their_file(renderer):
    made = renderer({"share": "{% macro create(name) -%}\nCREATE SHARE {{ name | ident }}\n{%- endmacro %}"})
    assert texts(made, "{{ share.create(vars.share) }};") == ["CREATE SHARE MIGR"]


def test_macros_see_the_environment_too(renderer):
    made = renderer({"m": "{% macro here() %}USE {{ env.database }}{% endmacro %}"})
    assert texts(made, "{{ m.here() }};") == ["USE dev_db"]


def refused(renderer, source):
    with pytest.raises(RenderFailed) as caught:
        renderer.render(script(source), "dev", CONTEXT)
    return caught.value


@pytest.mark.parametrize(
    ("source", "line", "name"),
    [
        ("SELECT 1;\nSELECT {{ nobody }};", 2, "nobody"),
        ("SELECT 1;\n\nSELECT {{ vars.nobody }};", 3, "nobody"),
        ("{% for t in nobody %}\n{% endfor %}", 1, "nobody"),
        ("SELECT 1;\n{% if nobody %}SELECT 2;{% endif %}", 2, "nobody"),
        ("SELECT {{ nobody.at.all }};", 1, "nobody"),
        ("SELECT 1;\nSELECT {{ 'x' ~ nobody }};", 2, "nobody"),
    ],
)
def test_an_undefined_name_is_told_with_file_line_and_name(renderer, source, line, name):
    error = refused(renderer(), source)
    assert error.sentence.startswith(f"versions/V1__a.sql:{line}: ")
    assert name in error.sentence
    assert error.sentence.endswith("(rendering for dev)")
    assert "in config/dev.yaml, or mend the name." in error.hint


def test_also_inside_a_macro_file(renderer):
    made = renderer({"share": "{# first #}\n{% macro create() %}\nCREATE {{ nobody }}\n{% endmacro %}"})
    error = refused(made, "SELECT 1;\n{{ share.create() }};")
    assert error.sentence.startswith("templates/share.sql:3: 'nobody' is undefined")


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("SELECT 1;\n{% if x %}", 2, "Unexpected end of template"),
        ("SELECT {{ 1 + }};", 1, "unexpected"),
        ("SELECT {{ x | nofilter }};", 1, "nofilter"),
        ("\n\n{% nobody %}", 3, "unknown tag 'nobody'"),
        ("{{ unclosed ", 1, "unexpected end of template"),
    ],
)
def test_a_syntax_error_is_told_with_file_and_line(renderer, source, line, words):
    error = refused(renderer(), source)
    assert error.sentence.startswith(f"versions/V1__a.sql:{line}: ")
    assert words.lower() in error.sentence.lower()


def test_a_syntax_error_in_a_macro_file_names_that_file(renderer):
    made = renderer({"share": "{% macro create() %}\n{% endfor %}"})
    assert refused(made, "{{ share.create() }};").sentence.startswith("templates/share.sql:2: ")


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ vars.__class__ }}",
        "{{ env.update({'name': 'x'}) }}",
        "{{ vars.tables.append(1) }}",
        "{{ ''['__class__'] }}",
        "{{ share.__init__.__globals__ }}",
        "{% include '/etc/passwd' %}",
        "{% include '../../etc/passwd' %}",
        "{{ range(99999999) }}",
        "{{ secret.__self__ }}",
        "{{ cycler.__init__ }}",
        "{% set x = vars.pop('share') %}",
        "{{ '%s' | format(secret) | attr('__class__') }}{{ nobody }}",
    ],
)
def test_a_template_cannot_leave_its_sandbox(renderer, source):
    made = renderer()
    with pytest.raises(RenderFailed):
        made.render(script(f"SELECT 1; {source}"), "dev", CONTEXT)


@pytest.mark.parametrize(
    "source", ["{{ 1 / 0 }}", "{{ [1][5] + 1 }}", "{{ 'a' + 1 }}", "{{ 'x' | int + nobody }}", "{{ '' | ident }}"]
)
def test_any_fault_of_a_template_is_told_with_its_file(renderer, source):
    assert refused(renderer(), f"\nSELECT {source};").sentence.startswith("versions/V1__a.sql:2: ")


def test_a_missing_attribute_is_told_with_the_file_to_define_it_in(renderer):
    error = refused(renderer(), "SELECT {{ vars.nobody }};")
    assert error.hint == "Define 'nobody' in config/dev.yaml, or mend the name."


def test_only_sql_can_be_included(renderer, tmp_path):
    (tmp_path / ".env").write_text("OTHER_PAT=canary-0815\n")
    error = refused(renderer(), "SELECT 1; {% include '.env' %}")
    assert "'.env' is no .sql file of the project" in error.sentence
    assert "canary" not in error.sentence


def test_a_script_that_grows_without_end_is_refused(renderer):
    source = "{% for i in range(100000) %}{{ 'x' * 100000 }}{% endfor %}"
    assert "more than 100 MB" in refused(renderer(), source).sentence


def test_a_macro_that_calls_itself_for_ever_is_told(renderer):
    assert "versions/V1__a.sql" in refused(renderer(), "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}").sentence


def test_a_secret_is_given_only_to_who_asks_and_remembered(renderer):
    made = renderer()
    assert made.revealed == set()
    assert texts(made, "ALTER USER x SET PASSWORD = {{ secret('TOKEN') | literal }};")[0].endswith("'canary-4711'")
    assert made.revealed == {"TOKEN"}


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("SELECT 1;\nSELECT 'open;", 2, "opens here and is never closed"),
        ("SELECT 1;\n\n/* open", 3, "never closed"),
        ('SELECT "open', 1, "never closed"),
        ("SELECT $$ open", 1, "never closed"),
    ],
)
def test_what_never_closes_is_told_with_the_line_where_it_opens(renderer, source, line, words):
    with pytest.raises(SplitFailed) as caught:
        texts(renderer(), source)
    assert caught.value.sentence.startswith(f"versions/V1__a.sql:{line}: ")
    assert words in caught.value.sentence


def test_a_directive_that_nobody_would_obey_is_refused(renderer):
    with pytest.raises(InvalidDirective):
        texts(renderer(), "{% if true %}\n-- runner: transactional\n{% endif %}\nSELECT 1;")


def test_assertions_and_groups_are_read(renderer):
    source = "-- runner: assert\nSELECT 1;\n-- runner: parallel\nSELECT 2;\nSELECT 3;\n-- runner: end\nSELECT 4;"
    statements = renderer().render(script(source), "dev", CONTEXT).statements
    assert [s.assertion for s in statements] == [True, False, False, False]
    assert [s.group for s in statements] == [None, statements[1].group, statements[1].group, None]
    assert statements[1].group is not None
