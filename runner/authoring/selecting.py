"""Which objects the words of the selection choose. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from runner.catalog.estate import OF_ACCOUNT, ROUTINES, Address, Estate, Found, Kind
from runner.core.errors import AmbiguousName, InvalidFile, SelectionEmpty
from runner.core.graph import nearest
from runner.core.patterns import Pattern
from runner.project.migration import Asked, Choice, Data


def chosen(asked: Asked, estate: Estate) -> Iterator[tuple[Address, str]]:
    """Every object that is chosen, with the words that chose it.

    A name that is excluded but also asked for by name travels: who names a thing wants it.
    """
    if not asked.select:
        raise InvalidFile(asked.path, "`select` names nothing.", advice=_SELECT)
    found_any = False
    for choice in asked.select:
        found = [found for found in estate.objects if _fits(choice, found, estate.database)]
        if not found:
            raise _nothing(asked, choice, estate)
        _refuse_two_kinds(asked, choice, found)
        staying = [one.address for one in found if _stays(asked, choice, one)]
        found_any = found_any or bool(staying)
        yield from ((address, f"asked for: {choice.pattern}") for address in staying)
    if not found_any:
        raise InvalidFile(asked.path, "`select.exclude` takes everything out that was selected.", advice=_SELECT)


_SELECT = "Name tables, views, procedures … or whole schemas: `runner plan init` writes a list of what there is."


def _fits(choice: Choice, found: Found, database: str) -> bool:
    """Objects of other databases are chosen only where the pattern names their database."""
    address = found.address
    if address.database != database and len(choice.pattern.parts) < 3:
        return False
    if address.kind in OF_ACCOUNT or address.kind is Kind.SCHEMA or (choice.kind and address.kind != choice.kind):
        return False
    return choice.pattern.matches(address.place, address.signature)


def _stays(asked: Asked, choice: Choice, found: Found) -> bool:
    address = found.address
    if choice.pattern.is_name:
        return True
    return not any(pattern.matches(address.place, address.signature) for pattern in asked.exclude)


def _refuse_two_kinds(asked: Asked, choice: Choice, found: list[Found]) -> None:
    kinds = {one.address.kind for one in found}
    if choice.kind or len(kinds) < 2 or not choice.pattern.is_name:
        return
    words = tuple(sorted(f"a {one.address.kind.lower()} ({one.address.short})" for one in found))
    raise AmbiguousName(asked.path, str(choice.pattern), words, choice.line)


def _nothing(asked: Asked, choice: Choice, estate: Estate) -> SelectionEmpty | InvalidFile:
    """Nothing of that name; or something, of another kind."""
    others = [found for found in estate.objects if choice.pattern.matches(found.address.place, found.address.signature)]
    if others and choice.pattern.is_name:
        kind = others[0].address.kind.lower()
        reason = f"'{choice.pattern}' is a {kind}, not a {choice.kind.lower()}."
        return InvalidFile(asked.path, reason, choice.line, f"Write it under the word for a {kind}.")
    what = f"{choice.kind.lower() or 'schema'} '{choice.pattern}'"
    return SelectionEmpty(asked.path, what, nearest(str(choice.pattern), _names(choice, estate)), choice.line)


def _names(choice: Choice, estate: Estate) -> Iterator[str]:
    for found in estate.objects:
        address = found.address
        if not choice.kind or address.kind == choice.kind:
            short = f"{address.schema}.{address.name}".lower()
            yield short + address.signature.lower() if address.kind in ROUTINES else short


def procedure_of(asked: Asked, data: Data, estate: Estate) -> Found:
    """The procedure whose statements a replay takes. InvalidFile, with the line, where it is none or more than one."""
    pattern = Pattern.parse(data.statements)
    procedures = [one for one in estate.objects if one.address.kind is Kind.PROCEDURE]
    found = [one for one in procedures if pattern.matches(one.address.place, one.address.signature)]
    if len(found) == 1:
        return found[0]
    if not found:
        close_to = nearest(str(pattern), [one.address.short for one in procedures])
        advice = f"Did you mean '{close_to}'?" if close_to else "Say `history`, or schema.procedure."
        raise InvalidFile(asked.path, f"from: procedure '{pattern}' is not in the source.", data.line, advice)
    advice = f"Write one of: {', '.join(one.address.short for one in found)}."
    raise InvalidFile(asked.path, f"from: '{pattern}' means {len(found)} procedures.", data.line, advice)
