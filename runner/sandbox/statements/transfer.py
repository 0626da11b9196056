"""PUT, GET, LIST and REMOVE (sql-reference/sql/put, get, list, remove).

The client moves the files of PUT and GET itself. It is told where the stage's folder is when it is on this machine and
knows folders; else it is given addresses at the door, as if the stage were a bucket.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from runner.sandbox.catalog.store import utc_now
from runner.sandbox.context import Context
from runner.sandbox.errors import compilation
from runner.sandbox.query.binding import bound
from runner.sandbox.query.staged import matches
from runner.sandbox.result import NUMBER, TEXT, Column, Result, StatementType, rows_result
from runner.sandbox.staging.folders import StagedFile
from runner.sandbox.staging.locations import Location, locate, read_location
from runner.sandbox.staging.options import Option, boolean, one_of, read_option, whole
from runner.sandbox.staging.tickets import PATH
from runner.sandbox.tokens import Kind, Reader

_PUT = {
    "PARALLEL": Option(whole, "4"),
    "AUTO_COMPRESS": Option(boolean, "TRUE"),
    "SOURCE_COMPRESSION": Option(
        one_of("AUTO_DETECT", "GZIP", "BZ2", "BROTLI", "ZSTD", "DEFLATE", "RAW_DEFLATE", "NONE"), "AUTO_DETECT"
    ),
    "OVERWRITE": Option(boolean, "FALSE"),
    "THRESHOLD": Option(whole, "200000000"),
}
_URI = re.compile(r"file://", re.IGNORECASE)


def put(context: Context, text: str) -> Result:
    """Tells the client where to put its files; the folder is there when it is told."""
    reader = Reader(bound(context, text))
    reader.expect("PUT")
    source = _local(reader)
    location = locate(context, read_location(reader), "WRITE")
    options = _options(reader)
    place = location.within(location.path.rstrip("/"))
    place.mkdir(parents=True, exist_ok=True)
    transfer: dict[str, object] = {
        "command": "UPLOAD",
        "operation": "Node",
        "src_locations": [source],
        "autoCompress": options["AUTO_COMPRESS"] == "TRUE",
        "sourceCompression": options["SOURCE_COMPRESSION"].lower(),
        "overwrite": options["OVERWRITE"] == "TRUE",
        "threshold": int(options["THRESHOLD"]),
    }
    return _told(context, transfer, place, options)


def get(context: Context, text: str) -> Result:
    """Tells the client which files there are and where they lie."""
    reader = Reader(bound(context, text))
    reader.expect("GET")
    location = locate(context, read_location(reader))
    target = _local(reader)
    pattern = ""
    if reader.accept("PATTERN", "="):
        pattern = reader.string()
    options = _options(reader)
    if reader.accept("PATTERN", "="):
        pattern = reader.string()
    reader.end()
    names = [file.name for file in _chosen(location, pattern)]
    transfer: dict[str, object] = {
        "command": "DOWNLOAD",
        "operation": "Node",
        "src_locations": names,
        "localLocation": target,
    }
    return _told(context, transfer, location.folder, options)


def _local(reader: Reader) -> str:
    """The client's path behind `file://`, bare or in quotes."""
    token = reader.next()
    if token.kind not in (Kind.URI, Kind.STRING) or not _URI.match(token.text):
        raise compilation(1003, "42000", "PUT and GET take a local path as file://…")
    return token.text[len("file://") :]


def _options(reader: Reader) -> dict[str, str]:
    found: dict[str, str | list[str]] = {}
    while reader.peek().word in _PUT:
        read_option(reader, _PUT, "PUT", found)
    if not reader.at("PATTERN"):
        reader.end()
    return {name: str(found.get(name, option.default)) for name, option in _PUT.items()}


def _told(context: Context, transfer: dict[str, object], folder: Path, options: dict[str, str]) -> Result:
    stage, more = _way(context, transfer, folder)
    common = {"parallel": int(options["PARALLEL"]), "stageInfo": stage, "encryptionMaterial": None, "uploadInfo": stage}
    return rows_result([Column("status", TEXT)], [], StatementType.UNKNOWN).moving(transfer | common | more)


def _way(context: Context, transfer: dict[str, object], folder: Path) -> tuple[dict[str, object], dict[str, object]]:
    """How the client moves the files: in the stage's folder where it is on this machine, else through the door.

    Addresses are without the host; the door knows under which name it was called.
    """
    stage: dict[str, object] = {"path": "", "region": "", "creds": {}, "isClientSideEncrypted": False}
    bucket = is_bucket_client(context.session.client)
    if ip_address(context.session.address).is_loopback and not bucket:
        return stage | {"locationType": "LOCAL_FS", "location": str(folder)}, {}
    secret = context.engine.tickets.give(folder, utc_now(), writes=transfer["command"] == "UPLOAD")
    stage |= {"locationType": "GCS", "location": f"{PATH}/{secret}/"}
    if bucket:
        return stage | {"creds": {"GCS_ACCESS_TOKEN": secret}, "endPoint": "/"}, {}
    names = transfer["src_locations"] if isinstance(transfer["src_locations"], list) else []
    if transfer["command"] == "UPLOAD":
        return stage | {"presignedUrl": f"/{PATH}/{secret}/{quote(names[0].rsplit('/', 1)[-1])}"}, {}
    return stage, {"presignedUrls": [f"/{PATH}/{secret}/{quote(name)}" for name in names]}


def is_bucket_client(client: str) -> bool:
    """Whether the client knows no folders: Python connectors from version 5 on."""
    name, _, version = client.partition(" ")
    major = version.partition(".")[0]
    return name == "PythonConnector" and major.isdigit() and int(major) >= 5


def _chosen(location: Location, pattern: str) -> list[StagedFile]:
    return [file for file in location.files() if not pattern or matches(pattern, file.name)]


def _place(context: Context, text: str, verbs: tuple[str, ...], privilege: str) -> tuple[Location, list[StagedFile]]:
    reader = Reader(bound(context, text))
    if not reader.accept_any(*verbs):
        raise reader.unexpected()
    location = locate(context, read_location(reader), privilege)
    pattern = reader.string() if reader.accept("PATTERN", "=") else ""
    reader.end()
    return location, _chosen(location, pattern)


def list_files(context: Context, text: str) -> Result:
    location, files = _place(context, text, ("LIST", "LS"), "READ")
    columns = [Column("name", TEXT), Column("size", NUMBER), Column("md5", TEXT), Column("last_modified", TEXT)]
    rows = [(location.shown(f.name), f.size, f.md5, f"{f.modified_at:%a, %d %b %Y %H:%M:%S} GMT") for f in files]
    return rows_result(columns, rows)


def remove(context: Context, text: str) -> Result:
    location, files = _place(context, text, ("REMOVE", "RM"), "WRITE")
    for file in files:
        file.path.unlink(missing_ok=True)
        _prune(location, file)
    rows = [(location.shown(file.name), "removed") for file in files]
    return rows_result([Column("name", TEXT), Column("result", TEXT)], rows)


def _prune(location: Location, file: StagedFile) -> None:
    """Folders that hold nothing any more are no files, and go."""
    for parent in PurePosixPath(file.name).parents:
        folder = location.folder / parent
        if folder == location.folder or any(folder.iterdir()):
            return
        folder.rmdir()
