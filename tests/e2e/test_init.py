"""`init`, `new`, `render`: files and text."""

import pytest

from tests.e2e.project import Project


@pytest.fixture
def nothing(tmp_path, sandbox, connect):
    return Project(tmp_path / "mine", sandbox, connect)


def test_a_new_project_works_at_once(nothing, tmp_path):
    nothing.root.mkdir()
    said = nothing.runner("init").out
    assert "versions" in said
    nothing.runner("validate", "--all", "--offline")
    nothing.runner("migrate", "--all")
    assert "nothing to do" in nothing.runner("migrate", "--all").out
    nothing.runner("undo", "--all", "--target", "0")


def test_init_writes_over_nothing(nothing):
    nothing.root.mkdir()
    nothing.runner("init")
    assert "holds a project already" in nothing.runner("init", code=2).err


def test_new_takes_the_next_number_and_writes_the_undo_beside_it(project):
    project.scripts(V007="SELECT 1;")
    project.runner("new", "V", "Add column, ISIN!")
    assert sorted(p.name for p in (project.root / "versions").glob("*008*")) == [
        "U008__add_column_isin.sql",
        "V008__add_column_isin.sql",
    ]


def test_new_repeatable(project):
    project.runner("new", "R", "grants", "--owner", "dataops")
    assert "owner=dataops" in (project.root / "versions/R__grants.sql").read_text()


def test_new_writes_over_nothing(project):
    project.scripts(R__grants="SELECT 1;")
    assert "exists already" in project.runner("new", "R", "grants", code=2).err


def test_new_needs_words(project):
    assert "no letter or digit" in project.runner("new", "V", "!!!", code=2).err


def test_render_prints_the_script_as_it_would_be_sent_and_connects_to_nothing(project, spent):
    project.scripts(V1="SELECT '{{ env.name }}';")

    def call():
        assert project.runner("render", "V1", "--env", "imsdlc").out.strip() == "SELECT 'imsdlc';"

    assert spent(call) == 0


def test_render_takes_secrets_out(project):
    project.environ["APP_KEY"] = "canary-4711"
    project.scripts(V1="SELECT '{{ secret('APP_KEY') }}';")
    for form in ("text", "json"):
        ran = project.runner("render", "V1", "--env", "imcust", "--format", form)
        assert "canary-4711" not in ran.said
        assert "***" in ran.out


def test_a_secret_in_a_script_is_in_no_output_and_no_history(project):
    project.environ["APP_KEY"] = "canary-4711"
    project.scripts(V1="CREATE TABLE A AS SELECT '{{ secret('APP_KEY') }}' AS K;\n-- runner: assert\nSELECT K FROM A;")
    for form in ("text", "json"):
        assert "***" in project.migrate("--dry-run", "--format", form).out
        assert "canary-4711" not in project.migrate("--dry-run", "--format", form).said
    ran = project.migrate(code=20)
    assert "canary-4711" not in ran.said
    database = project.databases["imcust"]
    for table in ("MIGRATION_HISTORY", "MIGRATION_STATEMENT"):
        assert "canary-4711" not in str(project.ask("imcust", f"SELECT * FROM {database}.MIGRATION_CONTROL.{table}"))
    assert "canary-4711" not in project.runner("info", "--env", "imcust", "--format", "json").said
