"""Which privileges there are on which kind of thing (user-guide/security-access-control-privileges)."""

from __future__ import annotations

from runner.sandbox import errors

_CREATE_IN_SCHEMA = frozenset(
    "CREATE " + kind
    for kind in (
        "AGGREGATION POLICY", "ALERT", "AUTHENTICATION POLICY",
        "CORTEX SEARCH SERVICE", "DATA METRIC FUNCTION", "DYNAMIC TABLE",
        "EVENT TABLE", "EXTERNAL TABLE", "FILE FORMAT", "FUNCTION", "GIT REPOSITORY", "HYBRID TABLE", "ICEBERG TABLE",
        "IMAGE REPOSITORY", "JOIN POLICY", "MASKING POLICY", "MATERIALIZED VIEW", "MODEL", "NETWORK RULE", "NOTEBOOK",
        "PASSWORD POLICY", "PIPE", "PROCEDURE", "PROJECTION POLICY", "ROW ACCESS POLICY", "SECRET", "SEMANTIC VIEW",
        "SEQUENCE", "SERVICE", "SESSION POLICY", "SNAPSHOT", "STAGE", "STREAM", "STREAMLIT", "TABLE", "TAG", "TASK",
        "TEMPORARY TABLE", "VIEW",
    )
)  # fmt: skip
ACCOUNT = frozenset(
    {
        "APPLY AGGREGATION POLICY", "APPLY AUTHENTICATION POLICY", "APPLY JOIN POLICY",
        "APPLY MASKING POLICY", "APPLY PASSWORD POLICY",
        "APPLY PROJECTION POLICY", "APPLY ROW ACCESS POLICY", "APPLY SESSION POLICY", "APPLY TAG", "ATTACH POLICY",
        "AUDIT",
        "CREATE DATABASE", "CREATE FAILOVER GROUP", "CREATE INTEGRATION", "CREATE NETWORK POLICY",
        "CREATE REPLICATION GROUP", "CREATE ROLE", "CREATE SHARE", "CREATE USER",
        "CREATE WAREHOUSE", "EXECUTE ALERT", "EXECUTE MANAGED TASK", "EXECUTE TASK", "IMPORT SHARE", "MANAGE GRANTS",
        "MANAGE SHARE TARGET", "MANAGE USER SUPPORT CASES", "MANAGE WAREHOUSES", "MODIFY LOG LEVEL",
        "MODIFY SESSION LOG LEVEL", "MODIFY TRACE LEVEL", "MONITOR", "MONITOR EXECUTION", "MONITOR SECURITY",
        "MONITOR USAGE", "OVERRIDE SHARE RESTRICTIONS", "RESOLVE ALL",
    }
)  # fmt: skip
BUILT_IN: dict[str, frozenset[str]] = {
    "SECURITYADMIN": frozenset({"MANAGE GRANTS", "CREATE NETWORK POLICY", "ATTACH POLICY"}),
    "USERADMIN": frozenset({"CREATE USER", "CREATE ROLE"}),
    "SYSADMIN": frozenset({"CREATE DATABASE", "CREATE WAREHOUSE", "MANAGE WAREHOUSES"}),
    "ACCOUNTADMIN": ACCOUNT,
}
"""Global privileges of the built-in roles; what they inherit is not repeated (access-control-overview)."""

