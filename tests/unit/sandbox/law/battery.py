"""The battery's rows: for each kind of statement what a role must hold, nothing less and nothing more.

Written from "Access control requirements" of each statement's page in sql-reference/sql and from
user-guide/security-access-control-privileges. `{d}` is a database of the row's own, `{r}` the role that is tried.
"""

from dataclasses import dataclass

PLACE = ("USAGE ON DATABASE {d}", "USAGE ON SCHEMA {d}.S")
"""What it takes to reach an object: a privilege on its database and one on its schema."""


@dataclass(frozen=True)
class Row:
    key: tuple[str, ...]
    """The statement's key in the table of handlers."""
    text: str
    needs: tuple[str, ...] = ()
    """Privileges as GRANT writes them; each is indispensable."""
    seen_by: tuple[str, ...] = ()
    """Lesser privileges that show the object without allowing anything: without one of `needs` it is then 003001."""
    setup: tuple[str, ...] = ()
    hidden: int = 2003
    """The refusal where the object cannot be seen."""


def row(key, text, *needs, seen_by=(), setup=(), place=True, hidden=2003):
    tuples = tuple(seen_by.split(";")) if isinstance(seen_by, str) else tuple(seen_by)
    steps = (setup,) if isinstance(setup, str) else tuple(setup)
    return Row(tuple(key.split()), text, (*(PLACE if place else ()), *needs), tuples, steps, hidden)


def free(key, *texts):
    """Statements that any role may run."""
    return [row(key, text, place=False) for text in texts]


TABLE = "CREATE TABLE {d}.S.T (A NUMBER, B VARCHAR)"
VIEW = "CREATE VIEW {d}.S.V AS SELECT 1 AS A"
SEQUENCE = "CREATE SEQUENCE {d}.S.Q"
PROCEDURE = "CREATE PROCEDURE {d}.S.P() RETURNS VARCHAR LANGUAGE SQL AS 'BEGIN RETURN 1; END'"
FUNCTION = "CREATE FUNCTION {d}.S.F() RETURNS NUMBER AS '1'"
JAVASCRIPT = "CREATE FUNCTION {d}.S.JF() RETURNS FLOAT LANGUAGE JAVASCRIPT AS 'return 1'"
CODE = "LANGUAGE PYTHON RUNTIME_VERSION = 3.11 HANDLER = 'H' AS ''"
AGGREGATE = "CREATE AGGREGATE FUNCTION {d}.S.AF(N NUMBER) RETURNS NUMBER " + CODE
MASK = "CREATE MASKING POLICY {d}.S.M AS (V VARCHAR) RETURNS VARCHAR -> V"
FILTER = "CREATE ROW ACCESS POLICY {d}.S.RA AS (V VARCHAR) RETURNS BOOLEAN -> TRUE"
AGGREGATION = "CREATE AGGREGATION POLICY {d}.S.GP AS () RETURNS AGGREGATION_CONSTRAINT -> NO_AGGREGATION_CONSTRAINT()"
JOINING = "CREATE JOIN POLICY {d}.S.JP AS () RETURNS JOIN_CONSTRAINT -> JOIN_CONSTRAINT(JOIN_REQUIRED => FALSE)"
PROJECTION = (
    "CREATE PROJECTION POLICY {d}.S.PP AS () RETURNS PROJECTION_CONSTRAINT -> PROJECTION_CONSTRAINT(ALLOW => TRUE)"
)
EXTERNAL_STAGE = "CREATE STAGE {d}.S.EX URL = 's3://bucket/'"
EXTERNAL = "CREATE EXTERNAL TABLE {d}.S.XT LOCATION = @{d}.S.EX FILE_FORMAT = (TYPE = CSV)"
WAREHOUSE = "CREATE WAREHOUSE {d}W"
TASK = "CREATE TASK {d}.S.K SCHEDULE = '60 MINUTES' WAREHOUSE = ADMIN_WH AS SELECT 1"
STAGE = "CREATE STAGE {d}.S.ST"
FORMAT = "CREATE FILE FORMAT {d}.S.FF TYPE = CSV"
PIPE = "CREATE PIPE {d}.S.PI AS COPY INTO {d}.S.T FROM @{d}.S.ST"
RULE = "CREATE NETWORK RULE {d}.S.NR TYPE = IPV4 VALUE_LIST = ('127.0.0.1')"
NETWORK = "CREATE NETWORK POLICY {d}N ALLOWED_IP_LIST = ('127.0.0.1')"


