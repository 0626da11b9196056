"""Two shapes of one object side by side. Pure: differences count, notes only tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias, assert_never

from runner.reconcile.diffing import difference
from runner.reconcile.move import Move
from runner.reconcile.result import Difference
from runner.reconcile.shape import Code, Column, ForeignKey, Other, Sequence, Shape, Table
from runner.sql.canonical import canonical
from runner.sql.errors import SqlTextError

Finding: TypeAlias = Difference | str
"""A difference, or a note."""
_NOTHING = "–"


def findings(source: Shape, target: Shape, move: Move) -> Iterator[Finding]:
    """All that is not the same in two shapes of one kind."""
    match source, target:
        case Table(), Table():
            yield from _tables(source, target, move)
        case Code(), Code():
            yield from _codes(source, target, move)
        case Sequence(), Sequence():
            yield from _sequences(source, target)
        case Other(), Other():
            yield f"{target.kind}: this kind is not compared"
        case ((Table() | Code() | Sequence() | Other()), (Table() | Code() | Sequence() | Other())):
            yield Difference("kind", _kind(source), _kind(target))
        case _:
            assert_never((source, target))


def _kind(shape: Shape) -> str:
    return shape.kind if isinstance(shape, Other) else type(shape).__name__.lower()


def _tables(source: Table, target: Table, move: Move) -> Iterator[Finding]:
    yield from _columns(source.columns, target.columns, move)
    yield from _plain("primary key", _listed(source.primary), _listed(target.primary))
    yield from _sets("unique key", map(_listed, source.uniques), map(_listed, target.uniques))
    yield from _sets("foreign key", map(_foreign, _moved(source.foreign, move)), map(_foreign, target.foreign))
    yield from _expression("clustering key", source.clustering, target.clustering, move)
    yield from _named("comment", source.comment, target.comment, move)
    yield from _plain("transient", _yes(source.transient), _yes(target.transient))
    yield from _attached(source, target, move)


def _attached(source: Table, target: Table, move: Move) -> Iterator[str]:
    """Who may see what is for the target to say: that it is otherwise there is told and does not count."""
    if source.attached is None or target.attached is None:
        yield "policies and tags: the role may not read them"
        return
    theirs = {replace(one, parts=_there(one.parts, move)) for one in source.attached}
    for one in sorted(theirs - target.attached):
        yield f"{one.kind} {'.'.join(one.parts)}{one.on}: in the source only"
    for one in sorted(target.attached - theirs):
        yield f"{one.kind} {'.'.join(one.parts)}{one.on}: not in the source"


def _there(parts: tuple[str, ...], move: Move) -> tuple[str, ...]:
    return move.place((parts[0], parts[1], parts[2])) if len(parts) == 3 else parts


def _columns(source: tuple[Column, ...], target: tuple[Column, ...], move: Move) -> Iterator[Finding]:
    ours, theirs = {c.name: c for c in target}, {c.name: c for c in source}
    for name, column in theirs.items():
        if name not in ours:
            yield Difference(f"column {name}", column.type, _NOTHING)
        else:
            yield from _column(column, ours[name], move)
    for name in ours.keys() - theirs.keys():
        yield Difference(f"column {name}", _NOTHING, ours[name].type)
    if ours.keys() == theirs.keys() and list(ours) != list(theirs):
        yield Difference("order of columns", _listed(tuple(theirs)), _listed(tuple(ours)))


def _column(source: Column, target: Column, move: Move) -> Iterator[Finding]:
    what = f"column {source.name}"
    yield from _plain(f"{what}: type", source.type, target.type)
    yield from _plain(f"{what}: nullable", _yes(source.nullable), _yes(target.nullable))
    yield from _default(what, source.default, target.default, move)
    yield from _named(f"{what}: comment", source.comment, target.comment, move)
    yield from _plain(f"{what}: collation", source.collation, target.collation)
    yield from _identity(what, source.identity, target.identity)


def _default(what: str, source: str | None, target: str | None, move: Move) -> Iterator[Finding]:
    if target and move.left_over(target):
        yield Difference(f"{what}: default names the source's database", source or _NOTHING, target)
    else:
        yield from _expression(f"{what}: default", source, target, move)


def _identity(what: str, source: tuple[int, int] | None, target: tuple[int, int] | None) -> Iterator[Finding]:
    if source is None or target is None:
        yield from _plain(f"{what}: identity", _yes(source is not None), _yes(target is not None))
        return
    yield from _start(f"{what}: identity", source[0], target[0], source[1])
    yield from _plain(f"{what}: identity increment", str(source[1]), str(target[1]))


def _start(what: str, source: int, target: int, increment: int) -> Iterator[Finding]:
    """A copy goes on after what was copied, in the direction it counts; a start before the source's would repeat it."""
    if source == target:
        return
    if (target > source) == (increment > 0):
        yield f"{what} goes on after the copied data: starts with {target}, the source with {source}"
    else:
        yield Difference(f"{what} start", str(source), str(target))


