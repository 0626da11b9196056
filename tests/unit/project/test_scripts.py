"""The folder of scripts: what is taken, and what is refused with its reason. Nothing is ever skipped in silence."""

import pytest

from runner.core.errors import (
    EmptyScript,
    InvalidDirective,
    InvalidFile,
    InvalidScriptName,
    TwinScripts,
    UnreadableScript,
)
from runner.core.script import Kind
from runner.core.version import Version
from runner.project.scripts import LARGEST, parse_name, read_scripts, survey


@pytest.fixture
def folder(tmp_path):
    """`folder({name: text or bytes})` gives what `read_scripts` makes of it."""

    def read(files):
        for name, content in files.items():
            path = tmp_path / "versions" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_scripts(tmp_path, tmp_path / "versions")

    return read


@pytest.mark.parametrize(
    ("name", "kind", "version", "description"),
    [
        ("V001__share_setup.sql", "V", "1", "share setup"),
        ("V1.2.3__a.sql", "V", "1.2.3", "a"),
        ("V1_2__a_b.sql", "V", "1.2", "a b"),
        ("V20260131120000__a.sql", "V", "20260131120000", "a"),
        ("R__grants.sql", "R", None, "grants"),
        ("U001__share_setup.sql", "U", "1", "share setup"),
        ("B7__before.sql", "B", "7", "before"),
        ("V1__a__b.sql", "V", "1", "a  b"),
        ('V1__it\'s 50% "done"; größe.sql', "V", "1", 'it\'s 50% "done"; größe'),
        ("V1__a.b.sql", "V", "1", "a.b"),
        ("deep/er/V1__a.sql", "V", "1", "a"),
    ],
)
def test_names(name, kind, version, description):
    assert parse_name(name) == (Kind(kind), Version(version) if version else None, description)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("V001_share.sql", "two underscores must stand between the version and the description"),
        ("V001.sql", "two underscores"),
        ("V001__.sql", "the description is missing"),
        ("V__a.sql", "the version is missing"),
        ("U__a.sql", "the version is missing"),
        ("R1__a.sql", "a repeatable script has no version, but this one has '1'"),
        ("v001__a.sql", "the name starts with 'v'"),
        ("r__a.sql", "the name starts with 'r'"),
        ("X1__a.sql", "the name starts with 'X'"),
        ("a.sql", "the name starts with 'a'"),
        ("Va__a.sql", "'a' is not a version"),
        ("V1a__a.sql", "'1a' is not a version"),
        ("V1.__a.sql", "'1.' is not a version"),
        ("V1-2__a.sql", "'1-2' is not a version"),
        ("V 1__a.sql", "' 1' is not a version"),
        ("V1__a.SQL", "does not end in '.sql'"),
        ("V1__a.sql.bak", "does not end in '.sql'"),
        ("V1__a.txt", "does not end in '.sql'"),
        ("V001__a", "does not end in '.sql'"),
    ],
)
def test_what_looks_like_a_script_and_is_none_is_an_error_with_its_reason(folder, name, reason):
    with pytest.raises(InvalidScriptName) as caught:
        folder({name: "SELECT 1;"})
    assert f"versions/{name}: " in caught.value.sentence
    assert reason in caught.value.sentence


def test_what_does_not_look_like_a_script_is_left_alone(folder):
    assert folder({"README.md": "x", "notes.txt": "x", ".V1__a.sql.swp": "x", "Vision.md": "x"}) == ()


def test_sub_folders_count_and_paths_are_from_the_project(folder):
    (script,) = folder({"2026/q1/V1__a.sql": "SELECT 1;"})
    assert (script.path, script.name) == ("versions/2026/q1/V1__a.sql", "V1__a.sql")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("V1__a.sql", "V001__b.sql"),
        ("V1__a.sql", "V1.0__b.sql"),
        ("V1__a.sql", "x/V1__a.sql"),
        ("R__a.sql", "x/R__a.sql"),
        ("R__a_b.sql", "x/R__A_B.sql"),
        ("U1__a.sql", "U01__a.sql"),
        ("V1_1__a.sql", "V1.1__a.sql"),
    ],
)
def test_twins_are_refused_with_both_names(folder, one, other):
    with pytest.raises(TwinScripts) as caught:
        folder({one: "SELECT 1;", other: "SELECT 2;"})
    assert f"versions/{one}" in caught.value.sentence
    assert f"versions/{other}" in caught.value.sentence


def test_an_undo_is_no_twin_of_its_version(folder):
    assert len(folder({"V1__a.sql": "SELECT 1;", "U1__a.sql": "SELECT 1;", "B1__a.sql": "SELECT 1;"})) == 3


def head(environments):
    return f"-- runner: environments={environments}\nSELECT 1;"


def test_one_version_may_be_two_scripts_for_different_environments(folder):
    assert len(folder({"V1__a.sql": head("prod"), "V1__b.sql": head("dev,test")})) == 2