def _schema_object(kind, create, name, *, shown, alter=()):
    """CREATE takes a privilege on the schema; ALTER and DROP the ownership."""
    plain = name.split("(")[0]
    new = create.replace(plain, "{d}.S.X", 1)
    return [
        row(f"CREATE {kind}", new, "USAGE ON DATABASE {d}", f"CREATE {kind} ON SCHEMA {{d}}.S", place=False,
            seen_by="USAGE ON SCHEMA {d}.S"),
        *(
            row(f"ALTER {kind}", f"ALTER {kind} {name} {change}", f"OWNERSHIP ON {kind} {name}",
                seen_by=f"{shown} ON {kind} {name}", setup=create)
            for change in alter
        ),
        row(f"DROP {kind}", f"DROP {kind} {name}", f"OWNERSHIP ON {kind} {name}",
            seen_by=f"{shown} ON {kind} {name}", setup=create),
    ]  # fmt: skip


_COMMENT = ("SET COMMENT = 'x'",)
SCHEMA_OBJECTS = [
    *_schema_object("TABLE", TABLE, "{d}.S.T", shown="SELECT", alter=("ADD COLUMN C NUMBER", "SET COMMENT = 'x'")),
    *_schema_object("VIEW", VIEW, "{d}.S.V", shown="SELECT", alter=_COMMENT),
    *_schema_object("SEQUENCE", SEQUENCE, "{d}.S.Q", shown="USAGE", alter=_COMMENT),
    *_schema_object("PROCEDURE", PROCEDURE, "{d}.S.P()", shown="USAGE", alter=_COMMENT),
    *_schema_object("FUNCTION", FUNCTION, "{d}.S.F()", shown="USAGE", alter=_COMMENT),
    *_schema_object("FUNCTION", JAVASCRIPT, "{d}.S.JF()", shown="USAGE", alter=_COMMENT),
    *_schema_object("FUNCTION", AGGREGATE, "{d}.S.AF(NUMBER)", shown="USAGE", alter=_COMMENT),
    *_schema_object("MASKING POLICY", MASK, "{d}.S.M", shown="APPLY", alter=("SET BODY -> '*'", "SET COMMENT = 'x'")),
    *_schema_object("ROW ACCESS POLICY", FILTER, "{d}.S.RA", shown="APPLY", alter=("SET BODY -> FALSE",)),
    *_schema_object("PROJECTION POLICY", PROJECTION, "{d}.S.PP", shown="APPLY", alter=_COMMENT),
    *_schema_object("AGGREGATION POLICY", AGGREGATION, "{d}.S.GP", shown="APPLY", alter=_COMMENT),
    *_schema_object("JOIN POLICY", JOINING, "{d}.S.JP", shown="APPLY", alter=_COMMENT),
    *(
        each
        for kind, name in (("AUTHENTICATION", "AP"), ("PASSWORD", "PP"), ("SESSION", "SP"))
        for each in _schema_object(
            f"{kind} POLICY", f"CREATE {kind} POLICY {{d}}.S.{name}", f"{{d}}.S.{name}", shown="APPLY", alter=_COMMENT
        )
    ),
    *_schema_object("TAG", "CREATE TAG {d}.S.TG", "{d}.S.TG", shown="APPLY", alter=_COMMENT),
    *_schema_object("NETWORK RULE", RULE, "{d}.S.NR", shown="USAGE", alter=_COMMENT),
    *_schema_object("STAGE", STAGE, "{d}.S.ST", shown="READ", alter=_COMMENT),
    *_schema_object("FILE FORMAT", FORMAT, "{d}.S.FF", shown="USAGE", alter=_COMMENT),
]

CONTAINERS = [
    row("CREATE DATABASE", "CREATE DATABASE {d}X", "CREATE DATABASE ON ACCOUNT", place=False, seen_by=" "),
    row("ALTER DATABASE", "ALTER DATABASE {d} SET COMMENT = 'x'", "MODIFY ON DATABASE {d}", place=False,
        seen_by="USAGE ON DATABASE {d}"),
    row("ALTER DATABASE", "ALTER DATABASE {d} RENAME TO {d}Y", "OWNERSHIP ON DATABASE {d}",
        "CREATE DATABASE ON ACCOUNT", place=False, seen_by="MODIFY ON DATABASE {d}"),
    row("DROP DATABASE", "DROP DATABASE {d}", "OWNERSHIP ON DATABASE {d}", place=False,
        seen_by="MODIFY ON DATABASE {d}"),
    row("CREATE SCHEMA", "CREATE SCHEMA {d}.X", "CREATE SCHEMA ON DATABASE {d}", place=False,
        seen_by="USAGE ON DATABASE {d}"),
    row("ALTER SCHEMA", "ALTER SCHEMA {d}.S SET COMMENT = 'x'", "USAGE ON DATABASE {d}", "MODIFY ON SCHEMA {d}.S",
        place=False, seen_by="USAGE ON SCHEMA {d}.S"),
    row("ALTER SCHEMA", "ALTER SCHEMA {d}.S RENAME TO {d}.Z", "OWNERSHIP ON SCHEMA {d}.S",
        "CREATE SCHEMA ON DATABASE {d}", place=False, seen_by="USAGE ON DATABASE {d};MODIFY ON SCHEMA {d}.S"),
    row("DROP SCHEMA", "DROP SCHEMA {d}.S", "USAGE ON DATABASE {d}", "OWNERSHIP ON SCHEMA {d}.S", place=False,
        seen_by="MODIFY ON SCHEMA {d}.S"),
    row("UNDROP", "UNDROP TABLE {d}.S.T", "USAGE ON DATABASE {d}", "OWNERSHIP ON TABLE {d}.S.T",
        "CREATE TABLE ON SCHEMA {d}.S", place=False, seen_by="SELECT ON TABLE {d}.S.T;USAGE ON SCHEMA {d}.S",
        setup=TABLE),
]  # fmt: skip