_ON: dict[str, frozenset[str]] = {
    "ACCOUNT": ACCOUNT,
    "DATABASE": frozenset(
        {"APPLYBUDGET", "CREATE DATABASE ROLE", "CREATE SCHEMA", "MODIFY", "MONITOR", "REFERENCE_USAGE", "USAGE"}
    ),
    "SCHEMA": _CREATE_IN_SCHEMA | {"ADD SEARCH OPTIMIZATION", "APPLYBUDGET", "MODIFY", "MONITOR", "USAGE"},
    "TABLE": frozenset(
        {"APPLYBUDGET", "DELETE", "EVOLVE SCHEMA", "INSERT", "REFERENCES", "SELECT", "TRUNCATE", "UPDATE"}
    ),
    "VIEW": frozenset({"DELETE", "INSERT", "REFERENCES", "SELECT", "TRUNCATE", "UPDATE"}),
    "SEQUENCE": frozenset({"USAGE"}),
    "PROCEDURE": frozenset({"USAGE"}),
    "FUNCTION": frozenset({"USAGE"}),
    "WAREHOUSE": frozenset({"APPLYBUDGET", "MODIFY", "MONITOR", "OPERATE", "USAGE"}),
    "USER": frozenset({"MODIFY PROGRAMMATIC AUTHENTICATION METHODS", "MONITOR"}),
    "NETWORK_POLICY": frozenset({"USAGE"}),
    "NETWORK_RULE": frozenset({"USAGE"}),
    "MASKING_POLICY": frozenset({"APPLY"}),
    "ROW_ACCESS_POLICY": frozenset({"APPLY"}),
    "PROJECTION_POLICY": frozenset({"APPLY"}),
    "AGGREGATION_POLICY": frozenset({"APPLY"}),
    "JOIN_POLICY": frozenset({"APPLY"}),
    "AUTHENTICATION_POLICY": frozenset({"APPLY"}),
    "PASSWORD_POLICY": frozenset({"APPLY"}),
    "SESSION_POLICY": frozenset({"APPLY"}),
    "STAGE": frozenset({"READ", "USAGE", "WRITE"}),
    "FILE_FORMAT": frozenset({"USAGE"}),
    "DYNAMIC_TABLE": frozenset({"MONITOR", "OPERATE", "SELECT"}),
    "EVENT_TABLE": frozenset({"APPLYBUDGET", "DELETE", "INSERT", "REFERENCES", "SELECT", "TRUNCATE", "UPDATE"}),
    "FAILOVER_GROUP": frozenset({"FAILOVER", "MODIFY", "MONITOR", "REPLICATE"}),
    "REPLICATION_GROUP": frozenset({"MODIFY", "MONITOR", "REPLICATE"}),
    "EXTERNAL_TABLE": frozenset({"REFERENCES", "SELECT"}),
    "RESOURCE_MONITOR": frozenset({"MODIFY", "MONITOR"}),
    "MATERIALIZED_VIEW": frozenset({"REFERENCES", "SELECT"}),
    "ALERT": frozenset({"MONITOR", "OPERATE"}),
    "TAG": frozenset({"APPLY", "READ"}),
    "PIPE": frozenset({"APPLYBUDGET", "MONITOR", "OPERATE"}),
    "INTEGRATION": frozenset({"USAGE", "USE_ANY_ROLE"}),
    "TASK": frozenset({"APPLYBUDGET", "MONITOR", "OPERATE"}),
    "STREAM": frozenset({"SELECT"}),
    "ROLE": frozenset(),
    "DATABASE_ROLE": frozenset(),
}

PLURALS = {
    "SCHEMAS": "SCHEMA",
    "TABLES": "TABLE",
    "VIEWS": "VIEW",
    "ALERTS": "ALERT",
    "MATERIALIZED VIEWS": "MATERIALIZED_VIEW",
    "DYNAMIC TABLES": "DYNAMIC_TABLE",
    "EVENT TABLES": "EVENT_TABLE",
    "EXTERNAL TABLES": "EXTERNAL_TABLE",
    "SEQUENCES": "SEQUENCE",
    "PROCEDURES": "PROCEDURE",
    "FUNCTIONS": "FUNCTION",
    "MASKING POLICIES": "MASKING_POLICY",
    "ROW ACCESS POLICIES": "ROW_ACCESS_POLICY",
    "PROJECTION POLICIES": "PROJECTION_POLICY",
    "AGGREGATION POLICIES": "AGGREGATION_POLICY",
    "JOIN POLICIES": "JOIN_POLICY",
    "AUTHENTICATION POLICIES": "AUTHENTICATION_POLICY",
    "PASSWORD POLICIES": "PASSWORD_POLICY",
    "SESSION POLICIES": "SESSION_POLICY",
    "STAGES": "STAGE",
    "FILE FORMATS": "FILE_FORMAT",
    "PIPES": "PIPE",
    "TASKS": "TASK",
    "STREAMS": "STREAM",
}
SHAREABLE = frozenset({"DATABASE", "DYNAMIC_TABLE", "FUNCTION", "SCHEMA", "TABLE", "VIEW"})
"""What GRANT … TO SHARE takes of what the sandbox has (sql-reference/sql/grant-privilege-share)."""


def on_kind(kind: str) -> frozenset[str]:
    """All privileges on the kind; OWNERSHIP is not among them, it is moved and not given."""
    return _ON[kind]


def known_kind(kind: str) -> bool:
    return kind in _ON


def expand(kind: str, privileges: tuple[str, ...], *, ownership: bool = False) -> tuple[str, ...]:
    """The privileges to grant: `ALL` becomes every one of the kind; one that the kind does not have is refused."""
    if privileges == ("ALL",):
        return tuple(sorted(on_kind(kind)))
    for privilege in privileges:
        if privilege not in on_kind(kind) and not (ownership and privilege == "OWNERSHIP"):
            raise invalid_privilege(kind, privilege)
    return privileges


def invalid_privilege(kind: str, privilege: str) -> errors.SnowflakeError:
    shown = "TABLE" if kind == "VIEW" else "POLICY" if kind.endswith("_POLICY") and kind != "NETWORK_POLICY" else kind
    return errors.compilation(3008, "0A000", f"Invalid object type '{shown}' for privilege '{privilege}'.")
