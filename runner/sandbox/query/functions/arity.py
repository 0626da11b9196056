"""How many arguments a function takes that is no template (sql-reference/functions-all); templates tell their own."""

from __future__ import annotations

from runner.sandbox.query.core import Expr
from runner.sandbox.query.functions.spec import wrong_count

MANY = 10_000
_COUNTS = """
    0-0 CURRENT_DATE GETDATE SYSDATE
    0-1 CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP SYSTIMESTAMP RANDOM SEQ1 SEQ2 SEQ4 SEQ8 LAST_QUERY_ID
    1-1 AVG COUNT_IF DAY DAYOFMONTH DAYOFWEEK DAYOFWEEKISO DAYOFYEAR GETVARIABLE HOUR IS_DATABASE_ROLE_IN_SESSION
        BIT_LENGTH IS_ROLE_IN_SESSION LEN LENGTH MAX MIN
        MINUTE MONTH NULLIFZERO OCTET_LENGTH PERCENTILE_CONT PERCENTILE_DISC QUARTER RATIO_TO_REPORT SECOND SUM
        TO_BOOLEAN TRY_TO_BOOLEAN WEEK WEEKISO WEEKOFYEAR YEAR YEAROFWEEK YEAROFWEEKISO ZEROIFNULL ARRAY_AGG
        COLLATION AS_BOOLEAN AS_CHAR AS_DOUBLE AS_INTEGER AS_REAL AS_VARCHAR
    1-2 CEIL DATE FLOOR LAST_DAY LISTAGG SHA2 SHA2_HEX TIME TO_BINARY TO_CHAR TO_DATE TO_DOUBLE TO_TIME TO_TIMESTAMP
        TO_TIMESTAMP_LTZ TO_TIMESTAMP_NTZ TO_TIMESTAMP_TZ TO_VARCHAR TRUNC TRUNCATE TRY_TO_DATE TRY_TO_DOUBLE
        TRY_TO_BINARY TRY_TO_TIME TRY_TO_TIMESTAMP TRY_TO_TIMESTAMP_LTZ TRY_TO_TIMESTAMP_NTZ TRY_TO_TIMESTAMP_TZ
    1-3 BASE64_ENCODE LAG LEAD POSITION ROUND
    1-4 TO_DECIMAL TO_NUMBER TO_NUMERIC TRY_TO_DECIMAL TRY_TO_NUMBER TRY_TO_NUMERIC
    1-* COALESCE CONCAT COUNT GREATEST GREATEST_IGNORE_NULLS GROUPING GROUPING_ID HASH HASH_AGG LEAST LEAST_IGNORE_NULLS
    2-2 ADD_MONTHS APPROX_PERCENTILE DATE_PART DATE_TRUNC DIV0 DIV0NULL EQUAL_NULL GET GET_PATH IFNULL MOD NEXT_DAY
        COLLATE NULLIF NVL OBJECT_AGG PREVIOUS_DAY SYS_CONTEXT
    2-3 CONVERT_TIMEZONE REGEXP_LIKE RLIKE
    2-4 REGEXP_COUNT
    2-6 REGEXP_REPLACE REGEXP_SUBSTR REGEXP_SUBSTR_ALL REGEXP_EXTRACT_ALL
    2-7 REGEXP_INSTR
    2-8 TIMESTAMPFROMPARTS TIMESTAMPNTZFROMPARTS TIMESTAMP_FROM_PARTS TIMESTAMP_NTZ_FROM_PARTS
    2-* CONCAT_WS
    3-3 DATEADD DATEDIFF IFF NVL2 TIMEADD TIMEDIFF TIMESTAMPADD TIMESTAMPDIFF UNIFORM
    3-4 TIME_SLICE
    3-* DECODE
"""


def _read(text: str) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    bounds = (0, MANY)
    for word in text.split():
        if word[0].isdigit():
            least, most = word.split("-")
            bounds = (int(least), MANY if most == "*" else int(most))
        else:
            found[word] = bounds
    return found


COUNTS = _read(_COUNTS)


def check(name: str, arguments: list[Expr]) -> None:
    """Refuse a number of arguments that the function does not take."""
    given = len(arguments)
    if given == 1 and arguments[0].key == "distinct":
        given = len(arguments[0].expressions)
    least, most = COUNTS.get(name, (0, MANY))
    if not least <= given <= most:
        raise wrong_count(name, given, f"{least}" if least == most else f"{least}-{'' if most == MANY else most}")
