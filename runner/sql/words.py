"""Words of Snowflake's grammar, by what they say about a name that stands near them (sql-reference/sql)."""

from __future__ import annotations

from typing import Final

VERBS: Final = frozenset(
    {
        "INSERT", "UPDATE", "DELETE", "MERGE", "CREATE", "ALTER", "DROP", "GRANT", "REVOKE", "USE", "SHOW", "DESCRIBE",
        "DESC", "TRUNCATE", "COPY", "CALL", "EXECUTE", "COMMENT", "FETCH", "OPEN", "PUT", "GET", "LIST", "REMOVE",
        "UNDROP", "LET", "RETURN", "SET", "EXPLAIN",
    }
)  # fmt: skip
"""Words that start a statement, where one can start."""
STARTS: Final = frozenset({"BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", "AS", "IMMEDIATE", "EXPLAIN"})
"""Words behind which a statement can start."""
ENDS: Final = frozenset(
    {
        "WHERE", "GROUP", "ORDER", "HAVING", "QUALIFY", "LIMIT", "UNION", "MINUS", "INTERSECT", "EXCEPT", "SET", "WHEN",
        "WINDOW", "VALUES", "START", "CONNECT", "FETCH", "DO", "LOOP", "THEN", "INTO",
    }
)  # fmt: skip
"""Words that end a list of tables."""
BEHIND_TABLE: Final = ENDS | frozenset(
    {
        "ON", "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "ASOF", "LATERAL", "USING", "AT", "BEFORE",
        "CHANGES", "SAMPLE", "TABLESAMPLE", "PIVOT", "UNPIVOT", "MATCH_RECOGNIZE", "MATCH_CONDITION", "WITH", "SELECT",
        "FILE_FORMAT", "PATTERN", "FILES", "END", "OFFSET", "FOR", "OUTER", "DIRECTED", "BY",
    }
)  # fmt: skip
"""Words behind a table that are not its alias."""
NO_TABLE: Final = frozenset(
    {"SELECT", "VALUES", "LATERAL", "TABLE", "SET", "IF", "IDENTIFIER", "ALL", "FUTURE", "SHARE", "INTO", "DIRECTORY"}
)
"""Words where a table could stand that are none."""
INNER_FROM: Final = frozenset({"EXTRACT", "TRIM", "SUBSTRING", "SUBSTR", "POSITION", "OVERLAY"})
"""Functions with a FROM of their own between their parentheses."""
NO_CALL: Final = frozenset(
    {
        "IN", "VALUES", "AND", "OR", "NOT", "EXISTS", "ON", "USING", "AS", "OVER", "IF", "FROM", "JOIN", "WHEN", "THEN",
        "ELSE", "ELSEIF", "SELECT", "WHERE", "BY", "CASE", "LATERAL", "TABLE", "RETURN", "WHILE", "UNTIL", "FOR",
        "IDENTIFIER", "INTO", "ANY", "ALL", "SOME", "SET", "HAVING", "QUALIFY", "LIMIT", "BETWEEN", "LIKE", "ILIKE",
        "RLIKE", "UNION", "EXCEPT", "MINUS", "INTERSECT", "DISTINCT", "WITHIN", "GROUP", "PARTITION", "CLUSTER", "TAG",
        "KEY", "UNIQUE", "CHECK", "DEFAULT", "RETURNS", "AT", "BEFORE", "CHANGES", "PIVOT", "UNPIVOT", "TABLESAMPLE",
        "SAMPLE", "MATCH_RECOGNIZE", "MEASURES", "DEFINE", "PATTERN", "WITH", "EXCEPTION", "CURSOR", "RESULTSET", "LET",
        "EXCLUDE", "REPLACE", "RENAME", "SETS", "CUBE", "ROLLUP", "AUTOINCREMENT", "IDENTITY", "REFERENCES", "CALL",
        "EXECUTE", "IMMEDIATE", "INSERT", "OPEN", "FETCH", "CLOSE", "END", "MASKING", "FORMAT", "FILES", "ESCAPE",
        "IS", "NULL",
        "NUMBER", "DECIMAL", "NUMERIC", "VARCHAR", "CHAR", "CHARACTER", "STRING", "TEXT", "BINARY", "VARBINARY",
        "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ", "TIMESTAMP", "DATETIME", "TIME", "DATE", "FLOAT", "VECTOR",
        "ARRAY", "OBJECT", "MAP", "INT", "INTEGER", "BIGINT", "DOUBLE", "BOOLEAN", "VARIANT", "NVARCHAR", "NCHAR",
        "FILE_FORMAT", "COPY_OPTIONS", "PACKAGES", "IMPORTS", "SECRETS", "ALLOWED_VALUES", "CREDENTIALS", "ENCRYPTION",
        "EXTERNAL_ACCESS_INTEGRATIONS", "ARTIFACT_REPOSITORY", "DIRECTORY", "HEADERS", "INTERVAL", "SEPARATOR",
        "COLUMN",
        "MATCH_CONDITION", "COPY", "FINALIZE", "BEGIN", "DECLARE", "LOOP", "DO", "STATEMENT", "OFFSET", "POLICY", "TO",
    }
)  # fmt: skip
"""Words before a parenthesis that call nothing of a user's: grammar and types."""
