"""Orders to a running sandbox, from its owner: accidents, latency, snapshots. Standard library only.

from runner.sandbox.orders import Orders

orders = Orders(running)
orders.fault("cut", match="INSERT INTO", when="after")
"""

from __future__ import annotations

import http.client
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from runner.sandbox import files
from runner.sandbox.process import Running, SandboxError


class Orders:
    """What only who can read the sandbox's `admin.json` may ask of it. Raises SandboxError with the reason."""

    def __init__(self, running: Running) -> None:
        self._port = running.port
        self._token = token(running.root)

    def fault(self, action: str, **order: object) -> list[dict[str, Any]]:
        """Order an accident: `fault("error", match="MERGE", code=604, nth=2)`. All that wait are given back."""
        return list(self.send("POST", "faults", {"action": action, **order}))

    def faults(self) -> list[dict[str, Any]]:
        """The accidents that did not all happen yet."""
        return list(self.send("GET", "faults"))

    def clear_faults(self) -> None:
        """None of them happens any more."""
        self.send("DELETE", "faults")

    def set(self, **settings: float) -> dict[str, float]:
        """Change settings of the door; all of them are given back."""
        return dict(self.send("POST", "settings", settings))

    def address(self, address: str | None, user: str = "") -> dict[str, str]:
        """From now on the user, or everybody, comes from this address, as network policies see it; None ends that."""
        return dict(self.send("POST", "address", {"address": address, "user": user}))

    def clock(self) -> dict[str, Any]:
        """What time it is in the sandbox, and by how many seconds it is ahead."""
        return dict(self.send("GET", "clock"))

    def move_clock(self, by: timedelta) -> dict[str, Any]:
        """Let time pass at once: tokens expire, retention ends, tasks that fall due run before this returns."""
        return dict(self.send("POST", "clock", {"seconds": by.total_seconds()}))

    def move_clock_to(self, instant: datetime) -> dict[str, Any]:
        """The same, to an instant that is still to come."""
        return dict(self.send("POST", "clock", {"to": instant.isoformat()}))

    def status(self) -> dict[str, Any]:
        """What the process says of itself."""
        return dict(self.send("GET", "status"))

    def send(self, method: str, path: str, content: object = None) -> Any:
        """One order; its answer."""
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=600)
        try:
            body = None if content is None else json.dumps(content)
            line.request(method, f"/sandbox/{quote(path)}", body, {"Authorization": f"Bearer {self._token}"})
            answer = json.loads(line.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise SandboxError(f"The sandbox on port {self._port} does not answer: {error}.") from None
        finally:
            line.close()
        if not answer.get("success"):
            raise SandboxError(str(answer.get("message")))
        return answer["data"]


def token(root: Path) -> str:
    """The administrator's token for the door's own orders."""
    try:
        tokens = json.loads((root / files.ADMIN).read_text())["tokens"]
    except (OSError, ValueError, KeyError) as error:
        raise SandboxError(f"{root / files.ADMIN} cannot be read: {error}.") from None
    return str(next(iter(tokens.values())))
