"""The QUERY_TAG of every statement: whose it is, so that its fate can be looked up when the answer was lost."""

from __future__ import annotations

import json
from dataclasses import dataclass

from runner.core.script import Statement


@dataclass(frozen=True, slots=True)
class Tag:
    """Which statement of which attempt. `sha256` is cut to 12 characters: a tag has room for 2,000."""

    run_id: str
    environment: str
    script: str
    ordinal: int
    sha256: str

    @staticmethod
    def of(run_id: str, environment: str, script: str, statement: Statement) -> Tag:
        return Tag(run_id, environment, script, statement.ordinal, statement.sha256[:12])

    @property
    def text(self) -> str:
        facts = {
            "app": "runner", "run": self.run_id, "env": self.environment, "script": self.script,
            "stmt": self.ordinal, "sha": self.sha256,
        }  # fmt: skip
        return json.dumps(facts, separators=(",", ":"))


def read_tag(text: str) -> Tag | None:
    """A tag of ours back from text; None for anybody else's."""
    try:
        facts = json.loads(text)
        return Tag(facts["run"], facts["env"], facts["script"], int(facts["stmt"]), facts["sha"])
    except (ValueError, KeyError, TypeError):
        return None
