"""An organisation as a file describes it: any number of accounts, each with a region and an edition.

organization: ACME
accounts:
  - name: prod
    region: AWS_EU_CENTRAL_1
    edition: BUSINESS_CRITICAL
  - name: dev
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from runner.sandbox.classes import dataclass

EDITIONS = ("STANDARD", "ENTERPRISE", "BUSINESS_CRITICAL")
DEFAULT_REGION = "AWS_EU_CENTRAL_1"
DEFAULT_NAME = "LOCALORG"
_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,254}")
_REGION = re.compile(r"(AWS|AZURE|GCP)_[A-Z0-9_]{2,60}")


class OrganizationError(ValueError):
    """A description that cannot be made true: file, place, and what to write instead."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    name: str
    region: str = DEFAULT_REGION
    edition: str = "ENTERPRISE"


@dataclass(frozen=True, slots=True)
class Organization:
    name: str = DEFAULT_NAME
    accounts: tuple[NewAccount, ...] = (NewAccount("IMCUST"), NewAccount("IMSDLC"))

    def dumps(self) -> str:
        """As text, for the process that makes it."""
        return json.dumps(asdict(self))


def loads(text: str) -> Organization:
    """What `dumps` wrote."""
    value = json.loads(text)
    return Organization(value["name"], tuple(NewAccount(**account) for account in value["accounts"]))


def read(path: Path) -> Organization:
    """The organisation that a YAML file describes; OrganizationError names the file and the place."""
    import yaml

    try:
        value = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        raise OrganizationError(f"{path}: {error.strerror}.") from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        place = getattr(error, "problem_mark", None)
        line = f":{place.line + 1}" if place else ""
        raise OrganizationError(
            f"{path}{line}: this is not YAML: {getattr(error, 'problem', None) or error}."
        ) from None
    try:
        return _organization(value)
    except OrganizationError as wrong:
        raise OrganizationError(f"{path}: {wrong}") from None


def _organization(value: Any) -> Organization:
    _known(value, ("organization", "accounts"), "the file")
    listed = value.get("accounts")
    if not isinstance(listed, list) or not listed:
        raise OrganizationError("'accounts' must list at least one account, each with a name.")
    accounts = tuple(account(entry, f"accounts[{at}]") for at, entry in enumerate(listed))
    names = [one.name for one in accounts]
    for name in names:
        if names.count(name) > 1:
            raise OrganizationError(f"the account {name} is listed twice.")
    return Organization(_name(value.get("organization", DEFAULT_NAME), "organization"), accounts)


def account(value: Any, place: str) -> NewAccount:
    """One account: `{name: …, region: …, edition: …}`, checked."""
    _known(value, ("name", "region", "edition"), place)
    region = str(value.get("region") or DEFAULT_REGION).upper().replace("-", "_").replace(".", "_")
    if not _REGION.fullmatch(region):
        raise OrganizationError(f"{place}: region '{region[:80]}' is none of AWS_…, AZURE_…, GCP_….")
    edition = str(value.get("edition") or "ENTERPRISE").upper()
    if edition not in EDITIONS:
        raise OrganizationError(f"{place}: edition '{edition[:80]}' is none of {', '.join(EDITIONS)}.")
    return NewAccount(_name(value.get("name"), f"{place}.name"), region, edition)


def _known(value: Any, keys: tuple[str, ...], place: str) -> None:
    if not isinstance(value, dict):
        raise OrganizationError(f"{place} must have the keys {', '.join(keys)}.")
    for key in value:
        if key not in keys:
            raise OrganizationError(f"{place} has no key '{key}'; it has {', '.join(keys)}.")


def _name(value: Any, place: str) -> str:
    name = str(value or "").upper()
    if not _NAME.fullmatch(name):
        raise OrganizationError(
            f"{place}: '{str(value)[:80]}' is no name: a letter, then letters, digits, underscores."
        )
    return name
