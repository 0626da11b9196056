"""Order by dependency: a graph that knows neither files nor accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from runner.core.errors import DependencyCircle


def ordered(nodes: Iterable[str], needs: Mapping[str, Iterable[str]], what: str = "items") -> list[str]:
    """Every node after the nodes it needs; ties by the order given. Needs outside the nodes carry no weight."""
    names = list(nodes)
    known = set(names)
    inside = {name: [need for need in needs.get(name, ()) if need in known] for name in names}
    done: dict[str, None] = {}
    for name in names:
        _visit(name, inside, done, (), what)
    return list(done)


def _visit(name: str, needs: Mapping[str, list[str]], done: dict[str, None], path: tuple[str, ...], what: str) -> None:
    if name in path:
        raise DependencyCircle(what, (*path[path.index(name) :], name))
    if name in done:
        return
    for need in needs[name]:
        _visit(need, needs, done, (*path, name), what)
    done[name] = None


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant; None when none is near."""
    by_lower = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), list(by_lower), n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None
