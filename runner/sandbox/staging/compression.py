"""Compressed files: found out by name and first bytes, unpacked up to a bound, packed when data is unloaded."""

from __future__ import annotations

import bz2
import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from runner.sandbox.errors import SnowflakeError, unsupported

MAX_BYTES = 2 * 1024**3
"""No file is unpacked to more than this."""
EXTENSIONS = {
    "GZIP": ".gz", "BZ2": ".bz2", "BROTLI": ".br", "ZSTD": ".zst", "DEFLATE": ".deflate", "RAW_DEFLATE": ".raw_deflate",
    "NONE": "",
}  # fmt: skip
_MAGIC = ((b"\x1f\x8b", "GZIP"), (b"BZh", "BZ2"), (b"\x28\xb5\x2f\xfd", "ZSTD"))
_CODECS = {"GZIP": "gzip", "BZ2": "bz2", "BROTLI": "brotli", "ZSTD": "zstd"}
_WINDOWS = {"DEFLATE": zlib.MAX_WBITS, "RAW_DEFLATE": -zlib.MAX_WBITS}


def content(path: Path, compression: str) -> bytes:
    """The file's bytes, unpacked; AUTO looks at the name and at the first bytes (BROTLI has to be told)."""
    kind = _detected(path) if compression == "AUTO" else compression
    try:
        return _bounded(path, kind)
    except (OSError, zlib.error, EOFError) as error:
        text = f"Invalid data encountered during decompression for file: '{path.name}', compression type used: '{kind}'"
        raise SnowflakeError(100109, "22000", f"{text}, cause: '{error}'") from None


def _detected(path: Path) -> str:
    with path.open("rb") as file:
        first = file.read(4)
    by_magic = next((kind for magic, kind in _MAGIC if first.startswith(magic)), None)
    by_name = {".deflate": "DEFLATE", ".raw_deflate": "RAW_DEFLATE"}.get(path.suffix.lower(), "NONE")
    return by_magic or by_name


def _bounded(path: Path, kind: str) -> bytes:
    if kind in _WINDOWS:
        unpacker = zlib.decompressobj(_WINDOWS[kind])
        found = unpacker.decompress(path.read_bytes(), MAX_BYTES + 1)
    elif kind == "NONE":
        with path.open("rb") as file:
            found = file.read(MAX_BYTES + 1)
    elif kind in _CODECS:
        with pa.input_stream(str(path), compression=_CODECS[kind]) as stream:
            found = stream.read(MAX_BYTES + 1)
    else:
        raise unsupported(f"COMPRESSION = {kind}")
    if len(found) > MAX_BYTES:
        raise SnowflakeError(100109, "22000", f"File '{path.name}' holds more than the {MAX_BYTES} bytes read here.")
    return found


def packed(data: bytes, compression: str) -> bytes:
    """The bytes as the compression has them."""
    packers: dict[str, Callable[[bytes], bytes]] = {
        "GZIP": lambda raw: gzip.compress(raw, mtime=0),
        "BZ2": bz2.compress,
        "DEFLATE": zlib.compress,
        "RAW_DEFLATE": _raw_deflate,
        "BROTLI": lambda raw: pa.compress(raw, codec="brotli", asbytes=True),
        "ZSTD": lambda raw: pa.compress(raw, codec="zstd", asbytes=True),
        "NONE": lambda raw: raw,
    }
    return packers[compression](data)


def _raw_deflate(raw: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(raw) + packer.flush()