_MONITOR = {"place": False, "setup": "CREATE RESOURCE MONITOR {d}M"}
ACCOUNT_OBJECTS = [
    row("ALTER RESOURCE MONITOR", "ALTER RESOURCE MONITOR {d}M SET CREDIT_QUOTA = 5", "MODIFY ON RESOURCE MONITOR {d}M",
        seen_by="MONITOR ON RESOURCE MONITOR {d}M", **_MONITOR),
    row("DROP RESOURCE MONITOR", "DROP RESOURCE MONITOR {d}M", "OWNERSHIP ON RESOURCE MONITOR {d}M",
        seen_by="MODIFY ON RESOURCE MONITOR {d}M", **_MONITOR),
    row("CREATE ROLE", "CREATE ROLE {d}X", "CREATE ROLE ON ACCOUNT", place=False, seen_by=" "),
    row("ALTER ROLE", "ALTER ROLE {d}R SET COMMENT = 'x'", "OWNERSHIP ON ROLE {d}R", place=False, seen_by=" ",
        setup="CREATE ROLE {d}R"),
    row("DROP ROLE", "DROP ROLE {d}R", "OWNERSHIP ON ROLE {d}R", place=False, seen_by=" ", setup="CREATE ROLE {d}R"),
    row("CREATE DATABASE ROLE", "CREATE DATABASE ROLE {d}.X", "CREATE DATABASE ROLE ON DATABASE {d}", place=False,
        seen_by="USAGE ON DATABASE {d}"),
    row("ALTER DATABASE ROLE", "ALTER DATABASE ROLE {d}.DR SET COMMENT = 'x'", "OWNERSHIP ON DATABASE ROLE {d}.DR",
        place=False, seen_by="USAGE ON DATABASE {d}", setup="CREATE DATABASE ROLE {d}.DR"),
    row("DROP DATABASE ROLE", "DROP DATABASE ROLE {d}.DR", "OWNERSHIP ON DATABASE ROLE {d}.DR", place=False,
        seen_by="USAGE ON DATABASE {d}", setup="CREATE DATABASE ROLE {d}.DR"),
    row("CREATE USER", "CREATE USER {d}X", "CREATE USER ON ACCOUNT", place=False, seen_by=" "),
    row("ALTER USER", "ALTER USER {d}U SET COMMENT = 'x'", "OWNERSHIP ON USER {d}U", place=False,
        seen_by="MONITOR ON USER {d}U", setup="CREATE USER {d}U"),
    row("ALTER USER", "ALTER USER {d}U REMOVE PROGRAMMATIC ACCESS TOKEN TK",
        "MODIFY PROGRAMMATIC AUTHENTICATION METHODS ON USER {d}U", place=False, seen_by="MONITOR ON USER {d}U",
        setup=("CREATE USER {d}U", "ALTER USER {d}U SET NETWORK_POLICY = LOOPBACK_ONLY",
               "ALTER USER {d}U ADD PROGRAMMATIC ACCESS TOKEN TK")),
    row("DROP USER", "DROP USER {d}U", "OWNERSHIP ON USER {d}U", place=False, seen_by="MONITOR ON USER {d}U",
        setup="CREATE USER {d}U"),
    row("CREATE WAREHOUSE", "CREATE WAREHOUSE {d}X", "CREATE WAREHOUSE ON ACCOUNT", place=False, seen_by=" "),
    row("ALTER WAREHOUSE", "ALTER WAREHOUSE {d}W SET AUTO_SUSPEND = 60", "MODIFY ON WAREHOUSE {d}W", place=False,
        seen_by="USAGE ON WAREHOUSE {d}W;OPERATE ON WAREHOUSE {d}W", setup=WAREHOUSE),
    row("ALTER WAREHOUSE", "ALTER WAREHOUSE {d}W SUSPEND", "OPERATE ON WAREHOUSE {d}W", place=False,
        seen_by="USAGE ON WAREHOUSE {d}W;MODIFY ON WAREHOUSE {d}W", setup=WAREHOUSE),
    row("DROP WAREHOUSE", "DROP WAREHOUSE {d}W", "OWNERSHIP ON WAREHOUSE {d}W", place=False,
        seen_by="MODIFY ON WAREHOUSE {d}W", setup=WAREHOUSE),
    row("CREATE NETWORK POLICY", NETWORK, "CREATE NETWORK POLICY ON ACCOUNT", place=False, seen_by=" "),
    row("ALTER NETWORK POLICY", "ALTER NETWORK POLICY {d}N SET COMMENT = 'x'", "OWNERSHIP ON NETWORK POLICY {d}N",
        place=False, seen_by="USAGE ON NETWORK POLICY {d}N", setup=NETWORK),
    row("DROP NETWORK POLICY", "DROP NETWORK POLICY {d}N", "OWNERSHIP ON NETWORK POLICY {d}N", place=False,
        seen_by="USAGE ON NETWORK POLICY {d}N", setup=NETWORK),
    row("ALTER ACCOUNT", "ALTER ACCOUNT SET NETWORK_POLICY = {d}N", "ATTACH POLICY ON ACCOUNT", place=False,
        seen_by="USAGE ON NETWORK POLICY {d}N", setup=NETWORK),
    row("ALTER ACCOUNT", "ALTER ACCOUNT SET SESSION POLICY {d}.S.SP FORCE", "APPLY SESSION POLICY ON ACCOUNT",
        seen_by="APPLY ON SESSION POLICY {d}.S.SP", setup="CREATE SESSION POLICY {d}.S.SP"),
    row("ALTER USER", "ALTER USER {d}U SET SESSION POLICY {d}.S.SP", "OWNERSHIP ON USER {d}U",
        "APPLY ON SESSION POLICY {d}.S.SP", setup=("CREATE USER {d}U", "CREATE SESSION POLICY {d}.S.SP")),
    row("CREATE SHARE", "CREATE SHARE {d}X", "CREATE SHARE ON ACCOUNT", place=False, seen_by=" "),
    row("GRANT", "GRANT SELECT ON TABLE {d}.S.T TO ROLE PUBLIC", "OWNERSHIP ON TABLE {d}.S.T",
        seen_by="SELECT ON TABLE {d}.S.T", setup=TABLE),
    row("GRANT", "GRANT SELECT ON FUTURE TABLES IN SCHEMA {d}.S TO ROLE PUBLIC", "OWNERSHIP ON SCHEMA {d}.S",
        "USAGE ON DATABASE {d}", place=False, seen_by="USAGE ON SCHEMA {d}.S"),
    row("GRANT", "GRANT CREATE ROLE ON ACCOUNT TO ROLE PUBLIC", "MANAGE GRANTS ON ACCOUNT", place=False, seen_by=" "),
    row("REVOKE", "REVOKE SELECT ON TABLE {d}.S.T FROM ROLE PUBLIC", "OWNERSHIP ON TABLE {d}.S.T",
        seen_by="SELECT ON TABLE {d}.S.T", setup=TABLE),
    row("COMMENT", "COMMENT ON TABLE {d}.S.T IS 'x'", "OWNERSHIP ON TABLE {d}.S.T", seen_by="SELECT ON TABLE {d}.S.T",
        setup=TABLE),
]  # fmt: skip

