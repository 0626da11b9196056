"""Where a login ended up: asked once, right after it, and compared with what was meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from runner.connection.profile import Profile
from runner.core.errors import WrongPlace

QUESTION = (
    "SELECT CURRENT_ORGANIZATION_NAME(), CURRENT_ACCOUNT_NAME(), CURRENT_ACCOUNT(), CURRENT_REGION(), CURRENT_USER(),"
    " CURRENT_ROLE(), CURRENT_WAREHOUSE(), CURRENT_DATABASE(), CURRENT_SESSION(),"
    " TO_VARCHAR(CURRENT_TIMESTAMP(), 'YYYY-MM-DD\"T\"HH24:MI:SS.FF6TZH:TZM'), CURRENT_VERSION()"
)


@dataclass(frozen=True, slots=True)
class Place:
    """`server_time` is text with its offset: only the server's clock counts."""

    organization: str
    account: str
    locator: str
    region: str
    user: str
    role: str
    warehouse: str | None
    database: str | None
    session_id: int
    server_time: str
    version: str

    @staticmethod
    def of(row: Sequence[object]) -> Place:
        names = [None if value is None else str(value) for value in row]
        organization, account, locator, region, user, role = (name or "" for name in names[:6])
        return Place(
            organization,
            account,
            locator,
            region,
            user,
            role,
            names[6],
            names[7],
            int(names[8] or 0),
            names[9] or "",
            names[10] or "",
        )

    @property
    def cloud_region(self) -> str:
        """The region without its group: `PUBLIC.AWS_EU_CENTRAL_1` and `AWS_EU_CENTRAL_1` are one."""
        return self.region.rpartition(".")[2].upper()


def check_place(profile: Profile, place: Place) -> None:
    """Another account, role or region than configured is a hard stop: WrongPlace."""
    _same(profile, "account", _wanted_account(profile), _found_account(profile, place))
    _same(profile, "role", profile.role, place.role)
    if profile.region:
        _same(profile, "region", profile.region.rpartition(".")[2].upper(), place.cloud_region)


def _wanted_account(profile: Profile) -> str:
    return f"{profile.organization}-{profile.account_name}" if profile.organization else profile.account_name


def _found_account(profile: Profile, place: Place) -> str:
    """A login by account locator is compared by locator."""
    if not profile.organization:
        return place.locator.upper()
    return f"{place.organization}-{place.account}".upper()


def _same(profile: Profile, what: str, wanted: str, found: str) -> None:
    if wanted != found:
        raise WrongPlace(profile.environment, what, wanted, found or "none")
