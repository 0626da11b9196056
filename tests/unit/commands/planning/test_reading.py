"""The verbs that look at a plan's record: list, show, answer, analyze, optimize, graph; and validate --offline."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from runner.authoring.record import Entry, read_record
from runner.cli.plan import command
from runner.commands.planning import analyzing, answering, drawing, listing, validating
from runner.commands.probing import Outcome
from runner.core.errors import (
    AnswersInvalid,
    FileInTheWay,
    InvalidFile,
    MissingFile,
    PlanNotReady,
    RecordDamaged,
    UnknownPlan,
    UsageError,
)
from runner.core.history import StatementRow, StatementState
from runner.project.migration import Strategy, read_migration
from tests.unit.commands.planning.plans import ASKED, QUESTION, SCRIPT, V, found_table, project, recorded, step_of


def call(root: Path, *words: str, code: int = 0):
    ran = CliRunner().invoke(command, list(words), obj=root, env={})
    assert ran.exit_code == code, (ran.output, ran.exception)
    return ran.output


class TestList:
    def test_every_plan_in_a_line(self, tmp_path):
        door = project(tmp_path)
        (told,) = listing.plans(door)
        assert (told.name, told.state, told.source, told.target) == ("p", "written", "prod", "dev")
        assert (told.steps, told.objects, told.rows, told.questions, told.files) == (1, 2, 1000, 0, 1)
        assert "prod → dev" in call(tmp_path, "list")
        assert json.loads(call(tmp_path, "list", "--format", "json"))[0]["state"] == "written"

    @pytest.mark.parametrize(
        ("given", "state"), [({"questions": (QUESTION,)}, "questions open"), ({"steps": ()}, "not written")]
    )
    def test_what_is_not_done_is_said(self, tmp_path, given, state):
        assert listing.plans(project(tmp_path, **given))[0].state == state

    def test_a_file_that_somebody_edited_or_took_away_is_told(self, tmp_path):
        door = project(tmp_path)
        (tmp_path / SCRIPT).write_text("SELECT 2;\n")
        assert listing.plans(door)[0].state == "files edited"
        (tmp_path / SCRIPT).unlink()
        assert listing.plans(door)[0].state == "files missing"

    @pytest.mark.parametrize("text", ["{", "[]", '{"format": 99}', '{"format": 1, "plan": 3}', "\x00"])
    def test_a_damaged_record_is_listed_with_the_reason_beside_the_others(self, tmp_path, text):
        door = project(tmp_path)
        (tmp_path / "plans" / "broken.json").write_text(text)
        told = listing.plans(door)
        assert [(each.name, each.state) for each in told] == [("broken", "damaged"), ("p", "written")]
        assert told[0].problem.startswith("plans/broken.json is no record of a plan: ")
        assert "damaged" in call(tmp_path, "list")

    def test_a_project_without_any_says_how_to_make_one(self, tmp_path):
        project(tmp_path)
        (tmp_path / "plans" / "p.json").unlink()
        assert call(tmp_path, "list") == "No plans: `runner plan create NAME`.\n"
        assert call(tmp_path, "list", "--format", "json") == "[]\n"


class TestShow:
    def test_everything_of_a_plan(self, tmp_path):
        project(tmp_path, questions=(QUESTION,))
        told = call(tmp_path, "show", "p")
        for words in (
            "Plan p: prod → dev, questions open. Made of ACME.PROD, database DB.", "asked for: s.t", "snapshot",
            f"{QUESTION.id}: S.V seems to use table S.T (line 3: 'S.T')", "no lineage for account: 000002: no feature",
            f"{SCRIPT}: as written",
        ):  # fmt: skip
            assert words in told

    def test_one_object_with_its_text_and_what_was_changed_and_left(self, tmp_path):
        project(tmp_path)
        told = call(tmp_path, "show", "p", "--object", "s.V")
        for words in (
            "view S.V → S.V (needed by S.X, step 1)", "needs table DB.S.T (catalog, parsed)",
            "changed, line 1: DB → {{ env.database | ident }} (a database)", "left, line 2 (comment): DB – a comment",
            "    select * from T -- of DB;",
        ):  # fmt: skip
            assert words in told
        assert "S.T →" not in told

    def test_as_json(self, tmp_path):
        project(tmp_path)
        told = json.loads(call(tmp_path, "show", "p", "--format", "json"))
        assert [each["name"] for each in told["objects"]] == ["S.T", "S.V"]
        assert told["files"] == {SCRIPT: "as written"}

    @pytest.mark.parametrize(
        ("words", "error", "sentence"),
        [
            (("q",), UnknownPlan, "There is no plan 'q'."),
            (("p", "--object", "nothing"), UsageError, "Plan 'p' has no object 'nothing'."),
            (("p", "--object", "a..b"), UsageError, "'a..b' is not a name or pattern"),
            (("../p",), UsageError, "'../p' cannot be a plan's name"),
            (("share",), UsageError, "'share' cannot be a plan's name: the word means something else in scripts"),
        ],
    )
    def test_what_is_not_there_is_an_error(self, tmp_path, words, error, sentence):
        project(tmp_path)
        caught = CliRunner().invoke(command, ["show", *words], obj=tmp_path, env={}).exception
        assert isinstance(caught, error)
        assert sentence in caught.sentence

    def test_a_damaged_record_is_an_error(self, tmp_path):
        door = project(tmp_path)
        (tmp_path / "plans" / "p.json").write_text('{"format": 1}')
        with pytest.raises(RecordDamaged, match="lacks"):
            listing.show(door, "p")


class TestAnswer:
    def test_without_words_it_lists(self, tmp_path):
        project(tmp_path, questions=(QUESTION,))
        assert str(QUESTION) in call(tmp_path, "answer", "p")
        assert (tmp_path / "config/migration.yaml").read_text() == ASKED

    def test_the_answer_goes_into_the_file_whose_other_lines_stay(self, tmp_path):
        door = project(tmp_path, questions=(QUESTION,))
        done = answering.answer(door, "p", [f"{QUESTION.id}=include"])
        text = (tmp_path / "config/migration.yaml").read_text()
        assert text.startswith(ASKED)
        assert read_migration(tmp_path).answers == {QUESTION.id: "include"}
        assert (done.path, done.open) == ("config/migration.yaml", ())
        kept = read_record("p", (tmp_path / "plans/p.json").read_text())
        assert (kept.questions, kept.asked.answers) == ((), {QUESTION.id: "include"})

    def test_one_pattern_answers_many(self, tmp_path):
        project(tmp_path, questions=(QUESTION,))
        told = call(tmp_path, "answer", "p", "needs-*=ignore")
        assert f"{QUESTION.id}: ignore" in told
        assert "Nothing is open any more: `runner plan create p`." in told
        assert call(tmp_path, "answer", "p") == "No question is open.\n"

    def test_a_plan_that_came_from_no_file_keeps_them_itself(self, tmp_path):
        door = project(tmp_path, questions=(QUESTION,))
        (tmp_path / "config/migration.yaml").unlink()
        assert answering.answer(door, "p", [f"{QUESTION.id}=include"]).path == "plans/p.json"

    @pytest.mark.parametrize(
        ("word", "sentence"),
        [
            ("needs", "'needs': write ID=ANSWER"),
            (f"{QUESTION.id}=yes", f"{QUESTION.id} takes include or ignore, not 'yes'"),
            (f"{QUESTION.id}x=include", f"no open question is called '{QUESTION.id}x'; '{QUESTION.id}' is meant?"),
            ("zzz=include", "no open question is called 'zzz'"),
            ("=include", "no open question is called ''"),
        ],
    )
    def test_a_wrong_answer_writes_nothing(self, tmp_path, word, sentence):
        door = project(tmp_path, questions=(QUESTION,))
        before = (tmp_path / "plans/p.json").read_text()
        with pytest.raises(AnswersInvalid) as caught:
            answering.answer(door, "p", ["needs-*=include", word])
        assert caught.value.sentence == f"Plan 'p': {sentence}."
        assert (tmp_path / "plans/p.json").read_text() == before
        assert (tmp_path / "config/migration.yaml").read_text() == ASKED

    def test_what_was_answered_is_said(self, tmp_path):
        door = project(tmp_path, questions=(QUESTION,))
        answering.answer(door, "p", ["needs-*=include"])
        with pytest.raises(AnswersInvalid, match="was answered with 'include'"):
            answering.answer(door, "p", [f"{QUESTION.id}=ignore"])

    def test_a_file_that_cannot_be_edited_says_what_to_write(self, tmp_path):
        door = project(tmp_path, questions=(QUESTION,))
        (tmp_path / "config/migration.yaml").write_text(f"{ASKED}answers: none\n")
        with pytest.raises(InvalidFile) as caught:
            answering.answer(door, "p", ["needs-*=include"])
        assert caught.value.hint == f"Write there: {QUESTION.id}: include"


class TestAnalyze:
    def test_it_tells_readers_times_basis_and_risks(self, tmp_path):
        project(tmp_path)
        told = call(tmp_path, "analyze", "p")
        for words in (
            "Plan p: prod → dev. 1 table, 1 view.", "READER", "new tables are empty", "read by view S.V",
            "Estimate: 1,000 rows, 48.8 KB;", "assumed, not measured", "medium  account: no lineage for account",
            "1 place of its text may name the source",
        ):  # fmt: skip
            assert words in told

    def test_as_json(self, tmp_path):
        project(tmp_path)
        told = json.loads(call(tmp_path, "analyze", "p", "--format", "json", "--warehouse-size", "medium"))
        assert told["estimate"]["warehouse"] == "Medium"
        assert {"plan", "kinds", "objects", "timeline", "estimate", "risks"} <= set(told)

    @pytest.mark.parametrize(
        ("rows", "words"),
        [(50, "too few to measure"), (99_999, "too few to measure"), (200_000, "measured: 1 statement")],
    )
    def test_little_that_was_copied_before_measures_nothing(self, rows, words):
        row = StatementRow(
            run_id="r", script="V1", installed_rank=1, ordinal=1, sha256="", line=1, query_id="q",
            state=StatementState.SUCCESS, row_count=rows, execution_time=2000,
        )  # fmt: skip
        assert words in analyzing._rate([row], "dev").basis


class TestOptimize:
    def big(self, tmp_path):
        project(tmp_path)
        step = step_of(tmp_path, Entry(found_table(10**9, 80 * 1024**3), "asked for"))
        return project(tmp_path, steps=(step,))

    def test_a_small_plan_is_left_alone(self, tmp_path):
        project(tmp_path)
        assert "Nothing would be better." in call(tmp_path, "optimize", "p")

    def test_it_writes_what_the_file_can_say_and_says_why(self, tmp_path):
        self.big(tmp_path)
        told = call(tmp_path, "optimize", "p", "--write")
        assert "80.0 GB in one statement" in told
        assert "1 change in config/migration.yaml" in told
        assert (tmp_path / "config/migration.yaml").read_text().startswith(ASKED)
        data = read_migration(tmp_path).data[0]
        assert (str(data.pattern), data.strategy, data.by) == ("S.T", Strategy.BATCHES, "ID")

    def test_without_write_nothing_is_written(self, tmp_path):
        self.big(tmp_path)
        assert "batches (by: ID, size:" in call(tmp_path, "optimize", "p")
        assert (tmp_path / "config/migration.yaml").read_text() == ASKED

    def test_a_plan_without_a_file_cannot_be_written_into(self, tmp_path):
        door = self.big(tmp_path)
        (tmp_path / "config/migration.yaml").unlink()
        with pytest.raises(MissingFile, match=r"migration\.yaml"):
            analyzing.optimize(door, "p", write=True)


class TestGraph:
    def test_the_page_has_the_objects_with_what_the_plan_says_of_them(self, tmp_path):
        project(tmp_path, questions=(QUESTION,))
        told = call(
            tmp_path, "graph", "p", "--html", str(tmp_path / "out" / "p.html"), "--svg", str(tmp_path / "p.svg")
        )
        assert "2 objects, 1 dependency" in told
        html = (tmp_path / "out" / "p.html").read_text()
        for words in ("Plan p", "prod → dev", "open question", "needed by S.X", "no lineage for account"):
            assert words in html
        assert (tmp_path / "p.svg").read_text().startswith("<svg")

    def test_the_same_record_gives_the_same_bytes(self, tmp_path):
        door = project(tmp_path)
        drawn = [tmp_path / f"{number}.html" for number in range(2)]
        for path in drawn:
            drawing.draw(door, "p", html=path)
        assert drawn[0].read_bytes() == drawn[1].read_bytes()

    def test_only_a_drawing_is_written_over(self, tmp_path):
        door = project(tmp_path)
        mine = tmp_path / "config/migration.yaml"
        text = mine.read_text()
        for words in ({"html": mine}, {"html": tmp_path / "p.html", "picture": mine}):
            with pytest.raises(FileInTheWay, match=r"migration\.yaml stands there and is no drawing"):
                drawing.draw(door, "p", **words)
        assert (mine.read_text(), (tmp_path / "p.html").exists()) == (text, False)
        for _ in range(2):
            drawing.draw(door, "p", html=tmp_path / "p.html", picture=tmp_path / "p.svg")
        drawing.draw(door, "p", html=mine, force=True)
        assert mine.read_text() == (tmp_path / "p.html").read_text()

    def test_the_graph_for_a_program(self, tmp_path):
        project(tmp_path)
        told = json.loads(call(tmp_path, "graph", "p", "--format", "json"))
        assert [(each["kind"], each["name"], each["state"]) for each in told["objects"]] == [
            ("table", "DB.S.T", "asked for"), ("view", "DB.S.V", "needed by it"),
        ]  # fmt: skip
        (one,) = told["dependencies"]
        assert (one["needer"], one["needed"], one["evidence"]) == ("DB.S.V", "DB.S.T", ["catalog", "parsed"])
        assert one["places"] == [{"line": 2, "column": 15, "text": "T"}]

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ((), "Say --html FILE, or --svg FILE."),
            (("--html", "/proc/none/p.html"), "/proc/none/p.html cannot be written"),
        ],
    )
    def test_where_to_must_be_said_and_possible(self, tmp_path, words, sentence):
        project(tmp_path)
        caught = CliRunner().invoke(command, ["graph", "p", *words], obj=tmp_path, env={}).exception
        assert isinstance(caught, UsageError)
        assert sentence in caught.sentence


class TestValidateOffline:
    def outcomes(self, door):
        return {line.what: line for line in validating.validate(door, "p", offline=True).lines}

    def test_a_plan_as_it_was_written_is_fine(self, tmp_path):
        told = self.outcomes(project(tmp_path))
        assert {what: line.outcome for what, line in told.items()} == dict.fromkeys(
            ("files", "questions", "asked"), Outcome.OK
        )

    def test_open_questions_and_missing_files_fail_it(self, tmp_path):
        project(tmp_path, questions=(QUESTION,))
        (tmp_path / SCRIPT).unlink()
        ran = CliRunner().invoke(command, ["validate", "p", "--offline"], obj=tmp_path, env={})
        assert isinstance(ran.exception, PlanNotReady)
        assert ran.exception.sentence == "Plan 'p' is not ready: 2 checks failed."
        assert f"missing: {SCRIPT}" in ran.output
        assert QUESTION.id in ran.output

    def test_an_edited_file_is_a_warning(self, tmp_path):
        door = project(tmp_path)
        (tmp_path / SCRIPT).write_text("mine")
        assert self.outcomes(door)["files"].outcome is Outcome.WARNING

    @pytest.mark.parametrize(
        ("text", "outcome", "words"),
        [
            (ASKED.replace("[s.t]", "[s.u]"), Outcome.WARNING, "says something else since: select"),
            (ASKED + "data:\n  default: none\n", Outcome.WARNING, "says something else since: data"),
            ("source: prod\n", Outcome.FAILED, "'target' is missing"),
            ("\n" + ASKED, Outcome.OK, "as it was"),
        ],
    )
    def test_the_migrations_file_is_held_against_what_was_asked(self, tmp_path, text, outcome, words):
        door = project(tmp_path)
        (tmp_path / "config/migration.yaml").write_text(text)
        told = self.outcomes(door)["asked"]
        assert (told.outcome, words in told.detail) == (outcome, True), told

    def test_a_plan_of_which_nothing_was_written_is_not_ready(self, tmp_path):
        assert self.outcomes(project(tmp_path, steps=()))["files"].outcome is Outcome.FAILED


def test_a_record_of_the_sample_reads_as_it_was_written(tmp_path):
    project(tmp_path)
    kept = recorded(tmp_path)
    assert read_record(kept.path, kept.text).state[V].reason == "needed by S.X"
