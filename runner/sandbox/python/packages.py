"""RUNTIME_VERSION, PACKAGES and HANDLER of a routine in Python: what the sandbox's own Python can give.

Sources: sql-reference/sql/create-function, developer-guide/udf/python/udf-python-packages.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib import metadata

from runner.sandbox.errors import SnowflakeError, compilation, unsupported

VERSIONS = ("3.9", "3.10", "3.11", "3.12", "3.13")
"""Versions that may be asked for; the code runs in the sandbox's own Python whichever it is."""
SNOWPARK = "snowflake-snowpark-python"
RUNTIME = f"{sys.version_info.major}.{sys.version_info.minor}"
_PACKAGE = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[\w,-]*\])?\s*(?:(==|>=|<=|<|>)\s*([\w.*]+))?")


def check_version(version: str) -> str:
    if version not in VERSIONS:
        listed = ", ".join(VERSIONS)
        raise compilation(391528, "42601", f"Python runtime version {version} is not supported: it is one of {listed}.")
    return version


def installed() -> list[tuple[str, str]]:
    """Names and versions of what PACKAGES can ask for."""
    found = ((_plain(each.metadata["Name"] or ""), each.version) for each in metadata.distributions())
    return sorted({name: version for name, version in found if name}.items())


def check_packages(packages: Iterable[str]) -> None:
    """Every package must be there, in the version that is asked for."""
    for package in packages:
        found = _PACKAGE.fullmatch(package.strip())
        if found is None:
            raise _wrong(package)
        name, relation, version = found.groups()
        if _plain(name) == SNOWPARK:
            continue
        _check(package, name, relation, version)


def _check(package: str, name: str, relation: str | None, version: str | None) -> None:
    try:
        there = metadata.version(name)
    except metadata.PackageNotFoundError:
        raise unsupported(f"package {name}: install it beside the sandbox (pip install {name})") from None
    if relation is not None and not _fits(there, relation, version or ""):
        raise unsupported(f"package {package}: the sandbox's Python has version {there}")


def _fits(there: str, relation: str, asked: str) -> bool:
    if relation == "==":
        return _matches(there, asked)
    numbers = [re.fullmatch(r"\d+(?:\.\d+)*", one) for one in (there, asked)]
    if None in numbers:
        raise unsupported(f"a comparison of the versions {there} and {asked}")
    one, two = (tuple(map(int, text.split("."))) for text in (there, asked))
    width = max(len(one), len(two))
    order = _compared(one + (0,) * (width - len(one)), two + (0,) * (width - len(two)))
    return order in {">=": (0, 1), "<=": (-1, 0), "<": (-1,), ">": (1,)}[relation]


def _compared(one: tuple[int, ...], two: tuple[int, ...]) -> int:
    return (one > two) - (one < two)


def _matches(there: str, asked: str) -> bool:
    if asked.endswith(".*"):
        return there == asked[:-2] or there.startswith(asked[:-1])
    return there == asked


def _wrong(package: str) -> SnowflakeError:
    text = "Cannot create a Python function with the specified packages. Please check your packages specification"
    return compilation(100357, "P0000", f"{text} and try again. ('{package}')")


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _names(packages: Iterable[str]) -> list[str]:
    found = (_PACKAGE.fullmatch(package.strip()) for package in packages)
    return [_plain(match.group(1)) for match in found if match is not None]


def has_snowpark(packages: Iterable[str]) -> bool:
    return SNOWPARK in _names(packages)


def needs_sites(packages: Iterable[str]) -> bool:
    """Whether the child must see what is installed beside the sandbox: for Snowpark's part it need not."""
    return any(name != SNOWPARK for name in _names(packages))
