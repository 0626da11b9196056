"""`migrate`: what is pending is applied, once, in order, and recorded."""

import pytest

TWO = {
    "V1": "CREATE TABLE A (N INT);\nINSERT INTO A VALUES (1), (2);",
    "V2": "CREATE TABLE B AS SELECT N * 10 AS N FROM A;",
}


def test_scripts_are_applied_in_the_order_of_their_versions_and_recorded(project):
    project.scripts(
        V10="CREATE TABLE C AS SELECT * FROM B;", **TWO, R__view="CREATE OR REPLACE VIEW W AS SELECT * FROM C;"
    )
    ran = project.migrate()
    assert "V10__it.sql" in ran.out
    assert project.history() == [
        "V1 STARTED",
        "V1 SUCCESS",
        "V2 STARTED",
        "V2 SUCCESS",
        "V10 STARTED",
        "V10 SUCCESS",
        "R__view STARTED",
        "R__view SUCCESS",
    ]
    assert project.ask("imcust", "SELECT SUM(N) FROM W") == [(30,)]
    assert project.checkpoints()[:2] == [("V1__it.sql", 1, "SUCCESS"), ("V1__it.sql", 2, "SUCCESS")]


def test_the_second_run_has_nothing_to_do(project):
    project.scripts(**TWO).migrate()
    before = project.history()
    assert project.migrate().out == "imcust: nothing to do.\n"
    assert project.history() == before


def test_all_goes_through_both_accounts_the_source_first(project):
    project.scripts(
        V1="CREATE TABLE A AS SELECT '{{ env.name }}' AS NAME;",
        V2="-- runner: environments=imsdlc requires=imcust:V1\nCREATE TABLE B (N INT);",
    )
    ran = project.runner("migrate", "--all")
    assert ran.out.index("imcust (IMCUST)") < ran.out.index("imsdlc (IMSDLC)")
    assert project.ask("imcust", "SELECT NAME FROM A") == [("imcust",)]
    assert project.ask("imsdlc", "SELECT NAME FROM A") == [("imsdlc",)]
    assert project.history("imcust") == ["V1 STARTED", "V1 SUCCESS"]
    assert project.history("imsdlc") == ["V1 STARTED", "V1 SUCCESS", "V2 STARTED", "V2 SUCCESS"]


def test_a_script_is_not_run_before_what_it_requires_in_the_other_account(project):
    project.scripts(
        V1="CREATE TABLE A (N INT);", V2="-- runner: environments=imsdlc requires=imcust:V1\nCREATE TABLE B (N INT);"
    )
    ran = project.migrate(env="imsdlc", code=8)
    assert "V2__it.sql requires imcust:V1, which is pending there" in ran.err
    assert "runner migrate --env imcust" in ran.err
    assert project.tables("imsdlc") == []


def test_a_script_that_renders_to_nothing_for_an_environment_is_recorded_as_not_for_it(project):
    project.scripts(V1="{% if env.name == 'imsdlc' %}CREATE TABLE A (N INT);{% endif %}", V2="CREATE TABLE B (N INT);")
    project.migrate()
    assert project.history() == ["V1 SKIPPED", "V2 STARTED", "V2 SUCCESS"]
    assert project.states() == {"V1": "Not For It", "V2": "Success"}
    assert "nothing to do" in project.migrate().out


def test_a_repeatable_script_runs_again_when_a_variable_changed_and_a_versioned_one_does_not(project):
    project.scripts(
        V1="CREATE TABLE A AS SELECT {{ vars.n }} AS N;",
        R__view="CREATE OR REPLACE VIEW W AS SELECT {{ vars.n }} AS N;",
    )
    project.migrate("--var", "n=1")
    ran = project.migrate("--var", "n=2", "--format", "json")
    assert [(s["script"], s["why"]) for s in ran.json[0]["scripts"]] == [("R__view.sql", "changed")]
    assert project.ask("imcust", "SELECT A.N, W.N FROM A, W") == [(1, 2)]