STREAM = "CREATE STREAM {d}.S.SM ON TABLE {d}.S.T"
TRACKED = (TABLE, "ALTER TABLE {d}.S.T SET CHANGE_TRACKING = TRUE")
DYNAMIC = "CREATE DYNAMIC TABLE {d}.S.DT TARGET_LAG = '1 day' WAREHOUSE = {d}W AS SELECT A FROM {d}.S.T"
MATERIAL = "CREATE MATERIALIZED VIEW {d}.S.MV AS SELECT A FROM {d}.S.T"
_OWN_MATERIAL = {"seen_by": "SELECT ON MATERIALIZED VIEW {d}.S.MV", "setup": (TABLE, MATERIAL)}
ALERT = "CREATE ALERT {d}.S.AL WAREHOUSE = {d}W SCHEDULE = '60 MINUTES' IF (EXISTS (SELECT 1)) THEN SELECT 1"
_ON_ALERT = {"setup": (WAREHOUSE, ALERT)}
ALERTS = [
    row("CREATE ALERT", ALERT, "USAGE ON DATABASE {d}", "CREATE ALERT ON SCHEMA {d}.S", "USAGE ON WAREHOUSE {d}W",
        place=False, seen_by="USAGE ON SCHEMA {d}.S;MONITOR ON WAREHOUSE {d}W", setup=WAREHOUSE),
    row("ALTER ALERT", "ALTER ALERT {d}.S.AL SUSPEND", "OPERATE ON ALERT {d}.S.AL",
        seen_by="MONITOR ON ALERT {d}.S.AL", **_ON_ALERT),
    row("ALTER ALERT", "ALTER ALERT {d}.S.AL SET COMMENT = 'x'", "OWNERSHIP ON ALERT {d}.S.AL",
        seen_by="OPERATE ON ALERT {d}.S.AL", **_ON_ALERT),
    row("DROP ALERT", "DROP ALERT {d}.S.AL", "OWNERSHIP ON ALERT {d}.S.AL", seen_by="OPERATE ON ALERT {d}.S.AL",
        **_ON_ALERT),
    row("EXECUTE ALERT", "EXECUTE ALERT {d}.S.AL", "OPERATE ON ALERT {d}.S.AL", seen_by="MONITOR ON ALERT {d}.S.AL",
        **_ON_ALERT),
]  # fmt: skip
DERIVED = [
    *ALERTS,
    row("CREATE EVENT TABLE", "CREATE EVENT TABLE {d}.S.EV", "USAGE ON DATABASE {d}",
        "CREATE EVENT TABLE ON SCHEMA {d}.S", place=False, seen_by="USAGE ON SCHEMA {d}.S"),
    row("DROP EVENT TABLE", "DROP EVENT TABLE {d}.S.EV", "OWNERSHIP ON EVENT TABLE {d}.S.EV",
        seen_by="SELECT ON EVENT TABLE {d}.S.EV", setup="CREATE EVENT TABLE {d}.S.EV"),
    row("CREATE EXTERNAL TABLE", EXTERNAL, "USAGE ON DATABASE {d}", "CREATE EXTERNAL TABLE ON SCHEMA {d}.S",
        "USAGE ON STAGE {d}.S.EX", place=False, seen_by="USAGE ON SCHEMA {d}.S;READ ON STAGE {d}.S.EX",
        setup=EXTERNAL_STAGE),
    row("ALTER EXTERNAL TABLE", "ALTER EXTERNAL TABLE {d}.S.XT SET AUTO_REFRESH = FALSE",
        "OWNERSHIP ON EXTERNAL TABLE {d}.S.XT", seen_by="SELECT ON EXTERNAL TABLE {d}.S.XT",
        setup=(EXTERNAL_STAGE, EXTERNAL)),
    row("DROP EXTERNAL TABLE", "DROP EXTERNAL TABLE {d}.S.XT", "OWNERSHIP ON EXTERNAL TABLE {d}.S.XT",
        seen_by="SELECT ON EXTERNAL TABLE {d}.S.XT", setup=(EXTERNAL_STAGE, EXTERNAL)),
    row("CREATE MATERIALIZED VIEW", MATERIAL, "USAGE ON DATABASE {d}", "CREATE MATERIALIZED VIEW ON SCHEMA {d}.S",
        "SELECT ON TABLE {d}.S.T", place=False, seen_by="USAGE ON SCHEMA {d}.S;INSERT ON TABLE {d}.S.T", setup=TABLE),
    row("ALTER MATERIALIZED VIEW", "ALTER MATERIALIZED VIEW {d}.S.MV SUSPEND",
        "OWNERSHIP ON MATERIALIZED VIEW {d}.S.MV", **_OWN_MATERIAL),
    row("DROP MATERIALIZED VIEW", "DROP MATERIALIZED VIEW {d}.S.MV", "OWNERSHIP ON MATERIALIZED VIEW {d}.S.MV",
        **_OWN_MATERIAL),
    row("CREATE STREAM", STREAM, "USAGE ON DATABASE {d}", "CREATE STREAM ON SCHEMA {d}.S", "SELECT ON TABLE {d}.S.T",
        place=False, seen_by="USAGE ON SCHEMA {d}.S;INSERT ON TABLE {d}.S.T", setup=TRACKED),
    row("ALTER STREAM", "ALTER STREAM {d}.S.SM SET COMMENT = 'x'", "OWNERSHIP ON STREAM {d}.S.SM",
        seen_by="SELECT ON STREAM {d}.S.SM", setup=(*TRACKED, STREAM)),
    row("DROP STREAM", "DROP STREAM {d}.S.SM", "OWNERSHIP ON STREAM {d}.S.SM", seen_by="SELECT ON STREAM {d}.S.SM",
        setup=(*TRACKED, STREAM)),
    row("CREATE DYNAMIC TABLE", DYNAMIC, "USAGE ON DATABASE {d}", "CREATE DYNAMIC TABLE ON SCHEMA {d}.S",
        "SELECT ON TABLE {d}.S.T", "USAGE ON WAREHOUSE {d}W", place=False,
        seen_by="USAGE ON SCHEMA {d}.S;INSERT ON TABLE {d}.S.T;MONITOR ON WAREHOUSE {d}W", setup=(*TRACKED, WAREHOUSE)),
    row("ALTER DYNAMIC TABLE", "ALTER DYNAMIC TABLE {d}.S.DT SUSPEND", "OPERATE ON DYNAMIC TABLE {d}.S.DT",
        seen_by="MONITOR ON DYNAMIC TABLE {d}.S.DT", setup=(*TRACKED, WAREHOUSE, DYNAMIC)),
    row("DROP DYNAMIC TABLE", "DROP DYNAMIC TABLE {d}.S.DT", "OWNERSHIP ON DYNAMIC TABLE {d}.S.DT",
        seen_by="OPERATE ON DYNAMIC TABLE {d}.S.DT", setup=(*TRACKED, WAREHOUSE, DYNAMIC)),
]  # fmt: skip

