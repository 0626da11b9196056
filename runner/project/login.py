"""Settings → the way to log in. Of several secrets the one in the strongest source wins."""

from __future__ import annotations

from pathlib import Path

from runner.core.auth import (
    Auth,
    ExternalBrowserAuth,
    KeyPairAuth,
    OAuthAuth,
    OAuthClientCredentials,
    PasswordAuth,
    PatAuth,
    WorkloadIdentityAuth,
)
from runner.core.errors import InvalidFile, MissingSecret, MissingSetting
from runner.core.graph import nearest
from runner.core.secret import Secret
from runner.project import keys
from runner.project.environment import Setting
from runner.project.files import read_secret_file, refuse_if_shared
from runner.project.layers import Layers, variable

_TOKEN = ("auth.token", "auth.token_file_path")


class LoginSettings:
    """Reads one environment's way to log in from its layers. Paths are from the project's root; `~` is home."""

    def __init__(self, environment: str, layers: Layers, root: Path) -> None:
        self._environment = environment
        self._layers = layers
        self._root = root

    def auth(self) -> Auth:
        match self._method():
            case "pat":
                return PatAuth(self._token("programmatic access token", ("auth.pat", *_TOKEN, "auth.password")))
            case "key_pair":
                return KeyPairAuth(self._key_file(), self._secret("auth.passphrase"))
            case "oauth":
                return OAuthAuth(self._token("OAuth token", _TOKEN))
            case "oauth_client_credentials":
                return self._client_credentials()
            case "workload_identity":
                return self._workload_identity()
            case "external_browser":
                return ExternalBrowserAuth()
            case _:
                return PasswordAuth(self._needed_secret("auth.password", "password"))

    def _method(self) -> str:
        setting = self._layers.find("auth.method")
        value = str(setting.value).lower() if setting else "pat"
        if setting and value not in keys.METHODS:
            match = nearest(value, keys.METHODS)
            advice = f"Did you mean '{match}'?" if match else f"Use one of {', '.join(keys.METHODS)}."
            raise InvalidFile(setting.origin, f"'{value}' is not a way to log in.", advice=advice)
        return value

    def _client_credentials(self) -> Auth:
        scope = self._layers.find("auth.scope")
        return OAuthClientCredentials(
            str(self._needed("auth.client_id").value),
            self._needed_secret("auth.client_secret", "client secret"),
            str(self._needed("auth.token_request_url").value),
            str(scope.value) if scope else "",
        )

    def _workload_identity(self) -> Auth:
        provider = str(self._needed("auth.provider").value).upper()
        found = self._layers.first_of(_TOKEN)
        return WorkloadIdentityAuth(provider, self._revealed(*found) if found else None)

    def _token(self, what: str, names: tuple[str, ...]) -> Secret:
        found = self._layers.first_of(names)
        if found is None:
            raise MissingSecret(self._environment, what, self._sources(names))
        if not isinstance(found[1].value, Secret) and not self._file(found[1]).is_file():
            raise MissingSecret(self._environment, f"{what} ({found[1].value} does not exist)", self._sources(names))
        return self._revealed(*found)

    def _revealed(self, name: str, setting: Setting[object]) -> Secret:
        """The secret itself, or the text of the file that holds it, without blanks around it."""
        secret = setting.value
        if not isinstance(secret, Secret):
            path = self._file(setting)
            secret = Secret(read_secret_file(path, str(setting.value)))
        if any(c.isspace() for c in secret.reveal()) and name != "auth.password":
            reason = "the token holds a blank or a line end inside."
            raise InvalidFile(setting.origin, reason, advice="Write the token alone, in one line.")
        return secret

    def _key_file(self) -> str:
        setting = self._needed("auth.private_key_file")
        path = self._file(setting)
        if not path.is_file():
            raise InvalidFile(setting.origin, f"the private key {setting.value} does not exist.")
        refuse_if_shared(path, str(setting.value), secret=True)
        return str(path)

    def _file(self, setting: Setting[object]) -> Path:
        return self._root / Path(str(setting.value)).expanduser()

    def _secret(self, name: str) -> Secret | None:
        setting = self._layers.find(name)
        return setting.value if setting and isinstance(setting.value, Secret) else None

    def _needed(self, name: str) -> Setting[object]:
        setting = self._layers.find(name)
        if setting is None:
            raise MissingSetting(self._environment, name, self._sources((name,)))
        return setting

    def _needed_secret(self, name: str, what: str) -> Secret:
        secret = self._secret(name)
        if secret is None:
            raise MissingSecret(self._environment, what, self._sources((name,)))
        return secret

    def _sources(self, names: tuple[str, ...]) -> str:
        word = variable(self._environment)
        first = f"{word}_PAT" if "auth.pat" in names else f"RUNNER_{word}_{keys.BY_NAME[names[0]].variable}"
        places = [f"the environment variable {first}", ".env"]
        if not names[0].endswith(("pat", "token", "secret", "password", "passphrase")):
            places.append(f"config/{self._environment}.yaml ({names[0]})")
        if "auth.token_file_path" in names:
            places.append(f"a file that auth.token_file_path names in config/{self._environment}.yaml")
        return f"{', '.join(places)} or config/connections.toml [{self._environment}]"