def test_repeatable_scripts_run_after_what_they_refer_to(project):
    project.scripts(
        R__a="CREATE OR REPLACE VIEW A AS SELECT * FROM B;", R__b="CREATE OR REPLACE VIEW B AS SELECT 1 AS N;"
    )
    project.migrate()
    assert project.history()[1::2] == ["R__b SUCCESS", "R__a SUCCESS"]


def test_target_stops_there(project):
    project.scripts(V3="CREATE TABLE C (N INT);", **TWO).migrate("--target", "2")
    assert project.tables() == ["A", "B"]
    assert project.states()["V3"] == "Pending"


def test_out_of_order_is_refused_until_it_is_asked_for(project):
    project.scripts(V2="CREATE TABLE B (N INT);").migrate()
    project.scripts(V1="CREATE TABLE A (N INT);")
    assert "versions/V1__it.sql: is pending, but V2 is already applied" in project.migrate(code=8).err
    project.migrate("--out-of-order")
    assert project.states() == {"V1": "Out of Order", "V2": "Success"}


def test_an_edited_script_is_refused_and_nothing_runs(project):
    project.scripts(**TWO).migrate()
    project.scripts(V1=TWO["V1"].replace("(2)", "(3)"), V3="CREATE TABLE C (N INT);")
    ran = project.migrate(code=8)
    assert "versions/V1__it.sql: was edited after it was applied" in ran.err
    assert project.tables() == ["A", "B"]


def test_line_ends_are_no_edit(project):
    project.scripts(**TWO).migrate()
    project.write({"versions/V1__it.sql": b"\xef\xbb\xbf" + TWO["V1"].replace("\n", "\r\n").encode() + b"  \r\n\r\n"})
    assert "nothing to do" in project.migrate().out


def test_a_missing_script_is_refused_and_a_future_one_is_only_told(project):
    project.scripts(**TWO).migrate()
    (project.root / "versions/V2__it.sql").unlink()
    assert "future version" in project.migrate().err
    project.scripts(V3="CREATE TABLE C (N INT);")
    assert "V2__it.sql: was applied, but the file is gone" in project.migrate(code=8).err


def test_dry_run_shows_every_statement_and_touches_nothing(project, orders):
    project.scripts(**TWO)
    paths = orders.status()["statements"]
    ran = project.migrate("--dry-run")
    assert "CREATE TABLE A (N INT)" in ran.out
    assert "INSERT INTO A VALUES (1), (2)" in ran.out
    assert "CREATE TABLE B AS SELECT N * 10 AS N FROM A" in ran.out
    assert orders.status()["statements"] - paths <= 3
    assert project.tables() == []
    assert [r[1] for r in project.ask("imcust", f"SHOW SCHEMAS IN DATABASE {project.databases['imcust']}")] == [
        "INFORMATION_SCHEMA",
        "PUBLIC",
    ]


def test_dry_run_of_all_counts_what_the_same_run_would_apply_before(project):
    project.scripts(
        V1="CREATE TABLE A (N INT);", V2="-- runner: environments=imsdlc requires=imcust:V1\nCREATE TABLE B (N INT);"
    )
    assert "CREATE TABLE B" in project.runner("migrate", "--all", "--dry-run").out
    assert project.tables("imsdlc") == []


def test_dry_run_as_json(project):
    project.scripts(**TWO)
    (found,) = project.migrate("--dry-run", "--format", "json").json
    assert [step["script"] for step in found["steps"]] == ["V1__it.sql", "V2__it.sql"]
    assert [s["line"] for s in found["steps"][0]["statements"]] == [1, 2]


def test_an_irreversible_script_needs_consent(project):
    project.scripts(V1="-- runner: irreversible\nCREATE TABLE A (N INT);")
    assert "--yes" in project.migrate(code=5).err
    assert project.tables() == []
    project.migrate("--yes")
    assert project.tables() == ["A"]