FLOW = [
    row("CREATE TASK", "CREATE TASK {d}.S.X WAREHOUSE = {d}W AS SELECT 1", "USAGE ON DATABASE {d}",
        "CREATE TASK ON SCHEMA {d}.S", place=False, seen_by="USAGE ON SCHEMA {d}.S;USAGE ON WAREHOUSE {d}W",
        setup=WAREHOUSE),
    row("CREATE TASK", "CREATE TASK {d}.S.X WAREHOUSE = {d}W AS SELECT 1", "USAGE ON DATABASE {d}",
        "USAGE ON WAREHOUSE {d}W", place=False,
        seen_by="USAGE ON SCHEMA {d}.S;CREATE TASK ON SCHEMA {d}.S;MONITOR ON WAREHOUSE {d}W", setup=WAREHOUSE),
    row("ALTER TASK", "ALTER TASK {d}.S.K SUSPEND", "OPERATE ON TASK {d}.S.K", seen_by="MONITOR ON TASK {d}.S.K",
        setup=TASK),
    row("ALTER TASK", "ALTER TASK {d}.S.K SET COMMENT = 'x'", "OWNERSHIP ON TASK {d}.S.K",
        seen_by="OPERATE ON TASK {d}.S.K", setup=TASK),
    row("DROP TASK", "DROP TASK {d}.S.K", "OWNERSHIP ON TASK {d}.S.K", seen_by="OPERATE ON TASK {d}.S.K", setup=TASK),
    row("EXECUTE TASK", "EXECUTE TASK {d}.S.K", "OPERATE ON TASK {d}.S.K", seen_by="MONITOR ON TASK {d}.S.K",
        setup=TASK),
    row("CREATE PIPE", PIPE, "USAGE ON DATABASE {d}", "CREATE PIPE ON SCHEMA {d}.S", "READ ON STAGE {d}.S.ST",
        "SELECT ON TABLE {d}.S.T",
        "INSERT ON TABLE {d}.S.T", seen_by="USAGE ON SCHEMA {d}.S;WRITE ON STAGE {d}.S.ST;DELETE ON TABLE {d}.S.T",
        place=False, setup=(TABLE, STAGE)),
    row("ALTER PIPE", "ALTER PIPE {d}.S.PI SET PIPE_EXECUTION_PAUSED = TRUE", "OPERATE ON PIPE {d}.S.PI",
        seen_by="MONITOR ON PIPE {d}.S.PI", setup=(TABLE, STAGE, PIPE)),
    row("DROP PIPE", "DROP PIPE {d}.S.PI", "OWNERSHIP ON PIPE {d}.S.PI", seen_by="OPERATE ON PIPE {d}.S.PI",
        setup=(TABLE, STAGE, PIPE)),
    row("COPY INTO", "COPY INTO {d}.S.T FROM @{d}.S.ST", "INSERT ON TABLE {d}.S.T", "READ ON STAGE {d}.S.ST",
        seen_by="SELECT ON TABLE {d}.S.T;WRITE ON STAGE {d}.S.ST", setup=(TABLE, STAGE)),
    row("COPY INTO", "COPY INTO @{d}.S.ST FROM {d}.S.T", "SELECT ON TABLE {d}.S.T", "WRITE ON STAGE {d}.S.ST",
        seen_by="INSERT ON TABLE {d}.S.T;READ ON STAGE {d}.S.ST", setup=(TABLE, STAGE)),
    *(row(word, f"{word} @{{d}}.S.ST", "READ ON STAGE {d}.S.ST", setup=STAGE) for word in ("LIST", "LS")),
    *(
        row(word, f"{word} @{{d}}.S.ST", "WRITE ON STAGE {d}.S.ST",
            seen_by="READ ON STAGE {d}.S.ST", setup=STAGE)
        for word in ("REMOVE", "RM")
    ),
    row("PUT", "PUT file:///nowhere/x.csv @{d}.S.ST", "WRITE ON STAGE {d}.S.ST",
        seen_by="READ ON STAGE {d}.S.ST", setup=STAGE),
    row("GET", "GET @{d}.S.ST file:///nowhere/", "READ ON STAGE {d}.S.ST", setup=STAGE),
]  # fmt: skip

