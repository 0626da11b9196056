"""The door to a local sandbox: where it listens, and the tokens it made. Only its files are read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from runner.core.errors import MissingSecret
from runner.core.secret import Secret

ORGANIZATION = "localorg"
HOST = "127.0.0.1"
CLOSED = 0


@dataclass(frozen=True, slots=True)
class SandboxDoor:
    """`port` is CLOSED where no sandbox runs: settings can still be read, a login says what to do."""

    root: Path
    host: str = HOST
    port: int = CLOSED

    @staticmethod
    def find(root: Path) -> SandboxDoor:
        """The door as the sandbox's own port file tells it."""
        try:
            text = (root / "port").read_text().strip()
        except OSError:
            text = ""
        return SandboxDoor(root, HOST, int(text) if text.isdigit() else CLOSED)

    def token(self, environment: str, account_name: str) -> Secret:
        """The token that the sandbox made for the service user of this account."""
        path = self.root / "pats" / f"{account_name.lower()}.pat"
        if not path.is_file():
            known = sorted(found.stem for found in (self.root / "pats").glob("*.pat"))
            accounts = f"The sandbox knows {' and '.join(known)}: mend `account`, or see `runner sandbox --help`."
            advice = accounts if known else f"`runner sandbox up` makes one; none was ever started in {self.root}."
            raise MissingSecret(environment, f"token of the sandbox for account {account_name}", "", advice)
        return Secret(path.read_text().strip())