@pytest.mark.parametrize("parallel", ["1", "3"])
def test_statements_of_a_group_may_run_on_several_connections(project, parallel):
    group = "\n".join(f"CREATE TABLE G{n} AS SELECT {n} AS N, CURRENT_SESSION() AS S;" for n in range(6))
    project.scripts(V1=f"CREATE TABLE A (N INT);\n-- runner: parallel\n{group}\n-- runner: end\nDROP TABLE A;")
    project.migrate("--parallel", parallel)
    assert project.tables() == [f"G{n}" for n in range(6)]
    sessions = {project.ask("imcust", f"SELECT S FROM G{n}")[0] for n in range(6)}
    assert len(sessions) == int(parallel)
    assert [row[1] for row in sorted(project.checkpoints(), key=lambda r: r[1])] == list(range(1, 9))


def test_an_assertion_that_fails_shows_the_rows_and_stops_the_script(project):
    project.scripts(
        V1="CREATE TABLE A AS SELECT 7 AS N, 'duck' AS S;\n"
        "-- runner: assert\nSELECT * FROM A WHERE N > 5;\nCREATE TABLE B (N INT);"
    )
    ran = project.migrate(code=20)
    assert "the assertion does not hold" in ran.err
    assert "7 | duck" in ran.err
    assert "versions/V1__it.sql:3" in ran.err
    assert project.tables() == ["A"]


@pytest.mark.parametrize("query", ["SELECT 1 WHERE FALSE", "SELECT TRUE", "SELECT COUNT(*) = 0 FROM A"])
def test_an_assertion_holds_with_no_row_or_with_one_that_is_true(project, query):
    project.scripts(V1=f"CREATE TABLE A (N INT);\n-- runner: assert\n{query};\nCREATE TABLE B (N INT);").migrate()
    assert project.tables() == ["A", "B"]


@pytest.mark.parametrize(
    "query", ["SELECT FALSE", "SELECT NULL", "SELECT 1", "SELECT TRUE, TRUE", "SELECT TRUE UNION ALL SELECT TRUE"]
)
def test_and_with_nothing_else(project, query):
    project.scripts(V1=f"CREATE TABLE A (N INT);\n-- runner: assert\n{query};\nCREATE TABLE B (N INT);").migrate(
        code=20
    )
    assert project.tables() == ["A"]


ROWS = "CREATE TABLE A (N INT);\nINSERT INTO A VALUES (1);"


def test_a_transactional_script_stands_whole_or_not_at_all(project):
    bad = "-- runner: transactional\nDELETE FROM A;\nINSERT INTO A VALUES (2);\n-- runner: assert\nSELECT * FROM A;"
    project.scripts(V1=ROWS, V2=bad)
    ran = project.migrate(code=20)
    assert "The script's transaction was rolled back." in ran.err
    assert project.ask("imcust", "SELECT N FROM A") == [(1,)]
    assert project.history()[-2:] == ["V2 STARTED", "V2 FAILED"]
    project.scripts(V2=bad.replace("SELECT * FROM A;", "SELECT * FROM A WHERE N <> 2;"))
    project.migrate()
    assert project.ask("imcust", "SELECT N FROM A") == [(2,)]
    assert project.states()["V2"] == "Success"


