"""What each statement does here, and where that is not what Snowflake does: the words of docs/sandbox.md.

A statement that is dispatched and has no note, or a note without its statement, fails a test.
"""

from __future__ import annotations

from runner.sandbox import policy_notes
from runner.sandbox.note import Key, Note, State, three

_ROUTINE = "in SQL, Python and JavaScript; TEMPORARY, SECURE, STRICT, volatility and comments are kept"
_PYTHON = (
    "Java, Scala and SECRETS are refused; EXTERNAL_ACCESS_INTEGRATIONS are kept and reach nothing; "
    "Python code runs in the sandbox's "
    "own Python whatever RUNTIME_VERSION says, with the packages that are installed beside the sandbox; JavaScript "
    "runs in QuickJS (the extra `javascript`; refused by name without it), whose own errors are worded otherwise than "
    "V8's; thrown values that are no errors have no line; moments have the digits of the language: microseconds in "
    "Python, nanoseconds in pandas, milliseconds in a Date of JavaScript; "
)
_QUERY = Note(
    "queries in Snowflake's dialect; names are resolved through the catalogue with the session's rights",
    "HASH and HASH_AGG are the sandbox's own formula: equal here means equal there, the numbers differ; "
    "nanoseconds are refused by name where they would be lost: in window frames by RANGE, to Parquet outside of "
    "1678 to 2261; in a VARIANT a "
    "number with a fraction is a double when it is taken out of an array or object, dates and times are their text; "
    "objects that COPY loads keep the order of their members, those of PARSE_JSON have them sorted; a seed gives "
    "RANDOM, RANDSTR, NORMAL and ZIPF other values than Snowflake's; results do not say which computed columns "
    "can never be NULL; "
    "collations rule comparing, sorting, grouping, DISTINCT, joins, windows, MIN and MAX; "
    "hashes see the characters alone; functions and operators that are not known to mind them (LIKE, CONTAINS, "
    "REPLACE, set operators …) are refused of a collated text, as are the specifiers pi and fu, and ai without ci",
)
_DML_LOCK = "takes the table's lock to the end of the transaction, as Snowflake does"
NOTES: dict[Key, Note] = {
    ("SELECT",): _QUERY,
    ("WITH",): _QUERY,
    ("VALUES",): _QUERY,
    ("(",): _QUERY,
    ("EXPLAIN",): Note(
        "a query is compiled and not run: what does not compile fails; the tables it reads are listed",
        "no plan and no costs: one partition and no bytes for every table",
    ),
    ("INSERT",): Note(
        "INSERT and INSERT OVERWRITE from VALUES or a query, INSERT ALL and FIRST into several tables; NOT NULL and "
        "lengths are enforced",
        "keys are kept and never enforced, as in Snowflake; INSERT OVERWRITE ALL is refused",
    ),
    ("UPDATE",): Note(f"with FROM; {_DML_LOCK}"),
    ("DELETE",): Note(f"with USING; {_DML_LOCK}"),
    ("MERGE",): Note(
        f"all clauses, ALL BY NAME among them; a nondeterministic MERGE is an error; {_DML_LOCK}",
        "the words of the error where ALL BY NAME meets other columns are the sandbox's own",
    ),
    ("TRUNCATE",): Note(f"TABLE [IF EXISTS]; {_DML_LOCK}"),
    ("BEGIN",): Note(
        "transactions with READ COMMITTED for each statement; DDL commits; a block BEGIN … END runs as a script",
        "the open transaction of a client that is gone ends after five minutes, whether it blocks others or not",
    ),
    ("COMMIT",): Note("all changes become durable in one step, or the COMMIT is an error"),
    ("ROLLBACK",): Note("undoes the transaction's changes"),
    ("DECLARE",): Note(
        "Snowflake Scripting: variables, cursors, RESULTSET, loops, branches, exceptions, nested blocks and "
        "procedures, ASYNC with AWAIT",
        "a child job runs to its end where ASYNC starts it, so CANCEL always comes too late; "
        "SYSTEM$LOG keeps nothing: LOG_LEVEL is stored only",
    ),
    ("CALL",): Note(
        "procedures in SQL, Python and JavaScript, with named, default and OUT arguments and overloads; "
        "INTO a variable; WITH p AS PROCEDURE",
        "an OUT argument is NULL when the procedure begins",
    ),
    ("EXECUTE", "IMMEDIATE"): Note(
        "text, a variable or a block, with USING; FROM a staged file, with Jinja, USING and DRY_RUN",
        "FROM a Git repository is refused",
    ),
    ("USE",): Note("DATABASE, SCHEMA, ROLE, WAREHOUSE, SECONDARY ROLES ALL, NONE or by name"),
    ("ALTER", "SESSION"): Note(
        "sets the parameters listed by SHOW PARAMETERS; any other is refused",
        "a parameter whose value would change results in a way the sandbox does not have takes its default only",
    ),
    ("SET",): Note("session variables, read with `$name`"),
    ("UNSET",): Note("session variables"),
    ("SHOW",): Note(
        "see the table of kinds below; LIKE, IN, STARTS WITH, LIMIT … FROM, TERSE, HISTORY; at most 10,000 rows",
        "without IN: the session's schema, else its database, else the account; the SNOWFLAKE database is not listed",
    ),
    ("DESCRIBE",): Note("see the list of kinds below", "DESCRIBE USER lists the properties that the sandbox keeps"),
    ("UNDROP",): Note(
        "TABLE, SCHEMA, DATABASE, TAG: the latest dropped of the name, or IDENTIFIER(id), within the retention"
    ),
    ("COMMENT",): Note("COMMENT ON tables, views, columns, schemas, databases and the other kinds it names"),
    ("GRANT",): Note(
        "privileges, roles, database roles, ownership, future grants, grants to shares, also of database roles, which "
        "the consumer grants on; all are enforced",
        "GRANT ON ALL … and FUTURE … for the kinds of objects that exist here",
    ),
    ("REVOKE",): Note(
        "privileges, roles, future grants, grants to shares, also of database roles; CASCADE and RESTRICT"
    ),
    ("ALTER", "ACCOUNT"): Note(
        "SET and UNSET of parameters of the account, its sessions and its objects, of tags, and of authentication, "
        "password and session policies",
        "what a parameter would change and the sandbox does not have is refused: it takes its default only; LOG_LEVEL, "
        "TRACE_LEVEL, METRIC_LEVEL and the parameters of Iceberg tables are stored only",
    ),
    **three(
        "DATABASE",
        "also FROM SHARE and CLONE, with AT or BEFORE",
        "RENAME, SWAP WITH, SET and UNSET of the comment and of object parameters, which come down to what is in it",
        "kept for UNDROP",
        "ENABLE REPLICATION (use a replication group) and external volumes are refused; LOG_LEVEL, TRACE_LEVEL, "
        "METRIC_LEVEL and the parameters of Iceberg tables are stored only",
    ),
    **three(
        "SCHEMA",
        "managed access, transient, CLONE with AT or BEFORE",
        "RENAME, SWAP WITH, managed access, comment, object parameters",
        "kept for UNDROP",
    ),
    **three(
        "TABLE",
        "columns with all attributes, OR REPLACE, OR ALTER, AS, LIKE, CLONE with AT or BEFORE, TRANSIENT, TEMPORARY",
        "columns, constraints and their RELY, comments, clustering, retention, CHANGE_TRACKING, policies, tags, search "
        "optimization (stored), RENAME, SWAP WITH",
        "kept for UNDROP",
        "USING TEMPLATE takes TYPE, COLUMN_NAME and NULLABLE; keys and clustering are stored only; earlier "
        "states are kept for tables of up to 1,000,000 rows and 20 changes",
    ),
    **three(
        "VIEW",
        "secure too; its columns are frozen when it is made; it runs with its owner's rights",
        "RENAME, comment, comments of columns, SECURE, CHANGE_TRACKING",
        "for good, as in Snowflake",
        "a RECURSIVE view is shown by GET_DDL as the query WITH RECURSIVE that it is; "
        "a view that reads itself is refused in words of its own; "
        "OR ALTER does not change a definition, as in Snowflake",
    ),
    **three(
        "SEQUENCE", "START, INCREMENT, ORDER or NOORDER", "RENAME, INCREMENT, comment", "for good, as in Snowflake"
    ),
    **three(
        "PROCEDURE",
        f"{_ROUTINE}; owner's and caller's rights",
        "RENAME, comment, EXECUTE AS",
        "by signature",
        f"{_PYTHON}a Python procedure's session is a documented part of Snowpark; in JavaScript getColumnType, "
        "getColumnSqlType, SfDate.getTimezone and results of more than 128 MB are refused",
    ),
    **three(
        "FUNCTION",
        f"{_ROUTINE}; table functions",
        "RENAME, SECURE, comment",
        "by signature",
        f"{_PYTHON}a vectorized process gives a row for each; an aggregate function splits its rows in two and "
        "merges; without OVER each row is a partition of its own for a table "
        "function; argumentInfo of a table function in JavaScript tells the type alone; "
        "the columns that PARTITION BY does not name are NULL beside what a partition's end gives",
    ),
    **three("ROLE", "account roles", "RENAME, comment", "what it owned goes to the role that drops it"),
    **three("DATABASE ROLE", "roles inside a database", "RENAME, comment", "as for roles"),
    **three(
        "USER",
        "PERSON, SERVICE and LEGACY_SERVICE; password, RSA keys, names, defaults (secondary roles too), parameters, "
        "network policy",
        "properties; tags; SET and UNSET of authentication, password and session policies; ADD, ROTATE, MODIFY and "
        "REMOVE PROGRAMMATIC ACCESS TOKEN",
        "with all its tokens",
        "multi-factor authentication is not there; MUST_CHANGE_PASSWORD = TRUE, DAYS_TO_EXPIRY, MINS_TO_UNLOCK, "
        "MINS_TO_BYPASS_MFA and WORKLOAD_IDENTITY are refused",
    ),
    **three(
        "WAREHOUSE",
        "a name with rights, a size and a state: suspended after AUTO_SUSPEND, woken by a statement that computes "
        "where AUTO_RESUME is on, else error 000606",
        "SET, UNSET, RENAME, SUSPEND, RESUME [IF SUSPENDED], ABORT ALL QUERIES",
        "with the grants on it",
        "size changes credits and no running time; clusters, types, acceleration and concurrency are stored only; a "
        "session without a warehouse computes all the same",
    ),
    **{
        (verb, "RESOURCE", "MONITOR"): Note(
            "quota, frequency, users and triggers, set on warehouses",
            "nothing is charged, so no quota is reached and no action taken; not set on the account",
            State.STORED,
        )
        for verb in ("CREATE", "ALTER", "DROP")
    },
    **three(
        "NETWORK POLICY",
        "allowed and blocked addresses, applied at login and to each request of a session",
        "SET, UNSET, RENAME, ADD and REMOVE of rules; the caller cannot shut itself out",
        "not while it is assigned",
    ),
    **three(
        "SHARE",
        "one database, SECURE_OBJECTS_ONLY; replacing it ends every database made from it",
        "accounts, comment; an account that does not exist is passed over in silence, as in Snowflake",
        "ends every database made from it",
        "an account of another region is refused until a replication group brings the share there",
    ),
    **policy_notes.NOTES,
    **{
        (verb, kind, "GROUP"): Note(
            {
                "CREATE": "databases and shares, to other accounts and regions that ORGADMIN enabled; AS REPLICA OF, "
                "with a first refresh; REPLICATION_SCHEDULE is followed by the sandbox's clock",
                "ALTER": "REFRESH copies rows, objects, policies, tags and shares; SET, UNSET, ADD, REMOVE, MOVE, "
                "RENAME, SUSPEND, RESUME; by PRIMARY a failover group's replica takes over",
                "DROP": "a secondary leaves what it brought, which can be written from then on; a primary goes last",
            }[verb],
            "a secondary database is read-only; refreshes take place one after the other, one that fails is in the "
            "query history of the user SYSTEM; streams, pipes, alerts, files, event and external tables and database "
            "roles are not copied, tasks and dynamic tables are copied suspended; other OBJECT_TYPES, TAG and "
            "ERROR_INTEGRATION are refused; numbers of errors are not documented",
        )
        for verb in ("CREATE", "ALTER", "DROP")
        for kind in ("REPLICATION", "FAILOVER")
    },
}
_STREAM_DIFFERS = (
    "tracked tables keep a line for each changed row beside them; an UPDATE that changes no value gives no rows; "
    "other sources (stages, external tables) and APPEND_ONLY on views are refused; numbers of errors "
    "of stale streams are not documented; a source that is dropped or replaced makes its streams unreadable, as there"
)
_TASK_DIFFERS = (
    "tasks run one after the other, in the process of the sandbox: by its clock, moved or not, and by EXECUTE TASK "
    "before it answers; a run that was due several times while the sandbox was down runs once; OVERLAP_POLICY, "
    "TARGET_COMPLETION_INTERVAL, sizes of serverless statements and RETRY LAST are refused; triggered tasks run "
    "every 30 seconds at most; numbers of errors about graphs are not documented"
)
NOTES |= {
    **three(
        "NETWORK RULE",
        "identifiers of every type, OR ALTER; addresses (IPV4, IPV6) let in or keep out through a network policy",
        "SET and UNSET of the list and the comment; the caller cannot shut itself out",
        "for good; not while a network policy names it",
        "nobody comes by private links: rules of their types are stored; egress rules are stored only; that a rule in "
        "use is neither dropped nor replaced, and the guard of the caller, are not in the documentation of rules",
    ),
    **three(
        "TASK",
        "schedules (HOURS, MINUTES, SECONDS, CRON with time zones), AFTER graphs, FINALIZE, WHEN, CONFIG, retries, "
        "session parameters, OR ALTER, CLONE; they run with their owner's rights",
        "RESUME, SUSPEND, ADD and REMOVE AFTER, MODIFY AS and WHEN, SET, UNSET",
        "for good; its children lose it as predecessor",
        _TASK_DIFFERS,
    ),
    **three(
        "STREAM",
        "on tables, also shared and dynamic ones, and on views of joins and UNION ALL: standard and APPEND_ONLY, "
        "SHOW_INITIAL_ROWS, AT and BEFORE, CLONE, COPY GRANTS; "
        "true net changes; the offset moves with the commit of the DML that reads the stream",
        "SET and UNSET of the comment and of tags",
        "for good, as in Snowflake",
        _STREAM_DIFFERS,
    ),
    ("EXECUTE", "TASK"): Note("runs the graph of a root task; USING CONFIG", _TASK_DIFFERS),
}
_STAGE_DIFFERS = (
    "external stages (URL) are stored only and their files refused; files are not encrypted; a client on this machine "
    "is told the stage's folder, another (and Python connectors from 5 on) moves files through the door as if to a "
    "bucket; CREDENTIALS, tags and AUTO_REFRESH are refused"
)
_COPY_DIFFERS = (
    "CSV, JSON and Parquet; first_error_character is 1 for values that cannot be converted; "
    "VALIDATE reads the files of the job again; "
    "loads with transformation take no DISTINCT; without USE_LOGICAL_TYPE a Parquet time is the wall clock of UTC"
)
NOTES |= {
    **three(
        "STAGE",
        "internal stages, temporary too, with file formats, copy options and directory tables; user and table stages",
        "RENAME, SET, UNSET COMMENT, REFRESH of the directory table",
        "with its files, for good",
        _STAGE_DIFFERS,
    ),
    **three(
        "DYNAMIC TABLE",
        "TARGET_LAG, DOWNSTREAM, REFRESH_MODE, INITIALIZE, CLUSTER BY, CLONE; refreshed on creation, on order and by "
        "the clock, what lies upstream first, with its owner's rights",
        "REFRESH, SUSPEND and RESUME with what lies downstream, SET, RENAME, SWAP WITH, policies, tags, clustering",
        "kept for UNDROP",
        "the rows are always computed whole; an incremental refresh is named so where Snowflake would do one; tables "
        "of one refresh read what is committed when each begins; policies on columns in CREATE, OR ALTER, FROZEN "
        "WHERE, BACKFILL, REQUIRE USER and INITIALIZATION_WAREHOUSE are refused",
    ),
    **three(
        "MATERIALIZED VIEW",
        "of one table, without what Snowflake cannot keep up to date; Enterprise edition",
        "RENAME, CLUSTER BY, SUSPEND, RESUME, SECURE, comment",
        "for good",
        "it is computed when it is read and never behind",
    ),
    **three(
        "ALERT",
        "WAREHOUSE, SCHEDULE, IF (EXISTS (…)) THEN …; runs by the clock with its owner's rights once it is resumed",
        "RESUME, SUSPEND, SET, MODIFY CONDITION, MODIFY ACTION",
        "for good, as in Snowflake",
        "alerts on new data, without a schedule, are refused; CLONE of a single alert too",
    ),
    ("EXECUTE", "ALERT"): Note("runs now, suspended or not", "waits for it: a failure is the statement's error"),
    **{
        (verb, "EVENT", "TABLE"): Note(
            "with Snowflake's columns; rows can only be deleted; altered by ALTER TABLE",
            "nothing logs or traces into it",
            State.STORED,
        )
        for verb in ("CREATE", "DROP")
    },
    **{
        (verb, "EXTERNAL", "TABLE"): Note(
            {
                "CREATE": "over an external stage: columns with their expressions, partitions, grants and policies",
                "ALTER": "SET AUTO_REFRESH, tags; rename, comment and policies by ALTER TABLE",
                "DROP": "for good, as in Snowflake",
            }[verb],
            "no file is looked at: who selects from it, or refreshes it, is refused; constraints, Delta tables and "
            "USING TEMPLATE are refused; the number of the error for an internal stage is not documented",
            State.STORED,
        )
        for verb in ("CREATE", "ALTER", "DROP")
    },
    **three(
        "TAG",
        "ALLOWED_VALUES, OR ALTER; set by WITH TAG in CREATE and by SET TAG in ALTER on objects, columns and the "
        "account; inherited as in Snowflake",
        "RENAME, allowed values, comment, SET and UNSET MASKING POLICY, which masks the columns that carry the tag",
        "kept for UNDROP, with all that it is set on; not while masking policies are set on it",
        "PROPAGATE and MULTI_VALUE are refused; tags in CREATE OR ALTER of other objects are refused; tags on "
        "what comes through a share are not shown",
    ),
    **three(
        "FILE FORMAT",
        "CSV, JSON and Parquet with all their options; AVRO, ORC and XML are stored only",
        "RENAME, SET, UNSET COMMENT",
        "for good, as in Snowflake",
        "a file of a stored-only type is refused when it is read",
    ),
    **three(
        "PIPE",
        "a COPY under a name; its definition is checked",
        "REFRESH loads what is new; pause, comment",
        "for good, as in Snowflake",
        "nothing notifies a pipe: AUTO_INGEST = TRUE is refused, REFRESH loads at once",
    ),
    ("COPY", "INTO"): Note(
        "a table from staged files, by place, by name or through a SELECT, with ON_ERROR, VALIDATION_MODE, PURGE and "
        "64 days of load history; staged files from a table or a query, partitioned, split and compressed",
        _COPY_DIFFERS,
    ),
    ("PUT",): Note("the client is told where the stage lies and moves the files", _STAGE_DIFFERS),
    ("GET",): Note("as PUT, the other way"),
    ("LIST",): Note("name, size, MD5 and time of the files whose path begins so; PATTERN"),
    ("REMOVE",): Note("removes the files whose path begins so; PATTERN"),
    **{
        (verb, *words.split(), "INTEGRATION"): Note(
            "its properties are kept and shown by DESCRIBE, with identities that open nothing; secrets are not kept",
            "never used: what would reach outside the sandbox is refused",
            State.STORED,
        )
        for verb in ("CREATE", "ALTER", "DROP")
        for words in ("", "STORAGE", "API", "NOTIFICATION", "SECURITY", "CATALOG", "EXTERNAL ACCESS")
    },
}
NOTES |= {
    ("LS",): NOTES[("LIST",)],
    ("RM",): NOTES[("REMOVE",)],
    ("DESC",): NOTES[("DESCRIBE",)],
    ("START", "TRANSACTION"): NOTES[("BEGIN",)],
}
