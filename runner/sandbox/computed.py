"""Functions of texts and numbers that Python computes: digests, sounds, addresses, number formats.

Sources: sql-reference/functions-string, sql-reference/sql-format-models. Each takes JSON values and gives one.
"""

from __future__ import annotations

import hashlib
import ipaddress
import random
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from runner.sandbox.failures import raising

_LIKE = ["BFPV", "CGJKQSXZ", "DT", "L", "MN", "R"]
_SOUNDS = {letter: digit for digit, letters in enumerate(_LIKE, 1) for letter in letters}


def _soundex(text: str) -> str:
    """The first letter and three digits; H and W do not part equal sounds, vowels do."""
    letters = [char for char in text.upper() if "A" <= char <= "Z"]
    if not letters:
        return ""
    digits, last = "", _SOUNDS.get(letters[0])
    for letter in letters[1:]:
        digit = _SOUNDS.get(letter)
        if digit and digit != last:
            digits += str(digit)
        if letter not in "HW":
            last = digit
    return (letters[0] + digits + "000")[:4]


def _sha2(digits: str, size: Any) -> str:
    algorithm = {224: "sha224", 0: "sha256", 256: "sha256", 384: "sha384", 512: "sha512"}.get(int(size))
    if algorithm is None:
        raise ValueError(raising(1015, "22023", f"argument 2 to function SHA2 needs to be a digest size, not {size}"))
    return hashlib.new(algorithm, bytes.fromhex(digits)).hexdigest()


def _md5_number(digits: str, part: str) -> int:
    whole = hashlib.md5(bytes.fromhex(digits), usedforsecurity=False).digest()
    return int.from_bytes(whole[8:] if part == "LOWER64" else whole[:8])


