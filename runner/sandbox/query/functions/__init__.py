"""Every function the sandbox knows, by Snowflake's name. What is not here is refused by name."""

from __future__ import annotations

from runner.sandbox.query.functions import (
    absent as absent,
    aggregates as aggregates,
    alerts as alerts,
    arity as arity,
    constraints as constraints,
    dates as dates,
    documents as documents,
    further as further,
    hierarchical as hierarchical,
    lambdas as lambdas,
    numbers as numbers,
    roles as roles,
    semi as semi,
    session as session,
    sketches as sketches,
    strings as strings,
)
from runner.sandbox.query.functions.spec import Call as Call, F as F, Special

TABLE: dict[str, F] = (
    strings.TABLE
    | numbers.TABLE
    | dates.TABLE
    | semi.TABLE
    | documents.TABLE
    | further.TABLE
    | aggregates.TABLE
    | sketches.TABLE
)
SPECIAL: dict[str, Special] = (
    strings.SPECIAL
    | numbers.SPECIAL
    | dates.SPECIAL
    | semi.SPECIAL
    | documents.SPECIAL
    | further.SPECIAL
    | aggregates.SPECIAL
    | sketches.SPECIAL
    | session.SPECIAL
    | roles.SPECIAL
    | constraints.SPECIAL
    | hierarchical.SPECIAL
    | lambdas.SPECIAL
)
BARE = frozenset(
    {
        "CURRENT_ACCOUNT", "CURRENT_DATABASE", "CURRENT_DATE", "CURRENT_REGION", "CURRENT_ROLE", "CURRENT_SCHEMA",
        "CURRENT_SESSION", "CURRENT_TIME", "CURRENT_TIMESTAMP", "CURRENT_USER", "CURRENT_WAREHOUSE", "LOCALTIME",
        "LOCALTIMESTAMP", "SYSDATE",
    }
)  # fmt: skip
"""Functions that may be written without parentheses."""
