"""What only a person can say. A question has an id that stays the same while its matter does."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from runner.catalog.estate import Address, Place
from runner.core.errors import InvalidFile
from runner.project.migration import Asked
from runner.sql.moving import Seen


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """``id`` names it in answers; ``choices`` are the answers it takes."""

    id: str
    text: str
    choices: tuple[str, ...]
    about: Address

    def __str__(self) -> str:
        return f"{self.id}: {self.text} [{' | '.join(self.choices)}]"


def answered(asked: Asked, question: Question) -> str | None:
    """The file's answer to a question; None while there is none. InvalidFile for one that is none of its choices."""
    answer = asked.answers.get(question.id)
    if answer is None or answer in question.choices:
        return answer
    reason = f"answers.{question.id}: it takes {' or '.join(question.choices)}, not '{answer}'."
    raise InvalidFile(asked.path, reason, advice=f"It asks: {question.text}")


def of_dependency(needer: Address, needed: Address, places: Sequence[Place]) -> Question:
    """Only text suggests that it is needed."""
    seen = f" (line {places[0].line}: {places[0].text})" if places else ""
    text = f"{needer.short} seems to use {needed.kind.lower()} {needed.short}{seen}. Is it to travel too?"
    return Question(_id("needs", needer, str(needed)), text, ("include", "ignore"), needer)


def of_literal(about: Address, seen: Seen, line: str) -> Question:
    """A text in code looks like a name of the source: a program cannot know whether it is used as one.

    It is the same question, wherever the ``line`` that holds it goes, while the line is the same.
    """
    text = f"{about.short}, line {seen.line}: {seen.kind} holds {seen.text}. Should it name the target?"
    return Question(_id("text", about, f"{line.strip()}:{seen.text}"), text, ("keep", "rewrite"), about)


def of_loss(about: Address, what: str, *, drops: str, choices: tuple[str, ...] = ("drop", "keep")) -> Question:
    """The source changed in a way that the target cannot follow without losing something."""
    return Question(_id("loss", about, what), f"{about.short}: {what}. {drops}", choices, about)


def is_of(id_: str, about: Address) -> bool:
    """Could this be the id of a question about the object? Other objects of its name have such ids too."""
    return id_.split("-", 1)[-1].startswith(_word(about))


def _id(kind: str, about: Address, matter: str) -> str:
    """A short word that people can type, and that does not change while the matter stays the same."""
    digest = hashlib.sha256(f"{kind}\0{about}\0{matter}".encode()).hexdigest()[:8]
    return f"{kind}-{_word(about)}{digest}"


def _word(about: Address) -> str:
    return f"{about.name.lower()}-".replace(" ", "_")