def _sequences(source: Sequence, target: Sequence) -> Iterator[Finding]:
    yield from _start("sequence", source.start, target.start, source.increment)
    yield from _plain("increment", str(source.increment), str(target.increment))
    yield from _plain("ordered", _yes(source.ordered), _yes(target.ordered))
    yield from _plain("comment", source.comment, target.comment)


def _codes(source: Code, target: Code, move: Move) -> Iterator[Finding]:
    if source.problem or target.problem:
        yield Difference("text", source.problem or "can be read", target.problem or "can be read")
        return
    try:
        yield from _texts(source.ddl, target.ddl, move)
    except SqlTextError as error:
        if source.ddl.split() != target.ddl.split():
            what = f"text, compared as it stands ({error})"
            yield Difference(what, "", "", difference(source.ddl, target.ddl))


def _texts(source: str, target: str, move: Move) -> Iterator[Finding]:
    for where in move.left_over(target):
        yield Difference("names the source's database", _NOTHING, where)
    theirs, ours = canonical(move.forth(source)), canonical(move.mended(target))
    if theirs != ours and move.texts_unnamed(theirs) == move.texts_unnamed(ours):
        yield f"the same but for names inside text that have another in {move.target}"
    elif theirs != ours:
        yield Difference(_part(theirs, ours), "", "", difference(theirs, ours))
    if mentions := move.mentions(target):
        yield f"mentions the source's database as text ({'; '.join(mentions)})"


def _part(source: str, target: str) -> str:
    """Which part of the text is not the same: what comes before body or query counts first."""
    for mark, what in (("\n$$\n", "body"), (" AS ", "query")):
        (theirs, mine, _), (ours, yours, _) = source.partition(mark), target.partition(mark)
        if mine and yours:
            return what if theirs == ours else "definition"
    return "definition"


def _plain(what: str, source: str | None, target: str | None) -> Iterator[Finding]:
    if (source or None) != (target or None):
        yield Difference(what, source or _NOTHING, target or _NOTHING)


def _expression(what: str, source: str | None, target: str | None, move: Move) -> Iterator[Finding]:
    """SQL in which the case of words means nothing."""
    if not (source and target):
        yield from _plain(what, source, target)
        return
    theirs, ours = _form(move.forth(source)), _form(target)
    if theirs != ours and move.texts_unnamed(theirs) == move.texts_unnamed(ours):
        yield f"{what}: the same but for names inside text: {target}"
    elif theirs != ours:
        yield Difference(what, source, target)


def _form(text: str) -> str:
    try:
        return canonical(text)
    except SqlTextError:
        return text


def _named(what: str, source: str | None, target: str | None, move: Move) -> Iterator[Finding]:
    """Texts in which names may follow what they name."""
    same = source and target and source != target and move.unnamed(source) == move.unnamed(target)
    if same:
        yield f"{what}: the same but for names in it: {target}"
    else:
        yield from _plain(what, source, target)


def _sets(what: str, source: Iterable[str], target: Iterable[str]) -> Iterator[Finding]:
    theirs, ours = set(source), set(target)
    for key in sorted(theirs - ours):
        yield Difference(what, key, _NOTHING)
    for key in sorted(ours - theirs):
        yield Difference(what, _NOTHING, key)


def _moved(keys: Iterable[ForeignKey], move: Move) -> Iterator[ForeignKey]:
    return (ForeignKey(key.columns, move.place(key.table), key.referenced) for key in keys)


def _foreign(key: ForeignKey) -> str:
    return f"{_listed(key.columns)} → {'.'.join(key.table)} {_listed(key.referenced)}"


def _listed(names: tuple[str, ...]) -> str:
    return f"({', '.join(names)})" if names else ""


def _yes(value: bool) -> str:
    return "yes" if value else "no"