DATA = [
    *(
        row(key, text, "SELECT ON TABLE {d}.S.T", seen_by="REFERENCES ON TABLE {d}.S.T", setup=TABLE)
        for key, text in [
            ("SELECT", "SELECT A FROM {d}.S.T"),
            ("WITH", "WITH C AS (SELECT A FROM {d}.S.T) SELECT * FROM C"),
            ("(", "(SELECT A FROM {d}.S.T)"),
            ("EXPLAIN", "EXPLAIN SELECT A FROM {d}.S.T"),
            ("DECLARE", "DECLARE X NUMBER; BEGIN SELECT MAX(A) INTO :X FROM {d}.S.T; RETURN X; END"),
            ("EXECUTE IMMEDIATE", "EXECUTE IMMEDIATE 'SELECT A FROM {d}.S.T'"),
        ]
    ),
    row("SELECT", "SELECT * FROM {d}.S.V", "SELECT ON VIEW {d}.S.V", seen_by="REFERENCES ON VIEW {d}.S.V", setup=VIEW),
    row("SELECT", "SELECT {d}.S.Q.NEXTVAL", "USAGE ON SEQUENCE {d}.S.Q", setup=SEQUENCE),
    row("SELECT", "SELECT {d}.S.F()", "USAGE ON FUNCTION {d}.S.F()", setup=FUNCTION, hidden=2140),
    row("INSERT", "INSERT INTO {d}.S.T VALUES (1, 'x')", "INSERT ON TABLE {d}.S.T", seen_by="SELECT ON TABLE {d}.S.T",
        setup=TABLE),
    row("INSERT", "INSERT OVERWRITE INTO {d}.S.T VALUES (1, 'x')", "INSERT ON TABLE {d}.S.T", "DELETE ON TABLE {d}.S.T",
        seen_by="SELECT ON TABLE {d}.S.T", setup=TABLE),
    row("UPDATE", "UPDATE {d}.S.T SET A = 1", "UPDATE ON TABLE {d}.S.T", seen_by="SELECT ON TABLE {d}.S.T",
        setup=TABLE),
    row("DELETE", "DELETE FROM {d}.S.T", "DELETE ON TABLE {d}.S.T", seen_by="SELECT ON TABLE {d}.S.T", setup=TABLE),
    row("TRUNCATE", "TRUNCATE TABLE {d}.S.T", "TRUNCATE ON TABLE {d}.S.T", seen_by="SELECT ON TABLE {d}.S.T",
        setup=TABLE),
    row("MERGE", "MERGE INTO {d}.S.T AS T USING (SELECT 1 AS I) AS N ON T.A = N.I WHEN MATCHED THEN UPDATE SET B = 'x' "
        "WHEN NOT MATCHED THEN INSERT (A) VALUES (N.I)", "INSERT ON TABLE {d}.S.T", "UPDATE ON TABLE {d}.S.T",
        seen_by="REFERENCES ON TABLE {d}.S.T", setup=TABLE),
    row("SELECT", "SELECT {d}.S.JF()", "USAGE ON FUNCTION {d}.S.JF()", setup=JAVASCRIPT, hidden=2140),
    row("CALL", "CALL {d}.S.P()", "USAGE ON PROCEDURE {d}.S.P()", setup=PROCEDURE, hidden=2141),
    row("USE", "USE WAREHOUSE {d}W", "USAGE ON WAREHOUSE {d}W", place=False, setup=WAREHOUSE, hidden=2043),
    row("USE", "USE SCHEMA {d}.S", hidden=2043),
    row("SHOW", "SHOW TABLES IN SCHEMA {d}.S", hidden=2043),
    *(
        row(word, f"{word} TABLE {{d}}.S.T", "REFERENCES ON TABLE {d}.S.T", setup=TABLE)
        for word in ("DESCRIBE", "DESC")
    ),
    *free("BEGIN", "BEGIN TRANSACTION", "BEGIN RETURN 1; END"), *free("VALUES", "VALUES (1)"),
        *free("START TRANSACTION", "START TRANSACTION"),
    *free("COMMIT", "COMMIT"), *free("ROLLBACK", "ROLLBACK"), *free("SET", "SET X = 1"), *free("UNSET", "UNSET X"),
    *free("ALTER SESSION", "ALTER SESSION SET TIMEZONE = 'UTC'"),
]  # fmt: skip

