"""connections.toml, as the VS Code extension, the `snow` command and the connector read it.

(docs: developer-guide/snowflake-cli/connecting/configure-connections)
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runner.core.errors import InvalidFile
from runner.project.files import read_text, refuse_if_shared, shown

_PLAIN = ("account", "user", "role", "warehouse", "database", "host", "port", "protocol")
_LOGIN = {
    "token": "auth.token",
    "token_file_path": "auth.token_file_path",
    "password": "auth.password",
    "private_key_file": "auth.private_key_file",
    "private_key_path": "auth.private_key_file",
    "private_key_file_pwd": "auth.passphrase",
    "private_key_passphrase": "auth.passphrase",
    "oauth_client_id": "auth.client_id",
    "oauth_client_secret": "auth.client_secret",
    "oauth_token_request_url": "auth.token_request_url",
    "oauth_scope": "auth.scope",
    "workload_identity_provider": "auth.provider",
}
_METHODS = {
    "PROGRAMMATIC_ACCESS_TOKEN": "pat",
    "SNOWFLAKE_JWT": "key_pair",
    "OAUTH": "oauth",
    "OAUTH_CLIENT_CREDENTIALS": "oauth_client_credentials",
    "WORKLOAD_IDENTITY": "workload_identity",
    "EXTERNALBROWSER": "external_browser",
    "SNOWFLAKE": "password",
}
_SECRETS = ("token", "password", "private_key_file_pwd", "private_key_passphrase", "private_key", "oauth_client_secret")


@dataclass(frozen=True, slots=True)
class ConnectionsFile:
    """Sections by name; `path` as shown to people. The file's text holds secrets, so the sections are not printed."""

    path: str
    folder: Path
    sections: Mapping[str, Mapping[str, object]]

    def __repr__(self) -> str:
        return f"ConnectionsFile({self.path})"

    def settings(self, section: str) -> dict[str, object]:
        """What the section says, under the runner's names; keys that are others' are left alone."""
        found = self.sections.get(section, {})
        plain = {key: found[key] for key in _PLAIN if found.get(key) not in (None, "")}
        login = {_LOGIN[key]: value for key, value in found.items() if key in _LOGIN and value not in (None, "")}
        method = self._method(section, found.get("authenticator"))
        return {**plain, **login, **({"auth.method": method} if method else {})}

    def _method(self, section: str, authenticator: object) -> str | None:
        if authenticator is None:
            return None
        method = _METHODS.get(str(authenticator).upper())
        if method is None:
            reason = f"[{section}] authenticator is one that the runner cannot use."
            raise InvalidFile(self.path, reason, advice=f"Use one of {', '.join(_METHODS)}.")
        return method


def find(root: Path, environ: Mapping[str, str]) -> Path | None:
    """The project's own file first, then $SNOWFLAKE_HOME, then ~/.snowflake."""
    home = environ.get("HOME")
    places = [root / "config"]
    if environ.get("SNOWFLAKE_HOME"):
        places.append(Path(environ["SNOWFLAKE_HOME"]).expanduser())
    elif home:
        places += [Path(home) / ".snowflake", Path(home) / ".config" / "snowflake"]
    return next((p / "connections.toml" for p in places if (p / "connections.toml").is_file()), None)


def read(root: Path, environ: Mapping[str, str], *, trusted_network: bool) -> ConnectionsFile | None:
    """The file, unless others may change it (they could send the login elsewhere) or read a secret in it.

    Over a sandbox's loopback a file without secrets may be writable by others: nothing can be stolen there.
    """
    path = find(root, environ)
    if path is None:
        return None
    name = shown(path, root)
    sections = _sections(read_text(path, name), name)
    secret = any(key in section for section in sections.values() for key in _SECRETS)
    if secret or not trusted_network:
        refuse_if_shared(path, name, secret=secret)
    return ConnectionsFile(name, path.parent, sections)


def _sections(text: str, name: str) -> dict[str, Mapping[str, object]]:
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        reason = re.sub(r" \(at .*\)$", "", str(error))
        raise InvalidFile(name, f"not valid TOML: {reason}.", int(line[1]) if line else None) from None
    return {key: value for key, value in found.items() if isinstance(value, dict)}
