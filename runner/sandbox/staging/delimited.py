"""CSV as Snowflake reads it: any delimiters, optional enclosure, escapes, and a flaw for each record that is malformed.

Source: sql-reference/sql/create-file-format (TYPE = CSV).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field

import pyarrow as pa

from runner.sandbox.catalog.files import Options
from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.staging.options import as_list, as_text, is_true
from runner.sandbox.staging.records import SYNTAX, Flaw, Records

_SEQUENCES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", '"': '"', "b": "\b", "f": "\f", "0": "\0"}
_SEQUENCE = re.compile(r"\\x([0-9a-fA-F]{2})|0x([0-9a-fA-F]{2})|\\([0-3][0-7]{2})|\\(.)", re.DOTALL)


def control(value: str) -> str:
    """A delimiter as characters: `\\t`, `\\x7C`, `0x01` and octal stand for what they name; NONE for nothing."""
    if value.upper() == "NONE":
        return ""
    return _SEQUENCE.sub(_character, value)


def _character(match: re.Match[str]) -> str:
    hexadecimal = match[1] or match[2]
    if hexadecimal:
        return chr(int(hexadecimal, 16))
    return chr(int(match[3], 8)) if match[3] else _SEQUENCES.get(match[4], match[4])


@dataclass(frozen=True, slots=True)
class Dialect:
    """The options of a format as the scanner wants them."""

    delimiter: str
    enclosure: str
    escape: str
    unenclosed_escape: str
    nulls: frozenset[str]
    trim: bool
    empty_is_null: bool
    skip_blank: bool
    newline: bool
    record: str

    @classmethod
    def of(cls, options: Options) -> Dialect:
        record = control(as_text(options, "RECORD_DELIMITER"))
        return cls(
            delimiter=control(as_text(options, "FIELD_DELIMITER")),
            enclosure=control(as_text(options, "FIELD_OPTIONALLY_ENCLOSED_BY")),
            escape=control(as_text(options, "ESCAPE")),
            unenclosed_escape=control(as_text(options, "ESCAPE_UNENCLOSED_FIELD")),
            nulls=frozenset(control(text) if text != "\\N" else text for text in as_list(options, "NULL_IF")),
            trim=is_true(options, "TRIM_SPACE"),
            empty_is_null=is_true(options, "EMPTY_FIELD_AS_NULL"),
            skip_blank=is_true(options, "SKIP_BLANK_LINES"),
            newline=record in ("\n", "\r\n", "\r"),
            record=record,
        )

    @property
    def record_end(self) -> str:
        """As a regular expression; a new line is any of the three that there are."""
        return r"\r\n|\n|\r" if self.newline else re.escape(self.record) if self.record else r"\Z(?!)"

    def pattern(self) -> re.Pattern[str]:
        """One field and what ends it. Possessive throughout: a field is looked at once, however long it is."""
        end = f"(?P<end>{self.record_end}|\\Z)"
        separator = f"(?P<sep>{re.escape(self.delimiter)})|{end}" if self.delimiter else end
        return re.compile(f"(?:{self._enclosed()}(?P<plain>{self._plain()}))(?:{separator})", re.DOTALL)

    def _enclosed(self) -> str:
        if not self.enclosure:
            return ""
        return f"{self.enclosed_field}|{self._space}(?!{re.escape(self.enclosure)})"

    @property
    def _space(self) -> str:
        return "[ \\t]*+" if self.trim else ""

    @property
    def enclosed_field(self) -> str:
        """A field between quotes, as a regular expression."""
        quote = re.escape(self.enclosure)
        escaped = f"|{re.escape(self.escape)}." if self.escape else ""
        inner = f"(?:[^{quote}{re.escape(self.escape)}]++|{quote}{quote}{escaped})*+"
        return f"{self._space}{quote}(?P<enclosed>{inner}){quote}{self._space}"

    def _plain(self) -> str:
        stops = {self.delimiter[:1], *("\r\n" if self.newline else self.record[:1])} - {""}
        escape = self.escape or self.unenclosed_escape
        escaped = f"|{re.escape(escape)}." if escape else ""
        excluded = "".join(re.escape(stop) for stop in sorted(stops)) + re.escape(escape)
        loose = [f"(?!{re.escape(d)}){re.escape(d[0])}" for d in (self.delimiter, self.record) if len(d) > 1]
        listed = f"[^{excluded}]++" if excluded else ".++"
        return f"(?:{'|'.join([listed, *([] if self.newline and not self.delimiter[1:] else loose)])}{escaped})*+"


def decoded(data: bytes, options: Options) -> str:
    """The file's text; bytes that are none are an error, or `\\ufffd` by choice."""
    encoding = as_text(options, "ENCODING").replace("_", "-") or "UTF8"
    errors = "replace" if is_true(options, "REPLACE_INVALID_CHARACTERS") else "strict"
    try:
        text = data.decode(encoding, errors)
    except LookupError:
        raise compilation(1008, "22023", f"invalid value [{encoding[:50]}] for parameter 'ENCODING'") from None
    except UnicodeDecodeError as error:
        raise SnowflakeError(
            100144, "22000", f"Invalid UTF8 detected in string '0x{data[error.start : error.start + 4].hex().upper()}'"
        ) from None
    return text.removeprefix("\ufeff") if is_true(options, "SKIP_BYTE_ORDER_MARK") else text