_TEXTS = {
    "STORAGE": "TYPE = EXTERNAL_STAGE STORAGE_PROVIDER = 'S3' ENABLED = TRUE "
    "STORAGE_AWS_ROLE_ARN = 'arn:aws:iam::1:role/r' STORAGE_ALLOWED_LOCATIONS = ('s3://b/')",
    "API": "API_PROVIDER = aws_api_gateway API_AWS_ROLE_ARN = 'arn:aws:iam::1:role/r' "
    "API_ALLOWED_PREFIXES = ('https://x/') ENABLED = TRUE",
    "NOTIFICATION": "TYPE = EMAIL ENABLED = TRUE",
    "SECURITY": "TYPE = OAUTH ENABLED = TRUE OAUTH_CLIENT = TABLEAU_DESKTOP",
    "CATALOG": "CATALOG_SOURCE = GLUE TABLE_FORMAT = ICEBERG ENABLED = TRUE",
    "EXTERNAL ACCESS": "ALLOWED_NETWORK_RULES = () ENABLED = TRUE",
}


def _integration(category, properties):
    kind = f"{category} INTEGRATION".strip()
    create = f"CREATE {category or 'NOTIFICATION'} INTEGRATION {{d}}I {properties}"
    made = f"CREATE {kind} {{d}}I {properties}"
    owned = {"seen_by": "USAGE ON INTEGRATION {d}I", "setup": create, "place": False}
    owner = "OWNERSHIP ON INTEGRATION {d}I"
    return [
        *([row(f"CREATE {kind}", made, "CREATE INTEGRATION ON ACCOUNT", place=False, seen_by=" ")] if category else []),
        row(f"ALTER {kind}", f"ALTER {kind} {{d}}I SET COMMENT = 'x'", owner, **owned),
        row(f"DROP {kind}", f"DROP {kind} {{d}}I", owner, **owned),
    ]


