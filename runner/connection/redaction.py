"""Secrets taken out of whatever leaves the process: texts, log records, errors."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from traceback import format_exception

from runner.core.secret import Secret

# A JSON web token, as access tokens and programmatic access tokens are: base64 of '{"'.
_TOKEN = re.compile(r"eyJ[A-Za-z0-9_\-]{6,}(?:\.[A-Za-z0-9_\-]+)*")
_HEADER = re.compile(r'(Snowflake Token=\\?"|Bearer )[^"\s\\]+')
_QUIET = "***"


@dataclass(frozen=True, slots=True)
class Redactor:
    """Knows the secrets of one login; tokens are known by their shape as well."""

    secrets: tuple[Secret, ...] = ()

    def redact(self, text: str) -> str:
        for secret in self.secrets:
            text = secret.redact(text)
        return _TOKEN.sub(_QUIET, _HEADER.sub(rf"\1{_QUIET}", text))


class RedactingFilter(logging.Filter):
    """Makes every record safe before a handler sees it: message, arguments and traceback."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self.redactor = redactor

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.redactor.redact(_message(record)), ()
        if record.exc_info and record.exc_info[0]:
            record.exc_text = self.redactor.redact("".join(format_exception(*record.exc_info)))
            record.exc_info = None
        return True


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args}"


def silence(loggers: Iterable[logging.Logger], redactor: Redactor) -> None:
    """Puts the filter on every logger, once for these secrets: a filter is not inherited by the loggers below."""
    for logger in loggers:
        found = [f for f in logger.filters if isinstance(f, RedactingFilter)]
        if not any(f.redactor == redactor for f in found):
            logger.addFilter(RedactingFilter(redactor))
