"""Where the history lives in an account, and the sentences that create it. Nothing is ever replaced or dropped."""

from __future__ import annotations

from dataclasses import dataclass

from runner.core.names import ObjectName
from runner.sql.composing import compose

HISTORY_COLUMNS = (
    ("EVENT_NUMBER", "NUMBER(38,0) NOT NULL"),
    ("EVENT", "VARCHAR(20) NOT NULL"),
    ("RUN_ID", "VARCHAR(64) NOT NULL"),
    ("INSTALLED_RANK", "NUMBER(38,0) NOT NULL"),
    ("TYPE", "VARCHAR(1)"),
    ("VERSION", "VARCHAR(100)"),
    ("DESCRIPTION", "VARCHAR"),
    ("SCRIPT", "VARCHAR"),
    ("CHECKSUM", "VARCHAR(100)"),
    ("RENDERED_CHECKSUM", "VARCHAR(100)"),
    ("ENVIRONMENT", "VARCHAR NOT NULL"),
    ("ACCOUNT", "VARCHAR NOT NULL"),
    ("INSTALLED_BY", "VARCHAR NOT NULL"),
    ("ROLE_NAME", "VARCHAR NOT NULL"),
    ("WAREHOUSE", "VARCHAR"),
    ("GIT_COMMIT", "VARCHAR(100)"),
    ("RUNNER_VERSION", "VARCHAR(50) NOT NULL"),
    ("INSTALLED_ON", "TIMESTAMP_TZ NOT NULL"),
    ("EXECUTION_TIME", "NUMBER(38,0)"),
    ("STATEMENTS", "NUMBER(38,0)"),
    ("ERROR_CODE", "NUMBER(38,0)"),
    ("ERROR_MESSAGE", "VARCHAR"),
    ("REASON", "VARCHAR"),
    ("CONTEXT", "VARCHAR"),
    ("TRANSACTIONAL", "BOOLEAN NOT NULL"),
    ("SESSION_ID", "NUMBER(38,0)"),
    ("FENCE", "NUMBER(38,0) NOT NULL"),
    ("CHAIN", "VARCHAR(64) NOT NULL"),
)
STATEMENT_COLUMNS = (
    ("RUN_ID", "VARCHAR(64) NOT NULL"),
    ("SCRIPT", "VARCHAR NOT NULL"),
    ("INSTALLED_RANK", "NUMBER(38,0) NOT NULL"),
    ("ORDINAL", "NUMBER(38,0) NOT NULL"),
    ("STATEMENT_SHA256", "VARCHAR(64) NOT NULL"),
    ("LINE", "NUMBER(38,0) NOT NULL"),
    ("QUERY_ID", "VARCHAR(64)"),
    ("STATE", "VARCHAR(20) NOT NULL"),
    ("ROW_COUNT", "NUMBER(38,0)"),
    ("EXECUTION_TIME", "NUMBER(38,0)"),
    ("ERROR_CODE", "NUMBER(38,0)"),
    ("ERROR_MESSAGE", "VARCHAR"),
    ("RECORDED_ON", "TIMESTAMP_TZ NOT NULL"),
)
_LOCK = """CREATE TABLE {lock:i} (LOCK_NAME VARCHAR NOT NULL, OWNER_TOKEN VARCHAR, FENCE NUMBER(38,0),
    OWNER_INFO VARCHAR, WORK_SESSION NUMBER(38,0), CTL_SESSION NUMBER(38,0), ACQUIRED_AT TIMESTAMP_TZ,
    LEASE_UNTIL TIMESTAMP_TZ, PROBE NUMBER(38,0))
    AS SELECT 'deploy', NULL, 0, NULL, NULL, NULL, NULL, NULL, 0"""
_STATE = """CREATE VIEW IF NOT EXISTS {state:i} COMMENT = 'runner: the present state of each script' AS
    SELECT * FROM {history:i} WHERE TYPE IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY COALESCE(VERSION, DESCRIPTION), IFF(TYPE = 'U', 'V', TYPE) ORDER BY EVENT_NUMBER DESC) = 1"""
# One request: each step may be repeated, and of two runners that create the lock at once one is told it exists.
_BOOTSTRAP = """BEGIN
    {database:r}CREATE SCHEMA IF NOT EXISTS {schema:i} COMMENT = 'runner: the history of what was deployed here';
    CREATE TABLE IF NOT EXISTS {history:i} ({history_columns:r})
        COMMENT = 'runner: insert-only events, one per step of a script';
    CREATE TABLE IF NOT EXISTS {statement:i} ({statement_columns:r})
        COMMENT = 'runner: one row per statement of a script';
    {view:r};
    BEGIN
        {lock:r};
    EXCEPTION
        WHEN STATEMENT_ERROR THEN
            IF (SQLCODE <> 2002) THEN
                RAISE;
            END IF;
    END;
    RETURN 'READY';
END"""


@dataclass(frozen=True, slots=True)
class Layout:
    """The names of the three tables and the view, all in one schema."""

    schema: ObjectName
    own_database: bool
    """The schema's database is the runner's own and may have to be created too."""

    @property
    def history(self) -> ObjectName:
        return self.schema.child("MIGRATION_HISTORY")

    @property
    def statement(self) -> ObjectName:
        return self.schema.child("MIGRATION_STATEMENT")

    @property
    def lock(self) -> ObjectName:
        return self.schema.child("MIGRATION_LOCK")

    @property
    def state(self) -> ObjectName:
        return self.schema.child("MIGRATION_STATE")

    def bootstrap(self) -> str:
        """One block that creates what is missing; running it again changes nothing."""
        database = compose("CREATE DATABASE IF NOT EXISTS {name:i};\n    ", name=self.schema.parts[0])
        return compose(
            _BOOTSTRAP,
            database=database if self.own_database else "",
            schema=self.schema,
            history=self.history,
            history_columns=_columns(HISTORY_COLUMNS),
            statement=self.statement,
            statement_columns=_columns(STATEMENT_COLUMNS),
            view=compose(_STATE, state=self.state, history=self.history),
            lock=compose(_LOCK, lock=self.lock),
        )


def _columns(columns: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns)
