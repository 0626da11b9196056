"""SHOW and DESCRIBE of stages, file formats, pipes and integrations.

Sources: sql-reference/sql/show-stages, show-file-formats, show-pipes, show-integrations, desc-stage, desc-file-format,
desc-pipe, desc-integration.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from runner.sandbox import access
from runner.sandbox.catalog.files import FileFormat, Integration, Options, Pipe, Stage
from runner.sandbox.context import Context
from runner.sandbox.show.inventory import Item
from runner.sandbox.show.listing import Listing, found
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row, true, yes
from runner.sandbox.show.tables import common
from runner.sandbox.staging.copy_options import INTO_TABLE
from runner.sandbox.staging.formats import TYPES
from runner.sandbox.staging.options import Option, Value, filled

_HEAD = "created_on time, name, database_name, schema_name"
STAGE = "parent_property, property, property_type, property_value, property_default"
PROPERTIES = "property, property_type, property_value, property_default"
PIPE = (
    f"{_HEAD}, definition, owner, notification_channel, comment, integration, pattern, error_integration, "
    "owner_role_type, invalid_reason, kind"
)


def _stages(context: Context, request: Request) -> Iterator[Row]:
    for item in found(context, request, Stage):
        stage = item.record
        temporary = "TEMPORARY" if stage.session_id is not None else ""
        yield common(item) | {
            "url": stage.url or "",
            "has_credentials": "N",
            "has_encryption_key": "N",
            "region": "",
            "type": "EXTERNAL" if stage.url else " ".join(word for word in ("INTERNAL", temporary) if word),
            "cloud": _cloud(stage),
            "storage_integration": stage.integration,
            "endpoint": stage.endpoint,
            "directory_enabled": yes(stage.directory),
        }


def _cloud(stage: Stage) -> str | None:
    return {"s3": "AWS", "gcs": "GCP", "azure": "AZURE"}.get((stage.url or "").partition(":")[0])


def _shown(value: Value) -> str:
    return f"[{', '.join(value)}]" if isinstance(value, list) else value


def shown_options(kind: str, options: Options) -> str:
    """All options of a format as SHOW FILE FORMATS has them: a JSON object."""
    whole = {"TYPE": kind, **filled(TYPES[kind], options)}
    return json.dumps({name: _json_value(TYPES[kind].get(name), value) for name, value in whole.items()})


def _json_value(option: Option | None, value: Value) -> object:
    if option is not None and option.type == "Boolean":
        return value == "TRUE"
    return int(value) if option is not None and option.type == "Integer" and isinstance(value, str) else value


def _formats(context: Context, request: Request) -> Iterator[Row]:
    for item in found(context, request, FileFormat):
        options = shown_options(item.record.type, item.record.options)
        yield common(item) | {"type": item.record.type, "format_options": options}


def pipe_row(item: Item[Pipe]) -> Row:
    """One pipe, as SHOW and DESCRIBE have it."""
    pipe = item.record
    return common(item) | {"definition": pipe.definition, "error_integration": pipe.error_integration, "kind": "STAGE"}


def _pipes(context: Context, request: Request) -> Iterator[Row]:
    return (pipe_row(item) for item in found(context, request, Pipe))


def _integrations(category: str | None) -> Listing:
    def rows(context: Context, _: Request) -> Iterator[Row]:
        every = context.catalog.all(Integration, context.session.account)
        for record in sorted(every, key=lambda one: one.name):
            wanted = category is None or record.category == category
            if wanted and access.visible(context.catalog, context.session, record):
                yield {
                    "name": record.name,
                    "type": _type(record),
                    "category": record.category.replace(" ", "_"),
                    "enabled": true(record.enabled),
                    "comment": record.comment,
                    "created_on": record.created_at,
                }

    tail = ", direction" if category == "NOTIFICATION" else ""
    return Listing(f"name, type, category, enabled, comment, created_on time{tail}", rows, scoped=False)


def _type(record: Integration) -> str:
    for name in ("TYPE", "API_PROVIDER", "CATALOG_SOURCE"):
        if isinstance(value := record.properties.get(name), str):
            return value.upper()
    return record.category.replace(" ", "_")


LISTINGS: dict[tuple[str, ...], Listing] = {
    ("STAGES",): Listing(
        f"{_HEAD}, url, has_credentials, has_encryption_key, owner, comment, region, type, cloud, "
        "notification_channel, storage_integration, endpoint, owner_role_type, directory_enabled",
        _stages,
    ),
    ("FILE", "FORMATS"): Listing(f"{_HEAD}, type, owner, comment, format_options, owner_role_type", _formats),
    ("PIPES",): Listing(PIPE, _pipes),
    ("INTEGRATIONS",): _integrations(None),
    **{
        (*category.split(), "INTEGRATIONS"): _integrations(category)
        for category in ("STORAGE", "API", "NOTIFICATION", "SECURITY", "CATALOG", "EXTERNAL ACCESS")
    },
}


def stage_rows(stage: Stage) -> Iterator[Row]:
    """DESCRIBE STAGE: a stage's properties by group."""
    kind = str(stage.format.get("TYPE", "CSV"))
    given = {name: value for name, value in stage.format.items() if name != "TYPE"}
    if stage.format_name:
        yield _property("STAGE_FILE_FORMAT", "FORMAT_NAME", "String", stage.format_name, "")
    else:
        yield _property("STAGE_FILE_FORMAT", "TYPE", "String", kind, "CSV")
        yield from _grouped("STAGE_FILE_FORMAT", TYPES[kind], given)
    yield from _grouped("STAGE_COPY_OPTIONS", INTO_TABLE, stage.copy_options)
    yield _property("STAGE_LOCATION", "URL", "String", f'["{stage.url}"]' if stage.url else "", "")
    if stage.integration:
        yield _property("STAGE_INTEGRATION", "STORAGE_INTEGRATION", "String", stage.integration, "")
    yield _property("DIRECTORY", "ENABLE", "Boolean", true(stage.directory), "false")


