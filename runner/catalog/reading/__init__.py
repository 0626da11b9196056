"""An account is read: many questions to a statement, several sessions at a time, gaps instead of crashes."""

from runner.catalog.reading.reader import read
from runner.catalog.reading.request import ReadRequest

__all__ = ["ReadRequest", "read"]
