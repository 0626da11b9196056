"""Every function the sandbox knows, by Snowflake's name. What is not here is refused by name."""

from __future__ import annotations

from runner.sandbox.query.functions import absent as absent
from runner.sandbox.query.functions import aggregates as aggregates
from runner.sandbox.query.functions import arity as arity
from runner.sandbox.query.functions import constraints as constraints
from runner.sandbox.query.functions import dates as dates
from runner.sandbox.query.functions import documents as documents
from runner.sandbox.query.functions import further as further
from runner.sandbox.query.functions import hierarchical as hierarchical
from runner.sandbox.query.functions import lambdas as lambdas
from runner.sandbox.query.functions import numbers as numbers
from runner.sandbox.query.functions import roles as roles
from runner.sandbox.query.functions import semi as semi
from runner.sandbox.query.functions import session as session
from runner.sandbox.query.functions import sketches as sketches
from runner.sandbox.query.functions import strings as strings
from runner.sandbox.query.functions.spec import Call as Call
from runner.sandbox.query.functions.spec import F as F
from runner.sandbox.query.functions.spec import Special

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
