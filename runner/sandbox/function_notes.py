"""Where a function is not what it is in Snowflake, for docs/sandbox-reference.md; and functions that are forms."""

from __future__ import annotations

FORMS = {
    "CASE": "CASE WHEN TRUE THEN 1 END",
    "IN": "1 IN (1, 2)",
    "CAST": "CAST('1' AS NUMBER)",
    "TRY_CAST": "TRY_CAST('1' AS NUMBER)",
    "EXTRACT": "EXTRACT(YEAR FROM CURRENT_DATE)",
    "LIKE_ALL": "'a' LIKE ALL ('a%', '%a')",
    "LIKE_ANY": "'a' LIKE ANY ('a%', 'b%')",
    "ILIKE_ANY": "'a' ILIKE ANY ('A%', 'b%')",
    "REGEXP": "'a' REGEXP 'a'",
}
"""Functions of the index that are written as forms of the language: an example of each."""
_OWN_FORMULA = "the sandbox's own formula: equal here means equal there, the numbers differ"
_EXACT = "exact, where Snowflake approximates"
_DRAWN = "other numbers than Snowflake draws, also with the same seed"
DIFFERENCES = {
    "HASH": _OWN_FORMULA,
    "HASH_AGG": _OWN_FORMULA,
    "APPROX_PERCENTILE": _EXACT,
    "APPROX_TOP_K": _EXACT,
    "BITMAP_CONSTRUCT_AGG": "the bitmap's bytes are the sandbox's own; counts are the same",
    "HLL_ACCUMULATE": "the state holds hashes and is as long as there are values; nothing is estimated",
    "HLL_COMBINE": "the state is the sandbox's own",
    "HLL_ESTIMATE": _EXACT,
    "APPROX_COUNT_DISTINCT": "approximates by another method",
    "HLL": "approximates by another method",
    "RANDOM": _DRAWN,
    "UNIFORM": _DRAWN,
    "RANDSTR": _DRAWN,
    "NORMAL": _DRAWN,
    "ZIPF": _DRAWN,
    "GET_DDL": "of the kinds of objects that exist here",
    "GET_LINEAGE": "tables, views and their columns; what came through a share or from a stage is left out",
    "FLATTEN": "SEQ numbers the rows of its own FROM: alone in a subquery it is 1, also a LATERAL one; rows of "
    "RECURSIVE in an outer join come in another order without ORDER BY",
    "SYSTEM$ALLOWLIST": "the sandbox's own address",
    "SYSTEM$WHITELIST": "the sandbox's own address",
    "INFER_SCHEMA": "CSV, JSON and Parquet",
    "CURRENT_VERSION": "the release whose documentation the sandbox follows",
}
