"""File formats: their types, options and defaults, and which one holds for a statement.

Source: sql-reference/sql/create-file-format (format type options).
"""

from __future__ import annotations

from collections.abc import Mapping

from runner.sandbox import resolve
from runner.sandbox.catalog.files import FileFormat, Options, Stage
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.staging.options import (
    Option,
    boolean,
    character,
    filled,
    one_of,
    read_option,
    read_value,
    text,
    texts,
    whole,
)
from runner.sandbox.tokens import Reader

_ANY = ("AUTO", "GZIP", "BZ2", "BROTLI", "ZSTD", "DEFLATE", "RAW_DEFLATE", "NONE")
_COMPRESSION = Option(one_of(*_ANY), "AUTO")
_NULL_IF = Option(texts, ["\\N"], "List")
_TIMES = {
    "DATE_FORMAT": Option(text, "AUTO"),
    "TIME_FORMAT": Option(text, "AUTO"),
    "TIMESTAMP_FORMAT": Option(text, "AUTO"),
    "BINARY_FORMAT": Option(one_of("HEX", "BASE64", "UTF8", "UTF-8"), "HEX"),
}
_FALSE = Option(boolean, "FALSE", "Boolean")
_TRUE = Option(boolean, "TRUE", "Boolean")
_NONE_TEXT = Option(text, "NONE")
_CSV: dict[str, Option] = {
    "RECORD_DELIMITER": Option(text, "\\n"),
    "FIELD_DELIMITER": Option(text, ","),
    "FILE_EXTENSION": Option(text, ""),
    "SKIP_HEADER": Option(whole, "0", "Integer"),
    "PARSE_HEADER": _FALSE,
    **_TIMES,
    "ESCAPE": Option(character, "NONE"),
    "ESCAPE_UNENCLOSED_FIELD": Option(character, "\\"),
    "TRIM_SPACE": _FALSE,
    "FIELD_OPTIONALLY_ENCLOSED_BY": Option(character, "NONE"),
    "NULL_IF": _NULL_IF,
    "COMPRESSION": _COMPRESSION,
    "ERROR_ON_COLUMN_COUNT_MISMATCH": _TRUE,
    "VALIDATE_UTF8": _TRUE,
    "SKIP_BLANK_LINES": _FALSE,
    "REPLACE_INVALID_CHARACTERS": _FALSE,
    "EMPTY_FIELD_AS_NULL": _TRUE,
    "SKIP_BYTE_ORDER_MARK": _TRUE,
    "ENCODING": Option(text, "UTF8"),
    "MULTI_LINE": _TRUE,
}
_JSON: dict[str, Option] = {
    "FILE_EXTENSION": Option(text, ""),
    **_TIMES,
    "TRIM_SPACE": _FALSE,
    "NULL_IF": Option(texts, [], "List"),
    "COMPRESSION": _COMPRESSION,
    "ENABLE_OCTAL": _FALSE,
    "ALLOW_DUPLICATE": _FALSE,
    "STRIP_OUTER_ARRAY": _FALSE,
    "STRIP_NULL_VALUES": _FALSE,
    "IGNORE_UTF8_ERRORS": _FALSE,
    "REPLACE_INVALID_CHARACTERS": _FALSE,
    "SKIP_BYTE_ORDER_MARK": _TRUE,
    "MULTI_LINE": _TRUE,
}
_PARQUET: dict[str, Option] = {
    "COMPRESSION": Option(one_of("AUTO", "LZO", "SNAPPY", "NONE", *_ANY), "AUTO"),
    "SNAPPY_COMPRESSION": _TRUE,
    "BINARY_AS_TEXT": _TRUE,
    "USE_LOGICAL_TYPE": _FALSE,
    "TRIM_SPACE": _FALSE,
    "USE_VECTORIZED_SCANNER": _FALSE,
    "REPLACE_INVALID_CHARACTERS": _FALSE,
    "NULL_IF": Option(texts, [], "List"),
}
_AVRO: dict[str, Option] = {
    "TRIM_SPACE": _FALSE,
    "NULL_IF": Option(texts, [], "List"),
    "COMPRESSION": _COMPRESSION,
    "REPLACE_INVALID_CHARACTERS": _FALSE,
}
_ORC = {name: option for name, option in _AVRO.items() if name != "COMPRESSION"}
_XML: dict[str, Option] = {
    "COMPRESSION": _COMPRESSION,
    "IGNORE_UTF8_ERRORS": _FALSE,
    "PRESERVE_SPACE": _FALSE,
    "STRIP_OUTER_ELEMENT": _FALSE,
    "DISABLE_AUTO_CONVERT": _FALSE,
    "REPLACE_INVALID_CHARACTERS": _FALSE,
    "SKIP_BYTE_ORDER_MARK": _TRUE,
}
TYPES: Mapping[str, Mapping[str, Option]] = {
    "CSV": _CSV,
    "JSON": _JSON,
    "PARQUET": _PARQUET,
    "AVRO": _AVRO,
    "ORC": _ORC,
    "XML": _XML,
}
READ = ("CSV", "JSON", "PARQUET")
"""The types whose files the sandbox reads and writes; the others are kept and shown."""


