"""Which tests go to one worker of pytest-xdist together: those that share what is dear to make."""

from __future__ import annotations

import re

from xdist.scheduler import LoadScopeScheduling

_ESTATE = re.compile(r"tests/projects/\w+\.py::.*\[(large|seeded|traps)\]")
_ORGANISATION = re.compile(r"tests/e2e/test_(bad_luck|kill_migration|plan_shipped)\.py::")
_APART = re.compile(r"tests/(e2e|projects)/(?!test_reconcile|door/test_door_(snapshots|tls|clock))")


class ByWhatIsShared(LoadScopeScheduling):
    """Tests of one estate together, the long tests of the whole road one by one, and all others by their files."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def unit_of(nodeid: str) -> str:
    """The name of what a worker takes at once."""
    if estate := _ESTATE.match(nodeid):
        return f"estate {estate[1]}"
    if _ORGANISATION.match(nodeid):
        return "the shipped organisation"
    return nodeid if _APART.match(nodeid) else nodeid.split("::")[0]