@dataclass
class _Scan:
    """One walk through a file."""

    dialect: Dialect
    text: str
    offset: int = 0
    line: int = 1
    row: int = 0
    flaws: list[Flaw] = field(default_factory=list)

    def skip(self, records: int) -> None:
        """Lines of a header, whatever stands in them."""
        end = re.compile(self.dialect.record_end)
        for _ in range(records):
            found = end.search(self.text, self.offset)
            self._to(found.end() if found else len(self.text))

    def _to(self, offset: int) -> None:
        self.line += self.text.count("\n", self.offset, offset)
        self.offset = offset

    def records(self) -> Iterator[tuple[int, int, list[str | None]]]:
        """Number, line and fields of each record that is well-formed."""
        pattern, end = self.dialect.pattern(), re.compile(self.dialect.record_end)
        while self.offset < len(self.text):
            start, offset, fields = self.line, self.offset, []
            while True:
                found = pattern.match(self.text, offset)
                if found is None:
                    break
                fields.append(self._value(found))
                offset = found.end()
                if found["end"] is not None:
                    break
            if found is None:
                self._flawed(start, offset, len(fields), end)
                continue
            blank = len(fields) == 1 and self.text[self.offset : offset].strip("\r\n") == ""
            self._to(offset)
            if blank and self.dialect.skip_blank:
                continue
            self.row += 1
            yield self.row, start, fields

    def _flawed(self, start: int, offset: int, column: int, end: re.Pattern[str]) -> None:
        """The record ends at the next end of a record; what is wrong with it is told."""
        self.row += 1
        quote = self.dialect.enclosure
        after = re.compile(self.dialect.enclosed_field, re.DOTALL).match(self.text, offset)
        if after is None:
            message = f"Field is not closed: the enclosing {quote} is missing"
            self._to(len(self.text))
        else:
            wrong = self.text[after.end() : after.end() + 1]
            message = f"Found character '{wrong}' instead of field delimiter '{self.dialect.delimiter}'"
            found = end.search(self.text, after.end())
            self._to(found.end() if found else len(self.text))
        self.flaws.append(Flaw(self.row, start, offset - self.text.rfind("\n", 0, offset), message, f"${column + 1}"))

    def _value(self, found: re.Match[str]) -> str | None:
        dialect = self.dialect
        enclosed = found["enclosed"] if dialect.enclosure else None
        if enclosed is not None:
            value = enclosed.replace(dialect.enclosure * 2, dialect.enclosure)
            value = _unescaped(value, dialect.escape)
            return None if value in dialect.nulls else value
        raw: str = found["plain"]
        raw = raw.strip(" \t") if dialect.trim else raw
        if raw in dialect.nulls:
            return None
        if raw == "":
            return None if dialect.empty_is_null else ""
        return _unescaped(raw, dialect.escape or dialect.unenclosed_escape)


def _unescaped(value: str, escape: str) -> str:
    if not escape or escape not in value:
        return value
    return re.sub(re.escape(escape) + "(.)", lambda match: _after_escape(match[1]), value, flags=re.DOTALL)


def _after_escape(character: str) -> str:
    return {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}.get(character, character)


def read(data: bytes, options: Options) -> Records:
    """All records of a CSV file, as texts."""
    scan = _Scan(Dialect.of(options), decoded(data, options))
    scan.skip(int(as_text(options, "SKIP_HEADER") or 0))
    found = list(scan.records())
    header: list[str] = []
    if is_true(options, "PARSE_HEADER") and found:
        header = [name or "" for name in found.pop(0)[2]]
        found = [(row - 1, line, fields) for row, line, fields in found]
    return Records(
        table=_table([fields for _, _, fields in found], len(header)),
        lines=[line for _, line, _ in found],
        rows=[row for row, _, _ in found],
        flaws=[Flaw(f.row, f.line, f.character, f.message, f.column, _error(f.message)) for f in scan.flaws],
        header=header,
        widths=[len(fields) for _, _, fields in found],
    )


def _error(message: str) -> SnowflakeError:
    return SnowflakeError(SYNTAX, "22000", message)


def _table(rows: list[list[str | None]], least: int) -> pa.Table:
    """One column a field; records that have fewer have NULL there."""
    width = max([least, 1, *map(len, rows)])
    columns = [pa.array([row[at] if at < len(row) else None for row in rows], pa.string()) for at in range(width)]
    return pa.table(columns, names=[f"c{at}" for at in range(width)])
