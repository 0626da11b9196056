"""Every function the sandbox knows, by Snowflake's name. What is not here is refused by name."""

from __future__ import annotations

from runner.sandbox.query.functions import aggregates as aggregates
from runner.sandbox.query.functions import dates as dates
from runner.sandbox.query.functions import numbers as numbers
from runner.sandbox.query.functions import semi as semi
from runner.sandbox.query.functions import session as session
from runner.sandbox.query.functions import strings as strings
from runner.sandbox.query.functions.spec import F, Special

TABLE: dict[str, F] = strings.TABLE | numbers.TABLE | dates.TABLE | semi.TABLE | aggregates.TABLE
SPECIAL: dict[str, Special] = (
    strings.SPECIAL | numbers.SPECIAL | dates.SPECIAL | semi.SPECIAL | aggregates.SPECIAL | session.SPECIAL
)
BARE = frozenset(
    """CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP CURRENT_USER CURRENT_ROLE CURRENT_ACCOUNT
    CURRENT_DATABASE CURRENT_SCHEMA CURRENT_WAREHOUSE CURRENT_SESSION CURRENT_REGION SYSDATE""".split()
)
"""Functions that may be written without parentheses."""