@dataclass(frozen=True, slots=True)
class Format:
    """A type and all its options, defaults filled in. `given` has those that somebody wrote."""

    type: str
    options: Options
    given: frozenset[str] = frozenset()

    def readable(self) -> Format:
        """The format, for a statement that looks into files."""
        if self.type not in READ:
            raise unsupported(f"files of type {self.type}")
        return self


def complete(kind: str, given: Options) -> Format:
    return Format(kind, filled(TYPES[kind], given), frozenset(given))


def read_format(reader: Reader, before: str = "CSV") -> tuple[str | None, str, Options]:
    """`( [TYPE = t] [FORMAT_NAME = n] options )`: the name, or the type and the options as given."""
    reader.expect("(")
    name, kind, found = None, before, Options()
    if _type_comes_later(reader):
        kind = _type_ahead(reader, before)
    while not reader.accept(")"):
        if reader.accept("FORMAT_NAME", "="):
            value = read_value(reader)
            name = value if isinstance(value, str) else ""
        elif reader.accept("TYPE", "="):
            kind = _known_type(reader)
        else:
            read_option(reader, TYPES[kind], f"file format type {kind}", found)
        reader.accept(",")
    if name and found:
        raise compilation(1003, "42601", "FORMAT_NAME and format type options exclude each other.")
    return name, kind, found


def _type_comes_later(reader: Reader) -> bool:
    return not reader.at("TYPE")


def _type_ahead(reader: Reader, before: str) -> str:
    """Options may stand before the TYPE that they belong to."""
    ahead = depth = 0
    while not (depth == 0 and reader.peek(ahead).word == ")") and reader.peek(ahead).text != "<EOF>":
        depth += {"(": 1, ")": -1}.get(reader.peek(ahead).word, 0)
        if depth == 0 and reader.peek(ahead).word == "TYPE" and reader.peek(ahead + 1).word == "=":
            kind = reader.peek(ahead + 2).text.upper()
            return kind if kind in TYPES else before
        ahead += 1
    return before


def _known_type(reader: Reader) -> str:
    token = reader.next()
    if token.text.upper() not in TYPES:
        raise compilation(1008, "22023", f"invalid value [{token.text[:100]}] for parameter 'TYPE'")
    return token.text.upper()


def read_type_and_options(reader: Reader) -> tuple[str, Options, str | None]:
    """What follows the name in CREATE FILE FORMAT: TYPE, its options and COMMENT, to the end."""
    kind, found, comment = _type_ahead_open(reader), Options(), None
    while not reader.at_end() and not reader.at(";"):
        if reader.accept("TYPE", "="):
            kind = _known_type(reader)
        elif reader.accept("COMMENT", "="):
            comment = reader.string()
        else:
            read_option(reader, TYPES[kind], f"file format type {kind}", found)
        reader.accept(",")
    reader.end()
    return kind, found, comment


def _type_ahead_open(reader: Reader) -> str:
    for ahead in range(len(reader.tokens)):
        if reader.peek(ahead).word == "TYPE" and reader.peek(ahead + 1).word == "=":
            kind = reader.peek(ahead + 2).text.upper()
            return kind if kind in TYPES else "CSV"
    return "CSV"


def named_format(context: Context, name: str) -> Format:
    """The file format of that name, for who may use it."""
    reader = Reader(name)
    parts = reader.name()
    reader.end()
    found = context.find(FileFormat, parts)
    if found is None:
        raise resolve.missing(context.catalog, context.session, "File format", parts)
    context.require("USAGE", found)
    return complete(found.type, found.options)


def format_of_stage(context: Context, stage: Stage | None) -> Format:
    """The stage's own format; CSV where it has none."""
    if stage is not None and stage.format_name:
        return named_format(context, stage.format_name)
    if stage is not None and stage.format:
        given = {name: value for name, value in stage.format.items() if name != "TYPE"}
        return complete(str(stage.format.get("TYPE", "CSV")), given)
    return complete("CSV", {})


def overriding(base: Format, kind: str | None, given: Options) -> Format:
    """A statement's own options, and none of the stage's: they are not cumulative (user-guide/data-load-prepare)."""
    return complete(kind or base.type, given)
