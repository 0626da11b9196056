"""What cannot be planned is refused by name, in a sentence that helps, and nothing is written."""

from __future__ import annotations

import re

import pytest

MIGRATION = "source: imcust\ntarget: imsdlc\nselect: {%s}\n%s"
MADE = (
    "CREATE TABLE T (ID INT)",
    "CREATE TABLE U (ID INT)",
    "CREATE VIEW V AS SELECT ID FROM T",
    "CREATE VIEW T_OF_NOTHING AS SELECT ID FROM U",
    "DROP TABLE U",
    "CREATE TABLE TWIN (ID INT)",
    "CREATE PROCEDURE TWIN() RETURNS INT LANGUAGE SQL AS 'BEGIN RETURN 1; END'",
    "CREATE PROCEDURE HIDDEN() RETURNS INT LANGUAGE SQL AS 'BEGIN RETURN 1; END'",
    "CREATE ROLE IF NOT EXISTS NOBODYS",
    "GRANT OWNERSHIP ON PROCEDURE HIDDEN() TO ROLE NOBODYS",
    "CREATE PROCEDURE FILL() RETURNS INT LANGUAGE SQL AS 'BEGIN INSERT INTO T SELECT ID FROM TWIN; END'",
    "CREATE SCHEMA OUTSIDE",
    "CREATE TABLE OUTSIDE.FAR (ID INT)",
    "CREATE VIEW PUBLIC.NEEDS_FAR AS SELECT ID FROM OUTSIDE.FAR",
)
REFUSALS = [
    pytest.param("tables: [public.nothing_like_it]", "", "'public.nothing_like_it'", id="nothing of that name"),
    pytest.param("objects: [public.twin]", "", "procedure", id="a name of two kinds"),
    pytest.param("tables: [public.v]", "", "is a view, not a table", id="a name of another kind"),
    pytest.param(
        "objects: [public.t, public.v]",
        "names: {objects: {public.t: same, public.v: same}}\n",
        "SAME",
        id="two objects of one name",
    ),
    pytest.param("procedures: [public.hidden]", "", "HIDDEN", id="a body that its owner hides"),
    pytest.param("views: [public.t_of_nothing]", "", "PUBLIC.U", id="a view whose base is gone"),
    pytest.param(
        "tables: [public.t]",
        "data: {tables: {t: {strategy: replay, from: public.fil}}}\n",
        "procedure 'public.fil' is not in the source",
        id="a procedure that is none",
    ),
    pytest.param(
        "tables: [public.t]",
        "data: {tables: {t: {strategy: replay, from: public.fill}}}\n",
        "PUBLIC.FILL(), line 1: it reads PUBLIC.TWIN, which is not in the plan",
        id="a replay of what does not travel",
    ),
    pytest.param("views: [public.v]", "outside: {public.w: nowhere}\n", "include, map, drop", id="a word that is none"),
]


@pytest.fixture
def source(project):
    """The project, with a source that has one of each."""
    shared = "vars: {share: migr_share, share_database: migr_share_db, imported_database: imcust_migr}\n"
    project.configure("imcust", shared)
    project.configure("imsdlc", f"{shared}depends_on: [imcust]\nsource: imcust\n")
    cursor = project.connect("IMCUST").cursor()
    cursor.execute(f"USE SCHEMA {project.databases['imcust']}.PUBLIC")
    for statement in MADE:
        cursor.execute(statement)
    return project


def asked(project, select: str, more: str = "", plan: str = "x"):
    project.write({"config/migration.yaml": MIGRATION % (select, more)})
    return project.runner("plan", "create", plan, "--no-history", code=None)


def test_refusals(source):
    for given in REFUSALS:
        select, more, word = given.values
        ran = asked(source, select, more)
        assert ran.code in (3, 12), (given.id, ran.said)
        assert word in ran.err, (given.id, ran.said)
        assert not list((source.root / "versions").glob("*.sql")), given.id


def ddl_of(project) -> str:
    return "".join(path.read_text() for path in (project.root / "versions").glob("V*__ddl.sql"))


def test_an_answer_in_the_file_that_does_not_fit_is_no_answer(source):
    body = f"EXECUTE IMMEDIATE ''DELETE FROM {source.databases['imcust']}.PUBLIC.T''; RETURN 1;"
    source.ask("imcust", f"CREATE PROCEDURE ASKS() RETURNS INT LANGUAGE SQL AS 'BEGIN {body} END'")
    ran = asked(source, "procedures: [public.asks], tables: [public.t]")
    (question,) = re.findall(r"text-asks-\w+", ran.err)
    ran = asked(source, "procedures: [public.asks], tables: [public.t]", f"answers: {{{question}: maybe}}\n")
    assert ran.code == 3, ran.said
    assert f"answers.{question}: it takes keep or rewrite, not 'maybe'" in ran.err


def test_a_target_that_is_the_source_is_refused_unless_everything_is_called_otherwise(source):
    same = "source: imcust\ntarget: imcust\nselect: {tables: [public.t]}\ndata: {default: none}\n"
    source.write({"config/migration.yaml": same})
    ran = source.runner("plan", "create", "x", "--no-history", code=3)
    assert "PUBLIC.T would be its own copy" in ran.err
    source.write({"config/migration.yaml": same + "names: {objects: {public.t: t_copy}}\n"})
    source.runner("plan", "create", "x", "--no-history")