@pytest.mark.parametrize("other", ["SELECT 1;", head("dev"), head("prod,dev")])
def test_but_not_where_they_meet(folder, other):
    with pytest.raises(TwinScripts):
        folder({"V1__a.sql": head("dev"), "V1__b.sql": other})


@pytest.mark.parametrize(
    "text", ["", "   \n\t\n", "-- nothing\n", "/* a */ // b\n-- c", "{# note #}\n", ";;\n;", "\ufeff\n"]
)
def test_a_script_that_says_nothing_is_refused(folder, text):
    with pytest.raises(EmptyScript, match=r"versions/V1__a\.sql: the script holds no statement"):
        folder({"V1__a.sql": text})


def test_one_that_renders_to_nothing_somewhere_is_none_of_those(folder):
    assert folder({"V1__a.sql": "{% if false %}SELECT 1;{% endif %}"})


@pytest.mark.parametrize(
    ("content", "words", "line"),
    [
        ("SELECT 1;\nSELECT 'gr\xf6\xdfe';".encode("latin-1"), "byte 20 is not UTF-8", 2),
        ("SELECT 1;".encode("utf-16"), "is not UTF-8", 1),
        ("SELECT 1;".encode("utf-16-le"), "the script holds a NUL character: is it UTF-16?", 1),
        (b"SELECT 1;\nSELECT '\0';", "the script holds a NUL character", 2),
    ],
)
def test_what_is_not_utf_8_is_refused_with_the_place(folder, content, words, line):
    with pytest.raises(UnreadableScript) as caught:
        folder({"V1__a.sql": content})
    assert f"versions/V1__a.sql:{line}: " in caught.value.sentence
    assert words in caught.value.sentence


def test_a_script_of_50_mb_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "versions" / "V1__a.sql"
    path.parent.mkdir()
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    with pytest.raises(UnreadableScript, match="the script is 50 MB large; 20 MB is the limit"):
        read_scripts(tmp_path, path.parent)


def test_the_largest_is_read(folder):
    text = "SELECT 1;\n" + "-- " + "x" * (LARGEST - 20)
    assert len(folder({"V1__a.sql": text})) == 1


def test_line_ends_and_a_byte_order_mark_are_taken_away(folder):
    (script,) = folder({"V1__a.sql": "\ufeffSELECT 1;\r\nSELECT\r2;"})
    assert script.source == "SELECT 1;\nSELECT\n2;"


def test_the_head_is_read(folder):
    (script,) = folder({"V1__a.sql": "-- runner: owner=dataops transactional requires=imcust:V001\nSELECT 1;"})
    assert (script.head.owner, script.head.transactional) == ("dataops", True)
    assert [str(requirement) for requirement in script.head.requires] == ["imcust:V001"]


def test_an_unknown_word_in_the_head_is_refused_with_the_nearest(folder):
    with pytest.raises(InvalidDirective) as caught:
        folder({"V1__a.sql": "\n-- runner: transactionel\nSELECT 1;"})
    assert caught.value.sentence == "versions/V1__a.sql:2: 'transactionel' is no directive"
    assert caught.value.hint == "did you mean 'transactional'?"


def test_everything_that_is_wrong_is_found_at_once(tmp_path, folder):
    with pytest.raises(InvalidScriptName):
        folder({"V1_a.sql": "SELECT 1;", "V2__a.sql": "", "V3__a.sql": "SELECT 1;", "V03__b.sql": "SELECT 1;"})
    scripts, wrong = survey(tmp_path, tmp_path / "versions")
    assert [script.label for script in scripts] == ["V03", "V3"]
    assert sorted(type(error).__name__ for error in wrong) == ["EmptyScript", "InvalidScriptName", "TwinScripts"]


def test_a_version_of_other_digits_is_refused(folder):
    with pytest.raises(InvalidScriptName, match="is not a version"):
        folder({"V٣__a.sql": "SELECT 1;"})


@pytest.mark.parametrize("name", ["V1__a\nb.sql", "V1__\x1b[31m.sql", "V1__\udcff.sql"], ids=ascii)
def test_a_name_that_cannot_be_printed_is_refused_and_shown_escaped(folder, name):
    with pytest.raises(InvalidScriptName, match="cannot be printed") as caught:
        folder({name: "SELECT 1;"})
    assert caught.value.sentence.isprintable()


def test_a_link_that_leads_nowhere_and_a_folder_that_is_called_like_a_script(tmp_path):
    versions = tmp_path / "versions"
    (versions / "V2__folder.sql").mkdir(parents=True)
    (versions / "V1__link.sql").symlink_to(tmp_path / "nothing")
    _, wrong = survey(tmp_path, versions)
    assert [str(error) for error in wrong] == [
        "versions/V1__link.sql: the link leads nowhere",
        "versions/V2__folder.sql: is no file",
    ]


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(InvalidFile, match="versions: the folder of scripts does not exist"):
        read_scripts(tmp_path, tmp_path / "versions")
