"""Collations: texts that are compared, sorted and grouped otherwise than by their characters.

A value's type says its collation; where values are compared, keys take their place (see `types.instant`). A function
or operator that is not known to mind collations is refused by name. Source: sql-reference/collation.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from runner.sandbox.classes import dataclass
from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.result import SnowType
from runner.sandbox.tokens import quote_string

_LANGUAGES = """
    af ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl he hi hr hu hy id is it ja ka kk ko lt lv mk
    ms nb nl nn no pl pt ro ru sk sl sq sr sv sw ta te th tr uk ur vi zh
"""
_LOCALES = frozenset(_LANGUAGES.split())
_WORDS = "ci cs ai as pi ps fl fu upper lower trim ltrim rtrim"
_ATTRIBUTES = frozenset(_WORDS.split())
_LEVEL = "(?:0[^1]|[^0].)*"
_LEVELS = {1: f"^({_LEVEL})01", 2: f"^({_LEVEL}01{_LEVEL})01"}
"""Of a key of Unicode's algorithm: the letters alone; the letters and their accents."""


@dataclass(frozen=True, slots=True)
class Collated(SnowType):
    """VARCHAR with a collation, which a COLLATE in the query gave (`explicit`), or a column."""

    collation: str = ""
    explicit: bool = False


def collated(kind: SnowType, collation: str | None, *, explicit: bool = False) -> SnowType:
    """The type with this collation; without one as it is."""
    if collation is None or kind.name != "VARCHAR":
        return kind
    return Collated(kind.name, kind.precision, kind.scale, kind.length, collation=collation, explicit=explicit)


def plain(kind: SnowType) -> SnowType:
    """The type as the catalogue keeps it."""
    return SnowType(kind.name, kind.precision, kind.scale, kind.length) if isinstance(kind, Collated) else kind


def collation_of(kind: SnowType | None) -> str | None:
    return kind.collation if isinstance(kind, Collated) else None


def merged(kinds: Iterable[SnowType | None]) -> Collated | None:
    """What rules where values of these types meet: an explicit collation before a column's; two are an error."""
    found = [kind for kind in kinds if isinstance(kind, Collated)]
    first = [kind for kind in found if kind.explicit] or found
    names = sorted({kind.collation for kind in first})
    if len(names) > 1:
        listed = " and ".join(f"'{name}'" for name in names)
        raise compilation(2334, "42P22", f"Incompatible collations: {listed}")
    return first[0] if first else None


def carried(kind: SnowType | None, kinds: Iterable[SnowType | None]) -> SnowType | None:
    """A common type, with the collation that its parts have."""
    rule = merged(kinds) if kind is not None and kind.name == "VARCHAR" else None
    return collated(kind, rule.collation, explicit=rule.explicit) if kind is not None and rule else kind


def key(sql: str, collation: str) -> str:
    """What a text of this collation is compared by."""
    if collation.lower() in ("", "utf8", "bin"):
        return sql
    locale, words = _read(collation)
    for word in words & {"trim", "ltrim", "rtrim", "upper", "lower"}:
        sql = f"{word}({sql})"
    if not locale:
        return sql
    whole = f"icu_sort_key({sql}, {quote_string(locale)})"
    if "ci" not in words:
        return whole
    return f"regexp_extract({whole}, {quote_string(_LEVELS[1 if 'ai' in words else 2])}, 1)"


def _read(collation: str) -> tuple[str, set[str]]:
    parts = collation.lower().split("-")
    locale = parts.pop(0) if parts[0] not in _ATTRIBUTES else ""
    words = set(parts)
    known = words <= _ATTRIBUTES and (not locale or locale.partition("_")[0] in _LOCALES) and _is_name(locale)
    alone = not locale and words & {"ci", "ai"}
    if not known or alone or words & {"pi", "fu"} or ("ai" in words and "ci" not in words):
        raise unsupported(f"collation {collation}")
    return locale, words


def _is_name(locale: str) -> bool:
    language, _, region = locale.partition("_")
    return not region or (region.isascii() and region.isalpha() and len(region) == 2 and bool(language))


_COMPARING: tuple[type[exp.Expr], ...] = (
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Between, exp.In, exp.Is,
    exp.Ordered, exp.Group, exp.Window, exp.Collate, exp.Select, exp.Alias, exp.Subquery, exp.SetOperation,
)  # fmt: skip
"""Where a collated value may stand: what compares by its key, or hands it on as it is."""
_CARRYING: tuple[type[exp.Expr], ...] = (exp.DPipe, exp.Case, exp.If)
_INDIFFERENT = """
    COLLATE COLLATION COUNT LENGTH LEN CHAR_LENGTH CHARACTER_LENGTH OCTET_LENGTH BIT_LENGTH ASCII UNICODE IS_NULL_VALUE
    HASH HASH_AGG APPROX_COUNT_DISTINCT HLL
"""
_NEUTRAL = frozenset(_INDIFFERENT.split())
_PASSING = """
    UPPER LOWER INITCAP REVERSE SUBSTR SUBSTRING LEFT RIGHT CONCAT CONCAT_WS COALESCE NVL IFNULL NVL2 IFF ANY_VALUE
    MIN MAX LAG LEAD FIRST_VALUE LAST_VALUE NTH_VALUE LPAD RPAD REPEAT
"""
_CARRIERS = frozenset(_PASSING.split())


def place(node: exp.Expr) -> exp.Expr | None:
    """What takes a value's collation over, None where it ends; at any other place a collated value is refused."""
    around = node.parent
    while isinstance(around, exp.Paren):
        around = around.parent
    if around is None or isinstance(around, _COMPARING):
        return None
    if isinstance(around, _CARRYING):
        return around
    if isinstance(around, exp.Distinct):
        around = around.parent
    if isinstance(around, exp.Cast) and around.args["to"].this not in exp.DataType.TEXT_TYPES:
        return None
    if isinstance(around, exp.Anonymous):
        name = around.name.upper()
        if name in _NEUTRAL:
            return None
        if name in _CARRIERS:
            return around
        raise unsupported(f"{name} of a text with a collation")
    raise unsupported(f"{type(around).__name__.upper()} of a text with a collation")
