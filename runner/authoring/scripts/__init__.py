"""A draft as files: the numbered scripts, their undo, the grants, and the list of what travels. Pure."""

from __future__ import annotations

from runner.authoring.draft import Draft
from runner.authoring.scripts import data, ddl, grants, listing, share, sync
from runner.authoring.scripts.file import File

__all__ = ["File", "files"]


def files(draft: Draft, whole: Draft) -> tuple[File, ...]:
    """Every file of this step, in the order in which its scripts are applied. The same draft gives the same bytes.

    ``whole`` is the plan with all its steps: what R scripts say is said of all objects.
    """
    numbers = iter(range(1_000_000))
    found = [
        *listing.files(draft),
        *share.files(draft, numbers),
        *ddl.files(draft, numbers),
        *data.files(draft, numbers),
        *sync.files(draft, whole, numbers),
        *ddl.files_after_data(draft, numbers),
        *ddl.repeatables(whole),
        *grants.files(whole),
    ]
    return tuple(found)
