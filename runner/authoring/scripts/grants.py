"""R__grants: who may do what in the target, from the grants that were found, for the roles that are mapped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from runner.authoring.draft import Draft, Piece
from runner.authoring.names import DATABASE, role_in_script
from runner.authoring.scripts.file import File, comment, head, literal, schemas
from runner.catalog.estate import SYSTEM_ROLES, Found, Grant, Kind

_PLURAL = {"POLICY": "POLICIES"}


def files(draft: Draft) -> tuple[File, ...]:
    """Nothing is granted to a role that is not mapped: such grants are listed at the end, not dropped in silence."""
    lines = [*_grants(draft), *_owned(draft)]
    left = sorted(set(_left(draft)))
    if not lines and not left:
        return ()
    body = "\n".join(lines) + "\n" if lines else ""
    if left:
        body += "\n-- Found in the source, and left out, since nothing says who these roles are here:\n"
        body += "".join(f"--   {comment(line)}\n" for line in left)
    about = head(
        "dataops",
        "Who may do what. Applied again whenever this text or the role mapping changes, and after every undo.",
        "A role that is missing stops it before anything is granted.", environments=draft.asked.target,
    )  # fmt: skip
    return (File(f"versions/R__{draft.prefix}grants.sql", about + "{% set roles = env.roles %}\n" + schemas(draft, body)
                 + _roles(draft, body) + body),)  # fmt: skip


def _roles(draft: Draft, body: str) -> str:
    used = [word for word in sorted(set(draft.roles.values())) if f"{role_in_script(word)} " in body]
    if not used:
        return "\n"
    return f"\n-- runner: assert\n{{{{ assert.roles_exist([{', '.join(map(role_in_script, used))}]) }}}};\n\n"


def role(word: str) -> str:
    """A logical role as scripts write it."""
    return f"{{{{ {role_in_script(word)} | ident }}}}"


def _grants(draft: Draft) -> Iterator[str]:
    """The database, its schemas, then the objects in the order they are made."""
    found = [*_of_owners(draft), *(line for place in draft.places for line in _place(draft, place))]
    yield from dict.fromkeys(found)
    for piece in draft.pieces:
        name = f"{_kind(piece.kind)} {_name(draft, piece)}"
        yield from _given(draft, piece.found.grants, partial(_on, name))


def _of_owners(draft: Draft) -> Iterator[str]:
    """Who owns an object must reach it."""
    owned = [(word, piece.target.schema) for piece in draft.pieces if (word := draft.owner(piece))]
    for word in sorted({word for word, _ in owned}):
        yield f"GRANT USAGE ON DATABASE {DATABASE} TO ROLE {role(word)};"
    for word, schema in sorted(set(owned)):
        yield f"GRANT USAGE ON SCHEMA {draft.names.prefix(schema)} TO ROLE {role(word)};"


def _place(draft: Draft, place: Found) -> Iterator[str]:
    address = place.address
    if address.kind is Kind.DATABASE:
        name = f"DATABASE {DATABASE}"
    else:
        name = f"SCHEMA {draft.names.prefix(draft.names.of(address).name)}"
    yield from _given(draft, place.grants, partial(_on, name))


def _on(name: str, grant: Grant) -> str:
    return f"FUTURE {plural(grant.future)} IN {name}" if grant.future else name


def _given(draft: Draft, grants: Iterable[Grant], on: Callable[[Grant], str]) -> Iterator[str]:
    """One line for all privileges on one thing to one role."""
    groups: dict[tuple[str, str, bool], list[str]] = {}
    for grant in grants:
        word = draft.logical(grant)
        if word and grant.privilege != "OWNERSHIP":
            groups.setdefault((on(grant), word, grant.grant_option), []).append(grant.privilege)
    for (name, word, option), privileges in groups.items():
        behind = " WITH GRANT OPTION" if option else ""
        yield f"GRANT {', '.join(sorted(privileges))} ON {name} TO ROLE {role(word)}{behind};"


def plural(kind: str) -> str:
    last = kind.rsplit(" ", 1)[-1]
    return kind.removesuffix(last) + _PLURAL.get(last, last + "S")


def _owned(draft: Draft) -> Iterator[str]:
    """Ownership goes last, with the grants that stand."""
    owned = [(piece, word) for piece in draft.pieces if (word := draft.owner(piece))]
    if owned:
        yield "\n-- Ownership goes last, with the grants that stand."
    for piece, word in owned:
        name = draft.names.expression(piece.found.address)
        yield f"{{{{ grant.own({literal(_kind(piece.kind))}, {name}, {role_in_script(word)}) }}}};"


def _kind(kind: Kind) -> str:
    return "VIEW" if kind is Kind.MATERIALIZED_VIEW else kind.value


def _name(draft: Draft, piece: Piece) -> str:
    return draft.names.written(piece.found.address)


def _left(draft: Draft) -> Iterator[str]:
    everything: Sequence[Found] = [*draft.places, *(piece.found for piece in draft.pieces)]
    for found in everything:
        for grant in found.grants:
            if draft.logical(grant) or grant.grantee in SYSTEM_ROLES or grant.grantee_kind == "SHARE":
                continue
            on = f"{plural(grant.future)} in {found.address}" if grant.future else str(found.address)
            yield f"{grant.privilege} on {on} to {grant.grantee_kind.lower()} {grant.grantee}"
