"""What cannot be planned is refused by name, in a sentence that helps, and nothing is written."""

from __future__ import annotations

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
    return project.runner("plan", "create", plan, code=None)


def test_refusals(source):
    for given in REFUSALS:
        select, more, word = given.values
        ran = asked(source, select, more)
        assert ran.code in (3, 12), (given.id, ran.said)
        assert word in ran.err, (given.id, ran.said)
        assert not list((source.root / "versions").glob("*.sql")), given.id


def ddl_of(project) -> str:
    return "".join(path.read_text() for path in (project.root / "versions").glob("V*__ddl.sql"))


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
    again = source.runner("plan", "create", "x", "--anew", "--force", code=None)
    assert (again.code, ddl.read_text()) == (12, edited), again.said
    assert ddl.name in again.err


def test_the_next_scripts_hold_what_has_changed(source):
    assert asked(source, "objects: [public.v]").code == 0
    cursor = source.connect("IMCUST").cursor()
    cursor.execute(f"ALTER TABLE {source.databases['imcust']}.PUBLIC.T ADD COLUMN ADDED VARCHAR")
    before = {path.name for path in (source.root / "versions").iterdir()}
    source.runner("plan", "create", "x")
    added = "".join(path.read_text() for path in (source.root / "versions").glob("V*.sql") if path.name not in before)
    assert "ADDED VARCHAR" in added
    assert "CREATE TABLE" not in added


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