def _grouped(group: str, known: Mapping[str, Option], given: Options) -> Iterator[Row]:
    for name, option in known.items():
        yield _property(group, name, option.type, _shown(given.get(name, option.default)), _shown(option.default))


def _property(group: str, name: str, kind: str, value: str, default: str) -> Row:
    row = {"property": name, "property_type": kind, "property_value": value, "property_default": default}
    return row | {"parent_property": group} if group else row


def format_rows(record: FileFormat) -> Iterator[Row]:
    """DESCRIBE FILE FORMAT."""
    yield _property("", "TYPE", "String", record.type, "CSV")
    yield from _grouped("", TYPES[record.type], record.options)


_IDENTITIES = {
    "S3": ("STORAGE_AWS_IAM_USER_ARN", "STORAGE_AWS_EXTERNAL_ID"),
    "GCS": ("STORAGE_GCP_SERVICE_ACCOUNT",),
    "AZURE": ("AZURE_CONSENT_URL", "AZURE_MULTI_TENANT_APP_NAME"),
}


def integration_rows(record: Integration) -> Iterator[Row]:
    """DESCRIBE INTEGRATION: its properties, and the identities by which the account would call."""
    yield _property("", "ENABLED", "Boolean", true(record.enabled), "false")
    for name, value in record.properties.items():
        if name not in ("ENABLED", "TYPE"):
            kind = "List" if isinstance(value, list) else "String"
            yield _property("", name, kind, ",".join(value) if isinstance(value, list) else value, "")
    provider = str(record.properties.get("STORAGE_PROVIDER", "")).upper()
    for name in _IDENTITIES.get(provider.removesuffix("GOV").removesuffix("CHINA"), ()):
        if name not in record.properties:
            yield _property("", name, "String", _identity(name, record), "")
    yield _property("", "COMMENT", "String", record.comment or "", "")


def _identity(name: str, record: Integration) -> str:
    """A name that nobody else has; it opens nothing."""
    mark = f"{record.account.lower()}-{record.id}"
    return {
        "STORAGE_AWS_IAM_USER_ARN": f"arn:aws:iam::000000000000:user/{mark}",
        "STORAGE_AWS_EXTERNAL_ID": f"{record.account}_SFCRole={record.id}",
        "STORAGE_GCP_SERVICE_ACCOUNT": f"{mark}@sandbox.invalid",
        "AZURE_CONSENT_URL": f"https://sandbox.invalid/consent/{mark}",
        "AZURE_MULTI_TENANT_APP_NAME": mark,
    }[name]
