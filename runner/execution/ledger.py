"""The next rows of the journal: numbers, ranks and seals that follow from what was read under the lease."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from runner.core.history import Event, EventType, History
from runner.core.script import Kind, Rendered, Script


@dataclass(frozen=True, slots=True)
class Facts:
    """What is the same in every row of a run."""

    run_id: str
    environment: str
    account: str
    user: str
    role: str
    warehouse: str
    git_commit: str
    runner_version: str
    session_id: int
    fence: int


@dataclass(slots=True)
class Ledger:
    """Makes events in order. What it made must be recorded in order, or not at all."""

    facts: Facts
    number: int
    rank: int
    seal: str
    made: list[Event] = field(default_factory=list)

    @staticmethod
    def after(history: History, facts: Facts) -> Ledger:
        return Ledger(facts, history.next_number, history.next_rank, history.seal)

    def next_rank(self) -> int:
        self.rank += 1
        return self.rank - 1

    def event(self, kind: EventType, rank: int, /, **fields: object) -> Event:
        """The next event, sealed to the one before."""
        facts = self.facts
        event = Event(
            number=self.number, event=kind, run_id=facts.run_id, installed_rank=rank, environment=facts.environment,
            account=facts.account, installed_by=facts.user, role=facts.role, warehouse=facts.warehouse,
            git_commit=facts.git_commit, runner_version=facts.runner_version, session_id=facts.session_id,
            fence=facts.fence, **fields,  # type: ignore[arg-type]
        )  # fmt: skip
        event = replace(event, chain=event.sealed_after(self.seal))
        self.number, self.seal = event.number + 1, event.chain
        self.made.append(event)
        return event

    def back_to(self, event: Event) -> None:
        """Forget this event and those after it: their transaction was rolled back."""
        at = self.made.index(event)
        self.number = event.number
        self.made = self.made[:at]
        self.seal = self.made[-1].chain if self.made else self._seal_before(event)

    def _seal_before(self, event: Event) -> str:
        raise ValueError(f"event {event.number} is the first of this run and cannot be taken back")


def script_fields(script: Script) -> dict[str, object]:
    """The columns that say which script a row speaks of."""
    return {
        "kind": script.kind,
        "version": str(script.version) if script.version else None,
        "description": script.description,
        "script": script.name,
    }


def checksum_fields(rendered: Rendered) -> dict[str, object]:
    """The columns that say what exactly was applied. A script that renders to nothing has no rendered checksum."""
    empty = not rendered.statements
    recorded = "" if empty and rendered.script.kind is Kind.REPEATABLE else str(rendered.recorded_checksum)
    return {
        "checksum": recorded,
        "rendered_checksum": "" if empty else str(rendered.checksum),
        "statements": len(rendered.statements),
        "transactional": rendered.script.head.transactional,
    }
