"""CREATE, ALTER and DROP of integrations: stored and shown, never opened (sql-reference/sql/create-integration)."""

from __future__ import annotations

from runner.sandbox import access
from runner.sandbox.catalog.files import Integration, Options
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.context import Context
from runner.sandbox.errors import already_exists, compilation, does_not_exist
from runner.sandbox.query.binding import bound
from runner.sandbox.result import Result, status_result
from runner.sandbox.staging.options import read_value
from runner.sandbox.statements import objects
from runner.sandbox.tokens import Reader

_CATEGORIES = ("STORAGE", "API", "NOTIFICATION", "SECURITY", "CATALOG", "EXTERNAL ACCESS")
KINDS = tuple((*category.split(), "INTEGRATION") for category in _CATEGORIES)
_NEEDED = {
    "STORAGE": ("TYPE", "STORAGE_PROVIDER", "ENABLED", "STORAGE_ALLOWED_LOCATIONS"),
    "API": ("API_PROVIDER", "API_ALLOWED_PREFIXES", "ENABLED"),
    "NOTIFICATION": ("TYPE", "ENABLED"),
    "SECURITY": ("TYPE",),
    "CATALOG": ("CATALOG_SOURCE", "TABLE_FORMAT", "ENABLED"),
    "EXTERNAL ACCESS": ("ALLOWED_NETWORK_RULES", "ENABLED"),
}
_PROVIDERS = ("S3", "S3GOV", "S3CHINA", "S3COMPAT", "GCS", "AZURE")
_SECRET = ("SECRET", "PASSWORD", "TOKEN", "CREDENTIAL", "API_KEY", "CERT", "SAS")
HIDDEN = "********"


def _category(reader: Reader) -> str | None:
    """STORAGE, EXTERNAL ACCESS …; None where the statement says INTEGRATION alone."""
    for category, words in zip(_CATEGORIES, KINDS, strict=True):
        if reader.accept(*words):
            return category
    reader.expect("INTEGRATION")
    return None


def _properties(reader: Reader) -> tuple[Options, str | None]:
    found: Options = {}
    comment = None
    while not reader.at_end() and not reader.at(";"):
        word = reader.peek().word
        if not word.replace("_", "").isalnum() or word in found:
            raise reader.unexpected()
        reader.expect(word, "=")
        value = read_value(reader)
        if word == "COMMENT" and isinstance(value, str):
            comment = value
        else:
            found[word] = HIDDEN if _is_secret(word) else value
        reader.accept(",")
    reader.end()
    return found, comment


def _is_secret(name: str) -> bool:
    """What must not be shown is not kept either."""
    return any(word in name for word in _SECRET) and not name.endswith(("_URL", "_ENDPOINT", "_SECRETS", "_VALIDITY"))


def create(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    reader.expect("CREATE")
    replaces = reader.accept("OR", "REPLACE")
    category = _category(reader)
    unless = reader.accept("IF", "NOT", "EXISTS")
    name = reader.identifier()
    properties, comment = _properties(reader)
    if category is None:
        raise compilation(1003, "42601", "CREATE INTEGRATION needs its kind: STORAGE, API, NOTIFICATION …")
    missing = [key for key in _NEEDED[category] if key not in properties]
    if missing:
        raise compilation(2043, "22023", f"Missing property '{missing[0]}' of a {category.lower()} integration.")
    _check_provider(category, properties)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        access.require_account(context.catalog, context.session, "CREATE INTEGRATION")
        old = context.catalog.find(Integration, context.session.account, name)
        if old is not None and unless:
            return objects.left_alone(name)
        if old is not None and not replaces:
            raise already_exists(name)
        if old is not None:
            context.require("OWNERSHIP", old)
            objects.remove(work, old)
        enabled = _enabled(properties)
        record = Integration(
            account=context.session.account,
            name=name,
            owner=objects.owner(context),
            comment=comment,
            created_at=utc_now(),
            category=category,
            enabled=enabled,
            properties=properties,
        )
        objects.install(context, work, record, None)
    return status_result(f"Integration {name} successfully created.")


def _check_provider(category: str, properties: Options) -> None:
    provider = properties.get("STORAGE_PROVIDER")
    if category == "STORAGE" and str(provider).upper() not in _PROVIDERS:
        raise compilation(1008, "22023", f"invalid value [{provider}] for parameter 'STORAGE_PROVIDER'")


def _enabled(properties: Options) -> bool:
    value = properties.get("ENABLED", "TRUE")
    if not isinstance(value, str) or value.upper() not in ("TRUE", "FALSE"):
        raise compilation(1008, "22023", f"invalid value [{value}] for parameter 'ENABLED'")
    return value.upper() == "TRUE"


def allows(record: Integration, url: str) -> bool:
    """Whether a storage integration lets this place be used; `*` is every place."""
    allowed, blocked = (_places(record, f"STORAGE_{which}_LOCATIONS") for which in ("ALLOWED", "BLOCKED"))
    return ("*" in allowed or url.startswith(allowed)) and not (blocked and url.startswith(blocked))


def _places(record: Integration, key: str) -> tuple[str, ...]:
    found = record.properties.get(key, ())
    return tuple(found) if isinstance(found, (list, tuple)) else (str(found),)


def find(context: Context, name: str) -> Integration:
    """The integration that the session sees under the name, or 002003."""
    found = context.catalog.find(Integration, context.session.account, name)
    if found is None or not access.visible(context.catalog, context.session, found):
        raise does_not_exist("Integration", name)
    return found


def alter(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    reader.expect("ALTER")
    category = _category(reader)
    if_exists = reader.accept("IF", "EXISTS")
    name = reader.identifier()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if if_exists and context.catalog.find(Integration, context.session.account, name) is None:
            return status_result(objects.DONE)
        record = find(context, name)
        if category is not None and record.category != category:
            raise does_not_exist("Integration", name)
        context.require("OWNERSHIP", record)
        if reader.accept("UNSET"):
            work.edit(record, altered_at=utc_now(), **_unset(reader, record))
        else:
            reader.expect("SET")
            given, comment = _properties(reader)
            whole = {**record.properties, **given}
            told = comment if comment is not None else record.comment
            work.edit(record, properties=whole, enabled=_enabled(whole), comment=told, altered_at=utc_now())
    return status_result(objects.DONE)


def _unset(reader: Reader, record: Integration) -> dict[str, object]:
    properties, comment = dict(record.properties), record.comment
    while True:
        word = reader.next().word
        if word == "COMMENT":
            comment = None
        elif word in _NEEDED[record.category] and word != "ENABLED":
            raise compilation(2043, "22023", f"Property '{word}' cannot be unset.")
        else:
            properties.pop(word, None)
        if not reader.accept(","):
            break
    reader.end()
    return {"properties": properties, "comment": comment, "enabled": _enabled(properties)}


def drop(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    reader.expect("DROP")
    _category(reader)
    if_exists = reader.accept("IF", "EXISTS")
    name = reader.identifier()
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if if_exists and context.catalog.find(Integration, context.session.account, name) is None:
            return objects.already_dropped(name)
        record = find(context, name)
        context.require("OWNERSHIP", record)
        objects.remove(work, record)
    return status_result(f"{name} successfully dropped.")
