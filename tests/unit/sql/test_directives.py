"""Directives: what a script may ask for in comment lines, and every way to ask wrongly."""

from __future__ import annotations

import pytest

from runner.core.script import Head, Requirement, Statement
from runner.sql.directives import annotate, read_head
from runner.sql.errors import DirectiveError


def read(script: str) -> list[tuple[str, bool, int | None, int | None]]:
    return [
        (one.text.splitlines()[-1], one.assertion, one.group, one.timeout)
        for one in annotate(script, read_head(script))
    ]


def test_the_head_says_all_it_can_say() -> None:
    head = read_head(
        "\ufeff\n/* Data of the marts. */\n"
        "-- runner: environments=imsdlc,test requires=imcust:V001,imcust:R__views owner=dataops transactional\n"
        "--runner: irreversible always timeout=2h\r\n"
        "// runner: depends_on=R__views,R__more jinja=off\nSELECT 1;"
    )
    assert head == Head(
        environments=("imsdlc", "test"),
        requires=(Requirement("imcust", "V001"), Requirement("imcust", "R__views")),
        owner="dataops",
        transactional=True,
        irreversible=True,
        always=True,
        timeout=7200,
        depends_on=("R__views", "R__more"),
        jinja=False,
    )


@pytest.mark.parametrize("source", ["", "SELECT 1;", "-- runner is a word too\nSELECT 1;", "-- a comment"])
def test_without_directives_a_head_is_the_usual_one(source: str) -> None:
    assert read_head(source) == Head()


def test_jinja_tags_may_stand_above_and_an_owner_may_have_blanks() -> None:
    head = read_head("{# about #}\n{% import 'share.sql' as share %}\n-- runner: owner='data ops'\nSELECT 1;")
    assert head == Head(owner="data ops")


@pytest.mark.parametrize(
    ("written", "seconds"), [("30s", 30), ("5m", 300), ("2h", 7200), ("1h30m", 5400), ("1H1M1S", 3661)]
)
def test_durations(written: str, seconds: int) -> None:
    assert read_head(f"-- runner: timeout={written}").timeout == seconds


WRONG_HEADS = [
    ("-- runner: transactionel", 1, "'transactionel' is no directive", "did you mean 'transactional'?"),
    ("\n\n-- runner: environment=a", 3, "'environment' is no directive", "did you mean 'environments'?"),
    ("-- runner: qqqq", 1, "'qqqq' is no directive", "known are: always"),
    ("-- runner:", 1, "says nothing", ""),
    ("-- runner: owner", 1, "'owner' needs a value", "owner=…"),
    ("-- runner: owner = dataops", 1, "a blank stands beside '='", "without blanks"),
    ("-- runner: owner =dataops", 1, "a blank stands beside '='", "without blanks"),
    ("-- runner: transactional=yes", 1, "'transactional' takes no value", "leave it out"),
    ("-- runner: timeout=10", 1, "'10' is not a duration", "30s, 5m or 2h"),
    ("-- runner: timeout=0s", 1, "'0s' is not a duration", ""),
    ("-- runner: timeout=5x", 1, "'5x' is not a duration", ""),
    ("-- runner: requires=V001", 1, "'V001' names no script of an environment", "requires=imcust:V001"),
    ("-- runner: requires=imcust:", 1, "names no script", ""),
    ("-- runner: environments=a,,b", 1, "'' in 'environments=a,,b'", "commas"),
    ("-- runner: depends_on=views", 1, "'views' in 'depends_on=views'", "R__views"),
    ("-- runner: jinja=maybe", 1, "'jinja=maybe' is not understood", "jinja=off"),
    ("-- runner: always\n-- runner: always", 2, "'always' is given twice", ""),
]


@pytest.mark.parametrize(("source", "line", "what", "hint"), WRONG_HEADS)
def test_a_wrong_head_is_an_error_with_its_line(source: str, line: int, what: str, hint: str) -> None:
    with pytest.raises(DirectiveError) as caught:
        read_head(source)
    assert caught.value.line == line
    assert what in caught.value.what
    assert hint in caught.value.hint
    assert str(caught.value).startswith(f"line {line}: ")


