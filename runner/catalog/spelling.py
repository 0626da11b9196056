"""How SHOW and INFORMATION_SCHEMA spell types, signatures and names."""

from __future__ import annotations

_TEXT = {"TEXT": "VARCHAR", "VARCHAR": "VARCHAR", "BINARY": "BINARY"}


def type_text(name: str, length: int | None, precision: int | None, scale: int | None, moment: int | None) -> str:
    """A data type of INFORMATION_SCHEMA.COLUMNS in one spelling (docs: sql-reference/info-schema/columns)."""
    if name in _TEXT and length is not None:
        return f"{_TEXT[name]}({length})"
    if name == "NUMBER" and precision is not None:
        return f"NUMBER({precision},{scale or 0})"
    if moment is not None:
        return f"{name}({moment})"
    return _TEXT.get(name, name)


def argument_types(name: str, arguments: str) -> tuple[str, ...]:
    """The types in SHOW's `NAME(T1 [, T2]) RETURN T` or `NAME(T1, DEFAULT T2) RETURN T` (docs: sql/show-procedures)."""
    inside = arguments[len(name) + 1 :].rpartition(") RETURN ")[0].replace("[", "").replace("]", "")
    return tuple(text.strip().removeprefix("DEFAULT ").removeprefix("OUT ") for text in split_list(inside))


def declares(signature: str, types: str) -> bool:
    """Is INFORMATION_SCHEMA's `(D DATE, N NUMBER)` of the routine with the types `(DATE, NUMBER)`?"""
    declared = [text.partition(" DEFAULT ")[0].strip() for text in split_list(signature.strip()[1:-1])]
    wanted = [text.strip() for text in split_list(types.strip()[1:-1])]
    return len(declared) == len(wanted) and all(
        one == kind or one.endswith(f" {kind}") for one, kind in zip(declared, wanted, strict=True)
    )


def split_list(text: str) -> list[str]:
    """The items of a list with commas, where parentheses and double quotes hold one together."""
    items, depth, quoted = [""], 0, False
    for character in text:
        quoted ^= character == '"'
        depth += 0 if quoted else (character == "(") - (character == ")")
        if character == "," and depth == 0 and not quoted:
            items.append("")
        else:
            items[-1] += character
    return [item for item in items if item.strip()]


def whole(value: object) -> int | None:
    return None if value is None else int(str(value))


def said(value: object) -> str:
    """What a column holds, as text; the empty text for NULL."""
    return "" if value is None else str(value)