def _randstr(length: Any, seed: Any) -> str:
    """The same seed gives the same text (sql-reference/functions/randstr); the letters are the sandbox's own."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    chosen = random.Random(str(seed))  # noqa: S311
    return "".join(chosen.choice(letters) for _ in range(max(0, int(length))))


def _normal(mean: Any, deviation: Any, seed: Any) -> float:
    return random.Random(f"normal {seed}").gauss(float(mean), float(deviation))  # noqa: S311


def _zipf(share: Any, count: Any, seed: Any) -> int:
    weights = [1 / rank ** float(share) for rank in range(1, int(count) + 1)]
    return random.Random(f"zipf {seed}").choices(range(1, int(count) + 1), weights)[0]  # noqa: S311


def _parse_url(text: str, permissive: Any = 0) -> Any:
    """The parts of an address (sql-reference/functions/parse_url)."""
    parts = urlsplit(text)
    if not parts.scheme or not re.match(r"[A-Za-z][\w+.-]*:", text):
        if permissive:
            return {"error": "scheme not specified"}
        raise ValueError(raising(100139, "22000", f"Error parsing URL: scheme not specified: {text[:100]}"))
    query = parts.query or None
    found: dict[str, Any] = {
        "fragment": parts.fragment or None,
        "host": parts.netloc.rpartition("@")[2].partition(":")[0] or None,
        "parameters": dict(parse_qsl(parts.query, keep_blank_values=True)) if query else None,
        "path": parts.path.lstrip("/") or None,
        "port": str(parts.port) if parts.port is not None else None,
        "query": query,
        "scheme": parts.scheme,
    }
    return found


def _initcap(text: str, delimiters: str) -> str:
    """Every character of the delimiters parts two words; none of them makes the whole text one word."""
    shown, begins = "", True
    for char in text:
        shown += char.upper() if begins else char.lower()
        begins = char in delimiters
    return shown


def _parse_ip(text: str, _: str, permissive: Any = 0) -> Any:
    """An address of IPv4 with its network (sql-reference/functions/parse_ip)."""
    try:
        found = ipaddress.IPv4Interface(text)
    except ValueError:
        if permissive:
            return {"error": "parse error", "ip": text}
        raise ValueError(raising(100171, "22000", f"Error parsing IP: {text[:100]}")) from None
    shown: dict[str, Any] = {
        "family": 4, "host": str(found.ip), "ip_fields": [int(found.ip), 0, 0, 0], "ip_type": "inet",
        "netmask_prefix_length": found.network.prefixlen if "/" in text else None, "snowflake$type": "ip_address",
        "ipv4": int(found.ip),
    }  # fmt: skip
    if "/" in text:
        shown |= {
            "ipv4_range_start": int(found.network.network_address),
            "ipv4_range_end": int(found.network.broadcast_address),
        }
    return shown


def number_text(value: Any, model: str) -> str:
    """A number by a format model with sign, blank or exponent elements (sql-reference/sql-format-models)."""
    upper = model.upper()
    number = Decimal(str(value))
    fill = upper.startswith("FM")
    upper = upper.removeprefix("FM")
    if upper in ("TME", "TM9E"):
        shortest = number.normalize()
        return _exponent(shortest, max(0, len(shortest.as_tuple().digits) - 1))
    matched = re.fullmatch(r"(S?)(B?)(\$?)([09,GD.]*?)(EEEE)?(MI|S)?", upper)
    if matched is None or (matched.group(1) and matched.group(6)):
        raise ValueError(raising(2, "0A000", f"Unsupported feature 'number format {model}'."))
    lead, blank, dollar, digits, exponent, trail = matched.groups()
    digits = digits.replace("G", ",").replace("D", ".")
    whole, _, fraction = digits.partition(".")
    size = abs(number)
    body = _exponent(size, len(fraction)) if exponent else _grouped(size, whole, fraction)
    if blank and number == 0:
        body = " " * len(body)
    sign = "-" if number < 0 else "+" if lead or trail == "S" else " "
    shown = dollar + body
    if trail:
        shown += "-" if number < 0 else "+" if trail == "S" else "" if fill else " "
        return shown.strip() if fill else shown
    text = (sign if sign != " " or not fill else "") + shown.lstrip() if lead or fill else _signed(shown, sign)
    return text.strip() if fill else text.rjust(len(shown) + 1)


def _signed(shown: str, sign: str) -> str:
    return shown[: len(shown) - len(shown.lstrip())] + sign + shown.lstrip()


def _exponent(number: Decimal, places: int) -> str:
    mantissa, _, power = f"{number:.{places}E}".partition("E")
    return f"{mantissa}E{int(power)}"


def _grouped(number: Decimal, whole: str, fraction: str) -> str:
    """The digits at their places: 9 blank where there is none, 0 always one; # where there is no room."""
    rounded = number.quantize(Decimal(1).scaleb(-len(fraction)), rounding=ROUND_HALF_UP)
    left, _, right = f"{rounded:f}".partition(".")
    left = "" if left == "0" and "0" not in whole and fraction else left
    places = [char for char in whole if char != ","]
    if len(left) > len(places):
        return "#" * (len(whole) + (len(fraction) + 1 if fraction else 0))
    first_zero = next((at for at, char in enumerate(places) if char == "0"), len(places))
    filled = left.rjust(len(places))
    filled = "".join("0" if char == " " and at >= first_zero else char for at, char in enumerate(filled))
    shown, at = "", 0
    for char in whole:
        if char == ",":
            shown += "," if shown.strip() else " "
        else:
            shown, at = shown + filled[at], at + 1
    return f"{shown}.{right}" if fraction else shown


_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}


def _regexp_replace(text: str, pattern: str, new: str, position: Any, occurrence: Any, flags: str) -> str:
    """From a position on, every match (0) or the n-th only (sql-reference/functions/regexp_replace)."""
    found = re.compile(pattern, sum(_FLAGS.get(flag, 0) for flag in set(flags)))
    start, wanted = int(position) - 1, int(occurrence)
    pieces, last = [text[:start]], start
    for count, match in enumerate(found.finditer(text, start), 1):
        if wanted in (0, count):
            pieces += [text[last : match.start()], match.expand(new)]
            last = match.end()
    return "".join(pieces) + text[last:]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "SOUNDEX": _soundex, "SHA2": _sha2, "MD5_NUMBER": _md5_number, "RANDSTR": _randstr, "NORMAL": _normal,
    "ZIPF": _zipf, "PARSE_URL": _parse_url, "PARSE_IP": _parse_ip, "INITCAP": _initcap, "NUMBER_TEXT": number_text,
    "REGEXP_REPLACE": _regexp_replace,
}  # fmt: skip