def test_a_failure_blocks_what_comes_after_until_repair_says_what_is_true(project):
    project.scripts(
        V1=ROWS + "\nINSERT INTO NOWHERE VALUES (1);\nINSERT INTO A VALUES (3);", V2="CREATE TABLE B (N INT);"
    )
    ran = project.migrate(code=20)
    assert "versions/V1__it.sql:3: statement 3 of V1__it.sql failed (2003, query 0" in ran.err
    assert "runner repair --retry V1__it.sql --env imcust" in ran.err
    assert project.history() == ["V1 STARTED", "V1 FAILED"]
    assert project.checkpoints() == [
        ("V1__it.sql", 1, "SUCCESS"),
        ("V1__it.sql", 2, "SUCCESS"),
        ("V1__it.sql", 3, "FAILED"),
    ]

    blocked = project.migrate(code=8)
    assert "V1__it.sql: failed in run" in blocked.err
    assert project.tables() == ["A"]

    project.scripts(V1=ROWS + "\nINSERT INTO A VALUES (2);\nINSERT INTO A VALUES (3);")
    project.runner("repair", "--env", "imcust", "--retry", "V1", "--reason", "table was misspelt")
    assert "going on after 2 done" in project.migrate().err
    assert project.ask("imcust", "SELECT N FROM A ORDER BY N") == [(1,), (2,), (3,)]
    assert project.history() == [
        "V1 STARTED",
        "V1 FAILED",
        "V1 RETRY",
        "V1 STARTED",
        "V1 SUCCESS",
        "V2 STARTED",
        "V2 SUCCESS",
    ]


def test_an_edit_before_the_failed_statement_is_refused(project):
    project.scripts(V1=ROWS + "\nINSERT INTO NOWHERE VALUES (1);").migrate(code=20)
    project.runner("repair", "--env", "imcust", "--retry", "V1", "--reason", "mended")
    project.scripts(V1=ROWS.replace("(1)", "(9)") + "\nINSERT INTO A VALUES (2);")
    assert "statement 2 was applied before the script stopped, and is no longer the same" in project.migrate(code=8).err
    assert project.ask("imcust", "SELECT N FROM A") == [(1,)]


def test_a_resumed_script_is_rendered_with_the_instant_of_its_first_attempt(project):
    head = "CREATE TABLE A AS SELECT '{{ run.snapshot }}' AS S, '{{ run.id }}' AS R;\n"
    project.scripts(V1=head + "INSERT INTO NOWHERE VALUES (1);").migrate(code=20)
    project.scripts(V1=head + "INSERT INTO A SELECT '{{ run.snapshot }}', '{{ run.id }}';")
    project.runner("repair", "--env", "imcust", "--retry", "V1", "--reason", "mended")
    project.migrate()
    assert project.ask("imcust", "SELECT COUNT(*), COUNT(DISTINCT S), COUNT(DISTINCT R) FROM A") == [(2, 1, 1)]


def test_a_script_that_moves_its_session_leaves_no_trace_for_the_next(project):
    project.scripts(
        V1="CREATE SCHEMA OTHER;\nUSE SCHEMA OTHER;\nCREATE TABLE A (N INT);",
        V2="CREATE TABLE PUBLIC.B AS SELECT CURRENT_SCHEMA() AS S;",
    )
    project.migrate()
    assert project.ask("imcust", "SELECT COUNT(*) FROM OTHER.A") == [(0,)]
    assert project.ask("imcust", "SELECT COALESCE(S, 'none') FROM B") != [("OTHER",)]


def test_every_statement_carries_whose_it_is(project):
    project.scripts(V1="CREATE TABLE A (N INT);").migrate()
    found = project.ask(
        "imcust",
        "SELECT QUERY_TAG FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY()) "
        "WHERE QUERY_TEXT LIKE 'CREATE TABLE A (N INT)%' AND QUERY_TAG LIKE '%V1__it.sql%'",
    )
    assert '"script":"V1__it.sql","stmt":1' in found[0][0]


def test_file_and_object_names_with_quotes_blanks_and_signs(project):
    name = 'V1__it\'s 50% "done"; größe -- no.sql'
    project.write({f"versions/{name}": 'CREATE TABLE "a ""b"" 50%; größe" AS SELECT \'it\'\'s; 100%\' AS "co;l";'})
    project.migrate()
    assert project.tables() == ['a "b" 50%; größe']
    assert list(project.states().values()) == ["Success"]
    project.write({f"versions/{name.replace('V1', 'U1')}": 'DROP TABLE "a ""b"" 50%; größe";'})
    project.runner("undo", "--env", "imcust")
    assert project.tables() == []