def test_files_that_are_missing_are_made_again_and_a_file_that_says_else_is_told(source):
    assert asked(source, "objects: [public.v]").code == 0
    texts = {path: path.read_text() for path in (source.root / "versions").iterdir()}
    for path in list(texts)[:2]:
        path.unlink()
    ran = source.runner("plan", "create", "x", "--no-history")
    assert ran.out.count("was missing, and is made again") == 2
    assert {path: path.read_text() for path in (source.root / "versions").iterdir()} == texts
    assert "--anew" not in ran.out
    called = [path for path in (source.root / "templates").iterdir() if f"{path.stem}." in "".join(texts.values())]
    called[0].unlink()
    assert f"templates/{called[0].name} was missing" in source.runner("plan", "create", "x", "--no-history").out
    assert called[0].is_file()
    assert "says something else since: layout" in asked(source, "objects: [public.v]", "layout: {ddl: kind}\n").out


def test_what_is_needed_and_not_asked_for_comes_or_stays_behind_as_the_file_says(source):
    assert asked(source, "views: [public.needs_far]").code == 0
    assert ddl_of(source).count("CREATE TABLE") == 1
    ran = asked(source, "views: [public.needs_far]", "outside: {outside.far: declare}\n", "y")
    assert ran.code == 0, ran.said
    assert ddl_of(source).count("CREATE TABLE") == 1


def test_no_file_of_the_users_is_written_over(source):
    assert asked(source, "objects: [public.v]").code == 0
    (ddl,) = source.root.glob("versions/V*__ddl.sql")
    edited = ddl.read_text() + "-- a word of mine\n"
    ddl.write_text(edited)
    again = source.runner("plan", "create", "x", "--no-history", "--anew", "--force", code=None)
    assert (again.code, ddl.read_text()) == (12, edited), again.said
    assert ddl.name in again.err


def test_the_next_scripts_hold_what_has_changed(source):
    assert asked(source, "objects: [public.v]").code == 0
    cursor = source.connect("IMCUST").cursor()
    cursor.execute(f"ALTER TABLE {source.databases['imcust']}.PUBLIC.T ADD COLUMN ADDED VARCHAR")
    before = {path.name for path in (source.root / "versions").iterdir()}
    source.runner("plan", "create", "x", "--no-history")
    added = "".join(path.read_text() for path in (source.root / "versions").glob("V*.sql") if path.name not in before)
    assert "ADDED VARCHAR" in added
    assert "CREATE TABLE" not in added


def test_a_question_that_comes_while_a_plan_is_made_anew_loses_none_of_its_files(source):
    database, cursor = source.databases["imcust"], source.connect("IMCUST").cursor()
    procedure = f"CREATE OR REPLACE PROCEDURE {database}.PUBLIC.ASKS() RETURNS INT LANGUAGE SQL AS 'BEGIN {{}} END'"
    cursor.execute(procedure.format("RETURN 1;"))
    assert asked(source, "procedures: [public.asks], tables: [public.t]").code == 0
    written = sorted(path.name for path in (source.root / "versions").iterdir())
    cursor.execute(procedure.format(f"EXECUTE IMMEDIATE ''DELETE FROM {database}.PUBLIC.T''; RETURN 2;"))
    assert source.runner("plan", "create", "x", "--no-history", "--anew", code=None).code == 12
    source.runner("plan", "answer", "x", "text-*=rewrite")
    source.runner("plan", "create", "x", "--no-history", "--anew")
    assert sorted(path.name for path in (source.root / "versions").iterdir()) == written
    assert "DELETE FROM {{ public }}.T" in ddl_of(source)


def test_a_column_named_like_a_template_is_no_new_column(source):
    cursor = source.connect("IMCUST").cursor()
    table = f"{source.databases['imcust']}.PUBLIC.T"
    cursor.execute(f'ALTER TABLE {table} ADD COLUMN "odd{{{{ x }}}}" VARCHAR')
    assert asked(source, "tables: [public.t]").code == 0
    cursor.execute(f'ALTER TABLE {table} ADD COLUMN "more{{{{" VARCHAR')
    before = {path.name for path in (source.root / "versions").iterdir()}
    source.runner("plan", "create", "x", "--no-history")
    texts = {path.name[0]: path.read_text() for path in (source.root / "versions").iterdir() if path.name not in before
             and path.name.endswith("__ddl.sql")}  # fmt: skip
    assert (texts["V"].count("ADD COLUMN"), texts["U"].count("DROP COLUMN")) == (1, 1)
    assert "odd" not in texts["V"] + texts["U"].partition("copy.overwrite")[0]
    source.runner("migrate", "--all")
    source.runner("undo", "--all", "--target", "3")


def test_a_megabyte_of_text_in_which_the_database_is_named_often_and_meant_once(source):
    database = source.databases["imcust"]
    lines = f"    -- {database}.PUBLIC.T is only spoken of in this line\n" * 20_000
    source.connect("IMCUST").cursor().execute(
        f"CREATE PROCEDURE {database}.PUBLIC.LONG() RETURNS NUMBER LANGUAGE SQL AS $$\nBEGIN\n{lines}"
        f"    RETURN (SELECT COUNT(*) FROM {database}.PUBLIC.T);\nEND;\n$$"
    )
    assert asked(source, "procedures: [public.long]").code == 0
    text = ddl_of(source)
    assert text.count(f"-- {database}.PUBLIC.T is only spoken of") == 20_000
    assert "FROM {{ public }}.T);" in text
