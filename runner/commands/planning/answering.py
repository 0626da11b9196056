"""`plan answer`: what only a person can say, written where the next `plan create` reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from runner.authoring.questions import Question
from runner.authoring.scripts import File
from runner.commands.planning import records
from runner.commands.planning.subjects import Opened
from runner.commands.workspace import Door
from runner.core.errors import AnswersInvalid
from runner.core.graph import nearest
from runner.project.files import read_text
from runner.project.yaml_editing import with_entries


@dataclass(frozen=True, slots=True)
class Answered:
    """``path`` is the file that now holds the answers; ``open`` is what is left."""

    plan: str
    path: str
    answers: Mapping[str, str]
    open: tuple[Question, ...]


def answer(door: Door, name: str, words: Sequence[str] = ()) -> Answered:
    """`ID=ANSWER`; an id may hold * and ?. Nothing is written unless all of them are right.

    The answers go under `answers` of the migration's file, whose other lines stay as they are; where the plan came from
    no file, into its record. Raises AnswersInvalid.
    """
    opened = Opened.of(door, name)
    record = opened.record
    given = answers(record.plan, record.questions, record.asked.answers, words)
    if not given:
        return Answered(name, "", {}, record.questions)
    path = opened.settings.root / record.asked.path
    if path.is_file():
        shown = record.asked.path
        text = with_entries(read_text(path, shown), ("answers",), given, shown)
        path.write_text(text, encoding="utf-8")
    asked = replace(record.asked, answers={**record.asked.answers, **given})
    rest = tuple(question for question in record.questions if question.id not in given)
    kept = replace(record, asked=asked, questions=rest)
    records.write(opened.settings.root, [File(kept.path, kept.text)])
    return Answered(name, record.asked.path if path.is_file() else kept.path, given, rest)


def answers(plan: str, questions: Sequence[Question], known: Mapping[str, str], words: Sequence[str]) -> dict[str, str]:
    """The words as answers to questions that are open; raises AnswersInvalid with all that is wrong."""
    given, problems = dict[str, str](), list[str]()
    for word in words:
        pattern, equals, chosen = (part.strip() for part in word.rpartition("="))
        if not equals:
            problems.append(f"'{word}': write ID=ANSWER")
            continue
        meant = [question for question in questions if fnmatchcase(question.id, pattern)]
        problems += _unknown(pattern, questions, known) if not meant else _not_a_choice(meant, chosen)
        given |= {question.id: chosen for question in meant}
    if problems:
        raise AnswersInvalid(plan, tuple(problems))
    return given


def _unknown(pattern: str, questions: Sequence[Question], known: Mapping[str, str]) -> Iterator[str]:
    if pattern in known:
        yield f"'{pattern}' was answered with '{known[pattern]}': change it in the migration's file"
        return
    near = nearest(pattern, [question.id for question in questions])
    yield f"no open question is called '{pattern}'" + (f"; '{near}' is meant?" if near else "")


def _not_a_choice(meant: Sequence[Question], chosen: str) -> Iterator[str]:
    for question in meant:
        if chosen not in question.choices:
            yield f"{question.id} takes {' or '.join(question.choices)}, not '{chosen}'"