def test_statements_know_what_is_asked_of_them() -> None:
    script = (
        "-- runner: transactional timeout=2h\n"
        "-- runner: assert timeout=30s\nSELECT 1;\n"
        "SELECT 2;\n"
        "-- runner: parallel\n-- both\nINSERT INTO a SELECT 1;\n-- runner: timeout=5m\nINSERT INTO b SELECT 1;\n"
        "-- runner: end\nSELECT 3;\n"
        "-- runner: parallel\nSELECT 4;\n-- runner: end\n"
        "-- runner: assert\n-- it holds\nSHOW TABLES ->> SELECT COUNT(*) = 1 FROM $1;"
    )
    assert read(script) == [
        ("SELECT 1", True, None, 30),
        ("SELECT 2", False, None, None),
        ("INSERT INTO a SELECT 1", False, 1, None),
        ("INSERT INTO b SELECT 1", False, 1, 300),
        ("SELECT 3", False, None, None),
        ("SELECT 4", False, 2, None),
        ("SHOW TABLES ->> SELECT COUNT(*) = 1 FROM $1", True, None, None),
    ]


def test_without_directives_every_statement_is_plain() -> None:
    assert annotate("SELECT 1;\nSELECT 2;", Head()) == (Statement(1, "SELECT 1", 1), Statement(2, "SELECT 2", 2))


def test_a_group_may_be_empty_and_stand_at_the_top_or_the_end() -> None:
    assert read("-- runner: parallel\n-- runner: end\nSELECT 1;\n-- runner: parallel\n-- runner: end\n") == [
        ("SELECT 1", False, None, None)
    ]


def test_text_that_only_looks_like_a_directive_is_left_alone() -> None:
    script = "SELECT '\n-- runner: assert\n';\nCREATE FUNCTION f() RETURNS INT AS $$\n-- runner: end\n1 $$;"
    assert [one.assertion for one in annotate(script, read_head(script))] == [False, False]


WRONG_SCRIPTS = [
    ("SELECT 1;\n-- runner: parallel\nSELECT 2;", 2, "never closed"),
    ("-- runner: parallel\nSELECT 1;\n-- runner: parallel\nSELECT 2;", 3, "a group is open already, since line 1"),
    ("SELECT 1;\n-- runner: end\n", 2, "'end' without 'parallel'"),
    ("-- runner: assert\nINSERT INTO t SELECT 1;", 1, "only a query can be asserted"),
    ("SELECT 1;\n-- runner: assert\nCALL p();", 2, "only a query can be asserted"),
    ("SELECT 1;\n-- runner: assert\n", 2, "no statement follows"),
    ("-- runner: assert\n-- runner: assert\nSELECT 1;", 1, "no statement follows"),
    ("-- runner: parallel\n-- runner: assert\n-- runner: end\nSELECT 1;", 2, "no statement follows"),
    ("SELECT 1;\n\n-- runner: transactional\nSELECT 2;", 3, "'transactional' speaks of the whole script"),
    ("SELECT 1;\n-- runner: assert owner=x\nSELECT 2;", 2, "'owner' speaks of the whole script"),
    ("SELECT 1;\n-- runner: paralel\nSELECT 2;", 2, "'paralel' is no directive"),
    ("SELECT 1;\n-- runner: parallel assert\nSELECT 2;", 2, "stand alone"),
    ("SELECT 1;\n-- runner: parallel=4\nSELECT 2;", 2, "stand alone"),
    ("SELECT 1;\n-- runner: assert=yes\nSELECT 2;", 2, "takes no value"),
    ("SELECT 1;\n-- runner: timeout=soon\nSELECT 2;", 2, "'soon' is not a duration"),
    ("SELECT 1; -- runner: assert\nSELECT 2;", 1, "on a line of its own"),
    ("SELECT 1\n-- runner: assert\n;", 2, "on a line of its own, between statements"),
    ("BEGIN\n SELECT 1;\n -- runner: parallel\n SELECT 2;\nEND;", 3, "between statements"),
]


@pytest.mark.parametrize(("script", "line", "what"), WRONG_SCRIPTS)
def test_a_wrong_directive_is_an_error_with_its_line(script: str, line: int, what: str) -> None:
    with pytest.raises(DirectiveError) as caught:
        annotate(script, read_head(script))
    assert (caught.value.line, what in caught.value.what) == (line, True), caught.value


def test_a_head_directive_that_rendering_moved_to_the_top_is_an_error() -> None:
    source = "{% if no %}SELECT 1;{% endif %}\nSELECT 0;\n-- runner: transactional\nSELECT 2;"
    with pytest.raises(DirectiveError, match="not those of its source"):
        annotate("\n-- runner: transactional\nSELECT 2;", read_head(source))