INTEGRATIONS = [each for category, text in _TEXTS.items() for each in _integration(category, text)]
INTEGRATIONS += _integration("", _TEXTS["NOTIFICATION"])

GROUP = (
    "CREATE REPLICATION GROUP {d}G OBJECT_TYPES = DATABASES ALLOWED_DATABASES = {d} ALLOWED_ACCOUNTS = LOCALORG.IMSDLC"
)
_ON_GROUP = {"place": False, "setup": GROUP}
GROUPS = [
    row("CREATE REPLICATION GROUP", GROUP, "CREATE REPLICATION GROUP ON ACCOUNT", "MONITOR ON DATABASE {d}",
        place=False, seen_by="USAGE ON DATABASE {d}"),
    row("ALTER REPLICATION GROUP", "ALTER REPLICATION GROUP {d}G SET REPLICATION_SCHEDULE = '10 MINUTE'",
        "MODIFY ON REPLICATION GROUP {d}G", seen_by="MONITOR ON REPLICATION GROUP {d}G", **_ON_GROUP),
    row("DROP REPLICATION GROUP", "DROP REPLICATION GROUP {d}G", "OWNERSHIP ON REPLICATION GROUP {d}G",
        seen_by="MODIFY ON REPLICATION GROUP {d}G", **_ON_GROUP),
]  # fmt: skip

ROWS = [*GROUPS, *DERIVED, *SCHEMA_OBJECTS, *CONTAINERS, *ACCOUNT_OBJECTS, *FLOW, *DATA, *INTEGRATIONS]
ELSEWHERE = {
    ("ALTER", "SHARE"): "a share's ownership cannot be given: see test_battery.test_a_share_is_its_makers",
    ("DROP", "SHARE"): "as ALTER SHARE",
    ("CREATE", "RESOURCE", "MONITOR"): "ACCOUNTADMIN alone: see test_battery.test_only_accountadmin_makes_monitors",
    **{
        (verb, "FAILOVER", "GROUP"): "as REPLICATION GROUP, in Business Critical accounts: see test_replication"
        for verb in ("CREATE", "ALTER", "DROP")
    },
    ("CREATE", "INTEGRATION"): "never runs: an integration has a category",
}
"""Kinds whose rule does not fit a row."""
