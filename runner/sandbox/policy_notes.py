"""What statements about policies do here, and where that is not what Snowflake does."""

from __future__ import annotations

from runner.sandbox.note import Key, Note, three

_POLICY_DIFFERS = (
    "applied to every read of the table or view, through shares too; "
    "numbers of errors about columns that do not fit are not documented"
)
NOTES: dict[Key, Note] = {
    **three(
        "MASKING POLICY",
        "masks columns, by other columns too (USING); EXEMPT_OTHER_POLICIES",
        "SET BODY, RENAME, comment",
        "not while attached",
        _POLICY_DIFFERS,
    ),
    **three("ROW ACCESS POLICY", "filters rows", "SET BODY, RENAME, comment", "not while attached", _POLICY_DIFFERS),
    **three(
        "AUTHENTICATION POLICY",
        "AUTHENTICATION_METHODS and CLIENT_TYPES hold at the login, PAT_POLICY for tokens (expiry, network policy, "
        "role restriction, blocked roles)",
        "SET, UNSET, RENAME",
        "not while it is set on an account or user",
        "nobody has a second factor here: MFA_ENROLLMENT, MFA_POLICY and SECURITY_INTEGRATIONS are stored only; "
        "NETWORK_POLICY_EVALUATION = NOT_ENFORCED, CLIENT_POLICY, WORKLOAD_IDENTITY_POLICY and FOR ALL … USERS are "
        "refused",
    ),
    **three(
        "PASSWORD POLICY",
        "lengths and kinds of characters hold when a password is set",
        "SET, UNSET, RENAME",
        "not while it is set on an account or user",
        "ages, retries, lockout and history are stored only; without a policy any password is taken",
    ),
    **three(
        "SESSION POLICY",
        "SESSION_IDLE_TIMEOUT_MINS holds, by the clock that can be moved; secondary roles may be barred",
        "SET, UNSET, RENAME",
        "not while it is set on an account or user",
        "SESSION_UI_IDLE_TIMEOUT_MINS is stored only; lists of secondary roles are refused",
    ),
    **three(
        "AGGREGATION POLICY",
        "queries must aggregate with AVG, COUNT, HLL or SUM; groups that are too small come out as one with NULL keys, "
        "entity keys count entities",
        "SET BODY, RENAME, comment",
        "not while attached",
        "refused by name: joins, set operators, windows, DISTINCT and ROLLUP over such a table, entity keys through "
        "views, and UPDATE, DELETE and MERGE of it; numbers and words of the errors are not documented",
    ),
    **three(
        "JOIN POLICY",
        "a protected table is read only where it is joined, by equality of an allowed column, to one that is not",
        "SET BODY, RENAME, comment",
        "not while attached",
        "inner joins, and outer joins that do not keep the protected side, with ON or USING; joins in WHERE, of views "
        "and subqueries of such a table are refused, as are UPDATE, DELETE and MERGE; numbers and words of the errors "
        "are not documented",
    ),
    **three(
        "PROJECTION POLICY",
        "columns that the outermost query may not show, by themselves or in an expression, through views and shares; "
        "ENFORCEMENT FAIL and NULLIFY",
        "SET BODY, RENAME, comment",
        "not while attached",
        "what fills another table or leaves as a file is refused also with NULLIFY; columns that go through table "
        "functions, PIVOT or paths of CONNECT BY are refused; numbers and words of the errors are not documented",
    ),
}
