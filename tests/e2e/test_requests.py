"""What the bookkeeping costs, counted at the sandbox's door (a login and a logout count too)."""

import pytest


def budget(scripts, statements):
    return scripts * statements + scripts + 15


@pytest.mark.parametrize(("scripts", "statements"), [(1, 1), (4, 3), (12, 1)])
def test_one_request_a_script_beyond_its_own_statements(project, spent, scripts, statements):
    texts = {
        f"V{n}": "\n".join(f"CREATE TABLE T{n}_{s} (N INT);" for s in range(statements)) for n in range(1, scripts + 1)
    }
    project.scripts(**texts)
    assert spent(project.migrate) <= budget(scripts, statements)
    assert len(project.tables()) == scripts * statements


def test_transactional_scripts_cost_begin_guard_rows_and_commit(project, spent):
    project.scripts(
        V1="CREATE TABLE A (N INT);",
        **{f"V{n}": f"-- runner: transactional\nINSERT INTO A VALUES ({n});" for n in range(2, 7)},
    )
    project.migrate("--target", "1")
    assert spent(project.migrate) <= 5 * 1 + 5 * 6 + 15


def test_nothing_to_do_costs_at_most_eight(project, spent):
    project.scripts(V1="CREATE TABLE A (N INT);", R__view="CREATE OR REPLACE VIEW W AS SELECT 1 AS N;").migrate()
    assert spent(project.migrate) <= 8


def test_nothing_to_do_renders_no_applied_versioned_script(project):
    project.scripts(V1="CREATE TABLE A AS SELECT {{ vars.n }} AS N;").migrate("--var", "n=1")
    assert "nothing to do" in project.migrate().out, "vars.n is not there any more, and nobody asked for it"


def test_every_environment_of_all_costs_its_own_only(project, spent):
    project.scripts(V1="CREATE TABLE A (N INT);")
    project.runner("migrate", "--all")
    assert spent(lambda: project.runner("migrate", "--all")) <= 16
